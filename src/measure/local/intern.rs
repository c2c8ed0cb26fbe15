//! Texts as small numbers: each spelling is folded once by each thread.

use crate::read::{BySpelling, Texts};
use crate::text::{Hash, Spellings, compared, trim};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

/// Numbers for texts that compare as one, with the spelling that is shown.
#[derive(Debug)]
pub(in crate::measure) struct Interner {
    exact: bool,
    /// What the texts of each number compare as.
    compared: Spellings,
    /// For each number the smallest spelling by bytes, trimmed; none where that is what it compares as.
    shown: Vec<Option<Box<str>>>,
    /// The number of each spelling in the rows that were looked at.
    known: BySpelling<NonZeroU32>,
    /// So many spellings, the first, have their codes as numbers.
    same: u32,
}

/// Texts that are taken in together.
const TOGETHER: usize = 1 << 10;

impl Interner {
    pub(in crate::measure) fn new(exact: bool) -> Self {
        Self { exact, compared: Spellings::default(), shown: Vec::new(), known: BySpelling::default(), same: 0 }
    }

    /// The number of each row's text. Rows without one were rejected by the reader; what rows get that are not among those
    /// asked for, nobody may look at.
    pub(super) fn numbers(&mut self, texts: &Texts<'_>, asked: Option<&[bool]>) -> Vec<u32> {
        // Where no two spellings compare as one and none was left out, their codes are the numbers, and nothing is looked up.
        if texts.codes_of(asked).all(|code| code < self.same) {
            return texts.codes().to_vec();
        }
        let mut known = std::mem::take(&mut self.known);
        let numbers = known.of_rows_together(texts, asked, NonZeroU32::MIN, |texts| {
            let mut numbers = Vec::with_capacity(texts.len());
            self.number_all(texts, |_| false, &mut numbers);
            numbers.into_iter().map(kept).collect()
        });
        self.known = known;
        while self.known.of_code(self.same).is_some_and(|kept| number(kept) == self.same) {
            self.same += 1;
        }
        numbers.into_iter().map(number).collect()
    }

    /// The number of one row's text; none where its cell is missing.
    pub(in crate::measure) fn number_of(&mut self, texts: &Texts<'_>, row: usize) -> Option<u32> {
        let mut known = std::mem::take(&mut self.known);
        let found = known.of_row(texts, row, |text| kept(self.number(text))).map(number);
        self.known = known;
        found
    }

    /// The number of each row's month or day, by its label. Rows without one are none of a group's.
    pub(super) fn labelled(&mut self, values: &[i32], label: impl Fn(i32) -> String) -> Vec<u32> {
        let mut known: HashMap<i32, u32> = HashMap::new();
        values.iter().map(|value| *known.entry(*value).or_insert_with(|| self.number(&label(*value)))).collect()
    }

    /// The number of a text, which gets one where it has none.
    pub(in crate::measure) fn number(&mut self, text: &str) -> u32 {
        let compared = compared(text, self.exact);
        let number = self.compared.code(&compared);
        self.meet(number, text);
        number
    }

    /// Whether a number's text is shown as it compares.
    fn is_plain(&self, number: u32) -> bool {
        usize::try_from(number).ok().and_then(|at| self.shown.get(at)).is_some_and(Option::is_none)
    }

    /// Keeps a number's text, where it is the smallest.
    fn meet(&mut self, number: u32, text: &str) {
        let shown = if self.exact { text } else { trim(text) };
        let Ok(at) = usize::try_from(number) else { return };
        let is_new = at >= self.shown.len();
        if is_new {
            self.shown.push(None);
        }
        if self.name(number) != shown && (is_new || shown < self.name(number)) {
            self.show(number, shown);
        }
    }

    /// Shows a number so.
    pub(super) fn show(&mut self, number: u32, shown: &str) {
        let own = Some(shown).filter(|shown| *shown != self.compared.text(number)).map(Box::from);
        if let Some(known) = usize::try_from(number).ok().and_then(|at| self.shown.get_mut(at)) {
            *known = own;
        }
    }

