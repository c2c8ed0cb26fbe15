//! Spellings, counted: those that no list knows, and those that say of a row that it is of another kind.

use super::tally::Tally;
use super::{OtherKind, Unlisted, by_frequency, named};
use crate::measure::local::Interner;
use crate::plan::{Plan, TablePlan, vocabulary};
use crate::read::{Batch, Cells, Wanted};
use crate::rules::ColumnType;
use crate::text::{compared, fold, nearest, trim};
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, Decimal128Array, DictionaryArray, StringArray};
use std::collections::{BTreeMap, BTreeSet};

/// A column that is looked up in lists, and what the rules know of it.
pub(in crate::measure) struct Listed {
    name: String,
    place: usize,
    exact: bool,
    spellings: BTreeMap<String, String>,
    is_asked: bool,
}

/// The columns of a table that are looked up in lists.
pub(super) fn listed(plan: &Plan, table: &TablePlan) -> Vec<Listed> {
    let Some(written) = plan.rules.tables.get(&table.name) else { return Vec::new() };
    let place = |name: &String| table.wanted.iter().position(|wanted| wanted.name == *name);
    let known = vocabulary(&plan.rules, written).into_iter();
    let listed = known.filter_map(|(name, vocabulary)| {
        Some(Listed {
            place: place(&name)?,
            exact: written.columns.get(&name) == Some(&ColumnType::Exact),
            name,
            spellings: vocabulary.spellings,
            is_asked: vocabulary.is_asked,
        })
    });
    listed.collect()
}

/// The spellings of a column that no list knows.
pub(super) struct Spelled<'a> {
    listed: &'a Listed,
    texts: Interner,
    tally: Tally,
}

impl<'a> Spelled<'a> {
    pub(super) fn new(listed: &'a Listed, amounts: usize) -> Self {
        Self { listed, texts: Interner::new(listed.exact), tally: Tally::new(amounts) }
    }

    pub(super) fn see(&mut self, batch: &Batch, counts: &[bool], amounts: &[Option<&Decimal128Array>]) {
        let Some(Some(Cells::Text(texts))) = batch.columns.get(self.listed.place) else { return };
        let is_unlisted = |text: &str| !self.listed.spellings.contains_key(compared(text, self.listed.exact).as_ref());
        // A spelling is only met where a row that counts has it.
        let numbers = numbers(texts, |text| is_unlisted(text).then_some(text));
        if numbers.iter().all(Option::is_none) {
            return;
        }
        let mut cells: Vec<Option<usize>> = vec![None; numbers.len()];
        let mut rows = Vec::new();
        for (row, (code, counts)) in texts.keys().iter().zip(counts).enumerate() {
            let Some(code) = code.filter(|_| *counts).and_then(|code| usize::try_from(code).ok()) else { continue };
            let (Some(Some(text)), Some(cell)) = (numbers.get(code), cells.get_mut(code)) else { continue };
            let cell = *cell.get_or_insert_with(|| number(&mut self.texts, text));
            rows.push((row, cell));
        }
        self.tally.add(&rows, amounts);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let cells = merged(&mut self.texts, &other.texts);
        self.tally.merge(&other.tally, &cells);
    }

    /// The column's name and its spellings; `None` where a sum left what can be computed with.
    pub(super) fn finish(&self, names: &[String]) -> Option<(String, Vec<Unlisted>)> {
        let known = || self.listed.spellings.values().map(String::as_str);
        let mut all = Vec::new();
        for (cell, spelling) in self.texts.shown().iter().enumerate() {
            let near = nearest(&compared(spelling, self.listed.exact), known()).map(str::to_owned);
            if self.listed.is_asked || near.is_some() {
                let sums = named(names, self.tally.sums(cell)?);
                all.push(Unlisted { spelling: trim(spelling).to_owned(), near, rows: self.tally.rows(cell), sums });
            }
        }
        by_frequency(&mut all, |one| one.rows, |one| one.spelling.clone());
        Some((self.listed.name.clone(), all))
    }
}

/// The values of a column that say of rows that they are of another kind.
pub(super) struct Other<'a> {
    name: &'a str,
    place: usize,
    only: &'a BTreeSet<String>,
    texts: Interner,
    tally: Tally,
    blank: u64,
}

impl<'a> Other<'a> {
    /// One for each column that tells rows of another kind.
    pub(super) fn all(wanted: &'a [Wanted]) -> Vec<Self> {
        let tells =
            wanted.iter().enumerate().filter_map(|(place, wanted)| Some((place, wanted, wanted.only.as_ref()?)));
        tells
            .map(|(place, wanted, only)| Self {
                name: &wanted.name,
                place,
                only,
                texts: Interner::new(false),
                tally: Tally::new(0),
                blank: 0,
            })
            .collect()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let cells = merged(&mut self.texts, &other.texts);
        self.tally.merge(&other.tally, &cells);
        self.blank += other.blank;
    }

    pub(super) fn finish(&self) -> Vec<OtherKind> {
        let kind = |spelling: Option<String>, rows| OtherKind { column: self.name.to_owned(), spelling, rows };
        let shown = self.texts.shown().iter().enumerate();
        let mut all: Vec<OtherKind> =
            shown.map(|(cell, text)| kind(Some(String::from(&**text)), self.tally.rows(cell))).collect();
        if self.blank > 0 {
            all.push(kind(None, self.blank));
        }
        by_frequency(&mut all, |one| one.rows, |one| one.spelling.clone());
        all
    }
}

/// Counts rows of another kind under the first column that says so.
pub(super) fn see_others(others: &mut [Other<'_>], batch: &Batch) {
    let mut open = vec![true; batch.rows];
    for other in others {
        let Some(Some(Cells::Text(texts))) = batch.columns.get(other.place) else { continue };
        let numbers =
            numbers(texts, |text| (!other.only.contains(fold(text).as_ref())).then(|| number(&mut other.texts, text)));
        let mut rows = Vec::new();
        for (row, (code, open)) in texts.keys().iter().zip(&mut open).enumerate().filter(|(_, (_, open))| **open) {
            match code {
                None => other.blank += 1,
                Some(code) => {
                    let Some(Some(cell)) = usize::try_from(code).ok().and_then(|at| numbers.get(at)) else { continue };
                    rows.push((row, *cell));
                }
            }
            *open = false;
        }
        other.tally.add(&rows, &[]);
    }
}

/// What is made of each distinct text of a batch.
fn numbers<'t, T>(texts: &'t DictionaryArray<UInt32Type>, make: impl FnMut(&'t str) -> Option<T>) -> Vec<Option<T>> {
    match texts.values().as_any().downcast_ref::<StringArray>() {
        Some(values) => values.iter().map(|text| text.unwrap_or("")).map(make).collect(),
        None => Vec::new(),
    }
}

fn number(texts: &mut Interner, text: &str) -> usize {
    usize::try_from(texts.number(text)).unwrap_or(0)
}

fn merged(mine: &mut Interner, theirs: &Interner) -> Vec<usize> {
    mine.merge(theirs).into_iter().map(|number| usize::try_from(number).unwrap_or(0)).collect()
}
