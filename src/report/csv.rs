//! For spreadsheets: a row for each metric, and one without a metric for each area.

use super::View;
use crate::exact::Exact;
use crate::rules::RuleSet;
use crate::score::{AreaOutcome, EntityOutcome, Interval, MetricOutcome, Verdict};
use crate::text::inert;
use chrono::NaiveDate;

pub(super) fn render(view: &View<'_>) -> String {
    header() + &rows(&view.outcome.rules, view.outcome.as_of, &view.entities)
}

pub(super) fn header() -> String {
    let header = [
        "program",
        "edition",
        "as_of",
        "entity",
        "area",
        "metric",
        "category",
        "status",
        "points",
        "points_at_most",
        "max_points",
        "value",
        "attained",
        "unmet",
        "undecided",
        "reasons",
        "track",
    ];
    line(&header.map(str::to_owned))
}

/// The rows of a day. Each says what it was scored by: rows are sorted, filtered and copied elsewhere.
pub(super) fn rows(rules: &RuleSet, as_of: NaiveDate, entities: &[EntityOutcome]) -> String {
    let mut text = String::new();
    let facts = [rules.edition.program.clone(), rules.edition.id.clone(), as_of.to_string()];
    for entity in entities {
        for area in &entity.areas {
            text.push_str(&area_row(&facts, entity, area));
            for metric in &area.metrics {
                text.push_str(&metric_row(&facts, entity, area, metric));
            }
        }
    }
    text
}

fn area_row(facts: &[String; 3], entity: &EntityOutcome, area: &AreaOutcome) -> String {
    let status = match &area.points {
        None => area.verdict().word(),
        Some(points) if points.value().is_some() => "scored",
        Some(_) => "unknown",
    };
    let cells = [
        guarded(&entity.id),
        area.id.clone(),
        String::new(),
        String::new(),
        status.to_owned(),
        end(area.points.as_ref(), |points| &points.least),
        end(area.points.as_ref(), |points| &points.most),
        area.max_points.as_ref().map(Exact::to_string).unwrap_or_default(),
        String::new(),
        area.is_attained().to_string(),
        area.keys(Verdict::Unmet).join(" "),
        area.keys(Verdict::Undecided).join(" "),
        String::new(),
        track(area),
    ];
    line(&[facts.as_slice(), cells.as_slice()].concat())
}

fn metric_row(facts: &[String; 3], entity: &EntityOutcome, area: &AreaOutcome, metric: &MetricOutcome) -> String {
    let points = metric.status.points();
    let cells = [
        guarded(&entity.id),
        area.id.clone(),
        metric.metric.name.clone(),
        metric.metric.category.clone(),
        metric.status.word().to_owned(),
        end(points.as_ref(), |points| &points.least),
        end(points.as_ref(), |points| &points.most),
        metric.status.max_points().map(Exact::to_string).unwrap_or_default(),
        metric.value.as_ref().map(|(value, _)| value.to_string()).unwrap_or_default(),
        String::new(),
        String::new(),
        String::new(),
        metric.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>().join(" "),
        track(area),
    ];
    line(&[facts.as_slice(), cells.as_slice()].concat())
}

/// The track that counts.
fn track(area: &AreaOutcome) -> String {
    area.track.as_ref().map(|(track, _)| track.clone()).unwrap_or_default()
}

fn end(points: Option<&Interval>, which: fn(&Interval) -> &Option<Exact>) -> String {
    points.and_then(|points| which(points).as_ref()).map(Exact::to_string).unwrap_or_default()
}

/// Text from the data: what a spreadsheet would take for a formula is given an apostrophe, what does not show is made
/// visible.
pub(super) fn guarded(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    format!("{}{}", if is_formula { "'" } else { "" }, inert(text))
}

pub(super) fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        })
        .collect();
    format!("{}\n", cells.join(","))
}
