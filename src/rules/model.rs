//! A rule file as it is written: the shape of the TOML, one type per table, with the texts that editors show.
//!
//! Deserialized only after the schema accepted the document, so an error here is a bug. Names are still plain text;
//! `resolve` binds them. Doc comments are the hover texts of the published schema: they speak to rule authors.

use super::word::{Day, Decimal, Name, Named};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// One published text of a partner program, complete: every term the score depends on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-rules/1: one edition of a program's terms")]
pub(crate) struct RuleFile {
    /// The version of the rule language this file is written in.
    #[schemars(extend("enum" = ["pcs-rules/1"]))]
    #[expect(dead_code, reason = "judged before the rest of the file is read")]
    pub(crate) format: String,
    /// What this text is, when it was published and from when it is in force.
    pub(crate) edition: Edition,
    /// The documents that `cite` refers to, by name.
    #[serde(default)]
    pub(crate) source: Named<Source>,
    /// How unclear sentences of the text were read: what was chosen, what else was possible, and why.
    #[serde(default)]
    pub(crate) interpretation: Named<Interpretation>,
    /// The tables of data the rules read, with their columns.
    #[serde(default)]
    pub(crate) table: Named<Table>,
    /// Named lists of text values: what counts and what does not.
    #[serde(default)]
    pub(crate) list: Named<List>,
    /// Named selections of a table's rows.
    #[serde(default)]
    pub(crate) rows: Named<Rows>,
    /// Named questions to the rows, each answered by one number per entity.
    #[serde(default)]
    pub(crate) measure: Named<Measure>,
    /// Named tests on measures.
    #[serde(default)]
    pub(crate) condition: Named<NamedCondition>,
    /// Named requirements that an area can ask for.
    #[serde(default)]
    pub(crate) requirement: Named<Requirement>,
    /// Metrics that several areas share.
    #[serde(default)]
    pub(crate) metric: Named<Metric>,
    /// The areas for which a designation can be earned.
    #[serde(default)]
    pub(crate) area: Named<Area>,
}

/// What the text is and when it holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Edition {
    /// The program's id; also the name of the folder that holds its editions.
    pub(crate) program: Name,
    /// The edition's id; also the file's name.
    #[schemars(length(min = 1))]
    pub(crate) id: String,
    /// The program in words.
    #[schemars(length(min = 1))]
    pub(crate) title: String,
    /// The days on which this text decides.
    pub(crate) in_force: InForce,
    /// The day the text was published. Of two editions with one start, the later publication holds.
    pub(crate) published: Day,
    /// The currency of every money column, three letters.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub(crate) currency: String,
    /// Where the text comes from, for everything in this file that cites nothing nearer: `source#section`.
    pub(crate) cite: Option<String>,
}

/// The days on which a text decides.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InForce {
    /// The first day.
    pub(crate) from: Day,
    /// The last day, only where the text itself ends. Otherwise the text holds until the next one starts.
    pub(crate) until: Option<Day>,
}

/// A document that can be cited.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Source {
    /// The document's title.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) title: String,
    /// Where it can be read.
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) url: Option<String>,
}

/// A decision on a sentence that can be read in several ways.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Interpretation {
    /// What the text leaves open.
    #[schemars(length(min = 1))]
    pub(crate) question: String,
    /// The reading that was chosen.
    #[schemars(length(min = 1))]
    pub(crate) chosen: String,
    /// The readings that were not, each with how this file would say it.
    #[serde(default)]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) instead: Vec<String>,
    /// Why the chosen reading was chosen.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) why: String,
    /// What the choice rests on.
    pub(crate) basis: Basis,
    /// What rests on the choice, as `kind.name` (`measure.open-loans`). Left out where every score does.
    #[serde(default)]
    pub(crate) touches: Vec<String>,
}

/// What a choice rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The publisher says so elsewhere.
    Stated,
    /// It follows from the text by arithmetic.
    Arithmetic,
    /// It is our reading.
    Reading,
}

