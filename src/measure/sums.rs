//! Exact sums in many cells: whole numbers at one scale, as long as they fit, and wide ones from then on.

use crate::exact::Exact;
use arrow_buffer::i256;

/// Narrow numbers of many cells, those of a cell side by side: a row that adds to several looks once into memory.
#[derive(Debug)]
pub(super) struct Narrow {
    /// How many each cell has.
    width: usize,
    numbers: Vec<i64>,
}

impl Narrow {
    pub(super) fn new(width: usize) -> Self {
        Self { width, numbers: Vec::new() }
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// Makes room for so many cells.
    pub(super) fn grow(&mut self, cells: usize) {
        self.numbers.resize(cells * self.width, 0);
    }

    /// One of a cell's numbers.
    pub(super) fn get(&self, cell: usize, place: usize) -> Option<i64> {
        self.numbers.get(cell * self.width + place).copied()
    }

    /// The same, to be changed.
    pub(super) fn at(&mut self, cell: usize, place: usize) -> Option<&mut i64> {
        self.numbers.get_mut(cell * self.width + place)
    }

    /// One number of each cell.
    pub(super) fn each(&self, place: usize) -> impl Iterator<Item = i64> {
        self.numbers.iter().skip(place).step_by(self.width).copied()
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.numbers.as_slice())
    }
}

/// The sums of a column at one scale: in their place among narrow numbers, as nearly all data need, or in wider ones, the
/// first that have held each of them so far.
#[derive(Debug)]
pub(super) struct Sums {
    place: usize,
    scale: u32,
    wide: Option<Wide>,
    /// Whether a sum left even the widest numbers.
    is_lost: bool,
}

#[derive(Debug)]
enum Wide {
    /// Amounts of many digits behind the point.
    Wide(Vec<i128>),
    /// What passes 38 digits on the way may come back, in any order of rows.
    Widest(Vec<i256>),
}

/// How values come to the scale of the sums.
#[derive(Clone, Copy, Debug)]
struct Lift {
    digits: u32,
    /// None where no number of 128 bits is so large.
    factor: Option<i128>,
}

/// Adds values of one scale to cells.
pub(super) struct Adder<'s> {
    narrow: &'s mut Narrow,
    sums: &'s mut Sums,
    lift: Lift,
}

impl Adder<'_> {
    /// Adds a value to a cell.
    pub(super) fn add(&mut self, cell: usize, addition: i128) {
        let lifted = match self.lift {
            // To multiply 128 bits costs more than all the rest.
            Lift { digits: 0, .. } => Some(addition),
            Lift { factor, .. } => factor.and_then(|factor| addition.checked_mul(factor)),
        };
        if self.sums.wide.is_none()
            && let Some(lifted) = lifted
            && let (Some(value), Ok(lifted)) = (self.narrow.at(cell, self.sums.place), i64::try_from(lifted))
            && let Some(sum) = value.checked_add(lifted)
        {
            *value = sum;
        } else {
            self.sums.add_wide(self.narrow, cell, i256::from_i128(addition), self.lift);
        }
    }
}

impl Sums {
    /// Sums that have this place among a cell's narrow numbers.
    pub(super) fn new(place: usize) -> Self {
        Self { place, scale: 0, wide: None, is_lost: false }
    }

    /// Makes room for so many cells, beyond the narrow numbers.
    pub(super) fn grow(&mut self, cells: usize) {
        match &mut self.wide {
            None => {}
            Some(Wide::Wide(wide)) => wide.resize(cells, 0),
            Some(Wide::Widest(widest)) => widest.resize(cells, i256::ZERO),
        }
    }

    /// The bytes that they take beyond the narrow numbers.
    pub(super) fn bytes(&self) -> usize {
        match &self.wide {
            None => 0,
            Some(Wide::Wide(wide)) => size_of_val(wide.as_slice()),
            Some(Wide::Widest(widest)) => size_of_val(widest.as_slice()),
        }
    }

    /// Adds values of one scale; the sums move to the finer scale of the two.
    pub(super) fn adder<'s>(&'s mut self, narrow: &'s mut Narrow, scale: u32) -> Adder<'s> {
        let lift = self.lift(narrow, scale);
        Adder { narrow, sums: self, lift }
    }

    /// By how many digits values of a scale are lifted to that of the sums, which move to the finer one before.
    fn lift(&mut self, narrow: &mut Narrow, scale: u32) -> Lift {
        self.refine_to(narrow, scale);
        let digits = self.scale - scale;
        Lift { digits, factor: 10_i128.checked_pow(digits) }
    }

    /// Adds what did not fit the narrow numbers.
    #[cold]
    fn add_wide(&mut self, narrow: &Narrow, cell: usize, addition: i256, lift: Lift) {
        loop {
            match &mut self.wide {
                None => {}
                Some(Wide::Wide(wide)) => {
                    let lifted = addition.to_i128().and_then(|addition| addition.checked_mul(lift.factor?));
                    let Some(value) = wide.get_mut(cell) else { return };
                    if let Some(sum) = lifted.and_then(|lifted| value.checked_add(lifted)) {
                        *value = sum;
                        return;
                    }
                }
                Some(Wide::Widest(widest)) => {
                    let lifted = addition.checked_mul(ten_to(lift.digits));
                    let Some(value) = widest.get_mut(cell) else { return };
                    match lifted.and_then(|lifted| value.checked_add(lifted)) {
                        Some(sum) => *value = sum,
                        None => self.is_lost = true,
                    }
                    return;
                }
            }
            self.widen(narrow);
        }
    }

