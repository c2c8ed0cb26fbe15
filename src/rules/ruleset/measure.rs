//! Measures, and the readings taken of them.

use super::{Cite, Extreme, List, Rows, Table, Test};
use crate::exact::Exact;
use indexmap::IndexMap;
use std::fmt;
use std::sync::Arc;

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

impl Measure {
    /// Every test that a row has to pass: its own, then those of the rows it reads, the innermost first.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        let rows = std::iter::successors(self.rows.as_deref(), |rows| rows.within.as_deref());
        self.test.iter().chain(rows.map(|rows| &rows.test))
    }
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
        /// The position among the measure's amounts.
        amount: usize,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// How many.
    Count,
    /// The amount at this position, added up.
    Sum(usize),
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
