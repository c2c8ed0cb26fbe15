//! What lies in a data folder, for people and for programs.

mod attention;
mod json;
mod text;

use super::amounts::grouped;
use crate::catalog::{TableFile, TableFiles};
use crate::exact::Exact;
use crate::measure::{Account, Floats, OtherKind, Survey, Unlisted};
use crate::month::Month;
use crate::plan::TablePlan;
use crate::profile::Profiles;
use crate::rules::{Table, Unit};
use crate::run::Inspection;
use crate::text::{inert, is_same, quoted};
use std::collections::BTreeSet;
use std::fmt::Write as _;
pub(super) use text::sections;

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
        InspectFormat::Text => inert_lines(&whole(inspection, profiles)),
        InspectFormat::Json => json::document(inspection, profiles),
    }
}

/// What is said under a heading.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
}

/// A line of it: of what it speaks, what is said, and more to it.
pub(super) struct Line {
    pub(super) of: &'static str,
    pub(super) what: String,
    pub(super) under: Vec<Self>,
}

impl Line {
    fn of(of: &'static str, what: impl Into<String>) -> Self {
        Self { of, what: what.into(), under: Vec::new() }
    }

    fn write(&self, depth: usize, text: &mut String) {
        let (indent, width) = (2 + 2 * depth, 20 - 2 * depth);
        let of = if self.of.is_empty() { String::new() } else { format!("{:<width$} ", self.of) };
        let _ = writeln!(text, "{:indent$}{of}{}", "", self.what);
        self.under.iter().for_each(|line| line.write(depth + 1, text));
    }
}

/// The whole as text.
fn whole(inspection: &Inspection, profiles: &Profiles) -> String {
    let mut text = text::head(inspection);
    for Section { title, lines } in sections(inspection, profiles) {
        let _ = writeln!(text, "\n{title}");
        for line in lines {
            line.write(0, &mut text);
        }
    }
    text
}

/// How many of a kind are named one by one.
const NAMED: usize = 8;

/// One table, from all sides.
struct Seen<'a> {
    table: &'a Table,
    files: &'a TableFiles,
    plan: &'a TablePlan,
    account: &'a Account,
    months: &'a BTreeSet<Month>,
    survey: &'a Survey,
    /// The months of the rows that are measured.
    own_months: &'a BTreeSet<Month>,
    unlisted: &'a [(String, Vec<Unlisted>)],
    other_kinds: &'a [OtherKind],
    floats: Vec<&'a Floats>,
}

fn tables(inspection: &Inspection) -> impl Iterator<Item = Seen<'_>> {
    let measures = &inspection.measures;
    let read = measures.accounts.iter().zip(&measures.months).zip(&measures.unlisted).zip(&measures.other_kinds);
    let read = read.zip(&inspection.surveys).zip(&measures.own_months);
    inspection.plan.tables.iter().zip(read).filter_map(
        |(plan, (((((account, months), unlisted), other_kinds), survey), own_months))| {
            Some(Seen {
                table: inspection.plan.rules.tables.get(&plan.name)?,
                files: inspection.catalog.tables.get(&plan.name)?,
                plan,
                account,
                months,
                survey,
                own_months,
                unlisted,
                other_kinds,
                floats: inspection.measures.floats.iter().filter(|floats| floats.table == plan.name).collect(),
            })
        },
    )
}

impl Seen<'_> {
    /// The months between the first and the last that have no rows.
    fn holes(&self) -> Vec<Month> {
        let (Some(first), Some(last)) = (self.months.first(), self.months.last()) else { return Vec::new() };
        let all = (first.index()..=last.index()).map(Month::from_index);
        all.filter(|month| !self.months.contains(month)).collect()
    }

    /// What the files call a column that decides on rows.
    fn header<'b>(&'b self, column: &'b str) -> &'b str {
        let headers = |file: &'b TableFile| file.file.view.as_ref()?.columns.get(column)?.headers.first();
        self.files.files.iter().find_map(headers).map_or(column, String::as_str)
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

/// What a measure is not told for.
#[derive(Default)]
struct Unknown {
    measure: String,
    /// The months that its tables lack.
    months: BTreeSet<Month>,
    /// The tables that are not there at all.
    tables: BTreeSet<String>,
}

/// The measures that cannot be told on the day judged.
fn unknown(inspection: &Inspection) -> Vec<Unknown> {
    let mut all: Vec<Unknown> = Vec::new();
    for (key, measured) in &inspection.measures.readings {
        if measured.lacking.is_empty() || key.0.observation > 0 {
            continue;
        }
        let name = &*key.1.measure;
        let at = all.iter().position(|known| known.measure == name).unwrap_or_else(|| {
            all.push(Unknown { measure: name.to_owned(), ..Unknown::default() });
            all.len() - 1
        });
        let Some(unknown) = all.get_mut(at) else { continue };
        for lacking in &measured.lacking {
            unknown.months.extend(&lacking.months);
            if lacking.months.is_empty() {
                unknown.tables.insert(lacking.table.clone());
            }
        }
    }
    all
}

fn quantity(table: &Table, column: &str, sum: &Exact, currency: &str) -> String {
    let is_money = table.columns.get(column) == Some(&crate::rules::ColumnType::Money);
    super::amounts::quantity(sum, if is_money { Unit::Money } else { Unit::Count }, currency)
}

/// `1 row`, `2,000 rows`.
fn rows_of(rows: u64) -> String {
    counted(rows, "row", "rows")
}

fn counted(count: u64, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {several}", grouped(&count.to_string())) }
}

/// Sums with the names of their columns, but for those that are nothing; a comma before each.
fn amounts(sums: &[(String, Exact)], table: &Table, currency: &str) -> String {
    let sums = sums.iter().filter(|(_, sum)| !sum.is_zero());
    let shown: Vec<String> =
        sums.map(|(column, sum)| format!("{column} {}", quantity(table, column, sum, currency))).collect();
    if shown.is_empty() { String::new() } else { format!(", {}", shown.join(", ")) }
}

fn quoted_all<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    names.into_iter().map(|name| quoted(name)).collect()
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    let mut text = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        let _ = write!(text, " and {}", more(names.len() - NAMED));
    }
    text
}

/// Nothing that a terminal could be fooled by, line by line.
fn inert_lines(text: &str) -> String {
    text.lines().fold(String::new(), |all, line| all + &inert(line) + "\n")
}

/// `2,000 more`.
fn more(count: usize) -> String {
    format!("{} more", grouped(&count.to_string()))
}
