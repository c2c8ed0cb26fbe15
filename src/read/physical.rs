//! How Parquet stores a column → typed cells. A type that is not named here is refused.

use super::faults::Faults;
use super::number::Number;
use super::rows::{Rows, Typed};
use super::value::{DATE_HELP, DIGITS_HELP, Fault, MONTH_HELP};
use super::view::{Column, Origin};
use crate::rules::ColumnType;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use chrono::NaiveDate;
use std::fmt::{Display, Write as _};
use std::sync::Arc;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The cells of a column; `None` where it is stored in a type that cannot be read exactly.
pub(super) fn read<'a>(
    arrays: &[&'a ArrayRef],
    kind: ColumnType,
    origin: &'a Origin<'_>,
    rows: &mut Rows<'_, 'a>,
    faults: &mut Faults,
) -> Option<Typed<'a>> {
    let column = origin.column;
    let [array] = arrays else {
        let cells = first_of(arrays, column)?;
        return Some(Typed::Text(rows.read(origin, faults, cells.into_iter(), |cell| column.text(cell))));
    };
    Some(match kind {
        ColumnType::Text | ColumnType::Exact => {
            Typed::Text(rows.read(origin, faults, bytes(array)?.into_iter(), |cell| column.text(cell)))
        }
        ColumnType::Month => Typed::Month(match days(array) {
            Some(days) => rows.read(origin, faults, days.into_iter(), |day| {
                let day = calendar(day).ok_or_else(|| beyond(day, "is not a month", MONTH_HELP))?;
                column.month_of(day, || day.to_string()).map(Some)
            }),
            None => rows.read(origin, faults, bytes(array)?.into_iter(), |cell| column.month(cell)),
        }),
        ColumnType::Date => Typed::Date(match days(array) {
            Some(days) => rows.read(origin, faults, days.into_iter(), |day| {
                let count = |day: NaiveDate| day.to_epoch_days();
                calendar(day).map(count).map(Some).ok_or_else(|| beyond(day, "is not a date", DATE_HELP))
            }),
            None => rows.read(origin, faults, bytes(array)?.into_iter(), |cell| column.date(cell)),
        }),
        ColumnType::Money | ColumnType::Count => Typed::Number(match numbers(array) {
            Some(numbers) => rows.read(origin, faults, numbers.into_iter(), |number| {
                number.map(Some).map_err(|shown| Fault::of(shown, "has too many digits", DIGITS_HELP))
            }),
            None => rows.read(origin, faults, bytes(array)?.into_iter(), |cell| origin.number(cell)),
        }),
    })
}

/// The column as it is to be read: where text is wanted, whole numbers are their digits and truth values are words; where
/// binary fractions may be, they are the shortest decimals that stand for them. Text is borrowed from here on, so what is
/// made here has to stand somewhere.
pub(super) fn in_words(array: &ArrayRef, kind: ColumnType, origin: &Origin<'_>) -> ArrayRef {
    let words = match kind {
        ColumnType::Text | ColumnType::Exact => words(array),
        ColumnType::Money | ColumnType::Count if origin.column.floats => match array.data_type() {
            DataType::Float32 => fractions::<Float32Type>(array, origin),
            DataType::Float64 => fractions::<Float64Type>(array, origin),
            _ => None,
        },
        ColumnType::Month | ColumnType::Date | ColumnType::Money | ColumnType::Count => None,
    };
    words.unwrap_or_else(|| Arc::clone(array))
}

/// Whether numbers are stored as binary fractions that can be read where a profile says so.
pub(super) fn is_float(stored: &DataType) -> bool {
    matches!(stored, DataType::Float32 | DataType::Float64)
}

