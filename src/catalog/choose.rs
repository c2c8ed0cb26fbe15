//! Which profile a file is read through, and for a file without a table's name, which table it is: its header decides.

use super::folder::two_files;
use super::{PLAIN, TableFile, TableFiles, Unused, Why};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::profile::{Fit, Profile, Profiles, fit};
use crate::read::DataFile;
use crate::rules::{Absent, RuleSet, Table};
use crate::text::is_same;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What decides.
pub(super) struct Chooser<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) profiles: &'a Profiles,
    /// For tables the profile that somebody chose.
    pub(super) chosen: BTreeMap<String, String>,
}

/// A way to read a file.
struct Candidate<'a> {
    table: &'a str,
    /// None for the table's own headers.
    profile: Option<(&'a Profile, Fit)>,
    misses: Vec<String>,
    /// How many of the columns that it knows the file has.
    has: usize,
}

/// What comes of all ways to read a file.
#[expect(clippy::large_enum_variant, reason = "one is made for each file")]
enum Choice<'a> {
    /// The one that fits; the table's own headers before any profile.
    One(Candidate<'a>),
    /// Two that fit alike.
    Two(Candidate<'a>, Candidate<'a>),
    /// None fits.
    None(Vec<Candidate<'a>>),
}

fn choose(candidates: Vec<Candidate<'_>>) -> Choice<'_> {
    let (mut whole, near): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| candidate.misses.is_empty() && candidate.has > 0);
    whole.sort_by_key(|candidate| candidate.profile.is_some());
    let mut whole = whole.into_iter();
    match (whole.next(), whole.next()) {
        (None, _) => Choice::None(near),
        (Some(own), Some(other)) if own.profile.is_none() && other.profile.is_some() => Choice::One(own),
        (Some(first), Some(second)) => Choice::Two(first, second),
        (Some(only), None) => Choice::One(only),
    }
}

impl<'a> Candidate<'a> {
    /// The table's own headers.
    const fn own(table: &'a str) -> Self {
        Self { table, profile: None, misses: Vec::new(), has: 0 }
    }

    fn id(&self) -> &str {
        self.profile.as_ref().map_or(PLAIN, |(profile, _)| profile.id.as_str())
    }
}

impl<'a> Chooser<'a> {
    /// The profiles of a table.
    pub(super) fn profiles_of(&self, table: &str) -> impl Iterator<Item = &'a Profile> {
        self.profiles.iter().filter(move |profile| profile.table == table)
    }

    /// All ways to read a file with this header as this table, or the one that was chosen.
    fn candidates(&self, table: &'a Table, header: &[String]) -> Vec<Candidate<'a>> {
        let chosen = self.chosen.get(&table.name);
        let is_open = |id: &str| chosen.is_none_or(|chosen| chosen == id);
        let mut all = Vec::new();
        if is_open(PLAIN) {
            let has = |column: &String| header.iter().any(|name| is_same(name, column));
            let needed = table
                .columns
                .keys()
                .filter(|column| **column != table.entity && table.absent.get(*column) != Some(&Absent::Keep));
            all.push(Candidate {
                table: &table.name,
                profile: None,
                misses: needed.filter(|column| !has(column)).cloned().collect(),
                has: table.columns.keys().filter(|column| has(column)).count(),
            });
        }
        for profile in self.profiles_of(&table.name).filter(|profile| is_open(&profile.id)) {
            let fit = fit(header, profile, &self.rules.edition.currency);
            all.push(Candidate {
                table: &table.name,
                misses: fit.misses.clone(),
                has: fit.has,
                profile: Some((profile, fit)),
            });
        }
        all
    }

    /// A file that is of a table by its name or because somebody said so.
    pub(super) fn of_table(&self, table: &str, file: DataFile) -> Result<TableFile, Box<Diagnostic>> {
        let header = crate::read::header(&file)?;
        if let Some((what, help)) = other_mark(&header) {
            let message = format!("`{}`, a file of the table `{table}`, {what}", file.shown);
            let problem = Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message);
            return Err(Box::new(problem.help(help)));
        }
        let Some(written) = self.rules.tables.get(table) else { return Ok(TableFile::plain(file, header)) };
        match choose(self.candidates(written, &header)) {
            Choice::One(candidate) => self.read_as(file, header, candidate),
            Choice::Two(first, second) => Err(Box::new(two_fit(&file, &first, &second))),
            Choice::None(near) => {
                // What it comes nearest to is what it was meant to be; the table's own headers where nothing is near.
                let own = near.iter().position(|candidate| candidate.profile.is_none());
                let nearest = near.iter().map(|candidate| candidate.has).max().unwrap_or(0);
                match own.filter(|own| near.get(*own).is_some_and(|own| own.has == nearest)) {
                    Some(_) => self.read_as(file, header, Candidate::own(&written.name)),
                    None => Err(Box::new(no_fit(&file, table, &near))),
                }
            }
        }
    }

    fn read_as(
        &self,
        mut file: DataFile,
        header: Vec<String>,
        candidate: Candidate<'_>,
    ) -> Result<TableFile, Box<Diagnostic>> {
        let is_chosen = self.chosen.contains_key(candidate.table);
        let Some((profile, mut fit)) = candidate.profile else {
            self.no_twins(candidate.table, &file, &header)?;
            let why = if is_chosen { Why::Chosen } else { Why::OwnHeaders };
            return Ok(TableFile { why, ..TableFile::plain(file, header) });
        };
        let problem = |code, message| Box::new(Diagnostic::new(code, Place::File(file.shown.clone()), message));
        if let Some((first, second)) = fit.doubled.first() {
            let message = format!("`{}` has one column twice: as `{first}` and as `{second}`", file.shown);
            return Err(Box::new(
                problem(Code::DoubledColumn, message)
                    .help(format!("the profile `{}` takes both for the same; remove one", profile.id)),
            ));
        }
        if let Some(currency) = profile.currency.as_ref().filter(|own| **own != self.rules.edition.currency) {
            let message = format!(
                "`{}` has amounts in {currency}, and the rules are in {}",
                file.shown, self.rules.edition.currency
            );
            return Err(Box::new(
                problem(Code::Currency, message)
                    .help("amounts are never converted: export them in the rules' currency"),
            ));
        }
        file.view = Some(Arc::new(std::mem::take(&mut fit.view)));
        let why = if is_chosen { Why::Chosen } else { Why::Fits };
        Ok(TableFile { file, header, fit: Some(fit), why })
    }

    /// No column of the table stands twice in the header.
    fn no_twins(&self, table: &str, file: &DataFile, header: &[String]) -> Result<(), Box<Diagnostic>> {
        for column in self.rules.tables.get(table).into_iter().flat_map(|table| table.columns.keys()) {
            let twins: Vec<&String> = header.iter().filter(|name| is_same(name, column)).collect();
            if let [first, second, ..] = twins.as_slice() {
                let message =
                    format!("`{}` has the column `{column}` twice: as `{first}` and as `{second}`", file.shown);
                let problem = Diagnostic::new(Code::DoubledColumn, Place::File(file.shown.clone()), message);
                return Err(Box::new(
                    problem.help("headers compare without case and needless blanks; rename or remove one"),
                ));
            }
        }
        Ok(())
    }

    /// Puts files without a table's name where their headers fit; gives those that fit nowhere.
    pub(super) fn find(
        &self,
        files: Vec<DataFile>,
        tables: &mut BTreeMap<String, TableFiles>,
        found: &mut Diagnostics,
    ) -> Result<Vec<Unused>, Failed> {
        let mut unused = Vec::new();
        let open: Vec<&Table> = self
            .rules
            .tables
            .values()
            .filter(|table| tables.get(&table.name).is_some_and(|found| found.files.is_empty()))
            .map(Arc::as_ref)
            .collect();
        let mut failed = Ok(());
        let mut unreadable = Vec::new();
        for file in files {
            let header = match crate::read::header(&file) {
                Ok(header) => header,
                Err(problem) => {
                    unused.push(Unused { why: format!("cannot be read: {}", problem.message), shown: file.shown });
                    unreadable.push(*problem);
                    continue;
                }
            };
            let candidates = open.iter().flat_map(|table| self.candidates(table, &header)).collect();
            match choose(candidates) {
                Choice::Two(first, second) => failed = Err(found.error(two_fit(&file, &first, &second))),
                Choice::None(near) => {
                    let why = match other_mark(&header) {
                        Some((what, help)) => format!("{what}: {help}"),
                        None => self.one_more(&header).unwrap_or_else(|| nearest(&near)),
                    };
                    unused.push(Unused { shown: file.shown, why });
                }
                Choice::One(candidate) => {
                    let table = candidate.table.to_owned();
                    match (self.read_as(file, header, candidate), tables.get_mut(&table)) {
                        (Err(problem), _) => failed = Err(found.error(*problem)),
                        (Ok(read), Some(files)) => match files.files.first() {
                            Some(first) => {
                                failed = Err(found.error(two_files(&table, &first.file.shown, &read.file.shown)));
                            }
                            None => files.files.push(read),
                        },
                        (Ok(_), None) => {}
                    }
                }
            }
        }
        // Each could have been the table that is still not there.
        if tables.values().any(|table| table.files.is_empty()) {
            for problem in unreadable {
                failed = Err(found.error(problem));
            }
        }
        failed.map(|()| unused)
    }

    /// That a file is what another table already is.
    fn one_more(&self, header: &[String]) -> Option<String> {
        let mut all = self.rules.tables.values().flat_map(|table| self.candidates(table, header));
        let whole = all.find(|candidate| candidate.misses.is_empty() && candidate.has > 0)?;
        Some(format!("is one more `{}`, and that table has its files", whole.table))
    }

    /// No file is a table that the rules read.
    pub(super) fn no_table(&self, shown: &str, table: &str, entries: &[PathBuf], unused: &[Unused]) -> Diagnostic {
        let message = format!("there is no table `{table}` in `{shown}`");
        let problem = Diagnostic::new(Code::NoTable, Place::File(shown.to_owned()), message);
        let stems = entries.iter().filter_map(|path| crate::read::stem(path));
        let near = crate::text::nearest(table, stems).map(|near| format!(" (a file `{near}` is there)"));
        let told: Vec<String> = unused.iter().take(3).map(|file| format!("`{}` {}", file.shown, file.why)).collect();
        let exports: Vec<String> = self.profiles_of(table).map(|profile| format!("`{}`", profile.id)).collect();
        let exports = if exports.is_empty() {
            String::new()
        } else {
            format!(", or an export that a profile knows ({})", exports.join(", "))
        };
        let told = if told.is_empty() { String::new() } else { format!("; {}", told.join("; ")) };
        problem.help(format!(
            "add `{table}.csv`, `{table}.jsonl`, `{table}.parquet`, `{table}.xlsx` or a folder `{table}/` of such files{exports}{}{told}",
            near.unwrap_or_default()
        ))
    }
}

