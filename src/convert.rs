//! Data as the rules find them → the same data as compact Parquet, with a dataset file that says what they are.

use crate::catalog::{Catalog, PLAIN, TableFiles};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::files::{in_words, sha256_of};
use crate::plan::{Plan, TablePlan};
use crate::read::{Bytes, Column, DataFile, Kept, NotMade, OriginFile, compact};
use crate::rules::ColumnType;
use crate::text::{fold, is_same};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A file that was made.
#[derive(Debug)]
pub struct Converted {
    /// Its path within the new folder, with `/`.
    pub file: String,
    /// What it was made from.
    pub origin: OriginFile,
    /// How many rows it has.
    pub rows: u64,
    /// How many rows of the other could not be read.
    pub left_out: u64,
}

/// What is written of the new folder.
#[derive(Serialize)]
struct Dataset<'a> {
    format: &'static str,
    entity: &'a str,
    tables: BTreeMap<&'a str, DatasetTable>,
}

#[derive(Serialize)]
struct DatasetTable {
    files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<BTreeMap<&'static str, String>>,
}

/// Makes a Parquet file of every data file of a plan's tables, below a folder that is there and empty.
///
/// # Errors
///
/// [`Failed`] where a file cannot be read or written, or more rows than permitted cannot be read.
pub fn convert(
    plan: &Plan,
    catalog: &Catalog,
    folder: &Path,
    allow_bad_rows: u64,
    found: &mut Diagnostics,
) -> Result<Vec<Converted>, Failed> {
    let mut all = Vec::new();
    let mut tables: BTreeMap<&str, DatasetTable> = BTreeMap::new();
    let (mut left_out, mut problems) = (0, Vec::new());
    for table in plan.tables.iter().filter(|table| !table.files.is_empty()) {
        // A table that editions define in two ways is there twice; its files are the same.
        if tables.contains_key(table.name.as_str()) {
            continue;
        }
        let mut files = Vec::new();
        let mut names = BTreeSet::new();
        for file in &table.files {
            let name = free_name(file, &mut names);
            let target = format!("{}/{name}.parquet", table.name);
            let converted = one(table, file, (folder, &target), found)?;
            let (converted, rejected) = converted;
            left_out += converted.left_out;
            problems.extend(rejected);
            files.push(target);
            all.push(converted);
        }
        let stated = catalog.tables.get(&table.name);
        tables.insert(
            &table.name,
            DatasetTable { files, profile: stated.and_then(profile_of), covers: stated.and_then(covers_of) },
        );
    }
    if left_out > allow_bad_rows {
        for problem in problems {
            found.error(problem);
        }
        let message = format!("in all, {left_out} rows cannot be read; permitted: {allow_bad_rows}");
        let problem = Diagnostic::new(Code::TooManyBadRows, Place::Command, message);
        let help = "correct the data, or permit more with `--allow-bad-rows`; they are then left out";
        return Err(found.error(problem.help(help)));
    }
    let dataset = Dataset { format: "pcs-dataset/1", entity: &catalog.entity, tables };
    let path = folder.join("dataset.yaml");
    let text = serde_yaml::to_string(&dataset).unwrap_or_default();
    std::fs::write(&path, text).map_err(|error| found.error(unwritten(&path, &in_words(&error))))?;
    Ok(all)
}

