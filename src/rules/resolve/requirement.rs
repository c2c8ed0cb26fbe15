//! Requirements: what is asked of points and beside them.

use super::{Kind, Resolver, all_or_nothing};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{PointsAsked, PointsOf, Requirement};
use std::sync::Arc;

impl Resolver<'_> {
    /// The requirement of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn requirement(&mut self, name: &str) -> Option<Arc<Requirement>> {
        if let Some(known) = self.requirements.get(name) {
            return known.clone();
        }
        let written = self.file.requirement.get(name)?;
        let at = pointer("/requirement", name);
        let made = self.guarded(Kind::Requirement, name, &pointer(&at, "any"), |this| {
            this.cite(written.cite.as_ref(), &at, None);
            this.new_requirement(name, written, &at).map(Arc::new)
        });
        self.requirements.insert(name.to_owned(), made.clone());
        made
    }

    fn new_requirement(&mut self, name: &str, written: &model::Requirement, at: &str) -> Option<Requirement> {
        let mut points = Vec::new();
        let mut complete = true;
        let asked = [
            (PointsOf::Total, false, &written.total_at_least),
            (PointsOf::EachMetric, false, &written.each_metric_at_least),
            (PointsOf::EachMetric, true, &written.each_metric_more_than),
        ];
        let asked = asked.into_iter().filter_map(|(of, is_more, number)| Some((of, is_more, number.as_ref()?)));
        let of = |category: &str| PointsOf::Category(category.to_owned());
        let at_least = written.category_at_least.iter().map(|(category, number)| (of(category), false, number));
        let more_than = written.category_more_than.iter().map(|(category, number)| (of(category), true, number));
        for (of, is_more, number) in asked.chain(at_least).chain(more_than) {
            let mut here = pointer(at, of.key(is_more));
            if let PointsOf::Category(category) = &of {
                here = pointer(&here, category);
                if !self.has_category(category) {
                    let known = self.categories();
                    self.unknown_thing("category", category, &here, &known);
                }
            }
            match self.number(number, &here) {
                Some(number) => points.push(PointsAsked { of, is_more, number }),
                None => complete = false,
            }
        }
        let mut conditions = Vec::new();
        for (index, condition) in written.conditions.iter().enumerate() {
            match self.condition_named(condition, &format!("{}/{index}", pointer(at, "conditions"))) {
                Some(condition) => conditions.push(condition),
                None => complete = false,
            }
        }
        let mut any = Vec::new();
        for (index, other) in written.any.iter().enumerate() {
            match self.requirement_named(other, &format!("{}/{index}", pointer(at, "any"))) {
                Some(other) => any.push(other),
                None => complete = false,
            }
        }
        let waived = written.waived.as_ref().map(|waived| self.test_of(waived, &pointer(at, "waived")));
        let waived = all_or_nothing(waived)?;
        complete.then(|| Requirement {
            name: name.to_owned(),
            title: written.title.clone(),
            points,
            conditions,
            any,
            waived,
        })
    }

    /// The requirement that a name refers to.
    pub(super) fn requirement_named(&mut self, name: &str, at: &str) -> Option<Arc<Requirement>> {
        if self.file.requirement.get(name).is_none() {
            let known = self.names(Kind::Requirement);
            self.unknown(&[Kind::Requirement], name, at, &known);
            return None;
        }
        self.used.insert((Kind::Requirement, name.to_owned()));
        if self.open.contains(&(Kind::Requirement, name.to_owned())) {
            return self.guarded(Kind::Requirement, name, at, |_| None);
        }
        self.requirement(name)
    }

    fn has_category(&self, name: &str) -> bool {
        self.categories().iter().any(|known| known == name)
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
