//! How points come about: each award and each number as a step made of others.

use super::area::readings;
use super::scope::Scope;
use super::{Checked, Interval, ReadingOutcome, Verdict};
use crate::exact::Exact;
use crate::measure::Measures;
use crate::plan::Plan;
use crate::rules::{Award, AwardForm, Figure, Figures as _, Number, Reading, ReadingKey, Scalar, Unit, Worth};

/// A step of a derivation.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done.
    pub does: Does,
    /// What comes out: points of an award, else a number; without ends where that is missing or unknown.
    pub result: Interval,
    /// What a number counts; none for points and for plain numbers.
    pub unit: Option<Unit>,
    /// The numbers of the text that are used, by their keys.
    pub numbers: Vec<(&'static str, Exact)>,
    /// Without which an award pays nothing.
    pub when: Option<Checked>,
    /// What it is made of.
    pub parts: Vec<Self>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Pays fixed points.
    Fixed,
    /// Pays points for a number.
    Rate,
    /// Adds.
    Plus,
    /// Takes the greatest.
    Greatest,
    /// Takes the least.
    Least,
    /// Takes the second from the first.
    Minus,
    /// Multiplies.
    Times,
    /// Divides the first by the second.
    Ratio,
    /// Compares the first with the second, in percent of that.
    PercentChange,
    /// Rounds down to whole steps.
    Step,
    /// Reads a measure.
    Reading(ReadingKey),
    /// A number of the text.
    Number,
    /// A day of the text, or one that is moved.
    Day,
    /// What the rules do not say.
    Unknown(String),
}

impl Does {
    /// The word of the rules for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fixed => "points",
            Self::Rate => "of",
            Self::Plus => "plus",
            Self::Greatest => "greatest",
            Self::Least => "least",
            Self::Minus => "minus",
            Self::Times => "times",
            Self::Ratio => "ratio",
            Self::PercentChange => "percent-change",
            Self::Step => "step",
            Self::Reading(_) => "measure",
            Self::Number => "number",
            Self::Day => "day",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// How the points of a metric come about for an entity on a track, and what is read for them; none where nothing is asked
/// of the metric, or where no track is said of an area that has any.
pub(crate) fn derivation(
    plan: &Plan,
    measures: &Measures,
    entity: usize,
    (area, track): (&str, Option<&str>),
    metric: &str,
) -> Option<(Step, Vec<ReadingOutcome>)> {
    let area = plan.rules.areas.get(area)?;
    let track = match track {
        Some(name) => Some(area.tracks.iter().find(|track| &*track.name == name)?),
        None if area.tracks.is_empty() => None,
        None => return None,
    };
    let metric = area.metrics.iter().find(|known| known.name == metric)?;
    let Worth::Award(award) = &metric.worth else { return None };
    let scope = Scope::new(plan, measures, entity, 0).on(track);
    Some((scope.step_of_award(award), readings(award, &scope)))
}

impl Scope<'_> {
    fn step_of_award(&self, award: &Award) -> Step {
        let terms = self.terms();
        let when = award.when.as_ref().map(|when| self.checked(when));
        let mut numbers = Vec::new();
        let mut takes = |key: &'static str, number: &Number| numbers.push((key, terms.number(number)));
        let of_awards = |parts: &[Award]| parts.iter().map(|part| self.step_of_award(part)).collect();
        let (does, parts) = match &award.form {
            AwardForm::Fixed(points) => {
                takes("points", points);
                (Does::Fixed, Vec::new())
            }
            AwardForm::Rate { of, points, per, step } => {
                takes("points", points);
                takes("per", per);
                if let Some(step) = step {
                    takes("step", step);
                }
                (Does::Rate, vec![self.step_of(of)])
            }
            AwardForm::Unknown(what) => (Does::Unknown(what.clone()), Vec::new()),
            AwardForm::Plus(parts) => (Does::Plus, of_awards(parts)),
            AwardForm::Greatest(parts) => (Does::Greatest, of_awards(parts)),
            AwardForm::Least(parts) => (Does::Least, of_awards(parts)),
        };
        if let Some(floor) = &award.at_least {
            takes("at-least", floor);
        }
        if let Some(cap) = &award.at_most {
            takes("at-most", cap);
        }
        Step { does, result: self.award(award).points, unit: None, numbers, when, parts }
    }

