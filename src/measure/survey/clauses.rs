//! Which part of which test drops how many rows: of a chain of tests, the first that fails.

use super::Sifted;
use super::apart::{Apart, Sieve};
use crate::measure::local::mask;
use crate::measure::spellings::named;
use crate::measure::tally::Tally;
use crate::plan::{Clause, ClauseAt};
use crate::read::Batch;
use arrow_array::{Decimal128Array, Int32Array};

pub(super) struct Clauses<'a> {
    clauses: &'a [Clause],
    /// For each clause the tests of its variants.
    tests: Vec<Vec<mask::Filter<'a>>>,
    /// For each clause how many rows reach it.
    reached: Vec<u64>,
    /// For each clause the rows it drops.
    dropped: Tally,
    /// The same for each variant and month, where readings are told apart.
    apart: Option<Apart>,
}

impl<'a> Clauses<'a> {
    pub(super) fn new(clauses: &'a [Clause], amounts: usize, is_apart: bool) -> Self {
        let tests =
            clauses.iter().map(|clause| clause.variants.iter().map(|one| mask::Filter::new(&one.test)).collect());
        let (tests, reached) = (tests.collect(), vec![0; clauses.len()]);
        let apart = is_apart.then(|| Apart::new(clauses, amounts));
        Self { clauses, tests, reached, dropped: Tally::new(amounts), apart }
    }

    /// Asks every clause of the rows that are looked at.
    pub(super) fn see(
        &mut self,
        batch: &Batch<'_>,
        months: Option<&Int32Array>,
        all: &[bool],
        amounts: &[Option<&Decimal128Array>],
    ) {
        let cells = self.apart.as_mut().map(|apart| apart.cells(months, batch.rows)).unwrap_or_default();
        // For each clause what its variants keep.
        let mut seen: Vec<Vec<Vec<bool>>> = Vec::new();
        let mut dropped = Vec::new();
        let clauses = self.clauses.iter().zip(&mut self.tests).zip(&mut self.reached).enumerate();
        for (place, ((clause, tests), count)) in clauses {
            let outer = clause.within.and_then(|at| seen.get(at));
            let variants: Vec<Vec<bool>> = clause
                .variants
                .iter()
                .zip(tests)
                .enumerate()
                .map(|(at, (variant, test))| {
                    let reach = variant.within.and_then(|at| outer?.get(at)).map_or(all, Vec::as_slice);
                    let kept = both(reach, &test.holds(batch));
                    if let Some(apart) = &mut self.apart {
                        apart.see(ClauseAt { clause: place, variant: at }, &cells, (reach, &kept), amounts);
                    }
                    kept
                })
                .collect();
            // A variant of the outer clause that ends there lets no row on to here.
            let reaching = clause.variants.iter().map(|variant| variant.within.and_then(|at| outer?.get(at)));
            let reach = any_of(reaching.map(|reach| reach.map_or(all, Vec::as_slice)), batch.rows);
            let kept = any_of(variants.iter().map(Vec::as_slice), batch.rows);
            for (row, (reached, kept)) in reach.iter().zip(&kept).enumerate() {
                *count += u64::from(*reached);
                if *reached && !kept {
                    dropped.push((row, place));
                }
            }
            seen.push(variants);
        }
        self.dropped.add(&dropped, amounts);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.reached.iter_mut().zip(&other.reached) {
            *mine += theirs;
        }
        self.dropped.merge(&other.dropped, 0..self.clauses.len());
        if let (Some(mine), Some(theirs)) = (&mut self.apart, &other.apart) {
            mine.merge(theirs);
        }
    }

    pub(super) fn finish(&self, names: &[String]) -> Option<Vec<Sifted>> {
        let sifted = self.reached.iter().enumerate().map(|(place, reached)| {
            let sums = named(names, self.dropped.sums(place)?);
            Some(Sifted { reached: *reached, dropped: self.dropped.rows(place), sums })
        });
        sifted.collect()
    }

    /// The same for each variant and month; nothing where readings are not told apart.
    pub(super) fn finish_apart(&self, names: &[String]) -> Option<Sieve> {
        self.apart.as_ref().map_or_else(|| Some(Sieve::new()), |apart| apart.finish(names))
    }
}

fn both(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}

fn any_of<'a>(masks: impl Iterator<Item = &'a [bool]>, rows: usize) -> Vec<bool> {
    let mut any = vec![false; rows];
    for mask in masks {
        for (any, holds) in any.iter_mut().zip(mask) {
            *any |= holds;
        }
    }
    any
}
