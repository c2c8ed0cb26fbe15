//! The same for cells of text: a spelling that many rows have is read once.

use super::{BLANK, Column, FIRST};
use crate::read::number::{DIGITS, simple};
use crate::read::rows::Held;
use crate::read::texts::MISSING;
use crate::read::{Blank, Cells};
use crate::rules::ColumnType;
use arrow_array::{Date32Array, Decimal128Array, Int32Array};

/// Texts of a column that are kept with what they are: more are hardly met again.
const KEPT: usize = 1 << 16;

impl Column<'_, '_> {
    /// The cells of a column; `None` where any of them has to be looked at by itself.
    pub(in crate::read) fn read_texts<'t>(&mut self, cells: impl Iterator<Item = &'t str>) -> Option<Held> {
        Some(match self.wanted.kind {
            ColumnType::Text | ColumnType::Exact if self.stand_for_themselves() => self.spelt(cells.map(Some))?,
            ColumnType::Text | ColumnType::Exact => {
                let entries = self.entries(cells, Self::text)?;
                let code = |entry| if entry == BLANK { MISSING } else { i32::cast_unsigned(entry) };
                Held::Codes(entries.into_iter().map(code).collect())
            }
            ColumnType::Month => {
                let months =
                    self.entries(cells, |column, text| column.entry(column.origin.column.month(text.as_bytes())))?;
                Held::Cells(Cells::Month(present(&months).collect::<Int32Array>()))
            }
            ColumnType::Date => {
                let days =
                    self.entries(cells, |column, text| column.entry(column.origin.column.date(text.as_bytes())))?;
                Held::Cells(Cells::Date(present(&days).collect::<Date32Array>()))
            }
            ColumnType::Money | ColumnType::Count => Held::Cells(Cells::Number(self.numbers(cells)?)),
        })
    }

    /// What each text is to the column.
    fn entries<'t>(
        &mut self,
        cells: impl Iterator<Item = &'t str>,
        read: impl Fn(&mut Self, &str) -> i32,
    ) -> Option<Vec<i32>> {
        let mut last: Option<(&str, i32)> = None;
        let mut entries = Vec::with_capacity(cells.size_hint().0);
        for text in cells {
            let entry = match last {
                Some((before, entry)) if before == text => entry,
                _ => self.entry_of(text, &read),
            };
            if entry < FIRST && entry != BLANK {
                return None;
            }
            last = Some((text, entry));
            entries.push(entry);
        }
        Some(entries)
    }

    fn entry_of(&mut self, text: &str, read: impl Fn(&mut Self, &str) -> i32) -> i32 {
        let known = self.known.texts.find(text, self.known.texts.hash(text));
        let known = known.and_then(|code| self.known.entries.get(usize::try_from(code).ok()?));
        if let Some(entry) = known {
            return *entry;
        }
        let entry = read(self, text);
        if self.known.entries.len() < KEPT {
            // It is new, so it gets the next code.
            self.known.texts.code(text);
            self.known.entries.push(entry);
        }
        entry
    }

    /// Numbers at the largest scale that any of them is written with.
    fn numbers<'t>(&self, cells: impl Iterator<Item = &'t str>) -> Option<Decimal128Array> {
        let column = self.origin.column;
        // What stands for a missing cell, or is written in a form of its own, can look like another number.
        let is_plain = column.words.missing.is_empty() && self.origin.numbers.is_none();
        let mut numbers: Vec<Option<(i128, u32)>> = Vec::with_capacity(cells.size_hint().0);
        let mut scale = 0;
        for text in cells {
            let number = match simple(text.as_bytes()).filter(|_| is_plain) {
                Some((mantissa, digits)) => Some((i128::from(mantissa), digits)),
                None => match self.origin.number(text.as_bytes()).ok()? {
                    Some(number) => Some((number.at_scale(number.scale())?, number.scale())),
                    None if self.wanted.blank == Blank::Missing => None,
                    None => return None,
                },
            };
            scale = number.map_or(scale, |(_, digits)| scale.max(digits));
            numbers.push(number);
        }
        let most = 10_i128.pow(DIGITS);
        let at_scale = |(mantissa, digits): (i128, u32)| {
            if digits == scale {
                return Some(mantissa);
            }
            let lifted = mantissa.checked_mul(10_i128.checked_pow(scale - digits)?)?;
            (-most < lifted && lifted < most).then_some(lifted)
        };
        let is_missing = numbers.contains(&None);
        let values = Decimal128Array::from_iter_values(
            numbers.iter().map(|number| number.map_or(Some(0), at_scale)).collect::<Option<Vec<i128>>>()?,
        );
        let values = if is_missing {
            let nulls = numbers.iter().map(Option::is_some).collect::<Vec<bool>>();
            Decimal128Array::new(values.values().clone(), Some(nulls.into()))
        } else {
            values
        };
        values.with_precision_and_scale(u8::try_from(DIGITS).ok()?, i8::try_from(scale).ok()?).ok()
    }
}

/// Months or days, and none for blanks.
fn present(entries: &[i32]) -> impl Iterator<Item = Option<i32>> {
    entries.iter().map(|entry| Some(*entry).filter(|entry| *entry != BLANK))
}
