//! Whole files through [`scan`](super::scan): what arrives, what is rejected, and that neither depends on blocks or
//! threads.

mod asked;
mod formats;
mod json;
mod packed;
mod parquet;
mod xlsx;

use super::texts::Spelt;
use super::*;
use crate::diagnostic::{Code, Place};
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A file that is gone when dropped.
struct Scratch(DataFile);

impl Scratch {
    fn new(content: &[u8], format: Format) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("pcs-read-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).expect("the folder for temporary files is writable");
        Self(DataFile {
            bytes: Bytes::File(path),
            shown: "t".to_owned(),
            format,
            view: None,
            numbers: None,
            known: Arc::default(),
        })
    }
}

impl Scratch {
    /// The same for bytes that are packed with gzip.
    fn gzip(content: &[u8], format: Format) -> Self {
        let mut file = Self::new(content, format);
        if let Bytes::File(path) = &file.0.bytes {
            file.0.bytes = Bytes::Gzip(path.clone());
        }
        file
    }

    /// As messages name it.
    fn shown(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.shown);
        self
    }

    fn alone(&self) -> &[DataFile] {
        std::slice::from_ref(&self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Bytes::File(path) | Bytes::Gzip(path) = &self.0.bytes {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn wanted(columns: &[(&str, ColumnType)]) -> Vec<Wanted> {
    let wanted = |(name, kind): &(&str, ColumnType)| Wanted {
        name: (*name).to_owned(),
        kind: *kind,
        blank: Blank::Missing,
        plain: None,
        only: None,
        asked: None,
    };
    columns.iter().map(wanted).collect()
}

/// A row as text: cells between bars, `-` for a missing one, `!` for a column the file lacks.
fn shown(batch: &Batch<'_>) -> Vec<String> {
    let cell = |cells: &Cells, row: usize| match cells {
        Cells::Text(a) if a.get(row).is_some() => a.get(row).unwrap_or_default().to_owned(),
        Cells::Month(a) if a.is_valid(row) => crate::month::Month::from_index(a.value(row)).to_string(),
        Cells::Date(a) if a.is_valid(row) => a.value_as_date(row).expect("in the calendar").to_string(),
        Cells::Number(a) if a.is_valid(row) => {
            crate::exact::Exact::scaled(a.value(row), u32::try_from(a.scale()).expect("0 to 38")).to_string()
        }
        _ => "-".to_owned(),
    };
    let row = |row| {
        batch.columns.iter().map(|c| c.as_ref().map_or("!".to_owned(), |c| cell(c, row))).collect::<Vec<_>>().join("|")
    };
    (0..batch.rows).map(row).collect()
}

/// All rows, sorted, or the problem; and what was rejected as `row: message`.
fn read(
    files: &[DataFile],
    wanted: &[Wanted],
    threads: usize,
    block: usize,
) -> Result<(Vec<String>, Rejected), Box<Diagnostic>> {
    let states = vec![Vec::new(); threads];
    let (states, rejected) = workers::scan(
        files,
        wanted,
        states,
        |rows: &mut Vec<String>, batch| rows.extend(shown(batch)),
        (AtOnce { bytes: block, rows: block }, &AtomicBool::new(false)),
    )?;
    let mut rows = states.concat();
    rows.sort();
    Ok((rows, rejected))
}

fn listed(rejected: &Rejected) -> Vec<String> {
    let line = |d: &Diagnostic| match &d.place {
        Place::Row(cell) => format!("{}: {}", cell.row, d.message),
        other => format!("{other:?}"),
    };
    rejected.listed.iter().map(line).collect()
}

/// Reads one file of CSV in every way, which must all agree.
fn read_text(content: &str, columns: &[(&str, ColumnType)]) -> (Vec<String>, Vec<String>) {
    read_every_way(&Scratch::new(content.as_bytes(), Format::Csv), columns)
}

/// Reads a file with several threads and sizes of blocks, which must all agree.
fn read_every_way(file: &Scratch, columns: &[(&str, ColumnType)]) -> (Vec<String>, Vec<String>) {
    let wanted = wanted(columns);
    let files = file.alone();
    let (rows, rejected) = read(files, &wanted, 1, blocks::BLOCK).expect("readable");
    for threads in 1..=4 {
        for block in [1, 7, 64] {
            let (other_rows, other) = read(files, &wanted, threads, block).expect("readable");
            assert_eq!(
                (&rows, rejected.rows, &rejected.listed),
                (&other_rows, other.rows, &other.listed),
                "{threads} {block}"
            );
        }
    }
    (rows, listed(&rejected))
}

fn problem(content: &[u8]) -> (Code, String) {
    problem_of(&Scratch::new(content, Format::Csv))
}

/// What stops the reading of a file: its header and its rows say the same.
fn problem_of(file: &Scratch) -> (Code, String) {
    let problem = read(file.alone(), &wanted(&[("a", ColumnType::Text)]), 2, 1 << 20).expect_err("a problem");
    (problem.code, problem.message)
}

#[test]
fn rows_are_named_by_the_line_they_start_on() {
    let text = "\u{feff}\r\n Key ,note,FEE\r\n\r\na,\"two\r\nlines\",x\r\nb,\"\u{feff}\"\"q\"\"\",1.50\nc\nd,lone,y\re,,2\r\n\n\nf,5\"6,z";
    let (rows, rejected) =
        read_text(text, &[("fee", ColumnType::Money), ("none", ColumnType::Text), ("note", ColumnType::Text)]);
    assert_eq!(rows, ["1.5|!|\u{feff}\"q\"", "2|!|-"]);
    assert_eq!(
        rejected,
        [
            "4: `fee` is not a number: `x`",
            "7: the row has 1 cell where the header has 3",
            "8: `fee` is not a number: `y`",
            "12: `fee` is not a number: `z`"
        ]
    );
}

#[test]
fn every_kind_of_cell() {
    let text = "t,e,m,d,n\n North , x,2023-06,2023-06-30, 1e3 \nx,,,,\n , ,,,\nNorth,X,2023-06-02,2020-02-30,5\n";
    let columns = [
        ("t", ColumnType::Text),
        ("e", ColumnType::Exact),
        ("m", ColumnType::Month),
        ("d", ColumnType::Date),
        ("n", ColumnType::Count),
    ];
    let (rows, rejected) = read_text(text, &columns);
    assert_eq!(rows, [" North | x|2023-06|2023-06-30|1000", "x|-|-|-|-"]);
    assert_eq!(rejected, ["5: `d` is not a date: `2020-02-30`"]);
}

#[test]
fn a_file_that_ends_early_says_so() {
    let columns = [("a", ColumnType::Text)];
    assert_eq!(
        read_text("a,b\n1,2\n3", &columns).1,
        ["3: the row has 1 cell where the header has 2: the file seems to end in the middle of it"]
    );
    assert_eq!(read_text("a,b\n1,2\n3\n", &columns).1, ["3: the row has 1 cell where the header has 2"]);
    assert_eq!(
        read_text("a,b\n1,\"2\n3,4\n5,6", &columns).1,
        ["2: the file ends inside a quote that this row opens: all 3 lines from here on are in it"]
    );
    assert_eq!(read_text("a\n\"\"\n \n\nx", &columns).0, ["x"], "neither a blank line nor blank cells alone are a row");
}

#[test]
fn only_the_first_rows_are_listed_and_blanks_can_be_faults() {
    let content: String = std::iter::once("k,n\n".to_owned())
        .chain((0..500).map(|i| format!("{},x\n", if i % 7 == 0 { "" } else { "k" })))
        .collect();
    let files = [Scratch::new(content.as_bytes(), Format::Csv), Scratch::new(content.as_bytes(), Format::Csv)]
        .map(|f| (f.0.clone(), f));
    let data: Vec<DataFile> = files.iter().map(|(d, _)| d.clone()).collect();
    let mut columns = wanted(&[("n", ColumnType::Money), ("k", ColumnType::Text)]);
    columns[1].blank = Blank::Unreadable;
    for threads in 1..=4 {
        let (rows, rejected) = read(&data, &columns, threads, 32).expect("readable");
        assert_eq!((rows.len(), rejected.rows), (0, 1000));
        let of_a_file = [
            "2: `k` is blank",
            "3: `n` is not a number: `x`",
            "4: `n` is not a number: `x`",
            "5: `n` is not a number: `x`; the file has 425 more such rows",
            "9: `k` is blank",
            "16: `k` is blank; the file has 69 more such rows",
        ];
        assert_eq!(listed(&rejected), of_a_file.repeat(2), "the first column of the file is to blame");
    }
}

#[test]
fn of_many_kinds_of_faults_the_first_are_listed() {
    let names: Vec<String> = (0..30).map(|column| format!("c{column}")).collect();
    let columns: Vec<(&str, ColumnType)> = names.iter().map(|name| (name.as_str(), ColumnType::Count)).collect();
    let row = |bad: usize| (0..30).map(|at| if at == bad { "x" } else { "1" }).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = (0..30).rev().map(row).collect();
    let text = format!("{}\n{}\n", names.join(","), rows.join("\n"));
    let expected: Vec<String> = (2..22).map(|line| format!("{line}: `c{}` is not a number: `x`", 31 - line)).collect();
    assert_eq!(read_text(&text, &columns), (Vec::new(), expected));
}

#[test]
fn numbers_that_share_no_scale_come_in_several_batches() {
    let big = format!("1{}", "0".repeat(37));
    let text = format!("n\n{big}\n0.05\n{big}\n0\n-0.5\n");
    let (rows, rejected) = read_text(&text, &[("n", ColumnType::Money)]);
    assert_eq!(
        (rows, rejected.len()),
        (vec!["-0.5".to_owned(), "0".to_owned(), "0.05".to_owned(), big.clone(), big], 0)
    );
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for (text, line) in [("n\n1\r2\nx\n", 4), ("n\r\n1\r\n\r\nx", 4), ("n\n\n\r1\r\n\nx\r\r", 6), ("n\r\"1\"\nx", 3)] {
        let expected = vec![format!("{line}: `n` is not a number: `x`")];
        assert_eq!(read_text(text, &[("n", ColumnType::Money)]).1, expected, "{text:?}");
    }
}

#[test]
fn text_is_read_in_utf_16_too() {
    let text = "n,t\r\n1,Zoë 📚\r\n2,b\r\n";
    let columns = [("t", ColumnType::Text), ("n", ColumnType::Money)];
    let plain = read_text(text, &columns);
    assert_eq!((plain.0.len(), plain.1.len()), (2, 0));
    for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect();
        let file = Scratch::new(&bytes, Format::Csv);
        let (rows, rejected) = read(file.alone(), &wanted(&columns), 2, 8).expect("readable");
        assert_eq!((rows, rejected.rows), (plain.0.clone(), 0));
        // Half a letter breaks its row, as a wrong byte does.
        let half: Vec<u8> = [0xfeff]
            .into_iter()
            .chain("n,t\n1,".encode_utf16())
            .chain([0xd83d])
            .chain("\n2,b\n".encode_utf16())
            .flat_map(to_bytes)
            .collect();
        let (rows, rejected) =
            read(Scratch::new(&half, Format::Csv).alone(), &wanted(&columns), 2, 8).expect("readable");
        assert_eq!((rows.len(), listed(&rejected)), (1, vec!["2: `t` is not valid UTF-8: `\u{fffd}`".to_owned()]));
    }
}

#[test]
fn what_is_no_table_stops_the_work() {
    assert_eq!(problem(b"").0, Code::NoHeader);
    assert_eq!(problem(b"\xef\xbb\xbf\r\n\n").0, Code::NoHeader);
    assert_eq!(problem(b"a\0\n\0").0, Code::CorruptFile);
    assert_eq!(problem(b"\"a,b\n1,2\n").0, Code::CorruptFile);
    let long = [b"a\n1\n2\n\"".as_slice(), &vec![b'\n'; blocks::LONGEST + 1]].concat();
    assert_eq!(problem(&long).1, "the row of `t` that starts on line 4 is longer than 8 MiB");
    let gone = DataFile {
        bytes: Bytes::File("/nowhere/t.csv".into()),
        shown: "t".to_owned(),
        format: Format::Csv,
        view: None,
        numbers: None,
        known: Arc::default(),
    };
    assert_eq!(header(&gone).map_err(|d| d.message), Err("`t` cannot be read: it does not exist".to_owned()));
}

#[test]
fn bytes_that_are_no_utf8_matter_in_wanted_columns_only() {
    let file = Scratch::new(b"a,\xfc\n1,\xfc\n\xc3,\xa9\n", Format::Csv);
    let (rows, rejected) = read(file.alone(), &wanted(&[("a", ColumnType::Text)]), 1, 64).expect("readable");
    assert_eq!(
        (rows, listed(&rejected)),
        (vec!["1".to_owned()], vec!["3: `a` is not valid UTF-8: `\u{fffd}`".to_owned()])
    );
    let tsv = Scratch::new(b"a\tb\n\"x\ty\"\t1\n", Format::Tsv);
    assert_eq!(read(tsv.alone(), &wanted(&[("a", ColumnType::Text)]), 1, 64).expect("readable").0, ["x\ty"]);
}

/// Whether a quoted cell of several lines goes on behind its closing quote, told byte by byte.
fn quotes_close_within(record: &[u8], delimiter: u8) -> bool {
    let (mut is_start, mut is_quoted, mut is_closing, mut runs_over) = (true, false, false, false);
    let record = record.iter().copied().skip_while(|byte| matches!(byte, b'\n' | b'\r'));
    for byte in record {
        let is_end = matches!(byte, b'\n' | b'\r');
        if is_closing && byte != b'"' {
            if runs_over && byte != delimiter && !is_end {
                return true;
            }
            (is_quoted, is_closing) = (false, false);
        }
        match byte {
            b'"' if is_start => (is_start, is_quoted, runs_over) = (false, true, false),
            b'"' if is_quoted => is_closing = !is_closing,
            _ if is_quoted => runs_over |= is_end,
            byte => is_start = byte == delimiter,
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    /// Blocks of any size give the rows that `csv-core` finds in the whole text.
    #[test]
    fn blocks_agree_with_csv_core(
        // What comes first moves the rest across the places up to which bytes are looked at together.
        text in "(\"?[a,]{50,64})?[a\",\n\r\t]{0,40}",
        size in prop_oneof![1_usize..9, 60_usize..200],
        tab in any::<bool>(),
    ) {
        let delimiter = if tab { b'\t' } else { b',' };
        let mut whole = Vec::new();
        let mut reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let mut input = text.as_bytes();
        let (mut output, mut ends, mut used, mut cells, mut start) = (vec![0; 256], vec![0; 256], 0, 0, 0);
        loop {
            let (result, read, written, more) = reader.read_record(input, &mut output[used..], &mut ends[cells..]);
            (input, used, cells) = (&input[read..], used + written, cells + more);
            match result {
                csv_core::ReadRecordResult::Record => {
                    // Blank cells alone are no row, and one with a row in a cell is broken.
                    let starts = std::iter::once(&0).chain(&ends);
                    let mut each = starts.zip(&ends).take(cells).map(|(start, end)| &output[*start..*end]);
                    let parted = |cell: &[u8], by: u8| cell.split(|byte| *byte == by).count() - 1;
                    let holds_row = |cell: &[u8]| {
                        let lines = parted(cell, b'\n');
                        parted(cell, delimiter) >= 8 && parted(cell, delimiter) == lines * (cells - 1)
                    };
                    let raw = &text.as_bytes()[start..text.len() - input.len()];
                    start = text.len() - input.len();
                    let is_broken = (cells > 3 && each.any(holds_row)) || quotes_close_within(raw, delimiter);
                    if !is_broken && !output[..used].iter().all(u8::is_ascii_whitespace) {
                        whole.push((output[..used].to_vec(), ends[..cells].to_vec()));
                    }
                    (used, cells) = (0, 0);
                }
                csv_core::ReadRecordResult::InputEmpty => {}
                _ => break,
            }
        }
        let mut cut = Vec::new();
        let mut cutter = blocks::Cutter::new(text.as_bytes(), delimiter, size).expect("text");
        let mut tokens = tokens::Tokens::new(delimiter);
        let mut lines = Vec::new();
        while let Some(block) = cutter.next().expect("short") {
            // Every width that a record of the whole text has: broken rows at one width are whole at another.
            let mut found = std::collections::BTreeMap::new();
            for width in 1..=text.len() + 1 {
                tokens.split(blocks::Block { ends_quoted: false, ends_open: false, bytes: block.bytes.clone(), ..block }, width, |_, _| {});
                for (row, line) in tokens.grid.lines.iter().enumerate() {
                    let cells: Vec<Vec<u8>> = (0..width).map(|at| tokens.grid.cell(row, at, width).to_vec()).collect();
                    found.insert((*line, row, width), cells);
                }
            }
            let mut of_block: Vec<_> = found.into_iter().collect();
            of_block.sort_by_key(|((line, row, _), _)| (*line, *row));
            for ((line, _, _), cells) in of_block {
                lines.push(line);
                let mut end = 0;
                let ends: Vec<usize> = cells.iter().map(|cell| { end += cell.len(); end }).collect();
                cut.push((cells.concat(), ends));
            }
        }
        prop_assert_eq!(cut, whole);
        prop_assert!(lines.is_sorted());
        prop_assert!(lines.iter().all(|line| *line <= line_count(&text)));
    }

    /// Lines do not depend on where the bytes are cut.
    #[test]
    fn lines_are_counted_across_any_cut(text in "[a\n\r]{0,12}", at in 0_usize..12) {
        let mut lines = blocks::Lines::first();
        let (left, right) = text.as_bytes().split_at(at.min(text.len()));
        lines.pass(left);
        lines.pass(right);
        prop_assert_eq!(lines.line, line_count(&text));
    }
}

/// The line behind a text.
fn line_count(text: &str) -> u64 {
    let ends = text.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count();
    u64::try_from(ends).expect("short") + 1
}

/// A batch of some rows has them in the order asked for, and every kind of cell.
#[test]
fn some_rows_of_a_batch_are_a_batch() {
    let spelt = Spelt::new(&[Some("ann"), None, Some("bo")]);
    let amounts = Decimal128Array::from(vec![Some(5), None, Some(7)]).with_precision_and_scale(12, 2).unwrap();
    let columns = vec![
        Some(Cells::Text(spelt.texts())),
        Some(Cells::Month(Int32Array::from(vec![1, 2, 3]))),
        None,
        Some(Cells::Date(Date32Array::from(vec![Some(10), None, Some(30)]))),
        Some(Cells::Number(amounts)),
    ];
    let some = Batch { file: 3, rows: 3, columns, is_other: false }.only(&[2, 1]);
    let [
        Some(Cells::Text(texts)),
        Some(Cells::Month(months)),
        None,
        Some(Cells::Date(days)),
        Some(Cells::Number(numbers)),
    ] = some.columns.as_slice()
    else {
        panic!("other cells than there were")
    };
    assert_eq!((some.file, some.rows), (3, 2));
    assert_eq!(texts.iter().collect::<Vec<_>>(), [Some("bo"), None]);
    assert_eq!(months.iter().collect::<Vec<_>>(), [Some(3), Some(2)]);
    assert_eq!(days.iter().collect::<Vec<_>>(), [Some(30), None]);
    assert_eq!((numbers.iter().collect::<Vec<_>>(), numbers.scale()), (vec![Some(7), None], 2));
}
