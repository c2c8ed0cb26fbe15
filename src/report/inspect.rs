//! What lies in a data folder, for people and for programs.

mod json;

use crate::catalog::{TableFile, TableFiles, Why};
use crate::exact::Exact;
use crate::measure::{Account, Floats, Overlap, Survey, Unlisted};
use crate::month::{Month, spoken};
use crate::plan::TablePlan;
use crate::profile::Profiles;
use crate::rules::{Table, Unit};
use crate::run::Inspection;
use crate::text::{inert, is_same, quoted};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How an inspection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectFormat {
    /// For people, on a terminal.
    Text,
    /// One JSON document.
    Json,
}

/// The inspection as text; ends with a line end.
#[must_use]
pub fn inspection(inspection: &Inspection, profiles: &Profiles, format: InspectFormat) -> String {
    match format {
        InspectFormat::Text => inert_lines(&text(inspection, profiles)),
        InspectFormat::Json => json::document(inspection, profiles),
    }
}

/// How many of a kind are named one by one.
const NAMED: usize = 8;

/// One table, from all sides.
struct Seen<'a> {
    table: &'a Table,
    files: &'a TableFiles,
    plan: &'a TablePlan,
    account: &'a Account,
    survey: &'a Survey,
    floats: Vec<&'a Floats>,
}

fn tables(inspection: &Inspection) -> impl Iterator<Item = Seen<'_>> {
    let measured = inspection.measures.accounts.iter().zip(&inspection.surveys);
    inspection.plan.tables.iter().zip(measured).filter_map(|(plan, (account, survey))| {
        Some(Seen {
            table: inspection.plan.rules.tables.get(&plan.name)?,
            files: inspection.catalog.tables.get(&plan.name)?,
            plan,
            account,
            survey,
            floats: inspection.measures.floats.iter().filter(|floats| floats.table == plan.name).collect(),
        })
    })
}

impl Seen<'_> {
    /// The months between the first and the last that have no rows.
    fn holes(&self) -> Vec<Month> {
        let (Some(first), Some(last)) = (self.survey.months.first(), self.survey.months.last()) else {
            return Vec::new();
        };
        (first.index()..=last.index())
            .map(Month::from_index)
            .filter(|month| !self.survey.months.contains(month))
            .collect()
    }
}

/// The columns of a file that nothing reads.
fn unused(file: &TableFile, table: &Table) -> Vec<String> {
    let is_used = |header: &String| match &file.file.view {
        None => table.columns.keys().any(|column| is_same(column, header)),
        Some(view) => view.columns.values().any(|column| column.headers.contains(header)),
    };
    file.header.iter().filter(|header| !is_used(header)).cloned().collect()
}

/// The columns of the table that a file does not give, with what its profile says of them.
fn missing(file: &TableFile, table: &Table, profiles: &Profiles) -> Vec<(String, Option<String>)> {
    let profile = file.fit.as_ref().and_then(|fit| profiles.iter().find(|profile| profile.id == fit.profile));
    let reason = |column: &str| {
        let absent = &profile?.absent;
        absent.iter().find(|(name, _)| name == column).map(|(_, why)| why.clone())
    };
    let missing = table.columns.keys().filter(|column| !file.gives(column));
    missing.map(|column| (column.clone(), reason(column))).collect()
}

const fn why(file: &TableFile) -> &'static str {
    match file.why {
        Why::Chosen => "chosen",
        Why::OwnHeaders => "its headers are the table's own",
        Why::Fits => "its headers fit this profile only",
    }
}

/// What the readings cannot say: each measure with the months that its table lacks.
fn undecided(inspection: &Inspection) -> Vec<(String, Vec<Month>)> {
    let mut all: Vec<(String, Vec<Month>)> = Vec::new();
    for (key, measured) in &inspection.measures.readings {
        let missing: Vec<Month> = measured.lacking.iter().flat_map(|lacking| lacking.months.iter().copied()).collect();
        if missing.is_empty() || key.0.observation > 0 {
            continue;
        }
        let name = key.1.measure.to_string();
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, months)) => {
                let together: BTreeSet<Month> = months.iter().chain(&missing).copied().collect();
                *months = together.into_iter().collect();
            }
            None => all.push((name, missing)),
        }
    }
    all
}

