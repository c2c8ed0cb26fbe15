//! Bytes of a cell → a value of its column's type, or what is wrong with it.

use super::NumberForm;
use super::days::DayForm;
use super::number::{NotANumber, Number};
use crate::month::{self, Month};
use crate::text::trim;
use chrono::{Datelike as _, NaiveDate};
use std::borrow::Cow;

/// Bytes of the longest text that can be a name or a key.
pub(super) const LONGEST_TEXT: usize = 1 << 16;

/// Help for a month that is none.
pub(super) const MONTH_HELP: &str = "write a month as `2023-06` or as a day of it, `2023-06-30`";
/// Help for a day that is none.
pub(super) const DATE_HELP: &str = "write a day as `2023-06-30`";
/// Help for a number that cannot be kept.
pub(super) const DIGITS_HELP: &str = "at most 38 digits can be kept exactly, and at most 38 of them behind the point";

/// Digits of a decimal that a binary fraction keeps, whichever they are; of longer ones the last are lost.
const KEPT: usize = 15;

/// What programs write where they have no number.
const NOTHING: &[&str] = &["null", "none", "nil", "nan", "n/a", "#n/a", "na", "-", "--", "?"];

/// Help for such a word where a cell may be blank, and where none may.
const NOTHING_HELP: &str =
    "leave the cell empty where there is no number; a profile can list such words under `missing`";
const NEEDED_HELP: &str = "give the number, or remove the row: every row needs a value in this column";

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is said of the column: "is not a number".
    pub(super) says: &'static str,
    /// What stands there, as well as it can be shown; `None` for a blank.
    pub(super) value: Option<String>,
    /// What to do.
    pub(super) help: Cow<'static, str>,
}

impl Fault {
    /// A fault of something that stands there.
    pub(super) fn of(value: impl Into<String>, says: &'static str, help: impl Into<Cow<'static, str>>) -> Self {
        Self { says, value: Some(value.into()), help: help.into() }
    }

    /// A cell that has to hold something and does not.
    pub(super) const fn blank() -> Self {
        Self { says: "is blank", value: None, help: Cow::Borrowed("every row needs a value in this column") }
    }

    /// The same in a column where no cell may be blank.
    pub(super) fn where_needed(self) -> Self {
        if self.help == NOTHING_HELP { Self { help: Cow::Borrowed(NEEDED_HELP), ..self } } else { self }
    }
}

/// A day or a month that is written in none of the forms that the profile says, but perhaps in one with day and month
/// the other way round.
pub(super) fn not_in_form(text: &str, says: &'static str, forms: &str, turned: Option<DayForm>) -> Fault {
    Fault::of(
        text,
        says,
        match turned {
            _ if is_day_number(text) => {
                "a spreadsheet counts days so: format the column as a date, and save the file again".to_owned()
            }
            Some(turned) => format!("the file writes `{turned}`: export it again so that it has {forms}"),
            None if has_a_form(text) => format!("write it as {forms}, or add its form to `dates` in the profile"),
            None if !text.contains(|c: char| c.is_ascii_digit()) => {
                format!("write it as {forms}; words for no day at all stand under `missing` in the profile")
            }
            None => format!("write it as {forms}"),
        },
    )
}

/// Whether it is written in a form that `dates` could name: three numbers between two equal marks.
fn has_a_form(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    ['/', '-', '.'].iter().any(|mark| {
        let parts: Vec<&str> = trim(text).split(*mark).collect();
        parts.len() == 3 && parts.iter().all(|part| is_number(part)) && parts.iter().any(|part| part.len() == 4)
    })
}

/// Whether it can be a day of our time as spreadsheets count them, from 1900 on: 1954 to 2119.
fn is_day_number(text: &str) -> bool {
    trim(text).len() == 5 && trim(text).parse().is_ok_and(|days: u32| (20_000..80_000).contains(&days))
}

