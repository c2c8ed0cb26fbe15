//! For programs: the documented JSON. Its structs are its own, so that renaming an inner field changes nothing outside.
//!
//! Numbers that are results are decimal strings; where a decimal does not end, the fraction stands beside it.

use super::amounts::calendar;
use super::{View, json_text};
use crate::diagnostic::Diagnostic;
use crate::exact::{Exact, Printed};
use crate::measure::Account;
use crate::parallel;
use crate::rules::{Basis, Figure, RuleSet};
use crate::score::{AreaOutcome, EntityOutcome, Interval, MetricOutcome, ReadingOutcome, Reason, TableRead, Verdict};
use serde::Serialize;
use std::collections::BTreeSet;

/// The version of the score document.
pub const SCORE_FORMAT: u32 = 1;

#[derive(Serialize)]
struct Head<'a> {
    format_version: u32,
    program: &'a str,
    editions: [Edition<'a>; 1],
    as_of: String,
    as_of_from_data: bool,
    known_by: Option<String>,
    currency: &'a str,
}

#[derive(Serialize)]
pub(super) struct Edition<'a> {
    id: &'a str,
    file: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    entities: Vec<Entity<'a>>,
    tables: Vec<TableLine<'a>>,
    interpretations: Vec<Record<'a>>,
    warnings: Vec<Warning<'a>>,
}

/// The first of the JSON lines.
#[derive(Serialize)]
struct FirstLine<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    tables: Vec<TableLine<'a>>,
    interpretations: Vec<Record<'a>>,
    warnings: Vec<Warning<'a>>,
}

/// What was read of a table, and what became of its rows.
#[derive(Serialize)]
struct TableLine<'a> {
    id: &'a str,
    files: Vec<FileLine<'a>>,
    rows: Rows,
}

#[derive(Serialize)]
struct FileLine<'a> {
    file: &'a str,
    profile: Option<&'a str>,
}

/// All rows, and what became of them: the five add up to the first.
#[derive(Serialize)]
pub(super) struct Rows {
    read: u64,
    used: u64,
    dropped: u64,
    duplicate: u64,
    outside: u64,
    unreadable: u64,
}

impl From<&Account> for Rows {
    fn from(account: &Account) -> Self {
        Self {
            read: account.rows(),
            used: account.used,
            dropped: account.dropped,
            duplicate: account.duplicate,
            outside: account.outside,
            unreadable: account.unreadable,
        }
    }
}

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    question: &'a str,
    chosen: &'a str,
    basis: &'static str,
}

#[derive(Serialize)]
pub(super) struct Warning<'a> {
    code: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
pub(super) struct Entity<'a> {
    id: &'a str,
    areas: Vec<Area<'a>>,
}

#[derive(Serialize)]
struct Area<'a> {
    id: &'a str,
    title: &'a str,
    track: Option<&'a str>,
    #[serde(flatten)]
    points: Points,
    max_points: Option<String>,
    attained: bool,
    unmet: Vec<&'a str>,
    undecided: Vec<&'a str>,
    metrics: Vec<Metric<'a>>,
}

#[derive(Serialize)]
struct Metric<'a> {
    id: &'a str,
    title: Option<&'a str>,
    category: &'a str,
    cite: Option<&'a str>,
    status: &'static str,
    #[serde(flatten)]
    points: Points,
    max_points: Option<String>,
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_exact: Option<String>,
    reasons: Vec<ReasonLine<'a>>,
    interpretations: &'a [String],
    readings: Vec<Reading<'a>>,
}

/// Both ends of an interval; null where there is none.
#[derive(Serialize)]
struct Points {
    points: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points_exact: Option<String>,
    points_at_most: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points_at_most_exact: Option<String>,
}

#[derive(Serialize)]
struct ReasonLine<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    months: Vec<String>,
}

#[derive(Serialize)]
struct Reading<'a> {
    measure: &'a str,
    given: Option<&'a str>,
    ago: u32,
    months: Vec<String>,
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_exact: Option<String>,
}

/// One document.
pub(super) fn document(view: &View<'_>) -> String {
    let document = Document {
        head: head(view),
        entities: view.entities.iter().map(entity).collect(),
        tables: tables(view),
        interpretations: records(view),
        warnings: warnings(view),
    };
    json_text::pretty(&document)
}

/// The head, then a line for each entity.
pub(super) fn lines(view: &View<'_>, threads: usize) -> String {
    let first =
        FirstLine { head: head(view), tables: tables(view), interpretations: records(view), warnings: warnings(view) };
    line(&first) + &parallel::map(&view.entities, threads, |outcome| line(&entity(outcome))).concat()
}

fn tables<'a>(view: &View<'a>) -> Vec<TableLine<'a>> {
    let file = |(file, profile): &'a (String, Option<String>)| FileLine { file, profile: profile.as_deref() };
    let table = |read: &'a TableRead| TableLine {
        id: &read.account.table,
        files: read.files.iter().map(file).collect(),
        rows: (&read.account).into(),
    };
    view.outcome.tables.iter().map(table).collect()
}

