//! A table as a Parquet file.

use super::{Cell, Kind, Sheet};
use crate::exact::Exact;
use parquet::basic::{Compression, DecimalType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::sync::Arc;

/// How many rows are written as one group.
const GROUP: usize = 1 << 17;

/// The most digits of a decimal.
const DIGITS: i32 = 38;

/// The most of them behind the point.
const MOST_BEHIND: u32 = 18;

/// How many bytes they take.
const BYTES: i32 = 16;

/// The file's bytes. A number is a decimal of as many digits behind the point as any number of its column has in print,
/// 18 at most, beyond which it is rounded down.
///
/// # Errors
///
/// What the file cannot hold, in words.
pub(in crate::report) fn write(sheet: &Sheet) -> Result<Vec<u8>, String> {
    written(sheet).map_err(|error| error.to_string())
}

fn written(sheet: &Sheet) -> Result<Vec<u8>, ParquetError> {
    let scales: Vec<u32> = (0..sheet.columns.len()).map(|at| scale(sheet, at)).collect();
    let fields = sheet.columns.iter().zip(&scales).map(|((name, kind), scale)| field(name, *kind, *scale));
    let fields = fields.map(|field| field.map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder(&sheet.name).with_fields(fields).build()?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties)?;
    for rows in sheet.rows.chunks(GROUP) {
        let mut group = file.next_row_group()?;
        for (at, ((_, kind), scale)) in sheet.columns.iter().zip(&scales).enumerate() {
            let Some(mut column) = group.next_column()? else { continue };
            let cells = || rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Blank));
            macro_rules! put {
                ($kind:ty, $values:expr) => {{
                    let values: Vec<_> = $values.collect();
                    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                    let values: Vec<_> = values.into_iter().flatten().collect();
                    column.typed::<$kind>().write_batch(&values, Some(&levels), None)?;
                }};
            }
            match kind {
                Kind::Text => put!(
                    ByteArrayType,
                    cells().map(|cell| match cell {
                        Cell::Text(text) => Some(ByteArray::from(text.as_str())),
                        _ => None,
                    })
                ),
                Kind::Number => {
                    let cells = cells().map(|cell| match cell {
                        Cell::Number(number) => unscaled(number, *scale).map(Some),
                        _ => Ok(None),
                    });
                    let digits = cells.collect::<Result<Vec<_>, _>>()?;
                    put!(FixedLenByteArrayType, digits.into_iter());
                }
                Kind::Day => put!(
                    Int32Type,
                    cells().map(|cell| match cell {
                        Cell::Day(day) => Some(day.to_epoch_days()),
                        _ => None,
                    })
                ),
                Kind::Truth => put!(
                    BoolType,
                    cells().map(|cell| match cell {
                        Cell::Truth(truth) => Some(*truth),
                        _ => None,
                    })
                ),
            }
            column.close()?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(bytes)
}

fn field(name: &str, kind: Kind, scale: u32) -> Result<Type, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => {
            let scale = i32::try_from(scale).unwrap_or(0);
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Decimal(DecimalType { scale, precision: DIGITS })))
        }
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Truth => (Physical::BOOLEAN, None),
    };
    let builder =
        Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    if kind == Kind::Number {
        let scale = i32::try_from(scale).unwrap_or(0);
        return builder.with_length(BYTES).with_precision(DIGITS).with_scale(scale).build();
    }
    builder.build()
}

/// How many digits behind the point a column needs.
fn scale(sheet: &Sheet, at: usize) -> u32 {
    let digits = sheet.rows.iter().filter_map(|row| match row.get(at) {
        Some(Cell::Number(number)) => in_print(number).map(|number| number.digits()),
        _ => None,
    });
    digits.max().unwrap_or(0).min(MOST_BEHIND)
}

/// The number as it is printed, whose decimal ends.
fn in_print(number: &Exact) -> Option<Exact> {
    Exact::parse(&number.printed().decimal)
}

/// The digits of a number as one whole number.
fn unscaled(number: &Exact, scale: u32) -> Result<FixedLenByteArray, ParquetError> {
    let digits = in_print(number).map(|number| number.floor_at(scale));
    let fits = digits.filter(|digits| digits.unsigned_abs() < 10_u128.pow(DIGITS.unsigned_abs()));
    let fits = fits.ok_or_else(|| ParquetError::General(format!("{number} has more than {DIGITS} digits")))?;
    Ok(FixedLenByteArray::from(fits.to_be_bytes().to_vec()))
}
