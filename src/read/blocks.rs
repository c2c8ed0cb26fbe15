//! A stream of bytes → blocks of whole records, cut without looking at values.
//!
//! The cutter and `csv-core` agree on where records end; a property test holds them together.

use super::marks::{self, Marker};
use super::sniff::{self, Kind};
use memchr::{memchr, memchr_iter, memchr3};
use std::io::{self, Read};

/// Bytes of a block; a record that is longer makes its block longer. Where bytes are made at random, small files too have
/// several blocks.
pub(super) const BLOCK: usize = if cfg!(fuzzing) { 1 << 8 } else { 1 << 18 };

/// Bytes of the longest record. An unclosed quote would otherwise draw a whole file into memory.
pub(super) const LONGEST: usize = 8 << 20;

/// Counts lines by their ends: `\n`, `\r\n` and a lone `\r`, inside quotes too, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    /// The line the next byte stands on, from 1.
    pub(super) line: u64,
    /// Whether a `\n` that comes next belongs to the line end before it.
    after_return: bool,
}

impl Lines {
    /// The start of a file.
    pub(super) const fn first() -> Self {
        Self { line: 1, after_return: false }
    }

    /// Moves past some bytes.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        let count = |end: u8| u64::try_from(memchr_iter(end, bytes).count()).unwrap_or(u64::MAX);
        let returns = count(b'\r');
        let mut pairs = u64::from(self.after_return && bytes.first() == Some(&b'\n'));
        if returns > 0 {
            pairs += bytes.windows(2).map(|pair| u64::from(pair == b"\r\n")).sum::<u64>();
        }
        self.line += count(b'\n') + returns - pairs;
        self.after_return = *last == b'\r';
    }

    /// Moves past the end of a line, which is empty or not.
    pub(super) fn end(&mut self, end: u8, is_empty: bool) {
        let is_second = is_empty && self.after_return && end == b'\n';
        self.line += u64::from(!is_second);
        self.after_return = end == b'\r';
    }
}

/// Some whole records of a file, one after the other.
#[derive(Debug)]
pub(super) struct Block {
    /// Their bytes.
    pub(super) bytes: Vec<u8>,
    /// Where the first byte stands.
    pub(super) start: Lines,
    /// Whether the file ends here inside a quote.
    pub(super) ends_quoted: bool,
    /// Whether the file ends here, and without a line end: it may have been cut inside its last cell.
    pub(super) ends_open: bool,
}

/// Why no block could be cut.
#[derive(Debug)]
pub(super) enum Uncut {
    /// The system gave an error.
    Io(io::Error),
    /// There is a zero byte, which no text has, on this line.
    Zero(u64),
    /// The bytes are something else than text, and known.
    Other(Kind),
    /// The record that starts on this line is longer than [`LONGEST`].
    TooLong(u64),
}

/// Cuts a stream.
#[derive(Debug)]
pub(super) struct Cutter<R> {
    input: R,
    delimiter: u8,
    /// Whether quotes hold line ends; else every line is a record.
    quotes: bool,
    size: usize,
    /// Bytes read behind the last cut.
    rest: Vec<u8>,
    lines: Lines,
    ended: bool,
}

impl<R: Read> Cutter<R> {
    /// Starts to cut blocks of about `size` bytes: passes a byte order mark, refuses what is not text.
    pub(super) fn new(input: R, delimiter: u8, size: usize) -> Result<Self, Uncut> {
        Self::started(input, delimiter, true, size)
    }

    /// The same where every line is a record, whatever quotes stand in it.
    pub(super) fn of_lines(input: R, size: usize) -> Result<Self, Uncut> {
        Self::started(input, b',', false, size)
    }

    fn started(input: R, delimiter: u8, quotes: bool, size: usize) -> Result<Self, Uncut> {
        let (size, rest) = (size.clamp(1, LONGEST), Vec::new());
        let mut cutter = Self { input, delimiter, quotes, size, rest, lines: Lines::first(), ended: false };
        let mut bytes = Vec::new();
        cutter.read_to(&mut bytes, cutter.size.max(sniff::SHORTEST)).map_err(Uncut::Io)?;
        if let Some(kind) = Kind::of(&bytes).or(Kind::of_objects(&bytes).filter(|_| quotes)) {
            return Err(Uncut::Other(kind));
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        cutter.rest = bytes;
        Ok(cutter)
    }

    /// Cuts blocks of another size from here on.
    pub(super) fn resize(&mut self, size: usize) {
        self.size = size.clamp(1, LONGEST);
    }

    /// The next block; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Uncut> {
        let mut bytes = std::mem::take(&mut self.rest);
        let (delimiter, quotes) = (self.delimiter, self.quotes);
        let mut scan = Scan { delimiter, quotes, state: State::RecordStart, first: None, last: None };
        let mut scanned = 0;
        let mut wanted = self.size;
        loop {
            if !self.ended {
                // Once: to grow on the way copies all that was read before.
                bytes.reserve(wanted.saturating_sub(bytes.len()));
            }
            self.read_to(&mut bytes, wanted).map_err(Uncut::Io)?;
            if bytes.get(scanned..).is_some_and(|new| memchr(0, new).is_some()) {
                let before = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
                self.lines.pass(before);
                return Err(Uncut::Zero(self.lines.line));
            }
            scan.pass(&bytes, scanned);
            scanned = bytes.len();
            // Only the first record can be too long: the block is not read on once a second one has begun.
            if scan.first.unwrap_or(scanned) > LONGEST {
                return Err(Uncut::TooLong(self.lines.line));
            }
            if self.ended {
                break;
            }
            if let Some(end) = scan.last {
                self.rest = bytes.split_off(end);
                break;
            }
            wanted = scanned.saturating_add(self.size);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let start = self.lines;
        self.lines.pass(&bytes);
        let ends_quoted = self.quotes && self.ended && scan.state == State::Quoted;
        let ends_open = self.ended && !matches!(bytes.last(), Some(b'\n' | b'\r'));
        Ok(Some(Block { bytes, start, ends_quoted, ends_open }))
    }

    /// Fills up to `wanted` bytes, fewer only at the end of the stream.
    fn read_to(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let ask = wanted.saturating_sub(bytes.len());
        if ask > 0 && !self.ended {
            let got = self.input.by_ref().take(u64::try_from(ask).unwrap_or(u64::MAX)).read_to_end(bytes)?;
            self.ended = got < ask;
        }
        Ok(())
    }
}

/// Where a byte stands in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a record; line ends here are blank lines.
    RecordStart,
    /// Before a cell: only here does a quote open one.
    CellStart,
    /// In a cell without quotes, or behind its closing quote: quotes stand for themselves.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote between quotes: one more is a quote, anything else closes.
    QuoteInQuoted,
}

