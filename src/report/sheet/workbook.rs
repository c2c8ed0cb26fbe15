//! Tables as a workbook: one sheet each, with a named table that filters and pivots.

use super::{Cell, Kind, Sheet};
use crate::exact::Exact;
use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

/// The most rows of a table that a sheet holds, its header left out.
const MOST_ROWS: usize = 1_048_575;

/// The longest text that a cell holds.
const LONGEST: usize = 32_767;

/// How wide columns can get, in pixels.
const WIDEST: u32 = 420;

/// The workbook's bytes. They depend on the tables and the day alone: the file says it was made on the day judged.
///
/// # Errors
///
/// What a workbook cannot hold, in words.
pub(in crate::report) fn write(sheets: &[Sheet], as_of: NaiveDate) -> Result<Vec<u8>, String> {
    if let Some(sheet) = sheets.iter().find(|sheet| sheet.rows.len() > MOST_ROWS) {
        let rows = sheet.rows.len();
        return Err(format!("the table `{}` has {rows} rows, and a sheet holds {MOST_ROWS}", sheet.name));
    }
    made(sheets, as_of).map_err(|error| error.to_string())
}

fn made(sheets: &[Sheet], as_of: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day(as_of)?));
    let mut names: Vec<String> = Vec::new();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        let name = unlike(&sheet.name, &names);
        worksheet.set_name(&name)?;
        fill(worksheet, sheet, &format!("table_{}", name.replace('-', "_")))?;
        names.push(name);
    }
    workbook.save_to_buffer()
}

/// A name of at most 31 letters that no other sheet has; names of rules are letters, digits and `-`.
fn unlike(name: &str, others: &[String]) -> String {
    let cut = |length: usize| name.chars().take(length).collect::<String>();
    let mut all = std::iter::once(cut(31)).chain((2..).map(|count| format!("{}-{count}", cut(26))));
    all.find(|name| !others.contains(name)).unwrap_or_default()
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet, name: &str) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let column = |(name, kind): &(String, Kind)| {
        let column = TableColumn::new().set_header(name.as_str());
        if *kind == Kind::Day { column.set_format(&date) } else { column }
    };
    let columns: Vec<TableColumn> = sheet.columns.iter().map(column).collect();
    let at = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
    let last_row = u32::try_from(sheet.rows.len().max(1)).unwrap_or(u32::MAX);
    let table = Table::new().set_name(name).set_columns(&columns).set_style(TableStyle::Light1).set_autofilter(true);
    worksheet.add_table(0, 0, last_row, at(sheet.columns.len().saturating_sub(1)), &table)?;
    worksheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (index, cell) in cells.iter().enumerate() {
            let index = at(index);
            match cell {
                Cell::Blank => continue,
                // Never as a formula or a link, whatever it looks like.
                Cell::Text(text) => worksheet.write_string(row, index, short(text))?,
                Cell::Number(number) => worksheet.write_number(row, index, binary(number))?,
                Cell::Day(day_of) => match day(*day_of) {
                    Ok(day) => worksheet.write_datetime_with_format(row, index, day, &date)?,
                    // A workbook knows no day before 1900.
                    Err(_) => worksheet.write_string(row, index, day_of.to_string())?,
                },
                Cell::Truth(truth) => worksheet.write_boolean(row, index, *truth)?,
            };
        }
    }
    worksheet.set_autofit_max_width(WIDEST);
    worksheet.autofit();
    Ok(())
}

/// The text, cut where a cell ends.
fn short(text: &str) -> String {
    // A cell counts as programs do that keep two units for some letters.
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut room = LONGEST - 1;
    let fits = |letter: &char| {
        let left = room.checked_sub(letter.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// The number as cells keep it: in binary, to some 15 digits. The one place where an exact number becomes one that is not.
fn binary(number: &Exact) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

fn day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(0);
    let part = |number: u32| u8::try_from(number).unwrap_or(0);
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
}
