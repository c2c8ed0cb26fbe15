//! In words: what needs attention, then each table.

use super::{
    Line, NAMED, Section, Seen, amounts, attention, counted, missing, quantity, quoted_all, rows_of, some, tables,
    unused,
};
use crate::catalog::{TableFile, Why};
use crate::exact::Exact;
use crate::measure::Account;
use crate::month::{Month, spoken};
use crate::profile::Profiles;
use crate::report::amounts::grouped;
use crate::run::Inspection;
use crate::text::quoted;
use std::fmt::Write as _;

/// What is said of the data, under headings.
pub(in crate::report) fn sections(inspection: &Inspection, profiles: &Profiles) -> Vec<Section> {
    let mut all = Vec::new();
    let others = inspection.measures.others.len();
    if others > 0 {
        let of = counted(u64::try_from(others).unwrap_or(u64::MAX), "other entity", "other entities");
        let what =
            format!("the data hold {of}: `pcs-rules inspect` says what concerns all, and none of that stands here");
        all.push(Section { title: "all tables".to_owned(), lines: vec![Line::of("others", what)] });
    }
    let attention = attention::lines(inspection);
    if !attention.is_empty() {
        all.push(Section { title: "needs attention".to_owned(), lines: attention });
    }
    let currency = &inspection.plan.rules.edition.currency;
    for seen in tables(inspection) {
        let mut lines = table(&seen, profiles, currency);
        names_of(&mut lines, &seen, inspection);
        all.push(Section { title: seen.table.name.clone(), lines });
    }
    all
}

/// Whose data they are, and how they are read: the lines above the sections.
pub(super) fn head(inspection: &Inspection) -> String {
    let edition = &inspection.plan.rules.edition;
    let mut text = format!(
        "{}, as edition {} of {} reads it on {}\n",
        inspection.catalog.shown, edition.id, edition.program, inspection.plan.as_of
    );
    let ids = &inspection.measures.entities;
    let names = if ids.is_empty() { String::new() } else { format!(": {}", some(&quoted_all(ids))) };
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    let _ = writeln!(text, "{}{names}", counted(count, "entity", "entities"));
    text
}

fn table(seen: &Seen<'_>, profiles: &Profiles, currency: &str) -> Vec<Line> {
    let Seen { table, files, plan, account, months, other_kinds, .. } = seen;
    let mut lines: Vec<Line> = files.files.iter().map(|one| file(one, seen, profiles)).collect();
    lines.push(Line::of("rows", accounted(account)));
    lines.extend(tests(seen, currency));
    if !other_kinds.is_empty() {
        let of = |one: &crate::measure::OtherKind| {
            let value = one.spelling.as_ref().map_or_else(|| "nothing".to_owned(), |spelling| quoted(spelling));
            format!("{value} in {}", rows_of(one.rows))
        };
        for column in plan.wanted.iter().filter(|wanted| wanted.only.is_some()).map(|wanted| wanted.name.as_str()) {
            let here = other_kinds.iter().filter(|one| one.column == column);
            let values: Vec<String> = here.map(of).collect();
            if !values.is_empty() {
                let what = format!("by {}: {}", quoted(seen.header(column)), some(&values));
                lines.push(Line::of("of another kind", what));
            }
        }
    }
    if table.month.is_some() {
        let own: Vec<Month> = seen.own_months.iter().copied().collect();
        lines.push(Line::of("months", if own.is_empty() { "none".to_owned() } else { spoken(&own) }));
        let of_others: Vec<Month> = months.iter().copied().filter(|month| !own.contains(month)).collect();
        if !of_others.is_empty() {
            let what =
                format!("{}: others have rows there, so it counts as nothing, not as unknown", spoken(&of_others));
            lines.push(Line::of("no own rows in", what));
        }
        let holes = seen.holes();
        if !holes.is_empty() {
            lines.push(Line::of("holes", spoken(&holes)));
        }
        if let Some((from, to)) = plan.covers {
            lines.push(Line::of("said to cover", format!("{from} to {to}")));
        }
    }
    lines.extend(negative(seen, currency));
    lines
}

/// Amounts below zero.
fn negative(seen: &Seen<'_>, currency: &str) -> Vec<Line> {
    let below = seen.survey.negative.iter().filter(|(_, rows, _)| *rows > 0);
    let line = |(column, rows, sum): &(String, u64, Exact)| {
        let amount = quantity(seen.table, column, sum, currency);
        Line::of("negative amounts", format!("`{column}` in {}, together {amount}", rows_of(*rows)))
    };
    below.map(line).collect()
}

fn file(file: &TableFile, seen: &Seen<'_>, profiles: &Profiles) -> Line {
    let title = |id: &str| profiles.iter().find(|profile| profile.id == id).map(|profile| profile.title.as_str());
    let shape = file.fit.as_ref().map_or_else(
        || "no profile".to_owned(),
        |fit| format!("profile {} ({})", fit.profile, title(&fit.profile).unwrap_or_default()),
    );
    let mut under = vec![Line::of("read through", format!("{shape}; {}", why(file)))];
    if let Some(form) = file.file.numbers {
        under.push(Line::of("numbers in text", format!("as in `{form}`")));
    }
    for (column, reason) in missing(file, seen.table, profiles) {
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        under.push(Line::of("column missing", format!("`{column}`{reason}")));
    }
    let unused = unused(file, seen.table);
    if !unused.is_empty() {
        under.push(Line::of("columns unused", some(&quoted_all(&unused))));
    }
    Line { under, ..Line::of("", file.file.shown.as_str()) }
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
fn tests(seen: &Seen<'_>, currency: &str) -> Option<Line> {
    let sifted = seen.plan.clauses.iter().zip(&seen.survey.clauses);
    let dropping = sifted.filter(|(_, sifted)| sifted.dropped > 0).map(|(clause, sifted)| {
        let of = format!("{} of {}", grouped(&sifted.dropped.to_string()), rows_of(sifted.reached));
        let sums = amounts(&sifted.sums, seen.table, currency);
        let columns = quoted_all(&clause.columns).join(" and ");
        Line::of("", format!("`{}` on {columns} drops {of}{sums}", clause.written_in))
    });
    let under: Vec<Line> = dropping.collect();
    let of = if seen.table.month.is_some() { "of the rows in the months looked at; " } else { "" };
    let line = Line::of("tests", format!("{of}what one drops, a measure without it can still use"));
    (!under.is_empty()).then_some(Line { under, ..line })
}

/// What goes by two names, or stands beside several.
fn names_of(lines: &mut Vec<Line>, seen: &Seen<'_>, inspection: &Inspection) {
    for merged in inspection.measures.merged.iter().filter(|merged| merged.table == seen.table.name) {
        let is = |(second, first): &(String, String)| format!("{} is {}", quoted(second), quoted(first));
        let names: Vec<String> = merged.names.iter().map(is).collect();
        lines.push(Line::of("two names", format!("in `{}`: {}", merged.column, some(&names))));
    }
    for beside in inspection.measures.beside.iter().filter(|beside| beside.table == seen.table.name) {
        for (first, seconds) in beside.several.iter().take(NAMED) {
            let seconds = some(&quoted_all(seconds));
            let what = format!("in `{}`: {} is {seconds}", beside.column, quoted(first));
            lines.push(Line::of("several names", what));
        }
        if let Some(more) = beside.several.len().checked_sub(NAMED).filter(|more| *more > 0) {
            attention::under(lines, format!("and {}", super::more(more)));
        }
    }
}
