//! Row groups of Parquet files → typed rows. Only the wanted columns are decoded.

mod footer;
mod said;

use super::faults::{Faults, corrupt};
use super::rows::{Held, Rows, Sink, Typed, with_texts};
use super::straight::{Column, Known, in_turn};
use super::view::{Origin, origins};
use super::{Batch, DataFile, Wanted, physical};
use crate::diagnostic::Diagnostic;
use crate::rules::ColumnType;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use ::parquet::file::reader::ChunkReader;
use arrow_array::{ArrayRef, RecordBatch, new_empty_array};
use arrow_schema::DataType;
use bytes::Bytes;
use footer::{Loaded, decoding, load, names, opened};
use said::{compression, damaged, physical_type, undecoded};
use std::collections::BTreeSet;

/// Rows decoded at a time: what is made of them on the way stays near the processor.
pub(super) const ROWS: usize = 1 << 12;

/// Bytes of the longest cell with what stands around it.
const LONGEST_CELL: i64 = (1 << 16) + 64;

/// Bytes of pages that hold no cells yet.
const PAGES: i64 = 1 << 20;

/// The names of a file's columns, nested ones as one.
pub(super) fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    Ok(names(load(file)?.metadata.metadata()))
}

/// What all row groups of a file share.
pub(super) struct Layout<'f> {
    file: &'f DataFile,
    /// The file's place among all files.
    order: usize,
    metadata: ArrowReaderMetadata,
    /// All of a small file.
    whole: Option<Bytes>,
    mask: ProjectionMask,
    /// The wanted columns that the file has, with their places among the decoded.
    origins: Vec<Origin<'f>>,
    /// What a thread reads before it takes something else.
    parts: Vec<Part>,
    /// Rows decoded at a time.
    rows: usize,
}

/// Rows of a row group.
#[derive(Clone, Copy, Debug)]
struct Part {
    group: usize,
    /// The first row, counted from 0 in the file and in its group.
    first: u64,
    skipped: usize,
    rows: u64,
    /// Whether it is the whole group.
    is_whole: bool,
}

/// Rows of a group for which it is worth while to skip as many: they are decoded all the same.
const WORTH: u64 = if cfg!(test) { 2 } else { 1 << 18 };

impl Layout<'_> {
    /// How many row groups there are.
    pub(super) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The bytes of a row group.
    pub(super) fn size(&self, part: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        // Of a group in parts the first stands for all.
        let group = self.parts.get(part).filter(|part| part.skipped == 0).and_then(|part| groups.get(part.group));
        group.map_or(0, |group| u64::try_from(group.compressed_size()).unwrap_or(0))
    }
}

/// A file's layout, once every wanted column is stored in a type that can be read exactly. It is read in so many parts at
/// least, where it has rows enough, so many rows at a time.
pub(super) fn start<'f>(
    (file, order): (&'f DataFile, usize),
    wanted: &'f [Wanted],
    parts: usize,
    rows: usize,
) -> Result<Layout<'f>, Box<Diagnostic>> {
    let Loaded { metadata, whole } = load(file)?;
    let mut origins = origins(file, &names(metadata.metadata()), wanted);
    let mut roots: Vec<usize> = origins.iter().flat_map(|origin| origin.places.iter().copied()).collect();
    roots.sort_unstable();
    roots.dedup();
    for origin in &mut origins {
        let Some(wanted) = wanted.get(origin.wanted) else { continue };
        for root in &origin.places {
            let Some(field) = metadata.schema().fields().get(*root) else { continue };
            if !is_readable(file, wanted, origin, field.data_type()) {
                return Err(physical_type(file, wanted, &origin.name, field.data_type()));
            }
        }
        origin.places = origin.places.iter().filter_map(|root| roots.binary_search(root).ok()).collect();
    }
    let unknown =
        |column: &&ColumnChunkMetaData| matches!(column.compression(), Compression::BROTLI(_) | Compression::LZO);
    if let Some(column) = metadata.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns).find(unknown) {
        return Err(compression(file, column.compression()));
    }
    if let Some(name) = overlong(&metadata, &roots) {
        let message = format!("`{}` holds more in the column `{name}` than cells of 64 KiB can", file.shown);
        return Err(Box::new(corrupt(file, message).help("names and keys are shorter: look at what wrote the file")));
    }
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots.iter().copied());
    let groups = metadata.metadata().row_groups().iter();
    let of_groups: Vec<u64> = groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).collect();
    let parts = in_parts(&of_groups, parts);
    Ok(Layout { file, order, metadata, whole, mask, origins, parts, rows: rows.max(1) })
}

