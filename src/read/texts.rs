//! The texts of a column as numbers: each distinct spelling is kept once by each thread, however many rows have it.

use foldhash::fast::RandomState;
use std::hash::BuildHasher as _;

/// The code of a missing cell. No spelling has it.
pub const MISSING: u32 = u32::MAX;

/// The distinct spellings of a column that one thread has met so far. None is ever forgotten: a code means one text in
/// every batch that the thread hands on.
#[derive(Debug, Default)]
pub struct Spellings {
    /// All of them, one behind the other.
    text: String,
    /// Where each ends in `text`.
    ends: Vec<usize>,
    /// An open table, as many places as a power of two, at most three in four taken.
    places: Vec<Place>,
    hasher: RandomState,
}

/// Where a spelling stands, beside what tells it from nearly all others: to find one costs a look here and one at its
/// letters, which for many cells at once do not wait for one another.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// The upper half of its hash.
    tag: u32,
    /// One more than its code; 0 where nothing stands.
    number: u32,
    /// Where it starts, and in the lower bits how long it is.
    span: u64,
}

/// Bits of a length: spellings are shorter than 16 MiB.
const LENGTH: u32 = 24;

impl Place {
    /// The place of the text between two ends; none where its numbers are too large.
    fn new(hash: u64, number: u32, (start, end): (usize, usize)) -> Option<Self> {
        let (start, length) = (u64::try_from(start).ok()?, u64::try_from(end - start).ok()?);
        let fits = length >> LENGTH == 0 && start >> (u64::BITS - LENGTH) == 0;
        fits.then_some(Self { tag: tag(hash), number, span: start << LENGTH | length })
    }

    fn text(self, all: &str) -> Option<&[u8]> {
        let (start, length) = (self.span >> LENGTH, self.span & ((1 << LENGTH) - 1));
        let start = usize::try_from(start).ok()?;
        all.as_bytes().get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }
}

impl Spellings {
    /// How many there are; their codes are the numbers below that.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The spelling with a code; empty for one that nothing has.
    #[must_use]
    pub fn text(&self, code: u32) -> &str {
        text_of(&self.text, &self.ends, code)
    }

    /// The code of a spelling, which gets one where it has none.
    pub(super) fn code(&mut self, spelling: &str) -> u32 {
        let hash = self.hash(spelling);
        if let Some(code) = self.find(spelling, hash) {
            return code;
        }
        if (self.ends.len() + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let start = self.text.len();
        self.text.push_str(spelling);
        self.ends.push(self.text.len());
        // Rows are read in batches, and memory ends long before there are so many distinct texts.
        let number = u32::try_from(self.ends.len()).unwrap_or(MISSING);
        if let Some(place) = Place::new(hash, number, (start, self.text.len())) {
            self.put(place, hash);
        }
        number - 1
    }

    /// What [`Spellings::find`] looks a spelling up by.
    pub(super) fn hash(&self, spelling: &str) -> u64 {
        self.hasher.hash_one(spelling)
    }

    /// The code of a spelling that has one.
    pub(super) fn find(&self, spelling: &str, hash: u64) -> Option<u32> {
        let is_it = |place: &Place| place.tag == tag(hash) && place.text(&self.text) == Some(spelling.as_bytes());
        let mut at = start(hash);
        loop {
            let place = self.places.get(at & self.places.len().wrapping_sub(1)).filter(|place| place.number > 0)?;
            if is_it(place) {
                return Some(place.number - 1);
            }
            at += 1;
        }
    }

    /// The codes of many spellings by their hashes; [`MISSING`] for those that have none yet.
    pub(super) fn find_all(&self, cells: &[(Option<&str>, u64)], codes: &mut Vec<u32>) {
        /// How many are looked up together: as many as the memory can be waited for at once, and more.
        const TOGETHER: usize = 64;
        let mask = self.places.len().wrapping_sub(1);
        let letters = self.text.as_bytes();
        let (mut first, mut may_be) = ([Place::default(); TOGETHER], [false; TOGETHER]);
        for cells in cells.chunks(TOGETHER) {
            for (place, (_, hash)) in first.iter_mut().zip(cells) {
                *place = self.places.get(start(*hash) & mask).copied().unwrap_or_default();
            }
            // One letter of each is looked at before any is compared: that brings all of them near.
            for ((may_be, place), (cell, hash)) in may_be.iter_mut().zip(&first).zip(cells) {
                let start = usize::try_from(place.span >> LENGTH).unwrap_or(usize::MAX);
                let is_alike = letters.get(start) == cell.and_then(|cell| cell.as_bytes().first());
                *may_be = (place.number > 0) & (place.tag == tag(*hash)) & is_alike;
            }
            for ((may_be, place), (cell, hash)) in may_be.iter().zip(&first).zip(cells) {
                let Some(cell) = cell else {
                    codes.push(MISSING);
                    continue;
                };
                // Nearly always it stands in the first place.
                let is_it = *may_be && place.text(&self.text) == Some(cell.as_bytes());
                let known = if is_it { Some(place.number - 1) } else { self.find(cell, *hash) };
                codes.push(known.unwrap_or(MISSING));
            }
        }
    }

    fn put(&mut self, place: Place, hash: u64) {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = start(hash);
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
            let hash = self
                .hasher
                .hash_one(place.text(&self.text).map(str::from_utf8).and_then(Result::ok).unwrap_or_default());
            self.put(place, hash);
        }
    }
}

