//! The small values that files people write are made of: days, decimals and names.

use crate::exact::Exact;
use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;

/// The key under which a document carries a native TOML date through JSON, so that a quoted date stays another thing.
pub(crate) const DAY_KEY: &str = "$day";

/// A calendar day. In TOML a native date, unquoted; in YAML `2023-06-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Native {
                #[serde(rename = "$day")]
                day: String,
            },
            Plain(String),
        }
        let (Written::Native { day: text } | Written::Plain(text)) = Written::deserialize(deserializer)?;
        let day = (text.len() == 10).then(|| crate::month::parse_date(&text)).flatten();
        day.map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is not a day such as 2023-06-01")))
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// An exact number: whole numbers bare, other decimals quoted (`"0.5"`), so that no binary fraction is ever involved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) Exact);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Quoted(String),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Whole(whole)) => Ok(Self(Exact::from(whole))),
            Ok(Written::Quoted(text)) => Exact::parse(&text)
                .map(Self)
                .ok_or_else(|| D::Error::custom(format!("`{text}` is not a decimal such as 12.5"))),
            Err(_) => Err(D::Error::custom("not a number; whole numbers stand bare, other decimals in quotes")),
        }
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$" })
    }
}

/// An exact number that may be a fraction: as [`Decimal`], or quoted as `"75/7"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fraction(pub(crate) Exact);

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Quoted(String),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Whole(whole)) => Ok(Self(Exact::from(whole))),
            Ok(Written::Quoted(text)) => {
                let (number, base) = text.split_once('/').unwrap_or((&text, "1"));
                let fraction =
                    Exact::parse(number).zip(Exact::parse(base)).and_then(|(number, base)| number.over(&base));
                fraction.map(Self).ok_or_else(|| {
                    D::Error::custom(format!("`{text}` is no decimal such as 12.5, nor a fraction such as 75/7"))
                })
            }
            Err(_) => Err(D::Error::custom("not a number; whole numbers stand bare, others in quotes")),
        }
    }
}

impl JsonSchema for Fraction {
    fn schema_name() -> Cow<'static, str> {
        "Fraction".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?(/[1-9][0-9]*)?$" })
    }
}

/// A name people give to things: begins with a letter; lower case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Name(pub(crate) String);

/// What every [`Name`] looks like.
pub(crate) const NAME_PATTERN: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": NAME_PATTERN })
    }
}

/// Things by name, in the order the file lists them. A name that stands twice is refused.
#[derive(Clone, Debug)]
pub struct Named<T>(pub IndexMap<String, T>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<T> Named<T> {
    /// The things with their names, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, thing)| (name.as_str(), thing))
    }

    /// The thing of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(name)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Unique<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
            type Value = Named<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table of named things")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<T>, A::Error> {
                let mut things = IndexMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    if things.contains_key(&name) {
                        return Err(A::Error::custom(format!("`{name}` stands twice")));
                    }
                    let thing = map.next_value()?;
                    things.insert(name, thing);
                }
                Ok(Named(things))
            }
        }
        deserializer.deserialize_map(Unique(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Named{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": NAME_PATTERN },
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}
