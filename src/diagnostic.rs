//! A problem, where it is, and the proof that it was reported.
//!
//! Stages add problems to [`Diagnostics`] and go on as long as they can; how a problem looks is decided in `report`.

mod code;

use crate::source::Location;
pub use code::{Code, Severity};

/// One problem with its cause and one line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// One sentence: what is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What stands at the place, in a few words; may be empty.
    pub label: String,
    /// A second place that disagrees with the first.
    pub other: Option<(Location, String)>,
    /// What to do.
    pub help: Option<String>,
}

/// Where a problem lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a text a person wrote.
    Text(Location),
    /// In a file as a whole.
    File(String),
    /// In a table of the rules, whose rows can come from several files.
    Table(String),
    /// In a row of data.
    Row(Cell),
    /// In the command itself.
    Command,
}

/// A cell, or a whole row, of a data file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The file as the user named it.
    pub file: String,
    /// The line the record starts on, the header being 1; in a workbook the sheet's own number, in Parquet the row's from 1.
    pub row: u64,
    /// The column's header, where one cell is to blame.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
}

impl Diagnostic {
    /// A problem at a place, with nothing else said yet.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place, label: String::new(), other: None, help: None }
    }

    /// A problem at a word of a text.
    pub fn at(code: Code, at: Location, message: impl Into<String>) -> Self {
        Self::new(code, Place::Text(at), message)
    }

    /// The same with a word at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn other(mut self, at: Location, text: impl Into<String>) -> Self {
        self.other = Some((at, text.into()));
        self
    }
}

/// "did you mean" for a misspelt name; else nothing.
#[must_use]
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::text::nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// Proof that an error has been reported. Only [`Diagnostics::error`] and [`Diagnostics::failed`] make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed(());

/// The problems of one run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds an error, and proves it.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Failed {
        debug_assert_eq!(diagnostic.code.severity(), Severity::Error, "{:?}", diagnostic.code);
        self.found.push(diagnostic);
        Failed(())
    }

    /// Adds a problem that stops nothing.
    pub fn warn(&mut self, diagnostic: Diagnostic) {
        debug_assert_eq!(diagnostic.code.severity(), Severity::Warning, "{:?}", diagnostic.code);
        self.found.push(diagnostic);
    }

    /// Whether a problem of the same code and words was found at the same place.
    #[must_use]
    pub fn has_like(&self, problem: &Diagnostic) -> bool {
        let said = |d: &Diagnostic| (d.code, d.place.clone(), d.message.clone());
        self.found.iter().any(|known| said(known) == said(problem))
    }

    /// Adds all of another run's problems.
    pub fn extend(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Proof of failure where any error was found.
    ///
    /// # Errors
    ///
    /// [`Failed`] if there is an error among the problems.
    pub fn failed(&self) -> Result<(), Failed> {
        if self.found.iter().any(|d| d.code.severity() == Severity::Error) { Err(Failed(())) } else { Ok(()) }
    }

    /// How many errors there are, each once.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.sorted().iter().filter(|d| d.code.severity() == Severity::Error).count()
    }

    /// The problems by place, then by code; what was found twice stands once.
    #[must_use]
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut sorted = self.found.clone();
        sorted.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
        sorted.dedup();
        sorted
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}
