//! Peek: which files are which table, through which profile they are read, and what the dataset file adds.
//!
//! Knows names and headers, never rows; only the default day judged looks at a column of months.

mod choose;
mod folder;
mod manifest;
mod said;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::files::slashed;
use crate::parallel;
use crate::profile::{Fit, Profiles};
use crate::read::DataFile;
use crate::rules::RuleSet;
use crate::source::Sources;
use crate::text::quoted;
use choose::Chooser;
use manifest::Stated;
pub use manifest::{Covers, Manifest};
pub(crate) use said::missed;
use std::collections::BTreeMap;
use std::path::Path;

/// The data of one run: for each table its files and their headers.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// How messages name the data.
    pub shown: String,
    /// The entity of rows that name none.
    pub entity: String,
    /// Whether the dataset file named that entity, rather than the folder.
    pub entity_is_stated: bool,
    /// By table name.
    pub tables: BTreeMap<String, TableFiles>,
    /// Files and folders beside them that could hold data and are of no table, by name.
    pub unused: Vec<Unused>,
}

/// The files of a table.
#[derive(Clone, Debug, Default)]
pub struct TableFiles {
    /// The files, in order.
    pub files: Vec<TableFile>,
    /// The months the dataset file says are covered; else those that have rows.
    pub covers: Option<Covers>,
}

/// A file of a table.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// The file.
    pub file: DataFile,
    /// Its columns, as it spells them.
    pub header: Vec<String>,
    /// How it fits the profile through which it is read; none where its headers are the table's own.
    pub fit: Option<Fit>,
    /// Why it is read so.
    pub why: Why,
}

/// Why a file is read as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody chose it.
    Chosen,
    /// Its headers are the table's own.
    OwnHeaders,
    /// Its headers fit this profile and nothing else.
    Fits,
}

impl TableFile {
    /// A file with the table's own headers.
    #[must_use]
    pub const fn plain(file: DataFile, header: Vec<String>) -> Self {
        Self { file, header, fit: None, why: Why::OwnHeaders }
    }

    /// Whether it lacks the mark for repeated amounts that its profile knows.
    #[must_use]
    pub fn lacks_mark(&self) -> bool {
        self.fit.as_ref().is_some_and(|fit| fit.lacks_mark)
    }

    /// Whether it gives a column of the table.
    #[must_use]
    pub fn gives(&self, column: &str) -> bool {
        self.file.gives(&self.header, column)
    }
}

/// A file that is of no table.
#[derive(Clone, Debug)]
pub struct Unused {
    /// The file as messages name it.
    pub shown: String,
    /// Why, in a sentence's end: "is not …".
    pub why: String,
    /// What to do where it should have been read.
    pub help: String,
    /// The table that it nearly is.
    pub nearly: Option<String>,
}

/// Files of no table that are named one by one.
const UNUSED: usize = 20;

/// That files lie beside the data and are of no table.
#[must_use]
pub fn about_unused(unused: &[Unused]) -> Vec<Diagnostic> {
    let about = |file: &Unused| {
        let message = format!("`{}` is not used: it {}", file.shown, file.why);
        let problem = Diagnostic::new(Code::UnusedFile, Place::File(file.shown.clone()), message);
        problem.help(file.help.clone())
    };
    let mut all: Vec<Diagnostic> = unused.iter().take(UNUSED).map(about).collect();
    if unused.len() > UNUSED {
        let message = format!("{} more files are not used", unused.len() - UNUSED);
        let problem = Diagnostic::new(Code::UnusedFile, Place::Command, message);
        all.push(problem.help("`pcs-rules inspect --format json` names them all"));
    }
    all
}

impl Unused {
    /// A file that can be read and is no table.
    fn of_form(shown: String, why: String) -> Self {
        let help = "move it away, or say in `dataset.yaml` which files make which table".to_owned();
        Self { shown, why, help, nearly: None }
    }
}

/// What the command line says of the data.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// For tables the id of the profile through which their files are read; [`PLAIN`] for the table's own headers.
    pub profiles: BTreeMap<String, String>,
}

/// The word for no profile.
pub const PLAIN: &str = "plain";

