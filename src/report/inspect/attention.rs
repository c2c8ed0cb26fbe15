//! What a reader of the data should look at before the scores.

use super::{Line, NAMED, Unknown, amounts, counted, more, quoted_all, rows_of, some, tables, unknown};
use crate::measure::{Alike, Ambiguous, Overlap, Unlisted};
use crate::month::{Month, spoken};
use crate::report::amounts::grouped;
use crate::rules::Table;
use crate::run::Inspection;
use crate::text::quoted;
use std::collections::BTreeSet;

/// Everything that needs attention, the worst first.
pub(super) fn lines(inspection: &Inspection) -> Vec<Line> {
    let mut lines = Vec::new();
    rows(&mut lines, inspection);
    rules(&mut lines, inspection);
    spellings(&mut lines, inspection);
    names(&mut lines, inspection);
    files(&mut lines, inspection);
    lines
}

/// Adds a line under the last one.
pub(super) fn under(lines: &mut [Line], what: impl Into<String>) {
    if let Some(last) = lines.last_mut() {
        last.under.push(Line::of("", what));
    }
}

fn rows(lines: &mut Vec<Line>, inspection: &Inspection) {
    let measures = &inspection.measures;
    if measures.rows_left_out > 0 {
        let what = if measures.is_of_one() {
            "rows were left out, somewhere in the data of all entities".to_owned()
        } else {
            rows_of(measures.rows_left_out)
        };
        lines.push(Line::of("unreadable", what));
        for problem in &measures.left_out {
            under(lines, crate::report::diagnostics::in_a_line(problem));
        }
        let listed = u64::try_from(measures.left_out.len()).unwrap_or(u64::MAX);
        if listed > 0 && measures.rows_left_out > listed {
            under(lines, format!("and {}", counted(measures.rows_left_out - listed, "more", "more")));
        }
    }
    for account in measures.idle() {
        let rows = account.rows();
        let what = if rows == 0 { "it has none".to_owned() } else { format!("none of {} counts", rows_of(rows)) };
        lines.push(Line::of("no row counts", format!("`{}`: {what}", account.table)));
    }
    for (table, newest) in &measures.months_ahead {
        lines.push(Line::of("months ahead", format!("`{table}` has months up to {newest}: they are not counted")));
    }
}

/// What the rules cannot tell from these data.
fn rules(lines: &mut Vec<Line>, inspection: &Inspection) {
    for Unknown { measure, months, tables } in unknown(inspection) {
        lines.push(Line::of("unknown", wanting(&measure, months, &tables)));
    }
    let currency = &inspection.plan.rules.edition.currency;
    for one in &inspection.measures.unchecked {
        let Some(table) = inspection.plan.rules.tables.get(&one.table) else { continue };
        let kept = format!("{}{}", rows_of(one.rows), amounts(&one.sums, table, currency));
        if !one.is_kept {
            let of = format!("`{}` on `{}`, which is blank in rows of `{}`", one.written_in, one.column, one.table);
            lines.push(Line::of("blank cells", format!("{of}: leaves out {kept}")));
            continue;
        }
        let why = if one.lacking.is_empty() {
            format!("which is blank in rows of `{}`", one.table)
        } else {
            format!("a column that `{}` lacks", one.table)
        };
        let of = format!("`{}` on `{}`, {why}", one.written_in, one.column);
        lines.push(Line::of("untested", format!("{of}: kept {kept}")));
    }
    for plan in &inspection.plan.tables {
        for sentence in &plan.estimates {
            lines.push(Line::of("estimate", format!("`{}`: {sentence}", plan.name)));
        }
    }
}

/// What a measure is not told for.
fn wanting(measure: &str, months: BTreeSet<Month>, tables: &BTreeSet<String>) -> String {
    let mut wanted: Vec<String> = tables.iter().map(|table| format!("the table `{table}`")).collect();
    if !months.is_empty() {
        wanted.push(spoken(&months.into_iter().collect::<Vec<_>>()));
    }
    format!("measure `{measure}`, for want of {}", wanted.join(" and "))
}

