//! The rows of one entity.

use crate::plan::TablePlan;
use crate::read::{Batch, BySpelling, Cells};
use crate::text::is_same;

/// Tells them from those of others.
pub(super) struct Own<'a> {
    table: &'a TablePlan,
    entity: &'a str,
    is_it: BySpelling<bool>,
}

impl<'a> Own<'a> {
    pub(super) fn new(table: &'a TablePlan, entity: &'a str) -> Self {
        Self { table, entity, is_it: BySpelling::default() }
    }

    /// Hands on those of a batch, where it has any: they are few where there are many entities.
    pub(super) fn rows_of(&mut self, batch: &Batch<'_>, hand_on: impl FnOnce(&Batch<'_>)) {
        match self.table.entity.and_then(|at| batch.columns.get(at)?.as_ref()) {
            Some(Cells::Text(texts)) => {
                let is_own =
                    self.is_it.of_rows(texts, false, |text| is_same(text, self.entity)).into_iter().enumerate();
                let rows: Vec<usize> = is_own.filter(|(_, is_own)| *is_own).map(|(row, _)| row).collect();
                if !rows.is_empty() {
                    hand_on(&batch.only(&rows));
                }
            }
            _ if is_same(&self.table.stated_entity, self.entity) => hand_on(batch),
            _ => {}
        }
    }
}
