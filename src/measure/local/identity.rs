//! One thing under two names: rows that have both names link them, and rows that have only the second then mean the
//! first.

use crate::text::fold;
use arrow_array::types::UInt32Type;
use arrow_array::{Array as _, DictionaryArray, StringArray};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

/// Which first name each second name stands beside.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Folded second name → folded first name; `None` where it stands beside several.
    first_of: BTreeMap<Box<str>, Option<Box<str>>>,
}

impl Links {
    /// Looks at the rows that have both names. A row without the first one has the second in its place.
    pub(super) fn see(&mut self, first: &DictionaryArray<UInt32Type>, second: &DictionaryArray<UInt32Type>) {
        let text = |texts: &DictionaryArray<UInt32Type>, code: u32| {
            let values = texts.values().as_any().downcast_ref::<StringArray>()?;
            let at = usize::try_from(code).ok().filter(|at| *at < values.len())?;
            Some(fold(values.value(at)).into_owned())
        };
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        for pair in first.keys().iter().zip(second.keys().iter()) {
            let (Some(one), Some(other)) = pair else { continue };
            if !seen.insert((one, other)) {
                continue;
            }
            if let (Some(one), Some(other)) = (text(first, one), text(second, other))
                && one != other
            {
                self.link(other.into(), Some(one.into()));
            }
        }
    }

    fn link(&mut self, second: Box<str>, first: Option<Box<str>>) {
        match self.first_of.entry(second) {
            Entry::Vacant(entry) => {
                entry.insert(first);
            }
            Entry::Occupied(mut entry) if *entry.get() != first => {
                entry.insert(None);
            }
            Entry::Occupied(_) => {}
        }
    }

    /// Takes in what another thread saw.
    pub(super) fn merge(&mut self, other: Self) {
        for (second, first) in other.first_of {
            self.link(second, first);
        }
    }

    /// The second names that stand beside exactly one first name, with it; both folded.
    pub(super) fn certain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.first_of.iter().filter_map(|(second, first)| Some((second.as_ref(), first.as_deref()?)))
    }
}

/// Where a name means one that itself means another, it means the last; in a circle it stays what it is.
pub(super) fn follow(same: &mut [u32]) {
    for start in 0..same.len() {
        let mut at = start;
        for _ in 0..same.len() {
            let Some(next) = same.get(at).and_then(|next| usize::try_from(*next).ok()) else { break };
            if next == at {
                break;
            }
            at = next;
        }
        let is_last = same.get(at).is_some_and(|next| usize::try_from(*next) == Ok(at));
        if let (true, Ok(end), Some(entry)) = (is_last, u32::try_from(at), same.get_mut(start)) {
            *entry = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[Option<&str>]) -> DictionaryArray<UInt32Type> {
        cells.iter().copied().collect()
    }

    #[test]
    fn a_second_name_beside_two_first_ones_links_nothing() {
        let mut links = Links::default();
        links.see(
            &texts(&[Some("17"), Some("17"), Some("18"), Some("b@x"), Some("19")]),
            &texts(&[Some("a@x"), Some("A@X"), Some("c@x"), Some("b@x"), None]),
        );
        assert_eq!(links.certain().collect::<Vec<_>>(), [("a@x", "17"), ("c@x", "18")]);
        let mut other = Links::default();
        other.see(&texts(&[Some("99")]), &texts(&[Some("a@x")]));
        links.merge(other);
        assert_eq!(links.certain().collect::<Vec<_>>(), [("c@x", "18")]);
    }
}
