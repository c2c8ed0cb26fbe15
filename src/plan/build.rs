//! The making of a plan: each reading finds or adds its accumulator; slots are numbered when all months are known.

mod table;

use super::{Plan, PlannedAmount, PlannedReading, Unchecked};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::month::Month;
use crate::read::Blank;
use crate::rules::{Absent, Measure, Reading, ReadingKey, RuleSet, Worth};
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;
use std::sync::Arc;
use table::{Days, Draft, position_or_push};

/// Plans everything that any area of the edition reads.
///
/// # Errors
///
/// [`Failed`] if a file lacks a column that is read, or only some tables name the entity.
pub fn plan(
    rules: &Arc<RuleSet>,
    catalog: &Catalog,
    as_of: NaiveDate,
    found: &mut Diagnostics,
) -> Result<Plan, Failed> {
    let last_month = Month::of(as_of).minus(1);
    let mut tables = Vec::new();
    for (name, table) in &rules.tables {
        let files = catalog.tables.get(name).cloned().unwrap_or_default();
        tables.push(Draft::new(table, files));
    }
    let mut drafts = Drafts { as_of, last_month, tables, readings: Vec::new() };
    for area in rules.areas.values() {
        for metric in &area.metrics {
            if let Worth::Award(award) = &metric.worth {
                award.readings(&mut |reading| drafts.reading(reading));
            }
        }
    }
    drafts.unchecked();
    for draft in &mut drafts.tables {
        draft.identities();
    }
    let mut failed = Ok(());
    for draft in &drafts.tables {
        if let Err(error) = draft.missing_columns(found) {
            failed = Err(error);
        }
    }
    failed?;
    entity_columns(&drafts.tables, catalog, found)?;
    let Drafts { tables, readings, .. } = drafts;
    let readings = readings.into_iter().filter_map(|draft| draft.finish(&tables)).collect();
    Ok(Plan {
        rules: Arc::clone(rules),
        as_of,
        last_month,
        entity: catalog.entity.clone(),
        tables: tables.into_iter().map(Draft::finish).collect(),
        unused: catalog.unused.clone(),
        readings,
    })
}

/// Either every table names the entity or none does, unless the dataset file names it.
fn entity_columns(tables: &[Draft], catalog: &Catalog, found: &mut Diagnostics) -> Result<(), Failed> {
    let (mut named, mut unnamed) = (None, None);
    for draft in tables {
        for file in &draft.files.files {
            let side = if file.gives(&draft.table.entity) { &mut named } else { &mut unnamed };
            side.get_or_insert((&draft.table.entity, &file.file));
        }
    }
    let (Some((_, named)), Some((column, unnamed))) = (named, unnamed) else { return Ok(()) };
    if catalog.entity_is_stated {
        return Ok(());
    }
    let message = format!("`{}` has no column `{}`, and `{}` has it", unnamed.shown, column, named.shown);
    let problem = Diagnostic::new(Code::EntityColumn, Place::File(unnamed.shown.clone()), message);
    Err(found.error(problem.help("add the column, or name the `entity` of rows without one in `dataset.yaml`")))
}

struct Drafts {
    as_of: NaiveDate,
    last_month: Month,
    tables: Vec<Draft>,
    readings: Vec<DraftReading>,
}

/// A reading whose slots are not numbered yet.
struct DraftReading {
    key: ReadingKey,
    measure: Arc<Measure>,
    table: usize,
    accumulator: usize,
    /// For each amount: its sum's position and the months of its window.
    amounts: Vec<(usize, Vec<Month>)>,
}

