//! Everything about one entity's score on a page that travels: for templates, as JSON, and as tables.

mod areas;
mod chart;
mod document;
pub(super) mod measures;
mod method;
mod sheets;
mod template;

use super::explain::ExplainView;
use super::json_text;
use crate::profile::Profiles;
use crate::run::Dossier;
use crate::source::Sources;
use chrono::NaiveDate;
pub use document::{REPORT_FORMAT, ReportDocument};
use std::collections::BTreeMap;
pub use template::{Page, TemplateFails, shipped};

/// What is shown of a dossier.
#[derive(Debug)]
pub struct DossierView<'a> {
    /// The dossier.
    pub dossier: &'a Dossier,
    /// The texts of the rules, for the lines on which things stand.
    pub sources: &'a Sources,
    /// The shapes of exports, for the page on the data.
    pub profiles: &'a Profiles,
    /// The SHA-256 of each data file, by its path.
    pub hashes: &'a BTreeMap<String, String>,
    /// The day up to which editions were known, where one was given.
    pub known_by: Option<NaiveDate>,
    /// Whether the day judged was taken from the data.
    pub as_of_from_data: bool,
}

impl<'a> DossierView<'a> {
    fn explain(&self) -> ExplainView<'a> {
        ExplainView {
            explanation: &self.dossier.explanation,
            sources: self.sources,
            known_by: self.known_by,
            as_of_from_data: self.as_of_from_data,
            all: false,
            travels: true,
        }
    }
}

/// The report through a template: one that is shipped, or somebody's own.
///
/// # Errors
///
/// What is wrong with somebody's own.
pub fn page(view: &DossierView<'_>, page: Page, own: Option<&str>) -> Result<String, TemplateFails> {
    template::render(&ReportDocument::of(view), page, own)
}

/// What templates see, as one JSON document; ends with a line end.
#[must_use]
pub fn report_json(view: &DossierView<'_>) -> String {
    json_text::pretty(&ReportDocument::of(view))
}

/// The report as a workbook of named tables.
///
/// # Errors
///
/// What the workbook cannot hold, in words.
pub fn report_workbook(view: &DossierView<'_>) -> Result<Vec<u8>, String> {
    super::sheet::workbook::write(&sheets::of(view), view.dossier.explanation.as_of)
}
