//! `pcs-rules explain`

use super::Output;
use super::data::{Data, Limit};
use super::exit::Exit;
use clap::ValueEnum;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use pcs_rules::explain::Subject;
use pcs_rules::measure::{Asked, KeyAsked};
use pcs_rules::report::{self, ExplainFormat, ExplainView};
use pcs_rules::run;
use pcs_rules::source::Sources;
use pcs_rules::text::{is_same, quoted};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    limit: Limit,
    /// Explain this area only; may be given several times.
    #[arg(long, value_name = "ID")]
    area: Vec<String>,
    /// Explain this metric only; may be given several times.
    #[arg(long, value_name = "ID")]
    metric: Vec<String>,
    /// The entity; may be left out where there is one.
    #[arg(long, value_name = "ID")]
    entity: Option<String>,
    /// Show this group only, with its rows: whether it counts, and why not.
    #[arg(long, visible_alias = "why-not", value_name = "[COLUMN=]KEY", value_parser = key)]
    group: Option<KeyAsked>,
    /// Show long lists to their end.
    #[arg(long)]
    all: bool,
    /// How the explanation is written.
    #[arg(long, value_enum, value_name = "FORM", default_value = "human")]
    format: FormatName,
    /// Leave out up to this many unreadable rows instead of stopping.
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_bad_rows: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Human,
    Json,
    Md,
}

fn key(text: &str) -> Result<KeyAsked, String> {
    let asked = match text.split_once('=') {
        Some((column, value)) => KeyAsked { column: Some(column.to_owned()), value: value.to_owned() },
        None => KeyAsked { column: None, value: text.to_owned() },
    };
    if asked.value.is_empty() { Err("write COLUMN=KEY, or the key alone".to_owned()) } else { Ok(asked) }
}

pub(super) fn run(
    args: &Args,
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let subject = args.data.folder.to_string_lossy();
    let is_asked = |code: &&Code| names(code).iter().any(|name| is_same(name, &subject));
    if let Some(code) = Code::ALL.iter().find(is_asked) {
        Output::data(code.page(), found)?;
        return Ok(Exit::Done);
    }
    if !args.data.folder.exists() && is_like_a_code(&subject) {
        return Err(found.error(unknown(&subject)));
    }
    let library = args.data.library(sources, found)?;
    let question = args.limit.of(args.data.question(args.allow_bad_rows));
    let asked = Asked { entity: args.entity.clone(), group: args.group.clone() };
    let subject = Subject { areas: args.area.clone(), metrics: args.metric.clone(), group: args.group.clone() };
    let explanation = run::explain_folder(&library, &args.data.folder, &question, (&asked, &subject), sources, found)?;
    let view = ExplainView {
        explanation: &explanation,
        sources,
        known_by: args.data.known_by,
        as_of_from_data: args.data.as_of.is_none(),
        all: args.all,
        travels: false,
    };
    let format = match args.format {
        FormatName::Human => ExplainFormat::Human,
        FormatName::Json => ExplainFormat::Json,
        FormatName::Md => ExplainFormat::Markdown,
    };
    Output::data(report::explanation(&view, format), found)?;
    // A program finds the warnings in the document.
    if args.format != FormatName::Json || !output.is_for_people() {
        explanation.warnings.iter().cloned().for_each(|warning| found.warn(warning));
    }
    output.problems(found, sources);
    Ok(Exit::Done)
}

/// What is no path: a word, or something near a code's name.
fn is_like_a_code(subject: &str) -> bool {
    !subject.contains(['/', '\\', '.'])
}

fn names(code: &Code) -> [&'static str; 2] {
    [code.id(), code.slug()]
}

fn unknown(subject: &str) -> Diagnostic {
    let help = did_you_mean(subject, Code::ALL.iter().flat_map(names)).unwrap_or_else(|| {
        "name a folder of data, or a code: it stands in brackets before its message, `error[PCS0005]`".to_owned()
    });
    let message = format!("there is neither a folder nor a code {}", quoted(subject));
    Diagnostic::new(Code::UnknownSubject, Place::Command, message).help(help)
}
