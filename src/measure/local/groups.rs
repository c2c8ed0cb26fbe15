//! The groups of one accumulator: dense tallies by group and slot, found by entity and keys.

use super::NO_SLOT;
use super::extremes::Extremes;
use super::index::{Index, pair};
use super::values::Values;
use crate::measure::tally::Tally;
use crate::plan::{self, Accumulator};
use crate::read::Cells;

/// What rows add to.
#[derive(Debug)]
pub(in crate::measure) struct Groups {
    /// How many slots each group has.
    slots: usize,
    /// How many numbers name a group: entity, then keys.
    width: usize,
    /// The groups by their names, one behind the other in the order they were met.
    names: Vec<u32>,
    /// Where each stands among them.
    index: Index,
    /// Rows and sums by group and slot: a group exists where it has any rows.
    tally: Tally,
    /// For each tally where its values are.
    kept: Vec<Kept>,
    /// The rows of a batch with their cells; its memory is used again for the next.
    touched: Vec<(usize, usize)>,
    /// What is known of the groups of these rows; likewise.
    near: Vec<u32>,
}

/// Groups that are taken in together.
const TOGETHER: usize = 1 << 10;

/// What a tally comes to.
#[derive(Debug)]
enum Kept {
    /// A sum, by its place among all.
    Sum(usize),
    Extremes(Extremes),
}

/// Rows of a batch, as an accumulator sees them: one entry for each row in every slice.
pub(super) struct Rows<'a> {
    pub(super) entities: &'a [u32],
    pub(super) keys: &'a [&'a [u32]],
    pub(super) values: &'a [Option<Values<'a>>],
}

/// The rows that have a slot, with it. No step depends on whether a row has one: which do is up to chance.
fn with_slots(slots: impl ExactSizeIterator<Item = u32>, kept: &mut Vec<(usize, usize)>) -> &mut [(usize, usize)] {
    if kept.len() < slots.len() {
        kept.resize(slots.len(), (0, 0));
    }
    let mut count = 0;
    for (row, slot) in slots.enumerate() {
        if let Some(next) = kept.get_mut(count) {
            *next = (row, usize::try_from(slot).unwrap_or(0));
        }
        count += usize::from(slot != NO_SLOT);
    }
    kept.get_mut(..count).unwrap_or_default()
}

impl Groups {
    pub(super) fn new(accumulator: &Accumulator) -> Self {
        let mut sums = 0..;
        let kept = accumulator.tallies.iter().map(|tally| match tally {
            plan::Tally::Sum(_) | plan::Tally::Rated { .. } | plan::Tally::Filled(_) => {
                Kept::Sum(sums.next().unwrap_or(usize::MAX))
            }
            plan::Tally::Greatest(_) => Kept::Extremes(Extremes::new(i128::max)),
            plan::Tally::Least(_) => Kept::Extremes(Extremes::new(i128::min)),
        });
        let kept: Vec<Kept> = kept.collect();
        Self {
            slots: accumulator.slots(),
            width: 1 + accumulator.keys.len() + usize::from(accumulator.day.is_some()),
            names: Vec::new(),
            index: Index::default(),
            tally: Tally::new(kept.iter().filter(|kept| matches!(kept, Kept::Sum(_))).count()),
            kept,
            touched: Vec::new(),
            near: Vec::new(),
        }
    }

    /// Adds the rows that have a slot; those that do not count have [`NO_SLOT`].
    pub(super) fn add(&mut self, rows: &Rows<'_>, slots: impl ExactSizeIterator<Item = u32>) {
        let mut memory = std::mem::take(&mut self.touched);
        let touched = with_slots(slots, &mut memory);
        self.find(rows, touched);
        self.grow();
        self.tally.count(touched);
        for (kept, values) in self.kept.iter_mut().zip(rows.values) {
            if let Some(values) = values {
                match kept {
                    Kept::Sum(sum) if values.is_lost => self.tally.lose(*sum),
                    Kept::Sum(sum) => {
                        if let Some(mut adder) = self.tally.adder(*sum, values.scale) {
                            values.show(touched, |cell, value| adder.add(cell, value));
                        }
                    }
                    Kept::Extremes(extremes) => {
                        let mut shown = Vec::with_capacity(touched.len());
                        values.show(touched, |cell, value| shown.push((cell, value)));
                        extremes.add(values.scale, shown.into_iter());
                    }
                }
            }
        }
        self.touched = memory;
    }

    /// Moves slots of rows to their groups.
    fn find(&mut self, rows: &Rows<'_>, touched: &mut [(usize, usize)]) {
        let mut near = std::mem::take(&mut self.near);
        let number = |numbers: &[u32], row: &usize| numbers.get(*row).copied().unwrap_or(0);
        match rows.keys {
            [] => self.index.near(touched.iter().map(|(row, _)| Some((0, number(rows.entities, row)))), &mut near),
            [keys] => {
                let names = touched.iter().map(|(row, _)| Some((number(rows.entities, row), number(keys, row))));
                self.index.near(names, &mut near);
            }
            _ => {
                near.clear();
                near.resize(touched.len(), 0);
            }
        }
        let mut name = vec![0; self.width];
        let mut last = None;
        for ((row, cell), near) in touched.iter_mut().zip(&near) {
            let number = match usize::try_from(*near).unwrap_or(0).checked_sub(1) {
                Some(number) => number,
                None => {
                    let entity = number(rows.entities, row);
                    let parts =
                        std::iter::once(entity).chain(rows.keys.iter().filter_map(|keys| keys.get(*row).copied()));
                    let mut is_last = last.is_some();
                    for (known, part) in name.iter_mut().zip(parts) {
                        is_last &= *known == part;
                        *known = part;
                    }
                    // Exports are often sorted, and then most rows are of the group of the one before.
                    let found = match last {
                        Some(found) if is_last => found,
                        _ => self.number(&name),
                    };
                    last = Some(found);
                    found
                }
            };
            *cell += number * self.slots;
        }
        self.near = near;
    }

