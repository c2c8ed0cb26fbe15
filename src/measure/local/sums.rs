//! Sums, and greatest and least values, by cell: integers at one scale for the whole column.

use arrow_buffer::i256;

/// The sums of a column at one scale.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) scale: u32,
    /// As nearly all data need; empty once the wide numbers have taken over.
    narrow: Vec<i128>,
    /// From the first sum on that left the narrow numbers: what passes 38 digits on the way may come back, in any order
    /// of rows.
    wide: Option<Vec<i256>>,
    /// Whether a sum left even the wide numbers.
    is_lost: bool,
}

impl Sums {
    pub(super) fn new() -> Self {
        Self { scale: 0, narrow: Vec::new(), wide: None, is_lost: false }
    }

    pub(super) fn grow(&mut self, cells: usize) {
        match &mut self.wide {
            None => self.narrow.resize(cells, 0),
            Some(wide) => wide.resize(cells, i256::ZERO),
        }
    }

    /// Adds values of one scale to cells; the sums move to the finer scale of the two.
    pub(super) fn add(&mut self, scale: u32, additions: impl Iterator<Item = (usize, i128)>) {
        self.refine_to(scale);
        let lift = self.scale - scale;
        let factor = 10_i128.checked_pow(lift);
        for (cell, addition) in additions {
            let lifted = factor.and_then(|factor| addition.checked_mul(factor));
            match self.narrow.get_mut(cell) {
                Some(value) => match lifted.and_then(|lifted| value.checked_add(lifted)) {
                    Some(sum) => *value = sum,
                    None => self.add_wide(cell, i256::from_i128(addition), lift),
                },
                None => self.add_wide(cell, i256::from_i128(addition), lift),
            }
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

    pub(super) fn get(&self, cell: usize) -> Option<i128> {
        match &self.wide {
            None => self.narrow.get(cell).copied(),
            Some(wide) => wide.get(cell)?.to_i128(),
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

/// The greatest or least values of a column at one scale.
#[derive(Debug)]
pub(super) struct Extremes {
    pub(super) scale: u32,
    pick: fn(i128, i128) -> i128,
    cells: Vec<Option<i128>>,
    /// Whether a value left the numbers.
    is_lost: bool,
}

impl Extremes {
    pub(super) fn new(pick: fn(i128, i128) -> i128) -> Self {
        Self { scale: 0, pick, cells: Vec::new(), is_lost: false }
    }

    pub(super) fn grow(&mut self, cells: usize) {
        self.cells.resize(cells, None);
    }

    /// Meets values of one scale; the cells move to the finer scale of the two.
    pub(super) fn add(&mut self, scale: u32, values: impl Iterator<Item = (usize, i128)>) {
        if let Some(factor) = scale.checked_sub(self.scale).filter(|digits| *digits > 0) {
            self.scale = scale;
            let factor = 10_i128.checked_pow(factor);
            for value in self.cells.iter_mut().flatten() {
                match factor.and_then(|factor| value.checked_mul(factor)) {
                    Some(finer) => *value = finer,
                    None => self.is_lost = true,
                }
            }
        }
        let factor = 10_i128.checked_pow(self.scale - scale);
        for (cell, value) in values {
            let Some(lifted) = factor.and_then(|factor| value.checked_mul(factor)) else {
                self.is_lost = true;
                continue;
            };
            if let Some(known) = self.cells.get_mut(cell) {
                *known = Some(known.map_or(lifted, |known| (self.pick)(known, lifted)));
            }
        }
    }

    pub(super) fn get(&self, cell: usize) -> Option<i128> {
        self.cells.get(cell).copied().flatten()
    }

    pub(super) fn fits(&self) -> bool {
        !self.is_lost
    }

    /// Takes in another's values, whose cells lie here.
    pub(super) fn merge(&mut self, other: &Self, cells: &[usize]) {
        self.is_lost |= other.is_lost;
        let values = cells.iter().zip(&other.cells).filter_map(|(cell, value)| Some((*cell, (*value)?)));
        self.add(other.scale, values);
    }
}
