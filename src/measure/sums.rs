//! Exact sums in many cells: whole numbers at one scale, as long as they fit, and wide ones from then on.

use crate::exact::Exact;
use arrow_array::Decimal128Array;
use arrow_buffer::i256;

/// The sums of a column at one scale.
#[derive(Debug)]
pub(super) struct Sums {
    scale: u32,
    cells: Cells,
    /// Whether a sum left even the widest numbers.
    is_lost: bool,
}

/// All sums in numbers of one width: the first that has held each of them so far.
#[derive(Debug)]
enum Cells {
    /// As nearly all data need. Half the memory is what rows in random order wait for.
    Narrow(Vec<i64>),
    /// Amounts of many digits behind the point.
    Wide(Vec<i128>),
    /// What passes 38 digits on the way may come back, in any order of rows.
    Widest(Vec<i256>),
}

/// How values come to the scale of the sums.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lift {
    digits: u32,
    /// None where no number of 128 bits is so large.
    factor: Option<i128>,
}

impl Sums {
    pub(super) fn new() -> Self {
        Self { scale: 0, cells: Cells::Narrow(Vec::new()), is_lost: false }
    }

    /// Makes room for so many cells.
    pub(super) fn grow(&mut self, cells: usize) {
        match &mut self.cells {
            Cells::Narrow(narrow) => narrow.resize(cells, 0),
            Cells::Wide(wide) => wide.resize(cells, 0),
            Cells::Widest(widest) => widest.resize(cells, i256::ZERO),
        }
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        match &self.cells {
            Cells::Narrow(narrow) => size_of_val(narrow.as_slice()),
            Cells::Wide(wide) => size_of_val(wide.as_slice()),
            Cells::Widest(widest) => size_of_val(widest.as_slice()),
        }
    }

    /// Adds the numbers of some rows, each to its cell.
    pub(super) fn add_rows(&mut self, numbers: &Decimal128Array, rows: &[(usize, usize)]) {
        let scale = u32::try_from(numbers.scale()).unwrap_or(0);
        self.add(scale, rows.iter().filter_map(|(row, cell)| Some((*cell, *numbers.values().get(*row)?))));
    }

    /// Adds values of one scale to cells; the sums move to the finer scale of the two.
    pub(super) fn add(&mut self, scale: u32, additions: impl Iterator<Item = (usize, i128)>) {
        let lift = self.lift(scale);
        additions.for_each(|(cell, addition)| self.add_one(cell, addition, lift));
    }

    /// By how many digits values of a scale are lifted to that of the sums, which move to the finer one before.
    pub(super) fn lift(&mut self, scale: u32) -> Lift {
        self.refine_to(scale);
        let digits = self.scale - scale;
        Lift { digits, factor: 10_i128.checked_pow(digits) }
    }

    /// Adds a value to a cell.
    pub(super) fn add_one(&mut self, cell: usize, addition: i128, lift: Lift) {
        let lifted = match lift {
            // To multiply 128 bits costs more than all the rest.
            Lift { digits: 0, .. } => Some(addition),
            Lift { factor, .. } => factor.and_then(|factor| addition.checked_mul(factor)),
        };
        if let (Cells::Narrow(narrow), Some(lifted)) = (&mut self.cells, lifted)
            && let (Some(value), Ok(lifted)) = (narrow.get_mut(cell), i64::try_from(lifted))
            && let Some(sum) = value.checked_add(lifted)
        {
            *value = sum;
        } else {
            self.add_wide(cell, i256::from_i128(addition), lift);
        }
    }

    /// Adds what did not fit the narrow numbers.
    #[cold]
    fn add_wide(&mut self, cell: usize, addition: i256, lift: Lift) {
        loop {
            match &mut self.cells {
                Cells::Narrow(_) => {}
                Cells::Wide(wide) => {
                    let lifted = addition.to_i128().and_then(|addition| addition.checked_mul(lift.factor?));
                    let Some(value) = wide.get_mut(cell) else { return };
                    if let Some(sum) = lifted.and_then(|lifted| value.checked_add(lifted)) {
                        *value = sum;
                        return;
                    }
                }
                Cells::Widest(widest) => {
                    let lifted = addition.checked_mul(ten_to(lift.digits));
                    let Some(value) = widest.get_mut(cell) else { return };
                    match lifted.and_then(|lifted| value.checked_add(lifted)) {
                        Some(sum) => *value = sum,
                        None => self.is_lost = true,
                    }
                    return;
                }
            }
            self.cells.widen();
        }
    }

