//! One file → the same rows as Parquet that is read fast: texts in dictionaries, amounts as decimals, rows sorted by
//! entity and month within each group of rows.
//!
//! Texts stay as the file spells them, under its own headers: what they mean is said where they are read.

use super::texts::{MISSING, Texts};
use super::{Batch, Blank, Cells, Column, DataFile, Format, Rejected, View, Wanted};
use crate::diagnostic::Diagnostic;
use crate::rules::ColumnType;
use parquet::basic::{Compression, DecimalType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows of a group: as many as are held in memory at once.
const ROWS: usize = 1 << 20;

/// Bytes of the largest dictionary of a group.
const DICTIONARY: usize = 64 << 20;

/// Under this key a file says from which it was made.
const ORIGIN: &str = "pcs-rules.origin";

/// Digits that 64 bits hold, whichever they are.
const SHORT: u32 = 18;

/// Digits of the longest decimal.
const DIGITS: u32 = 38;

/// The file that another was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginFile {
    /// Its path, as it was named then.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

/// A column that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its header in the file.
    pub header: String,
    /// The forms in which it can be kept, the first that holds all its cells being taken.
    pub forms: Vec<Form>,
    /// Whether the rules read it: then it is never left out.
    pub is_read: bool,
    /// What its cells mean, where it is no text.
    pub column: Column,
}

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As text, whatever stands in it.
    Written,
    /// As decimals.
    Numbers,
    /// As days.
    Days,
}

impl Form {
    const fn kind(self) -> ColumnType {
        match self {
            Self::Written => ColumnType::Exact,
            Self::Numbers => ColumnType::Money,
            Self::Days => ColumnType::Date,
        }
    }
}

impl Kept {
    fn form(&self) -> Form {
        self.forms.first().copied().unwrap_or(Form::Written)
    }
}

/// What can go wrong while a file is made.
#[derive(Debug)]
pub enum NotMade {
    /// The data cannot be read.
    Unreadable(Box<Diagnostic>),
    /// The file cannot be written.
    Unwritable(String),
}

/// How many rows were written, and what could not be read.
#[derive(Debug)]
pub struct Made {
    /// Rows of the new file.
    pub rows: u64,
    /// Rows that are not in it.
    pub rejected: Rejected,
    /// Columns that hold something else than numbers or days, and are kept as they are written.
    pub written: Vec<String>,
    /// Columns that no form holds, and that are not kept.
    pub lost: Vec<String>,
}

/// Makes the file; by the columns of the headers in `sorted`, two at most, its rows are sorted.
///
/// # Errors
///
/// [`NotMade`]; the file may then be there in part.
pub fn compact(
    file: &DataFile,
    asked: &[Kept],
    sorted: &[String],
    (target, origin): (&Path, &OriginFile),
) -> Result<Made, NotMade> {
    let (kept, sizes, rejected) = settled(file, asked.to_vec()).map_err(NotMade::Unreadable)?;
    let now = |asked: &Kept| kept.iter().find(|kept| kept.header == asked.header).map(Kept::form);
    let headers = |is_such: &dyn Fn(&Kept) -> bool| -> Vec<String> {
        asked.iter().filter(|asked| is_such(asked)).map(|asked| asked.header.clone()).collect()
    };
    let written = headers(&|asked| asked.form() != Form::Written && now(asked) == Some(Form::Written));
    let lost = headers(&|asked| now(asked).is_none());
    let sorted: Vec<usize> =
        sorted.iter().filter_map(|header| kept.iter().position(|kept| kept.header == *header)).collect();
    let unwritable = |error: ParquetError| NotMade::Unwritable(error.to_string());
    let output = File::create(target).map_err(|error| NotMade::Unwritable(error.to_string()))?;
    let writer = Writer::new(output, &kept, &sizes, &sorted, origin).map_err(unwritable)?;
    let see = |writer: &mut Writer<File>, batch: &Batch<'_>| {
        if writer.failed.is_none() {
            writer.failed = writer.see(batch).err();
        }
    };
    let (file, wanted) = raw(file, &kept);
    // One thread, so that the rows come in their order and the bytes are the same every time.
    let (writers, _) = super::scan(&[file], &wanted, vec![writer], see).map_err(NotMade::Unreadable)?;
    let mut rows = 0;
    for writer in writers {
        rows += writer.finish().map_err(unwritable)?;
    }
    Ok(Made { rows, rejected, written, lost })
}

