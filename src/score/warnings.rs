//! What a score has to be read with in mind, from the plan and the measures.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::measure::{Floats, Measures, Merged, Overlap, Untested};
use crate::month::spoken;
use crate::plan::Plan;

/// Pairs of files that share rows which are named one by one.
const PAIRS: usize = 20;

/// Files of no table that are named one by one.
const UNUSED: usize = 20;

/// Every warning about the data of a plan.
pub(super) fn of(plan: &Plan, measures: &Measures) -> Vec<Diagnostic> {
    let mut warnings = about_files(plan);
    warnings.extend(measures.merged.iter().map(about_names));
    warnings.extend(measures.overlaps.iter().take(PAIRS).map(about_overlap));
    if measures.overlaps.len() > PAIRS {
        let message = format!("{} more pairs of files share most of their rows", measures.overlaps.len() - PAIRS);
        let problem = Diagnostic::new(Code::Overlap, Place::Command, message);
        warnings.push(problem.help("`pcs-rules inspect --format json` names them all"));
    }
    for untested in &measures.unchecked {
        let Untested { table, lacking, written_in, column, rows, sums } = untested;
        let amounts: Vec<String> = sums.iter().map(|(column, sum)| format!("{column} {sum}")).collect();
        let amounts = if amounts.is_empty() { String::new() } else { format!(" with {}", amounts.join(" and ")) };
        let message = format!(
            "`{table}` has no column `{column}`, so a test of `{written_in}` could not be applied: {}{amounts} kept untested",
            counted_rows(*rows)
        );
        let place = match lacking.as_slice() {
            [file] => Place::File(file.clone()),
            _ => Place::Table(table.clone()),
        };
        warnings.push(
            Diagnostic::new(Code::Uncheckable, place, message)
                .help("the scores may be too high; the rules can refuse such data instead"),
        );
    }
    if measures.entities.is_empty() {
        let problem =
            Diagnostic::new(Code::NoEntities, Place::Command, "the data name no entity, so nothing was scored");
        warnings.push(problem.help("add rows, or take the entity column out: the folder's name is the entity then"));
    }
    for (table, newest) in &measures.months_ahead {
        let message =
            format!("`{table}` has months up to {newest}, after the day judged, {}: they are not counted", plan.as_of);
        warnings.push(
            Diagnostic::new(Code::MonthsAhead, Place::Table(table.clone()), message)
                .help("judge a later day with `--as-of` to count them"),
        );
    }
    for file in &measures.open_ends {
        let message = format!("the last row of `{file}` has no line end: it may have been cut inside its last cell");
        let problem = Diagnostic::new(Code::OpenEnd, Place::File(file.clone()), message);
        warnings.push(problem.help("compare the row with its source; end the file with a line end"));
    }
    for Floats { table, file, column } in &measures.floats {
        let message = format!(
            "`{file}`, a file of the table `{table}`, stores `{column}` as binary fractions: each is read as the shortest decimal that stands for it"
        );
        let problem = Diagnostic::new(Code::Floats, Place::File(file.clone()), message);
        warnings.push(problem.help("store the column as a decimal where its amounts have to be exact"));
    }
    if measures.rows_left_out > 0 {
        let message = format!("{} left out as unreadable, as permitted", counted_rows(measures.rows_left_out));
        warnings.push(
            Diagnostic::new(Code::RowsLeftOut, Place::Command, message)
                .help("leave `--allow-bad-rows` out to see them"),
        );
    }
    warnings
}

/// `1 row`, `2 rows`.
fn counted_rows(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// What the choice of files means for the score.
fn about_files(plan: &Plan) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for table in &plan.tables {
        for sentence in &table.estimates {
            let message = format!("the table `{}` is an estimate: {sentence}", table.name);
            let problem = Diagnostic::new(Code::Estimate, Place::Table(table.name.clone()), message);
            warnings.push(problem.help("use it to plan, not to claim"));
        }
        for file in &table.unmarked {
            let message = format!("`{file}` lacks the mark for repeated amounts, so an amount can count twice");
            let problem = Diagnostic::new(Code::NoMark, Place::File(file.clone()), message);
            warnings.push(problem.help("export the file with all its columns"));
        }
    }
    for file in plan.unused.iter().take(UNUSED) {
        let message = format!("`{}` is not used: it {}", file.shown, file.why);
        let problem = Diagnostic::new(Code::UnusedFile, Place::File(file.shown.clone()), message);
        warnings.push(problem.help(file.help.clone()));
    }
    if plan.unused.len() > UNUSED {
        let message = format!("{} more files are not used", plan.unused.len() - UNUSED);
        let problem = Diagnostic::new(Code::UnusedFile, Place::Command, message);
        warnings.push(problem.help("`pcs-rules inspect --format json` names them all"));
    }
    warnings
}

fn about_names(merged: &Merged) -> Diagnostic {
    let Merged { table, column, names } = merged;
    let (first, more) = (names.first(), names.len().saturating_sub(1));
    let example = first.map(|(second, first)| format!(": `{second}` is `{first}`")).unwrap_or_default();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let goes = if names.len() == 1 { "goes" } else { "go" };
    let message = format!("{} in the column `{column}` of `{table}` {goes} by two names{example}{more}", names.len());
    let problem = Diagnostic::new(Code::Merged, Place::Table(table.clone()), message);
    problem.help("each counts once; nothing needs to be done where the two are one")
}

fn about_overlap(overlap: &Overlap) -> Diagnostic {
    let Overlap { table, first, second, months } = overlap;
    let of = if months.is_empty() { "their rows".to_owned() } else { format!("the rows of {}", spoken(months)) };
    let message = format!("`{first}` and `{second}`, both of `{table}`, share most of {of}: these count twice");
    let problem = Diagnostic::new(Code::Overlap, Place::File(second.clone()), message);
    problem.help("keep each month in one file, that of the newer download; or leave one of the files out")
}
