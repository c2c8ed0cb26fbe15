//! `dataset.yaml`: what a folder says of its own data — its entity, which files make a table, which months are covered.

use super::folder::data_file;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::files;
use crate::month::Month;
use crate::read::{DataFile, NumberForm, READABLE, not_yet};
use crate::rules::RuleSet;
use crate::rules::document::{self, Document};
use crate::rules::schema::Shape;
use crate::rules::word::Named;
use crate::source::Sources;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The name of the file within a data folder.
pub(super) const FILE: &str = "dataset.yaml";

/// What it is called by mistake.
const NEARLY: &str = "dataset.yml";

/// The version of dataset files that is read.
const FORMAT: &str = "pcs-dataset/1";

/// What a data folder says of itself. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-dataset/1: what a data folder says of itself")]
pub struct Manifest {
    /// The version of this file's format.
    #[schemars(extend("enum" = ["pcs-dataset/1"]))]
    #[expect(dead_code, reason = "judged before the rest of the file is read")]
    format: String,
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
    /// The files that make the table, relative to the folder; `*` stands for any part of a name. Left out: they are found
    /// by the table's name, or by their headers.
    #[serde(default)]
    pub files: Vec<String>,
    /// The profile through which the files are read, or `plain`. Left out: their headers decide.
    pub profile: Option<String>,
    /// What the files make of 1234.56 where they write numbers as text, and otherwise than so. Left out: what their profile says.
    pub numbers: Option<NumberForm>,
    /// The months the table covers, even where a month has no rows. Left out: those that have rows.
    pub covers: Option<Covers>,
}

/// A run of months, both ends included.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Covers {
    /// The first month, `2022-07`.
    #[serde(deserialize_with = "month")]
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
    pub from: Month,
    /// The last month, `2023-06`.
    #[serde(deserialize_with = "month")]
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"))]
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

/// No file is called nearly as the dataset file: what it says would not be heard.
fn misnamed(entries: &[PathBuf], found: &mut Diagnostics) -> Result<(), Failed> {
    let is_misnamed = |path: &&PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        name == NEARLY || (name == FILE && path.file_name().is_some_and(|name| name != FILE))
    };
    let Some(path) = entries.iter().find(is_misnamed) else { return Ok(()) };
    let shown = files::slashed(path);
    let message = format!("`{shown}` is not read: a dataset file is called `{FILE}`");
    Err(found.error(Diagnostic::new(Code::Manifest, Place::File(shown), message).help("rename it, or remove it")))
}

fn pointer_of(keys: &[&str]) -> String {
    keys.iter().fold(String::new(), |at, key| document::pointer(&at, key))
}

/// A dataset file with the places of its keys; a folder without one says nothing.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub(super) manifest: Manifest,
    document: Option<Document>,
}

