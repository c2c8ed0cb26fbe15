//! A table as CSV.

use super::{Cell, Sheet};
use crate::report::csv::{guarded, line};

/// The table as text; numbers are decimals, exact where they end, else of six digits.
pub(in crate::report) fn write(sheet: &Sheet) -> String {
    let header: Vec<String> = sheet.columns.iter().map(|(name, _)| name.clone()).collect();
    let cell = |cell: &Cell| match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Truth(truth) => truth.to_string(),
    };
    let rows = sheet.rows.iter().map(|row| line(&row.iter().map(cell).collect::<Vec<_>>()));
    std::iter::once(line(&header)).chain(rows).collect()
}
