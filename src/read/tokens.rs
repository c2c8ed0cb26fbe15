//! A block → its cells, and the rows that are broken.

use super::blocks::{Block, Lines, is_line_end};
use super::grid::Grid;
use super::plain;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::memchr;
use std::cell::RefCell;

thread_local! {
    /// What this thread has put by: to build a reader costs more than to read a small table.
    static SPARE: RefCell<Vec<Tokens>> = const { RefCell::new(Vec::new()) };
}

/// Delimiters in a cell that hold as many rows as it has lines by more than chance: an address has fewer.
const DRAWN_IN: usize = 8;

/// The cells of one block at a time; its memory is used again for the next.
pub(super) struct Tokens {
    delimiter: u8,
    reader: Reader,
    /// The cells without their quotes.
    pub(super) grid: Grid,
    /// Where the cells of the record just read end, counted from its start.
    record: Vec<usize>,
}

/// The record just read.
struct Record {
    /// The line it starts on.
    line: u64,
    /// How many cells it has.
    cells: usize,
    /// Whether the block ends without a line end behind it: then it is the last record of its file.
    is_unended: bool,
}

/// The header of a file.
pub(super) struct Header {
    /// Its cells.
    pub(super) names: Vec<String>,
    /// The line it starts on.
    pub(super) line: u64,
    /// Whether it ends with the file.
    pub(super) is_unended: bool,
    /// Whether a quote in it closes within a later row.
    pub(super) draws_rows_in: bool,
}

impl Tokens {
    /// Cells between these delimiters.
    pub(super) fn new(delimiter: u8) -> Self {
        let is_such = |spare: &Self| spare.delimiter == delimiter;
        let spare = SPARE.with_borrow_mut(|all| all.iter().position(is_such).map(|at| all.swap_remove(at)));
        let mut tokens = spare.unwrap_or_else(|| Self {
            delimiter,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            grid: Grid::default(),
            record: vec![0; 64],
        });
        tokens.reader.reset();
        // A reader drops a byte order mark from the first bytes it sees. In the middle of a file that is text, so let
        // it see nothing first; what it would do then, `Cutter` has done.
        let _ = tokens.reader.read_record(&[], &mut [], &mut []);
        tokens
    }

    /// What stands between the cells.
    pub(super) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Keeps them for this thread's next table.
    pub(super) fn put_by(self) {
        SPARE.with_borrow_mut(|all| all.push(self));
    }

    /// Takes the header off the first block that holds a record; `None` for a block of blank lines.
    pub(super) fn header(&mut self, block: &mut Block) -> Option<Header> {
        self.grid.text.resize(block.bytes.len() + 1, 0);
        let mut input = block.bytes.as_slice();
        let record = self.next(&mut input, &mut block.start, 0)?;
        let starts = std::iter::once(&0).chain(&self.record);
        let cells = starts.zip(&self.record).take(record.cells);
        let name = |(start, end): (&usize, &usize)| self.grid.text.get(*start..*end).map(String::from_utf8_lossy);
        let names = cells.filter_map(name).map(std::borrow::Cow::into_owned).collect();
        let length = block.bytes.len() - input.len();
        let raw: Vec<u8> = block.bytes.drain(..length).skip_while(|byte| is_line_end(*byte)).collect();
        let draws_rows_in = closes_within(&raw, self.delimiter);
        Some(Header { names, line: record.line, is_unended: record.is_unended, draws_rows_in })
    }

    /// Finds the cells of all rows that have `width` of them; the other rows are `broken`. Rows of blank cells, which
    /// spreadsheets leave below the last one, are none.
    pub(super) fn split(&mut self, block: Block, width: usize, mut broken: impl FnMut(u64, Broken)) {
        self.grid.clear();
        if plain::split(&block, self.delimiter, width, &mut self.grid) {
            self.grid.text = block.bytes;
            return;
        }
        self.grid.text.resize(block.bytes.len() + 1, 0);
        self.grid.clear();
        let mut input = block.bytes.as_slice();
        let mut lines = block.start;
        let mut used = 0;
        loop {
            let before = input;
            let Some(record) = self.next(&mut input, &mut lines, used) else { break };
            let raw = before.get(..before.len() - input.len()).unwrap_or_default();
            let raw = raw.get(raw.iter().take_while(|byte| is_line_end(**byte)).count()..).unwrap_or_default();
            let is_cut = record.is_unended && block.ends_quoted;
            if !is_cut && self.is_blank(&record, used) {
                continue;
            }
            let runs_over = lines.line.saturating_sub(record.line) + u64::from(record.is_unended);
            if is_cut {
                broken(record.line, Broken::Quoted { lines: lines.line - record.line + 1 });
            } else if record.cells != width {
                broken(record.line, Broken::Width { cells: record.cells, width, is_unended: record.is_unended });
            } else if runs_over > 1 && (self.holds_rows(&record, used) || closes_within(raw, self.delimiter)) {
                broken(record.line, Broken::Rows { lines: runs_over });
            } else {
                let mut start = used;
                for end in self.record.iter().take(width) {
                    self.grid.push(start, used + end);
                    start = used + end;
                }
                self.grid.lines.push(record.line);
                used = start;
            }
        }
    }