/// That a header of one cell is parted otherwise than the file's name says.
fn other_mark(header: &[String]) -> Option<(&'static str, &'static str)> {
    let [only] = header else { return None };
    let marks = [
        ('\t', "is parted by tabs", "name it `.tsv`"),
        (';', "is parted by semicolons", "part its columns by commas, or by tabs in a `.tsv` file"),
        (',', "is parted by commas", "name it `.csv`"),
    ];
    marks.iter().find(|(mark, ..)| only.contains(*mark)).map(|(_, what, help)| (*what, *help))
}

/// What a file that fits nothing comes nearest to.
fn nearest(candidates: &[Candidate<'_>]) -> String {
    let best = candidates.iter().filter(|candidate| candidate.has > 0).max_by(|a, b| a.has.cmp(&b.has));
    match best {
        Some(best) => format!("does not fit {}: it has no column {}", named(best), listed(&best.misses)),
        None => "has no column that any table or profile knows".to_owned(),
    }
}

fn named(candidate: &Candidate<'_>) -> String {
    match &candidate.profile {
        Some((profile, _)) => format!("the profile `{}`", profile.id),
        None => format!("the table `{}`", candidate.table),
    }
}

/// Missing columns; at most five.
fn listed(misses: &[String]) -> String {
    let mut shown: Vec<String> = misses.iter().take(5).map(|column| format!("`{column}`")).collect();
    if misses.len() > shown.len() {
        shown.push("and others".to_owned());
    }
    shown.join(", ")
}

/// A file is said to be a table, and is none that is known.
fn no_fit(file: &DataFile, table: &str, candidates: &[Candidate<'_>]) -> Diagnostic {
    let message = format!("the header of `{}` fits no known shape of the table `{table}`", file.shown);
    let mut near: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.has > 0).collect();
    near.sort_by_key(|candidate| std::cmp::Reverse(candidate.has));
    let each: Vec<String> =
        near.iter().map(|candidate| format!("{} misses {}", named(candidate), listed(&candidate.misses))).collect();
    Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message).help(each.join("; "))
}

/// Two ways fit, and they could differ.
fn two_fit(file: &DataFile, first: &Candidate<'_>, second: &Candidate<'_>) -> Diagnostic {
    let message = format!("`{}` fits {} and {}", file.shown, named(first), named(second));
    Diagnostic::new(Code::TwoProfiles, Place::File(file.shown.clone()), message).help(format!(
        "choose with `--profile {}={}` or `--profile {}={}`",
        first.table,
        first.id(),
        second.table,
        second.id()
    ))
}
