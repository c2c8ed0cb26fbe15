//! What is said of files that are no table, or not the one that was meant.

use super::Unused;
use super::choose::{Candidate, Chooser};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::profile::Profile;
use crate::read::{DataFile, Format};
use crate::text::{either, fold, quoted};
use std::cmp::Reverse;
use std::path::PathBuf;

/// Files that are named one by one where a table is missing.
const TOLD: usize = 5;

impl Chooser<'_> {
    /// No file is a table that the rules read.
    pub(super) fn no_table(&self, shown: &str, table: &str, entries: &[PathBuf], passed: &[Unused]) -> Diagnostic {
        // What it should have been is told first.
        let nearly = passed.iter().position(|file| file.nearly.as_deref() == Some(table));
        let message = match nearly.and_then(|at| passed.get(at)) {
            Some(file) => format!("there is no table `{table}` in `{shown}`: `{}` {}", file.shown, file.why),
            None => format!("there is no table `{table}` in `{shown}`"),
        };
        let others: Vec<&Unused> =
            passed.iter().enumerate().filter(|(at, _)| nearly != Some(*at)).map(|(_, file)| file).collect();
        let problem = Diagnostic::new(Code::NoTable, Place::File(shown.to_owned()), message);
        let stems = entries.iter().filter_map(|path| crate::read::stem(path));
        let has_folder = entries.iter().any(|path| path.is_dir() && path.ends_with(table));
        let near = crate::text::nearest(table, stems).map(|near| {
            if has_folder {
                format!(" (the folder `{table}/` is there, and holds no file)")
            } else {
                format!(" (a file `{near}` is there)")
            }
        });
        let told: Vec<String> = others.iter().take(TOLD).map(|file| format!("`{}` {}", file.shown, file.why)).collect();
        let is_open = |profile: &&Profile| self.chosen.get(table).is_none_or(|chosen| *chosen == profile.id);
        let exports: Vec<String> =
            self.profiles_of(table).filter(is_open).map(|profile| format!("`{}`", profile.id)).collect();
        let exports = if exports.is_empty() {
            String::new()
        } else {
            format!(", or an export that a profile knows ({})", exports.join(", "))
        };
        let more = match others.len().saturating_sub(TOLD) {
            0 => String::new(),
            more => format!("; {more} more were passed over"),
        };
        let told = if told.is_empty() { String::new() } else { format!("; {}{more}", told.join("; ")) };
        let rename = match (nearly, self.chosen.get(table)) {
            (Some(_), Some(_)) => "correct that file or what was chosen, or ",
            (Some(_), None) => "correct that file, or ",
            (None, _) => "",
        };
        problem.help(format!(
            "{rename}add `{table}.csv`, `{table}.jsonl`, `{table}.parquet`, `{table}.xlsx` or a folder `{table}/` of such files{exports}{}{told}",
            near.unwrap_or_default()
        ))
    }
}

/// What a file that fits nothing comes nearest to: the table that it nearly is, and why it is not.
pub(super) fn nearest(header: &[String], candidates: &[Candidate<'_>]) -> (Option<String>, String) {
    let known = candidates.iter().filter(|candidate| candidate.has > 0);
    match known.max_by_key(|candidate| (candidate.has, Reverse(candidate.misses.len()))) {
        Some(best) => {
            let why = format!("does not fit {}: it has no column {}", named(best), listed(header, best));
            (best.is_near().then(|| best.table.to_owned()), why)
        }
        None => (None, "has no column that any table or profile knows".to_owned()),
    }
}

pub(super) fn named(candidate: &Candidate<'_>) -> String {
    match &candidate.profile {
        Some((profile, _)) => format!("the profile `{}`", profile.id),
        None => format!("the table `{}`", candidate.table),
    }
}

/// What somebody chose for a table.
pub(super) fn chosen_for(candidate: &Candidate<'_>) -> String {
    match &candidate.profile {
        Some((profile, _)) => format!("the profile `{}`, which was chosen for `{}`", profile.id, candidate.table),
        None => format!("the table's own headers, which were chosen for `{}`", candidate.table),
    }
}

/// The columns that a file misses; at most five.
pub(super) fn listed(header: &[String], candidate: &Candidate<'_>) -> String {
    let taken = |name: &&String| !candidate.takes(name);
    let free: Vec<String> = header.iter().filter(taken).cloned().collect();
    let mut shown: Vec<String> = candidate.misses.iter().take(5).map(|headers| missed(&free, headers)).collect();
    if candidate.misses.len() > shown.len() {
        shown.push("and others".to_owned());
    }
    shown.join(", ")
}

/// Letters of a header that can be a part of another by more than chance.
const PART: usize = 6;

/// A missing column by the headers that it could have, and the name in the file that looks like one of them.
pub(crate) fn missed(header: &[String], headers: &[String]) -> String {
    let named: Vec<String> = headers.iter().map(|name| format!("`{name}`")).collect();
    let near = headers.iter().find_map(|name| {
        // Names that differ by a number are of different things.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let alike = || header.iter().map(String::as_str).filter(|own| digits(own) == digits(name));
        // A part of a name says more than letters that happen to be alike.
        let is_part = |own: &&str| own.chars().count() >= PART && fold(name).contains(fold(own).as_ref());
        alike().find(is_part).or_else(|| crate::text::nearest(name, alike()))
    });
    let near = near.map_or(String::new(), |near| format!(" (is it {}?)", quoted(near)));
    format!("{}{near}", either(&named))
}

/// A file is said to be a table, and is none that is known.
pub(super) fn no_fit(file: &DataFile, table: &str, header: &[String], candidates: &[Candidate<'_>]) -> Diagnostic {
    let message = format!("the header of `{}` fits no known shape of the table `{table}`", file.shown);
    let mut near: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.has > 0).collect();
    near.sort_by_key(|candidate| std::cmp::Reverse(candidate.has));
    let each: Vec<String> =
        near.iter().map(|candidate| format!("{} misses {}", named(candidate), listed(header, candidate))).collect();
    Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message).help(each.join("; "))
}

/// Two ways fit, and they could differ.
pub(super) fn two_fit(file: &DataFile, first: &Candidate<'_>, second: &Candidate<'_>) -> Diagnostic {
    let message = format!("`{}` fits {} and {}", file.shown, named(first), named(second));
    Diagnostic::new(Code::TwoProfiles, Place::File(file.shown.clone()), message).help(format!(
        "choose with `--profile {}={}` or `--profile {}={}`",
        first.table,
        first.id(),
        second.table,
        second.id()
    ))
}

/// A file with a header that stands below other lines.
pub(super) fn below(file: &DataFile, line: u64, fitting: &Candidate<'_>) -> Diagnostic {
    let kind = if file.format == Format::Xlsx { "row" } else { "line" };
    let message =
        format!("`{}` does not begin with its header: {kind} {line} is one, and fits {}", file.shown, named(fitting));
    Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message)
        .help(format!("remove what stands above {kind} {line}"))
}

/// A file does not fit the profile that somebody chose.
pub(super) fn not_chosen(
    file: &DataFile,
    header: &[String],
    chosen: &Candidate<'_>,
    fitting: Option<&Candidate<'_>>,
) -> Diagnostic {
    let message = format!("the header of `{}` does not fit {}", file.shown, chosen_for(chosen));
    let other = match fitting {
        Some(fitting) => format!("; it fits {}: choose that, or nothing", named(fitting)),
        None => String::new(),
    };
    Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message)
        .help(format!("it has no column {}{other}", listed(if fitting.is_some() { &[] } else { header }, chosen)))
}
