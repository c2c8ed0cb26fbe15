//! [`RuleSet`] × [`Catalog`](crate::catalog::Catalog) × day judged → [`Plan`]: accumulators that meet rows, and readings over concrete months.
//!
//! Names become positions, lists become the spellings in force, windows become months. The plan has no access to rows.

mod build;
mod observe;

use crate::catalog::Unused;
use crate::exact::Exact;
use crate::lookup::Lookup;
use crate::month::Month;
use crate::read::{DataFile, Wanted};
use crate::rules::{
    ByMonth, ColumnType, DayBounds, Measure, Only, ReadingKey, RuleSet, Side, Span, Table, Terms, Track,
};
use crate::text::compared;
pub use build::plan;
use chrono::NaiveDate;
pub use observe::{Observation, Request, Thing, check, days_seen, days_until, observations};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    /// Whether somebody named that entity, rather than the folder.
    pub entity_is_stated: bool,
    /// The tables, in the order of the rules.
    pub tables: Vec<TablePlan>,
    /// Files that lie beside the data and are of no table.
    pub unused: Vec<Unused>,
    /// What is read off the accumulators; each once, and what reads the groups of another after it.
    pub readings: Vec<PlannedReading>,
    /// The days judged: first the one that is asked for, then those that its results look back to.
    pub observations: Vec<Observation>,
}

