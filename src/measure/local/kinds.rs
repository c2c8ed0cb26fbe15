//! The spellings that say of a row that it is of another kind, counted.

use super::Interner;
use crate::measure::spellings::{by_frequency, merged, number, numbers};
use crate::measure::tally::Tally;
use crate::read::{Batch, Cells, Wanted};
use crate::text::fold;
use std::collections::BTreeSet;

/// A value that says of a row that it is of another kind than the table's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherKind {
    /// The name under which the column is wanted.
    pub column: String,
    /// The value; none for a missing cell.
    pub spelling: Option<String>,
    /// How many rows have it.
    pub rows: u64,
}

/// The values of a column that say of rows that they are of another kind.
#[derive(Debug)]
pub(super) struct Other<'a> {
    name: &'a str,
    place: usize,
    only: &'a BTreeSet<String>,
    texts: Interner,
    tally: Tally,
    blank: u64,
}

impl<'a> Other<'a> {
    /// One for each column that tells rows of another kind.
    pub(super) fn all(wanted: &'a [Wanted]) -> Vec<Self> {
        let tells =
            wanted.iter().enumerate().filter_map(|(place, wanted)| Some((place, wanted, wanted.only.as_ref()?)));
        tells
            .map(|(place, wanted, only)| Self {
                name: &wanted.name,
                place,
                only,
                texts: Interner::new(false),
                tally: Tally::new(0),
                blank: 0,
            })
            .collect()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let cells = merged(&mut self.texts, &other.texts);
        self.tally.merge(&other.tally, &cells);
        self.blank += other.blank;
    }

    pub(super) fn finish(&self) -> Vec<OtherKind> {
        let kind = |spelling: Option<String>, rows| OtherKind { column: self.name.to_owned(), spelling, rows };
        let shown = self.texts.shown().iter().enumerate();
        let mut all: Vec<OtherKind> =
            shown.map(|(cell, text)| kind(Some(String::from(&**text)), self.tally.rows(cell))).collect();
        if self.blank > 0 {
            all.push(kind(None, self.blank));
        }
        by_frequency(&mut all, |one| one.rows, |one| one.spelling.clone());
        all
    }
}

/// Counts rows of another kind under the first column that says so.
pub(super) fn see_others(others: &mut [Other<'_>], batch: &Batch) {
    let mut open = vec![true; batch.rows];
    for other in others {
        let Some(Some(Cells::Text(texts))) = batch.columns.get(other.place) else { continue };
        let numbers =
            numbers(texts, |text| (!other.only.contains(fold(text).as_ref())).then(|| number(&mut other.texts, text)));
        let mut rows = Vec::new();
        for (row, (code, open)) in texts.keys().iter().zip(&mut open).enumerate().filter(|(_, (_, open))| **open) {
            match code {
                None => other.blank += 1,
                Some(code) => {
                    let Some(Some(cell)) = usize::try_from(code).ok().and_then(|at| numbers.get(at)) else { continue };
                    rows.push((row, *cell));
                }
            }
            *open = false;
        }
        other.tally.add(&rows, &[]);
    }
}
