//! Points as conditions see them: which, and where they can be asked for.

use super::{Kind, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Area, Condition, NamedCondition, Number, PointsAsked, PointsOf, Side};

impl Resolver<'_> {
    pub(super) fn points_asked(&mut self, written: &model::PointsBounds, at: &str) -> Option<PointsAsked> {
        let here = pointer(at, "points");
        let of = match &written.points {
            model::PointsOf::All(model::PointsOfAll::Total) => PointsOf::Total,
            model::PointsOf::All(model::PointsOfAll::EachMetric) => PointsOf::EachMetric,
            model::PointsOf::Category(of) => {
                let known = self.categories();
                if !known.contains(&of.category) {
                    self.unknown_thing("category", &of.category, &pointer(&here, "category"), &known);
                    return None;
                }
                PointsOf::Category(of.category.clone())
            }
            model::PointsOf::Metric(of) => {
                let known = self.all_metrics();
                if !known.contains(&of.metric) {
                    self.unknown(&[Kind::Metric], &of.metric, &pointer(&here, "metric"), &known);
                    return None;
                }
                PointsOf::Metric(of.metric.clone())
            }
        };
        let written = [&written.at_least, &written.more_than, &written.at_most, &written.less_than];
        let fixed = written.map(|number| match number {
            Some(model::Number::Fixed(number)) => Some(number.clone()),
            _ => None,
        });
        self.possible([&fixed[0], &fixed[1], &fixed[2], &fixed[3]], at);
        let sides = Side::KEYS.into_iter().zip(written);
        let limits: Vec<Option<(Side, Number)>> = sides
            .filter_map(|((side, word), number)| Some((side, word, number.as_ref()?)))
            .map(|(side, word, number)| Some((side, self.number(number, &pointer(at, word))?)))
            .collect();
        Some(PointsAsked { of, limits: limits.into_iter().collect::<Option<_>>()? })
    }

    /// Reports a condition on points where there are none to look at yet.
    pub(super) fn without_points(&mut self, condition: &Condition, at: &str, why: &str) -> bool {
        let asks = condition.asks_for_points();
        if asks {
            let problem = Diagnostic::at(Code::Misfit, self.value(at), format!("this asks for points, and {why}"));
            self.error(problem.help("ask for points in a condition that an area lists under `attained`"));
        }
        !asks
    }

    /// Every metric whose points an area's conditions look at is one of the area's.
    pub(super) fn has_metrics_asked(&mut self, area: &Area, asked: &NamedCondition, at: &str) {
        let mut lacking = Vec::new();
        asked.when.parts(&mut |part| {
            if let Condition::Points(PointsAsked { of: PointsOf::Metric(name), .. }) = part
                && !area.metrics.iter().any(|metric| metric.name == *name)
            {
                lacking.push(name.clone());
            }
        });
        for name in lacking {
            let message =
                format!("`{}` asks for points of `{name}`, and `{}` has no such metric", asked.name, area.name);
            let problem = Diagnostic::at(Code::UnknownName, self.value(at), message);
            self.error(problem.help("list the metric in the area, or ask for another condition"));
        }
    }

    /// The metrics of all areas.
    fn all_metrics(&self) -> Vec<String> {
        let own = self.file.area.iter().flat_map(|(_, area)| area.metric.names());
        self.file.metric.names().chain(own).map(str::to_owned).collect()
    }

    /// The categories of all metrics.
    fn categories(&self) -> Vec<String> {
        let shared = self.file.metric.iter().map(|(_, metric)| metric);
        let own = self.file.area.iter().flat_map(|(_, area)| area.metric.iter().map(|(_, metric)| metric));
        let mut all: Vec<String> = shared.chain(own).map(|metric| metric.category.0.clone()).collect();
        all.sort();
        all.dedup();
        all
    }
}
