//! The spellings that rules know for a column: those of every list that a test looks the column up in.

use super::ruleset::{ColumnType, GivenList, List, ListRef, RuleSet, Setting, Table, Term, Test};
use crate::text::fold;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    for area in rules.areas.values() {
        area.readings(&mut |reading| {
            let measure = &reading.measure;
            for source in measure.sources().iter().filter(|source| source.table.name == table.name) {
                let mut rows = source.rows.as_deref();
                while let Some(selection) = rows {
                    learn(&selection.test, table, None, true, &mut known);
                    rows = selection.within.as_deref();
                }
                let given = reading.given.as_ref().map(lists_of).unwrap_or_default();
                for test in measure.tests() {
                    learn(test, table, Some(&given), true, &mut known);
                }
            }
        });
    }
    known
}

/// Every list that a measure can be asked with.
fn lists_of(given: &GivenList) -> Vec<Arc<List>> {
    match given {
        GivenList::List(list) => vec![Arc::clone(list)],
        GivenList::Term(term) => of_term(term),
    }
}

fn of_term(term: &Term) -> Vec<Arc<List>> {
    let lists = term.settings.iter().filter_map(|(_, setting)| match setting {
        Setting::List(list) => Some(Arc::clone(list)),
        Setting::Number(_) | Setting::Range(_) => None,
    });
    lists.collect()
}

fn learn(
    test: &Test,
    table: &Table,
    given: Option<&Vec<Arc<List>>>,
    holds: bool,
    known: &mut BTreeMap<String, Vocabulary>,
) {
    let mut meet = |column: &String, spellings: &mut dyn Iterator<Item = &String>| {
        let exact = table.columns.get(column) == Some(&ColumnType::Exact);
        let vocabulary = known.entry(column.clone()).or_default();
        vocabulary.is_asked |= holds;
        for spelling in spellings {
            let compared = if exact { spelling.clone() } else { fold(spelling).into_owned() };
            vocabulary.spellings.entry(compared).or_insert_with(|| spelling.clone());
        }
    };
    match test {
        Test::All(parts) | Test::Any(parts) => {
            for part in parts {
                learn(part, table, given, holds, known);
            }
        }
        Test::Not(part) => learn(part, table, given, !holds, known),
        Test::Is { column, text } => meet(column, &mut std::iter::once(text)),
        Test::In { column, list, .. } => {
            let lists = match list {
                ListRef::Named(list) => vec![Arc::clone(list)],
                ListRef::Term(term) => of_term(term),
                ListRef::Given => given.cloned().unwrap_or_default(),
            };
            let members = lists.iter().flat_map(|list| &list.members);
            meet(column, &mut members.flat_map(|member| &member.spellings));
        }
        Test::Valid { .. } | Test::Missing(_) | Test::Numbers { .. } | Test::Days { .. } | Test::WithinLast { .. } => {}
    }
}
