//! Problems as one record each: a line, or an entry of a JSON document.

use super::level;
use crate::diagnostic::{Diagnostic, Place};
use crate::source::Sources;
use crate::text::inert;
use serde::Serialize;

/// Problems in a line each, with what to do at its end: `file:line:column: error[code]: message; help`, or
/// ``table `name`: error[code]: message; help``.
#[must_use]
pub fn concise(problems: &[Diagnostic], sources: &Sources) -> String {
    problems
        .iter()
        .map(|problem| {
            let line = line(problem, sources);
            let mut place: Vec<String> = line.file.map(str::to_owned).into_iter().collect();
            place.extend([line.line, line.column].into_iter().flatten().map(|number| number.to_string()));
            place.extend(line.row.map(|row| row.to_string()));
            place.extend(line.table.map(|table| format!("table `{table}`")));
            let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(":")) };
            let help = line.help.map(|help| format!("; {help}")).unwrap_or_default();
            inert(&format!("{place}{}[{}]: {}{help}", line.severity, line.code, line.message)) + "\n"
        })
        .collect()
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    diagnostics: Vec<Line<'a>>,
}

/// One problem as a record.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) severity: &'static str,
    pub(super) message: &'a str,
    pub(super) help: Option<&'a str>,
    pub(super) file: Option<&'a str>,
    pub(super) table: Option<&'a str>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) end_line: Option<usize>,
    pub(super) end_column: Option<usize>,
    pub(super) row: Option<u64>,
    pub(super) column_name: Option<&'a str>,
    pub(super) value: Option<&'a str>,
}

/// Problems as one JSON document.
#[must_use]
pub fn json(problems: &[Diagnostic], sources: &Sources) -> String {
    let document =
        Document { format_version: 1, diagnostics: problems.iter().map(|problem| line(problem, sources)).collect() };
    crate::report::json_text::pretty(&document)
}

pub(super) fn line<'a>(problem: &'a Diagnostic, sources: &'a Sources) -> Line<'a> {
    let mut line = Line {
        code: problem.code.id(),
        name: problem.code.slug(),
        severity: level(problem.code),
        message: &problem.message,
        help: problem.help.as_deref(),
        file: None,
        table: None,
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
        Place::Table(table) => line.table = Some(table),
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