/// One pass over a table.
#[derive(Debug)]
pub struct TablePlan {
    /// The table.
    pub table: Arc<Table>,
    /// The table's name.
    pub name: String,
    /// Its files.
    pub files: Vec<DataFile>,
    /// The columns that are read.
    pub wanted: Vec<Wanted>,
    /// Which of them names the entity; none where no file has it.
    pub entity: Option<usize>,
    /// The entity of rows in files without the column.
    pub stated_entity: String,
    /// Which of them is the month.
    pub month: Option<usize>,
    /// The months stated as covered.
    pub covers: Option<(Month, Month)>,
    /// What holds for rows that count: those that repeat an amount fail one of these.
    pub marks: Vec<Predicate>,
    /// Columns whose values go by two names: the place of the column, and of its second name.
    pub identities: Vec<(usize, usize)>,
    /// By the places of columns that rows are grouped by, other spellings of what lists name: how each compares → that name.
    pub aliases: BTreeMap<usize, BTreeMap<String, String>>,
    /// What the score must say of itself because of the files it rests on.
    pub estimates: BTreeSet<String>,
    /// Which of its files stand in for the real data.
    pub estimated: Vec<bool>,
    /// Files that lack the mark for repeated amounts that their profile knows.
    pub unmarked: Vec<String>,
    /// The columns of files that name a currency by their header, and that nothing reads.
    pub currencies: Vec<(String, String)>,
    /// The distinct row tests.
    pub filters: Vec<Predicate>,
    /// What is accumulated.
    pub accumulators: Vec<Accumulator>,
    /// Tests that cannot be applied to some rows.
    pub unchecked: Vec<Unchecked>,
    /// The parts of all row tests, each after what it narrows.
    pub clauses: Vec<Clause>,
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
        /// By how much the days in the two are moved on.
        moved: [Span; 2],
        /// The day, in days since 1970-01-01.
        day: i32,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The cell is one of these spellings, or is not.
    In {
        /// The column.
        column: usize,
        /// Whether each spelling is in, folded unless the column compares letter by letter.
        spellings: Arc<Lookup<bool>>,
        /// Whether the column compares letter by letter.
        exact: bool,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The cell is missing, or is not.
    Missing {
        /// The column.
        column: usize,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The number lies within bounds, or does not; a missing one does not.
    Numbers {
        /// The column.
        column: usize,
        /// The bounds.
        limits: Vec<(Side, Exact)>,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The cell compares with that of another column of one type, or does not; where one is missing it does not.
    Against {
        /// The column.
        column: usize,
        /// How it compares.
        side: Side,
        /// The other column.
        other: usize,
        /// By how much the day in the other column is moved on.
        moved: Span,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The cell is the text of another column, or is not; where one is missing it is not.
    Same {
        /// The column.
        column: usize,
        /// The other column.
        other: usize,
        /// Whether the columns compare letter by letter.
        exact: bool,
        /// Whether the test is turned around.
        negated: bool,
    },
    /// The day, or the month, lies within bounds, or does not; a missing one does not.
    Days {
        /// The column.
        column: usize,
        /// The first that does, in days since 1970-01-01 or in months.
        first: i32,
        /// The last that does.
        last: i32,
        /// Whether the test is turned around.
        negated: bool,
    },
}

impl Predicate {
    /// Shows every test that is made of no other.
    pub fn leaves<'p>(&'p self, show: &mut impl FnMut(&'p Self)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.leaves(show)),
            Self::Valid { .. }
            | Self::In { .. }
            | Self::Missing { .. }
            | Self::Numbers { .. }
            | Self::Days { .. }
            | Self::Against { .. }
            | Self::Same { .. } => {
                show(self);
            }
        }
    }

    /// Whether it keeps no row that has no cell in a column.
    #[must_use]
    pub fn needs(&self, at: usize) -> bool {
        match self {
            Self::All(parts) => parts.iter().any(|part| part.needs(at)),
            Self::Any(parts) => !parts.is_empty() && parts.iter().all(|part| part.needs(at)),
            Self::Missing { column, negated: true }
            | Self::In { column, negated: false, .. }
            | Self::Numbers { column, negated: false, .. }
            | Self::Days { column, negated: false, .. }
            | Self::Valid { first: column, negated: false, .. } => *column == at,
            Self::Against { column, other, negated: false, .. } | Self::Same { column, other, negated: false, .. } => {
                *column == at || *other == at
            }
            Self::Missing { .. }
            | Self::In { .. }
            | Self::Numbers { .. }
            | Self::Days { .. }
            | Self::Valid { .. }
            | Self::Against { .. }
            | Self::Same { .. } => false,
        }
    }

    /// The columns it looks at.
    #[must_use]
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut columns = BTreeSet::new();
        self.leaves(&mut |leaf| match leaf {
            Self::Valid { first: one, last: other, .. }
            | Self::Against { column: one, other, .. }
            | Self::Same { column: one, other, .. } => columns.extend([*one, *other]),
            Self::In { column, .. }
            | Self::Missing { column, .. }
            | Self::Numbers { column, .. }
            | Self::Days { column, .. } => columns.extend([*column]),
            Self::All(_) | Self::Any(_) => {}
        });
        columns
    }
}

impl TablePlan {
    /// What the files call a column that decides on rows.
    #[must_use]
    pub fn header<'a>(&'a self, column: &'a str) -> &'a str {
        let headers = |file: &'a DataFile| file.view.as_ref()?.columns.get(column)?.headers.first();
        self.files.iter().find_map(headers).map_or(column, String::as_str)
    }

    /// What a text in a column counts as: the name that lists have for it, or itself.
    #[must_use]
    pub fn meant<'t>(&'t self, column: usize, text: &'t str) -> &'t str {
        let Some(aliases) = self.aliases.get(&column) else { return text };
        let exact = self.wanted.get(column).is_some_and(|wanted| wanted.kind == ColumnType::Exact);
        aliases.get(compared(text, exact).as_ref()).map_or(text, String::as_str)
    }

    /// The columns of which rows that stand twice would count twice.
    #[must_use]
    pub fn amounts(&self) -> BTreeSet<usize> {
        self.accumulators.iter().flat_map(|accumulator| &accumulator.tallies).filter_map(Tally::amount).collect()
    }
}

/// Sums over the rows of a filter, by entity, keys and month.
#[derive(Debug)]
pub struct Accumulator {
    /// Which rows.
    pub filter: usize,
    /// The columns that make a group within an entity.
    pub keys: Vec<usize>,
    /// The column of days by which the rows of a group are told apart too.
    pub day: Option<usize>,
    /// What is taken of the rows.
    pub tallies: Vec<Tally>,
    /// The months that are told apart, ascending; empty in a table without months, which has one slot.
    pub months: Vec<Month>,
}

impl Accumulator {
    /// How many slots a group has.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.months.len().max(1)
    }
}

/// What is taken of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tally {
    /// Its numbers are added up.
    Sum(usize),
    /// The same, each multiplied by the rate that stands beside the text in another column; a text without a rate adds
    /// nothing.
    Rated {
        /// The column of numbers; none where each row counts as one.
        column: Option<usize>,
        /// The column of texts.
        by: usize,
        /// The rates by spelling, folded unless the column compares letter by letter.
        rates: Lookup<Option<Exact>>,
        /// Whether it compares letter by letter.
        exact: bool,
    },
    /// How many rows have it.
    Filled(usize),
    /// Its greatest number, latest day or month.
    Greatest(usize),
    /// Its least number, earliest day or month.
    Least(usize),
}

/// A test that asks for a cell which some rows do not have.
#[derive(Debug)]
pub struct Unchecked {
    /// Whether such rows are kept untested; else they are left out for that alone.
    pub is_kept: bool,
    /// Where the test is written: `rows.x` or `measure.x`.
    pub written_in: String,
    /// The column.
    pub column: usize,
    /// The files that lack it, and whose rows are kept.
    pub lacking: Vec<String>,
    /// Whether rows with a blank cell are meant too.
    pub blanks: bool,
    /// Which rows this touches, where they have no such cell.
    pub filter: usize,
}

impl Tally {
    /// The columns that it looks at.
    fn columns(&self) -> Vec<usize> {
        match self {
            Self::Rated { column, by, .. } => column.iter().copied().chain([*by]).collect(),
            Self::Sum(column) | Self::Filled(column) | Self::Greatest(column) | Self::Least(column) => vec![*column],
        }
    }