fn text(inspection: &Inspection, profiles: &Profiles) -> String {
    let edition = &inspection.plan.rules.edition;
    let mut text = format!(
        "{}, as edition {} of {} reads it on {}\n",
        inspection.catalog.shown, edition.id, edition.program, inspection.plan.as_of
    );
    let ids = &inspection.measures.entities;
    let _ = writeln!(text, "{}", counted_names("entity", "entities", ids));
    for seen in tables(inspection) {
        table(&mut text, &seen, profiles, &edition.currency);
    }
    for merged in &inspection.measures.merged {
        let names: Vec<String> =
            merged.names.iter().map(|(second, first)| format!("{} is {}", quoted(second), quoted(first))).collect();
        let _ = writeln!(text, "\nunder two names in `{}` of `{}`: {}", merged.column, merged.table, some(&names));
    }
    overlaps(&mut text, &inspection.measures.overlaps);
    cannot(&mut text, inspection);
    if !inspection.catalog.unused.is_empty() {
        text.push_str("\nnot used\n");
        for file in &inspection.catalog.unused {
            let _ = writeln!(text, "  {}: it {}", file.shown, file.why);
        }
    }
    if !inspection.measures.left_out.is_empty() {
        text.push_str("\nunreadable rows\n");
        for problem in &inspection.measures.left_out {
            let _ = writeln!(text, "  {}", crate::report::diagnostics::in_a_line(problem));
        }
        let more = inspection
            .measures
            .rows_left_out
            .saturating_sub(u64::try_from(inspection.measures.left_out.len()).unwrap_or(0));
        if more > 0 {
            let _ = writeln!(text, "  and {more} more");
        }
    }
    text
}

fn table(text: &mut String, seen: &Seen<'_>, profiles: &Profiles, currency: &str) {
    let Seen { table, files, plan, account, survey, floats } = seen;
    let _ = writeln!(text, "\n{}", table.name);
    for file in &files.files {
        let shape = file.fit.as_ref().map_or_else(
            || "no profile".to_owned(),
            |fit| {
                let title =
                    profiles.iter().find(|profile| profile.id == fit.profile).map(|profile| profile.title.as_str());
                format!("profile {} ({})", fit.profile, title.unwrap_or_default())
            },
        );
        let _ = writeln!(text, "  {}", file.file.shown);
        let _ = writeln!(text, "    read through       {shape}; {}", why(file));
        for (column, reason) in missing(file, table, profiles) {
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            let _ = writeln!(text, "    has no             `{column}`{reason}");
        }
        let unused = unused(file, table);
        if !unused.is_empty() {
            let names: Vec<String> = unused.iter().map(|name| quoted(name)).collect();
            let _ = writeln!(text, "    columns not read   {}", some(&names));
        }
    }
    for floats in floats {
        let _ = writeln!(text, "  binary fractions     {} in {}", quoted(&floats.column), floats.file);
    }
    let Account { used, dropped, duplicate, outside, unreadable, .. } = account;
    let _ = writeln!(text, "  rows                 {}", account.rows());
    let _ = writeln!(text, "    used               {used}");
    let _ = writeln!(text, "    left out by tests  {dropped}");
    let mark = if plan.unmarked.is_empty() { "" } else { " (some files lack the mark)" };
    let _ = writeln!(text, "    repeated           {duplicate}{mark}");
    let _ = writeln!(text, "    in other months    {outside}");
    let _ = writeln!(text, "    unreadable         {unreadable}");
    if table.month.is_some() {
        let months: Vec<Month> = survey.months.iter().copied().collect();
        let shown = if months.is_empty() { "none".to_owned() } else { spoken(&months) };
        let _ = writeln!(text, "  months               {shown}");
        let holes = seen.holes();
        if !holes.is_empty() {
            let _ = writeln!(text, "    without rows       {}", spoken(&holes));
        }
        if let Some((from, to)) = plan.covers {
            let _ = writeln!(text, "    said to cover      {from} to {to}");
        }
    }
    for (column, rows, sum) in survey.below_zero.iter().filter(|(_, rows, _)| *rows > 0) {
        let amount = quantity(table, column, sum, currency);
        let _ = writeln!(text, "  below zero           `{column}` in {}: {amount}", rows_of(*rows));
    }
    for (column, unlisted) in &survey.unknown {
        if unlisted.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  in no list           {} in `{column}`", spellings(unlisted.len()));
        for one in unlisted.iter().take(NAMED) {
            let _ = writeln!(text, "    {}", of_no_list(one, table, currency));
        }
        if unlisted.len() > NAMED {
            let _ = writeln!(text, "    and {} more", unlisted.len() - NAMED);
        }
    }
}