/// A pass over the bytes of one block.
struct Scan {
    delimiter: u8,
    quotes: bool,
    state: State,
    /// The end of the first record.
    first: Option<usize>,
    /// The end of the last whole one.
    last: Option<usize>,
}

impl Scan {
    /// Goes over the bytes from `from`.
    fn pass(&mut self, bytes: &[u8], from: usize) {
        let new = bytes.get(from..).unwrap_or_default();
        if !self.quotes || (self.state != State::Quoted && memchr(b'"', new).is_none()) {
            return self.pass_unquoted(new, from);
        }
        if self.pass_marked(new, from) {
            return;
        }
        let mut at = 0;
        while let Some(rest) = new.get(at..).filter(|rest| !rest.is_empty()) {
            // Inside of a cell only what can end it matters.
            let hop = match self.state {
                State::Quoted => memchr(b'"', rest),
                State::Plain => memchr3(self.delimiter, b'\n', b'\r', rest),
                State::RecordStart | State::CellStart | State::QuoteInQuoted => Some(0),
            };
            let Some(byte) = hop.and_then(|hop| rest.get(hop)) else { return };
            at += hop.unwrap_or(0);
            self.state = self.step(*byte);
            if self.state == State::RecordStart {
                self.ends(from + at);
            }
            at += 1;
        }
    }

    /// The same, many bytes at a time, where no quote stands for itself; whether none does. Else nothing is done.
    fn pass_marked(&mut self, new: &[u8], from: usize) -> bool {
        let may_open = matches!(self.state, State::RecordStart | State::CellStart | State::QuoteInQuoted);
        let mut marker = Marker::new(self.delimiter, self.state == State::Quoted, may_open);
        let (mut first, mut last) = (None, None);
        for (part, bytes) in new.chunks(marks::TOGETHER).enumerate() {
            let Some(marks) = marker.next(bytes) else { return false };
            if marks.ends != 0 {
                let place = |zeros: u32| part * marks::TOGETHER + usize::try_from(zeros).unwrap_or(0);
                first.get_or_insert_with(|| place(marks.ends.trailing_zeros()));
                last = Some(place(u64::BITS - 1 - marks.ends.leading_zeros()));
            }
        }
        for at in [first, last].into_iter().flatten() {
            self.ends(from + at);
        }
        self.state = match new.last() {
            _ if marker.is_inside() => State::Quoted,
            Some(b'"') => State::QuoteInQuoted,
            Some(byte) if is_line_end(*byte) => State::RecordStart,
            Some(byte) if *byte == self.delimiter => State::CellStart,
            Some(_) => State::Plain,
            None => self.state,
        };
        true
    }

    /// The same for bytes without a quote outside of quotes: every line end ends a record.
    fn pass_unquoted(&mut self, new: &[u8], from: usize) {
        let Some(byte) = new.last() else { return };
        let first = new.iter().position(|b| is_line_end(*b));
        let last = new.iter().rposition(|b| is_line_end(*b));
        for at in [first, last].into_iter().flatten() {
            self.ends(from + at);
        }
        self.state = self.step(*byte);
    }

    /// A record, or a blank line, ends with the byte at `at`.
    fn ends(&mut self, at: usize) {
        self.first.get_or_insert(at + 1);
        self.last = Some(at + 1);
    }

    /// Where the next byte stands.
    fn step(&self, byte: u8) -> State {
        match (self.state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::Quoted, _) | (State::RecordStart | State::CellStart | State::QuoteInQuoted, b'"') => State::Quoted,
            (_, byte) if is_line_end(byte) => State::RecordStart,
            (_, byte) if byte == self.delimiter => State::CellStart,
            _ => State::Plain,
        }
    }
}

/// Whether the byte ends a line outside of quotes.
pub(super) const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
