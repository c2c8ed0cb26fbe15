//! Texts a person wrote, and places in them.
//!
//! A [`Location`] is what every diagnostic about a rule points at. Nothing here knows what the texts mean.

use std::ops::Range;

/// What the paths of texts begin with that are built into the program: they are no files.
pub const BUILT_IN: &str = "(built in) ";

/// Which text of [`Sources`] a location lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(usize);

/// Bytes `start..end` of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A span in a known text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The text.
    pub source: SourceId,
    /// The bytes.
    pub span: Span,
}

/// One text with the path it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as the user gave or would type it, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Where its lines start.
    starts: Vec<usize>,
}

impl Source {
    /// The line of a byte from 1, and where it starts.
    #[must_use]
    pub fn line(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        (line, line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0))
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let (line, start) = self.line(offset);
        let column = self.text.get(start..offset).unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// All texts of one run.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Keeps a text and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        // Looked up once for each problem: there can be as many as lines.
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.0.push(Source { path: path.into(), text, starts });
        SourceId(self.0.len() - 1)
    }

    /// All of them, as they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The text of an id; `None` for an id of other `Sources`.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0)
    }
}

/// A text that was found as a file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Its path within that folder, with `/`.
    pub file: String,
    /// Its text.
    pub source: SourceId,
}