    /// The column of which rows that stand twice would count twice.
    #[must_use]
    pub const fn amount(&self) -> Option<usize> {
        match self {
            Self::Sum(column) => Some(*column),
            Self::Rated { column, .. } => *column,
            Self::Filled(_) | Self::Greatest(_) | Self::Least(_) => None,
        }
    }
}

/// One part of a row test, for those who ask which part drops what.
#[derive(Debug)]
pub struct Clause {
    /// Where it is written: `rows.x` or `measure.x`.
    pub written_in: String,
    /// The columns it looks at.
    pub columns: Vec<String>,
    /// The clause whose kept rows reach it, by its place; else all rows of the table do.
    pub within: Option<usize>,
    /// What it asks, once for each list and day it is asked with: it keeps what any of them keeps.
    pub variants: Vec<Variant>,
}

/// A clause as it is asked with one list on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The variant of the clause that this one narrows.
    pub within: Option<usize>,
    /// The test.
    pub test: Predicate,
}

impl TablePlan {
    /// The clauses that rows pass up to one, in the order in which they are asked.
    pub(crate) fn clauses_to(&self, last: Option<ClauseAt>) -> Vec<ClauseAt> {
        let outer = |at: &ClauseAt| {
            let clause = self.clauses.get(at.clause)?;
            let variant = clause.variants.get(at.variant)?.within?;
            Some(ClauseAt { clause: clause.within?, variant })
        };
        let mut clauses: Vec<ClauseAt> = std::iter::successors(last, outer).collect();
        clauses.reverse();
        clauses
    }
}

/// A clause, as it is asked with one list on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClauseAt {
    /// The position among the clauses of its table.
    pub clause: usize,
    /// The position among the clause's variants.
    pub variant: usize,
}

/// Where a reading is taken: on which of the days judged, and on which track where its terms depend on one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The position among the observations.
    pub observation: usize,
    /// The track.
    pub track: Option<Arc<str>>,
}

/// A number for each entity, read off accumulators.
#[derive(Debug)]
pub struct PlannedReading {
    /// Where it is taken.
    pub at: At,
    /// Which reading.
    pub key: ReadingKey,
    /// What it asks of the groups: its test and its reduction name the amounts by position.
    pub measure: Arc<Measure>,
    /// The day from which terms are taken.
    pub day: NaiveDate,
    /// The track from which terms are taken.
    pub track: Option<Arc<Track>>,
    /// What it reads.
    pub source: PlannedSource,
    /// The positions of the readings of the same entity that it looks at; they come before it.
    pub asked: Vec<usize>,
    /// The months its windows cover together, ascending; empty in tables without months.
    pub months: Vec<Month>,
    /// The tables it reads, each with the months that it needs of it.
    pub needs: Vec<(usize, Vec<Month>)>,
}

impl PlannedReading {
    /// What terms are where it is taken.
    #[must_use]
    pub fn terms(&self) -> Terms<'_> {
        Terms { day: self.day, track: self.track.as_deref() }
    }
}

/// What a reading reads.
#[derive(Debug)]
pub enum PlannedSource {
    /// Accumulators, whose groups of equal keys are one.
    Rows {
        /// The accumulators.
        parts: Vec<Part>,
        /// For each amount of the measure what it takes of them; none for one that is made of others.
        amounts: Vec<Option<PlannedAmount>>,
    },
    /// The groups that another reading keeps.
    Groups {
        /// The position of that reading.
        reading: usize,
        /// The positions of the keys among those of its groups.
        keys: Vec<usize>,
    },
}

/// An accumulator that a reading reads.
#[derive(Debug)]
pub struct Part {
    /// The position of its table among the plan's.
    pub table: usize,
    /// The position of the accumulator among the table's.
    pub accumulator: usize,
    /// The last clause that its rows have to pass; those before are the ones within which it stands.
    pub clause: Option<ClauseAt>,
    /// The slots whose rows make a group exist.
    pub slots: Vec<usize>,
}

/// What an amount takes.
#[derive(Debug)]
pub struct PlannedAmount {
    /// What is taken.
    pub taken: TakenKind,
    /// Of which parts.
    pub from: Vec<PartAmount>,
    /// The months of its window, as the slots of each part list them; empty in tables without months.
    pub months: Vec<Month>,
    /// Of these months only some.
    pub only: Option<Only>,
    /// Of the days of its rows only those within bounds, which are amounts of the group.
    pub days: Option<DayBounds>,
    /// What is taken of monthly values.
    pub by_month: Option<ByMonth>,
}

/// What an amount takes of a part.
#[derive(Debug)]
pub struct PartAmount {
    /// The position of the part.
    pub part: usize,
    /// The position of the tally in its accumulator; none for rows.
    pub tally: Option<usize>,
    /// The position of the tally that counts the rows which have a cell; for a mean.
    pub filled: Option<usize>,
    /// The slots, one for each month of the window.
    pub slots: Vec<usize>,
}

/// What is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenKind {
    /// How many rows.
    Count,
    /// A sum.
    Sum,
    /// A mean.
    Mean,
    /// The greatest.
    Greatest,
    /// The least.
    Least,
}
