//! What people are told about an area and a metric, in words: shared by the table and by Markdown.

use super::amounts::{counted, months, points, quantity};
use crate::exact::Exact;
use crate::rules::Figure;
use crate::score::{AreaOutcome, Asked, MetricOutcome, Status, Verdict};

/// `62 of 100 points, not attained`, and the track.
pub(super) fn verdict(area: &AreaOutcome) -> String {
    let attained = result(area);
    let track = area.track.as_ref().map(|(name, title)| format!(", on the track {}", title.as_ref().unwrap_or(name)));
    let track = track.unwrap_or_default();
    match (&area.points, &area.max_points) {
        (Some(had), Some(most)) => format!("{} of {most} points, {attained}{track}", points(had)),
        (Some(had), None) => format!("{} points, {attained}{track}", points(had)),
        (None, _) => format!("{attained}{track}"),
    }
}

/// Whether an area is attained, in words.
pub(super) fn result(area: &AreaOutcome) -> &'static str {
    match area.verdict() {
        Verdict::Met => "attained",
        Verdict::Unmet => "not attained",
        Verdict::Undecided => "undecided",
    }
}

/// What the area lacks, a sentence each; also how far above its threshold an attained one is.
pub(super) fn needs(area: &AreaOutcome) -> Vec<String> {
    area.asked.iter().map(|asked| need(area, asked)).collect()
}

/// Only what is not met.
pub(super) fn unmet_needs(area: &AreaOutcome) -> Vec<String> {
    area.asked.iter().filter(|asked| asked.verdict != Verdict::Met).map(|asked| need(area, asked)).collect()
}

fn need(area: &AreaOutcome, asked: &Asked) -> String {
    let short = |end: &Option<Exact>| {
        let (points, _) = asked.points.as_ref()?;
        end.as_ref().map(|end| points - end)
    };
    let had = asked.points.as_ref().map(|(_, had)| had);
    let how = match asked.verdict {
        Verdict::Met => match had.and_then(|had| short(&had.least)) {
            Some(short) if !short.is_zero() => format!("met, {} over", counted(&-&short)),
            _ => "met".to_owned(),
        },
        Verdict::Unmet | Verdict::Undecided if !asked.lacking.is_empty() => {
            let lacking: Vec<String> = asked.lacking.iter().map(|name| title_of(area, name)).collect();
            let word = if asked.verdict == Verdict::Unmet { "unmet" } else { "undecided" };
            format!("{word} in {}", lacking.join(", "))
        }
        Verdict::Unmet => match (had.and_then(|had| short(&had.most)), &asked.had) {
            (Some(short), _) if short.is_zero() => "unmet, not more".to_owned(),
            (Some(short), _) if had.is_some_and(|had| had.value().is_none()) => {
                format!("unmet, at least {} short", counted(&short))
            }
            (Some(short), _) => format!("unmet, {} short", counted(&short)),
            (None, Some(why)) => format!("unmet: {why}"),
            (None, None) => "unmet".to_owned(),
        },
        Verdict::Undecided => "undecided".to_owned(),
    };
    format!("needs {}: {how}", asked.asks)
}

fn title_of(area: &AreaOutcome, name: &str) -> String {
    area.metrics.iter().find(|metric| metric.metric.name == name).map_or_else(|| name.to_owned(), title)
}

/// The metric in words.
pub(super) fn title(metric: &MetricOutcome) -> String {
    metric.metric.title.clone().unwrap_or_else(|| metric.metric.name.clone())
}

/// `20`, `0 to 20`, or a dash where the metric does not apply.
pub(super) fn metric_points(metric: &MetricOutcome) -> String {
    metric.status.points().map_or_else(|| "–".to_owned(), |interval| points(&interval))
}

/// The most a metric can pay.
pub(super) fn metric_maximum(metric: &MetricOutcome) -> String {
    metric.status.max_points().map_or_else(|| "–".to_owned(), Exact::to_string)
}

/// The number that was paid for.
pub(super) fn value(metric: &MetricOutcome, currency: &str) -> String {
    match (&metric.value, &metric.status) {
        (Some((value, unit)), _) => quantity(value, *unit, currency),
        (None, Status::Unknown { .. }) => "unknown".to_owned(),
        (None, Status::Scored { .. } | Status::NotApplicable) => String::new(),
    }
}

/// What was read for the number, with its months, and why it counts as it does: a sentence each.
pub(super) fn details(metric: &MetricOutcome, currency: &str) -> Vec<String> {
    let mut details: Vec<String> = metric
        .readings
        .iter()
        .map(|reading| {
            let value = match &reading.figure {
                Figure::Known(value) => quantity(value, reading.unit, currency),
                Figure::Missing => "none".to_owned(),
                Figure::Unknown => "unknown".to_owned(),
            };
            let when =
                if reading.months.is_empty() { String::new() } else { format!(" in {}", months(&reading.months)) };
            format!("{}{when}: {value}", reading.title)
        })
        .collect();
    details.extend(metric.reasons.iter().map(|reason| reason.message.clone()));
    details
}
