//! Rows of a batch → everything they can change.

use super::fate::Fate;
use super::groups::{self, Groups};
use super::kinds::see_others;
use super::values::Values;
use super::{NO_SLOT, State};
use crate::measure::Sums;
use crate::month::Month;
use crate::plan::{Accumulator, Predicate};
use crate::read::{Asked, Batch, Cells, Wanted};
use arrow_array::{Decimal128Array, Int32Array};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What is decided on the classes of rows: an entry for each in every list.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// How many rows there were.
    rows: Vec<u64>,
    fates: Vec<Fate>,
    /// Whether the rows are the table's, and count once.
    counts: Vec<bool>,
    /// What the cells that tell classes apart add to a row's fingerprint.
    prints: Vec<u64>,
    /// For each accumulator the slots.
    slots: Vec<Vec<u32>>,
    /// For each column that is looked up in lists the cell of a spelling that none knows.
    spelled: Vec<Vec<Option<usize>>>,
}

/// A batch, with what is known of its rows whatever becomes of them.
struct Seen<'b> {
    batch: &'b Batch<'b>,
    months: Option<&'b Int32Array>,
    entities: Vec<u32>,
    /// For each row whether its entity has groups; none where all do.
    is_own: Option<Vec<bool>>,
    /// For each wanted column that is a key the numbers of its values.
    keys: Vec<Option<Vec<u32>>>,
}

impl Seen<'_> {
    /// Adds the rows that have a slot to their groups.
    fn add_to(&self, groups: &mut Groups, accumulator: &Accumulator, slots: impl ExactSizeIterator<Item = u32>) {
        let column = |at: usize| self.batch.columns.get(at).and_then(Option::as_ref);
        let day = accumulator.day.map(|at| groups::days(column(at), self.batch.rows));
        let keys = accumulator.keys.iter().filter_map(|at| self.keys.get(*at)?.as_deref());
        let keys: Vec<&[u32]> = keys.chain(day.as_deref()).collect();
        let values: Vec<Option<Values<'_>>> =
            accumulator.tallies.iter().map(|tally| Values::of(tally, self.batch)).collect();
        let rows = groups::Rows { entities: &self.entities, keys: &keys, values: &values };
        match &self.is_own {
            None => groups.add(&rows, slots),
            Some(is_own) => {
                groups.add(&rows, slots.zip(is_own).map(|(slot, is_own)| if *is_own { slot } else { NO_SLOT }));
            }
        }
    }
}

