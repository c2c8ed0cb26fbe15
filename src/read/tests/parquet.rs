//! Parquet: every type that is read, those that are not, and files that are not whole.

use super::{Scratch, listed, read, wanted};
use crate::diagnostic::Code;
use crate::read::{Bytes, Column, DataFile, Format, Rejected, View, header};
use crate::rules::ColumnType;
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
use ::parquet::data_type::{Int96, Int96Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::{Decimal256Type, Int8Type};
use arrow_array::*;
use std::sync::Arc;

/// A Parquet file of some columns, two rows in each row group.
fn parquet_of(columns: Vec<(&str, ArrayRef)>) -> Scratch {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("columns");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a schema");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    Scratch::new(&bytes, Format::Parquet)
}

/// The cells of one column of three rows, and what is rejected.
fn column(array: ArrayRef, kind: ColumnType) -> Result<(Vec<String>, Vec<String>), Code> {
    let file =
        parquet_of(vec![("other", Arc::new(BooleanArray::from(vec![true; array.len()])) as ArrayRef), ("C", array)]);
    let all: Vec<_> = (1..=3).map(|n| read(file.alone(), &wanted(&[("c", kind)]), n, 1).map_err(|d| d.code)).collect();
    let plain = |one: &Result<(Vec<String>, Rejected), Code>| {
        one.as_ref().map(|(rows, rejected)| (rows.clone(), listed(rejected))).map_err(|c| *c)
    };
    assert!(all.windows(2).all(|pair| plain(&pair[0]) == plain(&pair[1])), "threads do not matter");
    plain(&all[0])
}

fn fine(rows: [&str; 3]) -> (Vec<String>, Vec<String>) {
    (rows.map(str::to_owned).to_vec(), Vec::new())
}

#[test]
fn parquet_cells_that_unpack_to_more_than_cells_hold() {
    let long = "a".repeat(3 << 20);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let cells: ArrayRef = Arc::new(StringArray::from(vec![long.as_str(); 40]));
    let batch = RecordBatch::try_from_iter([("c", cells)]).expect("a column");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a schema");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    let file = Scratch::new(&bytes, Format::Parquet);
    let refused = read(file.alone(), &wanted(&[("c", ColumnType::Text)]), 1, 1).map(|_| ()).map_err(|d| d.message);
    assert!(refused.is_err_and(|message| message.ends_with("more in the column `c` than cells of 64 KiB can")));
}

#[test]
fn files_wider_than_a_sheet_are_refused() {
    let header = |columns: usize| {
        let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
        let file = Scratch::new(format!("{}\n", names.join(",")).as_bytes(), Format::Csv);
        crate::read::header(&file.alone()[0]).map(|header| header.len()).map_err(|problem| problem.code)
    };
    assert_eq!(header(1 << 14), Ok(1 << 14));
    assert_eq!(header((1 << 14) + 1), Err(Code::CorruptFile));
}

#[test]
fn parquet_text_of_every_kind() {
    let cells = [Some("x"), Some(" "), Some("y")];
    let mut dictionary = StringDictionaryBuilder::<Int8Type>::new();
    dictionary.extend(cells);
    let kinds: [ArrayRef; 7] = [
        Arc::new(StringArray::from_iter(cells)),
        Arc::new(LargeStringArray::from_iter(cells)),
        Arc::new(StringViewArray::from_iter(cells)),
        Arc::new(dictionary.finish()),
        Arc::new(BinaryArray::from_iter(cells)),
        Arc::new(LargeBinaryArray::from_iter(cells)),
        Arc::new(BinaryViewArray::from_iter(cells)),
    ];
    for array in kinds {
        assert_eq!(column(array, ColumnType::Text), Ok(fine(["-", "x", "y"])));
    }
    assert_eq!(column(Arc::new(NullArray::new(3)), ColumnType::Money), Ok(fine(["-", "-", "-"])));
    let (rows, rejected) =
        column(Arc::new(BinaryArray::from_vec(vec![b"a", b"b", b"\xff"])), ColumnType::Exact).expect("readable");
    assert_eq!((rows.len(), rejected), (2, vec!["3: `c` is not valid UTF-8: `\u{fffd}`".to_owned()]));
    assert_eq!(
        column(Arc::new(StringArray::from(vec!["1.50", "2e1", "-"])), ColumnType::Count).map(|all| all.1),
        Ok(vec!["3: `c` is not a number: `-`".to_owned()])
    );
}

#[test]
fn parquet_ids_may_be_whole_numbers_and_marks_truth_values() {
    let fine = |array: ArrayRef, rows: [&str; 3]| {
        for kind in [ColumnType::Text, ColumnType::Exact] {
            assert_eq!(column(Arc::clone(&array), kind), Ok(fine(rows)), "{array:?}");
        }
    };
    fine(Arc::new(Int8Array::from(vec![Some(-7), None, Some(7)])), ["-", "-7", "7"]);
    fine(Arc::new(Int16Array::from(vec![1, 20, 300])), ["1", "20", "300"]);
    fine(Arc::new(Int32Array::from(vec![1, 20, 300])), ["1", "20", "300"]);
    fine(Arc::new(Int64Array::from(vec![i64::MIN, 0, i64::MAX])), ["-9223372036854775808", "0", "9223372036854775807"]);
    fine(Arc::new(UInt64Array::from(vec![u64::MAX, 0, 1])), ["0", "1", "18446744073709551615"]);
    fine(Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])), ["-", "false", "true"]);
    let decimals = |scale| Decimal128Array::from(vec![100, 20, 3]).with_precision_and_scale(38, scale).expect("fits");
    fine(Arc::new(decimals(0)), ["100", "20", "3"]);
    let whole = <Decimal256Type as ArrowPrimitiveType>::Native::from_i128(5);
    let wide = Decimal256Array::from(vec![whole; 3]).with_precision_and_scale(76, 0).expect("fits");
    fine(Arc::new(wide), ["5", "5", "5"]);
    let others: [ArrayRef; 3] =
        [Arc::new(decimals(2)), Arc::new(Float64Array::from(vec![1.0])), Arc::new(Date32Array::from(vec![1]))];
    for array in others {
        assert_eq!(column(array, ColumnType::Text), Err(Code::PhysicalType));
    }
}

