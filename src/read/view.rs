//! How the columns of one file become those of its table.

use super::number::Number;
use super::value::{self, Fault};
use super::{DataFile, DayForm, NumberForm, Part, Wanted};
use crate::month::{Month, parse_date};
use crate::text::{fold, is_same, trim};
use chrono::{Datelike as _, NaiveDate};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The columns that a file gives, by their names in the table. A file without a view has the table's own headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The id of the profile that says so.
    pub profile: String,
    /// By the names that are wanted.
    pub columns: BTreeMap<String, Column>,
}

/// Where a column's cells come from, and what they mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The headers to take it from, as the file spells them: the first whose cell is not missing. Several only for text.
    pub headers: Vec<String>,
    /// What every row has, where the file does not say it.
    pub constant: Option<String>,
    /// What spellings mean.
    pub words: Words,
    /// How days and months are written.
    pub days: Vec<DayForm>,
    /// Whether every month is written as its first day.
    pub first_day: bool,
    /// Whether amounts may be stored as binary fractions: each is then the shortest decimal that stands for it.
    pub floats: bool,
    /// Whether texts are taken as they are written, whatever is wrong with them: they are copied, and not understood.
    pub as_written: bool,
}

/// What the spellings of a text mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Folded spelling → meaning.
    pub meanings: BTreeMap<String, String>,
    /// Beginnings that say nothing: they are dropped before a spelling is looked up. Folded.
    pub prefixes: Vec<String>,
    /// Folded spellings of a missing cell.
    pub missing: Vec<String>,
    /// Other texts that the file is known to have: they stand for themselves.
    pub known: Vec<String>,
    /// What is wrong with a spelling without a meaning, and what to do; where nothing is, it stands for itself.
    pub otherwise: Option<(&'static str, &'static str)>,
}

/// A column of a table's own making: its header is its name, and its cells stand for themselves.
static PLAIN: Column = Column {
    headers: Vec::new(),
    constant: None,
    words: Words {
        meanings: BTreeMap::new(),
        prefixes: Vec::new(),
        missing: Vec::new(),
        known: Vec::new(),
        otherwise: None,
    },
    days: Vec::new(),
    first_day: false,
    floats: false,
    as_written: false,
};

/// A wanted column as one file has it.
pub(super) struct Origin<'f> {
    /// What to call it: the file's own header.
    pub(super) name: String,
    /// The place among the wanted.
    pub(super) wanted: usize,
    /// The places in the file, the first to be asked first; none for a constant.
    pub(super) places: Vec<usize>,
    /// What its cells mean.
    pub(super) column: &'f Column,
    /// How text that is a number is written, where not as `1234.56`.
    pub(super) numbers: Option<NumberForm>,
}

impl Origin<'_> {
    /// Reads a number.
    pub(super) fn number(&self, cell: &[u8]) -> Result<Option<Number>, Fault> {
        match self.numbers {
            _ if self.column.is_missing(cell) => Ok(None),
            None => value::number(cell),
            Some(form) => value::number_in(cell, form),
        }
    }
}

/// The wanted columns that a file has: first those that tell rows of another kind, the others in the order of their
/// places in the file.
pub(super) fn origins<'f>(file: &'f DataFile, header: &[String], wanted: &'f [Wanted]) -> Vec<Origin<'f>> {
    let folded: Vec<Cow<'_, str>> = header.iter().map(|name| fold(name)).collect();
    let place_of = |name: &str| folded.iter().position(|known| *known == fold(name));
    let mut origins = Vec::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let origin = match &file.view {
            None => place_of(&wanted.name).map(|at| Origin {
                name: wanted.name.clone(),
                wanted: place,
                places: vec![at],
                column: wanted.plain.as_deref().unwrap_or(&PLAIN),
                numbers: file.numbers,
            }),
            Some(view) => view.columns.get(&wanted.name).map(|column| Origin {
                name: column.headers.join("` or `"),
                wanted: place,
                places: column.headers.iter().filter_map(|name| place_of(name)).collect(),
                column,
                numbers: file.numbers,
            }),
        };
        origins.extend(origin.filter(|origin| !origin.places.is_empty() || origin.column.constant.is_some()));
    }
    let tells = |origin: &Origin<'_>| wanted.get(origin.wanted).is_some_and(|wanted| wanted.only.is_some());
    origins.sort_by_cached_key(|origin| (!tells(origin), origin.places.clone(), origin.wanted));
    origins
}

impl DataFile {
    /// Whether the file, with this header, gives a column of its table.
    #[must_use]
    pub fn gives(&self, header: &[String], column: &str) -> bool {
        match &self.view {
            None => header.iter().any(|name| is_same(name, column)),
            Some(view) => view.columns.contains_key(column),
        }
    }
}

impl Column {
    /// Whether the cell holds nothing.
    pub(super) fn is_missing(&self, cell: &[u8]) -> bool {
        let Ok(text) = str::from_utf8(cell) else { return false };
        trim(text).is_empty()
            || (!self.words.missing.is_empty() && self.words.missing.contains(&fold(text).into_owned()))
    }

    /// Reads text: what its spelling means, else the spelling as it stands.
    pub(super) fn text<'a>(&'a self, cell: &'a [u8]) -> Result<Option<&'a str>, Fault> {
        if self.as_written {
            return value::as_written(cell);
        }
        let Some(text) = value::text(cell)? else { return Ok(None) };
        if self.is_missing(cell) {
            return Ok(None);
        }
        self.words.meaning(text).map(Some)
    }