/// The digits or words of a column that is no text; `None` for a type that has no exact ones.
fn words(array: &ArrayRef) -> Option<ArrayRef> {
    match array.data_type() {
        DataType::Boolean => written(array.as_boolean_opt()?.iter()),
        DataType::Int8 => digits::<Int8Type>(array),
        DataType::Int16 => digits::<Int16Type>(array),
        DataType::Int32 => digits::<Int32Type>(array),
        DataType::Int64 => digits::<Int64Type>(array),
        DataType::UInt8 => digits::<UInt8Type>(array),
        DataType::UInt16 => digits::<UInt16Type>(array),
        DataType::UInt32 => digits::<UInt32Type>(array),
        DataType::UInt64 => digits::<UInt64Type>(array),
        // With places behind the point `7` would be `7.00`, and no id is written so.
        DataType::Decimal32(_, 0) => digits::<Decimal32Type>(array),
        DataType::Decimal64(_, 0) => digits::<Decimal64Type>(array),
        DataType::Decimal128(_, 0) => digits::<Decimal128Type>(array),
        DataType::Decimal256(_, 0) => digits::<Decimal256Type>(array),
        _ => None,
    }
}

/// The digits of numbers.
fn digits<T: ArrowPrimitiveType<Native: Display>>(array: &ArrayRef) -> Option<ArrayRef> {
    written(array.as_primitive_opt::<T>()?.iter())
}

/// The same of binary fractions, as the file writes numbers.
fn fractions<T: ArrowPrimitiveType<Native: Display>>(array: &ArrayRef, origin: &Origin<'_>) -> Option<ArrayRef> {
    let Some(form) = origin.numbers else { return digits::<T>(array) };
    let cells = array.as_primitive_opt::<T>()?.iter();
    written(cells.map(|cell| cell.map(|number| form.written(&number.to_string()).into_owned())))
}

/// What cells are in print.
fn written(cells: impl Iterator<Item = Option<impl Display>>) -> Option<ArrayRef> {
    let mut texts = StringBuilder::new();
    for cell in cells {
        match cell {
            Some(cell) => {
                write!(texts, "{cell}").ok()?;
                texts.append_value("");
            }
            None => texts.append_null(),
        }
    }
    Some(Arc::new(texts.finish()))
}

/// Of several text columns, in each row the first cell that holds something.
fn first_of<'a>(arrays: &[&'a ArrayRef], column: &Column) -> Option<Vec<Option<&'a [u8]>>> {
    let all: Vec<Vec<Option<&[u8]>>> = arrays.iter().map(|array| bytes(array)).collect::<Option<_>>()?;
    let rows = all.first().map_or(0, Vec::len);
    let cell = |row: usize| {
        let mut cells = all.iter().filter_map(|cells| cells.get(row).copied().flatten());
        cells.find(|cell| !column.is_missing(cell))
    };
    Some((0..rows).map(cell).collect())
}

/// The bytes of a text column, or of one that has a type but no values.
fn bytes(array: &ArrayRef) -> Option<Vec<Option<&[u8]>>> {
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string_opt::<i32>()?.iter().map(|cell| cell.map(str::as_bytes)).collect(),
        DataType::LargeUtf8 => array.as_string_opt::<i64>()?.iter().map(|cell| cell.map(str::as_bytes)).collect(),
        DataType::Utf8View => array.as_string_view_opt()?.iter().map(|cell| cell.map(str::as_bytes)).collect(),
        DataType::Binary => array.as_binary_opt::<i32>()?.iter().collect(),
        DataType::LargeBinary => array.as_binary_opt::<i64>()?.iter().collect(),
        DataType::BinaryView => array.as_binary_view_opt()?.iter().collect(),
        DataType::Null => vec![None; array.len()],
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            let values = bytes(dictionary.values())?;
            // The keys of a dictionary without values are all null, and asking for them would panic.
            if values.is_empty() {
                return Some(vec![None; array.len()]);
            }
            let keys = dictionary.normalized_keys().into_iter().enumerate();
            keys.map(|(row, key)| if array.is_null(row) { None } else { values.get(key).copied().flatten() }).collect()
        }
        _ => return None,
    })
}