/// The columns, each in the first of its forms that holds all its cells. One that none holds is left out where nothing reads
/// it; else its rows stay rejected, or the file is refused.
fn settled(file: &DataFile, mut kept: Vec<Kept>) -> Result<(Vec<Kept>, Vec<Size>, Rejected), Box<Diagnostic>> {
    loop {
        kept.retain(|kept| !kept.forms.is_empty());
        let mut odd = stored_otherwise(file, &kept)?;
        let can_change = |at: &usize| kept.get(*at).is_some_and(|kept| kept.forms.len() > 1 || !kept.is_read);
        odd.retain(can_change);
        if odd.is_empty() {
            let (sizes, rejected) = sizes(file, &kept)?;
            odd.extend(&rejected.columns);
            odd.extend(sizes.iter().enumerate().filter(|(_, size)| !size.fits()).map(|(at, _)| at));
            odd.retain(can_change);
            if odd.is_empty() {
                return Ok((kept, sizes, rejected));
            }
        }
        for at in odd.into_iter().rev() {
            if let Some(one) = kept.get_mut(at) {
                one.forms.remove(0);
            }
        }
    }
}

/// The places of the columns whose type in the file is of another form.
fn stored_otherwise(file: &DataFile, kept: &[Kept]) -> Result<BTreeSet<usize>, Box<Diagnostic>> {
    let (file, wanted) = raw(file, kept);
    if file.format == Format::Parquet { super::parquet::stored_otherwise(&file, &wanted) } else { Ok(BTreeSet::new()) }
}

/// The file from which a Parquet file was made by [`compact`], where it was.
#[must_use]
pub fn origin(path: &Path) -> Option<OriginFile> {
    let reader = parquet::file::reader::SerializedFileReader::new(File::open(path).ok()?).ok()?;
    let metadata = parquet::file::reader::FileReader::metadata(&reader).file_metadata();
    let value = metadata.key_value_metadata()?.iter().find(|pair| pair.key == ORIGIN)?.value.as_ref()?;
    let (sha256, file) = value.split_once(' ')?;
    Some(OriginFile { file: file.to_owned(), sha256: sha256.to_owned() })
}

/// The file read column by column under its own headers.
fn raw(file: &DataFile, kept: &[Kept]) -> (DataFile, Vec<Wanted>) {
    let column = |kept: &Kept| {
        let headers = vec![kept.header.clone()];
        match kept.form() {
            Form::Written => Column { headers, as_written: true, ..Column::default() },
            Form::Numbers | Form::Days => Column { headers, constant: None, ..kept.column.clone() },
        }
    };
    let columns = kept.iter().map(|kept| (kept.header.clone(), column(kept))).collect();
    let view = View { profile: String::new(), columns };
    let wanted = kept.iter().map(|kept| Wanted {
        name: kept.header.clone(),
        kind: kept.form().kind(),
        blank: Blank::Missing,
        plain: None,
        only: None,
        asked: None,
    });
    (DataFile { view: Some(Arc::new(view)), ..file.clone() }, wanted.collect())
}

/// How large the numbers of a column are.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    /// Digits behind the point.
    scale: u32,
    /// Digits before it.
    whole: u32,
}

impl Size {
    fn fits(self) -> bool {
        self.scale + self.whole <= DIGITS
    }

    fn is_short(self) -> bool {
        self.scale + self.whole <= SHORT
    }
}

fn sizes(file: &DataFile, kept: &[Kept]) -> Result<(Vec<Size>, Rejected), Box<Diagnostic>> {
    let (file, wanted) = raw(file, kept);
    let see = |sizes: &mut Vec<Size>, batch: &Batch<'_>| {
        for (size, cells) in sizes.iter_mut().zip(&batch.columns) {
            let Some(Cells::Number(numbers)) = cells else { continue };
            let scale = u32::try_from(numbers.scale()).unwrap_or(0);
            let most = numbers.iter().flatten().map(i128::unsigned_abs).max().unwrap_or(0);
            let digits = most.checked_ilog10().map_or(0, |digits| digits + 1);
            size.scale = size.scale.max(scale);
            size.whole = size.whole.max(digits.saturating_sub(scale));
        }
    };
    let (mut sizes, rejected) = super::scan(&[file], &wanted, vec![vec![Size::default(); kept.len()]], see)?;
    Ok((sizes.pop().unwrap_or_default(), rejected))
}

