//! Scalars, conditions and awards over one entity's readings.
//!
//! A number is known or it is not; a condition is three-valued; an award that cannot be decided lies between what is
//! certain and its cap.

use super::{Interval, Reason, missing};
use crate::exact::Exact;
use crate::measure::Measures;
use crate::month::Month;
use crate::rules::{Award, AwardForm, Bounds, Condition, NamedCondition, Reading, Scalar, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The code of the reason for a condition that does not hold.
const UNMET: &str = "condition-unmet";

/// The readings of one entity.
pub(super) struct Readings<'a> {
    pub(super) measures: &'a Measures,
    pub(super) entity: usize,
}

/// What an award comes to.
pub(super) struct Evaluation {
    pub(super) points: Interval,
    /// The number it pays for, where it is one number and known.
    pub(super) value: Option<(Exact, Unit)>,
    pub(super) reasons: Vec<Reason>,
}

impl Readings<'_> {
    /// The months of a reading, and its number unless one of them is missing.
    pub(super) fn months_and_value(&self, reading: &Reading) -> (Arc<[Month]>, Option<Exact>) {
        let Some(measured) = self.measures.readings.get(&reading.key()) else { return (Arc::default(), None) };
        let value = measured.values.get(self.entity).filter(|_| measured.missing.is_empty()).cloned();
        (Arc::clone(&measured.months), value)
    }

    /// The months that an award reads and the tables lack, one reason for each table.
    pub(super) fn missing_months(&self, award: &Award) -> Vec<Reason> {
        let mut by_table: BTreeMap<&str, BTreeSet<Month>> = BTreeMap::new();
        award.readings(&mut |reading| {
            if let Some(measured) = self.measures.readings.get(&reading.key())
                && !measured.missing.is_empty()
            {
                by_table.entry(&measured.table).or_default().extend(&measured.missing);
            }
        });
        by_table.into_iter().map(|(table, months)| missing(table, months.into_iter().collect())).collect()
    }

    fn scalar(&self, scalar: &Scalar, reasons: &mut Vec<Reason>) -> Option<Exact> {
        match scalar {
            Scalar::Reading(reading) => self.months_and_value(reading).1,
            Scalar::Plus(parts) => {
                parts.iter().try_fold(Exact::zero(), |sum, part| Some(&sum + &self.scalar(part, reasons)?))
            }
            Scalar::Minus(sides) => {
                let [first, second] = sides.as_ref();
                Some(&self.scalar(first, reasons)? - &self.scalar(second, reasons)?)
            }
            Scalar::PercentChange { sides, no_base } => {
                let [now, base] = sides.as_ref();
                let (now, base) = (self.scalar(now, reasons)?, self.scalar(base, reasons)?);
                let change = base.is_positive().then(|| (&(&now - &base) * &Exact::from(100)).over(&base)).flatten();
                if change.is_none() {
                    let message =
                        format!("the base is {base}, so there is no change in percent; it counts as {no_base}");
                    reasons.push(Reason::new("no-base", message));
                }
                Some(change.unwrap_or_else(|| no_base.clone()))
            }
        }
    }

    /// Whether a condition holds; `None` where the data do not say.
    fn condition(&self, condition: &Condition, unmet: &mut Vec<Reason>) -> Option<bool> {
        match condition {
            Condition::Named(named) => {
                let mut inner = Vec::new();
                let holds = self.condition(&named.when, &mut inner);
                if holds == Some(false) {
                    unmet.push(self.named_unmet(named));
                }
                holds
            }
            Condition::All(parts) => {
                let held: Vec<Option<bool>> = parts.iter().map(|part| self.condition(part, unmet)).collect();
                if held.contains(&Some(false)) {
                    Some(false)
                } else {
                    held.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
                }
            }
            Condition::Any(parts) => {
                let mut inner = Vec::new();
                let held: Vec<Option<bool>> = parts.iter().map(|part| self.condition(part, &mut inner)).collect();
                if held.contains(&Some(true)) {
                    return Some(true);
                }
                unmet.extend(inner);
                held.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
            Condition::Not(part) => {
                let holds = self.condition(part, &mut Vec::new()).map(|holds| !holds);
                if holds == Some(false) {
                    unmet.push(Reason::new(UNMET, "a condition that must not hold does"));
                }
                holds
            }
            Condition::Within { of, bounds } => {
                let value = self.scalar(of, &mut Vec::new())?;
                let holds = bounds.hold(&value);
                if !holds {
                    unmet.push(Reason::new(UNMET, format!("needs {}", self.asked_and_had(of, bounds))));
                }
                Some(holds)
            }
        }
    }

    fn named_unmet(&self, named: &NamedCondition) -> Reason {
        let asked = named.title.clone().unwrap_or_else(|| format!("`{}`", named.name));
        let had = match &named.when {
            Condition::Within { of, .. } => self.scalar(of, &mut Vec::new()).map(|value| format!("; has {value}")),
            _ => None,
        };
        Reason::new(UNMET, format!("needs {asked}{}", had.unwrap_or_default()))
    }

    fn asked_and_had(&self, of: &Scalar, bounds: &Bounds) -> String {
        let name = match of {
            Scalar::Reading(reading) => reading.title(),
            _ => "a number".to_owned(),
        };
        let had = self.scalar(of, &mut Vec::new()).map(|value| format!("; has {value}")).unwrap_or_default();
        format!("{name} of {bounds}{had}")
    }

    /// What an award comes to.
    ///
    /// The condition is asked first: where it fails nothing is paid, whatever the number; where it cannot be decided the
    /// award cannot. The number is read in any case, because people ask what it would have been.
    pub(super) fn award(&self, award: &Award) -> Evaluation {
        let mut reasons = Vec::new();
        let holds = match &award.when {
            None => Some(true),
            Some(when) => self.condition(when, &mut reasons),
        };
        if holds != Some(false) {
            reasons.clear();
        }
        let Evaluation { points, value, reasons: of_the_form } = self.form(award);
        reasons.extend(of_the_form);
        let points = match holds {
            Some(true) => points,
            Some(false) => Interval::known(Exact::zero()),
            // Nothing, or what the form pays: at the least the smaller of the two, at the most the cap.
            None => Interval { least: points.least.map(|least| least.min(Exact::zero())), most: award.most() },
        };
        Evaluation { points, value, reasons }
    }

    /// What an award pays where its condition holds: the form's points, the floor, the cap.
    fn form(&self, award: &Award) -> Evaluation {
        let mut reasons = Vec::new();
        let mut value = None;
        let points = match &award.form {
            AwardForm::Fixed(points) => Interval::known(points.clone()),
            AwardForm::Rate { of, points, per, step } => {
                let number = self.scalar(of, &mut reasons);
                value = number.clone().map(|number| (number, of.unit()));
                let Some(number) = number else {
                    return Evaluation {
                        points: Interval { least: award.least_paid(), most: award.most_paid() },
                        value,
                        reasons,
                    };
                };
                let counted = step.as_ref().map_or_else(|| number.clone(), |step| number.down_to_step(step));
                Interval::known((points * &counted).over(per).unwrap_or_else(Exact::zero))
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
        };
        let within =
            |limit: Option<Exact>, unlimited: Option<Exact>| limit.map(|points| award.within(points)).or(unlimited);
        let points = Interval {
            least: within(points.least, award.at_least.clone()),
            most: within(points.most, award.at_most.clone()),
        };
        Evaluation { points, value, reasons }
    }
}
