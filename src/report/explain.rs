//! How points came about, for people and programs.

mod json;
mod outline;

use super::amounts::quantity;
use super::markdown::escaped;
use crate::explain::Explanation;
use crate::source::Sources;
use crate::text::inert;
use chrono::NaiveDate;
pub use json::{EXPLANATION_FORMAT, ExplanationDocument};
pub(super) use outline::{Item, outline};

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainFormat {
    /// For people: an outline.
    Human,
    /// One JSON document.
    Json,
    /// The outline as Markdown.
    Markdown,
}

/// What is shown of an explanation.
#[derive(Debug)]
pub struct ExplainView<'a> {
    /// The explanation.
    pub explanation: &'a Explanation,
    /// The texts of the rules, for the lines on which things stand.
    pub sources: &'a Sources,
    /// The day up to which editions were known, where one was given.
    pub known_by: Option<NaiveDate>,
    /// Whether the day judged was taken from the data.
    pub as_of_from_data: bool,
    /// Whether long lists are shown to their end, to people too.
    pub all: bool,
    /// Whether it is read where nobody can ask for more.
    pub travels: bool,
}

impl ExplainView<'_> {
    /// The file and the line on which a named thing of the rules stands.
    pub(super) fn place(&self, name: &str) -> Option<(&str, usize)> {
        let at = self.explanation.rules.places.get(name)?;
        let source = self.sources.get(at.source)?;
        Some((source.path.as_str(), source.line_column(at.span.start).0))
    }

    /// Where a named thing is stated.
    pub(super) fn cite(&self, name: &str) -> Option<&str> {
        self.explanation.rules.cites.get(name).map(|cite| cite.0.as_str())
    }

    pub(super) fn judged(&self) -> String {
        let edition = &self.explanation.rules.edition;
        let day = if self.as_of_from_data { ", the first day after the newest month of the data" } else { "" };
        format!("edition {} of {}, judged on {}{day}", edition.id, edition.program, self.explanation.as_of)
    }
}

/// An explanation as text; ends with a line end.
#[must_use]
pub fn explanation(view: &ExplainView<'_>, format: ExplainFormat) -> String {
    let title = &view.explanation.rules.edition.title;
    match format {
        ExplainFormat::Human => {
            let mut text = format!("{}\n{}\n", inert(title), view.judged());
            for item in outline(view) {
                text.push('\n');
                plain(&item, 0, &mut text);
            }
            text
        }
        ExplainFormat::Markdown => {
            let mut text = format!("# {}\n\n{}\n", escaped(title), view.judged());
            for item in outline(view) {
                text.push_str(&format!("\n## {}\n\n", escaped(&item.text)));
                item.items.iter().for_each(|item| bullets(item, 0, &mut text));
            }
            text
        }
        ExplainFormat::Json => json::render(view),
    }
}

fn plain(item: &Item, depth: usize, text: &mut String) {
    text.push_str(&format!("{}{}\n", "  ".repeat(depth), inert(&item.text)));
    item.items.iter().for_each(|item| plain(item, depth + 1, text));
}

fn bullets(item: &Item, depth: usize, text: &mut String) {
    text.push_str(&format!("{}- {}\n", "  ".repeat(depth), escaped(&item.text)));
    item.items.iter().for_each(|item| bullets(item, depth + 1, text));
}
