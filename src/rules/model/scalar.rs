//! Numbers made of other numbers, as they are written: of measures, or within a measure of its amounts.

use super::{AgoLimit, Number, TimeSpan};
use crate::rules::word::{Day, Decimal};
use schemars::JsonSchema;
use serde::Deserialize;

/// A number made of others. Names are those of terms, and where a measure is defined those of its amounts; elsewhere
/// those of measures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Scalar {
    /// A number as it stands.
    Number(Decimal),
    /// A measure, an amount or a term, by its name.
    Name(String),
    /// A measure asked with a list or for an earlier time.
    Reading(Reading),
    /// Several numbers added.
    Plus(Plus),
    /// The first of two numbers less the second.
    Minus(Minus),
    /// Several numbers multiplied.
    Times(Times),
    /// The first number divided by the second.
    Ratio(Ratio),
    /// By how much of the second number, in percent, the first is above it.
    PercentChange(PercentChange),
    /// The greatest of several numbers.
    Greatest(Greatest),
    /// The least of several numbers.
    Least(Least),
    /// A number rounded down.
    Stepped(Stepped),
    /// The latest anniversary of a day.
    Anniversary(Anniversary),
    /// A time that is added to a day.
    Span(TimeSpan),
}

/// A bound: a number, a term by its name, an amount, or a number made of others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Limit {
    /// A day; only of days.
    Day(Day),
    /// A number, or a term by its name.
    Number(Number),
    /// A day before the day judged; only of days.
    Ago(AgoLimit),
    /// An amount of the group. Only where a group is tested.
    Amount(AmountName),
    /// A number made of others.
    Scalar(Box<Scalar>),
}

/// An amount of a group.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AmountName {
    /// The amount's name.
    pub(crate) value: String,
}

/// A measure asked with a list or for an earlier time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Reading {
    /// The measure.
    pub(crate) measure: String,
    /// The list it is asked with, or a term that is a list.
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

/// Several numbers multiplied: plain numbers, shares and counts, and at most one amount of money; a percentage is
/// multiplied by plain numbers and shares only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Times {
    /// The numbers.
    #[schemars(length(min = 2))]
    pub(crate) times: Vec<Scalar>,
}

/// The first number divided by the second: 0.4 where 4 of 10 are meant.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Ratio {
    /// The number, and the base it is divided by.
    pub(crate) ratio: Box<[Scalar; 2]>,
    /// The result where the base is zero or below; the score then gives the reason `no-base`.
    pub(crate) no_base: Number,
}

/// By how much of the second number, in percent, the first is above it: (first − second) × 100 ÷ second.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PercentChange {
    /// The number now, and the base it is compared with.
    pub(crate) percent_change: Box<[Scalar; 2]>,
    /// The result where the base is zero or below; the score then gives the reason `no-base`.
    pub(crate) no_base: Number,
}

/// A number rounded down to whole steps, toward minus infinity.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Stepped {
    /// The number.
    pub(crate) of: Box<Scalar>,
    /// The size of a step.
    pub(crate) step: Number,
}

/// The latest anniversary of a day that is not after the day judged; missing where the day itself is after it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Anniversary {
    /// The day.
    pub(crate) anniversary: Box<Scalar>,
    /// How many months before the day judged it is looked at: with 12 it is the anniversary before the latest.
    #[schemars(range(min = 0, max = 1200))]
    pub(crate) ago: Option<u32>,
}

/// The greatest of several numbers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Greatest {
    /// The numbers.
    #[schemars(length(min = 2))]
    pub(crate) greatest: Vec<Scalar>,
}

/// The least of several numbers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Least {
    /// The numbers.
    #[schemars(length(min = 2))]
    pub(crate) least: Vec<Scalar>,
}
