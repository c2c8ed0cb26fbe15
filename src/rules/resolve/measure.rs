//! Measures: what they read, how they group it, and how they are referred to.

use super::rows::GivenList;
use super::term::TermKind;
use super::{DEEPEST, GIVEN, Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{self, ColumnType, Measure, Reading, Reduce, Source, Table, Unit};
use std::sync::Arc;

/// By what rows can be grouped: amounts hold too many different numbers.
const GROUPED: &[ColumnType] = &[ColumnType::Text, ColumnType::Exact, ColumnType::Month, ColumnType::Date];

/// What a measure reads, while it is resolved.
pub(super) enum Read {
    Rows(Vec<Source>),
    Groups(Reading),
}

impl Read {
    /// The tables of its rows; none where it reads groups.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        let sources: &[Source] = match self {
            Self::Rows(sources) => sources,
            Self::Groups(_) => &[],
        };
        sources.iter().map(|source| &source.table)
    }

    /// What its sources are called in `from`.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Rows(sources) => sources
                .iter()
                .map(|source| source.rows.as_ref().map_or_else(|| source.table.name.clone(), |rows| rows.name.clone()))
                .collect(),
            Self::Groups(_) => Vec::new(),
        }
    }
}

impl Resolver<'_> {
    /// The measure of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn measure(&mut self, name: &str) -> Option<Arc<Measure>> {
        if let Some(known) = self.measures.get(name) {
            return known.clone();
        }
        let written = self.file.measure.get(name)?;
        let at = pointer(&pointer("/measure", name), "from");
        // A measure that another asks for is resolved while that one is.
        let outer = std::mem::take(&mut self.asked);
        let made = self.guarded(Kind::Measure, name, &at, |this| this.new_measure(name, written)).map(Arc::new);
        self.asked = outer;
        self.measures.insert(name.to_owned(), made.clone());
        made
    }

    fn new_measure(&mut self, name: &str, written: &model::Measure) -> Option<Measure> {
        let at = pointer("/measure", name);
        let cite = self.cite(written.cite.as_ref(), &at, None);
        let given = if written.given.is_some() { GivenList::Offered } else { GivenList::NotOffered };
        if given == GivenList::Offered && !asks_for_list(written) {
            let problem = Diagnostic::at(
                Code::GivenArgument,
                self.key(&pointer(&at, GIVEN)),
                format!("measure `{name}` is asked with a list that no test looks in"),
            );
            self.error(problem.help("test a column with `in = \"given\"`, or leave `given` out"));
        }
        let read = self.read(written, &pointer(&at, "from"))?;
        let tables: Vec<Arc<Table>> = read.tables().cloned().collect();
        let test = written.test.as_ref().map(|test| match &read {
            Read::Rows(_) => self.test_of_all(test, &tables, given, &pointer(&at, "where")),
            Read::Groups(inner) => {
                let message = format!("the groups of `{}` have no rows to test", inner.measure.name);
                let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(&at, "where")), message);
                self.error(problem.help("test rows where they are read, and groups with `having`"));
                None
            }
        });
        let group_fits = self.group(written, &read, &at);
        let amounts = self.amounts(written, &read, given, &at);
        // Every part is looked at before any of them can end the work.
        let amounts = amounts?;
        let having = written.having.as_ref().map(|test| self.group_test(test, &amounts, &pointer(&at, "having")));
        let reduce = self.reduce(&written.reduce, &amounts, &pointer(&at, "reduce"));
        let (reduce, test, having) = (reduce?, all_or_nothing(test)?, all_or_nothing(having)?);
        let unit = match reduce.amount() {
            None => Unit::Count,
            Some(amount) => amounts.get_index(amount)?.1.unit,
        };
        debug_assert!(reduce != Reduce::Count || unit == Unit::Count);
        group_fits.then(|| Measure {
            name: name.into(),
            title: written.title.clone(),
            cite,
            from: match read {
                Read::Rows(sources) => ruleset::From::Rows(sources),
                Read::Groups(inner) => ruleset::From::Groups(Box::new(inner)),
            },
            test,
            group: written.group.clone(),
            amounts,
            asked: std::mem::take(&mut self.asked),
            having,
            reduce,
            unit,
        })
    }

    /// What a measure reads.
    fn read(&mut self, written: &model::Measure, at: &str) -> Option<Read> {
        let source = |(table, rows)| Source { table, rows };
        match &written.from {
            model::From::One(name) => Some(Read::Rows(vec![source(self.from(name, at)?)])),
            model::From::Several(names) => {
                let mut sources = Vec::new();
                for (index, name) in names.iter().enumerate() {
                    let here = format!("{at}/{index}");
                    if names.iter().take(index).any(|earlier| earlier == name) {
                        let problem =
                            Diagnostic::at(Code::NameTwice, self.value(&here), format!("`{name}` is read already"));
                        self.error(problem.help("name each source once"));
                        return None;
                    }
                    let Some((table, rows)) = self.from(name, &here) else {
                        sources.push(None);
                        continue;
                    };
                    let earlier = sources.iter().flatten().any(|source: &Source| source.table == table);
                    if earlier {
                        let message = format!("`{name}` selects from `{}`, which is read already", table.name);
                        let problem = Diagnostic::at(Code::NameTwice, self.value(&here), message);
                        self.error(problem.help(
                            "a row that both select would count twice: name one selection, and let amounts have a `where`",
                        ));
                        sources.push(None);
                        continue;
                    }
                    sources.push(Some(source((table, rows))));
                }
                sources.into_iter().collect::<Option<_>>().map(Read::Rows)
            }
            model::From::Groups(groups) => {
                let passed = groups.given.as_deref() == Some(GIVEN);
                if passed && written.given.is_none() {
                    let message = "there is no list to pass on: the measure is not asked with one";
                    let problem = Diagnostic::at(Code::GivenArgument, self.value(&pointer(at, GIVEN)), message);
                    self.error(problem.help("name the list, or add `given = \"list\"` to the measure"));
                    return None;
                }
                self.reading(&groups.measure, groups.given.as_ref(), None, ReadingPlace::Groups(at)).map(Read::Groups)
            }
        }
    }

    fn group(&mut self, written: &model::Measure, read: &Read, at: &str) -> bool {
        let mut fits = true;
        for (index, column) in written.group.iter().enumerate() {
            let here = format!("{}/{index}", pointer(at, "group"));
            let mut is_entity = false;
            let mut kind = None;
            if let Read::Groups(inner) = read
                && !inner.measure.group.contains(column)
            {
                let message = format!("measure `{}` does not group by `{column}`", inner.measure.name);
                let known = super::listed(inner.measure.group.iter().map(String::as_str));
                let help = if known.is_empty() { "leave it out".to_owned() } else { format!("it groups by {known}") };
                self.error(Diagnostic::at(Code::UnknownColumn, self.value(&here), message).help(help));
                fits = false;
            }
            for table in read.tables() {
                fits &= self.column(table, column, &here, GROUPED);
                is_entity |= *column == table.entity;
                let here_kind = table.columns.get(column);
                if here_kind.is_some() && kind.is_some_and(|kind| Some(kind) != here_kind) {
                    let message = format!("column `{column}` is of another type in `{}`", table.name);
                    let problem = Diagnostic::at(Code::ColumnType, self.value(&here), message);
                    self.error(problem.help("give it one type: rows of both tables with one value are one group"));
                    fits = false;
                }
                kind = kind.or(here_kind);
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
            let again = written.group.iter().take(index).any(|earlier| earlier == column);
            if again || is_entity {
                let problem = Diagnostic::at(
                    Code::NameTwice,
                    self.value(&here),
                    format!("rows are grouped by `{column}` already"),
                );
                self.error(problem.help("groups lie within each entity; name each column once"));
                fits = false;
            }
        }
        fits
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
            ReadingPlace::Table(at) | ReadingPlace::Groups(at) => pointer(at, "measure"),
        };
        let list = match (given.map(String::as_str), place) {
            (Some(GIVEN), ReadingPlace::Groups(_)) => Some(Some(ruleset::GivenList::Passed)),
            (Some(list), ReadingPlace::Table(table) | ReadingPlace::Groups(table)) => {
                Some(self.given_list(list, &pointer(table, GIVEN)))
            }
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
        let given = all_or_nothing(list)?;
        if let (Some(given), ReadingPlace::Table(table) | ReadingPlace::Groups(table)) = (&given, place) {
            self.list_says_all(given, written, &pointer(table, GIVEN))?;
        }
        Some(Reading { measure, given, ago: ago.unwrap_or(0) })
    }

    /// Whether a list has all that the measure asks of it: rates, and no days that the measure does not look at.
    fn list_says_all(&mut self, given: &ruleset::GivenList, written: &model::Measure, at: &str) -> Option<()> {
        let list = match given {
            ruleset::GivenList::List(list) => ruleset::ListRef::Named(Arc::clone(list)),
            ruleset::GivenList::Term(term) => ruleset::ListRef::Term(Arc::clone(term)),
            // Looked at where the list is named.
            ruleset::GivenList::Passed => return Some(()),
        };
        // Who is asked with the list, and who is asked with it in turn.
        let passed = |written: &&model::Measure| match &written.from {
            model::From::Groups(groups) if groups.given.as_deref() == Some(GIVEN) => {
                self.file.measure.get(&groups.measure)
            }
            _ => None,
        };
        let asked: Vec<&model::Measure> = std::iter::successors(Some(written), passed).take(DEEPEST).collect();
        let taken = || asked.iter().flat_map(|written| taken(written));
        let mut tests = asked
            .iter()
            .flat_map(|written| &written.test)
            .chain(taken().filter_map(|taken| taken.test.as_ref()?.of_rows()));
        let needs_no_day = tests.any(asks_without_day);
        let needs_rates = taken().any(|taken| taken.times.as_ref().is_some_and(|rate| rate.list == GIVEN));
        let mut fits = true;
        for list in self.lists_of(&list) {
            if needs_no_day {
                fits &= self.begun_is_known(&list, at);
            }
            if needs_rates {
                fits &= self.has_rates(&list, at);
            }
        }
        fits.then_some(())
    }

    /// The list that a measure is asked with.
    fn given_list(&mut self, name: &str, at: &str) -> Option<ruleset::GivenList> {
        if self.file.list.get(name).is_none() && self.file.term.get(name).is_some() {
            return self.term_named(name, TermKind::List, at).map(ruleset::GivenList::Term);
        }
        self.list_named(name, at).map(ruleset::GivenList::List)
    }
}

