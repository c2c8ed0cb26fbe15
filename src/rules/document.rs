//! TOML or YAML text → [`Document`]: the tree as JSON, and for each of its places the bytes it was written in.
//!
//! Dates and floats travel as one-key objects (`$day`, `$float`), because in plain JSON a quoted date and a date would
//! look alike, and `10.0` would pass for a whole number. Nothing here knows what the keys mean.

mod brackets;
mod toml;
mod yaml;

use crate::source::{Location, SourceId, Span};
use serde_json::Value;
use std::collections::HashMap;
pub(crate) use yaml::problem as yaml_problem;

/// A well-formed text of TOML or YAML.
#[derive(Debug)]
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

/// One step deeper into a JSON pointer.
pub(crate) fn pointer(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}
