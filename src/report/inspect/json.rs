//! For programs: the inspection as one JSON document.

use super::{Seen, missing, tables, unknown, unused};
use crate::catalog::{TableFile, Why};
use crate::measure::{Alike, Beside, Odd, Sifted};
use crate::month::Month;
use crate::plan::Clause;
use crate::profile::Profiles;
use crate::report::diagnostics::in_a_line;
use crate::rules;
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
    no_row_counts: Vec<&'a str>,
    one_table_only: Vec<OneTable<'a>>,
    strange_names: Vec<Strange<'a>>,
    implausible: Vec<String>,
    two_names: Vec<TwoNames<'a>>,
    several_names: Vec<Names<'a>>,
    ambiguous_names: Vec<Names<'a>>,
    most_rows_twice: Vec<Overlap<'a>>,
    untested: Vec<Untested<'a>>,
    unknown: Vec<Unknown>,
    no_line_end: &'a [String],
    files_unused: Vec<Unused<'a>>,
    unreadable: Vec<Unreadable<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    id: &'a str,
    files: Vec<File<'a>>,
    rows: crate::report::json::Rows,
    tests: Vec<Test<'a>>,
    other_kinds: Vec<OtherKind<'a>>,
    months: Vec<String>,
    holes: Vec<String>,
    months_ahead_to: Option<String>,
    negative_amounts: Vec<Negative<'a>>,
    unlisted_spellings: Vec<Unlisted<'a>>,
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
    columns_unused: Vec<String>,
    lacks_mark: bool,
}

#[derive(Serialize)]
struct Missing {
    column: String,
    reason: Option<String>,
}

/// A part of a test: of the rows that reach it, those it keeps and those it drops. What it drops, a measure without it
/// can still use.
#[derive(Serialize)]
struct Test<'a> {
    written_in: &'a str,
    columns: &'a [String],
    reached: u64,
    kept: u64,
    dropped: u64,
    dropped_sums: Map<String, Value>,
}

#[derive(Serialize)]
struct OtherKind<'a> {
    column: String,
    spelling: Option<&'a str>,
    rows: u64,
}

#[derive(Serialize)]
struct OneTable<'a> {
    table: &'a str,
    entities: &'a [String],
}

#[derive(Serialize)]
struct Names<'a> {
    table: &'a str,
    column: &'a str,
    name: &'a str,
    beside: &'a [String],
}

#[derive(Serialize)]
struct Negative<'a> {
    column: &'a str,
    rows: u64,
    sum: String,
}

#[derive(Serialize)]
struct Unlisted<'a> {
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

/// Of a column; of the entities where none is named.
#[derive(Serialize)]
struct Strange<'a> {
    table: Option<&'a str>,
    column: Option<&'a str>,
    unlike_the_others: &'a [String],
    two_spellings: &'a [(String, String)],
}

#[derive(Serialize)]
struct Overlap<'a> {
    table: &'a str,
    /// How the rows are alike.
    alike: &'static str,
    files: [&'a str; 2],
    months: Vec<String>,
}

#[derive(Serialize)]
struct Untested<'a> {
    table: &'a str,
    written_in: &'a str,
    column: &'a str,
    rows_are: &'static str,
    rows: u64,
    sums: Map<String, Value>,
}

#[derive(Serialize)]
struct Unknown {
    measure: String,
    months: Vec<String>,
    tables: Vec<String>,
}

