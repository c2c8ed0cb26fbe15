//! Tables, named rows and row tests: columns exist and have the right type.

use super::{GIVEN, Kind, Resolver, listed};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{ColumnType, ListRef, Rows, Table, Test};
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
            };
            self.column(&table, &written.entity, &pointer(&at, "entity"), &[ColumnType::Text]);
            if let Some(month) = &written.month {
                self.column(&table, month, &pointer(&at, "month"), &[ColumnType::Month]);
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
            for (column, kind) in &written.columns {
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
                if *kind == ColumnType::Month && written.month.as_ref() != Some(column) {
                    let here = pointer(&pointer(&at, "columns"), column);
                    let problem = Diagnostic::at(
                        Code::ColumnType,
                        self.value(&here),
                        format!("`{column}` is a month, yet not the table's `month`"),
                    );
                    self.error(
                        problem.help("a table has one month column; name it as `month`, or give this one another type"),
                    );
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
            model::Test::Valid(written) => {
                let at = pointer(at, "valid");
                let [first, last] = &written.valid;
                let first_fits = self.column(table, first, &format!("{at}/0"), &[ColumnType::Date]);
                let last_fits = self.column(table, last, &format!("{at}/1"), &[ColumnType::Date]);
                if first == last {
                    let message = format!("`{first}` is the first day and the last");
                    let problem = Diagnostic::at(Code::SameTwice, self.value(&format!("{at}/1")), message);
                    self.error(problem.help("name the column of the last day"));
                    return None;
                }
                (first_fits && last_fits).then(|| Test::Valid { first: first.clone(), last: last.clone() })
            }
            model::Test::In(written) => self.member_test(&written.column, &written.list, table, given, (at, "in")),
            model::Test::NotIn(written) => self
                .member_test(&written.column, &written.list, table, given, (at, "not-in"))
                .map(|test| Test::Not(Box::new(test))),
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
        table: &Table,
        given: GivenList,
        (at, word): (&str, &str),
    ) -> Option<Test> {
        let fits = self.column(table, column, &pointer(at, "column"), &[ColumnType::Text, ColumnType::Exact]);
        let here = pointer(at, word);
        let list = match (list, given) {
            (GIVEN, GivenList::Offered) => ListRef::Given,
            (GIVEN, GivenList::NotOffered) => {
                let problem = Diagnostic::at(Code::GivenArgument, self.value(&here), "there is no list given here");
                self.error(problem.help("only a measure with `given = \"list\"` is asked with one"));
                return None;
            }
            (name, _) => ListRef::Named(self.list_named(name, &here)?),
        };
        fits.then(|| Test::In { column: column.to_owned(), list })
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
                wanted.join(" or ")
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
