//! How the columns of exports become those of the rules' tables: texts → [`Profile`]s, and a header × a profile → the
//! [`Fit`] of the two.
//!
//! A new shape of export is a new file. Nothing here opens data.

mod file;
mod fit;

pub use file::ProfileFile;
pub use fit::{Fit, fit};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, did_you_mean};
use crate::read::{DayForm, Words};
use crate::rules::document::{Document, pointer};
use crate::rules::schema::Shape;
use crate::rules::{ColumnType, RuleBook, Table};
use crate::source::{Sources, TextFile};
use crate::text::{fold, is_same};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of profile files that is read.
const FORMAT: &str = "pcs-profile/1";

/// One shape of export.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// The export in words.
    pub title: String,
    /// The table that it becomes.
    pub table: String,
    /// What the score must say of itself.
    pub estimate: Option<String>,
    /// The currency of all its amounts, where the export states one.
    pub currency: Option<String>,
    /// Columns of the table that the export cannot have, and why.
    pub absent: Vec<(String, String)>,
    /// The table's columns that it can give.
    columns: Vec<Column>,
    /// Columns that decide on rows.
    screens: Vec<Screen>,
}

/// A column of the table.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    from: From,
}

#[derive(Clone, Debug)]
enum From {
    Headers {
        first: Vec<String>,
        otherwise: Vec<String>,
        words: Words,
        days: Vec<DayForm>,
        floats: bool,
        is_optional: bool,
    },
    Constant(String),
}

/// A column of the export that decides whether a row belongs to the table.
#[derive(Clone, Debug)]
struct Screen {
    headers: Vec<String>,
    words: Words,
    role: Role,
}

/// What a column that decides on rows means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Rows with one of these values belong to the table.
    Only(Vec<String>),
    /// Marks rows that repeat an amount.
    Mark {
        /// What stands in such rows.
        repeats: Vec<String>,
        /// Whether rows without a mark count; else they cannot be read.
        blank_counts: bool,
    },
    /// Names the row's currency.
    Currency,
}

/// What a value that a mark does not have is told.
const NO_SUCH_MARK: (&str, &str) =
    ("is none of the marks that the profile knows", "correct it, or add it to `counts` or `repeats` in the profile");

/// All profiles there are, by id, with the places of their keys.
#[derive(Debug, Default)]
pub struct Profiles(Vec<(Profile, Document)>);

/// Reads profile files; what is wrong in any of them is reported.
///
/// # Errors
///
/// [`Failed`] if any has an error; all are in `found`.
pub fn load(texts: &[TextFile], sources: &Sources, found: &mut Diagnostics) -> Result<Profiles, Failed> {
    let mut all: Vec<(Profile, Document)> = Vec::new();
    let mut failed = Ok(());
    let shape = Shape::of::<ProfileFile>(FORMAT);
    for text in texts {
        match load_one(&shape, text, sources, found) {
            Ok((profile, document)) => {
                if let Some((_, earlier)) = all.iter().find(|(known, _)| known.id == profile.id) {
                    let message = format!("there are two profiles `{}`", profile.id);
                    let problem = Diagnostic::at(Code::NameTwice, document.value("/profile/id"), message);
                    failed = Err(found.error(
                        problem
                            .other(earlier.value("/profile/id"), "the other one")
                            .help("give each profile an id of its own"),
                    ));
                }
                all.push((profile, document));
            }
            Err(error) => failed = Err(error),
        }
    }
    failed?;
    all.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    Ok(Profiles(all))
}

impl Profiles {
    /// The profiles, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.0.iter().map(|(profile, _)| profile)
    }

    /// Checks them against the rules: each has a table and columns that some edition has, of types that fit.
    pub fn check(&self, book: &RuleBook, found: &mut Diagnostics) {
        for (profile, document) in &self.0 {
            check(profile, document, book, found);
        }
    }
}