/// How a reading is written: by the measure's name alone, or as a table with more about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum ReadingPlace<'a> {
    Name(&'a str),
    Table(&'a str),
    /// In the `from` of another measure.
    Groups(&'a str),
}

/// Whether any test or rate of a measure looks in the list that it is asked with.
fn asks_for_list(measure: &model::Measure) -> bool {
    let passes_it_on = matches!(&measure.from, model::From::Groups(groups) if groups.given.as_deref() == Some(GIVEN));
    passes_it_on
        || measure
            .test
            .iter()
            .chain(taken(measure).filter_map(|taken| taken.test.as_ref()?.of_rows()))
            .any(asks_for_given)
        || taken(measure).any(|taken| taken.times.as_ref().is_some_and(|rate| rate.list == GIVEN))
}

/// The amounts of a measure that are taken from rows.
fn taken(measure: &model::Measure) -> impl Iterator<Item = &model::RowAmount> {
    measure.value.iter().filter_map(|(_, amount)| match amount {
        model::Amount::Rows(taken) => Some(taken.as_ref()),
        model::Amount::Scalar(_) => None,
    })
}

/// Whether a test looks in the list it is given without a look at the day on which a row's thing was begun.
fn asks_without_day(test: &model::Test) -> bool {
    match test {
        model::Test::All(parts) => parts.all.iter().any(asks_without_day),
        model::Test::Any(parts) => parts.any.iter().any(asks_without_day),
        model::Test::Not(part) => asks_without_day(&part.not),
        model::Test::In(test) => test.list == GIVEN && test.begun.is_none(),
        model::Test::NotIn(test) => test.list == GIVEN,
        model::Test::Valid(_) | model::Test::Is(_) | model::Test::Missing(_) | model::Test::Bounds(_) => false,
    }
}

fn asks_for_given(test: &model::Test) -> bool {
    match test {
        model::Test::All(parts) => parts.all.iter().any(asks_for_given),
        model::Test::Any(parts) => parts.any.iter().any(asks_for_given),
        model::Test::Not(part) => asks_for_given(&part.not),
        model::Test::In(test) => test.list == GIVEN,
        model::Test::NotIn(test) => test.list == GIVEN,
        model::Test::Valid(_) | model::Test::Is(_) | model::Test::Missing(_) | model::Test::Bounds(_) => false,
    }
}
