//! Accumulators → readings: amounts of each group, the groups that are kept, one exact number for each entity.

use super::local::{Groups, Pass, UNNAMED};
use super::{Measured, Measures, Untested, covered};
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{Plan, PlannedAmount, PlannedReading, TablePlan};
use crate::rules::{Bound, Bounds, Extreme, GroupTest, Reduce};
use crate::text::fold;
use std::collections::BTreeMap;

/// A sum left 38 digits.
#[derive(Debug)]
pub(super) struct TooLarge {
    /// The table added up.
    pub(super) table: String,
    /// The sum, in words.
    pub(super) sum: String,
}

/// Reads every number off the passes.
pub(super) fn finish(plan: &Plan, passes: &[Pass]) -> Result<Measures, TooLarge> {
    let entities = Entities::of(plan, passes);
    let mut readings = BTreeMap::new();
    let mut unchecked = Vec::new();
    let mut months_ahead = Vec::new();
    for (position, (table, pass)) in plan.tables.iter().zip(passes).enumerate() {
        let too_large = |sum: String| TooLarge { table: table.name.clone(), sum };
        let is_covered = covered(table.covers, &pass.months);
        for reading in plan.readings.iter().filter(|reading| reading.table == position) {
            let Some(groups) = pass.groups.get(reading.accumulator) else { continue };
            let values = values(reading, groups, &entities, position)
                .ok_or_else(|| too_large(format!("a sum for the measure `{}`", reading.key.measure)))?;
            let missing = reading.months.iter().copied().filter(|month| !is_covered(*month)).collect();
            readings.insert(
                reading.key.clone(),
                Measured { months: reading.months.as_slice().into(), missing, table: table.name.clone(), values },
            );
        }
        unchecked.extend(untested(table, pass).ok_or_else(|| too_large("a sum".to_owned()))?);
        let of_the_day = Month::of(plan.as_of);
        if let Some(newest) = pass.months.last().filter(|newest| **newest > of_the_day) {
            months_ahead.push((table.name.clone(), *newest));
        }
    }
    Ok(Measures {
        entities: entities.shown,
        readings,
        unchecked,
        months_ahead,
        accounts: passes.iter().map(|pass| pass.account.clone()).collect(),
        merged: passes.iter().flat_map(|pass| pass.merged.iter().cloned()).collect(),
        overlaps: passes.iter().flat_map(|pass| pass.shared.overlaps.iter().cloned()).collect(),
        rows_left_out: 0,
        left_out: Vec::new(),
        open_ends: Vec::new(),
        floats: Vec::new(),
    })
}

/// All entities, and which of them each table's numbers mean.
struct Entities {
    /// By id.
    shown: Vec<String>,
    /// For each table: the position of each of its numbers.
    by_table: Vec<Vec<usize>>,
    /// The position of the entity of rows that name none.
    unnamed: usize,
}

impl Entities {
    fn of(plan: &Plan, passes: &[Pass]) -> Self {
        let mut smallest: BTreeMap<String, String> = BTreeMap::new();
        let mut meet = |text: &str| {
            let shown = smallest.entry(fold(text).into_owned()).or_insert_with(|| text.to_owned());
            if text < shown.as_str() {
                text.clone_into(shown);
            }
        };
        for pass in passes {
            pass.entities.shown().iter().for_each(|text| meet(text));
        }
        // Without any entity column all rows, and a data set without rows, belong to the stated entity.
        let none_named = plan.tables.iter().all(|table| table.entity.is_none());
        if none_named || passes.iter().any(|pass| pass.has_unnamed_rows) {
            meet(&plan.entity);
        }
        let mut order: Vec<(String, String)> = smallest.into_iter().map(|(folded, shown)| (shown, folded)).collect();
        order.sort();
        let positions: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, (_, folded))| (folded.as_str(), at)).collect();
        let position = |text: &str| positions.get(fold(text).as_ref()).copied().unwrap_or(usize::MAX);
        let by_table =
            passes.iter().map(|pass| pass.entities.shown().iter().map(|text| position(text)).collect()).collect();
        let unnamed = position(&plan.entity);
        Self { by_table, unnamed, shown: order.into_iter().map(|(shown, _)| shown).collect() }
    }

    fn position(&self, table: usize, number: u32) -> Option<usize> {
        if number == UNNAMED {
            return Some(self.unnamed);
        }
        self.by_table.get(table)?.get(usize::try_from(number).ok()?).copied()
    }
}

