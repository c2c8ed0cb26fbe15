//! Any bytes as a file of every format, through the whole way of reading: header, rows, score.
//!
//! The first byte chooses the format, the second how it is read, the rest is the file. Nothing may panic, hang or grow
//! without bound, and what is read must not depend on the number of threads.

#![no_main]

use arrow_array::Array as _;
use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::measure::Effort;
use pcs_rules::read::{Batch, Blank, Cells, Column, DataFile, DayForm, View, Wanted, Words, header, scan};
use pcs_rules::rules::ColumnType;
use pcs_rules::run::{Library, Question, inspect_folder, load_rules, score_folder};
use pcs_rules::source::Sources;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The formats, by the endings of their files; the last two are made of the bytes here, as no mutation would find the
/// check sums of the first.
const ENDINGS: [&str; 10] =
    ["csv", "tsv", "csv.gz", "tsv.gz", "jsonl", "jsonl.gz", "parquet", "xlsx", "csv.gz", "xlsx"];
const PACKED: usize = 8;
const PARTS: usize = 9;

fuzz_target!(|data: &[u8]| {
    let [format, way, bytes @ ..] = data else { return };
    let format = usize::from(*format) % ENDINGS.len();
    let path = place().join(format!("loans.{}", ENDINGS[format]));
    let written = match format {
        PACKED => packed(bytes),
        PARTS => workbook(bytes),
        _ => bytes.to_vec(),
    };
    fs::write(&path, written).expect("room for a file");
    if way & 0x40 == 0 {
        read(&path, *way)
    } else {
        score(*way)
    }
    fs::remove_file(&path).expect("it was written");
});

/// Reads the header and the rows, in two ways that must agree.
fn read(path: &Path, way: u8) {
    let mut file = DataFile::named(path, "table".to_owned()).expect("its ending is known");
    if way & 0x04 != 0 {
        file.view = Some(Arc::new(view()));
    }
    let wanted = wanted(way & 0x08 != 0);
    let opened = header(&file);
    let alone = rows(&file, &wanted, 1);
    assert!(opened.is_ok() || alone.is_err(), "rows without a header");
    let threads = usize::from(way & 0x03);
    if threads > 0 {
        assert_eq!(alone, rows(&file, &wanted, threads + 1), "threads differ");
    }
}

/// All rows, sorted, and what is said of the others; or why there are none.
fn rows(file: &DataFile, wanted: &[Wanted], threads: usize) -> Result<(Vec<String>, u64, String), String> {
    let see = |rows: &mut Vec<String>, batch: &Batch<'_>| {
        assert!(batch.columns.iter().flatten().all(|cells| length(cells) == batch.rows));
        for row in 0..batch.rows {
            rows.push(batch.columns.iter().map(|cells| cell(cells.as_ref(), row)).collect());
        }
    };
    let read = scan(std::slice::from_ref(file), wanted, vec![Vec::new(); threads], see);
    let (states, rejected) = read.map_err(|problem| format!("{problem:?}"))?;
    let mut rows = states.concat();
    rows.sort_unstable();
    Ok((rows, rejected.rows, format!("{:?} {:?}", rejected.listed, rejected.open_ends)))
}

fn length(cells: &Cells) -> usize {
    match cells {
        Cells::Text(texts) => texts.codes().len(),
        Cells::Month(months) => months.len(),
        Cells::Date(dates) => dates.len(),
        Cells::Number(numbers) => numbers.len(),
    }
}

/// A cell whatever its batch: the scale that a batch shares does not show.
fn cell(cells: Option<&Cells>, row: usize) -> String {
    match cells {
        None => "|!".to_owned(),
        Some(Cells::Text(texts)) if texts.get(row).is_some() => format!("|{:?}", texts.get(row).unwrap_or_default()),
        Some(Cells::Month(months)) if months.is_valid(row) => format!("|{}", months.value(row)),
        Some(Cells::Date(dates)) if dates.is_valid(row) => format!("|{}", dates.value(row)),
        Some(Cells::Number(numbers)) if numbers.is_valid(row) => {
            let scale = u32::try_from(numbers.scale()).expect("0 to 38");
            format!("|{}", pcs_rules::exact::Exact::scaled(numbers.value(row), scale))
        }
        Some(_) => "|-".to_owned(),
    }
}

