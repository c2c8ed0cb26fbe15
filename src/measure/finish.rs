//! Accumulators → readings: amounts of each group, the groups that are kept, one exact number for each entity.

mod amounts;
mod groups;
mod reduce;
mod seen;
mod test;

use super::doubts::doubts;
use super::entities::Entities;
use super::local::Pass;
use super::names::odd;
use super::share::Share;
use super::{Lacking, Measured, Measures, covered};
use crate::month::Month;
use crate::parallel;
use crate::plan::{Plan, PlannedReading, PlannedSource};
use groups::{Finish, Values};
pub(super) use seen::groups_seen;
use std::collections::BTreeMap;

/// A sum left 38 digits.
#[derive(Debug)]
pub(super) struct TooLarge {
    /// The table added up.
    pub(super) table: String,
    /// The sum, in words.
    pub(super) sum: String,
}

/// Reads every number off the passes, by so many threads.
pub(super) fn finish(plan: &Plan, passes: &[Pass], share: Share<'_>, threads: usize) -> Result<Measures, TooLarge> {
    let entities = Entities::of(plan, passes, share);
    let all_lacking: Vec<Vec<Lacking>> = plan.readings.iter().map(|reading| lacking(plan, passes, reading)).collect();
    let values = values((plan, &all_lacking), passes, &entities, threads)?;
    let mut readings = BTreeMap::new();
    for ((reading, lacking), values) in plan.readings.iter().zip(all_lacking).zip(values) {
        let measured = Measured { months: reading.months.as_slice().into(), lacking, values };
        readings.insert((reading.at.clone(), reading.key.clone()), measured);
    }
    let (mut unchecked, mut unlisted) = (Vec::new(), Vec::new());
    let mut months_ahead = Vec::new();
    for (table, pass) in plan.tables.iter().zip(passes) {
        let too_large = || TooLarge { table: table.name.clone(), sum: "a sum".to_owned() };
        unlisted.push(pass.unlisted.clone().ok_or_else(too_large)?);
        unchecked.extend(pass.untested.clone().ok_or_else(too_large)?);
        let of_the_day = Month::of(plan.as_of);
        if let Some(newest) = pass.months.keys().next_back().filter(|newest| **newest > of_the_day) {
            months_ahead.push((table.name.clone(), *newest));
        }
    }
    Ok(Measures {
        alone: entities.alone(plan),
        readings,
        doubts: doubts(plan, passes, &entities, &unchecked),
        unchecked,
        unlisted,
        months_ahead,
        accounts: passes.iter().map(|pass| pass.account.clone()).collect(),
        merged: passes.iter().flat_map(|pass| pass.merged.iter().cloned()).collect(),
        overlaps: passes.iter().flat_map(|pass| pass.shared.overlaps.iter().cloned()).collect(),
        beside: passes.iter().flat_map(|pass| pass.beside.iter().cloned()).collect(),
        months: passes.iter().map(|pass| pass.covered.clone()).collect(),
        other_kinds: passes.iter().map(|pass| pass.other_kinds.clone()).collect(),
        odd: odd(plan, passes, &entities),
        rows_left_out: 0,
        left_out: Vec::new(),
        open_ends: Vec::new(),
        floats: Vec::new(),
        own_months: passes.iter().map(|pass| pass.months.keys().copied().collect()).collect(),
        others: entities.others,
        entities: entities.shown,
    })
}

/// The number that each reading is for each entity; none of one that lacks something.
fn values(
    (plan, lacking): (&Plan, &[Vec<Lacking>]),
    passes: &[Pass],
    entities: &Entities,
    threads: usize,
) -> Result<Vec<Values>, TooLarge> {
    let all: Vec<(&PlannedReading, &Vec<Lacking>)> = plan.readings.iter().zip(lacking).collect();
    let mut done: Vec<Values> = Vec::new();
    while let Some((next, others)) = all.get(done.len()..).and_then(<[_]>::split_first) {
        // Those that look at nothing that is not done are read together.
        let ready = others.iter().take_while(|(reading, _)| looks_below(plan, reading, done.len()));
        let ready: Vec<_> = std::iter::once(next).chain(ready).copied().collect();
        let finish = Finish { plan, passes, entities, done: &done, only: None };
        let values = parallel::map(&ready, threads, |(reading, lacking)| match lacking.as_slice() {
            [] => finish.values(reading),
            _ => Some(vec![None; entities.shown.len()]),
        });
        for ((reading, _), values) in ready.iter().zip(values) {
            done.push(values.ok_or_else(|| too_large(plan, reading))?.into());
        }
    }
    Ok(done)
}

/// Whether a reading looks only at readings before a position.
fn looks_below(plan: &Plan, reading: &PlannedReading, position: usize) -> bool {
    let inner = match reading.source {
        PlannedSource::Rows { .. } => None,
        PlannedSource::Groups { reading: inner, .. } => plan.readings.get(inner),
    };
    reading.asked.iter().all(|at| *at < position) && inner.is_none_or(|inner| looks_below(plan, inner, position))
}

/// What a reading needs and the tables do not have.
fn lacking(plan: &Plan, passes: &[Pass], reading: &PlannedReading) -> Vec<Lacking> {
    let mut all = Vec::new();
    for (at, months) in &reading.needs {
        let (Some(table), Some(pass)) = (plan.tables.get(*at), passes.get(*at)) else { continue };
        let is_covered = covered(table.covers, table.table.is_complete, &pass.covered);
        let months: Vec<Month> = months.iter().copied().filter(|month| !is_covered(*month)).collect();
        if table.files.is_empty() {
            all.push(Lacking { table: table.name.clone(), months: Vec::new() });
        } else if !months.is_empty() {
            all.push(Lacking { table: table.name.clone(), months });
        }
    }
    all
}

pub(super) fn too_large(plan: &Plan, reading: &PlannedReading) -> TooLarge {
    let table = reading.needs.first().and_then(|(at, _)| plan.tables.get(*at));
    let table = table.map_or_else(String::new, |table| table.name.clone());
    TooLarge { table, sum: format!("a sum for the measure `{}`", reading.key.measure) }
}