/// Row groups, each cut where there are too few of them.
fn in_parts(groups: &[u64], parts: usize) -> Vec<Part> {
    let each = u64::try_from(parts.div_ceil(groups.len().max(1))).unwrap_or(1);
    let mut all = Vec::new();
    let mut first = 0_u64;
    for (group, rows) in groups.iter().copied().enumerate() {
        let length = rows.div_ceil(each).max(WORTH);
        let mut skipped = 0;
        loop {
            let own = length.min(rows - skipped);
            let within = usize::try_from(skipped).unwrap_or(usize::MAX);
            let first = first.saturating_add(skipped);
            all.push(Part { group, first, skipped: within, rows: own, is_whole: own == rows });
            skipped += own;
            if skipped >= rows {
                break;
            }
        }
        first = first.saturating_add(rows);
    }
    all
}

/// The places of the wanted columns that the file stores in a type that does not hold them.
pub(super) fn stored_otherwise(file: &DataFile, wanted: &[Wanted]) -> Result<BTreeSet<usize>, Box<Diagnostic>> {
    let Loaded { metadata, .. } = load(file)?;
    let mut places = BTreeSet::new();
    for origin in origins(file, &names(metadata.metadata()), wanted) {
        let Some(wanted) = wanted.get(origin.wanted) else { continue };
        let fields = origin.places.iter().filter_map(|root| metadata.schema().fields().get(*root));
        if !fields.into_iter().all(|field| is_readable(file, wanted, &origin, field.data_type())) {
            places.insert(origin.wanted);
        }
    }
    Ok(places)
}

/// The first of these columns with more bytes than its rows can have as cells. Packed, they may be very few.
fn overlong(metadata: &ArrowReaderMetadata, roots: &[usize]) -> Option<String> {
    let names = names(metadata.metadata());
    let place = |leaf: usize| metadata.parquet_schema().get_column_root_idx(leaf);
    metadata.metadata().row_groups().iter().find_map(|group| {
        let most = group.num_rows().saturating_mul(LONGEST_CELL).saturating_add(PAGES);
        let columns = group.columns().iter().enumerate().filter(|(leaf, _)| roots.contains(&place(*leaf)));
        let mut overlong = columns.filter(|(_, column)| column.uncompressed_size() > most);
        names.get(place(overlong.next()?.0)).cloned()
    })
}

/// Types the rows of a part and hands them on.
pub(super) fn read(layout: &Layout, part: usize, sink: &mut Sink) -> Result<(), Box<Diagnostic>> {
    let file = layout.file;
    let Some(Part { group, first, skipped, rows, is_whole }) = layout.parts.get(part).copied() else { return Ok(()) };
    let limit = usize::try_from(rows).unwrap_or(usize::MAX);
    // A group that is read whole ends where its pages do, whatever its footer says.
    let within = if is_whole { None } else { Some((skipped, limit)) };
    let mut batches = match &layout.whole {
        Some(whole) => decoding(file, || batches(layout, whole.clone(), group, within))?,
        None => {
            // Opened anew: handles that come from one another share their position in the file, and threads would race
            // for it.
            let input = opened(file)?;
            decoding(file, || batches(layout, input, group, within))?
        }
    };
    let mut next = first;
    let mut known: Vec<Known> = layout.origins.iter().map(|_| Known::default()).collect();
    let decode = |error| undecoded(file, &ParquetError::from(error));
    while let Some(batch) = decoding(file, || batches.next().transpose().map_err(decode))? {
        let end = next.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(u64::MAX));
        if !read_straight(layout, &batch, &mut known, sink) {
            let numbers: Vec<u64> = (next..end).map(|row| row + 1).collect();
            read_batch(layout, &batch, &numbers, sink)?;
        }
        next = end;
    }
    if next - first != rows {
        return Err(damaged(file, &format!("row group {} has {} rows instead of {rows}", group + 1, next - first)));
    }
    Ok(())
}

/// The batches of a row group, or of the rows of it that follow so many, so many of them.
fn batches(
    layout: &Layout,
    input: impl ChunkReader + 'static,
    group: usize,
    within: Option<(usize, usize)>,
) -> Result<ParquetRecordBatchReader, Box<Diagnostic>> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, layout.metadata.clone())
        .with_row_groups(vec![group])
        .with_projection(layout.mask.clone())
        .with_batch_size(layout.rows);
    let builder = match within {
        Some((skipped, limit)) => builder.with_offset(skipped).with_limit(limit),
        None => builder,
    };
    builder.build().map_err(|error| undecoded(layout.file, &error))
}

