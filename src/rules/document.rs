//! TOML or YAML text → [`Document`]: the tree as JSON, and for each of its places the bytes it was written in.
//!
//! Dates and floats travel as one-key objects (`$day`, `$float`), because in plain JSON a quoted date and a date would
//! look alike, and `10.0` would pass for a whole number. Nothing here knows what the keys mean.

mod brackets;
mod toml;
mod yaml;

use crate::source::{Location, SourceId, Span};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
pub(crate) use yaml::problem as yaml_problem;

/// A well-formed text of TOML or YAML.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) source: SourceId,
    pub(crate) json: Value,
    spans: HashMap<String, Written>,
}

/// Where a key and its value stand.
#[derive(Clone, Copy, Debug)]
struct Written {
    key: Span,
    value: Span,
}

impl Document {
    /// Where the key at a JSON pointer stands, or the nearest enclosing key.
    pub(crate) fn key(&self, pointer: &str) -> Location {
        self.nearest(pointer).map_or_else(|| self.start(), |written| self.location(written.key))
    }

    /// Where the value at a JSON pointer stands, or the nearest enclosing key.
    pub(crate) fn value(&self, pointer: &str) -> Location {
        match self.spans.get(pointer) {
            Some(written) => self.location(written.value),
            None => self.key(pointer),
        }
    }

    /// The same with keys of a table called otherwise, or taken out; what stood there, where it was. Of a table that is
    /// there under the other name, too, the keys are put together.
    pub(crate) fn with_keys(&mut self, table: &str, called: &BTreeMap<&str, Option<&str>>) -> Vec<Value> {
        let Some(keys) = self.json.pointer_mut(table).and_then(Value::as_object_mut) else { return Vec::new() };
        let mut taken_out = Vec::new();
        for (key, value) in std::mem::take(keys) {
            match called.get(key.as_str()) {
                Some(None) => taken_out.push(value),
                Some(Some(meant)) => taken_out.extend(put(keys, (*meant).to_owned(), value)),
                None => taken_out.extend(put(keys, key, value)),
            }
        }
        taken_out
    }

    /// Finds what is called otherwise where it stood: `called` says by JSON pointer which key it has instead.
    pub(crate) fn find_as(&mut self, called: &BTreeMap<String, &str>) {
        let renamed = |at: &str| {
            let (mut old, mut new, mut is_other) = (String::new(), String::new(), false);
            for part in at.split('/').skip(1) {
                old = format!("{old}/{part}");
                let other = called.get(&old);
                is_other |= other.is_some();
                new = other.map_or_else(|| format!("{new}/{part}"), |key| pointer(&new, key));
            }
            is_other.then_some(new)
        };
        let found: Vec<(String, Written)> =
            self.spans.iter().filter_map(|(at, written)| Some((renamed(at)?, *written))).collect();
        for (at, written) in found {
            self.spans.entry(at).or_insert(written);
        }
    }

    fn nearest(&self, pointer: &str) -> Option<Written> {
        let mut rest = pointer;
        loop {
            if let Some(written) = self.spans.get(rest) {
                return Some(*written);
            }
            rest = rest.rsplit_once('/')?.0;
        }
    }

    fn location(&self, span: Span) -> Location {
        Location { source: self.source, span }
    }

    fn start(&self) -> Location {
        self.location(Span::default())
    }
}

/// Puts a value into a table; where a table stands there already, its keys are added. What has no place is left over.
fn put(keys: &mut Map<String, Value>, key: String, value: Value) -> Vec<Value> {
    match (keys.get_mut(&key), value) {
        (None, value) => {
            keys.insert(key, value);
            Vec::new()
        }
        (Some(Value::Object(known)), Value::Object(more)) => {
            more.into_iter().flat_map(|(key, value)| put(known, key, value)).collect()
        }
        (Some(_), value) => vec![value],
    }
}

/// One step deeper into a JSON pointer.
pub(crate) fn pointer(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The key that a part of a JSON pointer stands for.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
