//! Data as the rules find them → the same data as compact Parquet, with a dataset file that says what they are.

use crate::catalog::{Catalog, PLAIN, TableFiles, about_unused};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::files::{in_words, sha256_of};
use crate::plan::{Plan, TablePlan};
use crate::read::{
    Bytes, Column, DataFile, Form, Format, Kept, NotMade, NumberForm, OriginFile, about_floats, about_open_end, compact,
};
use crate::rules::ColumnType;
use crate::text::{fold, is_same};
use indexmap::IndexMap;
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
    /// Columns of numbers or days that hold something else too, and are kept as they are written.
    pub written: Vec<String>,
    /// Columns that are not kept: what stands in them is no text.
    pub lost: Vec<String>,
}

/// Where the new folder is made, and what it will be called.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The folder, which is there and empty.
    pub folder: &'a Path,
    /// Its name once it is whole.
    pub shown: &'a Path,
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
    numbers: Option<NumberForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<BTreeMap<&'static str, String>>,
}

/// Makes a Parquet file of every data file of a plan's tables. What other plans read of the same files is kept too.
///
/// # Errors
///
/// [`Failed`] where a file cannot be read or written, or more rows than permitted cannot be read.
pub fn convert(
    (plan, others): (&Plan, &[Plan]),
    catalog: &Catalog,
    to: Target<'_>,
    allow_bad_rows: u64,
    found: &mut Diagnostics,
) -> Result<Vec<Converted>, Failed> {
    if let Some(file) = plan.tables.iter().flat_map(|table| &table.files).find(|file| lies_in(file, to.shown)) {
        let shown = to.shown.display().to_string();
        let message = format!("`{shown}` holds `{}`, which it is made from", file.shown);
        let problem = Diagnostic::new(Code::Output, Place::File(shown), message);
        return Err(found.error(problem.help("choose another folder")));
    }
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
            let (converted, rejected) = one(table, (file, others), (to, &target), found)?;
            left_out += converted.left_out;
            problems.extend(rejected);
            files.push(target);
            all.push(converted);
        }
        let stated = catalog.tables.get(&table.name);
        tables.insert(
            &table.name,
            DatasetTable {
                files,
                profile: stated.and_then(profile_of),
                numbers: stated.and_then(numbers_of),
                covers: stated.and_then(covers_of),
            },
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
    let text = serde_yaml::to_string(&dataset).map_err(|error| error.to_string());
    let path = to.folder.join("dataset.yaml");
    let written = text.and_then(|text| std::fs::write(path, text).map_err(|error| in_words(&error)));
    written.map_err(|why| found.error(unwritten(&to.shown.join("dataset.yaml"), &why)))?;
    for problem in about_unused(&catalog.unused) {
        found.warn(problem);
    }
    Ok(all)
}

/// Whether a file lies in a folder, however it is named.
fn lies_in(file: &DataFile, folder: &Path) -> bool {
    let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else { return false };
    path.canonicalize().ok().zip(folder.canonicalize().ok()).is_some_and(|(path, folder)| path.starts_with(folder))
}

fn one(
    table: &TablePlan,
    (file, others): (&DataFile, &[Plan]),
    (to, target): (Target<'_>, &str),
    found: &mut Diagnostics,
) -> Result<(Converted, Vec<Diagnostic>), Failed> {
    let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else {
        let message = format!("`{}` lies within another file", file.shown);
        return Err(found.error(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message)));
    };
    let header = crate::read::header(file).map_err(|problem| found.error(*problem))?;
    let mut columns = Columns::default();
    columns.read_by(table, file, &header);
    for other in others.iter().flat_map(|plan| &plan.tables).filter(|other| other.name == table.name) {
        for same in other.files.iter().filter(|same| same.bytes == file.bytes) {
            columns.read_by(other, same, &header);
        }
    }
    let sorted = sorted(table, file, &header);
    // What was made of an export is of that export, however often it is made anew.
    let origin = match crate::read::origin(path) {
        Some(origin) => origin,
        None => OriginFile {
            file: file.shown.clone(),
            sha256: sha256_of(path).map_err(|error| {
                let message = format!("`{}` cannot be read: {}", file.shown, in_words(&error));
                found.error(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message))
            })?,
        },
    };
    let path = to.folder.join(target);
    let made =
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|error| NotMade::Unwritable(in_words(&error)));
    let made = made.and_then(|()| compact(file, &columns.kept(file.format), &sorted, (&path, &origin)));
    let made = made.map_err(|why| match why {
        NotMade::Unreadable(problem) => found.error(*problem),
        NotMade::Unwritable(why) => found.error(unwritten(&to.shown.join(target), &why)),
    })?;
    for open in &made.rejected.open_ends {
        found.warn(about_open_end(open));
    }
    for (file, column) in &made.rejected.floats {
        found.warn(about_floats(file, &table.name, column));
    }
    let converted = Converted {
        file: target.to_owned(),
        origin,
        rows: made.rows,
        left_out: made.rejected.rows,
        written: made.written,
        lost: made.lost,
    };
    Ok((converted, made.rejected.listed))
}

