//! Laws that hold for any rows: neither their order, nor how they are cut into files and stored there, nor the number of
//! threads changes a byte; more progress never lowers points.

use super::{Scratch, copy, root, run};
use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::exact::Exact;
use pcs_rules::measure::{AtOnce, Effort};
use pcs_rules::run::{Question, load_rules, score_folder};
use pcs_rules::source::Sources;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, LazyLock};

/// A row of loans of the base case's program.
#[derive(Clone, Debug)]
pub(crate) struct Loan {
    pub(crate) branch: &'static str,
    pub(crate) reader: &'static str,
    pub(crate) desk: &'static str,
    pub(crate) month: &'static str,
    pub(crate) fees: i32,
    pub(crate) books: u8,
}

impl Loan {
    fn line(&self) -> String {
        let Self { branch, reader, desk, month, fees, books } = self;
        format!("{branch},{reader},novels,{desk},{month},{}.{:03},{books}\n", fees / 1000, fees.abs() % 1000)
    }
}

/// Who borrows, in some spellings.
pub(crate) const READERS: [&str; 5] = ["ann", "Ann", "bob", "eve", "zoe"];

fn loan() -> impl Strategy<Value = Loan> {
    let months = ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03-09", "2024-04-01"];
    (
        prop::sample::select(vec!["North", " north", "South"]),
        prop::sample::select(READERS[..4].to_vec()),
        prop::sample::select(vec!["Main", "Archive", "\"Cellar\"", ""]),
        prop::sample::select(months.to_vec()),
        0..90_000_i32,
        0..9_u8,
    )
        .prop_map(|(branch, reader, desk, month, fees, books)| Loan { branch, reader, desk, month, fees, books })
}

pub(crate) fn loans() -> impl Strategy<Value = Vec<Loan>> {
    prop::collection::vec(loan(), 1..60)
}

/// As many who borrow as no table of numbers holds side by side.
static MANY: LazyLock<Vec<String>> = LazyLock::new(|| (0..2_000).map(|number| format!("Reader-{number:04}")).collect());

/// More rows than are read at a time, of more readers than fit beside one another.
fn many_loans() -> impl Strategy<Value = Vec<Loan>> {
    let loan = (loan(), 0..MANY.len()).prop_map(|(loan, reader)| Loan { reader: &MANY[reader], ..loan });
    prop::collection::vec(loan, 500..3_000)
}

const HEADER: &str = "branch,reader,shelf,desk,month,fees,books\n";

/// Every month covered by a branch of its own, so that no score is unknown.
const COVERING: &str = "Other,x,maps,Main,2023-11,0,0\nOther,x,maps,Main,2023-12,0,0\nOther,x,maps,Main,2024-01,0,0\n\
                        Other,x,maps,Main,2024-02,0,0\nOther,x,maps,Main,2024-03,0,0\nOther,x,maps,Main,2024-04,0,0\n";

/// The rows as one Parquet file: with dictionaries or plain, so many rows in a group, months as text or as days.
fn write_parquet(folder: &Path, rows: &[Loan], (dictionaries, group, days): (bool, usize, bool)) {
    let covering = COVERING.lines().map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect());
    let lines = rows.iter().map(Loan::line).collect::<String>();
    let lines = lines.lines().map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect());
    let cells: Vec<Vec<String>> = covering.chain(lines).collect();
    let text = |at: usize| -> ArrayRef {
        Arc::new(
            cells.iter().map(|row| Some(row[at].as_str()).filter(|cell| !cell.is_empty())).collect::<StringArray>(),
        )
    };
    let month: ArrayRef = if days {
        let day = |cell: &str| -> NaiveDate {
            let day = if cell.len() == 7 { format!("{cell}-01") } else { cell.to_owned() };
            day.parse().expect("a day")
        };
        Arc::new(cells.iter().map(|row| Some(day(&row[4]).to_epoch_days())).collect::<Date32Array>())
    } else {
        text(4)
    };
    let fees = cells.iter().map(|row| {
        let (whole, fraction) = row[5].split_once('.').unwrap_or((&row[5], "000"));
        format!("{whole}{fraction}").parse::<i128>().expect("a number")
    });
    let fees = Decimal128Array::from_iter_values(fees).with_precision_and_scale(18, 3).expect("few digits");
    let books = cells.iter().map(|row| row[6].parse::<i64>().expect("a number")).collect::<Int64Array>();
    let columns: [(&str, ArrayRef); 7] = [
        ("branch", text(0)),
        ("reader", text(1)),
        ("shelf", text(2)),
        ("desk", text(3)),
        ("month", month),
        ("fees", Arc::new(fees)),
        ("books", Arc::new(books)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, cells)| (name, cells, true)))
        .expect("columns of one length");
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(dictionaries)
        .set_max_row_group_row_count(Some(group))
        .build();
    let table = folder.join("data/loans");
    fs::create_dir_all(&table).expect("a folder can be made");
    let file = fs::File::create(table.join("0.parquet")).expect("a file can be made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("rows can be written");
    writer.close().expect("a file can be closed");
}