#[test]
fn parquet_days_of_every_kind() {
    let day = 86_400_i64;
    let times = |unit: i64| vec![Some(-1), None, Some(31 * day * unit)];
    let kinds: [ArrayRef; 7] = [
        Arc::new(Date32Array::from(vec![Some(-1), None, Some(31)])),
        Arc::new(Date64Array::from(times(1_000))),
        Arc::new(TimestampSecondArray::from(times(1))),
        Arc::new(TimestampMillisecondArray::from(times(1_000))),
        Arc::new(TimestampMicrosecondArray::from(times(1_000_000)).with_timezone("UTC")),
        Arc::new(TimestampNanosecondArray::from(times(1_000_000_000)).with_timezone("+00:00")),
        Arc::new(StringArray::from(vec![Some("1969-12-31"), None, Some("1970-02-01T00:00:00")])),
    ];
    for array in kinds {
        assert_eq!(
            column(Arc::clone(&array), ColumnType::Date),
            Ok(fine(["-", "1969-12-31", "1970-02-01"])),
            "{array:?}"
        );
        assert_eq!(column(array, ColumnType::Month), Ok(fine(["-", "1969-12", "1970-02"])));
    }
    let zoned = TimestampMicrosecondArray::from(times(1_000_000)).with_timezone("Europe/Berlin");
    assert_eq!(column(Arc::new(zoned), ColumnType::Date), Err(Code::PhysicalType));
    assert_eq!(column(Arc::new(Int64Array::from(vec![1])), ColumnType::Month), Err(Code::PhysicalType));
    let far = column(Arc::new(Date32Array::from(vec![i32::MAX])), ColumnType::Date).expect("readable");
    assert_eq!(far.1, ["1: `c` is not a date: `day 2147483647 from 1970-01-01`"]);
}

