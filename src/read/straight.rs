//! Columns taken at once: what a dictionary holds, or what stands in many cells, is read once.
//!
//! Only where every cell of a batch can be read so; else the batch is read cell by cell, which finds and tells the faults.

mod lines;
mod passing;

use super::number::DIGITS;
use super::rows::Held;
use super::texts::MISSING;
use super::value::Fault;
use super::view::Origin;
use super::{Blank, Cells, Wanted};
use crate::rules::ColumnType;
use crate::text::{Hash, Spellings, fold};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Date32Array, Decimal128Array, Int32Array, StringArray};
use arrow_schema::DataType;
use chrono::NaiveDate;
pub(super) use passing::in_turn;
use std::collections::BTreeSet;

/// Days from 1970-01-01 whose months are kept: 179 years.
const DAYS: usize = 1 << 16;

/// What is known of a column of one row group.
#[derive(Default)]
pub(super) struct Known {
    /// The dictionary that the rest is about. It is kept, so that no other can lie in its place.
    values: Option<StringArray>,
    /// What each entry of the dictionary is: the code of a text, a month or a day; or one of those below [`FIRST`].
    entries: Vec<i32>,
    /// The same of each day.
    days: Vec<i32>,
    /// The texts of cells of text that were met, whose entries stand in `entries`.
    texts: Spellings,
}

/// What is known of the columns of one file of text.
#[derive(Default)]
pub(super) struct KnownOf {
    file: Option<usize>,
    columns: Vec<Known>,
}

impl KnownOf {
    /// What is known of a file's columns, so many: nothing, where another was read before.
    pub(super) fn of_file(&mut self, file: usize, columns: usize) -> &mut [Known] {
        if self.file != Some(file) {
            self.file = Some(file);
            self.columns.clear();
        }
        self.columns.resize_with(columns, Known::default);
        &mut self.columns
    }
}

/// An entry that was not met yet.
const NEW: i32 = i32::MIN;
/// One that cannot be taken as it is.
const ODD: i32 = i32::MIN + 1;
/// A blank cell, where it may be one.
const BLANK: i32 = i32::MIN + 2;
/// No code, month or day is less.
const FIRST: i32 = i32::MIN + 3;

/// What is read of a column, and what is known of it.
pub(super) struct Column<'r, 'f> {
    pub(super) origin: &'r Origin<'f>,
    pub(super) wanted: &'r Wanted,
    pub(super) spellings: &'r mut Spellings,
    pub(super) known: &'r mut Known,
    /// What is held of the columns before it.
    pub(super) held: &'r [Option<Held>],
}

impl Column<'_, '_> {
    /// The cells of a column; `None` where any of them has to be looked at by itself.
    pub(super) fn read(&mut self, arrays: &[ArrayRef], rows: usize) -> Option<Held> {
        let cells = match arrays {
            [] => return self.constant(rows),
            [array] if array.len() == rows => array,
            _ => return None,
        };
        if cells.null_count() > 0 && (self.wanted.blank == Blank::Unreadable || self.wanted.only.is_some()) {
            return None;
        }
        match self.wanted.kind {
            ColumnType::Text | ColumnType::Exact => self.codes(cells),
            // Days that are written, each in a cell of its own.
            ColumnType::Month | ColumnType::Date if *cells.data_type() == DataType::Utf8View => {
                self.read_texts(cells.as_string_view_opt()?.iter().map(Option::unwrap_or_default))
            }
            ColumnType::Month | ColumnType::Date if *cells.data_type() == DataType::Utf8 => {
                self.read_texts(cells.as_string_opt::<i32>()?.iter().map(Option::unwrap_or_default))
            }
            ColumnType::Month => self.months(cells).map(Cells::Month).map(Held::Cells),
            ColumnType::Date => self.dates(cells).map(Cells::Date).map(Held::Cells),
            ColumnType::Money | ColumnType::Count => numbers(cells).map(Cells::Number).map(Held::Cells),
        }
    }

    /// What every row has.
    pub(super) fn constant(&mut self, rows: usize) -> Option<Held> {
        let code = self.text(self.origin.column.constant.as_deref()?);
        (code >= FIRST).then(|| Held::Codes(vec![code.cast_unsigned(); rows]))
    }

    /// The codes of texts.
    fn codes(&mut self, cells: &ArrayRef) -> Option<Held> {
        match cells.data_type() {
            DataType::Dictionary(..) => {
                if self.turn_to(cells)? && self.stand_for_themselves() {
                    self.find_entries();
                }
                // A missing cell's code is no text's, whatever its sign.
                let read = self.of_dictionary(cells, MISSING.cast_signed(), Self::text)?;
                Some(Held::Codes(read.into_iter().map(i32::cast_unsigned).collect()))
            }
            DataType::Utf8View => self.spelt(cells.as_string_view_opt()?.iter()),
            DataType::Utf8 => self.spelt(cells.as_string_opt::<i32>()?.iter()),
            _ => None,
        }
    }

