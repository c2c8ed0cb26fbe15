//! Blocks of CSV or TSV → typed rows. Values are read from their bytes; `csv-core` only finds the cells.

use super::blocks::{BLOCK, Block, Cutter, LONGEST, Uncut};
use super::faults::{corrupt, unreadable};
use super::grid::Layout;
use super::rows::Sink;
use super::tokens::Tokens;
use super::{Bytes, DataFile, Format, Wanted};
use crate::diagnostic::{Code, Diagnostic, Place};
use std::fs::File;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// The names of a file's columns.
pub(super) fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    Ok(open(file, BLOCK)?.header)
}

/// A file behind its header: how its rows are to be read, and what cuts them.
pub(super) fn start<'f>(
    file: &'f DataFile,
    order: usize,
    wanted: &[Wanted],
    block: usize,
) -> Result<(Layout<'f>, Blocks), Box<Diagnostic>> {
    let Opened { header, blocks } = open(file, block)?;
    Ok((Layout::new(file, order, &header, wanted), blocks))
}

/// The blocks of a file behind its header.
pub(super) struct Blocks {
    first: Option<Block>,
    cutter: Cutter<Box<dyn Read + Send>>,
}

impl Blocks {
    /// The next block; `None` at the end.
    pub(super) fn next(&mut self, file: &DataFile) -> Result<Option<Block>, Box<Diagnostic>> {
        match self.first.take() {
            Some(block) => Ok(Some(block)),
            None => self.cutter.next().map_err(|why| uncut(file, &why)),
        }
    }
}

/// A file whose header has been read.
struct Opened {
    header: Vec<String>,
    blocks: Blocks,
}

/// Opens a file and reads its header: the first record.
fn open(file: &DataFile, block: usize) -> Result<Opened, Box<Diagnostic>> {
    let input: Box<dyn Read + Send> = match &file.bytes {
        Bytes::File(path) => Box::new(File::open(path).map_err(|error| unreadable(file, &error))?),
        Bytes::Text(text) => Box::new(Cursor::new(Arc::clone(text))),
    };
    let mut cutter = Cutter::new(input, delimiter(file.format), block).map_err(|why| uncut(file, &why))?;
    let mut tokens = Tokens::new(delimiter(file.format));
    while let Some(mut block) = cutter.next().map_err(|why| uncut(file, &why))? {
        let Some(header) = tokens.header(&mut block) else { continue };
        if header.is_unended && block.ends_quoted {
            return Err(corrupt(file, format!("the header of `{}` opens a quote that is never closed", file.shown)));
        }
        tokens.put_by();
        return Ok(Opened { header: header.names, blocks: Blocks { first: Some(block), cutter } });
    }
    let message = format!("`{}` has no header: it is empty", file.shown);
    let problem = Diagnostic::new(Code::NoHeader, Place::File(file.shown.clone()), message);
    Err(Box::new(problem.help("the first line of a table names its columns")))
}

/// The byte between cells.
pub(super) const fn delimiter(format: Format) -> u8 {
    match format {
        Format::Tsv => b'\t',
        Format::Csv | Format::Parquet => b',',
    }
}

/// Why a file cannot be cut into blocks.
fn uncut(file: &DataFile, why: &Uncut) -> Box<Diagnostic> {
    let shown = &file.shown;
    match why {
        Uncut::Io(error) => unreadable(file, error),
        Uncut::NotText(what) => {
            let problem = corrupt(file, format!("`{shown}` is not UTF-8 text: {what}"));
            Box::new(problem.help("save it as CSV with UTF-8 encoding"))
        }
        Uncut::TooLong(line) => {
            let message =
                format!("the row of `{shown}` that starts on line {line} is longer than {} MiB", LONGEST >> 20);
            Box::new(corrupt(file, message).help("look there for a quote that is opened and never closed"))
        }
    }
}

/// Types a block's rows and hands them on.
pub(super) fn read(layout: &Layout, block: &Block, tokens: &mut Tokens, sink: &mut Sink) {
    tokens.split(block, layout.width, |line, broken| layout.broken(sink, line, || broken.said()));
    if block.ends_open && !block.bytes.is_empty() {
        sink.faults.ends_open(layout.order, &layout.file.shown);
    }
    layout.read(&tokens.grid, sink);
}