impl Drafts {
    fn reading(&mut self, reading: &Reading) {
        let key = reading.key();
        if self.readings.iter().any(|known| known.key == key) {
            return;
        }
        let measure = &reading.measure;
        let Some(table) = self.tables.iter().position(|draft| draft.table.name == measure.table.name) else { return };
        let Some(draft) = self.tables.get_mut(table) else { return };
        // What `valid` asks moves back with the windows; the members of a list stay those of the day judged.
        let moved = self.as_of.checked_sub_months(Months::new(reading.ago)).unwrap_or(NaiveDate::MIN);
        let days = Days { judged: self.as_of, valid_on: moved };
        let filter = draft.filter_of(measure, reading.given.as_ref(), days);
        let keys: Vec<usize> = measure.group.iter().map(|column| draft.want(column, Blank::Unreadable)).collect();
        let last = self.last_month.minus(reading.ago);
        let mut amounts = Vec::new();
        for amount in measure.amounts.values() {
            let months =
                amount.last.map_or_else(Vec::new, |count| (0..count).rev().map(|back| last.minus(back)).collect());
            amounts.push((draft.want(&amount.column, Blank::Unreadable), months));
        }
        let sums: Vec<usize> = amounts.iter().map(|(column, _)| *column).collect();
        let accumulator = draft.accumulator(filter, &keys, None);
        let mut placed = Vec::new();
        if let Some(target) = draft.accumulators.get_mut(accumulator) {
            for ((_, months), column) in amounts.into_iter().zip(sums) {
                target.months.extend(&months);
                placed.push((position_or_push(&mut target.sums, column), months));
            }
        }
        self.readings.push(DraftReading { key, measure: Arc::clone(measure), table, accumulator, amounts: placed });
    }

    /// Adds an accumulator for every test on a column that a file lacks.
    fn unchecked(&mut self) {
        for draft in &mut self.tables {
            let lacking = |column: &String| {
                draft.table.absent.get(column) == Some(&Absent::Keep)
                    && draft.files.files.iter().any(|file| !file.gives(column))
            };
            let touched: Vec<(String, usize, String)> = draft
                .tests
                .iter()
                .flat_map(|(written_in, filter, columns)| {
                    columns
                        .iter()
                        .filter(|column| lacking(column))
                        .map(|column| (written_in.clone(), *filter, column.clone()))
                })
                .collect();
            let months: BTreeSet<Month> = draft.accumulators.iter().flat_map(|a| a.months.iter().copied()).collect();
            let mut money: Vec<usize> = draft.accumulators.iter().flat_map(|a| a.sums.iter().copied()).collect();
            money.sort_unstable();
            money.dedup();
            for (written_in, filter, column) in touched {
                let only = draft.want(&column, Blank::Missing);
                let accumulator = draft.accumulator(filter, &[], Some(only));
                if let Some(target) = draft.accumulators.get_mut(accumulator) {
                    target.months.extend(&months);
                    target.sums.clone_from(&money);
                }
                let sums =
                    money.iter().filter_map(|sum| draft.wanted.get(*sum)).map(|wanted| wanted.name.clone()).collect();
                let without = draft.files.files.iter().filter(|file| !file.gives(&column));
                let lacking = without.map(|file| file.file.shown.clone()).collect();
                draft.unchecked.push(Unchecked { written_in, column, lacking, accumulator, sums });
            }
        }
    }
}

impl DraftReading {
    fn finish(self, tables: &[Draft]) -> Option<PlannedReading> {
        let accumulator = tables.get(self.table)?.accumulators.get(self.accumulator)?;
        let slots_of = |months: &[Month]| -> Vec<usize> {
            if accumulator.months.is_empty() {
                return vec![0];
            }
            accumulator
                .months
                .iter()
                .enumerate()
                .filter(|(_, month)| months.contains(month))
                .map(|(slot, _)| slot)
                .collect()
        };
        let months: BTreeSet<Month> = self.amounts.iter().flat_map(|(_, months)| months.iter().copied()).collect();
        let months: Vec<Month> = months.into_iter().collect();
        Some(PlannedReading {
            table: self.table,
            accumulator: self.accumulator,
            slots: slots_of(&months),
            amounts: self
                .amounts
                .iter()
                .zip(self.measure.amounts.values())
                .map(|((sum, months), amount)| PlannedAmount {
                    sum: *sum,
                    slots: slots_of(months),
                    by_month: amount.by_month,
                })
                .collect(),
            months,
            key: self.key,
            measure: self.measure,
        })
    }
}
