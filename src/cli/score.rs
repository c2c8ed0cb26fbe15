//! `pcs-rules score`

use super::Output;
use super::data::{Data, Limit, are_known, is_no_input, lies_outside};
use super::exit::Exit;
use clap::ValueEnum;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use pcs_rules::exact::Exact;
use pcs_rules::month::Month;
use pcs_rules::receipt::Receipt;
use pcs_rules::report::{self, Format, View};
use pcs_rules::rules::Side;
use pcs_rules::run::{self, Library, Question};
use pcs_rules::score::{AreaOutcome, EntityOutcome, Outcome, Verdict};
use pcs_rules::source::Sources;
use pcs_rules::text::{is_same, quoted};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    limit: Limit,
    /// Show this area only; may be given several times.
    #[arg(long, value_name = "ID")]
    area: Vec<String>,
    /// Show this entity only; may be given several times.
    #[arg(long, value_name = "ID")]
    entity: Vec<String>,
    /// The order of entities.
    #[arg(long, value_enum, value_name = "ORDER", default_value = "id")]
    sort: Sort,
    /// How the scores are written [default: by the ending of FILE, else table].
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<FormatName>,
    /// Write to a file; `-` is standard output [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Score each of these months instead, on the first day after it: `2022-08..2024-07`.
    #[arg(long, value_name = "FROM..TO", value_parser = months, conflicts_with_all = ["as_of", "receipt", "fail_under", "require", "sort"])]
    series: Option<(Month, Month)>,
    /// Write what the score of every entity was computed by and from, for `replay`.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Replace the files if they exist.
    #[arg(long)]
    force: bool,
    /// End with status 1 unless every area shown has this many points for certain.
    #[arg(long, value_name = "N", value_parser = points)]
    fail_under: Option<Exact>,
    /// End with status 1 unless every area shown is attained.
    #[arg(long, value_enum, value_name = "WHAT")]
    require: Option<Require>,
    /// Leave out up to this many unreadable rows instead of stopping.
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_bad_rows: u64,
}

/// The longest series.
const MOST_MONTHS: i32 = 120;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Table,
    Json,
    Jsonl,
    Csv,
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// By id.
    Id,
    /// The most points over all areas shown first.
    Total,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Require {
    Attained,
}

fn points(text: &str) -> Result<Exact, String> {
    Exact::parse(text).ok_or_else(|| "write a number as 70 or 62.5".to_owned())
}

fn months(text: &str) -> Result<(Month, Month), String> {
    let months = text.split_once("..").and_then(|(from, to)| Some((Month::parse(from)?, Month::parse(to)?)));
    let months = months
        .filter(|(from, to)| from <= to && to.index() - from.index() < MOST_MONTHS && to.next().first_day().is_some());
    months.ok_or_else(|| "write two months as 2022-08..2024-07, the earlier first, at most ten years".to_owned())
}

pub(super) fn run(
    args: &Args,
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let library = args.data.library(sources, found)?;
    let question = args.limit.of(args.data.question(args.allow_bad_rows));
    if let Some(months) = args.series {
        return series(args, (&library, &question), months, output, sources, found);
    }
    let outcome = run::score_folder(&library, &args.data.folder, &question, sources, found)?;
    let view = View {
        entities: chosen(args, &outcome, found)?,
        outcome: &outcome,
        known_by: args.data.known_by,
        as_of_from_data: args.data.as_of.is_none(),
    };
    for path in args.receipt.iter().chain(&args.output) {
        let files = outcome.tables.iter().flat_map(|table| &table.files);
        is_no_input(path, files.map(|(file, _)| file.as_str()), sources, found)?;
    }
    if let Some(path) = &args.receipt {
        lies_outside(path, &args.data.folder, found)?;
        let all = View { entities: outcome.entities.clone(), ..view };
        let asked = args.data.asked(outcome.as_of, args.allow_bad_rows);
        let receipt = Receipt::of(&all, asked, sources, found)?;
        Output::file(path, receipt.text(), args.force, found)?;
    }
    let format = format(args);
    let text = report::render(&view, format, question.effort.threads);
    Output::to(args.output.as_deref(), &text, args.force, found)?;
    // People find the warnings in the scores; a program that reads messages is to find all of them there, in one piece.
    if !matches!(format, Format::Json | Format::Jsonl) || !output.is_for_people() {
        outcome.warnings.iter().cloned().for_each(|warning| found.warn(warning));
    }
    let failing = failing(args, &view.entities);
    let exit = if failing.is_empty() { Exit::Done } else { Exit::Findings };
    for problem in failing {
        // The scores are written: that a gate is not met is a finding, not a failure.
        let _ = found.error(problem);
    }
    output.problems(found, sources);
    Ok(exit)
}

