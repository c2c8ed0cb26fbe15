//! What every command that reads data is asked: the folder, the rules, the day, and how the files are read.

use bytesize::ByteSize;
use chrono::NaiveDate;
use pcs_rules::catalog::Choices;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use pcs_rules::files::RULES_FOLDER;
use pcs_rules::measure::{Effort, Memory};
use pcs_rules::receipt::Asked;
use pcs_rules::rules::RuleSet;
use pcs_rules::run::{self, Library, Question};
use pcs_rules::score::EntityOutcome;
use pcs_rules::source::Sources;
use pcs_rules::text::{is_same, quoted};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Data {
    /// The folder that holds the data.
    #[arg(value_name = "DATA")]
    pub(super) folder: PathBuf,
    /// The folder that holds the rules [default: ./rules, else those built in].
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// The program; may be left out where there is one.
    #[arg(long, value_name = "ID")]
    program: Option<String>,
    /// The day judged [default: the first day after the newest month of the data].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Use only editions published by this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) known_by: Option<NaiveDate>,
    /// Read a table's files through this profile; `plain` for the table's own headers [default: their headers decide].
    #[arg(long, value_name = "TABLE=ID", value_parser = profile)]
    profile: Vec<(String, String)>,
    /// How many threads read [default: all processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Data {
    /// The rules that are asked for, else those in the working folder, else those built in.
    pub(super) fn library(&self, sources: &mut Sources, found: &mut Diagnostics) -> Result<Library, Failed> {
        match &self.rules {
            Some(folder) => run::load_rules(folder, sources, found),
            None if Path::new(RULES_FOLDER).is_dir() => run::load_rules(Path::new(RULES_FOLDER), sources, found),
            None => run::load_shipped_rules(sources, found),
        }
    }

    /// The same for a receipt, with the day that was judged.
    pub(super) fn asked(&self, as_of: NaiveDate, allow_bad_rows: u64) -> Asked {
        let here = Path::new(RULES_FOLDER);
        let rules = self.rules.as_deref().or_else(|| here.is_dir().then_some(here));
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        Asked {
            data: shown(&self.folder),
            rules: rules.map(shown),
            program: self.program.clone(),
            as_of: as_of.to_string(),
            as_of_from_data: self.as_of.is_none(),
            known_by: self.known_by.map(|day| day.to_string()),
            profiles: self.profile.iter().cloned().collect(),
            allow_bad_rows,
        }
    }

    /// The question, with up to so many unreadable rows left out.
    pub(super) fn question(&self, allow_bad_rows: u64) -> Question {
        Question {
            program: self.program.clone(),
            as_of: self.as_of,
            known_by: self.known_by,
            effort: Effort { threads: super::threads(self.threads), allow_bad_rows, ..Effort::default() },
            choices: Choices { profiles: self.profile.iter().cloned().collect() },
        }
    }
}

/// How much memory the commands may take that measure.
#[derive(Debug, clap::Args)]
pub(super) struct Limit {
    /// Take no more memory than this to measure, such as `512MiB` or `2GB`: where the numbers of all entities do not fit,
    /// the data are read several times, for some entities at a time [default: as much as it takes].
    #[arg(long, value_name = "LIMIT")]
    memory: Option<ByteSize>,
}

impl Limit {
    /// The question within it.
    pub(super) fn of(&self, question: Question) -> Question {
        let memory = self.memory.map(|ByteSize(limit)| Memory { limit, used: super::memory_used });
        Question { effort: Effort { memory, ..question.effort }, ..question }
    }
}

/// No output replaces what it is made from.
pub(super) fn is_no_input<'f>(
    path: &Path,
    mut data: impl Iterator<Item = &'f str>,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Result<(), Failed> {
    let Ok(target) = path.canonicalize() else { return Ok(()) };
    let is_it = |file: &str| Path::new(file).canonicalize().is_ok_and(|file| file == target);
    if !data.any(is_it) && !sources.iter().any(|source| is_it(&source.path)) {
        return Ok(());
    }
    let shown = path.display().to_string();
    let message = format!("`{shown}` is one of the files that are read");
    Err(found.error(Diagnostic::new(Code::Output, Place::File(shown), message).help("choose another name")))
}

/// A receipt or a table among the data would be one more file there when they are read again.
pub(super) fn lies_outside(path: &Path, data: &Path, found: &mut Diagnostics) -> Result<(), Failed> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let (Ok(folder), Ok(data)) = (folder.canonicalize(), data.canonicalize())
        && folder.starts_with(&data)
    {
        let shown = path.display().to_string();
        let message = format!("`{shown}` lies among the data that it is made from");
        let problem = Diagnostic::new(Code::Output, Place::File(shown), message);
        return Err(found.error(problem.help("choose another folder")));
    }
    Ok(())
}

/// Reports every area and entity asked for that is not there.
pub(super) fn are_known(
    (asked_areas, asked_entities): (&[String], &[String]),
    rules: &RuleSet,
    entities: &[EntityOutcome],
    found: &mut Diagnostics,
) -> Result<(), Failed> {
    let mut failed = Ok(());
    for asked in asked_areas {
        let known = || rules.areas.values().filter(|area| area.is_shown).map(|area| area.name.as_str());
        if !known().any(|id| is_same(id, asked)) {
            failed = Err(found.error(unknown(Code::UnknownArea, "area", asked, known())));
        }
    }
    for asked in asked_entities {
        let known = || entities.iter().map(|entity| entity.id.as_str());
        if !known().any(|id| is_same(id, asked)) {
            failed = Err(found.error(unknown(Code::UnknownEntity, "entity", asked, known())));
        }
    }
    failed
}

fn unknown<'a>(code: Code, kind: &str, asked: &str, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let help = did_you_mean(asked, known.clone()).unwrap_or_else(|| {
        let first: Vec<String> = known.take(8).map(quoted).collect();
        if first.is_empty() { "there is none".to_owned() } else { format!("known: {}", first.join(", ")) }
    });
    Diagnostic::new(code, Place::Command, format!("there is no {kind} {}", quoted(asked))).help(help)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day = (text.len() == 10).then(|| pcs_rules::month::parse_date(text)).flatten();
    day.ok_or_else(|| "write a date as 2023-06-01".to_owned())
}

fn profile(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(table, id)| !table.is_empty() && !id.is_empty());
    pair.map(|(table, id)| (table.to_owned(), id.to_owned())).ok_or_else(|| "write TABLE=ID".to_owned())
}
