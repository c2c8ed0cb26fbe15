//! Numbers as people read them.

use crate::exact::Exact;
use crate::month::{Month, spoken};
use crate::rules::Unit;
use crate::score::Interval;
use chrono::NaiveDate;

/// A number with its unit; thousands in groups.
pub(super) fn quantity(value: &Exact, unit: Unit, currency: &str) -> String {
    match unit {
        Unit::Money => format!("{currency} {}", grouped(&value.to_string())),
        Unit::Percent => format!("{} %", grouped(&value.to_string())),
        Unit::Count | Unit::Share => grouped(&value.to_string()),
        Unit::Month | Unit::Day => calendar(value, unit).unwrap_or_else(|| value.to_string()),
    }
}

/// A day, `2023-06-13`, or a month; none for a number of something else.
pub(super) fn calendar(value: &Exact, unit: Unit) -> Option<String> {
    let number = i32::try_from(value.floor_at(0)).ok()?;
    match unit {
        Unit::Day => Some(NaiveDate::from_epoch_days(number)?.to_string()),
        Unit::Month => Some(Month::from_index(number).to_string()),
        Unit::Money | Unit::Count | Unit::Percent | Unit::Share => None,
    }
}

/// `1234567.5` as `1,234,567.5`.
pub(super) fn grouped(decimal: &str) -> String {
    let (sign, rest) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Points that are known, or between what they lie.
pub(super) fn points(points: &Interval) -> String {
    match (points.value(), &points.least, &points.most) {
        (Some(value), ..) => value.to_string(),
        (None, least, most) => {
            let end = |end: &Option<Exact>| end.as_ref().map_or_else(|| "?".to_owned(), Exact::to_string);
            format!("{} to {}", end(least), end(most))
        }
    }
}

/// `1 point`, `2 points`.
pub(super) fn counted(points: &Exact) -> String {
    if *points == Exact::from(1) { "1 point".to_owned() } else { format!("{points} points") }
}

/// Months as a phrase; empty where there are none.
pub(super) fn months(months: &[Month]) -> String {
    spoken(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (plain, shown) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.25", "-1,234,567.25")] {
            assert_eq!(grouped(plain), shown);
        }
    }
}
