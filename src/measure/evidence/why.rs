//! Why a test does not keep a row, in words that name its cells.

use crate::exact::Exact;
use crate::lookup::Lookup;
use crate::measure::local::mask;
use crate::month::Month;
use crate::plan::{Predicate, TablePlan};
use crate::read::{Batch, Cells};
use crate::rules::ColumnType;
use crate::text::{compared, quoted};
use arrow_array::Array as _;
use chrono::NaiveDate;

/// The cell of a row as text; none where it is missing or the file lacks the column.
pub(super) fn cell(batch: &Batch, at: usize, row: usize) -> Option<String> {
    match batch.columns.get(at)?.as_ref()? {
        Cells::Text(texts) => texts.get(row).map(ToOwned::to_owned),
        Cells::Month(months) => months.is_valid(row).then(|| Month::from_index(months.value(row)).to_string()),
        Cells::Date(days) => {
            let day = days.is_valid(row).then(|| days.value(row))?;
            Some(NaiveDate::from_epoch_days(day)?.to_string())
        }
        Cells::Number(numbers) => {
            let scale = u32::try_from(numbers.scale()).ok()?;
            numbers.is_valid(row).then(|| Exact::scaled(numbers.value(row), scale).to_string())
        }
    }
}

/// Why a row does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WhyNot {
    /// In words.
    pub words: String,
    /// Whether it is about something that the rules do not list: as a rule, about something else.
    pub is_unlisted: bool,
}

/// The first part of a test that does not hold for a row.
pub(super) fn why_not(test: &Predicate, table: &TablePlan, batch: &Batch, row: usize) -> WhyNot {
    let fails = |part: &&Predicate| mask::of(part, batch).get(row) != Some(&true);
    let name = |at: &usize| table.wanted.get(*at).map_or_else(String::new, |wanted| format!("`{}`", wanted.name));
    let is = |at: &usize| match cell(batch, *at, row) {
        Some(text) => format!("{} is {}", name(at), quoted(&text)),
        None => format!("{} is missing", name(at)),
    };
    // A value that has left its list, or is not yet in it, is known to it.
    let is_known = |spellings: &Lookup<bool>, column: &usize, exact: bool| {
        cell(batch, *column, row).is_some_and(|text| spellings.contains(&compared(&text, exact)))
    };
    let is_unlisted = match test {
        Predicate::In { column, spellings, exact, negated: false } => !is_known(spellings, column, *exact),
        _ => false,
    };
    let words = match test {
        Predicate::All(parts) => {
            // What is listed is more telling than what is not.
            let mut whys = parts.iter().filter(fails).map(|part| why_not(part, table, batch, row));
            let first = whys.next();
            let telling =
                whys.find(|why| why.is_unlisted).filter(|_| first.as_ref().is_some_and(|why| !why.is_unlisted));
            return telling.or(first).unwrap_or_else(|| WhyNot { words: String::new(), is_unlisted: false });
        }
        Predicate::Any(parts) => {
            // Of alternatives that each ask for other values those are told that ask for this one.
            let is_about_it = |part: &&Predicate| {
                let holds = |test: &Predicate| matches!(test, Predicate::In { negated: false, .. }) && !fails(&test);
                matches!(part, Predicate::All(tests) if tests.iter().any(holds))
            };
            let about_it: Vec<&Predicate> = parts.iter().filter(is_about_it).collect();
            let told = if about_it.is_empty() { parts.iter().collect() } else { about_it };
            let all: Vec<WhyNot> = told.into_iter().map(|part| why_not(part, table, batch, row)).collect();
            let is_unlisted = all.iter().all(|why| why.is_unlisted);
            let mut words: Vec<String> = all.into_iter().map(|why| why.words).collect();
            words.dedup();
            return WhyNot { words: words.join(" and "), is_unlisted };
        }
        Predicate::In { column, negated, .. } => {
            let how = match (cell(batch, *column, row), negated) {
                (None, _) => "",
                (Some(_), false) if is_unlisted => ", which is not listed",
                (Some(_), false) => ", which is not in the list on the day judged",
                (Some(_), true) => ", which is excluded",
            };
            format!("{}{how}", is(column))
        }
        Predicate::Missing { column, negated: false } => format!("{} is not missing", name(column)),
        Predicate::Missing { column, negated: true } => is(column),
        Predicate::Numbers { column, limits, negated } => {
            let limits: Vec<String> = limits.iter().map(|(side, limit)| format!("{side} {limit}")).collect();
            let how = if *negated { "must not be" } else { "has to be" };
            format!("{} and {how} {}", is(column), limits.join(" and "))
        }
        Predicate::Days { column, first, last, negated } => {
            let is_month = table.wanted.get(*column).is_some_and(|wanted| wanted.kind == ColumnType::Month);
            let shown = |number: i32| {
                if is_month {
                    return Month::from_index(number).to_string();
                }
                NaiveDate::from_epoch_days(number).map_or_else(String::new, |day| day.to_string())
            };
            let how = match (*first, *last) {
                (i32::MIN, last) => format!("not after {}", shown(last)),
                (first, i32::MAX) => format!("not before {}", shown(first)),
                (first, last) => format!("within {} to {}", shown(first), shown(last)),
            };
            let asks = if *negated { "must not be" } else { "has to be" };
            format!("{} and {asks} {how}", is(column))
        }
        Predicate::Valid { first, last, day, negated, .. } => {
            let day = NaiveDate::from_epoch_days(*day).map_or_else(String::new, |day| day.to_string());
            let how = if *negated { "in force" } else { "not in force" };
            let last = if first == last { String::new() } else { format!(", {}", is(last)) };
            format!("{how} on {day}: {}{last}", is(first))
        }
        Predicate::Against { column, other, .. } | Predicate::Same { column, other, .. } => {
            format!("{}, which does not fit {}", is(column), is(other))
        }
    };
    WhyNot { words, is_unlisted }
}
