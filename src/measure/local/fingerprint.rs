//! Rows as numbers that tell them apart: equal for equal cells, however these are spelt, scaled and stored.

use crate::read::{Batch, Cells};
use crate::text::fold;
use arrow_array::{Array as _, Decimal128Array, StringArray};
use std::collections::BTreeMap;

/// How many rows of a month stand for all of them.
const KEPT: usize = 32;

/// Distinct rows that two files share by chance at most.
pub(super) const CHANCE: usize = 2;

/// How often a row stands at most that was put in by mistake.
const FEW: u64 = 4;

/// 2⁶¹ − 1, a prime: modulo it ten has an inverse, so that a number's scale can be divided out.
const PRIME: u64 = (1 << 61) - 1;

/// The inverse of ten modulo [`PRIME`].
const TENTH: u64 = 2_075_258_708_292_324_556;

/// What a missing cell is.
const MISSING: u64 = 0x9e37_79b9_7f4a_7c15;

/// Rows whatever their order: how many, and the least of their fingerprints, each with the number of rows that have it.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    rows: u64,
    sum: u128,
    least: BTreeMap<u64, u64>,
    /// The greatest of those kept, once there are as many as are kept.
    limit: Option<u64>,
}

impl Sketch {
    pub(super) fn add(&mut self, print: u64) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from(print));
        if self.limit.is_none_or(|limit| print <= limit) {
            self.keep(print, 1);
        }
    }

    /// What was left out once is greater than all kept, and never comes back: the counts are exact.
    fn keep(&mut self, print: u64, rows: u64) {
        *self.least.entry(print).or_default() += rows;
        if self.least.len() > KEPT {
            self.least.pop_last();
        }
        if self.least.len() == KEPT {
            self.limit = self.least.last_key_value().map(|(print, _)| *print);
        }
    }

    /// Takes in other rows.
    pub(super) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.sum = self.sum.wrapping_add(other.sum);
        other.least.into_iter().for_each(|(print, rows)| self.keep(print, rows));
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The sum of all fingerprints.
    pub(super) const fn sum(&self) -> u128 {
        self.sum
    }

    /// How many distinct rows there are, as far as they are kept.
    pub(super) fn distinct(&self) -> usize {
        self.least.len()
    }

    /// Whether most of the distinct rows stand once.
    pub(super) fn is_mostly_once(&self) -> bool {
        2 * self.least.values().filter(|rows| **rows == 1).count() > self.least.len()
    }

    /// Whether most of the distinct rows stand a few times. What stands more often is written so: for each day, say.
    pub(super) fn is_mostly_repeated(&self) -> bool {
        let often = self.least.values().filter(|rows| (2..=FEW).contains(*rows)).count();
        often > CHANCE && 2 * often > self.least.len()
    }

    /// The fingerprints that are kept.
    pub(super) fn prints(&self) -> impl Iterator<Item = u64> {
        self.least.keys().copied()
    }

    /// How many of the distinct rows both have, each as often as the other; and of how many, where fewer are compared.
    /// Only fingerprints that both would have kept are compared.
    pub(super) fn shared(&self, other: &Self) -> (usize, usize) {
        let limit = self.limit.unwrap_or(u64::MAX).min(other.limit.unwrap_or(u64::MAX));
        let shared = self.least.range(..=limit).filter(|(print, rows)| other.least.get(print) == Some(rows)).count();
        (shared, self.least.range(..=limit).count().min(other.least.range(..=limit).count()))
    }
}

/// A number for each row of a batch, from one that it has already and its cells in these columns.
pub(super) fn fingerprints(batch: &Batch, mut prints: Vec<u64>, columns: &[usize]) -> Vec<u64> {
    for at in columns {
        match batch.columns.get(*at).and_then(Option::as_ref) {
            None => prints.iter_mut().for_each(|print| *print = mixed(*print, MISSING)),
            Some(Cells::Text(texts)) => {
                let values = texts.values().as_any().downcast_ref::<StringArray>();
                // Also what compares letter by letter: spellings of one row differ together or not at all.
                let by_code: Vec<u64> = values.into_iter().flatten().map(|text| hashed(text.unwrap_or(""))).collect();
                let of = |code: Option<u32>| by_code.get(usize::try_from(code?).ok()?).copied();
                add(&mut prints, texts.keys().iter().map(of));
            }
            Some(Cells::Month(days)) => add(&mut prints, days.iter().map(|day| day.map(whole))),
            Some(Cells::Date(days)) => add(&mut prints, days.iter().map(|day| day.map(whole))),
            Some(Cells::Number(numbers)) => add_numbers(&mut prints, numbers),
        }
    }
    prints
}

fn add(prints: &mut [u64], cells: impl Iterator<Item = Option<u64>>) {
    prints.iter_mut().zip(cells).for_each(|(print, cell)| *print = mixed(*print, cell.unwrap_or(MISSING)));
}

