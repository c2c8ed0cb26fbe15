//! Named rows and the tests on a row, as they are written.

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
    /// The cell is a member of a list.
    In(InTest),
    /// The cell is not a member of a list; holds for a missing cell.
    NotIn(NotInTest),
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
    /// The columns of the first and the last day. A missing first day is never valid, a missing last day never ends.
    pub(crate) valid: [String; 2],
}

/// The cell is a member of a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InTest {
    /// The column whose cell is looked up.
    pub(crate) column: String,
    /// The list, or `given` for the list the measure is asked with.
    #[serde(rename = "in")]
    pub(crate) list: String,
}

/// The cell is not a member of a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotInTest {
    /// The column whose cell is looked up.
    pub(crate) column: String,
    /// The list, or `given` for the list the measure is asked with.
    #[serde(rename = "not-in")]
    pub(crate) list: String,
}