/// Hands on the rows of one decoded batch, where every column can be taken as it is; whether that was so.
fn read_straight(layout: &Layout, batch: &RecordBatch, known: &mut [Known], sink: &mut Sink) -> bool {
    let mut held: Vec<Option<Held>> = sink.wanted.iter().map(|_| None).collect();
    for at in in_turn(&layout.origins, sink.wanted) {
        let (Some(origin), Some(known)) = (layout.origins.get(at), known.get_mut(at)) else { continue };
        let (Some(wanted), Some(spellings)) = (sink.wanted.get(origin.wanted), sink.spellings.get_mut(origin.wanted))
        else {
            continue;
        };
        let arrays: Vec<ArrayRef> = origin.places.iter().filter_map(|at| batch.columns().get(*at)).cloned().collect();
        let mut column = Column { origin, wanted, spellings, known, held: &held };
        let Some(cells) = column.read(&arrays, batch.num_rows()) else { return false };
        if let Some(place) = held.get_mut(origin.wanted) {
            *place = Some(cells);
        }
    }
    if batch.num_rows() > 0 {
        let columns = with_texts(held, sink.spellings);
        (sink.consume)(&Batch { file: layout.order, rows: batch.num_rows(), columns, is_other: false });
    }
    true
}

/// Types the rows of one decoded batch.
fn read_batch(layout: &Layout, batch: &RecordBatch, numbers: &[u64], sink: &mut Sink) -> Result<(), Box<Diagnostic>> {
    let file = layout.file;
    let arrays_of = |origin: &Origin| -> Vec<ArrayRef> {
        let arrays = origin.places.iter().filter_map(|at| batch.columns().get(*at));
        let kind = sink.wanted.get(origin.wanted).map_or(ColumnType::Text, |wanted| wanted.kind);
        arrays.map(|array| physical::in_words(array, kind, origin)).collect()
    };
    let readable: Vec<Vec<ArrayRef>> = layout.origins.iter().map(arrays_of).collect();
    let mut rows = Rows::new(file, layout.order, numbers, sink.wanted);
    for (origin, arrays) in layout.origins.iter().zip(&readable) {
        let Some(wanted) = sink.wanted.get(origin.wanted) else { continue };
        let arrays: Vec<&ArrayRef> = arrays.iter().collect();
        let stored = || origin.places.first().and_then(|at| batch.columns().get(*at)).map(|array| array.data_type());
        if matches!(wanted.kind, ColumnType::Money | ColumnType::Count) && stored().is_some_and(physical::is_float) {
            sink.faults.has_floats(layout.order, &file.shown, &origin.name);
        }
        let typed = match (arrays.as_slice(), &origin.column.constant) {
            ([], Some(constant)) => {
                let cells = numbers.iter().map(|_| Some(constant.as_bytes()));
                Some(Typed::Text(rows.read(origin, sink.faults, cells, |cell| origin.column.text(cell))))
            }
            (arrays, _) => physical::read(arrays, wanted.kind, origin, &mut rows, sink.faults),
        };
        if let Some(Typed::Text(texts)) = &typed {
            rows.pass_over(origin, texts);
        }
        let refused = || physical_type(file, wanted, &origin.name, stored().unwrap_or(&DataType::Null));
        rows.put(origin.wanted, typed.ok_or_else(refused)?);
    }
    rows.finish(sink);
    Ok(())
}

/// Whether a column stored so can be read as what it holds.
fn is_readable(file: &DataFile, wanted: &Wanted, origin: &Origin, stored: &DataType) -> bool {
    let array = physical::in_words(&new_empty_array(stored), wanted.kind, origin);
    let (mut rows, mut faults) = (Rows::new(file, 0, &[], &[]), Faults::default());
    physical::read(&[&array], wanted.kind, origin, &mut rows, &mut faults).is_some()
}

#[cfg(test)]
mod tests {
    use super::in_parts;

    #[test]
    fn few_groups_are_cut() {
        let parts = |groups: &[u64], parts| -> Vec<(usize, u64, usize, u64, bool)> {
            let all = in_parts(groups, parts);
            all.iter().map(|part| (part.group, part.first, part.skipped, part.rows, part.is_whole)).collect()
        };
        assert_eq!(parts(&[10, 3], 2), [(0, 0, 0, 10, true), (1, 10, 0, 3, true)]);
        assert_eq!(parts(&[5], 2), [(0, 0, 0, 3, false), (0, 3, 3, 2, false)]);
        assert_eq!(parts(&[2, 0], 4), [(0, 0, 0, 2, true), (1, 2, 0, 0, true)]);
        assert_eq!(parts(&[u64::MAX, 1], 2), [(0, 0, 0, u64::MAX, true), (1, u64::MAX, 0, 1, true)]);
        assert_eq!(parts(&[], 3), []);
    }
}
