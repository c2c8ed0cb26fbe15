//! The one sheet of a workbook → typed rows.
//!
//! The table is the only visible sheet that has cells; where several have some, nothing says which is meant, and the file
//! is refused. The header is the first row with a cell; rows without one are no rows; cells beside the header belong to no
//! column. Rows are named by their numbers in the sheet.

use super::blocks::LONGEST;
use super::cell::{Value, error_of_a_formula, value_of};
use super::faults::{corrupt, no_header, unreadable};
use super::guard::guarded;
use super::rows::Sink;
use super::sniff::{self, Kind};
use super::sparse::{Filler, Sparse};
use super::value;
use super::{Bytes, DataFile};
use crate::diagnostic::Diagnostic;
use crate::text::{quoted, trim};
use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use zip::ZipArchive;
use zip::read::ZipFile;

/// Bytes that all parts of a workbook may have, unpacked.
const LARGEST: u64 = 1 << 28;
/// Bytes that its texts may have, unpacked: they are held in memory, where the shortest take five times as much.
const MOST_TEXTS: u64 = 1 << 27;
/// Columns of a sheet.
const COLUMNS: u32 = 1 << 14;
/// The part that holds the texts of all sheets.
const STRINGS: &str = "xl/sharedStrings.xml";

/// The names of the sheet's columns.
pub(super) fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    let mut book = open(file)?;
    decoding(file, || Sheet::open(file, &mut book)?.header(file))
}

/// The first rows, with their numbers.
pub(super) fn top(file: &DataFile, rows: usize) -> Result<Vec<(u64, Vec<String>)>, Box<Diagnostic>> {
    let mut book = open(file)?;
    decoding(file, || {
        let mut sheet = Sheet::open(file, &mut book)?;
        let mut top = Vec::new();
        while top.len() < rows
            && let Some((row, cells)) = sheet.cells_of_a_row(file)?
        {
            top.push((u64::from(row) + 1, cells));
        }
        Ok(top)
    })
}

/// Types all rows and hands them on.
pub(super) fn read(file: &DataFile, order: usize, sink: &mut Sink) -> Result<(), Box<Diagnostic>> {
    let mut book = open(file)?;
    let (mut sheet, header) = decoding(file, || {
        let mut sheet = Sheet::open(file, &mut book)?;
        let header = sheet.header(file)?;
        Ok((sheet, header))
    })?;
    let sparse = Sparse::new(file, order, &header, sink.wanted);
    let mut filler = Filler::default();
    loop {
        // What the decoder gives is typed outside of its guard: a panic there would be a fault of ours.
        let is_ended = decoding(file, || sheet.fill(file, &sparse, &mut filler, sink))?;
        filler.hand_on(&sparse, sink);
        if is_ended {
            return Ok(());
        }
    }
}

/// Runs the decoder, which panics on some damaged files.
fn decoding<T>(file: &DataFile, work: impl FnOnce() -> Result<T, Box<Diagnostic>>) -> Result<T, Box<Diagnostic>> {
    guarded(work).unwrap_or_else(|| Err(damaged(file, "its parts contradict one another")))
}

/// A workbook and the name of the sheet that is the table.
struct Book {
    workbook: Xlsx<BufReader<File>>,
    sheet: String,
}

/// Opens a workbook, once it is known to be whole and not too large, and finds its sheet.
fn open(file: &DataFile) -> Result<Book, Box<Diagnostic>> {
    let path = match &file.bytes {
        Bytes::File(path) => path,
        Bytes::Gzip(_) | Bytes::Text(_) => return Err(damaged(file, "it is text")),
    };
    let opened = || File::open(path).map_err(|error| unreadable(file, &error));
    let head = sniff::head(&mut opened()?).map_err(|error| unreadable(file, &error))?;
    match Kind::of(&head) {
        None if head.is_empty() => return Err(damaged(file, "it is empty")),
        None => sniff::text(file, &head, "csv").map_or(Ok(()), Err)?,
        Some(Kind::Zip | Kind::Workbook) => {}
        Some(kind) => return Err(sniff::other(file, kind)),
    }
    decoding(file, || {
        check(file, path)?;
        let mut workbook = Xlsx::new(BufReader::new(opened()?)).map_err(|error| undecoded(file, &error))?;
        let sheet = only_sheet(file, &mut workbook)?;
        Ok(Book { workbook, sheet })
    })
}

