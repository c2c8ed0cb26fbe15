//! The footer of a Parquet file: what its columns are, and where their pages lie.

use super::said::{damaged, undecoded};
use crate::diagnostic::Diagnostic;
use crate::read::faults::{corrupt, unreadable};
use crate::read::guard::guarded;
use crate::read::sniff::{self, Kind};
use crate::read::{Bytes as Source, DataFile};
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use ::parquet::basic::{Encoding, Type as Physical};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use arrow_schema::{DataType, Schema, TimeUnit};
use bytes::Bytes;
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

/// The file on its disk; only text is ever carried in another file.
pub(super) fn opened(file: &DataFile) -> Result<File, Box<Diagnostic>> {
    match &file.bytes {
        Source::File(path) => File::open(path).map_err(|error| unreadable(file, &error)),
        Source::Gzip(_) | Source::Text(_) => Err(damaged(file, "it is text")),
    }
}

/// Bytes of a small file at most: to ask the system for each of its pages takes longer than to read it.
const SMALL: u64 = 1 << 18;

/// A file and its footer.
pub(super) struct Loaded {
    pub(super) metadata: ArrowReaderMetadata,
    /// All of a small file.
    pub(super) whole: Option<Bytes>,
}

/// An open file.
struct Input {
    file: File,
    length: u64,
    whole: Option<Bytes>,
}

/// Opens a file and reads its footer.
///
/// What a footer can say wrong about places and counts is checked here, because the decoder relies on it.
pub(super) fn load(file: &DataFile) -> Result<Loaded, Box<Diagnostic>> {
    let input = input(file)?;
    let loaded = decoding(file, || {
        let loaded = match &input.whole {
            Some(whole) => ArrowReaderMetadata::load(whole, ArrowReaderOptions::new()),
            None => ArrowReaderMetadata::load(&input.file, ArrowReaderOptions::new()),
        };
        loaded.and_then(|loaded| with_types_of_ours(&loaded)).map_err(|error| undecoded(file, &error))
    })?;
    if !is_sound(loaded.metadata(), input.length) || loaded.schema().fields().len() != names(loaded.metadata()).len() {
        return Err(damaged(file, "its footer contradicts itself or the file's length"));
    }
    Ok(Loaded { metadata: loaded, whole: input.whole })
}

/// Opens a file that is Parquet by its first bytes.
fn input(file: &DataFile) -> Result<Input, Box<Diagnostic>> {
    let unread = |error| unreadable(file, &error);
    let mut on_disk = opened(file)?;
    let about = on_disk.metadata().map_err(unread)?;
    if about.is_dir() {
        return Err(corrupt(file, format!("`{}` cannot be read: it is a folder", file.shown)));
    }
    let length = about.len();
    let (head, whole) = if length <= SMALL {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        on_disk.by_ref().take(length).read_to_end(&mut bytes).map_err(unread)?;
        (sniff::head(&mut bytes.as_slice()).map_err(unread)?, Some(Bytes::from(bytes)))
    } else {
        (sniff::head(&mut on_disk).map_err(unread)?, None)
    };
    match Kind::of(&head) {
        None => sniff::text(file, &head, "csv").map_or(Ok(()), Err)?,
        Some(Kind::Parquet) => {}
        Some(kind) => return Err(sniff::other(file, kind)),
    }
    Ok(Input { file: on_disk, length, whole })
}

/// Whether the footer's counts agree and all columns lie inside the file.
fn is_sound(metadata: &ParquetMetaData, length: u64) -> bool {
    let inside = |column: &ColumnChunkMetaData| {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let end = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
        column.data_page_offset() >= 0 && end.is_some_and(|(start, size)| start.saturating_add(size) <= length)
    };
    let width = metadata.file_metadata().schema_descr().num_columns();
    let groups = metadata.row_groups();
    let rows = groups.iter().try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()));
    rows == Some(metadata.file_metadata().num_rows())
        && groups.iter().all(|group| group.num_rows() >= 0)
        && groups.iter().all(|group| group.num_columns() == width && group.columns().iter().all(inside))
}

/// Reads text without copying it, so that a few bytes that stand for many long cells stay few, and times of the outdated
/// 96-bit form as microseconds: as nanoseconds, the default, the year 9999 overflows.
///
/// Where all that a text column has is in dictionaries, it is read as their entries' numbers.
fn with_types_of_ours(loaded: &ArrowReaderMetadata) -> Result<ArrowReaderMetadata, ParquetError> {
    let roots = loaded.parquet_schema().root_schema().get_fields();
    let is_wide = |root: usize| {
        roots.get(root).is_some_and(|kind| kind.is_primitive() && kind.get_physical_type() == Physical::INT96)
    };
    let fields = loaded.schema().fields().iter().enumerate().map(|(root, field)| {
        let kind = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 if is_in_dictionaries(loaded, root) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
            DataType::Timestamp(TimeUnit::Nanosecond, zone) if is_wide(root) => {
                DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
            }
            _ => return Arc::clone(field),
        };
        Arc::new(field.as_ref().clone().with_data_type(kind))
    });
    let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), loaded.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(loaded.metadata()), options)
}

/// Whether a column's texts are in dictionaries throughout, as every row group says. Where one lies, its pages are
/// unpacked up to 2 GiB and refused beyond.
fn is_in_dictionaries(loaded: &ArrowReaderMetadata, root: usize) -> bool {
    let schema = loaded.parquet_schema();
    let mut leaves = (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == root);
    let Some(leaf) = leaves.next() else { return false };
    let is_such = |column: &ColumnChunkMetaData| {
        column.dictionary_page_offset().is_some()
            && column
                .page_encoding_stats_mask()
                .is_some_and(|mask| mask.is_only(Encoding::PLAIN_DICTIONARY) || mask.is_only(Encoding::RLE_DICTIONARY))
    };
    loaded.metadata().row_groups().iter().all(|group| group.columns().get(leaf).is_some_and(is_such))
}

/// The names of the top-level columns, nested ones as one.
pub(super) fn names(metadata: &ParquetMetaData) -> Vec<String> {
    let schema = metadata.file_metadata().schema_descr().root_schema();
    schema.get_fields().iter().map(|field| field.name().to_owned()).collect()
}

/// Runs the decoder, which panics on some damaged files where it relies on what they say of themselves.
pub(super) fn decoding<T>(
    file: &DataFile,
    work: impl FnOnce() -> Result<T, Box<Diagnostic>>,
) -> Result<T, Box<Diagnostic>> {
    guarded(work).unwrap_or_else(|| Err(damaged(file, "its pages contradict its footer")))
}
