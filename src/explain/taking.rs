//! Which amounts of a reading take a row: by their tests, their months, and days that amounts of the group bound.

use super::behind::Behind;
use crate::exact::Exact;
use crate::measure::{GroupSeen, RowSeen, WhyNot};
use crate::month::Month;
use crate::plan::{Part, PlannedAmount, PlannedReading, PlannedSource, TablePlan, Tally};
use crate::rules::{AmountForm, Leaf, Only, Reduce, Side, Test, Unit, in_print};
use crate::text::is_same;
use std::collections::BTreeSet;

/// The amounts of a reading that take something of rows.
pub(super) struct Taking<'a> {
    planned: &'a PlannedReading,
    parts: &'a [Part],
    amounts: Vec<Amount<'a>>,
    groups: &'a [GroupSeen],
    /// What the readings are that amounts and bounds look at.
    asked: Vec<Option<Exact>>,
}

/// An amount that takes something of rows.
#[derive(Clone, Copy)]
pub(super) struct Amount<'a> {
    /// Its name.
    pub(super) name: &'a str,
    planned: &'a PlannedAmount,
    /// The test of its own.
    pub(super) test: Option<&'a Test>,
}

impl<'a> Taking<'a> {
    /// What a reading takes; none where it reads no rows.
    pub(super) fn new(behind: &Behind<'a>, planned: &'a PlannedReading, groups: &'a [GroupSeen]) -> Option<Self> {
        let PlannedSource::Rows { parts, amounts } = &planned.source else { return None };
        let amounts = planned.measure.amounts.iter().zip(amounts).filter_map(|((name, amount), planned)| {
            let AmountForm::Taken(taken) = &amount.form else { return None };
            Some(Amount { name, planned: planned.as_ref()?, test: taken.test.as_ref() })
        });
        let asked = planned.asked.iter().map(|at| {
            let reading = behind.plan.readings.get(*at)?;
            let measured = behind.measures.readings.get(&(reading.at.clone(), reading.key.clone()))?;
            measured.figure(behind.evidence.entity).known()
        });
        Some(Self { planned, parts, amounts: amounts.collect(), groups, asked: asked.collect() })
    }

    /// Its amounts.
    pub(super) fn amounts(&self) -> &[Amount<'a>] {
        &self.amounts
    }

