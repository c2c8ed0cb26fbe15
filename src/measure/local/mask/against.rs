//! Cells compared with those of another column. Where one of the two is missing nothing holds.

use crate::month::Month;
use crate::read::{BySpelling, Cells, Texts, day_number};
use crate::rules::{Side, Span};
use crate::text::compared;
use arrow_array::Decimal128Array;
use arrow_buffer::i256;
use chrono::NaiveDate;
use std::cmp::Ordering;
use std::collections::HashMap;

/// For each row whether the comparison holds; the days of the second column are moved on before.
pub(super) fn of((one, other): (&Cells, &Cells), side: Side, moved: Span, rows: usize) -> Vec<bool> {
    let holds = |ordering: Option<Ordering>| ordering.is_some_and(|ordering| admits(side, ordering));
    match (one, other) {
        (Cells::Number(one), Cells::Number(other)) => numbers(one, other).map(holds).collect(),
        (Cells::Date(one), Cells::Date(other)) => {
            let other = other.iter().map(|day| day_after(day?, moved));
            one.iter()
                .zip(other)
                .map(|(one, other)| holds(one.zip(other).map(|(one, other)| one.cmp(&other))))
                .collect()
        }
        (Cells::Month(one), Cells::Month(other)) => {
            let other = other.iter().map(|month| month_after(month?, moved));
            one.iter()
                .zip(other)
                .map(|(one, other)| holds(one.zip(other).map(|(one, other)| one.cmp(&other))))
                .collect()
        }
        // The rules compare columns of one type.
        _ => vec![false; rows],
    }
}

fn admits(side: Side, ordering: Ordering) -> bool {
    match side {
        Side::AtLeast => ordering.is_ge(),
        Side::MoreThan => ordering.is_gt(),
        Side::AtMost => ordering.is_le(),
        Side::LessThan => ordering.is_lt(),
    }
}

fn numbers(one: &Decimal128Array, other: &Decimal128Array) -> impl Iterator<Item = Option<Ordering>> {
    // 38 digits, moved by at most 38 more, fit.
    let lift = |scale: i8, to: i8| i256::from_i128(10).checked_pow(u32::try_from(to - scale).unwrap_or(0));
    let finer = one.scale().max(other.scale());
    let (mine, theirs) = (lift(one.scale(), finer), lift(other.scale(), finer));
    one.iter().zip(other.iter()).map(move |(one, other)| {
        let (one, other) = (i256::from_i128(one?), i256::from_i128(other?));
        Some(one.checked_mul(mine?)?.cmp(&other.checked_mul(theirs?)?))
    })
}

/// A day so much later; none beyond the calendar.
pub(super) fn day_after(day: i32, moved: Span) -> Option<i32> {
    if moved == Span::NONE { Some(day) } else { moved.after(NaiveDate::from_epoch_days(day)?).map(day_number) }
}

fn month_after(month: i32, moved: Span) -> Option<i32> {
    match moved {
        Span::Months(months) => Month::from_index(month).index().checked_add(months),
        Span::Days(_) => Some(month),
    }
}

/// For each row whether both columns hold one text.
pub(super) fn same(one: &Texts<'_>, other: &Texts<'_>, exact: bool) -> Vec<bool> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut numbers = |texts: &Texts<'_>| -> Vec<Option<usize>> {
        let number = |text: &str| {
            let next = known.len();
            Some(*known.entry(compared(text, exact).into_owned()).or_insert(next))
        };
        BySpelling::default().of_rows(texts, None, number)
    };
    let (one, other) = (numbers(one), numbers(other));
    one.iter().zip(&other).map(|(one, other)| one.is_some() && one == other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Spelt;
    use arrow_array::{Date32Array, Int32Array};

    /// Only asked for columns that cannot be compared.
    const ROWS: usize = 0;

    fn decimals(scale: i8, values: &[Option<i128>]) -> Cells<'static> {
        let numbers = Decimal128Array::from(values.to_vec()).with_precision_and_scale(38, scale);
        Cells::Number(numbers.expect("38 digits fit"))
    }

    #[test]
    fn numbers_compare_whatever_their_scale() {
        let greatest = 99_999_999_999_999_999_999_999_999_999_999_999_999_i128;
        let one = decimals(0, &[Some(1), Some(1), Some(2), None, Some(greatest)]);
        let other = decimals(37, &[Some(10_i128.pow(37)), Some(10_i128.pow(37) + 1), None, Some(1), Some(greatest)]);
        assert_eq!(of((&one, &other), Side::AtLeast, Span::Days(0), ROWS), [true, false, false, false, true]);
        assert_eq!(of((&one, &other), Side::MoreThan, Span::Days(0), ROWS), [false, false, false, false, true]);
    }

    #[test]
    fn days_are_moved_to_the_last_of_a_shorter_month() {
        let days = |texts: &[&str]| {
            let number = |text: &&str| day_number(text.parse().expect("it is a day"));
            Cells::Date(Date32Array::from(texts.iter().map(number).collect::<Vec<i32>>()))
        };
        let closed = days(&["2024-02-29", "2024-03-01", "2024-02-15", "2024-02-16"]);
        let opened = days(&["2024-01-31", "2024-01-31", "2024-01-31", "2024-01-31"]);
        assert_eq!(of((&closed, &opened), Side::AtMost, Span::Months(1), ROWS), [true, false, true, true]);
        assert_eq!(of((&closed, &opened), Side::AtMost, Span::Days(15), ROWS), [false, false, true, false]);
        let last = days(&["+262142-12-31"]);
        assert_eq!(of((&last, &last), Side::AtMost, Span::Days(1), ROWS), [false]);
    }

    #[test]
    fn months_are_moved_by_months() {
        let months = |all: &[i32]| Cells::Month(Int32Array::from(all.to_vec()));
        assert_eq!(
            of((&months(&[5, 6, 7]), &months(&[4, 4, 4])), Side::LessThan, Span::Months(2), ROWS),
            [true, false, false]
        );
    }

    #[test]
    fn texts_are_one_as_their_columns_compare() {
        let (one, other) =
            (Spelt::new(&[Some("A"), Some("b"), None, None]), Spelt::new(&[Some("a "), Some("B"), None, Some("x")]));
        let (one, other) = (one.texts(), other.texts());
        assert_eq!(same(&one, &other, false), [true, true, false, false]);
        assert_eq!(same(&one, &other, true), [false, false, false, false]);
    }
}
