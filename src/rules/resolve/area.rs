//! Awards, metrics, requirements and areas: maxima add up, every metric is asked for.

use super::scalar::Readings;
use super::{Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::exact::Exact;
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{
    Area, Award, AwardForm, Choose, Metric, Number, PointsOf, Setting, Term, Terms, Track, Unit, Worth,
};
use chrono::NaiveDate;
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
        if let (Some(model::Number::Fixed(low)), Some(model::Number::Fixed(high))) = (at_least, at_most)
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
        let floor = self.number_if_any(at_least.as_ref(), &pointer(at, "at-least"));
        let cap = self.number_if_any(at_most.as_ref(), &pointer(at, "at-most"));
        Some(Award { form: form?, when: all_or_nothing(when)?, at_least: floor?, at_most: cap? })
    }

    fn awards(&mut self, written: &[model::Award], at: &str) -> Option<Vec<Award>> {
        let awards: Vec<Option<Award>> =
            written.iter().enumerate().map(|(index, award)| self.award(award, &format!("{at}/{index}"))).collect();
        awards.into_iter().collect()
    }

    fn leaf(&mut self, written: &model::LeafAward, at: &str) -> Option<AwardForm> {
        let points_at = pointer(at, "points");
        let points = self.number(&written.points, &points_at);
        if let model::Number::Fixed(fixed) = &written.points
            && fixed.0.is_zero()
        {
            let problem =
                Diagnostic::at(Code::NothingPaid, self.value(&points_at), "an award of 0 points pays nothing");
            self.error(problem.help("give the points, or use `not-applicable` where nothing is paid"));
        }
        let all = points.as_ref().map(|points| self.values_of(points)).unwrap_or_default();
        if all.iter().any(|points| !points.is_positive() && !points.is_zero()) && written.at_least.is_none() {
            let problem = Diagnostic::at(
                Code::NothingPaid,
                self.value(&points_at),
                "an award that takes points away has no floor",
            );
            self.error(problem.help("give `at-least`, how far it may go, or points above zero"));
        }
        let per = self.divisor("per", written.per.as_ref(), written.of.is_some(), at);
        let step = self.divisor("step", written.step.as_ref(), written.of.is_some(), at);
        match &written.of {
            None => points.map(AwardForm::Fixed),
            Some(of) => {
                let (of, unit) = self.scalar(of, &pointer(at, "of"), &mut Readings)?;
                if let Some(unit @ (Unit::Day | Unit::Month)) = unit {
                    let place = self.value(&pointer(at, "of"));
                    let problem = Diagnostic::at(Code::UnitMismatch, place, format!("{unit} pays no points"));
                    self.error(problem.help("pay for a number"));
                }
                let per = per?.unwrap_or_else(|| Number::Fixed(Exact::from(1)));
                Some(AwardForm::Rate { of, points: points?, per, step: step? })
            }
        }
    }

    /// `per` or `step`: above zero, on every day and track.
    #[expect(
        clippy::option_option,
        reason = "the outer says whether it holds together, the inner whether it was written"
    )]
    fn divisor(
        &mut self,
        word: &str,
        written: Option<&model::Number>,
        divides: bool,
        at: &str,
    ) -> Option<Option<Number>> {
        let Some(written) = written else { return Some(None) };
        let here = pointer(at, word);
        if !divides {
            let problem =
                Diagnostic::at(Code::WrongForm, self.key(&here), format!("`{word}` needs a number to divide"));
            self.error(problem.help("add `of`, or leave this out: without `of` the points are paid once"));
            return None;
        }
        let number = self.number(written, &here)?;
        if self.values_of(&number).iter().any(|number| !number.is_positive()) {
            let problem =
                Diagnostic::at(Code::NothingPaid, self.value(&here), format!("`{word}` has to be above zero"));
            self.error(problem.help("leave it out where it is not needed"));
        }
        Some(Some(number))
    }

    /// What a number is on any day and track.
    fn values_of(&self, number: &Number) -> Vec<Exact> {
        match number {
            Number::Fixed(fixed) => vec![fixed.clone()],
            Number::Term(term) => {
                let defined = term.settings.iter().filter_map(|(_, setting)| match setting {
                    Setting::Number(number) => Some(number.clone()),
                    _ => None,
                });
                let set = self.file.track.iter().filter_map(|(_, track)| match track.sets.get(&term.name) {
                    Some(model::Setting::Number(number)) => Some(number.0.clone()),
                    _ => None,
                });
                defined.chain(set).collect()
            }
        }
    }

    pub(super) fn areas(&mut self) -> IndexMap<String, Area> {
        let mut areas = IndexMap::new();
        for (name, written) in self.file.area.iter() {
            let at = pointer("/area", name);
            self.cite(written.cite.as_ref(), &at, None);
            let own = self.own_metrics(written, &at);
            let metrics = self.area_metrics(written, &at, &own);
            let requirement = self.requirement_named(&written.attained, &pointer(&at, "attained"));
            let tracks = self.area_tracks(written, &at);
            let max_points = self.number_if_any(written.max_points.as_ref(), &pointer(&at, "max-points"));
            self.has_points(written, &at);
            let (Some(metrics), Some(requirement), Some(tracks), Some(max_points)) =
                (metrics, requirement, tracks, max_points)
            else {
                continue;
            };
            let area = Area {
                name: name.to_owned(),
                title: written.title.clone(),
                metrics,
                max_points,
                choose: written.choose.unwrap_or(Choose::First),
                tracks,
                interpretations: self.interpretations_of_area(name, &requirement.name),
                requirement,
            };
            self.unset_terms(&area, &at);
            self.within_reach(&area, &at);
            areas.insert(name.to_owned(), area);
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

    /// The tracks of an area; where several are asked in order, the last is for everybody else.
    fn area_tracks(&mut self, area: &model::Area, at: &str) -> Option<Vec<Arc<Track>>> {
        let here = pointer(at, "tracks");
        let tracks: Vec<Option<Arc<Track>>> = area
            .tracks
            .iter()
            .enumerate()
            .map(|(index, name)| self.track_named(name, &format!("{here}/{index}")))
            .collect();
        let choose = area.choose;
        let problem = match (area.tracks.len(), choose) {
            (0, Some(_)) => Some((pointer(at, "choose"), "there are no tracks to choose from")),
            (1, _) => Some((here.clone(), "an area with one track has nothing to choose from")),
            (0, None) | (_, Some(_)) => None,
            (_, None) => Some((here.clone(), "nothing says which track counts")),
        };
        if let Some((place, message)) = problem {
            let problem = Diagnostic::at(Code::Misfit, self.key(&place), message);
            self.error(
                problem.help("list two tracks or more, and say `choose`: `first`, `best-total` or `best-attained`"),
            );
        }
        let tracks: Vec<Arc<Track>> = tracks.into_iter().collect::<Option<_>>()?;
        if choose == Some(Choose::First) {
            for (index, track) in tracks.iter().enumerate() {
                let is_last = index + 1 == tracks.len();
                if track.when.is_none() != is_last {
                    let message = if is_last {
                        format!("who is on no track before is not on `{}` either", track.name)
                    } else {
                        format!("everybody is on `{}`, so no later track is ever asked", track.name)
                    };
                    let place = self.value(&format!("{here}/{index}"));
                    let problem = Diagnostic::at(Code::Misfit, place, message);
                    self.error(problem.help("only the last track has no `when`"));
                }
            }
        }
        Some(tracks)
    }

    /// An area with metrics declares its points, one without has none.
    fn has_points(&mut self, area: &model::Area, at: &str) {
        if area.metrics.is_empty() == area.max_points.is_none() {
            return;
        }
        let problem = if area.metrics.is_empty() {
            let here = self.key(&pointer(at, "max-points"));
            Diagnostic::at(Code::Misfit, here, "an area without metrics has no points").help("leave `max-points` out")
        } else {
            let problem = Diagnostic::at(Code::MissingKey, self.key(at), "the area has metrics, and no `max-points`");
            problem.help("add what their maxima come to: a cap mistyped anywhere shows by it")
        };
        self.error(problem);
    }

    /// Every term that is read has a setting on each of the area's tracks, or without a track where there are none.
    fn unset_terms(&mut self, area: &Area, at: &str) {
        let mut asked: Vec<Arc<Term>> = Vec::new();
        let mut on_tracks = |term: &Arc<Term>| asked.push(Arc::clone(term));
        area.awards().for_each(|award| award.terms(&mut on_tracks));
        area.requirement.terms(&mut on_tracks);
        area.requirement.each_condition(&mut |condition| condition.terms(&mut on_tracks));
        if let Some(Number::Term(term)) = &area.max_points {
            on_tracks(term);
        }
        let mut readings = Vec::new();
        area.awards().for_each(|award| award.readings(&mut |reading| readings.push(reading)));
        area.requirement.each_condition(&mut |condition| condition.readings(&mut |reading| readings.push(reading)));
        for reading in readings {
            reading.terms(&mut on_tracks);
        }
        // Who is on a track is asked before there is one.
        let mut before: Vec<Arc<Term>> = Vec::new();
        for when in area.tracks.iter().filter_map(|track| track.when.as_ref()) {
            when.terms(&mut |term| before.push(Arc::clone(term)));
            when.readings(&mut |reading| reading.terms(&mut |term| before.push(Arc::clone(term))));
        }
        let is_unset = |term: &Arc<Term>| term.settings.is_empty();
        for term in asked.iter().filter(|term| is_unset(term)) {
            let lacking = area.tracks.iter().find(|track| !track.sets.contains_key(&term.name));
            match lacking {
                Some(track) => self.unset(
                    term,
                    &pointer("/track", &track.name),
                    &format!("track `{}` does not set it", track.name),
                ),
                None if area.tracks.is_empty() => self.unset(term, at, "this area has no tracks"),
                None => {}
            }
        }
        for term in before.iter().filter(|term| is_unset(term)) {
            self.unset(term, at, "its tracks ask for it before one of them is chosen");
        }
    }

    fn unset(&mut self, term: &Term, at: &str, why: &str) {
        let message = format!("nothing says what term `{}` is: {why}", term.name);
        let problem = Diagnostic::at(Code::UnsetTerm, self.key(at), message);
        let problem = problem
            .other(self.key(&pointer("/term", &term.name)), "the term")
            .help("give the term an `is`, or set it on the track");
        if !self.found.has_like(&problem) {
            self.error(problem);
        }
    }

    /// On every track, and on every day on which terms change, the maxima add up and what is asked can be reached.
    fn within_reach(&mut self, area: &Area, at: &str) {
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
        let terms = self.terms.values().flatten();
        let changes = terms.flat_map(|term| term.settings.iter().filter_map(|(until, _)| until.as_ref()?.succ_opt()));
        std::iter::once(start).chain(changes.filter(|day| *day > start)).collect()
    }

    /// What the requirement asks for is within the reach of the area and of each of its metrics.
    fn attainable(&mut self, area: &Area, terms: &Terms<'_>, at: &str) {
        let asked = pointer("/requirement", &area.requirement.name);
        let Some(max_points) = area.max_points.as_ref().map(|points| terms.number(points)) else { return };
        for (of, number) in &area.requirement.points {
            let asks = terms.number(number);
            match of {
                PointsOf::Total if asks > max_points => {
                    let message = format!("nobody can attain an area of {max_points} points that has to reach {asks}");
                    let there_is = self.value(&pointer(at, "max-points"));
                    self.beyond_reach(
                        Diagnostic::at(Code::ImpossibleBounds, self.value(&pointer(&asked, "total-at-least")), message)
                            .other(there_is, "the area's points")
                            .help("correct one of the two, or let the area ask for another requirement"),
                    );
                }
                PointsOf::EachMetric | PointsOf::EachMetricMore => {
                    let is_more = *of == PointsOf::EachMetricMore;
                    let key = if is_more { "each-metric-more-than" } else { "each-metric-at-least" };
                    for (index, metric) in area.metrics.iter().enumerate() {
                        let Worth::Award(award) = &metric.worth else { continue };
                        let out_of_reach = |most: &Exact| *most < asks || (is_more && *most == asks);
                        let Some(most) = award.most(terms).filter(out_of_reach) else { continue };
                        let listed = self.value(&format!("{}/{index}", pointer(at, "metrics")));
                        let more = if is_more { "more than " } else { "" };
                        let message =
                            format!("metric `{}` pays at most {most}, and {more}{asks} are asked of each", metric.name);
                        self.beyond_reach(
                            Diagnostic::at(Code::ImpossibleBounds, self.value(&pointer(&asked, key)), message)
                                .other(listed, "the metric is asked for here")
                                .help("correct this number or the metric's `at-most`"),
                        );
                    }
                }
                PointsOf::Total | PointsOf::Category(_) => {}
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
    fn maxima(&mut self, area: &Area, terms: &Terms<'_>, at: &str) {
        let Some(declared) = area.max_points.as_ref().map(|points| terms.number(points)) else { return };
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
                self.beyond_reach(problem.help("give the metric's award an `at-most`"));
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
