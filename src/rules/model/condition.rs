//! Conditions, as they are written.

use super::{Limit, Number, Scalar};
use schemars::JsonSchema;
use serde::Deserialize;

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
    /// So many of these conditions.
    Met(MetConditions),
    /// What held in so many of the last months.
    Seen(Box<Seen>),
    /// A designation is attained.
    Attained(Attained),
    /// The area is scored on a track.
    Track(OnTrack),
    /// Points of the area lie within bounds.
    Points(Box<PointsBounds>),
    /// Something that the rules do not say.
    Unknown(#[expect(dead_code, reason = "for the reader of the file")] UnknownCondition),
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

/// So many of these conditions have to hold, whichever they are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MetConditions {
    /// The conditions.
    #[schemars(length(min = 1))]
    pub(crate) met: Vec<Condition>,
    /// How many of them.
    pub(crate) at_least: Limit,
}

/// Looks back: the whole program is judged anew for each of the last months, with the terms and data of that time, and the
/// months are counted in which something held.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Seen {
    /// What is looked for: a condition by its name, or an attained designation.
    pub(crate) seen: Seeable,
    /// How many months are looked at: first the day judged itself, then a day of each calendar month before, its first or its
    /// last.
    #[schemars(range(min = 1, max = 36))]
    pub(crate) last: u32,
    /// In how many of them it has to hold.
    pub(crate) at_least: Limit,
    /// How many months are passed over before those that are looked at: with 1 the day judged is not looked at.
    #[schemars(range(min = 0, max = 36))]
    pub(crate) ago: Option<u32>,
    /// On which day each earlier month is judged; its first where nothing is said.
    pub(crate) on: Option<SeenOn>,
    /// A measure of days: the months end with that of the entity's latest anniversary of that day, instead of the day judged.
    pub(crate) anniversary: Option<String>,
}

/// On which day an earlier month is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeenOn {
    /// Its first day.
    #[default]
    FirstDay,
    /// Its last day, or the day judged where that comes before.
    LastDay,
}

/// What can be looked for in other months and other programs: it has a name there too.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Seeable {
    /// A condition by its name.
    Name(String),
    /// A designation.
    Attained(Attained),
}

/// The designation of an area, of this program or another, is attained on the same day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Attained {
    /// The area.
    pub(crate) attained: String,
    /// The condition that holds there; left out for all that the area asks for.
    pub(crate) condition: Option<String>,
    /// The program; left out for this one.
    pub(crate) program: Option<String>,
}

/// The area is scored on a track.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OnTrack {
    /// The track.
    pub(crate) track: String,
}

/// A condition that is part of the text and that these rules do not say: it is undecided.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UnknownCondition {
    /// What is not said, and why.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) unknown: String,
}

/// Points of the area that asks lie within bounds; at least one bound is given. Only where an area asks for what has to be
/// attained.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct PointsBounds {
    /// Which points.
    pub(crate) points: PointsOf,
    /// They are this or more.
    pub(crate) at_least: Option<Number>,
    /// They are more than this.
    pub(crate) more_than: Option<Number>,
    /// They are this or less.
    pub(crate) at_most: Option<Number>,
    /// They are less than this.
    pub(crate) less_than: Option<Number>,
}

/// Which points of an area.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum PointsOf {
    /// Those of all metrics.
    All(PointsOfAll),
    /// Those of a category's metrics together.
    Category(PointsOfCategory),
    /// Those of one metric.
    Metric(PointsOfMetric),
}

/// Points of all metrics of an area.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PointsOfAll {
    /// Those of all metrics together.
    Total,
    /// Those of every metric that applies to the area, each by itself.
    EachMetric,
}

/// The points of a category's metrics together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PointsOfCategory {
    /// The category.
    pub(crate) category: String,
}

/// The points of one metric.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PointsOfMetric {
    /// The metric.
    pub(crate) metric: String,
}

/// A measure lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("anyOf" = [{"required": ["at-least"]}, {"required": ["more-than"]}, {"required": ["at-most"]}, {"required": ["less-than"]}, {"required": ["in"]}]))]
pub(crate) struct ReadingBounds {
    /// The measure.
    pub(crate) measure: String,
    /// The list it is asked with, or a term that is a list.
    pub(crate) given: Option<String>,
    /// How many months its windows are moved back. The terms stay those of the day judged.
    #[schemars(range(min = 0, max = 1200))]
    pub(crate) ago: Option<u32>,
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

/// A number made of measures lies within bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 2))]
pub(crate) struct ScalarBounds {
    /// The number.
    pub(crate) of: Scalar,
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
