//! Files → batches of typed columns, or rejected rows named by file, row, column and value.
//!
//! Every wanted column of every row is read and typed before any condition sees it. Values become exact at the first
//! byte: no binary fraction is ever involved, but for workbooks, which hold nothing else, and where a profile allows it.
//! What the columns mean is unknown here.

mod asked;
mod blocks;
mod cell;
mod compact;
mod csv;
mod days;
mod faults;
mod grid;
mod guard;
mod items;
mod json;
mod marks;
mod names;
mod number;
mod numerals;
mod parquet;
mod physical;
mod plain;
mod progress;
mod rows;
mod sniff;
mod sparse;
mod straight;
mod stream;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod value;
mod view;
mod wide;
mod workers;
mod xlsx;

use crate::diagnostic::Diagnostic;
use crate::month::Month;
use crate::rules::ColumnType;
use arrow_array::{Array as _, ArrowPrimitiveType, Date32Array, Decimal128Array, Int32Array, PrimitiveArray};
pub use asked::Asked;
use chrono::NaiveDate;
pub use compact::{Form, Kept, Made, NotMade, OriginFile, compact, origin};
pub use days::{DayForm, Part};
pub use faults::{about_floats, about_open_end};
pub use names::{READABLE, not_yet, stem};
pub use numerals::NumberForm;
pub(crate) use progress::given_up;
pub use progress::{HowFar, how_far};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(test)]
pub(crate) use texts::Spelt;
pub use texts::{BySpelling, MISSING, PASSED, Texts};
pub use view::{Column, View, Words};

/// One file of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Where its bytes are.
    pub bytes: Bytes,
    /// How messages name it: the path as the user gave or would type it, with `/`.
    pub shown: String,
    /// How it is written.
    pub format: Format,
    /// How its columns become the table's; none where its headers are the table's own.
    pub view: Option<Arc<View>>,
    /// How it writes numbers as text, where not as `1234.56`. What it stores as a number is one.
    pub numbers: Option<NumberForm>,
    /// The names that a column of its table can have, folded: one that comes only with later rows is a fault.
    pub known: Arc<BTreeSet<String>>,
}

/// Where a file's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// On a disk.
    File(PathBuf),
    /// On a disk, packed with gzip: text only.
    Gzip(PathBuf),
    /// In another file that carries this one: CSV and TSV only.
    Text(Arc<[u8]>),
}

/// Columns of the widest file that is read: as many as a sheet has.
const COLUMNS: usize = 1 << 14;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values separated by commas.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// A JSON object on each line.
    JsonLines,
    /// Parquet.
    Parquet,
    /// An Excel workbook.
    Xlsx,
}

/// A column that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name in the rules; headers are compared folded.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
    /// What a blank cell is.
    pub blank: Blank,
    /// What its cells mean in a file that is read as it is, where they do not stand for themselves.
    pub plain: Option<Arc<Column>>,
    /// Where there is one: rows with another value here are of another kind and passed over, whatever else they hold.
    /// Folded.
    pub only: Option<BTreeSet<String>>,
    /// The months in which its texts are asked for; none where they are in every row. In other rows they may be passed over.
    pub asked: Option<Asked>,
}

/// What a blank cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blank {
    /// A missing cell.
    Missing,
    /// A fault: the row cannot be read without it.
    Unreadable,
}

/// Some rows of one file, column by column.
#[derive(Debug)]
pub struct Batch<'a> {
    /// The place of their file among all that are read.
    pub file: usize,
    /// How many rows there are; rejected ones are not among them.
    pub rows: usize,
    /// One entry for each wanted column, in their order; `None` where the file lacks the column.
    pub columns: Vec<Option<Cells<'a>>>,
    /// Whether the rows are of another kind than the table's: they may say which names are one, and nothing else.
    pub is_other: bool,
}

impl Batch<'_> {
    /// The months of the rows by a column of months, or of days, as [`Month::index`]; `None` where it is not there.
    #[must_use]
    pub fn months(&self, column: usize) -> Option<Cow<'_, Int32Array>> {
        match self.columns.get(column)?.as_ref()? {
            Cells::Month(months) => Some(Cow::Borrowed(months)),
            Cells::Date(days) => {
                let month = |day| NaiveDate::from_epoch_days(day).map(|day| Month::of(day).index());
                Some(Cow::Owned(days.iter().map(|day| day.and_then(month)).collect()))
            }
            Cells::Text(_) | Cells::Number(_) => None,
        }
    }

    /// Some of the rows, by their places.
    pub(crate) fn only(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|cells| cells.as_ref().map(|cells| cells.only(rows)));
        Self { file: self.file, rows: rows.len(), columns: columns.collect(), is_other: self.is_other }
    }
}

/// The cells of a column. A null is a missing cell.
#[derive(Debug)]
pub enum Cells<'a> {
    /// Text as it stands in the file.
    Text(Texts<'a>),
    /// Months as [`crate::month::Month::index`].
    Month(Int32Array),
    /// Days since 1970-01-01.
    Date(Date32Array),
    /// Exact numbers: one scale (0 to 38) for the whole batch.
    Number(Decimal128Array),
}

impl Cells<'_> {
    fn only(&self, rows: &[usize]) -> Self {
        match self {
            Self::Text(texts) => Self::Text(texts.only(rows)),
            Self::Month(months) => Self::Month(some_of(months, rows)),
            Self::Date(days) => Self::Date(some_of(days, rows)),
            Self::Number(numbers) => Self::Number(some_of(numbers, rows)),
        }
    }
}

