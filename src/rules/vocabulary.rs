//! The spellings that rules know for a column: those of every list that the column is looked up in.

use super::ruleset::{
    AmountForm, Area, ColumnType, From, GivenList, List, ListRef, NamedCondition, Reading, Setting, Source, Table,
    Term, Test,
};
use crate::lookup::Lookup;
use crate::text::compared;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What rules know of a column's values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Every spelling, on any day, by how it compares: folded unless the column compares letter by letter.
    pub spellings: BTreeMap<String, String>,
    /// Of spellings that mean a member of another name, how they compare → that name.
    pub aliases: BTreeMap<String, String>,
    /// How other values begin that lists mean.
    pub beginnings: Lookup<()>,
    /// Whether any test asks a value to be in a list; else lists only name what is left out, and other values are usual.
    pub is_asked: bool,
}

/// Areas by name.
type Areas = IndexMap<String, Area>;

/// By table the vocabulary of each column that anything in the rules tests, or takes rates by.
pub type Vocabularies = BTreeMap<String, BTreeMap<String, Vocabulary>>;

/// The vocabularies of all tables that these areas and conditions read.
pub(super) fn vocabularies(areas: &Areas, conditions: &IndexMap<String, Arc<NamedCondition>>) -> Vocabularies {
    let mut readings: Vec<Reading> = Vec::new();
    for area in areas.values() {
        area.readings(&mut |reading| readings.push(reading.clone()));
    }
    for named in conditions.values() {
        named.when.readings(&mut |reading| readings.push(reading.clone()));
    }
    let mut known = Vocabularies::new();
    while let Some(reading) = readings.pop() {
        readings.extend(reading.inner());
        readings.extend(reading.asked());
        if let From::Rows(sources) = &reading.measure.from {
            for source in sources {
                let known = known.entry(source.table.name.clone()).or_default();
                learn_reading(&reading, source, areas, known);
            }
        }
    }
    known
}

fn learn_reading(reading: &Reading, source: &Source, areas: &Areas, known: &mut BTreeMap<String, Vocabulary>) {
    let given = match &reading.given {
        None | Some(GivenList::Passed) => Vec::new(),
        Some(GivenList::List(list)) => vec![Arc::clone(list)],
        Some(GivenList::Term(term)) => of_term(term, areas),
    };
    let mut learning = Learning { areas, table: &source.table, given, known };
    for selection in std::iter::successors(source.rows.as_deref(), |rows| rows.within.as_deref()) {
        learning.test(&selection.test, true);
    }
    for test in reading.measure.tests() {
        learning.test(test, true);
    }
    for amount in reading.measure.amounts.values() {
        if let AmountForm::Taken(taken) = &amount.form
            && let Some(rate) = taken.what.rate()
        {
            learning.listed(&rate.column, &rate.list, true);
        }
    }
}

/// Every list that a term is on some day or track.
fn of_term(term: &Term, areas: &Areas) -> Vec<Arc<List>> {
    let tracks = areas.values().flat_map(|area| &area.tracks);
    let set = tracks.filter_map(|track| track.sets.get(&term.name));
    let settings = term.settings.iter().chain(set.flatten());
    let lists = settings.filter_map(|(_, setting)| match setting {
        Setting::List(list) => Some(Arc::clone(list)),
        Setting::Number(_) | Setting::Range(_) => None,
    });
    lists.collect()
}

/// What tests and rates of one reading say of a table's columns.
struct Learning<'a> {
    areas: &'a Areas,
    table: &'a Table,
    given: Vec<Arc<List>>,
    known: &'a mut BTreeMap<String, Vocabulary>,
}

impl Learning<'_> {
    fn test(&mut self, test: &Test, holds: bool) {
        match test {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| self.test(part, holds)),
            Test::Not(part) => self.test(part, !holds),
            Test::Is { column, text } => self.meet(column, &mut std::iter::once(text), holds),
            Test::In { column, list, .. } => self.listed(column, list, holds),
            Test::Valid { .. }
            | Test::Missing(_)
            | Test::Numbers { .. }
            | Test::Days { .. }
            | Test::Against { .. }
            | Test::Same { .. } => {}
        }
    }

    fn listed(&mut self, column: &str, list: &ListRef, holds: bool) {
        let lists = match list {
            ListRef::Named(list) => vec![Arc::clone(list)],
            ListRef::Term(term) => of_term(term, self.areas),
            ListRef::Given => self.given.clone(),
        };
        let members = || lists.iter().flat_map(|list| list.every_member());
        self.meet(column, &mut members().flat_map(|member| &member.spellings), holds);
        let exact = self.is_exact(column);
        let vocabulary = self.known.entry(column.to_owned()).or_default();
        for member in members() {
            if member.beginning.is_some() {
                member.add_to(&mut vocabulary.beginnings, exact, &());
            }
            for alias in member.spellings.iter().skip(1) {
                vocabulary.aliases.entry(compared(alias, exact).into_owned()).or_insert_with(|| member.id.clone());
            }
        }
    }

    fn is_exact(&self, column: &str) -> bool {
        self.table.columns.get(column) == Some(&ColumnType::Exact)
    }

    fn meet(&mut self, column: &str, spellings: &mut dyn Iterator<Item = &String>, holds: bool) {
        let exact = self.is_exact(column);
        let vocabulary = self.known.entry(column.to_owned()).or_default();
        vocabulary.is_asked |= holds;
        for spelling in spellings {
            let compared = compared(spelling, exact).into_owned();
            vocabulary.spellings.entry(compared).or_insert_with(|| spelling.clone());
        }
    }
}
