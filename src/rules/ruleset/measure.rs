//! Measures, and the readings taken of them.

use super::{Bounds, ByMonth, Cite, List, ListRef, Number, Rows, Scalar, Side, Table, Term, Terms, Test};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Money in the edition's currency.
    Money,
    /// A number of things.
    Count,
    /// Percent.
    Percent,
    /// A part of a whole, 0.4 for 40 %.
    Share,
    /// A calendar month.
    Month,
    /// A calendar day.
    Day,
}

impl Unit {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Share => "share",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money | Self::Percent => f.write_str(self.word()),
            Self::Count | Self::Share | Self::Month | Self::Day => write!(f, "a {}", self.word()),
        }
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
    /// What it reads.
    pub from: From,
    /// Which of the rows it keeps.
    pub test: Option<Test>,
    /// The columns that make a group within an entity; empty: one group.
    pub group: Vec<String>,
    /// The amounts of a group.
    pub amounts: IndexMap<String, Amount>,
    /// The readings of the same entity that its amounts and bounds look at, in the order of their leaves.
    pub asked: Vec<Reading>,
    /// Which groups are kept.
    pub having: Option<GroupTest>,
    /// How groups become a number; the positions are those of amounts of the groups.
    pub reduce: Reduce,
    /// What the number counts.
    pub unit: Unit,
}

/// What a measure reads.
#[derive(Debug)]
pub enum From {
    /// Rows of these sources, as if they were one.
    Rows(Vec<Source>),
    /// The groups that another measure keeps.
    Groups(Box<Reading>),
}

/// A table, or the part of it that named rows are.
#[derive(Clone, Debug)]
pub struct Source {
    /// The table.
    pub table: Arc<Table>,
    /// The named rows.
    pub rows: Option<Arc<Rows>>,
}

/// An amount of a group.
#[derive(Clone, Debug)]
pub struct Amount {
    /// How it comes about.
    pub form: AmountForm,
    /// What it counts.
    pub unit: Unit,
}

/// How an amount comes about.
#[derive(Clone, Debug)]
pub enum AmountForm {
    /// From the rows of the group.
    Taken(Box<Taken>),
    /// From the groups that are read, by the positions of their amounts.
    Gathered {
        /// What becomes of them.
        reduce: Reduce,
        /// Which groups count.
        test: Option<GroupTest>,
    },
    /// From other amounts, all of which stand before it, and from readings.
    Made(Scalar<Leaf>),
}

/// What numbers within a measure start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// The amount of the group at this position.
    Amount(usize),
    /// The reading at this position among those that the measure asks for.
    Asked(usize),
}

/// What is taken of which rows.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What is taken.
    pub what: What,
    /// The position of the only source it is taken from, where it is not taken from all.
    pub source: Option<usize>,
    /// Which rows count, beyond the measure's own test.
    pub test: Option<Test>,
    /// Which rows count by their day, as seen from days of the group.
    pub days: Option<DayBounds>,
    /// The months that count; none in a table without months.
    pub window: Option<Window>,
    /// What is taken of monthly values; none: all months together.
    pub by_month: Option<ByMonth>,
}

/// Bounds for the day of a row that are days of its group or its entity.
#[derive(Clone, Debug)]
pub struct DayBounds {
    /// The column of the row's day.
    pub column: String,
    /// The bounds: amounts of the group that stand before, or readings.
    pub limits: Vec<(Side, Leaf)>,
}

/// What is taken of rows, by column.
#[derive(Clone, Debug)]
pub enum What {
    /// How many there are.
    Count,
    /// The rates of those that have one, added up.
    Rated(Rate),
    /// Added up, each multiplied by a rate where there is one.
    Sum(String, Option<Rate>),
    /// The mean of those that have one.
    Mean(String),
    /// The greatest.
    Greatest(String),
    /// The least.
    Least(String),
}

impl What {
    /// The rate of each row, where there is one.
    #[must_use]
    pub const fn rate(&self) -> Option<&Rate> {
        match self {
            Self::Rated(rate) | Self::Sum(_, Some(rate)) => Some(rate),
            Self::Count | Self::Sum(_, None) | Self::Mean(_) | Self::Greatest(_) | Self::Least(_) => None,
        }
    }
}

