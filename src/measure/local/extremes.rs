//! Greatest and least values, by cell: integers at one scale for the whole column.

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

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.cells.as_slice())
    }

    pub(super) fn fits(&self) -> bool {
        !self.is_lost
    }

    /// Takes in another's values, whose cells lie here.
    pub(super) fn merge(&mut self, other: &Self, cells: impl Iterator<Item = usize>) {
        self.is_lost |= other.is_lost;
        let values = cells.zip(&other.cells).filter_map(|(cell, value)| Some((cell, (*value)?)));
        self.add(other.scale, values);
    }
}
