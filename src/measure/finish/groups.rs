//! The groups of a reading: those of its accumulators with equal keys are one.

use super::amounts::{Amounts, Read};
use super::reduce::Total;
use super::test::Test;
use crate::exact::Exact;
use crate::measure::entities::Entities;
use crate::measure::local::{Group, Groups, Interner, Pass};
use crate::plan::{Part, Plan, PlannedAmount, PlannedReading, PlannedSource};
use crate::rules::AmountForm;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A reading's number for each entity.
pub(super) type Values = Arc<[Option<Exact>]>;

/// Reads numbers off the passes. Every `None` is a number that left 38 digits.
pub(super) struct Finish<'a> {
    pub(super) plan: &'a Plan,
    pub(super) passes: &'a [Pass],
    pub(super) entities: &'a Entities,
    /// The numbers of the readings that come before.
    pub(super) done: &'a [Values],
    /// The only entity whose groups are looked at; none: all of them.
    pub(super) only: Option<usize>,
}

/// Called with every group: its entity, its keys, its amounts, and whether it is kept.
type Each<'e> = &'e mut dyn FnMut(usize, &[u32], &Amounts<'_>, bool) -> Option<()>;

/// A group within an entity by the numbers of its keys, which mean something within one reading only.
type Name = (usize, Vec<u32>);

/// What a group has in a part: itself, or itself on each day.
pub(super) type Members<'g> = Vec<Group<'g>>;

/// For each key of a part what number each of its own numbers has in common.
type Numbers = Vec<Vec<u32>>;

/// Groups by name, each with its members in every part.
type Joined<'g> = BTreeMap<Name, Vec<Members<'g>>>;

impl Finish<'_> {
    /// The numbers of the readings that one looks at.
    fn asked(&self, reading: &PlannedReading) -> Vec<Values> {
        reading.asked.iter().filter_map(|at| self.done.get(*at)).cloned().collect()
    }

    /// The number of each entity; none for the mean or extreme of nothing.
    pub(super) fn values(&self, reading: &PlannedReading) -> Option<Vec<Option<Exact>>> {
        let mut totals: Vec<Total> = self.entities.shown.iter().map(|_| Total::new(reading.measure.reduce)).collect();
        self.each(reading, &mut |entity, _, amounts, is_kept| match totals.get_mut(entity) {
            Some(total) if is_kept => total.add(amounts),
            _ => Some(()),
        })?;
        Some(totals.into_iter().map(Total::value).collect())
    }

    /// Calls `each` with every group.
    pub(super) fn each(&self, reading: &PlannedReading, each: Each<'_>) -> Option<()> {
        match &reading.source {
            PlannedSource::Rows { parts, amounts } => self.of_rows(reading, parts, amounts, each),
            PlannedSource::Groups { reading: inner, keys } => self.of_groups(reading, *inner, keys, each),
        }
    }

    fn of_rows(
        &self,
        reading: &PlannedReading,
        parts: &[Part],
        planned: &[Option<PlannedAmount>],
        each: Each<'_>,
    ) -> Option<()> {
        let groups: Vec<&Groups> = parts
            .iter()
            .map(|part| self.passes.get(part.table)?.groups.get(part.accumulator))
            .collect::<Option<_>>()?;
        let terms = reading.terms();
        let asked = self.asked(reading);
        let mut amounts = Amounts::new(&reading.measure, (&terms, &asked), planned, &groups)?;
        let having = reading.measure.having.as_ref();
        let having = having.map(|test| Test::new(test, &Read { amounts: &amounts, terms }));
        let exists = |members: &[&[Group<'_>]]| {
            let rows = |(part, groups): (&Part, &&[Group<'_>])| {
                groups.iter().any(|group| part.slots.iter().any(|slot| group.rows(*slot) > 0))
            };
            parts.iter().zip(members).any(rows)
        };
        let mut meet = |entity: usize, keys: &[u32], members: &[&[Group<'_>]]| -> Option<()> {
            if !exists(members) {
                return Some(());
            }
            amounts.take(entity, members)?;
            let is_kept = having.as_ref().is_none_or(|test| test.holds(&Read { amounts: &amounts, terms }));
            each(entity, keys, &amounts, is_kept)
        };
        if let ([part], [groups]) = (parts, groups.as_slice()) {
            for group in groups.iter() {
                let entity = self.entities.position(part.table, group.entity())?;
                if self.only.is_none_or(|only| only == entity) {
                    meet(entity, group.keys(), &[&[group]])?;
                }
            }
            return Some(());
        }
        for ((entity, keys), members) in self.joined(parts, &groups)? {
            meet(entity, &keys, &members.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
        }
        Some(())
    }

    /// The texts of each key of a part, by number.
    fn keys_of(&self, part: &Part) -> Option<Vec<&Interner>> {
        let accumulator = self.plan.tables.get(part.table)?.accumulators.get(part.accumulator)?;
        let keys = &self.passes.get(part.table)?.keys;
        accumulator.keys.iter().map(|key| keys.get(*key)?.as_ref()).collect()
    }

    /// Texts of several tables have numbers of their own in each: here they get common ones, and for each part the
    /// common numbers of its own.
    fn common(&self, parts: &[Part]) -> Option<(Vec<Interner>, Vec<Numbers>)> {
        let mut common: Vec<Interner> = Vec::new();
        let mut all = Vec::new();
        for part in parts {
            let mut numbers: Vec<Vec<u32>> = Vec::new();
            for (position, texts) in self.keys_of(part)?.into_iter().enumerate() {
                if common.len() <= position {
                    common.push(Interner::new(texts.is_exact()));
                }
                numbers.push(common.get_mut(position)?.merge(texts));
            }
            all.push(numbers);
        }
        Some((common, all))
    }

    /// The texts of each key of a reading's groups, by number.
    pub(super) fn texts(&self, reading: &PlannedReading) -> Option<Vec<Vec<String>>> {
        let shown = |texts: &Interner| texts.shown().map(str::to_owned).collect();
        match &reading.source {
            PlannedSource::Rows { parts, .. } => match parts.as_slice() {
                [part] => Some(self.keys_of(part)?.into_iter().map(shown).collect()),
                parts => Some(self.common(parts)?.0.iter().map(shown).collect()),
            },
            PlannedSource::Groups { reading: inner, keys } => {
                let texts = self.texts(self.plan.readings.get(*inner)?)?;
                keys.iter().map(|key| texts.get(*key).cloned()).collect()
            }
        }
    }

    /// The groups of several accumulators, those with equal keys together.
    fn joined<'g>(&self, parts: &[Part], groups: &[&'g Groups]) -> Option<Joined<'g>> {
        let mut joined: Joined<'g> = BTreeMap::new();
        let (_, common) = self.common(parts)?;
        for (at, ((part, groups), numbers)) in parts.iter().zip(groups).zip(&common).enumerate() {
            for group in groups.iter() {
                let entity = self.entities.position(part.table, group.entity())?;
                if self.only.is_some_and(|only| only != entity) {
                    continue;
                }
                let number = |(key, numbers): (&u32, &Vec<u32>)| numbers.get(usize::try_from(*key).ok()?).copied();
                let keys: Vec<u32> = group.keys().iter().zip(numbers).map(number).collect::<Option<_>>()?;
                let members = joined.entry((entity, keys)).or_insert_with(|| vec![Vec::new(); parts.len()]);
                members.get_mut(at)?.push(group);
            }
        }
        Some(joined)
    }

    /// The groups of another reading's groups.
    fn of_groups(&self, reading: &PlannedReading, inner: usize, keys: &[usize], each: Each<'_>) -> Option<()> {
        let terms = reading.terms();
        let mut groups: BTreeMap<Name, Vec<Option<Total>>> = BTreeMap::new();
        let forms: Vec<&AmountForm> = reading.measure.amounts.values().map(|amount| &amount.form).collect();
        let fresh = || {
            let total = |form: &&AmountForm| match form {
                AmountForm::Gathered { reduce, .. } => Some(Total::new(*reduce)),
                AmountForm::Taken(_) | AmountForm::Made(_) => None,
            };
            forms.iter().map(total).collect()
        };
        self.each(self.plan.readings.get(inner)?, &mut |entity, names, amounts, is_kept| {
            if !is_kept {
                return Some(());
            }
            let read = Read { amounts, terms };
            let name = keys.iter().filter_map(|at| names.get(*at)).copied().collect();
            for (form, total) in forms.iter().zip(groups.entry((entity, name)).or_insert_with(fresh)) {
                let is_kept = match form {
                    AmountForm::Gathered { test: Some(test), .. } => Test::new(test, &read).holds(&read),
                    _ => true,
                };
                if let Some(total) = total.as_mut().filter(|_| is_kept) {
                    total.add(amounts)?;
                }
            }
            Some(())
        })?;
        let asked = self.asked(reading);
        let mut amounts = Amounts::of_groups(&reading.measure, (&terms, &asked));
        let having = reading.measure.having.as_ref();
        let having = having.map(|test| Test::new(test, &Read { amounts: &amounts, terms }));
        for ((entity, keys), gathered) in groups {
            amounts.put(entity, gathered);
            let is_kept = having.as_ref().is_none_or(|test| test.holds(&Read { amounts: &amounts, terms }));
            each(entity, &keys, &amounts, is_kept)?;
        }
        Some(())
    }
}
