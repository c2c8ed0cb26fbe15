//! The forms in which exports write days.

use crate::month;
use crate::text::trim;
use chrono::NaiveDate;
use std::fmt;

/// A way to write a day: the order of its parts, and what stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayForm {
    /// `2023-06-30`, and for a month `2023-06`.
    Iso,
    /// Parts in this order with this mark between them; the year has four digits.
    Parts([Part; 3], char),
}

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day of the month.
    Day,
}

impl fmt::Display for DayForm {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |part: &Part| match part {
            Part::Year => 'y',
            Part::Month => 'm',
            Part::Day => 'd',
        };
        match self {
            Self::Iso => to.write_str("y-m-d"),
            Self::Parts([a, b, c], mark) => write!(to, "{}{mark}{}{mark}{}", letter(a), letter(b), letter(c)),
        }
    }
}

impl DayForm {
    /// The form of a word such as `m/d/y`: each part once, one mark between them.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let part = |letter| match letter {
            'y' => Some(Part::Year),
            'm' => Some(Part::Month),
            'd' => Some(Part::Day),
            _ => None,
        };
        let letters: Vec<char> = word.chars().collect();
        let [first, mark, second, again, third] = letters.as_slice() else { return None };
        let parts = [part(*first)?, part(*second)?, part(*third)?];
        let [a, b, c] = parts;
        if mark != again || !"/-.".contains(*mark) || a == b || b == c || a == c {
            return None;
        }
        Some(if word == "y-m-d" { Self::Iso } else { Self::Parts(parts, *mark) })
    }

    /// Whether a day written so could be read as another one in the other form: the year, of four digits, stands in the
    /// same place, and month and day do not.
    #[must_use]
    pub fn is_mistaken_for(self, other: Self) -> bool {
        let parts = |form| match form {
            Self::Iso => ([Part::Year, Part::Month, Part::Day], '-'),
            Self::Parts(parts, mark) => (parts, mark),
        };
        let ((these, mark), (those, other_mark)) = (parts(self), parts(other));
        let year = |parts: [Part; 3]| parts.iter().position(|part| *part == Part::Year);
        mark == other_mark && these != those && year(these) == year(those)
    }

    /// The form in which month and day have changed places.
    pub(super) fn turned(self) -> Option<Self> {
        let Self::Parts(parts, mark) = self else { return None };
        let turned = parts.map(|part| match part {
            Part::Year => Part::Year,
            Part::Month => Part::Day,
            Part::Day => Part::Month,
        });
        Some(Self::Parts(turned, mark))
    }

    /// The day that is written so.
    pub(super) fn read(self, text: &str) -> Option<NaiveDate> {
        let Self::Parts(parts, mark) = self else { return month::parse_date(text) };
        let (day, time) = match text.split_once([' ', 'T']) {
            Some((day, time)) => (day, Some(trim(time))),
            None => (text, None),
        };
        if time.is_some_and(|time| !is_time(time)) {
            return None;
        }
        let (mut year, mut month, mut of_month) = (None, None, None);
        let mut numbers = day.split(mark);
        for part in parts {
            let digits = numbers.next()?;
            let width = if part == Part::Year { 4..=4 } else { 1..=2 };
            if !width.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match part {
                Part::Year => year = digits.parse().ok(),
                Part::Month => month = digits.parse().ok(),
                Part::Day => of_month = digits.parse().ok(),
            }
        }
        if numbers.next().is_some() { None } else { NaiveDate::from_ymd_opt(year?, month?, of_month?) }
    }
}

/// Whether it is a time of day; which one does not matter.
fn is_time(text: &str) -> bool {
    ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"]
        .iter()
        .any(|form| chrono::NaiveTime::parse_from_str(text, form).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(form: &str, text: &str) -> Option<String> {
        DayForm::parse(form).and_then(|form| form.read(text)).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_in_their_form_only() {
        for text in ["6/1/2023", "06/01/2023", "6/1/2023 12:00:00 AM", "6/1/2023 0:00", "6/1/2023T00:00:00"] {
            assert_eq!(day("m/d/y", text).as_deref(), Some("2023-06-01"), "{text}");
        }
        for text in ["13/1/2023", "6/1/23", "6-1-2023", "6/1/2023/4", "6/1/2023 noon", "6/31/2023", "2023/6/1", ""] {
            assert_eq!(day("m/d/y", text), None, "{text}");
        }
        assert_eq!(day("d.m.y", "31.12.2023").as_deref(), Some("2023-12-31"));
        assert_eq!(day("y-m-d", "2023-12-31T00:00:00").as_deref(), Some("2023-12-31"));
        for word in ["m/m/y", "m/d", "m/d-y", "y:m:d", "m/d/yy"] {
            assert_eq!(DayForm::parse(word), None, "{word}");
        }
    }
}