/// Reads all parts once, without keeping them: what is not whole is found before any row is believed, because the
/// decoder leaves a part before its check sum.
fn check(file: &DataFile, path: &Path) -> Result<(), Box<Diagnostic>> {
    let opened = File::open(path).map_err(|error| unreadable(file, &error))?;
    let mut archive = ZipArchive::new(BufReader::new(opened)).map_err(|error| undecoded(file, &error))?;
    let mut size = 0_u64;
    for part in 0..archive.len() {
        let part = archive.by_index_raw(part).map_err(|error| undecoded(file, &error))?;
        if is_strings(&part) && part.size() > MOST_TEXTS {
            return Err(too_large(file, &format!("has texts of more than {} MiB", MOST_TEXTS >> 20)));
        }
        size = size.saturating_add(part.size());
    }
    if size > LARGEST {
        return Err(too_large(file, &format!("is larger than {} MiB", LARGEST >> 20)));
    }
    for part in 0..archive.len() {
        // A part that is larger than it says ends here too.
        let mut part = archive.by_index(part).map_err(|error| undecoded(file, &error))?;
        let (size, is_strings) = (part.size(), is_strings(&part));
        let head = sniff::head(&mut part).map_err(|error| undecoded(file, &error))?;
        if is_strings && claimed(&head).is_some_and(|texts| texts > size) {
            return Err(damaged(file, "it says that it has more texts than it has bytes for them"));
        }
        io::copy(&mut part, &mut io::sink()).map_err(|error| undecoded(file, &error))?;
    }
    Ok(())
}

/// Whether the part holds the texts of all sheets.
fn is_strings<R: io::Read>(part: &ZipFile<'_, R>) -> bool {
    part.name().is_ok_and(|name| name.eq_ignore_ascii_case(STRINGS))
}

/// A workbook that would need too much memory or time.
fn too_large(file: &DataFile, what: &str) -> Box<Diagnostic> {
    let problem = corrupt(file, format!("`{}` {what} when it is unpacked", file.shown));
    Box::new(problem.help("save the sheet as CSV, which may be of any size"))
}

/// How many texts a workbook says it has: the decoder makes room for all of them before it has seen one.
fn claimed(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let (_, behind) = head.split_once("uniqueCount")?;
    let behind = behind.trim_start_matches(|c: char| c.is_ascii_whitespace() || "='\"".contains(c));
    let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// The name of the only visible sheet that has cells.
fn only_sheet(file: &DataFile, workbook: &mut Xlsx<BufReader<File>>) -> Result<String, Box<Diagnostic>> {
    let is_seen =
        |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let names: Vec<String> =
        workbook.sheets_metadata().iter().filter(is_seen).map(|sheet| sheet.name.clone()).collect();
    let mut with_cells = Vec::new();
    for name in names {
        let mut sheet = Sheet::of(file, workbook, &name)?;
        if sheet.next(file)?.is_some() {
            with_cells.push(name);
        }
    }
    match with_cells.as_slice() {
        [] => Err(no_header(file, "no visible sheet has a cell", "the first row of a table names its columns")),
        [only] => Ok(only.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|name| quoted(name)).collect();
            let message = format!(
                "`{}` has cells on several sheets, and nothing says which of them is the table: {}",
                file.shown,
                names.join(", ")
            );
            Err(Box::new(corrupt(file, message).help("keep the table in a workbook of its own, or hide the others")))
        }
    }
}

/// The cells of a sheet that are not blank, row by row.
struct Sheet<'b> {
    cells: XlsxCellReader<'b, BufReader<File>>,
    /// The place of the cell that was read last.
    last: Option<(u32, u32)>,
    /// A cell that was read and belongs to the next row.
    held: Option<(u32, u32, Value)>,
    /// Whether the sheet has ended: the decoder must not be asked again then.
    is_ended: bool,
}

impl<'b> Sheet<'b> {
    /// The sheet that is the table.
    fn open(file: &DataFile, book: &'b mut Book) -> Result<Self, Box<Diagnostic>> {
        Self::of(file, &mut book.workbook, &book.sheet)
    }

    fn of(file: &DataFile, workbook: &'b mut Xlsx<BufReader<File>>, name: &str) -> Result<Self, Box<Diagnostic>> {
        let cells = workbook.worksheet_cells_reader(name).map_err(|error| undecoded(file, &error))?;
        Ok(Self { cells, last: None, held: None, is_ended: false })
    }

