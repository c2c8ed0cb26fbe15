//! The order of the stages, written here and nowhere else.

use crate::catalog::{self, Catalog, in_words, slashed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::example::ExampleText;
use crate::measure::{Effort, measure};
use crate::plan::plan;
use crate::rules::{self, RuleBook, RuleSet, RuleText};
use crate::score::{Outcome, score};
use crate::source::Sources;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where rules are looked for when no folder is named.
pub const RULES_FOLDER: &str = "rules";

/// How the files of worked examples end.
const EXAMPLES_ENDING: &str = ".examples.yaml";

/// What is asked about the data.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The program; may be left out where there is one.
    pub program: Option<String>,
    /// The day judged; else the first day after the newest month of the data.
    pub as_of: Option<NaiveDate>,
    /// Only editions published by this day are known.
    pub known_by: Option<NaiveDate>,
    /// How the rows are read.
    pub effort: Effort,
}

/// Loads every rule file below a folder: all `*.toml` but those in `profiles/`, which have a format of their own.
///
/// # Errors
///
/// [`Failed`] if there is none, or any has an error; all errors are in `found`.
pub fn load_rules(folder: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<RuleBook, Failed> {
    let texts = rule_texts(folder, sources, found)?;
    rules::load(&texts, sources, found)
}

/// Loads the rules built into this version.
///
/// # Errors
///
/// [`Failed`] if they have an error, which the tests exclude.
pub fn load_shipped_rules(sources: &mut Sources, found: &mut Diagnostics) -> Result<RuleBook, Failed> {
    let texts: Vec<RuleText> = rules::shipped()
        .iter()
        .filter(|(file, _)| is_rule_file(Path::new(file)))
        .map(|(file, text)| RuleText {
            file: (*file).to_owned(),
            source: sources.add(format!("(built in) {file}"), *text),
        })
        .collect();
    rules::load(&texts, sources, found)
}

/// The texts of the rule files below a folder, or of one file.
///
/// # Errors
///
/// [`Failed`] if there is none, or one cannot be read as text.
pub fn rule_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<RuleText>, Failed> {
    let files = files_below(path, found)?;
    let rule_files: Vec<&PathBuf> =
        files.iter().filter(|file| is_rule_file(file.strip_prefix(path).unwrap_or(file)) || *file == path).collect();
    if rule_files.is_empty() {
        let shown = slashed(path);
        let problem =
            Diagnostic::new(Code::NoRules, Place::File(shown.clone()), format!("there are no rule files in `{shown}`"));
        return Err(found.error(problem.help("rules are `<program>/<edition>.toml` below the folder given")));
    }
    let mut texts = Vec::new();
    let mut failed = Ok(());
    for file in rule_files {
        let within = file.strip_prefix(path).unwrap_or(file);
        match text_of(file, found) {
            Ok(text) => texts.push(RuleText { file: slashed(within), source: sources.add(slashed(file), text) }),
            Err(error) => failed = Err(error),
        }
    }
    failed.map(|()| texts)
}

/// The example files below a folder, or beside one rule file.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed, or a file cannot be read as text.
pub fn example_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<ExampleText>, Failed> {
    let beside = path.with_extension("").into_os_string();
    let is_example = |file: &Path| file.to_string_lossy().ends_with(EXAMPLES_ENDING);
    let files: Vec<PathBuf> = if path.is_file() && !is_example(path) {
        let mut beside = beside;
        beside.push(EXAMPLES_ENDING);
        Some(PathBuf::from(beside)).filter(|file| file.is_file()).into_iter().collect()
    } else {
        files_below(path, found)?.into_iter().filter(|file| is_example(file)).collect()
    };
    let mut texts = Vec::new();
    for file in files {
        let text = text_of(&file, found)?;
        texts.push(ExampleText { source: sources.add(slashed(&file), text) });
    }
    Ok(texts)
}

fn is_rule_file(within: &Path) -> bool {
    within.extension().is_some_and(|ending| ending == "toml")
        && !within.components().any(|part| part.as_os_str() == "profiles")
}

/// Every file below a path, in order; the path itself where it is a file.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed.
pub fn files_below(path: &Path, found: &mut Diagnostics) -> Result<Vec<PathBuf>, Failed> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>());
        match entries {
            Ok(entries) => {
                for entry in entries {
                    // Links to folders are not followed: they could lead in a circle.
                    let is_link = entry.is_symlink();
                    if entry.is_dir() && !is_link {
                        folders.push(entry);
                    } else if entry.is_file() {
                        files.push(entry);
                    }
                }
            }
            Err(error) => {
                let shown = slashed(&folder);
                let problem = Diagnostic::new(
                    Code::NoRules,
                    Place::File(shown.clone()),
                    format!("`{shown}` cannot be listed: {}", in_words(&error)),
                );
                return Err(found.error(problem.help("give a folder with rules, or a rule file")));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A file's text.
///
/// # Errors
///
/// [`Failed`] if it cannot be opened or is not UTF-8.
pub fn text_of(file: &Path, found: &mut Diagnostics) -> Result<String, Failed> {
    let shown = slashed(file);
    let text = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()),
        Err(error) => Err(in_words(&error)),
    };
    text.map_err(|why| {
        let problem = Diagnostic::new(
            Code::UnreadableFile,
            Place::File(shown.clone()),
            format!("`{shown}` cannot be read: {why}"),
        );
        found.error(problem.help("save it as UTF-8 text and make it readable"))
    })
}

/// Peeks, plans, measures and scores a data folder.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`.
pub fn score_folder(
    book: &RuleBook,
    data: &Path,
    question: &Question,
    found: &mut Diagnostics,
) -> Result<Outcome, Failed> {
    let program = book.program(question.program.as_deref(), found)?;
    let (rules, catalog, as_of) = match question.as_of {
        Some(day) => {
            let rules = book.in_force(program, day, question.known_by, found)?;
            (rules, catalog::peek(data, rules, found)?, day)
        }
        None => default_day(book, program, data, question, found)?,
    };
    score_catalog(rules, &catalog, as_of, question.effort, found)
}

/// The first day after the newest month, as the newest edition finds it, and the edition in force on that day.
fn default_day<'b>(
    book: &'b RuleBook,
    program: &str,
    data: &Path,
    question: &Question,
    found: &mut Diagnostics,
) -> Result<(&'b Arc<RuleSet>, Catalog, NaiveDate), Failed> {
    let newest_rules = book.newest(program, question.known_by, found)?;
    let catalog = catalog::peek(data, newest_rules, found)?;
    let Some(day) = catalog.newest_month(newest_rules, found)?.and_then(|month| month.next().first_day()) else {
        let problem = Diagnostic::new(
            Code::NoAsOf,
            Place::File(catalog.shown.clone()),
            format!("no table of `{}` has a month", catalog.shown),
        );
        return Err(found.error(problem.help("give the day to judge with `--as-of`")));
    };
    let rules = book.in_force(program, day, question.known_by, found)?;
    let catalog = if Arc::ptr_eq(rules, newest_rules) { catalog } else { catalog::peek(data, rules, found)? };
    Ok((rules, catalog, day))
}

/// Plans, measures and scores.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`.
pub fn score_catalog(
    rules: &Arc<RuleSet>,
    catalog: &Catalog,
    as_of: NaiveDate,
    effort: Effort,
    found: &mut Diagnostics,
) -> Result<Outcome, Failed> {
    let plan = plan(rules, catalog, as_of, found)?;
    let measures = measure(&plan, effort, found)?;
    Ok(score(&plan, &measures))
}
