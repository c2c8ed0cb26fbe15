//! Peek: which files are which table, what their headers say, and what the dataset file adds.
//!
//! Knows names and headers, never rows; only the default day judged looks at a column of months.

mod manifest;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::files::{in_words, slashed};
use crate::read::{Bytes, DataFile, Format};
use crate::rules::RuleSet;
use crate::source::Sources;
use crate::text::is_same;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use manifest::Stated;
pub use manifest::{Covers, Manifest};

/// The data of one run: for each table its files and their headers.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// How messages name the data.
    pub shown: String,
    /// The entity of rows that name none.
    pub entity: String,
    /// Whether the dataset file named that entity, rather than the folder.
    pub entity_is_stated: bool,
    /// By table name.
    pub tables: BTreeMap<String, TableFiles>,
}

/// The files of a table.
#[derive(Clone, Debug, Default)]
pub struct TableFiles {
    /// The files, in order, each with its header.
    pub files: Vec<(DataFile, Vec<String>)>,
    /// The months the dataset file says are covered; else those that have rows.
    pub covers: Option<Covers>,
}

/// Finds the files of every table that the rules name, and reads their headers.
///
/// # Errors
///
/// [`Failed`] if the folder, a table or a header is missing, or two files claim one table.
pub fn peek(folder: &Path, rules: &RuleSet, sources: &mut Sources, found: &mut Diagnostics) -> Result<Catalog, Failed> {
    let shown = slashed(folder);
    let entries = match list(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("the data folder `{shown}` cannot be listed: {}", in_words(&error));
            let problem = Diagnostic::new(Code::NoFolder, Place::File(shown), message);
            return Err(found.error(problem.help("give a folder that holds the tables as files")));
        }
    };
    let stated = Stated::read(folder, rules, sources, found)?;
    let manifest = &stated.manifest;
    let mut tables = BTreeMap::new();
    let mut failed = Ok(());
    for name in rules.tables.keys() {
        let written = manifest.tables.get(name);
        let files = match written.filter(|table| !table.files.is_empty()) {
            Some(table) => stated.files(folder, name, &table.files, found),
            None => discover(&shown, &entries, name, found),
        };
        match files.and_then(|files| with_headers(name, files, rules, found)) {
            Ok(files) => {
                tables.insert(name.clone(), TableFiles { files, covers: written.and_then(|table| table.covers) });
            }
            Err(error) => failed = Err(error),
        }
    }
    failed?;
    let entity_is_stated = manifest.entity.is_some();
    let entity = manifest.entity.clone().unwrap_or_else(|| folder_name(folder));
    Ok(Catalog { shown, entity, entity_is_stated, tables })
}

/// The folder's own name, also for `.`.
fn folder_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map_or_else(|| "data".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}

/// `usage.csv`, `usage.tsv`, `usage.parquet`, or the files in `usage/`: exactly one of them.
fn discover(shown: &str, entries: &[PathBuf], table: &str, found: &mut Diagnostics) -> Result<Vec<DataFile>, Failed> {
    let mut claims: Vec<(String, Vec<DataFile>)> = Vec::new();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name == table) {
                let files = folder_files(path, table, found)?;
                if !files.is_empty() {
                    claims.push((format!("{}/", slashed(path)), files));
                }
            }
        } else if path.file_stem().is_some_and(|stem| stem == table)
            && let Some(file) = data_file(path)
        {
            claims.push((file.shown.clone(), vec![file]));
        }
    }
    match claims.as_slice() {
        [(_, files)] => Ok(files.clone()),
        [] => {
            let message = format!("there is no table `{table}` in `{shown}`");
            let problem = Diagnostic::new(Code::NoTable, Place::File(shown.to_owned()), message);
            let other = entries.iter().filter_map(|path| path.file_stem()?.to_str());
            let near = crate::text::nearest(table, other)
                .map(|near| format!(" (a file `{near}` is there)"))
                .unwrap_or_default();
            Err(found.error(problem.help(format!(
                "add `{table}.csv`, `{table}.tsv`, `{table}.parquet` or a folder `{table}/` of such files{near}"
            ))))
        }
        [(first, _), (second, _), ..] => Err(found.error(two_files(table, first, second))),
    }
}

fn two_files(table: &str, first: &str, second: &str) -> Diagnostic {
    let message = format!("`{first}` and `{second}` both claim to be the table `{table}`");
    Diagnostic::new(Code::TwoFiles, Place::File(second.to_owned()), message)
        .help("keep one, or say in `dataset.yaml` which files make the table")
}

fn data_file(path: &Path) -> Option<DataFile> {
    let format = Format::of_ending(path.extension()?.to_str()?)?;
    Some(DataFile { bytes: Bytes::File(path.to_owned()), shown: slashed(path), format, view: None })
}

/// What people and tools put beside data: names that begin with `.` or `_`.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']))
}

/// The files of a table's own folder: all of one format.
fn folder_files(folder: &Path, table: &str, found: &mut Diagnostics) -> Result<Vec<DataFile>, Failed> {
    let shown = slashed(folder);
    let entries = list(folder).map_err(|error| {
        found.error(
            Diagnostic::new(
                Code::NoFolder,
                Place::File(shown.clone()),
                format!("`{shown}` cannot be listed: {}", in_words(&error)),
            )
            .help("make the folder readable"),
        )
    })?;
    let strange = |path: &&PathBuf| data_file(path).is_none() && !is_hidden(path);
    if let Some(strange) = entries.iter().find(strange) {
        let shown = slashed(strange);
        let message = format!("`{shown}` lies in the folder of table `{table}` and cannot be read as a part of it");
        let problem = Diagnostic::new(Code::CorruptFile, Place::File(shown), message);
        return Err(found.error(problem.help(
            "a table's folder holds CSV, TSV or Parquet files; move others away, or begin their names with `.` or `_`",
        )));
    }
    let files: Vec<DataFile> =
        entries.iter().filter(|path| !is_hidden(path)).filter_map(|path| data_file(path)).collect();
    if let Some(first) = files.first()
        && let Some(other) = files.iter().find(|file| file.format != first.format)
    {
        return Err(found.error(two_files(table, &first.shown, &other.shown)));
    }
    Ok(files)
}

/// Reads each file's header; a column of the rules must not stand twice in it.
fn with_headers(
    table: &str,
    files: Vec<DataFile>,
    rules: &RuleSet,
    found: &mut Diagnostics,
) -> Result<Vec<(DataFile, Vec<String>)>, Failed> {
    let mut with = Vec::new();
    let mut failed = Ok(());
    for file in files {
        match crate::read::header(&file) {
            Err(problem) => failed = Err(found.error(*problem)),
            Ok(header) => {
                for column in rules.tables.get(table).into_iter().flat_map(|table| table.columns.keys()) {
                    let twins: Vec<&String> = header.iter().filter(|name| is_same(name, column)).collect();
                    if let [first, second, ..] = twins.as_slice() {
                        let message =
                            format!("`{}` has the column `{column}` twice: as `{first}` and as `{second}`", file.shown);
                        let problem = Diagnostic::new(Code::DoubledColumn, Place::File(file.shown.clone()), message);
                        failed = Err(found.error(
                            problem.help("headers compare without case and needless blanks; rename or remove one"),
                        ));
                    }
                }
                with.push((file, header));
            }
        }
    }
    failed.map(|()| with)
}
