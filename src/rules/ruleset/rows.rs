//! Tables, lists, and the rows that are kept.

use super::{Absent, Cite, ColumnType, Number, Setting, Side, Term, Terms};
use crate::lookup::Lookup;
use crate::text::{compared, fold};
use chrono::{Months, NaiveDate, TimeDelta};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table and its columns.
#[derive(Debug, PartialEq, Eq)]
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
    /// Whether the data have to have it.
    pub is_required: bool,
    /// Whether a month without rows is one in which nothing happened.
    pub is_complete: bool,
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
    /// Its own values.
    pub members: Vec<Member>,
    /// The lists whose values are values of this one too.
    pub lists: Vec<Arc<List>>,
}

/// Values that say together whether something is one of them.
#[derive(Clone, Debug, Default)]
pub struct ListPart<'a> {
    /// The values.
    pub members: Vec<&'a Member>,
    /// Values of the list that includes them: what it says of these itself holds.
    pub over: Vec<&'a Member>,
}

/// A value of a list.
#[derive(Clone, Debug)]
pub struct Member {
    /// The value.
    pub id: String,
    /// Every spelling that means it, the id first; none where it is how values begin.
    pub spellings: Vec<String>,
    /// Values that begin as its id does and are not meant, where it is how values begin.
    pub beginning: Option<Vec<String>>,
    /// The first day judged on which it is in the list.
    pub from: Option<NaiveDate>,
    /// The last day judged on which it is in the list.
    pub until: Option<NaiveDate>,
    /// The last day on which what it names can have begun.
    pub begun_by: Option<NaiveDate>,
    /// What its rows are multiplied by, where an amount asks for it.
    pub rate: Option<Number>,
}

impl Member {
    /// Whether it is in its list on a day judged.
    #[must_use]
    pub fn is_in_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Adds what it stands for, in the form in which a column compares.
    pub fn add_to<T: Clone>(&self, lookup: &mut Lookup<T>, exact: bool, value: &T) {
        let compared = |text: &String| compared(text, exact).into_owned();
        match &self.beginning {
            Some(except) => {
                lookup.insert_beginning(compared(&self.id), except.iter().map(compared).collect(), value.clone());
            }
            None => self.spellings.iter().for_each(|spelling| lookup.insert(compared(spelling), value.clone())),
        }
    }
}

impl List {
    /// Calls `each` with every term that is a rate of its members.
    pub fn rate_terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        self.members.iter().filter_map(|member| member.rate.as_ref()?.term()).for_each(&mut *each);
        self.lists.iter().for_each(|list| list.rate_terms(each));
    }

    /// Every value, of the lists that it includes too.
    pub fn every_member(&self) -> impl Iterator<Item = &Member> {
        self.parts().into_iter().flat_map(|part| part.members)
    }

    /// Its own values first, then those of each list that it includes: what is in one of them is in the list.
    #[must_use]
    pub fn parts(&self) -> Vec<ListPart<'_>> {
        let mut parts = vec![ListPart { members: self.members.iter().collect(), over: Vec::new() }];
        let is_own = |member: &&Member| self.members.iter().any(|own| fold(&own.id) == fold(&member.id));
        for part in self.lists.iter().flat_map(|list| list.parts()) {
            let members = part.members.into_iter().filter(|member| !is_own(member)).collect();
            parts.push(ListPart { members, over: self.members.iter().chain(part.over).collect() });
        }
        parts
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

/// A test on a row. Two-valued: a missing cell is in no list, and within no bounds.
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
        /// By how much the days in the two are moved on.
        moved: [Span; 2],
    },
    /// The cell is a member.
    In {
        /// The column.
        column: String,
        /// The list.
        list: ListRef,
        /// The column of the day on which what the cell names was begun.
        begun: Option<String>,
    },
    /// The cell is a text.
    Is {
        /// The column.
        column: String,
        /// The text.
        text: String,
    },
    /// The cell is missing.
    Missing(String),
    /// The number in the cell lies within bounds.
    Numbers {
        /// The column.
        column: String,
        /// The bounds.
        limits: Vec<(Side, Number)>,
        /// The range, where one is named.
        range: Option<Arc<Term>>,
    },
    /// The day or month in the cell lies within bounds.
    Days {
        /// The column.
        column: String,
        /// The bounds; a month is compared with that of the day.
        limits: Vec<(Side, DayLimit)>,
    },
    /// The cell compares with that of another column of one type.
    Against {
        /// The column.
        column: String,
        /// How it compares.
        side: Side,
        /// The other column.
        other: String,
        /// By how much the day in the other column is moved on.
        moved: Span,
    },
    /// The cell is the text of another column.
    Same {
        /// The column.
        column: String,
        /// The other column.
        other: String,
    },
}

