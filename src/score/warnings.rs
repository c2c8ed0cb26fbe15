//! What a score has to be read with in mind, from the plan and the measures.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::measure::{Account, Floats, Measures, Merged, Overlap, Untested, is_number, same_numbers, strange};
use crate::month::spoken;
use crate::plan::Plan;
use crate::text::quoted;

/// Entities that are named one by one.
const NAMED: usize = 5;

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
    warnings.extend(measures.unchecked.iter().map(about_untested));
    warnings.extend(measures.idle().into_iter().map(about_idle));
    if measures.entities.is_empty() {
        let problem =
            Diagnostic::new(Code::NoEntities, Place::Command, "the data name no entity, so nothing was scored");
        warnings.push(problem.help("add rows, or take the entity column out: the folder's name is the entity then"));
    }
    warnings.extend(about_strange(&strange(&measures.entities), measures.entities.len()));
    warnings.extend(about_numbers(&same_numbers(&measures.entities)));
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

fn about_untested(untested: &Untested) -> Diagnostic {
    let Untested { table, lacking, written_in, column, rows, sums } = untested;
    let amounts: Vec<String> = sums.iter().map(|(column, sum)| format!("{column} {sum}")).collect();
    let amounts = if amounts.is_empty() { String::new() } else { format!(" with {}", amounts.join(" and ")) };
    let kept = format!("{}{amounts} kept untested", counted_rows(*rows));
    let (why, help) = if lacking.is_empty() {
        let why = format!("`{column}` is blank in rows of `{table}`");
        (why, "fill in the column; the rules can say what a blank means with `missing`")
    } else {
        let why = format!("`{table}` has no column `{column}`");
        (why, "the scores may be too high; the rules can refuse such data instead")
    };
    let place = match lacking.as_slice() {
        [file] => Place::File(file.clone()),
        _ => Place::Table(table.clone()),
    };
    let message = format!("{why}, so a test of `{written_in}` could not be applied: {kept}");
    Diagnostic::new(Code::Uncheckable, place, message).help(help)
}

/// Entities that are no numbers where most are, or numbers where most are none.
fn about_strange(strange: &[&str], all: usize) -> Option<Diagnostic> {
    let first = strange.first()?;
    let named: Vec<String> = strange.iter().take(NAMED).map(|entity| quoted(entity)).collect();
    let more = match strange.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (others, are) = if is_number(first) { ("names", "numbers") } else { ("numbers", "none") };
    let are = if strange.len() == 1 && is_number(first) { "a number" } else { are };
    let is = if strange.len() == 1 { "is" } else { "are" };
    let message =
        format!("{} of {all} entities are {others}, and {}{more} {is} {are}", all - strange.len(), named.join(", "));
    let problem = Diagnostic::new(Code::StrangeEntity, Place::Command, message);
    Some(problem.help("look whether they are entities; a line of totals is none"))
}

/// Entities whose spellings are one number.
fn about_numbers(pairs: &[(&str, &str)]) -> Option<Diagnostic> {
    let (one, other) = pairs.first()?;
    let more = match pairs.len() - 1 {
        0 => String::new(),
        1 => ", and so are those of 1 more pair".to_owned(),
        more => format!(", and so are those of {more} more pairs"),
    };
    let message = format!(
        "the entities {} and {} are one number in two spellings, and count as two{more}",
        quoted(one),
        quoted(other)
    );
    let problem = Diagnostic::new(Code::StrangeEntity, Place::Command, message);
    Some(problem.help("write the number in one way, as text; a spreadsheet may have changed it"))
}

/// A table of which no row counts.
fn about_idle(account: &Account) -> Diagnostic {
    let Account { table, dropped, duplicate, outside, unreadable, .. } = account;
    let fates = [
        (*dropped, "dropped by tests or of another kind"),
        (*duplicate, "marked as repeated"),
        (*outside, "of months that no measure looks at"),
        (*unreadable, "unreadable"),
    ];
    let fates: Vec<String> =
        fates.into_iter().filter(|(rows, _)| *rows > 0).map(|(rows, fate)| format!("{rows} {fate}")).collect();
    let (message, help) = match account.rows() {
        0 => (format!("`{table}` has no rows"), "look whether the file is empty by mistake"),
        rows => (
            format!("no row of `{table}` counts: of {} {}", counted_rows(rows), fates.join(", ")),
            "`pcs-rules inspect` shows which test drops them, and the spellings that no list knows",
        ),
    };
    Diagnostic::new(Code::NoRowCounts, Place::Table(table.clone()), message).help(help)
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