/// The cells of a column that wait to be written.
enum Waiting {
    /// Codes of texts.
    Text { codes: Vec<u32>, texts: Vec<ByteArray> },
    /// Days.
    Days(Vec<Option<i32>>),
    /// Numbers at the scale of the column.
    Numbers { values: Vec<Option<i128>>, size: Size },
}

struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Waiting>,
    sorted: Vec<usize>,
    waiting: usize,
    rows: u64,
    failed: Option<ParquetError>,
}

impl<W: Write + Send> Writer<W> {
    fn new(
        output: W,
        kept: &[Kept],
        sizes: &[Size],
        sorted: &[usize],
        origin: &OriginFile,
    ) -> Result<Self, ParquetError> {
        let fields = kept.iter().zip(sizes).map(|(kept, size)| field(kept, *size).map(Arc::new));
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let schema = Arc::new(Type::group_type_builder("rows").with_fields(fields).build()?);
        let told = KeyValue::new(ORIGIN.to_owned(), format!("{} {}", origin.sha256, origin.file));
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_key_value_metadata(Some(vec![told]));
        for kept in kept.iter().filter(|kept| kept.form() == Form::Numbers) {
            // Amounts hardly repeat.
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(kept.header.as_str()), false);
        }
        let columns = kept.iter().zip(sizes).map(|(kept, size)| match kept.form() {
            Form::Written => Waiting::Text { codes: Vec::new(), texts: Vec::new() },
            Form::Days => Waiting::Days(Vec::new()),
            Form::Numbers => Waiting::Numbers { values: Vec::new(), size: *size },
        });
        let (columns, sorted) = (columns.collect(), sorted.to_vec());
        let file = SerializedFileWriter::new(output, schema, Arc::new(properties.build()))?;
        Ok(Self { file, columns, sorted, waiting: 0, rows: 0, failed: None })
    }

    fn see(&mut self, batch: &Batch<'_>) -> Result<(), ParquetError> {
        for (waiting, cells) in self.columns.iter_mut().zip(&batch.columns) {
            waiting.take(cells.as_ref(), batch.rows)?;
        }
        self.waiting += batch.rows;
        if self.waiting >= ROWS { self.write() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<u64, ParquetError> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        if self.waiting > 0 {
            self.write()?;
        }
        self.file.close()?;
        Ok(self.rows)
    }

    /// Writes what waits as a group of rows.
    fn write(&mut self) -> Result<(), ParquetError> {
        let keys: Vec<Vec<i64>> =
            self.sorted.iter().filter_map(|at| self.columns.get(*at)).map(Waiting::ranks).collect();
        let key = |at: usize, row: usize| keys.get(at).and_then(|keys| keys.get(row)).copied().unwrap_or(0);
        let mut order: Vec<(i64, i64, usize)> = (0..self.waiting).map(|row| (key(0, row), key(1, row), row)).collect();
        order.sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(.., row)| row).collect();
        let mut group = self.file.next_row_group()?;
        for waiting in &mut self.columns {
            waiting.write(&order, &mut group)?;
        }
        group.close()?;
        self.rows += u64::try_from(self.waiting).unwrap_or(u64::MAX);
        self.waiting = 0;
        Ok(())
    }
}

impl Waiting {
    fn take(&mut self, cells: Option<&Cells<'_>>, rows: usize) -> Result<(), ParquetError> {
        match (self, cells) {
            (Self::Text { codes, texts }, Some(Cells::Text(read))) => {
                grow(texts, read);
                codes.extend(read.codes());
            }
            (Self::Days(days), Some(Cells::Date(read))) => days.extend(read),
            (Self::Numbers { values, size }, Some(Cells::Number(read))) => {
                let digits = size.scale.checked_sub(u32::try_from(read.scale()).unwrap_or(0));
                let factor = digits.and_then(|digits| 10_i128.checked_pow(digits));
                let lift = |value: i128| factor.and_then(|factor| value.checked_mul(factor));
                for value in read {
                    let lifted = value.map(|value| lift(value).ok_or_else(too_long)).transpose()?;
                    values.push(lifted);
                }
            }
            (Self::Text { codes, .. }, _) => codes.resize(codes.len() + rows, MISSING),
            (Self::Days(days), _) => days.resize(days.len() + rows, None),
            (Self::Numbers { values, .. }, _) => values.resize(values.len() + rows, None),
        }
        Ok(())
    }