#[test]
fn parquet_numbers_of_every_kind() {
    let fine = |array: ArrayRef, rows: [&str; 3]| assert_eq!(column(array, ColumnType::Money), Ok(fine(rows)));
    fine(Arc::new(Int8Array::from(vec![Some(-5), None, Some(7)])), ["-", "-5", "7"]);
    fine(Arc::new(UInt64Array::from(vec![u64::MAX, 0, 1])), ["0", "1", "18446744073709551615"]);
    fine(
        Arc::new(Decimal32Array::from(vec![150, 1, -1]).with_precision_and_scale(5, 2).expect("fits")),
        ["-0.01", "0.01", "1.5"],
    );
    fine(
        Arc::new(Decimal64Array::from(vec![150, 1, -1]).with_precision_and_scale(15, 2).expect("fits")),
        ["-0.01", "0.01", "1.5"],
    );
    fine(
        Arc::new(Decimal128Array::from(vec![150, 1, -1]).with_precision_and_scale(38, 2).expect("fits")),
        ["-0.01", "0.01", "1.5"],
    );
    let wide = |text: &str| <Decimal256Type as ArrowPrimitiveType>::Native::from_string(text).expect("a number");
    let cells = vec![wide("15"), wide(&format!("12{}", "0".repeat(50))), wide(&"9".repeat(60))];
    let wide = Decimal256Array::from(cells).with_precision_and_scale(76, 50).expect("fits");
    let (rows, rejected) = column(Arc::new(wide), ColumnType::Money).expect("readable");
    assert_eq!(rows, ["12"], "{rejected:?}");
    assert_eq!(rejected.len(), 2);
    for floats in [Arc::new(Float64Array::from(vec![1.0])) as ArrayRef, Arc::new(Float32Array::from(vec![1.0]))] {
        assert_eq!(column(floats, ColumnType::Count), Err(Code::PhysicalType));
    }
}

#[test]
fn binary_fractions_are_amounts_where_a_profile_says_so() {
    let endless = 1.0 / 0.0;
    let numbers = [0.1, 0.1 + 0.2, 1e22, 1e-7, -0.0, 1.0 / 3.0, 1e300, 1e-300, 0.0 * endless, endless];
    let singles = [0.1, 16_777_217.0, -2.5];
    let file = parquet_of(vec![
        ("Paid", Arc::new(Float64Array::from(numbers.map(Some).into_iter().chain([None]).collect::<Vec<_>>()))),
        ("Rate", Arc::new(Float32Array::from((0..11).map(|row| singles.get(row).copied()).collect::<Vec<_>>()))),
    ]);
    let floats = |header: &str| Column { headers: vec![header.to_owned()], floats: true, ..Column::default() };
    let columns = [("fees", "Paid"), ("rate", "Rate")].map(|(name, header)| (name.to_owned(), floats(header)));
    let view = View { profile: "till".to_owned(), columns: columns.into() };
    let seen = DataFile { view: Some(Arc::new(view)), ..file.0.clone() };
    let columns = wanted(&[("fees", ColumnType::Money), ("rate", ColumnType::Count)]);
    let (rows, rejected) = read(std::slice::from_ref(&seen), &columns, 2, 1).expect("readable");
    let mut expected = [
        "0.1|0.1",
        "0.30000000000000004|16777216",
        "10000000000000000000000|-2.5",
        "0.0000001|-",
        "0|-",
        "0.3333333333333333|-",
        "-|-",
    ];
    expected.sort_unstable();
    assert_eq!(rows, expected);
    let says: Vec<String> = listed(&rejected).iter().map(|said| said.chars().take(40).collect()).collect();
    assert_eq!(
        says,
        [
            "7: `Paid` has too many digits: `10000000",
            "8: `Paid` has too many digits: `0.000000",
            "9: `Paid` is not a number: `NaN`",
            "10: `Paid` is not a number: `inf`",
        ]
    );
    let named = |column: &str| (seen.shown.clone(), column.to_owned());
    assert_eq!(rejected.floats, [named("Paid"), named("Rate")]);
    let text = read(std::slice::from_ref(&seen), &wanted(&[("fees", ColumnType::Text)]), 1, 1);
    assert_eq!(text.map_err(|problem| problem.code).map(|_| ()), Err(Code::PhysicalType), "no name is a fraction");
}

