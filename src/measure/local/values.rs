//! What a tally takes of the rows of a batch: whole numbers at one scale.

use crate::exact::Exact;
use crate::plan::Tally;
use crate::read::{Batch, BySpelling, Cells};
use crate::text::fold;
use arrow_array::{Array as _, Date32Array, Decimal128Array, Int32Array};

/// How many digits behind the point numbers of rows can have.
const MOST_DIGITS: u32 = 38;

/// The values of some rows.
pub(super) struct Values<'a> {
    /// The scale of every value.
    pub(super) scale: u32,
    /// Whether a value left the numbers.
    pub(super) is_lost: bool,
    of: Of<'a>,
}

enum Of<'a> {
    Numbers(&'a Decimal128Array),
    Days(&'a Date32Array),
    Months(&'a Int32Array),
    Filled(&'a Cells<'a>),
    /// Each with its rate; none where the cell or the rate is missing.
    Rated(Vec<Option<i128>>),
}

impl<'a> Values<'a> {
    /// What a tally takes; none where the file lacks its column.
    pub(super) fn of(tally: &Tally, batch: &'a Batch<'a>) -> Option<Self> {
        let cells = |at: &usize| batch.columns.get(*at).and_then(Option::as_ref);
        let (scale, of) = match tally {
            Tally::Rated { column, by, rates, exact } => {
                let Some(Cells::Text(texts)) = cells(by) else { return None };
                let numbers = match column.as_ref().map(cells) {
                    None => None,
                    Some(Some(Cells::Number(numbers))) => Some(numbers),
                    Some(_) => return None,
                };
                // One scale for all rates: the most digits that any of them has.
                let digits = rates.values().flatten().map(Exact::digits).max().unwrap_or(0);
                let rate_of = |text: &str| {
                    let compared = if *exact { text.into() } else { fold(text) };
                    rates.get(&compared)?.as_ref().map(|rate| rate.floor_at(digits))
                };
                let scale = numbers.map_or(0, scale_of) + digits;
                let mut is_lost = scale > MOST_DIGITS;
                let mut by_spelling = BySpelling::default();
                let rates = by_spelling.of_rows(texts, None, rate_of);
                let rated = rates.into_iter().enumerate().map(|(row, rate)| {
                    let number = match numbers {
                        None => 1,
                        Some(numbers) => numbers.is_valid(row).then(|| numbers.value(row))?,
                    };
                    let rated = number.checked_mul(rate?);
                    is_lost |= rated.is_none();
                    rated
                });
                let rated = Of::Rated(rated.collect());
                return Some(Self { scale: scale.min(MOST_DIGITS), is_lost, of: rated });
            }
            Tally::Filled(column) => (0, Of::Filled(cells(column)?)),
            Tally::Sum(column) | Tally::Greatest(column) | Tally::Least(column) => match cells(column)? {
                Cells::Number(numbers) => (scale_of(numbers), Of::Numbers(numbers)),
                Cells::Date(days) => (0, Of::Days(days)),
                Cells::Month(months) => (0, Of::Months(months)),
                Cells::Text(_) => return None,
            },
        };
        Some(Self { scale, is_lost: false, of })
    }

    /// Shows the value of each of these rows that has one, with its cell.
    pub(super) fn show(&self, rows: &[(usize, usize)], mut show: impl FnMut(usize, i128)) {
        let mut each = |value: &dyn Fn(usize) -> Option<i128>| {
            for (row, cell) in rows {
                if let Some(value) = value(*row) {
                    show(*cell, value);
                }
            }
        };
        match &self.of {
            // What most tallies are: no call for each row.
            Of::Numbers(numbers) if numbers.null_count() == 0 => {
                let values = numbers.values();
                for (row, cell) in rows {
                    if let Some(value) = values.get(*row) {
                        show(*cell, *value);
                    }
                }
            }
            Of::Numbers(numbers) => each(&|row| numbers.is_valid(row).then(|| numbers.value(row))),
            Of::Days(days) => each(&|row| days.is_valid(row).then(|| i128::from(days.value(row)))),
            Of::Months(months) => each(&|row| months.is_valid(row).then(|| i128::from(months.value(row)))),
            Of::Filled(cells) => each(&|row| Some(i128::from(has_cell(cells, row)))),
            Of::Rated(values) => each(&|row| values.get(row).copied().flatten()),
        }
    }
}

fn has_cell(cells: &Cells<'_>, row: usize) -> bool {
    match cells {
        Cells::Text(texts) => texts.get(row).is_some(),
        Cells::Month(months) => months.is_valid(row),
        Cells::Date(days) => days.is_valid(row),
        Cells::Number(numbers) => numbers.is_valid(row),
    }
}

fn scale_of(numbers: &Decimal128Array) -> u32 {
    u32::try_from(numbers.scale()).unwrap_or(0)
}
