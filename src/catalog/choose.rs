//! Which profile a file is read through, and for a file without a table's name, which table it is: its header decides.

use super::folder::two_downloads;
use super::said::{below, chosen_for, listed, named, nearest, no_fit, not_chosen, two_fit};
use super::{PLAIN, TableFile, TableFiles, Unused, Why};
use crate::diagnostic::{Cell, Code, Diagnostic, Diagnostics, Failed, Place};
use crate::profile::{Fit, Profile, Profiles, fit};
use crate::read::{DataFile, NumberForm};
use crate::rules::{Absent, RuleSet, Table};
use crate::text::{fold, is_same};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lines among which a header is looked for that is not the first.
const TOP: usize = 10;

/// What decides.
pub(super) struct Chooser<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) profiles: &'a Profiles,
    /// For tables the profile that somebody chose.
    pub(super) chosen: BTreeMap<String, String>,
    /// For tables how their files write numbers, where the dataset file says so.
    pub(super) numbers: BTreeMap<&'a str, NumberForm>,
}

/// A way to read a file.
pub(super) struct Candidate<'a> {
    pub(super) table: &'a str,
    /// None for the table's own headers.
    pub(super) profile: Option<(&'a Profile, Fit)>,
    /// For each column that is missing the headers that it could have.
    pub(super) misses: Vec<Vec<String>>,
    /// How many of the columns that it knows the file has.
    pub(super) has: usize,
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
    let (mut whole, near): (Vec<_>, Vec<_>) = candidates.into_iter().partition(Candidate::fits);
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

    /// Whether all that it needs is there.
    const fn fits(&self) -> bool {
        self.misses.is_empty() && self.has > 0
    }

    /// Whether it has as much as it misses.
    pub(super) const fn is_near(&self) -> bool {
        self.has > 0 && self.has >= self.misses.len()
    }

    /// Whether a header of the file is already a column.
    pub(super) fn takes(&self, name: &str) -> bool {
        let Some((_, fit)) = &self.profile else { return false };
        fit.view.columns.values().any(|column| column.headers.iter().any(|own| is_same(own, name)))
    }

    pub(super) fn id(&self) -> &str {
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
        self.ways(table, header, self.chosen.get(&table.name))
    }

    /// The same, whichever was chosen.
    fn ways(&self, table: &'a Table, header: &[String], chosen: Option<&String>) -> Vec<Candidate<'a>> {
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
                misses: needed.filter(|column| !has(column)).map(|column| vec![column.clone()]).collect(),
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
        let Some(written) = self.rules.tables.get(table) else { return Ok(TableFile::plain(file, header)) };
        match choose(self.candidates(written, &header)) {
            Choice::One(candidate) => self.read_as(file, header, candidate),
            Choice::Two(first, second) => Err(Box::new(two_fit(&file, &first, &second))),
            Choice::None(near) => {
                if let Some(problem) = self.below(&[written], &file) {
                    return Err(Box::new(problem));
                }
                if let (Some(_), [only]) = (self.chosen.get(table), near.as_slice()) {
                    let fitting = self.ways(written, &header, None).into_iter().find(Candidate::fits);
                    // Of a table's own columns the rules may read fewer: what is missing is told where they are read.
                    if only.profile.is_some() || fitting.is_some() {
                        return Err(Box::new(not_chosen(&file, &header, only, fitting.as_ref())));
                    }
                }
                // What it comes nearest to is what it was meant to be; the table's own headers where nothing is near.
                let own = near.iter().position(|candidate| candidate.profile.is_none());
                let nearest = near.iter().map(|candidate| candidate.has).max().unwrap_or(0);
                match own.filter(|own| near.get(*own).is_some_and(|own| own.has == nearest)) {
                    Some(_) => self.read_as(file, header, Candidate::own(&written.name)),
                    None => Err(Box::new(no_fit(&file, table, &header, &near))),
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
        let own = candidate.profile.as_ref().and_then(|(profile, _)| profile.numbers);
        file.numbers = self.numbers.get(candidate.table).copied().or(own);
        let Some((profile, mut fit)) = candidate.profile else {
            let columns = self.rules.tables.get(candidate.table).into_iter().flat_map(|table| table.columns.keys());
            file.known = Arc::new(columns.map(|column| fold(column).into_owned()).collect());
            self.no_twins(candidate.table, &file, &header)?;
            let why = if is_chosen { Why::Chosen } else { Why::OwnHeaders };
            return Ok(TableFile { why, ..TableFile::plain(file, header) });
        };
        let problem = |code, message| Box::new(Diagnostic::new(code, Place::File(file.shown.clone()), message));
        if let Some((first, second)) = fit.doubled.first() {
            let message = format!("`{}` has one column twice: as `{first}` and as `{second}`", file.shown);
            let place = header_cell(&file, second);
            return Err(Box::new(
                Diagnostic::new(Code::DoubledColumn, place, message)
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
        file.known = Arc::new(profile.headers().map(|header| fold(header).into_owned()).collect());
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
                let problem = Diagnostic::new(Code::DoubledColumn, header_cell(file, second), message);
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
                    unused.push(Unused::of_form(file.shown, format!("cannot be read: {}", problem.message)));
                    unreadable.push(*problem);
                    continue;
                }
            };
            let candidates = open.iter().flat_map(|table| self.candidates(table, &header)).collect();
            match choose(candidates) {
                Choice::Two(first, second) => failed = Err(found.error(two_fit(&file, &first, &second))),
                Choice::None(near) => {
                    if let Some(problem) = self.below(&open, &file) {
                        unused.push(Unused::of_form(file.shown, format!("cannot be read: {}", problem.message)));
                        unreadable.push(problem);
                        continue;
                    }
                    let (nearly, why) = match self.one_more(&header) {
                        Some(why) => (None, why),
                        None => self.unchosen(&open, &header, &near).unwrap_or_else(|| nearest(&header, &near)),
                    };
                    unused.push(Unused { nearly, ..Unused::of_form(file.shown, why) });
                }
                Choice::One(candidate) => {
                    let table = candidate.table.to_owned();
                    match (self.read_as(file, header, candidate), tables.get_mut(&table)) {
                        (Err(problem), _) => failed = Err(found.error(*problem)),
                        (Ok(read), Some(files)) => match files.files.first() {
                            Some(first) => {
                                let (first, second) = (&first.file.shown, &read.file.shown);
                                failed = Err(found.error(two_downloads(&table, first, second)));
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

    /// Of a file that has its header below other lines: that it has.
    fn below(&self, tables: &[&'a Table], file: &DataFile) -> Option<Diagnostic> {
        let top = crate::read::top(file, TOP).ok()?;
        top.iter().skip(1).find_map(|(line, cells)| {
            let fitting = tables.iter().flat_map(|table| self.candidates(table, cells)).find(Candidate::fits)?;
            Some(below(file, *line, &fitting))
        })
    }

    /// Of a file that would be a table, were not another profile chosen for it: the table, and what it lacks for that.
    ///
    /// A file that comes near nothing is held against the chosen profile, too: somebody meant one.
    fn unchosen(
        &self,
        tables: &[&'a Table],
        header: &[String],
        near: &[Candidate<'a>],
    ) -> Option<(Option<String>, String)> {
        let is_near_any = near.iter().any(Candidate::is_near);
        tables.iter().find_map(|table| {
            self.chosen.get(&table.name)?;
            let chosen = near.iter().find(|candidate| candidate.table == table.name)?;
            let ways = self.ways(table, header, None);
            let other = ways.iter().find(|way| way.fits()).or_else(|| ways.iter().find(|way| way.is_near()));
            if other.is_none() && (is_near_any || ways.iter().any(|way| way.has > 0)) {
                return None;
            }
            let fits = match other.filter(|other| other.fits()) {
                Some(other) => format!("; it fits {}: choose that, or nothing", named(other)),
                None => String::new(),
            };
            // What looks like a missing column is none where the file is known to be another export.
            let strange = if fits.is_empty() { header } else { &[] };
            let misses = listed(strange, chosen);
            let why = format!("does not fit {}: it has no column {misses}{fits}", chosen_for(chosen));
            Some((Some(table.name.clone()), why))
        })
    }

    /// That a file is what another table already is.
    fn one_more(&self, header: &[String]) -> Option<String> {
        let mut all = self.rules.tables.values().flat_map(|table| self.candidates(table, header));
        let whole = all.find(Candidate::fits)?;
        Some(format!("is one more `{}`, and that table has its files", whole.table))
    }
}

/// A cell of a file's header.
fn header_cell(file: &DataFile, name: &str) -> Place {
    Place::Row(Cell { file: file.shown.clone(), row: 1, column: Some(name.to_owned()), value: Some(name.to_owned()) })
}
