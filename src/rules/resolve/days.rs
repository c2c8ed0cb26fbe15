//! Which rows an amount takes by their day, as seen from another day of their group.

use super::amount::Amounts;
use super::scalar::{Leaves as _, Written};
use super::{Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model::{self, CellLimit};
use crate::rules::ruleset::{Amount, ColumnType, DayBounds, Leaf, Side, Table, Unit};
use indexmap::IndexMap;
use std::sync::Arc;

/// The test of an amount parted in two: what a row shows by itself, and a comparison with its group.
#[derive(Default)]
pub(super) struct Parted<'w> {
    /// What is left for each row alone, and where it is written: all of it has to hold.
    pub(super) alone: Vec<(&'w model::Test, String)>,
    /// The comparison, and where it is written.
    with_group: Option<(&'w model::CellBounds, String)>,
    /// A second comparison, which is one too many.
    second: Option<String>,
}

/// Takes the comparison with the group out of a test: it stands by itself or in an outermost `all`.
pub(super) fn parted<'w>(test: &'w model::Test, at: &str) -> Parted<'w> {
    let mut parted = Parted::default();
    let parts: Vec<(&model::Test, String)> = match test {
        model::Test::All(parts) => {
            let here = pointer(at, "all");
            parts.all.iter().enumerate().map(|(index, part)| (part, format!("{here}/{index}"))).collect()
        }
        one => vec![(one, at.to_owned())],
    };
    for (part, at) in parts {
        match part {
            model::Test::Bounds(bounds) if names_amounts(bounds) => parted.take(bounds, at),
            alone => parted.alone.push((alone, at)),
        }
    }
    parted
}

impl<'w> Parted<'w> {
    fn take(&mut self, bounds: &'w model::CellBounds, at: String) {
        if self.with_group.is_some() {
            self.second = Some(at);
        } else {
            self.with_group = Some((bounds, at));
        }
    }
}

fn names_amounts(bounds: &model::CellBounds) -> bool {
    bounds.limits().iter().any(|limit| matches!(limit, Some(CellLimit::Amount(_) | CellLimit::Reading(_))))
}

impl Resolver<'_> {
    /// The days between which a row counts.
    #[expect(clippy::option_option, reason = "the outer says whether it fits, the inner whether there is one")]
    pub(super) fn day_bounds(
        &mut self,
        parted: &Parted<'_>,
        tables: &[Arc<Table>],
        amounts: &IndexMap<String, Amount>,
    ) -> Option<Option<DayBounds>> {
        if let Some(at) = &parted.second {
            let problem = Diagnostic::at(Code::Misfit, self.value(at), "a row is compared with its group once");
            self.error(problem.help("give both bounds to one column in one test"));
            return None;
        }
        let found = parted.with_group.as_ref().map(|(bounds, at)| self.bounds_of_days(bounds, tables, amounts, at));
        all_or_nothing(found)
    }

    fn bounds_of_days(
        &mut self,
        written: &model::CellBounds,
        tables: &[Arc<Table>],
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<DayBounds> {
        let column = &written.column;
        let here = pointer(at, "column");
        let fits = tables.iter().all(|table| self.column(table, column, &here, &[ColumnType::Date]));
        let (mut bounds, mut complete) = (Vec::new(), fits);
        for ((side, word), limit) in Side::KEYS.into_iter().zip(written.limits()) {
            let here = pointer(at, word);
            match limit {
                None => {}
                Some(CellLimit::Amount(amount)) => {
                    match self.amount_in(&[Unit::Day], &amount.value, amounts, &pointer(&here, "value")) {
                        Some(position) => bounds.push((side, Leaf::Amount(position))),
                        None => complete = false,
                    }
                }
                Some(CellLimit::Reading(written)) => {
                    match Amounts(amounts).leaf(self, Written::Reading(written), &here) {
                        Some((leaf, Unit::Day)) => bounds.push((side, leaf)),
                        Some((_, unit)) => {
                            let message = format!("measure `{}` is {unit}, and not a day", written.measure);
                            let place = self.value(&pointer(&here, "measure"));
                            let problem = Diagnostic::at(Code::UnitMismatch, place, message);
                            self.error(problem.help("name a measure that takes the greatest or least of days"));
                            complete = false;
                        }
                        None => complete = false,
                    }
                }
                Some(_) => {
                    let message = "one bound is a day of the group or of a measure, and this one is not";
                    let problem = Diagnostic::at(Code::Misfit, self.value(&here), message);
                    self.error(problem.help("put it into a test of its own, beside this one in `all`"));
                    complete = false;
                }
            }
        }
        complete.then(|| DayBounds { column: column.clone(), limits: bounds })
    }
}