fn one(
    table: &TablePlan,
    file: &DataFile,
    (folder, target): (&Path, &str),
    found: &mut Diagnostics,
) -> Result<(Converted, Vec<Diagnostic>), Failed> {
    let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else {
        let message = format!("`{}` lies within another file", file.shown);
        return Err(found.error(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message)));
    };
    let header = crate::read::header(file).map_err(|problem| found.error(*problem))?;
    let kept = kept(table, file, &header);
    let sorted = sorted(table, file, &kept);
    let sha256 = sha256_of(path).map_err(|error| {
        let message = format!("`{}` cannot be read: {}", file.shown, in_words(&error));
        found.error(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message))
    })?;
    let origin = OriginFile { file: file.shown.clone(), sha256 };
    let path = folder.join(target);
    let made =
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|error| NotMade::Unwritable(in_words(&error)));
    let made = made.and_then(|()| compact(file, &kept, &sorted, (&path, &origin)));
    let made = made.map_err(|why| match why {
        NotMade::Unreadable(problem) => found.error(*problem),
        NotMade::Unwritable(why) => found.error(unwritten(&path, &why)),
    })?;
    let left_out = made.rejected.rows;
    Ok((Converted { file: target.to_owned(), origin, rows: made.rows, left_out }, made.rejected.listed))
}

/// The columns of a file that its table knows, each once, as the file has them.
fn kept(table: &TablePlan, file: &DataFile, header: &[String]) -> Vec<Kept> {
    let kind_of = |name: &String| {
        let wanted = || table.wanted.iter().find(|wanted| wanted.name == *name).map(|wanted| wanted.kind);
        table.table.columns.get(name).copied().or_else(wanted).unwrap_or(ColumnType::Text)
    };
    let mut all: Vec<Kept> = Vec::new();
    let mut keep = |header: &String, kind: ColumnType, column: &Column| {
        match all.iter_mut().find(|kept| is_same(&kept.header, header)) {
            // What is read in two ways stays as it is written.
            Some(known) if known.kind != kind => known.kind = ColumnType::Exact,
            Some(_) => {}
            None => all.push(Kept { header: header.clone(), kind, column: column.clone() }),
        }
    };
    for name in header {
        match &file.view {
            None => {
                let is_it = |known: &&String| is_same(known, name);
                let own = table.table.columns.keys().find(is_it);
                let own = own.or_else(|| table.wanted.iter().map(|wanted| &wanted.name).find(is_it));
                if let Some(own) = own {
                    keep(name, kind_of(own), &Column::default());
                }
            }
            Some(view) => {
                for (column, of) in &view.columns {
                    if of.headers.iter().any(|known| fold(known) == fold(name)) {
                        keep(name, kind_of(column), of);
                    }
                }
            }
        }
    }
    all
}

/// The places of the columns that name the entity and the month.
fn sorted(table: &TablePlan, file: &DataFile, kept: &[Kept]) -> Vec<usize> {
    let place = |name: &String| {
        let headers = match &file.view {
            None => vec![name.clone()],
            Some(view) => view.columns.get(name).map(|column| column.headers.clone()).unwrap_or_default(),
        };
        kept.iter().position(|kept| headers.first().is_some_and(|header| is_same(header, &kept.header)))
    };
    std::iter::once(&table.table.entity).chain(&table.table.month).filter_map(place).collect()
}

/// A name for a file's data that no other has.
fn free_name(file: &DataFile, names: &mut BTreeSet<String>) -> String {
    let last = file.shown.rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("rows");
    let numbered = (1..).map(|number| if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") });
    let name = numbered.into_iter().find(|name| !names.contains(&fold(name).into_owned())).unwrap_or_default();
    names.insert(fold(&name).into_owned());
    name
}

/// The profile of all files of a table; none where they have several.
fn profile_of(files: &TableFiles) -> Option<String> {
    let mut profiles: Vec<&str> =
        files.files.iter().map(|file| file.fit.as_ref().map_or(PLAIN, |fit| fit.profile.as_str())).collect();
    profiles.dedup();
    match profiles.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

fn covers_of(files: &TableFiles) -> Option<BTreeMap<&'static str, String>> {
    files.covers.map(|covers| BTreeMap::from([("from", covers.from.to_string()), ("to", covers.to.to_string())]))
}

fn unwritten(path: &Path, why: &str) -> Diagnostic {
    let shown = path.display().to_string();
    let message = format!("`{shown}` cannot be written: {why}");
    Diagnostic::new(Code::Output, Place::File(shown), message).help("check the folder and the room on its disk")
}