    fn step_of(&self, scalar: &Scalar<Reading>) -> Step {
        let terms = self.terms();
        let all = |parts: &[Scalar<Reading>]| parts.iter().map(|part| self.step_of(part)).collect::<Vec<_>>();
        let mut numbers = Vec::new();
        let mut takes = |key: &'static str, number: &Number| numbers.push((key, terms.number(number)));
        let (does, parts) = match scalar {
            Scalar::Of(reading) => (Does::Reading(reading.key(&terms)), Vec::new()),
            Scalar::Number(_) => (Does::Number, Vec::new()),
            Scalar::Plus(parts) => (Does::Plus, all(parts)),
            Scalar::Minus(sides) => (Does::Minus, all(sides.as_slice())),
            Scalar::Times(parts) => (Does::Times, all(parts)),
            Scalar::Ratio(division) => {
                takes("no-base", &division.no_base);
                (Does::Ratio, all(&division.sides))
            }
            Scalar::PercentChange(division) => {
                takes("no-base", &division.no_base);
                (Does::PercentChange, all(&division.sides))
            }
            Scalar::Greatest(parts) => (Does::Greatest, all(parts)),
            Scalar::Least(parts) => (Does::Least, all(parts)),
            Scalar::Stepped(part, step) => {
                takes("step", step);
                (Does::Step, vec![self.step_of(part)])
            }
            Scalar::Day(_) => (Does::Day, Vec::new()),
            Scalar::Moved(part, _) | Scalar::Anniversary(part, _) => (Does::Day, vec![self.step_of(part)]),
        };
        let result = match scalar.figure(self) {
            Figure::Known(number) => Interval::known(number),
            Figure::Missing | Figure::Unknown => Interval { least: None, most: None },
        };
        // What is told of divisions stands among the reasons of the metric.
        let _ = self.told();
        Step { does, result, unit: scalar.unit(&|reading| reading.measure.unit), numbers, when: None, parts }
    }
}

impl Step {
    /// A number of the text by its key.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<&Exact> {
        self.numbers.iter().find(|(known, _)| *known == key).map(|(_, number)| number)
    }

    /// What its parts come to, computed from nothing but what is shown of them; none where they do not say.
    #[must_use]
    pub fn from_parts(&self) -> Option<Exact> {
        match self.when.as_ref().map(|when| when.verdict) {
            Some(Verdict::Unmet) => return Some(Exact::zero()),
            Some(Verdict::Undecided) => return None,
            Some(Verdict::Met) | None => {}
        }
        // What is missing among the greatest and least of several is passed over.
        let known = || self.parts.iter().filter_map(|part| part.result.value().cloned());
        let all = || Some(known().collect::<Vec<Exact>>()).filter(|known| known.len() == self.parts.len());
        let two = || <[Exact; 2]>::try_from(all()?).ok();
        let divided = |above: &dyn Fn(&Exact, &Exact) -> Exact| {
            let [number, base] = two()?;
            if base.is_positive() { above(&number, &base).over(&base) } else { self.number("no-base").cloned() }
        };
        let is_award = self.unit.is_none();
        let made = match &self.does {
            Does::Fixed => self.number("points")?.clone(),
            Does::Rate => {
                // An award that has no number to pay for counts it as zero.
                let number = self.parts.first()?.result.value()?.clone();
                let counted = self.number("step").map_or_else(|| number.clone(), |step| number.down_to_step(step));
                (self.number("points")? * &counted).over(self.number("per")?)?
            }
            Does::Plus => all()?.iter().fold(Exact::zero(), |sum, part| &sum + part),
            Does::Times => all()?.iter().fold(Exact::from(1), |product, part| &product * part),
            Does::Greatest if is_award => all()?.into_iter().max()?,
            Does::Greatest => known().max()?,
            Does::Least if is_award => all()?.into_iter().min()?,
            Does::Least => known().min()?,
            Does::Minus => {
                let [first, second] = two()?;
                &first - &second
            }
            Does::Ratio => divided(&|number, _| number.clone())?,
            Does::PercentChange => divided(&|number, base| &(number - base) * &Exact::from(100))?,
            Does::Step => self.parts.first()?.result.value()?.down_to_step(self.number("step")?),
            Does::Reading(_) | Does::Number | Does::Day | Does::Unknown(_) => return None,
        };
        let floored = self.number("at-least").map_or(made.clone(), |floor| made.max(floor.clone()));
        Some(self.number("at-most").map_or(floored.clone(), |cap| floored.min(cap.clone())))
    }

    /// Calls `each` with the step and all it is made of.
    pub fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        self.parts.iter().for_each(|part| part.walk(each));
    }
}
