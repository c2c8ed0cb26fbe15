//! What a designation asks for, and whether it is there.

use super::scope::Scope;
use super::{Asked, Interval, MetricOutcome, Verdict};
use crate::exact::Exact;
use crate::rules::{Condition, Figures as _, NamedCondition, PointsAsked, PointsOf, Side, Terms};
use std::sync::Arc;

/// Points that a condition looks at.
pub(super) struct PointsFound {
    /// Whether they lie within its bounds.
    pub(super) verdict: Verdict,
    /// How many there are, where they are looked at together.
    pub(super) had: Option<Interval>,
    /// Where each metric is looked at: those by which they do not.
    lacking: Vec<String>,
}

/// Each condition of a designation, in its order; the scope knows the points.
pub(super) fn asked(conditions: &[Arc<NamedCondition>], scope: &Scope<'_>) -> Vec<Asked> {
    conditions.iter().map(|named| one(named, scope)).collect()
}

fn one(named: &NamedCondition, scope: &Scope<'_>) -> Asked {
    let title = named.title.clone();
    if let Condition::Points(asked) = &named.when {
        let asks = title.unwrap_or_else(|| in_words(asked, &scope.terms()));
        let PointsFound { verdict, had, lacking } = scope.points(asked);
        let limit = match asked.limits.as_slice() {
            [(Side::AtLeast | Side::MoreThan, limit)] => Some(scope.terms().number(limit)),
            _ => None,
        };
        let is_total = asked.of == PointsOf::Total;
        return Asked { points: limit.zip(had), is_total, lacking, ..Asked::new(named, asks, verdict) };
    }
    let asks = title.unwrap_or_else(|| format!("`{}`", named.name));
    let mut why = Vec::new();
    let verdict = Verdict::of(scope.condition(&named.when, &mut why));
    let why: Vec<String> = why.into_iter().map(|unmet| unmet.reason().message).collect();
    let had = (verdict == Verdict::Unmet && !why.is_empty()).then(|| why.join("; "));
    Asked { had, ..Asked::new(named, asks, verdict) }
}

impl Scope<'_> {
    /// The points that a condition looks at.
    pub(super) fn points(&self, asked: &PointsAsked) -> PointsFound {
        let metrics = self.scored.unwrap_or_default();
        let sum = |is_in: &dyn Fn(&MetricOutcome) -> bool| {
            let of_it = metrics.iter().filter(|metric| is_in(metric)).filter_map(|metric| metric.status.points());
            let sum = of_it.fold(Interval::known(Exact::zero()), |sum, points| sum.plus(&points));
            PointsFound { verdict: self.within(&sum, asked), had: Some(sum), lacking: Vec::new() }
        };
        match &asked.of {
            PointsOf::Total => sum(&|_| true),
            PointsOf::Category(category) => sum(&|metric| metric.metric.category == *category),
            PointsOf::Metric(name) => sum(&|metric| metric.metric.name == *name),
            PointsOf::EachMetric => {
                // A metric that does not apply is asked for nothing.
                let verdicts =
                    || metrics.iter().filter_map(|metric| Some((metric, self.within(&metric.status.points()?, asked))));
                let verdict = Verdict::every(verdicts().map(|(_, verdict)| verdict));
                let lacking = verdicts().filter(|(_, own)| *own == verdict && verdict != Verdict::Met);
                let lacking = lacking.map(|(metric, _)| metric.metric.name.clone()).collect();
                PointsFound { verdict, had: None, lacking }
            }
        }
    }

    fn within(&self, points: &Interval, asked: &PointsAsked) -> Verdict {
        let terms = self.terms();
        Verdict::every(asked.limits.iter().map(|(side, limit)| points.on(*side, &terms.number(limit))))
    }
}

/// `70 points in all`, `more than 0 points in each metric`.
pub(super) fn in_words(asked: &PointsAsked, terms: &Terms<'_>) -> String {
    let limit = |(side, limit): &(Side, crate::rules::Number)| {
        let limit = terms.number(limit);
        match side {
            Side::AtLeast => limit.to_string(),
            other => format!("{other} {limit}"),
        }
    };
    let limits: Vec<String> = asked.limits.iter().map(limit).collect();
    let limits = limits.join(" and ");
    let noun = if limits == "1" { "point" } else { "points" };
    let of = match &asked.of {
        PointsOf::Total => "in all".to_owned(),
        PointsOf::EachMetric => "in each metric".to_owned(),
        PointsOf::Category(name) | PointsOf::Metric(name) => format!("in `{name}`"),
    };
    format!("{limits} {noun} {of}")
}