fn add_numbers(prints: &mut [u64], numbers: &Decimal128Array) {
    let unit = (0..numbers.scale()).fold(1, |unit, _| times(unit, TENTH));
    add(prints, numbers.iter().map(|number| number.map(|number| times(residue(number), unit))));
}

/// A whole number, below zero too.
fn whole(number: i32) -> u64 {
    residue(i128::from(number))
}

/// A number modulo [`PRIME`].
fn residue(number: i128) -> u64 {
    let size = reduced(number.unsigned_abs());
    if number < 0 && size > 0 { PRIME - size } else { size }
}

/// A product modulo [`PRIME`].
fn times(one: u64, other: u64) -> u64 {
    reduced(u128::from(one) * u128::from(other))
}

/// The remainder by [`PRIME`]: its multiples fold onto the low bits.
fn reduced(number: u128) -> u64 {
    let prime = u128::from(PRIME);
    let folded = (number & prime) + (number >> 61);
    let folded = (folded & prime) + (folded >> 61);
    let folded = (folded & prime) + (folded >> 61);
    u64::try_from(if folded >= prime { folded - prime } else { folded }).unwrap_or(0)
}

/// A text as it compares.
fn hashed(text: &str) -> u64 {
    let folded = fold(text);
    let mut hash = u64::try_from(folded.len()).unwrap_or(u64::MAX);
    for part in folded.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        hash = mixed(hash, u64::from_le_bytes(word));
    }
    hash
}

/// What stood before and one more, spread over all bits.
const fn mixed(before: u64, more: u64) -> u64 {
    let mut all = (before.rotate_left(23) ^ more).wrapping_add(MISSING);
    all = (all ^ (all >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    all = (all ^ (all >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    all ^ (all >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Int32Array;

    fn numbers(scale: i8, values: &[Option<i128>]) -> Cells {
        let numbers = Decimal128Array::from(values.to_vec()).with_precision_and_scale(38, scale);
        Cells::Number(numbers.expect("38 digits fit"))
    }

    fn prints(cells: Vec<Option<Cells>>, rows: usize) -> Vec<u64> {
        let columns: Vec<usize> = (0..cells.len()).collect();
        fingerprints(&Batch { file: 0, rows, columns: cells, is_other: false }, vec![0; rows], &columns)
    }

    #[test]
    fn numbers_compare_whatever_their_scale() {
        let digits = 12_345_678_901_234_567_890_123_456_789_012_345_i128;
        let one = prints(vec![Some(numbers(1, &[Some(105), Some(-105), Some(0), None, Some(digits)]))], 5);
        let values = [Some(10_500), Some(-10_500), Some(0), None, Some(digits * 100)];
        assert_eq!(one, prints(vec![Some(numbers(3, &values))], 5));
        let distinct: std::collections::BTreeSet<u64> = one.iter().copied().collect();
        assert_eq!(distinct.len(), 5);
        assert_eq!(times(TENTH, 10), 1);
    }

    #[test]
    fn texts_compare_folded_and_in_their_columns() {
        let text = |text: &str| Some(Cells::Text([Some(text)].into_iter().collect()));
        let month = |month| Some(Cells::Month(Int32Array::from(vec![month])));
        let row = |one, other, at| prints(vec![text(one), text(other), month(at)], 1);
        assert_eq!(row("North  Wing", "ann", 7), row(" north wing", "Ann", 7));
        for other in [row("ann", "north wing", 7), row("north wing", "ann", 8), row("north", "wing ann", 7)] {
            assert_ne!(row("north wing", "ann", 7), other);
        }
        let missing = Some(Cells::Text([None::<&str>].into_iter().collect()));
        assert_eq!(prints(vec![missing], 1), prints(vec![None], 1));
    }

    #[test]
    fn sketches_do_not_depend_on_order_or_parts() {
        let prints: Vec<u64> = (0..500_u64).map(|number| mixed(0, number % 170)).collect();
        let mut whole = Sketch::default();
        for print in &prints {
            whole.add(*print);
        }
        let mut parts = Sketch::default();
        for part in prints.rchunks(37) {
            let mut one = Sketch::default();
            part.iter().rev().for_each(|print| one.add(*print));
            parts.merge(one);
        }
        assert_eq!((whole.rows, whole.sum, &whole.least), (parts.rows, parts.sum, &parts.least));
        assert_eq!(whole.least.len(), KEPT);
        assert_eq!(whole.shared(&parts), (KEPT, KEPT));
    }

    #[test]
    fn rows_that_repeat_otherwise_are_no_shared_ones() {
        let sketch = |rows: &[u64]| {
            let mut sketch = Sketch::default();
            for print in rows {
                sketch.add(*print);
            }
            sketch
        };
        let (one, other) = (sketch(&[1, 1, 2, 3]), sketch(&[1, 2, 2, 3]));
        assert_eq!(one.shared(&other), (1, 3));
        // A few rows are looked for among as few of many.
        let many = sketch(&(0..200).collect::<Vec<u64>>());
        assert_eq!(sketch(&[4, 5, 190]).shared(&many), (2, 2));
    }
}