/// The days of a column of days or times, counted from 1970-01-01.
fn days(array: &ArrayRef) -> Option<Vec<Option<i64>>> {
    match array.data_type() {
        DataType::Date32 => counted::<Date32Type>(array, 1),
        DataType::Date64 => counted::<Date64Type>(array, DAY * 1_000),
        DataType::Timestamp(unit, zone) if zone.as_deref().is_none_or(is_utc) => match unit {
            TimeUnit::Second => counted::<TimestampSecondType>(array, DAY),
            TimeUnit::Millisecond => counted::<TimestampMillisecondType>(array, DAY * 1_000),
            TimeUnit::Microsecond => counted::<TimestampMicrosecondType>(array, DAY * 1_000_000),
            TimeUnit::Nanosecond => counted::<TimestampNanosecondType>(array, DAY * 1_000_000_000),
        },
        _ => None,
    }
}

/// Days of times, `of_a_day` of which make one; a time before 1970 lies in the day that has begun.
fn counted<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef, of_a_day: i64) -> Option<Vec<Option<i64>>> {
    let cells = array.as_primitive_opt::<T>()?.iter();
    Some(cells.map(|cell| cell.map(|time| time.into().div_euclid(of_a_day))).collect())
}

/// Whether a zone is the one in which times are stored. Any other could move a time to another day.
fn is_utc(zone: &str) -> bool {
    ["UTC", "Etc/UTC", "Z", "+00:00"].iter().any(|name| name.eq_ignore_ascii_case(zone))
}

/// The day with this count, within the calendar's years.
fn calendar(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(day).ok()?)
}

/// A day beyond the calendar.
fn beyond(day: i64, says: &'static str, help: &'static str) -> Fault {
    Fault::of(format!("day {day} from 1970-01-01"), says, help)
}

/// A number, or how one with too many digits is shown.
type Exactly = Result<Number, String>;

/// The numbers of a column of decimals or whole numbers.
fn numbers(array: &ArrayRef) -> Option<Vec<Option<Exactly>>> {
    match array.data_type() {
        DataType::Int8 => scaled::<Int8Type>(array, 0),
        DataType::Int16 => scaled::<Int16Type>(array, 0),
        DataType::Int32 => scaled::<Int32Type>(array, 0),
        DataType::Int64 => scaled::<Int64Type>(array, 0),
        DataType::UInt8 => scaled::<UInt8Type>(array, 0),
        DataType::UInt16 => scaled::<UInt16Type>(array, 0),
        DataType::UInt32 => scaled::<UInt32Type>(array, 0),
        DataType::UInt64 => scaled::<UInt64Type>(array, 0),
        DataType::Decimal32(_, scale) => scaled::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) => scaled::<Decimal64Type>(array, *scale),
        DataType::Decimal128(_, scale) => scaled::<Decimal128Type>(array, *scale),
        DataType::Decimal256(_, scale) => {
            let exact = |wide: <Decimal256Type as ArrowPrimitiveType>::Native| {
                if let Some(mantissa) = wide.to_i128() {
                    return exactly(mantissa, *scale);
                }
                // It may still have few digits and many zeros.
                let shown = shown(&wide, *scale);
                Number::parse(shown.as_bytes()).map_err(|_| shown)
            };
            Some(array.as_primitive_opt::<Decimal256Type>()?.iter().map(|cell| cell.map(exact)).collect())
        }
        _ => None,
    }
}

/// Numbers that share a scale.
fn scaled<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &ArrayRef, scale: i8) -> Option<Vec<Option<Exactly>>> {
    let cells = array.as_primitive_opt::<T>()?.iter();
    Some(cells.map(|cell| cell.map(|mantissa| exactly(mantissa.into(), scale))).collect())
}

/// `mantissa` ÷ 10^`scale`.
fn exactly(mantissa: i128, scale: i8) -> Exactly {
    Number::new(mantissa, -i64::from(scale)).ok_or_else(|| shown(&mantissa, scale))
}

/// A number with more digits than can be kept.
fn shown(mantissa: &impl ToString, scale: i8) -> String {
    format!("{}e{}", mantissa.to_string(), -i16::from(scale))
}
