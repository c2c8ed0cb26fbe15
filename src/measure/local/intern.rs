//! Texts as small numbers: each spelling is folded once by each thread.

use crate::read::{BySpelling, Texts};
use crate::text::{compared, trim};
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

/// Numbers for texts that compare as one, with the spelling that is shown.
#[derive(Debug)]
pub(in crate::measure) struct Interner {
    exact: bool,
    numbers: HashMap<Box<str>, u32>,
    /// For each number the smallest spelling by bytes, trimmed.
    shown: Vec<Box<str>>,
    /// The number of each spelling in the rows that were looked at.
    known: BySpelling<NonZeroU32>,
}

impl Interner {
    pub(in crate::measure) fn new(exact: bool) -> Self {
        Self { exact, numbers: HashMap::new(), shown: Vec::new(), known: BySpelling::default() }
    }

    /// The number of each row's text. Rows without one were rejected by the reader.
    pub(super) fn numbers(&mut self, texts: &Texts<'_>) -> Vec<u32> {
        let mut known = std::mem::take(&mut self.known);
        let numbers = known.of_rows(texts, NonZeroU32::MIN, |text| kept(self.number(text))).map(number).collect();
        self.known = known;
        numbers
    }

    /// The number of one row's text; none where its cell is missing.
    pub(in crate::measure) fn number_of(&mut self, texts: &Texts<'_>, row: usize) -> Option<u32> {
        let mut known = std::mem::take(&mut self.known);
        let found = known.of_row(texts, row, |text| kept(self.number(text))).map(number);
        self.known = known;
        found
    }

    /// The number of each row's month or day, by its label. Rows without one are none of a group's.
    pub(super) fn labelled(&mut self, values: &[i32], label: impl Fn(i32) -> String) -> Vec<u32> {
        let mut known: HashMap<i32, u32> = HashMap::new();
        values.iter().map(|value| *known.entry(*value).or_insert_with(|| self.number(&label(*value)))).collect()
    }

    /// The number of a text, which gets one where it has none.
    pub(in crate::measure) fn number(&mut self, text: &str) -> u32 {
        let shown = if self.exact { text } else { trim(text) };
        let compared = compared(text, self.exact);
        if let Some(number) = self.numbers.get(compared.as_ref()).copied() {
            if let Some(known) = usize::try_from(number).ok().and_then(|at| self.shown.get_mut(at))
                && shown < known.as_ref()
            {
                *known = shown.into();
            }
            return number;
        }
        let number = u32::try_from(self.shown.len()).unwrap_or(u32::MAX);
        self.numbers.insert(compared.into(), number);
        self.shown.push(shown.into());
        number
    }

    /// Takes in another's texts; says for each of its numbers which one it has here.
    pub(in crate::measure) fn merge(&mut self, other: &Self) -> Vec<u32> {
        other.shown.iter().map(|text| self.number(text)).collect()
    }

    /// The number of a folded text that has one.
    pub(super) fn known(&self, folded: &str) -> Option<u32> {
        self.numbers.get(folded).copied()
    }

    /// Whether a text has a number.
    pub(super) fn has(&self, text: &str) -> bool {
        self.numbers.contains_key(compared(text, self.exact).as_ref())
    }

    /// Shows texts as others are spelt that compare with them; where no such text counts as one of these, as the smallest
    /// of those that do. `same` says what each number counts as.
    pub(super) fn show_as(&mut self, others: &Self, same: &[u32]) {
        let (mut own, mut meant) = (BTreeMap::new(), BTreeMap::new());
        for shown in others.shown() {
            let Some(number) = self.numbers.get(compared(shown, self.exact).as_ref()).copied() else { continue };
            own.insert(number, shown);
            let means = usize::try_from(number).ok().and_then(|at| same.get(at)).copied().unwrap_or(number);
            let smallest = meant.entry(means).or_insert(shown);
            *smallest = shown.min(smallest);
        }
        meant.append(&mut own);
        for (number, shown) in meant {
            if let Some(known) = usize::try_from(number).ok().and_then(|at| self.shown.get_mut(at)) {
                *known = shown.clone();
            }
        }
    }

    /// The text of a number, as it is shown.
    pub(super) fn name(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|at| self.shown.get(at)).map_or("", AsRef::as_ref)
    }

    /// Whether texts compare letter by letter.
    pub(in crate::measure) fn is_exact(&self) -> bool {
        self.exact
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// The texts by number.
    pub(in crate::measure) fn shown(&self) -> &[Box<str>] {
        &self.shown
    }
}

/// A number as it is kept: not zero, so that none takes no more room.
fn kept(number: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(number)
}

/// The number that is kept so.
const fn number(kept: NonZeroU32) -> u32 {
    kept.get() - 1
}
