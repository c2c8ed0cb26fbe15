//! For people: what needs attention, then each table.

use super::{NAMED, Seen, amounts, attention, counted, missing, quantity, quoted_all, rows_of, some, tables, unused};
use crate::catalog::{TableFile, Why};
use crate::measure::Account;
use crate::month::{Month, spoken};
use crate::profile::Profiles;
use crate::report::amounts::grouped;
use crate::run::Inspection;
use crate::text::quoted;
use std::fmt::Write as _;

pub(super) fn text(inspection: &Inspection, profiles: &Profiles) -> String {
    let edition = &inspection.plan.rules.edition;
    let mut text = format!(
        "{}, as edition {} of {} reads it on {}\n",
        inspection.catalog.shown, edition.id, edition.program, inspection.plan.as_of
    );
    let ids = &inspection.measures.entities;
    let names = if ids.is_empty() { String::new() } else { format!(": {}", some(&quoted_all(ids))) };
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    let _ = writeln!(text, "{}{names}", counted(count, "entity", "entities"));
    attention::write(&mut text, inspection);
    for seen in tables(inspection) {
        table(&mut text, &seen, profiles, &edition.currency);
        names_of(&mut text, &seen, inspection);
    }
    text
}

fn table(text: &mut String, seen: &Seen<'_>, profiles: &Profiles, currency: &str) {
    let Seen { table, files, plan, account, months, survey, other_kinds, .. } = seen;
    let _ = writeln!(text, "\n{}", table.name);
    for one in &files.files {
        file(text, one, seen, profiles);
    }
    let _ = writeln!(text, "  rows                 {}", accounted(account));
    tests(text, seen, currency);
    if !other_kinds.is_empty() {
        let of = |one: &crate::measure::OtherKind| {
            let value = one.spelling.as_ref().map_or_else(|| "nothing".to_owned(), |spelling| quoted(spelling));
            format!("{value} in {}", rows_of(one.rows))
        };
        for column in plan.wanted.iter().filter(|wanted| wanted.only.is_some()).map(|wanted| wanted.name.as_str()) {
            let here = other_kinds.iter().filter(|one| one.column == column);
            let values: Vec<String> = here.map(of).collect();
            if !values.is_empty() {
                let _ = writeln!(text, "  of another kind      by {}: {}", quoted(seen.header(column)), some(&values));
            }
        }
    }
    if table.month.is_some() {
        let months: Vec<Month> = months.iter().copied().collect();
        let shown = if months.is_empty() { "none".to_owned() } else { spoken(&months) };
        let _ = writeln!(text, "  months               {shown}");
        let holes = seen.holes();
        if !holes.is_empty() {
            let _ = writeln!(text, "  holes                {}", spoken(&holes));
        }
        if let Some((from, to)) = plan.covers {
            let _ = writeln!(text, "  said to cover        {from} to {to}");
        }
    }
    for (column, rows, sum) in survey.negative.iter().filter(|(_, rows, _)| *rows > 0) {
        let amount = quantity(table, column, sum, currency);
        let _ = writeln!(text, "  negative amounts     `{column}` in {}, together {amount}", rows_of(*rows));
    }
}

fn file(text: &mut String, file: &TableFile, seen: &Seen<'_>, profiles: &Profiles) {
    let title = |id: &str| profiles.iter().find(|profile| profile.id == id).map(|profile| profile.title.as_str());
    let shape = file.fit.as_ref().map_or_else(
        || "no profile".to_owned(),
        |fit| format!("profile {} ({})", fit.profile, title(&fit.profile).unwrap_or_default()),
    );
    let _ = writeln!(text, "  {}", file.file.shown);
    let _ = writeln!(text, "    read through       {shape}; {}", why(file));
    for (column, reason) in missing(file, seen.table, profiles) {
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let _ = writeln!(text, "    column missing     `{column}`{reason}");
    }
    let unused = unused(file, seen.table);
    if !unused.is_empty() {
        let _ = writeln!(text, "    columns unused     {}", some(&quoted_all(&unused)));
    }
}

const fn why(file: &TableFile) -> &'static str {
    match file.why {
        Why::Chosen => "chosen",
        Why::OwnHeaders => "its headers are the table's own",
        Why::Fits => "its headers fit this profile only",
    }
}

/// All rows, and what became of them.
fn accounted(account: &Account) -> String {
    let number = |count: u64| grouped(&count.to_string());
    let Account { used, dropped, duplicate, outside, unreadable, .. } = account;
    let fates = [
        (used, "used"),
        (dropped, "dropped"),
        (duplicate, "duplicate"),
        (outside, "outside the months looked at"),
        (unreadable, "unreadable"),
    ];
    let shown = fates.iter().filter(|(count, _)| **count > 0);
    let shown: Vec<String> = shown.map(|(count, word)| format!("{} {word}", number(**count))).collect();
    if shown.is_empty() { "0".to_owned() } else { format!("{}: {}", number(account.rows()), shown.join(", ")) }
}

/// The tests that drop rows.
fn tests(text: &mut String, seen: &Seen<'_>, currency: &str) {
    let sifted = seen.plan.clauses.iter().zip(&seen.survey.clauses);
    let dropping: Vec<_> = sifted.filter(|(_, sifted)| sifted.dropped > 0).collect();
    if dropping.is_empty() {
        return;
    }
    let of = if seen.table.month.is_some() { "of the rows in the months looked at; " } else { "" };
    let _ = writeln!(text, "  tests                {of}what one drops, a measure without it can still use");
    for (clause, sifted) in dropping {
        let of = format!("{} of {}", grouped(&sifted.dropped.to_string()), rows_of(sifted.reached));
        let sums = amounts(&sifted.sums, seen.table, currency);
        let columns = quoted_all(&clause.columns).join(" and ");
        let _ = writeln!(text, "    `{}` on {columns} drops {of}{sums}", clause.written_in);
    }
}

/// What goes by two names, or stands beside several.
fn names_of(text: &mut String, seen: &Seen<'_>, inspection: &Inspection) {
    for merged in inspection.measures.merged.iter().filter(|merged| merged.table == seen.table.name) {
        let is = |(second, first): &(String, String)| format!("{} is {}", quoted(second), quoted(first));
        let names: Vec<String> = merged.names.iter().map(is).collect();
        let _ = writeln!(text, "  two names            in `{}`: {}", merged.column, some(&names));
    }
    for beside in inspection.measures.beside.iter().filter(|beside| beside.table == seen.table.name) {
        for (first, seconds) in beside.several.iter().take(NAMED) {
            let seconds = some(&quoted_all(seconds));
            let _ = writeln!(text, "  several names        in `{}`: {} is {seconds}", beside.column, quoted(first));
        }
        if let Some(more) = beside.several.len().checked_sub(NAMED).filter(|more| *more > 0) {
            let _ = writeln!(text, "    and {}", super::more(more));
        }
    }
}
