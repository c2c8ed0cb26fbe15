//! All editions of all programs, and which of them decides on a day.

use super::document::Document;
use super::model::RuleFile;
use super::resolve::{Broken, FileFacts, resolve};
use super::ruleset::RuleSet;
use super::schema::{Rest, Shape};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::files::sha256;
use crate::source::{Location, Sources, TextFile};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The rule files, and the examples beside them, that this version carries: path within the rules folder, and text.
#[must_use]
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    SHIPPED
}

/// Every edition of every program.
#[derive(Debug, Default)]
pub struct RuleBook {
    /// By program; within it by start, then by publication.
    programs: BTreeMap<String, Vec<Arc<RuleSet>>>,
}

/// Reads rule files as far as they go: syntax, shape, meaning, and how the editions follow each other.
///
/// # Errors
///
/// [`Failed`] if any file has an error; all of them are in `found`.
pub fn load(texts: &[TextFile], sources: &Sources, found: &mut Diagnostics) -> Result<RuleBook, Failed> {
    let mut loaded = Vec::new();
    let mut failed = Ok(());
    let shape = Shape::of_rules();
    for text in texts {
        match load_one(&shape, text, sources, found) {
            Ok(edition) => loaded.push(edition),
            Err(error) => failed = Err(error),
        }
    }
    loaded.sort_by(|a, b| {
        let order =
            |loaded: &Loaded| (loaded.rules.edition.from, loaded.rules.edition.published, loaded.rules.file.clone());
        order(a).cmp(&order(b))
    });
    if let Err(error) = check_order(&loaded, found) {
        failed = Err(error);
    }
    failed?;
    let mut book = RuleBook::default();
    for Loaded { rules, .. } in loaded {
        book.programs.entry(rules.edition.program.clone()).or_default().push(rules);
    }
    Ok(book)
}

/// An edition, and where its start and its id are written.
struct Loaded {
    rules: Arc<RuleSet>,
    start: Location,
    id: Location,
}

fn load_one(shape: &Shape, text: &TextFile, sources: &Sources, found: &mut Diagnostics) -> Result<Loaded, Failed> {
    let document = Document::parse(text.source, sources, found)?;
    // What has the right shape is judged even where something else has not, so that one run finds all problems.
    let (document, json, broken) = match shape.check(&document, found) {
        Ok(()) => {
            let json = document.json.clone();
            (document, json, None)
        }
        Err(misfit) => {
            let (document, json, left_out) = misfit.rest.and_then(|rest| without(*rest)).ok_or(misfit.failed)?;
            (document, json, Some(Broken { failed: misfit.failed, left_out }))
        }
    };
    let file: RuleFile = serde_json::from_value(json).map_err(|error| match &broken {
        Some(broken) => broken.failed,
        None => {
            let problem =
                Diagnostic::at(Code::WrongValue, document.key(""), format!("a value cannot be read: {error}"));
            found.error(problem.help("compare the file with the schema"))
        }
    })?;
    let bytes = sources.get(text.source).map_or("", |source| source.text.as_str());
    let facts = FileFacts { file: text.file.clone(), sha256: sha256(bytes.as_bytes()) };
    let rules = resolve(&document, &file, facts, broken, found)?;
    let named = format!("{}/{}.toml", rules.edition.program, rules.edition.id);
    if text.file.contains('/') && text.file != named {
        let is_of_the_edition = Path::new(&text.file).file_stem().is_some_and(|stem| *stem == *rules.edition.id);
        let problem = Diagnostic::at(
            Code::FileName,
            document.value(if is_of_the_edition { "/edition/program" } else { "/edition/id" }),
            format!("this edition would be looked for in `{named}`"),
        );
        found.warn(problem.help("name the file for its program and its edition"));
    }
    Ok(Loaded {
        rules: Arc::new(rules),
        start: document.value("/edition/in-force/from"),
        id: document.value("/edition/id"),
    })
}

/// What can be judged of a document; its tree without the named things that hold a misfit; and their names, with what they
/// may name. `None` where a misfit lies elsewhere.
fn without(rest: Rest) -> Option<(Document, Value, Vec<String>)> {
    let Rest { document, misfits, left_out } = rest;
    let mut json = document.json.clone();
    let mut names = Vec::new();
    for value in &left_out {
        texts(value, &mut names);
    }
    for at in &misfits {
        let keys: Vec<&str> = at.split('/').skip(1).collect();
        let (parent, name) = match keys.as_slice() {
            ["edition", ..] => return None,
            ["area", area, "metric", name, ..] => (format!("/area/{area}/metric"), *name),
            [kind, name, ..] => (format!("/{kind}"), *name),
            _ => return None,
        };
        // What holds two misfits is gone at the second.
        if let Some(named) = json.pointer_mut(&parent).and_then(Value::as_object_mut) {
            named.shift_remove(name);
        }
        names.push(name.to_owned());
    }
    Some((document, json, names))
}

