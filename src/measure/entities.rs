//! Which tables name which entities, and entities that may be one.

use super::local::Pass;
use crate::plan::Plan;
use crate::text::{fold, trim};
use std::collections::{BTreeMap, BTreeSet};

/// All entities, and which of them each table's numbers mean.
pub(super) struct Entities {
    /// By id.
    pub(super) shown: Vec<String>,
    /// For each table: the position of each of its numbers.
    by_table: Vec<Vec<usize>>,
}

impl Entities {
    pub(super) fn of(plan: &Plan, passes: &[Pass]) -> Self {
        let mut smallest: BTreeMap<String, String> = BTreeMap::new();
        let mut meet = |text: &str| {
            let shown = smallest.entry(fold(text).into_owned()).or_insert_with(|| text.to_owned());
            if text < shown.as_str() {
                text.clone_into(shown);
            }
        };
        for pass in passes {
            pass.entities.shown().iter().for_each(|text| meet(text));
        }
        // Without any entity column all rows, and a data set without rows, belong to the stated entity.
        let none_named = plan.tables.iter().all(|table| table.entity.is_none());
        if none_named {
            meet(&plan.entity);
        }
        let mut order: Vec<(String, String)> = smallest.into_iter().map(|(folded, shown)| (shown, folded)).collect();
        order.sort();
        let positions: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, (_, folded))| (folded.as_str(), at)).collect();
        let position = |text: &str| positions.get(fold(text).as_ref()).copied().unwrap_or(usize::MAX);
        let by_table =
            passes.iter().map(|pass| pass.entities.shown().iter().map(|text| position(text)).collect()).collect();
        Self { by_table, shown: order.into_iter().map(|(shown, _)| shown).collect() }
    }

    /// Of several tables that name entities: those that one alone names.
    pub(super) fn alone(&self, plan: &Plan, passes: &[Pass]) -> Vec<(String, Vec<String>)> {
        let naming = plan.tables.iter().zip(passes).zip(&self.by_table);
        let naming: Vec<(&str, BTreeSet<usize>)> = naming
            .filter(|((table, _), _)| table.entity.is_some())
            .map(|((table, _), positions)| (table.name.as_str(), positions.iter().copied().collect()))
            .collect();
        if naming.len() < 2 {
            return Vec::new();
        }
        let is_alone = |at: &usize| naming.iter().filter(|(_, known)| known.contains(at)).count() == 1;
        let of_table = naming.iter().map(|(table, known)| {
            let alone = known.iter().filter(|at| is_alone(at)).filter_map(|at| self.shown.get(*at).cloned());
            ((*table).to_owned(), alone.collect::<Vec<_>>())
        });
        of_table.filter(|(_, alone)| !alone.is_empty()).collect()
    }

    pub(super) fn position(&self, table: usize, number: u32) -> Option<usize> {
        self.by_table.get(table)?.get(usize::try_from(number).ok()?).copied()
    }
}

/// Pairs of entities that are one number in two spellings: with zeros before it, or with a point and zeros behind.
#[must_use]
pub fn same_numbers(entities: &[String]) -> Vec<(&str, &str)> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut pairs = Vec::new();
    for entity in entities {
        let Some(digits) = digits_of(entity) else { continue };
        match first.get(digits) {
            Some(other) => pairs.push((*other, entity.as_str())),
            None => {
                first.insert(digits, entity);
            }
        }
    }
    pairs
}

/// The entities that are no whole numbers where most are, or whole numbers where most are none.
#[must_use]
pub fn strange(entities: &[String]) -> Vec<&str> {
    let (numbers, names): (Vec<&str>, Vec<&str>) =
        entities.iter().map(String::as_str).partition(|entity| is_number(entity));
    // Of as many names as numbers the names are the strange ones: exports name partners by number.
    if names.len() <= numbers.len() { names } else { numbers }
}

/// Whether an entity's name is a whole number.
#[must_use]
pub fn is_number(entity: &str) -> bool {
    digits_of(entity).is_some()
}

/// The digits that say which number it is, where it is a whole one.
fn digits_of(text: &str) -> Option<&str> {
    let (whole, fraction) = trim(text).split_once('.').unwrap_or((trim(text), ""));
    let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    (is_whole && fraction.bytes().all(|byte| byte == b'0')).then(|| whole.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::{same_numbers, strange};

    #[test]
    fn numbers_in_two_spellings_are_told() {
        let entities = ["007", "7", "7.00", "7.5", "north", "0", "70"].map(str::to_owned);
        assert_eq!(same_numbers(&entities), [("007", "7"), ("007", "7.00")]);
        assert_eq!(strange(&entities), ["7.5", "north"]);
        assert_eq!(strange(&["north", "south", "7"].map(str::to_owned)), ["7"]);
        assert_eq!(strange(&["north", "south"].map(str::to_owned)), Vec::<&str>::new());
    }
}
