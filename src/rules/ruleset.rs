//! A rule set: only valid values, every name bound. Made by `resolve`, and by nothing else.

mod award;

pub use super::model::{Absent, Basis, ColumnType, Extreme};
use crate::exact::Exact;
pub use award::{Award, AwardForm};
use chrono::NaiveDate;
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::fmt;
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

/// A table and its columns.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The column that names the entity.
    pub entity: String,
    /// The column that holds the month.
    pub month: Option<String>,
    /// Every column with its type.
    pub columns: IndexMap<String, ColumnType>,
    /// What to do where a file lacks a column; refuse where nothing is said.
    pub absent: BTreeMap<String, Absent>,
}

/// A list of text values.
#[derive(Debug)]
pub struct List {
    /// Its name.
    pub name: Arc<str>,
    /// What it is, in words.
    pub title: Option<String>,
    /// Where it is stated.
    pub cite: Option<Cite>,
    /// Its values.
    pub members: Vec<Member>,
}

/// A value of a list.
#[derive(Clone, Debug)]
pub struct Member {
    /// The value.
    pub id: String,
    /// Every spelling that means it, the id first.
    pub spellings: Vec<String>,
    /// The last day judged on which it is in the list.
    pub until: Option<NaiveDate>,
}

impl List {
    /// The spellings of the members that are in the list on the day judged.
    pub fn spellings_on(&self, day: NaiveDate) -> impl Iterator<Item = &str> {
        self.members
            .iter()
            .filter(move |member| member.until.is_none_or(|until| day <= until))
            .flat_map(|member| member.spellings.iter().map(String::as_str))
    }
}

/// A named selection of rows.
#[derive(Debug)]
pub struct Rows {
    /// Its name.
    pub name: String,
    /// The table selected from in the end.
    pub table: Arc<Table>,
    /// The selection it narrows, where it narrows one.
    pub within: Option<Arc<Rows>>,
    /// Which rows are kept.
    pub test: Test,
}

/// A test on a row. Two-valued: a missing cell is in no list.
#[derive(Clone, Debug)]
pub enum Test {
    /// Every one.
    All(Vec<Test>),
    /// At least one.
    Any(Vec<Test>),
    /// Not.
    Not(Box<Test>),
    /// The day judged lies between two dates, both included.
    Valid {
        /// The column of the first day; missing is never valid.
        first: String,
        /// The column of the last day; missing never ends.
        last: String,
    },
    /// The cell is a member.
    In {
        /// The column.
        column: String,
        /// The list.
        list: ListRef,
    },
}

/// The list a test looks in.
#[derive(Clone, Debug)]
pub enum ListRef {
    /// A named list.
    Named(Arc<List>),
    /// The list the measure is asked with.
    Given,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money in the edition's currency.
    Money,
    /// A number of things.
    Count,
    /// Percent.
    Percent,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Money => "money",
            Self::Count => "a count",
            Self::Percent => "percent",
        })
    }
}

/// A question to the rows: one number for each entity.
#[derive(Debug)]
pub struct Measure {
    /// Its name.
    pub name: Arc<str>,
    /// What is measured, in words.
    pub title: Option<String>,
    /// Where it is stated.
    pub cite: Option<Cite>,
    /// The table it reads.
    pub table: Arc<Table>,
    /// The named rows it reads, where it reads some.
    pub rows: Option<Arc<Rows>>,
    /// Which of those rows it keeps.
    pub test: Option<Test>,
    /// The columns that make a group within an entity; empty: one group.
    pub group: Vec<String>,
    /// The amounts of a group.
    pub amounts: IndexMap<String, Amount>,
    /// Which groups are kept.
    pub having: Option<GroupTest>,
    /// How groups become a number.
    pub reduce: Reduce,
    /// What the number counts.
    pub unit: Unit,
}

/// An amount of a group.
#[derive(Clone, Debug)]
pub struct Amount {
    /// The column added up.
    pub column: String,
    /// How many complete months before the day judged; none in a table without months.
    pub last: Option<u32>,
    /// Which of the monthly sums is taken; none: all months together.
    pub by_month: Option<Extreme>,
    /// What it counts.
    pub unit: Unit,
}

/// A test on a group's amounts.
#[derive(Clone, Debug)]
pub enum GroupTest {
    /// Every one.
    All(Vec<GroupTest>),
    /// At least one.
    Any(Vec<GroupTest>),
    /// Not.
    Not(Box<GroupTest>),
    /// An amount lies within bounds.
    Within {
        /// The amount's name.
        amount: String,
        /// The bounds.
        bounds: Bounds,
    },
}

/// Bounds that all have to hold; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds(pub Vec<Bound>);

/// One bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `>=`
    AtLeast(Exact),
    /// `>`
    MoreThan(Exact),
    /// `<=`
    AtMost(Exact),
    /// `<`
    LessThan(Exact),
}

