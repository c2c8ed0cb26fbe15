//! Spellings that no list of the rules knows, counted.

use super::local::Interner;
use super::tally::Tally;
use crate::exact::Exact;
use crate::lookup::Lookup;
use crate::plan::{Plan, TablePlan};
use crate::read::{Batch, BySpelling, Cells};
use crate::rules::{ColumnType, RuleSet, Vocabulary};
use crate::text::{compared, nearest, stands_in};
use arrow_array::Decimal128Array;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of so many spellings, the most frequent ones, it is looked up which listed ones they nearly are.
const LOOKED_UP: usize = 1000;

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

/// A column that is looked up in lists, and what the rules know of it.
#[derive(Debug)]
pub(super) struct Listed {
    name: String,
    place: usize,
    exact: bool,
    spellings: BTreeMap<String, String>,
    beginnings: Lookup<()>,
    is_asked: bool,
}

impl Listed {
    /// The place of the column.
    pub(super) const fn place(&self) -> usize {
        self.place
    }

    fn is_unlisted(&self, text: &str) -> bool {
        let compared = compared(text, self.exact);
        !self.spellings.contains_key(compared.as_ref()) && !self.beginnings.contains(&compared)
    }
}

/// What the columns of each table are looked up in, in the order of the plan.
pub(super) fn vocabularies(plan: &Plan) -> Vec<Vec<Listed>> {
    plan.tables.iter().map(|table| listed(plan, table)).collect()
}

/// The columns of a table that are looked up in lists: in those of every edition that reads it.
fn listed(plan: &Plan, table: &TablePlan) -> Vec<Listed> {
    let editions = plan.observations.iter().filter_map(|seen| seen.rules.as_ref());
    let mut read: Vec<&Arc<RuleSet>> = Vec::new();
    for rules in editions.filter(|rules| rules.tables.get(&table.name) == Some(&table.table)) {
        if !read.iter().any(|known| Arc::ptr_eq(known, rules)) {
            read.push(rules);
        }
    }
    let mut known: BTreeMap<String, Vocabulary> = BTreeMap::new();
    for (column, more) in read.iter().filter_map(|rules| rules.vocabularies.get(&table.name)).flatten() {
        let column = known.entry(column.clone()).or_default();
        column.spellings.extend(more.spellings.clone());
        column.beginnings.extend(more.beginnings.clone());
        column.is_asked |= more.is_asked;
    }
    for (name, column) in &mut known {
        let exact = table.table.columns.get(name) == Some(&ColumnType::Exact);
        for text in
            table.files.iter().filter_map(|file| file.view.as_ref()?.columns.get(name)).flat_map(|own| &own.words.known)
        {
            column.spellings.entry(compared(text, exact).into_owned()).or_insert_with(|| text.clone());
        }
    }
    let place = |name: &String| table.wanted.iter().position(|wanted| wanted.name == *name);
    let listed = known.into_iter().filter_map(|(name, vocabulary)| {
        Some(Listed {
            place: place(&name)?,
            exact: table.table.columns.get(&name) == Some(&ColumnType::Exact),
            name,
            spellings: vocabulary.spellings,
            beginnings: vocabulary.beginnings,
            is_asked: vocabulary.is_asked,
        })
    });
    listed.collect()
}

/// The spellings of a column that no list knows.
#[derive(Debug)]
pub(super) struct Spelled<'a> {
    listed: &'a Listed,
    texts: Interner,
    tally: Tally,
    /// The number of each spelling that no list knows.
    unlisted: BySpelling<Option<u32>>,
}

impl<'a> Spelled<'a> {
    pub(super) fn new(listed: &'a Listed, amounts: usize) -> Self {
        let texts = Interner::new(listed.exact);
        Self { listed, texts, tally: Tally::new(amounts), unlisted: BySpelling::default() }
    }

    pub(super) fn see(&mut self, batch: &Batch<'_>, counts: &[bool], amounts: &[Option<&Decimal128Array>]) {
        let met = self.cells(batch).into_iter().zip(counts).enumerate().filter(|(_, (_, counts))| **counts);
        let rows: Vec<(usize, usize)> = met.filter_map(|(row, (met, _))| Some((row, met?))).collect();
        self.tally.add(&rows, amounts);
    }

    /// The place of the column.
    pub(super) fn place(&self) -> usize {
        self.listed.place
    }

    /// For each row the cell of its spelling, where no list knows it.
    pub(super) fn cells(&mut self, batch: &Batch<'_>) -> Vec<Option<usize>> {
        let Some(Some(Cells::Text(texts))) = batch.columns.get(self.listed.place) else {
            return vec![None; batch.rows];
        };
        let is_unlisted = |text: &str| self.listed.is_unlisted(text);
        let number = |text: &str| is_unlisted(text).then(|| self.texts.number(text));
        self.unlisted.of_rows(texts, None, number).into_iter().map(|number| number.map(cell)).collect()
    }

    /// Counts so many rows of a cell whose amounts nobody asks for.
    pub(super) fn add_rows(&mut self, cell: usize, rows: u64) {
        self.tally.add_rows(cell, rows);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let cells = merged(&mut self.texts, &other.texts);
        self.tally.merge(&other.tally, cells.iter().copied());
    }

    /// The column's name and its spellings; `None` where a sum left what can be computed with.
    pub(super) fn finish(&self, names: &[String]) -> Option<(String, Vec<Unlisted>)> {
        let known = || self.listed.spellings.values().map(String::as_str);
        let mut all = Vec::new();
        let shown = self.texts.shown().enumerate();
        // A spelling is only met where a row that counts has it.
        for (cell, spelling) in shown.filter(|(cell, _)| self.tally.rows(*cell) > 0) {
            let sums = named(names, self.tally.sums(cell)?);
            let spelling = spelling.to_owned();
            all.push(Unlisted { spelling, near: None, rows: self.tally.rows(cell), sums });
        }
        by_frequency(&mut all, |one| one.rows, |one| one.spelling.clone());
        for one in all.iter_mut().take(LOOKED_UP) {
            // Of columns that only leave something out, other values share words with what is left out.
            let within = || known().find(|name| self.listed.is_asked && stands_in(name, &one.spelling));
            one.near = nearest(&one.spelling, known()).or_else(within).map(str::to_owned);
        }
        all.retain(|one| self.listed.is_asked || one.near.is_some());
        Some((self.listed.name.clone(), all))
    }
}

/// The most frequent first, those of one number in the order of their spellings.
pub(super) fn by_frequency<T, K: Ord>(all: &mut [T], rows: impl Fn(&T) -> u64, spelling: impl Fn(&T) -> K) {
    all.sort_by_cached_key(|one| (std::cmp::Reverse(rows(one)), spelling(one)));
}

/// Sums with the names of their columns.
pub(super) fn named(names: &[String], sums: Vec<Exact>) -> Vec<(String, Exact)> {
    names.iter().cloned().zip(sums).collect()
}

/// The cell of a number.
pub(super) fn cell(number: u32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

pub(super) fn merged(mine: &mut Interner, theirs: &Interner) -> Vec<usize> {
    mine.merge(theirs).into_iter().map(cell).collect()
}