    /// Brings the sums to a scale that is finer than theirs.
    fn refine_to(&mut self, narrow: &mut Narrow, scale: u32) {
        let Some(digits) = scale.checked_sub(self.scale).filter(|digits| *digits > 0) else { return };
        self.scale = scale;
        loop {
            match &mut self.wide {
                None => {
                    let factor = 10_i64.checked_pow(digits);
                    let finer = |value: i64| if value == 0 { Some(0) } else { value.checked_mul(factor?) };
                    if narrow.each(self.place).all(|value| finer(value).is_some()) {
                        for cell in 0..narrow.cells() {
                            let Some(value) = narrow.at(cell, self.place) else { continue };
                            *value = finer(*value).unwrap_or(0);
                        }
                        return;
                    }
                }
                Some(Wide::Wide(wide)) => {
                    let factor = 10_i128.checked_pow(digits);
                    let finer = |value: &i128| if *value == 0 { Some(0) } else { value.checked_mul(factor?) };
                    if let Some(finer) = wide.iter().map(finer).collect::<Option<_>>() {
                        *wide = finer;
                        return;
                    }
                }
                Some(Wide::Widest(widest)) => {
                    for value in widest {
                        match value.checked_mul(ten_to(digits)) {
                            Some(finer) => *value = finer,
                            None => self.is_lost = true,
                        }
                    }
                    return;
                }
            }
            self.widen(narrow);
        }
    }

    /// The same sums in wider numbers.
    fn widen(&mut self, narrow: &Narrow) {
        self.wide = Some(match self.wide.take() {
            None => Wide::Wide(narrow.each(self.place).map(i128::from).collect()),
            Some(Wide::Wide(wide)) => Wide::Widest(wide.into_iter().map(i256::from_i128).collect()),
            Some(widest) => widest,
        });
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
    pub(super) fn get(&self, narrow: &Narrow, cell: usize) -> Option<i128> {
        match &self.wide {
            None => narrow.get(cell, self.place).map(i128::from),
            Some(Wide::Wide(wide)) => wide.get(cell).copied(),
            Some(Wide::Widest(widest)) => widest.get(cell)?.to_i128(),
        }
    }

    /// A cell, of any size; `None` where a sum left even the widest numbers.
    pub(super) fn exact(&self, narrow: &Narrow, cell: usize) -> Option<Exact> {
        if self.is_lost {
            return None;
        }
        if let Some(Wide::Widest(widest)) = &self.wide {
            let units = Exact::parse(&widest.get(cell).copied().unwrap_or(i256::ZERO).to_string())?;
            return Some(&units * &Exact::scaled(1, self.scale));
        }
        Some(Exact::scaled(self.get(narrow, cell).unwrap_or(0), self.scale))
    }

    /// Whether every sum fits the numbers that the rest of the program computes with.
    pub(super) fn fits(&self) -> bool {
        match &self.wide {
            _ if self.is_lost => false,
            None | Some(Wide::Wide(_)) => true,
            Some(Wide::Widest(widest)) => widest.iter().all(|value| value.to_i128().is_some()),
        }
    }

    /// Takes in another's sums, whose cells lie here.
    pub(super) fn merge(
        &mut self,
        narrow: &mut Narrow,
        (other, of_other): (&Self, &Narrow),
        cells: impl Iterator<Item = usize>,
    ) {
        self.is_lost |= other.is_lost;
        let mut adder = self.adder(narrow, other.scale);
        match &other.wide {
            None => {
                let values = of_other.each(other.place).map(i128::from);
                cells.zip(values).for_each(|(cell, value)| adder.add(cell, value));
            }
            Some(Wide::Wide(wide)) => cells.zip(wide).for_each(|(cell, value)| adder.add(cell, *value)),
            Some(Wide::Widest(widest)) => {
                let Adder { narrow, sums, lift } = adder;
                cells.zip(widest).for_each(|(cell, value)| sums.add_wide(narrow, cell, *value, lift));
            }
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
            let (mut narrow, mut sums) = (Narrow::new(2), Sums::new(1));
            narrow.grow(2);
            for (scale, value) in values {
                sums.adder(&mut narrow, *scale).add(1, *value);
            }
            assert!(narrow.each(0).all(|number| number == 0), "what stands beside is left alone");
            (narrow, sums)
        };
        let exact = values.iter().map(|(scale, value)| Exact::scaled(*value, *scale));
        let exact = exact.reduce(|sum, value| &sum + &value);
        let turned: Vec<(u32, i128)> = values.iter().rev().copied().collect();
        let exactly = |(narrow, sums): &(Narrow, Sums), cell| sums.exact(narrow, cell);
        assert_eq!(exactly(&summed(&values), 1), exact);
        assert_eq!(exactly(&summed(&turned), 1), exact);
        for parts in 1..values.len() {
            let (one, other) = values.split_at(parts);
            let (mut one, other) = (summed(one), summed(other));
            one.1.merge(&mut one.0, (&other.1, &other.0), 0..2);
            assert_eq!((exactly(&one, 1), exactly(&one, 0)), (exact.clone(), Some(Exact::zero())));
        }
        let get = |(narrow, sums): (Narrow, Sums)| (sums.get(&narrow, 1), sums.fits());
        assert_eq!(get(summed(&values[..1])), (Some(small), true));
        assert_eq!(get(summed(&values[..2])), (Some(small + 5), true));
        assert_eq!(get(summed(&values)), (None, false));
    }
}
