//! One table's plan: the columns, row tests and accumulators that the readings ask of it.

use crate::catalog::{TableFile, TableFiles};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::lookup::Lookup;
use crate::month::Month;
use crate::plan::{Accumulator, Clause, ClauseAt, Predicate, TablePlan, Tally, Unchecked};
use crate::profile::{Role, currency_words};
use crate::read::{Asked, Blank, Column, DataFile, Format, Wanted};
use crate::rules::{Absent, ColumnType, List, ListPart, Measure, Member, Rows, Side, Source, Table, Terms, Test};
use crate::text::{compared, fold, is_same};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A table's plan while readings still add to it.
pub(super) struct Draft {
    pub(super) table: Arc<Table>,
    pub(super) files: TableFiles,
    pub(super) wanted: Vec<Wanted>,
    pub(super) entity: Option<usize>,
    stated_entity: String,
    pub(super) month: Option<usize>,
    pub(super) filters: Vec<Predicate>,
    pub(super) accumulators: Vec<DraftAccumulator>,
    pub(super) unchecked: Vec<Unchecked>,
    /// Every named selection and own test that is read, once: where a test may turn out uncheckable.
    pub(super) tests: Vec<Doubtful>,
    /// The parts of all tests, and what each narrows.
    pub(super) clauses: Vec<Clause>,
    marks: Vec<Predicate>,
    identities: Vec<(usize, usize)>,
}

pub(super) struct DraftAccumulator {
    pub(super) filter: usize,
    pub(super) keys: Vec<usize>,
    pub(super) day: Option<usize>,
    pub(super) tallies: Vec<Tally>,
    pub(super) months: BTreeSet<Month>,
}

/// A test that may turn out uncheckable: it asks for a cell that rows may not have.
pub(super) struct Doubtful {
    /// Whether rows without the cell are kept.
    pub(super) is_kept: bool,
    /// Where it is written.
    pub(super) written_in: String,
    /// The column.
    pub(super) column: String,
    /// Whether it can be a blank cell that is not there; else only the column.
    pub(super) blanks: bool,
    /// The rows that it touches, once for each list and day it is asked with.
    pub(super) tests: Vec<Predicate>,
}

/// What terms are on the day judged, and the day that `valid` asks about.
#[derive(Clone, Copy)]
pub(super) struct Days<'a> {
    pub(super) terms: Terms<'a>,
    pub(super) valid_on: NaiveDate,
}

impl Draft {
    pub(super) fn new(table: &Arc<Table>, files: TableFiles, stated_entity: &str, currency: &str) -> Self {
        let mut draft = Self {
            table: Arc::clone(table),
            files,
            wanted: Vec::new(),
            entity: None,
            stated_entity: stated_entity.to_owned(),
            month: None,
            filters: Vec::new(),
            accumulators: Vec::new(),
            unchecked: Vec::new(),
            tests: Vec::new(),
            clauses: Vec::new(),
            marks: Vec::new(),
            identities: Vec::new(),
        };
        if draft.files.files.iter().any(|file| file.gives(&table.entity)) {
            draft.entity = Some(draft.want(&table.entity, Blank::Unreadable));
        }
        draft.month = table.month.as_ref().map(|month| draft.want(month, Blank::Unreadable));
        draft.deciding();
        draft.told_currencies(currency);
        draft
    }

    /// A column that names a currency, and that nobody has told us to read, says what the amounts are in: as a profile's
    /// own would.
    fn told_currencies(&mut self, currency: &str) {
        let columns: Vec<Option<String>> = self.files.files.iter().map(|file| self.told_currency(file)).collect();
        let told = Arc::new(Column { words: currency_words(currency), ..Column::default() });
        for (at, name) in columns.into_iter().enumerate() {
            let Some(name) = name else { continue };
            if let Some(view) = self.files.files.get_mut(at).and_then(|file| file.file.view.as_mut()) {
                let column = Column { headers: vec![name.clone()], ..Column::clone(&told) };
                Arc::make_mut(view).columns.insert(name.clone(), column);
            }
            let place = self.want(&name, Blank::Missing);
            if let Some(wanted) = self.wanted.get_mut(place) {
                wanted.plain = Some(Arc::clone(&told));
            }
        }
    }

