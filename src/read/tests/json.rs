//! JSON lines: what is a cell, what is a row, and lines that are neither.

use super::{Scratch, problem_of, read, read_every_way, wanted};
use crate::diagnostic::Code;
use crate::read::{Format, header};
use crate::rules::ColumnType;

fn lines(text: &str, columns: &[(&str, ColumnType)]) -> (Vec<String>, Vec<String>) {
    read_every_way(&Scratch::new(text.as_bytes(), Format::JsonLines), columns)
}

const COLUMNS: &[(&str, ColumnType)] = &[("t", ColumnType::Text), ("n", ColumnType::Money)];

#[test]
fn cells_are_what_is_written() {
    let text = "\u{feff}\r\n{\"t\": \"a\\u00e4\\n\\\"q\\\" \\ud83d\\ude00\", \"n\": 12345678901234567890.123456789}\r\n\
                \n{\"n\":-1.5E-05,\"t\":true}\n {\"n\":null} \r{\"t\":1.50,\"n\":\"7\",\"x\":[1,{\"y\":2}]}\n{}\n\
                {\"t\":\"\",\"n\":-0}";
    let (rows, rejected) = lines(text, COLUMNS);
    let mut expected =
        ["a\u{e4}\n\"q\" \u{1f600}|12345678901234567890.123456789", "true|-0.000015", "-|-", "1.50|7", "-|-", "-|0"];
    expected.sort_unstable();
    assert_eq!((rows, rejected), (expected.map(str::to_owned).to_vec(), Vec::new()));
}

#[test]
fn the_header_is_all_keys_of_the_first_block() {
    let file = Scratch::new(b"{\"b\":1}\nnonsense\n{\"a\":{},\"b\":2,\"\\u0063\":3}\n", Format::JsonLines);
    assert_eq!(header(&file.0), Ok(vec!["b".to_owned(), "a".to_owned(), "c".to_owned()]));
}

#[test]
fn lines_that_are_no_rows_are_named() {
    let text = "{\"t\":\"a\",\"n\":1}\n{\"t\":\"b\",\"n\":2,}\n{\"t\":\"c\",\n[1]\n\n{\"t\":\"d\",\"t\":\"e\"}\n\
                {\"u\":1,\"u\":2}\n{\"t\":{\"x\":1},\"n\":1}\n{\"n\":[1]}\n{\"t\":\"\\ud800\"}\n";
    let (rows, rejected) = lines(text, COLUMNS);
    assert_eq!(rows, ["a|1"]);
    assert_eq!(
        rejected,
        [
            "2: it is no JSON object: trailing comma at character 16",
            "3: it ends in the middle of a JSON object",
            "4: it is no JSON object: invalid type: sequence, expected an object at character 1",
            "6: the key `t` stands twice",
            "7: the key `u` stands twice",
            "8: `t` is a list or an object: `{\"x\":1}`",
            "9: `n` is a list or an object: `[1]`",
            "10: the text of `t` has half a letter, which is no Unicode",
        ]
    );
    for (line, why) in [
        ("{\"n\":1} x", "trailing characters at character 9"),
        ("{\"n\":01}", "invalid number at character 7"),
        ("7", "invalid type: integer `7`, expected an object at character 1"),
    ] {
        let (_, rejected) = lines(&format!("{{\"n\":1}}\n{line}\n"), COLUMNS);
        assert_eq!(rejected, [format!("2: it is no JSON object: {why}")]);
    }
}

#[test]
fn a_nested_value_matters_in_wanted_columns_only() {
    let (rows, rejected) =
        lines("{\"x\":[1],\"t\":\"a\"}\n{\"x\":{\"t\":[]},\"t\":\"b\"}\n", &[("t", ColumnType::Text)]);
    assert_eq!((rows.len(), rejected.len()), (2, 0));
}

