//! The forms in which exports write numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A way to write a number, by what it makes of 1234.56. What stands between thousands may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum NumberForm {
    /// A comma before the fraction.
    #[serde(rename = "1234,56")]
    Comma,
    /// The same, and points between thousands.
    #[serde(rename = "1.234,56")]
    CommaAndPoints,
    /// The same with blanks.
    #[serde(rename = "1 234,56")]
    CommaAndBlanks,
    /// The same with apostrophes.
    #[serde(rename = "1'234,56")]
    CommaAndApostrophes,
    /// A point before the fraction, and commas between thousands.
    #[serde(rename = "1,234.56")]
    PointAndCommas,
    /// The same with blanks.
    #[serde(rename = "1 234.56")]
    PointAndBlanks,
    /// The same with apostrophes.
    #[serde(rename = "1'234.56")]
    PointAndApostrophes,
}

/// Digits between two marks.
const TOGETHER: usize = 3;

impl fmt::Display for NumberForm {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("1")?;
        self.group().map_or(Ok(()), |group| write!(to, "{group}"))?;
        write!(to, "234{}56", self.point())
    }
}

impl NumberForm {
    /// What may stand between thousands.
    const fn group(self) -> Option<char> {
        match self {
            Self::Comma => None,
            Self::CommaAndPoints => Some('.'),
            Self::PointAndCommas => Some(','),
            Self::CommaAndBlanks | Self::PointAndBlanks => Some(' '),
            Self::CommaAndApostrophes | Self::PointAndApostrophes => Some('\''),
        }
    }

    /// What stands before the fraction.
    const fn point(self) -> char {
        match self {
            Self::Comma | Self::CommaAndPoints | Self::CommaAndBlanks | Self::CommaAndApostrophes => ',',
            Self::PointAndCommas | Self::PointAndBlanks | Self::PointAndApostrophes => '.',
        }
    }

    /// The same number with a point and nothing between thousands; `None` where it is not written so.
    pub(super) fn plain(self, text: &str) -> Option<Cow<'_, str>> {
        let (whole, fraction) = text.split_once(self.point()).map_or((text, None), |(whole, rest)| (whole, Some(rest)));
        let (whole, rest) = match fraction {
            Some(_) => (whole, ""),
            // A power of ten behind a whole number.
            None => whole.split_at(whole.find(['e', 'E']).unwrap_or(whole.len())),
        };
        let digits = whole.strip_prefix(['+', '-']).unwrap_or(whole);
        let groups: Vec<&str> = digits.split(|letter| self.parts(letter)).collect();
        let are_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
        let are_whole = match groups.as_slice() {
            [] | [_] => true,
            // `0.125` is a fraction, whichever mark it has.
            [first, others @ ..] => {
                let leads = (1..=TOGETHER).contains(&first.len()) && !first.starts_with('0');
                leads && others.iter().all(|group| group.len() == TOGETHER)
            }
        };
        if !are_digits || !are_whole {
            return None;
        }
        if groups.len() == 1 && self.point() == '.' {
            return Some(Cow::Borrowed(text));
        }
        let sign = whole.strip_suffix(digits).unwrap_or_default();
        let point = if fraction.is_some() { "." } else { "" };
        Some(Cow::Owned(format!("{sign}{}{point}{}{rest}", groups.concat(), fraction.unwrap_or_default())))
    }

    /// A number with a point as it is in this form.
    pub(super) fn written(self, plain: &str) -> Cow<'_, str> {
        if self.point() == '.' {
            Cow::Borrowed(plain)
        } else {
            Cow::Owned(plain.replace('.', &self.point().to_string()))
        }
    }

    /// Whether a letter can stand between thousands. Of blanks and apostrophes there are several that look alike.
    fn parts(self, letter: char) -> bool {
        match self.group() {
            Some(' ') => [' ', '\u{a0}', '\u{202f}', '\u{2009}'].contains(&letter),
            Some('\'') => ['\'', '\u{2019}'].contains(&letter),
            group => group == Some(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NumberForm;

    #[test]
    fn numbers_in_their_form_are_what_they_are_with_a_point() {
        let form_of = |word: &str| serde_json::from_value::<NumberForm>(word.into()).expect("a form");
        for word in ["1234,56", "1.234,56", "1 234,56", "1'234,56", "1,234.56", "1 234.56", "1'234.56"] {
            assert_eq!(form_of(word).to_string(), word);
        }
        let read = |form: &str, text: &str| form_of(form).plain(text).map(std::borrow::Cow::into_owned);
        for (form, text, plain) in [
            ("1.234,56", "1.234,56", "1234.56"),
            ("1.234,56", "-12,5", "-12.5"),
            ("1.234,56", "1.234.567", "1234567"),
            ("1.234,56", "1.234", "1234"),
            ("1.234,56", "1234,5", "1234.5"),
            ("1.234,56", "2,5E-05", "2.5E-05"),
            ("1.234,56", "2E3", "2E3"),
            ("1,234.56", "+1,234.56", "+1234.56"),
            ("1,234.56", ".5", ".5"),
            ("1234,56", ",5", ".5"),
            ("1 234,56", "12\u{202f}345\u{a0}678,9", "12345678.9"),
            ("1'234.56", "1’234.5", "1234.5"),
        ] {
            assert_eq!(read(form, text).as_deref(), Some(plain), "{text} as {form}");
        }
        for (form, text) in [
            ("1.234,56", "12.50"),
            ("1.234,56", "1.23,5"),
            ("1.234,56", "1234.567"),
            ("1.234,56", ".123"),
            ("1.234,56", "0.125"),
            ("1.234,56", "-0.500"),
            ("1,234.56", "0,125"),
            ("1.234,56", "001.234"),
            ("1.234,56", "1,234.5x"),
            ("1,234.56", "12,50"),
            ("1234,56", "1.5"),
            ("1234,56", "1 234,5"),
        ] {
            let plain = read(form, text);
            let number = plain.as_deref().map(|plain| crate::read::number::Number::parse(plain.as_bytes()));
            assert!(number.is_none_or(|number| number.is_err()), "{text} as {form}: {plain:?}");
        }
    }
}
