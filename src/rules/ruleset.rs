//! A rule set: only valid values, every name bound. Made by `resolve`, and by nothing else.

mod award;
mod condition;
mod measure;
mod rows;
mod scalar;
mod term;

pub use super::model::{Absent, Basis, ByMonth, Choose, ColumnType, SeenOn};
use super::vocabulary::Vocabularies;
use crate::source::Location;
pub use award::{Award, AwardForm};
use chrono::NaiveDate;
pub use condition::{Condition, NamedCondition, PointsAsked, PointsOf, ResultRef, Seeable, Seen};
use indexmap::IndexMap;
pub use measure::{
    Amount, AmountForm, DayBounds, From, GivenList, GroupTest, Leaf, Measure, Only, Rate, Reading, ReadingKey, Reduce,
    Source, Taken, Unit, What, Window,
};
pub use rows::{DayLimit, List, ListPart, ListRef, Member, Rows, Span, Table, Test};
pub use scalar::{Bounds, Division, Figure, Figures, Scalar, Side, in_print};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
pub use term::{Number, Setting, Settings, Term, Terms, Track};

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
    /// Its named conditions, in the order of the file.
    pub conditions: IndexMap<String, Arc<NamedCondition>>,
    /// How its unclear sentences were read, in the order of the file.
    pub interpretations: IndexMap<String, Interpretation>,
    /// The results that it reads, of its own areas and of other programs, and where it names them.
    pub results: Vec<(ResultRef, Location)>,
    /// Where it looks back over months.
    pub looks_back: Vec<Location>,
    /// Where each named thing stands, as `kind.name`: `measure.x`, `area.x`, `area.x.metric.y`.
    pub places: BTreeMap<String, Location>,
    /// Where each is stated, by the same names.
    pub cites: BTreeMap<String, Cite>,
    /// The spellings that it knows.
    pub vocabularies: Vocabularies,
}

impl RuleSet {
    /// Calls `each` with every reading that any area asks for.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        self.areas.values().for_each(|area| area.readings(each));
    }

    /// The columns of a table that are read for some score.
    #[must_use]
    pub fn columns_read(&self, table: &Table) -> BTreeSet<String> {
        let mut columns: BTreeSet<String> = table.month.iter().cloned().collect();
        self.readings(&mut |reading| reading.measure.columns(table, &mut columns));
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
    /// Whether days before the first edition are judged by it.
    pub looks_back: bool,
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
    /// What their maxima add up to; none in an area without points.
    pub max_points: Option<Number>,
    /// The tracks on which it can be scored, in the order in which they are asked.
    pub tracks: Vec<Arc<Track>>,
    /// Which of them counts.
    pub choose: Choose,
    /// Whether it is among the results that are shown.
    pub is_shown: bool,
    /// What has to hold for the designation to be attained.
    pub attained: Vec<Arc<NamedCondition>>,
    /// The names of the interpretations that its own score rests on, in the order of the file, those that all scores rest
    /// on among them.
    pub interpretations: Vec<String>,
}

impl Area {
    /// Calls `each` with everything that is asked on the day judged and on any track: the tracks' conditions, the awards',
    /// and those of the designation.
    pub fn each_condition<'a>(&'a self, each: &mut impl FnMut(&'a Condition)) {
        self.tracks.iter().filter_map(|track| track.when.as_ref()).for_each(&mut *each);
        self.awards().for_each(|award| award.conditions(each));
        self.attained.iter().for_each(|named| each(&named.when));
    }

    /// The awards of its metrics.
    pub fn awards(&self) -> impl Iterator<Item = &Award> {
        self.metrics.iter().filter_map(|metric| match &metric.worth {
            Worth::Award(award) => Some(award.as_ref()),
            Worth::NotApplicable(_) => None,
        })
    }

    /// Calls `each` with every reading on the day judged, of its awards first.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        self.awards().for_each(|award| award.readings(each));
        self.tracks.iter().filter_map(|track| track.when.as_ref()).for_each(|when| when.readings(each));
        self.attained.iter().for_each(|named| named.when.readings(each));
    }
}
