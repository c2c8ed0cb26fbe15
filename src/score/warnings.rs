//! What a score has to be read with in mind, from the plan and the measures.

use crate::catalog::about_unused;
use crate::diagnostic::{Cell, Code, Diagnostic, Place};
use crate::measure::{Account, Alike, Floats, Measures, Merged, Odd, Overlap, Unlisted, Untested};
use crate::month::spoken;
use crate::plan::Plan;
use crate::read::{about_floats, about_open_end};
use crate::text::{NAMED, counted, is_close, quoted};

/// Pairs of files that share rows which are named one by one.
const PAIRS: usize = 20;

/// Every warning about the data of a plan.
pub(super) fn of(plan: &Plan, measures: &Measures) -> Vec<Diagnostic> {
    let mut warnings = about_files(plan);
    warnings.extend(measures.merged.iter().filter(|merged| !merged.is_stated).map(about_names));
    warnings.extend(measures.overlaps.iter().take(PAIRS).map(about_overlap));
    if measures.overlaps.len() > PAIRS {
        let message = format!("in {} more places rows stand twice", measures.overlaps.len() - PAIRS);
        let problem = Diagnostic::new(Code::Overlap, Place::Command, message);
        warnings.push(problem.help("`pcs-rules inspect --format json` names them all"));
    }
    warnings.extend(measures.unchecked.iter().map(|untested| about_untested(untested, plan)));
    let is_of_one = measures.is_of_one();
    warnings.extend(measures.idle().into_iter().map(|account| about_idle(account, is_of_one, plan)));
    if measures.entities.is_empty() {
        let problem =
            Diagnostic::new(Code::NoEntities, Place::Command, "the data name no entity, so nothing was scored");
        warnings.push(problem.help("add rows, or take the entity column out: the folder's name is the entity then"));
    }
    warnings.extend(about_spellings(plan, measures));
    warnings.extend(measures.odd.iter().flat_map(about_odd));
    warnings.extend(measures.doubts.iter().cloned());
    for (table, newest) in &measures.months_ahead {
        let message =
            format!("`{table}` has months up to {newest}, after the day judged, {}: they are not counted", plan.as_of);
        warnings.push(
            Diagnostic::new(Code::MonthsAhead, Place::Table(table.clone()), message)
                .help("judge a later day with `--as-of` to count them"),
        );
    }
    warnings.extend(measures.open_ends.iter().map(|file| about_open_end(file)));
    warnings.extend(measures.floats.iter().map(|Floats { table, file, column }| about_floats(file, table, column)));
    if measures.rows_left_out > 0 {
        let first = measures.left_out.first().map(|problem| match &problem.place {
            Place::Row(Cell { file, row, .. }) => format!("; the first, row {row} of `{file}`: {}", problem.message),
            _ => format!("; the first: {}", problem.message),
        });
        let rows = counted(measures.rows_left_out, "row");
        let message = format!("{rows} left out as unreadable, as permitted{}", first.unwrap_or_default());
        warnings.push(
            Diagnostic::new(Code::RowsLeftOut, Place::Command, message)
                .help("leave `--allow-bad-rows` out to see the others"),
        );
    }
    warnings
}

fn about_untested(untested: &Untested, plan: &Plan) -> Diagnostic {
    let Untested { is_kept, table, lacking, written_in, column, rows, sums } = untested;
    let amounts: Vec<String> = sums.iter().map(|(column, sum)| format!("{column} {sum}")).collect();
    let amounts = if amounts.is_empty() { String::new() } else { format!(" with {}", amounts.join(" and ")) };
    let rows = format!("{}{amounts}", counted(*rows, "row"));
    if !is_kept {
        let message =
            format!("`{column}` is blank in {rows} of `{table}`, which `{written_in}` leaves out for that alone");
        let problem = Diagnostic::new(Code::BlankCells, Place::Table(table.clone()), message);
        return problem.help("fill in the column, or export the file again; where a blank says something, the rules can ask for `missing`");
    }
    let has_others = || plan.tables.iter().any(|known| known.name == *table && known.files.len() > 1);
    let (why, help) = if let [file] = lacking.as_slice()
        && has_others()
    {
        let why = format!("`{file}`, of `{table}`, has no column `{column}`");
        (why, "the scores may be too high; the rules can refuse such data instead")
    } else if lacking.is_empty() {
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
    let message = format!("{why}, so a test of `{written_in}` could not be applied: {rows} kept untested");
    Diagnostic::new(Code::Uncheckable, place, message).help(help)
}

/// Spellings that are nearly listed, and columns whose rows mostly have a spelling that no list knows.
fn about_spellings(plan: &Plan, measures: &Measures) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for ((table, account), unlisted) in plan.tables.iter().zip(&measures.accounts).zip(&measures.unlisted) {
        for (column, spellings) in unlisted {
            let rows: u64 = spellings.iter().map(|one| one.rows).sum();
            let has_amounts = table.accumulators.iter().flat_map(|a| &a.tallies).any(|tally| tally.amount().is_some());
            let is_near = |one: &&Unlisted| one.near.as_ref().is_some_and(|near| is_close(&one.spelling, near));
            let near: Vec<&Unlisted> = spellings.iter().filter(is_near).collect();
            let named = |some: &mut dyn Iterator<Item = &Unlisted>| {
                let named = some.take(NAMED).map(|one| match one.near.as_ref().filter(|_| is_near(&one)) {
                    Some(near) => format!("{} (nearly {})", quoted(&one.spelling), quoted(near)),
                    None => quoted(&one.spelling),
                });
                named.collect::<Vec<_>>().join(", ")
            };
            let (named, count, rows) = if !near.is_empty() {
                (named(&mut near.iter().copied()), near.len(), near.iter().map(|one| one.rows).sum())
            // Of rows that only count most may be of no use to a program; of amounts few.
            } else if has_amounts && 2 * rows > account.rows() {
                (named(&mut spellings.iter()), spellings.len(), rows)
            } else {
                continue;
            };
            let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
            let message =
                format!("no list knows {named}{more} in `{column}` of `{}`: {}", table.name, counted(rows, "row"));
            let problem = Diagnostic::new(Code::UnlistedSpelling, Place::Table(table.name.clone()), message).help(
                "add it as an alias where it means a listed one; `pcs-rules inspect` shows all, with their amounts",
            );
            if !all.contains(&problem) {
                all.push(problem);
            }
        }
    }
    all
}