fn load_one(
    shape: &Shape,
    text: &TextFile,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Result<(Profile, Document), Failed> {
    let document = Document::parse(text.source, sources, found)?;
    shape.check(&document, found)?;
    let file: ProfileFile = serde_json::from_value(document.json.clone()).map_err(|error| {
        let message = format!("a value cannot be read: {error}");
        found
            .error(Diagnostic::at(Code::WrongValue, document.key(""), message).help("compare the file with the schema"))
    })?;
    let profile = resolve(&document, file, found)?;
    let stem = text.file.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if stem.is_some_and(|stem| stem != profile.id) {
        let message = format!("this profile would be looked for in `{}.toml`", profile.id);
        let problem = Diagnostic::at(Code::FileName, document.value("/profile/id"), message);
        found.warn(problem.help("name the file for its profile"));
    }
    Ok((profile, document))
}

/// Binds a profile: forms of days are known, and each spelling has one meaning.
fn resolve(document: &Document, file: ProfileFile, found: &mut Diagnostics) -> Result<Profile, Failed> {
    let missing: Vec<String> = file.profile.missing.iter().map(|word| fold(word).into_owned()).collect();
    let mut failed = Ok(());
    let (mut columns, mut absent) = (Vec::new(), Vec::new());
    for (name, column) in file.column.iter() {
        let at = pointer("/column", name);
        let from = match column {
            file::Column::Absent(written) => {
                absent.push((name.to_owned(), written.absent.clone()));
                continue;
            }
            file::Column::Value(constant) => From::Constant(constant.value.clone()),
            file::Column::Headers(written) => {
                let mut days = Vec::new();
                for (index, word) in written.dates.iter().enumerate() {
                    match DayForm::parse(word) {
                        Some(form) => days.push(form),
                        None => {
                            let place = document.value(&format!("{at}/dates/{index}"));
                            let message = format!("`{word}` is not a form of days");
                            let problem = Diagnostic::at(Code::WrongValue, place, message);
                            failed = Err(found.error(
                                problem.help("name year, month and day once each, with one mark between them: `m/d/y`"),
                            ));
                        }
                    }
                }
                let mut meanings: BTreeMap<String, String> = BTreeMap::new();
                for (meaning, spellings) in &written.words {
                    for (index, spelling) in spellings.iter().enumerate() {
                        let other = meanings.insert(fold(spelling).into_owned(), meaning.clone());
                        if let Some(other) = other.filter(|other| other != meaning) {
                            let place =
                                document.value(&format!("{}/{index}", pointer(&format!("{at}/words"), meaning)));
                            let message = format!("`{spelling}` means both `{other}` and `{meaning}`");
                            let problem = Diagnostic::at(Code::MemberTwice, place, message);
                            failed = Err(found.error(problem.help("keep one of the two")));
                        }
                    }
                }
                From::Headers {
                    first: written.headers.clone(),
                    otherwise: written.otherwise.clone(),
                    words: Words {
                        meanings,
                        prefixes: written.prefixes.iter().map(|prefix| fold(prefix).into_owned()).collect(),
                        missing: missing.clone(),
                        otherwise: None,
                    },
                    days,
                    floats: written.floats,
                    is_optional: written.optional,
                }
            }
        };
        columns.push(Column { name: name.to_owned(), from });
    }
    let plain = || Words { missing: missing.clone(), ..Words::default() };
    let mut screens = Vec::new();
    for (_, only) in file.only.iter() {
        screens.push(Screen { headers: only.headers.clone(), words: plain(), role: Role::Only(only.values.clone()) });
    }
    if let Some(duplicate) = &file.duplicate {
        let known = duplicate.counts.iter().chain(&duplicate.repeats);
        let meanings = known.map(|mark| (fold(mark).into_owned(), mark.clone())).collect();
        let words = Words { meanings, otherwise: Some(NO_SUCH_MARK), ..plain() };
        for (index, mark) in duplicate.repeats.iter().enumerate() {
            if duplicate.counts.iter().any(|other| is_same(mark, other)) {
                let place = document.value(&format!("/duplicate/repeats/{index}"));
                let message = format!("`{mark}` marks rows that count and rows that repeat an amount");
                failed =
                    Err(found.error(Diagnostic::at(Code::MemberTwice, place, message).help("keep one of the two")));
            }
        }
        let blank_counts = duplicate.counts.iter().any(|mark| fold(mark).is_empty());
        let role = Role::Mark { repeats: duplicate.repeats.clone(), blank_counts };
        screens.push(Screen { headers: duplicate.headers.clone(), words, role });
    }
    if let Some(currency) = &file.currency {
        screens.push(Screen { headers: currency.headers.clone(), words: plain(), role: Role::Currency });
    }
    failed?;
    Ok(Profile {
        id: file.profile.id.0,
        title: file.profile.title,
        table: file.profile.table.0,
        estimate: file.profile.estimate,
        currency: file.profile.currency,
        absent,
        columns,
        screens,
    })
}

fn check(profile: &Profile, document: &Document, book: &RuleBook, found: &mut Diagnostics) {
    let tables: Vec<_> = book.editions().filter_map(|rules| rules.tables.get(&profile.table)).collect();
    if tables.is_empty() {
        let known = book.editions().flat_map(|rules| rules.tables.keys().map(String::as_str));
        let help = did_you_mean(&profile.table, known).unwrap_or_else(|| "name a table of the rules".to_owned());
        let message = format!("no edition has a table `{}`", profile.table);
        found.error(Diagnostic::at(Code::UnknownName, document.value("/profile/table"), message).help(help));
        return;
    }
    for column in &profile.columns {
        let at = pointer("/column", &column.name);
        let types: Vec<ColumnType> =
            tables.iter().filter_map(|table| table.columns.get(&column.name).copied()).collect();
        if types.is_empty() {
            let known = tables.iter().flat_map(|table| table.columns.keys().map(String::as_str));
            let help = did_you_mean(&column.name, known).unwrap_or_else(|| "take it out".to_owned());
            let message = format!("table `{}` has no column `{}`", profile.table, column.name);
            found.error(Diagnostic::at(Code::UnknownColumn, document.key(&at), message).help(help));
        }
        let is_text = types.iter().all(|kind| matches!(kind, ColumnType::Text | ColumnType::Exact));
        let is_day = types.iter().all(|kind| matches!(kind, ColumnType::Month | ColumnType::Date));
        let mut only_for = |key: &str, kind: &str| {
            let message = format!("`{key}` is for columns of {kind}, and `{}` is none", column.name);
            let problem = Diagnostic::at(Code::ColumnType, document.key(&pointer(&at, key)), message);
            found.error(problem.help("take the key out"));
        };
        match &column.from {
            From::Constant(_) if !is_text => only_for("value", "text"),
            From::Headers { otherwise, words, days, floats, .. } => {
                let is_key = |table: &&Arc<Table>| {
                    table.entity == column.name || table.columns.get(&column.name) == Some(&ColumnType::Exact)
                };
                if !otherwise.is_empty() && is_text && tables.iter().any(is_key) {
                    only_for("else", "text that is compared by its words and is no entity");
                }
                let of_text = [
                    ("else", !otherwise.is_empty()),
                    ("words", !words.meanings.is_empty()),
                    ("prefixes", !words.prefixes.is_empty()),
                ];
                for (key, _) in of_text.iter().filter(|(_, is_said)| *is_said && !is_text) {
                    only_for(key, "text");
                }
                if !days.is_empty() && !is_day {
                    only_for("dates", "days or months");
                }
                if *floats && (is_text || is_day) {
                    only_for("floats", "numbers");
                }
            }
            From::Constant(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProfileFile;
    use crate::rules::schema::tests::hold_together;

    #[test]
    fn profiles_read_as_their_schema_says() {
        hold_together::<ProfileFile>(|file| file.starts_with("profiles/"), 1);
    }
}
