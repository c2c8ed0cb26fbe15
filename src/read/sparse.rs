//! Rows whose cells come one by one, each with its column: JSON lines and workbooks.
//!
//! Only the wanted columns are kept, so that memory does not grow with the width of a file.

use super::grid::{Grid, Layout};
use super::rows::{Sink, problem};
use super::value::Fault;
use super::view::Origin;
use super::{DataFile, Wanted};
use crate::rules::ColumnType;
use crate::text::fold;
use std::borrow::Cow;

/// Rows of a batch.
const ROWS: usize = 1 << 14;
/// Cells of a batch.
const CELLS: usize = 1 << 20;
/// Bytes of a batch; its last row may make it longer.
const BYTES: usize = 4 << 20;

/// What all rows of a file share.
pub(super) struct Sparse<'f> {
    layout: Layout<'f>,
    /// For each column of the file its place among the wanted ones.
    places: Vec<Option<usize>>,
    /// Whether what is kept at each place is to be text.
    texts: Vec<bool>,
    /// The folded names of all columns that are wanted, whether the header has them or not.
    names: Vec<String>,
}

impl<'f> Sparse<'f> {
    /// How the rows behind this header are to be read.
    pub(super) fn new(file: &'f DataFile, order: usize, header: &[String], wanted: &'f [Wanted]) -> Self {
        let names: Vec<String> = wanted.iter().flat_map(|wanted| names_of(file, wanted)).collect();
        let mut kept = Vec::new();
        let mut place_of = |name: &String| {
            names.iter().any(|known| *known == fold(name)).then(|| {
                kept.push(name.clone());
                kept.len() - 1
            })
        };
        let places = header.iter().map(&mut place_of).collect();
        let layout = Layout::new(file, order, &kept, wanted);
        let is_text = |origin: &&Origin<'_>| {
            let kind = wanted.get(origin.wanted).map(|wanted| wanted.kind);
            matches!(kind, Some(ColumnType::Text | ColumnType::Exact))
        };
        let texts = (0..kept.len())
            .map(|place| layout.origins.iter().filter(is_text).any(|origin| origin.places.contains(&place)))
            .collect();
        Self { layout, places, texts, names }
    }

    /// The place of a column of the file among those that are kept; `None` for a column that nobody wants.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// Whether a column of this name is wanted, or would have been.
    pub(super) fn wants(&self, name: &str) -> bool {
        let name = fold(name);
        self.names.iter().any(|known| *known == name) || self.layout.file.known.contains(name.as_ref())
    }

    /// Counts a row that is no row, and keeps why.
    pub(super) fn broken(&self, sink: &mut Sink<'_>, line: u64, said: impl FnOnce() -> (String, &'static str)) {
        self.layout.broken(sink, line, 1, said);
    }

    /// Whether every column that is kept at this place takes the text for a missing cell.
    fn is_missing(&self, place: usize, text: &str) -> bool {
        let mut origins = self.layout.origins.iter().filter(|origin| origin.places.contains(&place)).peekable();
        origins.peek().is_some() && origins.all(|origin| origin.column.is_missing(text.as_bytes()))
    }

    /// Whether a column that is kept at this place holds text.
    pub(super) fn is_text(&self, place: usize) -> bool {
        self.texts.get(place) == Some(&true)
    }

    /// What is stored as a number, as it is to stand at a place: where numbers are read as the file writes them as text.
    pub(super) fn written<'t>(&self, place: usize, digits: &'t str) -> Cow<'t, str> {
        let form = self.layout.file.numbers.filter(|_| !self.is_text(place));
        form.map_or(Cow::Borrowed(digits), |form| form.written(digits))
    }

    /// What the column at a place is called.
    fn name(&self, place: usize) -> &str {
        let origin = self.layout.origins.iter().find(|origin| origin.places.contains(&place));
        origin.map_or("", |origin| origin.name.as_str())
    }
}

/// The folded headers of a wanted column.
fn names_of(file: &DataFile, wanted: &Wanted) -> Vec<String> {
    let folded = |name: &String| fold(name).into_owned();
    match &file.view {
        None => vec![folded(&wanted.name)],
        Some(view) => view.columns.get(&wanted.name).into_iter().flat_map(|c| c.headers.iter().map(folded)).collect(),
    }
}

/// Rows on their way to be typed; its memory is used again.
#[derive(Default)]
pub(super) struct Filler {
    grid: Grid,
    /// The cells of the row at hand, as they came.
    text: Vec<u8>,
    /// Where the cell of each column stands in `text`.
    cells: Vec<Option<(usize, usize)>>,
    /// The leftmost cell of the row that holds no value.
    fault: Option<(usize, Fault)>,
}

impl Filler {
    /// Begins a row.
    pub(super) fn start(&mut self, sparse: &Sparse<'_>) {
        self.text.clear();
        self.cells.clear();
        self.cells.resize(sparse.layout.width, None);
        self.fault = None;
    }

    /// Puts a cell in its place.
    pub(super) fn put(&mut self, place: usize, text: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        if let Some(cell) = self.cells.get_mut(place) {
            *cell = Some((start, self.text.len()));
        }
    }

    /// Puts a cell in its place that holds no value; a spelling of a missing cell stays one.
    pub(super) fn put_fault(&mut self, sparse: &Sparse<'_>, place: usize, fault: Fault) {
        let is_missing = fault.value.as_deref().is_some_and(|text| sparse.is_missing(place, text));
        if !is_missing && self.fault.as_ref().is_none_or(|(first, _)| place < *first) {
            self.fault = Some((place, fault));
        }
    }

    /// Bytes of the row at hand.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// Ends a row: `line` is the number that names it.
    pub(super) fn end(&mut self, sparse: &Sparse<'_>, line: u64, sink: &mut Sink<'_>) {
        if let Some((place, fault)) = self.fault.take() {
            let layout = &sparse.layout;
            let kind = (layout.order, Some(place), fault.help.clone());
            sink.faults.add(kind, line, || problem(layout.file, line, sparse.name(place), &fault));
            return;
        }
        for cell in &self.cells {
            let text = cell.and_then(|(start, end)| self.text.get(start..end));
            let start = self.grid.text.len();
            self.grid.text.extend_from_slice(text.unwrap_or_default());
            self.grid.push(start, self.grid.text.len());
        }
        self.grid.lines.push(line);
    }

    /// Whether the rows are to be handed on before there are more.
    pub(super) fn is_full(&self) -> bool {
        self.grid.lines.len() >= ROWS || self.grid.cells() >= CELLS || self.grid.text.len() >= BYTES
    }

    /// Types all rows and hands them on.
    pub(super) fn hand_on(&mut self, sparse: &Sparse<'_>, sink: &mut Sink<'_>) {
        sparse.layout.read(&self.grid, sink);
        self.grid.clear();
        self.grid.text.clear();
    }
}
