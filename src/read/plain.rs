//! The cells of a block where they stand: nothing is copied. Only where every record is a row whose cells are written
//! plainly: no quote is doubled, and no cell holds a line end.

use super::blocks::{Block, Lines};
use super::grid::Grid;
use super::marks::{self, Marker};

/// Puts the cells of a block into a grid, whose text the block's bytes are to be; whether they are plain, and every row has
/// so many.
pub(super) fn split(block: &Block, delimiter: u8, width: usize, grid: &mut Grid) -> bool {
    let bytes = block.bytes.as_slice();
    let mut marker = Marker::new(delimiter, false, true);
    let mut row = Row { grid, width, lines: block.start, start: 0, cells: 0, is_blank: true };
    for (part, together) in bytes.chunks(marks::TOGETHER).enumerate() {
        let Some(marks) = marker.next(together).filter(|marks| !marks.is_not_plain) else { return false };
        for place in marks::places(marks.delimiters | marks.ends) {
            let at = part * marks::TOGETHER + place;
            let is_end = marks.ends >> place & 1 == 1;
            if !(if is_end { row.line_end(bytes, at) } else { row.cell(bytes, at) }) {
                return false;
            }
        }
    }
    !marker.is_inside() && row.end(bytes, bytes.len())
}

/// The row at hand.
struct Row<'g> {
    grid: &'g mut Grid,
    width: usize,
    /// Where it starts.
    lines: Lines,
    /// Where its next cell starts, and how many are before that.
    start: usize,
    cells: usize,
    is_blank: bool,
}

impl Row<'_> {
    /// Takes the cell that ends here; whether it is plain.
    fn cell(&mut self, bytes: &[u8], at: usize) -> bool {
        let Some((start, end)) = plain(bytes, self.start, at) else { return false };
        self.is_blank =
            self.is_blank && bytes.get(start..end).is_some_and(|cell| cell.iter().all(u8::is_ascii_whitespace));
        self.grid.push(start, end);
        self.cells += 1;
        self.start = at + 1;
        true
    }

    /// Ends the row here, unless the line is empty; whether it has its cells, and anything in them.
    fn end(&mut self, bytes: &[u8], at: usize) -> bool {
        if self.is_empty(at) {
            return true;
        }
        let is_row = self.cell(bytes, at) && self.cells == self.width && !self.is_blank;
        self.grid.lines.push(self.lines.line);
        (self.cells, self.is_blank) = (0, true);
        is_row
    }

    /// The same at a line end.
    fn line_end(&mut self, bytes: &[u8], at: usize) -> bool {
        let is_empty = self.is_empty(at);
        let is_row = self.end(bytes, at);
        self.lines.end(bytes.get(at).copied().unwrap_or_default(), is_empty);
        self.start = at + 1;
        is_row
    }

    fn is_empty(&self, at: usize) -> bool {
        self.cells == 0 && self.start == at
    }
}

/// Where the text of a cell stands, in quotes or not; `None` where other bytes follow its closing quote.
fn plain(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    if start == end || bytes.get(start) != Some(&b'"') {
        return Some((start, end));
    }
    let closing = end - 1;
    (closing > start && bytes.get(closing) == Some(&b'"')).then_some((start + 1, closing))
}
