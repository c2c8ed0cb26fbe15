//! How things are shown: outcomes and diagnostics as text. Turns values into bytes and knows no files.

mod amounts;
mod csv;
pub mod diagnostics;
mod dossier;
mod explain;
mod inspect;
mod json;
pub(crate) mod json_text;
mod long;
mod markdown;
mod sentence;
mod series;
mod sheet;
mod table;

use crate::example::ExampleResult;
use crate::score::{EntityOutcome, Outcome};
use chrono::NaiveDate;

pub use dossier::{
    DossierView, Page, REPORT_FORMAT, ReportDocument, TemplateFails, page, report_json, report_workbook, shipped,
};
pub use explain::{EXPLANATION_FORMAT, ExplainFormat, ExplainView, ExplanationDocument, explanation};
pub use inspect::{InspectFormat, inspection};
pub use json::SCORE_FORMAT;
pub use long::{long_csv, long_parquet};
pub use series::{SERIES_FORMAT, series};

/// How an outcome is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    Table,
    /// One JSON document.
    Json,
    /// A JSON line for the head, then one for each entity.
    Jsonl,
    /// A row for each metric, and one for each area.
    Csv,
    /// For people, as Markdown.
    Markdown,
}

/// What is shown of an outcome.
#[derive(Debug)]
pub struct View<'a> {
    /// The outcome.
    pub outcome: &'a Outcome,
    /// The entities and areas that were asked for, in the order asked for.
    pub entities: Vec<EntityOutcome>,
    /// The day up to which editions were known, where one was given.
    pub known_by: Option<NaiveDate>,
    /// Whether the day judged was taken from the data.
    pub as_of_from_data: bool,
}

impl View<'_> {
    /// What was judged, by what, and when: the sentence under the title.
    fn judged(&self) -> String {
        let edition = &self.outcome.rules.edition;
        let day = if self.as_of_from_data { ", the first day after the newest month of the data" } else { "" };
        format!("edition {} of {}, judged on {}{day}", edition.id, edition.program, self.outcome.as_of)
    }
}

/// The outcome as text, lines of JSON by so many threads; ends with a line end.
#[must_use]
pub fn render(view: &View<'_>, format: Format, threads: usize) -> String {
    match format {
        Format::Table => table::render(view),
        Format::Json => json::document(view),
        Format::Jsonl => json::lines(view, threads),
        Format::Csv => csv::render(view),
        Format::Markdown => markdown::render(view),
    }
}

/// A worked example in a line; where it fails, what was expected and what came out.
#[must_use]
pub fn example(result: &ExampleResult) -> String {
    let mut text = format!("{} {}\n", if result.passed() { "ok  " } else { "FAIL" }, result.name);
    for check in result.checks.iter().filter(|check| !check.passed()) {
        text.push_str(&format!("     {}: expected {}, actual {}\n", check.what, check.expected, check.actual));
    }
    if result.is_broken {
        text.push_str("     it could not be compared: see below\n");
    }
    text
}
