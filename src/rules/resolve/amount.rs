//! The amounts of a measure's groups, and the tests and reductions that name them.

use super::measure::{Read, ReadingPlace};
use super::rows::GivenList;
use super::scalar::{Leaves, Written};
use super::{Resolver, all_or_nothing, days, listed};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{
    Amount, AmountForm, ColumnType, GroupTest, Leaf, List, Only, Rate, Reading, Reduce, Table, Taken, Test, Unit, What,
    Window,
};
use indexmap::IndexMap;
use std::sync::Arc;

/// Names are those of the amounts that stand before.
pub(super) struct Amounts<'a>(pub(super) &'a IndexMap<String, Amount>);

impl Leaves<Leaf> for Amounts<'_> {
    fn has(&self, _: &Resolver<'_>, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn leaf(&mut self, resolver: &mut Resolver<'_>, written: Written<'_>, at: &str) -> Option<(Leaf, Unit)> {
        match written {
            Written::Name(name) | Written::Amount(name) => {
                let position = resolver.amount_named(name, self.0, at)?;
                Some((Leaf::Amount(position), self.0.get_index(position)?.1.unit))
            }
            Written::Reading(written) => {
                let place = ReadingPlace::Groups(at);
                let reading = resolver.reading(&written.measure, written.given.as_ref(), written.ago, place)?;
                let unit = reading.measure.unit;
                resolver.asked.push(reading);
                Some((Leaf::Asked(resolver.asked.len() - 1), unit))
            }
        }
    }
}

/// Two tests of one row, where there are two.
fn both(one: Option<Test>, other: Option<Test>) -> Option<Test> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Test::All(vec![one, other])),
        (one, other) => one.or(other),
    }
}

/// Units that name a month.
const MONTHS: &[Unit] = &[Unit::Month, Unit::Day];

/// What becomes of an amount at a position.
type Reduction = fn(usize) -> Reduce;

/// Which of `sum`, `mean`, `greatest` and `least` is written, of which amount.
fn reduction(written: [&Option<String>; 4]) -> Option<(&'static str, &String, Reduction)> {
    let forms: [(&str, Reduction); 4] =
        [("sum", Reduce::Sum), ("mean", Reduce::Mean), ("greatest", Reduce::Greatest), ("least", Reduce::Least)];
    forms.into_iter().zip(written).find_map(|((key, form), name)| Some((key, name.as_ref()?, form)))
}