/// All texts of a value, and its keys: it may define things and name others.
fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, all)),
        Value::Object(object) => {
            for (key, item) in object {
                all.push(key.clone());
                texts(item, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Two editions of one program differ in id, and in start or publication.
fn check_order(loaded: &[Loaded], found: &mut Diagnostics) -> Result<(), Failed> {
    let mut failed = Ok(());
    for (index, later) in loaded.iter().enumerate() {
        for earlier in loaded.iter().take(index) {
            let (a, b) = (&earlier.rules.edition, &later.rules.edition);
            if a.program != b.program {
                continue;
            }
            if a.from == b.from && a.published == b.published {
                let problem = Diagnostic::at(
                    Code::SameStart,
                    later.start,
                    format!("editions `{}` and `{}` both start on {}", a.id, b.id, b.from),
                );
                failed = Err(found.error(
                    problem
                        .other(earlier.start, "the other one")
                        .help("a correction of the same start has a later `published`"),
                ));
            } else if a.id == b.id {
                let problem = Diagnostic::at(
                    Code::NameTwice,
                    later.id,
                    format!("there are two editions `{}` of `{}`", b.id, b.program),
                );
                failed =
                    Err(found
                        .error(problem.other(earlier.id, "the other one").help("give each edition an id of its own")));
            }
        }
    }
    failed
}

impl RuleBook {
    /// The programs' ids, in order.
    pub fn programs(&self) -> impl Iterator<Item = &str> {
        self.programs.keys().map(String::as_str)
    }

    /// Every edition: by program, then by start.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<RuleSet>> {
        self.programs.values().flatten()
    }

    /// The program asked for, or the only one.
    ///
    /// # Errors
    ///
    /// [`Failed`] if it does not exist, or if none was named and there are several.
    pub fn program(&self, asked: Option<&str>, found: &mut Diagnostics) -> Result<&str, Failed> {
        let mut known = self.programs();
        let all = || self.programs().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let (message, help) = match (asked, known.next(), known.next()) {
            (None, Some(only), None) => return Ok(only),
            (Some(asked), _, _) if self.programs.contains_key(asked) => {
                return Ok(self.programs.get_key_value(asked).map_or("", |(id, _)| id.as_str()));
            }
            (Some(asked), _, _) => (
                format!("there is no program {}", crate::text::quoted(asked)),
                did_you_mean(asked, self.programs()).unwrap_or_else(|| format!("there is {}", all())),
            ),
            (None, _, _) => {
                ("the rules hold several programs".to_owned(), format!("choose one with `--program`: {}", all()))
            }
        };
        Err(found.error(Diagnostic::new(Code::UnknownProgram, Place::Command, message).help(help)))
    }

    /// The edition that starts last, of those published by `known_by`.
    ///
    /// # Errors
    ///
    /// [`Failed`] if none had been published.
    pub fn newest(
        &self,
        program: &str,
        known_by: Option<NaiveDate>,
        found: &mut Diagnostics,
    ) -> Result<&Arc<RuleSet>, Failed> {
        let editions = self.programs.get(program).map_or(&[][..], Vec::as_slice);
        let known = |rules: &&Arc<RuleSet>| known_by.is_none_or(|by| rules.edition.published <= by);
        editions.iter().rfind(known).ok_or_else(|| {
            let message = format!("no edition of `{program}` had been published by the day given with `--known-by`");
            found.error(Diagnostic::new(Code::NoEdition, Place::Command, message).help("give a later day"))
        })
    }

    /// The first edition, where it judges days before its start as well.
    #[must_use]
    pub fn looking_back(&self, program: &str, day: NaiveDate, known_by: Option<NaiveDate>) -> Option<&Arc<RuleSet>> {
        self.first_after(program, day, known_by).filter(|first| first.edition.looks_back)
    }

    /// The first edition, for days before its start.
    #[must_use]
    pub fn first_after(&self, program: &str, day: NaiveDate, known_by: Option<NaiveDate>) -> Option<&Arc<RuleSet>> {
        let mut known = self.programs.get(program)?.iter();
        let first = known.find(|rules| known_by.is_none_or(|by| rules.edition.published <= by))?;
        Some(first).filter(|first| day < first.edition.from)
    }

    /// The edition in force on a day, of those published by `known_by`: the latest start, then the latest publication.
    ///
    /// # Errors
    ///
    /// [`Failed`] if none is in force.
    pub fn in_force(
        &self,
        program: &str,
        day: NaiveDate,
        known_by: Option<NaiveDate>,
        found: &mut Diagnostics,
    ) -> Result<&Arc<RuleSet>, Failed> {
        let editions = self.programs.get(program).map_or(&[][..], Vec::as_slice);
        let known = || editions.iter().filter(|rules| known_by.is_none_or(|by| rules.edition.published <= by));
        let started = known().rfind(|rules| rules.edition.from <= day);
        if let Some(rules) = started
            && rules.edition.until.is_none_or(|until| day <= until)
        {
            return Ok(rules);
        }
        let help = match (started, known().next()) {
            (Some(ended), _) => {
                format!("edition `{}` ended on {}", ended.edition.id, ended.edition.until.unwrap_or(day))
            }
            (None, Some(first)) => {
                format!("the first edition, `{}`, starts on {}", first.edition.id, first.edition.from)
            }
            (None, None) => "none had been published by the day given with `--known-by`".to_owned(),
        };
        let message = format!("no edition of `{program}` is in force on {day}");
        Err(found.error(Diagnostic::new(Code::NoEdition, Place::Command, message).help(help)))
    }
}
