//! The rows that are shown of a reading.

use super::behind::Behind;
use super::taking::Taking;
use super::{RowExplained, ends};
use crate::month::Month;
use crate::plan::PlannedReading;
use crate::text::is_same;
use std::collections::BTreeSet;

impl Behind<'_> {
    /// The rows that are shown of a reading's tables: the ones that count first.
    pub(super) fn rows(
        &self,
        planned: &PlannedReading,
        taking: &Taking<'_>,
    ) -> (Vec<RowExplained>, Vec<(String, u64)>) {
        let (mut rows, mut more) = (Vec::new(), Vec::new());
        let terms = planned.terms();
        let reading = ends::asked_with_a_list(&self.plan.rules, &planned.key, &terms);
        let tables: BTreeSet<usize> = taking.parts().map(|(part, ..)| part.table).collect();
        for at in tables {
            let (Some(table), Some(seen)) = (self.plan.tables.get(at), self.evidence.rows.get(at)) else { continue };
            let unseen = self.evidence.more_rows.get(at).copied().filter(|unseen| *unseen > 0);
            more.extend(unseen.map(|unseen| (table.name.clone(), unseen)));
            for (row, times) in seen {
                // Columns that only its export has decide whether a row is the table's, and who is who.
                let own = |name: &str| table.table.columns.contains_key(name) && !is_same(name, &table.table.entity);
                let cells = table.wanted.iter().zip(&row.cells).filter(|(wanted, _)| own(&wanted.name));
                let cells: Vec<(String, String)> = cells
                    .filter_map(|(wanted, cell)| {
                        let cell = self.first_name(Some(&wanted.name), cell.as_ref()?);
                        Some((wanted.name.clone(), cell))
                    })
                    .collect();
                let taken = taking.of((at, table), row, &cells);
                let takes = taken.as_deref().unwrap_or_default();
                let seen = table.wanted.iter().zip(&row.cells);
                let seen = seen.filter_map(|(wanted, cell)| Some((wanted.name.as_str(), cell.as_deref()?)));
                let lacking = row.lacking.iter().filter_map(|at| Some(table.wanted.get(*at)?.name.as_str()));
                let judged = ends::Row { table: &table.table, cells: seen.collect(), lacking: lacking.collect() };
                let by = match &taken {
                    // What counts for being there counts whatever is taken of it.
                    _ if taking.counts_rows() => Vec::new(),
                    Ok(takes) => takes.clone(),
                    Err(_) => taking.of_table(at),
                };
                let last_day = ends::last_day(&judged, planned, &by, reading.as_ref(), taken.is_ok());
                let is_for_all = takes.len() == taking.amounts().len();
                rows.push(RowExplained {
                    table: table.name.clone(),
                    last_day,
                    amounts: takes.iter().filter(|_| !is_for_all).map(|amount| amount.name.to_owned()).collect(),
                    cells,
                    times: *times,
                    why_not: taken.err(),
                });
            }
        }
        // Of tables with months only rows of the group were kept.
        let of_months = |row: &RowExplained| {
            planned
                .measure
                .sources()
                .iter()
                .any(|source| source.table.name == row.table && source.table.month.is_some())
        };
        let by = &planned.measure.group;
        rows.retain(|row| {
            let keys = row.cells.iter().filter(|(column, _)| by.is_empty() || by.contains(column));
            of_months(row) || self.is_asked(keys.map(|(column, cell)| (column, cell)))
        });
        // Those that count, those that nearly do, those about something else, those of other months.
        let is_of_another_month = |row: &RowExplained| {
            row.cells.iter().any(|(column, cell)| {
                Some(column) == planned.measure.sources().iter().find_map(|source| source.table.month.as_ref())
                    && Month::parse(cell).is_some_and(|month| !planned.months.contains(&month))
            })
        };
        rows.sort_by_key(|row| {
            let is_unlisted = row.why_not.as_ref().is_some_and(|why| why.is_unlisted);
            (row.why_not.is_some(), is_of_another_month(row), is_unlisted)
        });
        (rows, more)
    }
}
