//! What stands in the rows that no score shows: what each test drops, amounts below zero.

mod apart;
mod clauses;

use super::local::{Fate, Fates};
use super::tally::Tally;
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{ClauseAt, TablePlan};
use crate::read::{Batch, Cells};
use crate::rules::ColumnType;
use apart::Sieve;
use arrow_array::Decimal128Array;
use clauses::Clauses;
use std::collections::BTreeMap;

/// What a table's rows hold.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// What each of the plan's clauses does, in its order.
    pub clauses: Vec<Sifted>,
    /// How many rows there are, each counted once.
    pub rows: u64,
    /// How many of them each month has, in a table that has months.
    pub months: BTreeMap<Month, u64>,
    /// By column how many amounts are below zero, and their sum.
    pub negative: Vec<(String, u64, Exact)>,
    /// What each variant of a clause does, month by month, where readings are told apart.
    apart: Sieve,
}

/// What a clause keeps and drops of the rows that reach it: those of the months that any measure looks at, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// How many rows reach it.
    pub reached: u64,
    /// How many of them it drops.
    pub dropped: u64,
    /// The sums over the rows dropped, by column.
    pub sums: Vec<(String, Exact)>,
}

impl Survey {
    /// What a variant of a clause does to the rows of some months, or of a table without any.
    #[must_use]
    pub fn sifted(&self, at: ClauseAt, months: &[Month]) -> Sifted {
        let by_month = self.apart.get(&at).into_iter().flatten();
        let asked = by_month.filter(|(month, _)| month.is_none_or(|month| months.contains(&month)));
        asked.fold(Sifted::default(), |sifted, (_, of_month)| sifted.plus(of_month))
    }
}

impl Sifted {
    fn plus(mut self, other: &Self) -> Self {
        self.reached += other.reached;
        self.dropped += other.dropped;
        for (column, sum) in &other.sums {
            match self.sums.iter_mut().find(|(known, _)| known == column) {
                Some((_, known)) => *known = &*known + sum,
                None => self.sums.push((column.clone(), sum.clone())),
            }
        }
        self
    }
}

/// What one thread has seen so far. Rows that repeat an amount are passed over.
pub(super) struct Surveyor<'a> {
    table: &'a TablePlan,
    fates: Fates<'a>,
    /// The places of the columns that can be added up.
    amounts: Vec<usize>,
    clauses: Clauses<'a>,
    /// For each amount.
    negative: Vec<Tally>,
    rows: u64,
    months: BTreeMap<Month, u64>,
}

impl<'a> Surveyor<'a> {
    /// Sees the rows of all entities.
    pub(super) fn of_all(table: &'a TablePlan) -> Self {
        Self::new(table, false)
    }

    /// Sees the rows of one entity, and tells readings apart.
    pub(super) fn of_one(table: &'a TablePlan) -> Self {
        Self::new(table, true)
    }

    fn new(table: &'a TablePlan, is_apart: bool) -> Self {
        let is_amount = |kind| matches!(kind, ColumnType::Money | ColumnType::Count);
        let amounts = table.wanted.iter().enumerate().filter(|(_, wanted)| is_amount(wanted.kind));
        let amounts: Vec<usize> = amounts.map(|(place, _)| place).collect();
        Self {
            table,
            fates: Fates::new(table),
            clauses: Clauses::new(&table.clauses, amounts.len(), is_apart),
            negative: amounts.iter().map(|_| Tally::new(1)).collect(),
            amounts,
            rows: 0,
            months: BTreeMap::new(),
        }
    }

    pub(super) fn see(&mut self, batch: &Batch<'_>) {
        if batch.is_other {
            return;
        }
        let months = self.table.month.and_then(|at| batch.months(at));
        let fates = self.fates.of(batch, months.as_deref());
        let counts: Vec<bool> = fates.iter().map(|fate| fate.is_of_the_table()).collect();
        self.rows += counts.iter().map(|counts| u64::from(*counts)).sum::<u64>();
        if let Some(months) = &months {
            for (month, _) in months.values().iter().zip(&counts).filter(|(_, counts)| **counts) {
                *self.months.entry(Month::from_index(*month)).or_default() += 1;
            }
        }
        let amounts: Vec<Option<&Decimal128Array>> = self
            .amounts
            .iter()
            .map(|at| match batch.columns.get(*at) {
                Some(Some(Cells::Number(numbers))) => Some(numbers),
                _ => None,
            })
            .collect();
        for (numbers, negative) in amounts.iter().zip(&mut self.negative) {
            let Some(array) = numbers else { continue };
            let values = array.values().iter().zip(&counts).enumerate();
            let below_zero = values.filter(|(_, (value, counts))| **counts && **value < 0);
            let rows: Vec<(usize, usize)> = below_zero.map(|(row, _)| (row, 0)).collect();
            negative.add(&rows, &[*numbers]);
        }
        let looked_at = fates.iter().map(|fate| *fate == Fate::Dropped);
        self.clauses.see(batch, months.as_deref(), &looked_at.collect::<Vec<_>>(), &amounts);
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.negative.iter_mut().zip(&other.negative) {
            mine.merge(theirs, std::iter::once(0));
        }
        self.clauses.merge(&other.clauses);
        self.rows += other.rows;
        for (month, rows) in &other.months {
            *self.months.entry(*month).or_default() += rows;
        }
    }

    /// What all threads have seen of a table; `None` where a sum left what can be computed with.
    pub(super) fn together(mut all: Vec<Self>) -> Option<Survey> {
        let Some(mut whole) = all.pop() else { return Some(Survey::default()) };
        for one in &all {
            whole.merge(one);
        }
        let name = |at: &usize| whole.table.wanted.get(*at).map_or_else(String::new, |wanted| wanted.name.clone());
        let names: Vec<String> = whole.amounts.iter().map(name).collect();
        let negative = names
            .iter()
            .zip(&whole.negative)
            .map(|(name, tally)| Some((name.clone(), tally.rows(0), tally.sums(0)?.pop()?)));
        Some(Survey {
            clauses: whole.clauses.finish(&names)?,
            apart: whole.clauses.finish_apart(&names)?,
            rows: whole.rows,
            months: whole.months,
            negative: negative.collect::<Option<_>>()?,
        })
    }
}
