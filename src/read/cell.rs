//! What stands in a cell of a workbook.

use super::value::Fault;
use calamine::{DataRef, ExcelDateTime};
use std::fmt::Write as _;

/// What stands in a cell.
pub(super) enum Value {
    /// Text, or what is to be read from text.
    Text(String),
    /// A binary fraction, as the shortest decimal that stands for it.
    Fraction(String),
    /// An error that a formula came to.
    Error(String),
}

/// A cell whose formula failed.
pub(super) fn error_of_a_formula(error: String) -> Fault {
    Fault::of(error, "is an error of the workbook", "correct its formula, or clear the cell")
}

/// What stands in a cell, as text.
///
/// A workbook holds numbers as binary fractions and nothing else: 1.1 is on the disk as 1.1000000000000001. The shortest
/// decimal that gives the same fraction is the number that was typed, wherever that had at most 15 digits, and so it is
/// taken. Longer numbers stay whole only in cells of text: where text is wanted, which ids are, they are refused.
pub(super) fn value_of(value: &DataRef<'_>) -> Value {
    Value::Text(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => return Value::Fraction(number.to_string()),
        DataRef::DateTime(time) => day(time).unwrap_or_else(|| time.to_string()),
        DataRef::Error(error) => return Value::Error(error.to_string()),
    })
}

/// A day as `2023-06-30`, with its time where it has one, and a time without a day as `12:30:00`; `None` for what is
/// neither: a span of time, or a number outside the calendar of workbooks.
fn day(time: &ExcelDateTime) -> Option<String> {
    if time.is_duration() || !(0.0..2_958_466.0).contains(&time.as_f64()) {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let mut text = String::new();
    // Writing to a text cannot fail. Day 0 lies before the calendar's first.
    let has_day = year >= 1900;
    if has_day {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
    }
    if !has_day || (hour, minute, second, milli) != (0, 0, 0, 0) {
        let mark = if has_day { "T" } else { "" };
        let _ = write!(text, "{mark}{hour:02}:{minute:02}:{second:02}");
        if milli > 0 {
            let _ = write!(text, ".{milli:03}");
        }
    }
    Some(text)
}
