//! Names that look unlike the others of their column, or like another one in a second spelling.

use super::entities::Entities;
use super::local::{Interner, Pass};
use crate::plan::{Plan, TablePlan};
use crate::text::{NAMED, fold, quoted, trim};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Of so many names of a column one may be unlike the others; where more are, the column holds several kinds.
const ONE_IN: usize = 10;

/// Characters of a GUID.
const GUID: usize = 36;

/// Names that may not be what they should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// The column and its table; none for the entities.
    pub of: Option<Column>,
    /// How many names there are.
    pub all: usize,
    /// What most names are, in words.
    pub most: &'static str,
    /// Those that are none of them.
    pub unlike: Vec<String>,
    /// Pairs of names that are one in two spellings: a number with zeros before it or behind its point, a GUID with braces
    /// or without dashes, a text with blanks in it or with letters that nobody sees.
    pub alike: Vec<(String, String)>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

impl Odd {
    /// What is said of the names that are unlike the most; none where there are none.
    #[must_use]
    pub fn unlike_said(&self) -> Option<String> {
        if self.unlike.is_empty() {
            return None;
        }
        let named: Vec<String> = self.unlike.iter().take(NAMED).map(|name| quoted(name)).collect();
        let more = match self.unlike.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let are = if self.unlike.len() == 1 { "is" } else { "are" };
        let (names, named) = (self.names(), named.join(", "));
        let others = self.all - self.unlike.len();
        Some(format!("{others} of {} {names} are {}, and {named}{more} {are} none", self.all, self.most))
    }

    /// What is said of the first names that are one in two spellings; none where there are none.
    #[must_use]
    pub fn alike_said(&self) -> Option<String> {
        let (one, other) = self.alike.first()?;
        let more = match self.alike.len() - 1 {
            0 => String::new(),
            1 => ", and so are those of 1 more pair".to_owned(),
            more => format!(", and so are those of {more} more pairs"),
        };
        let kind = if Form::of(one) == Form::Number { "number" } else { "name" };
        let (names, one, other) = (self.names(), quoted(one), quoted(other));
        Some(format!("the {names} {one} and {other} are one {kind} in two spellings, and count as two{more}"))
    }

    fn names(&self) -> String {
        match &self.of {
            None => "entities".to_owned(),
            Some(Column { table, column }) => format!("values of `{column}` in `{table}`"),
        }
    }
}

/// What is odd of the entities, and of the columns by which rows are grouped.
pub(super) fn odd(plan: &Plan, passes: &[Pass], entities: &Entities) -> Vec<Odd> {
    let shown: Vec<&str> = entities.shown.iter().map(String::as_str).collect();
    let forms = Forms::of(&shown);
    let of_entities = Odd {
        of: None,
        all: shown.len(),
        most: forms.most.words(),
        unlike: forms.unlike(&shown),
        alike: alike(&shown),
    };
    let mut all = vec![of_entities];
    for (table, pass) in plan.tables.iter().zip(passes) {
        for (at, interner) in pass.named().1.iter().enumerate() {
            if let Some(odd) = interner.as_ref().and_then(|interner| of_column(table, at, interner))
                && !all.contains(&odd)
            {
                all.push(odd);
            }
        }
    }
    all.retain(|odd| !odd.unlike.is_empty() || !odd.alike.is_empty());
    all
}

fn of_column(table: &TablePlan, at: usize, interner: &Interner) -> Option<Odd> {
    let wanted = table.wanted.get(at).filter(|wanted| wanted.kind.is_text())?;
    let all: Vec<&str> = interner.shown().collect();
    // Something with two names goes by a number here and by an address there.
    let has_two_names = table.identities.iter().any(|(first, _)| *first == at);
    let names: Vec<&str> =
        all.iter().copied().filter(|name| !has_two_names || Form::of(name) != Form::Address).collect();
    let forms = Forms::of(&names);
    let strange = names.len() - forms.count;
    // Of names in words each may look as it likes; and where many are unlike, the column holds several kinds.
    let is_told = forms.most != Form::Name && strange * ONE_IN <= names.len();
    let unlike = if is_told { forms.unlike(&names) } else { Vec::new() };
    let of = Some(Column { table: table.name.clone(), column: wanted.name.clone() });
    Some(Odd { of, all: names.len(), most: forms.most.words(), unlike, alike: alike(&all) })
}

/// What a name looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Name,
    Address,
    Guid,
    Number,
}

impl Form {
    fn of(name: &str) -> Self {
        let is_guid = || {
            let lengths = name.split('-').map(|part| part.bytes().all(|b| b.is_ascii_hexdigit()).then_some(part.len()));
            name.len() == GUID && lengths.eq([8, 4, 4, 4, 12].map(Some))
        };
        match trim(name) {
            name if digits_of(name).is_some() => Self::Number,
            _ if is_guid() => Self::Guid,
            name if name.contains('@') => Self::Address,
            _ => Self::Name,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Guid => "GUIDs",
            Self::Address => "addresses",
            Self::Name => "names",
        }
    }
}