/// The number of each entity; `None` where a sum left 38 digits.
fn values(reading: &PlannedReading, groups: &Groups, entities: &Entities, table: usize) -> Option<Vec<Exact>> {
    let scales: Vec<u32> = reading.amounts.iter().map(|amount| groups.scale(amount.sum)).collect::<Option<_>>()?;
    let having = reading.measure.having.as_ref().map(|test| ScaledTest::new(test, &scales));
    let mut totals = vec![0_i128; entities.shown.len()];
    let mut amounts = Vec::new();
    for group in groups.iter() {
        if !reading.slots.iter().any(|slot| group.rows(*slot) > 0) {
            continue;
        }
        amounts.clear();
        for amount in &reading.amounts {
            amounts.push(amount_of(amount, |slot| group.sum(amount.sum, slot))?);
        }
        if having.as_ref().is_some_and(|test| !test.holds(&amounts)) {
            continue;
        }
        let addition = match reading.measure.reduce {
            Reduce::Count => 1,
            Reduce::Sum(amount) => amounts.get(amount).copied()?,
        };
        let total = entities.position(table, group.entity).and_then(|at| totals.get_mut(at))?;
        *total = total.checked_add(addition)?;
    }
    let scale = match reading.measure.reduce {
        Reduce::Count => 0,
        Reduce::Sum(amount) => scales.get(amount).copied()?,
    };
    Some(totals.into_iter().map(|total| Exact::scaled(total, scale)).collect())
}

/// An amount over its window; `None` where it leaves 38 digits. A covered month without rows is 0.
fn amount_of(amount: &PlannedAmount, sum: impl Fn(usize) -> i128) -> Option<i128> {
    let mut months = amount.slots.iter().map(|slot| sum(*slot));
    match amount.by_month {
        None => months.try_fold(0_i128, i128::checked_add),
        Some(Extreme::Greatest) => Some(months.max().unwrap_or(0)),
        Some(Extreme::Least) => Some(months.min().unwrap_or(0)),
    }
}

/// A test on amounts with its limits as whole numbers at the amounts' scales, so that a group costs a comparison.
enum ScaledTest {
    All(Vec<ScaledTest>),
    Any(Vec<ScaledTest>),
    Not(Box<ScaledTest>),
    Within { amount: usize, least: i128, most: i128 },
}

impl ScaledTest {
    fn new(test: &GroupTest, scales: &[u32]) -> Self {
        let all = |parts: &[GroupTest]| parts.iter().map(|part| Self::new(part, scales)).collect();
        match test {
            GroupTest::All(parts) => Self::All(all(parts)),
            GroupTest::Any(parts) => Self::Any(all(parts)),
            GroupTest::Not(part) => Self::Not(Box::new(Self::new(part, scales))),
            GroupTest::Within { amount, bounds } => {
                let (least, most) = limits(bounds, scales.get(*amount).copied().unwrap_or(0));
                Self::Within { amount: *amount, least, most }
            }
        }
    }

    fn holds(&self, amounts: &[i128]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(amounts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(amounts)),
            Self::Not(part) => !part.holds(amounts),
            Self::Within { amount, least, most } => {
                amounts.get(*amount).is_some_and(|value| least <= value && value <= most)
            }
        }
    }
}

/// The least and the most that bounds admit, in units of a scale.
fn limits(Bounds(bounds): &Bounds, scale: u32) -> (i128, i128) {
    bounds.iter().fold((i128::MIN, i128::MAX), |(least, most), bound| match bound {
        Bound::AtLeast(limit) => (least.max(limit.ceil_at(scale)), most),
        Bound::MoreThan(limit) => (least.max(limit.floor_at(scale).saturating_add(1)), most),
        Bound::AtMost(limit) => (least, most.min(limit.floor_at(scale))),
        Bound::LessThan(limit) => (least, most.min(limit.ceil_at(scale).saturating_sub(1))),
    })
}

/// What each uncheckable test touched, over all entities; `None` where a sum left 38 digits.
fn untested(table: &TablePlan, pass: &Pass) -> Option<Vec<Untested>> {
    let mut all = Vec::new();
    for unchecked in &table.unchecked {
        let accumulator = table.accumulators.get(unchecked.accumulator)?;
        let groups = pass.groups.get(unchecked.accumulator)?;
        let slots = || 0..accumulator.slots();
        let rows = groups.iter().flat_map(|group| slots().map(move |slot| group.rows(slot))).sum();
        let mut sums = Vec::new();
        for (position, column) in unchecked.sums.iter().enumerate() {
            let mut cells = groups.iter().flat_map(|group| slots().map(move |slot| group.sum(position, slot)));
            let total = cells.try_fold(0_i128, i128::checked_add)?;
            sums.push((column.clone(), Exact::scaled(total, groups.scale(position)?)));
        }
        all.push(Untested {
            table: table.name.clone(),
            lacking: unchecked.lacking.clone(),
            written_in: unchecked.written_in.clone(),
            column: unchecked.column.clone(),
            rows,
            sums,
        });
    }
    Some(all)
}
