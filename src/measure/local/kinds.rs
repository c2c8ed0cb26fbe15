//! The spellings that say of a row that it is of another kind, counted.

use super::Interner;
use crate::measure::spellings::{by_frequency, cell, merged};
use crate::measure::tally::Tally;
use crate::read::{Batch, BySpelling, Cells, Wanted};
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
    /// Of what kind each spelling is.
    kinds: BySpelling<Kind>,
}

/// What a cell says of its row.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// It is the table's.
    Own,
    /// It is of another kind.
    Other,
    /// The same, for there is none.
    Blank,
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
                kinds: BySpelling::default(),
            })
            .collect()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let cells = merged(&mut self.texts, &other.texts);
        self.tally.merge(&other.tally, cells.iter().copied());
        self.blank += other.blank;
    }

    pub(super) fn finish(&self) -> Vec<OtherKind> {
        let kind = |spelling: Option<String>, rows| OtherKind { column: self.name.to_owned(), spelling, rows };
        let shown = self.texts.shown().enumerate();
        let mut all: Vec<OtherKind> =
            shown.map(|(cell, text)| kind(Some(text.to_owned()), self.tally.rows(cell))).collect();
        if self.blank > 0 {
            all.push(kind(None, self.blank));
        }
        by_frequency(&mut all, |one| one.rows, |one| one.spelling.clone());
        all
    }
}

/// Counts rows of another kind under the first column that says so.
pub(super) fn see_others(others: &mut [Other<'_>], batch: &Batch<'_>) {
    let mut open = vec![true; batch.rows];
    for other in others {
        let Some(Some(Cells::Text(texts))) = batch.columns.get(other.place) else { continue };
        let is_other = |text: &str| if other.only.contains(fold(text).as_ref()) { Kind::Own } else { Kind::Other };
        let mut rows = Vec::new();
        let kinds = other.kinds.of_rows(texts, Kind::Blank, is_other);
        for (row, (kind, open)) in kinds.into_iter().zip(&mut open).enumerate().filter(|(_, (_, open))| **open) {
            match kind {
                Kind::Own => continue,
                Kind::Blank => other.blank += 1,
                Kind::Other => rows.extend(other.texts.number_of(texts, row).map(|number| (row, cell(number)))),
            }
            *open = false;
        }
        other.tally.add(&rows, &[]);
    }
}
