//! What could not be read: rows that are left out, and files that stop the work.

use super::{DataFile, Rejected};
use crate::diagnostic::{Cell, Code, Diagnostic, Place};
use std::collections::BTreeMap;
use std::io;

/// Characters of a value that a problem keeps; an unclosed quote can make one of megabytes.
const SHOWN: usize = 200;

/// Rejected rows as one thread finds them: all counted, the first kept.
#[derive(Debug, Default)]
pub(super) struct Faults {
    rows: u64,
    passed_over: u64,
    first: BTreeMap<(usize, u64), Diagnostic>,
    open_ends: BTreeMap<usize, String>,
}

impl Faults {
    /// Notes that a file ends without a line end. `order` is its place among the files.
    pub(super) fn ends_open(&mut self, order: usize, file: &str) {
        self.open_ends.insert(order, file.to_owned());
    }

    /// Counts a row of another kind.
    pub(super) fn pass_over(&mut self) {
        self.passed_over += 1;
    }

    /// Counts a row, and keeps its problem if it is among the first. `at` is the file's place in order, and the row.
    pub(super) fn add(&mut self, at: (usize, u64), problem: impl FnOnce() -> Diagnostic) {
        self.rows += 1;
        let is_early = self.first.last_key_value().is_none_or(|(last, _)| at < *last);
        if self.first.len() < Rejected::LISTED || is_early {
            self.first.insert(at, problem());
        }
        if self.first.len() > Rejected::LISTED {
            self.first.pop_last();
        }
    }

    /// All threads' rows together. What is listed does not depend on which thread met which row.
    pub(super) fn together(all: impl IntoIterator<Item = Self>) -> Rejected {
        let mut first = BTreeMap::new();
        let mut open_ends = BTreeMap::new();
        let (mut rows, mut passed_over) = (0, 0);
        for mut one in all {
            rows += one.rows;
            passed_over += one.passed_over;
            open_ends.append(&mut one.open_ends);
            first.append(&mut one.first);
        }
        Rejected {
            rows,
            passed_over,
            listed: first.into_values().take(Rejected::LISTED).collect(),
            open_ends: open_ends.into_values().collect(),
        }
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

/// A file that stops the work.
pub(super) fn corrupt(file: &DataFile, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::CorruptFile, Place::File(file.shown.clone()), message))
}

/// A file without a header.
pub(super) fn no_header(file: &DataFile, why: &str, help: &'static str) -> Box<Diagnostic> {
    let message = format!("`{}` has no header: {why}", file.shown);
    Box::new(Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message).help(help))
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
