//! Problems for people: each with its source line and a caret.

use super::place_line;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::{Location, Source, Sources};
use crate::text::inert;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Problems for people, each followed by an empty line. Colours are escapes; the writer removes them where unwanted.
#[must_use]
pub fn human(problems: &[Diagnostic], sources: &Sources) -> String {
    problems.iter().flat_map(|problem| [one(problem, sources), "\n\n".to_owned()]).collect()
}

fn one(problem: &Diagnostic, sources: &Sources) -> String {
    let level = match problem.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let id = problem.code.id();
    let message = inert(&problem.message);
    let title = level.primary_title(message.as_str()).id(id);
    let label = inert(&problem.label);
    let help = problem.help.as_deref().map(inert);
    let place = place_line(problem);
    let renderer = Renderer::styled().decor_style(annotate_snippets::renderer::DecorStyle::Ascii);
    let annotated = |at: &Location| sources.get(at.source).map(|source| (source, range(source, at)));
    let mut group = match &problem.place {
        Place::Text(at) => match annotated(at) {
            Some((source, range)) => {
                let mut snippet = Snippet::source(source.text.as_str()).path(source.path.as_str());
                let primary = AnnotationKind::Primary.span(range);
                snippet = snippet.annotation(if label.is_empty() { primary } else { primary.label(label.as_str()) });
                let mut group = Group::with_title(title);
                match problem.other.as_ref().and_then(|(at, text)| Some((annotated(at)?, text))) {
                    Some(((other, range), text)) if other.path == source.path => {
                        group =
                            group.element(snippet.annotation(AnnotationKind::Context.span(range).label(text.as_str())));
                    }
                    Some(((other, range), text)) => {
                        let second = Snippet::source(other.text.as_str())
                            .path(other.path.as_str())
                            .annotation(AnnotationKind::Context.span(range).label(text.as_str()));
                        group = group.element(snippet).element(second);
                    }
                    None => group = group.element(snippet),
                }
                group
            }
            None => Group::with_title(title),
        },
        Place::File(_) | Place::Table(_) | Place::Row(_) | Place::Command => Group::with_title(title),
    };
    if let Some(place) = &place {
        group = group.element(Level::NOTE.message(place.as_str()));
    }
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The bytes of a place, at least one and within the text, so that there is something to point at.
fn range(source: &Source, at: &Location) -> std::ops::Range<usize> {
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
        (None, None) => start..start,
    }
}
