//! `pcs-rules explain`

use super::Output;
use super::exit::Exit;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use pcs_rules::text::{is_same, quoted};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to explain: a code such as PCS0005, or its name, unknown-key.
    subject: String,
}

pub(super) fn run(args: &Args, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let is_asked = |code: &&Code| names(code).iter().any(|name| is_same(name, &args.subject));
    let Some(code) = Code::ALL.iter().find(is_asked) else { return Err(found.error(unknown(&args.subject))) };
    Output::data(code.page(), found)?;
    Ok(Exit::Done)
}

fn names(code: &Code) -> [&'static str; 2] {
    [code.id(), code.slug()]
}

fn unknown(subject: &str) -> Diagnostic {
    let help = did_you_mean(subject, Code::ALL.iter().flat_map(names))
        .unwrap_or_else(|| "a code stands in brackets before its message: `error[PCS0005]`".to_owned());
    Diagnostic::new(Code::UnknownSubject, Place::Command, format!("there is no code {}", quoted(subject))).help(help)
}
