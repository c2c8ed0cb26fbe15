//! What awards pay: a number where it can be decided, else what lies between the certain and the cap.

use super::condition::Unmet;
use super::scope::Scope;
use super::{Interval, Reason};
use crate::exact::Exact;
use crate::rules::{Award, AwardForm, Figure, Figures as _, Unit};

/// What an award comes to.
pub(super) struct Evaluation {
    pub(super) points: Interval,
    /// The number it pays for, where it is one number and known.
    pub(super) value: Option<(Exact, Unit)>,
    pub(super) reasons: Vec<Reason>,
}

impl Scope<'_> {
    /// What an award comes to.
    ///
    /// The condition is asked first: where it fails nothing is paid, whatever the number; where it cannot be decided the
    /// award cannot. The number is read in any case, because people ask what it would have been.
    pub(super) fn award(&self, award: &Award) -> Evaluation {
        let mut unmet = Vec::new();
        let holds = match &award.when {
            None => Some(true),
            Some(when) => self.condition(when, &mut unmet),
        };
        if holds != Some(false) {
            unmet.clear();
        }
        let mut reasons: Vec<Reason> = unmet.into_iter().map(Unmet::reason).collect();
        let Evaluation { points, value, reasons: of_the_form } = self.form(award);
        reasons.extend(of_the_form);
        let points = match holds {
            Some(true) => points,
            Some(false) => Interval::known(Exact::zero()),
            // Nothing, or what the form pays: at the least the smaller of the two, at the most the cap.
            None => {
                Interval { least: points.least.map(|least| least.min(Exact::zero())), most: award.most(&self.terms()) }
            }
        };
        Evaluation { points, value, reasons }
    }

    /// What an award pays where its condition holds: the form's points, the floor, the cap.
    fn form(&self, award: &Award) -> Evaluation {
        let terms = self.terms();
        let mut reasons = Vec::new();
        let mut value = None;
        let points = match &award.form {
            AwardForm::Fixed(points) => Interval::known(terms.number(points)),
            AwardForm::Rate { of, points, per, step } => {
                let figure = of.figure(self);
                reasons.extend(self.told());
                let number = match figure {
                    Figure::Known(number) => {
                        let unit = of.unit(&|reading| reading.measure.unit).unwrap_or(Unit::Count);
                        value = Some((number.clone(), unit));
                        number
                    }
                    Figure::Missing => {
                        reasons.push(Reason::new("no-number", "there is no number to pay for; it counts as 0"));
                        Exact::zero()
                    }
                    Figure::Unknown => {
                        let points = Interval { least: award.least_paid(&terms), most: award.most_paid(&terms) };
                        return Evaluation { points, value, reasons };
                    }
                };
                let step = step.as_ref().map(|step| terms.number(step));
                let counted = step.map_or_else(|| number.clone(), |step| number.down_to_step(&step));
                let paid = (&terms.number(points) * &counted).over(&terms.number(per));
                Interval::known(paid.unwrap_or_else(Exact::zero))
            }
            AwardForm::Unknown(what) => {
                reasons.push(Reason::new("unknown", what.as_str()));
                let points = Interval { least: award.least_paid(&terms), most: award.most_paid(&terms) };
                return Evaluation { points, value, reasons };
            }
            AwardForm::Plus(parts) => {
                let parts: Vec<Evaluation> = parts.iter().map(|part| self.award(part)).collect();
                let sum = parts.iter().fold(Interval::known(Exact::zero()), |sum, part| sum.plus(&part.points));
                reasons.extend(parts.into_iter().flat_map(|part| part.reasons));
                sum
            }
            AwardForm::Greatest(parts) => {
                let parts: Vec<Evaluation> = parts.iter().map(|part| self.award(part)).collect();
                let least = parts.iter().filter_map(|part| part.points.least.clone()).max();
                let most = parts
                    .iter()
                    .map(|part| part.points.most.clone())
                    .collect::<Option<Vec<_>>>()
                    .and_then(|all| all.into_iter().max());
                // Where one part is known to pay best, why the others paid less is of no interest.
                let best = Interval { least, most };
                let is_best = |part: &Evaluation| best.value().is_some_and(Exact::is_positive) && part.points == best;
                let chosen = parts.iter().position(is_best);
                let told = parts.into_iter().enumerate().filter(|(at, _)| chosen.is_none_or(|chosen| chosen == *at));
                reasons.extend(told.flat_map(|(_, part)| part.reasons));
                best
            }
            AwardForm::Least(parts) => {
                let parts: Vec<Evaluation> = parts.iter().map(|part| self.award(part)).collect();
                let least = parts
                    .iter()
                    .map(|part| part.points.least.clone())
                    .collect::<Option<Vec<_>>>()
                    .and_then(|all| all.into_iter().min());
                let most = parts.iter().filter_map(|part| part.points.most.clone()).min();
                reasons.extend(parts.into_iter().flat_map(|part| part.reasons));
                Interval { least, most }
            }
        };
        let within = |limit: Option<Exact>, unlimited: Option<Exact>| {
            limit.map(|points| award.within(points, &terms)).or(unlimited)
        };
        let bound = |number: &Option<crate::rules::Number>| number.as_ref().map(|number| terms.number(number));
        let points = Interval {
            least: within(points.least, bound(&award.at_least)),
            most: within(points.most, bound(&award.at_most)),
        };
        Evaluation { points, value, reasons }
    }
}
