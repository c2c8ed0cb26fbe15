//! Problems as a SARIF 2.1.0 document, which code hosts and editors read.
//!
//! Only what is said here is modelled; what SARIF leaves to a default is left out.

use super::{level, line_of, words};
use crate::diagnostic::{Cell, Code, Diagnostic, Place};
use crate::source::{Location, Sources};
use crate::text::inert;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::MAIN_SEPARATOR;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    /// [`crate::source::Source::line_column`] counts characters.
    column_kind: &'static str,
    results: Vec<Problem>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Spot>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Spot>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spot {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns from 1; the end column is that of the character behind the last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
}

#[derive(Serialize)]
struct Logical {
    name: String,
    kind: &'static str,
}

/// Problems as one SARIF document; without any, a run without results.
#[must_use]
pub fn sarif(problems: &[Diagnostic], sources: &Sources) -> String {
    let codes: BTreeSet<Code> = problems.iter().map(|problem| problem.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results = problems
        .iter()
        .map(|problem| Problem {
            rule_id: problem.code.id(),
            rule_index: codes.partition_point(|code| *code < problem.code),
            level: level(problem.code),
            message: message(&words(problem)),
            locations: place(problem, sources).into_iter().collect(),
            related_locations: problem
                .other
                .iter()
                .filter_map(|(at, text)| Some(Spot { message: label(text), ..text_spot(at, sources)? }))
                .collect(),
        })
        .collect();
    let driver =
        Driver { name: "pcs-rules", version: env!("CARGO_PKG_VERSION"), rules: codes.into_iter().map(rule).collect() };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    crate::report::json_text::pretty(&log)
}

fn rule(code: Code) -> Rule {
    Rule {
        id: code.id(),
        name: code.slug(),
        short_description: message(code.meaning()),
        default_configuration: Configuration { level: level(code) },
    }
}

/// Braces are doubled, because single ones hold the place of an argument.
fn message(text: &str) -> Message {
    Message { text: text.replace('{', "{{").replace('}', "}}") }
}

fn label(text: &str) -> Option<Message> {
    (!text.is_empty()).then(|| message(&inert(text)))
}

/// Where the problem lies; a problem of the command lies nowhere.
fn place(problem: &Diagnostic, sources: &Sources) -> Option<Spot> {
    match &problem.place {
        Place::Text(at) => Some(Spot { message: label(&problem.label), ..text_spot(at, sources)? }),
        Place::File(file) => Some(spot(file, None)),
        Place::Table(table) => Some(table_spot(table)),
        Place::Row(cell) => Some(row_spot(cell)),
        Place::Command => None,
    }
}

fn spot(file: &str, region: Option<Region>) -> Spot {
    let physical_location = Physical { artifact_location: Artifact { uri: uri(file, MAIN_SEPARATOR) }, region };
    Spot { physical_location: Some(physical_location), logical_locations: Vec::new(), message: None }
}

fn text_spot(at: &Location, sources: &Sources) -> Option<Spot> {
    let source = sources.get(at.source)?;
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let (line, column) = source.line_column(at.span.start);
    let (end_line, end_column) = source.line_column(at.span.end);
    let region = Region {
        start_line: number(line),
        start_column: Some(number(column)),
        end_line: Some(number(end_line)),
        end_column: Some(number(end_column)),
    };
    Some(spot(&source.path, Some(region)))
}

/// A table has a name and no file of its own.
fn table_spot(table: &str) -> Spot {
    let table = Logical { name: inert(table), kind: "table" };
    Spot { physical_location: None, logical_locations: vec![table], message: None }
}

fn row_spot(cell: &Cell) -> Spot {
    let region =
        line_of(cell).map(|line| Region { start_line: line, start_column: None, end_line: None, end_column: None });
    let column = cell.column.iter().map(|column| Logical { name: inert(column), kind: "column" }).collect();
    Spot { logical_locations: column, ..spot(&cell.file, region) }
}

/// A path as a URI: a relative one stays relative, an absolute one becomes a `file:` URI. Only where paths are parted by
/// `\` can they begin with a drive or a server.
fn uri(path: &str, separator: char) -> String {
    let path = path.replace(separator, "/");
    let mut parts: Vec<String> = path.split('/').filter(|part| !matches!(*part, "" | ".")).map(encoded).collect();
    let drive = path.split('/').next().filter(|first| separator == '\\' && first.len() == 2 && first.ends_with(':'));
    if let (Some(drive), Some(first)) = (drive, parts.first_mut()) {
        drive.clone_into(first);
    }
    let start = match path.strip_prefix('/') {
        Some(rest) if separator == '\\' && rest.starts_with('/') => "file://",
        Some(_) => "file:///",
        None if drive.is_some() => "file:///",
        None if parts.is_empty() => ".",
        None => "",
    };
    format!("{start}{}", parts.join("/"))
}

/// A part of a path with all but unreserved characters as codes.
fn encoded(part: &str) -> String {
    let mut text = String::new();
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("./data/my loans #1.csv", '/'), "data/my%20loans%20%231.csv");
        assert_eq!(uri("../für:alle/50%.toml", '/'), "../f%C3%BCr%3Aalle/50%25.toml");
        assert_eq!(uri("C:/a\\b.csv", '/'), "C%3A/a%5Cb.csv");
        assert_eq!(uri("/srv//data/a.csv", '/'), "file:///srv/data/a.csv");
        assert_eq!(uri(".", '/'), ".");
        assert_eq!(uri("data\\a.csv", '\\'), "data/a.csv");
        assert_eq!(uri("C:\\data\\a.csv", '\\'), "file:///C:/data/a.csv");
        assert_eq!(uri("\\\\server\\share\\a.csv", '\\'), "file://server/share/a.csv");
    }

    #[test]
    fn braces_of_a_message_hold_no_argument() {
        assert_eq!(message("write `{ measure = \"a\" }`").text, "write `{{ measure = \"a\" }}`");
    }

    #[test]
    fn a_row_of_a_parquet_file_is_no_line() {
        let row = |file: &str| {
            let cell = Cell { file: file.into(), row: 7, column: Some("fees".into()), value: None };
            let problem = Diagnostic::new(Code::UnreadableValue, Place::Row(cell), "`fees` is blank").help("fill it");
            let document: serde_json::Value =
                serde_json::from_str(&sarif(&[problem], &Sources::default())).unwrap_or_default();
            document["runs"][0]["results"][0].clone()
        };
        let csv = row("a.csv");
        assert_eq!(csv["message"]["text"], "`fees` is blank\nfill it");
        assert_eq!(csv["locations"][0]["physicalLocation"]["region"], serde_json::json!({ "startLine": 7 }));
        let parquet = row("a.PARQUET");
        assert_eq!(parquet["message"]["text"], "`fees` is blank\nin a.PARQUET, row 7, column `fees`\nfill it");
        assert!(parquet["locations"][0]["physicalLocation"].get("region").is_none());
        assert_eq!(parquet["locations"][0]["logicalLocations"][0]["name"], "fees");
    }
}
