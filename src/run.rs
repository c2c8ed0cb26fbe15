//! The order of the stages, written here and nowhere else.

use crate::catalog::{self, Catalog, Choices};
use crate::convert::{Converted, Target, convert};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::explain::{Explanation, Subject, explain};
use crate::files::{is_profile_file, is_rule_file, profile_texts, rule_texts};
use crate::measure::{Asked, Effort, Measures, Survey, explained, measure, newest_month, survey};
use crate::month::Month;
use crate::plan::{Observation, Plan, Request, Thing, observations, plan};
use crate::profile::{self, Profiles};
use crate::rules::{self, RuleBook, RuleSet};
use crate::score::{Outcome, Series, score, series};
use crate::source::{BUILT_IN, Sources, TextFile};
use crate::text::{NAMED, is_same};
use chrono::{Months, NaiveDate};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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
    /// What is said of the data's files.
    pub choices: Choices,
}

/// Everything that a rules folder holds for scoring.
#[derive(Debug, Default)]
pub struct Library {
    /// All editions of all programs.
    pub book: RuleBook,
    /// The shapes of exports that are known.
    pub profiles: Profiles,
}

/// Loads every rule file below a folder, and the profiles in its `profiles/`.
///
/// # Errors
///
/// [`Failed`] if there is none, or any has an error; all errors are in `found`.
pub fn load_rules(folder: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Library, Failed> {
    let texts = rule_texts(folder, sources, found)?;
    let book = rules::load(&texts, sources, found);
    let texts = profile_texts(folder, sources, found)?;
    let library = Library { profiles: profile::load(&texts, sources, found)?, book: book? };
    library.profiles.check(&library.book, found);
    // A file that could not be read could have held the edition in force.
    found.failed().map(|()| library)
}

/// Loads the rules built into this version.
///
/// # Errors
///
/// [`Failed`] if they have an error, which the tests exclude.
pub fn load_shipped_rules(sources: &mut Sources, found: &mut Diagnostics) -> Result<Library, Failed> {
    let mut texts = |is_wanted: fn(&Path) -> bool| -> Vec<TextFile> {
        let wanted = rules::shipped().iter().filter(|(file, _)| is_wanted(Path::new(file)));
        let text = |(file, text): &(&str, &str)| TextFile {
            file: (*file).to_owned(),
            source: sources.add(format!("{BUILT_IN}{file}"), *text),
        };
        wanted.map(text).collect()
    };
    let (rule_texts, profile_texts) = (texts(is_rule_file), texts(is_profile_file));
    let book = rules::load(&rule_texts, sources, found)?;
    Ok(Library { book, profiles: profile::load(&profile_texts, sources, found)? })
}

/// What lies in a data folder, and what the rules make of it.
#[derive(Debug)]
pub struct Inspection {
    /// The files and their headers.
    pub catalog: Catalog,
    /// What is measured.
    pub plan: Plan,
    /// What was measured. Unreadable rows are left out and counted.
    pub measures: Measures,
    /// What else stands in the rows, table by table.
    pub surveys: Vec<Survey>,
}

/// Peeks, plans and measures a data folder, and looks at what no score shows.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`; rows that cannot be read are no error.
pub fn inspect_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Inspection, Failed> {
    let effort = Effort { allow_bad_rows: u64::MAX, ..question.effort };
    let question = Question { effort, ..question.clone() };
    let (rules, catalog, as_of) = judged(library, data, &question, sources, found)?;
    let plan = planned(library, (rules, &catalog, as_of, &Request::default()), data, &question, sources, found)?;
    let (measures, surveys) = survey(&plan, effort, found)?;
    Ok(Inspection { catalog, plan, measures, surveys })
}

/// Peeks, plans, measures and scores a data folder.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`.
pub fn score_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Outcome, Failed> {
    let (rules, catalog, as_of) = judged(library, data, question, sources, found)?;
    let plan = planned(library, (rules, &catalog, as_of, &Request::default()), data, question, sources, found)?;
    let measures = measure(&plan, question.effort, None, found)?;
    Ok(score(&plan, &measures, question.effort.threads))
}

/// Peeks, plans, measures and scores a data folder, and says how the points of one entity came about.
///
/// # Errors
///
/// As [`score_folder`], and for an entity, area, metric or group that is not there.
pub fn explain_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    (asked, subject): (&Asked, &Subject),
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Explanation, Failed> {
    let (rules, catalog, as_of) = judged(library, data, question, sources, found)?;
    let plan = planned(library, (rules, &catalog, as_of, &Request::default()), data, question, sources, found)?;
    let (measures, evidence) = explained(&plan, question.effort, asked, found)?;
    explain(&plan, &measures, &evidence, score(&plan, &measures, question.effort.threads), subject, found)
}

/// Peeks, plans and measures a data folder once, and scores it for each of some months: on the first day after it, by the
/// edition then in force.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`.
pub fn series_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    (first, last): (Month, Month),
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Series, Failed> {
    let months = (first.index()..=last.index()).map(Month::from_index);
    let mut days: Vec<NaiveDate> = months.filter_map(|month| month.next().first_day()).collect();
    let newest = days.pop();
    let question = Question { as_of: newest, ..question.clone() };
    let (rules, catalog, as_of) = judged(library, data, &question, sources, found)?;
    let request = Request { days, ..Request::default() };
    let plan = planned(library, (rules, &catalog, as_of, &request), data, &question, sources, found)?;
    let measures = measure(&plan, question.effort, None, found)?;
    Ok(series(&plan, &measures, question.effort.threads))
}

/// Everything a report tells of one entity.
#[derive(Debug)]
pub struct Dossier {
    /// How the points came about.
    pub explanation: Explanation,
    /// Its scores on the same day of the months before, and on the day judged, in the areas that are explained.
    pub history: Series,
    /// What lies in the data, as far as it is the entity's.
    pub inspection: Inspection,
}

/// Peeks, plans and measures a data folder, and gathers everything a report tells of one entity. The rows are read twice:
/// once for the day judged, so that every figure is the one that a score and an explanation show, and once
/// for the days before.
///
/// # Errors
///
/// As [`explain_folder`].
pub fn report_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    (asked, subject): (&Asked, &Subject),
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Dossier, Failed> {
    let (rules, mut catalog, as_of) = judged(library, data, question, sources, found)?;
    let plan = planned(library, (rules, &catalog, as_of, &Request::default()), data, question, sources, found)?;
    let (mut measures, evidence) = explained(&plan, question.effort, asked, found)?;
    let explanation =
        explain(&plan, &measures, &evidence, score(&plan, &measures, question.effort.threads), subject, found)?;
    let question = Question { as_of: Some(as_of), ..question.clone() };
    let only = Some(explanation.entity.as_str());
    let mut history = history_folder(library, data, &question, only, sources, found)?;
    for day in &mut history.days {
        // On other days other tables are read, which can spell it otherwise.
        day.entities.retain(|entity| is_same(&entity.id, &explanation.entity));
        day.entities.iter_mut().for_each(|entity| entity.id.clone_from(&explanation.entity));
        let areas = day.entities.iter_mut().map(|entity| &mut entity.areas);
        areas.for_each(|areas| areas.retain(|area| explanation.areas.iter().any(|known| known.outcome.id == area.id)));
    }
    if measures.is_of_one() {
        // Whose rows could not be read, and whose files lie there, nobody knows: neither travels.
        measures.left_out.clear();
        catalog.unused.clear();
    }
    let inspection = Inspection { catalog, plan, measures, surveys: evidence.own };
    Ok(Dossier { explanation, history, inspection })
}

/// Over how many months before the day judged a report looks.
pub const HISTORY_MONTHS: u32 = 12;

/// The scores of every entity, or of one, on the day judged and on the same day of each of the months before. Days before the first
/// edition are judged by it: what they would have come to is worth more to a reader than nothing.
///
/// # Errors
///
/// As [`score_folder`].
pub fn history_folder(
    library: &Library,
    data: &Path,
    question: &Question,
    entity: Option<&str>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Series, Failed> {
    let (rules, catalog, as_of) = judged(library, data, question, sources, found)?;
    let earlier = (1..=HISTORY_MONTHS).rev().filter_map(|back| as_of.checked_sub_months(Months::new(back)));
    let request = Request { days: earlier.collect(), before_the_first: true, ..Request::default() };
    let plan = planned(library, (rules, &catalog, as_of, &request), data, question, sources, found)?;
    let measures = measure(&plan, question.effort, entity, found)?;
    Ok(series(&plan, &measures, question.effort.threads))
}

/// The plan, with the data as every edition finds them that a result looks back to.
fn planned(
    Library { book, profiles }: &Library,
    (rules, catalog, as_of, request): (&Arc<RuleSet>, &Catalog, NaiveDate, &Request),
    data: &Path,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Plan, Failed> {
    let observations = observations(book, rules, as_of, question.known_by, request, found)?;
    let mut catalogs = BTreeMap::from([(rules.file.clone(), catalog.clone())]);
    for other in observations.iter().filter_map(|observation| observation.rules.as_ref()) {
        if !catalogs.contains_key(&other.file) {
            catalogs.insert(other.file.clone(), peeked(data, (other, profiles), question, sources, found)?);
        }
    }
    plan(rules, &catalogs, observations, found)
}

/// A plan of everything that an edition reads.
fn everything(rules: &Arc<RuleSet>, catalog: &Catalog, found: &mut Diagnostics) -> Result<Plan, Failed> {
    let first = Observation {
        program: rules.edition.program.clone(),
        rules: Some(Arc::clone(rules)),
        as_of: rules.edition.from,
        asked: vec![Thing::Everything],
        things: vec![Thing::Everything],
    };
    let catalogs = BTreeMap::from([(rules.file.clone(), catalog.clone())]);
    plan(rules, &catalogs, vec![first], found)
}

/// Makes a folder of compact Parquet out of a data folder, as the edition in force finds it, or the newest where no day is
/// named. What any other edition of the program reads is kept too.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`; files may then be there in part.
pub fn convert_folder(
    Library { book, profiles }: &Library,
    data: &Path,
    target: Target<'_>,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Vec<Converted>, Failed> {
    let program = book.program(question.program.as_deref(), found)?;
    let rules = match question.as_of {
        Some(day) => book.in_force(program, day, question.known_by, found)?,
        None => book.newest(program, question.known_by, found)?,
    };
    let catalog = peeked(data, (rules, profiles), question, sources, found)?;
    let plan = everything(rules, &catalog, found)?;
    let others = book.editions().filter(|other| other.edition.program == program && !Arc::ptr_eq(other, rules));
    let mut others_of = |other: &Arc<RuleSet>| {
        // An edition that cannot read the data reads nothing of them.
        let mut aside = Diagnostics::default();
        let catalog = peeked(data, (other, profiles), question, sources, &mut aside).ok()?;
        everything(other, &catalog, &mut aside).ok()
    };
    let others: Vec<Plan> = others.filter_map(&mut others_of).collect();
    convert((&plan, &others), &catalog, target, question.effort.allow_bad_rows, found)
}

/// The edition in force, the data as it finds them, and the day judged.
fn judged<'b>(
    library: &'b Library,
    data: &Path,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(&'b Arc<RuleSet>, Catalog, NaiveDate), Failed> {
    let Library { book, profiles } = library;
    let program = book.program(question.program.as_deref(), found)?;
    match question.as_of {
        Some(day) => {
            let rules = book.in_force(program, day, question.known_by, found)?;
            Ok((rules, peeked(data, (rules, profiles), question, sources, found)?, day))
        }
        None => default_day(library, program, data, question, sources, found),
    }
}

/// The first day after the newest month, as the newest edition finds it, and the edition in force on that day.
fn default_day<'b>(
    Library { book, profiles }: &'b Library,
    program: &str,
    data: &Path,
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(&'b Arc<RuleSet>, Catalog, NaiveDate), Failed> {
    let newest_rules = book.newest(program, question.known_by, found)?;
    let catalog = peeked(data, (newest_rules, profiles), question, sources, found)?;
    // The months are looked for as the terms read them: what is wrong with the columns is said before.
    let plan = everything(newest_rules, &catalog, found)?;
    let shown = &catalog.shown;
    let newest = newest_month(&plan, question.effort, found)?;
    let (message, day) = match newest {
        None => (format!("no row of `{shown}` has a month{}", empty_files(&plan)), None),
        Some(month) => {
            (format!("after {month}, the newest month of `{shown}`, no day can be judged"), month.next().first_day())
        }
    };
    let Some(day) = day else {
        let problem = Diagnostic::new(Code::NoAsOf, Place::File(shown.clone()), message);
        return Err(found.error(problem.help("give the day to judge with `--as-of`")));
    };
    let mut of_the_day = Diagnostics::default();
    let rules = book.in_force(program, day, question.known_by, &mut of_the_day).inspect_err(|_| {
        // Nobody has named this day.
        let why = newest.map(|month| format!(", the first day after {month}, the newest month of `{shown}`"));
        for problem in of_the_day.sorted() {
            let message = format!("{}{}", problem.message, why.as_deref().unwrap_or_default());
            let help = problem.help.as_deref().map_or_else(String::new, |help| format!("{help}; "));
            let help = format!("{help}look for a wrong month, or give the day to judge with `--as-of`");
            found.error(Diagnostic { message, ..problem }.help(help));
        }
    })?;
    let catalog = if Arc::ptr_eq(rules, newest_rules) {
        catalog
    } else {
        peeked(data, (rules, profiles), question, sources, found)?
    };
    Ok((rules, catalog, day))
}

/// What lies in the data, as these rules find it.
fn peeked(
    data: &Path,
    (rules, profiles): (&RuleSet, &Profiles),
    question: &Question,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Catalog, Failed> {
    catalog::peek(data, rules, profiles, (&question.choices, question.effort.threads), sources, found)
}

/// The files that should have had months, for a message.
fn empty_files(plan: &Plan) -> String {
    let files = plan.tables.iter().filter(|table| table.month.is_some()).flat_map(|table| &table.files);
    let named: Vec<String> = files.take(NAMED).map(|file| format!("`{}`", file.shown)).collect();
    if named.is_empty() { String::new() } else { format!(": no rows in {}", named.join(", ")) }
}

/// Plans, measures and scores what is asked of data that `catalog` finds for each edition; only one entity where it is
/// named.
///
/// # Errors
///
/// [`Failed`] with everything that was wrong in `found`.
pub fn score_catalog(
    book: &RuleBook,
    rules: &Arc<RuleSet>,
    (as_of, known_by, request): (NaiveDate, Option<NaiveDate>, &Request),
    mut catalog: impl FnMut(&RuleSet, &mut Diagnostics) -> Result<Catalog, Failed>,
    entity: Option<&str>,
    found: &mut Diagnostics,
) -> Result<Outcome, Failed> {
    let observations = observations(book, rules, as_of, known_by, request, found)?;
    let mut catalogs = BTreeMap::new();
    for other in std::iter::once(rules).chain(observations.iter().filter_map(|one| one.rules.as_ref())) {
        if !catalogs.contains_key(&other.file) {
            catalogs.insert(other.file.clone(), catalog(other, found)?);
        }
    }
    let plan = plan(rules, &catalogs, observations, found)?;
    let effort = Effort { doubts: false, ..Effort::default() };
    let mut measures = measure(&plan, effort, None, found)?;
    if let Some(entity) = entity {
        measures.keep_only(entity);
    }
    Ok(score(&plan, &measures, effort.threads))
}
