//! Texts as small numbers: folded once per distinct value of a batch.

use crate::text::{compared, trim};
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, DictionaryArray, StringArray};
use std::collections::HashMap;

/// Numbers for texts that compare as one, with the spelling that is shown.
#[derive(Debug)]
pub(in crate::measure) struct Interner {
    exact: bool,
    numbers: HashMap<Box<str>, u32>,
    /// For each number the smallest spelling by bytes, trimmed.
    shown: Vec<Box<str>>,
}

impl Interner {
    pub(in crate::measure) fn new(exact: bool) -> Self {
        Self { exact, numbers: HashMap::new(), shown: Vec::new() }
    }

    /// The number of each row's text. Rows without one were rejected by the reader.
    pub(super) fn numbers(&mut self, texts: &DictionaryArray<UInt32Type>) -> Vec<u32> {
        let by_code: Vec<u32> = match texts.values().as_any().downcast_ref::<StringArray>() {
            Some(values) => values.iter().map(|text| self.number(text.unwrap_or(""))).collect(),
            None => Vec::new(),
        };
        let of = |code: &u32| usize::try_from(*code).ok().and_then(|code| by_code.get(code)).copied().unwrap_or(0);
        texts.keys().values().iter().map(of).collect()
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
