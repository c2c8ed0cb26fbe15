//! `pcs-rules replay`

use super::Output;
use super::data::Limit;
use super::exit::Exit;
use pcs_rules::catalog::Choices;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::measure::Effort;
use pcs_rules::receipt::Receipt;
use pcs_rules::report::View;
use pcs_rules::run::{self, Question};
use pcs_rules::source::Sources;
use pcs_rules::text::{counted, inert};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The receipt; its paths are looked for from here.
    #[arg(value_name = "FILE")]
    receipt: PathBuf,
    /// How many threads read [default: all processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    limit: Limit,
}

pub(super) fn run(args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let before = Receipt::read(&args.receipt, found)?;
    let now = again(&before, args, sources, found);
    if now.is_err() {
        // What no longer runs is explained by what has changed.
        before.changed(sources).into_iter().for_each(|problem| found.warn(problem));
    }
    let now = now?;
    let differences = before.differences(&now);
    if differences.is_empty() {
        let (texts, data) = before.counts();
        let count = |count: usize, what| counted(u64::try_from(count).unwrap_or(u64::MAX), what);
        let text =
            format!("the same: {}, {} and every byte of the scores\n", count(texts, "text"), count(data, "data file"));
        Output::data(&text, found)?;
        return Ok(Exit::Done);
    }
    let text: String = differences.iter().map(|line| inert(line) + "\n").collect();
    Output::data(&text, found)?;
    Ok(Exit::Findings)
}

/// The receipt of the same question asked now.
fn again(before: &Receipt, args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Result<Receipt, Failed> {
    let asked = &before.question;
    let library = match &asked.rules {
        Some(folder) => run::load_rules(Path::new(folder), sources, found)?,
        None => run::load_shipped_rules(sources, found)?,
    };
    let (as_of, known_by) = asked.days().map_or((None, None), |(as_of, known_by)| (Some(as_of), known_by));
    let question = Question {
        program: asked.program.clone(),
        as_of,
        known_by,
        effort: Effort {
            threads: super::threads(args.threads),
            allow_bad_rows: asked.allow_bad_rows,
            ..Effort::default()
        },
        choices: Choices { profiles: asked.profiles.clone().into_iter().collect() },
    };
    let question = args.limit.of(question);
    let outcome = run::score_folder(&library, Path::new(&asked.data), &question, sources, found)?;
    let view = View {
        entities: outcome.entities.clone(),
        outcome: &outcome,
        known_by,
        as_of_from_data: asked.as_of_from_data,
    };
    Receipt::of(&view, asked.clone(), sources, found)
}
