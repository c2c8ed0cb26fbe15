//! The same rows in every format are the same rows; no bytes at all make a reader panic.

use super::packed::gzip;
use super::{Scratch, listed, read, read_every_way, wanted, xlsx};
use crate::read::{Format, header};
use crate::rules::ColumnType;
use ::parquet::arrow::ArrowWriter;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use proptest::prelude::*;
use std::sync::Arc;

const COLUMNS: [(&str, ColumnType); 6] = [
    ("text", ColumnType::Text),
    ("exact", ColumnType::Exact),
    ("month", ColumnType::Month),
    ("day", ColumnType::Date),
    ("money", ColumnType::Money),
    ("count", ColumnType::Count),
];

const ROWS: [[&str; 6]; 8] = [
    ["plain", "A-1", "2023-06", "2023-06-30", "1234567890123456789012345.678", "1"],
    ["a, b", "x\ty", "2023-07-31", "2024-02-29", "-12.50", "-3"],
    ["say \"hi\"", "two\nlines", "1999-12", "9999-12-31", "-1.5E-05", "1e3"],
    ["only", "", "", "", "", ""],
    ["\u{fc}n\u{ef} \u{2014} \u{6f22}", "back\\slash", "2023-06-01T00:00:00", "2023-06-01 12:30:00", "+.5", "0"],
    [" pad ", "\"", "2023-01", "2023-01-01", "00.10", "99999999999999999999999999999999999999"],
    ["true", "null", "not a month", "2023-01-01", "1", "1"],
    ["x", "y", "2023-01", "2023-02-30", "1,000", "1"],
];

/// Cells between delimiters, quoted where they have to be.
fn delimited(delimiter: &str) -> String {
    let cell = |cell: &&str| {
        let is_plain = !cell.contains(['"', '\n', '\t', ',', ';', '|']);
        if is_plain { (*cell).to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
    };
    let line = |cells: &[&str]| cells.iter().map(cell).collect::<Vec<_>>().join(delimiter) + "\n";
    let header = COLUMNS.map(|(name, _)| name);
    std::iter::once(line(&header)).chain(ROWS.iter().map(|row| line(row))).collect()
}

/// Numbers as numbers where JSON can write them so.
fn json() -> String {
    let value = |cell: &str| match serde_json::from_str::<serde_json::Number>(cell) {
        Ok(_) => cell.to_owned(),
        Err(_) if cell.is_empty() => "null".to_owned(),
        Err(_) => serde_json::to_string(cell).expect("text"),
    };
    let line = |row: &[&str; 6]| {
        let pairs: Vec<String> =
            COLUMNS.iter().zip(row).map(|((name, _), cell)| format!("\"{name}\":{}", value(cell))).collect();
        format!("{{{}}}\n", pairs.join(","))
    };
    ROWS.iter().map(line).collect()
}

fn workbook() -> Vec<u8> {
    let header = COLUMNS.map(|(name, _)| name);
    let rows: Vec<&[&str]> = std::iter::once(header.as_slice()).chain(ROWS.iter().map(<[_; 6]>::as_slice)).collect();
    xlsx::workbook(&rows)
}

fn parquet() -> Vec<u8> {
    let column = |at: usize| -> ArrayRef { Arc::new(StringArray::from_iter_values(ROWS.iter().map(|row| row[at]))) };
    let columns = COLUMNS.iter().enumerate().map(|(at, (name, _))| (*name, column(at), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a schema");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    bytes
}

#[test]
fn the_same_rows_in_every_format_are_the_same_rows() {
    let (csv, tsv, json) = (delimited(","), delimited("\t"), json());
    let parted = |delimiter: &str, format| Scratch::new(delimited(delimiter).as_bytes(), format);
    let said_first = format!("\nSEP=|\r\n{}", delimited("|"));
    let (rows, rejected) = read_every_way(&Scratch::new(csv.as_bytes(), Format::Csv), &COLUMNS);
    let mut expected = [
        "plain|A-1|2023-06|2023-06-30|1234567890123456789012345.678|1",
        "a, b|x\ty|2023-07|2024-02-29|-12.5|-3",
        "say \"hi\"|two\nlines|1999-12|9999-12-31|-0.000015|1000",
        "only|-|-|-|-|-",
        "\u{fc}n\u{ef} \u{2014} \u{6f22}|back\\slash|2023-06|2023-06-01|0.5|0",
        " pad |\"|2023-01|2023-01-01|0.1|99999999999999999999999999999999999999",
    ];
    expected.sort_unstable();
    assert_eq!(rows, expected);
    let said = |rejected: &[String]| {
        rejected.iter().map(|line| line.split_once(": ").expect("a row").1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(said(&rejected), ["`month` is not a month: `not a month`", "`day` is not a date: `2023-02-30`"]);
    let files = [
        ("tsv", Scratch::new(tsv.as_bytes(), Format::Tsv)),
        ("csv by semicolons", parted(";", Format::Csv)),
        ("csv by tabs", parted("\t", Format::Csv)),
        ("tsv by commas", parted(",", Format::Tsv)),
        ("csv that says so", Scratch::new(said_first.as_bytes(), Format::Csv)),
        ("csv.gz", Scratch::gzip(&gzip(csv.as_bytes()), Format::Csv)),
        ("tsv.gz", Scratch::gzip(&gzip(tsv.as_bytes()), Format::Tsv)),
        ("jsonl", Scratch::new(json.as_bytes(), Format::JsonLines)),
        ("jsonl.gz", Scratch::gzip(&gzip(json.as_bytes()), Format::JsonLines)),
        ("parquet", Scratch::new(&parquet(), Format::Parquet)),
        ("xlsx", Scratch::new(&workbook(), Format::Xlsx)),
    ];
    for (name, file) in &files {
        let (other_rows, other) = read_every_way(file, &COLUMNS);
        assert_eq!((&other_rows, said(&other)), (&rows, said(&rejected)), "{name}");
    }
}

/// Reads bytes as every format: any number of threads says the same of them.
fn read_as_anything(bytes: &[u8]) {
    let files = [
        Scratch::new(bytes, Format::Csv),
        Scratch::new(bytes, Format::Tsv),
        Scratch::new(bytes, Format::JsonLines),
        Scratch::new(bytes, Format::Parquet),
        Scratch::new(bytes, Format::Xlsx),
        Scratch::gzip(bytes, Format::Csv),
        Scratch::gzip(bytes, Format::JsonLines),
        Scratch::gzip(&gzip(bytes), Format::Csv),
        Scratch::gzip(&gzip(bytes), Format::JsonLines),
    ];
    let wanted = wanted(&[("a", ColumnType::Text), ("b", ColumnType::Money)]);
    for file in files {
        let plain = |threads| {
            let read = read(file.alone(), &wanted, threads, 1 << 20);
            read.map(|(rows, rejected)| (rows, rejected.rows, listed(&rejected)))
        };
        let (one, other) = (plain(1), plain(2));
        assert_eq!(one, other, "{:?}", file.0.format);
        assert!(header(&file.0).is_ok() || one.is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(
        start in prop::sample::select(vec!["", "a,b\n", "{\"a\":", "PK\u{3}\u{4}", "PAR1"]),
        gz in any::<bool>(),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let start = if gz { b"\x1f\x8b\x08\0" } else { start.as_bytes() };
        read_as_anything(&[start, &rest].concat());
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "[ab1{}\\[\\]\":,\\\\\n\r\tu]{0,60}") {
        read_as_anything(text.as_bytes());
        read_as_anything(format!("{{\"a\":1,\"b\":2}}\n{text}").as_bytes());
    }
}
