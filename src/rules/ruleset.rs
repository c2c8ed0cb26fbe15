//! A rule set: only valid values, every name bound. Made by `resolve`, and by nothing else.

mod award;
mod condition;
mod measure;
mod rows;

pub use super::model::{Absent, Basis, ColumnType, Extreme};
use crate::exact::Exact;
pub use award::{Award, AwardForm};
use chrono::NaiveDate;
pub use condition::{Condition, NamedCondition, Scalar};
use indexmap::IndexMap;
pub use measure::{Amount, Bound, Bounds, GroupTest, Measure, Reading, ReadingKey, Reduce, Unit};
pub use rows::{List, ListRef, Member, Rows, Table, Test};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One edition of a program's terms, complete.
#[derive(Debug)]
pub struct RuleSet {
    /// What it is and when it holds.
    pub edition: Edition,
    /// Its path within the rules folder, with `/`.
    pub file: String,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// The names of the documents that it cites.
    pub sources: Vec<String>,
    /// Its tables, in the order of the file.
    pub tables: IndexMap<String, Arc<Table>>,
    /// Its areas, in the order of the file.
    pub areas: IndexMap<String, Area>,
    /// How its unclear sentences were read, in the order of the file.
    pub interpretations: IndexMap<String, Interpretation>,
}

impl RuleSet {
    /// Calls `each` with every reading that any metric asks for, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        for metric in self.areas.values().flat_map(|area| &area.metrics) {
            if let Worth::Award(award) = &metric.worth {
                award.readings(each);
            }
        }
    }

    /// The columns of a table that are read for some score.
    #[must_use]
    pub fn columns_read(&self, table: &Table) -> BTreeSet<String> {
        let mut columns: BTreeSet<String> = table.month.iter().cloned().collect();
        self.readings(&mut |reading| {
            let measure = &reading.measure;
            if measure.table.name == table.name {
                columns.extend(measure.group.iter().cloned());
                columns.extend(measure.amounts.values().map(|amount| amount.column.clone()));
                measure.tests().for_each(|test| test.columns(&mut columns));
            }
        });
        columns
    }
}

/// What a text is and when it holds.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The program's id.
    pub program: String,
    /// The edition's id.
    pub id: String,
    /// The program in words.
    pub title: String,
    /// The first day in force.
    pub from: NaiveDate,
    /// The last day, where the text itself ends.
    pub until: Option<NaiveDate>,
    /// The day of publication.
    pub published: NaiveDate,
    /// The currency of money columns.
    pub currency: String,
}

/// Where something is stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite(pub String);

/// A decision on an unclear sentence.
#[derive(Clone, Debug)]
pub struct Interpretation {
    /// What was open.
    pub question: String,
    /// What was chosen.
    pub chosen: String,
    /// What it rests on.
    pub basis: Basis,
    /// What rests on it, as `kind.name`; empty where every score does.
    pub touches: Vec<String>,
}

/// What an area asks for. At least one of the two.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name.
    pub name: String,
    /// The points needed in all.
    pub total_at_least: Option<Exact>,
    /// The points needed in every metric that applies.
    pub each_metric_at_least: Option<Exact>,
}

/// A metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// In words.
    pub title: Option<String>,
    /// Its category.
    pub category: String,
    /// Where it is stated.
    pub cite: Option<Cite>,
    /// What it is worth.
    pub worth: Worth,
    /// The names of the interpretations its score rests on, in the order of the file; without its area's.
    pub interpretations: Vec<String>,
}

/// What a metric is worth.
#[derive(Debug)]
pub enum Worth {
    /// Points.
    Award(Box<Award>),
    /// Nothing is asked; with the reason.
    NotApplicable(String),
}

/// An area.
#[derive(Debug)]
pub struct Area {
    /// Its id.
    pub name: String,
    /// In words.
    pub title: String,
    /// Its metrics, as they are shown.
    pub metrics: Vec<Arc<Metric>>,
    /// What their maxima add up to.
    pub max_points: Exact,
    /// What attains the designation.
    pub requirement: Arc<Requirement>,
    /// The names of the interpretations that its own score rests on, in the order of the file, those that all scores rest
    /// on among them.
    pub interpretations: Vec<String>,
}
