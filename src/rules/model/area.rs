//! Metrics, awards and areas, as they are written.

use super::{Condition, Number, Scalar};
use crate::rules::word::{Name, Named};
use schemars::JsonSchema;
use serde::Deserialize;

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
    /// The least of several awards.
    Least(Box<LeastAward>),
    /// Points for a number, or a fixed payment.
    Leaf(Box<LeafAward>),
    /// Points that the rules do not say.
    Unknown(UnknownAward),
}

/// Points that are part of the text and that these rules do not say: they are unknown, within the bounds that are given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UnknownAward {
    /// What is not said, and why.
    #[schemars(length(min = 1))]
    pub(crate) unknown: String,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Number>,
    /// Never more points than this.
    pub(crate) at_most: Option<Number>,
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
    pub(crate) at_least: Option<Number>,
    /// Never more points than this.
    pub(crate) at_most: Option<Number>,
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
    pub(crate) at_least: Option<Number>,
    /// Never more points than this.
    pub(crate) at_most: Option<Number>,
}

/// The least of several awards, within bounds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LeastAward {
    /// The awards.
    #[schemars(length(min = 1))]
    pub(crate) least: Vec<Award>,
    /// The condition without which nothing is paid.
    pub(crate) when: Option<Condition>,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Number>,
    /// Never more points than this.
    pub(crate) at_most: Option<Number>,
}

/// `points` × (the number, rounded down to `step`) ÷ `per`; without `of`, `points` once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LeafAward {
    /// The number that is paid for. Left out: a fixed payment.
    pub(crate) of: Option<Scalar>,
    /// The points for each unit of the number.
    pub(crate) points: Number,
    /// How much of the number is a unit; 1 where left out.
    pub(crate) per: Option<Number>,
    /// The number counts only in whole steps of this size, rounded down. Left out: in proportion.
    pub(crate) step: Option<Number>,
    /// The condition without which nothing is paid.
    pub(crate) when: Option<Condition>,
    /// Never fewer points than this.
    pub(crate) at_least: Option<Number>,
    /// Never more points than this.
    pub(crate) at_most: Option<Number>,
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
    /// Its metrics in the order they are shown: its own, or shared ones. Left out in an area without points.
    #[serde(default)]
    pub(crate) metrics: Vec<String>,
    /// What the metrics' maxima add up to, on every track; checked. Left out in an area without points, and where nothing
    /// caps one of the metrics.
    pub(crate) max_points: Option<Number>,
    /// Conditions by their names: the designation is attained where every one holds. Their names are the keys in results.
    #[schemars(length(min = 1))]
    pub(crate) attained: Vec<String>,
    /// Set to false where the area only helps others to their results, and is none to show.
    pub(crate) shown: Option<bool>,
    /// The tracks on which it can be scored, in the order in which they are asked.
    #[serde(default)]
    pub(crate) tracks: Vec<String>,
    /// Which track counts, where there are several.
    pub(crate) choose: Option<Choose>,
    /// The metrics that only this area has.
    #[serde(default)]
    pub(crate) metric: Named<Metric>,
}

/// Which of several tracks counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Choose {
    /// The first whose condition holds.
    First,
    /// Of those whose condition holds the one with the most points; of equals one on which the designation is attained,
    /// then the one listed first.
    BestTotal,
    /// Of those whose condition holds one on which the designation is attained, before others; then the most points;
    /// of equals the one listed first.
    BestAttained,
}
