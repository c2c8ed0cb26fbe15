//! What stands in the rows that no score shows: spellings that no list knows, and amounts below zero.

use super::{Effort, local::mask};
use crate::diagnostic::{Diagnostics, Failed};
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{Plan, TablePlan, vocabulary};
use crate::read::{Batch, Cells};
use crate::rules::ColumnType;
use crate::text::{fold, nearest, trim};
use arrow_array::{Array as _, Decimal128Array, StringArray};
use std::collections::{BTreeMap, BTreeSet};

/// What a table's rows hold.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The months that have rows.
    pub months: BTreeSet<Month>,
    /// By column the spellings that no list of the rules knows, the most frequent first. Where lists only name what is
    /// left out, those that are nearly in one.
    pub unknown: Vec<(String, Vec<Unlisted>)>,
    /// By column how many amounts are below zero, and their sum.
    pub below_zero: Vec<(String, u64, Exact)>,
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

/// Looks at every row once more, table by table in the order of the plan. Rows of another kind than the table's, and
/// repeated ones, are passed over.
///
/// # Errors
///
/// [`Failed`] for a file that cannot be read.
pub fn survey(plan: &Plan, effort: Effort, found: &mut Diagnostics) -> Result<Vec<Survey>, Failed> {
    let mut surveys = Vec::new();
    for table in &plan.tables {
        let columns = columns(plan, table);
        let states: Vec<State<'_>> = (0..effort.threads.max(1)).map(|_| State::new(table, &columns)).collect();
        let (states, _) = crate::read::scan(&table.files, &table.wanted, states, State::see)
            .map_err(|problem| found.error(*problem))?;
        let mut whole = State::new(table, &columns);
        for state in states {
            whole.merge(state);
        }
        surveys.push(whole.finish());
    }
    Ok(surveys)
}

/// The columns that are looked up in lists: their places and what the rules know of them.
fn columns(plan: &Plan, table: &TablePlan) -> Vec<Listed> {
    let Some(written) = plan.rules.tables.get(&table.name) else { return Vec::new() };
    let known = vocabulary(&plan.rules, written);
    let place = |name: &String| table.wanted.iter().position(|wanted| wanted.name == *name);
    known
        .into_iter()
        .filter_map(|(name, vocabulary)| {
            Some(Listed {
                place: place(&name)?,
                exact: written.columns.get(&name) == Some(&ColumnType::Exact),
                name,
                spellings: vocabulary.spellings,
                is_asked: vocabulary.is_asked,
            })
        })
        .collect()
}

struct Listed {
    name: String,
    place: usize,
    exact: bool,
    spellings: BTreeMap<String, String>,
    is_asked: bool,
}

/// Rows and sums that share a spelling.
#[derive(Clone, Default)]
struct Tally {
    shown: String,
    rows: u64,
    sums: Vec<Exact>,
}

struct State<'a> {
    table: &'a TablePlan,
    columns: &'a [Listed],
    /// The places of the columns that can be added up.
    amounts: Vec<usize>,
    months: BTreeSet<Month>,
    /// For each listed column: compared spelling → what has it.
    unknown: Vec<BTreeMap<String, Tally>>,
    /// For each amount.
    below_zero: Vec<(u64, Exact)>,
}

impl<'a> State<'a> {
    fn new(table: &'a TablePlan, columns: &'a [Listed]) -> Self {
        let is_amount = |kind| matches!(kind, ColumnType::Money | ColumnType::Count);
        let amounts = table.wanted.iter().enumerate().filter(|(_, wanted)| is_amount(wanted.kind));
        let amounts: Vec<usize> = amounts.map(|(place, _)| place).collect();
        Self {
            table,
            columns,
            months: BTreeSet::new(),
            unknown: columns.iter().map(|_| BTreeMap::new()).collect(),
            below_zero: amounts.iter().map(|_| (0, Exact::zero())).collect(),
            amounts,
        }
    }