impl State<'_> {
    /// Takes in some rows: class by class where that tells all there is to know of them but their amounts, entities and
    /// keys, else row by row.
    pub(super) fn consume(&mut self, batch: &Batch<'_>) {
        let column = |at: usize| batch.columns.get(at).and_then(Option::as_ref);
        for ((first, second), links) in self.table.identities.iter().zip(&mut self.links) {
            if let (Some(Cells::Text(first)), Some(Cells::Text(second))) = (column(*first), column(*second)) {
                links.see(first, second);
            }
        }
        if batch.is_other {
            see_others(&mut self.others, batch);
            self.account.add_rows(Fate::Dropped, u64::try_from(batch.rows).unwrap_or(u64::MAX));
            return;
        }
        self.plausible.see(batch);
        let entities = match self.table.entity.and_then(column) {
            Some(Cells::Text(texts)) => self.entities.numbers(texts, None),
            _ if batch.rows == 0 => Vec::new(),
            _ => vec![self.entities.number(&self.table.stated_entity); batch.rows],
        };
        let months = self.table.month.and_then(|at| batch.months(at));
        let is_own = self.are_own(&entities);
        let seen = Seen {
            batch,
            months: months.as_deref(),
            entities,
            is_own,
            keys: self.key_numbers(batch, months.as_deref()),
        };
        if !self.classes.have_room(batch, seen.months) {
            self.count_classes();
            self.classes.start(batch, (self.table.month, seen.months));
            self.judged = Judged::default();
        }
        if self.are_judged_by_class(batch) { self.by_class(&seen) } else { self.by_row(&seen) }
    }

    /// For each row whether its entity has groups; none where all do.
    fn are_own(&mut self, entities: &[u32]) -> Option<Vec<bool>> {
        if self.share.is_all() {
            return None;
        }
        let new = self.entities.shown_from(self.is_own.len());
        self.is_own.extend(new.map(|entity| self.share.holds(entity)));
        Some(of_each(entities, &self.is_own, false).collect())
    }

    /// The numbers of the keys of each row.
    fn key_numbers(&mut self, batch: &Batch<'_>, months: Option<&Int32Array>) -> Vec<Option<Vec<u32>>> {
        // Whether a reader passed the others over or not, there is one answer.
        let mut rows_of: Vec<(&Asked, Vec<bool>)> = Vec::new();
        for asked in self.table.wanted.iter().filter_map(|wanted| wanted.asked.as_ref()) {
            if let Some(months) = months.filter(|_| self.sums == Sums::Left)
                && !rows_of.iter().any(|(known, _)| *known == asked)
            {
                rows_of.push((asked, asked.rows(months.values())));
            }
        }
        let asked = |wanted: &Wanted| {
            let known = rows_of.iter().find(|(known, _)| Some(*known) == wanted.asked.as_ref());
            known.map(|(_, rows)| rows.as_slice())
        };
        let all = self.keys.iter_mut().zip(&batch.columns).zip(&self.table.wanted);
        let numbers = all.map(|((interner, cells), wanted)| match (interner, cells) {
            (Some(interner), Some(Cells::Text(texts))) => Some(interner.numbers(texts, asked(wanted))),
            (Some(interner), Some(Cells::Month(months))) => {
                Some(interner.labelled(months.values(), |month| Month::from_index(month).to_string()))
            }
            (Some(interner), Some(Cells::Date(days))) => {
                let label = |day| NaiveDate::from_epoch_days(day).map_or_else(String::new, |day| day.to_string());
                Some(interner.labelled(days.values(), label))
            }
            _ => None,
        });
        numbers.collect()
    }

    /// Whether everything that is asked of a row is the same for all rows of its class.
    fn are_judged_by_class(&self, batch: &Batch<'_>) -> bool {
        let is_told = |at: &usize| !batch.columns.get(*at).is_some_and(Option::is_some) || self.classes.tell(*at);
        let asked = self.table.filters.iter().chain(&self.table.marks);
        self.classes.are_told()
            && self.amounts.is_empty()
            && asked.flat_map(Predicate::columns).all(|at| is_told(&at))
            && self.spelled.iter().all(|spelled| is_told(&spelled.place()))
            && self.uncheckable.filters(batch).is_empty()
    }

    /// Takes in rows whose classes say all about them.
    fn by_class(&mut self, seen: &Seen<'_>) {
        let mut classes = std::mem::take(&mut self.of_rows);
        let is_any_new = self.classes.see(seen.batch, seen.months, &mut classes);
        if is_any_new {
            let judged = self.judged.fates.len();
            let months = self.classes.months(judged);
            self.judge(&self.classes.rows(seen.batch, months.as_ref(), judged), months.as_ref());
        }
        for class in &classes {
            if let Some(count) = at(*class).and_then(|class| self.judged.rows.get_mut(class)) {
                *count += 1;
            }
        }
        let Judged { counts, prints, slots, .. } = &self.judged;
        let counts: Vec<bool> = of_each(&classes, counts, false).collect();
        let is_told = |at: usize| self.classes.tell(at);
        self.likeness.see(seen.batch, seen.months, &counts, (of_each(&classes, prints, 0).collect(), &is_told));
        for ((accumulator, groups), slots) in self.table.accumulators.iter().zip(&mut self.groups).zip(slots) {
            seen.add_to(groups, accumulator, of_each(&classes, slots, NO_SLOT));
        }
        self.of_rows = classes;
    }

    /// Decides on new classes, one row standing for each.
    fn judge(&mut self, rows: &Batch<'_>, months: Option<&Int32Array>) {
        let mut fates = self.before.of(rows, months);
        let counts: Vec<bool> = fates.iter().map(|fate| fate.is_of_the_table()).collect();
        let masks: Vec<Vec<bool>> = self.filters.iter_mut().map(|filter| filter.holds(rows)).collect();
        let judged = &mut self.judged;
        judged.slots.resize_with(self.table.accumulators.len(), Vec::new);
        for (accumulator, of_all) in self.table.accumulators.iter().zip(&mut judged.slots) {
            let mut slots = slots(accumulator, months, rows.rows);
            let held =
                masks.get(accumulator.filter).into_iter().flatten().zip(&counts).map(|(holds, counts)| holds & counts);
            keep(&mut slots, held, &mut fates);
            of_all.extend(slots);
        }
        judged.spelled.resize_with(self.spelled.len(), Vec::new);
        for (spelled, of_all) in self.spelled.iter_mut().zip(&mut judged.spelled) {
            of_all.extend(spelled.cells(rows));
        }
        judged.prints.extend(self.likeness.of_classes(rows));
        judged.counts.extend(counts);
        judged.fates.extend(fates);
        judged.rows.resize(judged.fates.len(), 0);
    }

    /// Accounts for the rows of all classes, and counts them from zero again.
    pub(super) fn count_classes(&mut self) {
        let Judged { rows, fates, counts, spelled, .. } = &mut self.judged;
        for (fate, rows) in fates.iter().zip(&*rows) {
            self.account.add_rows(*fate, *rows);
        }
        if let Some(months) = self.classes.months(0) {
            for (month, rows) in months.values().iter().zip(&*rows).filter(|(_, rows)| **rows > 0) {
                *self.months.at(*month) += rows;
            }
        }
        for (spelled, cells) in self.spelled.iter_mut().zip(spelled) {
            for ((cell, rows), counts) in cells.iter().zip(&*rows).zip(&*counts) {
                if let Some(cell) = cell.filter(|_| *counts) {
                    spelled.add_rows(cell, *rows);
                }
            }
        }
        rows.fill(0);
    }

    /// Takes in rows one by one.
    fn by_row(&mut self, seen: &Seen<'_>) {
        let (batch, months) = (seen.batch, seen.months);
        if let Some(months) = months {
            months.values().iter().for_each(|month| *self.months.at(*month) += 1);
        }
        let mut fates = self.before.of(batch, months);
        let kept: Vec<bool> = fates.iter().map(|fate| fate.is_of_the_table()).collect();
        self.likeness.see(batch, months, &kept, (vec![0; batch.rows], &|_| false));
        let number = |at: &usize| match batch.columns.get(*at) {
            Some(Some(Cells::Number(numbers))) => Some(numbers),
            _ => None,
        };
        let amounts: Vec<Option<&Decimal128Array>> = self.amounts.iter().map(number).collect();
        for spelled in &mut self.spelled {
            spelled.see(batch, &kept, &amounts);
        }
        let mut needed: BTreeSet<usize> = self.table.accumulators.iter().map(|a| a.filter).collect();
        needed.extend(self.uncheckable.filters(batch));
        let masks = self.filters.iter_mut().enumerate().map(|(at, filter)| {
            if !needed.contains(&at) {
                return Vec::new();
            }
            let mut mask = filter.holds(batch);
            mask.iter_mut().zip(&kept).for_each(|(holds, kept)| *holds &= kept);
            mask
        });
        let masks: Vec<Vec<bool>> = masks.collect();
        self.uncheckable.see(batch, &fates, &masks);
        for (accumulator, groups) in self.table.accumulators.iter().zip(&mut self.groups) {
            let Some(mask) = masks.get(accumulator.filter) else { continue };
            let mut slots = slots(accumulator, months, batch.rows);
            keep(&mut slots, mask.iter().copied(), &mut fates);
            seen.add_to(groups, accumulator, slots.into_iter());
        }
        self.account.add(&fates);
    }
}