    /// Takes in another's texts; says for each of its numbers which one it has here.
    pub(in crate::measure) fn merge(&mut self, other: &Self) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(other.len());
        let texts: Vec<&str> = other.shown().collect();
        let is_alike = self.exact == other.exact;
        for (texts, own) in texts.chunks(TOGETHER).zip(other.shown.chunks(TOGETHER)) {
            // What is shown as it compares, here as there, is the same text.
            self.number_all(texts, |at| is_alike && own.get(at).is_some_and(Option::is_none), &mut numbers);
        }
        numbers
    }

    /// The numbers of many texts: to look them up together costs far less than one by one. Those that are plain are what they
    /// compare as: of a million names that another thread has too, to compare these once more took a fortieth of a run.
    fn number_all<'t>(&mut self, texts: &[&'t str], is_plain: impl Fn(usize) -> bool, numbers: &mut Vec<u32>) {
        let form = |(at, text): (usize, &&'t str)| {
            if is_plain(at) { Cow::Borrowed(*text) } else { compared(text, self.exact) }
        };
        let forms: Vec<Cow<'_, str>> = texts.iter().enumerate().map(form).collect();
        let hashed: Vec<(Option<&str>, Hash)> =
            forms.iter().map(|form| (Some(form.as_ref()), self.compared.hash(form))).collect();
        let first = numbers.len();
        self.compared.find_all(&hashed, numbers);
        let each = numbers.iter_mut().skip(first).zip(texts).zip(hashed);
        for (at, ((number, text), (form, hash))) in each.enumerate() {
            match *number {
                Spellings::NONE => {
                    *number = self.compared.code_by(form.unwrap_or_default(), hash);
                    self.meet(*number, text);
                }
                known if is_plain(at) && self.is_plain(known) => {}
                known => self.meet(known, text),
            }
        }
    }

    /// The number of a folded text that has one.
    pub(super) fn known(&self, folded: &str) -> Option<u32> {
        self.compared.find(folded, self.compared.hash(folded))
    }

    /// Whether a text has a number.
    pub(super) fn has(&self, text: &str) -> bool {
        self.known(&compared(text, self.exact)).is_some()
    }

    /// Shows texts as others are spelt that compare with them; where no such text counts as one of these, as the smallest
    /// of those that do. `same` says what each number counts as.
    pub(super) fn show_as(&mut self, others: &Self, same: &[u32]) {
        let (mut own, mut meant) = (BTreeMap::new(), BTreeMap::new());
        for shown in others.shown() {
            let Some(number) = self.known(&compared(shown, self.exact)) else { continue };
            own.insert(number, shown);
            let means = usize::try_from(number).ok().and_then(|at| same.get(at)).copied().unwrap_or(number);
            let smallest = meant.entry(means).or_insert(shown);
            *smallest = shown.min(smallest);
        }
        meant.append(&mut own);
        for (number, shown) in meant {
            self.show(number, shown);
        }
    }

    /// The text of a number, as it is shown.
    pub(super) fn name(&self, number: u32) -> &str {
        let shown = usize::try_from(number).ok().and_then(|at| self.shown.get(at));
        shown.and_then(Option::as_deref).unwrap_or_else(|| self.compared.text(number))
    }

    /// Whether texts compare letter by letter.
    pub(in crate::measure) fn is_exact(&self) -> bool {
        self.exact
    }

    /// How many texts there are.
    pub(in crate::measure) fn len(&self) -> usize {
        self.shown.len()
    }

    /// The texts by number.
    pub(in crate::measure) fn shown(&self) -> impl Iterator<Item = &str> {
        self.shown_from(0)
    }

    /// The texts from a number on.
    pub(super) fn shown_from(&self, number: usize) -> impl Iterator<Item = &str> {
        // Numbers are passed over before they are looked up.
        (0..).take(self.len()).skip(number).map(|number| self.name(number))
    }
}

/// A number as it is kept: not zero, so that none takes no more room.
fn kept(number: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(number)
}

/// The number that is kept so.
const fn number(kept: NonZeroU32) -> u32 {
    kept.get() - 1
}
