//! [`RuleSet`] × [`Catalog`](crate::catalog::Catalog) × day judged → [`Plan`]: accumulators that meet rows, and readings over concrete months.
//!
//! Names become positions, lists become the spellings in force, windows become months. The plan has no access to rows.

mod build;

use crate::catalog::Unused;
use crate::month::Month;
use crate::read::{DataFile, Wanted};
use crate::rules::{Extreme, Measure, ReadingKey, RuleSet};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use crate::rules::{Vocabulary, vocabulary};
pub use build::plan;

/// What is to be measured, and nothing else.
#[derive(Debug)]
pub struct Plan {
    /// The terms.
    pub rules: Arc<RuleSet>,
    /// The day judged.
    pub as_of: NaiveDate,
    /// The last complete month.
    pub last_month: Month,
    /// The entity of rows that name none.
    pub entity: String,
    /// The tables, in the order of the rules.
    pub tables: Vec<TablePlan>,
    /// Files that lie beside the data and are of no table.
    pub unused: Vec<Unused>,
    /// What is read off the accumulators; each once.
    pub readings: Vec<PlannedReading>,
}

/// One pass over a table.
#[derive(Debug)]
pub struct TablePlan {
    /// The table's name.
    pub name: String,
    /// Its files.
    pub files: Vec<DataFile>,
    /// The columns that are read.
    pub wanted: Vec<Wanted>,
    /// Which of them names the entity; none where no file has it.
    pub entity: Option<usize>,
    /// Which of them is the month.
    pub month: Option<usize>,
    /// The months stated as covered.
    pub covers: Option<(Month, Month)>,
    /// What holds for rows that count: those that repeat an amount fail one of these.
    pub marks: Vec<Predicate>,
    /// Columns whose values go by two names: the place of the column, and of its second name.
    pub identities: Vec<(usize, usize)>,
    /// What the score must say of itself because of the files it rests on.
    pub estimates: BTreeSet<String>,
    /// Files that lack the mark for repeated amounts that their profile knows.
    pub unmarked: Vec<String>,
    /// The distinct row tests.
    pub filters: Vec<Predicate>,
    /// What is accumulated.
    pub accumulators: Vec<Accumulator>,
    /// Tests that some files cannot answer: the accumulator that counts their rows.
    pub unchecked: Vec<Unchecked>,
}

/// A row test over positions; negations stand at the leaves.
///
/// A leaf whose column a file lacks holds: the rules said that such rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// Every one; all rows where there is none.
    All(Vec<Predicate>),
    /// At least one.
    Any(Vec<Predicate>),
    /// The day lies between two dates, or does not.
    Valid {
        /// The column of the first day.
        first: usize,
        /// The column of the last day.
        last: usize,
        /// The day, in days since 1970-01-01.
        day: i32,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The cell is one of these spellings, or is not.
    In {
        /// The column.
        column: usize,
        /// The spellings, folded unless the column compares letter by letter.
        spellings: BTreeSet<String>,
        /// Whether the column compares letter by letter.
        exact: bool,
        /// Whether the test is turned around.
        negated: bool,
    },
}

/// Sums over the rows of a filter, by entity, keys and month.
#[derive(Debug)]
pub struct Accumulator {
    /// Which rows.
    pub filter: usize,
    /// The columns that make a group within an entity.
    pub keys: Vec<usize>,
    /// The columns that are added up.
    pub sums: Vec<usize>,
    /// The months that are told apart, ascending; empty in a table without months, which has one slot.
    pub months: Vec<Month>,
    /// Counts only rows of files that lack this column.
    pub only_without: Option<usize>,
}

impl Accumulator {
    /// How many slots a group has.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.months.len().max(1)
    }
}

/// A test that cannot be applied where a file lacks its column.
#[derive(Debug)]
pub struct Unchecked {
    /// Where the test is written: `rows.x` or `measure.x`.
    pub written_in: String,
    /// The column that is lacking.
    pub column: String,
    /// The files that lack it.
    pub lacking: Vec<String>,
    /// The accumulator with the rows that this touches.
    pub accumulator: usize,
    /// The names of the columns it adds up.
    pub sums: Vec<String>,
}

/// A number for each entity, read off an accumulator.
#[derive(Debug)]
pub struct PlannedReading {
    /// Which reading.
    pub key: ReadingKey,
    /// What it asks of the groups: its test and its reduction name the amounts below by position.
    pub measure: Arc<Measure>,
    /// The position of its table among the plan's.
    pub table: usize,
    /// The position of its accumulator among the table's.
    pub accumulator: usize,
    /// The months its windows cover together, ascending; empty in a table without months.
    pub months: Vec<Month>,
    /// The slots of those months.
    pub slots: Vec<usize>,
    /// Its amounts, in the order of the measure's.
    pub amounts: Vec<PlannedAmount>,
}

/// An amount of a group.
#[derive(Debug)]
pub struct PlannedAmount {
    /// The position among the accumulator's sums.
    pub sum: usize,
    /// The slots of its window.
    pub slots: Vec<usize>,
    /// Which of the monthly sums is taken.
    pub by_month: Option<Extreme>,
}
