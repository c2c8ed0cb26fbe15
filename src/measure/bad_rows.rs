//! Rows that cannot be read, over all tables.

use super::Effort;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use std::collections::BTreeMap;

/// Rows that cannot be read. A table that editions define in two ways is read twice, and its rows are the same.
#[derive(Default)]
pub(super) struct BadRows<'a> {
    by_table: BTreeMap<&'a str, u64>,
    pub(super) listed: Vec<Diagnostic>,
}

impl<'a> BadRows<'a> {
    pub(super) fn add(&mut self, table: &'a str, rows: u64, listed: Vec<Diagnostic>) {
        let known = self.by_table.entry(table).or_default();
        *known = rows.max(*known);
        for problem in listed {
            if !self.listed.contains(&problem) {
                self.listed.push(problem);
            }
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.by_table.values().sum()
    }

    /// Reports unreadable rows where there are more than permitted.
    pub(super) fn permitted(&self, effort: Effort, found: &mut Diagnostics) -> Result<(), Failed> {
        let mut failed = Ok(());
        let rejected = self.rows();
        if rejected > effort.allow_bad_rows {
            let shown = u64::try_from(self.listed.len()).unwrap_or(u64::MAX);
            for problem in &self.listed {
                failed = Err(found.error(problem.clone()));
            }
            if rejected > shown || effort.allow_bad_rows > 0 {
                let message = format!("in all, {rejected} rows cannot be read; permitted: {}", effort.allow_bad_rows);
                let problem = Diagnostic::new(Code::TooManyBadRows, Place::Command, message);
                failed = Err(found.error(
                    problem.help("correct the data, or permit more with `--allow-bad-rows`; they are then left out"),
                ));
            }
        }
        failed
    }
}
