//! Binds a profile: forms of days are known, each spelling has one meaning, and each mark too.

use super::file::{self, ProfileFile};
use super::{Column, From, Profile, Role, Screen};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::read::{DayForm, Words};
use crate::rules::document::{Document, pointer};
use crate::text::{fold, is_same};
use std::collections::BTreeMap;

/// What a value that a mark does not have is told.
const NO_SUCH_MARK: (&str, &str) =
    ("is none of the marks that the profile knows", "correct it, or add it to `counts` or `repeats` in the profile");

/// Binds a profile file that has the right shape.
pub(super) fn resolve(document: &Document, file: ProfileFile, found: &mut Diagnostics) -> Result<Profile, Failed> {
    let missing = file.profile.missing.iter().map(|word| fold(word).into_owned()).collect();
    let mut binder = Binder { document, missing, found, failed: Ok(()) };
    let (mut columns, mut absent) = (Vec::new(), Vec::new());
    for (name, column) in &file.column {
        let from = match column {
            file::Column::Absent(written) => {
                absent.push((name.to_owned(), written.absent.clone()));
                continue;
            }
            file::Column::Value(constant) => From::Constant(constant.value.clone()),
            file::Column::Headers(written) => binder.headers(written, &pointer("/column", name)),
        };
        columns.push(Column { name: name.to_owned(), from });
    }
    let screens = binder.screens(&file);
    binder.failed?;
    Ok(Profile {
        id: file.profile.id.0,
        title: file.profile.title,
        table: file.profile.table.0,
        estimate: file.profile.estimate,
        currency: file.profile.currency,
        absent,
        numbers: file.profile.numbers,
        columns,
        screens,
    })
}

struct Binder<'a> {
    document: &'a Document,
    /// The words for a missing cell, folded.
    missing: Vec<String>,
    found: &'a mut Diagnostics,
    failed: Result<(), Failed>,
}

impl Binder<'_> {
    fn error(&mut self, code: Code, at: &str, message: String, help: &str) {
        let problem = Diagnostic::at(code, self.document.value(at), message);
        self.failed = Err(self.found.error(problem.help(help)));
    }

    fn headers(&mut self, written: &file::Headers, at: &str) -> From {
        let meanings = self.meanings(written, at);
        let prefixes = written.prefixes.iter().map(|prefix| fold(prefix).into_owned()).collect();
        let own = written.missing.iter().map(|word| fold(word).into_owned());
        let missing = self.missing.iter().cloned().chain(own).collect();
        From::Headers {
            first: written.headers.clone(),
            otherwise: written.otherwise.clone(),
            words: Words { meanings, prefixes, missing, known: written.known.clone(), otherwise: None },
            days: self.days(&written.dates, at),
            first_day: written.first_day,
            floats: written.floats,
            is_optional: written.optional,
        }
    }

    fn days(&mut self, written: &[String], at: &str) -> Vec<DayForm> {
        let mut days = Vec::new();
        for (index, word) in written.iter().enumerate() {
            let here = format!("{at}/dates/{index}");
            let Some(form) = DayForm::parse(word) else {
                let message = format!("`{word}` is not a form of days");
                let help = "name year, month and day once each, with one mark between them: `m/d/y`";
                self.error(Code::WrongValue, &here, message, help);
                continue;
            };
            if let Some(other) = days.iter().find(|other| form.is_mistaken_for(**other)) {
                let message = format!("a day in the form `{other}` can be another one in the form `{form}`");
                let help = "keep the form of this export; one that writes days otherwise needs a profile of its own";
                self.error(Code::MemberTwice, &here, message, help);
            }
            days.push(form);
        }
        days
    }

    /// The meaning of each spelling.
    fn meanings(&mut self, written: &file::Headers, at: &str) -> BTreeMap<String, String> {
        let mut meanings: BTreeMap<String, String> = BTreeMap::new();
        for (meaning, spellings) in &written.words {
            for (index, spelling) in spellings.iter().enumerate() {
                let other = meanings.insert(fold(spelling).into_owned(), meaning.clone());
                if let Some(other) = other.filter(|other| other != meaning) {
                    let here = format!("{}/{index}", pointer(&format!("{at}/words"), meaning));
                    let message = format!("`{spelling}` means both `{other}` and `{meaning}`");
                    self.error(Code::MemberTwice, &here, message, "keep one of the two");
                }
            }
        }
        meanings
    }

    /// Spellings stand for themselves.
    fn plain(&self) -> Words {
        Words { missing: self.missing.clone(), ..Words::default() }
    }

    /// The columns that decide on rows.
    fn screens(&mut self, file: &ProfileFile) -> Vec<Screen> {
        let mut screens = Vec::new();
        for (_, only) in file.only.iter() {
            let role = Role::Only(only.values.clone());
            screens.push(Screen { headers: only.headers.clone(), words: self.plain(), role });
        }
        if let Some(duplicate) = &file.duplicate {
            for (index, mark) in duplicate.repeats.iter().enumerate() {
                if duplicate.counts.iter().any(|other| is_same(mark, other)) {
                    let message = format!("`{mark}` marks rows that count and rows that repeat an amount");
                    self.error(
                        Code::MemberTwice,
                        &format!("/duplicate/repeats/{index}"),
                        message,
                        "keep one of the two",
                    );
                }
            }
            let known = duplicate.counts.iter().chain(&duplicate.repeats);
            let meanings = known.map(|mark| (fold(mark).into_owned(), mark.clone())).collect();
            let words = Words { meanings, otherwise: Some(NO_SUCH_MARK), ..self.plain() };
            let blank_counts = duplicate.counts.iter().any(|mark| fold(mark).is_empty());
            let role = Role::Mark { repeats: duplicate.repeats.clone(), blank_counts };
            screens.push(Screen { headers: duplicate.headers.clone(), words, role });
        }
        if let Some(currency) = &file.currency {
            let headers = currency.headers.clone();
            screens.push(Screen { headers, words: self.plain(), role: Role::Currency });
        }
        screens
    }
}