impl Test {
    /// The tests that it is made of, itself included.
    pub fn parts<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.parts(each)),
            Self::Not(part) => part.parts(each),
            Self::Valid { .. }
            | Self::In { .. }
            | Self::Is { .. }
            | Self::Missing(_)
            | Self::Numbers { .. }
            | Self::Days { .. }
            | Self::Against { .. }
            | Self::Same { .. } => {}
        }
    }

    /// The columns that it looks at itself, not those of its parts.
    #[must_use]
    pub fn columns(&self) -> Vec<&String> {
        match self {
            Self::All(_) | Self::Any(_) | Self::Not(_) => Vec::new(),
            Self::Valid { first, last, .. } => vec![first, last],
            Self::Against { column, other, .. } | Self::Same { column, other } => vec![column, other],
            Self::In { column, begun, .. } => std::iter::once(column).chain(begun).collect(),
            Self::Is { column, .. }
            | Self::Missing(column)
            | Self::Numbers { column, .. }
            | Self::Days { column, .. } => vec![column],
        }
    }

    /// Calls `each` with every term that it reads.
    pub fn terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        self.parts(&mut |part| match part {
            Self::In { list: ListRef::Term(term), .. } => each(term),
            Self::Numbers { limits, range, .. } => {
                range.iter().for_each(&mut *each);
                for (_, limit) in limits {
                    if let Number::Term(term) = limit {
                        each(term);
                    }
                }
            }
            _ => {}
        });
    }
}

/// A day that bounds another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLimit {
    /// The day itself.
    On(NaiveDate),
    /// So long before the day judged.
    Ago(Span),
}

impl DayLimit {
    /// The day, seen from the day judged.
    #[must_use]
    pub fn day(self, judged: NaiveDate) -> NaiveDate {
        match self {
            Self::On(day) => day,
            Self::Ago(span) => span.back().after(judged).unwrap_or(NaiveDate::MIN),
        }
    }
}

/// A time between two days; below zero it leads back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Days.
    Days(i32),
    /// Months: the same day of the month, or the last of a shorter one.
    Months(i32),
}

impl Span {
    /// No time at all.
    pub const NONE: Self = Self::Days(0);

    /// The same the other way.
    #[must_use]
    pub const fn back(self) -> Self {
        match self {
            Self::Days(days) => Self::Days(days.saturating_neg()),
            Self::Months(months) => Self::Months(months.saturating_neg()),
        }
    }

    /// The day so long after another; none beyond the calendar.
    #[must_use]
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_add_signed(TimeDelta::days(days.into())),
            Self::Months(months) if months < 0 => day.checked_sub_months(Months::new(months.unsigned_abs())),
            Self::Months(months) => day.checked_add_months(Months::new(months.unsigned_abs())),
        }
    }
}

/// The list a test looks in.
#[derive(Clone, Debug)]
pub enum ListRef {
    /// A named list.
    Named(Arc<List>),
    /// A term that is a list.
    Term(Arc<Term>),
    /// The list the measure is asked with.
    Given,
}

impl ListRef {
    /// The list, under some terms and where the measure is asked with `given`.
    #[must_use]
    pub fn list<'a>(&'a self, terms: &Terms<'a>, given: Option<&'a Arc<List>>) -> Option<&'a Arc<List>> {
        match self {
            Self::Named(list) => Some(list),
            Self::Given => given,
            Self::Term(term) => match terms.setting(term) {
                Some(Setting::List(list)) => Some(list),
                _ => None,
            },
        }
    }
}