#[test]
fn a_wanted_key_that_comes_late_is_no_silent_loss() {
    let first = "{\"t\":\"a\"}\n".repeat(200_000);
    let text = format!("{first}{{\"t\":\"b\",\"other\":1}}\n{{\"t\":\"c\",\"N\":5}}\n{{\"T\":\"d\"}}\n");
    let file = Scratch::new(text.as_bytes(), Format::JsonLines);
    for threads in 1..=3 {
        let (rows, rejected) = read(file.alone(), &wanted(COLUMNS), threads, 1 << 20).expect("readable");
        assert_eq!((rows.len(), rejected.rows), (200_001, 2));
        assert_eq!(
            super::listed(&rejected),
            [
                "200002: the key `N` is none of those that the file begins with",
                "200003: the key `T` is none of those that the file begins with"
            ]
        );
    }
}

#[test]
fn what_is_no_json_lines_stops_the_work() {
    let said = |bytes: &[u8]| problem_of(&Scratch::new(bytes, Format::JsonLines));
    assert_eq!(said(b"").0, Code::NoHeader);
    assert_eq!(said(b"\n \r\n").0, Code::NoHeader);
    assert_eq!(said(b"[]\n").0, Code::NoHeader);
    assert_eq!(
        said(b"[1,\n2]\n"),
        (Code::CorruptFile, "`t` holds no JSON objects: in row 1, it is no JSON object: invalid type: integer `1`, expected an object at character 1".to_owned())
    );
    assert_eq!(said(b"[{\"a\":1},\n").1, "`t` is no JSON list: its list has no end: the file was cut short");
    assert_eq!(
        said(b"\n{\n\"a\": 1\n}\n").1,
        "`t` holds no JSON objects: in row 2, it ends in the middle of a JSON object"
    );
    assert_eq!(said(b"a,b\n1,2\n").0, Code::CorruptFile);
    assert_eq!(said(b"{\"a\":\"\0\"}\n").1, "`t` is not UTF-8 text: it has a zero byte on line 1");
    let long = [b"{\"a\":1}\n{\"a\":\"".as_slice(), &vec![b'x'; 9 << 20]].concat();
    assert_eq!(said(&long).1, "the row of `t` that starts on line 2 is longer than 8 MiB");
}

#[test]
fn items_of_a_list_are_rows_by_their_numbers() {
    let text =
        "[{\"t\": \"a\", \"n\": 1.50},\n {\n  \"t\": \"b,]\", \"n\": 2},\n 7,\n {\"t\": \"c\", \"n\": \"x\"}\n]\n";
    let (rows, rejected) = lines(text, COLUMNS);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rejected,
        [
            "3: it is no JSON object: invalid type: integer `7`, expected an object at character 1",
            "4: `n` is not a number: `x`"
        ]
    );
    // A long list is cut as a long text is, and its end missed.
    let long = format!("[{}", "{\"t\":\"a\",\"n\":1},".repeat(100_000));
    let file = Scratch::new(format!("{long}{{\"t\":\"b\",\"n\":2}}]").as_bytes(), Format::JsonLines);
    for threads in 1..=2 {
        let (rows, _) = read(file.alone(), &wanted(COLUMNS), threads, 1 << 12).expect("readable");
        assert_eq!(rows.len(), 100_001);
    }
    let cut = Scratch::new(long.as_bytes(), Format::JsonLines);
    assert!(read(cut.alone(), &wanted(COLUMNS), 2, 1 << 12).is_err());
}

#[test]
fn bytes_that_are_no_text_break_their_row() {
    let file = Scratch::new(b"{\"t\":\"a\"}\n{\"t\":\"\xfc\"}\n", Format::JsonLines);
    let (rows, rejected) = read(file.alone(), &wanted(&[("t", ColumnType::Text)]), 1, 64).expect("readable");
    assert_eq!((rows, super::listed(&rejected)), (vec!["a".to_owned()], vec!["2: it is not valid UTF-8".to_owned()]));
}