pub(crate) fn write(folder: &Path, files: &[Vec<Loan>]) {
    let table = folder.join("data/loans");
    fs::create_dir_all(&table).expect("a folder can be made");
    for (number, rows) in files.iter().enumerate() {
        let extra = if number == 0 { COVERING } else { "" };
        let text = format!("{HEADER}{extra}{}", rows.iter().map(Loan::line).collect::<String>());
        fs::write(table.join(format!("{number}.csv")), text).expect("a file can be written");
    }
}

/// A run over rows cut into files, read by some threads.
fn output(command: &str, files: &[Vec<Loan>], threads: usize) -> Output {
    let scratch = Scratch::new(&format!("law-{command}-{threads}-{}", files.len()));
    copy(&root().join("tests/cases/base"), &scratch.0);
    fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
    write(&scratch.0, files);
    let arguments = [command, "data", "--as-of", "2024-05-01", "--format", "json", "--threads", &threads.to_string()]
        .map(str::to_owned);
    run(&arguments, &scratch.0)
}

/// The score document for rows cut into files, read by some threads.
fn score(files: &[Vec<Loan>], threads: usize) -> String {
    document("score", files, threads)
}

/// The whole JSON document for rows cut into files, read by some threads.
fn document(command: &str, files: &[Vec<Loan>], threads: usize) -> String {
    let output = output(command, files, threads);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("JSON is UTF-8")
}

/// The certain points of every metric of an entity, in order.
fn points(json: &str, entity: &str) -> Vec<Exact> {
    let document: serde_json::Value = serde_json::from_str(json).expect("the output is JSON");
    let entities = document["entities"].as_array().expect("entities are a list");
    let found = entities.iter().find(|one| one["id"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(entity)));
    let areas = found.map(|found| found["areas"].as_array().expect("areas are a list").clone()).unwrap_or_default();
    areas
        .iter()
        .flat_map(|area| area["metrics"].as_array().expect("metrics are a list").clone())
        .filter_map(|metric| {
            metric["points"].as_str().map(|points| Exact::parse(points).expect("points are a decimal"))
        })
        .collect()
}

/// The document without the names of the files that its tables were read from.
///
/// That two files share rows is said of files: rows of one thing that come to lie in two of them are told, rightly. Where
/// it has to be told is a law of its own, below.
fn without_files(json: &str) -> serde_json::Value {
    let mut document: serde_json::Value = serde_json::from_str(json).expect("the output is JSON");
    if let Some(warnings) = document.get_mut("warnings").and_then(serde_json::Value::as_array_mut) {
        warnings.retain(|warning| warning["code"] != "PCS0328");
    }
    document.as_object_mut().expect("an object").remove("most_rows_twice");
    for table in document["tables"].as_array_mut().expect("tables are a list") {
        table.as_object_mut().expect("a table is an object").remove("files");
    }
    document
}

