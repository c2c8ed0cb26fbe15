//! Texts by which something is looked up: as they stand, or by how they begin.

use std::collections::{BTreeMap, BTreeSet};

/// What texts stand for. All texts are in the form in which they compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup<T> {
    names: BTreeMap<String, T>,
    /// The longest first.
    beginnings: Vec<Beginning<T>>,
}

/// What every text stands for that begins so, but for some.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Beginning<T> {
    text: String,
    except: BTreeSet<String>,
    value: T,
}

impl<T> Default for Lookup<T> {
    fn default() -> Self {
        Self { names: BTreeMap::new(), beginnings: Vec::new() }
    }
}

impl<T> Lookup<T> {
    /// Adds what a text stands for, unless that was said before.
    pub fn insert(&mut self, name: String, value: T) {
        self.names.entry(name).or_insert(value);
    }

    /// Adds what texts stand for that begin in some way, but for some; of one beginning what was said first holds.
    pub fn insert_beginning(&mut self, text: String, except: BTreeSet<String>, value: T) {
        let place = self.beginnings.partition_point(|known| known.text.len() >= text.len());
        self.beginnings.insert(place, Beginning { text, except, value });
    }

    /// Takes in another's texts.
    pub fn extend(&mut self, other: Self) {
        for (name, value) in other.names {
            self.insert(name, value);
        }
        for Beginning { text, except, value } in other.beginnings {
            self.insert_beginning(text, except, value);
        }
    }

    /// What a text stands for: by itself, else by the longest beginning that it has.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<&T> {
        let begins = |known: &&Beginning<T>| text.starts_with(&known.text) && !known.except.contains(text);
        self.names.get(text).or_else(|| self.beginnings.iter().find(begins).map(|known| &known.value))
    }

    /// Whether a text stands for anything.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.get(text).is_some()
    }

    /// All that texts stand for.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.names.values().chain(self.beginnings.iter().map(|known| &known.value))
    }
}

impl Lookup<bool> {
    /// Whether a text is in: what is said of it alone comes before what is said of its beginning.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        self.get(text).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_before_beginnings_and_long_ones_before_short_ones() {
        let mut all = Lookup::default();
        all.insert("db-trial".to_owned(), 1);
        all.insert_beginning("db-".to_owned(), BTreeSet::from(["db-none".to_owned()]), 2);
        all.insert_beginning("db-back".to_owned(), BTreeSet::new(), 3);
        let seen = |text: &str| all.get(text).copied();
        assert_eq!(
            ["db-trial", "db-x", "db-backup", "db-none", "d"].map(seen),
            [Some(1), Some(2), Some(3), None, None]
        );
    }
}
