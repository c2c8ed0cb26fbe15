//! Numbers made of measures, and conditions on them, as they are written.

use crate::rules::word::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

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
