//! Rows and sums, counted in numbered cells.

use super::sums::{Adder, Narrow, Sums};
use crate::exact::Exact;
use arrow_array::Decimal128Array;

/// The place of the rows among a cell's numbers; the sums follow.
const ROWS: usize = 0;

/// Rows, and sums of some columns, by cell.
#[derive(Debug)]
pub(super) struct Tally {
    narrow: Narrow,
    /// For each column that is added up.
    sums: Vec<Sums>,
}

impl Tally {
    pub(super) fn new(amounts: usize) -> Self {
        Self { narrow: Narrow::new(1 + amounts), sums: (0..amounts).map(|at| Sums::new(1 + at)).collect() }
    }

    /// Adds rows, each to its cell, with their amounts; makes room for them.
    pub(super) fn add(&mut self, rows: &[(usize, usize)], amounts: &[Option<&Decimal128Array>]) {
        let Some(last) = rows.iter().map(|(_, cell)| *cell).max() else { return };
        self.grow(last + 1);
        self.count(rows);
        for (at, numbers) in amounts.iter().enumerate() {
            let Some(numbers) = numbers else { continue };
            let Some(mut adder) = self.adder(at, u32::try_from(numbers.scale()).unwrap_or(0)) else { continue };
            for (row, cell) in rows {
                if let Some(value) = numbers.values().get(*row) {
                    adder.add(*cell, *value);
                }
            }
        }
    }

    /// Counts rows, each in its cell.
    pub(super) fn count(&mut self, rows: &[(usize, usize)]) {
        for (_, cell) in rows {
            if let Some(count) = self.narrow.at(*cell, ROWS) {
                *count += 1;
            }
        }
    }

    /// Adds so many rows without amounts to a cell.
    pub(super) fn add_rows(&mut self, cell: usize, rows: u64) {
        self.grow(cell + 1);
        if let Some(count) = self.narrow.at(cell, ROWS) {
            *count += rows.cast_signed();
        }
    }

    /// Adds values of one scale to a sum; none where there is no such sum.
    pub(super) fn adder(&mut self, sum: usize, scale: u32) -> Option<Adder<'_>> {
        Some(self.sums.get_mut(sum)?.adder(&mut self.narrow, scale))
    }

    /// A value of a sum left the numbers before it came here.
    pub(super) fn lose(&mut self, sum: usize) {
        self.sums.get_mut(sum).into_iter().for_each(Sums::lose);
    }

    /// Makes room for so many cells.
    pub(super) fn grow(&mut self, cells: usize) {
        if cells > self.narrow.cells() {
            self.narrow.grow(cells);
            self.sums.iter_mut().for_each(|sums| sums.grow(cells));
        }
    }

    /// Takes in another's cells; `cells` says which number each has here.
    pub(super) fn merge(&mut self, other: &Self, cells: impl Iterator<Item = usize> + Clone) {
        self.grow(cells.clone().map(|cell| cell + 1).max().unwrap_or(0));
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.merge(&mut self.narrow, (theirs, &other.narrow), cells.clone());
        }
        for (cell, count) in cells.zip(other.narrow.each(ROWS)) {
            if let Some(mine) = self.narrow.at(cell, ROWS) {
                *mine += count;
            }
        }
    }

    /// How many rows a cell has.
    pub(super) fn rows(&self, cell: usize) -> u64 {
        self.narrow.get(cell, ROWS).unwrap_or(0).cast_unsigned()
    }

    /// The sums of a cell; `None` where one left what can be computed with.
    pub(super) fn sums(&self, cell: usize) -> Option<Vec<Exact>> {
        self.sums.iter().map(|sums| sums.exact(&self.narrow, cell)).collect()
    }

    /// One sum of a cell, at [`Tally::scale`].
    pub(super) fn sum(&self, sum: usize, cell: usize) -> Option<i128> {
        self.sums.get(sum)?.get(&self.narrow, cell)
    }

    /// The scale of a sum; `None` where any cell of it is beyond `i128`.
    pub(super) fn scale(&self, sum: usize) -> Option<u32> {
        self.sums.get(sum).filter(|sums| sums.fits()).map(Sums::scale)
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.narrow.bytes() + self.sums.iter().map(Sums::bytes).sum::<usize>()
    }
}
