//! Workbooks: every kind of cell, which sheet is the table, and files that are not whole.

use super::packed::gzip;
use super::{Scratch, listed, problem_of, read, read_every_way, wanted};
use crate::diagnostic::Code;
use crate::read::{Format, header};
use crate::rules::ColumnType;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use std::io::{Cursor, Read as _, Write as _};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A workbook of texts, one sheet.
pub(super) fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    made(|book| {
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                if !cell.is_empty() {
                    sheet.write_string(row, column, *cell).expect("a cell");
                }
            }
        }
    })
}

fn made(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook")
}

fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    made(|book| fill(book.add_worksheet()))
}

/// The same workbook with a part changed.
fn changed(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut entry = from.by_index(at).expect("a part");
        let name = entry.name().expect("a name").into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("text");
        to.start_file(&name, SimpleFileOptions::default()).expect("a part");
        to.write_all(if name == part { change(text) } else { text }.as_bytes()).expect("memory");
    }
    to.finish().expect("an archive").into_inner()
}

fn rows(bytes: &[u8], columns: &[(&str, ColumnType)]) -> (Vec<String>, Vec<String>) {
    read_every_way(&Scratch::new(bytes, Format::Xlsx), columns)
}

fn said(bytes: &[u8]) -> (Code, String) {
    problem_of(&Scratch::new(bytes, Format::Xlsx))
}

#[test]
fn cells_of_every_kind_as_text() {
    let day = Style::new().set_num_format("yyyy-mm-dd");
    let span = Style::new().set_num_format("[h]:mm:ss");
    let at = |year, month, day| ExcelDateTime::from_ymd(year, month, day).expect("a day");
    let bytes = sheet(|sheet| {
        sheet.write_string(0, 0, "t").expect("a cell");
        let numbers = [0.1 + 0.2, 1.1, -12.5, 1e3, 1e-7, 123_456_789_012_345.0, 0.0, 1e22];
        for (row, number) in (1..).zip(numbers) {
            sheet.write_number(row, 0, number).expect("a cell");
        }
        sheet.write_datetime_with_format(9, 0, at(2023, 6, 30), &day).expect("a cell");
        let noon = at(2023, 6, 30).and_hms(12, 30, 5).expect("a time");
        sheet.write_datetime_with_format(10, 0, noon, &day).expect("a cell");
        sheet.write_datetime_with_format(11, 0, at(1900, 1, 1), &day).expect("a cell");
        sheet.write_number_with_format(12, 0, 60, &day).expect("a cell");
        sheet.write_number_with_format(13, 0, 0.75, &day).expect("a cell");
        sheet.write_number_with_format(14, 0, -1, &day).expect("a cell");
        sheet.write_number_with_format(15, 0, 1.5, &span).expect("a cell");
        sheet.write_boolean(16, 0, true).expect("a cell");
        sheet.write_formula(17, 0, Formula::new("=1+1").set_result("2")).expect("a cell");
        sheet.write_formula(18, 0, Formula::new("=\"a\"&\"b\"").set_result("ab")).expect("a cell");
        sheet.write_string(19, 0, "00123").expect("a cell");
    });
    let mut expected = [
        "1.1",
        "-12.5",
        "1000",
        "0.0000001",
        "123456789012345",
        "0",
        "2023-06-30",
        "2023-06-30T12:30:05",
        "1900-01-01",
        "1900-02-29",
        "18:00:00",
        "-1",
        "1.5",
        "true",
        "2",
        "ab",
        "00123",
    ];
    expected.sort_unstable();
    let lost = |row, number| {
        format!("{row}: `t` is a number of more than 15 digits, of which a workbook loses the last ones: `{number}`")
    };
    let refused = vec![lost(2, "0.30000000000000004"), lost(9, "10000000000000000000000")];
    assert_eq!(rows(&bytes, &[("t", ColumnType::Text)]), (expected.map(str::to_owned).to_vec(), refused));
    let (amounts, _) = rows(&bytes, &[("t", ColumnType::Money)]);
    assert!(amounts.contains(&"10000000000000000000000".to_owned()), "only names are refused");
}

