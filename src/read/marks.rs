//! Where cells and records end in text, sixty-four bytes at a time: as bits, so that no byte is looked at by itself.
//!
//! Only for text whose quotes open at the start of a cell, as everything writes that puts quotes where they belong: then a
//! byte stands in quotes where the quotes before it are odd in number.

use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const TOGETHER: usize = 64;

/// What stands at each of so many bytes, the first in the lowest bit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
    /// Delimiters outside of quotes.
    pub(super) delimiters: u64,
    /// Line ends outside of quotes.
    pub(super) ends: u64,
    /// Whether there is a line end in quotes, or a quote that is written twice.
    pub(super) is_not_plain: bool,
}

/// Goes over some bytes in order.
#[derive(Debug)]
pub(super) struct Marker {
    delimiter: u8,
    /// All bits, where the next byte stands in quotes.
    inside: u64,
    /// Whether a quote that comes next opens a cell, or is the second of two.
    may_open: u64,
    /// Whether the byte before closes a quote.
    has_closed: u64,
}

impl Marker {
    /// Starts at a byte that stands in quotes or not, and where a quote would open a cell or not.
    pub(super) fn new(delimiter: u8, is_inside: bool, may_open: bool) -> Self {
        let inside = if is_inside { u64::MAX } else { 0 };
        Self { delimiter, inside, may_open: u64::from(may_open), has_closed: 0 }
    }

    /// The marks of the next bytes, at most [`TOGETHER`] and fewer only at the end; `None` where a quote stands for itself,
    /// in the middle of a cell without quotes.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<Marks> {
        let mut padded = [0; TOGETHER];
        let bytes = bytes.first_chunk().unwrap_or_else(|| {
            padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            &padded
        });
        let [mut quotes, mut delimiters, mut ends] = [0_u64; 3];
        for (part, bytes) in bytes.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::new(*bytes);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let bits = |is: u8x16| u64::from(is.to_bitmask()) << (16 * part);
            quotes |= bits(is(b'"'));
            delimiters |= bits(is(self.delimiter));
            ends |= bits(is(b'\n') | is(b'\r'));
        }
        let inside = parities(quotes) ^ self.inside;
        let before = inside << 1 | self.inside & 1;
        let (opens, closes) = (quotes & !before, quotes & before);
        let behind = (delimiters | ends) & !inside | closes;
        if opens & !(behind << 1 | self.may_open) != 0 {
            return None;
        }
        let is_doubled = opens & (closes << 1 | self.has_closed) != 0;
        let is_not_plain = is_doubled || ends & inside != 0;
        let last = |bits: u64| bits >> (u64::BITS - 1);
        self.inside = if last(inside) == 1 { u64::MAX } else { 0 };
        (self.may_open, self.has_closed) = (last(behind), last(closes));
        Some(Marks { delimiters: delimiters & !inside, ends: ends & !inside, is_not_plain })
    }

    /// Whether the byte behind those looked at stands in quotes.
    pub(super) fn is_inside(&self) -> bool {
        self.inside != 0
    }
}

/// For each bit whether those up to it are odd in number.
fn parities(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(bits, |all, by| all ^ all << by)
}

/// The places of the bits that are set, the lowest first.
pub(super) fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = usize::try_from(bits.trailing_zeros()).ok().filter(|_| bits != 0)?;
        bits &= bits - 1;
        Some(place)
    })
}
