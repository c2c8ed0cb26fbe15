//! The texts of a column as numbers: each distinct spelling is kept once by each thread, however many rows have it. A code
//! means one text in every batch that the thread hands on.

use crate::text::Spellings;

/// The code of a missing cell. No spelling has it.
pub const MISSING: u32 = Spellings::NONE;

/// The code of a text that was passed over: nothing in its row asks which it is.
pub const PASSED: u32 = MISSING - 1;

/// The texts of some rows.
#[derive(Debug)]
pub struct Texts<'a> {
    codes: Vec<u32>,
    /// For each row what its text hashes to, and 0 where the cell is missing; empty where no text was passed over.
    hashes: Vec<u64>,
    spellings: &'a Spellings,
}

impl<'a> Texts<'a> {
    /// The texts with these codes among the spellings, or [`MISSING`].
    #[must_use]
    pub const fn new(codes: Vec<u32>, spellings: &'a Spellings) -> Self {
        Self { codes, hashes: Vec::new(), spellings }
    }

    /// The same where some texts were passed over, with what each row's hashes to by [`crate::text::hashed`], or 0.
    pub(super) const fn with_hashes(codes: Vec<u32>, hashes: Vec<u64>, spellings: &'a Spellings) -> Self {
        Self { codes, hashes, spellings }
    }

    /// What the text of each row hashes to, where some were passed over: 0 of a missing cell.
    #[must_use]
    pub fn hashes(&self) -> Option<&[u64]> {
        Some(self.hashes.as_slice()).filter(|hashes| !hashes.is_empty())
    }

    /// The code of each row's text, or [`MISSING`] or [`PASSED`].
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The codes of the rows that are asked for, or of all.
    pub fn codes_of<'t>(&'t self, asked: Option<&'t [bool]>) -> impl Iterator<Item = u32> {
        self.codes.iter().enumerate().filter(move |(row, _)| is_asked(asked, *row)).map(|(_, code)| *code)
    }

    /// The text of a row; none where its cell is missing, or its text was passed over.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        self.codes.get(row).filter(|code| **code < PASSED).map(|code| self.spellings.text(*code))
    }

    /// The text of each row.
    pub fn iter(&self) -> impl Iterator<Item = Option<&'a str>> {
        (0..self.codes.len()).map(|row| self.get(row))
    }

    /// Those of some of the rows, by their places.
    pub(super) fn only(&self, rows: &[usize]) -> Self {
        let code = |row: &usize| self.codes.get(*row).copied().unwrap_or(MISSING);
        let hash = |row: &usize| self.hashes.get(*row).copied();
        Self::with_hashes(rows.iter().map(code).collect(), rows.iter().filter_map(hash).collect(), self.spellings)
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

/// Whether a row is among those that are asked for, or all are.
fn is_asked(asked: Option<&[bool]>, row: usize) -> bool {
    asked.is_none_or(|asked| asked.get(row).copied().unwrap_or(false))
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
    pub fn of_rows(&mut self, texts: &Texts<'_>, missing: T, mut make: impl FnMut(&str) -> T) -> Vec<T> {
        self.of_rows_together(texts, None, missing, |texts| texts.iter().map(|text| make(text)).collect())
    }

    /// The same, where it costs less to look at many spellings together. Where only some rows are asked for, those of the
    /// others are not looked at: what they get is anything.
    pub fn of_rows_together(
        &mut self,
        texts: &Texts<'_>,
        asked: Option<&[bool]>,
        missing: T,
        make: impl FnOnce(&[&str]) -> Vec<T>,
    ) -> Vec<T> {
        self.reach(texts);
        // First as if all were known, which nearly all are.
        let mut is_any_new = false;
        let known = texts.codes().iter().enumerate().map(|(row, code)| match self.of_code(*code) {
            Some(known) => known,
            None => {
                is_any_new |= *code < PASSED && is_asked(asked, row);
                missing
            }
        });
        let mut values: Vec<T> = known.collect();
        if is_any_new {
            self.learn(texts, asked, make);
            values.clear();
            values.extend(texts.codes().iter().map(|code| self.of_code(*code).unwrap_or(missing)));
        }
        values
    }

    /// Makes it of every spelling of these rows that was not met yet.
    fn learn(&mut self, texts: &Texts<'_>, asked: Option<&[bool]>, make: impl FnOnce(&[&str]) -> Vec<T>) {
        let is_new = |code: &u32| *code < PASSED && self.of_code(*code).is_none();
        let mut new: Vec<u32> = texts.codes_of(asked).filter(is_new).collect();
        new.sort_unstable();
        new.dedup();
        let all: Vec<&str> = new.iter().map(|code| texts.spellings().text(*code)).collect();
        for (code, value) in new.iter().zip(make(&all)) {
            if let Some(made) = usize::try_from(*code).ok().and_then(|at| self.made.get_mut(at)) {
                *made = Some(value);
            }
        }
    }

    /// What was made of the spelling with a code.
    #[must_use]
    pub fn of_code(&self, code: u32) -> Option<T> {
        usize::try_from(code).ok().and_then(|at| self.made.get(at).copied().flatten())
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
    fn each_spelling_is_looked_at_once() {
        let spelt = Spelt::new(&[Some("ann"), Some("bo"), Some("Ann")]);
        let texts = Texts::new(vec![2, MISSING, 0, 2], &spelt.1);
        assert_eq!(texts.iter().collect::<Vec<_>>(), [Some("Ann"), None, Some("ann"), Some("Ann")]);
        let mut asked = Vec::new();
        let mut by_spelling = BySpelling::default();
        let lengths: Vec<usize> = by_spelling.of_rows(&texts, 0, |text| {
            asked.push(text.to_owned());
            text.len()
        });
        assert_eq!((lengths, asked), (vec![3, 0, 3, 3], vec!["ann".to_owned(), "Ann".to_owned()]));
    }
}
