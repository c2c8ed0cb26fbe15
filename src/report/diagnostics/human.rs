//! Problems for people: each with its source line and a caret.

use super::place_line;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::{Location, Source, Sources};
use crate::text::inert;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of the longest line that is shown.
const LONGEST_LINE: usize = 2000;

/// At how many places of texts the same words are shown one by one; of more, the first is, and the others are named.
const MOST_ALIKE: usize = 3;

/// How many of the others are named.
const MOST_NAMED: usize = 5;

/// Problems for people, each followed by an empty line. Colours are escapes; the writer removes them where unwanted.
#[must_use]
pub fn human(problems: &[Diagnostic], sources: &Sources) -> String {
    let mut alike: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for problem in problems {
        alike.entry(words(problem)).or_default().push(problem);
    }
    let mut text = String::new();
    for problem in problems {
        let others = alike.get(&words(problem)).filter(|all| all.len() > MOST_ALIKE && in_text(problem));
        match others.and_then(|all| all.split_first()) {
            Some((first, others)) if std::ptr::eq(*first, problem) => {
                text += &one(problem, Some(&the_same_at(others, sources)), sources);
            }
            Some(_) => continue,
            None => text += &one(problem, None, sources),
        }
        text += "\n\n";
    }
    text
}

/// What makes problems of texts alike.
fn words(problem: &Diagnostic) -> (bool, &'static str, &str, Option<&str>) {
    (in_text(problem), problem.code.id(), &problem.message, problem.help.as_deref())
}

fn in_text(problem: &Diagnostic) -> bool {
    matches!(problem.place, Place::Text(_))
}

/// Where else the same is wrong.
fn the_same_at(others: &[&Diagnostic], sources: &Sources) -> String {
    let places = others.iter().take(MOST_NAMED).filter_map(|problem| {
        let Place::Text(at) = &problem.place else { return None };
        let source = sources.get(at.source)?;
        Some(format!("{}:{}", inert(&source.path), source.line_column(at.span.start).0))
    });
    let mut named: Vec<String> = places.collect();
    named.dedup();
    match others.len().saturating_sub(MOST_NAMED) {
        0 => format!("the same at {}", named.join(", ")),
        more => format!("the same at {} and {more} more places", named.join(", ")),
    }
}