/// A cell that repeats the header of its column.
pub(super) fn header_again(text: &str) -> Fault {
    Fault::of(text, "is the header again", "remove the row: files that were put together keep one header")
}

/// A day that is not the first of its month where the profile says that all are.
pub(super) fn not_the_first(shown: String, day: NaiveDate) -> Fault {
    // A year has twelve months: a later day can be no month.
    let help = if day.day() <= 12 {
        "day and month may have changed places when the file was saved again: export it anew"
    } else {
        "a change of time zones, or a program that writes the last day, may have moved it: export the file anew"
    };
    Fault::of(shown, "is not the first day of a month, as the profile says that all are", help)
}

/// Reads text; the spelling stays as it is.
pub(super) fn text(bytes: &[u8]) -> Result<Option<&str>, Fault> {
    let text = utf8(bytes)?;
    if text.len() > LONGEST_TEXT {
        return Err(Fault::of(text, "is longer than 64 KiB", "check for a quote that is never closed"));
    }
    if is_shortened(text) {
        let says = "is a number that a spreadsheet has shortened, so that digits are lost";
        return Err(Fault::of(text, says, "export the file again; to edit it, format the column as text first"));
    }
    Ok((!trim(text).is_empty()).then_some(text))
}

/// Whether [`text`] takes it as it is, as can be told in few steps.
pub(super) fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && memchr::memchr(b'+', text.as_bytes()).is_none() && !trim(text).is_empty()
}

/// Takes text as it is written.
pub(super) fn as_written(bytes: &[u8]) -> Result<Option<&str>, Fault> {
    let text = utf8(bytes)?;
    Ok((!trim(text).is_empty()).then_some(text))
}

/// Whether it is a number such as `1.23E+15`, with more digits before its point than are written. Spreadsheets show long
/// ids so, and save them so.
fn is_shortened(text: &str) -> bool {
    let Some((digits, exponent)) = trim(text).split_once('+') else { return false };
    let Some(digits) = digits.strip_suffix(['E', 'e']) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_short = || exponent.parse().is_ok_and(|exponent: usize| exponent > fraction.len());
    is_number(whole) && (fraction.is_empty() || is_number(fraction)) && is_number(exponent) && is_short()
}

/// Whether text that a binary fraction came to is what was meant: an id with more digits has lost its last ones.
pub(super) fn kept_whole(digits: &str) -> Result<(), Fault> {
    if digits.bytes().filter(u8::is_ascii_digit).count() <= KEPT {
        return Ok(());
    }
    let says = "is a number of more than 15 digits, of which a workbook loses the last ones";
    Err(Fault::of(digits, says, "format the column as text, and enter or export the values again"))
}

/// Reads a month, as [`Month::index`].
pub(super) fn month(bytes: &[u8]) -> Result<Option<i32>, Fault> {
    trimmed(bytes, |text| {
        Month::parse(text).map(Month::index).ok_or_else(|| Fault::of(text, "is not a month", MONTH_HELP))
    })
}

/// Reads a day, as days since 1970-01-01.
pub(super) fn date(bytes: &[u8]) -> Result<Option<i32>, Fault> {
    trimmed(bytes, |text| {
        let day = month::parse_date(text).ok_or_else(|| Fault::of(text, "is not a date", DATE_HELP))?;
        Ok(NaiveDate::to_epoch_days(&day))
    })
}

/// Reads a number.
pub(super) fn number(bytes: &[u8]) -> Result<Option<Number>, Fault> {
    trimmed(bytes, |text| {
        Number::parse(text.as_bytes()).map_err(|why| match why {
            NotANumber::Form => Fault::of(text, "is not a number", number_help(text)),
            NotANumber::Digits => Fault::of(text, "has too many digits", DIGITS_HELP),
        })
    })
}

