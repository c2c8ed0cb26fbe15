//! What lies in a data folder: files by the names of tables, and others.

use super::Unused;
use super::manifest::FILE;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::files::{in_words, sha256_of, slashed};
use crate::read::{Bytes, DataFile, Format, READABLE, not_yet, stem};
use crate::rules::RuleSet;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The folder's own name, also for `.`.
pub(super) fn own_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map_or_else(|| "data".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// What lies in the data folder, in order; what people and tools hide is not looked at.
pub(super) fn entries(folder: &Path, found: &mut Diagnostics) -> Result<Vec<PathBuf>, Failed> {
    list(folder).map_err(|error| {
        let shown = slashed(folder);
        let message = format!("the data folder `{shown}` cannot be listed: {}", in_words(&error));
        let problem = Diagnostic::new(Code::NoFolder, Place::File(shown), message);
        found.error(problem.help("give a folder that holds the tables as files"))
    })
}

fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}

/// `usage.csv`, `usage.jsonl.gz`, `usage.parquet` and so on, or the files in `usage/`: at most one of them.
pub(super) fn files_named(entries: &[PathBuf], table: &str, found: &mut Diagnostics) -> Result<Vec<DataFile>, Failed> {
    let mut claims: Vec<(String, Vec<DataFile>)> = Vec::new();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name == table) {
                let files = folder_files(path, table, found)?;
                if !files.is_empty() {
                    claims.push((format!("{}/", slashed(path)), files));
                }
            }
        } else if stem(path).is_some_and(|stem| stem == table)
            && let Some(file) = data_file(path)
        {
            claims.push((file.shown.clone(), vec![file]));
        }
    }
    match claims.as_slice() {
        [] => {
            let is_named = |path: &&PathBuf| stem(path).is_some_and(|stem| stem == table) && !path.is_dir();
            match entries.iter().filter(is_named).find_map(|path| Some((path, not_yet(path)?))) {
                Some((path, kind)) => Err(found.error(unread(table, path, kind))),
                None => Ok(Vec::new()),
            }
        }
        [(_, files)] => Ok(files.clone()),
        [(first, _), (second, _), ..] => Err(found.error(two_files(table, first, second))),
    }
}

/// Files that could be read and that nothing has named.
pub(super) fn others(entries: &[PathBuf], named: &[DataFile]) -> Vec<DataFile> {
    let files = entries.iter().filter(|path| !is_hidden(path) && path.is_file()).filter_map(|path| data_file(path));
    files.filter(|file| !named.iter().any(|known| known.bytes == file.bytes)).collect()
}

/// What looks like data and is not even opened, with why.
pub(super) fn passed_over(entries: &[PathBuf], named: &[DataFile], rules: &RuleSet) -> Vec<Unused> {
    let is_named = |path: &Path| {
        let paths = named.iter().filter_map(|file| match &file.bytes {
            Bytes::File(path) | Bytes::Gzip(path) => Some(path),
            Bytes::Text(_) => None,
        });
        paths.into_iter().any(|known| known.starts_with(path))
    };
    let why = |path: &PathBuf| {
        let name = path.file_name()?.to_str();
        if path.is_dir() {
            let is_tables = name.is_some_and(|name| rules.tables.contains_key(name));
            let held = list(path).unwrap_or_default().iter().filter(|path| looks_like_data(path)).count();
            let files = if held == 1 {
                "a file of data in it is".to_owned()
            } else {
                format!("{held} files of data in it are")
            };
            let help = "move its files up, or name them in `dataset.yaml`".to_owned();
            let why = format!("is a folder of no table's name, and {files} not looked at");
            return (held > 0 && !is_tables).then_some((why, help));
        }
        if !path.is_file() || is_paper(path) {
            return None;
        }
        if name.is_none() {
            return Some(("has a name that is not UTF-8".to_owned(), "rename it".to_owned()));
        }
        let help = format!("move it away, or save it in a form that can be read: {READABLE}");
        match (not_yet(path), path.extension()) {
            (Some(kind), _) => Some((format!("is {kind}, which cannot be read yet"), help)),
            (None, None) => Some(("has no ending that says how it is written".to_owned(), help)),
            (None, Some(_)) => None,
        }
    };
    let shown = |path: &PathBuf| if path.is_dir() { format!("{}/", slashed(path)) } else { slashed(path) };
    let passed = entries.iter().filter(|path| !is_hidden(path) && !is_named(path));
    passed
        .filter_map(|path| why(path).map(|(why, help)| Unused { shown: shown(path), why, help, nearly: None }))
        .collect()
}

/// Files that are most likely no data, with why they are not looked at: told only where a table is missing.
pub(super) fn of_other_endings(entries: &[PathBuf]) -> Vec<Unused> {
    let is_other = |path: &&PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_file = path.is_file() && !is_hidden(path) && name.is_some_and(|name| name != FILE);
        let is_strange = data_file(path).is_none() && not_yet(path).is_none() && path.extension().is_some();
        is_file && (is_strange || is_paper(path))
    };
    let why = |path| match not_yet(path) {
        Some(kind) => format!("is {kind}, which cannot be read yet"),
        None => "has an ending that stands for no table".to_owned(),
    };
    entries.iter().filter(is_other).map(|path| Unused::of_form(slashed(path), why(path))).collect()
}

/// Whether it is what people write about data, rather than data.
fn is_paper(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"))
}

