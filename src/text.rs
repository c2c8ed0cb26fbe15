//! How texts compare: one folding for data cells, headers and list members, and the "did you mean" of messages.

mod hashed;
mod spellings;

pub use hashed::{START, hashed, hashed_and_met, mixed};
pub(crate) use spellings::Hash;
pub use spellings::Spellings;

use std::borrow::Cow;

/// Of many things messages name so many one by one.
pub const NAMED: usize = 5;

/// Blanks that count as a space: U+0009–000D, U+0020 and U+00A0.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{9}'..='\u{d}' | ' ' | '\u{a0}')
}

/// The form in which texts compare and group: trimmed, runs of blanks made one space, A–Z in lower case.
///
/// Letters beyond A–Z keep their case, so that folding never depends on a language.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let trimmed = trim(text);
    // Names are met by the hundred thousand, and nearly all are written without blanks.
    if trimmed.bytes().all(|b| b.is_ascii_graphic()) {
        let is_plain = !trimmed.bytes().any(|b| b.is_ascii_uppercase());
        return if is_plain { Cow::Borrowed(trimmed) } else { Cow::Owned(trimmed.to_ascii_lowercase()) };
    }
    let mut folded = String::with_capacity(trimmed.len());
    let mut after_blank = false;
    for c in trimmed.chars() {
        if is_blank(c) {
            after_blank = true;
            continue;
        }
        if after_blank {
            folded.push(' ');
            after_blank = false;
        }
        folded.push(c.to_ascii_lowercase());
    }
    Cow::Owned(folded)
}

/// The form in which the texts of a column compare: as they are, or folded.
#[must_use]
pub fn compared(text: &str, exact: bool) -> Cow<'_, str> {
    if exact { Cow::Borrowed(text) } else { fold(text) }
}

/// Whether two names are one: they fold to the same text.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// The text without blanks at either end.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The one candidate that `name` most likely misspells; none where nothing is near.
///
/// Near means at most a third of the letters differ. Ties go to the first in order.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    let length = folded.chars().count();
    let bound = (length / 3).max(1);
    candidates
        .into_iter()
        // What is much longer or shorter is not near, and costly to compare.
        .filter(|candidate| length.abs_diff(fold(candidate).chars().count()) <= bound)
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether two names are most likely one: one holds the other, or at most an eighth of the letters differ.
#[must_use]
pub fn is_close(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let bound = (one.chars().count() / 8).max(1);
    one.contains(other.as_ref()) || other.contains(one.as_ref()) || strsim::damerau_levenshtein(&one, &other) <= bound
}

/// Whether a text has a name within it that is no part of a word: `Desk of maps (ATLAS)` has `ATLAS`.
#[must_use]
pub fn stands_in(name: &str, text: &str) -> bool {
    let (name, text) = (fold(name), fold(text));
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let stands = |(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + name.len()..));
        before.zip(after).is_some_and(|(before, after)| is_edge(before.chars().last()) && is_edge(after.chars().next()))
    };
    name.len() >= SHORTEST && text.match_indices(name.as_ref()).any(stands)
}

/// Bytes of the shortest name that is looked for within others.
const SHORTEST: usize = 3;

/// A value as messages quote it: on one line, cut after 60 characters, control characters made visible.
#[must_use]
pub fn quoted(value: &str) -> String {
    let mut shown = String::new();
    for (count, c) in value.chars().enumerate() {
        if count == 60 {
            shown.push('…');
            break;
        }
        if is_inert(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    format!("`{shown}`")
}

/// `1 row`, `2 rows`.
#[must_use]
pub fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn either<T: AsRef<str>>(names: &[T]) -> String {
    let mut all = String::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            all.push_str(if at + 1 == names.len() { " or " } else { ", " });
        }
        all.push_str(name.as_ref());
    }
    all
}

/// Whether a terminal shows the character as itself: no control character, nothing that turns the writing direction, and
/// nothing that is there and does not show.
#[must_use]
pub fn is_inert(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text with everything that a terminal or a reader's eye could be fooled by made visible.
#[must_use]
pub fn inert(text: &str) -> String {
    text.chars().flat_map(|c| if is_inert(c) { vec![c] } else { c.escape_default().collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_trims_joins_blanks_and_lowers_ascii_only() {
        assert_eq!(fold("  North\u{a0}\t Wing "), "north wing");
        assert_eq!(fold("ÄRGER"), "Ärger");
        assert_eq!(fold("plain-id"), "plain-id");
        assert_eq!(fold("a\u{2003}b"), "a\u{2003}b");
    }

    #[test]
    fn close_names_hold_one_another_or_differ_in_few_letters() {
        for other in ["Tier1", "tier 1 (beta)", "Tier 2"] {
            assert!(is_close("Tier 1", other), "{other}");
        }
        assert!(!is_close("Long Tales of the Sea", "Long Novels of the Sea"));
        for (name, text) in [("ATLAS", "Desk of maps (ATLAS)"), ("long  tales", "All Long Tales"), ("Sea", "sea")] {
            assert!(stands_in(name, text), "{text}");
        }
        for (name, text) in [("Sea", "Seaside"), ("Sea", "Undersea"), ("A", "Plan A"), ("Tales", "Tale")] {
            assert!(!stands_in(name, text), "{text}");
        }
    }

    #[test]
    fn nearest_is_bounded() {
        assert_eq!(nearest("plaecs", ["papers", "places"]), Some("places"));
        assert_eq!(nearest("zebra", ["papers", "places"]), None);
    }
}