#[derive(Serialize)]
struct Unused<'a> {
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
        tables: tables(inspection).map(|seen| table(&seen, inspection, profiles)).collect(),
        no_row_counts: measures.idle().into_iter().map(|account| account.table.as_str()).collect(),
        strange_names: measures.odd.iter().map(strange).collect(),
        implausible: measures.doubts.iter().map(in_a_line).collect(),
        one_table_only: measures.alone.iter().map(|(table, entities)| OneTable { table, entities }).collect(),
        two_names: two_names
            .iter()
            .map(|(merged, name, means)| TwoNames { table: &merged.table, column: &merged.column, name, means })
            .collect(),
        several_names: measures
            .beside
            .iter()
            .flat_map(|of| names(of, of.several.iter().map(|(name, beside)| (name, beside))))
            .collect(),
        ambiguous_names: measures
            .beside
            .iter()
            .flat_map(|of| names(of, of.ambiguous.iter().map(|one| (&one.name, &one.beside))))
            .collect(),
        most_rows_twice: measures
            .overlaps
            .iter()
            .map(|one| Overlap {
                table: &one.table,
                alike: match one.alike {
                    Alike::Whole => "whole",
                    Alike::ButForAmounts => "but-for-amounts",
                    Alike::Within => "within-file",
                },
                files: [&one.first, &one.second],
                months: months(&one.months),
            })
            .collect(),
        untested: measures
            .unchecked
            .iter()
            .map(|one| Untested {
                rows_are: if one.is_kept { "kept" } else { "left-out" },
                table: &one.table,
                written_in: &one.written_in,
                column: &one.column,
                rows: one.rows,
                sums: sums(&one.sums),
            })
            .collect(),
        unknown: unknown(inspection)
            .into_iter()
            .map(|one| Unknown {
                measure: one.measure,
                months: one.months.iter().map(ToString::to_string).collect(),
                tables: one.tables.into_iter().collect(),
            })
            .collect(),
        no_line_end: &measures.open_ends,
        files_unused: inspection
            .catalog
            .unused
            .iter()
            .map(|file| Unused { file: &file.shown, why: &file.why })
            .collect(),
        unreadable: measures.left_out.iter().map(unreadable).collect(),
    };
    crate::report::json_text::pretty(&document)
}

fn strange(odd: &Odd) -> Strange<'_> {
    let of = odd.of.as_ref();
    Strange {
        table: of.map(|of| of.table.as_str()),
        column: of.map(|of| of.column.as_str()),
        unlike_the_others: &odd.unlike,
        two_spellings: &odd.alike,
    }
}

fn table<'a>(seen: &Seen<'a>, inspection: &Inspection, profiles: &Profiles) -> Table<'a> {
    let Seen { table, files, plan, account, survey, .. } = *seen;
    let ahead = inspection.measures.months_ahead.iter().find(|(name, _)| *name == table.name);
    let negative = survey.negative.iter().filter(|(_, rows, _)| *rows > 0);
    let unlisted = seen.unlisted.iter().flat_map(|(column, all)| all.iter().map(move |one| (column, one)));
    Table {
        id: &table.name,
        files: files.files.iter().map(|one| file(one, table, profiles)).collect(),
        rows: account.into(),
        tests: plan.clauses.iter().zip(&survey.clauses).map(|(clause, sifted)| test(clause, sifted)).collect(),
        other_kinds: seen
            .other_kinds
            .iter()
            .map(|one| OtherKind {
                column: seen.header(&one.column).to_owned(),
                spelling: one.spelling.as_deref(),
                rows: one.rows,
            })
            .collect(),
        months: months(seen.months),
        holes: months(&seen.holes()),
        months_ahead_to: ahead.map(|(_, newest)| newest.to_string()),
        negative_amounts: negative
            .map(|(column, rows, sum)| Negative { column, rows: *rows, sum: sum.to_string() })
            .collect(),
        unlisted_spellings: unlisted
            .map(|(column, one)| Unlisted {
                column,
                spelling: &one.spelling,
                near: one.near.as_deref(),
                rows: one.rows,
                sums: sums(&one.sums),
            })
            .collect(),
        estimates: plan.estimates.iter().collect(),
        binary_fractions: seen
            .floats
            .iter()
            .map(|floats| BinaryFractions { file: &floats.file, column: &floats.column })
            .collect(),
    }
}

fn file<'a>(file: &'a TableFile, table: &rules::Table, profiles: &Profiles) -> File<'a> {
    File {
        file: &file.file.shown,
        profile: file.fit.as_ref().map(|fit| fit.profile.as_str()),
        why: match file.why {
            Why::Chosen => "chosen",
            Why::OwnHeaders => "own-headers",
            Why::Fits => "fits",
        },
        columns_missing: missing(file, table, profiles)
            .into_iter()
            .map(|(column, reason)| Missing { column, reason })
            .collect(),
        columns_unused: unused(file, table),
        lacks_mark: file.lacks_mark(),
    }
}

fn test<'a>(clause: &'a Clause, sifted: &Sifted) -> Test<'a> {
    Test {
        written_in: &clause.written_in,
        columns: &clause.columns,
        reached: sifted.reached,
        kept: sifted.reached.saturating_sub(sifted.dropped),
        dropped: sifted.dropped,
        dropped_sums: sums(&sifted.sums),
    }
}

fn names<'a>(
    of: &'a Beside,
    all: impl Iterator<Item = (&'a String, &'a Vec<String>)>,
) -> impl Iterator<Item = Names<'a>> {
    all.map(|(name, beside)| Names { table: &of.table, column: &of.column, name, beside })
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