/// Whether it is a file that could be a table, read or not.
fn looks_like_data(path: &Path) -> bool {
    path.is_file() && !is_hidden(path) && (data_file(path).is_some() || not_yet(path).is_some())
}

/// Two files by the name of one table.
fn two_files(table: &str, first: &str, second: &str) -> Diagnostic {
    two_claims(table, first, second, &one_of(table, first))
}

/// Two files with the header of one table.
pub(super) fn two_downloads(table: &str, first: &str, second: &str) -> Diagnostic {
    let names = format!("files: [\"{}\", \"{}\"]", last_name(first), last_name(second));
    let help = format!(
        "where each has rows of its own, name both in `{FILE}`: `tables: {{ {table}: {{ {names} }} }}`; else remove one of them, or name the other alone there"
    );
    two_claims(table, first, second, &help)
}

fn two_claims(table: &str, first: &str, second: &str, help: &str) -> Diagnostic {
    let message = format!("`{first}` and `{second}` both claim to be the table `{table}`");
    Diagnostic::new(Code::TwoFiles, Place::File(second.to_owned()), message).help(help)
}

/// How to say which of two is meant, were it the first.
fn one_of(table: &str, first: &str) -> String {
    let name = match first.strip_suffix('/') {
        Some(folder) => format!("{}/*", last_name(folder)),
        None => last_name(first).to_owned(),
    };
    format!(
        "remove one of them, or name the one that is meant in `{FILE}`: `tables: {{ {table}: {{ files: [\"{name}\"] }} }}`"
    )
}

/// A path's last part.
fn last_name(shown: &str) -> &str {
    shown.rsplit('/').next().unwrap_or(shown)
}

/// A file that is a table by its name and cannot be read yet.
fn unread(table: &str, path: &Path, kind: &str) -> Diagnostic {
    let shown = slashed(path);
    let message = format!("`{shown}`, the table `{table}` by its name, is {kind}, which cannot be read yet");
    Diagnostic::new(Code::NoTable, Place::File(shown), message).help(format!("what can be read: {READABLE}"))
}

pub(super) fn data_file(path: &Path) -> Option<DataFile> {
    DataFile::named(path, slashed(path))
}

/// What people and tools put beside data: names that begin with `.` or `_`, and the `~$…` of open workbooks.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_', '~']))
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
        let has_text_name = strange.file_name().is_some_and(|name| name.to_str().is_some());
        let kind = match not_yet(strange) {
            Some(kind) => format!(": it is {kind}"),
            None if !has_text_name => ": its name is not UTF-8".to_owned(),
            None => String::new(),
        };
        let message =
            format!("`{shown}` lies in the folder of table `{table}` and cannot be read as a part of it{kind}");
        let problem = Diagnostic::new(Code::CorruptFile, Place::File(shown), message);
        return Err(found
            .error(problem.help(format!(
                "what can be read: {READABLE}; move others away, or begin their names with `.` or `_`"
            ))));
    }
    let files: Vec<DataFile> =
        entries.iter().filter(|path| !is_hidden(path)).filter_map(|path| data_file(path)).collect();
    if let Some(first) = files.first()
        && let Some(other) = files.iter().find(|file| file.format != first.format)
    {
        let help = "keep the files of one format; one table's files are all of one";
        return Err(found.error(two_claims(table, &first.shown, &other.shown, help)));
    }
    Ok(files)
}

/// No two files of a table hold the same rows: the same bytes, or one file packed and unpacked.
pub(super) fn no_file_twice(table: &str, files: &[DataFile], found: &mut Diagnostics) -> Result<(), Failed> {
    let mut failed = Ok(());
    let mut by_length: BTreeMap<u64, Vec<&DataFile>> = BTreeMap::new();
    let mut by_name: BTreeMap<PathBuf, &DataFile> = BTreeMap::new();
    for file in files {
        let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else { continue };
        let name = path.with_file_name(stem(path).unwrap_or_default());
        if let Some(twin) = by_name.insert(name, file).filter(|twin| twin.format == file.format) {
            let help = "remove one of them: by their names they are one file";
            failed = Err(found.error(two_claims(table, &twin.shown, &file.shown, help)));
        }
        // What cannot be opened is told when it is read.
        if let Ok(about) = path.metadata()
            && about.is_file()
            && has_rows(file)
        {
            by_length.entry(about.len()).or_default().push(file);
        }
    }
    for alike in by_length.into_values().filter(|alike| alike.len() > 1) {
        let mut known: BTreeMap<String, &DataFile> = BTreeMap::new();
        for file in alike {
            let Some(twin) = digest(file).and_then(|digest| known.insert(digest, file)) else { continue };
            let message =
                format!("`{}` and `{}` hold the same rows, and both are of `{table}`", twin.shown, file.shown);
            let problem = Diagnostic::new(Code::TwoFiles, Place::File(file.shown.clone()), message);
            failed = Err(found.error(problem.help("remove one of them")));
        }
    }
    failed
}

/// Whether a file of text has anything behind its first line; what is no text is taken to have rows.
fn has_rows(file: &DataFile) -> bool {
    let (Bytes::File(path), Format::Csv | Format::Tsv) = (&file.bytes, file.format) else { return true };
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(1 << 16).read_to_end(&mut start));
    read.is_ok() && start.trim_ascii().contains(&b'\n')
}

fn digest(file: &DataFile) -> Option<String> {
    let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else { return None };
    sha256_of(path).ok()
}
