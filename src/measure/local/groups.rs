//! The groups of one accumulator: dense sums by group and slot, found by entity and keys.

use super::NO_SLOT;
use crate::plan::Accumulator;
use arrow_array::Decimal128Array;
use arrow_buffer::i256;
use std::collections::HashMap;

/// What rows add to.
#[derive(Debug)]
pub(in crate::measure) struct Groups {
    /// How many slots each group has.
    slots: usize,
    /// Entity, then keys → the group's number.
    numbers: HashMap<Box<[u32]>, usize>,
    /// The groups in the order they were met.
    names: Vec<Box<[u32]>>,
    /// Rows by group and slot: a group exists where it has any.
    rows: Vec<u64>,
    /// For each summed column its sums by group and slot.
    sums: Vec<Sums>,
}

/// The sums of a column at one scale.
#[derive(Debug)]
struct Sums {
    scale: u32,
    /// As nearly all data need; empty once the wide numbers have taken over.
    narrow: Vec<i128>,
    /// From the first sum on that left the narrow numbers: what passes 38 digits on the way may come back, in any order
    /// of rows.
    wide: Option<Vec<i256>>,
    /// Whether a sum left even the wide numbers.
    is_lost: bool,
}

/// Rows of a batch, as an accumulator sees them: one entry for each row in every slice.
pub(super) struct Rows<'a> {
    pub(super) mask: &'a [bool],
    pub(super) entities: &'a [u32],
    pub(super) keys: &'a [&'a [u32]],
    pub(super) slots: &'a [u32],
    pub(super) sums: &'a [Option<&'a Decimal128Array>],
}

impl Groups {
    pub(super) fn new(accumulator: &Accumulator) -> Self {
        Self {
            slots: accumulator.slots(),
            numbers: HashMap::new(),
            names: Vec::new(),
            rows: Vec::new(),
            sums: accumulator.sums.iter().map(|_| Sums::new()).collect(),
        }
    }

    /// Adds the rows that the mask keeps and whose month has a slot.
    pub(super) fn add(&mut self, rows: &Rows<'_>) {
        let mut touched: Vec<(usize, usize)> = Vec::new();
        let mut name: Vec<u32> = Vec::new();
        for (row, ((kept, entity), slot)) in rows.mask.iter().zip(rows.entities).zip(rows.slots).enumerate() {
            if !kept || *slot == NO_SLOT {
                continue;
            }
            name.clear();
            name.push(*entity);
            name.extend(rows.keys.iter().filter_map(|keys| keys.get(row)));
            let cell = self.number(&name) * self.slots + usize::try_from(*slot).unwrap_or(0);
            touched.push((row, cell));
        }
        self.grow();
        for (_, cell) in &touched {
            if let Some(count) = self.rows.get_mut(*cell) {
                *count += 1;
            }
        }
        for (sums, numbers) in self.sums.iter_mut().zip(rows.sums) {
            if let Some(numbers) = numbers {
                let scale = u32::try_from(numbers.scale()).unwrap_or(0);
                sums.add(scale, touched.iter().filter_map(|(row, cell)| Some((*cell, *numbers.values().get(*row)?))));
            }
        }
    }

    fn number(&mut self, name: &[u32]) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(name.into(), number);
        self.names.push(name.into());
        number
    }

    /// Makes room for every group there is.
    fn grow(&mut self) {
        let cells = self.names.len() * self.slots;
        self.rows.resize(cells, 0);
        for sums in &mut self.sums {
            sums.grow(cells);
        }
    }

    /// Takes in another's groups; `entities` and `keys` say which number each of its numbers has here.
    pub(super) fn merge(&mut self, other: &Self, entities: &[u32], keys: &[&[u32]]) {
        let translate = |table: &[u32], number: u32| {
            usize::try_from(number).ok().and_then(|at| table.get(at)).copied().unwrap_or(number)
        };
        let mut places = Vec::new();
        for name in &other.names {
            let tables = std::iter::once(entities).chain(keys.iter().copied());
            let here: Vec<u32> = name.iter().zip(tables).map(|(number, table)| translate(table, *number)).collect();
            places.push(self.number(&here));
        }
        self.grow();
        let cells = || {
            (0..other.rows.len())
                .filter_map(|cell| Some(places.get(cell / self.slots)? * self.slots + cell % self.slots))
        };
        for (cell, count) in cells().zip(&other.rows) {
            if let Some(mine) = self.rows.get_mut(cell) {
                *mine += count;
            }
        }
        let cells: Vec<usize> = cells().collect();
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.merge(theirs, &cells);
        }
    }

    /// The groups: entity, and the rows and sums of each slot.
    pub(in crate::measure) fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        self.names.iter().enumerate().map(|(number, name)| Group {
            groups: self,
            entity: name.first().copied().unwrap_or(0),
            number,
        })
    }

    /// The scale of a sum; `None` where any of its cells is beyond `i128`.
    pub(in crate::measure) fn scale(&self, sum: usize) -> Option<u32> {
        self.sums.get(sum).filter(|sums| sums.fits()).map(|sums| sums.scale)
    }
}

impl Sums {
    fn new() -> Self {
        Self { scale: 0, narrow: Vec::new(), wide: None, is_lost: false }
    }

    fn grow(&mut self, cells: usize) {
        match &mut self.wide {
            None => self.narrow.resize(cells, 0),
            Some(wide) => wide.resize(cells, i256::ZERO),
        }
    }

    /// Adds values of one scale to cells; the sums move to the finer scale of the two.
    fn add(&mut self, scale: u32, additions: impl Iterator<Item = (usize, i128)>) {
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

    fn widened(&mut self) -> &mut Vec<i256> {
        let narrow = &mut self.narrow;
        self.wide.get_or_insert_with(|| std::mem::take(narrow).into_iter().map(i256::from_i128).collect())
    }

    fn get(&self, cell: usize) -> Option<i128> {
        match &self.wide {
            None => self.narrow.get(cell).copied(),
            Some(wide) => wide.get(cell)?.to_i128(),
        }
    }

    /// Whether every sum fits the numbers that the rest of the program computes with.
    fn fits(&self) -> bool {
        !self.is_lost && self.wide.iter().flatten().all(|value| value.to_i128().is_some())
    }

    /// Takes in another's sums, whose cells lie here.
    fn merge(&mut self, other: &Self, cells: &[usize]) {
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

/// One group.
#[derive(Clone, Copy)]
pub(in crate::measure) struct Group<'a> {
    groups: &'a Groups,
    pub(in crate::measure) entity: u32,
    number: usize,
}

impl Group<'_> {
    /// How many rows it has in a slot.
    pub(in crate::measure) fn rows(&self, slot: usize) -> u64 {
        self.groups.rows.get(self.number * self.groups.slots + slot).copied().unwrap_or(0)
    }

    /// A sum in a slot, at [`Groups::scale`].
    pub(in crate::measure) fn sum(&self, sum: usize, slot: usize) -> i128 {
        let cell = self.number * self.groups.slots + slot;
        self.groups.sums.get(sum).and_then(|sums| sums.get(cell)).unwrap_or(0)
    }
}
