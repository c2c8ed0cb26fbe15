//! Misspelt keys, and what only follows from them.

use super::explain::{known_keys, schema_of};
use crate::rules::document::{Document, pointer};
use crate::text::nearest;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said of an error.
pub(super) enum Said<'a> {
    Error(&'a ValidationError<'a>),
    /// A key that none of some forms has.
    Misspelt(Slip<'a>),
    /// A key where a table with it can stand.
    Bare {
        error: &'a ValidationError<'a>,
        key: &'a str,
    },
}

/// A key that a table may not have.
#[derive(Clone)]
pub(in crate::rules::schema) struct Slip<'a> {
    /// The table, by its JSON pointer.
    pub(in crate::rules::schema) table: &'a str,
    pub(in crate::rules::schema) key: &'a str,
    /// The key that was likely meant.
    pub(in crate::rules::schema) meant: Option<String>,
}

impl<'a> Said<'a> {
    /// The keys that a table may not have.
    pub(super) fn slips(&self, schema: &Value) -> Vec<Slip<'a>> {
        match self {
            Self::Error(error) => match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    let known = known_keys(schema, error);
                    let meant = |key: &str| nearest(key, known.iter().map(String::as_str)).map(str::to_owned);
                    let table = error.instance_path().as_str();
                    // A decimal or a date is no table with an unknown key.
                    let unknown = unexpected.iter().filter(|key| !key.starts_with('$'));
                    unknown.map(|key| Slip { table, key, meant: meant(key) }).collect()
                }
                _ => Vec::new(),
            },
            Self::Misspelt(slip) => vec![slip.clone()],
            Self::Bare { .. } => Vec::new(),
        }
    }
}

/// One slip of the pen, one problem: a misspelt key is both unknown and missing.
pub(super) struct Slips<'a> {
    document: &'a Document,
    /// By table its keys that are unknown.
    unknown: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Slips<'a> {
    pub(super) fn new(document: &'a Document, all: &[Slip<'a>]) -> Self {
        let mut unknown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for slip in all {
            unknown.entry(slip.table).or_default().push(slip.key);
        }
        Self { document, unknown }
    }

    /// Whether an error follows from a key that is misspelt.
    pub(super) fn explain(&self, error: &ValidationError<'_>) -> bool {
        let here = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let missing = property.as_str().unwrap_or("");
                self.has_near(here, missing) || self.stands_beside(here, missing)
            }
            // Forms that differ by a key, and what stands there is nearly one of these.
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                context.iter().flatten().any(|error| match error.kind() {
                    ValidationErrorKind::Required { property } => self.has_near(here, property.as_str().unwrap_or("")),
                    _ => false,
                })
            }
            _ => false,
        }
    }

    /// Whether a table has an unknown key that is nearly this one.
    fn has_near(&self, table: &str, key: &str) -> bool {
        self.unknown.get(table).into_iter().flatten().any(|unknown| nearest(unknown, [key]).is_some())
    }

    /// Whether the missing key stands in the same table under a misspelt name: `[areas.data]` beside `[area.data.metric]`.
    fn stands_beside(&self, here: &str, missing: &str) -> bool {
        here.match_indices('/').any(|(end, _)| {
            let (table, within) = here.split_at(end);
            let within = within.trim_start_matches('/');
            let (known, below) = within.split_at(within.find('/').unwrap_or(within.len()));
            self.unknown.get(table).into_iter().flatten().any(|unknown| {
                let there = format!("{}{below}/{missing}", pointer(table, unknown));
                self.document.json.pointer(&there).is_some() && nearest(unknown, [known]).is_some()
            })
        })
    }
}

/// How what stands there goes with a choice of forms.
pub(super) enum Choice<'a> {
    /// None of its keys is one of any form, or nearly.
    OfNone,
    /// It is a key, and not the table with it.
    Bare(&'a str),
    /// Otherwise, or there is no choice.
    Other,
}

/// How what stands there goes with the forms that it can have.
pub(super) fn choice<'a>(schema: &Value, error: &'a ValidationError<'a>) -> Choice<'a> {
    let (ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. }) = error.kind() else {
        return Choice::Other;
    };
    let mut known = BTreeSet::new();
    if let Some(choice) = schema_of(schema, error) {
        keys_of(schema, choice, &mut known);
    }
    match error.instance().as_ref() {
        Value::String(text) if known.contains(text) => Choice::Bare(text),
        Value::Object(table) => {
            let is_of_none =
                |key: &String| !known.contains(key) && nearest(key, known.iter().map(String::as_str)).is_none();
            if table.keys().all(is_of_none) && !known.is_empty() { Choice::OfNone } else { Choice::Other }
        }
        _ => Choice::Other,
    }
}

/// The keys that none of some forms has, where any is nearly one that a form has.
pub(super) fn misspelt<'a>(schema: &Value, error: &'a ValidationError<'a>) -> Vec<Said<'a>> {
    let (ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::OneOfNotValid { .. }) = error.kind() else {
        return Vec::new();
    };
    let mut known = BTreeSet::new();
    if let Some(choice) = schema_of(schema, error) {
        keys_of(schema, choice, &mut known);
    }
    let written = error.instance().as_object().into_iter().flat_map(serde_json::Map::keys);
    let unknown = written.filter(|key| !known.contains(*key) && !key.starts_with('$'));
    let near = unknown.filter_map(|key| {
        let meant = Some(nearest(key, known.iter().map(String::as_str))?.to_owned());
        Some(Said::Misspelt(Slip { table: error.instance_path().as_str(), key, meant }))
    });
    near.collect()
}

/// The keys that a table of this schema can have, in any of its forms.
fn keys_of(schema: &Value, of: &Value, keys: &mut BTreeSet<String>) {
    keys.extend(of.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys).cloned());
    let forms = ["anyOf", "oneOf", "allOf"].iter().filter_map(|choice| of.get(*choice)?.as_array()).flatten();
    let meant = of.get("$ref").and_then(Value::as_str).and_then(|name| schema.pointer(name.trim_start_matches('#')));
    // Forms hold one another within their keys alone: this ends.
    forms.chain(meant).for_each(|form| keys_of(schema, form, keys));
}