fn one(problem: &Diagnostic, same: Option<&str>, sources: &Sources) -> String {
    let level = match problem.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let id = problem.code.id();
    let message = inert(&problem.message);
    let title = level.primary_title(message.as_str()).id(id);
    let label = inert(&problem.label);
    let help = problem.help.as_deref().map(inert);
    let place = place_line(problem).or_else(|| on_long_line(problem, sources));
    let renderer = Renderer::styled().decor_style(annotate_snippets::renderer::DecorStyle::Ascii);
    let annotated = |at: &Location| {
        let source = sources.get(at.source).filter(|_| place.is_none())?;
        Some((source, range(source, at)))
    };
    let mut group = match &problem.place {
        Place::Text(at) => match annotated(at) {
            Some((source, range)) => {
                let other = problem.other.as_ref().and_then(|(at, text)| Some((annotated(at)?, text)));
                let is_here = problem.other.as_ref().is_some_and(|(other, _)| other.source == at.source);
                let context =
                    |range| other.as_ref().map(|(_, text)| AnnotationKind::Context.span(range).label(text.as_str()));
                let primary = |range| {
                    let primary = AnnotationKind::Primary.span(range);
                    if label.is_empty() { primary } else { primary.label(label.as_str()) }
                };
                let group = Group::with_title(title);
                match &other {
                    Some(((_, second), _)) if is_here => {
                        let lines = Lines::around(source, &[&range, second]);
                        let snippet = lines.snippet(source).annotation(primary(lines.within(&range)));
                        group.element(snippet.annotations(context(lines.within(second))))
                    }
                    Some(((other, second), _)) => {
                        let (lines, others) = (Lines::around(source, &[&range]), Lines::around(other, &[second]));
                        let snippet = others.snippet(other).annotations(context(others.within(second)));
                        let first = lines.snippet(source).annotation(primary(lines.within(&range)));
                        group.element(first).element(snippet)
                    }
                    None => {
                        let lines = Lines::around(source, &[&range]);
                        group.element(lines.snippet(source).annotation(primary(lines.within(&range))))
                    }
                }
            }
            None => Group::with_title(title),
        },
        Place::File(_) | Place::Table(_) | Place::Row(_) | Place::Command => Group::with_title(title),
    };
    if let Some(place) = &place {
        group = group.element(Level::NOTE.message(place.as_str()));
    }
    if let Some(same) = same {
        group = group.element(Level::NOTE.message(same));
    }
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// Where a problem lies whose line is too long to be shown.
fn on_long_line(problem: &Diagnostic, sources: &Sources) -> Option<String> {
    let Place::Text(at) = &problem.place else { return None };
    let source = sources.get(at.source)?;
    let places = problem.other.iter().map(|(other, _)| other).chain([at]).filter(|place| place.source == at.source);
    let ranges: Vec<Range<usize>> = places.map(|place| range(source, place)).collect();
    if ranges.iter().all(|range| Lines::around(source, &[range]).bytes.len() <= LONGEST_LINE) {
        return None;
    }
    let (line, column) = source.line_column(at.span.start);
    Some(format!("at {}:{line}:{column}", inert(&source.path)))
}

/// The lines of a text that a problem is shown with: a renderer that gets the whole text walks through it each time.
struct Lines {
    bytes: Range<usize>,
    first: usize,
}

impl Lines {
    /// The lines with these bytes, and those between them.
    fn around(source: &Source, places: &[&Range<usize>]) -> Self {
        let text = source.text.as_str();
        let start = places.iter().map(|place| place.start).min().unwrap_or(0);
        let end = places.iter().map(|place| place.end).max().unwrap_or(0);
        let (first, start) = source.line(start);
        let end = text.get(end..).and_then(|behind| behind.find('\n')).map_or(text.len(), |at| end + at);
        Self { bytes: start..end, first }
    }

    fn snippet<'s, T: Clone>(&self, source: &'s Source) -> Snippet<'s, T> {
        let text = source.text.get(self.bytes.clone()).unwrap_or_default();
        Snippet::source(text).path(source.path.as_str()).line_start(self.first)
    }

    /// A range of the whole text as one of these lines.
    fn within(&self, range: &Range<usize>) -> Range<usize> {
        let moved = |at: usize| at.clamp(self.bytes.start, self.bytes.end) - self.bytes.start;
        moved(range.start)..moved(range.end)
    }
}

/// The text before a place without the line ends at its end.
fn text_before(source: &Source, at: usize) -> &str {
    source.text.get(..at).unwrap_or_default().trim_end_matches(['\n', '\r'])
}

/// The bytes of a place, at least one and within the text, so that there is something to point at.
fn range(source: &Source, at: &Location) -> Range<usize> {
    let length = source.text.len();
    let start = at.span.start.min(length);
    let end = at.span.end.clamp(start, length);
    if end > start {
        // A table's span can run over lines; its first line is enough to point at.
        let first_line = source.text.get(start..end).and_then(|text| text.find('\n')).map_or(end, |line| start + line);
        return start..first_line.max(start + 1).min(length);
    }
    // At the end of a line there is nothing to point at but what stands before it.
    let here = source.text.get(start..).and_then(|rest| rest.chars().next()).filter(|c| *c != '\n' && *c != '\r');
    let before = source.text.get(..start).and_then(|text| text.chars().next_back()).filter(|c| *c != '\n');
    match (here, before) {
        (Some(c), _) => start..start + c.len_utf8(),
        (None, Some(c)) => start - c.len_utf8()..start,
        // On an empty line at nothing but the end of the one before.
        (None, None) => {
            let end = text_before(source, start).len();
            let last = text_before(source, start).chars().next_back().map_or(0, char::len_utf8);
            end - last..end
        }
    }
}
