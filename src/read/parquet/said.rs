//! What is said of Parquet files that cannot be read.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::read::faults::corrupt;
use crate::read::{DataFile, Wanted, physical};
use crate::rules::ColumnType;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use arrow_schema::DataType;

/// A column is stored in a type that cannot be read exactly.
pub(super) fn physical_type(file: &DataFile, wanted: &Wanted, name: &str, stored: &DataType) -> Box<Diagnostic> {
    let column = &wanted.name;
    let with_floats = match &file.view {
        Some(view) => {
            format!("store it as a decimal, or say `floats = true` of `{column}` in the profile `{}`", view.profile)
        }
        None => format!("store it as a decimal, or write a profile that says `floats = true` of `{column}`"),
    };
    let (holds, help) = match wanted.kind {
        ColumnType::Text | ColumnType::Exact => ("text", "store it as text, or ids as whole numbers"),
        ColumnType::Month => {
            ("months", "store it as a date, as text like `2023-06`, or as a time without zone or in UTC")
        }
        ColumnType::Date => {
            ("dates", "store it as a date, as text like `2023-06-30`, or as a time without zone or in UTC")
        }
        ColumnType::Money | ColumnType::Count if physical::is_float(stored) => ("exact numbers", with_floats.as_str()),
        ColumnType::Money | ColumnType::Count => ("exact numbers", "store it as a decimal"),
    };
    let message = format!("`{}` stores `{name}` as {stored}, which does not hold {holds}", file.shown);
    Box::new(Diagnostic::new(Code::PhysicalType, Place::File(file.shown.clone()), message).help(help))
}

/// A file that is packed in a way that cannot be unpacked.
pub(super) fn compression(file: &DataFile, compression: Compression) -> Box<Diagnostic> {
    let name = if compression == Compression::LZO { "LZO" } else { "Brotli" };
    let message = format!("`{}` is packed with {name}, which cannot be read yet", file.shown);
    Box::new(corrupt(file, message).help("write it again with Snappy, Zstandard, Gzip or LZ4, or unpacked"))
}

/// A file that the decoder refuses.
pub(super) fn undecoded(file: &DataFile, error: &ParquetError) -> Box<Diagnostic> {
    let said = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| said.to_ascii_lowercase().contains(word));
    if has(&["encrypt"]) {
        let message = format!("`{}` is encrypted, which cannot be read", file.shown);
        return Box::new(corrupt(file, message).help("write it again without encryption"));
    }
    if matches!(error, ParquetError::NYI(_)) || has(&["not supported", "not yet", "not implemented", "unsupported"]) {
        let message = format!("`{}` is of a form of Parquet that cannot be read yet ({said})", file.shown);
        return Box::new(corrupt(file, message).help("write it again with the usual settings"));
    }
    let is_short =
        matches!(error, ParquetError::EOF(_) | ParquetError::NeedMoreData(_) | ParquetError::NeedMoreDataRange(_));
    if is_short && has(&["size is 0 "]) {
        damaged(file, "it is empty")
    } else if has(&["corrupt footer"]) {
        damaged(file, "its footer is missing or damaged")
    } else if is_short || has(&["end of file", "failed to fill whole buffer"]) {
        damaged(file, "it ends before its data do")
    } else if has(&["utf-8", "utf8"]) {
        damaged(file, "a text or a name in it is not UTF-8")
    } else if has(&["snappy", "zstd", "lz4", "gzip", "deflate", "decompress", "data corruption", "unknown frame"]) {
        damaged(file, "its packed data are damaged")
    } else if has(&["arrow:schema"]) {
        damaged(file, "the schema in its footer is damaged")
    } else {
        damaged(file, &format!("it cannot be decoded ({said})"))
    }
}

/// A file that is not what its footer says.
pub(super) fn damaged(file: &DataFile, why: &str) -> Box<Diagnostic> {
    let message = format!("`{}` is not a whole Parquet file: {why}", file.shown);
    Box::new(corrupt(file, message).help("write the file again; it may have been cut short"))
}
