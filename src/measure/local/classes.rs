//! Rows that are alike in their month and in every text that is asked about: what only depends on these is decided once for
//! all of them.

use crate::read::{Batch, Cells, MISSING, Texts};
use arrow_array::Int32Array;
use std::collections::BTreeSet;

/// Bits that tell classes apart at most: a table of 4 MiB, of which rows touch as much as there are classes.
const BITS: u32 = 20;

/// No class yet.
const NONE: u32 = u32::MAX;

/// The classes of rows that have the same columns.
#[derive(Debug, Default)]
pub(super) struct Classes {
    /// The columns that tests and lists ask about.
    asked: BTreeSet<usize>,
    /// Which columns their files have: where one is lacking, tests on it are decided otherwise.
    present: Option<Vec<bool>>,
    /// The first month there is room for, and the bits of all of them; none in a table without months.
    months: Option<(i32, u32)>,
    /// The place of the months, where they are what a column holds; a day says more than its month.
    month: Option<usize>,
    /// The asked columns that are there and hold texts, with the bits of their codes.
    texts: Vec<(usize, u32)>,
    /// By the bits of a row its class.
    known: Vec<u32>,
    /// By class its bits.
    keys: Vec<usize>,
}

impl Classes {
    /// Classes by these columns.
    pub(super) fn by(asked: BTreeSet<usize>) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Whether rows of a class are all alike in a column.
    pub(super) fn tell(&self, column: usize) -> bool {
        self.month == Some(column) || self.texts.iter().any(|(at, _)| *at == column)
    }

    /// Puts the class of each row into `classes`; whether any is new. There has to be room.
    pub(super) fn see(&mut self, batch: &Batch<'_>, months: Option<&Int32Array>, classes: &mut Vec<u32>) -> bool {
        let mut keys = vec![0_usize; batch.rows];
        let mut shift = 0;
        if let (Some((first, bits)), Some(months)) = (self.months, months) {
            for (key, month) in keys.iter_mut().zip(months.values()) {
                *key = place(month.wrapping_sub(first).cast_unsigned(), bits);
            }
            shift = bits;
        }
        for (at, bits) in &self.texts {
            let Some(Some(Cells::Text(texts))) = batch.columns.get(*at) else { continue };
            for (key, code) in keys.iter_mut().zip(texts.codes()) {
                *key |= place(*code, *bits) << shift;
            }
            shift += bits;
        }
        classes.clear();
        classes.extend(keys.iter().map(|key| self.known.get(*key).copied().unwrap_or(NONE)));
        let is_any_new = classes.contains(&NONE);
        if is_any_new {
            for (class, key) in classes.iter_mut().zip(keys) {
                if *class == NONE
                    && let Some(known) = self.known.get_mut(key)
                {
                    if *known == NONE {
                        *known = u32::try_from(self.keys.len()).unwrap_or(NONE);
                        self.keys.push(key);
                    }
                    *class = *known;
                }
            }
        }
        is_any_new
    }

    /// Whether the bits tell all months and texts of a batch apart.
    pub(super) fn have_room(&self, batch: &Batch<'_>, months: Option<&Int32Array>) -> bool {
        let holds = |(at, bits): &(usize, u32)| match batch.columns.get(*at) {
            Some(Some(Cells::Text(texts))) => bits_of(texts) <= *bits,
            _ => false,
        };
        let within = |(first, bits): (i32, u32), months: &Int32Array| {
            months.values().iter().all(|month| month.wrapping_sub(first).cast_unsigned() >> bits == 0)
        };
        let have_months = match (self.months, months) {
            (Some(room), Some(months)) => within(room, months),
            (None, months) => months.is_none(),
            (Some(_), None) => false,
        };
        let have_columns = self.present.as_ref().is_some_and(|known| present(batch).eq(known.iter().copied()));
        have_columns && have_months && self.texts.iter().all(holds)
    }

