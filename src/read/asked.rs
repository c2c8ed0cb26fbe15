//! Rows in which nobody asks for a column's text: those of months that no group of it is taken over.

use crate::month::Month;
use std::collections::BTreeSet;

/// The months in which a column's texts are asked for. In other rows only faults are told, and whether rows are alike.
///
/// A year of billing lines judged by four months of customers has customers that nothing looks up in two rows of three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The wanted column that is the month.
    month: usize,
    /// The first of them.
    first: i32,
    /// From that on, for each month whether it is one.
    months: Vec<bool>,
}

impl Asked {
    /// In these months by that column.
    #[must_use]
    pub fn new(month: usize, months: &BTreeSet<Month>) -> Self {
        let first = months.first().map_or(0, |month| month.index());
        let last = months.last().map_or(first - 1, |month| month.index());
        Self { month, first, months: (first..=last).map(|at| months.contains(&Month::from_index(at))).collect() }
    }

    /// The wanted column that is the month.
    #[must_use]
    pub const fn month(&self) -> usize {
        self.month
    }

    /// For each row, by the index of its month, whether its text is asked for.
    #[must_use]
    pub fn rows(&self, months: &[i32]) -> Vec<bool> {
        let at = |month: &i32| usize::try_from(month.wrapping_sub(self.first)).ok();
        months.iter().map(|month| at(month).and_then(|at| self.months.get(at)).copied().unwrap_or(false)).collect()
    }
}
