//! The making of a plan: each reading finds or adds its accumulator; slots are numbered when all months are known.

use super::{
    Accumulator, Plan, PlannedAmount, PlannedReading, PlannedReduce, PlannedTest, Predicate, TablePlan, Unchecked,
};
use crate::catalog::{Catalog, TableFiles};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::exact::Exact;
use crate::month::Month;
use crate::read::{Blank, DataFile, Wanted};
use crate::rules::{
    Absent, Bound, Bounds, ColumnType, GroupTest, List, ListRef, Measure, Reading, ReadingKey, Reduce, Rows, RuleSet,
    Table, Test, Worth,
};
use crate::text::fold;
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;
use std::sync::Arc;

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
        readings,
    })
}

/// Either every table names the entity or none does, unless the dataset file names it.
fn entity_columns(tables: &[Draft], catalog: &Catalog, found: &mut Diagnostics) -> Result<(), Failed> {
    let (mut named, mut unnamed) = (None, None);
    for draft in tables {
        for (file, header) in &draft.files.files {
            let side = if has(header, &draft.table.entity) { &mut named } else { &mut unnamed };
            side.get_or_insert((&draft.table.entity, file));
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

fn has(header: &[String], column: &str) -> bool {
    header.iter().any(|name| fold(name) == fold(column))
}

struct Drafts {
    as_of: NaiveDate,
    last_month: Month,
    tables: Vec<Draft>,
    readings: Vec<DraftReading>,
}

/// A table's plan while readings still add to it.
struct Draft {
    table: Arc<Table>,
    files: TableFiles,
    wanted: Vec<Wanted>,
    entity: Option<usize>,
    month: Option<usize>,
    filters: Vec<Predicate>,
    accumulators: Vec<DraftAccumulator>,
    unchecked: Vec<Unchecked>,
    /// Every named selection and own test that is read, once, with its filter: where a test may turn out uncheckable.
    tests: Vec<(String, usize, BTreeSet<String>)>,
}

struct DraftAccumulator {
    filter: usize,
    keys: Vec<usize>,
    sums: Vec<usize>,
    months: BTreeSet<Month>,
    only_without: Option<usize>,
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
                    && draft.files.files.iter().any(|(_, header)| !has(header, column))
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
                draft.unchecked.push(Unchecked { written_in, column, accumulator, sums });
            }
        }
    }
}

/// The day that terms are taken from, and the day that `valid` asks about.
#[derive(Clone, Copy)]
struct Days {
    judged: NaiveDate,
    valid_on: NaiveDate,
}

impl Draft {
    fn new(table: &Arc<Table>, files: TableFiles) -> Self {
        let mut draft = Self {
            table: Arc::clone(table),
            files,
            wanted: Vec::new(),
            entity: None,
            month: None,
            filters: Vec::new(),
            accumulators: Vec::new(),
            unchecked: Vec::new(),
            tests: Vec::new(),
        };
        if draft.files.files.iter().any(|(_, header)| has(header, &table.entity)) {
            draft.entity = Some(draft.want(&table.entity, Blank::Unreadable));
        }
        draft.month = table.month.as_ref().map(|month| draft.want(month, Blank::Unreadable));
        draft
    }

    /// The position of a column among those read; what needs a cell most decides what a blank is.
    fn want(&mut self, column: &str, blank: Blank) -> usize {
        if let Some((position, wanted)) = self.wanted.iter_mut().enumerate().find(|(_, wanted)| wanted.name == column) {
            wanted.blank = wanted.blank.max(blank);
            return position;
        }
        let kind = self.table.columns.get(column).copied().unwrap_or(ColumnType::Text);
        self.wanted.push(Wanted { name: column.to_owned(), kind, blank });
        self.wanted.len() - 1
    }

    fn accumulator(&mut self, filter: usize, keys: &[usize], only_without: Option<usize>) -> usize {
        let same = |a: &DraftAccumulator| a.filter == filter && a.keys == keys && a.only_without == only_without;
        if let Some(position) = self.accumulators.iter().position(same) {
            return position;
        }
        let months = BTreeSet::new();
        self.accumulators.push(DraftAccumulator {
            filter,
            keys: keys.to_vec(),
            sums: Vec::new(),
            months,
            only_without,
        });
        self.accumulators.len() - 1
    }

