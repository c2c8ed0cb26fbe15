//! What becomes of each row: it is counted once.

use super::by_month::ByMonth;
use super::mask;
use crate::measure::Account;
use crate::plan::TablePlan;
use crate::read::Batch;
use arrow_array::Int32Array;

/// What decides on a row before any measure does.
pub(in crate::measure) struct Fates<'a> {
    marks: Vec<mask::Filter<'a>>,
    /// The months that any measure looks at.
    looked_at: ByMonth<bool>,
}

impl<'a> Fates<'a> {
    pub(in crate::measure) fn new(table: &'a TablePlan) -> Self {
        let months = || table.accumulators.iter().flat_map(|a| a.months.iter().map(|month| month.index()));
        let mut looked_at = ByMonth::default();
        months().for_each(|month| *looked_at.at(month) = true);
        let marks = table.marks.iter().map(mask::Filter::new).collect();
        Self { marks, looked_at }
    }

    /// What becomes of each row as far as no measure has taken it in.
    pub(in crate::measure) fn of(&mut self, batch: &Batch<'_>, months: Option<&Int32Array>) -> Vec<Fate> {
        let mut fates = vec![Fate::Dropped; batch.rows];
        for (fate, month) in fates.iter_mut().zip(months.into_iter().flat_map(Int32Array::values)) {
            if self.looked_at.get(*month) != Some(&true) {
                *fate = Fate::Outside;
            }
        }
        for mark in &mut self.marks {
            for (fate, counts) in fates.iter_mut().zip(mark.holds(batch)) {
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
        let count = |of: Fate| fates.iter().map(|fate| u64::from(*fate == of)).sum::<u64>();
        for fate in [Fate::Used, Fate::Dropped, Fate::Outside, Fate::Duplicate] {
            self.add_rows(fate, count(fate));
        }
    }

    /// Counts rows of one fate.
    pub(super) fn add_rows(&mut self, fate: Fate, rows: u64) {
        let known = match fate {
            Fate::Used => &mut self.used,
            Fate::Dropped => &mut self.dropped,
            Fate::Outside => &mut self.outside,
            Fate::Duplicate => &mut self.duplicate,
        };
        *known += rows;
    }

    /// Takes in what another thread counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.used += other.used;
        self.dropped += other.dropped;
        self.outside += other.outside;
        self.duplicate += other.duplicate;
    }
}
