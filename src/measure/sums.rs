//! Exact sums in many cells: whole numbers at one scale, as long as they fit, and wide ones from then on.

use crate::exact::Exact;
use arrow_array::Decimal128Array;
use arrow_buffer::i256;

/// The sums of a column at one scale.
#[derive(Debug)]
pub(super) struct Sums {
    scale: u32,
    /// As nearly all data need; empty once the wide numbers have taken over.
    narrow: Vec<i128>,
    /// From the first sum on that left the narrow numbers: what passes 38 digits on the way may come back, in any order
    /// of rows.
    wide: Option<Vec<i256>>,
    /// Whether a sum left even the wide numbers.
    is_lost: bool,
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
        Self { scale: 0, narrow: Vec::new(), wide: None, is_lost: false }
    }

    /// Makes room for so many cells.
    pub(super) fn grow(&mut self, cells: usize) {
        match &mut self.wide {
            None => self.narrow.resize(cells, 0),
            Some(wide) => wide.resize(cells, i256::ZERO),
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
        match self.narrow.get_mut(cell) {
            Some(value) => match lifted.and_then(|lifted| value.checked_add(lifted)) {
                Some(sum) => *value = sum,
                None => self.add_wide(cell, i256::from_i128(addition), lift.digits),
            },
            None => self.add_wide(cell, i256::from_i128(addition), lift.digits),
        }
    }

    fn add_wide(&mut self, cell: usize, addition: i256, lift: u32) {
        let lifted = addition.checked_mul(ten_to(lift));
        let Some(value) = self.widened().get_mut(cell) else { return };
        match lifted.and_then(|lifted| value.checked_add(lifted)) {
            Some(sum) => *value = sum,
            None => self.is_lost = true,
        }
    }

    /// Brings the sums to a scale that is finer than theirs.
    fn refine_to(&mut self, scale: u32) {
        let Some(digits) = scale.checked_sub(self.scale).filter(|digits| *digits > 0) else { return };
        self.scale = scale;
        if self.wide.is_none() {
            let factor = 10_i128.checked_pow(digits);
            let finer = |value: &i128| if *value == 0 { Some(0) } else { value.checked_mul(factor?) };
            if let Some(finer) = self.narrow.iter().map(finer).collect() {
                self.narrow = finer;
                return;
            }
        }
        let mut is_lost = false;
        for value in self.widened() {
            match value.checked_mul(ten_to(digits)) {
                Some(finer) => *value = finer,
                None => is_lost = true,
            }
        }
        self.is_lost |= is_lost;
    }

    /// A value left the numbers before it came here.
    pub(super) fn lose(&mut self) {
        self.is_lost = true;
    }

    fn widened(&mut self) -> &mut Vec<i256> {
        let narrow = &mut self.narrow;
        self.wide.get_or_insert_with(|| std::mem::take(narrow).into_iter().map(i256::from_i128).collect())
    }

    /// The scale of all cells.
    pub(super) fn scale(&self) -> u32 {
        self.scale
    }

    /// A cell at that scale; `None` where it is beyond `i128`.
    pub(super) fn get(&self, cell: usize) -> Option<i128> {
        match &self.wide {
            None => self.narrow.get(cell).copied(),
            Some(wide) => wide.get(cell)?.to_i128(),
        }
    }

    /// A cell, of any size; `None` where a sum left even the wide numbers.
    pub(super) fn exact(&self, cell: usize) -> Option<Exact> {
        if self.is_lost {
            return None;
        }
        match &self.wide {
            None => Some(Exact::scaled(self.narrow.get(cell).copied().unwrap_or(0), self.scale)),
            Some(wide) => {
                let units = Exact::parse(&wide.get(cell).copied().unwrap_or(i256::ZERO).to_string())?;
                Some(&units * &Exact::scaled(1, self.scale))
            }
        }
    }

    /// Whether every sum fits the numbers that the rest of the program computes with.
    pub(super) fn fits(&self) -> bool {
        !self.is_lost && self.wide.iter().flatten().all(|value| value.to_i128().is_some())
    }

    /// Takes in another's sums, whose cells lie here.
    pub(super) fn merge(&mut self, other: &Self, cells: &[usize]) {
        self.is_lost |= other.is_lost;
        self.add(other.scale, cells.iter().copied().zip(other.narrow.iter().copied()));
        if let Some(wide) = &other.wide {
            let lift = self.scale - other.scale;
            for (cell, value) in cells.iter().zip(wide) {
                self.add_wide(*cell, *value, lift);
            }
        }
    }
}

fn ten_to(digits: u32) -> i256 {
    // Scales are at most 38, and so are their differences: this always fits.
    i256::from_i128(10).checked_pow(digits).unwrap_or(i256::MAX)
}
