//! TOML or YAML text → [`Document`]: the tree as JSON, and for each of its places the bytes it was written in.
//!
//! Dates and floats travel as one-key objects (`$day`, `$float`), because in plain JSON a quoted date and a date would
//! look alike, and `10.0` would pass for a whole number. Nothing here knows what the keys mean.

use super::word::DAY_KEY;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::source::{Location, SourceId, Sources, Span};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use toml::de::{DeTable, DeValue};
use toml_parser::lexer::TokenKind;

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
    /// Parses a text; reports at most three syntax errors, because later ones mostly follow from the first.
    ///
    /// # Errors
    ///
    /// [`Failed`] if the text is not TOML 1.0.
    pub(crate) fn parse(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Result<Self, Failed> {
        let text = sources.get(source).map_or("", |s| s.text.as_str());
        let (table, mut errors) = DeTable::parse_recoverable(text);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        let mut failed = None;
        for error in errors.iter().take(3) {
            let span = error.span().map_or_else(Span::default, Span::from);
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            failed = Some(
                found.error(
                    Diagnostic::at(Code::Syntax, Location { source, span }, message)
                        .help("strings stand in quotes, dates and whole numbers do not; every `[` and `{` is closed"),
                ),
            );
        }
        if let Some(failed) = failed {
            return Err(failed);
        }
        refuse_newer_toml(source, text, found)?;
        let mut walk = Walk { source, spans: HashMap::new(), found, failed: None };
        let json = walk.table(table.get_ref(), "");
        let Walk { spans, failed, .. } = walk;
        failed.map_or(Ok(Self { source, json, spans }), Err)
    }

    /// Parses a YAML text. Its reader keeps no places: each key is found by looking for its word behind the key that
    /// encloses it and the one before it, which is where people write it.
    ///
    /// # Errors
    ///
    /// [`Failed`] if the text is not YAML.
    pub(crate) fn parse_yaml(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Result<Self, Failed> {
        let text = sources.get(source).map_or("", |s| s.text.as_str());
        match serde_yaml::from_str::<Value>(text) {
            Ok(json) => {
                let mut spans = HashMap::new();
                find_keys(&json, text, "", 0, &mut spans);
                Ok(Self { source, json, spans })
            }
            Err(error) => {
                let problem = yaml_problem(source, text, &error);
                Err(found.error(
                    problem.help("indent by blanks, quote texts with `: ` or `#` in them, and name each key once"),
                ))
            }
        }
    }

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

/// What the YAML reader says, at the place it names.
pub(crate) fn yaml_problem(source: SourceId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let start = error.location().map_or(0, |location| location.index()).min(text.len());
    let at = Location { source, span: Span { start, end: start } };
    let message = error.to_string();
    // The place stands beside the message already.
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    Diagnostic::at(Code::Syntax, at, message)
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
                spans.insert(here.clone(), Written { key: span, value: span });
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

/// The first place where `key` stands as a key: first on its line or in its braces, and with a colon behind it.
fn find_key(text: &str, key: &str) -> Option<usize> {
    let is_quote = |c: char| c == '"' || c == '\'';
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or("").trim_end_matches(is_quote).trim_end_matches([' ', '-']);
        let after = text.get(at + key.len()..).unwrap_or("").trim_start_matches(is_quote).trim_start_matches(' ');
        (before.is_empty() || before.ends_with(['\n', '{', ','])) && after.starts_with(':')
    })
}

/// One step deeper into a JSON pointer.
pub(crate) fn pointer(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

struct Walk<'a> {
    source: SourceId,
    spans: HashMap<String, Written>,
    found: &'a mut Diagnostics,
    failed: Option<Failed>,
}

impl Walk<'_> {
    fn table(&mut self, table: &DeTable<'_>, at: &str) -> Value {
        let mut object = Map::new();
        for (key, value) in table {
            let here = pointer(at, key.get_ref());
            self.spans.insert(here.clone(), Written { key: key.span().into(), value: value.span().into() });
            if key.get_ref().starts_with('$') {
                // Such keys carry dates and floats through JSON; a file has none.
                let at = Location { source: self.source, span: key.span().into() };
                let message = format!("unknown key {}", crate::text::quoted(key.get_ref()));
                self.failed = Some(
                    self.found.error(Diagnostic::at(Code::UnknownKey, at, message).help("keys begin with a letter")),
                );
            }
            let json = self.value(value.get_ref(), &here, value.span().into());
            object.insert(key.get_ref().to_string(), json);
        }
        Value::Object(object)
    }

    fn value(&mut self, value: &DeValue<'_>, at: &str, span: Span) -> Value {
        match value {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| self.too_large(span), Value::from)
            }
            DeValue::Float(number) => json!({ "$float": number.as_str() }),
            DeValue::Boolean(value) => Value::from(*value),
            DeValue::Datetime(moment) if moment.date.is_some() && moment.time.is_none() => {
                json!({ DAY_KEY: moment.to_string() })
            }
            DeValue::Datetime(moment) => json!({ "$moment": moment.to_string() }),
            DeValue::Array(items) => {
                let mut values = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let here = format!("{at}/{index}");
                    let span = item.span().into();
                    self.spans.insert(here.clone(), Written { key: span, value: span });
                    values.push(self.value(item.get_ref(), &here, span));
                }
                Value::Array(values)
            }
            DeValue::Table(table) => self.table(table, at),
        }
    }

    fn too_large(&mut self, span: Span) -> Value {
        let at = Location { source: self.source, span };
        self.failed = Some(
            self.found
                .error(Diagnostic::at(Code::WrongValue, at, "the number is too large").help("use at most 18 digits")),
        );
        Value::Null
    }
}

