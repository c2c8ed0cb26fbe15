//! Rows without a cell that a test asks for, counted with their amounts: one cell for each test.

use super::Fate;
use super::mask;
use crate::measure::Untested;
use crate::measure::spellings::named;
use crate::measure::tally::Tally;
use crate::plan::{TablePlan, Unchecked};
use crate::read::{Batch, Cells};
use arrow_array::Decimal128Array;
use std::collections::BTreeSet;

/// What one thread has seen of them.
pub(super) struct Uncheckable<'a> {
    table: &'a TablePlan,
    amounts: Vec<usize>,
    tally: Tally,
}

impl<'a> Uncheckable<'a> {
    pub(super) fn new(table: &'a TablePlan) -> Self {
        let amounts: Vec<usize> = table.amounts().into_iter().collect();
        Self { table, tally: Tally::new(amounts.len()), amounts }
    }

    /// The filters that are asked of a batch: few have rows without a cell.
    pub(super) fn filters(&self, batch: &Batch) -> BTreeSet<usize> {
        self.table.unchecked.iter().filter(|one| is_any(one, batch)).map(|one| one.filter).collect()
    }

    /// Looks at the rows whose month any measure looks at; `masks` are those of the filters.
    pub(super) fn see(&mut self, batch: &Batch, fates: &[Fate], masks: &[Vec<bool>]) {
        let mut rows = Vec::new();
        for (cell, one) in self.table.unchecked.iter().enumerate().filter(|(_, one)| is_any(one, batch)) {
            let Some(kept) = masks.get(one.filter) else { continue };
            let has =
                batch.columns.get(one.column).and_then(Option::as_ref).map(|cells| mask::present(cells, batch.rows));
            let seen = kept.iter().zip(fates).enumerate();
            let touched = seen.filter(|(_, (kept, fate))| **kept && **fate == Fate::Dropped).map(|(row, _)| row);
            let lacks = |row: &usize| has.as_ref().is_none_or(|has| !has.get(*row).copied().unwrap_or(false));
            rows.extend(touched.filter(lacks).map(|row| (row, cell)));
        }
        let number = |at: &usize| match batch.columns.get(*at) {
            Some(Some(Cells::Number(numbers))) => Some(numbers),
            _ => None,
        };
        let amounts: Vec<Option<&Decimal128Array>> = self.amounts.iter().map(number).collect();
        self.tally.add(&rows, &amounts);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.tally.merge(&other.tally, 0..self.table.unchecked.len());
    }

    /// What each test touched; `None` where a sum left what can be computed with.
    pub(super) fn finish(&self) -> Option<Vec<Untested>> {
        let name = |at: &usize| self.table.wanted.get(*at).map_or_else(String::new, |wanted| wanted.name.clone());
        let names: Vec<String> = self.amounts.iter().map(name).collect();
        let mut all = Vec::new();
        for (cell, one) in self.table.unchecked.iter().enumerate() {
            let rows = self.tally.rows(cell);
            // That a file lacks a column is told though no row is touched.
            if rows == 0 && one.lacking.is_empty() {
                continue;
            }
            all.push(Untested {
                is_kept: one.is_kept,
                table: self.table.name.clone(),
                lacking: one.lacking.clone(),
                written_in: one.written_in.clone(),
                column: name(&one.column),
                rows,
                sums: named(&names, self.tally.sums(cell)?),
            });
        }
        Some(all)
    }
}

/// Whether any row of a batch is without the cell.
fn is_any(one: &Unchecked, batch: &Batch) -> bool {
    match batch.columns.get(one.column).and_then(Option::as_ref) {
        None => one.is_kept,
        Some(cells) => one.blanks && super::plausible::blanks(cells) > 0,
    }
}
