//! `pcs-rules inspect`

use super::Output;
use super::data::{Data, Limit};
use super::exit::Exit;
use clap::ValueEnum;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::report::{InspectFormat, inspection};
use pcs_rules::run;
use pcs_rules::source::Sources;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    limit: Limit,
    /// How the findings are written.
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    format: FormatName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Text,
    Json,
}

pub(super) fn run(args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let library = args.data.library(sources, found)?;
    let question = args.limit.of(args.data.question(0));
    let inspected = run::inspect_folder(&library, &args.data.folder, &question, sources, found)?;
    let format = match args.format {
        FormatName::Text => InspectFormat::Text,
        FormatName::Json => InspectFormat::Json,
    };
    Output::data(inspection(&inspected, &library.profiles, format), found)?;
    Ok(Exit::Done)
}
