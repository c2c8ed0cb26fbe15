//! Texts that nothing asks for are passed over, and what is wrong with them is told all the same.

use super::{Scratch, listed, wanted};
use crate::month::Month;
use crate::read::{Asked, AtOnce, Batch, Blank, Cells, Format, MISSING, PASSED, Wanted, workers};
use crate::rules::ColumnType;
use crate::text::hashed;
use ::parquet::arrow::ArrowWriter;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const NAMES: [&str; 8] = ["ann", "Bo", " bo", "\u{c9}a", "ann", " ", "c+", "ann"];
const MONTHS: [&str; 8] = ["2023-06", "2023-05", "2023-05", "2023-05", "2023-04", "2023-05", "2023-05-03", "2023-05"];

/// Names that June alone asks for.
fn asking(blank: Blank) -> Vec<Wanted> {
    let mut wanted = wanted(&[("name", ColumnType::Text), ("month", ColumnType::Month)]);
    let june = Month::of("2023-06-01".parse().expect("a day"));
    wanted[0].asked = Some(Asked::new(1, &BTreeSet::from([june])));
    wanted[0].blank = blank;
    wanted
}

/// For each row its name, or what stands for it; sorted. And what was rejected.
fn read(file: &Scratch, blank: Blank) -> (Vec<String>, Vec<String>) {
    let see = |rows: &mut Vec<String>, batch: &Batch<'_>| {
        let Some(Some(Cells::Text(texts))) = batch.columns.first() else { panic!("names") };
        for (row, code) in texts.codes().iter().enumerate() {
            let hash = texts.hashes().map(|hashes| hashes[row]);
            rows.push(match (*code, texts.get(row)) {
                (PASSED, None) => format!("passed {}", hash.expect("a hash")),
                (MISSING, None) => format!("missing {}", hash.unwrap_or(0)),
                (_, Some(text)) => {
                    assert!(hash.is_none_or(|hash| hash == hashed(text)));
                    format!("found {text}")
                }
                (code, None) => panic!("{code}"),
            });
        }
    };
    let at_once = (AtOnce { bytes: 1 << 10, rows: 1 << 10 }, &AtomicBool::new(false));
    let (mut states, rejected) =
        workers::scan(file.alone(), &asking(blank), vec![Vec::new()], see, at_once).expect("readable");
    let mut rows: Vec<String> = states.pop().expect("one");
    rows.sort();
    (rows, listed(&rejected))
}

fn stored() -> [Scratch; 3] {
    let csv: Vec<String> = NAMES.iter().zip(MONTHS).map(|(name, month)| format!("{name},{month}")).collect();
    let parquet = |is_dictionary| {
        let [names, months] = [NAMES, MONTHS].map(|cells| Arc::new(StringArray::from_iter_values(cells)) as ArrayRef);
        let batch = RecordBatch::try_from_iter([("name", names), ("month", months)]).expect("columns");
        let properties = WriterProperties::builder().set_dictionary_enabled(is_dictionary).build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a schema");
        writer.write(&batch).expect("rows");
        writer.close().expect("a footer");
        Scratch::new(&bytes, Format::Parquet)
    };
    let csv = Scratch::new(format!("name,month\n{}\n", csv.join("\n")).as_bytes(), Format::Csv);
    [csv, parquet(false), parquet(true)]
}

#[test]
fn names_that_no_month_asks_for_are_passed_over() {
    let passed = |name: &&str| format!("passed {}", hashed(name));
    let is_passed = |name: &&&str| !matches!(**name, " " | "c+");
    let mut expected: Vec<String> = NAMES.iter().skip(1).filter(is_passed).map(passed).collect();
    // What may be a number that was shortened is looked at.
    expected.extend(["found ann", "found c+", "missing 0"].map(str::to_owned));
    expected.sort();
    let [csv, plain, dictionary] = stored();
    for file in [csv, plain] {
        assert_eq!(read(&file, Blank::Missing), (expected.clone(), Vec::new()));
    }
    // Entries are found as fast as hashed.
    let named = NAMES.iter().filter(|name| **name != " ");
    let mut found: Vec<String> = named.map(|name| format!("found {name}")).chain(["missing 0".to_owned()]).collect();
    found.sort();
    assert_eq!(read(&dictionary, Blank::Missing), (found, Vec::new()));
    assert_eq!(passed(&"Bo"), passed(&" bo"));
}

#[test]
fn a_number_that_was_shortened_is_a_fault_in_every_month() {
    let file = Scratch::new(b"name,month\nann,2023-06\n1.2E+15,2023-05\n", Format::Csv);
    let (rows, rejected) = read(&file, Blank::Missing);
    assert_eq!((rows.len(), rejected.len()), (1, 1), "{rejected:?}");
}

#[test]
fn a_name_that_has_to_be_there_is_missed_in_every_month() {
    for file in stored() {
        let (rows, rejected) = read(&file, Blank::Unreadable);
        assert_eq!((rows.len(), rejected.len()), (7, 1));
        assert!(rejected[0].contains("`name` is blank"), "{rejected:?}");
    }
}