/// The same where the file writes numbers in a form of its own.
pub(super) fn number_in(bytes: &[u8], form: NumberForm) -> Result<Option<Number>, Fault> {
    trimmed(bytes, |text| match form.plain(text).map(|plain| Number::parse(plain.as_bytes())) {
        Some(Ok(number)) => Ok(number),
        Some(Err(NotANumber::Digits)) => Err(Fault::of(text, "has too many digits", DIGITS_HELP)),
        Some(Err(NotANumber::Form)) | None => Err(match more_than_a_number(text) {
            Some(help) => Fault::of(text, "is not a number", help),
            None => {
                let help = format!("write it as in `{form}`, or correct `numbers` in `dataset.yaml` or the profile");
                Fault::of(text, "is not a number in the form that is stated", help)
            }
        }),
    })
}

/// Reads what stands between blanks, if anything does.
fn trimmed<T>(bytes: &[u8], read: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    match trim(utf8(bytes)?) {
        "" => Ok(None),
        text => read(text).map(Some),
    }
}

/// The bytes as text.
fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    str::from_utf8(bytes)
        .map_err(|_| Fault::of(String::from_utf8_lossy(bytes), "is not valid UTF-8", "save the file as UTF-8"))
}

/// What to do where something stands beside a number, or in its place, in whatever form that is.
fn more_than_a_number(text: &str) -> Option<&'static str> {
    if NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(NOTHING_HELP);
    }
    if text.starts_with('(') && text.ends_with(')') {
        return Some("write a negative number with a minus sign, without parentheses");
    }
    if text.ends_with('%') {
        return Some("remove the percent sign");
    }
    text.contains(['$', '€', '£', '¥']).then_some("remove the currency sign")
}

/// What to do about the most likely of the usual spellings.
fn number_help(text: &str) -> &'static str {
    let has = |set: &[char]| text.contains(set);
    if let Some(help) = more_than_a_number(text) {
        return help;
    }
    if let Some(digits) = text.strip_suffix('-').filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit())) {
        return if digits.contains(',') {
            "write the minus sign in front, the decimal mark as a point, and no thousands separators"
        } else {
            "write the minus sign in front of the number"
        };
    }
    let only_marks = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'+' | b'-'));
    match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) if only_marks && comma < point => {
            "remove the thousands separators, or say `numbers: \"1,234.56\"` of the table in `dataset.yaml`"
        }
        (Some(_), Some(_)) if only_marks => {
            "write the decimal mark as a point and remove the thousands separators, or say `numbers: \"1.234,56\"` of the table in `dataset.yaml`"
        }
        (Some(comma), None) if only_marks && in_thousands(text, ',') && text.find(',') == Some(comma) => {
            "the comma can be read in two ways: write a point or nothing for it, or say `numbers` of the table in `dataset.yaml`"
        }
        (Some(_), None) if only_marks && in_thousands(text, ',') => {
            "remove the thousands separators, or say `numbers: \"1,234.56\"` of the table in `dataset.yaml`"
        }
        (Some(_), None) if only_marks => {
            "write the decimal mark as a point, or say `numbers: \"1234,56\"` of the table in `dataset.yaml`"
        }
        (None, Some(_)) if only_marks && in_thousands(text, '.') => {
            "remove the thousands separators, or say `numbers: \"1.234,56\"` of the table in `dataset.yaml`"
        }
        _ if has(&[' ', '\'', '\u{a0}', '\u{202f}', '_']) && text.chars().any(|c| c.is_ascii_digit()) => {
            "write the number without a unit and without marks between its digits, or say `numbers` of the table in `dataset.yaml`"
        }
        _ => "a number is digits with an optional sign, decimal point and exponent, like `-1234.5` or `1.5E-05`",
    }
}