    /// The filter of a measure: its rows' tests, outermost first, then its own.
    fn filter_of(&mut self, measure: &Measure, given: Option<&Arc<List>>, days: Days) -> usize {
        let mut tests = Vec::new();
        if let Some(rows) = &measure.rows {
            self.rows(rows, days, &mut tests);
        }
        if let Some(test) = &measure.test {
            tests.push(self.predicate(test, given, days, false));
            self.remember(format!("measure.{}", measure.name), &tests, test);
        }
        position_or_push(&mut self.filters, Predicate::All(tests))
    }

    fn rows(&mut self, rows: &Rows, days: Days, tests: &mut Vec<Predicate>) {
        if let Some(within) = &rows.within {
            self.rows(within, days, tests);
        }
        tests.push(self.predicate(&rows.test, None, days, false));
        self.remember(format!("rows.{}", rows.name), tests, &rows.test);
    }

    fn remember(&mut self, written_in: String, tests: &[Predicate], test: &Test) {
        let mut columns = BTreeSet::new();
        tested_columns(test, &mut columns);
        columns.retain(|column| self.table.absent.get(column) == Some(&Absent::Keep));
        if columns.is_empty() || self.tests.iter().any(|(known, ..)| *known == written_in) {
            return;
        }
        let filter = position_or_push(&mut self.filters, Predicate::All(tests.to_vec()));
        self.tests.push((written_in, filter, columns));
    }

    fn predicate(&mut self, test: &Test, given: Option<&Arc<List>>, days: Days, negated: bool) -> Predicate {
        match test {
            Test::All(parts) | Test::Any(parts) => {
                let all = matches!(test, Test::All(_)) != negated;
                let parts = parts.iter().map(|part| self.predicate(part, given, days, negated)).collect();
                if all { Predicate::All(parts) } else { Predicate::Any(parts) }
            }
            Test::Not(part) => self.predicate(part, given, days, !negated),
            Test::Valid { first, last } => Predicate::Valid {
                first: self.want(first, Blank::Missing),
                last: self.want(last, Blank::Missing),
                day: crate::read::day_number(days.valid_on),
                negated,
            },
            Test::In { column, list } => {
                let exact = self.table.columns.get(column) == Some(&ColumnType::Exact);
                let list = match list {
                    ListRef::Named(list) => Some(list),
                    ListRef::Given => given,
                };
                let spellings = list
                    .into_iter()
                    .flat_map(|list| list.spellings_on(days.judged))
                    .map(|spelling| if exact { spelling.to_owned() } else { fold(spelling).into_owned() })
                    .collect();
                Predicate::In { column: self.want(column, Blank::Missing), spellings, exact, negated }
            }
        }
    }