impl Bounds {
    /// Whether a value satisfies all of them.
    #[must_use]
    pub fn hold(&self, value: &Exact) -> bool {
        self.0.iter().all(|bound| match bound {
            Bound::AtLeast(limit) => value >= limit,
            Bound::MoreThan(limit) => value > limit,
            Bound::AtMost(limit) => value <= limit,
            Bound::LessThan(limit) => value < limit,
        })
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, bound) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" and ")?;
            }
            match bound {
                Bound::AtLeast(limit) => write!(f, "at least {limit}")?,
                Bound::MoreThan(limit) => write!(f, "more than {limit}")?,
                Bound::AtMost(limit) => write!(f, "at most {limit}")?,
                Bound::LessThan(limit) => write!(f, "less than {limit}")?,
            }
        }
        Ok(())
    }
}

/// How groups become a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// How many.
    Count,
    /// The amount of this name, added up.
    Sum(String),
}

/// A measure asked with a list or for an earlier time.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The measure.
    pub measure: Arc<Measure>,
    /// The list it is asked with.
    pub given: Option<Arc<List>>,
    /// How many months its windows are moved back.
    pub ago: u32,
}

/// Which reading it is: two readings with one key are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadingKey {
    /// The measure's name.
    pub measure: Arc<str>,
    /// The list's name.
    pub given: Option<Arc<str>>,
    /// Months back.
    pub ago: u32,
}

impl Reading {
    /// The reading in words: the measure's, then the list's; ids where there are none.
    #[must_use]
    pub fn title(&self) -> String {
        let measure = self.measure.title.as_deref().unwrap_or(&self.measure.name);
        match &self.given {
            Some(list) => format!("{measure} {}", list.title.as_deref().unwrap_or(&list.name)),
            None => measure.to_owned(),
        }
    }

    /// Which reading it is.
    #[must_use]
    pub fn key(&self) -> ReadingKey {
        ReadingKey {
            measure: Arc::clone(&self.measure.name),
            given: self.given.as_ref().map(|list| Arc::clone(&list.name)),
            ago: self.ago,
        }
    }
}

/// A number made of readings.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A reading.
    Reading(Reading),
    /// Added.
    Plus(Vec<Scalar>),
    /// The first less the second.
    Minus(Box<[Scalar; 2]>),
    /// (now − base) × 100 ÷ base.
    PercentChange {
        /// The number now and the base.
        sides: Box<[Scalar; 2]>,
        /// The result where the base is zero or below.
        no_base: Exact,
    },
}

impl Scalar {
    /// What it counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Reading(reading) => reading.measure.unit,
            Self::Plus(parts) => parts.first().map_or(Unit::Count, Self::unit),
            Self::Minus(sides) => {
                let [first, _] = sides.as_ref();
                first.unit()
            }
            Self::PercentChange { .. } => Unit::Percent,
        }
    }

    /// Calls `each` with every reading, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        match self {
            Self::Reading(reading) => each(reading),
            Self::Plus(parts) => parts.iter().for_each(|part| part.readings(each)),
            Self::Minus(sides) | Self::PercentChange { sides, .. } => sides.iter().for_each(|side| side.readings(each)),
        }
    }

    /// Whether no data can make it negative: it only counts groups.
    #[must_use]
    pub fn is_never_negative(&self) -> bool {
        match self {
            Self::Reading(reading) => reading.measure.reduce == Reduce::Count,
            Self::Plus(parts) => parts.iter().all(Self::is_never_negative),
            Self::Minus(_) | Self::PercentChange { .. } => false,
        }
    }
}

/// A condition with a name.
#[derive(Debug)]
pub struct NamedCondition {
    /// Its name.
    pub name: String,
    /// What is asked for, in words.
    pub title: Option<String>,
    /// The test.
    pub when: Condition,
    /// How many comparisons it comes to, those of the conditions it names included.
    pub comparisons: usize,
}

/// A test on readings. Three-valued: it holds, does not, or cannot be decided.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A named one.
    Named(Arc<NamedCondition>),
    /// Every one.
    All(Vec<Condition>),
    /// At least one.
    Any(Vec<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// A number lies within bounds.
    Within {
        /// The number.
        of: Scalar,
        /// The bounds.
        bounds: Bounds,
    },
}

impl Condition {
    /// How many comparisons it comes to.
    #[must_use]
    pub fn comparisons(&self) -> usize {
        match self {
            Self::Named(named) => named.comparisons,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().fold(0, |sum, part| sum.saturating_add(part.comparisons()))
            }
            Self::Not(part) => part.comparisons(),
            Self::Within { .. } => 1,
        }
    }

    /// Calls `each` with every reading, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        match self {
            Self::Named(named) => named.when.readings(each),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.readings(each)),
            Self::Not(part) => part.readings(each),
            Self::Within { of, .. } => of.readings(each),
        }
    }
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
    /// The names of the interpretations its score rests on, in the order of the file; without those all scores rest on.
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
}
