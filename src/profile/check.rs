//! Profiles × the rules: each can fit a file, and what it makes of the file can be scored.

mod words;

use super::{From, Profile, Role};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::rules::document::{Document, pointer};
use crate::rules::{Absent, ColumnType, RuleBook, RuleSet, Table};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Checks one profile against every edition that has its table.
pub(super) fn against_rules(profile: &Profile, document: &Document, book: &RuleBook, found: &mut Diagnostics) {
    let editions: Vec<(&RuleSet, &Table)> = book
        .editions()
        .filter_map(|rules| Some((rules.as_ref(), rules.tables.get(&profile.table)?.as_ref())))
        .collect();
    if editions.is_empty() {
        let known = book.editions().flat_map(|rules| rules.tables.keys().map(String::as_str));
        let help = did_you_mean(&profile.table, known).unwrap_or_else(|| "name a table of the rules".to_owned());
        let message = format!("no edition has a table `{}`", profile.table);
        found.error(Diagnostic::at(Code::UnknownName, document.value("/profile/table"), message).help(help));
        return;
    }
    let mut check = Check { profile, document, editions, found };
    let are_known = check.columns();
    check.headers();
    check.numbers();
    // A misspelt column is no missing one.
    if are_known {
        check.sources();
    }
    check.words();
    check.currency();
}

struct Check<'a> {
    profile: &'a Profile,
    document: &'a Document,
    /// The editions that have the table; at least one.
    editions: Vec<(&'a RuleSet, &'a Table)>,
    found: &'a mut Diagnostics,
}