    /// The next cell that is not blank, with its row and column from 0; `None` at the end.
    fn next(&mut self, file: &DataFile) -> Result<Option<(u32, u32, Value)>, Box<Diagnostic>> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        while !self.is_ended {
            let cell = self.cells.next_cell().map_err(|error| undecoded(file, &error))?;
            let Some(cell) = cell else {
                self.is_ended = true;
                break;
            };
            let place = cell.get_position();
            if self.last.is_some_and(|last| place <= last) || place.1 >= COLUMNS {
                return Err(damaged(file, "its cells are out of order"));
            }
            self.last = Some(place);
            match value_of(cell.get_value()) {
                Value::Text(text) if trim(&text).is_empty() => {}
                value => return Ok(Some((place.0, place.1, value))),
            }
        }
        Ok(None)
    }

    /// The names in the first row.
    fn header(&mut self, file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
        Ok(self.cells_of_a_row(file)?.map_or_else(Vec::new, |(_, names)| names))
    }

    /// The next row whole: its number from 0, and the texts of its cells.
    fn cells_of_a_row(&mut self, file: &DataFile) -> Result<Option<(u32, Vec<String>)>, Box<Diagnostic>> {
        let mut names = Vec::new();
        let mut first = None;
        while let Some((row, column, value)) = self.next(file)? {
            if *first.get_or_insert(row) != row {
                self.held = Some((row, column, value));
                break;
            }
            let (Value::Text(name) | Value::Fraction(name) | Value::Error(name)) = value;
            names.resize(usize::try_from(column).unwrap_or(0), String::new());
            names.push(name);
        }
        Ok(first.map(|row| (row, names)))
    }

    /// Reads rows until there are enough for a batch; whether the sheet has ended.
    fn fill(
        &mut self,
        file: &DataFile,
        sparse: &Sparse<'_>,
        filler: &mut Filler,
        sink: &mut Sink,
    ) -> Result<bool, Box<Diagnostic>> {
        while !filler.is_full() {
            let Some(row) = self.row(file, sparse, filler)? else { return Ok(true) };
            filler.end(sparse, row, sink);
        }
        Ok(false)
    }

    /// Reads the next row and gives its number, from 1; `None` at the end.
    fn row(
        &mut self,
        file: &DataFile,
        sparse: &Sparse<'_>,
        filler: &mut Filler,
    ) -> Result<Option<u64>, Box<Diagnostic>> {
        let mut at = None;
        filler.start(sparse);
        while let Some((row, column, value)) = self.next(file)? {
            let number = u64::from(*at.get_or_insert(row)) + 1;
            if at != Some(row) {
                self.held = Some((row, column, value));
                break;
            }
            let Some(place) = sparse.place(usize::try_from(column).unwrap_or(usize::MAX)) else { continue };
            match value {
                Value::Text(text) => filler.put(place, text.as_bytes()),
                Value::Fraction(digits) => match value::kept_whole(&digits) {
                    Err(fault) if sparse.is_text(place) => filler.put_fault(sparse, place, fault),
                    _ => filler.put(place, sparse.written(place, &digits).as_bytes()),
                },
                Value::Error(error) => filler.put_fault(sparse, place, error_of_a_formula(error)),
            }
            if filler.length() > LONGEST {
                let message = format!("row {number} of `{}` is longer than {} MiB", file.shown, LONGEST >> 20);
                return Err(corrupt(file, message));
            }
        }
        Ok(at.map(|row| u64::from(row) + 1))
    }
}

/// A workbook that the decoder refuses.
fn undecoded(file: &DataFile, error: &impl Display) -> Box<Diagnostic> {
    let said = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| said.to_ascii_lowercase().contains(word));
    if has(&["eocd", "end of central directory", "unexpected end of file", "failed to fill whole buffer"]) {
        damaged(file, "its end is missing")
    } else if has(&["deflate", "checksum", "crc"]) {
        damaged(file, "its packed data are damaged")
    } else if has(&["xml error", "xml attribute", "xml encoding", "end of xml"]) {
        damaged(file, "a part of it is no whole XML document")
    } else if has(&["not found"]) {
        damaged(file, "a part of it is missing")
    } else {
        damaged(file, format!("it cannot be decoded ({said})"))
    }
}

/// A workbook that cannot be decoded.
fn damaged(file: &DataFile, why: impl Display) -> Box<Diagnostic> {
    let message = format!("`{}` is not a whole Excel workbook: {why}", file.shown);
    Box::new(corrupt(file, message).help("save it again; it may have been cut short"))
}
