//! Problems as text: with their source line for people, or as one JSON document.

use crate::diagnostic::{Cell, Diagnostic, Place, Severity};
use crate::source::{Location, Source, Sources};
use crate::text::inert;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

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
        Place::File(_) | Place::Row(_) | Place::Command => Group::with_title(title),
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

/// Where the problem lies, unless it says so itself.
fn place_line(problem: &Diagnostic) -> Option<String> {
    match &problem.place {
        Place::Text(_) | Place::Command => None,
        Place::File(file) if problem.message.contains(&format!("`{file}`")) => None,
        Place::File(file) => Some(format!("in {}", inert(file))),
        Place::Row(Cell { file, row, column, .. }) => {
            let column = column.as_ref().map(|column| format!(", column `{}`", inert(column))).unwrap_or_default();
            Some(format!("in {}, row {row}{column}", inert(file)))
        }
    }
}

/// Problems in a line each: `file:line:column: error[code]: message`.
#[must_use]
pub fn concise(problems: &[Diagnostic], sources: &Sources) -> String {
    problems
        .iter()
        .map(|problem| {
            let line = line(problem, sources);
            let mut place: Vec<String> = line.file.map(str::to_owned).into_iter().collect();
            place.extend([line.line, line.column].into_iter().flatten().map(|number| number.to_string()));
            place.extend(line.row.map(|row| row.to_string()));
            let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(":")) };
            inert(&format!("{place}{}[{}]: {}", line.severity, line.code, line.message)) + "\n"
        })
        .collect()
}

/// A problem of a row or file in one line, for lists within other text.
#[must_use]
pub fn in_a_line(problem: &Diagnostic) -> String {
    let place = match &problem.place {
        Place::Row(cell) => format!("{}:{}: ", cell.file, cell.row),
        Place::File(file) => format!("{file}: "),
        Place::Text(_) | Place::Command => String::new(),
    };
    inert(&format!("{place}{}", problem.message))
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    diagnostics: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    row: Option<u64>,
    column_name: Option<&'a str>,
    value: Option<&'a str>,
}

/// Problems as one JSON document.
#[must_use]
pub fn json(problems: &[Diagnostic], sources: &Sources) -> String {
    let document =
        Document { format_version: 1, diagnostics: problems.iter().map(|problem| line(problem, sources)).collect() };
    serde_json::to_string_pretty(&document).map_or_else(|_| String::new(), |text| text + "\n")
}

fn line<'a>(problem: &'a Diagnostic, sources: &'a Sources) -> Line<'a> {
    let mut line = Line {
        code: problem.code.id(),
        name: problem.code.slug(),
        severity: match problem.code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &problem.message,
        help: problem.help.as_deref(),
        file: None,
        line: None,
        column: None,
        end_line: None,
        end_column: None,
        row: None,
        column_name: None,
        value: None,
    };
    match &problem.place {
        Place::Command => {}
        Place::File(file) => line.file = Some(file),
        Place::Row(cell) => {
            line.file = Some(&cell.file);
            line.row = Some(cell.row);
            line.column_name = cell.column.as_deref();
            line.value = cell.value.as_deref();
        }
        Place::Text(at) => {
            if let Some(source) = sources.get(at.source) {
                line.file = Some(&source.path);
                let (start, column) = source.line_column(at.span.start);
                let (end, end_column) = source.line_column(at.span.end);
                (line.line, line.column) = (Some(start), Some(column));
                (line.end_line, line.end_column) = (Some(end), Some(end_column));
            }
        }
    }
    line
}