#[test]
fn parquet_columns_of_columns_are_refused() {
    use arrow_schema::{DataType, Field};
    let cells: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
    let fields = StructArray::from(vec![(Arc::new(Field::new("x", DataType::Int32, true)), Arc::clone(&cells))]);
    let lists = ListArray::from_iter_primitive::<types::Int32Type, _, _>(vec![Some(vec![Some(1)]); 3]);
    for array in [Arc::new(fields) as ArrayRef, Arc::new(lists)] {
        for kind in [ColumnType::Text, ColumnType::Month, ColumnType::Date, ColumnType::Count] {
            assert_eq!(column(Arc::clone(&array), kind), Err(Code::PhysicalType));
        }
    }
}

#[test]
fn parquet_files_that_are_not_whole_are_refused() {
    let file = parquet_of(vec![
        ("a", Arc::new(Int32Array::from(vec![1, 2, 3, 4, 5]))),
        ("b", Arc::new(StringArray::from(vec!["x"; 5]))),
    ]);
    assert_eq!(header(&file.0), Ok(vec!["a".to_owned(), "b".to_owned()]));
    let nothing = read(file.alone(), &wanted(&[("z", ColumnType::Text)]), 2, 1).expect("readable");
    assert_eq!(nothing.0, ["!"; 5], "rows count even where no column is wanted");
    let Bytes::File(path) = &file.0.bytes else { panic!("it is on a disk") };
    let bytes = std::fs::read(path).expect("just written");
    for length in [0, 3, 40, bytes.len() - 1] {
        let cut = Scratch::new(&bytes[..length], Format::Parquet);
        assert_eq!(header(&cut.0).map_err(|d| d.code), Err(Code::CorruptFile), "{length}");
    }
}

#[test]
fn outdated_times_reach_beyond_the_nanoseconds() {
    let schema = Arc::new(parse_message_type("message m { required int96 until; }").expect("a schema"));
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).expect("a file");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("open").expect("a column");
    // Julian days; 9999-12-31 is what many systems write for "without end".
    let day = |julian: u32| Int96::from(vec![0, 0, julian]);
    column.typed::<Int96Type>().write_batch(&[day(2_440_588), day(5_373_484)], None, None).expect("cells");
    column.close().expect("closed");
    group.close().expect("closed");
    writer.close().expect("closed");
    let file = Scratch::new(&bytes, Format::Parquet);
    let (rows, _) = read(file.alone(), &wanted(&[("until", ColumnType::Date)]), 1, 1).expect("readable");
    assert_eq!(rows, ["1970-01-01", "9999-12-31"]);
}

#[test]
fn every_usual_way_to_pack_is_read_and_others_are_named() {
    let rows = || Arc::new(Int64Array::from((0..1000).collect::<Vec<i64>>()));
    let packed = |compression: Compression| {
        let batch = RecordBatch::try_from_iter([("n", rows() as ArrayRef)]).expect("columns");
        let properties = WriterProperties::builder().set_compression(compression).build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a schema");
        writer.write(&batch).expect("rows");
        writer.close().expect("a footer");
        bytes
    };
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let file = Scratch::new(&packed(compression), Format::Parquet);
        let (rows, _) = read(file.alone(), &wanted(&[("n", ColumnType::Count)]), 2, 1).expect("readable");
        assert_eq!(rows.len(), 1000, "{compression:?}");
    }
}
