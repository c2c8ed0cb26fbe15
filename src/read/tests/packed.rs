//! Gzip: whole files in one part and in many, files that are not whole, and names that lie.

use super::{Scratch, problem_of, read, read_every_way, wanted};
use crate::diagnostic::Code;
use crate::read::{Format, header};
use crate::rules::ColumnType;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).expect("memory");
    packer.finish().expect("memory")
}

const COLUMNS: &[(&str, ColumnType)] = &[("a", ColumnType::Text), ("n", ColumnType::Money)];

/// Rows that do not pack well.
fn rows(count: u32) -> String {
    let row = |i: u32| format!("x{},{}.5\n", i.wrapping_mul(2_654_435_761), i);
    std::iter::once("a,n\n".to_owned()).chain((0..count).map(row)).collect()
}

#[test]
fn all_parts_of_a_packed_file_are_read() {
    let whole = rows(300);
    let (left, right) = whole.split_at(whole.len() / 3);
    let plain = read_every_way(&Scratch::new(whole.as_bytes(), Format::Csv), COLUMNS);
    let one = Scratch::gzip(&gzip(whole.as_bytes()), Format::Csv);
    assert_eq!(read_every_way(&one, COLUMNS), plain);
    let many = [gzip(left.as_bytes()), gzip(b""), gzip(right.as_bytes())].concat();
    assert_eq!(read_every_way(&Scratch::gzip(&many, Format::Csv), COLUMNS), plain);
    assert_eq!(plain.0.len(), 300);
}

#[test]
fn a_packed_file_that_is_not_whole_is_refused() {
    let bytes = gzip(rows(10_000).as_bytes());
    let said = |bytes: &[u8]| problem_of(&Scratch::gzip(bytes, Format::Csv));
    let early = (
        Code::CorruptFile,
        "`t` is not a whole gzip file: it ends too early, or other bytes stand behind its end".to_owned(),
    );
    for length in [2, 9, 12, 4000, bytes.len() / 2, bytes.len() - 8, bytes.len() - 1] {
        assert_eq!(said(&bytes[..length]), early, "{length}");
    }
    let damaged =
        (Code::CorruptFile, "`t` is not a whole gzip file: its bytes are damaged, or others follow them".to_owned());
    assert_eq!(said(&[bytes.as_slice(), b"garbage that is no gzip"].concat()), damaged);
    for at in [bytes.len() / 3, bytes.len() - 6, bytes.len() - 2] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        assert_eq!(said(&flipped).0, Code::CorruptFile, "{at}");
    }
    assert_eq!(said(b"").1, "`t` is not a whole gzip file: it is empty");
    assert_eq!(said(&gzip(b"")).0, Code::NoHeader);
}

#[test]
fn what_unpacks_to_very_much_is_read_in_pieces() {
    let mut bomb = b"a\n".to_vec();
    bomb.resize((8 << 20) + 100, b'x');
    let (code, message) = problem_of(&Scratch::gzip(&gzip(&bomb), Format::Csv));
    assert_eq!(
        (code, message.as_str()),
        (Code::CorruptFile, "the row of `t` that starts on line 2 is longer than 8 MiB")
    );
    bomb.truncate(3 << 20);
    bomb[2..].fill(b'\n');
    let file = Scratch::gzip(&gzip(&bomb), Format::JsonLines);
    assert_eq!(problem_of(&file).0, Code::CorruptFile, "`a` is no object");
}

#[test]
fn names_that_lie_are_told_what_they_hold() {
    let said = |file: Scratch| {
        let problem = header(&file.0).expect_err("a lie");
        assert_eq!(problem.code, Code::CorruptFile);
        let read = read(file.alone(), &wanted(COLUMNS), 2, 64).expect_err("a lie");
        assert_eq!(problem, read);
        (problem.message, problem.help.expect("help"))
    };
    let is = |file: Scratch, message: &str, help: &str| assert_eq!(said(file), (message.to_owned(), help.to_owned()));
    let workbook = super::xlsx::workbook(&[&["a"], &["x"]]);
    is(
        Scratch::new(&workbook, Format::Csv).shown("d/t.csv"),
        "`d/t.csv` is not what its name says: its bytes are those of an Excel workbook",
        "rename it to `t.xlsx`",
    );
    is(
        Scratch::new(&workbook, Format::Parquet).shown("t.parquet"),
        "`t.parquet` is not what its name says: its bytes are those of an Excel workbook",
        "rename it to `t.xlsx`",
    );
    is(
        Scratch::gzip(&workbook, Format::Csv).shown("t.csv.gz"),
        "`t.csv.gz` is not what its name says: its bytes are those of an Excel workbook",
        "rename it to `t.xlsx`",
    );
    is(
        Scratch::gzip(&gzip(&workbook), Format::Csv).shown("t.csv.gz"),
        "`t.csv.gz` is not what its name says: it holds an Excel workbook",
        "unpack it, and give the file that is in it",
    );
    is(
        Scratch::new(&gzip(b"a\nx\n"), Format::Tsv).shown("t.tsv"),
        "`t.tsv` is not what its name says: its bytes are those of a gzip file",
        "rename it to `t.tsv.gz`, or unpack it",
    );
    is(
        Scratch::new(&gzip(b"a\nx\n"), Format::Xlsx).shown("t.xlsx"),
        "`t.xlsx` is not what its name says: its bytes are those of a gzip file",
        "unpack it",
    );
    is(
        Scratch::new(b"PAR1\x15\0\x15\0", Format::JsonLines).shown("t.jsonl"),
        "`t.jsonl` is not what its name says: its bytes are those of a Parquet file",
        "rename it to `t.parquet`",
    );
    is(
        Scratch::new(b"PK\x03\x04\0\0\0\0a.csv", Format::Csv).shown("t.csv"),
        "`t.csv` is not what its name says: its bytes are those of a zip archive",
        "unpack it, and give the file that is in it",
    );
    is(
        Scratch::new(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Xlsx).shown("t.xlsx"),
        "`t.xlsx` is not what its name says: its bytes are those of an Excel workbook of the old form, or one with a password",
        "open it and save it as `.xlsx` without a password, or as CSV",
    );
    for (file, name) in [
        (Scratch::gzip(b"a\nx\n", Format::JsonLines).shown("t.jsonl.gz"), "t.jsonl.gz"),
        (Scratch::new(b"a\nx\n", Format::Xlsx).shown("t.xlsx"), "t.xlsx"),
        (Scratch::new(b"a\nx\n", Format::Parquet).shown("t.parquet"), "t.parquet"),
    ] {
        let help = if name == "t.jsonl.gz" {
            "rename it to `t.jsonl` if it is that"
        } else {
            "rename it to `t.csv` if it is that"
        };
        is(file, &format!("`{name}` is not what its name says: its bytes are plain text"), help);
    }
}
