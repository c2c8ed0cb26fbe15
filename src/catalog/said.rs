//! What is said of files that are no table, or not the one that was meant.

use super::Unused;
use super::choose::{Candidate, Chooser};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::read::{DataFile, Format};
use std::path::PathBuf;

/// Files that are named one by one where a table is missing.
const TOLD: usize = 5;

impl Chooser<'_> {
    /// No file is a table that the rules read.
    pub(super) fn no_table(&self, shown: &str, table: &str, entries: &[PathBuf], passed: &[Unused]) -> Diagnostic {
        let message = format!("there is no table `{table}` in `{shown}`");
        let problem = Diagnostic::new(Code::NoTable, Place::File(shown.to_owned()), message);
        let stems = entries.iter().filter_map(|path| crate::read::stem(path));
        let near = crate::text::nearest(table, stems).map(|near| format!(" (a file `{near}` is there)"));
        let told: Vec<String> = passed.iter().take(TOLD).map(|file| format!("`{}` {}", file.shown, file.why)).collect();
        let exports: Vec<String> = self.profiles_of(table).map(|profile| format!("`{}`", profile.id)).collect();
        let exports = if exports.is_empty() {
            String::new()
        } else {
            format!(", or an export that a profile knows ({})", exports.join(", "))
        };
        let more = match passed.len().saturating_sub(TOLD) {
            0 => String::new(),
            more => format!("; {more} more were passed over"),
        };
        let told = if told.is_empty() { String::new() } else { format!("; {}{more}", told.join("; ")) };
        problem.help(format!(
            "add `{table}.csv`, `{table}.jsonl`, `{table}.parquet`, `{table}.xlsx` or a folder `{table}/` of such files{exports}{}{told}",
            near.unwrap_or_default()
        ))
    }
}

/// That a header of one cell is parted otherwise than the file's name says.
pub(super) fn other_mark(header: &[String]) -> Option<(&'static str, &'static str)> {
    let [only] = header else { return None };
    let marks = [
        ('\t', "is parted by tabs", "name it `.tsv`"),
        (';', "is parted by semicolons", "part its columns by commas, or by tabs in a `.tsv` file"),
        (',', "is parted by commas", "name it `.csv`"),
    ];
    marks.iter().find(|(mark, ..)| only.contains(*mark)).map(|(_, what, help)| (*what, *help))
}

/// What a file that fits nothing comes nearest to.
pub(super) fn nearest(candidates: &[Candidate<'_>]) -> String {
    let best = candidates.iter().filter(|candidate| candidate.has > 0).max_by(|a, b| a.has.cmp(&b.has));
    match best {
        Some(best) => format!("does not fit {}: it has no column {}", named(best), listed(&best.misses)),
        None => "has no column that any table or profile knows".to_owned(),
    }
}

pub(super) fn named(candidate: &Candidate<'_>) -> String {
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
pub(super) fn no_fit(file: &DataFile, table: &str, candidates: &[Candidate<'_>]) -> Diagnostic {
    let message = format!("the header of `{}` fits no known shape of the table `{table}`", file.shown);
    let mut near: Vec<&Candidate<'_>> = candidates.iter().filter(|candidate| candidate.has > 0).collect();
    near.sort_by_key(|candidate| std::cmp::Reverse(candidate.has));
    let each: Vec<String> =
        near.iter().map(|candidate| format!("{} misses {}", named(candidate), listed(&candidate.misses))).collect();
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
pub(super) fn below(file: &DataFile, first: &[String], line: u64, fitting: &Candidate<'_>) -> Diagnostic {
    let kind = if file.format == Format::Xlsx { "row" } else { "line" };
    let message =
        format!("`{}` does not begin with its header: {kind} {line} is one, and fits {}", file.shown, named(fitting));
    let above = match first.first().filter(|first| line == 2 && first.starts_with("sep=")) {
        Some(_) => "remove the line `sep=…` above it, which only spreadsheets understand".to_owned(),
        None => format!("remove what stands above {kind} {line}"),
    };
    Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message).help(above)
}

/// A file does not fit the profile that somebody chose.
pub(super) fn not_chosen(file: &DataFile, chosen: &Candidate<'_>, fitting: Option<&Candidate<'_>>) -> Diagnostic {
    let message = format!("the header of `{}` does not fit {}, which was chosen for it", file.shown, named(chosen));
    let other = match fitting {
        Some(fitting) => format!("; it fits {}: choose that, or nothing", named(fitting)),
        None => String::new(),
    };
    Diagnostic::new(Code::MissingColumn, Place::File(file.shown.clone()), message)
        .help(format!("it has no column {}{other}", listed(&chosen.misses)))
}
