//! Tables, lists, and the rows that are kept.

use super::{Absent, Cite, ColumnType};
use chrono::NaiveDate;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

impl Test {
    /// Adds the columns that it looks at.
    pub fn columns(&self, columns: &mut BTreeSet<String>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.columns(columns)),
            Self::Not(part) => part.columns(columns),
            Self::Valid { first, last } => columns.extend([first.clone(), last.clone()]),
            Self::In { column, .. } => {
                columns.insert(column.clone());
            }
        }
    }
}

/// The list a test looks in.
#[derive(Clone, Debug)]
pub enum ListRef {
    /// A named list.
    Named(Arc<List>),
    /// The list the measure is asked with.
    Given,
}
