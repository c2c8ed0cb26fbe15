//! Rows and sums, counted in numbered cells.

use super::sums::Sums;
use crate::exact::Exact;
use arrow_array::Decimal128Array;

/// Rows, and sums of some columns, by cell.
#[derive(Debug)]
pub(super) struct Tally {
    rows: Vec<u64>,
    /// For each column that is added up.
    sums: Vec<Sums>,
}

impl Tally {
    pub(super) fn new(amounts: usize) -> Self {
        Self { rows: Vec::new(), sums: (0..amounts).map(|_| Sums::new()).collect() }
    }

    /// Adds rows, each to its cell, with their amounts.
    pub(super) fn add(&mut self, rows: &[(usize, usize)], amounts: &[Option<&Decimal128Array>]) {
        let Some(last) = rows.iter().map(|(_, cell)| *cell).max() else { return };
        self.grow(last + 1);
        for (_, cell) in rows {
            if let Some(count) = self.rows.get_mut(*cell) {
                *count += 1;
            }
        }
        for (sums, numbers) in self.sums.iter_mut().zip(amounts) {
            if let Some(numbers) = numbers {
                sums.add_rows(numbers, rows);
            }
        }
    }

    /// Adds so many rows without amounts to a cell.
    pub(super) fn add_rows(&mut self, cell: usize, rows: u64) {
        self.grow(cell + 1);
        if let Some(count) = self.rows.get_mut(cell) {
            *count += rows;
        }
    }

    fn grow(&mut self, cells: usize) {
        if cells > self.rows.len() {
            self.rows.resize(cells, 0);
            for sums in &mut self.sums {
                sums.grow(cells);
            }
        }
    }

    /// Takes in another's cells; `cells` says which number each has here.
    pub(super) fn merge(&mut self, other: &Self, cells: &[usize]) {
        self.grow(cells.iter().map(|cell| cell + 1).max().unwrap_or(0));
        for (cell, count) in cells.iter().zip(&other.rows) {
            if let Some(mine) = self.rows.get_mut(*cell) {
                *mine += count;
            }
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.merge(theirs, cells);
        }
    }

    /// How many rows a cell has.
    pub(super) fn rows(&self, cell: usize) -> u64 {
        self.rows.get(cell).copied().unwrap_or(0)
    }

    /// The sums of a cell; `None` where one left what can be computed with.
    pub(super) fn sums(&self, cell: usize) -> Option<Vec<Exact>> {
        self.sums.iter().map(|sums| sums.exact(cell)).collect()
    }
}
