//! The spellings that rules know for a column: those of every list that a test looks the column up in.

use super::ruleset::{ColumnType, List, ListRef, RuleSet, Table, Test};
use crate::text::fold;
use std::collections::BTreeMap;

/// What rules know of a column's values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Every spelling, on any day, by how it compares: folded unless the column compares letter by letter.
    pub spellings: BTreeMap<String, String>,
    /// Whether any test asks a value to be in a list; else lists only name what is left out, and other values are usual.
    pub is_asked: bool,
}

/// The vocabulary of each column of a table that any measure in use tests.
#[must_use]
pub fn vocabulary(rules: &RuleSet, table: &Table) -> BTreeMap<String, Vocabulary> {
    let mut known = BTreeMap::new();
    rules.readings(&mut |reading| {
        let measure = &reading.measure;
        if measure.table.name != table.name {
            return;
        }
        for test in measure.tests() {
            learn(test, table, reading.given.as_deref(), true, &mut known);
        }
    });
    known
}

fn learn(test: &Test, table: &Table, given: Option<&List>, holds: bool, known: &mut BTreeMap<String, Vocabulary>) {
    match test {
        Test::All(parts) | Test::Any(parts) => {
            for part in parts {
                learn(part, table, given, holds, known);
            }
        }
        Test::Not(part) => learn(part, table, given, !holds, known),
        Test::Valid { .. } => {}
        Test::In { column, list } => {
            let list = match list {
                ListRef::Named(list) => Some(list.as_ref()),
                ListRef::Given => given,
            };
            let exact = table.columns.get(column) == Some(&ColumnType::Exact);
            let vocabulary = known.entry(column.clone()).or_default();
            vocabulary.is_asked |= holds;
            for spelling in list.into_iter().flat_map(|list| &list.members).flat_map(|member| &member.spellings) {
                let compared = if exact { spelling.clone() } else { fold(spelling).into_owned() };
                vocabulary.spellings.entry(compared).or_insert_with(|| spelling.clone());
            }
        }
    }
}
