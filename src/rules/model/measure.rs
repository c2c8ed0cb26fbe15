//! Measures, their amounts and the tests on a group, as they are written.

use super::{Limit, Scalar, Test};
use crate::rules::word::Named;
use schemars::JsonSchema;
use serde::Deserialize;

/// A question to the rows: one number for each entity.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Measure {
    /// What is measured, in words people read.
    pub(crate) title: Option<String>,
    /// Where the measure is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// Set to `list` where the measure is asked with a list, which the tests then call `given`.
    pub(crate) given: Option<Given>,
    /// What is read: a table, named rows, several of these with equal columns, or the groups of another measure.
    pub(crate) from: From,
    /// Which of those rows to keep.
    #[serde(rename = "where")]
    pub(crate) test: Option<Test>,
    /// The columns by which rows are grouped, within each entity. Left out: all rows are one group.
    #[serde(default)]
    pub(crate) group: Vec<String>,
    /// Amounts computed for each group, by name.
    #[serde(default)]
    pub(crate) value: Named<Amount>,
    /// Which groups to keep.
    pub(crate) having: Option<GroupTest>,
    /// How the groups become one number.
    pub(crate) reduce: Reduce,
}

/// What a measure is asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Given {
    /// A list.
    List,
}

/// What a measure reads.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum From {
    /// A table, or named rows.
    One(String),
    /// Several tables or named rows, as if they were one.
    Several(#[schemars(length(min = 2))] Vec<String>),
    /// The groups that another measure keeps: its keys and amounts are the columns.
    Groups(FromGroups),
}

/// The groups that another measure keeps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FromGroups {
    /// The measure.
    pub(crate) measure: String,
    /// The list it is asked with, or a term that is a list.
    pub(crate) given: Option<String>,
}

/// An amount of a group: taken from its rows, or made of its other amounts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Amount {
    // First: `times = ["a", "b"]` would be read as a rate of two keys.
    /// Made of other amounts of the group, which stand before it.
    Scalar(Scalar),
    /// Taken from rows.
    Rows(Box<RowAmount>),
}

/// An amount taken from the rows of a group over a window of months; one of the first five keys is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("oneOf" = [{"required": ["sum"]}, {"required": ["mean"]}, {"required": ["greatest"]}, {"required": ["least"]}, {"required": ["count"]}]))]
pub(crate) struct RowAmount {
    /// The column that is added up.
    pub(crate) sum: Option<String>,
    /// The column whose mean is taken over the rows that have it.
    pub(crate) mean: Option<String>,
    /// The column whose greatest value is taken: of numbers, or the latest of days.
    pub(crate) greatest: Option<String>,
    /// The column whose least value is taken: of numbers, or the earliest of days.
    pub(crate) least: Option<String>,
    /// How many rows, or groups of the measure that is read, there are.
    pub(crate) count: Option<CountedThings>,
    /// Each row's cell is first multiplied by the rate of a list's member; with `count` each row counts as that rate. Only with
    /// `sum` and `count`.
    pub(crate) times: Option<RowRate>,
    /// Takes rows of this table or selection only, one of those that `from` names.
    pub(crate) from: Option<String>,
    /// Takes only rows, or groups of the measure that is read, that pass this test as well.
    #[serde(rename = "where")]
    pub(crate) test: Option<AmountTest>,
    /// How many complete months before the day judged the window covers: the month in which that day lies is never in it,
    /// whatever the day. Only in tables with months.
    #[schemars(range(min = 1, max = 1200))]
    pub(crate) last: Option<u32>,
    /// How many months the window is moved back.
    #[schemars(range(min = 0, max = 1200))]
    pub(crate) ago: Option<u32>,
    /// Of the window, only the month that another amount of the group names.
    pub(crate) at: Option<String>,
    /// Of the window, only the month that another amount of the group names, and those after it.
    pub(crate) since: Option<String>,
    /// Add up each month by itself and take this of the monthly sums. Left out: all months together.
    pub(crate) by_month: Option<ByMonth>,
}

/// Which rows or groups an amount takes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum AmountTest {
    /// A test on the cells of a row.
    Rows(Test),
    /// A test on the amounts of a group.
    Groups(GroupTest),
}

impl AmountTest {
    /// The test on rows, where it is one.
    pub(crate) fn of_rows(&self) -> Option<&Test> {
        match self {
            Self::Rows(test) => Some(test),
            Self::Groups(_) => None,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CountedThings {
    /// Rows.
    Rows,
    /// Groups of the measure that is read.
    Groups,
}

/// A rate for each row: that of the list's member which the cell is. A cell that is no member counts nothing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RowRate {
    /// The column whose cell is looked up.
    pub(crate) column: String,
    /// The list, whose members all have a `rate`; or a term that is one, or `given`.
    #[serde(rename = "in")]
    pub(crate) list: String,
}

/// What is taken of monthly sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ByMonth {
    /// The greatest.
    Greatest,
    /// The least.
    Least,
    /// Their mean.
    Mean,
}

/// A test on a group's amounts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum GroupTest {
    /// Every one of these tests.
    All(AllGroupTests),
    /// At least one of these tests.
    Any(AnyGroupTest),
    /// The test does not hold.
    Not(NotGroupTest),
    /// An amount is missing.
    Missing(MissingAmount),
    /// An amount lies within bounds.
    Bounds(Box<GroupBounds>),
}

/// Every one of these tests has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AllGroupTests {
    /// The tests.
    #[schemars(length(min = 1))]
    pub(crate) all: Vec<GroupTest>,
}

/// At least one of these tests has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AnyGroupTest {
    /// The tests.
    #[schemars(length(min = 1))]
    pub(crate) any: Vec<GroupTest>,
}

/// The opposite of a test.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotGroupTest {
    /// The test that must not hold.
    pub(crate) not: Box<GroupTest>,
}

/// An amount is missing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MissingAmount {
    /// The amount's name.
    pub(crate) missing: String,
}

/// An amount lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct GroupBounds {
    /// The amount's name.
    pub(crate) value: String,
    /// It is this or more.
    pub(crate) at_least: Option<Limit>,
    /// It is more than this.
    pub(crate) more_than: Option<Limit>,
    /// It is this or less.
    pub(crate) at_most: Option<Limit>,
    /// It is less than this.
    pub(crate) less_than: Option<Limit>,
    /// It lies in the range that this term is.
    #[serde(rename = "in")]
    pub(crate) range: Option<String>,
}

/// How the groups become one number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Reduce {
    /// How many groups there are.
    Count(CountWord),
    /// An amount of the groups.
    Of(ReduceOf),
}

/// How many groups there are.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CountWord {
    /// How many groups there are.
    Count,
}

/// An amount of the groups, by its name; one key is given. A group that lacks the amount is passed over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(crate) struct ReduceOf {
    /// The amount is added up over the groups.
    pub(crate) sum: Option<String>,
    /// The mean of the amount over the groups; missing where there are none.
    pub(crate) mean: Option<String>,
    /// The greatest of the groups' amounts; missing where there are none.
    pub(crate) greatest: Option<String>,
    /// The least of the groups' amounts; missing where there are none.
    pub(crate) least: Option<String>,
}
