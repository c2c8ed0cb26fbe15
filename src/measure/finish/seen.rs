//! Every group of one entity, with what keeps it from counting.

use super::amounts::Read;
use super::groups::Finish;
use super::test::Test;
use crate::exact::Exact;
use crate::measure::entities::Entities;
use crate::measure::evidence::{Distance, GroupSeen};
use crate::measure::local::Pass;
use crate::plan::{Plan, PlannedReading};
use crate::rules::{Figure, Figures as _, GroupTest, Leaf, Measure, Side};
use std::sync::Arc;

/// The groups of an entity, by their keys; `None` where a number left 38 digits. A reading that lacks data has none.
pub(in crate::measure) fn groups_seen(
    plan: &Plan,
    passes: &[Pass],
    (entities, done): (&Entities, &[Arc<[Option<Exact>]>]),
    reading: &PlannedReading,
    entity: usize,
) -> Option<Vec<GroupSeen>> {
    if !super::lacking(plan, passes, reading).is_empty() {
        return Some(Vec::new());
    }
    let finish = Finish { plan, passes, entities, done, only: Some(entity) };
    let texts = finish.texts(reading)?;
    let mut seen = Vec::new();
    finish.each(reading, &mut |of, keys, amounts, is_kept| {
        if of != entity {
            return Some(());
        }
        let text = |(number, texts): (&u32, &Vec<String>)| texts.get(usize::try_from(*number).ok()?).cloned();
        let read = Read { amounts, terms: reading.terms() };
        let having = reading.measure.having.as_ref().filter(|_| !is_kept);
        let holding = reading.measure.having.as_ref().filter(|_| is_kept);
        seen.push(GroupSeen {
            keys: keys.iter().zip(&texts).map(text).collect::<Option<_>>()?,
            amounts: (0..reading.measure.amounts.len()).map(|at| amounts.figure(at).known()).collect(),
            misses: having.map(|test| misses(test, &reading.measure, &read)).unwrap_or_default(),
            margins: holding.map(|test| margins(test, &reading.measure, &read)).unwrap_or_default(),
            is_kept,
        });
        Some(())
    })?;
    seen.sort_by(|one, other| one.keys.cmp(&other.keys));
    Some(seen)
}

/// The parts of a test that fail.
fn misses(test: &GroupTest, measure: &Measure, read: &Read<'_>) -> Vec<Distance> {
    if Test::new(test, read).holds(read) {
        return Vec::new();
    }
    let miss = |amount: usize, asks: String, short: Option<Exact>| {
        let (name, amount_of) = measure.amounts.get_index(amount)?;
        let had = read.amounts.figure(amount).known();
        let month = read.amounts.month(amount);
        Some(Distance { amount: name.clone(), had, month, unit: amount_of.unit, asks, short, alternative: None })
    };
    match test {
        GroupTest::All(parts) => {
            let of_part = |(at, part)| {
                let own = misses(part, measure, read).into_iter();
                own.map(move |miss| Distance { alternative: miss.alternative.map(|_| at), ..miss })
            };
            parts.iter().enumerate().flat_map(of_part).collect()
        }
        GroupTest::Any(parts) => {
            let all = parts.iter().flat_map(|part| misses(part, measure, read));
            all.map(|miss| Distance { alternative: (parts.len() > 1).then_some(0), ..miss }).collect()
        }
        GroupTest::Not(part) => {
            let mut holding = Vec::new();
            leaves(part, &mut holding);
            holding.retain(|leaf| Test::new(leaf, read).holds(read));
            let must_not = holding.into_iter().filter_map(|leaf| match leaf {
                GroupTest::Within { amount, bounds } => {
                    let unit = measure.amounts.get_index(*amount).map(|(_, amount)| amount.unit);
                    miss(*amount, format!("not {}", bounds.words(read, unit)), None)
                }
                GroupTest::Missing(amount) => miss(*amount, "not missing".to_owned(), None),
                GroupTest::All(_) | GroupTest::Any(_) | GroupTest::Not(_) => None,
            });
            must_not.collect()
        }
        GroupTest::Missing(amount) => miss(*amount, "missing".to_owned(), None).into_iter().collect(),
        GroupTest::Within { amount, bounds } => {
            let unit = measure.amounts.get_index(*amount).map(|(_, amount)| amount.unit);
            let value = read.of(&Leaf::Amount(*amount));
            let limits = bounds.figures(read);
            let off = limits.iter().find_map(|(side, limit)| short(&value, *side, limit));
            miss(*amount, bounds.words(read, unit), off).into_iter().collect()
        }
    }
}

/// The bounds that a group keeps and has to keep: of alternatives none is told, since another may do.
fn margins(test: &GroupTest, measure: &Measure, read: &Read<'_>) -> Vec<Distance> {
    match test {
        GroupTest::All(parts) => parts.iter().flat_map(|part| margins(part, measure, read)).collect(),
        GroupTest::Any(_) | GroupTest::Not(_) | GroupTest::Missing(_) => Vec::new(),
        GroupTest::Within { amount, bounds } => {
            let Some((name, amount_of)) = measure.amounts.get_index(*amount) else { return Vec::new() };
            let Figure::Known(had) = read.of(&Leaf::Amount(*amount)) else { return Vec::new() };
            let mut least: Option<Exact> = None;
            for (_, limit) in bounds.figures(read) {
                let Figure::Known(limit) = limit else { continue };
                let off = &limit - &had;
                if least.as_ref().is_none_or(|known| off.size() < known.size()) {
                    least = Some(off);
                }
            }
            let asks = bounds.words(read, Some(amount_of.unit));
            let (month, unit) = (read.amounts.month(*amount), amount_of.unit);
            vec![Distance { amount: name.clone(), had: Some(had), month, unit, asks, short: least, alternative: None }]
        }
    }
}

/// How much a number lacks of a bound that it does not keep; below zero how much too much it is.
fn short(value: &Figure, side: Side, limit: &Figure) -> Option<Exact> {
    let (Figure::Known(value), Figure::Known(limit)) = (value, limit) else { return None };
    if side.holds(value, limit) {
        return None;
    }
    Some(limit - value)
}

/// The tests that are made of no other.
fn leaves<'t>(test: &'t GroupTest, all: &mut Vec<&'t GroupTest>) {
    match test {
        GroupTest::All(parts) | GroupTest::Any(parts) => parts.iter().for_each(|part| leaves(part, all)),
        GroupTest::Not(part) => leaves(part, all),
        GroupTest::Within { .. } | GroupTest::Missing(_) => all.push(test),
    }
}