/// A table of data: what its columns are called and hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Table {
    /// The column that names the entity to be scored.
    pub(crate) entity: String,
    /// The column that holds the month, in tables that have months.
    pub(crate) month: Option<String>,
    /// Every column the rules may read, with its type.
    pub(crate) columns: IndexMap<String, ColumnType>,
    /// What to do where a file lacks a column. A column not named here has to be there.
    #[serde(default)]
    pub(crate) absent: IndexMap<String, Absent>,
    /// Where the table is described.
    pub(crate) cite: Option<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    /// Text; compared without regard to case A–Z and to blanks at the ends or in runs.
    Text,
    /// Text compared letter by letter.
    Exact,
    /// A calendar month, `2023-06`, or any day of it.
    Month,
    /// A calendar day, `2023-06-01`.
    Date,
    /// An amount of money in the edition's currency.
    Money,
    /// A number of things; need not be whole.
    Count,
}

/// What to do where a file lacks a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// Keep the rows as if every test on the column held, and warn with the rows and amounts this touches.
    Keep,
    /// Refuse the data.
    Refuse,
}

/// A named list of text values.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct List {
    /// What the list is, in words people read.
    pub(crate) title: Option<String>,
    /// Where the list is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The values.
    #[schemars(length(min = 1))]
    pub(crate) members: Vec<Member>,
}

/// A value of a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Member {
    /// A plain value.
    Plain(String),
    /// A value with other spellings or a last day.
    Detailed(DetailedMember),
}

/// A value with more to say about it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DetailedMember {
    /// The value.
    #[schemars(length(min = 1))]
    pub(crate) id: String,
    /// Other spellings that mean the same value.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// The last day judged on which the value is still in the list.
    pub(crate) until: Option<Day>,
    /// Where this is stated, if elsewhere than the list.
    pub(crate) cite: Option<String>,
}

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

/// A number made of measures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Scalar {
    /// A measure by its name.
    Name(String),
    /// A measure asked with a list or for an earlier time.
    Reading(Reading),
    /// Several numbers added.
    Plus(Plus),
    /// The first number less the second.
    Minus(Minus),
    /// By how much of the second number, in percent, the first is above it.
    PercentChange(PercentChange),
}

/// A measure asked with a list or for an earlier time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Reading {
    /// The measure.
    pub(crate) measure: String,
    /// The list it is asked with.
    pub(crate) given: Option<String>,
    /// How many months its windows are moved back. The terms stay those of the day judged.
    #[schemars(range(min = 0, max = 1200))]
    pub(crate) ago: Option<u32>,
}

/// Several numbers added.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Plus {
    /// The numbers.
    #[schemars(length(min = 2))]
    pub(crate) plus: Vec<Scalar>,
}

/// The first number less the second.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Minus {
    /// The number, and what is taken from it.
    pub(crate) minus: Box<[Scalar; 2]>,
}

/// By how much of the second number, in percent, the first is above it: (first − second) × 100 ÷ second.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PercentChange {
    /// The number now, and the base it is compared with.
    pub(crate) percent_change: Box<[Scalar; 2]>,
    /// The result where the base is zero or below; the score then gives the reason `no-base`.
    pub(crate) no_base: Decimal,
}

/// A test that others refer to by name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NamedCondition {
    /// What is asked for, in words people read.
    pub(crate) title: Option<String>,
    /// Where the condition is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The test.
    pub(crate) when: Condition,
}

/// A test on measures: it holds, does not, or cannot be decided on the data there are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Condition {
    /// A condition by its name.
    Name(String),
    /// Every one of these conditions.
    All(AllConditions),
    /// At least one of these conditions.
    Any(AnyCondition),
    /// The condition does not hold.
    Not(NotCondition),
    /// A measure lies within bounds.
    Reading(Box<ReadingBounds>),
    /// A number made of measures lies within bounds.
    Scalar(Box<ScalarBounds>),
}

/// Every one of these conditions has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AllConditions {
    /// The conditions.
    #[schemars(length(min = 1))]
    pub(crate) all: Vec<Condition>,
}

/// At least one of these conditions has to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AnyCondition {
    /// The conditions.
    #[schemars(length(min = 1))]
    pub(crate) any: Vec<Condition>,
}

/// The opposite of a condition.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NotCondition {
    /// The condition that must not hold.
    pub(crate) not: Box<Condition>,
}

