//! Cells of some rows as text, and the typing of them: every format that is text at heart ends here.

use super::faults::row_of;
use super::rows::{Rows, Sink, Typed};
use super::view::{Origin, origins};
use super::{DataFile, Wanted};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::ColumnType;

/// The cells of some rows, all of one width; its memory is used again for the next ones.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The cells, one behind the other.
    pub(super) text: Vec<u8>,
    /// Where each cell ends in `text`, row by row.
    pub(super) ends: Vec<usize>,
    /// The number that names each row: the line it starts on.
    pub(super) lines: Vec<u64>,
}

impl Grid {
    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.ends.clear();
        self.lines.clear();
    }

    /// One cell.
    pub(super) fn cell(&self, row: usize, at: usize, width: usize) -> &[u8] {
        let cell = row * width + at;
        let end_of = |cell: usize| self.ends.get(cell).copied().unwrap_or(0);
        let start = cell.checked_sub(1).map_or(0, end_of);
        self.text.get(start..end_of(cell)).unwrap_or_default()
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

    /// Types all rows and hands them on.
    pub(super) fn read(&self, grid: &Grid, sink: &mut Sink<'_>) {
        let mut rows = Rows::new(self.file, self.order, &grid.lines, sink.wanted);
        for origin in &self.origins {
            let Some(wanted) = sink.wanted.get(origin.wanted) else { continue };
            let (cells, column) = (grid.column(origin, self.width), origin.column);
            let faults = &mut *sink.faults;
            let typed = match wanted.kind {
                ColumnType::Text | ColumnType::Exact => {
                    let texts = rows.read(origin, faults, cells, |cell| column.text(cell));
                    rows.pass_over(origin, faults, &texts);
                    Typed::Text(texts)
                }
                ColumnType::Month => Typed::Month(rows.read(origin, faults, cells, |cell| column.month(cell))),
                ColumnType::Date => Typed::Date(rows.read(origin, faults, cells, |cell| column.date(cell))),
                ColumnType::Money | ColumnType::Count => {
                    Typed::Number(rows.read(origin, faults, cells, |cell| column.number(cell)))
                }
            };
            rows.put(origin.wanted, typed);
        }
        rows.finish(sink);
    }
}