/// Takes the slots of rows that are not held; the others are used.
fn keep(slots: &mut [u32], held: impl Iterator<Item = bool>, fates: &mut [Fate]) {
    for ((slot, is_held), fate) in slots.iter_mut().zip(held).zip(fates) {
        if !is_held {
            *slot = NO_SLOT;
        } else if *slot != NO_SLOT {
            *fate = Fate::Used;
        }
    }
}

/// For each row what there is of its class, or of its entity.
fn of_each<T: Copy>(numbers: &[u32], all: &[T], none: T) -> impl ExactSizeIterator<Item = T> {
    numbers.iter().map(move |number| at(*number).and_then(|number| all.get(number)).copied().unwrap_or(none))
}

fn at(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// For each row the slot of its month, or [`NO_SLOT`].
fn slots(accumulator: &Accumulator, months: Option<&Int32Array>, rows: usize) -> Vec<u32> {
    let (Some(months), Some(first), Some(last)) = (months, accumulator.months.first(), accumulator.months.last())
    else {
        return vec![0; rows];
    };
    let span = usize::try_from(last.index() - first.index()).unwrap_or(0) + 1;
    let mut table = vec![NO_SLOT; span];
    for (slot, month) in (0_u32..).zip(&accumulator.months) {
        let at = usize::try_from(month.index() - first.index()).unwrap_or(0);
        if let Some(entry) = table.get_mut(at) {
            *entry = slot;
        }
    }
    let of = |month: i32| usize::try_from(month.checked_sub(first.index())?).ok().and_then(|at| table.get(at)).copied();
    months.iter().map(|month| month.and_then(of).unwrap_or(NO_SLOT)).collect()
}