    /// The codes of texts that stand one by one.
    fn spelt<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) -> Option<Held> {
        match self.asked().filter(|_| self.stand_for_themselves()) {
            Some(asked) => self.passing(cells, &asked),
            None => self.found(cells).map(Held::Codes),
        }
    }

    /// The codes of some texts.
    fn found<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) -> Option<Vec<u32>> {
        // All are hashed first: then to look one up does not wait for the one before, however far apart they lie.
        let hash = |text| self.spellings.hash(text);
        let cells: Vec<(Option<&str>, Hash)> =
            cells.map(|cell| (cell, cell.map_or_else(Hash::default, hash))).collect();
        let mut codes = Vec::with_capacity(cells.len());
        // What stands for itself and was read before can be read again.
        if self.stand_for_themselves() {
            self.spellings.find_all(&cells, &mut codes);
        } else {
            codes.resize(cells.len(), Spellings::NONE);
        }
        let mut last: Option<(&str, u32)> = None;
        for (code, (cell, _)) in codes.iter_mut().zip(cells).filter(|(code, _)| **code == Spellings::NONE) {
            let Some(text) = cell else { continue };
            *code = match last {
                // Exports are often sorted, and then most rows repeat the one before.
                Some((before, code)) if before == text => code,
                _ => match self.text(text) {
                    BLANK => MISSING,
                    code if code >= FIRST => code.cast_unsigned(),
                    _ => return None,
                },
            };
            last = Some((text, *code));
        }
        Some(codes)
    }

    /// Whether a spelling that a cell has is the text that is meant.
    fn stand_for_themselves(&self) -> bool {
        self.origin.column.words.is_empty() && self.wanted.only.is_none()
    }

    fn months(&mut self, cells: &ArrayRef) -> Option<Int32Array> {
        if let DataType::Dictionary(..) = cells.data_type() {
            let months =
                self.of_dictionary(cells, 0, |column, text| column.entry(column.origin.column.month(text.as_bytes())))?;
            return Some(Int32Array::new(months.into(), cells.nulls().cloned()));
        }
        let days = cells.as_primitive_opt::<Date32Type>()?;
        self.known.days.resize(DAYS, NEW);
        let column = self.origin.column;
        let mut is_odd = false;
        let months = days.values().iter().map(|day| {
            let known = usize::try_from(*day).ok().and_then(|day| self.known.days.get_mut(day));
            let Some(month) = known else {
                is_odd = true;
                return 0;
            };
            if *month == NEW {
                let read = NaiveDate::from_epoch_days(*day).map(|day| column.month_of(day, String::new));
                *month = read.and_then(Result::ok).unwrap_or(ODD);
            }
            is_odd |= *month < FIRST;
            *month
        });
        let months: Vec<i32> = months.collect();
        // What stands in the place of a missing cell is any day: then none of it can be told from a fault.
        (!is_odd).then(|| Int32Array::new(months.into(), days.nulls().cloned()))
    }

    fn dates(&mut self, cells: &ArrayRef) -> Option<Date32Array> {
        if let DataType::Dictionary(..) = cells.data_type() {
            let days =
                self.of_dictionary(cells, 0, |column, text| column.entry(column.origin.column.date(text.as_bytes())))?;
            return Some(Date32Array::new(days.into(), cells.nulls().cloned()));
        }
        let days = cells.as_primitive_opt::<Date32Type>()?;
        let is_day = |day: &i32| NaiveDate::from_epoch_days(*day).is_some();
        // Years have no gaps: where the ends are days, all between are.
        let ends = days.values().iter().min().into_iter().chain(days.values().iter().max());
        ends.clone().all(is_day).then(|| days.clone())
    }

    /// Turns to the dictionary of some cells; whether it is another than the one before. `None` where it is not of text.
    fn turn_to(&mut self, cells: &ArrayRef) -> Option<bool> {
        let values: &StringArray = cells.as_dictionary_opt::<Int32Type>()?.values().as_string_opt()?;
        let is_same = |known: &StringArray| {
            known.len() == values.len()
                && known.values().as_ptr() == values.values().as_ptr()
                && known.offsets().as_ptr() == values.offsets().as_ptr()
        };
        if self.known.values.as_ref().is_some_and(is_same) {
            return Some(false);
        }
        self.known.entries.clear();
        self.known.entries.resize(values.len(), NEW);
        self.known.values = Some(values.clone());
        Some(true)
    }

    /// Finds the entries of a dictionary that others had too, all at once: many small files have as many dictionaries.
    fn find_entries(&mut self) {
        let Some(values) = self.known.values.as_ref().filter(|_| !self.spellings.is_empty()) else { return };
        let hash = |text| self.spellings.hash(text);
        let texts: Vec<(Option<&str>, Hash)> =
            values.iter().map(|text| (text, text.map_or_else(Hash::default, hash))).collect();
        let mut codes = Vec::with_capacity(texts.len());
        self.spellings.find_all(&texts, &mut codes);
        for (entry, code) in self.known.entries.iter_mut().zip(codes).filter(|(_, code)| *code != Spellings::NONE) {
            *entry = i32::try_from(code).unwrap_or(NEW);
        }
    }

    /// What each row's entry of a dictionary is, each of them read once; blanks are `missing`. `None` where any is odd, or
    /// is blank where nothing else can say so.
    fn of_dictionary(
        &mut self,
        cells: &ArrayRef,
        missing: i32,
        mut read: impl FnMut(&mut Self, &str) -> i32,
    ) -> Option<Vec<i32>> {
        self.turn_to(cells)?;
        let dictionary = cells.as_dictionary_opt::<Int32Type>()?;
        let values: &StringArray = dictionary.values().as_string_opt()?;
        let keys = dictionary.keys().values();
        // First as if all were known, which nearly all are: a look into a table for each row.
        let entries = &self.known.entries;
        let entry = |key: &i32| usize::try_from(*key).ok().and_then(|at| entries.get(at)).copied().unwrap_or(ODD);
        let mut all: Vec<i32> = keys.iter().map(entry).collect();
        let nulls = cells.nulls().filter(|nulls| nulls.null_count() > 0);
        if nulls.is_none() && all.iter().all(|value| *value >= FIRST) {
            return Some(all);
        }
        for (row, (value, key)) in all.iter_mut().zip(keys).enumerate() {
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                *value = missing;
            } else if *value < FIRST {
                let at = usize::try_from(*key).ok()?;
                if *self.known.entries.get(at)? == NEW {
                    let entry = if values.is_null(at) { ODD } else { read(self, values.value(at)) };
                    *self.known.entries.get_mut(at)? = entry;
                }
                *value = match *self.known.entries.get(at)? {
                    BLANK if missing == MISSING.cast_signed() => missing,
                    entry if entry >= FIRST => entry,
                    _ => return None,
                };
            }
        }
        Some(all)
    }

    /// What a text is to the column.
    fn text(&mut self, text: &str) -> i32 {
        match self.origin.column.text(text.as_bytes()) {
            Ok(Some(text)) => {
                let is_of_the_table = |only: &BTreeSet<String>| only.contains(fold(text).as_ref());
                if !self.wanted.only.as_ref().is_none_or(is_of_the_table) {
                    return ODD;
                }
                i32::try_from(self.spellings.code(text)).unwrap_or(ODD)
            }
            Ok(None) if self.wanted.only.is_none() => self.blank(),
            Ok(None) | Err(_) => ODD,
        }
    }

    /// What a month or a day is to the column.
    fn entry(&self, read: Result<Option<i32>, Fault>) -> i32 {
        read.map_or(ODD, |read| read.unwrap_or_else(|| self.blank()))
    }

    fn blank(&self) -> i32 {
        if self.wanted.blank == Blank::Missing { BLANK } else { ODD }
    }
}

/// Numbers at the scale of their column; `None` where one has too many digits, or they are stored otherwise.
fn numbers(cells: &ArrayRef) -> Option<Decimal128Array> {
    let digits = u8::try_from(DIGITS).ok()?;
    let (values, scale) = match cells.data_type() {
        DataType::Decimal128(_, scale) if (0..=38).contains(scale) => {
            let values = cells.as_primitive_opt::<Decimal128Type>()?;
            let most = 10_u128.pow(DIGITS);
            if !values.values().iter().all(|value| value.unsigned_abs() < most) {
                return None;
            }
            (values.clone(), *scale)
        }
        DataType::Int64 => {
            let values = cells.as_primitive_opt::<Int64Type>()?;
            let wide: Vec<i128> = values.values().iter().map(|value| i128::from(*value)).collect();
            (Decimal128Array::new(wide.into(), values.nulls().cloned()), 0)
        }
        _ => return None,
    };
    values.with_precision_and_scale(digits, scale).ok()
}