fn overlaps(text: &mut String, overlaps: &[Overlap]) {
    if overlaps.is_empty() {
        return;
    }
    text.push_str("\nfiles that share most rows, which count twice\n");
    for Overlap { table, first, second, months } in overlaps.iter().take(NAMED) {
        let of = if months.is_empty() { String::new() } else { format!(", in {}", spoken(months)) };
        let _ = writeln!(text, "  {first} and {second}, of `{table}`{of}");
    }
    if overlaps.len() > NAMED {
        let _ = writeln!(text, "  and {} more pairs", overlaps.len() - NAMED);
    }
}

fn of_no_list(one: &Unlisted, table: &Table, currency: &str) -> String {
    let sums: Vec<String> = one
        .sums
        .iter()
        .filter(|(_, sum)| !sum.is_zero())
        .map(|(column, sum)| format!("{column} {}", quantity(table, column, sum, currency)))
        .collect();
    let sums = if sums.is_empty() { String::new() } else { format!(", {}", sums.join(", ")) };
    let near = one.near.as_ref().map(|near| format!(", nearly {}", quoted(near))).unwrap_or_default();
    format!("{} in {}{sums}{near}", quoted(&one.spelling), rows_of(one.rows))
}

fn cannot(text: &mut String, inspection: &Inspection) {
    let untested = &inspection.measures.unchecked;
    let undecided = undecided(inspection);
    let estimates: Vec<&String> = inspection.plan.tables.iter().flat_map(|table| &table.estimates).collect();
    if untested.is_empty() && undecided.is_empty() && estimates.is_empty() {
        return;
    }
    text.push_str("\nwhat the rules cannot tell from these data\n");
    for one in untested {
        let _ = writeln!(
            text,
            "  the test of `{}` on `{}`, a column that `{}` lacks: {} kept untested",
            one.written_in,
            one.column,
            one.table,
            rows_of(one.rows)
        );
    }
    for (measure, months) in undecided {
        let _ = writeln!(text, "  measure `{measure}`, for want of {}", spoken(&months));
    }
    for sentence in estimates {
        let _ = writeln!(text, "  the real amounts: {sentence}");
    }
}

fn quantity(table: &Table, column: &str, sum: &Exact, currency: &str) -> String {
    let is_money = table.columns.get(column) == Some(&crate::rules::ColumnType::Money);
    super::amounts::quantity(sum, if is_money { Unit::Money } else { Unit::Count }, currency)
}

fn rows_of(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn spellings(count: usize) -> String {
    if count == 1 { "1 spelling".to_owned() } else { format!("{count} spellings") }
}

fn counted_names(one: &str, several: &str, names: &[String]) -> String {
    let shown: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    match names.len() {
        0 => format!("no {several}"),
        1 => format!("1 {one}: {}", some(&shown)),
        count => format!("{count} {several}: {}", some(&shown)),
    }
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let mut text = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        let _ = write!(text, " and {} more", names.len() - NAMED);
    }
    text
}

/// Nothing that a terminal could be fooled by, line by line.
fn inert_lines(text: &str) -> String {
    text.lines().fold(String::new(), |all, line| all + &inert(line) + "\n")
}
