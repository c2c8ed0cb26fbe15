//! On every track, and on every day on which terms change, maxima add up and what is asked can be reached.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::exact::Exact;
use crate::rules::document::pointer;
use crate::rules::ruleset::{Area, Condition, Metric, PointsAsked, PointsOf, Side, Terms, Track, Worth};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Resolver<'_> {
    /// On every track, and on every day on which terms change, the maxima add up and what is asked can be reached.
    pub(super) fn within_reach(&mut self, area: &Area, at: &str) {
        let tracks: Vec<Option<&Track>> = if area.tracks.is_empty() {
            vec![None]
        } else {
            area.tracks.iter().map(|track| Some(track.as_ref())).collect()
        };
        for day in self.days_of_change() {
            for track in &tracks {
                let terms = Terms { day, track: *track };
                self.maxima(area, &terms, at);
                self.attainable(area, &terms, at);
            }
        }
    }

    /// The first day in force, and every day on which a term becomes another.
    fn days_of_change(&self) -> BTreeSet<NaiveDate> {
        let start = self.file.edition.in_force.from.0;
        let terms = self.terms.values().flatten().map(|term| &term.settings);
        let set = self.tracks.values().flatten().flat_map(|track| track.sets.values());
        let changes = terms.chain(set).flatten().filter_map(|(until, _)| until.as_ref()?.succ_opt());
        std::iter::once(start).chain(changes.filter(|day| *day > start)).collect()
    }

    /// The points that are asked for are within the reach of the area and of each of its metrics.
    fn attainable(&mut self, area: &Area, terms: &Terms<'_>, at: &str) {
        let mut asked = Vec::new();
        for named in &area.attained {
            points_needed(&named.when, &pointer(&pointer("/condition", &named.name), "when"), &mut asked);
        }
        let max_points = area.max_points.as_ref().map(|points| terms.number(points));
        for (points, place) in asked {
            let lower = points.limits.iter().filter(|(side, _)| matches!(side, Side::AtLeast | Side::MoreThan));
            for (side, limit) in lower {
                let (side, asks) = (*side, terms.number(limit));
                let key = self.value(&pointer(&place, side.key()));
                match points.of {
                    PointsOf::Total => {
                        let Some(max_points) = max_points.as_ref().filter(|most| !side.holds(most, &asks)) else {
                            continue;
                        };
                        let message =
                            format!("nobody can attain an area of {max_points} points that has to have {side} {asks}");
                        let there_is = self.value(&pointer(at, "max-points"));
                        self.beyond_reach(
                            Diagnostic::at(Code::ImpossibleBounds, key, message)
                                .other(there_is, "the area's points")
                                .help("correct one of the two, or let the area ask for another condition"),
                        );
                    }
                    PointsOf::EachMetric => {
                        for (index, metric) in area.metrics.iter().enumerate() {
                            let Worth::Award(award) = &metric.worth else { continue };
                            let Some(most) = award.most(terms).filter(|most| !side.holds(most, &asks)) else {
                                continue;
                            };
                            let listed = self.value(&format!("{}/{index}", pointer(at, "metrics")));
                            let message = format!(
                                "metric `{}` pays at most {most}, and {side} {asks} is asked of each",
                                metric.name
                            );
                            self.beyond_reach(
                                Diagnostic::at(Code::ImpossibleBounds, key, message)
                                    .other(listed, "the metric is asked for here")
                                    .help("correct this number or the metric's `at-most`"),
                            );
                        }
                    }
                    PointsOf::Category(_) | PointsOf::Metric(_) => {}
                }
            }
        }
    }

    /// Reports what no score reaches; once, whichever area met it first.
    fn beyond_reach(&mut self, problem: Diagnostic) {
        if !self.found.has_like(&problem) {
            self.error(problem);
        }
    }

    /// The metrics' maxima add to what the area declares: a cap mistyped anywhere shows here. An area declares nothing
    /// where nothing caps one of its metrics.
    fn maxima(&mut self, area: &Area, terms: &Terms<'_>, at: &str) {
        let Some(declared) = area.max_points.as_ref().map(|points| terms.number(points)) else {
            let is_capped = |metric: &Arc<Metric>| match &metric.worth {
                Worth::Award(award) => award.most(terms).is_some(),
                Worth::NotApplicable(_) => true,
            };
            if !area.metrics.is_empty() && area.metrics.iter().all(is_capped) {
                let message = "the area has metrics, and no `max-points`";
                let problem = Diagnostic::at(Code::MissingKey, self.key(at), message);
                self.beyond_reach(problem.help("add what their maxima come to: a cap mistyped anywhere shows by it"));
            }
            return;
        };
        let here = self.value(&pointer(at, "max-points"));
        let mut sum = Exact::zero();
        let mut parts = Vec::new();
        for metric in &area.metrics {
            let Worth::Award(award) = &metric.worth else { continue };
            let Some(most) = award.most(terms) else {
                let problem = Diagnostic::at(
                    Code::MaximaDoNotAdd,
                    here,
                    format!("the area declares a maximum, and metric `{}` has none", metric.name),
                );
                self.beyond_reach(
                    problem.help("give the metric's award an `at-most`; or leave `max-points` out if nothing caps it"),
                );
                return;
            };
            sum = &sum + &most;
            parts.push(most.to_string());
        }
        if sum != declared {
            let on = terms.track.map(|track| format!(" on track `{}`", track.name)).unwrap_or_default();
            let problem = Diagnostic::at(
                Code::MaximaDoNotAdd,
                here,
                format!("the area declares {declared} points, and its metrics' maxima add to {sum}{on}"),
            );
            self.beyond_reach(
                problem
                    .label(format!("{} = {sum}", parts.join(" + ")))
                    .help("correct the metric whose `at-most` differs from the text, or `max-points`"),
            );
        }
    }
}

/// The points without which a condition cannot hold, each with where it is written.
fn points_needed<'a>(condition: &'a Condition, at: &str, all: &mut Vec<(&'a PointsAsked, String)>) {
    match condition {
        Condition::Points(asked) => all.push((asked, at.to_owned())),
        Condition::Named(named) => {
            points_needed(&named.when, &pointer(&pointer("/condition", &named.name), "when"), all);
        }
        Condition::All(parts) => {
            for (index, part) in parts.iter().enumerate() {
                points_needed(part, &format!("{}/{index}", pointer(at, "all")), all);
            }
        }
        Condition::Any(_)
        | Condition::Not(_)
        | Condition::Met { .. }
        | Condition::Within { .. }
        | Condition::Seen(_)
        | Condition::Result(_)
        | Condition::Track(_)
        | Condition::Unknown => {}
    }
}