/// Finds the files of every table that the rules name, and reads their headers, those of files with a table's name by so
/// many threads.
///
/// # Errors
///
/// [`Failed`] if the folder, a table or a header is missing, or two files claim one table.
pub fn peek(
    folder: &Path,
    rules: &RuleSet,
    profiles: &Profiles,
    (choices, threads): (&Choices, usize),
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Catalog, Failed> {
    let shown = slashed(folder);
    let entries = folder::entries(folder, found)?;
    let stated = Stated::read(folder, &entries, rules, sources, found)?;
    let numbers = stated.manifest.tables.iter().filter_map(|(name, table)| Some((name, table.numbers?)));
    let chooser = Chooser { rules, profiles, chosen: chosen(&stated.manifest, choices), numbers: numbers.collect() };
    known(&chooser, &stated, choices, found)?;
    let mut tables: BTreeMap<String, TableFiles> = BTreeMap::new();
    let mut failed = Ok(());
    let mut named: Vec<DataFile> = Vec::new();
    for name in rules.tables.keys() {
        let written = stated.manifest.tables.get(name);
        let files = match written.filter(|table| !table.files.is_empty()) {
            Some(table) => stated.files(folder, name, &table.files, found),
            None => folder::files_named(&entries, name, found),
        };
        let files = files.and_then(|files| {
            named.extend(files.iter().cloned());
            folder::no_file_twice(name, &files, found)?;
            all(parallel::map(&files, threads, |file| chooser.of_table(name, file.clone())), found)
        });
        match files {
            Ok(files) => {
                tables.insert(name.clone(), TableFiles { files, covers: written.and_then(|table| table.covers) });
            }
            Err(error) => failed = Err(error),
        }
    }
    failed?;
    let others = folder::others(&entries, &named);
    let mut unused = chooser.find(others, &mut tables, found)?;
    unused.extend(folder::passed_over(&entries, &named, rules));
    unused.sort_by(|a, b| a.shown.cmp(&b.shown));
    for (name, table) in &tables {
        let is_required = rules.tables.get(name).is_some_and(|table| table.is_required);
        if table.files.is_empty() && is_required {
            let mut passed: Vec<Unused> = unused.iter().cloned().chain(folder::of_other_endings(&entries)).collect();
            passed.sort_by(|a, b| a.shown.cmp(&b.shown));
            failed = Err(found.error(chooser.no_table(&shown, name, &entries, &passed)));
        }
    }
    failed?;
    let entity_is_stated = stated.manifest.entity.is_some();
    let entity = stated.manifest.entity.clone().unwrap_or_else(|| folder::own_name(folder));
    Ok(Catalog { shown, entity, entity_is_stated, tables, unused })
}

/// All of them, or every problem.
fn all<T>(each: Vec<Result<T, Box<Diagnostic>>>, found: &mut Diagnostics) -> Result<Vec<T>, Failed> {
    let mut good = Vec::new();
    let mut failed = Ok(());
    for one in each {
        match one {
            Ok(one) => good.push(one),
            Err(problem) => failed = Err(found.error(*problem)),
        }
    }
    failed.map(|()| good)
}

/// The profile chosen for each table: by the command line, else by the dataset file.
fn chosen(manifest: &Manifest, choices: &Choices) -> BTreeMap<String, String> {
    let stated = manifest.tables.iter().filter_map(|(name, table)| Some((name.to_owned(), table.profile.clone()?)));
    let mut chosen: BTreeMap<String, String> = stated.collect();
    chosen.extend(choices.profiles.clone());
    chosen
}

/// Every choice names a table, and a profile of that table.
fn known(chooser: &Chooser<'_>, stated: &Stated, choices: &Choices, found: &mut Diagnostics) -> Result<(), Failed> {
    let mut failed = Ok(());
    for (table, id) in &chooser.chosen {
        let place = if choices.profiles.contains_key(table) {
            Place::Command
        } else {
            stated.value(&["tables", table, "profile"])
        };
        let tables = || chooser.rules.tables.keys().map(String::as_str);
        let ids = || chooser.profiles_of(table).map(|profile| profile.id.as_str()).chain([PLAIN]);
        let (message, help) = if !tables().any(|known| known == table) {
            (format!("the rules have no table {}", quoted(table)), did_you_mean(table, tables()))
        } else if !ids().any(|known| known == id) {
            let listed: Vec<String> = ids().map(|id| format!("`{id}`")).collect();
            let message = format!("there is no profile {} of the table `{table}`", quoted(id));
            (message, did_you_mean(id, ids()).or_else(|| Some(format!("known: {}", listed.join(", ")))))
        } else {
            continue;
        };
        let help = help.unwrap_or_else(|| "name a table of the rules".to_owned());
        failed = Err(found.error(Diagnostic::new(Code::UnknownProfile, place, message).help(help)));
    }
    failed
}