    /// The parts that anything is read of, with the months, and with the amounts where not all read it.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&'a Part, BTreeSet<Month>, Vec<&'a str>)> {
        self.parts.iter().enumerate().filter_map(|(at, part)| {
            let takes = |amount: &&Amount<'_>| amount.planned.from.iter().any(|from| from.part == at);
            let of: Vec<&Amount<'a>> = self.amounts.iter().filter(takes).collect();
            let mut months: BTreeSet<Month> = of.iter().flat_map(|amount| &amount.planned.months).copied().collect();
            if of.is_empty() {
                if !self.counts_rows() {
                    return None;
                }
                months.extend(&self.planned.months);
            }
            Some((part, months, of.into_iter().map(|amount| amount.name).collect()))
        })
    }

    /// The amounts that take rows of a table.
    pub(super) fn of_table(&self, at: usize) -> Vec<Amount<'a>> {
        let is_of_table = |part: usize| self.parts.get(part).is_some_and(|part| part.table == at);
        let takes = |amount: &&Amount<'_>| amount.planned.from.iter().any(|from| is_of_table(from.part));
        self.amounts.iter().filter(takes).copied().collect()
    }

    /// Whether a group counts for its rows alone.
    pub(super) fn counts_rows(&self) -> bool {
        let measure = &self.planned.measure;
        self.amounts.is_empty() || (measure.having.is_none() && measure.reduce == Reduce::Count)
    }

    /// The amounts that take a row of a table; else why none does.
    pub(super) fn of(
        &self,
        (at, table): (usize, &TablePlan),
        row: &RowSeen,
        cells: &[(String, String)],
    ) -> Result<Vec<Amount<'a>>, WhyNot> {
        if row.is_repeated {
            return Err(WhyNot { words: "it repeats an amount".to_owned(), is_unlisted: false });
        }
        if let Some(month) = row.month.filter(|month| !self.planned.months.contains(month)) {
            return Err(WhyNot { words: format!("{month} is not looked at"), is_unlisted: true });
        }
        let of_table = || self.parts.iter().filter(|part| part.table == at);
        let test = |part: &Part| row.why_not.get(part.accumulator).cloned().flatten();
        let (mut takes, mut whys) = (Vec::new(), Vec::new());
        for amount in &self.amounts {
            let from = amount.planned.from.iter().filter_map(|from| Some((self.parts.get(from.part)?, from.tally)));
            let from = from.filter(|(part, _)| part.table == at);
            let tests: Vec<Option<WhyNot>> =
                from.map(|(part, tally)| test(part).or_else(|| blank(table, part, tally, row))).collect();
            if tests.is_empty() {
                continue;
            }
            let by_test = if tests.iter().any(Option::is_none) { None } else { tests.into_iter().flatten().next() };
            match by_test.or_else(|| self.outside(amount, row, cells)) {
                None => takes.push(*amount),
                Some(why) => whys.push(why),
            }
        }
        let is_there = || self.counts_rows() && of_table().any(|part| test(part).is_none());
        if !takes.is_empty() || is_there() {
            return Ok(takes);
        }
        whys.extend(of_table().filter_map(test));
        let telling = whys.iter().position(|why| !why.is_unlisted).unwrap_or(0);
        let none = || WhyNot { words: "no amount is taken of it".to_owned(), is_unlisted: true };
        Err(if whys.is_empty() { none() } else { whys.swap_remove(telling) })
    }

    /// Why a row lies outside the months and the days that an amount takes.
    fn outside(&self, amount: &Amount<'_>, row: &RowSeen, cells: &[(String, String)]) -> Option<WhyNot> {
        let why = |words: String| Some(WhyNot { words, is_unlisted: false });
        let group = self.groups.iter().find(|group| {
            let cell = |column: &String| cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell);
            let keys = self.planned.measure.group.iter().zip(&group.keys);
            keys.into_iter().all(|(column, key)| cell(column).is_some_and(|cell| is_same(cell, key)))
        });
        let of_group = |at: usize| group.and_then(|group| group.amounts.get(at)?.clone());
        let name = |at: usize| self.planned.measure.amounts.get_index(at).map_or("", |(name, _)| name.as_str());
        if let Some(month) = row.month {
            if !amount.planned.months.contains(&month) {
                let words = format!("{month} is not among the months of `{}`", amount.name);
                return Some(WhyNot { words, is_unlisted: true });
            }
            if let Some(only) = amount.planned.only {
                let (Only::At(at) | Only::Since(at)) = only;
                let Some(value) = of_group(at) else { return why(format!("`{}` is missing", name(at))) };
                let unit = self.planned.measure.amounts.get_index(at).map_or(Unit::Month, |(_, amount)| amount.unit);
                let first = month_of(&value, unit)?;
                let is_in = match only {
                    Only::At(_) => month == first,
                    Only::Since(_) => month >= first,
                };
                if !is_in {
                    let how = if matches!(only, Only::At(_)) { "not the month of" } else { "before" };
                    return why(format!("{month} is {how} `{}`, {}", name(at), in_print(&value, Some(unit))));
                }
            }
        }
        let bounds = amount.planned.days.as_ref()?;
        let column = &bounds.column;
        let Some(day) = cells.iter().find(|(known, _)| known == column).map(|(_, cell)| cell) else {
            return why(format!("`{column}` is missing"));
        };
        let number = day.parse().ok().map(|day: chrono::NaiveDate| Exact::from(i64::from(day.to_epoch_days())))?;
        for (side, limit) in &bounds.limits {
            let (what, value) = match limit {
                Leaf::Amount(at) => (format!("`{}`", name(*at)), of_group(*at)),
                Leaf::Asked(at) => {
                    let of = self.planned.measure.asked.get(*at).map_or("", |reading| &*reading.measure.name);
                    (format!("`{of}`"), self.asked.get(*at).cloned().flatten())
                }
            };
            let Some(value) = value else { return why(format!("{what} is missing")) };
            if !side.holds(&number, &value) {
                let shown = in_print(&value, Some(Unit::Day));
                return why(format!("`{column}` is {day} and has to be {} {what}, {shown}", spoken(*side)));
            }
        }
        None
    }
}

/// Why a row has nothing for an amount that takes the greatest, the least or the mean of a column.
fn blank(table: &TablePlan, part: &Part, tally: Option<usize>, row: &RowSeen) -> Option<WhyNot> {
    let column = match table.accumulators.get(part.accumulator)?.tallies.get(tally?)? {
        Tally::Sum(column) | Tally::Filled(column) | Tally::Greatest(column) | Tally::Least(column) => *column,
        Tally::Rated { .. } => return None,
    };
    let is_blank = row.cells.get(column).is_some_and(Option::is_none);
    let name = &table.wanted.get(column)?.name;
    is_blank.then(|| WhyNot { words: format!("`{name}` is missing"), is_unlisted: false })
}

/// A bound of days in words.
const fn spoken(side: Side) -> &'static str {
    match side {
        Side::AtLeast => "not before",
        Side::MoreThan => "after",
        Side::AtMost => "not after",
        Side::LessThan => "before",
    }
}

/// The month of a number that counts months or days.
fn month_of(value: &Exact, unit: Unit) -> Option<Month> {
    let number = i32::try_from(value.floor_at(0)).ok()?;
    match unit {
        Unit::Day => Some(Month::of(chrono::NaiveDate::from_epoch_days(number)?)),
        _ => Some(Month::from_index(number)),
    }
}