impl Resolver<'_> {
    pub(super) fn amounts(
        &mut self,
        written: &model::Measure,
        read: &Read,
        given: GivenList,
        at: &str,
    ) -> Option<IndexMap<String, Amount>> {
        let mut amounts: IndexMap<String, Amount> = IndexMap::new();
        let mut complete = true;
        if written.value.is_empty()
            && let Some(table) = read.tables().find(|table| table.month.is_some())
        {
            let problem = Diagnostic::at(
                Code::Window,
                self.key(at),
                format!("table `{}` has months, and no amount says which of them count", table.name),
            );
            self.error(
                problem.help("give the measure an amount with `last`: `value = { x = { sum = \"…\", last = 1 } }`"),
            );
            complete = false;
        }
        for (name, amount) in written.value.iter() {
            let here = pointer(&pointer(at, "value"), name);
            let made = match amount {
                model::Amount::Rows(taken) => self.taken(taken, read, given, &amounts, &here),
                model::Amount::Scalar(scalar) => self
                    .scalar(scalar, &here, &mut Amounts(&amounts))
                    .map(|(scalar, unit)| Amount { form: AmountForm::Made(scalar), unit: unit.unwrap_or(Unit::Count) }),
            };
            match made {
                Some(amount) => drop(amounts.insert(name.to_owned(), amount)),
                None => complete = false,
            }
        }
        complete.then_some(amounts)
    }

    fn taken(
        &mut self,
        written: &model::RowAmount,
        read: &Read,
        given: GivenList,
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<Amount> {
        if let Read::Groups(inner) = read {
            return self.of_groups(written, inner, at);
        }
        let chosen = written.from.as_ref().map(|name| self.source_among(name, read, &pointer(at, "from")));
        let (source, selected) = all_or_nothing(chosen)?.unzip();
        let tables: Vec<Arc<Table>> = match source {
            None => read.tables().cloned().collect(),
            Some(position) => read.tables().nth(position).cloned().into_iter().collect(),
        };
        let here = pointer(at, "where");
        let parted = match &written.test {
            None => Some(days::Parted::default()),
            Some(model::AmountTest::Rows(test)) => Some(days::parted(test, &here)),
            Some(model::AmountTest::Groups(_)) => {
                let message = "rows have cells, and no amounts yet";
                let problem = Diagnostic::at(Code::Misfit, self.key(&here), message);
                self.error(problem.help("test a column here, or the amounts of a group with `having`"));
                None
            }
        };
        let alone = parted.as_ref().and_then(|parted| self.alone(parted, &tables, given));
        let test = alone.map(|test| both(selected.flatten(), test));
        let days = parted.as_ref().and_then(|parted| self.day_bounds(parted, &tables, amounts));
        let what = self.what(written, &tables, given, at);
        let window = self.window(written, &tables, amounts, at);
        let (what, unit) = what?;
        let taken = Taken { what, source, test: test?, days: days?, window: window?, by_month: written.by_month };
        Some(Amount { form: AmountForm::Taken(Box::new(taken)), unit })
    }

    /// What each row of an amount has to show by itself.
    #[expect(clippy::option_option, reason = "the outer says whether it fits, the inner whether there is one")]
    fn alone(&mut self, parted: &days::Parted<'_>, tables: &[Arc<Table>], given: GivenList) -> Option<Option<Test>> {
        let tests: Vec<Option<Test>> =
            parted.alone.iter().map(|(test, at)| self.test_of_all(test, tables, given, at)).collect();
        let mut tests: Vec<Test> = tests.into_iter().collect::<Option<_>>()?;
        Some(if tests.len() > 1 { Some(Test::All(tests)) } else { tests.pop() })
    }

    /// The position of a source among those that the measure reads, and what rows of it have to show where only some are
    /// named.
    fn source_among(&mut self, name: &str, read: &Read, at: &str) -> Option<(usize, Option<Test>)> {
        let names = read.names();
        if let Some(position) = names.iter().position(|known| known == name) {
            return Some((position, None));
        }
        if self.file.rows.get(name).is_some() {
            let (table, rows) = self.from(name, at)?;
            if let Some(position) = read.tables().position(|known| *known == table) {
                let chain = std::iter::successors(rows.as_deref(), |rows| rows.within.as_deref());
                return Some((position, Some(Test::All(chain.map(|rows| rows.test.clone()).collect()))));
            }
        }
        let message = format!("`{name}` is not among what the measure reads");
        let known = listed(names.iter().map(String::as_str));
        self.error(Diagnostic::at(Code::UnknownName, self.value(at), message).help(format!("it reads {known}")));
        None
    }

    /// What is taken of rows, with its unit.
    fn what(
        &mut self,
        written: &model::RowAmount,
        tables: &[Arc<Table>],
        given: GivenList,
        at: &str,
    ) -> Option<(What, Unit)> {
        const NUMBERS: &[ColumnType] = &[ColumnType::Money, ColumnType::Count];
        const ORDERED: &[ColumnType] = &[ColumnType::Money, ColumnType::Count, ColumnType::Date, ColumnType::Month];
        if written.times.is_some() && written.sum.is_none() && written.count.is_none() {
            let message = "only a sum and a count have rates";
            let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(at, "times")), message);
            self.error(problem.help("write `sum` or `count`, or leave `times` out"));
        }
        let is_added_up = written.sum.is_some() || written.count.is_some();
        if written.by_month.is_some() && !is_added_up {
            let message = "only sums and counts are added up by month";
            let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(at, "by-month")), message);
            self.error(problem.help("leave `by-month` out, or write `sum`"));
            return None;
        }
        if let Some(column) = &written.sum {
            let unit = self.summed(column, tables, NUMBERS, &pointer(at, "sum"));
            let rate = written.times.as_ref().map(|rate| self.rate(rate, tables, given, &pointer(at, "times")));
            return Some((What::Sum(column.clone(), all_or_nothing(rate)?), unit?));
        }
        if let Some(column) = &written.mean {
            let unit = self.summed(column, tables, NUMBERS, &pointer(at, "mean"))?;
            return Some((What::Mean(column.clone()), unit));
        }
        if let Some(column) = &written.greatest {
            let unit = self.summed(column, tables, ORDERED, &pointer(at, "greatest"))?;
            return Some((What::Greatest(column.clone()), unit));
        }
        if let Some(column) = &written.least {
            let unit = self.summed(column, tables, ORDERED, &pointer(at, "least"))?;
            return Some((What::Least(column.clone()), unit));
        }
        if written.count == Some(model::CountedThings::Groups) {
            let here = self.value(&pointer(at, "count"));
            self.error(
                Diagnostic::at(Code::Misfit, here, "a table has rows, and no groups").help("write `count = \"rows\"`"),
            );
            return None;
        }
        match &written.times {
            Some(rate) => Some((What::Rated(self.rate(rate, tables, given, &pointer(at, "times"))?), Unit::Count)),
            None => Some((What::Count, Unit::Count)),
        }
    }

    /// The unit of a column in all tables; reports where it has none of the types, or may be absent.
    fn summed(&mut self, column: &str, tables: &[Arc<Table>], types: &[ColumnType], at: &str) -> Option<Unit> {
        let mut unit = None;
        for table in tables {
            if !self.column(table, column, at, types) {
                return None;
            }
            if table.absent.get(column) == Some(&model::Absent::Keep) {
                let message = format!("column `{column}` cannot be added up: it may be absent");
                let problem = Diagnostic::at(Code::ColumnType, self.value(at), message);
                self.error(problem.help("a column to add up has to be there: take it out of `absent`"));
                return None;
            }
            let here = match table.columns.get(column)? {
                ColumnType::Money => Unit::Money,
                ColumnType::Date => Unit::Day,
                ColumnType::Month => Unit::Month,
                ColumnType::Text | ColumnType::Exact | ColumnType::Count => Unit::Count,
            };
            if unit.is_some_and(|unit| unit != here) {
                let message = format!("column `{column}` is {here} in `{}`, and something else in another", table.name);
                let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), message);
                self.error(problem.help("give the amount one source with `from`"));
                return None;
            }
            unit = Some(here);
        }
        unit
    }

    fn rate(&mut self, written: &model::RowRate, tables: &[Arc<Table>], given: GivenList, at: &str) -> Option<Rate> {
        let mut fits = true;
        for table in tables {
            let here = pointer(at, "column");
            fits &= self.column(table, &written.column, &here, &[ColumnType::Text, ColumnType::Exact]);
            if table.absent.get(&written.column) == Some(&model::Absent::Keep) {
                let message = format!("rates cannot go by column `{}`: it may be absent", written.column);
                let problem = Diagnostic::at(Code::ColumnType, self.value(&here), message);
                self.error(problem.help("a column with rates has to be there: take it out of `absent`"));
                fits = false;
            }
        }
        let here = pointer(at, "in");
        let list = self.list_of(&written.list, given, &here)?;
        for list in self.lists_of(&list) {
            fits &= self.has_rates(&list, &here);
        }
        fits.then(|| Rate { column: written.column.clone(), list })
    }

    /// Reports a list of rates with a member that has none.
    pub(super) fn has_rates(&mut self, list: &List, at: &str) -> bool {
        let Some(member) = list.every_member().find(|member| member.rate.is_none()) else { return true };
        let message = format!("list `{}` gives `{}` no rate", list.name, member.id);
        let problem = Diagnostic::at(Code::Misfit, self.value(at), message);
        self.error(problem.help("give every member a `rate`"));
        false
    }

    #[expect(clippy::option_option, reason = "the outer says whether it fits, the inner whether there is one")]
    fn window(
        &mut self,
        written: &model::RowAmount,
        tables: &[Arc<Table>],
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<Option<Window>> {
        let with = tables.iter().find(|table| table.month.is_some());
        let without = tables.iter().find(|table| table.month.is_none());
        let (key, message, help) = match (with, without, written.last) {
            (Some(_), None, Some(last)) => {
                let only = match (&written.at, &written.since) {
                    (Some(_), Some(_)) => {
                        let problem = Diagnostic::at(
                            Code::Window,
                            self.key(&pointer(at, "since")),
                            "`at` names the one month already",
                        );
                        self.error(problem.help("leave one of the two out"));
                        return None;
                    }
                    (Some(name), None) => Some(Only::At(self.amount_in(MONTHS, name, amounts, &pointer(at, "at"))?)),
                    (None, Some(name)) => {
                        Some(Only::Since(self.amount_in(MONTHS, name, amounts, &pointer(at, "since"))?))
                    }
                    (None, None) => None,
                };
                return Some(Some(Window { last, ago: written.ago.unwrap_or(0), only }));
            }
            (Some(table), None, None) => (
                None,
                format!("table `{}` has months, and the amount does not say which", table.name),
                "add `last = …`, a number of complete months".to_owned(),
            ),
            (Some(with), Some(without), _) => (
                None,
                format!("table `{}` has months, and `{}` has none", with.name, without.name),
                "give the amount one source with `from`".to_owned(),
            ),
            (None, table, _) => {
                let keys = [
                    ("last", written.last.is_some()),
                    ("ago", written.ago.is_some()),
                    ("at", written.at.is_some()),
                    ("since", written.since.is_some()),
                    ("by-month", written.by_month.is_some()),
                ];
                let Some((key, _)) = keys.into_iter().find(|(_, is_written)| *is_written) else { return Some(None) };
                let name = table.map_or("", |table| table.name.as_str());
                (Some(key), format!("table `{name}` has no months"), format!("leave `{key}` out"))
            }
        };
        let place = key.map_or_else(|| self.key(at), |key| self.key(&pointer(at, key)));
        self.error(Diagnostic::at(Code::Window, place, message).help(help));
        None
    }

    /// The position of an amount that is in one of some units of time.
    pub(super) fn amount_in(
        &mut self,
        units: &[Unit],
        name: &str,
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<usize> {
        let position = self.amount_named(name, amounts, at)?;
        let unit = amounts.get_index(position)?.1.unit;
        if units.contains(&unit) {
            return Some(position);
        }
        let wanted: Vec<String> = units.iter().map(ToString::to_string).collect();
        let message = format!("amount `{name}` is {unit}, and not {}", crate::text::either(&wanted));
        let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), message);
        self.error(problem.help("name an amount that takes the greatest or least of such a column"));
        None
    }

    /// An amount taken of the groups of another measure.
    fn of_groups(&mut self, written: &model::RowAmount, inner: &Reading, at: &str) -> Option<Amount> {
        let keys = [
            ("times", written.times.is_some()),
            ("from", written.from.is_some()),
            ("last", written.last.is_some()),
            ("ago", written.ago.is_some()),
            ("at", written.at.is_some()),
            ("since", written.since.is_some()),
            ("by-month", written.by_month.is_some()),
        ];
        for (key, _) in keys.into_iter().filter(|(_, is_written)| *is_written) {
            let message =
                format!("the groups of `{}` have their amounts already, whatever their rows are", inner.measure.name);
            let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(at, key)), message);
            self.error(problem.help(format!("say `{key}` in that measure, or let this one read its table")));
        }
        let known = &inner.measure.amounts;
        let here = pointer(at, "where");
        let test =
            all_or_nothing(written.test.as_ref().map(|test| match test {
                model::AmountTest::Groups(test) => self.group_test(test, known, &here),
                model::AmountTest::Rows(_) => {
                    let message = format!("the groups of `{}` have amounts, and no cells to test", inner.measure.name);
                    let problem = Diagnostic::at(Code::Misfit, self.key(&here), message);
                    self.error(problem.help(
                        "test an amount: `where = { value = \"…\", at-least = … }`; or test rows in that measure",
                    ));
                    None
                }
            }));
        let model::RowAmount { sum, mean, greatest, least, .. } = written;
        let Some((key, name, form)) = reduction([sum, mean, greatest, least]) else {
            let form = AmountForm::Gathered { reduce: Reduce::Count, test: test? };
            return Some(Amount { form, unit: Unit::Count });
        };
        let (reduce, unit) = self.reduced(name, form, known, &pointer(at, key))?;
        Some(Amount { form: AmountForm::Gathered { reduce, test: test? }, unit })
    }

    /// What becomes of an amount of groups; days and months are not added.
    fn reduced(
        &mut self,
        name: &str,
        form: Reduction,
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<(Reduce, Unit)> {
        let position = self.amount_named(name, amounts, at)?;
        let unit = amounts.get_index(position)?.1.unit;
        let reduce = form(position);
        if matches!(reduce, Reduce::Sum(_) | Reduce::Mean(_)) && matches!(unit, Unit::Day | Unit::Month) {
            let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), format!("{unit} cannot be computed with"));
            self.error(problem.help("take the greatest or the least of days"));
            return None;
        }
        Some((reduce, unit))
    }

    pub(super) fn group_test(
        &mut self,
        written: &model::GroupTest,
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<GroupTest> {
        match written {
            model::GroupTest::All(parts) => {
                self.group_tests(&parts.all, amounts, &pointer(at, "all")).map(GroupTest::All)
            }
            model::GroupTest::Any(parts) => {
                self.group_tests(&parts.any, amounts, &pointer(at, "any")).map(GroupTest::Any)
            }
            model::GroupTest::Not(part) => {
                self.group_test(&part.not, amounts, &pointer(at, "not")).map(|test| GroupTest::Not(Box::new(test)))
            }
            model::GroupTest::Missing(written) => {
                self.amount_named(&written.missing, amounts, &pointer(at, "missing")).map(GroupTest::Missing)
            }
            model::GroupTest::Bounds(written) => {
                let amount = self.amount_named(&written.value, amounts, &pointer(at, "value"));
                let unit = amount.and_then(|at| Some(amounts.get_index(at)?.1.unit));
                let limits = [&written.at_least, &written.more_than, &written.at_most, &written.less_than];
                let bounds = self.bounds(limits, written.range.as_ref(), unit, at, &mut Amounts(amounts));
                Some(GroupTest::Within { amount: amount?, bounds: bounds? })
            }
        }
    }

    fn group_tests(
        &mut self,
        written: &[model::GroupTest],
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<Vec<GroupTest>> {
        let tests: Vec<Option<GroupTest>> = written
            .iter()
            .enumerate()
            .map(|(index, test)| self.group_test(test, amounts, &format!("{at}/{index}")))
            .collect();
        tests.into_iter().collect()
    }

    pub(super) fn reduce(
        &mut self,
        written: &model::Reduce,
        amounts: &IndexMap<String, Amount>,
        at: &str,
    ) -> Option<Reduce> {
        let model::Reduce::Of(model::ReduceOf { sum, mean, greatest, least }) = written else {
            return Some(Reduce::Count);
        };
        let (key, name, form) = reduction([sum, mean, greatest, least])?;
        self.reduced(name, form, amounts, &pointer(at, key)).map(|(reduce, _)| reduce)
    }

    /// The position of an amount.
    pub(super) fn amount_named(&mut self, name: &str, amounts: &IndexMap<String, Amount>, at: &str) -> Option<usize> {
        let position = amounts.get_index_of(name);
        if position.is_none() {
            let known: Vec<String> = amounts.keys().cloned().collect();
            self.unknown_thing("amount", name, at, &known);
        }
        position
    }
}
