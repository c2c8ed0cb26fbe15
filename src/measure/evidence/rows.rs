//! Rows that are shown one by one, each with what every measure makes of it.

pub use super::why::WhyNot;
use super::why::{cell, why_not};
use super::{Asked, KeyAsked};
use crate::measure::local::{Fate, Fates, mask};
use crate::month::Month;
use crate::plan::TablePlan;
use crate::read::{Batch, Cells};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows of a table are kept, the first by their cells: the choice depends on nothing else.
const MOST_ROWS: usize = 2000;

/// A row that is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowSeen {
    /// Its month, in a table that has months.
    pub month: Option<Month>,
    /// Its cells, in the order of the columns that are read; none where one is missing.
    pub cells: Vec<Option<String>>,
    /// The places of the columns that its file lacks.
    pub lacking: Vec<usize>,
    /// Whether it repeats an amount, and is passed over for that.
    pub is_repeated: bool,
    /// For each accumulator of the table why it does not count; none where it does.
    pub why_not: Vec<Option<WhyNot>>,
}

/// What one thread has seen so far.
pub(super) struct Witness<'a> {
    table: &'a TablePlan,
    asked: &'a Asked,
    filters: Vec<mask::Filter<'a>>,
    fates: Fates<'a>,
    /// The places of the columns by which anything is grouped, and of their second names.
    keys: BTreeSet<usize>,
    rows: BTreeMap<RowSeen, u64>,
    /// How many rows were not kept.
    more: u64,
}

impl<'a> Witness<'a> {
    pub(super) fn new(table: &'a TablePlan, asked: &'a Asked) -> Self {
        let mut keys: BTreeSet<usize> = table.accumulators.iter().flat_map(|a| a.keys.iter().copied()).collect();
        keys.extend(
            table
                .identities
                .iter()
                .filter(|(first, _)| keys.contains(first))
                .map(|(_, second)| *second)
                .collect::<Vec<_>>(),
        );
        let filters = table.filters.iter().map(mask::Filter::new).collect();
        Self { table, asked, filters, fates: Fates::new(table), keys, rows: BTreeMap::new(), more: 0 }
    }

    pub(super) fn see(&mut self, batch: &Batch<'_>) {
        if batch.is_other || self.keys.is_empty() || (self.asked.group.is_none() && self.table.month.is_some()) {
            return;
        }
        let shown = self.shown(batch);
        if shown.is_empty() {
            return;
        }
        let months = self.table.month.and_then(|at| batch.months(at));
        let fates = self.fates.of(batch, months.as_deref());
        let masks: Vec<Vec<bool>> = self.filters.iter_mut().map(|filter| filter.holds(batch)).collect();
        let is_lacking = |at: &usize| batch.columns.get(*at).is_none_or(Option::is_none);
        let lacking: Vec<usize> = (0..self.table.wanted.len()).filter(is_lacking).collect();
        for row in shown {
            let month = months.as_ref().and_then(|months| months.values().get(row)).copied().map(Month::from_index);
            let why_not = self.table.accumulators.iter().map(|accumulator| {
                let is_held = masks.get(accumulator.filter).and_then(|mask| mask.get(row)).copied().unwrap_or(false);
                let filter = self.table.filters.get(accumulator.filter).filter(|_| !is_held)?;
                Some(why_not(filter, self.table, batch, row))
            });
            let seen = RowSeen {
                month,
                cells: (0..self.table.wanted.len()).map(|at| cell(batch, at, row)).collect(),
                lacking: lacking.clone(),
                is_repeated: fates.get(row) == Some(&Fate::Duplicate),
                why_not: why_not.collect(),
            };
            self.keep(seen, 1);
        }
    }

    /// The rows of the group asked for; where none is, all of them.
    fn shown(&self, batch: &Batch<'_>) -> Vec<usize> {
        // Rows without months are few, and which of them are one's can show only when all are seen.
        let Some(group) = self.asked.group.as_ref().filter(|_| self.table.month.is_some()) else {
            return (0..batch.rows).collect();
        };
        let keys = self.keys.iter().filter_map(|at| {
            let is_text = matches!(batch.columns.get(*at), Some(Some(Cells::Text(_))));
            // A second name stands for its first.
            let stands_for_another = is_text && group.column.is_some() && self.is_second(*at);
            let wanted = self.table.wanted.get(*at)?;
            Some((*at, if stands_for_another { self.first_of(*at) } else { wanted.name.as_str() }))
        });
        let keys: Vec<(usize, &str)> = keys.collect();
        let is_asked = |row: &usize| {
            keys.iter().any(|(at, name)| {
                cell(batch, *at, *row).is_some_and(|text| {
                    let asked = KeyAsked { value: self.table.meant(*at, &group.value).to_owned(), ..group.clone() };
                    group.is(name, &text) || asked.is(name, self.table.meant(*at, &text))
                })
            })
        };
        (0..batch.rows).filter(is_asked).collect()
    }

    fn is_second(&self, at: usize) -> bool {
        self.table.identities.iter().any(|(_, second)| *second == at)
    }

    /// The name of the column whose second name a column holds.
    fn first_of(&self, at: usize) -> &str {
        let first = self.table.identities.iter().find(|(_, second)| *second == at).map(|(first, _)| *first);
        first.and_then(|first| self.table.wanted.get(first)).map_or("", |wanted| wanted.name.as_str())
    }

    fn keep(&mut self, row: RowSeen, count: u64) {
        *self.rows.entry(row).or_default() += count;
        if self.rows.len() > MOST_ROWS {
            self.more += self.rows.pop_last().map_or(0, |(_, count)| count);
        }
    }

    /// What all threads have seen of a table.
    pub(super) fn together(mut all: Vec<Self>) -> (BTreeMap<RowSeen, u64>, u64) {
        let Some(mut whole) = all.pop() else { return Default::default() };
        for one in all {
            whole.more += one.more;
            for (row, count) in one.rows {
                whole.keep(row, count);
            }
        }
        (whole.rows, whole.more)
    }
}