    /// Brings the sums to a scale that is finer than theirs.
    fn refine_to(&mut self, scale: u32) {
        let Some(digits) = scale.checked_sub(self.scale).filter(|digits| *digits > 0) else { return };
        self.scale = scale;
        loop {
            let finer = match &mut self.cells {
                Cells::Narrow(narrow) => {
                    let factor = 10_i64.checked_pow(digits);
                    let finer = |value: &i64| if *value == 0 { Some(0) } else { value.checked_mul(factor?) };
                    narrow.iter().map(finer).collect::<Option<_>>().map(Cells::Narrow)
                }
                Cells::Wide(wide) => {
                    let factor = 10_i128.checked_pow(digits);
                    let finer = |value: &i128| if *value == 0 { Some(0) } else { value.checked_mul(factor?) };
                    wide.iter().map(finer).collect::<Option<_>>().map(Cells::Wide)
                }
                Cells::Widest(widest) => {
                    for value in widest {
                        match value.checked_mul(ten_to(digits)) {
                            Some(finer) => *value = finer,
                            None => self.is_lost = true,
                        }
                    }
                    return;
                }
            };
            match finer {
                Some(finer) => {
                    self.cells = finer;
                    return;
                }
                None => self.cells.widen(),
            }
        }
    }

    /// A value left the numbers before it came here.
    pub(super) fn lose(&mut self) {
        self.is_lost = true;
    }

    /// The scale of all cells.
    pub(super) fn scale(&self) -> u32 {
        self.scale
    }

    /// A cell at that scale; `None` where it is beyond `i128`.
    pub(super) fn get(&self, cell: usize) -> Option<i128> {
        match &self.cells {
            Cells::Narrow(narrow) => narrow.get(cell).copied().map(i128::from),
            Cells::Wide(wide) => wide.get(cell).copied(),
            Cells::Widest(widest) => widest.get(cell)?.to_i128(),
        }
    }

    /// A cell, of any size; `None` where a sum left even the widest numbers.
    pub(super) fn exact(&self, cell: usize) -> Option<Exact> {
        if self.is_lost {
            return None;
        }
        if let Cells::Widest(widest) = &self.cells {
            let units = Exact::parse(&widest.get(cell).copied().unwrap_or(i256::ZERO).to_string())?;
            return Some(&units * &Exact::scaled(1, self.scale));
        }
        Some(Exact::scaled(self.get(cell).unwrap_or(0), self.scale))
    }

    /// Whether every sum fits the numbers that the rest of the program computes with.
    pub(super) fn fits(&self) -> bool {
        match &self.cells {
            _ if self.is_lost => false,
            Cells::Narrow(_) | Cells::Wide(_) => true,
            Cells::Widest(widest) => widest.iter().all(|value| value.to_i128().is_some()),
        }
    }

    /// Takes in another's sums, whose cells lie here.
    pub(super) fn merge(&mut self, other: &Self, cells: &[usize]) {
        self.is_lost |= other.is_lost;
        let lift = self.lift(other.scale);
        match &other.cells {
            Cells::Narrow(narrow) => {
                cells.iter().zip(narrow).for_each(|(cell, value)| self.add_one(*cell, i128::from(*value), lift));
            }
            Cells::Wide(wide) => cells.iter().zip(wide).for_each(|(cell, value)| self.add_one(*cell, *value, lift)),
            Cells::Widest(widest) => {
                cells.iter().zip(widest).for_each(|(cell, value)| self.add_wide(*cell, *value, lift));
            }
        }
    }
}

impl Cells {
    /// The same sums in wider numbers.
    fn widen(&mut self) {
        match self {
            Self::Narrow(narrow) => *self = Self::Wide(narrow.drain(..).map(i128::from).collect()),
            Self::Wide(wide) => *self = Self::Widest(wide.drain(..).map(i256::from_i128).collect()),
            Self::Widest(_) => {}
        }
    }
}

fn ten_to(digits: u32) -> i256 {
    // Scales are at most 38, and so are their differences: this always fits.
    i256::from_i128(10).checked_pow(digits).unwrap_or(i256::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_same_at_every_width_and_in_every_order() {
        let (small, large) = (i128::from(i64::MAX), i128::MAX);
        let values =
            [(0, small), (0, 5), (2, -7), (0, large), (1, large / 10), (0, -large), (2, 1), (0, -small), (0, large)];
        let summed = |values: &[(u32, i128)]| {
            let mut sums = Sums::new();
            sums.grow(2);
            for (scale, value) in values {
                sums.add(*scale, std::iter::once((1, *value)));
            }
            sums
        };
        let exact = values.iter().map(|(scale, value)| Exact::scaled(*value, *scale));
        let exact = exact.reduce(|sum, value| &sum + &value);
        let turned: Vec<(u32, i128)> = values.iter().rev().copied().collect();
        assert_eq!(summed(&values).exact(1), exact);
        assert_eq!(summed(&turned).exact(1), exact);
        for parts in 1..values.len() {
            let (one, other) = values.split_at(parts);
            let (mut one, other) = (summed(one), summed(other));
            one.merge(&other, &[0, 1]);
            assert_eq!((one.exact(1), one.exact(0)), (exact.clone(), Some(Exact::zero())));
        }
        assert_eq!(summed(&values[..1]).get(1), Some(small));
        assert_eq!(summed(&values[..2]).get(1), Some(small + 5));
        assert_eq!((summed(&values).get(1), summed(&values).fits()), (None, false));
    }
}
