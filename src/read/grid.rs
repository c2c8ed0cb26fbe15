//! Cells of some rows as text, and the typing of them: every format that is text at heart ends here.

use super::faults::row_of;
use super::rows::{Held, Rows, Sink, Typed, with_texts};
use super::straight::{Column, in_turn};
use super::view::{Origin, origins};
use super::{Batch, DataFile, Wanted};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::ColumnType;
use std::ops::Range;

/// Where a cell stands. There are as many as cells, and blocks are far shorter than 4 GiB.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        let narrow = |place| u32::try_from(place).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    fn range(self) -> Range<usize> {
        let wide = |place| usize::try_from(place).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }
}

/// The cells of some rows, all of one width; its memory is used again for the next ones.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The text in which the cells stand.
    pub(super) text: Vec<u8>,
    /// Where each cell starts in `text` and where it ends, row by row.
    spans: Vec<Span>,
    /// The number that names each row: the line it starts on.
    pub(super) lines: Vec<u64>,
}

impl Grid {
    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.lines.clear();
    }

    /// Adds a cell by where it starts in `text` and where it ends.
    pub(super) fn push(&mut self, start: usize, end: usize) {
        self.spans.push(Span::new(start, end));
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.spans.len()
    }

    /// One cell.
    pub(super) fn cell(&self, row: usize, at: usize, width: usize) -> &[u8] {
        let span = self.spans.get(row * width + at).copied().unwrap_or_default();
        self.text.get(span.range()).unwrap_or_default()
    }

    /// All cells as text; `None` where it is not valid.
    fn texts(&self) -> Option<&str> {
        let all = self.spans.last().map_or(0..0, |last| 0..last.range().end);
        str::from_utf8(self.text.get(all)?).ok()
    }

    /// The cells of a wanted column: of its places the first that holds something.
    fn column<'a>(&'a self, origin: &'a Origin<'_>, width: usize) -> impl Iterator<Item = Option<&'a [u8]>> {
        (0..self.lines.len()).map(move |row| match origin.places.as_slice() {
            [] => origin.column.constant.as_deref().map(str::as_bytes),
            [only] => Some(self.cell(row, *only, width)),
            several => several.iter().map(|at| self.cell(row, *at, width)).find(|cell| !origin.column.is_missing(cell)),
        })
    }
}

/// What all rows of a file share.
pub(super) struct Layout<'f> {
    /// The file.
    pub(super) file: &'f DataFile,
    /// The file's place among all files.
    pub(super) order: usize,
    /// How many cells a row has.
    pub(super) width: usize,
    /// The wanted columns that the file has, from left to right.
    pub(super) origins: Vec<Origin<'f>>,
}

impl<'f> Layout<'f> {
    /// How the rows behind this header are to be read.
    pub(super) fn new(file: &'f DataFile, order: usize, header: &[String], wanted: &'f [Wanted]) -> Self {
        Self { file, order, width: header.len(), origins: origins(file, header, wanted) }
    }

    /// Counts a row that is no row, and the lines drawn into it; keeps why.
    pub(super) fn broken(
        &self,
        sink: &mut Sink<'_>,
        line: u64,
        lines: u64,
        said: impl FnOnce() -> (String, &'static str),
    ) {
        let (message, help) = said();
        sink.faults.add_lines((self.order, None, help.into()), line, lines, || {
            Diagnostic::new(Code::BrokenRow, row_of(self.file, line, None), message).help(help)
        });
    }

    /// Types all rows and hands them on: column by column where that can be, else cell by cell, which finds the faults.
    pub(super) fn read(&self, grid: &Grid, sink: &mut Sink<'_>) {
        match self.columns(grid, sink) {
            Some(held) if !grid.lines.is_empty() => {
                let columns = with_texts(held, sink.spellings);
                (sink.consume)(&Batch { file: self.order, rows: grid.lines.len(), columns, is_other: false });
            }
            Some(_) => {}
            None => self.read_cells(grid, sink),
        }
    }

    /// All columns; `None` where any cell has to be looked at by itself.
    fn columns(&self, grid: &Grid, sink: &mut Sink<'_>) -> Option<Vec<Option<Held>>> {
        let rows = grid.lines.len();
        let mut all: Vec<Option<Held>> = sink.wanted.iter().map(|_| None).collect();
        let text = grid.texts()?;
        let known = sink.known.of_file(self.order, sink.wanted.len());
        for at in in_turn(&self.origins, sink.wanted) {
            let (origin, known) = self.origins.get(at).zip(known.get_mut(at))?;
            let (wanted, spellings) = sink.wanted.get(origin.wanted).zip(sink.spellings.get_mut(origin.wanted))?;
            let mut column = Column { origin, wanted, spellings, known, held: &all };
            let held = match origin.places.as_slice() {
                [] => column.constant(rows)?,
                [only] => {
                    let spans = grid.spans.iter().skip(*only).step_by(self.width.max(1));
                    column.read_texts(spans.map(|span| text.get(span.range()).unwrap_or_default()))?
                }
                _ => return None,
            };
            *all.get_mut(origin.wanted)? = Some(held);
        }
        Some(all)
    }

    fn read_cells(&self, grid: &Grid, sink: &mut Sink<'_>) {
        let mut rows = Rows::new(self.file, self.order, &grid.lines, sink.wanted);
        for origin in &self.origins {
            let Some(wanted) = sink.wanted.get(origin.wanted) else { continue };
            let (cells, column) = (grid.column(origin, self.width), origin.column);
            let faults = &mut *sink.faults;
            let typed = match wanted.kind {
                ColumnType::Text | ColumnType::Exact => {
                    let texts = rows.read(origin, faults, cells, |cell| column.text(cell));
                    rows.pass_over(origin, &texts);
                    Typed::Text(texts)
                }
                ColumnType::Month => Typed::Month(rows.read(origin, faults, cells, |cell| column.month(cell))),
                ColumnType::Date => Typed::Date(rows.read(origin, faults, cells, |cell| column.date(cell))),
                ColumnType::Money | ColumnType::Count => {
                    Typed::Number(rows.read(origin, faults, cells, |cell| origin.number(cell)))
                }
            };
            rows.put(origin.wanted, typed);
        }
        rows.finish(sink);
    }
}
