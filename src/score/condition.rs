//! Whether conditions hold: they do, do not, or cannot be decided.

use super::area::area_outcome;
use super::asked::in_words as points_in_words;
use super::scope::Scope;
use super::{Reason, Verdict};
use crate::exact::Exact;
use crate::month::latest_anniversary;
use crate::plan::{days_seen, days_until};
use crate::rules::{
    Bounds, Condition, Figure, Figures as _, NamedCondition, Number, Reading, ResultRef, Scalar, Seeable, Seen,
    in_print,
};
use chrono::NaiveDate;

/// What a condition that does not hold needs, and what there is of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unmet {
    needs: String,
    has: Option<String>,
}

impl Unmet {
    fn new(needs: impl Into<String>, has: Option<String>) -> Self {
        Self { needs: needs.into(), has }
    }

    /// One of several things, where any would do.
    fn one_of(mut parts: Vec<Self>) -> Option<Self> {
        parts.dedup();
        if parts.len() < 2 {
            return parts.pop();
        }
        let each: Vec<String> = parts.into_iter().map(Self::in_brackets).collect();
        Some(Self::new(format!("one of: {}", each.join("; ")), None))
    }

    /// Several things, all of which are needed.
    fn together(mut parts: Vec<Self>) -> Option<Self> {
        if parts.len() < 2 {
            return parts.pop();
        }
        let each: Vec<String> = parts.into_iter().map(Self::in_brackets).collect();
        Some(Self::new(each.join(" and "), None))
    }

    /// What is needed, with what there is of it in brackets.
    fn in_brackets(self) -> String {
        self.needs + &self.has.map(|has| format!(" (has {has})")).unwrap_or_default()
    }

    /// What is needed, and what there is.
    pub(super) fn into_parts(self) -> (String, Option<String>) {
        (self.needs, self.has)
    }

    /// As the reason of a score.
    pub(super) fn reason(self) -> Reason {
        let has = self.has.map(|has| format!("; has {has}")).unwrap_or_default();
        Reason::new("condition-unmet", format!("needs {}{has}", self.needs))
    }
}

