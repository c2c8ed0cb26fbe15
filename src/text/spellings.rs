//! Distinct texts as small numbers: each is kept once, however often it is met.

use foldhash::fast::RandomState;
use std::hash::BuildHasher as _;

/// Distinct texts, each with a code. None is ever forgotten: a code means one text as long as this lives.
#[derive(Debug, Default)]
pub struct Spellings {
    /// By code, each on a cache line of its own: to compare a text with a short one costs one look into memory.
    lines: Vec<Line>,
    /// The letters of long ones, one behind the other.
    long: Vec<u8>,
    /// An open table, as many places as a power of two, at most three in four taken. So small, it stays near the
    /// processor where the letters do not.
    places: Vec<Place>,
    hasher: RandomState,
}

/// Bytes of a cache line, and of what can stand in it beside a length.
const LINE: usize = 64;
const SHORT: usize = LINE - size_of::<u32>();

/// A text, or where it stands among the long ones.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line {
    letters: [u8; SHORT],
    length: u32,
}

/// Where a text stands, beside what tells it from nearly all others.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    hash: Hash,
    /// One more than its code; 0 where nothing stands.
    number: u32,
}

/// What a text is looked up by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hash(u32);

/// How many are looked up together: as many as the memory can be waited for at once, and more.
const TOGETHER: usize = 64;

/// So few stay near the processor: to look for one by one costs less.
const FEW: usize = 1 << 8;

impl Spellings {
    /// The code that no text has.
    pub const NONE: u32 = u32::MAX;

    /// How many there are; their codes are the numbers below that.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The text with a code; empty for one that nothing has.
    #[must_use]
    pub fn text(&self, code: u32) -> &str {
        let line = usize::try_from(code).ok().and_then(|at| self.lines.get(at));
        // Whole texts were put in.
        line.and_then(|line| str::from_utf8(self.letters(line)).ok()).unwrap_or("")
    }

    /// The code of a text, which gets one where it has none.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        self.code_by(text, self.hash(text))
    }

    /// The same by its hash.
    pub(crate) fn code_by(&mut self, text: &str, hash: Hash) -> u32 {
        self.find(text, hash).unwrap_or_else(|| self.add(text, hash))
    }

    /// What [`Spellings::find`] looks a text up by.
    pub(crate) fn hash(&self, text: &str) -> Hash {
        Hash(u32::try_from(self.hasher.hash_one(text) >> u32::BITS).unwrap_or(0))
    }

    /// The code of a text that has one.
    pub(crate) fn find(&self, text: &str, hash: Hash) -> Option<u32> {
        self.find_from(start(hash), text, hash)
    }

    /// The codes of many texts by their hashes; [`Spellings::NONE`] for those that have none yet.
    pub(crate) fn find_all(&self, texts: &[(Option<&str>, Hash)], codes: &mut Vec<u32>) {
        if self.lines.len() <= FEW {
            let find = |(text, hash): &(Option<&str>, Hash)| self.find((*text)?, *hash);
            codes.extend(texts.iter().map(|text| find(text).unwrap_or(Self::NONE)));
            return;
        }
        let (mut places, mut lengths) = ([(0, Place::default()); TOGETHER], [0; TOGETHER]);
        for texts in texts.chunks(TOGETHER) {
            // Each step is short and does not wait for the one before, however far apart in memory they lie: first places,
            // then lines, and only then letters are compared.
            for ((at, place), (_, hash)) in places.iter_mut().zip(texts) {
                *at = start(*hash);
                *place = self.place(*at);
            }
            for ((at, place), (_, hash)) in places.iter_mut().zip(texts) {
                while place.number > 0 && place.hash != *hash {
                    *at += 1;
                    *place = self.place(*at);
                }
            }
            for (length, (_, place)) in lengths.iter_mut().zip(&places) {
                *length = self.line(*place).map_or(0, |line| line.length);
            }
            for ((known, (at, place)), (text, hash)) in lengths.iter().zip(&places).zip(texts) {
                let Some(text) = text else {
                    codes.push(Self::NONE);
                    continue;
                };
                let is_alike = |line: &Line| *known == length(text) && are_same(self.letters(line), text.as_bytes());
                let is_it = self.line(*place).is_some_and(is_alike);
                let known = if is_it { Some(place.number - 1) } else { self.find_from(*at, text, *hash) };
                codes.push(known.unwrap_or(Self::NONE));
            }
        }
    }

    fn find_from(&self, mut at: usize, text: &str, hash: Hash) -> Option<u32> {
        loop {
            let place = self.place(at);
            let line = self.line(place)?;
            if place.hash == hash && line.length == length(text) && are_same(self.letters(line), text.as_bytes()) {
                return Some(place.number - 1);
            }
            at += 1;
        }
    }

    fn place(&self, at: usize) -> Place {
        self.places.get(at & self.places.len().wrapping_sub(1)).copied().unwrap_or_default()
    }

    fn line(&self, place: Place) -> Option<&Line> {
        self.lines.get(usize::try_from(place.number).ok()?.checked_sub(1)?)
    }

    fn letters<'s>(&'s self, line: &'s Line) -> &'s [u8] {
        let length = usize::try_from(line.length).unwrap_or(usize::MAX);
        line.letters.get(..length).unwrap_or_else(|| {
            let start = line.letters.first_chunk().map_or(0, |start| usize::from_le_bytes(*start));
            self.long.get(start..start.saturating_add(length)).unwrap_or_default()
        })
    }

    fn add(&mut self, text: &str, hash: Hash) -> u32 {
        if (self.lines.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let mut line = Line { letters: [0; SHORT], length: length(text) };
        match line.letters.get_mut(..text.len()) {
            Some(letters) => letters.copy_from_slice(text.as_bytes()),
            None => {
                let start = self.long.len().to_le_bytes();
                line.letters.iter_mut().zip(start).for_each(|(to, from)| *to = from);
                self.long.extend(text.as_bytes());
            }
        }
        self.lines.push(line);
        // Rows are read in batches, and memory ends long before there are so many distinct texts.
        let number = u32::try_from(self.lines.len()).unwrap_or(Self::NONE);
        self.put(Place { hash, number });
        number - 1
    }

    fn put(&mut self, place: Place) {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = start(place.hash);
        while self.places.get(at & mask).is_some_and(|taken| taken.number > 0) {
            at += 1;
        }
        if let Some(free) = self.places.get_mut(at & mask) {
            *free = place;
        }
    }

    fn grow(&mut self) {
        let larger = vec![Place::default(); (self.places.len() * 2).max(16)];
        for place in std::mem::replace(&mut self.places, larger).into_iter().filter(|place| place.number > 0) {
            self.put(place);
        }
    }
}

