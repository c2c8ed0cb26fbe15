//! Tables, named rows and row tests: columns exist and have the right type.

use super::term::TermKind;
use super::{GIVEN, Kind, Resolver, listed};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{ColumnType, DayLimit, List, ListRef, Number, Rows, Setting, Side, Span, Table, Test};
use std::sync::Arc;

/// Whether tests may look in the list that the measure is asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenList {
    Offered,
    NotOffered,
}

impl Resolver<'_> {
    pub(super) fn tables(&mut self) {
        for (name, written) in self.file.table.iter() {
            let at = pointer("/table", name);
            self.cite(written.cite.as_ref(), &at, None);
            let table = Table {
                name: name.to_owned(),
                entity: written.entity.clone(),
                month: written.month.clone(),
                columns: written.columns.clone(),
                absent: written.absent.iter().map(|(column, choice)| (column.clone(), *choice)).collect(),
                is_required: written.required.unwrap_or(true),
                is_complete: written.complete.unwrap_or(false),
            };
            if written.complete == Some(true) && written.month.is_none() {
                let here = self.key(&pointer(&at, "complete"));
                let problem =
                    Diagnostic::at(Code::Window, here, format!("table `{name}` has no months to be complete"));
                self.error(problem.help("leave `complete` out"));
            }
            self.column(&table, &written.entity, &pointer(&at, "entity"), &[ColumnType::Text]);
            if let Some(month) = &written.month {
                self.column(&table, month, &pointer(&at, "month"), &[ColumnType::Month, ColumnType::Date]);
            }
            for column in written.absent.keys() {
                let here = pointer(&pointer(&at, "absent"), column);
                if written.columns.contains_key(column) {
                    let keep = written.absent.get(column) == Some(&model::Absent::Keep);
                    if keep && (Some(column) == written.month.as_ref() || *column == written.entity) {
                        let problem = Diagnostic::at(
                            Code::ColumnType,
                            self.value(&here),
                            format!("rows cannot be kept without `{column}`"),
                        );
                        self.error(problem.help("only a column that is merely tested may be absent"));
                    }
                } else {
                    self.unknown_column(&table, column, self.document.key(&here));
                }
            }
            for column in written.columns.keys() {
                let folded = crate::text::fold(column);
                let twin = written
                    .columns
                    .keys()
                    .take_while(|other| *other != column)
                    .find(|other| crate::text::fold(other) == folded);
                if let Some(twin) = twin {
                    let here = pointer(&pointer(&at, "columns"), column);
                    let problem = Diagnostic::at(
                        Code::NameTwice,
                        self.key(&here),
                        format!("the columns `{column}` and `{twin}` have one name"),
                    );
                    self.error(problem.help("headers compare without case and needless blanks"));
                }
            }
            if self.file.rows.get(name).is_some() {
                let here = pointer("/rows", name);
                let problem = Diagnostic::at(
                    Code::NameTwice,
                    self.key(&here),
                    format!("`{name}` is a table and a selection of rows"),
                );
                self.error(problem.other(self.key(&at), "the table").help("`from` could mean either; rename one"));
            }
            self.tables.insert(name.to_owned(), Arc::new(table));
        }
        if self.file.list.get(GIVEN).is_some() {
            let problem = Diagnostic::at(
                Code::NameTwice,
                self.key(&pointer("/list", GIVEN)),
                "`given` means the list a measure is asked with",
            );
            self.error(problem.help("rename the list"));
        }
    }

    /// The named rows; what is wrong in them was reported when they were first asked for.
    pub(super) fn rows(&mut self, name: &str) -> Option<Arc<Rows>> {
        if let Some(known) = self.rows.get(name) {
            return known.clone();
        }
        let written = self.file.rows.get(name)?;
        let at = pointer("/rows", name);
        let made = self.guarded(Kind::Rows, name, &pointer(&at, "from"), |this| {
            this.cite(written.cite.as_ref(), &at, None);
            let (table, within) = this.from(&written.from, &pointer(&at, "from"))?;
            // What was wrong in the test was reported; what rests on these rows can still be judged.
            let test = this
                .test(&written.test, &table, GivenList::NotOffered, &pointer(&at, "where"))
                .unwrap_or_else(|| Test::All(Vec::new()));
            Some(Arc::new(Rows { name: name.to_owned(), table, within, test }))
        });
        self.rows.insert(name.to_owned(), made.clone());
        made
    }

    /// What `from` names: a table, or rows of one.
    pub(super) fn from(&mut self, name: &str, at: &str) -> Option<(Arc<Table>, Option<Arc<Rows>>)> {
        if let Some(table) = self.tables.get(name).cloned() {
            self.used.insert((Kind::Table, name.to_owned()));
            return Some((table, None));
        }
        if self.file.rows.get(name).is_none() {
            let mut known = self.names(Kind::Table);
            known.extend(self.names(Kind::Rows));
            self.unknown(&[Kind::Table, Kind::Rows], name, at, &known);
            return None;
        }
        self.used.insert((Kind::Rows, name.to_owned()));
        if self.open.contains(&(Kind::Rows, name.to_owned())) {
            return self.guarded(Kind::Rows, name, at, |_| None);
        }
        let rows = self.rows(name)?;
        Some((Arc::clone(&rows.table), Some(rows)))
    }

    pub(super) fn test(&mut self, written: &model::Test, table: &Table, given: GivenList, at: &str) -> Option<Test> {
        match written {
            model::Test::All(parts) => self.tests(&parts.all, table, given, &pointer(at, "all")).map(Test::All),
            model::Test::Any(parts) => self.tests(&parts.any, table, given, &pointer(at, "any")).map(Test::Any),
            model::Test::Not(part) => {
                self.test(&part.not, table, given, &pointer(at, "not")).map(|test| Test::Not(Box::new(test)))
            }
            model::Test::Valid(written) => self.valid(&written.valid, table, &pointer(at, "valid")),
            model::Test::In(written) => {
                self.member_test(&written.column, &written.list, written.begun.as_ref(), table, given, (at, "in"))
            }
            model::Test::NotIn(written) => self
                .member_test(&written.column, &written.list, None, table, given, (at, "not-in"))
                .map(|test| Test::Not(Box::new(test))),
            model::Test::Is(written) => {
                let fits =
                    self.column(table, &written.column, &pointer(at, "column"), &[ColumnType::Text, ColumnType::Exact]);
                let (column, here) = (written.column.clone(), pointer(at, "is"));
                match &written.is {
                    model::IsWhat::Text(text) => {
                        if crate::text::fold(text).is_empty() {
                            let problem = Diagnostic::at(Code::WrongValue, self.value(&here), "the text is blank");
                            self.error(problem.help("a blank cell is a missing one: `{ missing = \"…\" }`"));
                        }
                        fits.then(|| Test::Is { column, text: text.clone() })
                    }
                    model::IsWhat::Column(other) => (fits
                        && self.other_column(table, &column, &other.column, &pointer(&here, "column")))
                    .then(|| Test::Same { column, other: other.column.clone() }),
                }
            }
            model::Test::Missing(written) => {
                let column = &written.missing;
                let here = pointer(at, "missing");
                let Some(kind) = table.columns.get(column).copied() else {
                    self.unknown_column(table, column, self.document.value(&here));
                    return None;
                };
                if kind == ColumnType::Month || table.month.as_ref() == Some(column) || *column == table.entity {
                    let message = format!("`{column}` is never missing: a row without it cannot be read");
                    let problem = Diagnostic::at(Code::ColumnType, self.value(&here), message);
                    self.error(problem.help("leave the test out"));
                    return None;
                }
                Some(Test::Missing(column.clone()))
            }
            model::Test::Bounds(written) => self.cell_bounds(written, table, at),
        }
    }

    fn valid(&mut self, [first, last]: &[model::ValidEnd; 2], table: &Table, at: &str) -> Option<Test> {
        let mut end = |written: &model::ValidEnd, index: usize| {
            let here = format!("{at}/{index}");
            match written {
                model::ValidEnd::Column(column) => {
                    self.column(table, column, &here, &[ColumnType::Date]).then(|| (column.clone(), Span::NONE))
                }
                model::ValidEnd::Moved(moved) => {
                    let fits = self.column(table, &moved.column, &pointer(&here, "column"), &[ColumnType::Date]);
                    let span = moved.days.map(Span::Days).or(moved.months.map(Span::Months));
                    fits.then(|| (moved.column.clone(), span.unwrap_or(Span::NONE)))
                }
            }
        };
        let (first, last) = (end(first, 0), end(last, 1));
        let ((first, by), (last, until)) = (first?, last?);
        if first == last && by == until {
            let message = format!("`{first}` is the first day and the last");
            let problem = Diagnostic::at(Code::SameTwice, self.value(&format!("{at}/1")), message);
            self.error(problem.help("name the column of the last day, or say by how much it is moved"));
            return None;
        }
        Some(Test::Valid { first, last, moved: [by, until] })
    }

    /// A test whose columns all tables have; the same for all of them.
    pub(super) fn test_of_all(
        &mut self,
        written: &model::Test,
        tables: &[Arc<Table>],
        given: GivenList,
        at: &str,
    ) -> Option<Test> {
        let mut all: Vec<Option<Test>> = tables.iter().map(|table| self.test(written, table, given, at)).collect();
        if all.iter().any(Option::is_none) { None } else { all.pop().flatten() }
    }

    fn cell_bounds(&mut self, written: &model::CellBounds, table: &Table, at: &str) -> Option<Test> {
        const ORDERED: &[ColumnType] = &[ColumnType::Money, ColumnType::Count, ColumnType::Date, ColumnType::Month];
        if !self.column(table, &written.column, &pointer(at, "column"), ORDERED) {
            return None;
        }
        let column = written.column.clone();
        let is_day = matches!(table.columns.get(&column), Some(ColumnType::Date | ColumnType::Month));
        let (mut days, mut numbers, mut against, mut complete) = (Vec::new(), Vec::new(), Vec::new(), true);
        for ((side, word), limit) in Side::KEYS.into_iter().zip(written.limits()) {
            let Some(limit) = limit else { continue };
            let here = pointer(at, word);
            match limit {
                model::CellLimit::Day(day) if is_day => days.push((side, DayLimit::On(day.0))),
                model::CellLimit::Ago(ago) if is_day => {
                    days.extend(ago.ago.span().map(|span| (side, DayLimit::Ago(span))));
                }
                model::CellLimit::Column(other) => match self.against(table, &column, side, other, &here) {
                    Some(test) => against.push(test),
                    None => complete = false,
                },
                model::CellLimit::Number(number) if !is_day => numbers.push((side, Number::Fixed(number.0.clone()))),
                model::CellLimit::Term(name) if !is_day => match self.term_named(name, TermKind::Number, &here) {
                    Some(term) => numbers.push((side, Number::Term(term))),
                    None => complete = false,
                },
                model::CellLimit::Amount(_) | model::CellLimit::Reading(_) => {
                    let message =
                        "a row is compared with its group or a measure only where an amount says which rows it takes";
                    let problem = Diagnostic::at(Code::Misfit, self.value(&here), message);
                    self.error(problem.help("put the test into the `where` of an amount: by itself, or within `all`"));
                    complete = false;
                }
                _ => {
                    let (holds, needs) = if is_day { ("days", "a day") } else { ("numbers", "a number") };
                    let message = format!("column `{column}` holds {holds}, and this is not {needs}");
                    let problem = Diagnostic::at(Code::ColumnType, self.value(&here), message);
                    self.error(problem.help(if is_day {
                        "write a day, unquoted: 2023-06-01; or `{ ago = { months = 12 } }`"
                    } else {
                        "write a number, or the name of a term"
                    }));
                    complete = false;
                }
            }
        }
        self.possible_cells(&days, &numbers, at);
        if !days.is_empty() {
            against.push(Test::Days { column, limits: days });
        } else if !numbers.is_empty() {
            against.push(Test::Numbers { column, limits: numbers, range: None });
        }
        let only = if against.len() == 1 { against.pop() } else { None };
        complete.then(|| only.unwrap_or(Test::All(against)))
    }

    /// A comparison with another column of the row.
    fn against(
        &mut self,
        table: &Table,
        column: &str,
        side: Side,
        written: &model::ColumnLimit,
        at: &str,
    ) -> Option<Test> {
        let fits = self.other_column(table, column, &written.column, &pointer(at, "column"));
        let (key, moved) = match (written.days, written.months) {
            (Some(days), _) => ("days", Span::Days(days)),
            (None, Some(months)) => ("months", Span::Months(months)),
            (None, None) => ("column", Span::NONE),
        };
        let kind = table.columns.get(column).copied();
        let can_move = match moved {
            Span::Days(days) => days == 0 || kind == Some(ColumnType::Date),
            Span::Months(_) => matches!(kind, Some(ColumnType::Date | ColumnType::Month)),
        };
        if !can_move {
            let message = format!("column `{column}` cannot be moved by {key}");
            let problem = Diagnostic::at(Code::ColumnType, self.key(&pointer(at, key)), message);
            self.error(problem.help("days are moved by days or months, months by months, and numbers not at all"));
            return None;
        }
        fits.then(|| Test::Against { column: column.to_owned(), side, other: written.column.clone(), moved })
    }

    /// Whether the table has another column of the type that one has; reports where not.
    fn other_column(&mut self, table: &Table, column: &str, other: &str, at: &str) -> bool {
        let Some(kind) = table.columns.get(column).copied() else { return false };
        if column == other {
            let message = format!("`{column}` is compared with itself");
            let problem = Diagnostic::at(Code::SameTwice, self.value(at), message);
            self.error(problem.help("name another column"));
            return false;
        }
        self.column(table, other, at, &[kind])
    }

    /// Reports bounds that exclude every cell.
    fn possible_cells(&mut self, days: &[(Side, DayLimit)], numbers: &[(Side, Number)], at: &str) {
        let fixed = numbers.iter().filter_map(|(side, number)| match number {
            Number::Fixed(fixed) => Some((*side, fixed.clone())),
            Number::Term(_) => None,
        });
        let days = days.iter().filter_map(|(side, day)| match day {
            DayLimit::On(day) => Some((*side, crate::exact::Exact::from(i64::from(day.to_epoch_days())))),
            DayLimit::Ago(_) => None,
        });
        let all: Vec<_> = fixed.chain(days).collect();
        let pairs = all.iter().flat_map(|low| all.iter().map(move |high| (low, high)));
        let is_impossible =
            |((low, from), (high, to)): &(&(Side, crate::exact::Exact), &(Side, crate::exact::Exact))| {
                let strict = *low == Side::MoreThan || *high == Side::LessThan;
                matches!(low, Side::AtLeast | Side::MoreThan)
                    && matches!(high, Side::AtMost | Side::LessThan)
                    && (from > to || (from == to && strict))
            };
        if pairs.into_iter().any(|pair| is_impossible(&pair)) {
            let problem = Diagnostic::at(Code::ImpossibleBounds, self.value(at), "no value lies between these bounds");
            self.error(problem.help("the lower bound has to be below the upper one"));
        }
    }

    fn tests(&mut self, written: &[model::Test], table: &Table, given: GivenList, at: &str) -> Option<Vec<Test>> {
        let tests: Vec<Option<Test>> = written
            .iter()
            .enumerate()
            .map(|(index, test)| self.test(test, table, given, &format!("{at}/{index}")))
            .collect();
        tests.into_iter().collect()
    }

    fn member_test(
        &mut self,
        column: &str,
        list: &str,
        begun: Option<&String>,
        table: &Table,
        given: GivenList,
        (at, word): (&str, &str),
    ) -> Option<Test> {
        let here = pointer(at, word);
        if self.is_range(list) {
            return self.range_test(column, list, begun.is_some(), table, (at, &here));
        }
        let mut fits = self.column(table, column, &pointer(at, "column"), &[ColumnType::Text, ColumnType::Exact]);
        if let Some(begun) = begun {
            fits &= self.column(table, begun, &pointer(at, "begun"), &[ColumnType::Date]);
        }
        let list = self.list_of(list, given, &here)?;
        if begun.is_none() {
            for list in self.lists_of(&list) {
                fits &= self.begun_is_known(&list, &here);
            }
        }
        fits.then(|| Test::In { column: column.to_owned(), list, begun: begun.cloned() })
    }

    /// The number in a cell lies in a range.
    fn range_test(
        &mut self,
        column: &str,
        range: &str,
        is_dated: bool,
        table: &Table,
        (at, here): (&str, &str),
    ) -> Option<Test> {
        if is_dated {
            let problem = Diagnostic::at(Code::Misfit, self.key(&pointer(at, "begun")), "a range has no members");
            self.error(problem.help("leave `begun` out; it is for lists with `begun-by`"));
        }
        let fits = self.column(table, column, &pointer(at, "column"), &[ColumnType::Money, ColumnType::Count]);
        let range = self.term_named(range, TermKind::Range, here)?;
        fits.then(|| Test::Numbers { column: column.to_owned(), limits: Vec::new(), range: Some(range) })
    }

    /// Reports a list with members that depend on a day which nothing names.
    pub(super) fn begun_is_known(&mut self, list: &List, at: &str) -> bool {
        let Some(member) = list.every_member().find(|member| member.begun_by.is_some()) else { return true };
        let message = format!("`{}` of list `{}` counts only if begun by a day", member.id, list.name);
        let problem = Diagnostic::at(Code::Misfit, self.value(at), message);
        self.error(problem.help("say in the test which column holds the day: `begun = \"…\"`"));
        false
    }

    /// What `in` names: a list, a term that is one, or the one the measure is asked with.
    pub(super) fn list_of(&mut self, name: &str, given: GivenList, at: &str) -> Option<ListRef> {
        match (name, given) {
            (GIVEN, GivenList::Offered) => Some(ListRef::Given),
            (GIVEN, GivenList::NotOffered) => {
                let problem = Diagnostic::at(Code::GivenArgument, self.value(at), "there is no list given here");
                self.error(problem.help("only a measure with `given = \"list\"` is asked with one"));
                None
            }
            (name, _) if self.file.list.get(name).is_none() && self.file.term.get(name).is_some() => {
                self.term_named(name, TermKind::List, at).map(ListRef::Term)
            }
            (name, _) => self.list_named(name, at).map(ListRef::Named),
        }
    }

    /// Every list that is meant on some day and track; none for the one that is given.
    pub(super) fn lists_of(&mut self, list: &ListRef) -> Vec<Arc<List>> {
        match list {
            ListRef::Named(list) => vec![Arc::clone(list)],
            ListRef::Given => Vec::new(),
            ListRef::Term(term) => {
                let set = self.file.track.iter().filter_map(|(_, track)| track.sets.get(&term.name));
                let names: Vec<String> = set
                    .flat_map(model::TermIs::settings)
                    .filter_map(|setting| match setting {
                        model::Setting::List(list) => Some(list.clone()),
                        _ => None,
                    })
                    .collect();
                let defined = term.settings.iter().filter_map(|(_, setting)| match setting {
                    Setting::List(list) => Some(Arc::clone(list)),
                    _ => None,
                });
                let set = names.iter().filter_map(|name| self.lists.get(name).cloned().flatten());
                defined.chain(set).collect()
            }
        }
    }

    /// Whether the table has the column in one of the types; reports where not.
    pub(super) fn column(&mut self, table: &Table, name: &str, at: &str, types: &[ColumnType]) -> bool {
        let Some(kind) = table.columns.get(name) else {
            self.unknown_column(table, name, self.document.value(at));
            return false;
        };
        if types.contains(kind) {
            return true;
        }
        let wanted: Vec<&str> = types.iter().map(|kind| type_word(*kind)).collect();
        let problem = Diagnostic::at(
            Code::ColumnType,
            self.value(at),
            format!(
                "column `{name}` of `{}` holds {}, and this needs {}",
                table.name,
                type_word(*kind),
                crate::text::either(&wanted)
            ),
        );
        self.error(problem.help("use another column, or correct the type where the table is defined"));
        false
    }

    fn unknown_column(&mut self, table: &Table, name: &str, at: crate::source::Location) {
        let known = table.columns.keys().map(String::as_str);
        let help = did_you_mean(name, known.clone()).unwrap_or_else(|| format!("it has {}", listed(known)));
        let problem = Diagnostic::at(Code::UnknownColumn, at, format!("table `{}` has no column `{name}`", table.name));
        self.error(problem.label("used here").help(help));
    }
}

fn type_word(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Exact => "exact text",
        ColumnType::Month => "a month",
        ColumnType::Date => "dates",
        ColumnType::Money => "money",
        ColumnType::Count => "counts",
    }
}
