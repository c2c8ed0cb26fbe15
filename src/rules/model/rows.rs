//! Named rows and the tests on a row, as they are written.

use super::{AmountName, Reading};
use crate::rules::ruleset::Span;
use crate::rules::word::{Day, Decimal};
use schemars::JsonSchema;
use serde::Deserialize;

/// A named selection of rows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Rows {
    /// Where the selection is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The table, or other named rows, to select from.
    pub(crate) from: String,
    /// Which rows to keep.
    #[serde(rename = "where")]
    pub(crate) test: Test,
}

/// A test on a row. It holds or it does not: a missing cell is in no list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Test {
    /// Every one of these tests.
    All(AllTests),
    /// At least one of these tests.
    Any(AnyTest),
    /// The test does not hold.
    Not(NotTest),
    /// The day judged lies between two dates of the row.
    Valid(ValidTest),
    /// The cell is a member of a list, or lies in a range.
    In(InTest),
    /// The cell is no member of a list, or lies in no such range; holds for a missing cell.
    NotIn(NotInTest),
    /// The cell is this text.
    Is(IsTest),
    /// The cell is missing.
    Missing(MissingTest),
    /// The number or the day in the cell lies within bounds.
    Bounds(Box<CellBounds>),
}

/// Every one of these tests has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AllTests {
    /// The tests.
    #[schemars(length(min = 1))]
    pub(crate) all: Vec<Test>,
}

/// At least one of these tests has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AnyTest {
    /// The tests.
    #[schemars(length(min = 1))]
    pub(crate) any: Vec<Test>,
}

/// The opposite of a test.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotTest {
    /// The test that must not hold.
    pub(crate) not: Box<Test>,
}

/// The day judged lies between two dates of the row, both included.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ValidTest {
    /// The columns of the first and the last day, each moved where that is said. A missing first day is never valid, a missing
    /// last day never ends.
    pub(crate) valid: [ValidEnd; 2],
}

/// The first or the last day on which something is valid.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum ValidEnd {
    /// The day in a column.
    Column(String),
    /// So long after the day in a column.
    Moved(ColumnLimit),
}

/// The cell is a member of a list, or a number in a range.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InTest {
    /// The column whose cell is looked up.
    pub(crate) column: String,
    /// The list, a term that is a list or a range, or `given` for the list the measure is asked with.
    #[serde(rename = "in")]
    pub(crate) list: String,
    /// The column of the day on which what the cell names was begun: members with `begun-by` count only if begun by then.
    pub(crate) begun: Option<String>,
}

/// The cell is no member of a list, or no number in a range.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotInTest {
    /// The column whose cell is looked up.
    pub(crate) column: String,
    /// The list, a term that is a list or a range, or `given` for the list the measure is asked with.
    #[serde(rename = "not-in")]
    pub(crate) list: String,
}

/// The cell is this text, or that of another column; compared as the column compares.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct IsTest {
    /// The column.
    pub(crate) column: String,
    /// The text, or another column of the row.
    pub(crate) is: IsWhat,
}

/// What a cell is compared with.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum IsWhat {
    /// A text.
    Text(#[schemars(length(min = 1))] String),
    /// Another column of the row.
    Column(ColumnName),
}

/// Another column of the row.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ColumnName {
    /// The column.
    pub(crate) column: String,
}

/// The cell is missing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MissingTest {
    /// The column.
    pub(crate) missing: String,
}

/// The number or the day in the cell lies within bounds; at least one is given. A missing cell does not.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct CellBounds {
    /// The column.
    pub(crate) column: String,
    /// It is this or more, or on this day or later.
    pub(crate) at_least: Option<CellLimit>,
    /// It is more than this, or later than this day.
    pub(crate) more_than: Option<CellLimit>,
    /// It is this or less, or on this day or earlier.
    pub(crate) at_most: Option<CellLimit>,
    /// It is less than this, or earlier than this day.
    pub(crate) less_than: Option<CellLimit>,
}

impl CellBounds {
    /// The four bounds, in the order of their keys.
    pub(crate) fn limits(&self) -> [Option<&CellLimit>; 4] {
        [self.at_least.as_ref(), self.more_than.as_ref(), self.at_most.as_ref(), self.less_than.as_ref()]
    }
}

/// A bound for a cell.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum CellLimit {
    /// A day.
    Day(Day),
    /// A number.
    Number(Decimal),
    /// A term by its name.
    Term(String),
    /// A day that is an amount of the row's group. Only in the `where` of an amount.
    Amount(AmountName),
    /// A day that is a measure of the row's entity. Only in the `where` of an amount.
    Reading(Reading),
    /// A day before the day judged.
    Ago(AgoLimit),
    /// Another column of the row, of the same type.
    Column(ColumnLimit),
}

/// A day before the day judged.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AgoLimit {
    /// How long before.
    pub(crate) ago: TimeSpan,
}

/// So many days or months; one key is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(crate) struct TimeSpan {
    /// How many days; 0 is the day itself, and a number below zero lies ahead.
    #[schemars(range(min = -36500, max = 36500))]
    pub(crate) days: Option<i32>,
    /// How many months: the same day of that month, or its last.
    #[schemars(range(min = -1200, max = 1200))]
    pub(crate) months: Option<i32>,
}

impl TimeSpan {
    /// The time, of which the schema lets through one.
    pub(crate) fn span(&self) -> Option<Span> {
        self.days.map(Span::Days).or(self.months.map(Span::Months))
    }
}

/// Another column of the row; a day can be moved on, by days or by months.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("maxProperties" = 2))]
pub(crate) struct ColumnLimit {
    /// The column.
    pub(crate) column: String,
    /// How many days later than the day in it; below zero earlier.
    #[schemars(range(min = -36500, max = 36500))]
    pub(crate) days: Option<i32>,
    /// How many months later than the day in it: the same day of that month, or its last.
    #[schemars(range(min = -1200, max = 1200))]
    pub(crate) months: Option<i32>,
}
