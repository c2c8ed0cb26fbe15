//! What could not be read: rows that are left out, and files that stop the work.

use super::{Bytes, DataFile, Rejected};
use crate::diagnostic::{Cell, Code, Diagnostic, Place};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Characters of a value that a problem keeps; an unclosed quote can make one of megabytes.
const SHOWN: usize = 200;

/// Rows of one file with the same fault that are named one by one at most; the others are counted.
const ALIKE: usize = 3;

/// What rows with the same fault share: the file's place among all, the place of the column, and what helps.
pub(super) type Kind = (usize, Option<usize>, Cow<'static, str>);

/// Rejected rows as one thread finds them: all counted, the first of each kind kept.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kinds: BTreeMap<Kind, Alike>,
    open_ends: BTreeMap<usize, String>,
    floats: BTreeSet<(usize, String, String)>,
}

/// Rows with the same fault.
#[derive(Debug, Default)]
struct Alike {
    rows: u64,
    /// The lines that they run over, where a quote has drawn others in; else one each.
    lines: u64,
    first: BTreeMap<u64, Diagnostic>,
}

impl Faults {
    /// Notes that a file ends without a line end. `order` is its place among the files.
    pub(super) fn ends_open(&mut self, order: usize, file: &str) {
        self.open_ends.insert(order, file.to_owned());
    }

    /// Notes that a column's amounts are binary fractions.
    pub(super) fn has_floats(&mut self, order: usize, file: &str, column: &str) {
        self.floats.insert((order, file.to_owned(), column.to_owned()));
    }

    /// Counts a row, and keeps its problem if it is among the first of its kind.
    pub(super) fn add(&mut self, kind: Kind, row: u64, problem: impl FnOnce() -> Diagnostic) {
        self.add_lines(kind, row, 1, problem);
    }

    /// The same for a row that so many lines were drawn into: each could have been one.
    pub(super) fn add_lines(&mut self, kind: Kind, row: u64, lines: u64, problem: impl FnOnce() -> Diagnostic) {
        let alike = self.kinds.entry(kind).or_default();
        alike.rows += 1;
        alike.lines += lines;
        let is_early = alike.first.last_key_value().is_none_or(|(last, _)| row < *last);
        if alike.first.len() < ALIKE || is_early {
            alike.first.insert(row, problem());
        }
        if alike.first.len() > ALIKE {
            alike.first.pop_last();
        }
    }

    /// All threads' rows together. What is listed does not depend on which thread met which row.
    pub(super) fn together(all: impl IntoIterator<Item = Self>) -> Rejected {
        let mut kinds: BTreeMap<Kind, Alike> = BTreeMap::new();
        let mut open_ends = BTreeMap::new();
        let mut floats = BTreeSet::new();
        for mut one in all {
            open_ends.append(&mut one.open_ends);
            floats.append(&mut one.floats);
            for (kind, mut alike) in one.kinds {
                let known = kinds.entry(kind).or_default();
                known.rows += alike.rows;
                known.lines += alike.lines;
                known.first.append(&mut alike.first);
            }
        }
        let rows = kinds.values().map(|alike| alike.lines).sum();
        let columns = kinds.keys().filter_map(|(_, column, _)| *column).collect();
        // Better one row of each kind than three of the first kinds only.
        let fits = |named: &usize| {
            kinds.values().map(|alike| alike.first.len().min(*named)).sum::<usize>() <= Rejected::LISTED
        };
        let named = (1..=ALIKE).rev().find(fits).unwrap_or(1);
        let mut first = BTreeMap::new();
        for ((order, ..), alike) in kinds {
            first.extend(alike.listed(named).map(|(row, problem)| ((order, row), problem)));
        }
        Rejected {
            rows,
            columns,
            listed: first.into_values().take(Rejected::LISTED).collect(),
            open_ends: open_ends.into_values().collect(),
            floats: floats.into_iter().map(|(_, file, column)| (file, column)).collect(),
        }
    }
}

impl Alike {
    /// The first rows, as many as are named; the last of them says how many more there are.
    fn listed(self, named: usize) -> impl Iterator<Item = (u64, Diagnostic)> {
        let shown = self.first.len().min(named);
        let others = self.rows.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
        let said = match others {
            1 => "; the file has 1 more such row".to_owned(),
            others => format!("; the file has {others} more such rows"),
        };
        self.first.into_iter().take(named).enumerate().map(move |(at, (row, mut problem))| {
            if others > 0 && at + 1 == shown {
                problem.message.push_str(&said);
            }
            (row, problem)
        })
    }
}

/// The place of a row, or of one of its cells with what stands there.
pub(super) fn row_of(file: &DataFile, row: u64, cell: Option<(&str, Option<&str>)>) -> Place {
    let column = cell.map(|(column, _)| column.to_owned());
    let value = cell.and_then(|(_, value)| value).map(shortened);
    Place::Row(Cell { file: file.shown.clone(), row, column, value })
}

/// The value, cut where it is longer than anyone reads.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// That a file may have been cut short.
#[must_use]
pub fn about_open_end(file: &str) -> Diagnostic {
    let message = format!("the last row of `{file}` has no line end: it may have been cut inside its last cell");
    let problem = Diagnostic::new(Code::OpenEnd, Place::File(file.to_owned()), message);
    problem.help("compare the row with its source; end the file with a line end")
}

/// That a column's amounts are stored as binary fractions.
#[must_use]
pub fn about_floats(file: &str, table: &str, column: &str) -> Diagnostic {
    let message = format!(
        "`{file}`, a file of the table `{table}`, stores `{column}` as binary fractions: each is read as the shortest decimal that stands for it"
    );
    let problem = Diagnostic::new(Code::Floats, Place::File(file.to_owned()), message);
    problem.help("store the column as a decimal where its amounts have to be exact")
}

/// A file that stops the work.
pub(super) fn corrupt(file: &DataFile, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message))
}

/// A file without a header.
pub(super) fn no_header(file: &DataFile, why: &str, help: &'static str) -> Box<Diagnostic> {
    let message = format!("`{}` has no header: {why}", file.shown);
    Box::new(Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message).help(help))
}

/// A file with more columns than are read.
pub(super) fn too_wide(file: &DataFile, columns: usize, most: usize) -> Box<Diagnostic> {
    let message = format!("`{}` has {columns} columns, and at most {most} are read", file.shown);
    Box::new(corrupt(file, message).help("export only the columns that are needed, or look for a missing line end"))
}

/// What lasts can be read more than once, as it will be; a pipe would be waited for without end.
pub(super) fn lasting(file: &DataFile) -> Result<(), Box<Diagnostic>> {
    let (Bytes::File(path) | Bytes::Gzip(path)) = &file.bytes else { return Ok(()) };
    match path.metadata() {
        Ok(about) if !about.is_file() && !about.is_dir() => {
            let problem = corrupt(file, format!("`{}` cannot be read: it is a pipe, a socket or a device", file.shown));
            Err(Box::new(problem.help("put the data into a file")))
        }
        // What else is wrong is told when it is opened.
        _ => Ok(()),
    }
}

/// A file that the system does not give us.
pub(super) fn unreadable(file: &DataFile, error: &io::Error) -> Box<Diagnostic> {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        kind => kind.to_string(),
    };
    corrupt(file, format!("`{}` cannot be read: {why}", file.shown))
}