fn line<T: Serialize>(value: &T) -> String {
    json_text::line(value)
}

fn head<'a>(view: &View<'a>) -> Head<'a> {
    let rules = &view.outcome.rules;
    Head {
        format_version: SCORE_FORMAT,
        program: &rules.edition.program,
        editions: [Edition { id: &rules.edition.id, file: &rules.file, sha256: &rules.sha256 }],
        as_of: view.outcome.as_of.to_string(),
        as_of_from_data: view.as_of_from_data,
        known_by: view.known_by.map(|day| day.to_string()),
        currency: &rules.edition.currency,
    }
}

/// The interpretations that touched a score shown, in the order of the file.
fn records<'a>(view: &View<'a>) -> Vec<Record<'a>> {
    let rules = &view.outcome.rules;
    let mut touched: BTreeSet<&str> = BTreeSet::new();
    for area in view.entities.iter().flat_map(|entity| &entity.areas) {
        let of_the_area = rules.areas.get(&area.id).map(|area| &area.interpretations);
        let of_metrics = area.metrics.iter().map(|metric| &metric.metric.interpretations);
        touched.extend(of_the_area.into_iter().chain(of_metrics).flatten().map(String::as_str));
    }
    rules
        .interpretations
        .iter()
        .filter(|(id, _)| touched.contains(id.as_str()))
        .map(|(id, record)| Record {
            id,
            question: &record.question,
            chosen: &record.chosen,
            basis: match record.basis {
                Basis::Stated => "stated",
                Basis::Arithmetic => "arithmetic",
                Basis::Reading => "reading",
            },
        })
        .collect()
}

fn warnings<'a>(view: &View<'a>) -> Vec<Warning<'a>> {
    view.outcome.warnings.iter().map(warning).collect()
}

pub(super) fn warning(warning: &Diagnostic) -> Warning<'_> {
    Warning { code: warning.code.id(), message: &warning.message }
}

pub(super) fn edition(rules: &RuleSet) -> Edition<'_> {
    Edition { id: &rules.edition.id, file: &rules.file, sha256: &rules.sha256 }
}

pub(super) fn entity(outcome: &EntityOutcome) -> Entity<'_> {
    Entity { id: &outcome.id, areas: outcome.areas.iter().map(area).collect() }
}

fn area(outcome: &AreaOutcome) -> Area<'_> {
    Area {
        id: &outcome.id,
        title: &outcome.title,
        track: outcome.track.as_ref().map(|(track, _)| track.as_str()),
        points: points(outcome.points.as_ref()),
        max_points: outcome.max_points.as_ref().map(Exact::to_string),
        attained: outcome.is_attained(),
        unmet: outcome.keys(Verdict::Unmet),
        undecided: outcome.keys(Verdict::Undecided),
        metrics: outcome.metrics.iter().map(metric).collect(),
    }
}

fn metric(outcome: &MetricOutcome) -> Metric<'_> {
    let (value, value_exact) = printed(outcome.value.as_ref().map(|(value, _)| value));
    Metric {
        id: &outcome.metric.name,
        title: outcome.metric.title.as_deref(),
        category: &outcome.metric.category,
        cite: outcome.metric.cite.as_ref().map(|cite| cite.0.as_str()),
        status: outcome.status.word(),
        points: points(outcome.status.points().as_ref()),
        max_points: outcome.status.max_points().map(Exact::to_string),
        value,
        value_exact,
        reasons: outcome
            .reasons
            .iter()
            .map(|Reason { code, message, months }| ReasonLine {
                code,
                message,
                months: months.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        interpretations: &outcome.metric.interpretations,
        readings: outcome.readings.iter().map(reading).collect(),
    }
}

fn points(interval: Option<&Interval>) -> Points {
    let (points, points_exact) = printed(interval.and_then(|interval| interval.least.as_ref()));
    let (points_at_most, points_at_most_exact) = printed(interval.and_then(|interval| interval.most.as_ref()));
    Points { points, points_exact, points_at_most, points_at_most_exact }
}

fn reading(outcome: &ReadingOutcome) -> Reading<'_> {
    let number = match &outcome.figure {
        Figure::Known(value) => Some(value),
        Figure::Missing | Figure::Unknown => None,
    };
    let day = number.and_then(|number| calendar(number, outcome.unit));
    let (value, value_exact) = if day.is_some() { (day, None) } else { printed(number) };
    Reading {
        measure: &outcome.key.measure,
        given: outcome.key.given.as_deref(),
        ago: outcome.key.ago,
        months: outcome.months.iter().map(ToString::to_string).collect(),
        value,
        value_exact,
    }
}

fn printed(value: Option<&Exact>) -> (Option<String>, Option<String>) {
    value.map_or((None, None), |value| {
        let Printed { decimal, exact } = value.printed();
        (Some(decimal), exact)
    })
}
