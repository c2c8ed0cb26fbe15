//! What a designation asks for, and whether it is there.

use super::scope::Scope;
use super::{Asked, Interval, MetricOutcome, Verdict};
use crate::exact::Exact;
use crate::rules::{Figures as _, PointsAsked, PointsOf, Requirement};

/// Everything a requirement asks for, in the order of the rules' keys.
pub(super) fn asked(
    requirement: &Requirement,
    total: &Interval,
    metrics: &[MetricOutcome],
    scope: &Scope<'_>,
) -> Vec<Asked> {
    let waived = requirement.waived.as_ref().map(|waived| scope.condition(waived, &mut Vec::new()));
    if waived == Some(Some(true)) {
        return vec![Asked::new("waived", "nothing: the requirement is waived", Verdict::Met)];
    }
    let mut all: Vec<Asked> = requirement
        .points
        .iter()
        .map(|asked| of_points(asked, &scope.terms().number(&asked.number), total, metrics))
        .collect();
    for named in &requirement.conditions {
        let asks = named.title.clone().unwrap_or_else(|| format!("`{}`", named.name));
        let mut why = Vec::new();
        let verdict = verdict(scope.condition(&named.when, &mut why));
        let had = why.first().map(|reason| reason.message.clone()).filter(|_| verdict == Verdict::Unmet);
        all.push(Asked { had, ..Asked::new(&named.name, &asks, verdict) });
    }
    if !requirement.any.is_empty() {
        let verdicts: Vec<Verdict> =
            requirement.any.iter().map(|other| every(&asked(other, total, metrics, scope))).collect();
        let verdict = if verdicts.contains(&Verdict::Met) {
            Verdict::Met
        } else if verdicts.contains(&Verdict::Undecided) {
            Verdict::Undecided
        } else {
            Verdict::Unmet
        };
        let title = |other: &Requirement| other.title.clone().unwrap_or_else(|| format!("`{}`", other.name));
        let titles: Vec<String> = requirement.any.iter().map(|other| title(other)).collect();
        all.push(Asked::new("any", &crate::text::either(&titles), verdict));
    }
    if waived == Some(None) {
        // It may be waived: what is not met does not decide.
        for asked in &mut all {
            if asked.verdict == Verdict::Unmet {
                asked.verdict = Verdict::Undecided;
            }
        }
    }
    all
}

fn of_points(asked: &PointsAsked, points: &Exact, total: &Interval, metrics: &[MetricOutcome]) -> Asked {
    let (key, is_more) = (asked.of.key(asked.is_more), asked.is_more);
    let asks = format!("{}{}", if is_more { "more than " } else { "" }, counted(points));
    let reaches = |had: &Interval| if is_more { had.passes(points) } else { had.reaches(points) };
    let of_sum = |key: &str, asks: &str, sum: Interval| {
        let asked = Asked::new(key, asks, reaches(&sum));
        Asked { points: Some((points.clone(), sum)), ..asked }
    };
    match &asked.of {
        PointsOf::Total => of_sum(key, &format!("{asks} in all"), total.clone()),
        PointsOf::Category(category) => {
            let of_it = metrics.iter().filter(|metric| metric.metric.category == *category);
            let sum = of_it
                .filter_map(|metric| metric.status.points())
                .fold(Interval::known(Exact::zero()), |sum, points| sum.plus(&points));
            of_sum(&format!("{key}.{category}"), &format!("{asks} in `{category}`"), sum)
        }
        PointsOf::EachMetric => {
            // A metric that does not apply is asked for nothing.
            let verdicts: Vec<(&MetricOutcome, Verdict)> =
                metrics.iter().filter_map(|metric| Some((metric, reaches(&metric.status.points()?)))).collect();
            let with = |wanted: Verdict| verdicts.iter().filter(move |(_, verdict)| *verdict == wanted);
            let verdict = if with(Verdict::Unmet).next().is_some() {
                Verdict::Unmet
            } else if with(Verdict::Undecided).next().is_some() {
                Verdict::Undecided
            } else {
                Verdict::Met
            };
            let lacking = with(verdict).filter(|_| verdict != Verdict::Met);
            let lacking = lacking.map(|(metric, _)| metric.metric.name.clone()).collect();
            Asked { lacking, ..Asked::new(key, &format!("{asks} in each metric"), verdict) }
        }
    }
}

fn counted(points: &Exact) -> String {
    if *points == Exact::from(1) { "1 point".to_owned() } else { format!("{points} points") }
}

/// Whether all of it is there.
pub(super) fn every(asked: &[Asked]) -> Verdict {
    if asked.iter().any(|asked| asked.verdict == Verdict::Unmet) {
        Verdict::Unmet
    } else if asked.iter().any(|asked| asked.verdict == Verdict::Undecided) {
        Verdict::Undecided
    } else {
        Verdict::Met
    }
}

fn verdict(holds: Option<bool>) -> Verdict {
    match holds {
        Some(true) => Verdict::Met,
        Some(false) => Verdict::Unmet,
        None => Verdict::Undecided,
    }
}
