//! How the columns of exports become those of the rules' tables: texts → [`Profile`]s, and a header × a profile → the
//! [`Fit`] of the two.
//!
//! A new shape of export is a new file. Nothing here opens data.

mod check;
mod file;
mod fit;
mod resolve;

pub use file::ProfileFile;
pub(crate) use fit::currency_words;
pub use fit::{Fit, fit};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::read::{DayForm, NumberForm, Words};
use crate::rules::RuleBook;
use crate::rules::document::Document;
use crate::rules::schema::Shape;
use crate::source::{Sources, TextFile};

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
    /// How the export writes numbers, where not as `1234.56`.
    pub numbers: Option<NumberForm>,
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
        first_day: bool,
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

/// All profiles there are, by id, with the places of their keys.
#[derive(Debug, Default)]
pub struct Profiles(Vec<(Profile, Document)>);

impl Profile {
    /// Every header that it knows.
    pub fn headers(&self) -> impl Iterator<Item = &String> {
        let of_columns = self.columns.iter().flat_map(|column| match &column.from {
            From::Headers { first, otherwise, .. } => [first.as_slice(), otherwise.as_slice()],
            From::Constant(_) => [&[][..]; 2],
        });
        of_columns.flatten().chain(self.screens.iter().flat_map(|screen| &screen.headers))
    }
}

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

    /// Checks them against the rules and each other: each can fit a file, and what it makes of it can be scored.
    pub fn check(&self, book: &RuleBook, found: &mut Diagnostics) {
        for (profile, document) in &self.0 {
            check::against_rules(profile, document, book, found);
        }
        check::against_each_other(&self.0, found);
    }
}

fn load_one(
    shape: &Shape,
    text: &TextFile,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Result<(Profile, Document), Failed> {
    let document = Document::parse(text.source, sources, found)?;
    // What stands beside an unknown key is judged too, so that one run finds all problems.
    let (document, misfit) = match shape.check(&document, found) {
        Ok(()) => (document, None),
        Err(misfit) => (misfit.rest.and_then(|rest| rest.whole()).ok_or(misfit.failed)?, Some(misfit.failed)),
    };
    let file: ProfileFile = serde_json::from_value(document.json.clone()).map_err(|error| {
        let message = format!("a value cannot be read: {error}");
        found
            .error(Diagnostic::at(Code::WrongValue, document.key(""), message).help("compare the file with the schema"))
    })?;
    let profile = resolve::resolve(&document, file, found)?;
    misfit.map_or(Ok(()), Err)?;
    let stem = text.file.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if stem.is_some_and(|stem| stem != profile.id) {
        let message = format!("this profile would be looked for in `{}.toml`", profile.id);
        let problem = Diagnostic::at(Code::FileName, document.value("/profile/id"), message);
        found.warn(problem.help("name the file for its profile"));
    }
    Ok((profile, document))
}

#[cfg(test)]
mod tests {
    use super::ProfileFile;
    use crate::rules::schema::tests::{Days, hold_together, shipped_toml};

    #[test]
    fn profiles_read_as_their_schema_says() {
        hold_together::<ProfileFile>(&shipped_toml(|file| file.starts_with("profiles/")), Days::Native, 1);
    }
}
