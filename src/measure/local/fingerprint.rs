//! Rows as numbers that tell them apart: equal for equal cells, however these are spelt, scaled and stored.

use crate::read::{Batch, BySpelling, Cells};
use crate::text::{self, hashed, mixed};
use arrow_array::Array as _;
use std::num::NonZeroU64;

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
const MISSING: u64 = text::START;

/// Rows whatever their order: how many, and the least of their fingerprints, each with the number of rows that have it.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    rows: u64,
    sum: u128,
    /// Ascending. There can be a million sketches: a tree of so few takes twice the memory.
    least: Vec<(u64, u64)>,
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
        match self.least.binary_search_by_key(&print, |(known, _)| *known) {
            Ok(at) => self.least.get_mut(at).into_iter().for_each(|(_, known)| *known += rows),
            Err(at) => self.least.insert(at, (print, rows)),
        }
        self.least.truncate(KEPT);
        if self.least.len() == KEPT {
            self.limit = self.least.last().map(|(print, _)| *print);
        }
    }

    /// Takes in other rows.
    pub(super) fn merge(&mut self, other: Self) {
        if self.rows == 0 {
            *self = other;
            return;
        }
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
        2 * self.least.iter().filter(|(_, rows)| *rows == 1).count() > self.least.len()
    }

    /// Whether most of the distinct rows stand a few times. What stands more often is written so: for each day, say.
    pub(super) fn is_mostly_repeated(&self) -> bool {
        let often = self.least.iter().filter(|(_, rows)| (2..=FEW).contains(rows)).count();
        often > CHANCE && 2 * often > self.least.len()
    }

    /// The fingerprints that are kept.
    pub(super) fn prints(&self) -> impl Iterator<Item = u64> {
        self.least.iter().map(|(print, _)| *print)
    }

    /// How many of the distinct rows both have, each as often as the other; and of how many, where fewer are compared.
    /// Only fingerprints that both would have kept are compared.
    pub(super) fn shared(&self, other: &Self) -> (usize, usize) {
        let limit = self.limit.unwrap_or(u64::MAX).min(other.limit.unwrap_or(u64::MAX));
        let compared = |of: &Self| of.least.partition_point(|(print, _)| *print <= limit);
        let is_shared = |kept: &&(u64, u64)| other.least.binary_search(kept).is_ok();
        let shared = self.least.iter().take(compared(self)).filter(is_shared).count();
        (shared, compared(self).min(compared(other)))
    }
}

/// Numbers for rows by their cells, and what is known of the texts among them.
///
/// What a cell adds does not depend on the others of its row, so each spelling is hashed once.
#[derive(Debug)]
pub(super) struct Prints {
    /// Not zero, so that none takes no more room.
    texts: Vec<BySpelling<NonZeroU64>>,
}

impl Prints {
    /// For tables with so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self { texts: vec![BySpelling::default(); columns] }
    }

    /// Adds to a number for each row what its cells in these columns add.
    pub(super) fn add(&mut self, batch: &Batch<'_>, columns: &[usize], prints: &mut [u64]) {
        for at in columns {
            let salt = mixed(MISSING, u64::try_from(*at).unwrap_or(u64::MAX));
            let of = |cell: Option<u64>| mixed(salt, cell.unwrap_or(MISSING));
            match batch.columns.get(*at).and_then(Option::as_ref) {
                None => added(prints, std::iter::repeat(of(None).max(1))),
                Some(Cells::Text(texts)) => {
                    let Some(known) = self.texts.get_mut(*at) else { continue };
                    // Also what compares letter by letter: spellings of one row differ together or not at all.
                    let kept = |cell| NonZeroU64::new(of(cell)).unwrap_or(NonZeroU64::MIN);
                    if let Some(hashes) = texts.hashes() {
                        let cell = |hash: &u64| kept(Some(*hash).filter(|hash| *hash != 0)).get();
                        added(prints, hashes.iter().map(cell));
                        continue;
                    }
                    let cells = known.of_rows(texts, kept(None), |text| kept(Some(hashed(text))));
                    added(prints, cells.into_iter().map(NonZeroU64::get));
                }
                Some(Cells::Month(days)) => added(prints, days.iter().map(|day| of(day.map(whole)))),
                Some(Cells::Date(days)) => added(prints, days.iter().map(|day| of(day.map(whole)))),
                Some(Cells::Number(numbers)) => {
                    let unit = (0..numbers.scale()).fold(1, |unit, _| times(unit, TENTH));
                    let of_number = |number| of(Some(times(residue(number), unit)));
                    if numbers.null_count() == 0 {
                        added(prints, numbers.values().iter().map(|number| of_number(*number)));
                    } else {
                        added(prints, numbers.iter().map(|number| number.map_or(of(None), of_number)));
                    }
                }
            }
        }
    }
}

fn added(prints: &mut [u64], cells: impl Iterator<Item = u64>) {
    prints.iter_mut().zip(cells).for_each(|(print, cell)| *print = print.wrapping_add(cell));
}

/// A whole number, below zero too.
fn whole(number: i32) -> u64 {
    residue(i128::from(number))
}

/// A number modulo [`PRIME`].
fn residue(number: i128) -> u64 {
    // Nearly all amounts are small, and a short way for them costs less than half.
    let size = match u64::try_from(number.unsigned_abs()) {
        Ok(small) if small < PRIME => small,
        _ => reduced(number.unsigned_abs()),
    };
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

/// A row's number from what its cells add up to: sums of such numbers tell which cells stand in one row.
pub(super) const fn spread(print: u64) -> u64 {
    mixed(0, print)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Spelt;
    use arrow_array::{Decimal128Array, Int32Array};

    fn numbers(scale: i8, values: &[Option<i128>]) -> Cells<'static> {
        let numbers = Decimal128Array::from(values.to_vec()).with_precision_and_scale(38, scale);
        Cells::Number(numbers.expect("38 digits fit"))
    }

    fn prints(cells: Vec<Option<Cells<'_>>>, rows: usize) -> Vec<u64> {
        let columns: Vec<usize> = (0..cells.len()).collect();
        let mut prints = vec![0; rows];
        Prints::new(columns.len()).add(
            &Batch { file: 0, rows, columns: cells, is_other: false },
            &columns,
            &mut prints,
        );
        prints
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
        let month = |month| Some(Cells::Month(Int32Array::from(vec![month])));
        let row = |one, other, at| {
            let (one, other) = (Spelt::new(&[Some(one)]), Spelt::new(&[Some(other)]));
            prints(vec![Some(Cells::Text(one.texts())), Some(Cells::Text(other.texts())), month(at)], 1)
        };
        assert_eq!(row("North  Wing", "ann", 7), row(" north wing", "Ann", 7));
        for other in [row("ann", "north wing", 7), row("north wing", "ann", 8), row("north", "wing ann", 7)] {
            assert_ne!(row("north wing", "ann", 7), other);
        }
        let missing = Spelt::new(&[None]);
        assert_eq!(prints(vec![Some(Cells::Text(missing.texts()))], 1), prints(vec![None], 1));
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
