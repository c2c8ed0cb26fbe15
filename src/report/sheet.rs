//! Tables of typed cells: what workbooks and programs that read tables are given.

pub(super) mod columnar;
pub(super) mod delimited;
pub(super) mod workbook;

use crate::exact::Exact;
use chrono::NaiveDate;

/// A named table.
pub(super) struct Sheet {
    /// Its name: small letters, digits and `-`.
    pub(super) name: String,
    /// Its columns, by their names; no two are alike.
    pub(super) columns: Vec<(String, Kind)>,
    /// Its rows: a cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Day,
    Truth,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(Exact),
    Day(NaiveDate),
    Truth(bool),
}

impl Sheet {
    /// A table without rows.
    pub(super) fn new(name: &str, columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        Self { name: name.to_owned(), columns, rows: Vec::new() }
    }
}

impl Cell {
    /// Text; blank where there is none.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// A number; blank where there is none.
    pub(super) fn number(number: Option<&Exact>) -> Self {
        number.map_or(Self::Blank, |number| Self::Number(number.clone()))
    }

    /// A count.
    pub(super) fn count(count: usize) -> Self {
        Self::Number(Exact::scaled(i128::try_from(count).unwrap_or(i128::MAX), 0))
    }

    /// A day; blank where there is none.
    pub(super) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Blank, Self::Day)
    }
}
