//! Terms that change with the date or the track, and tracks, as they are written.

use super::Condition;
use crate::rules::word::{Day, Decimal, NAME_PATTERN, Name, Named};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;
use std::borrow::Cow;

/// A number, or the name of a term that is one.
#[derive(Clone, Debug)]
pub(crate) enum Number {
    /// The number itself.
    Fixed(Decimal),
    /// A term by its name.
    Term(String),
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Fixed(Decimal),
            Term(Name),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Fixed(fixed) => Self::Fixed(fixed),
            Written::Term(name) => Self::Term(name.0),
        })
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let name = NAME_PATTERN.trim_start_matches('^').trim_end_matches('$');
        json_schema!({ "type": ["integer", "string"], "pattern": format!(r"^(-?[0-9]+(\.[0-9]+)?|{name})$") })
    }
}

/// A term of the text with a name: a number, a range or a list that can change on a day, or with the track.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Term {
    /// What it is, in words people read.
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) title: Option<String>,
    /// Where the term is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// What it is. Left out where every track sets it.
    pub(crate) is: Option<TermIs>,
}

/// What a term is, always or until days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum TermIs {
    /// The same on every day.
    Always(Setting),
    /// What it is on which days: the first whose day has not passed holds, and the last has no `until`.
    Dated(#[schemars(length(min = 2))] Vec<DatedSetting>),
}

impl TermIs {
    /// What it is on any day.
    pub(crate) fn settings(&self) -> Vec<&Setting> {
        match self {
            Self::Always(setting) => vec![setting],
            Self::Dated(dated) => dated.iter().map(|entry| &entry.is).collect(),
        }
    }
}

/// What a term is until a day.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DatedSetting {
    /// The last day judged on which it is this. Left out in the last entry.
    pub(crate) until: Option<Day>,
    /// What it is.
    pub(crate) is: Setting,
}

/// A number, a range, or a list by its name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Setting {
    /// A number.
    Number(Decimal),
    /// A list by its name.
    List(String),
    /// A range.
    Range(Box<Range>),
}

/// Numbers between bounds; at least one bound is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct Range {
    /// This or more.
    pub(crate) at_least: Option<Decimal>,
    /// More than this.
    pub(crate) more_than: Option<Decimal>,
    /// This or less.
    pub(crate) at_most: Option<Decimal>,
    /// Less than this.
    pub(crate) less_than: Option<Decimal>,
}

/// One of the ways an area can be scored: for whom it is, and what terms are on it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Track {
    /// The track in words people read.
    pub(crate) title: Option<String>,
    /// Where the track is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// Who is on it. Left out: everybody.
    pub(crate) when: Option<Condition>,
    /// What terms are on it, always or until days, by their names.
    #[serde(default)]
    pub(crate) sets: Named<TermIs>,
}
