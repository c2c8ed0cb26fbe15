//! Calendar months and days as the rules count them.

use chrono::{Datelike as _, NaiveDate};
use std::fmt;

/// A calendar month, counted as year × 12 + month − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0))
    }

    /// The month with this count; the inverse of [`Month::index`].
    #[must_use]
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// Year × 12 + month − 1.
    #[must_use]
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The month `months` earlier.
    #[must_use]
    pub fn minus(self, months: u32) -> Self {
        Self(self.0.saturating_sub(i32::try_from(months).unwrap_or(i32::MAX)))
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Its first day; `None` beyond the year 9999, which no date of ours can spell.
    #[must_use]
    pub fn first_day(self) -> Option<NaiveDate> {
        let month0 = u32::try_from(self.0.rem_euclid(12)).ok()?;
        NaiveDate::from_ymd_opt(self.0.div_euclid(12), month0 + 1, 1).filter(|day| (0..=9999).contains(&day.year()))
    }

    /// Reads `2023-06`, or any date that [`parse_date`] takes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() == 7 {
            return parse_iso_day(&format!("{text}-01")).map(Self::of);
        }
        parse_date(text).map(Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Reads an ISO date: `2023-06-01`, also with a time behind it (`2023-06-01T00:00:00`, `2023-06-01 00:00:00`).
///
/// The time is checked and dropped. Of zones only UTC is taken: any other could move the day.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let day = parse_iso_day(text.get(..10)?)?;
    match text.get(10..) {
        Some("") => Some(day),
        Some(rest) => {
            let rest = rest.strip_prefix(['T', ' '])?;
            let utc = ["Z", "z", "+00:00"].iter().find_map(|zone| rest.strip_suffix(zone));
            chrono::NaiveTime::parse_from_str(utc.unwrap_or(rest), "%H:%M:%S%.f").ok().map(|_| day)
        }
        None => None,
    }
}

/// The latest anniversary of a day that is not after another; the 29th of February is kept on the 28th elsewhere.
#[must_use]
pub fn latest_anniversary(day: NaiveDate, by: NaiveDate) -> Option<NaiveDate> {
    let in_year = |year| day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28));
    if day > by {
        return None;
    }
    in_year(by.year()).filter(|latest| *latest <= by).or_else(|| in_year(by.year() - 1))
}

/// Exactly `YYYY-MM-DD`: the general parser would also take `2023-6-1`.
fn parse_iso_day(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let (year, rest) = (text.get(..4)?, text.get(4..)?);
    let (month, day) = (rest.strip_prefix('-')?.get(..2)?, rest.get(3..)?.strip_prefix('-')?);
    if day.len() != 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(digits(year)?).ok()?, digits(month)?, digits(day)?)
}

/// Months as people read them: runs joined, `2022-07 to 2023-06`, at most six runs named.
#[must_use]
pub fn spoken(months: &[Month]) -> String {
    let mut runs: Vec<(Month, Month)> = Vec::new();
    for month in months {
        match runs.last_mut() {
            Some((_, last)) if last.next() == *month => *last = *month,
            _ => runs.push((*month, *month)),
        }
    }
    let more = runs.len().saturating_sub(6);
    let mut parts: Vec<String> = runs
        .iter()
        .take(6)
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first} to {last}") })
        .collect();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_parse_in_their_three_spellings_only() {
        for text in [
            "2023-06",
            "2023-06-01",
            "2023-06-17",
            "2023-06-30T23:59:59",
            "2023-06-01 00:00:00",
            "2023-06-30T22:00:00.000Z",
        ] {
            assert_eq!(Month::parse(text).map(|m| m.to_string()).as_deref(), Some("2023-06"), "{text}");
        }
        for text in [
            "2023-6",
            "06/2023",
            "2023-06-31",
            "2023-13",
            "2023-06-1",
            "2023-06-01x",
            "",
            "２０２３-06",
            "2023-06-01T25:00:00",
            "2023-06-01T00:00:00+02:00",
        ] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    #[test]
    fn runs_are_joined() {
        let months: Vec<Month> = ["2022-07", "2022-08", "2023-01"].iter().filter_map(|m| Month::parse(m)).collect();
        assert_eq!(spoken(&months), "2022-07 to 2022-08, 2023-01");
    }
}