impl Check<'_> {
    /// The types that a column has, one for each edition that has it.
    fn types(&self, column: &str) -> Vec<ColumnType> {
        self.editions.iter().filter_map(|(_, table)| table.columns.get(column).copied()).collect()
    }

    /// Each column is the table's, and its keys are for columns of its type. Whether all columns are known.
    fn columns(&mut self) -> bool {
        let mut are_known = true;
        let given = self.profile.columns.iter().map(|column| (column.name.as_str(), Some(&column.from)));
        let absent = self.profile.absent.iter().map(|(name, _)| (name.as_str(), None));
        for (name, from) in given.chain(absent) {
            let at = pointer("/column", name);
            let types = self.types(name);
            if types.is_empty() {
                are_known = false;
                let known = self.editions.iter().flat_map(|(_, table)| table.columns.keys().map(String::as_str));
                let help = did_you_mean(name, known).unwrap_or_else(|| "take it out".to_owned());
                let message = format!("table `{}` has no column `{name}`", self.profile.table);
                self.found.error(Diagnostic::at(Code::UnknownColumn, self.document.key(&at), message).help(help));
            }
            for (key, kind) in from.map(|from| self.misplaced(name, from, &types)).unwrap_or_default() {
                let message = format!("`{key}` is for columns of {kind}, and `{name}` is none");
                let problem = Diagnostic::at(Code::ColumnType, self.document.key(&pointer(&at, key)), message);
                self.found.error(problem.help("take the key out"));
            }
        }
        are_known
    }

    /// The keys that say nothing of a column of these types, and the kind of columns that they are for.
    fn misplaced(&self, name: &str, from: &From, types: &[ColumnType]) -> Vec<(&'static str, &'static str)> {
        let is_text = types.iter().all(|kind| matches!(kind, ColumnType::Text | ColumnType::Exact));
        let is_day = types.iter().all(|kind| matches!(kind, ColumnType::Month | ColumnType::Date));
        let is_key =
            || types.contains(&ColumnType::Exact) || self.editions.iter().any(|(_, table)| table.entity == name);
        match from {
            From::Constant(_) => vec![("value", "text")].into_iter().filter(|_| !is_text).collect(),
            From::Headers { otherwise, words, days, first_day, floats, .. } => [
                (!otherwise.is_empty() && is_text && is_key())
                    .then_some(("else", "text that is compared by its words and is no entity")),
                (!otherwise.is_empty() && !is_text).then_some(("else", "text")),
                (!words.meanings.is_empty() && !is_text).then_some(("words", "text")),
                (!words.known.is_empty() && !is_text).then_some(("known", "text")),
                (!words.prefixes.is_empty() && !is_text).then_some(("prefixes", "text")),
                (!days.is_empty() && !is_day).then_some(("dates", "days or months")),
                (*first_day && !types.iter().all(|kind| *kind == ColumnType::Month)).then_some(("first-day", "months")),
                (*floats && (is_text || is_day)).then_some(("floats", "numbers")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
    }

    /// A form of numbers is of some column.
    fn numbers(&mut self) {
        let is_number = |kind: &ColumnType| matches!(kind, ColumnType::Money | ColumnType::Count);
        let mut columns = self.profile.columns.iter().filter(|column| matches!(column.from, From::Headers { .. }));
        if self.profile.numbers.is_some() && !columns.any(|column| self.types(&column.name).iter().any(is_number)) {
            let message = "`numbers` is for columns of numbers, and the profile has none";
            let problem = Diagnostic::at(Code::ColumnType, self.document.key("/profile/numbers"), message);
            self.found.error(problem.help("take the key out"));
        }
    }

    /// Each header gives one column. Only a month and a day can both be read from one.
    fn headers(&mut self) {
        let mut taken: BTreeMap<String, (&str, String)> = BTreeMap::new();
        for column in &self.profile.columns {
            let From::Headers { first, otherwise, .. } = &column.from else { continue };
            let at = pointer("/column", &column.name);
            for (key, header) in [("headers", first), ("else", otherwise)]
                .into_iter()
                .flat_map(|(key, headers)| headers.iter().enumerate().map(move |at| (key, at)))
                .map(|(key, (index, header))| (format!("{at}/{key}/{index}"), header))
            {
                let Some((owner, earlier)) = taken.get(fold(header).as_ref()) else {
                    taken.insert(fold(header).into_owned(), (&column.name, key));
                    continue;
                };
                let (code, message, help) = if *owner == column.name {
                    let message = format!("`{header}` is named twice for `{owner}`");
                    (Code::SameTwice, message, "name each header once; `else` is for another column of the export")
                } else if self.are_day_and_month(owner, &column.name) {
                    continue;
                } else {
                    let message = format!("`{header}` is a header of `{owner}` and of `{}`", column.name);
                    (Code::NameTwice, message, "give each column headers of its own")
                };
                let problem = Diagnostic::at(code, self.document.value(&key), message);
                self.found.error(problem.other(self.document.value(earlier), "the other one").help(help));
            }
        }
    }

    fn are_day_and_month(&self, one: &str, other: &str) -> bool {
        let is = |column: &str, wanted: ColumnType| self.types(column).iter().all(|kind| *kind == wanted);
        (is(one, ColumnType::Month) && is(other, ColumnType::Date))
            || (is(one, ColumnType::Date) && is(other, ColumnType::Month))
    }

    /// Every column that no edition can do without comes from somewhere.
    fn sources(&mut self) {
        let needed = self.editions.iter().map(|(rules, table)| {
            let mut needed = rules.columns_read(table);
            needed.retain(|column| *column != table.entity && table.absent.get(column) != Some(&Absent::Keep));
            needed
        });
        let needed = needed.reduce(|needed, others| &needed & &others).unwrap_or_default();
        for name in needed {
            let table = &self.profile.table;
            let is_given = self.profile.columns.iter().any(|column| column.name == name);
            let (place, message) = if self.profile.absent.iter().any(|(absent, _)| *absent == name) {
                let place = self.document.key(&format!("{}/absent", pointer("/column", &name)));
                (place, format!("the rules cannot do without `{name}` of `{table}`"))
            } else if !is_given {
                let place = self.document.value("/profile/table");
                (
                    place,
                    format!("the rules read `{name}` of `{table}`, and the profile does not say where it comes from"),
                )
            } else {
                continue;
            };
            let help = format!("give `[column.{name}]` its `headers`, or a `value` that every row has");
            self.found.error(Diagnostic::at(Code::NoSource, place, message).help(help));
        }
    }

    /// Some edition reckons in the currency of the export.
    fn currency(&mut self) {
        let Some(own) = &self.profile.currency else { return };
        let known: BTreeSet<&str> = self.editions.iter().map(|(rules, _)| rules.edition.currency.as_str()).collect();
        if !known.contains(own.as_str()) {
            let message = format!("no edition with the table `{}` reckons in {own}", self.profile.table);
            let problem = Diagnostic::at(Code::Currency, self.document.value("/profile/currency"), message);
            let known: Vec<&str> = known.into_iter().collect();
            self.found.error(
                problem.help(format!("amounts are never converted: the rules' are in {}", crate::text::either(&known))),
            );
        }
    }
}

/// Checks that each profile can be told from every other one of its table.
pub(super) fn against_each_other(all: &[(Profile, Document)], found: &mut Diagnostics) {
    for (place, (one, document)) in all.iter().enumerate() {
        let others =
            all.iter().enumerate().filter(|(other, (profile, _))| *other != place && profile.table == one.table);
        for (other, (profile, other_document)) in others {
            let (is_hidden, hides) = (fits_wherever(profile, one), fits_wherever(one, profile));
            // Two that hide each other are reported at the second.
            if !is_hidden || (hides && place < other) {
                continue;
            }
            let message = format!(
                "every file that fits the profile `{}` fits `{}` too, so that neither would be taken",
                one.id, profile.id
            );
            let problem = Diagnostic::at(Code::TwoProfiles, document.value("/profile/id"), message);
            found.error(
                problem
                    .other(other_document.value("/profile/id"), "the other one")
                    .help("name a header in each that only its own export has, or make them one profile"),
            );
        }
    }
}

/// Whether a profile fits every file that another one fits: each column it asks for is one that the other asks for, too.
fn fits_wherever(profile: &Profile, other: &Profile) -> bool {
    let (asked, others) = (asked(profile), asked(other));
    !asked.is_empty() && asked.iter().all(|headers| others.iter().any(|others| others.is_subset(headers)))
}

/// For each column that a file has to have, the headers it can have.
fn asked(profile: &Profile) -> Vec<BTreeSet<String>> {
    let folded =
        |headers: &[String]| -> BTreeSet<String> { headers.iter().map(|name| fold(name).into_owned()).collect() };
    let columns = profile.columns.iter().filter_map(|column| match &column.from {
        From::Headers { first, otherwise, is_optional: false, .. } => Some(&folded(first) | &folded(otherwise)),
        From::Headers { .. } | From::Constant(_) => None,
    });
    let screens = profile.screens.iter().filter(|screen| !matches!(screen.role, Role::Mark { .. }));
    columns.chain(screens.map(|screen| folded(&screen.headers))).collect()
}
