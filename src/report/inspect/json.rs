//! For programs: the inspection as one JSON document.

use super::{missing, tables, undecided, unused};
use crate::catalog::Why;
use crate::month::Month;
use crate::profile::Profiles;
use crate::run::Inspection;
use serde::Serialize;
use serde_json::{Map, Value};

/// The version of the document.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    data: &'a str,
    program: &'a str,
    edition: &'a str,
    as_of: String,
    entities: &'a [String],
    tables: Vec<Table<'a>>,
    under_two_names: Vec<TwoNames<'a>>,
    most_rows_twice: Vec<Overlap<'a>>,
    untested: Vec<Untested<'a>>,
    undecided: Vec<Undecided>,
    not_used: Vec<NotUsed<'a>>,
    unreadable: Vec<Unreadable<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    id: &'a str,
    files: Vec<File<'a>>,
    rows: crate::report::json::Rows,
    months: Vec<String>,
    months_without_rows: Vec<String>,
    below_zero: Vec<BelowZero<'a>>,
    in_no_list: Vec<InNoList<'a>>,
    estimates: Vec<&'a String>,
    binary_fractions: Vec<BinaryFractions<'a>>,
}

#[derive(Serialize)]
struct BinaryFractions<'a> {
    file: &'a str,
    column: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    profile: Option<&'a str>,
    why: &'static str,
    columns_missing: Vec<Missing>,
    columns_not_read: Vec<String>,
    lacks_mark: bool,
}

#[derive(Serialize)]
struct Missing {
    column: String,
    reason: Option<String>,
}

#[derive(Serialize)]
struct BelowZero<'a> {
    column: &'a str,
    rows: u64,
    sum: String,
}

#[derive(Serialize)]
struct InNoList<'a> {
    column: &'a str,
    spelling: &'a str,
    near: Option<&'a str>,
    rows: u64,
    sums: Map<String, Value>,
}

#[derive(Serialize)]
struct TwoNames<'a> {
    table: &'a str,
    column: &'a str,
    name: &'a str,
    means: &'a str,
}

#[derive(Serialize)]
struct Overlap<'a> {
    table: &'a str,
    files: [&'a str; 2],
    months: Vec<String>,
}

#[derive(Serialize)]
struct Untested<'a> {
    table: &'a str,
    written_in: &'a str,
    column: &'a str,
    rows: u64,
    sums: Map<String, Value>,
}

#[derive(Serialize)]
struct Undecided {
    measure: String,
    months: Vec<String>,
}

#[derive(Serialize)]
struct NotUsed<'a> {
    file: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct Unreadable<'a> {
    code: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    row: Option<u64>,
    column: Option<&'a str>,
    value: Option<&'a str>,
}

fn sums(sums: &[(String, crate::exact::Exact)]) -> Map<String, Value> {
    sums.iter().map(|(column, sum)| (column.clone(), Value::from(sum.to_string()))).collect()
}

fn months<'a>(months: impl IntoIterator<Item = &'a Month>) -> Vec<String> {
    months.into_iter().map(ToString::to_string).collect()
}

pub(super) fn document(inspection: &Inspection, profiles: &Profiles) -> String {
    let measures = &inspection.measures;
    let edition = &inspection.plan.rules.edition;
    let two_names = measures.merged.iter().flat_map(|merged| {
        let two = move |(name, means): &'_ (String, String)| (merged, name.clone(), means.clone());
        merged.names.iter().map(two)
    });
    let two_names: Vec<_> = two_names.collect();
    let document = Document {
        format_version: FORMAT,
        data: &inspection.catalog.shown,
        program: &edition.program,
        edition: &edition.id,
        as_of: inspection.plan.as_of.to_string(),
        entities: &measures.entities,
        tables: tables(inspection)
            .map(|seen| Table {
                id: &seen.table.name,
                files: seen
                    .files
                    .files
                    .iter()
                    .map(|file| File {
                        file: &file.file.shown,
                        profile: file.fit.as_ref().map(|fit| fit.profile.as_str()),
                        why: match file.why {
                            Why::Chosen => "chosen",
                            Why::OwnHeaders => "own-headers",
                            Why::Fits => "fits",
                        },
                        columns_missing: missing(file, seen.table, profiles)
                            .into_iter()
                            .map(|(column, reason)| Missing { column, reason })
                            .collect(),
                        columns_not_read: unused(file, seen.table),
                        lacks_mark: file.lacks_mark(),
                    })
                    .collect(),
                rows: seen.account.into(),
                months: months(&seen.survey.months),
                months_without_rows: months(&seen.holes()),
                below_zero: seen
                    .survey
                    .below_zero
                    .iter()
                    .map(|(column, rows, sum)| BelowZero { column, rows: *rows, sum: sum.to_string() })
                    .collect(),
                in_no_list: seen
                    .survey
                    .unknown
                    .iter()
                    .flat_map(|(column, all)| all.iter().map(move |one| (column, one)))
                    .map(|(column, one)| InNoList {
                        column,
                        spelling: &one.spelling,
                        near: one.near.as_deref(),
                        rows: one.rows,
                        sums: sums(&one.sums),
                    })
                    .collect(),
                estimates: seen.plan.estimates.iter().collect(),
                binary_fractions: seen
                    .floats
                    .iter()
                    .map(|floats| BinaryFractions { file: &floats.file, column: &floats.column })
                    .collect(),
            })
            .collect(),
        under_two_names: two_names
            .iter()
            .map(|(merged, name, means)| TwoNames { table: &merged.table, column: &merged.column, name, means })
            .collect(),
        most_rows_twice: measures
            .overlaps
            .iter()
            .map(|one| Overlap { table: &one.table, files: [&one.first, &one.second], months: months(&one.months) })
            .collect(),
        untested: measures
            .unchecked
            .iter()
            .map(|one| Untested {
                table: &one.table,
                written_in: &one.written_in,
                column: &one.column,
                rows: one.rows,
                sums: sums(&one.sums),
            })
            .collect(),
        undecided: undecided(inspection)
            .into_iter()
            .map(|(measure, missing)| Undecided { measure, months: months(&missing) })
            .collect(),
        not_used: inspection.catalog.unused.iter().map(|file| NotUsed { file: &file.shown, why: &file.why }).collect(),
        unreadable: measures.left_out.iter().map(unreadable).collect(),
    };
    serde_json::to_string_pretty(&document).map_or_else(|_| String::new(), |text| text + "\n")
}

fn unreadable(problem: &crate::diagnostic::Diagnostic) -> Unreadable<'_> {
    let cell = match &problem.place {
        crate::diagnostic::Place::Row(cell) => Some(cell),
        _ => None,
    };
    Unreadable {
        code: problem.code.id(),
        message: &problem.message,
        file: cell.map(|cell| cell.file.as_str()),
        row: cell.map(|cell| cell.row),
        column: cell.and_then(|cell| cell.column.as_deref()),
        value: cell.and_then(|cell| cell.value.as_deref()),
    }
}
