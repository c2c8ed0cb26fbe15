//! `dataset.yaml`: what a folder says of its own data — its entity, which files make a table, which months are covered.

use super::data_file;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::files::{in_words, slashed};
use crate::month::Month;
use crate::read::DataFile;
use crate::rules::RuleSet;
use crate::rules::word::Named;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;

/// The name of the file within a data folder.
const FILE: &str = "dataset.yaml";

/// What a data folder says of itself. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-dataset/1: what a data folder says of itself")]
pub struct Manifest {
    /// The version of this file's format.
    #[schemars(extend("enum" = ["pcs-dataset/1"]))]
    pub format: String,
    /// The entity that rows belong to where their table has no entity column.
    pub entity: Option<String>,
    /// What is said of tables, by name.
    #[serde(default)]
    pub tables: Named<ManifestTable>,
}

/// What is said of a table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ManifestTable {
    /// The files that make the table, relative to the folder. Left out: they are found by the table's name.
    #[serde(default)]
    pub files: Vec<String>,
    /// The months the table covers, even where a month has no rows. Left out: those that have rows.
    pub covers: Option<Covers>,
}

/// A run of months, both ends included.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Covers {
    /// The first month, `2022-07`.
    #[serde(deserialize_with = "month")]
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    pub from: Month,
    /// The last month, `2023-06`.
    #[serde(deserialize_with = "month")]
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    pub to: Month,
}

fn month<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
    let text = String::deserialize(deserializer)?;
    let plain = text.len() == 7;
    plain
        .then(|| Month::parse(&text))
        .flatten()
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a month such as 2023-06")))
}

impl Manifest {
    /// Reads the folder's dataset file; a folder without one says nothing.
    pub(super) fn read(folder: &Path, rules: &RuleSet, found: &mut Diagnostics) -> Result<Self, Failed> {
        let path = folder.join(FILE);
        let shown = slashed(&path);
        if !path.exists() {
            return Ok(Self::default());
        }
        let place = || Place::File(shown.clone());
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let problem = Diagnostic::new(
                Code::UnreadableFile,
                place(),
                format!("`{shown}` cannot be read: {}", in_words(&error)),
            );
            found.error(problem.help("save it as UTF-8 text and make it readable"))
        })?;
        let manifest: Self = serde_yaml::from_str(&text).map_err(|error| {
            let problem = Diagnostic::new(
                Code::Manifest,
                place(),
                format!("`{shown}` does not say what a dataset file says: {error}"),
            );
            found.error(problem.help("its keys are `format`, `entity` and `tables`"))
        })?;
        manifest.check(&shown, rules, found)?;
        Ok(manifest)
    }

    fn check(&self, shown: &str, rules: &RuleSet, found: &mut Diagnostics) -> Result<(), Failed> {
        let place = || Place::File(shown.to_owned());
        if self.format != "pcs-dataset/1" {
            let message =
                format!("the format {} is not one that this version reads", crate::text::quoted(&self.format));
            return Err(found.error(
                Diagnostic::new(Code::FormatVersion, place(), message).help("this version reads `pcs-dataset/1`"),
            ));
        }
        let mut failed = Ok(());
        for (name, table) in self.tables.iter() {
            if !rules.tables.contains_key(name) {
                let help = did_you_mean(name, rules.tables.keys().map(String::as_str))
                    .unwrap_or_else(|| "name a table of the rules".to_owned());
                failed = Err(found.error(
                    Diagnostic::new(Code::Manifest, place(), format!("the rules have no table `{name}`")).help(help),
                ));
            }
            if let Some(covers) = table.covers
                && covers.to < covers.from
            {
                let message = format!("table `{name}` covers months that end in {}, before they start", covers.to);
                failed =
                    Err(found
                        .error(Diagnostic::new(Code::UntilBeforeStart, place(), message).help("swap `from` and `to`")));
            }
        }
        failed
    }
}

/// The files a dataset file names for a table.
pub(super) fn files(
    folder: &Path,
    table: &str,
    names: &[String],
    found: &mut Diagnostics,
) -> Result<Vec<DataFile>, Failed> {
    let mut files: Vec<DataFile> = Vec::new();
    let mut failed = Ok(());
    for name in names {
        let path = folder.join(name);
        let shown = slashed(&path);
        let problem = match data_file(&path) {
            _ if !path.is_file() => Some(("does not exist", "correct the path in `dataset.yaml`")),
            None => Some(("is of no format that can be read yet", "CSV, TSV and Parquet can")),
            Some(file) if files.contains(&file) => Some(("is named twice", "name each file once")),
            Some(file) => {
                files.push(file);
                None
            }
        };
        if let Some((what, help)) = problem {
            let message = format!("`{shown}`, a file of the table `{table}`, {what}");
            failed = Err(found.error(Diagnostic::new(Code::Manifest, Place::File(shown), message).help(help)));
        }
    }
    failed.map(|()| files)
}