/// How many rows of loans were read, where what became of them adds up to that.
fn accounted(json: &str) -> Result<u64, String> {
    let document: serde_json::Value = serde_json::from_str(json).expect("the output is JSON");
    let rows = &document["tables"][0]["rows"];
    let number = |key: &str| rows[key].as_u64().expect("a count");
    let fates = ["used", "dropped", "duplicate", "outside", "unreadable"].map(number);
    let read = number("read");
    if fates.iter().sum::<u64>() == read { Ok(read) } else { Err(rows.to_string()) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_rows_are_stored_changes_nothing(rows in loans(), group in 1..40_usize, dictionaries in any::<bool>(), days in any::<bool>()) {
        let whole = score(std::slice::from_ref(&rows), 1);
        let scratch = Scratch::new("law-stored");
        copy(&root().join("tests/cases/base"), &scratch.0);
        fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
        write_parquet(&scratch.0, &rows, (dictionaries, group, days));
        let arguments = ["score", "data", "--as-of", "2024-05-01", "--format", "json", "--threads", "2"].map(str::to_owned);
        let stored = run(&arguments, &scratch.0);
        prop_assert!(stored.status.success(), "{}", String::from_utf8_lossy(&stored.stderr));
        let stored = String::from_utf8(stored.stdout).expect("JSON is UTF-8");
        prop_assert_eq!(without_files(&whole), without_files(&stored));
        // What `convert` makes of it is one more way to store it.
        let arguments = ["convert", "data", "-o", "compact"].map(str::to_owned);
        prop_assert!(run(&arguments, &scratch.0).status.success());
        let arguments = ["score", "compact", "--as-of", "2024-05-01", "--format", "json"].map(str::to_owned);
        let compact = String::from_utf8(run(&arguments, &scratch.0).stdout).expect("JSON is UTF-8");
        prop_assert_eq!(without_files(&whole), without_files(&compact));
    }

    #[test]
    fn order_files_and_threads_change_nothing(rows in loans(), cut in 0..60_usize, threads in 2..5_usize) {
        let whole = score(std::slice::from_ref(&rows), 1);
        let mut turned = rows.clone();
        turned.reverse();
        let (first, second) = turned.split_at(cut.min(turned.len()));
        let parted = score(&[first.to_vec(), second.to_vec()], threads);
        prop_assert_eq!(without_files(&whole), without_files(&parted));
        // The six rows that cover the months are there in any case.
        prop_assert_eq!(accounted(&whole), Ok(rows.len() as u64 + 6));
    }

    #[test]
    fn rows_in_two_files_are_told(rows in loans(), cut in 0..60_usize, threads in 1..4_usize) {
        // Three rows of a month that both files have, and that no other rows hide.
        let loan = |reader, month| Loan { branch: "North", reader, desk: "Main", month, fees: 7, books: 1 };
        let both = ["x", "y", "z"].map(|reader| loan(reader, "2024-05"));
        let whole: Vec<Loan> = rows.iter().chain(&both).cloned().collect();
        let mut turned = whole.clone();
        turned.reverse();
        let refused = output("score", &[whole.clone(), turned], threads);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        prop_assert!(refused.status.code() == Some(2) && said.contains("hold the same rows"), "{}", said);
        let parts = rows.split_at(cut.min(rows.len()));
        let [first, second] = [(parts.0, "one"), (parts.1, "two")].map(|(part, own)| {
            let own = loan(own, "2024-05");
            part.iter().chain(&both).chain([&own]).cloned().collect::<Vec<Loan>>()
        });
        let shared = score(&[first, second], threads);
        prop_assert!(shared.contains("share many of the rows of 2024-05"), "{}", shared);
    }

    #[test]
    fn what_is_found_is_the_same_however_rows_are_cut(rows in loans(), cut in 0..60_usize, threads in 2..5_usize) {
        let whole = document("inspect", std::slice::from_ref(&rows), 1);
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let parted = document("inspect", &[second.to_vec(), first.to_vec()], threads);
        prop_assert_eq!(without_files(&whole), without_files(&parted));
        // Every measure of loans asks the one test, of every row in the months looked at.
        let found = without_files(&whole);
        let loans = &found["tables"][0];
        let number = |value: &serde_json::Value| value.as_u64().expect("a count");
        let [used, dropped] = ["used", "dropped"].map(|key| number(&loans["rows"][key]));
        prop_assert_eq!(number(&loans["tests"][0]["reached"]), used + dropped);
        prop_assert!(number(&loans["tests"][0]["dropped"]) <= dropped);
    }

    #[test]
    fn one_more_keen_reader_never_costs_points(rows in loans()) {
        // Of a branch that has a row in any case.
        let mut rows = rows;
        rows.push(Loan { branch: "North", reader: "ann", desk: "Main", month: "2024-01", fees: 0, books: 1 });
        let before = points(&score(std::slice::from_ref(&rows), 1), "north");
        let mut more = rows;
        more.push(Loan { branch: "North", reader: "new", desk: "Main", month: "2024-04", fees: 0, books: 8 });
        let after = points(&score(&[more], 1), "north");
        prop_assert!(!before.is_empty() && before.len() == after.len());
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after >= before, "{before} became {after}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_much_is_read_at_a_time_changes_nothing(
        rows in many_loans(),
        (group, dictionaries, days) in (200..2_000_usize, any::<bool>(), any::<bool>()),
        at_once in (1..9_000_usize, 1..900_usize),
        threads in 1..4_usize,
    ) {
        let scratch = Scratch::new("law-at-once");
        copy(&root().join("tests/cases/base"), &scratch.0);
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut found).expect("rules");
        let mut score = |effort| {
            let question =
                Question { as_of: Some("2024-05-01".parse().expect("a day")), effort, ..Question::default() };
            let scored = score_folder(&library, &scratch.0.join("data"), &question, &mut sources, &mut found);
            let outcome = scored.expect("a score");
            // What is said of files names them.
            format!("{:?}", outcome.entities)
        };
        let at_once = Effort { threads, at_once: AtOnce { bytes: at_once.0, rows: at_once.1 }, ..Effort::default() };
        fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
        write(&scratch.0, std::slice::from_ref(&rows));
        let whole = score(Effort::default());
        prop_assert_eq!(&score(at_once), &whole);
        fs::remove_file(scratch.0.join("data/loans/0.csv")).expect("they were written");
        write_parquet(&scratch.0, &rows, (dictionaries, group, days));
        prop_assert_eq!(&score(at_once), &whole);
        prop_assert_eq!(&score(Effort { threads, ..Effort::default() }), &whole);
    }
}

#[test]
fn a_series_is_the_scores_of_its_days() {
    let document = |line: &str, folder: &Path| -> serde_json::Value {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let output = run(&arguments, folder);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("the output is JSON")
    };
    let base = root().join("tests/cases/base");
    for (folder, data, months) in
        [(base.as_path(), "data", "2023-12..2024-05"), (root(), "examples/contoso", "2023-06..2024-08")]
    {
        let series = document(&format!("score {data} --series {months} --format json"), folder);
        let days = series["series"].as_array().expect("a list of days");
        assert!(days.len() > 5);
        for day in days {
            let as_of = day["as_of"].as_str().expect("a day");
            let alone = document(&format!("score {data} --as-of {as_of} --format json"), folder);
            assert_eq!(day["entities"], alone["entities"], "{data} on {as_of}");
        }
    }
}
