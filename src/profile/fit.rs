//! A header × a profile: the view through which the file's rows are read, or what the file misses.

use super::{From, Profile, Role, Screen};
use crate::read::{Column, View, Words};
use crate::text::{fold, is_same};
use std::collections::BTreeMap;

/// How a file's header and a profile go together.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// The id of the profile.
    pub profile: String,
    /// How the rows are read.
    pub view: View,
    /// The columns of the file that decide on rows: the name under which each is wanted, and what it means.
    pub roles: Vec<(String, Role)>,
    /// The second columns of identities: the column of the table, and the name under which its second is wanted.
    pub seconds: Vec<(String, String)>,
    /// What the score must say of itself.
    pub estimate: Option<String>,
    /// Whether the profile knows a mark for repeated amounts that the file lacks.
    pub lacks_mark: bool,
    /// What the file misses: for each column the headers that it could have.
    pub misses: Vec<Vec<String>>,
    /// Columns that the file may lack and does: each with the headers that it could have.
    pub lacks: BTreeMap<String, Vec<String>>,
    /// Headers that are aliases of one column, in pairs.
    pub doubled: Vec<(String, String)>,
    /// How many of the profile's columns the file has.
    pub has: usize,
}

/// Holds a header against a profile.
#[must_use]
pub fn fit(header: &[String], profile: &Profile, currency: &str) -> Fit {
    let mut fit = Fit {
        profile: profile.id.clone(),
        view: View { profile: profile.id.clone(), columns: BTreeMap::new() },
        estimate: profile.estimate.clone(),
        ..Fit::default()
    };
    for column in &profile.columns {
        match &column.from {
            From::Constant(value) => {
                let constant = Some(value.clone());
                fit.view.columns.insert(column.name.clone(), Column { constant, ..Column::default() });
            }
            From::Headers { first, otherwise, words, days, first_day, floats, is_optional } => {
                let (own, second) = (fit.one_of(header, first), fit.one_of(header, otherwise));
                if own.is_none() && second.is_none() {
                    let headers = first.iter().chain(otherwise).cloned().collect();
                    if *is_optional {
                        fit.lacks.insert(column.name.clone(), headers);
                    } else {
                        fit.misses.push(headers);
                    }
                }
                let headers: Vec<String> = [&own, &second].into_iter().flatten().cloned().collect();
                if headers.is_empty() {
                    continue;
                }
                let made = Column {
                    headers,
                    constant: None,
                    words: words.clone(),
                    days: days.clone(),
                    first_day: *first_day,
                    floats: *floats,
                    as_written: false,
                };
                if let (Some(_), Some(second)) = (own, second) {
                    let name = format!("{} or else", column.name);
                    let headers = vec![second];
                    fit.view.columns.insert(name.clone(), Column { headers, ..made.clone() });
                    fit.seconds.push((column.name.clone(), name));
                }
                fit.view.columns.insert(column.name.clone(), made);
            }
        }
    }
    for (index, screen) in profile.screens.iter().enumerate() {
        fit.screen(header, screen, &format!("{} row test {}", profile.id, index + 1), currency);
    }
    fit
}

/// What the cells of a column of currencies say: that of the rules, and no other.
pub(crate) fn currency_words(currency: &str) -> Words {
    Words {
        meanings: BTreeMap::from([(fold(currency).into_owned(), currency.to_owned())]),
        otherwise: Some((
            "is not in the currency of the rules",
            "amounts are never converted: export them in the rules' currency",
        )),
        ..Words::default()
    }
}

impl Fit {
    /// Whether the file has everything that the profile needs.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.misses.is_empty()
    }

    fn screen(&mut self, header: &[String], screen: &Screen, name: &str, currency: &str) {
        let Some(own) = self.one_of(header, &screen.headers) else {
            match screen.role {
                Role::Mark { .. } => self.lacks_mark = true,
                Role::Only(_) | Role::Currency => self.misses.push(screen.headers.clone()),
            }
            return;
        };
        let words = match screen.role {
            Role::Currency => Words { missing: screen.words.missing.clone(), ..currency_words(currency) },
            Role::Only(_) | Role::Mark { .. } => screen.words.clone(),
        };
        self.view.columns.insert(name.to_owned(), Column { headers: vec![own], words, ..Column::default() });
        self.roles.push((name.to_owned(), screen.role.clone()));
    }

    /// The header among the aliases, as the file spells it.
    fn one_of(&mut self, header: &[String], aliases: &[String]) -> Option<String> {
        let mut own = header.iter().filter(|name| aliases.iter().any(|alias| is_same(alias, name)));
        let first = own.next()?;
        self.has += 1;
        if let Some(second) = own.next() {
            self.doubled.push((first.clone(), second.clone()));
        }
        Some(first.clone())
    }
}