/// Names that may not be what they should.
fn about_odd(odd: &Odd) -> impl Iterator<Item = Diagnostic> {
    let place = odd.of.as_ref().map_or(Place::Command, |of| Place::Table(of.table.clone()));
    let unlike = odd
        .unlike_said()
        .map(|message| (message, "look whether they are what the column is for; a line of totals is none"));
    let alike =
        odd.alike_said().map(|message| (message, "write each in one way, as text; a spreadsheet may have changed it"));
    let said = unlike.into_iter().chain(alike);
    said.map(move |(message, help)| Diagnostic::new(Code::StrangeName, place.clone(), message).help(help))
}

/// A table of which no row counts.
fn about_idle(account: &Account, is_of_one: bool, plan: &Plan) -> Diagnostic {
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
        0 if is_of_one => {
            (format!("`{table}` has no rows of the entity"), "look whether it names the entity in another way")
        }
        0 => (format!("`{table}` has no rows"), "look whether the file is empty by mistake"),
        rows => (
            format!("no row of `{table}` counts: of {} {}", counted(rows, "row"), fates.join(", ")),
            "`pcs-rules inspect` shows which test drops them, and the spellings that no list knows",
        ),
    };
    let files = plan.tables.iter().find(|known| known.name == *table).map_or(&[][..], |known| known.files.as_slice());
    let place = match files {
        [file] => Place::File(file.shown.clone()),
        _ => Place::Table(table.clone()),
    };
    Diagnostic::new(Code::NoRowCounts, place, message).help(help)
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
    let currency = &plan.rules.edition.currency;
    for (file, column) in plan.tables.iter().flat_map(|table| &table.currencies) {
        let message = format!("nothing reads `{column}` of `{file}`: its amounts are taken as {currency}");
        let problem = Diagnostic::new(Code::Implausible, Place::File(file.clone()), message);
        warnings.push(problem.help(
            "write a profile that names the column under `[currency]`, or take it out where all is in that currency",
        ));
    }
    warnings.extend(about_unused(&plan.unused));
    warnings
}

fn about_names(merged: &Merged) -> Diagnostic {
    let Merged { table, column, names, .. } = merged;
    let (first, more) = (names.first(), names.len().saturating_sub(1));
    let example = first.map(|(second, first)| format!(": `{second}` is `{first}`")).unwrap_or_default();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let goes = if names.len() == 1 { "goes" } else { "go" };
    let message = format!("{} in the column `{column}` of `{table}` {goes} by two names{example}{more}", names.len());
    let problem = Diagnostic::new(Code::Merged, Place::Table(table.clone()), message);
    problem.help("each counts once; nothing needs to be done where the two are one")
}

fn about_overlap(overlap: &Overlap) -> Diagnostic {
    let Overlap { table, alike, first, second, months } = overlap;
    let of = |all: &str| if months.is_empty() { all.to_owned() } else { format!("the rows of {}", spoken(months)) };
    let theirs = of("their rows");
    let (message, help) = match alike {
        Alike::Whole => (
            format!("`{first}` and `{second}`, both of `{table}`, share many of {theirs}: these count twice"),
            "keep each month in one file, that of the newer download; or leave one of the files out",
        ),
        Alike::ButForAmounts => (
            format!(
                "`{first}` and `{second}`, both of `{table}`, have many of {theirs} with other amounts: both count"
            ),
            "where amounts were restated, keep each month in one file, that of the newer download; where both are parts, nothing",
        ),
        Alike::Within => (
            format!("`{second}`, of `{table}`, has most of {} more than once: each counts", of("its rows")),
            "export the file again, or take out what was put in twice",
        ),
    };
    Diagnostic::new(Code::Overlap, Place::File(second.clone()), message).help(help)
}
