//! The groups of one accumulator: dense sums by group and slot, found by entity and keys.

use super::NO_SLOT;
use crate::plan::Accumulator;
use arrow_array::Decimal128Array;
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

/// The sums of a column at one scale; `None` once a sum left 38 digits.
#[derive(Debug)]
struct Sums {
    scale: u32,
    values: Option<Vec<i128>>,
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
            sums: accumulator.sums.iter().map(|_| Sums { scale: 0, values: Some(Vec::new()) }).collect(),
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
            if let Some(values) = &mut sums.values {
                values.resize(cells, 0);
            }
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
            match &theirs.values {
                Some(values) => mine.add(theirs.scale, cells.iter().copied().zip(values.iter().copied())),
                None => mine.values = None,
            }
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

    /// The scale of a sum; `None` once it left 38 digits.
    pub(in crate::measure) fn scale(&self, sum: usize) -> Option<u32> {
        self.sums.get(sum).filter(|sums| sums.values.is_some()).map(|sums| sums.scale)
    }
}

impl Sums {
    /// Adds values of one scale to cells; the sums move to the finer scale of the two.
    fn add(&mut self, scale: u32, additions: impl Iterator<Item = (usize, i128)>) {
        let Some(values) = &mut self.values else { return };
        if scale > self.scale {
            let factor = 10_i128.checked_pow(scale - self.scale);
            for value in values.iter_mut() {
                match factor.and_then(|factor| value.checked_mul(factor)).or((*value == 0).then_some(0)) {
                    Some(finer) => *value = finer,
                    None => return self.values = None,
                }
            }
            self.scale = scale;
        }
        let factor = 10_i128.checked_pow(self.scale - scale);
        for (cell, addition) in additions {
            let finer = factor.and_then(|factor| addition.checked_mul(factor)).or((addition == 0).then_some(0));
            let Some(value) = values.get_mut(cell) else { continue };
            match finer.and_then(|finer| value.checked_add(finer)) {
                Some(sum) => *value = sum,
                None => return self.values = None,
            }
        }
    }
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
        let values = self.groups.sums.get(sum).and_then(|sums| sums.values.as_ref());
        values.and_then(|values| values.get(self.number * self.groups.slots + slot)).copied().unwrap_or(0)
    }
}