    /// Reports every column that is read and that a file lacks, unless the rules keep rows without it.
    fn missing_columns(&self, found: &mut Diagnostics) -> Result<(), Failed> {
        let mut failed = Ok(());
        for (file, header) in &self.files.files {
            let needed = |wanted: &&Wanted| {
                wanted.name != self.table.entity && self.table.absent.get(&wanted.name) != Some(&Absent::Keep)
            };
            let missing: Vec<&Wanted> =
                self.wanted.iter().filter(needed).filter(|wanted| !has(header, &wanted.name)).collect();
            if !missing.is_empty() && missing.len() == self.wanted.iter().filter(needed).count() {
                failed = Err(found.error(self.no_header(file, header)));
                continue;
            }
            let known = || header.iter().map(String::as_str);
            for wanted in missing {
                let help = did_you_mean(&wanted.name, known()).unwrap_or_else(|| {
                    format!("add the column `{}`; its columns are found by name, in any order", wanted.name)
                });
                let message = format!("`{}` has no column `{}`, which the rules read", file.shown, wanted.name);
                failed = Err(found
                    .error(Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message).help(help)));
            }
        }
        failed
    }

    fn no_header(&self, file: &DataFile, header: &[String]) -> Diagnostic {
        let message = format!("the first line of `{}` has none of the columns of `{}`", file.shown, self.table.name);
        let names: Vec<String> = self.table.columns.keys().map(|name| format!("`{name}`")).collect();
        let help = match header {
            [only] if only.contains(';') => {
                "part its columns by commas, or by tabs in a `.tsv` file; it has `;`".to_owned()
            }
            _ => format!("begin the file with a header: {}", names.join(", ")),
        };
        Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message).help(help)
    }

    fn finish(self) -> TablePlan {
        TablePlan {
            name: self.table.name.clone(),
            files: self.files.files.into_iter().map(|(file, _)| file).collect(),
            wanted: self.wanted,
            entity: self.entity,
            month: self.month,
            covers: self.files.covers.map(|covers| (covers.from, covers.to)),
            filters: self.filters,
            accumulators: self
                .accumulators
                .into_iter()
                .map(|draft| Accumulator {
                    filter: draft.filter,
                    keys: draft.keys,
                    sums: draft.sums,
                    months: draft.months.into_iter().collect(),
                    only_without: draft.only_without,
                })
                .collect(),
            unchecked: self.unchecked,
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
        let measure = &self.measure;
        let position = |name: &str| measure.amounts.get_index_of(name).unwrap_or(0);
        Some(PlannedReading {
            table: self.table,
            accumulator: self.accumulator,
            slots: slots_of(&months),
            amounts: self
                .amounts
                .iter()
                .zip(measure.amounts.values())
                .map(|((sum, months), amount)| PlannedAmount {
                    sum: *sum,
                    slots: slots_of(months),
                    by_month: amount.by_month,
                })
                .collect(),
            having: measure.having.as_ref().map(|test| planned_test(test, &position)),
            reduce: match &measure.reduce {
                Reduce::Count => PlannedReduce::Count,
                Reduce::Sum(name) => PlannedReduce::Sum(position(name)),
            },
            months,
            key: self.key,
        })
    }
}

fn planned_test(test: &GroupTest, position: &impl Fn(&str) -> usize) -> PlannedTest {
    let all = |parts: &[GroupTest]| parts.iter().map(|part| planned_test(part, position)).collect();
    match test {
        GroupTest::All(parts) => PlannedTest::All(all(parts)),
        GroupTest::Any(parts) => PlannedTest::Any(all(parts)),
        GroupTest::Not(part) => PlannedTest::Not(Box::new(planned_test(part, position))),
        GroupTest::Within { amount, bounds } => {
            let (low, high) = limits(bounds);
            PlannedTest::Within { amount: position(amount), low, high }
        }
    }
}

type Limit = Option<(Exact, bool)>;

/// The tightest lower and upper limit.
fn limits(bounds: &Bounds) -> (Limit, Limit) {
    let (mut low, mut high): (Limit, Limit) = (None, None);
    for bound in &bounds.0 {
        match bound {
            Bound::AtLeast(limit) => low = low.max(Some((limit.clone(), false))),
            Bound::MoreThan(limit) => low = low.max(Some((limit.clone(), true))),
            Bound::AtMost(limit) => high = Some(tighter(high, (limit.clone(), false))),
            Bound::LessThan(limit) => high = Some(tighter(high, (limit.clone(), true))),
        }
    }
    (low, high)
}

fn tighter(high: Limit, new: (Exact, bool)) -> (Exact, bool) {
    match high {
        Some(old) if old.0 < new.0 || (old.0 == new.0 && old.1) => old,
        _ => new,
    }
}

fn tested_columns(test: &Test, columns: &mut BTreeSet<String>) {
    match test {
        Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| tested_columns(part, columns)),
        Test::Not(part) => tested_columns(part, columns),
        Test::Valid { first, last } => columns.extend([first.clone(), last.clone()]),
        Test::In { column, .. } => {
            columns.insert(column.clone());
        }
    }
}

fn position_or_push<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    if let Some(position) = all.iter().position(|known| *known == one) {
        return position;
    }
    all.push(one);
    all.len() - 1
}
