//! Awards: what is paid, and the least and the most that can be.

use super::{Condition, Number, Reading, Reduce, Scalar, Term, Terms};
use crate::exact::Exact;
use std::sync::Arc;

/// How points are earned: where `when` holds, the form's points, then the floor, then the cap.
#[derive(Clone, Debug)]
pub struct Award {
    /// What is paid.
    pub form: AwardForm,
    /// Without which nothing is paid.
    pub when: Option<Condition>,
    /// The floor, where the award pays.
    pub at_least: Option<Number>,
    /// The cap.
    pub at_most: Option<Number>,
}

/// What an award pays.
#[derive(Clone, Debug)]
pub enum AwardForm {
    /// These points, once.
    Fixed(Number),
    /// `points` × (`of` rounded down to `step`) ÷ `per`.
    Rate {
        /// The number paid for.
        of: Scalar<Reading>,
        /// Points for each unit.
        points: Number,
        /// The unit; above zero.
        per: Number,
        /// The step; above zero.
        step: Option<Number>,
    },
    /// All of them.
    Plus(Vec<Award>),
    /// The best of them.
    Greatest(Vec<Award>),
    /// The least of them.
    Least(Vec<Award>),
    /// What the rules do not say; with what that is.
    Unknown(String),
}

impl Award {
    /// The most it can pay; `None` where nothing bounds it.
    #[must_use]
    pub fn most(&self, terms: &Terms<'_>) -> Option<Exact> {
        self.or_nothing(self.most_paid(terms), std::cmp::max)
    }

    /// The least it can pay; `None` where nothing bounds it.
    #[must_use]
    pub fn least(&self, terms: &Terms<'_>) -> Option<Exact> {
        self.or_nothing(self.least_paid(terms), std::cmp::min)
    }

    /// The most it pays where its condition holds.
    #[must_use]
    pub fn most_paid(&self, terms: &Terms<'_>) -> Option<Exact> {
        let form = match &self.form {
            AwardForm::Fixed(points) => Some(terms.number(points)),
            AwardForm::Rate { .. } | AwardForm::Unknown(_) => None,
            AwardForm::Plus(parts) => {
                parts.iter().map(|part| part.most(terms)).try_fold(Exact::zero(), |sum, most| Some(&sum + &most?))
            }
            AwardForm::Greatest(parts) => {
                let all = parts.iter().map(|part| part.most(terms)).collect::<Option<Vec<_>>>();
                all.and_then(|all| all.into_iter().max())
            }
            AwardForm::Least(parts) => parts.iter().filter_map(|part| part.most(terms)).min(),
        };
        form.map(|points| self.within(points, terms)).or_else(|| Some(terms.number(self.at_most.as_ref()?)))
    }

    /// The least it pays where its condition holds.
    #[must_use]
    pub fn least_paid(&self, terms: &Terms<'_>) -> Option<Exact> {
        let form = match &self.form {
            AwardForm::Fixed(points) => Some(terms.number(points)),
            AwardForm::Unknown(_) => None,
            AwardForm::Rate { of, points, .. } => {
                (is_never_negative(of) && terms.number(points).is_positive()).then(Exact::zero)
            }
            AwardForm::Plus(parts) => {
                parts.iter().map(|part| part.least(terms)).try_fold(Exact::zero(), |sum, least| Some(&sum + &least?))
            }
            AwardForm::Greatest(parts) => parts.iter().filter_map(|part| part.least(terms)).max(),
            AwardForm::Least(parts) => {
                let all = parts.iter().map(|part| part.least(terms)).collect::<Option<Vec<_>>>();
                all.and_then(|all| all.into_iter().min())
            }
        };
        form.map(|points| self.within(points, terms)).or_else(|| Some(terms.number(self.at_least.as_ref()?)))
    }

    /// With a condition, nothing may be paid at all.
    fn or_nothing(&self, points: Option<Exact>, pick: fn(Exact, Exact) -> Exact) -> Option<Exact> {
        if self.when.is_some() { points.map(|points| pick(points, Exact::zero())) } else { points }
    }

    /// Floor, then cap.
    #[must_use]
    pub fn within(&self, points: Exact, terms: &Terms<'_>) -> Exact {
        let floored = match &self.at_least {
            Some(floor) => points.max(terms.number(floor)),
            None => points,
        };
        match &self.at_most {
            Some(cap) => floored.min(terms.number(cap)),
            None => floored,
        }
    }

    /// Calls `each` with it and every award in it.
    pub fn parts<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        match &self.form {
            AwardForm::Fixed(_) | AwardForm::Rate { .. } | AwardForm::Unknown(_) => {}
            AwardForm::Plus(parts) | AwardForm::Greatest(parts) | AwardForm::Least(parts) => {
                for part in parts {
                    part.parts(each);
                }
            }
        }
    }

    /// Calls `each` with every condition.
    pub fn conditions<'a>(&'a self, each: &mut impl FnMut(&'a Condition)) {
        self.parts(&mut |part| part.when.iter().for_each(&mut *each));
    }

    /// Calls `each` with every reading: of each part the condition's first, then the payment's.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        self.parts(&mut |part| {
            if let Some(when) = &part.when {
                when.readings(each);
            }
            if let AwardForm::Rate { of, .. } = &part.form {
                of.leaves(each);
            }
        });
    }

    /// Calls `each` with every term that it reads itself, without those of its readings.
    pub fn terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        self.parts(&mut |part| {
            if let Some(when) = &part.when {
                when.terms(each);
            }
            let number = &mut |number: &'a Number| number.term().into_iter().for_each(&mut *each);
            part.at_least.iter().chain(&part.at_most).for_each(&mut *number);
            match &part.form {
                AwardForm::Fixed(points) => number(points),
                AwardForm::Rate { of, points, per, step } => {
                    of.numbers(number);
                    [Some(points), Some(per), step.as_ref()].into_iter().flatten().for_each(number);
                }
                AwardForm::Plus(_) | AwardForm::Greatest(_) | AwardForm::Least(_) | AwardForm::Unknown(_) => {}
            }
        });
    }
}

/// Whether no data can make a number negative: it only counts groups.
fn is_never_negative(of: &Scalar<Reading>) -> bool {
    match of {
        Scalar::Of(reading) => reading.measure.reduce == Reduce::Count,
        Scalar::Plus(parts) => parts.iter().all(is_never_negative),
        _ => false,
    }
}
