//! Numbers that texts give, the same in every run: two that compare as one give the same.

use super::fold;

/// A number like any other, in which no pattern is known.
pub const START: u64 = 0x9e37_79b9_7f4a_7c15;

/// A text as it compares.
#[must_use]
pub fn hashed(text: &str) -> u64 {
    hashed_and_met(text).0
}

/// The same, and what was met in the text.
#[must_use]
pub fn hashed_and_met(text: &str) -> (u64, Met) {
    let bytes = text.as_bytes();
    let met = Met::of(bytes);
    // Nearly all are short and without blanks, and then there is nothing to fold but capitals.
    let hash = match [0; SHORT].get_mut(..bytes.len()) {
        _ if !met.has(Met::CAPITAL | Met::OTHER) => of_bytes(bytes),
        Some(small) if !met.has(Met::OTHER) => {
            small.copy_from_slice(bytes);
            small.make_ascii_lowercase();
            of_bytes(small)
        }
        _ => of_bytes(fold(text).as_bytes()),
    };
    (hash, met)
}

/// Bytes of a short text.
const SHORT: usize = 64;

/// Which kinds of bytes there are in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met(u8);

impl Met {
    const CAPITAL: u8 = 1;
    /// Blanks, what steers, and what is not ASCII.
    const OTHER: u8 = 2;
    const PLUS: u8 = 4;

    /// No step depends on what a byte is, so that many are looked at together.
    fn of(bytes: &[u8]) -> Self {
        let kind = |byte: &u8| {
            (u8::from(byte.is_ascii_uppercase()) * Self::CAPITAL)
                | (u8::from(!byte.is_ascii_graphic()) * Self::OTHER)
                | (u8::from(*byte == b'+') * Self::PLUS)
        };
        Self(bytes.iter().fold(0, |all, byte| all | kind(byte)))
    }

    const fn has(self, any: u8) -> bool {
        self.0 & any != 0
    }

    /// Whether there is anything but ASCII without blanks, or a `+`.
    #[must_use]
    pub const fn is_odd(self) -> bool {
        self.has(Self::OTHER | Self::PLUS)
    }
}

/// What stood before and one more, spread over all bits.
#[must_use]
pub const fn mixed(before: u64, more: u64) -> u64 {
    let mut all = (before.rotate_left(23) ^ more).wrapping_add(START);
    all = (all ^ (all >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    all = (all ^ (all >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    all ^ (all >> 31)
}

fn of_bytes(bytes: &[u8]) -> u64 {
    let mut hash = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let (words, rest) = bytes.as_chunks();
    for word in words {
        hash = stirred(hash ^ u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let mut word = [0; 8];
        word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        hash = stirred(hash ^ u64::from_le_bytes(word));
    }
    mixed(0, hash)
}

/// Both halves of a product, which every bit of the number changes: texts that differ in few digits differ.
fn stirred(number: u64) -> u64 {
    let product = u128::from(number ^ START) * 0xbf58_476d_1ce4_e5b9;
    u64::try_from((product >> u64::BITS) ^ (product & u128::from(u64::MAX))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn texts_that_compare_as_one_give_one_number() {
        let long = "Aa".repeat(40);
        let lower = long.to_ascii_lowercase();
        for (one, other) in [
            (long.as_str(), lower.as_str()),
            ("Ann", " ann"),
            ("north  wing", "North\u{a0}Wing "),
            ("\u{c9}a", "\u{c9}A"),
            ("", "  "),
        ] {
            assert_eq!(hashed(one), hashed(other));
        }
        let distinct: BTreeSet<u64> = (0..30).map(|length| hashed(&"a".repeat(length))).collect();
        let others = ["b", "aaaaaaab", "baaaaaaa", "aaaaaaaabaaaaaaaa", "\u{c9}", "a b"].map(hashed);
        assert_eq!(distinct.into_iter().chain(others).collect::<BTreeSet<u64>>().len(), 36);
    }

    #[test]
    fn numbers_in_rows_and_columns_give_many() {
        let ids = (0..20_u32).flat_map(|a| (0..40_u32).flat_map(move |b| (0..40_u32).map(move |c| (a, b, c))));
        let distinct: BTreeSet<u64> = ids.map(|(a, b, c)| hashed(&format!("{a:08}{b:04}{c:04}"))).collect();
        assert_eq!(distinct.len(), 20 * 40 * 40);
    }
}
