//! What one entity's results are made of: its readings on a day judged, and on a track.

use super::{MetricOutcome, Reason, missing};
use crate::exact::Exact;
use crate::measure::{Measured, Measures};
use crate::month::Month;
use crate::plan::{At, Observation, Plan};
use crate::rules::{Award, Figure, Figures, Reading, Terms, Track};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An entity on a day, on a track where there is one.
pub(super) struct Scope<'a> {
    pub(super) plan: &'a Plan,
    pub(super) measures: &'a Measures,
    pub(super) entity: usize,
    /// The position of the day among those judged.
    pub(super) observation: usize,
    pub(super) track: Option<&'a Arc<Track>>,
    /// The metrics of the area that asks, once they are scored.
    pub(super) scored: Option<&'a [MetricOutcome]>,
    /// What was told of divisions.
    no_base: RefCell<Vec<Reason>>,
}

impl<'a> Scope<'a> {
    /// The entity on one of the days judged.
    pub(super) fn new(plan: &'a Plan, measures: &'a Measures, entity: usize, observation: usize) -> Self {
        Self { plan, measures, entity, observation, track: None, scored: None, no_base: RefCell::default() }
    }

    /// The same on a track.
    pub(super) fn on(&self, track: Option<&'a Arc<Track>>) -> Self {
        Self { track, no_base: RefCell::default(), ..*self }
    }

    /// The same, once an area's metrics are scored.
    pub(super) fn with<'b>(&self, metrics: &'b [MetricOutcome]) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { scored: Some(metrics), no_base: RefCell::default(), ..*self }
    }

    /// The same on another day, of this program or another, where it was looked at.
    pub(super) fn at(&self, program: Option<&str>, day: NaiveDate) -> Option<Self> {
        let program = program.or_else(|| Some(self.day()?.program.as_str()))?;
        let same = |other: &Observation| other.program == program && other.as_of == day;
        let observation = self.plan.observations.iter().position(same)?;
        Some(Self { observation, track: None, scored: None, no_base: RefCell::default(), ..*self })
    }

    /// The day.
    pub(super) fn day(&self) -> Option<&'a Observation> {
        self.plan.observations.get(self.observation)
    }

    pub(super) fn as_of(&self) -> NaiveDate {
        self.day().map_or(self.plan.as_of, |day| day.as_of)
    }

    fn measured(&self, reading: &Reading) -> Option<&'a Measured> {
        let key = reading.key(&self.terms());
        let of = |track: Option<Arc<str>>| {
            self.measures.readings.get(&(At { observation: self.observation, track }, key.clone()))
        };
        // What no track changes was read once for all of them.
        self.track.and_then(|track| of(Some(Arc::clone(&track.name)))).or_else(|| of(None))
    }

    /// The months of a reading, and what it is.
    pub(super) fn months_and_figure(&self, reading: &Reading) -> (Arc<[Month]>, Figure) {
        let Some(measured) = self.measured(reading) else { return (Arc::default(), Figure::Unknown) };
        (Arc::clone(&measured.months), measured.figure(self.entity))
    }

    /// What an award reads and the data do not have, one reason for each table.
    pub(super) fn lacking(&self, award: &Award) -> Vec<Reason> {
        let mut by_table: BTreeMap<&str, BTreeSet<Month>> = BTreeMap::new();
        award.readings(&mut |reading| {
            for lacking in self.measured(reading).into_iter().flat_map(|measured| &measured.lacking) {
                by_table.entry(&lacking.table).or_default().extend(&lacking.months);
            }
        });
        by_table.into_iter().map(|(table, months)| missing(table, months.into_iter().collect())).collect()
    }

    /// What was told of divisions since this was asked last.
    pub(super) fn told(&self) -> Vec<Reason> {
        self.no_base.take()
    }
}

impl Figures<Reading> for Scope<'_> {
    fn of(&self, reading: &Reading) -> Figure {
        self.months_and_figure(reading).1
    }

    fn terms(&self) -> Terms<'_> {
        Terms { day: self.as_of(), track: self.track.map(AsRef::as_ref) }
    }

    fn no_base(&self, base: &Exact, instead: &Exact) {
        let message = format!("the base is {base}, so there is nothing to divide by; it counts as {instead}");
        self.no_base.borrow_mut().push(Reason::new("no-base", message));
    }
}
