//! Typed cells of some rows → batches. Rows with a fault are left out here, whatever format they came from.

use super::faults::{Faults, row_of};
use super::number::{DIGITS, Number};
use super::straight::KnownOf;
use super::texts::{MISSING, Texts};
use super::value::Fault;
use super::view::Origin;
use super::{Batch, Blank, Cells, DataFile, Wanted};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Spellings, fold, quoted};
use arrow_array::{Date32Array, Decimal128Array, Int32Array};

/// Where a worker puts what it has read.
pub(super) struct Sink<'a> {
    /// The columns of every batch.
    pub(super) wanted: &'a [Wanted],
    /// Rejected rows.
    pub(super) faults: &'a mut Faults,
    /// What the worker knows of each column's texts.
    pub(super) spellings: &'a mut [Spellings],
    /// What it knows of the texts of the file that it reads.
    pub(super) known: &'a mut KnownOf,
    /// Takes a batch.
    pub(super) consume: &'a mut dyn FnMut(&Batch<'_>),
}

/// The typed cells of a column, one for each row; `None` is a missing cell or one of a rejected row.
#[derive(Debug)]
pub(super) enum Typed<'a> {
    /// Text.
    Text(Vec<Option<&'a str>>),
    /// Months as [`crate::month::Month::index`].
    Month(Vec<Option<i32>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// Numbers, each at its own scale.
    Number(Vec<Option<Number>>),
}

/// Some rows of one file; columns are added one by one.
pub(super) struct Rows<'f, 'a> {
    file: &'f DataFile,
    order: usize,
    numbers: &'f [u64],
    wanted: &'f [Wanted],
    bad: Vec<bool>,
    /// Rows of another kind than the table's: what is wrong with them is not told.
    other: Vec<bool>,
    columns: Vec<Option<Typed<'a>>>,
}

impl<'f, 'a> Rows<'f, 'a> {
    /// Rows of a file by the numbers that name them; `order` is the file's place among all.
    pub(super) fn new(file: &'f DataFile, order: usize, numbers: &'f [u64], wanted: &'f [Wanted]) -> Self {
        Self {
            file,
            order,
            numbers,
            wanted,
            bad: vec![false; numbers.len()],
            other: vec![false; numbers.len()],
            columns: wanted.iter().map(|_| None).collect(),
        }
    }

    /// Reads one cell for each row, and rejects the rows whose cell has a fault. A row has one problem, its first.
    pub(super) fn read<R, T>(
        &mut self,
        origin: &Origin<'_>,
        faults: &mut Faults,
        cells: impl Iterator<Item = Option<R>>,
        read: impl Fn(R) -> Result<Option<T>, Fault>,
    ) -> Vec<Option<T>> {
        let mut typed = Vec::with_capacity(self.numbers.len());
        let blank = self.wanted.get(origin.wanted).map_or(Blank::Missing, |wanted| wanted.blank);
        for (((cell, bad), other), number) in cells.zip(&mut self.bad).zip(&self.other).zip(self.numbers) {
            if *bad || *other {
                typed.push(cell.filter(|_| *other).and_then(|cell| read(cell).ok().flatten()));
                continue;
            }
            let value = match (cell.map_or(Ok(None), &read), blank) {
                (Ok(None), Blank::Unreadable) => Err(Fault::blank()),
                (Err(fault), Blank::Unreadable) => Err(fault.where_needed()),
                (value, _) => value,
            };
            typed.push(value.unwrap_or_else(|fault| {
                *bad = true;
                let kind = (self.order, Some(origin.wanted), fault.help.clone());
                faults.add(kind, *number, || problem(self.file, *number, &origin.name, &fault));
                None
            }));
        }
        typed
    }

    /// Sets aside the rows whose text says that they are of another kind.
    pub(super) fn pass_over(&mut self, origin: &Origin<'_>, texts: &[Option<&str>]) {
        let Some(only) = self.wanted.get(origin.wanted).and_then(|wanted| wanted.only.as_ref()) else { return };
        for ((text, bad), other) in texts.iter().zip(&self.bad).zip(&mut self.other) {
            if !bad && !*other && !text.is_some_and(|text| only.contains(fold(text).as_ref())) {
                *other = true;
            }
        }
    }

    /// Puts a column in its place among the wanted ones.
    pub(super) fn put(&mut self, place: usize, typed: Typed<'a>) {
        if let Some(column) = self.columns.get_mut(place) {
            *column = Some(typed);
        }
    }

    /// Hands on the rows without a fault.
    pub(super) fn finish(self, sink: &mut Sink<'_>) {
        let rows = |is_wanted: fn(bool, bool) -> bool| -> Vec<usize> {
            let fates = self.bad.iter().zip(&self.other).enumerate();
            fates.filter(|(_, (bad, other))| is_wanted(**bad, **other)).map(|(row, _)| row).collect()
        };
        let good = rows(|bad, other| !bad && !other);
        let others = rows(|_, other| other);
        for (rows, is_other) in [(good, false), (others, true)] {
            if !rows.is_empty() {
                hand_on(self.order, &self.columns, (&rows, is_other), sink);
            }
        }
    }
}

/// The problem of a cell.
pub(super) fn problem(file: &DataFile, number: u64, name: &str, fault: &Fault) -> Diagnostic {
    let value = fault.value.as_deref();
    let shown = value.map_or(String::new(), |value| format!(": {}", quoted(value)));
    let place = row_of(file, number, Some((name, value)));
    Diagnostic::new(Code::UnreadableValue, place, format!("`{name}` {}{shown}", fault.says)).help(fault.help.clone())
}

/// Hands on the rows as one batch, or as two halves where no one scale fits all numbers of a column.
///
/// This ends: a number fits its own scale, so a single row is always a batch.
fn hand_on(file: usize, columns: &[Option<Typed>], (rows, is_other): (&[usize], bool), sink: &mut Sink<'_>) {
    let held: Option<Vec<_>> = columns
        .iter()
        .zip(&mut *sink.spellings)
        .map(|(column, spellings)| column.as_ref().map_or(Some(None), |typed| held(typed, rows, spellings).map(Some)))
        .collect();
    if let Some(held) = held {
        let columns = with_texts(held, sink.spellings);
        (sink.consume)(&Batch { file, rows: rows.len(), columns, is_other });
    } else if let (left @ [_, ..], right @ [_, ..]) = rows.split_at(rows.len() / 2) {
        hand_on(file, columns, (left, is_other), sink);
        hand_on(file, columns, (right, is_other), sink);
    }
}

/// The cells of a column, its texts as codes.
pub(super) enum Held {
    /// Codes of the column's spellings, or [`MISSING`].
    Codes(Vec<u32>),
    /// The same where texts were passed over, with what each of these hashes to.
    Passing(Vec<u32>, Vec<u64>),
    /// Anything else.
    Cells(Cells<'static>),
}

/// The columns of a batch, each with its spellings.
pub(super) fn with_texts(held: Vec<Option<Held>>, spellings: &[Spellings]) -> Vec<Option<Cells<'_>>> {
    let cells = |(held, spellings)| match held {
        Held::Codes(codes) => Cells::Text(Texts::new(codes, spellings)),
        Held::Passing(codes, hashes) => Cells::Text(Texts::with_hashes(codes, hashes, spellings)),
        Held::Cells(cells) => cells,
    };
    held.into_iter().zip(spellings).map(|(held, spellings)| held.map(|held| cells((held, spellings)))).collect()
}

/// A column's cells in some rows; `None` where no one scale fits them.
fn held(typed: &Typed, rows: &[usize], spellings: &mut Spellings) -> Option<Held> {
    Some(Held::Cells(match typed {
        Typed::Text(cells) => return Some(Held::Codes(codes(picked(cells, rows), spellings))),
        Typed::Month(cells) => Cells::Month(picked(cells, rows).collect::<Int32Array>()),
        Typed::Date(cells) => Cells::Date(picked(cells, rows).collect::<Date32Array>()),
        Typed::Number(cells) => {
            let scale = picked(cells, rows).flatten().map(Number::scale).max().unwrap_or(0);
            let values: Option<Vec<Option<i128>>> = picked(cells, rows)
                .map(|cell| cell.map_or(Some(None), |number| number.at_scale(scale).map(Some)))
                .collect();
            let (precision, scale) = (u8::try_from(DIGITS).ok()?, i8::try_from(scale).ok()?);
            Cells::Number(Decimal128Array::from(values?).with_precision_and_scale(precision, scale).ok()?)
        }
    }))
}

/// The cells of some rows.
fn picked<'a, T: Copy>(cells: &'a [Option<T>], rows: &'a [usize]) -> impl Iterator<Item = Option<T>> + 'a {
    rows.iter().map(|row| cells.get(*row).copied().flatten())
}

/// Texts as codes.
fn codes<'a>(cells: impl Iterator<Item = Option<&'a str>>, spellings: &mut Spellings) -> Vec<u32> {
    let mut last: Option<(&str, u32)> = None;
    let mut code_of = |text| match last {
        // Exports are often sorted, and then most rows repeat the one before.
        Some((before, code)) if before == text => code,
        _ => {
            let code = spellings.code(text);
            last = Some((text, code));
            code
        }
    };
    cells.map(|cell| cell.map_or(MISSING, &mut code_of)).collect()
}
