//! What each variant of each clause keeps and drops, month by month: a reading asks one variant of its own months.

use super::Sifted;
use crate::measure::local::ByMonth;
use crate::measure::spellings::named;
use crate::measure::tally::Tally;
use crate::month::Month;
use crate::plan::{Clause, ClauseAt};
use arrow_array::{Decimal128Array, Int32Array};
use std::collections::BTreeMap;

/// What variants keep and drop, by month; of a table without months all rows together.
pub(super) type Sieve = BTreeMap<ClauseAt, BTreeMap<Option<Month>, Sifted>>;

/// Counts in cells: for each month one for each variant of each clause.
pub(super) struct Apart {
    variants: Vec<ClauseAt>,
    /// For each clause the place of its first variant.
    first: Vec<usize>,
    /// The months that were seen, in the order in which they came.
    months: Vec<Option<i32>>,
    /// For each month its place among them.
    places: ByMonth<Option<usize>>,
    reached: Tally,
    dropped: Tally,
}

impl Apart {
    pub(super) fn new(clauses: &[Clause], amounts: usize) -> Self {
        let (mut variants, mut first) = (Vec::new(), Vec::new());
        for (clause, of) in clauses.iter().enumerate() {
            first.push(variants.len());
            variants.extend((0..of.variants.len()).map(|variant| ClauseAt { clause, variant }));
        }
        let (months, places) = (Vec::new(), ByMonth::default());
        Self { variants, first, months, places, reached: Tally::new(0), dropped: Tally::new(amounts) }
    }

    /// For each row the first of its month's cells.
    pub(super) fn cells(&mut self, months: Option<&Int32Array>, rows: usize) -> Vec<usize> {
        match months {
            None => vec![self.cell(None); rows],
            Some(months) => months.values().iter().map(|month| self.cell(Some(*month))).collect(),
        }
    }

    fn cell(&mut self, month: Option<i32>) -> usize {
        // A table has months or has none: without, there is one place.
        let place = self.places.at(month.unwrap_or(0)).get_or_insert_with(|| {
            self.months.push(month);
            self.months.len() - 1
        });
        *place * self.variants.len()
    }

    /// Counts what reaches a variant and what it drops of that; `cells` are those of the rows.
    pub(super) fn see(
        &mut self,
        at: ClauseAt,
        cells: &[usize],
        (reach, kept): (&[bool], &[bool]),
        amounts: &[Option<&Decimal128Array>],
    ) {
        let own = self.first.get(at.clause).map_or(0, |first| first + at.variant);
        let fates = reach.iter().zip(kept).zip(cells).enumerate();
        let reached = fates.filter(|(_, ((reached, _), _))| **reached);
        let reached: Vec<(usize, bool, usize)> =
            reached.map(|(row, ((_, kept), cell))| (row, *kept, cell + own)).collect();
        let dropped = reached.iter().filter(|(_, kept, _)| !kept).map(|(row, _, cell)| (*row, *cell));
        self.dropped.add(&dropped.collect::<Vec<_>>(), amounts);
        self.reached.add(&reached.iter().map(|(row, _, cell)| (*row, *cell)).collect::<Vec<_>>(), &[]);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let months = other.months.iter().map(|month| self.cell(*month)).collect::<Vec<_>>();
        let cells = months.iter().flat_map(|first| *first..first + self.variants.len());
        self.reached.merge(&other.reached, cells.clone());
        self.dropped.merge(&other.dropped, cells);
    }

    /// What was counted; `None` where a sum left what can be computed with.
    pub(super) fn finish(&self, names: &[String]) -> Option<Sieve> {
        let mut sieve = Sieve::new();
        for (place, month) in self.months.iter().enumerate() {
            for (own, at) in self.variants.iter().enumerate() {
                let cell = place * self.variants.len() + own;
                let (reached, dropped) = (self.reached.rows(cell), self.dropped.rows(cell));
                let sums = named(names, self.dropped.sums(cell)?);
                let sifted = Sifted { reached, dropped, sums };
                sieve.entry(*at).or_default().insert(month.map(Month::from_index), sifted);
            }
        }
        Some(sieve)
    }
}
