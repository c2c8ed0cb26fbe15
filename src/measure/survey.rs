//! What stands in the rows that no score shows: what each test drops, rows of another kind, spellings that no list knows,
//! amounts below zero.

mod clauses;
mod spellings;
mod tally;

use super::local::Fates;
use crate::exact::Exact;
use crate::plan::{Plan, TablePlan};
use crate::read::{Batch, Cells};
use crate::rules::ColumnType;
use arrow_array::Decimal128Array;
use clauses::Clauses;
use spellings::{Listed, Other, Spelled};
use tally::Tally;

/// What a table's rows hold.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// What each of the plan's clauses does, in its order.
    pub clauses: Vec<Sifted>,
    /// The values of rows of another kind than the table's, the most frequent first.
    pub other_kinds: Vec<OtherKind>,
    /// By column the spellings that no list of the rules knows, the most frequent first. Where lists only name what is
    /// left out, those that are nearly in one.
    pub unlisted: Vec<(String, Vec<Unlisted>)>,
    /// By column how many amounts are below zero, and their sum.
    pub negative: Vec<(String, u64, Exact)>,
}

/// What a clause keeps and drops of the rows that reach it: those of the months that any measure looks at, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sifted {
    /// How many rows reach it.
    pub reached: u64,
    /// How many of them it drops.
    pub dropped: u64,
    /// The sums over the rows dropped, by column.
    pub sums: Vec<(String, Exact)>,
}

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

/// A spelling that no list knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The spelling.
    pub spelling: String,
    /// The listed one that it nearly is.
    pub near: Option<String>,
    /// How many rows have it.
    pub rows: u64,
    /// The sums over those rows, by column.
    pub sums: Vec<(String, Exact)>,
}

/// What the columns of each table are looked up in, in the order of the plan.
pub(super) fn vocabularies(plan: &Plan) -> Vec<Vec<Listed>> {
    plan.tables.iter().map(|table| spellings::listed(plan, table)).collect()
}

/// What one thread has seen so far. Rows that repeat an amount are passed over.
pub(super) struct Surveyor<'a> {
    table: &'a TablePlan,
    fates: Fates<'a>,
    /// The places of the columns that can be added up.
    amounts: Vec<usize>,
    clauses: Clauses<'a>,
    others: Vec<Other<'a>>,
    unlisted: Vec<Spelled<'a>>,
    /// For each amount.
    negative: Vec<Tally>,
}

impl<'a> Surveyor<'a> {
    pub(super) fn new(table: &'a TablePlan, listed: &'a [Listed]) -> Self {
        let is_amount = |kind| matches!(kind, ColumnType::Money | ColumnType::Count);
        let amounts = table.wanted.iter().enumerate().filter(|(_, wanted)| is_amount(wanted.kind));
        let amounts: Vec<usize> = amounts.map(|(place, _)| place).collect();
        Self {
            table,
            fates: Fates::new(table),
            clauses: Clauses::new(&table.clauses, amounts.len()),
            others: Other::all(&table.wanted),
            unlisted: listed.iter().map(|listed| Spelled::new(listed, amounts.len())).collect(),
            negative: amounts.iter().map(|_| Tally::new(1)).collect(),
            amounts,
        }
    }

    pub(super) fn see(&mut self, batch: &Batch) {
        if batch.is_other {
            spellings::see_others(&mut self.others, batch);
            return;
        }
        let fates = self.fates.of(batch);
        let counts: Vec<bool> = fates.iter().map(|fate| fate.is_of_the_table()).collect();
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
        for spelled in &mut self.unlisted {
            spelled.see(batch, &counts, &amounts);
        }
        self.clauses.see(batch, &fates, &amounts);
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.negative.iter_mut().zip(&other.negative) {
            mine.merge(theirs, &[0]);
        }
        for (mine, theirs) in self.others.iter_mut().zip(&other.others) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.unlisted.iter_mut().zip(&other.unlisted) {
            mine.merge(theirs);
        }
        self.clauses.merge(&other.clauses);
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
        let unlisted = whole.unlisted.iter().map(|spelled| spelled.finish(&names));
        Some(Survey {
            clauses: whole.clauses.finish(&names)?,
            other_kinds: whole.others.iter().flat_map(Other::finish).collect(),
            unlisted: unlisted.collect::<Option<_>>()?,
            negative: negative.collect::<Option<_>>()?,
        })
    }
}

/// The most frequent first, those of one number in the order of their spellings.
fn by_frequency<T, K: Ord>(all: &mut [T], rows: impl Fn(&T) -> u64, spelling: impl Fn(&T) -> K) {
    all.sort_by_cached_key(|one| (std::cmp::Reverse(rows(one)), spelling(one)));
}

/// Sums with the names of their columns.
fn named(names: &[String], sums: Vec<Exact>) -> Vec<(String, Exact)> {
    names.iter().cloned().zip(sums).collect()
}
