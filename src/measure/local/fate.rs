//! What becomes of each row: it is counted once.

use super::mask;
use crate::measure::Account;
use crate::plan::TablePlan;
use crate::read::Batch;
use std::collections::BTreeSet;

/// What decides on a row before any measure does.
#[derive(Debug)]
pub(in crate::measure) struct Fates<'a> {
    table: &'a TablePlan,
    /// The months that any measure looks at.
    looked_at: BTreeSet<i32>,
}

impl<'a> Fates<'a> {
    pub(in crate::measure) fn new(table: &'a TablePlan) -> Self {
        let months = table.accumulators.iter().flat_map(|a| a.months.iter().map(|month| month.index()));
        Self { table, looked_at: months.collect() }
    }

    /// What becomes of each row as far as no measure has taken it in.
    pub(in crate::measure) fn of(&self, batch: &Batch) -> Vec<Fate> {
        let mut fates = vec![Fate::Dropped; batch.rows];
        let months = self.table.month.and_then(|at| batch.months(at));
        let mut last = None;
        for (fate, month) in fates.iter_mut().zip(months.iter().flat_map(|months| months.values())) {
            // Exports are often sorted: most rows repeat the month of the one before.
            let outside = match last {
                Some((known, outside)) if known == *month => outside,
                _ => !self.looked_at.contains(month),
            };
            last = Some((*month, outside));
            if outside {
                *fate = Fate::Outside;
            }
        }
        for mark in &self.table.marks {
            for (fate, counts) in fates.iter_mut().zip(mask::of(mark, batch)) {
                if !counts {
                    *fate = Fate::Duplicate;
                }
            }
        }
        fates
    }
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::measure) enum Fate {
    /// A measure takes it in.
    Used,
    /// It is the table's, and no measure keeps it.
    Dropped,
    /// It is the table's, and of a month that no measure looks at.
    Outside,
    /// It repeats an amount.
    Duplicate,
}

impl Fate {
    /// Whether the row is the table's, and counts once.
    pub(in crate::measure) fn is_of_the_table(self) -> bool {
        matches!(self, Self::Used | Self::Dropped | Self::Outside)
    }
}

impl Account {
    pub(super) fn new(table: &TablePlan) -> Self {
        let is_read = !table.accumulators.is_empty() && !table.files.is_empty();
        Self { table: table.name.clone(), is_read, ..Self::default() }
    }

    pub(super) fn add(&mut self, fates: &[Fate]) {
        for fate in fates {
            match fate {
                Fate::Used => self.used += 1,
                Fate::Dropped => self.dropped += 1,
                Fate::Outside => self.outside += 1,
                Fate::Duplicate => self.duplicate += 1,
            }
        }
    }

    /// Takes in what another thread counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.used += other.used;
        self.dropped += other.dropped;
        self.outside += other.outside;
        self.duplicate += other.duplicate;
    }
}
