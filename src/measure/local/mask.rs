//! Predicates over a batch. A test on text is decided once for each distinct value.

use crate::plan::Predicate;
use crate::read::{Batch, Cells};
use crate::text::fold;
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, Date32Array, DictionaryArray, StringArray};

/// For each row whether the predicate holds.
pub(in crate::measure) fn of(predicate: &Predicate, batch: &Batch) -> Vec<bool> {
    let cells = |at: &usize| batch.columns.get(*at).and_then(Option::as_ref);
    match predicate {
        Predicate::All(parts) => combined(parts, batch, true),
        Predicate::Any(parts) => combined(parts, batch, false),
        Predicate::In { column, spellings, exact, negated } => match cells(column) {
            Some(Cells::Text(texts)) => {
                let is_member = |text: &str| {
                    if *exact { spellings.contains(text) } else { spellings.contains(fold(text).as_ref()) }
                };
                members(texts, is_member, *negated)
            }
            // The file lacks the column, and the rules keep such rows.
            _ => vec![true; batch.rows],
        },
        Predicate::Valid { first, last, day, negated } => match (cells(first), cells(last)) {
            (Some(Cells::Date(first)), Some(Cells::Date(last))) => valid(first, last, *day, *negated),
            _ => vec![true; batch.rows],
        },
    }
}

/// Every part for `all`, else at least one.
fn combined(parts: &[Predicate], batch: &Batch, all: bool) -> Vec<bool> {
    let mut mask = vec![all; batch.rows];
    for part in parts {
        for (held, holds) in mask.iter_mut().zip(of(part, batch)) {
            *held = if all { *held && holds } else { *held || holds };
        }
    }
    mask
}

fn members(texts: &DictionaryArray<UInt32Type>, is_member: impl Fn(&str) -> bool, negated: bool) -> Vec<bool> {
    let by_code: Vec<bool> = match texts.values().as_any().downcast_ref::<StringArray>() {
        Some(values) => values.iter().map(|text| text.is_some_and(&is_member)).collect(),
        None => Vec::new(),
    };
    // A missing cell is in no list.
    let decided = |code: Option<u32>| {
        code.and_then(|code| usize::try_from(code).ok()).and_then(|code| by_code.get(code)).copied().unwrap_or(false)
    };
    texts.keys().iter().map(|code| decided(code) != negated).collect()
}

/// A missing first day is never valid, a missing last day never ends.
fn valid(first: &Date32Array, last: &Date32Array, day: i32, negated: bool) -> Vec<bool> {
    first
        .iter()
        .zip(last.iter())
        .map(|(first, last)| {
            (first.is_some_and(|first| first <= day) && last.is_none_or(|last| day <= last)) != negated
        })
        .collect()
}
