//! Which tables name which entities.

use super::local::Pass;
use crate::plan::Plan;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// All entities, and which of them each table's numbers mean.
pub(super) struct Entities {
    /// By id.
    pub(super) shown: Vec<String>,
    /// For each table: the position of each of its numbers.
    by_table: Vec<Vec<usize>>,
}

impl Entities {
    pub(super) fn of(plan: &Plan, passes: &[Pass]) -> Self {
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
        if none_named {
            meet(&plan.entity);
        }
        let mut order: Vec<(String, String)> = smallest.into_iter().map(|(folded, shown)| (shown, folded)).collect();
        order.sort();
        let positions: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, (_, folded))| (folded.as_str(), at)).collect();
        let position = |text: &str| positions.get(fold(text).as_ref()).copied().unwrap_or(usize::MAX);
        let by_table =
            passes.iter().map(|pass| pass.entities.shown().iter().map(|text| position(text)).collect()).collect();
        Self { by_table, shown: order.into_iter().map(|(shown, _)| shown).collect() }
    }

    /// Of several tables that name entities: those that one alone names.
    pub(super) fn alone(&self, plan: &Plan, passes: &[Pass]) -> Vec<(String, Vec<String>)> {
        let naming = plan.tables.iter().zip(passes).zip(&self.by_table);
        let naming: Vec<(&str, BTreeSet<usize>)> = naming
            .filter(|((table, _), _)| table.entity.is_some())
            .map(|((table, _), positions)| (table.name.as_str(), positions.iter().copied().collect()))
            .collect();
        if naming.len() < 2 {
            return Vec::new();
        }
        let is_alone = |at: &usize| naming.iter().filter(|(_, known)| known.contains(at)).count() == 1;
        let of_table = naming.iter().map(|(table, known)| {
            let alone = known.iter().filter(|at| is_alone(at)).filter_map(|at| self.shown.get(*at).cloned());
            ((*table).to_owned(), alone.collect::<Vec<_>>())
        });
        of_table.filter(|(_, alone)| !alone.is_empty()).collect()
    }

    /// Pairs of tables that name entities, and none together.
    pub(super) fn apart<'p>(&self, plan: &'p Plan) -> Vec<(&'p str, &'p str)> {
        let naming: Vec<(&str, BTreeSet<usize>)> = plan
            .tables
            .iter()
            .zip(&self.by_table)
            .filter(|(table, positions)| table.entity.is_some() && !positions.is_empty())
            .map(|(table, positions)| (table.name.as_str(), positions.iter().copied().collect()))
            .collect();
        let mut apart = Vec::new();
        for (at, (one, known)) in naming.iter().enumerate() {
            let others = naming.iter().skip(at + 1).filter(|(other, theirs)| one != other && known.is_disjoint(theirs));
            apart.extend(others.map(|(other, _)| (*one, *other)));
        }
        apart
    }

    pub(super) fn position(&self, table: usize, number: u32) -> Option<usize> {
        self.by_table.get(table)?.get(usize::try_from(number).ok()?).copied()
    }
}