fn spellings(lines: &mut Vec<Line>, inspection: &Inspection) {
    let currency = &inspection.plan.rules.edition.currency;
    for seen in tables(inspection) {
        for (column, unlisted) in seen.unlisted.iter().filter(|(_, unlisted)| !unlisted.is_empty()) {
            let count = grouped(&unlisted.len().to_string());
            lines.push(Line::of("unlisted spellings", format!("{count} in `{column}` of `{}`", seen.table.name)));
            for one in unlisted.iter().take(NAMED) {
                under(lines, spelling(one, seen.table, currency));
            }
            if unlisted.len() > NAMED {
                under(lines, format!("and {}", more(unlisted.len() - NAMED)));
            }
        }
    }
}

fn spelling(one: &Unlisted, table: &Table, currency: &str) -> String {
    let near = one.near.as_ref().map(|near| format!(", nearly {}", quoted(near))).unwrap_or_default();
    let sums = amounts(&one.sums, table, currency);
    format!("{} in {}{sums}{near}", quoted(&one.spelling), rows_of(one.rows))
}

fn names(lines: &mut Vec<Line>, inspection: &Inspection) {
    for beside in &inspection.measures.beside {
        let of = format!("in `{}` of `{}`", beside.column, beside.table);
        for Ambiguous { name, beside, untold } in beside.ambiguous.iter().take(NAMED) {
            let untold = u64::try_from(*untold).ok().filter(|untold| *untold > 0);
            let untold = untold.map(|untold| counted(untold, "name of others", "names of others"));
            let firsts = if beside.is_empty() { None } else { Some(some(&quoted_all(beside))) };
            let firsts = firsts.into_iter().chain(untold).collect::<Vec<_>>().join(" and ");
            let what = format!("{} stands beside {firsts}, and alone means none of them, {of}", quoted(name));
            lines.push(Line::of("ambiguous name", what));
        }
        if beside.ambiguous.len() > NAMED {
            under(lines, format!("and {}", more(beside.ambiguous.len() - NAMED)));
        }
    }
    for (table, alone) in &inspection.measures.alone {
        let names = some(&quoted_all(alone));
        lines.push(Line::of("in one table only", format!("{names} in `{table}`")));
    }
    for said in inspection.measures.odd.iter().flat_map(|odd| odd.unlike_said().into_iter().chain(odd.alike_said())) {
        lines.push(Line::of("strange names", said));
    }
    let currency = &inspection.plan.rules.edition.currency;
    for (file, column) in inspection.plan.tables.iter().flat_map(|plan| &plan.currencies) {
        let what = format!("nothing reads `{column}` of {file}: its amounts are taken as {currency}");
        lines.push(Line::of("currency", what));
    }
    for doubt in &inspection.measures.doubts {
        lines.push(Line::of("implausible", doubt.message.as_str()));
    }
}

fn files(lines: &mut Vec<Line>, inspection: &Inspection) {
    for overlap in inspection.measures.overlaps.iter().take(NAMED) {
        let Overlap { table, alike, first, second, months } = overlap;
        let of = if months.is_empty() { String::new() } else { format!(" of {}", spoken(months)) };
        let what = match alike {
            Alike::Whole => format!("{first} and {second}, both of `{table}`, share many of their rows{of}"),
            Alike::ButForAmounts => {
                format!("{first} and {second}, both of `{table}`, have many of their rows{of} with other amounts")
            }
            Alike::Within => format!("{second}, of `{table}`, has most of its rows{of} more than once"),
        };
        lines.push(Line::of("rows twice", what));
    }
    if let Some(count) = inspection.measures.overlaps.len().checked_sub(NAMED).filter(|count| *count > 0) {
        under(lines, format!("and {}", more(count)));
    }
    for floats in &inspection.measures.floats {
        let what = format!("{} of {} are read as the shortest decimals", quoted(&floats.column), floats.file);
        lines.push(Line::of("binary fractions", what));
    }
    for file in inspection.plan.tables.iter().flat_map(|plan| &plan.unmarked) {
        lines.push(Line::of("no mark", format!("{file} lacks the mark for repeated amounts, so one can count twice")));
    }
    for file in &inspection.measures.open_ends {
        lines.push(Line::of("no line end", format!("{file} may have been cut inside its last cell")));
    }
    for file in inspection.catalog.unused.iter().take(NAMED) {
        lines.push(Line::of("file unused", format!("{}: it {}", file.shown, file.why)));
    }
    if let Some(count) = inspection.catalog.unused.len().checked_sub(NAMED).filter(|count| *count > 0) {
        under(lines, format!("and {}", more(count)));
    }
}