/// A measure lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("anyOf" = [{"required": ["at-least"]}, {"required": ["more-than"]}, {"required": ["at-most"]}, {"required": ["less-than"]}]))]
pub(crate) struct ReadingBounds {
    /// The measure.
    pub(crate) measure: String,
    /// The list it is asked with.
    pub(crate) given: Option<String>,
    /// How many months its windows are moved back. The terms stay those of the day judged.
    #[schemars(range(min = 0, max = 1200))]
    pub(crate) ago: Option<u32>,
    /// It is this or more.
    pub(crate) at_least: Option<Decimal>,
    /// It is more than this.
    pub(crate) more_than: Option<Decimal>,
    /// It is this or less.
    pub(crate) at_most: Option<Decimal>,
    /// It is less than this.
    pub(crate) less_than: Option<Decimal>,
}

/// A number made of measures lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct ScalarBounds {
    /// The number.
    pub(crate) of: Scalar,
    /// It is this or more.
    pub(crate) at_least: Option<Decimal>,
    /// It is more than this.
    pub(crate) more_than: Option<Decimal>,
    /// It is this or less.
    pub(crate) at_most: Option<Decimal>,
    /// It is less than this.
    pub(crate) less_than: Option<Decimal>,
}

/// What an area can ask for beyond points; at least one key is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("anyOf" = [{"required": ["total-at-least"]}, {"required": ["each-metric-at-least"]}]))]
pub(crate) struct Requirement {
    /// Where the requirement is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The points the area needs in all.
    pub(crate) total_at_least: Option<Decimal>,
    /// The points that every metric needs which applies to the area.
    pub(crate) each_metric_at_least: Option<Decimal>,
}

/// A metric: what earns points, and in which category.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("oneOf" = [{"required": ["award"]}, {"required": ["not-applicable"]}]))]
pub(crate) struct Metric {
    /// The metric in words people read.
    pub(crate) title: Option<String>,
    /// Where the metric is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The category it belongs to.
    pub(crate) category: Name,
    /// How it earns points.
    pub(crate) award: Option<Award>,
    /// Instead of an award: why the metric does not apply here. Not applicable is not zero, and nothing is asked of it.
    #[schemars(length(min = 1))]
    pub(crate) not_applicable: Option<String>,
}

/// How points are earned.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Award {
    /// Several awards added.
    Plus(Box<PlusAward>),
    /// The best of several awards.
    Greatest(Box<GreatestAward>),
    /// Points for a number, or a fixed payment.
    Leaf(Box<LeafAward>),
}

/// Several awards added, together within bounds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PlusAward {
    /// The awards.
    #[schemars(length(min = 1))]
    pub(crate) plus: Vec<Award>,
    /// The condition without which nothing is paid.
    pub(crate) when: Option<Condition>,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Decimal>,
    /// Never more points than this.
    pub(crate) at_most: Option<Decimal>,
}

/// The best of several awards, within bounds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct GreatestAward {
    /// The awards.
    #[schemars(length(min = 1))]
    pub(crate) greatest: Vec<Award>,
    /// The condition without which nothing is paid.
    pub(crate) when: Option<Condition>,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Decimal>,
    /// Never more points than this.
    pub(crate) at_most: Option<Decimal>,
}

/// `points` × (the number, rounded down to `step`) ÷ `per`; without `of`, `points` once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LeafAward {
    /// The number that is paid for. Left out: a fixed payment.
    pub(crate) of: Option<Scalar>,
    /// The points for each unit of the number.
    pub(crate) points: Decimal,
    /// How much of the number is a unit; 1 where left out.
    pub(crate) per: Option<Decimal>,
    /// The number counts only in whole steps of this size, rounded down. Left out: in proportion.
    pub(crate) step: Option<Decimal>,
    /// The condition without which nothing is paid.
    pub(crate) when: Option<Condition>,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Decimal>,
    /// Never more points than this.
    pub(crate) at_most: Option<Decimal>,
}

/// An area: its metrics, and what a designation asks for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Area {
    /// The area in words people read.
    #[schemars(length(min = 1))]
    pub(crate) title: String,
    /// Where the area is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// Its metrics in the order they are shown: its own, or shared ones.
    #[schemars(length(min = 1))]
    pub(crate) metrics: Vec<String>,
    /// What the metrics' maxima add up to; checked.
    pub(crate) max_points: Decimal,
    /// The requirement to attain the designation.
    pub(crate) attained: String,
    /// The metrics that only this area has.
    #[serde(default)]
    pub(crate) metric: Named<Metric>,
}
