//! Blocks of CSV or TSV → typed rows. Values are read from their bytes; `csv-core` only finds the cells.

use super::blocks::{BLOCK, Block, Cutter};
use super::faults::{corrupt, no_header};
use super::grid::Layout;
use super::rows::Sink;
use super::stream::{Stream, stream, uncut};
use super::tokens::Tokens;
use super::{DataFile, Format, Wanted};
use crate::diagnostic::Diagnostic;

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
    cutter: Cutter<Stream>,
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
    let mut cutter = Cutter::new(stream(file)?, delimiter(file.format), block).map_err(|why| uncut(file, &why))?;
    let mut tokens = Tokens::new(delimiter(file.format));
    while let Some(mut block) = cutter.next().map_err(|why| uncut(file, &why))? {
        let Some(header) = tokens.header(&mut block) else { continue };
        if header.is_unended && block.ends_quoted {
            return Err(corrupt(file, format!("the header of `{}` opens a quote that is never closed", file.shown)));
        }
        tokens.put_by();
        return Ok(Opened { header: header.names, blocks: Blocks { first: Some(block), cutter } });
    }
    Err(no_header(file, "it is empty", "the first line of a table names its columns"))
}

/// The byte between cells.
pub(super) const fn delimiter(format: Format) -> u8 {
    match format {
        Format::Tsv => b'\t',
        Format::Csv | Format::JsonLines | Format::Parquet | Format::Xlsx => b',',
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