    /// For each row a number that sorts as its cell does.
    fn ranks(&self) -> Vec<i64> {
        match self {
            Self::Text { codes, texts } => {
                let mut sorted: Vec<usize> = (0..texts.len()).collect();
                sorted.sort_by_key(|at| texts.get(*at).map(ByteArray::data));
                let mut ranks = vec![0; texts.len()];
                for (rank, at) in (0..).zip(sorted) {
                    if let Some(place) = ranks.get_mut(at) {
                        *place = rank;
                    }
                }
                let rank = |code: &u32| usize::try_from(*code).ok().and_then(|at| ranks.get(at)).copied();
                codes.iter().map(|code| rank(code).unwrap_or(-1)).collect()
            }
            Self::Days(days) => days.iter().map(|day| day.map_or(i64::MIN, i64::from)).collect(),
            Self::Numbers { .. } => Vec::new(),
        }
    }

    /// Writes the cells in an order, and forgets them.
    fn write<W: Write + Send>(
        &mut self,
        order: &[usize],
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else { return Ok(()) };
        macro_rules! put {
            ($kind:ty, $cells:expr) => {{
                let cells: Vec<Option<_>> = $cells.collect();
                let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
                let values: Vec<_> = cells.into_iter().flatten().collect();
                column.typed::<$kind>().write_batch(&values, Some(&levels), None)?;
            }};
        }
        match self {
            Self::Text { codes, texts } => {
                let text = |row: &usize| texts.get(usize::try_from(*codes.get(*row)?).ok()?).cloned();
                put!(ByteArrayType, order.iter().map(text));
                codes.clear();
            }
            Self::Days(days) => {
                put!(Int32Type, order.iter().map(|row| days.get(*row).copied().flatten()));
                days.clear();
            }
            Self::Numbers { values, size } => {
                let value = |row: &usize| values.get(*row).copied().flatten();
                if size.is_short() {
                    put!(Int64Type, order.iter().map(|row| value(row).and_then(|value| i64::try_from(value).ok())));
                } else {
                    let bytes = |value: i128| FixedLenByteArray::from(value.to_be_bytes().to_vec());
                    put!(FixedLenByteArrayType, order.iter().map(|row| value(row).map(bytes)));
                }
                values.clear();
            }
        }
        column.close()
    }
}

/// Keeps the spellings that came since.
fn grow(texts: &mut Vec<ByteArray>, read: &Texts<'_>) {
    for code in texts.len()..read.spellings().len() {
        let text = read.spellings().text(u32::try_from(code).unwrap_or(MISSING));
        texts.push(ByteArray::from(text));
    }
}

fn too_long() -> ParquetError {
    ParquetError::General(format!("a number has more than {DIGITS} digits"))
}

fn field(kept: &Kept, size: Size) -> Result<Type, ParquetError> {
    let decimal = |precision: u32| {
        let (scale, precision) = (i32::try_from(size.scale).unwrap_or(0), i32::try_from(precision).unwrap_or(0));
        (scale, precision, Some(LogicalType::Decimal(DecimalType { scale, precision })))
    };
    let of = |physical: Physical, logical: Option<LogicalType>| {
        Type::primitive_type_builder(&kept.header, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
    };
    match kept.form() {
        Form::Written => of(Physical::BYTE_ARRAY, Some(LogicalType::String)).build(),
        Form::Days => of(Physical::INT32, Some(LogicalType::Date)).build(),
        Form::Numbers => {
            let (physical, digits) =
                if size.is_short() { (Physical::INT64, SHORT) } else { (Physical::FIXED_LEN_BYTE_ARRAY, DIGITS) };
            let (scale, precision, logical) = decimal(digits);
            let builder = of(physical, logical).with_precision(precision).with_scale(scale);
            if size.is_short() { builder.build() } else { builder.with_length(16).build() }
        }
    }
}
