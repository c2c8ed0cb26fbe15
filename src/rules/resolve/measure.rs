//! Measures: windows fit their tables, groups and amounts are of columns that can be grouped and added.

use super::rows::GivenList;
use super::{GIVEN, Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Amount, ColumnType, GroupTest, Measure, Reading, Reduce, Table, Unit};
use indexmap::IndexMap;
use std::sync::Arc;

impl Resolver<'_> {
    /// The measure of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn measure(&mut self, name: &str) -> Option<Arc<Measure>> {
        if let Some(known) = self.measures.get(name) {
            return known.clone();
        }
        let written = self.file.measure.get(name)?;
        let made = self.new_measure(name, written).map(Arc::new);
        self.measures.insert(name.to_owned(), made.clone());
        made
    }

    fn new_measure(&mut self, name: &str, written: &model::Measure) -> Option<Measure> {
        let at = pointer("/measure", name);
        let cite = self.cite(written.cite.as_ref(), &at, None);
        let given = if written.given.is_some() { GivenList::Offered } else { GivenList::NotOffered };
        if given == GivenList::Offered && !written.test.as_ref().is_some_and(asks_for_given) {
            let problem = Diagnostic::at(
                Code::GivenArgument,
                self.key(&pointer(&at, GIVEN)),
                format!("measure `{name}` is asked with a list that no test looks in"),
            );
            self.error(problem.help("test a column with `in = \"given\"`, or leave `given` out"));
        }
        let (table, rows) = self.from(&written.from, &pointer(&at, "from"))?;
        let test = written.test.as_ref().map(|test| self.test(test, &table, given, &pointer(&at, "where")));
        let group_fits = self.group(written, &table, &at);
        let amounts = self.amounts(written, &table, &at);
        let having = written.having.as_ref().map(|test| self.group_test(test, written, &pointer(&at, "having")));
        let reduce = self.reduce(written, &pointer(&at, "reduce"));
        // Every part is looked at before any of them can end the work.
        let amounts = amounts?;
        let (reduce, test, having) = (reduce?, all_or_nothing(test)?, all_or_nothing(having)?);
        let unit = match reduce {
            Reduce::Count => Unit::Count,
            Reduce::Sum(amount) => amounts.get_index(amount)?.1.unit,
        };
        group_fits.then(|| Measure {
            name: name.into(),
            title: written.title.clone(),
            cite,
            table,
            rows,
            test,
            group: written.group.clone(),
            amounts,
            having,
            reduce,
            unit,
        })
    }

    fn group(&mut self, written: &model::Measure, table: &Table, at: &str) -> bool {
        let mut fits = true;
        for (index, column) in written.group.iter().enumerate() {
            let here = format!("{}/{index}", pointer(at, "group"));
            fits &= self.column(table, column, &here, &[ColumnType::Text, ColumnType::Exact]);
            let again = written.group.iter().take(index).any(|earlier| earlier == column);
            if again || *column == table.entity {
                let problem = Diagnostic::at(
                    Code::NameTwice,
                    self.value(&here),
                    format!("rows are grouped by `{column}` already"),
                );
                self.error(problem.help("groups lie within each entity; name each column once"));
                fits = false;
            }
            if table.absent.get(column) == Some(&model::Absent::Keep) {
                let problem = Diagnostic::at(
                    Code::ColumnType,
                    self.value(&here),
                    format!("rows cannot be grouped by `{column}`, which may be absent"),
                );
                self.error(problem.help("a column to group by has to be there: take it out of `absent`"));
                fits = false;
            }
        }
        fits
    }

    fn amounts(&mut self, written: &model::Measure, table: &Table, at: &str) -> Option<IndexMap<String, Amount>> {
        let mut amounts = IndexMap::new();
        let mut complete = true;
        if written.value.is_empty() && table.month.is_some() {
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
            let fits = self.column(table, &amount.sum, &pointer(&here, "sum"), &[ColumnType::Money, ColumnType::Count]);
            if table.absent.get(&amount.sum) == Some(&model::Absent::Keep) {
                let at = self.value(&pointer(&here, "sum"));
                let problem = Diagnostic::at(
                    Code::ColumnType,
                    at,
                    format!("column `{}` cannot be added up: it may be absent", amount.sum),
                );
                self.error(problem.help("a column to add up has to be there: take it out of `absent`"));
                complete = false;
            }
            let window = self.window(amount, table, &here);
            let unit =
                if table.columns.get(&amount.sum) == Some(&ColumnType::Money) { Unit::Money } else { Unit::Count };
            complete &= fits && window;
            amounts.insert(
                name.to_owned(),
                Amount { column: amount.sum.clone(), last: amount.last, by_month: amount.by_month, unit },
            );
        }
        complete.then_some(amounts)
    }

    fn window(&mut self, amount: &model::Amount, table: &Table, at: &str) -> bool {
        let (place, message, help) = match (&table.month, amount.last, amount.by_month) {
            (Some(_), None, _) => (
                self.key(at),
                format!("table `{}` has months, and the amount does not say which", table.name),
                "add `last = …`, a number of complete months",
            ),
            (None, Some(_), _) => {
                (self.key(&pointer(at, "last")), format!("table `{}` has no months", table.name), "leave `last` out")
            }
            (None, None, Some(_)) => (
                self.key(&pointer(at, "by-month")),
                format!("table `{}` has no months", table.name),
                "leave `by-month` out",
            ),
            (Some(_), Some(_), _) | (None, None, None) => return true,
        };
        self.error(Diagnostic::at(Code::Window, place, message).help(help));
        false
    }

    fn group_test(&mut self, written: &model::GroupTest, measure: &model::Measure, at: &str) -> Option<GroupTest> {
        match written {
            model::GroupTest::All(parts) => {
                self.group_tests(&parts.all, measure, &pointer(at, "all")).map(GroupTest::All)
            }
            model::GroupTest::Any(parts) => {
                self.group_tests(&parts.any, measure, &pointer(at, "any")).map(GroupTest::Any)
            }
            model::GroupTest::Not(part) => {
                self.group_test(&part.not, measure, &pointer(at, "not")).map(|test| GroupTest::Not(Box::new(test)))
            }
            model::GroupTest::Bounds(written) => {
                let amount = self.amount_named(&written.value, measure, &pointer(at, "value"));
                let bounds =
                    self.bounds([&written.at_least, &written.more_than, &written.at_most, &written.less_than], at);
                amount.map(|amount| GroupTest::Within { amount, bounds })
            }
        }
    }

    fn group_tests(
        &mut self,
        written: &[model::GroupTest],
        measure: &model::Measure,
        at: &str,
    ) -> Option<Vec<GroupTest>> {
        let tests: Vec<Option<GroupTest>> = written
            .iter()
            .enumerate()
            .map(|(index, test)| self.group_test(test, measure, &format!("{at}/{index}")))
            .collect();
        tests.into_iter().collect()
    }

    fn reduce(&mut self, measure: &model::Measure, at: &str) -> Option<Reduce> {
        match &measure.reduce {
            model::Reduce::Count(_) => Some(Reduce::Count),
            model::Reduce::Sum(of) => self.amount_named(&of.sum, measure, &pointer(at, "sum")).map(Reduce::Sum),
        }
    }

    /// The position of an amount among the measure's.
    fn amount_named(&mut self, name: &str, measure: &model::Measure, at: &str) -> Option<usize> {
        let position = measure.value.names().position(|known| known == name);
        if position.is_none() {
            let known: Vec<String> = measure.value.names().map(str::to_owned).collect();
            self.unknown_thing("amount", name, at, &known);
        }
        position
    }

    /// A measure referred to, with the list and the time it is asked for.
    pub(super) fn reading(
        &mut self,
        name: &str,
        given: Option<&String>,
        ago: Option<u32>,
        place: ReadingPlace<'_>,
    ) -> Option<Reading> {
        let at = match place {
            ReadingPlace::Name(at) => at.to_owned(),
            ReadingPlace::Table(at) => pointer(at, "measure"),
        };
        let list = match (given, place) {
            (Some(list), ReadingPlace::Table(table)) => Some(self.list_named(list, &pointer(table, GIVEN))),
            _ => None,
        };
        let Some(written) = self.file.measure.get(name) else {
            let known = self.names(Kind::Measure);
            self.unknown(&[Kind::Measure], name, &at, &known);
            return None;
        };
        self.used.insert((Kind::Measure, name.to_owned()));
        match (written.given, given) {
            (Some(_), None) => {
                let problem = Diagnostic::at(
                    Code::GivenArgument,
                    self.value(&at),
                    format!("measure `{name}` is asked with a list, and none is given"),
                );
                self.error(problem.help(format!("write `{{ measure = \"{name}\", given = \"…\" }}`")));
                return None;
            }
            (None, Some(_)) => {
                let problem = Diagnostic::at(
                    Code::GivenArgument,
                    self.value(&at),
                    format!("measure `{name}` is not asked with a list, and one is given"),
                );
                self.error(problem.help("leave `given` out here, or add `given = \"list\"` to the measure"));
                return None;
            }
            _ => {}
        }
        let measure = self.measure(name)?;
        Some(Reading { measure, given: all_or_nothing(list)?, ago: ago.unwrap_or(0) })
    }
}

/// How a reading is written: by the measure's name alone, or as a table with more about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum ReadingPlace<'a> {
    Name(&'a str),
    Table(&'a str),
}

fn asks_for_given(test: &model::Test) -> bool {
    match test {
        model::Test::All(parts) => parts.all.iter().any(asks_for_given),
        model::Test::Any(parts) => parts.any.iter().any(asks_for_given),
        model::Test::Not(part) => asks_for_given(&part.not),
        model::Test::Valid(_) => false,
        model::Test::In(test) => test.list == GIVEN,
        model::Test::NotIn(test) => test.list == GIVEN,
    }
}
