//! Awards, metrics, requirements and areas: maxima add up, every metric is asked for.

use super::{Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::exact::Exact;
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Area, Award, AwardForm, Metric, Requirement, Worth};
use crate::rules::word::Decimal;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Resolver<'_> {
    /// The requirement of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn requirement(&mut self, name: &str) -> Option<Arc<Requirement>> {
        if let Some(known) = self.requirements.get(name) {
            return known.clone();
        }
        let written = self.file.requirement.get(name)?;
        self.cite(written.cite.as_ref(), &pointer("/requirement", name), None);
        let made = Some(Arc::new(Requirement {
            name: name.to_owned(),
            total_at_least: written.total_at_least.as_ref().map(|points| points.0.clone()),
            each_metric_at_least: written.each_metric_at_least.as_ref().map(|points| points.0.clone()),
        }));
        self.requirements.insert(name.to_owned(), made.clone());
        made
    }

    /// The shared metric of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn shared_metric(&mut self, name: &str) -> Option<Arc<Metric>> {
        if let Some(known) = self.metrics.get(name) {
            return known.clone();
        }
        let written = self.file.metric.get(name)?;
        let made = self.metric(name, written, &pointer("/metric", name), None);
        self.metrics.insert(name.to_owned(), made.clone());
        made
    }

    fn metric(
        &mut self,
        name: &str,
        written: &model::Metric,
        at: &str,
        enclosing: Option<&String>,
    ) -> Option<Arc<Metric>> {
        let cite = self.cite(written.cite.as_ref(), at, enclosing);
        let worth = match (&written.award, &written.not_applicable) {
            (Some(award), _) => Worth::Award(Box::new(self.award(award, &pointer(at, "award"))?)),
            (None, reason) => Worth::NotApplicable(reason.clone().unwrap_or_default()),
        };
        let interpretations = self.interpretations_of(at, &worth);
        Some(Arc::new(Metric {
            name: name.to_owned(),
            title: written.title.clone(),
            category: written.category.0.clone(),
            cite,
            worth,
            interpretations,
        }))
    }

    fn award(&mut self, written: &model::Award, at: &str) -> Option<Award> {
        let (form, when, at_least, at_most) = match written {
            model::Award::Plus(node) => (
                self.awards(&node.plus, &pointer(at, "plus")).map(AwardForm::Plus),
                &node.when,
                &node.at_least,
                &node.at_most,
            ),
            model::Award::Greatest(node) => (
                self.awards(&node.greatest, &pointer(at, "greatest")).map(AwardForm::Greatest),
                &node.when,
                &node.at_least,
                &node.at_most,
            ),
            model::Award::Leaf(leaf) => (self.leaf(leaf, at), &leaf.when, &leaf.at_least, &leaf.at_most),
        };
        let when = when.as_ref().map(|when| self.test_of(when, &pointer(at, "when")));
        if let (Some(low), Some(high)) = (at_least, at_most)
            && low.0 > high.0
        {
            let problem = Diagnostic::at(
                Code::ImpossibleBounds,
                self.value(&pointer(at, "at-most")),
                "the cap lies below the floor",
            );
            self.error(
                problem
                    .other(self.value(&pointer(at, "at-least")), "the floor")
                    .help("give a cap of at least the floor"),
            );
        }
        let bound = |limit: &Option<Decimal>| limit.as_ref().map(|limit| limit.0.clone());
        Some(Award { form: form?, when: all_or_nothing(when)?, at_least: bound(at_least), at_most: bound(at_most) })
    }

    fn awards(&mut self, written: &[model::Award], at: &str) -> Option<Vec<Award>> {
        let awards: Vec<Option<Award>> =
            written.iter().enumerate().map(|(index, award)| self.award(award, &format!("{at}/{index}"))).collect();
        awards.into_iter().collect()
    }

    fn leaf(&mut self, written: &model::LeafAward, at: &str) -> Option<AwardForm> {
        if written.points.0.is_zero() {
            let problem = Diagnostic::at(
                Code::NothingPaid,
                self.value(&pointer(at, "points")),
                "an award of 0 points pays nothing",
            );
            self.error(problem.help("give the points, or use `not-applicable` where nothing is paid"));
        }
        if !written.points.0.is_positive() && !written.points.0.is_zero() && written.at_least.is_none() {
            let problem = Diagnostic::at(
                Code::NothingPaid,
                self.value(&pointer(at, "points")),
                "an award that takes points away has no floor",
            );
            self.error(problem.help("give `at-least`, how far it may go, or points above zero"));
        }
        for (word, number) in [("per", &written.per), ("step", &written.step)] {
            let Some(number) = number else { continue };
            let here = pointer(at, word);
            if written.of.is_none() {
                let problem =
                    Diagnostic::at(Code::WrongForm, self.key(&here), format!("`{word}` needs a number to divide"));
                self.error(problem.help("add `of`, or leave this out: without `of` the points are paid once"));
            } else if !number.0.is_positive() {
                let problem =
                    Diagnostic::at(Code::NothingPaid, self.value(&here), format!("`{word}` has to be above zero"));
                self.error(problem.help("leave it out where it is not needed"));
            }
        }
        match &written.of {
            None => Some(AwardForm::Fixed(written.points.0.clone())),
            Some(of) => Some(AwardForm::Rate {
                of: self.scalar(of, &pointer(at, "of"))?,
                points: written.points.0.clone(),
                per: written.per.as_ref().map_or_else(|| Exact::from(1), |per| per.0.clone()),
                step: written.step.as_ref().map(|step| step.0.clone()),
            }),
        }
    }

    pub(super) fn areas(&mut self) -> IndexMap<String, Area> {
        let mut areas = IndexMap::new();
        for (name, written) in self.file.area.iter() {
            let at = pointer("/area", name);
            self.cite(written.cite.as_ref(), &at, None);
            let own = self.own_metrics(written, &at);
            let metrics = self.area_metrics(written, &at, &own);
            let requirement = self.attained(written, &at);
            if let Some(metrics) = &metrics {
                self.maxima(written, metrics, &at);
                if let Some(requirement) = &requirement {
                    self.attainable(written, metrics, requirement, &at);
                }
            }
            if let (Some(metrics), Some(requirement)) = (metrics, requirement) {
                let area = Area {
                    name: name.to_owned(),
                    title: written.title.clone(),
                    metrics,
                    max_points: written.max_points.0.clone(),
                    interpretations: self.interpretations_of_area(name, &requirement.name),
                    requirement,
                };
                areas.insert(name.to_owned(), area);
            }
        }
        if self.file.area.is_empty() {
            let problem = Diagnostic::at(Code::MissingKey, self.key(""), "the file has no area");
            self.error(problem.help("add an `[area.…]` with its metrics"));
        }
        areas
    }

    /// The metrics only this area has; each has to be in its list.
    fn own_metrics(&mut self, area: &model::Area, at: &str) -> IndexMap<String, Option<Arc<Metric>>> {
        let mut own = IndexMap::new();
        for (name, written) in area.metric.iter() {
            let here = pointer(&pointer(at, "metric"), name);
            if self.file.metric.get(name).is_some() {
                let shared = self.key(&pointer("/metric", name));
                let problem = Diagnostic::at(
                    Code::NameTwice,
                    self.key(&here),
                    format!("metric `{name}` is the area's own and shared"),
                );
                self.error(problem.other(shared, "the shared one").help("rename one of them"));
            }
            if !area.metrics.iter().any(|listed| listed == name) {
                let problem = Diagnostic::at(
                    Code::NeverUsed,
                    self.key(&here),
                    format!("metric `{name}` is not among the area's metrics"),
                );
                self.error(problem.help("add it to `metrics`, or take it out"));
            }
            let metric = self.metric(name, written, &here, area.cite.as_ref());
            own.insert(name.to_owned(), metric);
        }
        own
    }

    fn area_metrics(
        &mut self,
        area: &model::Area,
        at: &str,
        own: &IndexMap<String, Option<Arc<Metric>>>,
    ) -> Option<Vec<Arc<Metric>>> {
        let mut metrics = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, name) in area.metrics.iter().enumerate() {
            let here = format!("{}/{index}", pointer(at, "metrics"));
            if !seen.insert(name) {
                let problem =
                    Diagnostic::at(Code::NameTwice, self.value(&here), format!("metric `{name}` stands twice"));
                self.error(problem.help("an area has each metric once"));
                continue;
            }
            if let Some(metric) = own.get(name) {
                metrics.push(metric.clone());
            } else if self.file.metric.get(name).is_some() {
                self.used.insert((Kind::Metric, name.clone()));
                metrics.push(self.shared_metric(name));
            } else {
                let mut known = self.names(Kind::Metric);
                known.extend(area.metric.names().map(str::to_owned));
                self.unknown(&[Kind::Metric], name, &here, &known);
                metrics.push(None);
            }
        }
        metrics.into_iter().collect()
    }

    fn attained(&mut self, area: &model::Area, at: &str) -> Option<Arc<Requirement>> {
        let here = pointer(at, "attained");
        if self.file.requirement.get(&area.attained).is_none() {
            let known = self.names(Kind::Requirement);
            self.unknown(&[Kind::Requirement], &area.attained, &here, &known);
            return None;
        }
        self.used.insert((Kind::Requirement, area.attained.clone()));
        self.requirement(&area.attained)
    }

    /// What the requirement asks for is within the reach of the area and of each of its metrics.
    fn attainable(&mut self, area: &model::Area, metrics: &[Arc<Metric>], requirement: &Requirement, at: &str) {
        let asked = pointer("/requirement", &requirement.name);
        if let Some(total) = &requirement.total_at_least
            && *total > area.max_points.0
        {
            let there_is = self.value(&pointer(at, "max-points"));
            let message =
                format!("nobody can attain an area of {} points that has to reach {total}", area.max_points.0);
            self.beyond_reach(
                Diagnostic::at(Code::ImpossibleBounds, self.value(&pointer(&asked, "total-at-least")), message)
                    .other(there_is, "the area's points")
                    .help("correct one of the two, or let the area ask for another requirement"),
            );
        }
        let Some(each) = &requirement.each_metric_at_least else { return };
        for (index, metric) in metrics.iter().enumerate() {
            if let Worth::Award(award) = &metric.worth
                && let Some(most) = award.most().filter(|most| most < each)
            {
                let listed = self.value(&format!("{}/{index}", pointer(at, "metrics")));
                let message = format!("metric `{}` pays at most {most}, and {each} are asked of each", metric.name);
                self.beyond_reach(
                    Diagnostic::at(
                        Code::ImpossibleBounds,
                        self.value(&pointer(&asked, "each-metric-at-least")),
                        message,
                    )
                    .other(listed, "the metric is asked for here")
                    .help("correct this number or the metric's `at-most`"),
                );
            }
        }
    }

    /// Reports what no score reaches; once, whichever area met it first.
    fn beyond_reach(&mut self, problem: Diagnostic) {
        if !self.found.has_like(&problem) {
            self.error(problem);
        }
    }

    /// The metrics' maxima add to what the area declares: a cap mistyped anywhere shows here.
    fn maxima(&mut self, area: &model::Area, metrics: &[Arc<Metric>], at: &str) {
        let declared = &area.max_points.0;
        let here = self.value(&pointer(at, "max-points"));
        let mut sum = Exact::zero();
        let mut parts = Vec::new();
        for metric in metrics {
            let Worth::Award(award) = &metric.worth else { continue };
            let Some(most) = award.most() else {
                let problem = Diagnostic::at(
                    Code::MaximaDoNotAdd,
                    here,
                    format!("the area declares a maximum, and metric `{}` has none", metric.name),
                );
                self.error(problem.help("give the metric's award an `at-most`"));
                return;
            };
            sum = &sum + &most;
            parts.push(most.to_string());
        }
        if sum != *declared {
            let problem = Diagnostic::at(
                Code::MaximaDoNotAdd,
                here,
                format!("the area declares {declared} points, and its metrics' maxima add to {sum}"),
            );
            self.error(
                problem
                    .label(format!("{} = {sum}", parts.join(" + ")))
                    .help("correct the metric whose `at-most` differs from the text, or `max-points`"),
            );
        }
    }
}
