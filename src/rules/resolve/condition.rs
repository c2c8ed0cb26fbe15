//! Conditions: on readings, on other months, on other results.

use super::measure::ReadingPlace;
use super::scalar::{Leaves as _, Readings, Written};
use super::{Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Condition, NamedCondition, Number, ResultRef, Scalar, Seeable, Seen, Unit};
use std::sync::Arc;

/// How many comparisons a condition can come to: names that name names multiply.
const MOST_COMPARISONS: usize = 1000;

impl Resolver<'_> {
    /// The condition of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn condition(&mut self, name: &str) -> Option<Arc<NamedCondition>> {
        if let Some(known) = self.conditions.get(name) {
            return known.clone();
        }
        let written = self.file.condition.get(name)?;
        let at = pointer("/condition", name);
        let made = self.guarded(Kind::Condition, name, &pointer(&at, "when"), |this| {
            this.cite(written.cite.as_ref(), &at, None);
            let when = this.test_of(&written.when, &pointer(&at, "when"))?;
            let comparisons = when.comparisons();
            if comparisons > MOST_COMPARISONS {
                let here = this.value(&pointer(&at, "when"));
                let problem = Diagnostic::at(
                    Code::Circular,
                    here,
                    format!("condition `{name}` comes to more than {MOST_COMPARISONS} comparisons"),
                );
                this.error(problem.help("name each condition once"));
                return None;
            }
            let (name, title) = (name.to_owned(), written.title.clone());
            Some(Arc::new(NamedCondition { name, title, when, comparisons }))
        });
        self.conditions.insert(name.to_owned(), made.clone());
        made
    }

    /// The condition that a name refers to.
    pub(super) fn condition_named(&mut self, name: &str, at: &str) -> Option<Arc<NamedCondition>> {
        if self.file.condition.get(name).is_none() {
            let known = self.names(Kind::Condition);
            self.unknown(&[Kind::Condition], name, at, &known);
            return None;
        }
        self.used.insert((Kind::Condition, name.to_owned()));
        if self.open.contains(&(Kind::Condition, name.to_owned())) {
            return self.guarded(Kind::Condition, name, at, |_| None);
        }
        self.condition(name)
    }

    pub(super) fn test_of(&mut self, written: &model::Condition, at: &str) -> Option<Condition> {
        match written {
            model::Condition::Name(name) => self.condition_named(name, at).map(Condition::Named),
            model::Condition::All(parts) => self.tests_of(&parts.all, &pointer(at, "all")).map(Condition::All),
            model::Condition::Any(parts) => self.tests_of(&parts.any, &pointer(at, "any")).map(Condition::Any),
            model::Condition::Not(part) => {
                self.test_of(&part.not, &pointer(at, "not")).map(|test| Condition::Not(Box::new(test)))
            }
            model::Condition::Met(written) => {
                let here = pointer(at, "met");
                let of = self.tests_of(&written.met, &here);
                self.each_once(&here);
                let at_least = self.how_many(&written.at_least, written.met.len(), &pointer(at, "at-least"));
                Some(Condition::Met { of: of?, at_least: at_least? })
            }
            model::Condition::Seen(written) => self.seen(written, at).map(|seen| Condition::Seen(Box::new(seen))),
            model::Condition::Attained(written) => self.attained_result(written, at).map(Condition::Result),
            model::Condition::Track(written) => {
                let here = pointer(at, "track");
                if self.file.track.get(&written.track).is_none() {
                    let known = self.names(Kind::Track);
                    self.unknown(&[Kind::Track], &written.track, &here, &known);
                    return None;
                }
                Some(Condition::Track(written.track.as_str().into()))
            }
            model::Condition::Unknown(_) => Some(Condition::Unknown),
            model::Condition::Points(written) => self.points_asked(written, at).map(Condition::Points),
            model::Condition::Reading(written) => {
                let reading =
                    self.reading(&written.measure, written.given.as_ref(), written.ago, ReadingPlace::Table(at));
                let unit = reading.as_ref().map(|reading| reading.measure.unit);
                let limits = [&written.at_least, &written.more_than, &written.at_most, &written.less_than];
                let bounds = self.bounds(limits, written.range.as_ref(), unit, at, &mut Readings);
                Some(Condition::Within { of: Scalar::Of(reading?), bounds: bounds? })
            }
            model::Condition::Scalar(written) => {
                let of = self.scalar(&written.of, &pointer(at, "of"), &mut Readings);
                let unit = of.as_ref().and_then(|(_, unit)| *unit);
                let limits = [&written.at_least, &written.more_than, &written.at_most, &written.less_than];
                let bounds = self.bounds(limits, written.range.as_ref(), unit, at, &mut Readings);
                Some(Condition::Within { of: of?.0, bounds: bounds? })
            }
        }
    }

    fn tests_of(&mut self, written: &[model::Condition], at: &str) -> Option<Vec<Condition>> {
        let tests: Vec<Option<Condition>> =
            written.iter().enumerate().map(|(index, test)| self.test_of(test, &format!("{at}/{index}"))).collect();
        tests.into_iter().collect()
    }

    /// What is counted stands once.
    fn each_once(&mut self, at: &str) {
        let written = self.document.json.pointer(at).and_then(|list| list.as_array()).cloned().unwrap_or_default();
        for (index, one) in written.iter().enumerate() {
            if let Some(first) = written.iter().take(index).position(|other| other == one) {
                let place = self.value(&format!("{at}/{index}"));
                let problem = Diagnostic::at(Code::SameTwice, place, "this condition is counted twice");
                let problem = problem.other(self.value(&format!("{at}/{first}")), "the same");
                self.error(problem.help("name each condition once"));
            }
        }
    }

    /// How many of some things: a plain number or a term, and no more than there are.
    fn how_many(&mut self, written: &model::Limit, there_are: usize, at: &str) -> Option<Number> {
        let number = match written {
            model::Limit::Number(number) => self.number(number, at)?,
            model::Limit::Day(_) | model::Limit::Ago(_) | model::Limit::Amount(_) | model::Limit::Scalar(_) => {
                let problem = Diagnostic::at(Code::Misfit, self.value(at), "this is counted, not computed");
                self.error(problem.help("give a number, or the name of a term"));
                return None;
            }
        };
        let most = crate::exact::Exact::from(i64::try_from(there_are).unwrap_or(i64::MAX));
        if let Number::Fixed(fixed) = &number
            && (*fixed > most || !fixed.is_positive())
        {
            let message = format!("{fixed} of {there_are} is not possible");
            let problem = Diagnostic::at(Code::ImpossibleBounds, self.value(at), message);
            self.error(problem.help(format!("give a number from 1 to {there_are}")));
        }
        Some(number)
    }

    fn seen(&mut self, written: &model::Seen, at: &str) -> Option<Seen> {
        let here = pointer(at, "seen");
        self.looks_back.push(self.value(&here));
        let what = match &written.seen {
            model::Seeable::Name(name) => {
                let why = "here no area does: write `seen = { attained = \"…\", condition = \"…\" }`";
                self.condition_named(name, &here)
                    .filter(|named| self.without_points(&named.when, &here, why))
                    .map(Seeable::Condition)
            }
            model::Seeable::Attained(written) => self.attained_result(written, &here).map(Seeable::Result),
        };
        let last = usize::try_from(written.last).unwrap_or(usize::MAX);
        let at_least = self.how_many(&written.at_least, last, &pointer(at, "at-least"));
        let anniversary = written.anniversary.as_ref().map(|name| {
            let here = pointer(at, "anniversary");
            let (reading, unit) = Readings.leaf(self, Written::Name(name), &here)?;
            if unit != Unit::Day {
                let message = format!("measure `{name}` is {unit}, and an anniversary is of a day");
                let problem = Diagnostic::at(Code::UnitMismatch, self.value(&here), message);
                self.error(
                    problem.help("name a measure whose `reduce` takes the greatest or least of a column of dates"),
                );
                return None;
            }
            Some(reading)
        });
        let anniversary = all_or_nothing(anniversary);
        let (ago, on) = (written.ago.unwrap_or(0), written.on.unwrap_or_default());
        Some(Seen { what: what?, last: written.last, ago, on, at_least: at_least?, anniversary: anniversary? })
    }

    /// A result; what another program has is checked when all programs are known.
    fn attained_result(&mut self, written: &model::Attained, at: &str) -> Option<ResultRef> {
        let here = pointer(at, "attained");
        let program = written.program.as_ref();
        let result = ResultRef {
            program: program.filter(|program| **program != self.file.edition.program.0).cloned(),
            area: written.attained.clone(),
            condition: written.condition.clone(),
        };
        self.results.push((result.clone(), self.value(&here)));
        if result.program.is_some() {
            return Some(result);
        }
        if self.file.area.get(&result.area).is_none() {
            let known: Vec<String> = self.file.area.names().map(str::to_owned).collect();
            self.unknown_thing("area", &result.area, &here, &known);
            return None;
        }
        if let Some(name) = &result.condition {
            self.condition_named(name, &pointer(at, "condition"))?;
        }
        Some(result)
    }
}