impl Scope<'_> {
    /// Whether a condition holds; `None` where the data do not say. What does not hold is told in `unmet`.
    pub(super) fn condition(&self, condition: &Condition, unmet: &mut Vec<Unmet>) -> Option<bool> {
        match condition {
            Condition::Named(named) => {
                let holds = self.condition(&named.when, &mut Vec::new());
                if holds == Some(false) {
                    unmet.push(self.named_unmet(named));
                }
                holds
            }
            Condition::All(parts) => {
                let held: Vec<Option<bool>> = parts.iter().map(|part| self.condition(part, unmet)).collect();
                if held.contains(&Some(false)) { Some(false) } else { all_known(&held, true) }
            }
            Condition::Any(parts) => {
                let mut inner = Vec::new();
                let mut ask = |part| {
                    let mut unmet = Vec::new();
                    let holds = self.condition(part, &mut unmet);
                    inner.extend(Unmet::together(unmet));
                    holds
                };
                let held: Vec<Option<bool>> = parts.iter().map(&mut ask).collect();
                if held.contains(&Some(true)) {
                    return Some(true);
                }
                unmet.extend(Unmet::one_of(inner));
                all_known(&held, false)
            }
            Condition::Not(part) => {
                let holds = self.condition(part, &mut Vec::new()).map(|holds| !holds);
                if holds == Some(false) {
                    unmet.push(Unmet::new("a condition not to hold that does", None));
                }
                holds
            }
            Condition::Met { of, at_least } => {
                let held: Vec<Option<bool>> = of.iter().map(|part| self.condition(part, &mut Vec::new())).collect();
                self.enough(&held, at_least, &format!("of {} conditions", of.len()), unmet)
            }
            Condition::Within { of, bounds } => {
                let value = of.figure(self);
                let holds = bounds.hold(&value, self);
                if holds == Some(false) {
                    unmet.push(self.asked_and_had(of, bounds));
                }
                self.told();
                holds
            }
            Condition::Seen(seen) => self.seen(seen, unmet),
            Condition::Result(result) => {
                let holds = self.at(result.program.as_deref(), self.as_of()).and_then(|scope| scope.result(result));
                if holds == Some(false) {
                    unmet.push(Unmet::new(in_words(result), None));
                }
                holds
            }
            Condition::Points(asked) => {
                let found = self.points(asked);
                if found.verdict == Verdict::Unmet {
                    let has = found.had.as_ref().and_then(|had| had.value()).map(ToString::to_string);
                    unmet.push(Unmet::new(points_in_words(asked, &self.terms()), has));
                }
                found.verdict.holds()
            }
            Condition::Unknown => None,
            Condition::Track(track) => {
                let holds = self.track.is_some_and(|on| on.name == *track);
                if !holds {
                    unmet.push(Unmet::new(format!("the track `{track}`"), None));
                }
                Some(holds)
            }
        }
    }

    /// Whether enough of some things hold.
    fn enough(&self, held: &[Option<bool>], at_least: &Number, of: &str, unmet: &mut Vec<Unmet>) -> Option<bool> {
        let asked = self.terms().number(at_least);
        let how_many = |wanted: Option<bool>| held.iter().filter(|holds| **holds == wanted).count();
        let count = |count: usize| Exact::from(i64::try_from(count).unwrap_or(i64::MAX));
        let certain = count(how_many(Some(true)));
        let possible = &certain + &count(how_many(None));
        if certain >= asked {
            return Some(true);
        }
        if possible < asked {
            unmet.push(Unmet::new(format!("{asked} {of}"), Some(certain.to_string())));
            return Some(false);
        }
        None
    }

    /// Whether something held in enough of the last months.
    fn seen(&self, seen: &Seen, unmet: &mut Vec<Unmet>) -> Option<bool> {
        let held: Vec<Option<bool>> = self.days(seen)?.into_iter().map(|day| self.seen_then(seen, day)).collect();
        self.enough(&held, &seen.at_least, &format!("of the last {} months", seen.last), unmet)
    }

    /// Whether it held on a day.
    pub(super) fn seen_then(&self, seen: &Seen, day: NaiveDate) -> Option<bool> {
        let program = match &seen.what {
            Seeable::Condition(_) => None,
            Seeable::Result(result) => result.program.as_deref(),
        };
        let scope = self.at(program, day)?;
        match &seen.what {
            // The condition of the edition then in force; where that has none, nothing can be told.
            Seeable::Condition(named) => scope.condition(&scope.day()?.condition(&named.name)?.when, &mut Vec::new()),
            Seeable::Result(result) => scope.result(result),
        }
    }

    /// The days that are looked at; none where nobody says which.
    pub(super) fn days(&self, seen: &Seen) -> Option<Vec<NaiveDate>> {
        let Some(reading) = &seen.anniversary else {
            return Some(days_seen(seen, self.as_of()));
        };
        let Figure::Known(number) = self.of(reading) else { return None };
        let day = NaiveDate::from_epoch_days(i32::try_from(number.floor_at(0)).ok()?)?;
        Some(days_until(seen, latest_anniversary(day, self.as_of())?, self.as_of()))
    }

    /// Whether a result holds on this scope's day.
    fn result(&self, result: &ResultRef) -> Option<bool> {
        let rules = self.day()?.rules.as_ref()?;
        let area = rules.areas.get(&result.area)?;
        let asked = match &result.condition {
            None => area.attained.as_slice(),
            Some(name) => std::slice::from_ref(rules.conditions.get(name)?),
        };
        area_outcome(area, asked, self).verdict().holds()
    }

    fn named_unmet(&self, named: &NamedCondition) -> Unmet {
        let asked = named.title.clone().unwrap_or_else(|| format!("`{}`", named.name));
        let had = match &named.when {
            Condition::Within { of, .. } => {
                let unit = of.unit(&|reading| reading.measure.unit);
                of.figure(self).known().map(|value| in_print(&value, unit))
            }
            _ => None,
        };
        self.told();
        Unmet::new(asked, had)
    }

    pub(super) fn asked_and_had(&self, of: &Scalar<Reading>, bounds: &Bounds<Reading>) -> Unmet {
        let name = match of {
            Scalar::Of(reading) => reading.title(&self.terms()),
            _ => "a number".to_owned(),
        };
        let unit = of.unit(&|reading| reading.measure.unit);
        let had = match of.figure(self) {
            Figure::Known(value) => Some(in_print(&value, unit)),
            Figure::Missing => Some("none".to_owned()),
            Figure::Unknown => None,
        };
        Unmet::new(format!("{name} of {}", bounds.words(self, unit)), had)
    }
}

/// The common answer where all are known.
fn all_known(held: &[Option<bool>], answer: bool) -> Option<bool> {
    held.iter().all(Option::is_some).then_some(answer)
}

pub(super) fn in_words(result: &ResultRef) -> String {
    let of = result.program.as_ref().map(|program| format!(" of `{program}`")).unwrap_or_default();
    match &result.condition {
        None => format!("`{}`{of} to be attained", result.area),
        Some(condition) => format!("`{condition}` to hold in `{}`{of}", result.area),
    }
}
