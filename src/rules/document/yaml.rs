//! YAML → [`Document`], with the places of its keys found again in the text.

use super::{Document, Written, pointer};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::source::{Location, SourceId, Sources, Span};
use serde_json::Value;
use std::collections::HashMap;

impl Document {
    /// Parses a YAML text. Its reader keeps no places: each key is found by looking for its word behind the key that
    /// encloses it and the one before it, which is where people write it.
    ///
    /// # Errors
    ///
    /// [`Failed`] if the text is not YAML.
    pub(crate) fn parse_yaml(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Result<Self, Failed> {
        let text = sources.get(source).map_or("", |s| s.text.as_str());
        if let Some(start) = too_deep(text) {
            let at = Location { source, span: Span { start, end: start + 1 } };
            let message = format!("this is within more than {DEEPEST} brackets that are not closed");
            return Err(found
                .error(Diagnostic::at(Code::Syntax, at, message).help("close each `[` by `]`, and each `{` by `}`")));
        }
        match serde_yaml::from_str::<Value>(text) {
            Ok(json) => {
                let mut spans = HashMap::new();
                find_keys(&json, text, "", 0, &mut spans);
                Ok(Self { source, json, spans })
            }
            Err(error) => {
                let help = "indent by blanks, quote texts with `: ` or `#` in them, and name each key once";
                Err(found.error(problem(source, text, &error, help)))
            }
        }
    }
}

/// Brackets within brackets; the YAML reader takes long over many.
const DEEPEST: usize = 200;

/// The first bracket that stands within more open ones than anybody writes.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > DEEPEST
    })
}

/// What the YAML reader says, at the place it names.
///
/// The help is for all but a key that stands twice.
pub(crate) fn problem(source: SourceId, text: &str, error: &serde_yaml::Error, help: &str) -> Diagnostic {
    let start = error.location().map_or(0, |location| location.index()).min(text.len());
    let message = error.to_string();
    // The place stands beside the message already.
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    let message =
        if message == "repetition limit exceeded" { "its aliases stand for too much".to_owned() } else { message };
    let at = |start, end| Location { source, span: Span { start, end } };
    // Of a key that stands twice it names the place of the keys around it.
    if let Some(key) = doubled(&message)
        && let Some((first, second)) = both(text, start, key)
    {
        let problem = Diagnostic::at(Code::Syntax, at(second, second + key.len()), format!("`{key}` stands twice"));
        return problem.other(at(first, first + key.len()), "the other one").help("keep one of the two");
    }
    Diagnostic::at(Code::Syntax, at(start, start), message).help(help)
}

/// The key that stands twice, where that is what the message says.
fn doubled(message: &str) -> Option<&str> {
    let (_, key) = message.split_once("duplicate field `").or_else(|| message.split_once('`'))?;
    let (key, rest) = key.split_once('`')?;
    (message.contains("duplicate field `") || rest == " stands twice").then_some(key)
}

/// Both places of a key among those that begin at `start`.
fn both(text: &str, start: usize, key: &str) -> Option<(usize, usize)> {
    let column =
        |at: usize| text.get(..at).map_or(0, |before| before.len() - before.rfind('\n').map_or(0, |end| end + 1));
    let is_braced = text.get(start..)?.starts_with('{');
    let mut places = Vec::new();
    let mut from = start;
    while let (Some(at), [] | [_]) = (text.get(from..).and_then(|rest| find_key(rest, key)), places.as_slice()) {
        let at = from + at;
        from = at + key.len();
        let own = text.get(..at).map_or(at, |before| before.trim_end_matches(['"', '\'']).len());
        if is_braced || column(own) == column(start) {
            places.push(at);
        }
    }
    match places.as_slice() {
        [first, second] => Some((*first, *second)),
        _ => None,
    }
}

/// Notes where the keys below a value stand; gives the place behind the last of them.
fn find_keys(value: &Value, text: &str, at: &str, from: usize, spans: &mut HashMap<String, Written>) -> usize {
    let mut cursor = from;
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let here = pointer(at, key);
                let span = text
                    .get(cursor..)
                    .and_then(|rest| find_key(rest, key))
                    .map(|start| Span { start: cursor + start, end: cursor + start + key.len() });
                let Some(span) = span else { continue };
                spans.insert(here.clone(), Written { key: span, value: value_behind(text, span) });
                // What an alias repeats does not stand here: the next key is looked for behind this one at the least.
                cursor = span.end;
                find_keys(value, text, &here, span.end, spans);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                cursor = find_keys(item, text, &format!("{at}/{index}"), cursor, spans);
            }
        }
        _ => {}
    }
    cursor
}

/// The value on the line of a key; the key itself where the value stands below it.
fn value_behind(text: &str, key: Span) -> Span {
    let line = text.get(key.end..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let Some(colon) = line.find(':') else { return key };
    let rest = line.get(colon + 1..).unwrap_or("");
    let value = rest.trim_start();
    let end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.get(1..).and_then(|inner| inner.find(quote)).map(|end| end + 2),
        Some('[') => value.find(']').map(|end| end + 1),
        _ => value.find([',', '}']).into_iter().chain(value.find(" #")).min(),
    };
    let value = value.get(..end.unwrap_or(value.len())).unwrap_or(value).trim_end();
    let start = key.end + colon + 1 + (rest.len() - rest.trim_start().len());
    if value.is_empty() { key } else { Span { start, end: start + value.len() } }
}

/// The first place where `key` stands as a key: first on its line or in its braces, and with a colon behind it.
fn find_key(text: &str, key: &str) -> Option<usize> {
    let is_quote = |c: char| c == '"' || c == '\'';
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or("").trim_end_matches(is_quote).trim_end_matches([' ', '-']);
        let after = text.get(at + key.len()..).unwrap_or("").trim_start_matches(is_quote).trim_start_matches(' ');
        (before.is_empty() || before.ends_with(['\n', '{', ','])) && after.starts_with(':')
    })
}
