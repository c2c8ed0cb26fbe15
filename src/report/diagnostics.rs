//! Problems as text: with their source line for people, and in the forms that other programs read.

mod github;
mod human;
mod lines;
mod sarif;

use crate::diagnostic::{Cell, Code, Diagnostic, Place, Severity};
use crate::read::Format;
use crate::text::inert;
use std::path::Path;

pub use github::github;
pub use human::human;
pub use lines::{concise, json};
pub use sarif::sarif;

/// The word of a code's severity, the same in every form.
fn level(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// All that is said of a problem, for readers that show its place themselves: the message, the row where no line can
/// say it, and the help.
fn words(problem: &Diagnostic) -> String {
    let row = match &problem.place {
        Place::Row(cell) if line_of(cell).is_none() => place_line(problem),
        _ => None,
    };
    let help = problem.help.as_deref().map(inert);
    std::iter::once(inert(&problem.message)).chain(row).chain(help).collect::<Vec<_>>().join("\n")
}

/// The line a row of data starts on; only files of plain text have lines, and what may be a list of JSON has none.
fn line_of(cell: &Cell) -> Option<u64> {
    let ending = Path::new(&cell.file).extension().and_then(|ending| ending.to_str()).unwrap_or("");
    let has_lines = matches!(Format::of_ending(ending), Some(Format::Csv | Format::Tsv | Format::JsonLines));
    (has_lines && !ending.eq_ignore_ascii_case("json")).then_some(cell.row)
}

/// Where the problem lies, unless it says so itself.
fn place_line(problem: &Diagnostic) -> Option<String> {
    match &problem.place {
        Place::Text(_) | Place::Command => None,
        Place::File(file) if problem.message.contains(&format!("`{file}`")) => None,
        Place::File(file) => Some(format!("in {}", inert(file))),
        Place::Table(table) if problem.message.contains(&format!("`{table}`")) => None,
        Place::Table(table) => Some(format!("in the table `{}`", inert(table))),
        Place::Row(Cell { file, row, column, .. }) => {
            let column = column.as_ref().map(|column| format!(", column `{}`", inert(column))).unwrap_or_default();
            Some(format!("in {}, row {row}{column}", inert(file)))
        }
    }
}

/// A problem of a row or file in one line, for lists within other text.
#[must_use]
pub fn in_a_line(problem: &Diagnostic) -> String {
    let place = match &problem.place {
        Place::Row(cell) => format!("{}:{}: ", cell.file, cell.row),
        Place::File(file) => format!("{file}: "),
        Place::Table(table) => format!("table `{table}`: "),
        Place::Text(_) | Place::Command => String::new(),
    };
    inert(&format!("{place}{}", problem.message))
}
