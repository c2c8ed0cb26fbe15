//! What each part of a test leaves out of the rows of a reading.

use super::ClauseExplained;
use super::behind::Behind;
use super::taking::Taking;
use crate::month::Month;
use crate::plan::ClauseAt;
use std::collections::BTreeSet;

/// A part of a test, and who asks it.
struct Asked<'a> {
    table: usize,
    at: ClauseAt,
    within: Option<usize>,
    months: BTreeSet<Month>,
    amounts: Vec<&'a str>,
}

impl Behind<'_> {
    /// What the tests of the rows that a reading reads drop of them, each in the months of what asks it.
    pub(super) fn clauses(&self, taking: &Taking<'_>) -> Vec<ClauseExplained> {
        let mut all: Vec<Asked<'_>> = Vec::new();
        for (part, months, amounts) in taking.parts() {
            let Some(table) = self.plan.tables.get(part.table) else { continue };
            let mut within = None;
            for at in table.clauses_to(part.clause) {
                let known = all.iter().position(|known| known.table == part.table && known.at == at);
                let place = known.unwrap_or_else(|| {
                    let (months, amounts) = (BTreeSet::new(), Vec::new());
                    all.push(Asked { table: part.table, at, within, months, amounts });
                    all.len() - 1
                });
                if let Some(asked) = all.get_mut(place) {
                    asked.months.extend(&months);
                    for amount in &amounts {
                        if !asked.amounts.contains(amount) {
                            asked.amounts.push(*amount);
                        }
                    }
                }
                within = Some(place);
            }
        }
        let explained = all.into_iter().filter_map(|Asked { table, at, within, months, mut amounts }| {
            let (planned, own) = self.plan.tables.get(table).zip(self.evidence.own.get(table))?;
            let clause = planned.clauses.get(at.clause)?;
            let months: Vec<Month> = months.into_iter().filter(|_| planned.month.is_some()).collect();
            if amounts.len() == taking.amounts().len() {
                amounts.clear();
            }
            Some(ClauseExplained {
                table: planned.name.clone(),
                written_in: clause.written_in.clone(),
                columns: clause.columns.clone(),
                within,
                amounts: amounts.into_iter().map(ToOwned::to_owned).collect(),
                sifted: own.sifted(at, &months),
                months,
            })
        });
        explained.collect()
    }
}
