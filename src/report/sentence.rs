//! What people are told about an area and a metric, in words: shared by the table and by Markdown.

use super::amounts::{counted, months, points, quantity};
use crate::exact::Exact;
use crate::score::{AreaOutcome, Asked, MetricOutcome, Status, TOTAL, Verdict};

/// `62 of 100 points, not attained`.
pub(super) fn verdict(area: &AreaOutcome) -> String {
    let attained = if area.is_attained() {
        "attained"
    } else if area.keys(Verdict::Unmet).is_empty() {
        "undecided"
    } else {
        "not attained"
    };
    format!("{} of {} points, {attained}", points(&area.points), area.max_points)
}

/// What the area lacks, a sentence each; also how far above its threshold an attained one is.
pub(super) fn needs(area: &AreaOutcome) -> Vec<String> {
    area.requirements.iter().map(|asked| need(area, asked)).collect()
}

/// Only what is not met.
pub(super) fn unmet_needs(area: &AreaOutcome) -> Vec<String> {
    area.requirements.iter().filter(|asked| asked.verdict != Verdict::Met).map(|asked| need(area, asked)).collect()
}

fn need(area: &AreaOutcome, asked: &Asked) -> String {
    let what = if asked.lacking.is_empty() && asked.key == TOTAL {
        format!("{} in all", counted(&asked.points))
    } else {
        format!("{} in each metric", counted(&asked.points))
    };
    let distance = |end: &Option<Exact>| end.as_ref().map(|end| &asked.points - end);
    let how = match asked.verdict {
        Verdict::Met => match distance(&area.points.least) {
            Some(short) if asked.key == TOTAL && short != Exact::zero() => {
                format!("met, {} over", counted(&(&Exact::zero() - &short)))
            }
            _ => "met".to_owned(),
        },
        Verdict::Unmet | Verdict::Undecided if !asked.lacking.is_empty() => {
            let lacking: Vec<String> = asked.lacking.iter().map(|name| title_of(area, name)).collect();
            let word = if asked.verdict == Verdict::Unmet { "unmet" } else { "undecided" };
            format!("{word} in {}", lacking.join(", "))
        }
        Verdict::Unmet => match distance(&area.points.most) {
            Some(short) if area.points.value().is_none() => format!("unmet, at least {} short", counted(&short)),
            Some(short) => format!("unmet, {} short", counted(&short)),
            None => "unmet".to_owned(),
        },
        Verdict::Undecided => "undecided".to_owned(),
    };
    format!("needs {what}: {how}")
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
            let value = reading
                .value
                .as_ref()
                .map_or_else(|| "unknown".to_owned(), |value| quantity(value, reading.reading.measure.unit, currency));
            let when =
                if reading.months.is_empty() { String::new() } else { format!(" in {}", months(&reading.months)) };
            format!("{}{when}: {value}", reading.reading.title())
        })
        .collect();
    details.extend(metric.reasons.iter().map(|reason| reason.message.clone()));
    details
}
