//! `pcs-rules template`

use super::Output;
use super::exit::Exit;
use clap::ValueEnum;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::report::{Page, shipped};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of which report.
    #[arg(value_enum, value_name = "FORM", default_value = "html")]
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Html,
    Md,
}

pub(super) fn run(args: &Args, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let page = match args.form {
        Form::Html => Page::Html,
        Form::Md => Page::Markdown,
    };
    Output::data(shipped(page), found)?;
    Ok(Exit::Done)
}