    /// The one column of a file that names a currency and that nothing reads.
    fn told_currency(&self, file: &TableFile) -> Option<String> {
        let has_money = self.table.columns.values().any(|kind| *kind == ColumnType::Money);
        match self.currencies_of(file).as_slice() {
            [one] if has_money => Some((*one).clone()),
            _ => None,
        }
    }

    /// The columns of a file that name a currency and that nothing reads.
    fn currencies_of<'f>(&self, file: &'f TableFile) -> Vec<&'f String> {
        let is_read = |header: &String| match &file.file.view {
            None => self.table.columns.keys().any(|column| is_same(column, header)),
            Some(view) => view.columns.values().any(|column| column.headers.contains(header)),
        };
        let has_its_own = file.fit.iter().flat_map(|fit| &fit.roles).any(|(_, role)| *role == Role::Currency);
        let headers = file.header.iter().filter(|header| fold(header).contains("currency") && !is_read(header));
        if has_its_own { Vec::new() } else { headers.collect() }
    }

    /// The columns of every profile in use that decide on rows. In a file that another one reads they are lacking, and its
    /// rows pass.
    fn deciding(&mut self) {
        let fits = self.files.files.iter().filter_map(|file| file.fit.as_ref());
        let roles: BTreeSet<(String, Role)> = fits.flat_map(|fit| fit.roles.iter().cloned()).collect();
        let folded =
            |values: &[String]| -> BTreeSet<String> { values.iter().map(|value| fold(value).into_owned()).collect() };
        for (name, role) in roles {
            match role {
                Role::Only(values) => {
                    let column = self.want(&name, Blank::Missing);
                    if let Some(wanted) = self.wanted.get_mut(column) {
                        wanted.only = Some(folded(&values));
                    }
                }
                Role::Mark { repeats, blank_counts } => {
                    let column = self.want(&name, if blank_counts { Blank::Missing } else { Blank::Unreadable });
                    let mut spellings = Lookup::default();
                    for mark in folded(&repeats) {
                        spellings.insert(mark, true);
                    }
                    self.marks.push(Predicate::In {
                        column,
                        spellings: Arc::new(spellings),
                        exact: false,
                        negated: true,
                    });
                }
                // That every row is in the rules' currency is judged where its cell is read.
                Role::Currency => {
                    self.want(&name, Blank::Unreadable);
                }
            }
        }
    }

    /// The second names of columns that are read.
    pub(super) fn identities(&mut self) {
        let fits = self.files.files.iter().filter_map(|file| file.fit.as_ref());
        let seconds: BTreeSet<(String, String)> = fits.flat_map(|fit| fit.seconds.iter().cloned()).collect();
        for (column, second) in seconds {
            if let Some(first) = self.wanted.iter().position(|wanted| wanted.name == column) {
                let second = self.want(&second, Blank::Missing);
                self.identities.push((first, second));
            }
        }
    }

    /// The position of a column among those read; what needs a cell most decides what a blank is.
    pub(super) fn want(&mut self, column: &str, blank: Blank) -> usize {
        if let Some((position, wanted)) = self.wanted.iter_mut().enumerate().find(|(_, wanted)| wanted.name == column) {
            wanted.blank = wanted.blank.max(blank);
            return position;
        }
        let kind = self.table.columns.get(column).copied().unwrap_or(ColumnType::Text);
        self.wanted.push(Wanted { name: column.to_owned(), kind, blank, plain: None, only: None, asked: None });
        self.wanted.len() - 1
    }

    pub(super) fn accumulator(&mut self, filter: usize, keys: &[usize], day: Option<usize>) -> usize {
        let same = |a: &DraftAccumulator| a.filter == filter && a.keys == keys && a.day == day;
        if let Some(position) = self.accumulators.iter().position(same) {
            return position;
        }
        let months = BTreeSet::new();
        self.accumulators.push(DraftAccumulator { filter, keys: keys.to_vec(), day, tallies: Vec::new(), months });
        self.accumulators.len() - 1
    }

    /// The filter of a measure: the tests of the rows it reads, outermost first, then its own, then an amount's.
    pub(super) fn filter_of(
        &mut self,
        source: &Source,
        measure: &Measure,
        given: Option<&Arc<List>>,
        days: Days<'_>,
        amount: Option<&Test>,
    ) -> (usize, Option<ClauseAt>) {
        let (mut tests, mut at) = (Vec::new(), None);
        if let Some(rows) = &source.rows {
            at = self.rows(rows, days, &mut tests);
        }
        for test in measure.test.iter().chain(amount) {
            at = self.narrow(&format!("measure.{}", measure.name), (test, given), days, &mut tests, at);
        }
        (position_or_push(&mut self.filters, Predicate::All(tests)), at)
    }

    fn rows(&mut self, rows: &Rows, days: Days<'_>, tests: &mut Vec<Predicate>) -> Option<ClauseAt> {
        let at = rows.within.as_ref().and_then(|within| self.rows(within, days, tests));
        self.narrow(&format!("rows.{}", rows.name), (&rows.test, None), days, tests, at)
    }

    /// Adds a test to those before it.
    fn narrow(
        &mut self,
        written_in: &str,
        (test, given): (&Test, Option<&Arc<List>>),
        days: Days<'_>,
        tests: &mut Vec<Predicate>,
        at: Option<ClauseAt>,
    ) -> Option<ClauseAt> {
        let predicate = self.predicate(test, given, days, false);
        let at = self.clause(written_in, &predicate, at);
        tests.push(predicate);
        self.remember(written_in, tests, test);
        at
    }

    /// Notes for which columns of the last test rows may have no cell.
    fn remember(&mut self, written_in: &str, tests: &[Predicate], test: &Test) {
        let Some((last, before)) = tests.split_last() else { return };
        let (mut absent, mut asked) = (BTreeSet::new(), BTreeSet::new());
        test.parts(&mut |part| {
            absent.extend(part.columns().into_iter().cloned());
            if let Test::Missing(column) = part {
                asked.insert(column.clone());
            }
        });
        absent.retain(|column| self.table.absent.get(column) == Some(&Absent::Keep));
        let blank = &self.keeping_blanks(last) - &asked;
        for column in &absent | &blank {
            let blanks = blank.contains(&column);
            self.doubt(true, written_in, (column, blanks), Predicate::All(tests.to_vec()));
        }
        for at in self.needing(last) {
            // Who asks for a cell in so many words is told nothing of rows without one.
            let name = self.wanted.get(at).map(|wanted| wanted.name.clone()).filter(|name| !asked.contains(name));
            let Some(name) = name else { continue };
            // Few rows are without it: what asks for that comes first.
            let mut relaxed = vec![Predicate::Missing { column: at, negated: false }];
            relaxed.extend_from_slice(before);
            relaxed.push(without(last, at));
            self.doubt(false, written_in, (name, true), Predicate::All(relaxed));
        }
    }

    fn doubt(&mut self, is_kept: bool, written_in: &str, (column, blanks): (String, bool), test: Predicate) {
        let is_known = |known: &&mut Doubtful| {
            known.is_kept == is_kept && known.written_in == written_in && known.column == column
        };
        if let Some(known) = self.tests.iter_mut().find(is_known) {
            known.blanks |= blanks;
            position_or_push(&mut known.tests, test);
        } else {
            let written_in = written_in.to_owned();
            self.tests.push(Doubtful { is_kept, written_in, column, blanks, tests: vec![test] });
        }
    }

    /// The place of the test that any of these holds.
    pub(super) fn any_of(&mut self, mut tests: Vec<Predicate>) -> usize {
        let one = if tests.len() == 1 { tests.pop() } else { None };
        position_or_push(&mut self.filters, one.unwrap_or(Predicate::Any(tests)))
    }

    /// The columns that may be blank and without whose cell the test keeps no row.
    fn needing(&self, predicate: &Predicate) -> Vec<usize> {
        let may_be_blank = |at: &usize| self.wanted.get(*at).is_some_and(|wanted| wanted.blank == Blank::Missing);
        predicate.columns().into_iter().filter(|at| may_be_blank(at) && predicate.needs(*at)).collect()
    }

    /// The place of a column by which the rows of a filter are grouped. Only rows that it keeps need a cell.
    pub(super) fn key(&mut self, column: &str, filter: usize) -> usize {
        let at = self.want(column, Blank::Missing);
        if self.filters.get(filter).is_some_and(|filter| filter.needs(at)) {
            return at;
        }
        self.want(column, Blank::Unreadable)
    }

    /// The columns of which a part of the test keeps blank cells: what is nothing is in no list and within no bounds.
    fn keeping_blanks(&self, predicate: &Predicate) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        predicate.leaves(&mut |leaf| match leaf {
            Predicate::In { negated, .. }
            | Predicate::Numbers { negated, .. }
            | Predicate::Days { negated, .. }
            | Predicate::Against { negated, .. }
            | Predicate::Same { negated, .. } => {
                // A column that must not be blank has no such cells.
                let wanted = leaf.columns().into_iter().filter_map(|column| self.wanted.get(column));
                let wanted = wanted.filter(|wanted| *negated && wanted.blank == Blank::Missing);
                columns.extend(wanted.map(|wanted| wanted.name.clone()));
            }
            // A day that is not there has a meaning in both columns: never valid, or without end.
            Predicate::Valid { .. } | Predicate::Missing { .. } | Predicate::All(_) | Predicate::Any(_) => {}
        });
        columns
    }

    fn predicate(&mut self, test: &Test, given: Option<&Arc<List>>, days: Days<'_>, negated: bool) -> Predicate {
        match test {
            Test::All(parts) | Test::Any(parts) => {
                let all = matches!(test, Test::All(_)) != negated;
                let parts = parts.iter().map(|part| self.predicate(part, given, days, negated)).collect();
                if all { Predicate::All(parts) } else { Predicate::Any(parts) }
            }
            Test::Not(part) => self.predicate(part, given, days, !negated),
            Test::Valid { first, last, moved } => Predicate::Valid {
                first: self.want(first, Blank::Missing),
                last: self.want(last, Blank::Missing),
                moved: *moved,
                day: crate::read::day_number(days.valid_on),
                negated,
            },
            Test::In { column, list, begun } => {
                let parts = list.list(&days.terms, given).map(|list| list.parts()).unwrap_or_default();
                let column = self.want(column, Blank::Missing);
                let mut any: Vec<Predicate> = Vec::new();
                for part in &parts {
                    any.extend(self.in_part(column, part, (begun.as_deref(), days.terms.day), negated));
                }
                match any.pop() {
                    None => self.one_of(column, &ListPart::default(), |_| false, negated),
                    Some(only) if any.is_empty() => only,
                    Some(last) => {
                        any.push(last);
                        if negated { Predicate::All(any) } else { Predicate::Any(any) }
                    }
                }
            }
            Test::Is { column, text } => {
                let column = self.want(column, Blank::Missing);
                let exact = self.is_exact(column);
                let mut spellings = Lookup::default();
                spellings.insert(compared(text, exact).into_owned(), true);
                Predicate::In { column, spellings: Arc::new(spellings), exact, negated }
            }
            Test::Missing(column) => Predicate::Missing { column: self.want(column, Blank::Missing), negated },
            Test::Numbers { column, limits, range } => {
                let range = range.iter().flat_map(|term| days.terms.range(term));
                let limits =
                    limits.iter().map(|(side, number)| (*side, days.terms.number(number))).chain(range).collect();
                Predicate::Numbers { column: self.want(column, Blank::Missing), limits, negated }
            }
            Test::Days { column, limits } => {
                let number = |day: NaiveDate| self.number_of(column, day);
                let (mut first, mut last) = (i32::MIN, i32::MAX);
                for (side, day) in limits {
                    let day = number(day.day(days.terms.day));
                    match side {
                        Side::AtLeast => first = first.max(day),
                        Side::MoreThan => first = first.max(day.saturating_add(1)),
                        Side::AtMost => last = last.min(day),
                        Side::LessThan => last = last.min(day.saturating_sub(1)),
                    }
                }
                Predicate::Days { column: self.want(column, Blank::Missing), first, last, negated }
            }
            Test::Against { column, side, other, moved } => Predicate::Against {
                column: self.want(column, Blank::Missing),
                side: *side,
                other: self.want(other, Blank::Missing),
                moved: *moved,
                negated,
            },
            Test::Same { column, other } => {
                let exact = self.table.columns.get(column) == Some(&ColumnType::Exact);
                let (column, other) = (self.want(column, Blank::Missing), self.want(other, Blank::Missing));
                Predicate::Same { column, other, exact, negated }
            }
        }
    }

    /// The tests that a cell is a member of a part of a list, one for each day by which members can have begun.
    fn in_part(
        &mut self,
        column: usize,
        part: &ListPart<'_>,
        (begun, day): (Option<&str>, NaiveDate),
        negated: bool,
    ) -> Vec<Predicate> {
        let begun_by = |member: &Member| member.begun_by.filter(|_| begun.is_some());
        let all: BTreeSet<Option<NaiveDate>> =
            part.members.iter().filter(|member| member.is_in_on(day)).map(|member| begun_by(member)).collect();
        let mut any = Vec::new();
        for last in all {
            let is_in = |member: &Member| member.is_in_on(day) && begun_by(member) == last;
            let listed = self.one_of(column, part, is_in, negated);
            any.push(match (last, begun) {
                (Some(last), Some(begun)) => {
                    let begun = self.want(begun, Blank::Missing);
                    let last = crate::read::day_number(last);
                    let in_time = Predicate::Days { column: begun, first: i32::MIN, last, negated };
                    let both = vec![listed, in_time];
                    if negated { Predicate::Any(both) } else { Predicate::All(both) }
                }
                _ => listed,
            });
        }
        any
    }

    /// The test that a cell is one of some members of a part of a list.
    fn one_of(&self, column: usize, part: &ListPart<'_>, is_in: impl Fn(&Member) -> bool, negated: bool) -> Predicate {
        let exact = self.is_exact(column);
        let mut spellings = Lookup::default();
        part.over.iter().for_each(|member| member.add_to(&mut spellings, exact, &false));
        part.members.iter().for_each(|member| member.add_to(&mut spellings, exact, &is_in(member)));
        Predicate::In { column, spellings: Arc::new(spellings), exact, negated }
    }

    fn is_exact(&self, column: usize) -> bool {
        self.wanted.get(column).is_some_and(|wanted| wanted.kind == ColumnType::Exact)
    }

    /// A day as the cells of a column are numbered: by day, or by month.
    fn number_of(&self, column: &str, day: NaiveDate) -> i32 {
        match self.table.columns.get(column) {
            Some(ColumnType::Month) => Month::of(day).index(),
            _ => crate::read::day_number(day),
        }
    }

    /// Reports every column that is read and that a file lacks, unless the rules keep rows without it.
    pub(super) fn missing_columns(&self, found: &mut Diagnostics) -> Result<(), Failed> {
        let mut failed = Ok(());
        for TableFile { file, header, fit, .. } in &self.files.files {
            let needed = |wanted: &&Wanted| {
                self.table.columns.contains_key(&wanted.name)
                    && wanted.name != self.table.entity
                    && self.table.absent.get(&wanted.name) != Some(&Absent::Keep)
            };
            let missing: Vec<&Wanted> =
                self.wanted.iter().filter(needed).filter(|wanted| !file.gives(header, &wanted.name)).collect();
            if fit.is_none() && !missing.is_empty() && missing.len() == self.wanted.iter().filter(needed).count() {
                failed = Err(found.error(self.no_header(file)));
                continue;
            }
            let known = || header.iter().map(String::as_str);
            for wanted in missing {
                if let Some(fit) = fit {
                    let message = format!(
                        "`{}`, read through the profile `{}`, gives no column `{}`, which the rules read",
                        file.shown, fit.profile, wanted.name
                    );
                    let problem = Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message);
                    failed = Err(found.error(problem.help(format!(
                        "say in the profile where it comes from, or let the rules keep rows without it: `absent = {{ {} = \"keep\" }}`",
                        wanted.name
                    ))));
                    continue;
                }
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

    fn no_header(&self, file: &DataFile) -> Diagnostic {
        let names: Vec<String> = self.table.columns.keys().map(|name| format!("`{name}`")).collect();
        let (shown, table, names) = (&file.shown, &self.table.name, names.join(", "));
        let (message, help) = match file.format {
            Format::JsonLines => (
                format!("the first objects of `{shown}` have none of the columns of `{table}` as keys"),
                format!("the keys are {names}; where the rows are a list within an object, save that list alone"),
            ),
            _ => (
                format!("the first line of `{shown}` has none of the columns of `{table}`"),
                format!("begin the file with a header: {names}"),
            ),
        };
        Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message).help(help)
    }

    /// Of files with several columns that name a currency all of them: which one is meant nobody says.
    fn currencies(&self) -> Vec<(String, String)> {
        let named = self.files.files.iter().flat_map(|file| {
            let is_told = |header: &String| self.wanted.iter().any(|wanted| wanted.name == *header);
            let open = self.currencies_of(file).into_iter().filter(move |header| !is_told(header));
            open.map(|header| (file.file.shown.clone(), header.clone()))
        });
        named.collect()
    }

    /// The columns that only make groups, with the months that these are taken over.
    fn asked(&self) -> Vec<(usize, Asked)> {
        let Some(month) = self.month else { return Vec::new() };
        let mut elsewhere: BTreeSet<usize> = self.entity.into_iter().chain([month]).collect();
        elsewhere.extend(self.filters.iter().chain(&self.marks).flat_map(Predicate::columns));
        elsewhere.extend(self.identities.iter().flat_map(|(first, second)| [*first, *second]));
        elsewhere.extend(self.accumulators.iter().flat_map(|a| a.tallies.iter().flat_map(Tally::columns)));
        let without_months = self.accumulators.iter().filter(|a| a.months.is_empty());
        elsewhere.extend(without_months.flat_map(|a| a.keys.iter().copied()));
        let mut months: BTreeMap<usize, BTreeSet<Month>> = BTreeMap::new();
        for accumulator in &self.accumulators {
            for key in &accumulator.keys {
                months.entry(*key).or_default().extend(&accumulator.months);
            }
        }
        months.retain(|at, _| {
            !elsewhere.contains(at) && self.wanted.get(*at).is_some_and(|wanted| wanted.kind.is_text())
        });
        months.into_iter().map(|(at, months)| (at, Asked::new(month, &months))).collect()
    }

    pub(super) fn finish(mut self) -> TablePlan {
        for (at, asked) in self.asked() {
            if let Some(wanted) = self.wanted.get_mut(at) {
                wanted.asked = Some(asked);
            }
        }
        TablePlan {
            currencies: self.currencies(),
            table: Arc::clone(&self.table),
            name: self.table.name.clone(),
            estimates: self.files.files.iter().filter_map(|file| file.fit.as_ref()?.estimate.clone()).collect(),
            unmarked: self
                .files
                .files
                .iter()
                .filter(|file| file.lacks_mark())
                .map(|file| file.file.shown.clone())
                .collect(),
            estimated: self
                .files
                .files
                .iter()
                .map(|file| file.fit.as_ref().is_some_and(|fit| fit.estimate.is_some()))
                .collect(),
            files: self.files.files.into_iter().map(|file| file.file).collect(),
            marks: self.marks,
            identities: self.identities,
            aliases: BTreeMap::new(),
            wanted: self.wanted,
            entity: self.entity,
            stated_entity: self.stated_entity,
            month: self.month,
            covers: self.files.covers.map(|covers| (covers.from, covers.to)),
            filters: self.filters,
            accumulators: self
                .accumulators
                .into_iter()
                .map(|draft| Accumulator {
                    filter: draft.filter,
                    keys: draft.keys,
                    day: draft.day,
                    tallies: draft.tallies,
                    months: draft.months.into_iter().collect(),
                })
                .collect(),
            unchecked: self.unchecked,
            clauses: self.clauses,
        }
    }
}

/// A test as it is without what it asks of a column.
fn without(predicate: &Predicate, at: usize) -> Predicate {
    match predicate {
        Predicate::All(parts) => Predicate::All(parts.iter().map(|part| without(part, at)).collect()),
        Predicate::Any(parts) => Predicate::Any(parts.iter().map(|part| without(part, at)).collect()),
        Predicate::In { column, negated: false, .. }
        | Predicate::Numbers { column, negated: false, .. }
        | Predicate::Days { column, negated: false, .. }
        | Predicate::Valid { first: column, negated: false, .. }
            if *column == at =>
        {
            Predicate::All(Vec::new())
        }
        Predicate::Against { column, other, negated: false, .. }
        | Predicate::Same { column, other, negated: false, .. }
            if *column == at || *other == at =>
        {
            Predicate::All(Vec::new())
        }
        other => other.clone(),
    }
}

pub(super) fn position_or_push<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    if let Some(position) = all.iter().position(|known| *known == one) {
        return position;
    }
    all.push(one);
    all.len() - 1
}
