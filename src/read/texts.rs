//! The texts of a column as numbers: each distinct spelling is kept once by each thread, however many rows have it.

use hashbrown::{DefaultHashBuilder, HashTable};
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
    codes: HashTable<Known>,
    hasher: DefaultHashBuilder,
}

/// Where a spelling stands. With its hash beside it, others are passed by without a look at their letters.
#[derive(Debug)]
struct Known {
    hash: u64,
    start: usize,
    end: usize,
    code: u32,
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
        // Rows are read in batches, and memory ends long before there are so many distinct texts.
        let code = u32::try_from(self.ends.len()).unwrap_or(MISSING);
        let start = self.text.len();
        self.text.push_str(spelling);
        self.ends.push(self.text.len());
        let known = Known { hash, start, end: self.text.len(), code };
        self.codes.insert_unique(hash, known, |known| known.hash);
        code
    }

    /// What [`Spellings::find`] looks a spelling up by.
    pub(super) fn hash(&self, spelling: &str) -> u64 {
        self.hasher.hash_one(spelling)
    }

    /// The code of a spelling that has one.
    pub(super) fn find(&self, spelling: &str, hash: u64) -> Option<u32> {
        let is_it = |known: &Known| known.hash == hash && self.text.get(known.start..known.end) == Some(spelling);
        self.codes.find(hash, is_it).map(|known| known.code)
    }
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