    fn number(&mut self, name: &[u32]) -> usize {
        let number = self.index.number(name, &self.names);
        if number * self.width == self.names.len() {
            self.names.extend(name);
        }
        number
    }

    /// Makes room for every group there is.
    fn grow(&mut self) {
        let cells = self.names.len() / self.width * self.slots;
        self.tally.grow(cells);
        for kept in &mut self.kept {
            match kept {
                Kept::Sum(_) => {}
                Kept::Extremes(extremes) => extremes.grow(cells),
            }
        }
    }

    /// Takes in another's groups; `entities` and `keys` say which number each of its numbers has here.
    pub(super) fn merge(&mut self, other: &Self, entities: &[u32], keys: &[&[u32]]) {
        let translate = |table: &[u32], number: u32| {
            usize::try_from(number).ok().and_then(|at| table.get(at)).copied().unwrap_or(number)
        };
        // A day is the same number everywhere.
        let day: &[u32] = &[];
        let here = other.names.chunks(other.width).flat_map(|name| {
            let tables = std::iter::once(entities).chain(keys.iter().copied()).chain(std::iter::once(day));
            name.iter().zip(tables).map(|(number, table)| translate(table, *number))
        });
        let here: Vec<u32> = here.collect();
        let mut places = Vec::with_capacity(other.names.len() / other.width);
        let mut near = Vec::new();
        for names in here.chunks(self.width * TOGETHER) {
            self.index.near(names.chunks(self.width).map(pair), &mut near);
            for (name, near) in names.chunks(self.width).zip(&near) {
                let near = usize::try_from(*near).unwrap_or(0).checked_sub(1);
                places.push(near.unwrap_or_else(|| self.number(name)));
            }
        }
        self.grow();
        let cells = places.iter().flat_map(|place| place * self.slots..(place + 1) * self.slots);
        self.tally.merge(&other.tally, cells.clone());
        for (mine, theirs) in self.kept.iter_mut().zip(&other.kept) {
            match (mine, theirs) {
                (Kept::Extremes(mine), Kept::Extremes(theirs)) => mine.merge(theirs, cells.clone()),
                (Kept::Sum(_), _) | (_, Kept::Sum(_)) => {}
            }
        }
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> u64 {
        let kept = self.kept.iter().map(|kept| match kept {
            Kept::Sum(_) => 0,
            Kept::Extremes(extremes) => extremes.bytes(),
        });
        let own = size_of_val(self.names.as_slice()) + self.tally.bytes() + self.index.bytes();
        u64::try_from(kept.sum::<usize>().saturating_add(own)).unwrap_or(u64::MAX)
    }

    /// The groups: entity and keys, and the rows and tallies of each slot.
    pub(in crate::measure) fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        self.names.chunks(self.width).enumerate().map(|(number, name)| Group { groups: self, name, number })
    }

    /// The scale of a tally; `None` where any of its cells is beyond `i128`.
    pub(in crate::measure) fn scale(&self, tally: usize) -> Option<u32> {
        match self.kept.get(tally)? {
            Kept::Sum(sum) => self.tally.scale(*sum),
            Kept::Extremes(extremes) => extremes.fits().then_some(extremes.scale),
        }
    }
}

/// The days of rows as numbers of keys, from 1 on; 0 where there is none.
pub(super) fn days(cells: Option<&Cells<'_>>, rows: usize) -> Vec<u32> {
    match cells {
        Some(Cells::Date(days)) => days.iter().map(|day| day.map_or(0, |day| day.abs_diff(i32::MIN))).collect(),
        _ => vec![0; rows],
    }
}

/// One group.
#[derive(Clone, Copy)]
pub(in crate::measure) struct Group<'a> {
    groups: &'a Groups,
    name: &'a [u32],
    number: usize,
}

impl<'a> Group<'a> {
    /// The number of its entity.
    pub(in crate::measure) fn entity(&self) -> u32 {
        self.name.first().copied().unwrap_or(0)
    }

    /// The day of its rows, where they are told apart by it: the last of its keys.
    pub(in crate::measure) fn day(&self) -> Option<i32> {
        let number = self.name.last().copied().filter(|number| *number > 0)?;
        i32::MIN.checked_add_unsigned(number)
    }

    /// The numbers of its keys.
    pub(in crate::measure) fn keys(&self) -> &'a [u32] {
        self.name.get(1..).unwrap_or_default()
    }

    fn cell(&self, slot: usize) -> usize {
        self.number * self.groups.slots + slot
    }

    /// How many rows it has in a slot.
    pub(in crate::measure) fn rows(&self, slot: usize) -> u64 {
        self.groups.tally.rows(self.cell(slot))
    }

    /// What a tally comes to in a slot, at [`Groups::scale`]; none for the greatest or least of nothing.
    pub(in crate::measure) fn tally(&self, tally: usize, slot: usize) -> Option<i128> {
        match self.groups.kept.get(tally)? {
            Kept::Sum(sum) => Some(self.groups.tally.sum(*sum, self.cell(slot)).unwrap_or(0)),
            Kept::Extremes(extremes) => extremes.get(self.cell(slot)),
        }
    }
}