    /// Whether all cells of a record are blank.
    fn is_blank(&self, record: &Record, used: usize) -> bool {
        let length = record.cells.checked_sub(1).and_then(|last| self.record.get(last)).copied().unwrap_or(0);
        self.grid.text.get(used..used + length).is_some_and(|text| text.iter().all(u8::is_ascii_whitespace))
    }

    /// Whether a cell of a record holds line ends, and for each as many delimiters as a row: then a quote has drawn rows in.
    fn holds_rows(&self, record: &Record, used: usize) -> bool {
        let starts = std::iter::once(&0).chain(&self.record);
        let mut cells = starts.zip(&self.record).take(record.cells);
        record.cells > 3
            && cells.any(|(start, end)| {
                let cell = self.grid.text.get(used + start..used + end).unwrap_or_default();
                let parted = |by: u8| cell.split(|byte| *byte == by).count() - 1;
                // A quote that ends in its own column again draws in as many delimiters for each line. Few of them are chance.
                let delimiters = parted(self.delimiter);
                delimiters >= DRAWN_IN && delimiters == parted(b'\n') * (record.cells - 1)
            })
    }

    /// Reads one record into `text` from `used` on; `None` behind the last.
    fn next(&mut self, input: &mut &[u8], lines: &mut Lines, used: usize) -> Option<Record> {
        let blank = input.iter().take_while(|byte| is_line_end(**byte)).count();
        pass(input, lines, blank);
        if input.is_empty() {
            return None;
        }
        let mut record = Record { line: lines.line, cells: 0, is_unended: false };
        let mut used = used;
        loop {
            // Only a record without a line end comes here a second time with nothing left.
            record.is_unended = input.is_empty();
            let text = self.grid.text.get_mut(used..).unwrap_or_default();
            let ends = self.record.get_mut(record.cells..).unwrap_or_default();
            let (result, read, written, cells) = self.reader.read_record(input, text, ends);
            pass(input, lines, read);
            used += written;
            record.cells += cells;
            match result {
                ReadRecordResult::Record => return Some(record),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputEndsFull => self.record.resize(self.record.len() * 2, 0),
                // Neither happens: `text` is longer than the block, and a record has begun.
                ReadRecordResult::OutputFull | ReadRecordResult::End => return None,
            }
        }
    }
}

/// Moves past some bytes.
fn pass(input: &mut &[u8], lines: &mut Lines, count: usize) {
    let (passed, rest) = input.split_at_checked(count).unwrap_or((input, &[]));
    lines.pass(passed);
    *input = rest;
}

/// How a row is broken.
pub(super) enum Broken {
    /// It has fewer or more cells than the header.
    Width {
        /// What it has.
        cells: usize,
        /// What the header has.
        width: usize,
        /// Whether the file ends with this row and without a line end.
        is_unended: bool,
    },
    /// A quote draws other rows into one of its cells.
    Rows {
        /// How many lines it runs over.
        lines: u64,
    },
    /// The file ends inside a quote that this row opens.
    Quoted {
        /// How many lines the quote draws into the row.
        lines: u64,
    },
}

impl Broken {
    /// How many lines are in it that could have been rows.
    pub(super) const fn lines(&self) -> u64 {
        match self {
            Self::Width { .. } => 1,
            Self::Rows { lines } | Self::Quoted { lines } => *lines,
        }
    }

    /// The message, and what to do.
    pub(super) fn said(&self) -> (String, &'static str) {
        let count = |cells: usize| if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
        match self {
            Self::Width { cells, width, is_unended } => {
                let message = format!("the row has {} where the header has {width}", count(*cells));
                if *is_unended && cells < width {
                    return (format!("{message}: the file seems to end in the middle of it"), "export the file again");
                }
                let help = if cells < width {
                    "take it out where it is no row, such as a line of totals or a note; a cell that contains a line end stands in double quotes"
                } else {
                    "write a cell that contains the delimiter in double quotes"
                };
                (message, help)
            }
            Self::Rows { lines } => (
                format!("a quote draws other rows into a cell of this one: it runs over {lines} lines"),
                "remove the quote, or close it in its own cell; a quote inside of quotes is written twice",
            ),
            Self::Quoted { lines: 1 } => (
                "the file ends inside a quote that this row opens".to_owned(),
                "close the quote, or export the file again",
            ),
            Self::Quoted { lines } => (
                format!("the file ends inside a quote that this row opens: all {lines} lines from here on are in it"),
                "close the quote; a quote inside of quotes is written twice",
            ),
        }
    }
}

/// Whether a quote that runs over lines closes in front of more text: then it was never meant to open there, and has drawn
/// in the rows between.
fn closes_within(record: &[u8], delimiter: u8) -> bool {
    let mut rest = record;
    loop {
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            rest = quoted;
            let mut runs_over = false;
            loop {
                let Some(quote) = memchr(b'"', rest) else { return false };
                runs_over |= rest.iter().take(quote).any(|byte| is_line_end(*byte));
                rest = rest.get(quote + 1..).unwrap_or_default();
                match rest.strip_prefix(b"\"") {
                    Some(more) => rest = more,
                    None => break,
                }
            }
            // Blanks before the delimiter are only untidy.
            let next = rest.iter().find(|byte| **byte != b' ');
            if runs_over && next.is_some_and(|next| *next != delimiter && !is_line_end(*next)) {
                return true;
            }
        }
        let Some(end) = memchr(delimiter, rest) else { return false };
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}
