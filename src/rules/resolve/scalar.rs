//! Numbers made of readings, bounds and conditions: units meet only their own kind.

use super::measure::ReadingPlace;
use super::{Kind, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Bound, Bounds, Condition, NamedCondition, Scalar};
use crate::rules::word::Decimal;
use std::sync::Arc;

/// How many comparisons a condition can come to: names that name names multiply.
const MOST_COMPARISONS: usize = 1000;

impl Resolver<'_> {
    pub(super) fn scalar(&mut self, written: &model::Scalar, at: &str) -> Option<Scalar> {
        match written {
            model::Scalar::Name(name) => self.reading(name, None, None, ReadingPlace::Name(at)).map(Scalar::Reading),
            model::Scalar::Reading(reading) => self
                .reading(&reading.measure, reading.given.as_ref(), reading.ago, ReadingPlace::Table(at))
                .map(Scalar::Reading),
            model::Scalar::Plus(written) => self.operands(&written.plus, &pointer(at, "plus")).map(Scalar::Plus),
            model::Scalar::Minus(written) => {
                self.sides(&written.minus, &pointer(at, "minus")).map(|sides| Scalar::Minus(Box::new(sides)))
            }
            model::Scalar::PercentChange(written) => self
                .sides(&written.percent_change, &pointer(at, "percent-change"))
                .map(|sides| Scalar::PercentChange { sides: Box::new(sides), no_base: written.no_base.0.clone() }),
        }
    }

    fn sides(&mut self, written: &[model::Scalar; 2], at: &str) -> Option<[Scalar; 2]> {
        let sides: [Scalar; 2] = self.operands(written, at)?.try_into().ok()?;
        if let [Scalar::Reading(one), Scalar::Reading(other)] = &sides
            && one.key() == other.key()
        {
            let message = format!("measure `{}` is set against itself", one.measure.name);
            let problem = Diagnostic::at(Code::SameTwice, self.value(&format!("{at}/1")), message);
            self.error(
                problem
                    .other(self.value(&format!("{at}/0")), "the same")
                    .help("ask for another time with `ago`, or for another measure or list"),
            );
            return None;
        }
        Some(sides)
    }

    /// Numbers that are added, taken from or compared with each other: of one unit.
    fn operands(&mut self, written: &[model::Scalar], at: &str) -> Option<Vec<Scalar>> {
        let operands: Vec<Option<Scalar>> =
            written.iter().enumerate().map(|(index, scalar)| self.scalar(scalar, &format!("{at}/{index}"))).collect();
        let operands: Vec<Scalar> = operands.into_iter().collect::<Option<_>>()?;
        let unit = operands.first()?.unit();
        let mut fits = true;
        for (index, operand) in operands.iter().enumerate().skip(1) {
            if operand.unit() != unit {
                let here = self.value(&format!("{at}/{index}"));
                let problem = Diagnostic::at(
                    Code::UnitMismatch,
                    here,
                    format!("this is {}, and the first is {unit}", operand.unit()),
                );
                self.error(
                    problem
                        .other(self.value(&format!("{at}/0")), unit.to_string())
                        .help("combine measures of one unit"),
                );
                fits = false;
            }
        }
        fits.then_some(operands)
    }

    /// Bounds in the order at-least, more-than, at-most, less-than; reports bounds that exclude every value.
    pub(super) fn bounds(
        &mut self,
        [at_least, more_than, at_most, less_than]: [&Option<Decimal>; 4],
        at: &str,
    ) -> Bounds {
        let low = [at_least, more_than].into_iter().flatten().map(|limit| &limit.0).max();
        let high = [at_most, less_than].into_iter().flatten().map(|limit| &limit.0).min();
        if let (Some(low), Some(high)) = (low, high) {
            let strict = more_than.as_ref().is_some_and(|limit| limit.0 == *low)
                || less_than.as_ref().is_some_and(|limit| limit.0 == *high);
            if low > high || (low == high && strict) {
                let problem =
                    Diagnostic::at(Code::ImpossibleBounds, self.value(at), "no value lies between these bounds");
                self.error(problem.help("the lower bound has to be below the upper one"));
            }
        }
        let bound = |limit: &Option<Decimal>, make: fn(crate::exact::Exact) -> Bound| {
            limit.as_ref().map(|limit| make(limit.0.clone()))
        };
        let all = [
            bound(at_least, Bound::AtLeast),
            bound(more_than, Bound::MoreThan),
            bound(at_most, Bound::AtMost),
            bound(less_than, Bound::LessThan),
        ];
        Bounds(all.into_iter().flatten().collect())
    }

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
            Some(Arc::new(NamedCondition { name: name.to_owned(), title: written.title.clone(), when, comparisons }))
        });
        self.conditions.insert(name.to_owned(), made.clone());
        made
    }

    pub(super) fn test_of(&mut self, written: &model::Condition, at: &str) -> Option<Condition> {
        match written {
            model::Condition::Name(name) => {
                if self.file.condition.get(name).is_none() {
                    let known = self.names(Kind::Condition);
                    self.unknown(&[Kind::Condition], name, at, &known);
                    return None;
                }
                self.used.insert((Kind::Condition, name.clone()));
                if self.open.contains(&(Kind::Condition, name.clone())) {
                    return self.guarded(Kind::Condition, name, at, |_| None);
                }
                self.condition(name).map(Condition::Named)
            }
            model::Condition::All(parts) => self.tests_of(&parts.all, &pointer(at, "all")).map(Condition::All),
            model::Condition::Any(parts) => self.tests_of(&parts.any, &pointer(at, "any")).map(Condition::Any),
            model::Condition::Not(part) => {
                self.test_of(&part.not, &pointer(at, "not")).map(|test| Condition::Not(Box::new(test)))
            }
            model::Condition::Reading(written) => {
                let reading =
                    self.reading(&written.measure, written.given.as_ref(), written.ago, ReadingPlace::Table(at));
                let bounds =
                    self.bounds([&written.at_least, &written.more_than, &written.at_most, &written.less_than], at);
                Some(Condition::Within { of: Scalar::Reading(reading?), bounds })
            }
            model::Condition::Scalar(written) => {
                let of = self.scalar(&written.of, &pointer(at, "of"));
                let bounds =
                    self.bounds([&written.at_least, &written.more_than, &written.at_most, &written.less_than], at);
                Some(Condition::Within { of: of?, bounds })
            }
        }
    }

    fn tests_of(&mut self, written: &[model::Condition], at: &str) -> Option<Vec<Condition>> {
        let tests: Vec<Option<Condition>> =
            written.iter().enumerate().map(|(index, test)| self.test_of(test, &format!("{at}/{index}"))).collect();
        tests.into_iter().collect()
    }
}
