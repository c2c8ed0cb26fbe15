//! The text of a file as a stream of bytes: unpacked where it is packed, in UTF-8, and each item of a JSON list on a line.

use super::blocks::{Block, Cutter, LONGEST, Uncut};
use super::faults::{corrupt, row_of, unreadable};
use super::items::{NoList, items};
use super::sniff::{self, Kind};
use super::wide::Wide;
use super::{Bytes, DataFile, Format};
use crate::diagnostic::Diagnostic;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// Bytes of a packed file that are read at a time.
const PACKED: usize = 1 << 16;

/// The bytes of a text.
pub(super) type Stream = Box<dyn Read + Send>;

/// The blocks of a file of text, the first of which has been cut to see what the columns are.
pub(super) struct Blocks {
    first: Option<Block>,
    cutter: Cutter<Stream>,
}

impl Blocks {
    /// What is left of the first block, and what cuts the others.
    pub(super) const fn new(first: Block, cutter: Cutter<Stream>) -> Self {
        Self { first: Some(first), cutter }
    }

    /// Cuts blocks of another size from here on.
    pub(super) fn resize(&mut self, size: usize) {
        self.cutter.resize(size);
    }

    /// The next block; `None` at the end.
    pub(super) fn next(&mut self, file: &DataFile) -> Result<Option<Block>, Box<Diagnostic>> {
        match self.first.take() {
            Some(block) => Ok(Some(block)),
            None => self.cutter.next().map_err(|why| uncut(file, &why)),
        }
    }
}

/// Opens a file of text: in UTF-8 from here on, and each item of a JSON list on a line.
pub(super) fn stream(file: &DataFile) -> Result<Stream, Box<Diagnostic>> {
    let bytes: Stream = match &file.bytes {
        Bytes::File(path) => Box::new(File::open(path).map_err(|error| unreadable(file, &error))?),
        Bytes::Gzip(path) => unpacked(file, path)?,
        Bytes::Text(text) => Box::new(Cursor::new(Arc::clone(text))),
    };
    let text = in_utf8(bytes).and_then(|text| if file.format == Format::JsonLines { items(text) } else { Ok(text) });
    text.map_err(|error| uncut(file, &Uncut::Io(error)))
}

/// The same text in UTF-8, where its mark says that it is written in UTF-16.
fn in_utf8(mut bytes: Stream) -> io::Result<Stream> {
    let mut mark = Vec::new();
    bytes.by_ref().take(2).read_to_end(&mut mark)?;
    Ok(match mark.as_slice() {
        b"\xff\xfe" => Box::new(Wide::new(bytes, true)),
        b"\xfe\xff" => Box::new(Wide::new(bytes, false)),
        _ => Box::new(Cursor::new(mark).chain(bytes)),
    })
}

/// What a gzip file holds. It may have been packed in parts: all of them are read.
fn unpacked(file: &DataFile, path: &Path) -> Result<Stream, Box<Diagnostic>> {
    let opened = File::open(path).map_err(|error| unreadable(file, &error))?;
    let mut packed = BufReader::with_capacity(PACKED, opened);
    let head = packed.fill_buf().map_err(|error| unreadable(file, &error))?;
    match Kind::of(head) {
        Some(Kind::Gzip) => Ok(Box::new(MultiGzDecoder::new(packed))),
        Some(kind) => Err(sniff::other(file, kind)),
        None if head.is_empty() => Err(not_whole(file, "it is empty")),
        None => Err(sniff::text(file, head, file.format.ending()).unwrap_or_else(|| not_whole(file, DAMAGED))),
    }
}

/// What is said of bytes that contradict one another.
const DAMAGED: &str = "its bytes are damaged, or others follow them";

/// A gzip file that cannot be unpacked to its end.
fn not_whole(file: &DataFile, why: &str) -> Box<Diagnostic> {
    let problem = corrupt(file, format!("`{}` is not a whole gzip file: {why}", file.shown));
    Box::new(problem.help("write or copy the file again"))
}

/// A file that is no text.
fn not_text(file: &DataFile, what: &str) -> Box<Diagnostic> {
    let problem = corrupt(file, format!("`{}` is not UTF-8 text: {what}", file.shown));
    Box::new(problem.help("save it again with UTF-8 encoding"))
}

/// Why a file cannot be cut into blocks.
pub(super) fn uncut(file: &DataFile, why: &Uncut) -> Box<Diagnostic> {
    let shown = &file.shown;
    if let Uncut::Io(error) = why
        && let Some(none) = error.get_ref().and_then(|error| error.downcast_ref::<NoList>())
    {
        let problem = *corrupt(file, format!("`{shown}` is no JSON list: {}", none.why));
        let problem = problem.help("one list is the whole file, `[{…}, {…}]`: export or copy it again");
        return Box::new(Diagnostic { place: row_of(file, none.item, None), ..problem });
    }
    match why {
        Uncut::Io(error) => match (&file.bytes, error.kind()) {
            (Bytes::Gzip(_), io::ErrorKind::UnexpectedEof) => {
                not_whole(file, "it ends too early, or other bytes stand behind its end")
            }
            (Bytes::Gzip(_), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => not_whole(file, DAMAGED),
            _ => unreadable(file, error),
        },
        Uncut::Other(kind) => match &file.bytes {
            Bytes::Gzip(_) => {
                let problem = corrupt(file, format!("`{shown}` is not what its name says: it holds {}", kind.said()));
                Box::new(problem.help(kind.help().unwrap_or("unpack it, and give the file that is in it")))
            }
            Bytes::File(_) | Bytes::Text(_) => sniff::other(file, *kind),
        },
        Uncut::Zero(line) => {
            let problem = *not_text(file, &format!("it has a zero byte on line {line}"));
            Box::new(Diagnostic { place: row_of(file, *line, None), ..problem })
        }
        Uncut::TooLong(line) => {
            let message =
                format!("the row of `{shown}` that starts on line {line} is longer than {} MiB", LONGEST >> 20);
            let problem = Diagnostic { place: row_of(file, *line, None), ..*corrupt(file, message) };
            Box::new(problem.help(match file.format {
                Format::JsonLines => "write each object on a line of its own, or all of them as one list",
                _ => "look there for a quote that is opened and never closed",
            }))
        }
    }
}