/// The columns of a file that anything reads, by their headers, each with how it is read.
#[derive(Default)]
struct Columns {
    all: IndexMap<String, Vec<(Form, Column)>>,
    /// Those that a measure reads.
    read: BTreeSet<String>,
}

impl Columns {
    /// Adds what a table reads of a file.
    fn read_by(&mut self, table: &TablePlan, file: &DataFile, header: &[String]) {
        let kind_of = |name: &String| {
            let wanted = || table.wanted.iter().find(|wanted| wanted.name == *name).map(|wanted| wanted.kind);
            table.table.columns.get(name).copied().or_else(wanted).unwrap_or(ColumnType::Text)
        };
        let mut add = |header: &String, name: &String, column: &Column| {
            let kind = kind_of(name);
            let known = self.all.keys().find(|known| is_same(known, header)).cloned();
            let header = known.unwrap_or_else(|| header.clone());
            if table.wanted.iter().any(|wanted| wanted.name == *name) {
                self.read.insert(header.clone());
            }
            let read = self.all.entry(header).or_default();
            let one = match form(kind) {
                Form::Written => (Form::Written, Column::default()),
                form => (form, Column { headers: Vec::new(), ..column.clone() }),
            };
            if !read.contains(&one) {
                read.push(one);
            }
        };
        for name in header {
            match &file.view {
                None => {
                    let is_it = |known: &&String| is_same(known, name);
                    let own = table.table.columns.keys().find(is_it);
                    let own = own.or_else(|| table.wanted.iter().map(|wanted| &wanted.name).find(is_it));
                    if let Some(own) = own {
                        add(name, own, &Column::default());
                    }
                }
                Some(view) => {
                    for (column, of) in &view.columns {
                        if of.headers.iter().any(|known| is_same(known, name)) {
                            add(name, column, of);
                        }
                    }
                }
            }
        }
    }

    /// The columns with the forms that can hold them.
    fn kept(self, format: Format) -> Vec<Kept> {
        let kept = self.all.into_iter().map(|(header, mut read)| {
            // What is read in several ways stays as it is written.
            let only = if read.len() == 1 { read.pop() } else { None };
            let (first, column) = only.unwrap_or((Form::Written, Column::default()));
            let mut forms = vec![first];
            let others: &[Form] = match format {
                // Where it is stored as something else than text, it stays that.
                Format::Parquet => &[Form::Written, Form::Days, Form::Numbers],
                Format::Csv | Format::Tsv | Format::JsonLines | Format::Xlsx => &[Form::Written],
            };
            forms.extend(others.iter().filter(|form| **form != first));
            let is_read = self.read.contains(&header);
            Kept { header, forms, is_read, column }
        });
        kept.collect()
    }
}

/// The form that holds what a column is read as. A month stays as it is written: to another edition it may be a day.
const fn form(kind: ColumnType) -> Form {
    match kind {
        ColumnType::Money | ColumnType::Count => Form::Numbers,
        ColumnType::Date => Form::Days,
        ColumnType::Text | ColumnType::Exact | ColumnType::Month => Form::Written,
    }
}

/// The headers of the columns that name the entity and the month.
fn sorted(table: &TablePlan, file: &DataFile, header: &[String]) -> Vec<String> {
    let found = |name: &String| {
        let read = match &file.view {
            None => vec![name.clone()],
            Some(view) => view.columns.get(name).map(|column| column.headers.clone()).unwrap_or_default(),
        };
        header.iter().find(|header| read.first().is_some_and(|read| is_same(read, header))).cloned()
    };
    std::iter::once(&table.table.entity).chain(&table.table.month).filter_map(found).collect()
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

/// How all files of a table write numbers: what is kept as text is read so again.
fn numbers_of(files: &TableFiles) -> Option<NumberForm> {
    let mut forms: Vec<Option<NumberForm>> = files.files.iter().map(|file| file.file.numbers).collect();
    forms.dedup();
    match forms.as_slice() {
        [one] => *one,
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
