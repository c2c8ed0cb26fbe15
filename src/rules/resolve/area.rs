//! Areas and their metrics: every metric is asked for.

use super::{Kind, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Area, Choose, Metric, NamedCondition, Worth};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Resolver<'_> {
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

    pub(super) fn areas(&mut self) -> IndexMap<String, Area> {
        let mut areas = IndexMap::new();
        for (name, written) in self.file.area.iter() {
            let at = pointer("/area", name);
            self.cite(written.cite.as_ref(), &at, None);
            let own = self.own_metrics(written, &at);
            let metrics = self.area_metrics(written, &at, &own);
            let attained = self.attained(written, &at);
            let tracks = self.area_tracks(written, &at);
            let max_points = self.number_if_any(written.max_points.as_ref(), &pointer(&at, "max-points"));
            self.has_points(written, &at);
            let (Some(metrics), Some(attained), Some(tracks), Some(max_points)) =
                (metrics, attained, tracks, max_points)
            else {
                continue;
            };
            let area = Area {
                name: name.to_owned(),
                title: written.title.clone(),
                metrics,
                max_points,
                choose: written.choose.unwrap_or(Choose::First),
                interpretations: self.interpretations_of_area(name, &attained, &tracks),
                tracks,
                is_shown: written.shown.unwrap_or(true),
                attained,
            };
            for (index, named) in area.attained.iter().enumerate() {
                self.has_metrics_asked(&area, named, &format!("{}/{index}", pointer(&at, "attained")));
            }
            self.within_reach(&area, &at);
            areas.insert(name.to_owned(), area);
        }
        self.unset_terms(&areas);
        // One that has not the right shape is there.
        let written = self.document.json.get("area").and_then(serde_json::Value::as_object);
        if written.is_none_or(serde_json::Map::is_empty) {
            let problem = Diagnostic::at(Code::MissingKey, self.key(""), "the file has no area");
            self.error(problem.help("add an `[area.…]` with its metrics"));
        }
        areas
    }

    /// The conditions that a designation asks for, each once.
    fn attained(&mut self, area: &model::Area, at: &str) -> Option<Vec<Arc<NamedCondition>>> {
        let mut all = Vec::new();
        for (index, name) in area.attained.iter().enumerate() {
            let here = format!("{}/{index}", pointer(at, "attained"));
            if area.attained.iter().take(index).any(|other| other == name) {
                let problem =
                    Diagnostic::at(Code::NameTwice, self.value(&here), format!("condition `{name}` stands twice"));
                self.error(problem.help("ask for each condition once"));
            }
            all.push(self.condition_named(name, &here));
        }
        all.into_iter().collect()
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

    /// An area without metrics has no points.
    fn has_points(&mut self, area: &model::Area, at: &str) {
        if area.metrics.is_empty() && area.max_points.is_some() {
            let here = self.key(&pointer(at, "max-points"));
            let problem = Diagnostic::at(Code::Misfit, here, "an area without metrics has no points");
            self.error(problem.help("leave `max-points` out"));
        }
    }
}
