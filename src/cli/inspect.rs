//! `pcs-rules inspect`

use super::Output;
use super::exit::Exit;
use chrono::NaiveDate;
use clap::ValueEnum;
use pcs_rules::catalog::Choices;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::measure::Effort;
use pcs_rules::report::{InspectFormat, inspection};
use pcs_rules::run::{self, Question};
use pcs_rules::source::Sources;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder that holds the data.
    data: PathBuf,
    /// The folder that holds the rules [default: ./rules, else those built in].
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// The program; may be left out where there is one.
    #[arg(long, value_name = "ID")]
    program: Option<String>,
    /// The day judged [default: the first day after the newest month of the data].
    #[arg(long, value_name = "DATE", value_parser = super::score::day)]
    as_of: Option<NaiveDate>,
    /// Use only editions published by this day.
    #[arg(long, value_name = "DATE", value_parser = super::score::day)]
    known_by: Option<NaiveDate>,
    /// Read a table's files through this profile; `plain` for the table's own headers [default: their headers decide].
    #[arg(long, value_name = "TABLE=ID", value_parser = super::score::profile)]
    profile: Vec<(String, String)>,
    /// How the findings are written.
    #[arg(long, value_enum, value_name = "FORM", default_value = "text")]
    format: FormatName,
    /// How many threads read [default: all processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Text,
    Json,
}

pub(super) fn run(args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let library = super::score::rules(args.rules.as_deref(), sources, found)?;
    let question = Question {
        program: args.program.clone(),
        as_of: args.as_of,
        known_by: args.known_by,
        effort: Effort { threads: super::threads(args.threads), ..Effort::default() },
        choices: Choices { profiles: args.profile.iter().cloned().collect() },
    };
    let inspected = run::inspect_folder(&library, &args.data, &question, sources, found)?;
    let format = match args.format {
        FormatName::Text => InspectFormat::Text,
        FormatName::Json => InspectFormat::Json,
    };
    Output::data(&inspection(&inspected, &library.profiles, format), found)?;
    Ok(Exit::Done)
}
