//! Numbers made of other numbers, as they are written: of measures, or within a measure of its amounts.

use super::Number;
use crate::rules::word::Decimal;
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
    /// The first number less the second.
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
}

/// A bound: a number, a term by its name, an amount, or a number made of others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Limit {
    /// A number, or a term by its name.
    Number(Number),
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

/// Several numbers multiplied; at most one of them counts something, the others are plain numbers or shares.
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
