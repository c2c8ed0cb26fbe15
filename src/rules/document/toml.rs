//! TOML 1.0 → [`Document`].

use super::brackets;
use super::{Document, Written, pointer};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::rules::word::DAY_KEY;
use crate::source::{Location, SourceId, Sources, Span};
use crate::text::quoted;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use toml::de::{DeTable, DeValue, Error};
use toml_parser::lexer::TokenKind;

impl Document {
    /// Parses a text; reports at most three syntax errors, because later ones mostly follow from the first.
    ///
    /// # Errors
    ///
    /// [`Failed`] if the text is not TOML 1.0.
    pub(crate) fn parse(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Result<Self, Failed> {
        let text = sources.get(source).map_or("", |s| s.text.as_str());
        let (table, errors) = DeTable::parse_recoverable(text);
        syntax_errors(source, text, &errors, found)?;
        refuse_newer_toml(source, text, found)?;
        let mut walk = Walk { source, spans: HashMap::new(), found, failed: None };
        let json = walk.table(table.get_ref(), "");
        let Walk { spans, failed, .. } = walk;
        failed.map_or(Ok(Self { source, json, spans }), Err)
    }
}

/// Reports what the parser could not read, at most three lines of it. What follows from a bracket that has no partner
/// is one error: the bracket.
fn syntax_errors(source: SourceId, text: &str, errors: &[Error], found: &mut Diagnostics) -> Result<(), Failed> {
    if errors.is_empty() {
        return Ok(());
    }
    let unpaired = brackets::unpaired(text);
    let follows_from = unpaired.as_ref().map_or(text.len() + 1, |unpaired| unpaired.from);
    let line_of = |start: usize| text.get(..start).map_or(0, |before| before.matches('\n').count());
    let mut spans: Vec<(Span, &Error)> = errors
        .iter()
        .map(|error| (error.span().map_or_else(Span::default, Span::from), error))
        .filter(|(span, _)| span.start < follows_from)
        .collect();
    spans.sort_by_key(|(span, _)| span.start);
    spans.dedup_by_key(|(span, _)| line_of(span.start));
    // All keys of a table that stands twice do.
    let is_twice = |error: &Error| error.message().starts_with(TWICE);
    spans.dedup_by(|(span, error), (before, first)| {
        is_twice(error) && is_twice(first) && is_header(text, before) && !is_past_header(text, before, span)
    });
    let mut failed = Ok(());
    for (span, error) in spans.into_iter().take(3) {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let (message, help) = match parted_thousands(text, &span) {
            Some(number) => (format!("{} is no number", quoted(number)), "write digits alone: `1000`"),
            None => (message, help_for(error.message())),
        };
        failed = Err(found.error(Diagnostic::at(Code::Syntax, Location { source, span }, message).help(help)));
    }
    if let Some(unpaired) = unpaired {
        let mut problem = Diagnostic::at(Code::Syntax, Location { source, span: unpaired.at }, unpaired.message);
        if let Some((span, label)) = unpaired.other {
            problem = problem.other(Location { source, span }, label);
        }
        failed = Err(found.error(problem.help(unpaired.help)));
    }
    failed
}

/// How the parser says that a key stands twice.
const TWICE: &str = "duplicate key";

/// What to do about what the parser says.
fn help_for(message: &str) -> &'static str {
    if message.starts_with(TWICE) {
        "a table has a key once: take one of the two out, or give it another name"
    } else if message.starts_with("invalid date") {
        "write a day of the calendar, without quotes: `2023-06-30`"
    } else if message.starts_with("missing comma") {
        "values stand apart by commas: `[\"one\", \"two\"]`"
    } else {
        "strings stand in quotes, dates and whole numbers do not"
    }
}

/// Whether a place lies within the head of a table.
fn is_header(text: &str, span: &Span) -> bool {
    let line = text.get(..span.start).and_then(|before| before.rsplit('\n').next()).map_or("", str::trim_start);
    line.starts_with('[') && !line.contains([',', '=', '{', '}'])
}

/// Whether another table begins between two places.
fn is_past_header(text: &str, one: &Span, other: &Span) -> bool {
    let between = text.get(one.start..other.start).unwrap_or("");
    between.lines().skip(1).any(|line| line.trim_start().starts_with('['))
}

/// The number behind an equals sign that commas part into thousands, where the parser stopped at it or behind it.
fn parted_thousands<'t>(text: &'t str, span: &Span) -> Option<&'t str> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == ',';
    let (before, behind) = text.split_at_checked(span.start)?;
    let until = before.trim_end_matches(' ');
    let start = until.trim_end_matches(is_of_number).len();
    let more =
        if until.len() == before.len() { behind.len() - behind.trim_start_matches(is_of_number).len() } else { 0 };
    let number = text.get(start..until.len() + more)?.trim_end_matches(',');
    let (first, others) = number.split_once(',')?;
    let is_parted = !first.is_empty() && others.split(',').all(|part| part.len() == 3);
    (is_parted && text.get(..start)?.trim_end().ends_with('=')).then_some(number)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_parted_into_thousands_is_seen_wherever_the_parser_stops() {
        for (text, number) in [
            ("a = 1,000", Some("1,000")),
            ("a = { b = 1,000 }", Some("1,000")),
            ("a = { b = 1,000}", Some("1,000")),
            ("a = { b = 12,000,000, c = 1 }", Some("12,000,000")),
            ("a = [1,200 300]", None),
            ("a = { b = 1,00 }", None),
        ] {
            let (_, errors) = DeTable::parse_recoverable(text);
            let mut spans = errors.iter().filter_map(Error::span).map(Span::from);
            let seen = spans.find_map(|span| parted_thousands(text, &span));
            assert_eq!(seen, number, "{text}: {errors:?}");
        }
    }
}