/// Where a text is looked for first.
fn start(hash: Hash) -> usize {
    usize::try_from(hash.0).unwrap_or(0)
}

/// Whether texts of one length are the same: of short ones the first bytes and the last, which may overlap, without a call.
fn are_same(one: &[u8], other: &[u8]) -> bool {
    match one.len() {
        4..8 => have_same_ends::<4>(one, other),
        8..=16 => have_same_ends::<8>(one, other),
        17..=32 => have_same_ends::<16>(one, other),
        _ => one == other,
    }
}

fn have_same_ends<const LENGTH: usize>(one: &[u8], other: &[u8]) -> bool {
    one.first_chunk::<LENGTH>() == other.first_chunk() && one.last_chunk::<LENGTH>() == other.last_chunk()
}

/// Texts are cells and names, and far shorter than 4 GiB.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_code() {
        let mut spellings = Spellings::default();
        let codes: Vec<u32> = ["ann", "", "Ann", "ann", "bo", ""].iter().map(|text| spellings.code(text)).collect();
        assert_eq!(codes, [0, 1, 2, 0, 3, 1]);
        assert_eq!((spellings.text(2), spellings.text(1), spellings.text(9)), ("Ann", "", ""));
        assert_eq!((spellings.len(), spellings.text(Spellings::NONE)), (4, ""));
    }

    #[test]
    fn many_are_found_together_whatever_their_length() {
        let mut spellings = Spellings::default();
        let texts: Vec<String> = (0..2_000).map(|one| format!("{one}{}", "ä".repeat(one % 70))).collect();
        let look_up = |spellings: &Spellings| {
            let cells = texts.iter().flat_map(|text| [Some(text.as_str()), None]);
            let cells: Vec<(Option<&str>, Hash)> =
                cells.map(|cell| (cell, spellings.hash(cell.unwrap_or_default()))).collect();
            let mut codes = Vec::new();
            spellings.find_all(&cells, &mut codes);
            codes
        };
        assert!(look_up(&spellings).iter().all(|code| *code == Spellings::NONE));
        for (code, text) in (0_u32..).zip(texts.iter().step_by(2)) {
            assert_eq!(spellings.code(text), code);
        }
        let known = look_up(&spellings);
        for (at, pair) in known.chunks(2).enumerate() {
            let expected = if at % 2 == 0 { u32::try_from(at / 2).ok() } else { None };
            assert_eq!(pair, [expected.unwrap_or(Spellings::NONE), Spellings::NONE]);
        }
        for (code, text) in (0_u32..).zip(texts.iter().step_by(2)) {
            assert_eq!(spellings.text(code), text);
        }
    }
}
