//! Measures, their amounts and the tests on a group, as they are written.

use super::Test;
use crate::rules::word::{Decimal, Named};
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
    /// The table, or named rows, that are read.
    pub(crate) from: String,
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

/// An amount of a group over a window of months.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Amount {
    /// The column that is added up.
    pub(crate) sum: String,
    /// How many complete months before the day judged the window covers. Only in tables with months.
    #[schemars(range(min = 1, max = 1200))]
    pub(crate) last: Option<u32>,
    /// Add up each month by itself and take this one of the monthly sums. Left out: all months together.
    pub(crate) by_month: Option<Extreme>,
}

/// One of several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extreme {
    /// The greatest.
    Greatest,
    /// The least.
    Least,
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

/// An amount lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct GroupBounds {
    /// The amount's name.
    pub(crate) value: String,
    /// It is this or more.
    pub(crate) at_least: Option<Decimal>,
    /// It is more than this.
    pub(crate) more_than: Option<Decimal>,
    /// It is this or less.
    pub(crate) at_most: Option<Decimal>,
    /// It is less than this.
    pub(crate) less_than: Option<Decimal>,
}

/// How the groups become one number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Reduce {
    /// How many groups there are.
    Count(CountWord),
    /// An amount added up over the groups.
    Sum(SumOf),
}

/// How many groups there are.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CountWord {
    /// How many groups there are.
    Count,
}

/// An amount added up over the groups.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SumOf {
    /// The amount's name.
    pub(crate) sum: String,
}
