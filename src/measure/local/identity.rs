//! One thing under two names: rows that have both names link them, and rows that have only the second then mean the
//! first.

use crate::measure::Ambiguous;
use crate::read::{MISSING, Texts};
use crate::text::{fold, trim};
use std::collections::{BTreeMap, HashSet};

/// Which first names each second name stands beside.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Folded second name → what stands beside it.
    seconds: BTreeMap<Box<str>, Second>,
    /// By the code of a first name the code of the second that it stood beside last: most stand beside one only.
    last: Vec<u32>,
    /// The codes that stood beside one another, where there are several.
    seen: HashSet<(u32, u32)>,
}

#[derive(Debug)]
struct Second {
    /// Its smallest spelling by bytes.
    shown: Box<str>,
    /// Folded first name → its smallest spelling.
    firsts: BTreeMap<Box<str>, Box<str>>,
}

impl Links {
    /// Looks at the rows that have both names. A row without the first one has the second in its place.
    pub(super) fn see(&mut self, first: &Texts<'_>, second: &Texts<'_>) {
        self.last.resize(self.last.len().max(first.spellings().len()), MISSING);
        for (one, other) in first.codes().iter().zip(second.codes()) {
            let Some(last) = usize::try_from(*one).ok().and_then(|one| self.last.get_mut(one)) else { continue };
            if *other == MISSING || *last == *other {
                continue;
            }
            *last = *other;
            if self.seen.insert((*one, *other)) {
                self.link(second.spellings().text(*other), first.spellings().text(*one));
            }
        }
    }

    fn link(&mut self, second: &str, first: &str) {
        let (second_folded, first_folded) = (fold(second), fold(first));
        if second_folded == first_folded {
            return;
        }
        let (second, first) = (trim(second), trim(first));
        let new = || Second { shown: second.into(), firsts: BTreeMap::new() };
        let beside = self.seconds.entry(second_folded.as_ref().into()).or_insert_with(new);
        smallest(&mut beside.shown, second);
        smallest(beside.firsts.entry(first_folded.as_ref().into()).or_insert_with(|| first.into()), first);
    }

    /// Takes in what another thread saw.
    pub(super) fn merge(&mut self, other: &Self) {
        for beside in other.seconds.values() {
            for first in beside.firsts.values() {
                self.link(&beside.shown, first);
            }
        }
    }

    /// The second names that stand beside exactly one first name, with it; both folded.
    pub(super) fn certain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.seconds.iter().filter_map(|(second, beside)| {
            let first = beside.firsts.keys().next().filter(|_| beside.firsts.len() == 1)?;
            Some((second.as_ref(), first.as_ref()))
        })
    }

    /// The second names that stand beside several first names: they mean none of them. `told` says how a folded name that
    /// is shown so is told; those that it does not tell are counted.
    pub(super) fn ambiguous(&self, told: impl Fn(&str, &str) -> Option<String>) -> Vec<Ambiguous> {
        let several = self.seconds.iter().filter(|(_, beside)| beside.firsts.len() > 1);
        let ambiguous = several.filter_map(|(second, beside)| {
            let name = told(second, &beside.shown)?;
            let firsts: Vec<String> = beside.firsts.iter().filter_map(|(first, shown)| told(first, shown)).collect();
            let untold = beside.firsts.len() - firsts.len();
            Some(Ambiguous { name, beside: firsts, untold })
        });
        ambiguous.collect()
    }

    /// How a folded name that stands beside another is shown.
    pub(super) fn shown(&self, folded: &str) -> Option<&str> {
        let second = self.seconds.get(folded).map(|beside| &*beside.shown);
        second.or_else(|| self.seconds.values().find_map(|beside| beside.firsts.get(folded)).map(AsRef::as_ref))
    }

    /// The first names that stand beside several second names, with those.
    pub(super) fn several(&self) -> Vec<(String, Vec<String>)> {
        let mut firsts: BTreeMap<&str, (&str, Vec<&Box<str>>)> = BTreeMap::new();
        for beside in self.seconds.values() {
            for (folded, shown) in &beside.firsts {
                let (smallest, seconds) = firsts.entry(folded).or_insert((shown, Vec::new()));
                *smallest = (*smallest).min(shown);
                seconds.push(&beside.shown);
            }
        }
        let several = firsts.into_values().filter(|(_, seconds)| seconds.len() > 1);
        several.map(|(first, seconds)| (first.to_owned(), owned(seconds.into_iter()))).collect()
    }
}

fn smallest(known: &mut Box<str>, shown: &str) {
    if shown < known.as_ref() {
        *known = shown.into();
    }
}

fn owned<'a>(names: impl Iterator<Item = &'a Box<str>>) -> Vec<String> {
    names.map(|name| String::from(&**name)).collect()
}

/// Where a name means one that itself means another, it means the last; in a circle it stays what it is.
pub(super) fn follow(same: &mut Vec<u32>) {
    let step = |at: u32| usize::try_from(at).ok().and_then(|at| same.get(at)).copied().unwrap_or(at);
    let end = |start: u32| {
        let mut at = start;
        for _ in 0..same.len() {
            if step(at) == at {
                return at;
            }
            at = step(at);
        }
        start
    };
    *same = (0..u32::try_from(same.len()).unwrap_or(u32::MAX)).map(end).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Spelt;

    fn other_of(pairs: &[(&str, &str)]) -> Links {
        let mut links = Links::default();
        for (first, second) in pairs {
            links.link(second, first);
        }
        links
    }

    #[test]
    fn a_second_name_beside_two_first_ones_links_nothing() {
        let mut links = Links::default();
        let firsts = Spelt::new(&[Some("17"), Some("17"), Some("18"), Some("b@x"), Some("19")]);
        links.see(&firsts.texts(), &Spelt::new(&[Some("a@x"), Some("A@X"), Some("c@x"), Some("b@x"), None]).texts());
        assert_eq!(links.certain().collect::<Vec<_>>(), [("a@x", "17"), ("c@x", "18")]);
        let mut other = Links::default();
        other.see(&Spelt::new(&[Some("99")]).texts(), &Spelt::new(&[Some("a@x")]).texts());
        links.merge(&other);
        assert_eq!(links.certain().collect::<Vec<_>>(), [("c@x", "18")]);
        let texts =
            |name: &str, names: &[&str]| (name.to_owned(), names.iter().map(|name| (*name).to_owned()).collect());
        let ambiguous = |beside: &[&str], untold| Ambiguous {
            name: "A@X".to_owned(),
            beside: beside.iter().map(|name| (*name).to_owned()).collect(),
            untold,
        };
        let but =
            |untold: &'static str| move |name: &str, shown: &str| Some(shown.to_owned()).filter(|_| name != untold);
        assert_eq!(links.ambiguous(but("")), [ambiguous(&["17", "99"], 0)]);
        assert_eq!(links.ambiguous(but("99")), [ambiguous(&["17"], 1)]);
        assert_eq!(links.ambiguous(but("a@x")), []);
        assert_eq!(links.several(), []);
        links.merge(&other_of(&[("18", "d@x")]));
        assert_eq!(links.several(), [texts("18", &["c@x", "d@x"])]);
    }
}