/// Some of the cells; one beyond the last is missing.
fn some_of<T: ArrowPrimitiveType>(cells: &PrimitiveArray<T>, rows: &[usize]) -> PrimitiveArray<T> {
    let cell = |row: &usize| (*row < cells.len() && cells.is_valid(*row)).then(|| cells.value(*row));
    rows.iter().map(cell).collect::<PrimitiveArray<T>>().with_data_type(cells.data_type().clone())
}

/// What was not readable, over all files.
#[derive(Debug, Default)]
pub struct Rejected {
    /// How many rows could not be read.
    pub rows: u64,
    /// The first of them, at most [`Rejected::LISTED`], by file and row; one problem for each row. Of many rows of a file
    /// with the same fault the first three at most are named, and the others are counted there.
    pub listed: Vec<Diagnostic>,
    /// The places of the wanted columns in which cells could not be read.
    pub columns: BTreeSet<usize>,
    /// The files whose last row has no line end: they may have been cut inside its last cell.
    pub open_ends: Vec<String>,
    /// The files whose amounts are stored as binary fractions, and what each calls the column.
    pub floats: Vec<(String, String)>,
}

impl Rejected {
    /// How many rows are named one by one.
    pub const LISTED: usize = 20;
}

/// The names of a file's columns as its header spells them, in order.
///
/// # Errors
///
/// [`Code::NoHeader`](crate::diagnostic::Code::NoHeader) for a file without one (empty, or blank to its end), [`Code::CorruptFile`](crate::diagnostic::Code::CorruptFile) where it cannot be
/// opened or decoded, or has more columns than a sheet.
pub fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    faults::lasting(file)?;
    let header = match file.format {
        Format::Csv | Format::Tsv => csv::header(file),
        Format::JsonLines => json::header(file),
        Format::Parquet => parquet::header(file),
        Format::Xlsx => xlsx::header(file),
    }?;
    if header.len() > COLUMNS { Err(faults::too_wide(file, header.len(), COLUMNS)) } else { Ok(header) }
}

/// The first records of a file that could have a title above its header, with the lines or rows they start on.
///
/// # Errors
///
/// As [`header`].
pub fn top(file: &DataFile, records: usize) -> Result<Vec<(u64, Vec<String>)>, Box<Diagnostic>> {
    match file.format {
        Format::Csv | Format::Tsv => csv::top(file, records),
        Format::Xlsx => xlsx::top(file, records),
        Format::JsonLines | Format::Parquet => Ok(Vec::new()),
    }
}

/// How much a thread reads at a time; it changes no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtOnce {
    /// Bytes of text, rounded up to whole records.
    pub bytes: usize,
    /// Rows of Parquet.
    pub rows: usize,
}

impl Default for AtOnce {
    /// What stays near the processor.
    fn default() -> Self {
        Self { bytes: blocks::BLOCK, rows: parquet::ROWS }
    }
}

/// Reads the wanted columns of all files, once, and hands every batch to one of the states: a thread for each state.
///
/// Which state sees which batch is left open; what is computed must not depend on it. In all that one state sees, a code
/// of a column's [`Texts`] means one text. The states come back in order. Without a
/// state nothing is read.
///
/// # Errors
///
/// What stops the reading of a file as a whole: [`Code::CorruptFile`](crate::diagnostic::Code::CorruptFile), [`Code::PhysicalType`](crate::diagnostic::Code::PhysicalType); the first by file order.
pub fn scan<S: Send>(
    files: &[DataFile],
    wanted: &[Wanted],
    states: Vec<S>,
    consume: impl Fn(&mut S, &Batch<'_>) + Sync,
) -> Result<(Vec<S>, Rejected), Box<Diagnostic>> {
    scan_until((&AtomicBool::new(false), AtOnce::default()), files, wanted, states, consume)
}

/// The same until somebody has enough: what has been taken up is read to its end, and nothing more.
///
/// # Errors
///
/// As [`scan`].
pub(crate) fn scan_until<S: Send>(
    (is_enough, at_once): (&AtomicBool, AtOnce),
    files: &[DataFile],
    wanted: &[Wanted],
    states: Vec<S>,
    consume: impl Fn(&mut S, &Batch<'_>) + Sync,
) -> Result<(Vec<S>, Rejected), Box<Diagnostic>> {
    workers::scan(files, wanted, states, consume, (at_once, is_enough))
}

/// The newest month of a column among the rows that can be read, and the rows that cannot.
///
/// # Errors
///
/// As [`scan`].
pub fn newest_month(
    files: &[DataFile],
    wanted: &[Wanted],
    month: usize,
    threads: usize,
) -> Result<(Option<Month>, Rejected), Box<Diagnostic>> {
    let newest = |newest: &mut Option<i32>, batch: &Batch<'_>| {
        if batch.is_other {
            return;
        }
        if let Some(months) = batch.months(month) {
            *newest = (*newest).max(months.iter().flatten().max());
        }
    };
    let (states, rejected) = scan(files, wanted, vec![None; threads.max(1)], newest)?;
    Ok((states.into_iter().flatten().max().map(Month::from_index), rejected))
}

/// A day as date columns hold it: days since 1970-01-01.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    // Every day of the calendar fits; the limits are named for the sake of the type.
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}