fn series(
    args: &Args,
    (library, question): (&Library, &Question),
    months: (Month, Month),
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let mut series = run::series_folder(library, &args.data.folder, question, months, sources, found)?;
    if let Some(last) = series.days.last().and_then(|day| Some((day, day.rules.as_ref()?))) {
        are_known((&args.area, &args.entity), last.1, &last.0.entities, found)?;
    }
    for day in &mut series.days {
        day.entities = kept(args, &day.entities);
    }
    if let Some(path) = &args.output {
        is_no_input(path, series.files.iter().map(String::as_str), sources, found)?;
    }
    let format = format(args);
    let text = report::series(&series, format, question.effort.threads);
    Output::to(args.output.as_deref(), &text, args.force, found)?;
    if format != Format::Json || !output.is_for_people() {
        series.warnings.into_iter().for_each(|warning| found.warn(warning));
    }
    output.problems(found, sources);
    Ok(Exit::Done)
}

fn format(args: &Args) -> Format {
    let by_ending = || match args.output.as_ref()?.extension()?.to_str()? {
        "json" => Some(FormatName::Json),
        "jsonl" => Some(FormatName::Jsonl),
        "csv" => Some(FormatName::Csv),
        "md" => Some(FormatName::Md),
        _ => None,
    };
    match args.format.or_else(by_ending) {
        None | Some(FormatName::Table) => Format::Table,
        Some(FormatName::Json) => Format::Json,
        Some(FormatName::Jsonl) => Format::Jsonl,
        Some(FormatName::Csv) => Format::Csv,
        Some(FormatName::Md) => Format::Markdown,
    }
}

/// The entities and areas that were asked for, in the order asked for; unknown ones are all reported.
fn chosen(args: &Args, outcome: &Outcome, found: &mut Diagnostics) -> Result<Vec<EntityOutcome>, Failed> {
    are_known((&args.area, &args.entity), &outcome.rules, &outcome.entities, found)?;
    let mut entities = kept(args, &outcome.entities);
    if args.sort == Sort::Total {
        // What is certain decides; entities of one total stay in the order of their ids.
        entities.sort_by_key(|entity| std::cmp::Reverse(total(&entity.areas)));
    }
    Ok(entities)
}

/// The entities and areas that were asked for.
fn kept(args: &Args, entities: &[EntityOutcome]) -> Vec<EntityOutcome> {
    let is_chosen = |asked: &[String], id: &str| asked.is_empty() || asked.iter().any(|one| is_same(one, id));
    let mut entities: Vec<EntityOutcome> =
        entities.iter().filter(|entity| is_chosen(&args.entity, &entity.id)).cloned().collect();
    for entity in &mut entities {
        entity.areas.retain(|area| is_chosen(&args.area, &area.id));
    }
    entities
}

fn total(areas: &[AreaOutcome]) -> Exact {
    areas
        .iter()
        .filter_map(|area| area.points.as_ref()?.least.as_ref())
        .fold(Exact::zero(), |sum, points| &sum + points)
}

/// The gates that are not met; undecided fails, and no area is no pass.
fn failing(args: &Args, entities: &[EntityOutcome]) -> Vec<Diagnostic> {
    let gate = |message: String, help: String| Diagnostic::new(Code::GateNotMet, Place::Command, message).help(help);
    let mut all = Vec::new();
    if (args.fail_under.is_some() || args.require.is_some()) && entities.is_empty() {
        all.push(gate("nothing was scored".to_owned(), "give data that name an entity".to_owned()));
    }
    for (entity, area) in entities.iter().flat_map(|entity| entity.areas.iter().map(move |area| (entity, area))) {
        let name = quoted(&entity.id);
        let help = || format!("`explain` with `--entity` and `--area {}` says why", area.id);
        if let Some(limit) = args
            .fail_under
            .as_ref()
            .filter(|limit| area.points.as_ref().is_none_or(|points| points.on(Side::AtLeast, limit) != Verdict::Met))
        {
            all.push(gate(format!("{name} has fewer than {limit} certain points in {}", area.id), help()));
        }
        if args.require.is_some() && !area.is_attained() {
            all.push(gate(format!("{name} has not attained {}", area.id), help()));
        }
    }
    all
}