/// A column of every type, called as in the data of the cases, which are good first bytes.
fn wanted(is_strict: bool) -> Vec<Wanted> {
    let columns = [
        ("branch", ColumnType::Text),
        ("reader", ColumnType::Exact),
        ("month", ColumnType::Month),
        ("begun", ColumnType::Date),
        ("fees", ColumnType::Money),
        ("books", ColumnType::Count),
    ];
    let blank = |name| if is_strict && name == "month" { Blank::Unreadable } else { Blank::Missing };
    columns
        .map(|(name, kind)| Wanted {
            name: name.to_owned(),
            kind,
            blank: blank(name),
            plain: None,
            only: None,
            asked: None,
        })
        .into()
}

/// Other headers for the same columns, with all that a profile can say of them.
fn view() -> View {
    let from = |headers: &[&str]| Column {
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        ..Column::default()
    };
    let words = Words {
        meanings: BTreeMap::from([("long tales".to_owned(), "novel".to_owned())]),
        prefixes: vec!["the".to_owned(), "shelf:".to_owned()],
        missing: vec!["null".to_owned(), "n/a".to_owned()],
        known: vec!["poem".to_owned()],
        otherwise: Some(("is of no shelf", "name the shelf")),
    };
    let blanks = Words { missing: words.missing.clone(), ..Words::default() };
    let days = |forms: &[&str]| forms.iter().filter_map(|form| DayForm::parse(form)).collect::<Vec<_>>();
    View {
        profile: "fuzzed".to_owned(),
        columns: BTreeMap::from([
            ("branch".to_owned(), Column { words, ..from(&["branch", "reader", "teacher"]) }),
            ("reader".to_owned(), Column { constant: Some("always".to_owned()), ..Column::default() }),
            ("month".to_owned(), Column { days: days(&["m/d/y"]), words: blanks.clone(), ..from(&["month"]) }),
            ("begun".to_owned(), Column { days: days(&["d.m.y", "y-m-d"]), ..from(&["begun"]) }),
            ("fees".to_owned(), Column { words: blanks, ..from(&["fees"]) }),
            ("books".to_owned(), from(&["books"])),
        ]),
    }
}

/// Scores the folder that holds the file, or looks at all that stands in it.
fn score(way: u8) {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/base");
    let library = LIBRARY.get_or_init(|| {
        fs::copy(base.join("data/courses.csv"), place().join("courses.csv")).expect("a file of the base");
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        load_rules(&base.join("rules"), &mut sources, &mut found).expect("rules of the base")
    });
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let allow_bad_rows = if way & 0x08 == 0 { 0 } else { 9 };
    let effort = Effort { threads: 1 + usize::from(way & 0x03), allow_bad_rows, ..Effort::default() };
    let question = Question { effort, ..Question::default() };
    let failed = if way & 0x04 == 0 {
        score_folder(library, place(), &question, &mut sources, &mut found).is_err()
    } else {
        inspect_folder(library, place(), &question, &mut sources, &mut found).is_err()
    };
    assert!(!failed || found.failed().is_err(), "it fails without a message");
}

/// The bytes packed with gzip.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("room for bytes")
}

/// A workbook whose sheet, texts, styles and list of sheets are the bytes between zero bytes; whole ones for those that
/// are blank.
fn workbook(bytes: &[u8]) -> Vec<u8> {
    const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    const PACKAGE: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const LINKS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    const SHEET: &[u8] = br#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" s="1"><v>45000.5</v></c></row></sheetData></worksheet>"#;
    const TEXTS: &[u8] =
        br#"<sst count="4" uniqueCount="4"><si><t>branch</t></si><si><t>begun</t></si><si><t>fees</t></si><si><t>month</t></si></sst>"#;
    const STYLES: &[u8] = br#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    const BOOK: &[u8] = br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let mut given = bytes.split(|byte| *byte == 0);
    let mut or = |whole| given.next().filter(|part| !part.is_empty()).unwrap_or(whole);
    let (sheet, texts, styles, book, links) = (or(SHEET), or(TEXTS), or(STYLES), or(BOOK), or(LINKS));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive.start_file(name, options).expect("a new part");
        archive.write_all(part).expect("room for bytes");
    }
    archive.finish().expect("room for bytes").into_inner()
}

/// The folder of this process, in memory where `TMPDIR` says so.
fn place() -> &'static PathBuf {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let place = std::env::temp_dir().join(format!("pcs-rules-fuzz-{}", std::process::id()));
        fs::create_dir_all(&place).expect("room for a folder");
        place
    })
}
