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
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{Plan, PlannedReading};
use groups::Finish;
pub(super) use seen::groups_seen;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A sum left 38 digits.
#[derive(Debug)]
pub(super) struct TooLarge {
    /// The table added up.
    pub(super) table: String,
    /// The sum, in words.
    pub(super) sum: String,
}

/// Reads every number off the passes.
pub(super) fn finish(plan: &Plan, passes: &[Pass], share: Share<'_>) -> Result<Measures, TooLarge> {
    let entities = Entities::of(plan, passes, share);
    let mut readings = BTreeMap::new();
    let mut done: Vec<Arc<[Option<Exact>]>> = Vec::new();
    for reading in &plan.readings {
        let finish = Finish { plan, passes, entities: &entities, done: &done, only: None };
        let lacking = lacking(plan, passes, reading);
        let values = if lacking.is_empty() {
            finish.values(reading).ok_or_else(|| too_large(plan, reading))?
        } else {
            vec![None; entities.shown.len()]
        };
        let values: Arc<[Option<Exact>]> = values.into();
        done.push(Arc::clone(&values));
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