/// The rate of a row: that of the member which its cell is.
#[derive(Clone, Debug)]
pub struct Rate {
    /// The column whose cell is looked up.
    pub column: String,
    /// Where it is looked up.
    pub list: ListRef,
}

/// Months, as seen from the day judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many complete months.
    pub last: u32,
    /// How many months it is moved back.
    pub ago: u32,
    /// Of these only some, by an amount of the group that is a month or a day.
    pub only: Option<Only>,
}

/// Which months of a window count for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// The month that the amount at this position names.
    At(usize),
    /// That month and those after it.
    Since(usize),
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
        bounds: Bounds<Leaf>,
    },
    /// The amount at this position is missing.
    Missing(usize),
}

/// How groups become a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduce {
    /// How many.
    Count,
    /// An amount, added up.
    Sum(usize),
    /// Its mean.
    Mean(usize),
    /// Its greatest.
    Greatest(usize),
    /// Its least.
    Least(usize),
}

impl Reduce {
    /// The position of the amount that is reduced.
    #[must_use]
    pub const fn amount(self) -> Option<usize> {
        match self {
            Self::Count => None,
            Self::Sum(at) | Self::Mean(at) | Self::Greatest(at) | Self::Least(at) => Some(at),
        }
    }
}

impl Measure {
    /// The sources of its rows in the end, those of the measure whose groups it reads included.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        match &self.from {
            From::Rows(sources) => sources,
            From::Groups(inner) => inner.measure.sources(),
        }
    }

    /// Every test on rows that it applies itself, beyond those of the rows it reads.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        let taken = self.amounts.values().filter_map(|amount| match &amount.form {
            AmountForm::Taken(taken) => taken.test.as_ref(),
            AmountForm::Gathered { .. } | AmountForm::Made(_) => None,
        });
        self.test.iter().chain(taken)
    }

    /// Adds the columns of a table that it reads.
    pub fn columns(&self, table: &Table, columns: &mut BTreeSet<String>) {
        self.asked.iter().for_each(|reading| reading.measure.columns(table, columns));
        let sources = match &self.from {
            From::Rows(sources) => sources,
            From::Groups(inner) => return inner.measure.columns(table, columns),
        };
        for source in sources.iter().filter(|source| source.table.name == table.name) {
            columns.extend(self.group.iter().cloned());
            let rows = std::iter::successors(source.rows.as_deref(), |rows| rows.within.as_deref());
            for test in self.tests().chain(rows.map(|rows| &rows.test)) {
                test.parts(&mut |part| columns.extend(part.columns().into_iter().cloned()));
            }
            for amount in self.amounts.values() {
                let AmountForm::Taken(taken) = &amount.form else { continue };
                columns.extend(taken.days.iter().map(|days| days.column.clone()));
                match &taken.what {
                    What::Count => {}
                    What::Rated(rate) => drop(columns.insert(rate.column.clone())),
                    What::Sum(column, rate) => {
                        columns.insert(column.clone());
                        columns.extend(rate.iter().map(|rate| rate.column.clone()));
                    }
                    What::Mean(column) | What::Greatest(column) | What::Least(column) => {
                        columns.insert(column.clone());
                    }
                }
            }
        }
        columns.retain(|column| table.columns.contains_key(column));
    }

    /// Calls `each` with every term that it reads, those of its sources included.
    pub fn terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        for amount in self.amounts.values() {
            if let AmountForm::Made(scalar) = &amount.form {
                scalar.numbers(&mut |number| number.term().into_iter().for_each(&mut *each));
            }
        }
        let gathered = self.amounts.values().filter_map(|amount| match &amount.form {
            AmountForm::Gathered { test, .. } => test.as_ref(),
            AmountForm::Taken(_) | AmountForm::Made(_) => None,
        });
        for test in self.having.iter().chain(gathered) {
            test.numbers(&mut |number| number.term().into_iter().for_each(&mut *each));
            test.ranges(each);
        }
        for amount in self.amounts.values() {
            if let AmountForm::Taken(taken) = &amount.form
                && let Some(rate) = taken.what.rate()
            {
                match &rate.list {
                    ListRef::Named(list) => list.rate_terms(each),
                    ListRef::Term(term) => {
                        each(term);
                        term.lists().for_each(|list| list.rate_terms(each));
                    }
                    ListRef::Given => {}
                }
            }
        }
        for test in self.tests() {
            test.terms(each);
        }
        self.asked.iter().for_each(|reading| reading.terms(each));
        match &self.from {
            From::Rows(sources) => {
                for source in sources {
                    let mut rows = source.rows.as_deref();
                    while let Some(selection) = rows {
                        selection.test.terms(each);
                        rows = selection.within.as_deref();
                    }
                }
            }
            From::Groups(inner) => inner.terms(each),
        }
    }
}

