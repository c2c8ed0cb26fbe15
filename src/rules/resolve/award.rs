//! Awards: what is paid, for how many, within which bounds.

use super::scalar::Readings;
use super::{Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::exact::Exact;
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Award, AwardForm, Number, Setting, Unit};

impl Resolver<'_> {
    pub(super) fn award(&mut self, written: &model::Award, at: &str) -> Option<Award> {
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
            model::Award::Least(node) => (
                self.awards(&node.least, &pointer(at, "least")).map(AwardForm::Least),
                &node.when,
                &node.at_least,
                &node.at_most,
            ),
            model::Award::Unknown(unknown) => {
                (Some(AwardForm::Unknown(unknown.unknown.clone())), &None, &unknown.at_least, &unknown.at_most)
            }
            model::Award::Leaf(leaf) => (self.leaf(leaf, at), &leaf.when, &leaf.at_least, &leaf.at_most),
        };
        let when = when.as_ref().map(|when| {
            let here = pointer(at, "when");
            let why = "an award is part of them";
            self.test_of(when, &here).filter(|when| self.without_points(when, &here, why))
        });
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
    pub(super) fn values_of(&self, number: &Number) -> Vec<Exact> {
        match number {
            Number::Fixed(fixed) => vec![fixed.clone()],
            Number::Term(term) => {
                let defined = term.settings.iter().filter_map(|(_, setting)| match setting {
                    Setting::Number(number) => Some(number.clone()),
                    _ => None,
                });
                let set = self.file.track.iter().filter_map(|(_, track)| track.sets.get(&term.name));
                let set = set.flat_map(model::TermIs::settings).filter_map(|setting| match setting {
                    model::Setting::Number(number) => Some(number.0.clone()),
                    _ => None,
                });
                defined.chain(set).collect()
            }
        }
    }
}
