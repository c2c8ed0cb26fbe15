//! Texts that nothing asks for, passed over: only what they look like is kept.

use super::Column;
use crate::read::rows::Held;
use crate::read::texts::PASSED;
use crate::read::value::{LONGEST_TEXT, is_plain};
use crate::read::view::Origin;
use crate::read::{Cells, Wanted};
use crate::text::{hashed_and_met, trim};
use arrow_array::Array as _;

/// The places of a file's columns in the order in which they are taken: months before texts that some months ask for.
pub(in crate::read) fn in_turn(origins: &[Origin<'_>], wanted: &[Wanted]) -> Vec<usize> {
    let waits = |at: &usize| {
        let wanted = origins.get(*at).and_then(|origin| wanted.get(origin.wanted));
        wanted.is_some_and(|wanted| wanted.asked.is_some())
    };
    let (last, mut all): (Vec<usize>, Vec<usize>) = (0..origins.len()).partition(waits);
    all.extend(last);
    all
}

impl Column<'_, '_> {
    /// For each row whether its text is asked for; none where all are.
    pub(super) fn asked(&self) -> Option<Vec<bool>> {
        let asked = self.wanted.asked.as_ref()?;
        match self.held.get(asked.month())? {
            Some(Held::Cells(Cells::Month(months))) if months.null_count() == 0 => {
                let rows = asked.rows(months.values());
                // Where nearly all are, to hash them as well costs more than it spares.
                let count = rows.iter().filter(|is_asked| **is_asked).count();
                Some(rows).filter(|rows| count * 4 < rows.len() * 3)
            }
            _ => None,
        }
    }

    /// The codes of texts that stand one by one, but for rows that nothing asks: to hash one costs a third of finding it.
    /// Entries of dictionaries are found as fast as hashed, and are not passed over.
    pub(super) fn passing<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>, asked: &[bool]) -> Option<Held> {
        let cells: Vec<Option<&str>> = cells.collect();
        let looks: Vec<Look> = cells.iter().copied().map(Look::of).collect();
        let open = open(&looks, asked);
        let found = self.found(open.iter().map(|row| cells.get(*row).copied().flatten()))?;
        let hashes = looks.into_iter().map(|look| look.hash).collect();
        Some(Held::Passing(with_passed(asked.len(), open, found), hashes))
    }
}

/// What a text looks like that may be passed over.
#[derive(Clone, Copy, Default)]
struct Look {
    /// What it hashes to; 0 where the cell is missing.
    hash: u64,
    /// Whether it is sure to be text. What is not has to be read, whoever asks.
    is_plain: bool,
}

impl Look {
    fn of(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let (hash, met) = hashed_and_met(text);
        // The short way, which nearly all go.
        if !met.is_odd() && (1..=LONGEST_TEXT).contains(&text.len()) {
            return Self { hash, is_plain: true };
        }
        Self { hash: if trim(text).is_empty() { 0 } else { hash }, is_plain: is_plain(text) }
    }
}

/// The rows whose texts have to be found: those that something asks, and what may be no text.
fn open(looks: &[Look], asked: &[bool]) -> Vec<usize> {
    let rows = looks.iter().zip(asked).enumerate();
    rows.filter(|(_, (look, is_asked))| **is_asked || !look.is_plain).map(|(row, _)| row).collect()
}

/// The codes of so many rows, of which all but some were passed over.
fn with_passed(rows: usize, open: Vec<usize>, found: Vec<u32>) -> Vec<u32> {
    let mut codes = vec![PASSED; rows];
    for (row, code) in open.into_iter().zip(found) {
        codes.get_mut(row).into_iter().for_each(|known| *known = code);
    }
    codes
}