    /// Reads a month, as [`Month::index`].
    pub(super) fn month(&self, cell: &[u8]) -> Result<Option<i32>, Fault> {
        if self.is_missing(cell) {
            return Ok(None);
        }
        if let Some(day) = self.day(cell) {
            return self.month_of(day, || String::from_utf8_lossy(cell).into_owned()).map(Some);
        }
        match value::month(cell) {
            Ok(month) if self.takes_iso() => Ok(month),
            _ => Err(self.no_day(cell, "is not a month as the profile writes them", "`2023-06`", value::month)),
        }
    }

    /// The month of a day that stands in a cell, as [`Month::index`].
    pub(super) fn month_of(&self, day: NaiveDate, shown: impl FnOnce() -> String) -> Result<i32, Fault> {
        if self.first_day && day.day() != 1 {
            return Err(value::not_the_first(shown(), day));
        }
        Ok(Month::of(day).index())
    }

    /// Reads a day, as days since 1970-01-01.
    pub(super) fn date(&self, cell: &[u8]) -> Result<Option<i32>, Fault> {
        if self.is_missing(cell) {
            return Ok(None);
        }
        match self.day(cell) {
            Some(day) => Ok(Some(NaiveDate::to_epoch_days(&day))),
            None => Err(self.no_day(cell, "is not a date as the profile writes them", "`2023-06-30`", value::date)),
        }
    }

    /// What is wrong with a cell that is no day: `plain` tells it where the profile knows no forms.
    fn no_day<T>(
        &self,
        cell: &[u8],
        says: &'static str,
        iso: &str,
        plain: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Fault {
        let text = String::from_utf8_lossy(cell);
        if self.headers.iter().any(|header| is_same(header, &text)) {
            return value::header_again(&text);
        }
        let plain = plain(cell).err().filter(|_| self.days.is_empty() || str::from_utf8(cell).is_err());
        plain.unwrap_or_else(|| {
            let turned = || self.days.iter().filter_map(|form| form.turned());
            let turned = turned().find(|form| form.read(trim(&text)).is_some());
            value::not_in_form(&text, says, &crate::text::either(&self.forms(iso)), turned)
        })
    }

    /// ISO days are always read, because that is how cells that hold a real date come, unless a form could mean the same
    /// letters otherwise.
    fn takes_iso(&self) -> bool {
        !self.days.iter().any(|form| matches!(form, DayForm::Parts([Part::Year, ..], '-')))
    }

    /// The forms that are read, in words.
    fn forms(&self, iso: &str) -> Vec<String> {
        let parts = self.days.iter().filter(|form| **form != DayForm::Iso).map(|form| format!("`{form}`"));
        let with_iso = self.takes_iso() || self.days.contains(&DayForm::Iso);
        parts.chain(with_iso.then(|| iso.to_owned())).collect()
    }

    /// The day in the first of the forms that fits.
    fn day(&self, cell: &[u8]) -> Option<NaiveDate> {
        let text = trim(str::from_utf8(cell).ok()?);
        let iso = if self.takes_iso() { parse_date(text) } else { None };
        iso.or_else(|| self.days.iter().find_map(|form| form.read(text)))
    }
}

impl Words {
    /// Whether every text stands for itself.
    pub(super) fn is_empty(&self) -> bool {
        self.meanings.is_empty() && self.prefixes.is_empty() && self.missing.is_empty() && self.otherwise.is_none()
    }

    fn meaning<'a>(&'a self, text: &'a str) -> Result<&'a str, Fault> {
        if self.meanings.is_empty() && self.prefixes.is_empty() {
            return Ok(text);
        }
        let mut rest = text;
        loop {
            if let Some(meaning) = self.meanings.get(fold(rest).as_ref()) {
                return Ok(meaning);
            }
            match self.prefixes.iter().find_map(|prefix| without(rest, prefix)) {
                Some(shorter) => rest = shorter,
                None => break,
            }
        }
        match self.otherwise {
            Some((says, help)) => Err(Fault::of(text, says, help)),
            None => Ok(rest),
        }
    }
}

/// The text behind a beginning, where it has it and something behind it.
fn without<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let text = trim(text);
    // Blanks fold, so a beginning can be longer than the prefix; twice as long and a few is more than people write.
    let ends = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= 2 * prefix.len() + 16);
    let end = ends.skip(1).find(|end| text.get(..*end).is_some_and(|start| is_same(start, prefix)))?;
    Some(trim(text.get(end..)?)).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_mean_what_the_profile_says() {
        let words = Words {
            meanings: BTreeMap::from([("long tales".to_owned(), "novel".to_owned())]),
            prefixes: vec!["shelf:".to_owned(), "the".to_owned()],
            missing: vec!["null".to_owned()],
            known: Vec::new(),
            otherwise: None,
        };
        let column = Column { words, ..Column::default() };
        let read = |text: &'static str| column.text(text.as_bytes()).expect("text").unwrap_or("-");
        assert_eq!(read("Long  Tales"), "novel");
        assert_eq!(read("Shelf: The long tales"), "novel");
        assert_eq!(read("shelf: Atlas"), "Atlas");
        assert_eq!(read("THE\u{a0} Atlas"), "Atlas");
        assert_eq!(read("The"), "The");
        assert_eq!(read(" NULL "), "-");
    }
}