    /// Forgets all classes, and makes room for more months and texts.
    pub(super) fn start(&mut self, batch: &Batch<'_>, (month, months): (Option<usize>, Option<&Int32Array>)) {
        self.present = Some(present(batch).collect());
        self.month = month.filter(|at| matches!(batch.columns.get(*at), Some(Some(Cells::Month(_)))));
        self.months = months.map(|months| {
            let (mut first, mut last) = (i32::MAX, i32::MIN);
            for month in months.values() {
                (first, last) = (first.min(*month), last.max(*month));
            }
            // Room for as many again on either side: most files hold some years.
            let span = last.saturating_sub(first).saturating_add(1).max(1).cast_unsigned();
            let bits = ((u32::BITS - span.leading_zeros()).max(4) + 1).min(30);
            (first.saturating_sub((1 << bits) / 4), bits)
        });
        self.texts.clear();
        for at in &self.asked {
            if let Some(Some(Cells::Text(texts))) = batch.columns.get(*at) {
                self.texts.push((*at, bits_of(texts)));
            }
        }
        let bits: u32 = self.texts.iter().map(|(_, bits)| bits).sum::<u32>() + self.months.map_or(0, |(_, bits)| bits);
        let size = if bits <= BITS { 1 << bits } else { 0 };
        if self.known.len() == size {
            // Of a large table few places are taken.
            for key in &self.keys {
                self.known.get_mut(*key).into_iter().for_each(|known| *known = NONE);
            }
        } else {
            self.known = vec![NONE; size];
        }
        self.keys.clear();
    }

    /// Whether classes are told apart: not where months and texts are too many.
    pub(super) fn are_told(&self) -> bool {
        !self.known.is_empty()
    }

    /// The month of each class from one on.
    pub(super) fn months(&self, from: usize) -> Option<Int32Array> {
        let (first, bits) = self.months?;
        let month = |key: &usize| i32::try_from(key & mask(bits)).map_or(first, |at| first.saturating_add(at));
        Some(self.keys.iter().skip(from).map(month).map(Some).collect())
    }

    /// A batch with one row for each class from one on, of these months, which has the columns that tell them apart and no
    /// others.
    pub(super) fn rows<'b>(&self, batch: &'b Batch<'_>, months: Option<&Int32Array>, from: usize) -> Batch<'b> {
        let mut columns: Vec<Option<Cells<'b>>> = batch.columns.iter().map(|_| None).collect();
        let mut shift = self.months.map_or(0, |(_, bits)| bits);
        for (at, bits) in &self.texts {
            let code = |key: &usize| match key >> shift & mask(*bits) {
                last if last == mask(*bits) => MISSING,
                code => u32::try_from(code).unwrap_or(MISSING),
            };
            if let (Some(Some(Cells::Text(texts))), Some(place)) = (batch.columns.get(*at), columns.get_mut(*at)) {
                *place =
                    Some(Cells::Text(Texts::new(self.keys.iter().skip(from).map(code).collect(), texts.spellings())));
            }
            shift += bits;
        }
        if let Some((at, months)) = self.month.zip(months)
            && let Some(place) = columns.get_mut(at)
        {
            *place = Some(Cells::Month(months.clone()));
        }
        Batch { file: batch.file, rows: self.keys.len().saturating_sub(from), columns, is_other: false }
    }
}

/// Which columns a batch has.
fn present(batch: &Batch<'_>) -> impl Iterator<Item = bool> {
    batch.columns.iter().map(Option::is_some)
}

/// The bits that tell the texts of a column apart, and a missing cell: that has all of them set.
fn bits_of(texts: &Texts<'_>) -> u32 {
    usize::BITS - texts.spellings().len().leading_zeros()
}

const fn mask(bits: u32) -> usize {
    (1 << bits) - 1
}

fn place(code: u32, bits: u32) -> usize {
    usize::try_from(code).unwrap_or(0) & mask(bits)
}