/// Where a spelling is looked for first.
fn start(hash: u64) -> usize {
    usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0)
}

fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}

fn text_of<'t>(text: &'t str, ends: &[usize], code: u32) -> &'t str {
    let Ok(at) = usize::try_from(code) else { return "" };
    let start = at.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied());
    start.zip(ends.get(at)).and_then(|(start, end)| text.get(start..*end)).unwrap_or("")
}

/// The texts of some rows.
#[derive(Debug)]
pub struct Texts<'a> {
    codes: Vec<u32>,
    spellings: &'a Spellings,
}

impl<'a> Texts<'a> {
    /// The texts with these codes among the spellings, or [`MISSING`].
    #[must_use]
    pub const fn new(codes: Vec<u32>, spellings: &'a Spellings) -> Self {
        Self { codes, spellings }
    }

    /// The code of each row's text, or [`MISSING`].
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The text of a row; none where its cell is missing.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        self.codes.get(row).filter(|code| **code != MISSING).map(|code| self.spellings.text(*code))
    }

    /// The text of each row.
    pub fn iter(&self) -> impl Iterator<Item = Option<&'a str>> {
        (0..self.codes.len()).map(|row| self.get(row))
    }

    /// Those of some of the rows, by their places.
    pub(super) fn only(&self, rows: &[usize]) -> Self {
        let code = |row: &usize| self.codes.get(*row).copied().unwrap_or(MISSING);
        Self::new(rows.iter().map(code).collect(), self.spellings)
    }

    /// What the codes mean.
    #[must_use]
    pub const fn spellings(&self) -> &'a Spellings {
        self.spellings
    }

    /// How many cells are missing.
    #[must_use]
    pub fn blanks(&self) -> usize {
        self.codes.iter().filter(|code| **code == MISSING).count()
    }
}

/// Texts with spellings of their own.
#[cfg(test)]
pub(crate) struct Spelt(Vec<u32>, Spellings);

#[cfg(test)]
impl Spelt {
    pub(crate) fn new(texts: &[Option<&str>]) -> Self {
        let mut spellings = Spellings::default();
        let codes = texts.iter().map(|text| text.map_or(MISSING, |text| spellings.code(text))).collect();
        Self(codes, spellings)
    }

    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts::new(self.0.clone(), &self.1)
    }
}

/// What is made of each spelling, once.
#[derive(Clone, Debug)]
pub struct BySpelling<T> {
    made: Vec<Option<T>>,
}

impl<T> Default for BySpelling<T> {
    fn default() -> Self {
        Self { made: Vec::new() }
    }
}

impl<T: Copy> BySpelling<T> {
    /// What is made of each row's text, or of a missing cell. A spelling that no row has is never looked at.
    pub fn of_rows<'b>(
        &'b mut self,
        texts: &'b Texts<'_>,
        missing: T,
        mut make: impl FnMut(&str) -> T + 'b,
    ) -> impl Iterator<Item = T> + 'b {
        self.reach(texts);
        let spellings = texts.spellings();
        texts.codes().iter().map(move |code| {
            let Some(known) = usize::try_from(*code).ok().and_then(|at| self.made.get_mut(at)) else { return missing };
            *known.get_or_insert_with(|| make(spellings.text(*code)))
        })
    }

    /// What is made of the text of one row; none where its cell is missing.
    pub fn of_row(&mut self, texts: &Texts<'_>, row: usize, make: impl FnOnce(&str) -> T) -> Option<T> {
        self.reach(texts);
        let code = *texts.codes().get(row)?;
        let known = self.made.get_mut(usize::try_from(code).ok()?)?;
        Some(*known.get_or_insert_with(|| make(texts.spellings().text(code))))
    }

    fn reach(&mut self, texts: &Texts<'_>) {
        if self.made.len() < texts.spellings().len() {
            self.made.resize(texts.spellings().len(), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_has_one_code() {
        let mut spellings = Spellings::default();
        let codes: Vec<u32> = ["ann", "", "Ann", "ann", "bo", ""].iter().map(|text| spellings.code(text)).collect();
        assert_eq!(codes, [0, 1, 2, 0, 3, 1]);
        assert_eq!((spellings.text(2), spellings.text(1), spellings.text(9)), ("Ann", "", ""));
        assert_eq!((spellings.len(), spellings.text(MISSING)), (4, ""));
        let texts = Texts::new(vec![2, MISSING, 0], &spellings);
        assert_eq!(texts.iter().collect::<Vec<_>>(), [Some("Ann"), None, Some("ann")]);
        let mut asked = Vec::new();
        let mut by_spelling = BySpelling::default();
        let lengths: Vec<usize> = by_spelling
            .of_rows(&texts, 0, |text| {
                asked.push(text.to_owned());
                text.len()
            })
            .collect();
        assert_eq!((lengths, asked), (vec![3, 0, 3], vec!["Ann".to_owned(), "ann".to_owned()]));
    }
}
