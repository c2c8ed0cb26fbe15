//! Which tables name which entities.

use super::local::Pass;
use super::share::Share;
use crate::plan::{Plan, TablePlan};
use crate::text::fold;
use std::collections::BTreeMap;

/// All entities, and which of them each table's numbers mean.
pub(super) struct Entities {
    /// Those that are measured, or all of which some are, by id.
    pub(super) shown: Vec<String>,
    /// Where one is measured the others, by id.
    pub(super) others: Vec<String>,
    /// For each table: the position of each of its numbers.
    by_table: Vec<Vec<usize>>,
}

impl Entities {
    pub(super) fn of(plan: &Plan, passes: &[Pass], share: Share<'_>) -> Self {
        let mut smallest: BTreeMap<String, String> = BTreeMap::new();
        let mut meet = |text: &str| {
            let shown = smallest.entry(fold(text).into_owned()).or_insert_with(|| text.to_owned());
            if text < shown.as_str() {
                text.clone_into(shown);
            }
        };
        for pass in passes {
            pass.entities.shown().for_each(&mut meet);
        }
        // Without any entity column all rows, and a data set without rows, belong to the stated entity.
        let none_named = plan.tables.iter().all(|table| table.entity.is_none());
        if none_named {
            meet(&plan.entity);
        }
        let mut order: Vec<(String, String)> = smallest.into_iter().map(|(folded, shown)| (shown, folded)).collect();
        order.sort();
        let is_shown = |(shown, _): &(String, String)| !share.is_one() || share.holds(shown);
        let (order, others): (Vec<_>, Vec<_>) = order.into_iter().partition(is_shown);
        let positions: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, (_, folded))| (folded.as_str(), at)).collect();
        let position = |text: &str| positions.get(fold(text).as_ref()).copied().unwrap_or(usize::MAX);
        let by_table = passes.iter().map(|pass| pass.entities.shown().map(position).collect()).collect();
        let names = |order: Vec<(String, String)>| order.into_iter().map(|(shown, _)| shown).collect();
        Self { by_table, shown: names(order), others: names(others) }
    }

    /// Of several tables that name entities: those that one alone names.
    pub(super) fn alone(&self, plan: &Plan) -> Vec<(String, Vec<String>)> {
        let naming = self.naming(plan);
        if naming.len() < 2 {
            return Vec::new();
        }
        let is_alone = |at: usize| naming.iter().filter(|(_, known)| knows(known, at)).count() == 1;
        let of_table = naming.iter().map(|(table, known)| {
            let shown = self.shown.iter().enumerate();
            let alone = shown.filter(|(at, _)| knows(known, *at) && is_alone(*at)).map(|(_, name)| name.clone());
            ((*table).to_owned(), alone.collect::<Vec<_>>())
        });
        of_table.filter(|(_, alone)| !alone.is_empty()).collect()
    }

    /// Pairs of tables that name entities, and none together.
    pub(super) fn apart<'p>(&self, plan: &'p Plan) -> Vec<(&'p str, &'p str)> {
        let mut naming = self.naming(plan);
        naming.retain(|(_, known)| known.contains(&true));
        let mut apart = Vec::new();
        for (at, (one, known)) in naming.iter().enumerate() {
            let meets = |theirs: &[bool]| known.iter().zip(theirs).any(|(mine, theirs)| *mine && *theirs);
            let others = naming.iter().skip(at + 1).filter(|(other, theirs)| one != other && !meets(theirs));
            apart.extend(others.map(|(other, _)| (*one, *other)));
        }
        apart
    }

    /// The tables that name entities, each with whether it names the one at each position.
    fn naming<'p>(&self, plan: &'p Plan) -> Vec<(&'p str, Vec<bool>)> {
        let names = |table: &TablePlan| table.entity.is_some() || plan.entity_is_stated;
        let naming = plan.tables.iter().zip(&self.by_table).filter(|(table, _)| names(table));
        let named = naming.map(|(table, positions)| {
            let mut known = vec![false; self.shown.len()];
            for at in positions {
                known.get_mut(*at).into_iter().for_each(|known| *known = true);
            }
            (table.name.as_str(), known)
        });
        named.collect()
    }

    pub(super) fn position(&self, table: usize, number: u32) -> Option<usize> {
        self.by_table.get(table)?.get(usize::try_from(number).ok()?).copied()
    }
}

fn knows(known: &[bool], at: usize) -> bool {
    known.get(at).copied().unwrap_or(false)
}
