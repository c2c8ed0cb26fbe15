//! Awards: what is paid, and the least and the most that can be.

use super::{Condition, Reading, Scalar};
use crate::exact::Exact;

/// How points are earned: where `when` holds, the form's points, then the floor, then the cap.
#[derive(Clone, Debug)]
pub struct Award {
    /// What is paid.
    pub form: AwardForm,
    /// Without which nothing is paid.
    pub when: Option<Condition>,
    /// The floor, where the award pays.
    pub at_least: Option<Exact>,
    /// The cap.
    pub at_most: Option<Exact>,
}

/// What an award pays.
#[derive(Clone, Debug)]
pub enum AwardForm {
    /// These points, once.
    Fixed(Exact),
    /// `points` × (`of` rounded down to `step`) ÷ `per`.
    Rate {
        /// The number paid for.
        of: Scalar,
        /// Points for each unit.
        points: Exact,
        /// The unit; above zero.
        per: Exact,
        /// The step; above zero.
        step: Option<Exact>,
    },
    /// All of them.
    Plus(Vec<Award>),
    /// The best of them.
    Greatest(Vec<Award>),
}

impl Award {
    /// The most it can pay; `None` where nothing bounds it.
    #[must_use]
    pub fn most(&self) -> Option<Exact> {
        self.or_nothing(self.most_paid(), std::cmp::max)
    }

    /// The least it can pay; `None` where nothing bounds it.
    #[must_use]
    pub fn least(&self) -> Option<Exact> {
        self.or_nothing(self.least_paid(), std::cmp::min)
    }

    /// The most it pays where its condition holds.
    #[must_use]
    pub fn most_paid(&self) -> Option<Exact> {
        let form = match &self.form {
            AwardForm::Fixed(points) => Some(points.clone()),
            AwardForm::Rate { .. } => None,
            AwardForm::Plus(parts) => {
                parts.iter().map(Self::most).try_fold(Exact::zero(), |sum, most| Some(&sum + &most?))
            }
            AwardForm::Greatest(parts) => {
                parts.iter().map(Self::most).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max())
            }
        };
        form.map(|points| self.within(points)).or_else(|| self.at_most.clone())
    }

    /// The least it pays where its condition holds.
    #[must_use]
    pub fn least_paid(&self) -> Option<Exact> {
        let form = match &self.form {
            AwardForm::Fixed(points) => Some(points.clone()),
            AwardForm::Rate { of, points, .. } => (of.is_never_negative() && points.is_positive()).then(Exact::zero),
            AwardForm::Plus(parts) => {
                parts.iter().map(Self::least).try_fold(Exact::zero(), |sum, least| Some(&sum + &least?))
            }
            AwardForm::Greatest(parts) => parts.iter().filter_map(Self::least).max(),
        };
        form.map(|points| self.within(points)).or_else(|| self.at_least.clone())
    }

    /// With a condition, nothing may be paid at all.
    fn or_nothing(&self, points: Option<Exact>, pick: fn(Exact, Exact) -> Exact) -> Option<Exact> {
        if self.when.is_some() { points.map(|points| pick(points, Exact::zero())) } else { points }
    }

    /// Floor, then cap.
    #[must_use]
    pub fn within(&self, points: Exact) -> Exact {
        let floored = match &self.at_least {
            Some(floor) => points.max(floor.clone()),
            None => points,
        };
        match &self.at_most {
            Some(cap) => floored.min(cap.clone()),
            None => floored,
        }
    }

    /// Calls `each` with every reading: the condition's first, then the payment's.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        if let Some(when) = &self.when {
            when.readings(each);
        }
        match &self.form {
            AwardForm::Fixed(_) => {}
            AwardForm::Rate { of, .. } => of.readings(each),
            AwardForm::Plus(parts) | AwardForm::Greatest(parts) => parts.iter().for_each(|part| part.readings(each)),
        }
    }
}