impl Stated {
    /// Reads the folder's dataset file.
    pub(super) fn read(
        folder: &Path,
        entries: &[PathBuf],
        rules: &RuleSet,
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> Result<Self, Failed> {
        misnamed(entries, found)?;
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = files::text_of(&path, found)?;
        let source = sources.add(files::slashed(&path), text.clone());
        let document = Document::parse_yaml(source, sources, found)?;
        Shape::of::<Manifest>(FORMAT).check(&document, found).map_err(|misfit| misfit.failed)?;
        let manifest: Manifest = serde_yaml::from_str(&text).map_err(|error| {
            let help = "months are written as `2023-06`, and each key stands once";
            found.error(document::yaml_problem(source, &text, &error, help))
        })?;
        let stated = Self { manifest, document: Some(document) };
        stated.check(rules, found)?;
        Ok(stated)
    }

    /// The place of a key in the file.
    fn place(&self, keys: &[&str]) -> Place {
        self.document.as_ref().map_or(Place::Command, |document| Place::Text(document.key(&pointer_of(keys))))
    }

    /// The place of a value in the file.
    pub(super) fn value(&self, keys: &[&str]) -> Place {
        self.document.as_ref().map_or(Place::Command, |document| Place::Text(document.value(&pointer_of(keys))))
    }

    fn check(&self, rules: &RuleSet, found: &mut Diagnostics) -> Result<(), Failed> {
        let mut failed = Ok(());
        if self.manifest.entity.as_ref().is_some_and(|entity| crate::text::fold(entity).is_empty()) {
            let problem = Diagnostic::new(Code::Manifest, self.place(&["entity"]), "the entity is blank");
            failed = Err(found.error(problem.help("name it, or leave `entity` out: the folder's name is used then")));
        }
        for (name, table) in self.manifest.tables.iter() {
            if !rules.tables.contains_key(name) {
                let help = did_you_mean(name, rules.tables.keys().map(String::as_str))
                    .unwrap_or_else(|| "name a table of the rules".to_owned());
                let place = self.place(&["tables", name]);
                failed = Err(found.error(
                    Diagnostic::new(Code::Manifest, place, format!("the rules have no table `{name}`")).help(help),
                ));
            }
            if let Some(covers) = table.covers
                && covers.to < covers.from
            {
                let message = format!("table `{name}` covers months that end in {}, before they start", covers.to);
                let place = self.value(&["tables", name, "covers"]);
                failed =
                    Err(found
                        .error(Diagnostic::new(Code::UntilBeforeStart, place, message).help("swap `from` and `to`")));
            }
        }
        failed
    }

    /// The paths that names and patterns stand for; every one stands for something.
    fn paths(
        &self,
        folder: &Path,
        table: &str,
        names: &[String],
        found: &mut Diagnostics,
    ) -> Result<Vec<PathBuf>, Failed> {
        let mut paths = Vec::new();
        let mut failed = Ok(());
        for name in names {
            if !name.contains(['*', '?', '[']) || folder.join(name).is_file() {
                paths.push(folder.join(name));
                continue;
            }
            let pattern = format!("{}/{name}", glob::Pattern::escape(&folder.to_string_lossy()));
            let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
            let matches: Option<Vec<PathBuf>> =
                glob::glob_with(&pattern, options).ok().map(|paths| paths.filter_map(Result::ok).collect());
            let matches: Vec<PathBuf> = matches.unwrap_or_default().into_iter().filter(|path| path.is_file()).collect();
            if matches.is_empty() {
                let message = format!("no file is `{name}`, files of the table `{table}`");
                let place = self.value(&["tables", table, "files"]);
                failed = Err(found.error(Diagnostic::new(Code::Manifest, place, message).help("correct the pattern")));
            }
            paths.extend(matches);
        }
        failed.map(|()| paths)
    }

    /// The files the dataset file names for a table.
    pub(super) fn files(
        &self,
        folder: &Path,
        table: &str,
        names: &[String],
        found: &mut Diagnostics,
    ) -> Result<Vec<DataFile>, Failed> {
        let mut files: Vec<DataFile> = Vec::new();
        let mut failed = Ok(());
        for path in self.paths(folder, table, names, found)? {
            let shown = files::slashed(&path);
            let problem = match data_file(&path) {
                _ if path.is_dir() => {
                    let name = path.strip_prefix(folder).map_or_else(|_| shown.clone(), files::slashed);
                    let help = format!("write `{}/*` for the files in it", name.trim_end_matches('/'));
                    Some(("is a folder".to_owned(), help))
                }
                _ if !path.is_file() => Some(("does not exist".to_owned(), "correct the path".to_owned())),
                None => {
                    let kind = not_yet(&path).unwrap_or("of no known format");
                    Some((format!("is {kind}, which cannot be read yet"), format!("what can be read: {READABLE}")))
                }
                Some(file) if files.contains(&file) => {
                    Some(("is named twice".to_owned(), "name each file once".to_owned()))
                }
                Some(file) => {
                    files.push(file);
                    None
                }
            };
            if let Some((what, help)) = problem {
                let message = format!("`{shown}`, a file of the table `{table}`, {what}");
                failed = Err(found.error(
                    Diagnostic::new(Code::Manifest, self.value(&["tables", table, "files"]), message).help(help),
                ));
            }
        }
        failed.map(|()| files)
    }
}

#[cfg(test)]
mod tests {
    use super::Manifest;
    use crate::rules::schema::tests::{Days, hold_together, yaml};

    #[test]
    fn dataset_files_read_as_their_schema_says() {
        let text = r"
format: pcs-dataset/1
entity: North
tables:
  loans: { files: [may.csv, june.csv], profile: plain, numbers: '1.234,56', covers: { from: 2023-12, to: 2024-06 } }
  courses: { files: [staff.tsv] }
";
        hold_together::<Manifest>(&yaml("dataset.yaml", text), Days::Text, 1);
    }
}
