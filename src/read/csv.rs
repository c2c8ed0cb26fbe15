//! Blocks of CSV or TSV → typed rows. Values are read from their bytes; `csv-core` only finds the cells.

use super::blocks::{BLOCK, Block, Cutter};
use super::faults::{corrupt, no_header};
use super::grid::Layout;
use super::rows::Sink;
use super::stream::{Blocks, stream, uncut};
use super::tokens::{Header, Tokens};
use super::{DataFile, Format, Wanted};
use crate::diagnostic::Diagnostic;

/// The names of a file's columns.
pub(super) fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    Ok(open(file, BLOCK)?.header.names)
}

/// A file behind its header: how its rows are to be read, what stands between their cells, and what cuts them.
pub(super) fn start<'f>(
    file: &'f DataFile,
    order: usize,
    wanted: &'f [Wanted],
    block: usize,
) -> Result<(Layout<'f>, u8, Blocks), Box<Diagnostic>> {
    let Opened { header, delimiter, blocks } = open(file, block)?;
    Ok((Layout::new(file, order, &header.names, wanted), delimiter, blocks))
}

/// A file whose header has been read.
struct Opened {
    header: Header,
    delimiter: u8,
    blocks: Blocks,
}

/// Marks between cells; spreadsheets take the one that their country uses, whatever the file is called.
const DELIMITERS: &[u8] = b",\t;|";

/// Opens a file and reads its header: the first record, cut by what its name says; where that cuts nothing, by what does.
fn open(file: &DataFile, block: usize) -> Result<Opened, Box<Diagnostic>> {
    let named = delimiter(file.format);
    let opened = open_by(file, block, named, 0)?;
    let count =
        |delimiter: u8| opened.header.names.iter().map(|name| name.matches(char::from(delimiter)).count()).sum();
    if let Some(said) = said(&opened.header, named) {
        return open_by(file, block, said, opened.header.line);
    }
    // The first of those that stand most often.
    let counted: Vec<(usize, u8)> = DELIMITERS.iter().rev().map(|delimiter| (count(*delimiter), *delimiter)).collect();
    match counted.into_iter().max_by_key(|(count, _)| *count) {
        Some((1.., delimiter)) if opened.header.names.len() == 1 => open_by(file, block, delimiter, 0),
        _ => Ok(opened),
    }
}

/// What a line `sep=;` says, which spreadsheets write before the header and hide.
fn said(header: &Header, delimiter: u8) -> Option<u8> {
    let line = header.names.join(char::from(delimiter).encode_utf8(&mut [0; 4]));
    let mark = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..))?;
    DELIMITERS.iter().find(|delimiter| mark.as_bytes() == [**delimiter]).copied()
}

/// The same by a delimiter, behind a line.
fn open_by(file: &DataFile, block: usize, delimiter: u8, behind: u64) -> Result<Opened, Box<Diagnostic>> {
    let mut cutter = Cutter::new(stream(file)?, delimiter, block).map_err(|why| uncut(file, &why))?;
    let mut tokens = Tokens::new(delimiter);
    while let Some(mut block) = cutter.next().map_err(|why| uncut(file, &why))? {
        let Some(header) = std::iter::from_fn(|| tokens.header(&mut block)).find(|header| header.line > behind) else {
            continue;
        };
        if header.is_unended && block.ends_quoted {
            return Err(corrupt(file, format!("the header of `{}` opens a quote that is never closed", file.shown)));
        }
        if header.draws_rows_in {
            let message = format!("the header of `{}` opens a quote that a later row closes", file.shown);
            let help = "remove the quote, or close it in its own cell; a quote inside of quotes is written twice";
            return Err(Box::new(corrupt(file, message).help(help)));
        }
        tokens.put_by();
        return Ok(Opened { header, delimiter, blocks: Blocks::new(block, cutter) });
    }
    Err(no_header(file, "it is empty", "the first line of a table names its columns"))
}

/// A record that may be a header, and the line it starts on.
type Record = (u64, Vec<String>);

/// The first records, cut by what parts most cells; where several do, by what the file's name says.
pub(super) fn top(file: &DataFile, records: usize) -> Result<Vec<Record>, Box<Diagnostic>> {
    let width = |top: &[Record]| top.iter().map(|(_, cells)| cells.len()).max();
    let mut widest = top_by(file, records, delimiter(file.format))?;
    for delimiter in DELIMITERS {
        // What cannot be cut so is no table by it.
        if let Ok(top) = top_by(file, records, *delimiter)
            && width(&top) > width(&widest)
        {
            widest = top;
        }
    }
    Ok(widest)
}

fn top_by(file: &DataFile, records: usize, delimiter: u8) -> Result<Vec<Record>, Box<Diagnostic>> {
    let mut cutter = Cutter::new(stream(file)?, delimiter, BLOCK).map_err(|why| uncut(file, &why))?;
    let mut tokens = Tokens::new(delimiter);
    let mut top = Vec::new();
    while top.len() < records
        && let Some(mut block) = cutter.next().map_err(|why| uncut(file, &why))?
    {
        while top.len() < records
            && let Some(record) = tokens.header(&mut block)
        {
            top.push((record.line, record.names));
        }
    }
    tokens.put_by();
    Ok(top)
}

/// The byte between cells by a file's name.
const fn delimiter(format: Format) -> u8 {
    match format {
        Format::Tsv => b'\t',
        Format::Csv | Format::JsonLines | Format::Parquet | Format::Xlsx => b',',
    }
}

/// Types a block's rows and hands them on.
pub(super) fn read(layout: &Layout, block: Block, tokens: &mut Tokens, sink: &mut Sink) {
    let ends_open = block.ends_open && !block.bytes.is_empty();
    tokens.split(block, layout.width, |line, broken| layout.broken(sink, line, broken.lines(), || broken.said()));
    if ends_open {
        sink.faults.ends_open(layout.order, &layout.file.shown);
    }
    layout.read(&tokens.grid, sink);
}