/// Refuses what TOML 1.1 added: lines and a last comma inside `{ }`, and the escapes `\e` and `\x`.
fn refuse_newer_toml(source: SourceId, text: &str, found: &mut Diagnostics) -> Result<(), Failed> {
    let mut open: Vec<TokenKind> = Vec::new();
    let mut comma: Option<Span> = None;
    let mut failed = Ok(());
    let mut refuse = |span: Span, what: &str, help: &str| {
        let at = Location { source, span };
        failed = Err(found.error(Diagnostic::at(Code::NewerToml, at, what).help(help)));
    };
    for token in toml_parser::Source::new(text).lex() {
        let span = Span { start: token.span().start(), end: token.span().end() };
        let inside_table = open.last() == Some(&TokenKind::LeftCurlyBracket);
        match token.kind() {
            TokenKind::LeftCurlyBracket | TokenKind::LeftSquareBracket => open.push(token.kind()),
            TokenKind::RightCurlyBracket | TokenKind::RightSquareBracket => {
                if inside_table && let Some(comma) = comma {
                    refuse(comma, "a comma stands before the closing `}`", "remove the comma");
                }
                open.pop();
            }
            TokenKind::Newline | TokenKind::Comment if inside_table => {
                refuse(span, "a line ends inside `{ … }`", "write the table on one line, or as a `[table]` of its own");
                // One message for each such table is enough.
                open.pop();
                open.push(TokenKind::LeftSquareBracket);
            }
            TokenKind::BasicString | TokenKind::MlBasicString => {
                if let Some(escape) = newer_escape(text, span) {
                    refuse(escape, "this escape is not part of TOML 1.0", "write `\\u00XX` instead");
                }
            }
            _ => {}
        }
        match token.kind() {
            TokenKind::Comma => comma = Some(span),
            TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment => {}
            _ => comma = None,
        }
    }
    failed
}

/// The first `\e` or `\x` of a string.
fn newer_escape(text: &str, string: Span) -> Option<Span> {
    let mut bytes = text.as_bytes().get(string.start..string.end)?.iter().enumerate();
    while let Some((index, byte)) = bytes.next() {
        if *byte == b'\\' && bytes.next().is_some_and(|(_, escaped)| matches!(escaped, b'e' | b'x')) {
            return Some(Span { start: string.start + index, end: string.start + index + 2 });
        }
    }
    None
}