/// Whether the marks cut the digits into threes, as in `1,234,567`; `0,123` and `1234,567` are cut otherwise.
fn in_thousands(text: &str, mark: char) -> bool {
    let mut groups = text.trim_start_matches(['+', '-']).split(mark);
    let leads = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'));
    leads && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_trimmed_and_blank_is_missing() {
        assert_eq!(number(b" \t12.50\xc2\xa0"), Ok(Number::new(125, -1)));
        for blank in ["", "  ", "\u{a0}", "\r\n"] {
            let bytes = blank.as_bytes();
            assert_eq!(
                (text(bytes), month(bytes), date(bytes), number(bytes)),
                (Ok(None), Ok(None), Ok(None), Ok(None))
            );
        }
        assert_eq!(text(b" North  Wing "), Ok(Some(" North  Wing ")), "the spelling stays");
        assert_eq!(month(b"2023-06-17"), Ok(Some(2023 * 12 + 5)));
        assert_eq!(date(b"1970-01-02"), Ok(Some(1)));
        assert_eq!(date(b"1.1.1970").map_err(|f| f.says), Err("is not a date"));
        assert_eq!(text(b"M\xfcller").map_err(|f| f.value), Err(Some("M\u{fffd}ller".to_owned())));
        assert!(text(&vec![b'a'; LONGEST_TEXT + 1]).is_err());
        for shortened in ["1.23457E+15", "9E+06", " 1.2e+03 ", "-1.5E+10"] {
            assert!(text(shortened.as_bytes()).is_err(), "{shortened}");
        }
        for whole in ["1.23457E+5", "E+15", "1E15", "1.5E-05", "a1E+15", "1.2.3E+15", "7e+", "1E+x", "2E+0"] {
            assert_eq!(text(whole.as_bytes()), Ok(Some(whole)));
        }
    }

    #[test]
    fn help_names_what_is_wrong() {
        for (value, word) in [
            (
                "1,234.56",
                "remove the thousands separators, or say `numbers: \"1,234.56\"` of the table in `dataset.yaml`",
            ),
            (
                "1,234",
                "the comma can be read in two ways: write a point or nothing for it, or say `numbers` of the table in `dataset.yaml`",
            ),
            (
                "-1,234,567",
                "remove the thousands separators, or say `numbers: \"1,234.56\"` of the table in `dataset.yaml`",
            ),
            (
                "0,125",
                "write the decimal mark as a point, or say `numbers: \"1234,56\"` of the table in `dataset.yaml`",
            ),
            (
                "1234,567",
                "write the decimal mark as a point, or say `numbers: \"1234,56\"` of the table in `dataset.yaml`",
            ),
            ("967.31-", "write the minus sign in front of the number"),
            ("967,31-", "write the minus sign in front, the decimal mark as a point, and no thousands separators"),
            (
                "1.234.567",
                "remove the thousands separators, or say `numbers: \"1.234,56\"` of the table in `dataset.yaml`",
            ),
            (
                "12,50",
                "write the decimal mark as a point, or say `numbers: \"1234,56\"` of the table in `dataset.yaml`",
            ),
            (
                "1.234,56",
                "write the decimal mark as a point and remove the thousands separators, or say `numbers: \"1.234,56\"` of the table in `dataset.yaml`",
            ),
            ("€5", "remove the currency sign"),
            ("Null", "leave the cell empty where there is no number; a profile can list such words under `missing`"),
            ("(5)", "write a negative number with a minus sign, without parentheses"),
            (
                "1 000",
                "write the number without a unit and without marks between its digits, or say `numbers` of the table in `dataset.yaml`",
            ),
            (
                "many",
                "a number is digits with an optional sign, decimal point and exponent, like `-1234.5` or `1.5E-05`",
            ),
        ] {
            assert_eq!(number(value.as_bytes()).map_err(|fault| fault.help), Err(word.into()), "{value}");
        }
        let needed = number(b"n/a").map_err(|fault| fault.where_needed().help);
        assert_eq!(needed, Err(NEEDED_HELP.into()));
        assert_eq!(number(b"1e999").map_err(|fault| fault.help), Err(DIGITS_HELP.into()));
    }
}