#[test]
fn days_count_from_where_the_workbook_says() {
    let day = Style::new().set_num_format("dd/mm/yyyy");
    let bytes = sheet(|sheet| {
        sheet.write_string(0, 0, "d").expect("a cell");
        for (row, number) in (1..).zip([0, 1, 44_000]) {
            sheet.write_number_with_format(row, 0, number, &day).expect("a cell");
        }
    });
    let bytes = changed(&bytes, "xl/workbook.xml", |text| text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let (rows, rejected) = rows(&bytes, &[("d", ColumnType::Date)]);
    assert_eq!((rows, rejected.len()), (["1904-01-01", "1904-01-02", "2024-06-19"].map(str::to_owned).to_vec(), 0));
}

#[test]
fn rows_are_named_by_their_number_in_the_sheet() {
    let bytes = sheet(|sheet| {
        for (row, column, text) in [
            (3, 2, "n"),
            (3, 0, "K"),
            (4, 0, "a"),
            (4, 2, "1"),
            (4, 5, "a note"),
            (6, 0, "b"),
            (6, 2, "x"),
            (7, 1, " "),
            (8, 2, "2"),
            (9, 0, "c"),
            (40, 0, " "),
        ] {
            sheet.write_string(row, column, text).expect("a cell");
        }
        for row in 10..30 {
            sheet.write_blank(row, 0, &Style::new().set_bold()).expect("a cell");
        }
    });
    assert_eq!(header(&Scratch::new(&bytes, Format::Xlsx).0), Ok(["K", "", "n"].map(str::to_owned).to_vec()));
    let (rows, rejected) = rows(&bytes, &[("k", ColumnType::Text), ("n", ColumnType::Count)]);
    assert_eq!(rows, ["-|2", "a|1", "c|-"]);
    assert_eq!(rejected, ["7: `n` is not a number: `x`"]);
}

#[test]
fn errors_of_formulas_are_faults_where_they_are_wanted() {
    let bytes = sheet(|sheet| {
        for (column, name) in [(0, "a"), (1, "b")] {
            sheet.write_string(0, column, name).expect("a cell");
            sheet.write_string(1, column, "fine").expect("a cell");
        }
        sheet.write_formula(2, 0, Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
        sheet.write_formula(3, 1, Formula::new("=NA()").set_result("#N/A")).expect("a cell");
    });
    // The writer gives such results as texts.
    let bytes = changed(&bytes, "xl/worksheets/sheet1.xml", |text| {
        assert!(text.contains("t=\"str\"") || text.contains("t=\"e\""), "{text}");
        text.replace("t=\"str\"", "t=\"e\"")
    });
    let (rows, rejected) = rows(&bytes, &[("b", ColumnType::Text)]);
    assert_eq!(rows, ["-", "fine"]);
    assert_eq!(rejected, ["4: `b` is an error of the workbook: `#N/A`"]);
}

#[test]
fn the_table_is_the_only_sheet_that_has_cells() {
    let two = made(|book| {
        for name in ["Empty", "Sales", "Notes"] {
            let sheet = book.add_worksheet().set_name(name).expect("a name");
            if name != "Empty" {
                sheet.write_string(0, 0, "a").expect("a cell");
                sheet.write_string(1, 0, name).expect("a cell");
            }
        }
    });
    assert_eq!(
        said(&two),
        (
            Code::CorruptFile,
            "`t` has cells on several sheets, and nothing says which of them is the table: `Sales`, `Notes`".to_owned()
        )
    );
    let hidden =
        changed(&two, "xl/workbook.xml", |text| text.replace("name=\"Notes\"", "name=\"Notes\" state=\"hidden\""));
    assert_eq!(rows(&hidden, &[("a", ColumnType::Text)]).0, ["Sales"]);
    let none = said(&sheet(|_| {}));
    assert_eq!(none, (Code::NoHeader, "`t` has no header: no visible sheet has a cell".to_owned()));
    let only = rows(
        &sheet(|sheet| {
            sheet.write_string(5, 5, "a").expect("a cell");
        }),
        &[("a", ColumnType::Text)],
    );
    assert_eq!(only, (Vec::new(), Vec::new()));
}

#[test]
fn many_rows_come_in_batches() {
    let bytes = sheet(|sheet| {
        sheet.write_string(0, 0, "n").expect("a cell");
        for row in 1..=40_000_u32 {
            sheet.write_number(row, 0, row).expect("a cell");
        }
        sheet.write_string(16_385, 0, "x").expect("a cell");
        sheet.write_string(16_386, 0, "y").expect("a cell");
    });
    let file = Scratch::new(&bytes, Format::Xlsx);
    let (rows, rejected) = read(file.alone(), &wanted(&[("n", ColumnType::Count)]), 2, 1).expect("readable");
    assert_eq!(
        (rows.len(), listed(&rejected)),
        (39_998, ["16386: `n` is not a number: `x`", "16387: `n` is not a number: `y`"].map(str::to_owned).to_vec())
    );
}

#[test]
fn workbooks_that_are_not_whole_are_refused() {
    let bytes = workbook(&[&["a", "b"], &["x", "1"], &["y", "2"]]);
    for length in (0..bytes.len()).step_by(211).chain([bytes.len() - 1]) {
        let (code, message) = said(&bytes[..length]);
        assert_eq!(code, Code::CorruptFile, "{length}: {message}");
    }
    assert_eq!(said(&gzip(&bytes)).0, Code::CorruptFile);
    assert_eq!(said(b"PK\x03\x04 and nothing more").0, Code::CorruptFile);
    let claims = changed(&bytes, "xl/sharedStrings.xml", |text| {
        text.replace("uniqueCount=\"6\"", "uniqueCount=\"999999999999\"")
    });
    assert_eq!(
        said(&claims).1,
        "`t` is not a whole Excel workbook: it says that it has more texts than it has bytes for them"
    );
    let swapped = changed(&bytes, "xl/worksheets/sheet1.xml", |text| text.replace("r=\"A3\"", "r=\"A2\""));
    assert_eq!(said(&swapped).1, "`t` is not a whole Excel workbook: its cells are out of order");
    let wide = changed(&bytes, "xl/worksheets/sheet1.xml", |text| text.replace("r=\"B3\"", "r=\"XFE3\""));
    assert_eq!(said(&wide).0, Code::CorruptFile);
    let other = changed(&bytes, "xl/workbook.xml", |text| text.replace("<sheet ", "<leaf "));
    assert_eq!(said(&other).0, Code::NoHeader);
}

#[test]
fn a_workbook_that_unpacks_to_very_much_is_refused() {
    let size = 1_234_567_u32;
    let of_one_part = |part: &str| {
        let mut to = ZipWriter::new(Cursor::new(Vec::new()));
        to.start_file(part, SimpleFileOptions::default()).expect("a part");
        to.write_all(&vec![b' '; usize::try_from(size).expect("small")]).expect("memory");
        to.finish().expect("an archive").into_inner()
    };
    let claims = |part: &str, claim: u32| {
        let mut bytes = of_one_part(part);
        for at in 0..bytes.len() - 4 {
            if bytes[at..at + 4] == size.to_le_bytes() {
                bytes[at..at + 4].copy_from_slice(&claim.to_le_bytes());
            }
        }
        said(&bytes)
    };
    let claiming = |claim| claims("xl/worksheets/sheet1.xml", claim);
    assert_eq!(
        claims("xl/sharedStrings.xml", (1 << 27) + 1),
        (Code::CorruptFile, "`t` has texts of more than 128 MiB when it is unpacked".to_owned())
    );
    assert_eq!(
        claiming((1 << 28) + 1),
        (Code::CorruptFile, "`t` is larger than 256 MiB when it is unpacked".to_owned())
    );
    // Where the directory says too little, the part ends where it says.
    let (code, message) = claiming(5);
    assert!(code == Code::CorruptFile && message.contains("larger than its declared"), "{message}");
}

/// What is damaged in many ways.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| workbook(&[&["a", "b"], &["x", "1"], &["y", "2"]]));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 120, ..ProptestConfig::default() })]

    /// A workbook with damaged bytes is read as it was, or refused.
    #[test]
    fn damaged_bytes_change_no_row(flips in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4)) {
        let mut bytes = SMALL.clone();
        for (at, bits) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
        let file = Scratch::new(&bytes, Format::Xlsx);
        match read(file.alone(), &wanted(&[("b", ColumnType::Count)]), 1, 1) {
            Ok((rows, _)) => prop_assert_eq!(rows, ["1", "2"]),
            Err(problem) => prop_assert!(matches!(problem.code, Code::CorruptFile | Code::NoHeader), "{:?}", problem),
        }
    }

    /// The same where only the texts within are damaged, and all check sums agree.
    #[test]
    fn damaged_parts_are_no_panic(part in 0..4_usize, at in any::<prop::sample::Index>(), put in "[<>/\"&=0-9a-z ]{0,6}") {
        let name = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"][part];
        let bytes = changed(&SMALL, name, |mut text| {
            let at = at.index(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
                text.replace_range(at..=at, &put);
            }
            text
        });
        let _ = read(Scratch::new(&bytes, Format::Xlsx).alone(), &wanted(&[("b", ColumnType::Text)]), 1, 1);
    }
}
