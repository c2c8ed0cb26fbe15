//! Worked examples beside the rules: rows, the day judged, and what has to come out.
//!
//! An example goes through the whole program as data from a folder would; only its tables lie in the file itself.

mod compare;
mod file;

pub use compare::{Check, ExampleResult};
pub use file::ExampleFile;

use crate::catalog::{Catalog, TableFiles};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, did_you_mean};
use crate::measure::Effort;
use crate::read::{Bytes, DataFile, Format};
use crate::rules::{RuleBook, RuleSet};
use crate::run::score_catalog;
use crate::score::Outcome;
use crate::source::{Location, SourceId, Sources, Span, TextFile};
use compare::Comparison;
use file::Example;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of example files that is read.
const FORMAT: &str = "pcs-examples/1";

/// The entity that an example's rows belong to where they name none.
const ENTITY: &str = "example";

/// Runs the examples of all files: what they expect of a score stands in the results, what is wrong with the files
/// themselves in `found`.
pub fn run(book: &RuleBook, texts: &[TextFile], sources: &Sources, found: &mut Diagnostics) -> Vec<ExampleResult> {
    let mut results = Vec::new();
    for text in texts {
        let place =
            Places { source: text.source, text: sources.get(text.source).map_or("", |source| source.text.as_str()) };
        let Ok(file) = parse(&place, found) else { continue };
        for (name, example) in file.examples.iter() {
            results.push(one(book, &file, name, example, &place, found));
        }
    }
    results
}

fn parse(place: &Places<'_>, found: &mut Diagnostics) -> Result<ExampleFile, Failed> {
    let format = place
        .text
        .lines()
        .find_map(|line| line.strip_prefix("format:"))
        .map(|value| value.trim().trim_matches(['"', '\'']));
    if let Some(format) = format.filter(|format| *format != FORMAT) {
        let problem = Diagnostic::at(
            Code::FormatVersion,
            place.of(&["format"]),
            format!("the format {} is not one that this version reads", crate::text::quoted(format)),
        );
        return Err(found.error(problem.help(format!("this version reads `{FORMAT}`"))));
    }
    serde_yaml::from_str(place.text).map_err(|error| {
        let offset = error.location().map_or(0, |location| location.index());
        let at = Location { source: place.source, span: Span { start: offset, end: offset + 1 } };
        let message = error.to_string();
        // The position stands beside the message already.
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        found.error(Diagnostic::at(Code::Syntax, at, message).help("the schema of example files lists every key"))
    })
}

/// Places in an example file: the words of a path are looked for one after the other.
struct Places<'a> {
    source: SourceId,
    text: &'a str,
}

impl Places<'_> {
    /// Where the last of the keys stands; each is searched behind the one before it.
    fn of(&self, keys: &[&str]) -> Location {
        let mut span = Span::default();
        for key in keys {
            let from = span.end;
            if let Some(at) = self.text.get(from..).and_then(|rest| find_word(rest, key)) {
                span = Span { start: from + at, end: from + at + key.len() };
            }
        }
        Location { source: self.source, span }
    }
}

/// The first place where `word` stands by itself.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn one(
    book: &RuleBook,
    file: &ExampleFile,
    name: &str,
    example: &Example,
    place: &Places<'_>,
    found: &mut Diagnostics,
) -> ExampleResult {
    let at = place.of(&["examples", name]);
    let mut result = ExampleResult { name: name.to_owned(), at, checks: Vec::new(), is_broken: false };
    let mut problems = Diagnostics::default();
    match outcome(book, file, name, example, place, &mut problems) {
        Ok(outcome) => {
            let comparison = Comparison { name, example, outcome: &outcome, place };
            result.checks = comparison.checks(&mut problems);
        }
        Err(_) => result.is_broken = true,
    }
    result.is_broken |= problems.failed().is_err();
    found.extend(problems);
    result
}

fn outcome(
    book: &RuleBook,
    file: &ExampleFile,
    name: &str,
    example: &Example,
    place: &Places<'_>,
    found: &mut Diagnostics,
) -> Result<Outcome, Failed> {
    let program = book.program(file.program.as_ref().map(|program| program.0.as_str()), found)?;
    let rules = book.in_force(program, example.as_of.0, example.known_by.map(|day| day.0), found)?;
    let catalog = catalog(rules, name, example, place, found)?;
    score_catalog(rules, &catalog, example.as_of.0, Effort::default(), found)
}

/// The example's tables; one that it does not give is empty.
fn catalog(
    rules: &Arc<RuleSet>,
    name: &str,
    example: &Example,
    place: &Places<'_>,
    found: &mut Diagnostics,
) -> Result<Catalog, Failed> {
    let mut failed = Ok(());
    for table in example.tables.names() {
        if !rules.tables.contains_key(table) {
            let known = rules.tables.keys().map(String::as_str);
            let help = did_you_mean(table, known).unwrap_or_else(|| "name a table of the rules".to_owned());
            let problem = Diagnostic::at(
                Code::UnknownName,
                place.of(&["examples", name, "tables", table]),
                format!("there is no table `{table}`"),
            );
            failed = Err(found.error(problem.help(help)));
        }
    }
    failed?;
    let mut tables = BTreeMap::new();
    for (table, written) in &rules.tables {
        let columns =
            || written.columns.keys().filter(|column| **column != written.entity).cloned().collect::<Vec<_>>();
        let text = example.tables.get(table).cloned().unwrap_or_else(|| columns().join(","));
        let bytes = Bytes::Text(text.into_bytes().into());
        let file = DataFile { bytes, shown: format!("example `{name}`, table `{table}`"), format: Format::Csv };
        let header = crate::read::header(&file).map_err(|problem| found.error(*problem))?;
        tables.insert(table.clone(), TableFiles { files: vec![(file, header)], covers: None });
    }
    // A table that is left out has no entity column; the example's own entity stands in for it.
    Ok(Catalog { shown: name.to_owned(), entity: ENTITY.to_owned(), entity_is_stated: true, tables })
}
