//! `pcs-rules report`

use super::Output;
use super::data::{Data, Limit, are_known, is_no_input, lies_outside};
use super::exit::Exit;
use clap::ValueEnum;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use pcs_rules::explain::Subject;
use pcs_rules::files::{hashes, slashed, text_of};
use pcs_rules::measure::Asked;
use pcs_rules::report::{self, DossierView, Page, TemplateFails};
use pcs_rules::run::{self, Dossier, Library};
use pcs_rules::score::Series;
use pcs_rules::source::{Location, Sources, Span};
use pcs_rules::text::is_same;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    limit: Limit,
    /// The file to write; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// How the report is written [default: by the ending of FILE].
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<FormatName>,
    /// The entity; may be left out where there is one. CSV and Parquet without it have every entity.
    #[arg(long, value_name = "ID")]
    entity: Option<String>,
    /// Report this area only; may be given several times.
    #[arg(long, value_name = "ID")]
    area: Vec<String>,
    /// The template of an HTML or Markdown report [default: the one that `pcs-rules template` prints].
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long)]
    force: bool,
    /// Leave out up to this many unreadable rows instead of stopping.
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_bad_rows: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// One page that fetches nothing.
    Html,
    /// The same as Markdown.
    Md,
    /// The same as named tables.
    Xlsx,
    /// One document with everything the page shows.
    Json,
    /// One long table, a row for each figure.
    Csv,
    /// The same.
    Parquet,
}

pub(super) fn run(
    args: &Args,
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let format = format(args, found)?;
    if !matches!(format, FormatName::Html | FormatName::Md) && args.output.as_os_str() != "-" {
        lies_outside(&args.output, &args.data.folder, found)?;
    }
    let own = args.template.as_deref().map(|path| own(path, format, found)).transpose()?;
    let library = args.data.library(sources, found)?;
    let question = args.limit.of(args.data.question(args.allow_bad_rows));
    if args.entity.is_none() && matches!(format, FormatName::Csv | FormatName::Parquet) {
        let series = run::history_folder(&library, &args.data.folder, &question, None, sources, found)?;
        let is_one = series.days.last().is_some_and(|day| day.entities.len() == 1);
        if !is_one {
            return long(args, format, series, output, (sources, found));
        }
    }
    let asked = Asked { entity: args.entity.clone(), group: None };
    let subject = Subject { areas: args.area.clone(), ..Subject::default() };
    let folder = &args.data.folder;
    let dossier = run::report_folder(&library, folder, &question, (&asked, &subject), sources, found)?;
    let files: Vec<&str> = dossier.history.files.iter().map(String::as_str).collect();
    let template = args.template.as_deref().map(slashed);
    is_no_input(&args.output, files.iter().copied().chain(template.as_deref()), sources, found)?;
    let hashes = hashes(files, found)?;
    let bytes = made(args, (&dossier, &library, &hashes), (format, own.as_deref()), sources);
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(Fails::Template(fails)) => {
            let path = args.template.as_deref().unwrap_or(Path::new(""));
            return Err(found.error(fails_at(&fails, path, own.unwrap_or_default(), sources)));
        }
        Err(Fails::File(why)) => return Err(found.error(too_much(&args.output, &why))),
    };
    Output::to(Some(&args.output), bytes, args.force, found)?;
    dossier.explanation.warnings.into_iter().for_each(|warning| found.warn(warning));
    output.problems(found, sources);
    Ok(Exit::Done)
}

/// Why a report cannot be made.
enum Fails {
    Template(TemplateFails),
    File(String),
}

fn made(
    args: &Args,
    (dossier, library, hashes): (&Dossier, &Library, &BTreeMap<String, String>),
    (format, own): (FormatName, Option<&str>),
    sources: &Sources,
) -> Result<Vec<u8>, Fails> {
    let view = DossierView {
        dossier,
        sources,
        profiles: &library.profiles,
        hashes,
        known_by: args.data.known_by,
        as_of_from_data: args.data.as_of.is_none(),
    };
    let page = |page| report::page(&view, page, own).map(String::into_bytes).map_err(Fails::Template);
    match format {
        FormatName::Html => page(Page::Html),
        FormatName::Md => page(Page::Markdown),
        FormatName::Json => Ok(report::report_json(&view).into_bytes()),
        FormatName::Xlsx => report::report_workbook(&view).map_err(Fails::File),
        FormatName::Csv => Ok(report::long_csv(&dossier.history, Some(&view)).into_bytes()),
        FormatName::Parquet => report::long_parquet(&dossier.history, Some(&view)).map_err(Fails::File),
    }
}

fn format(args: &Args, found: &mut Diagnostics) -> Result<FormatName, Failed> {
    let by_ending = || FormatName::from_str(args.output.extension()?.to_str()?, true).ok();
    args.format.or_else(by_ending).ok_or_else(|| {
        let shown = args.output.display().to_string();
        let message = format!("the ending of `{shown}` says no form of a report");
        let help = "end the name in .html, .md, .xlsx, .json, .csv or .parquet, or name the form with `--format`";
        found.error(Diagnostic::new(Code::Output, Place::File(shown), message).help(help))
    })
}

/// The text of somebody's own template.
fn own(path: &Path, format: FormatName, found: &mut Diagnostics) -> Result<String, Failed> {
    if !matches!(format, FormatName::Html | FormatName::Md) {
        let problem =
            Diagnostic::new(Code::Template, Place::Command, "only HTML and Markdown are made by templates".to_owned());
        return Err(found.error(problem.help("leave out `--template`, or write to a file that ends in .html or .md")));
    }
    text_of(path, found)
}

/// What is wrong with a template, at its line.
fn fails_at(fails: &TemplateFails, path: &Path, text: String, sources: &mut Sources) -> Diagnostic {
    let line = fails.line.unwrap_or(1);
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    let source = sources.add(slashed(path), text);
    let place = Place::Text(Location { source, span: Span { start, end: start + length } });
    let message = format!("this template does not work: {}", fails.message);
    Diagnostic::new(Code::Template, place, message).help(
        "`pcs-rules schema pcs-report-1` lists what templates can show, `pcs-rules template` prints one that works",
    )
}

/// What the form asked for cannot hold.
fn too_much(output: &Path, why: &str) -> Diagnostic {
    let place = Place::File(output.display().to_string());
    Diagnostic::new(Code::Output, place, format!("the report cannot be made: {why}")).help("choose another form")
}

/// The long table of all entities.
fn long(
    args: &Args,
    format: FormatName,
    mut series: Series,
    output: &Output,
    (sources, found): (&Sources, &mut Diagnostics),
) -> Result<Exit, Failed> {
    if let Some((entities, rules)) = series.days.last().and_then(|day| Some((&day.entities, day.rules.as_ref()?))) {
        are_known((&args.area, &[]), rules, entities, found)?;
    }
    is_no_input(&args.output, series.files.iter().map(String::as_str), sources, found)?;
    let is_asked = |id: &str| args.area.is_empty() || args.area.iter().any(|one| is_same(one, id));
    for entity in series.days.iter_mut().flat_map(|day| &mut day.entities) {
        entity.areas.retain(|area| is_asked(&area.id));
    }
    if format == FormatName::Csv {
        Output::to(Some(&args.output), report::long_csv(&series, None), args.force, found)?;
    } else {
        let bytes = report::long_parquet(&series, None);
        let bytes = bytes.map_err(|why| found.error(too_much(&args.output, &why)))?;
        Output::to(Some(&args.output), bytes, args.force, found)?;
    }
    series.warnings.into_iter().for_each(|warning| found.warn(warning));
    output.problems(found, sources);
    Ok(Exit::Done)
}