    fn see(&mut self, batch: &Batch) {
        if batch.is_other {
            return;
        }
        let column = |at: usize| batch.columns.get(at).and_then(Option::as_ref);
        let mut kept = vec![true; batch.rows];
        for mark in &self.table.marks {
            for (kept, counts) in kept.iter_mut().zip(mask::of(mark, batch)) {
                *kept &= counts;
            }
        }
        if let Some(Cells::Month(months)) = self.table.month.and_then(column) {
            let distinct: BTreeSet<i32> = months.iter().flatten().collect();
            self.months.extend(distinct.into_iter().map(Month::from_index));
        }
        let amounts: Vec<Option<&Decimal128Array>> = self
            .amounts
            .iter()
            .map(|at| match column(*at) {
                Some(Cells::Number(numbers)) => Some(numbers),
                _ => None,
            })
            .collect();
        for (numbers, (rows, sum)) in amounts.iter().zip(&mut self.below_zero) {
            let Some(numbers) = numbers else { continue };
            let is_below_zero = |row: &usize| numbers.values().get(*row).is_some_and(|value| *value < 0);
            for row in (0..batch.rows).filter(|row| kept.get(*row) == Some(&true)).filter(is_below_zero) {
                if let Some(value) = amount(numbers, row) {
                    *rows += 1;
                    *sum = &*sum + &value;
                }
            }
        }
        for (listed, unknown) in self.columns.iter().zip(&mut self.unknown) {
            let Some(Cells::Text(texts)) = column(listed.place) else { continue };
            let Some(values) = texts.values().as_any().downcast_ref::<StringArray>() else { continue };
            let compared: Vec<Option<String>> = values.iter().map(|text| listed.unlisted(text.unwrap_or(""))).collect();
            for (row, code) in texts.keys().iter().enumerate().filter(|(row, _)| kept.get(*row) == Some(&true)) {
                let Some(code) = code.and_then(|code| usize::try_from(code).ok()) else { continue };
                let Some(Some(spelling)) = compared.get(code) else { continue };
                let shown = trim(values.value(code));
                if !unknown.contains_key(spelling) {
                    unknown.insert(spelling.clone(), Tally::new(shown, self.amounts.len()));
                }
                let Some(tally) = unknown.get_mut(spelling) else { continue };
                tally.see(shown);
                tally.rows += 1;
                for (sum, numbers) in tally.sums.iter_mut().zip(&amounts) {
                    if let Some(value) = numbers.and_then(|numbers| amount(numbers, row)) {
                        *sum = &*sum + &value;
                    }
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.months.extend(other.months);
        for ((rows, sum), (more, addition)) in self.below_zero.iter_mut().zip(other.below_zero) {
            *rows += more;
            *sum = &*sum + &addition;
        }
        for (mine, theirs) in self.unknown.iter_mut().zip(other.unknown) {
            for (spelling, tally) in theirs {
                let known = mine.entry(spelling).or_insert_with(|| Tally::new(&tally.shown, tally.sums.len()));
                known.see(&tally.shown);
                known.rows += tally.rows;
                for (sum, addition) in known.sums.iter_mut().zip(&tally.sums) {
                    *sum = &*sum + addition;
                }
            }
        }
    }

    fn finish(self) -> Survey {
        let name = |at: &usize| self.table.wanted.get(*at).map_or_else(String::new, |wanted| wanted.name.clone());
        let names: Vec<String> = self.amounts.iter().map(name).collect();
        let mut unknown = Vec::new();
        for (listed, tallies) in self.columns.iter().zip(self.unknown) {
            let mut all: Vec<Unlisted> = tallies
                .into_iter()
                .map(|(compared, tally)| Unlisted {
                    near: nearest(&compared, listed.spellings.values().map(String::as_str)).map(str::to_owned),
                    spelling: tally.shown,
                    rows: tally.rows,
                    sums: names.iter().cloned().zip(tally.sums).collect(),
                })
                .filter(|unlisted| listed.is_asked || unlisted.near.is_some())
                .collect();
            all.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.spelling.cmp(&b.spelling)));
            unknown.push((listed.name.clone(), all));
        }
        let below_zero = names.into_iter().zip(self.below_zero).map(|(name, (rows, sum))| (name, rows, sum)).collect();
        Survey { months: self.months, unknown, below_zero }
    }
}

impl Listed {
    /// The spelling as it compares, where no list has it.
    fn unlisted(&self, text: &str) -> Option<String> {
        let compared = if self.exact { text.to_owned() } else { fold(text).into_owned() };
        (!self.spellings.contains_key(&compared)).then_some(compared)
    }
}

impl Tally {
    fn new(shown: &str, amounts: usize) -> Self {
        Self { shown: shown.to_owned(), rows: 0, sums: vec![Exact::zero(); amounts] }
    }

    /// Of several spellings that compare as one, the smallest is shown.
    fn see(&mut self, shown: &str) {
        if shown < self.shown.as_str() {
            shown.clone_into(&mut self.shown);
        }
    }
}

fn amount(numbers: &Decimal128Array, row: usize) -> Option<Exact> {
    let scale = u32::try_from(numbers.scale()).ok()?;
    (row < numbers.len() && numbers.is_valid(row)).then(|| Exact::scaled(numbers.value(row), scale))
}