/// What names look like.
struct Forms {
    /// What most of them are. Of as many names as numbers the names are the odd ones: exports name things by number.
    most: Form,
    /// How many of them are.
    count: usize,
}

impl Forms {
    fn of(names: &[&str]) -> Self {
        let mut counts: BTreeMap<Form, usize> = BTreeMap::new();
        for name in names {
            *counts.entry(Form::of(name)).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let (most, count) = most.unwrap_or((Form::Name, 0));
        Self { most, count }
    }

    /// The names that look otherwise.
    fn unlike(&self, names: &[&str]) -> Vec<String> {
        let unlike = names.iter().filter(|name| Form::of(name) != self.most);
        let mut unlike: Vec<String> = unlike.map(|name| (*name).to_owned()).collect();
        unlike.sort();
        unlike
    }
}

/// Pairs of names that are one in two spellings.
fn alike(names: &[&str]) -> Vec<(String, String)> {
    // There can be millions of names, and few that are not written as they are meant: only those are folded and kept.
    let mut spelt: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let is_as_meant = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic()) && meant(name) == name;
    for name in names.iter().filter(|name| !is_as_meant(name)) {
        let folded = fold(name);
        let meant = meant(&folded);
        if meant != folded {
            spelt.entry(meant.into_owned()).or_default().push(name);
        }
    }
    if spelt.is_empty() {
        return Vec::new();
    }
    for name in names {
        let folded = fold(name);
        if meant(&folded) == folded
            && let Some(others) = spelt.get_mut(folded.as_ref())
        {
            others.push(name);
        }
    }
    let mut pairs = Vec::new();
    for mut names in spelt.into_values() {
        names.sort_unstable();
        if let Some((first, others)) = names.split_first() {
            pairs.extend(others.iter().map(|other| ((*first).to_owned(), (*other).to_owned())));
        }
    }
    pairs
}

/// What a folded name means: a number without zeros before it and behind its point, a GUID with its dashes alone, a text
/// without blanks and what nobody sees.
fn meant(folded: &str) -> Cow<'_, str> {
    match digits_of(folded) {
        Some(digits) => Cow::Borrowed(digits),
        // There can be millions of names: bytes are looked at far faster than letters.
        None if folded.bytes().all(|byte| byte.is_ascii_graphic()) => dashed(folded),
        None if folded.contains(is_unseen) => {
            let seen: String = folded.chars().filter(|c| !is_unseen(*c)).collect();
            Cow::Owned(dashed(&seen).into_owned())
        }
        None => Cow::Borrowed(folded),
    }
}

/// A GUID as it is written in most places; any other text as it is.
fn dashed(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    if inner.len() == GUID - 4 && inner.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let ends = [0, 8, 12, 16, 20, 32];
        let parts = ends.windows(2).filter_map(|ends| inner.get(*ends.first()?..*ends.last()?));
        return Cow::Owned(parts.collect::<Vec<&str>>().join("-"));
    }
    if inner.len() == GUID { Cow::Borrowed(inner) } else { Cow::Borrowed(text) }
}

/// Blanks, and letters without a shape: exports and clipboards leave them behind.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The digits that say which number it is, where it is a whole one.
fn digits_of(text: &str) -> Option<&str> {
    let text = trim(text);
    let (whole, rest) = text.split_at_checked(text.bytes().take_while(u8::is_ascii_digit).count())?;
    let is_whole =
        rest.is_empty() || rest.strip_prefix('.').is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'));
    (is_whole && !whole.is_empty()).then(|| whole.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::{Form, Forms, alike};

    #[test]
    fn names_in_two_spellings_are_told() {
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let (bare, braced) = (guid.replace('-', "").to_uppercase(), format!("{{{guid}}}"));
        let names =
            ["007", "7", "7.00", "7.5", "north", "north\u{200b}", "0", "70", "ann@ x", "ann@x", guid, &bare, &braced];
        let guids = [(bare.as_str(), guid), (bare.as_str(), braced.as_str())];
        let pairs = [("007", "7"), ("007", "7.00"), ("ann@ x", "ann@x"), ("north", "north\u{200b}")];
        let pairs: Vec<(&str, &str)> = guids.into_iter().chain(pairs).collect();
        let pairs: Vec<_> = pairs.into_iter().map(|(one, other)| (one.to_owned(), other.to_owned())).collect();
        assert_eq!(alike(&names), pairs);
    }

    #[test]
    fn what_is_unlike_the_most_is_told() {
        let odd = |names: &[&str]| Forms::of(names).unlike(names);
        assert_eq!(odd(&["007", "7", "north", "7.5", "8"]), ["7.5", "north"]);
        assert_eq!(odd(&["north", "south", "7"]), ["7"]);
        assert_eq!(odd(&["north", "7"]), ["north"]);
        assert_eq!(odd(&["north", "south"]), Vec::<String>::new());
        assert_eq!(Form::of("0f8fad5b-d9cb-469f-a165-70867728950e"), Form::Guid);
        assert_eq!(Form::of("0f8fad5b-d9cb-469f-a165-7086772895"), Form::Name);
    }
}
