//! What the cells of a table look like, whatever the rules make of them.

use crate::plan::{Predicate, TablePlan};
use crate::read::{Batch, Cells};
use arrow_array::{Array as _, Date32Array, Decimal128Array};

/// Decimals behind a point that parts thousands.
const THREE: u32 = 3;

/// The least number that is written with a mark for thousands.
const THOUSAND: u128 = 1000;

/// What has been seen of a table.
#[derive(Debug)]
pub(in crate::measure) struct Plausible {
    /// The places of the columns of a first and a last day.
    pub(in crate::measure) spans: Vec<(usize, usize)>,
    /// For each wanted column how many rows have it, and in how many it holds something; none where no file has it.
    pub(in crate::measure) filled: Vec<Option<(u64, u64)>>,
    /// For each span how many rows have the last day before the first.
    pub(in crate::measure) turned: Vec<u64>,
    /// For each wanted column that holds numbers.
    pub(in crate::measure) points: Vec<Points>,
}

/// Where the points of a column's numbers stand.
#[derive(Clone, Debug, Default)]
pub(in crate::measure) struct Points {
    /// Numbers from 1 to 999 with three decimals, the last of them not 0.
    three: u64,
    /// Other such numbers with decimals.
    fewer: u64,
    /// Whether there is any number that no thousands are parted in so.
    is_other: bool,
}

impl Points {
    fn see(&mut self, numbers: &Decimal128Array) {
        if self.is_other {
            return;
        }
        let Ok(scale) = u32::try_from(numbers.scale()) else { return };
        let power = |digits: u32| 10_u128.saturating_pow(digits);
        let unit = power(scale);
        let (limit, beyond) = (unit.saturating_mul(THOUSAND), power(scale.saturating_sub(THREE)));
        let last = power(scale.saturating_sub(THREE - 1));
        for size in numbers.values().iter().map(|number| number.unsigned_abs()) {
            if size >= limit {
                self.is_other = true;
                return;
            }
            if scale == 0 || size % unit == 0 {
                continue;
            }
            if size < unit || size % beyond != 0 {
                self.is_other = true;
                return;
            }
            let has_three = scale >= THREE && size % last != 0;
            *(if has_three { &mut self.three } else { &mut self.fewer }) += 1;
        }
    }

    /// Whether all points can part thousands: of such numbers one in ten ends in 0.
    pub(in crate::measure) const fn can_part_thousands(&self) -> bool {
        !self.is_other && self.three > 2 && self.three > 3 * self.fewer
    }
}

impl Plausible {
    pub(super) fn new(table: &TablePlan) -> Self {
        let mut spans = Vec::new();
        for filter in &table.filters {
            filter.leaves(&mut |leaf| {
                if let Predicate::Valid { first, last, .. } = leaf {
                    spans.push((*first, *last));
                }
            });
        }
        spans.sort_unstable();
        spans.dedup();
        let columns = table.wanted.len();
        Self {
            filled: vec![None; columns],
            turned: vec![0; spans.len()],
            points: vec![Points::default(); columns],
            spans,
        }
    }

    pub(super) fn see(&mut self, batch: &Batch) {
        for ((cells, filled), points) in batch.columns.iter().zip(&mut self.filled).zip(&mut self.points) {
            let Some(cells) = cells else { continue };
            let (rows, known) = filled.unwrap_or_default();
            let here = number(batch.rows.saturating_sub(blanks(cells)));
            *filled = Some((rows + number(batch.rows), known + here));
            if let Cells::Number(numbers) = cells {
                points.see(numbers);
            }
        }
        for ((first, last), turned) in self.spans.iter().zip(&mut self.turned) {
            let days = |at: &usize| match batch.columns.get(*at) {
                Some(Some(Cells::Date(days))) => Some(days),
                _ => None,
            };
            if let Some((first, last)) = days(first).zip(days(last)) {
                *turned += number(before(last, first));
            }
        }
    }

    /// Takes in what another thread saw.
    pub(super) fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.filled.iter_mut().zip(other.filled) {
            *mine = match (*mine, theirs) {
                (Some(mine), Some(theirs)) => Some((mine.0 + theirs.0, mine.1 + theirs.1)),
                (one, other) => one.or(other),
            };
        }
        for (mine, theirs) in self.turned.iter_mut().zip(other.turned) {
            *mine += theirs;
        }
        for (mine, theirs) in self.points.iter_mut().zip(other.points) {
            mine.three += theirs.three;
            mine.fewer += theirs.fewer;
            mine.is_other |= theirs.is_other;
        }
    }
}

/// In how many rows one day lies before another.
fn before(one: &Date32Array, other: &Date32Array) -> usize {
    one.iter().zip(other).filter(|(one, other)| one.zip(*other).is_some_and(|(one, other)| one < other)).count()
}

/// How many cells hold nothing.
pub(super) fn blanks(cells: &Cells) -> usize {
    match cells {
        Cells::Text(texts) => texts.blanks(),
        Cells::Month(months) => months.null_count(),
        Cells::Date(days) => days.null_count(),
        Cells::Number(numbers) => numbers.null_count(),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::Points;
    use arrow_array::Decimal128Array;

    fn can_part(scale: i8, batches: &[&[i128]]) -> bool {
        let mut points = Points::default();
        for numbers in batches {
            let numbers = Decimal128Array::from(numbers.to_vec()).with_precision_and_scale(38, scale);
            points.see(&numbers.expect("38 digits fit"));
        }
        points.can_part_thousands()
    }

    #[test]
    fn points_before_three_digits_can_part_thousands() {
        assert!(can_part(3, &[&[1_234, 56_789], &[999_001, 17_000, -45_320, 2_345]]));
        assert!(!can_part(2, &[&[1_23, 5_67, 99_01]]), "two decimals");
        assert!(!can_part(3, &[&[1_234, 2_345, 3_456, 1_234_567]]), "more than a thousand with decimals");
        assert!(!can_part(3, &[&[1_234, 2_345, 3_456, 1_234_000]]), "more than a thousand");
        assert!(!can_part(3, &[&[1_234, 2_345, 3_456, 123]]), "none is below one thousand and written with a point");
        assert!(!can_part(4, &[&[12_345, 23_451, 34_562]]), "four decimals");
        assert!(!can_part(3, &[&[1_234, 2_345]]), "two may be chance");
    }
}