impl GroupTest {
    fn bounds<'a>(&'a self, each: &mut impl FnMut(&'a Bounds<Leaf>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.bounds(each)),
            Self::Not(part) => part.bounds(each),
            Self::Within { bounds, .. } => each(bounds),
            Self::Missing(_) => {}
        }
    }

    fn numbers<'a>(&'a self, each: &mut impl FnMut(&'a Number)) {
        self.bounds(&mut |bounds| bounds.numbers(each));
    }

    fn ranges<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        self.bounds(&mut |bounds| bounds.range.iter().for_each(&mut *each));
    }
}

/// A measure asked with a list or for an earlier time.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The measure.
    pub measure: Arc<Measure>,
    /// The list it is asked with.
    pub given: Option<GivenList>,
    /// How many months its windows are moved back.
    pub ago: u32,
}

/// The list that a measure is asked with.
#[derive(Clone, Debug)]
pub enum GivenList {
    /// Always the same.
    List(Arc<List>),
    /// A term that is a list.
    Term(Arc<Term>),
    /// The one that the measure is asked with which reads these groups.
    Passed,
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
    /// The reading whose groups it reads, as this one asks for it; none where it reads rows.
    #[must_use]
    pub fn inner(&self) -> Option<Self> {
        let From::Groups(inner) = &self.measure.from else { return None };
        Some(self.as_asked(inner))
    }

    /// The readings of the same entity that its measure looks at, as this one asks for them.
    pub fn asked(&self) -> impl Iterator<Item = Self> {
        self.measure.asked.iter().map(|inner| self.as_asked(inner))
    }

    fn as_asked(&self, inner: &Self) -> Self {
        let given = match &inner.given {
            Some(GivenList::Passed) => self.given.clone(),
            given => given.clone(),
        };
        Self { measure: Arc::clone(&inner.measure), given, ago: inner.ago + self.ago }
    }

    /// The list it is asked with, under some terms.
    #[must_use]
    pub fn list<'a>(&'a self, terms: &Terms<'a>) -> Option<&'a Arc<List>> {
        match self.given.as_ref()? {
            GivenList::List(list) => Some(list),
            GivenList::Passed => None,
            GivenList::Term(term) => match terms.setting(term) {
                Some(super::Setting::List(list)) => Some(list),
                _ => None,
            },
        }
    }

    /// The term that is the list it is asked with.
    #[must_use]
    pub fn term(&self) -> Option<&Arc<Term>> {
        match self.given.as_ref()? {
            GivenList::Term(term) => Some(term),
            GivenList::List(_) | GivenList::Passed => None,
        }
    }

    /// The reading in words: the measure's, then the list's; ids where there are none.
    #[must_use]
    pub fn title(&self, terms: &Terms<'_>) -> String {
        let measure = self.measure.title.as_deref().unwrap_or(&self.measure.name);
        match self.list(terms) {
            Some(list) => format!("{measure} {}", list.title.as_deref().unwrap_or(&list.name)),
            None => measure.to_owned(),
        }
    }

    /// Which reading it is, under some terms.
    #[must_use]
    pub fn key(&self, terms: &Terms<'_>) -> ReadingKey {
        ReadingKey {
            measure: Arc::clone(&self.measure.name),
            given: self.list(terms).map(|list| Arc::clone(&list.name)),
            ago: self.ago,
        }
    }

    /// Calls `each` with every term that it reads.
    pub fn terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        match &self.given {
            Some(GivenList::Term(term)) => {
                each(term);
                term.lists().for_each(|list| list.rate_terms(each));
            }
            Some(GivenList::List(list)) => list.rate_terms(each),
            Some(GivenList::Passed) | None => {}
        }
        self.measure.terms(each);
    }
}
