//! Misspelt keys, and what only follows from them.

use super::explain::schema_of;
use crate::diagnostic::did_you_mean;
use crate::rules::document::{Document, pointer};
use crate::text::nearest;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said of an error.
pub(super) enum Said<'a> {
    Error(&'a ValidationError<'a>),
    /// A key that none of some forms has, and the keys of one that was likely meant.
    Misspelt {
        at: &'a str,
        key: &'a str,
        meant: String,
    },
}

impl<'a> Said<'a> {
    /// The keys that a table may not have, with the table.
    pub(super) fn refused(&self) -> Vec<(&'a str, &'a str)> {
        match self {
            Self::Error(error) => match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    unexpected.iter().map(|key| (error.instance_path().as_str(), key.as_str())).collect()
                }
                _ => Vec::new(),
            },
            Self::Misspelt { .. } => Vec::new(),
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
    pub(super) fn new(document: &'a Document, all: &[Said<'a>]) -> Self {
        let mut unknown: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for said in all {
            let misspelt = match said {
                Said::Misspelt { at, key, .. } => Some((*at, *key)),
                Said::Error(_) => None,
            };
            for (at, key) in said.refused().into_iter().chain(misspelt) {
                unknown.entry(at).or_default().push(key);
            }
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
        let meant = did_you_mean(key, known.iter().map(String::as_str))?;
        Some(Said::Misspelt { at: error.instance_path().as_str(), key, meant })
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
