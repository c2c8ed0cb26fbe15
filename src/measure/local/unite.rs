//! What goes by two names, and names that stand beside several.

use super::State;
use super::groups::Groups;
use super::identity::follow;
use super::intern::Interner;
use crate::measure::{Beside, Merged};
use std::collections::BTreeMap;

/// Which names mean the same.
pub(super) struct Means {
    /// For each wanted column that is a key, what each of its numbers counts as.
    pub(super) same: Vec<Vec<u32>>,
    /// The columns, the second names and the first names that they mean: as the data say.
    pub(super) named: Vec<(usize, u32, u32)>,
    /// The same as the rules say: other spellings of what their lists name.
    pub(super) stated: Vec<(usize, u32, u32)>,
}

impl State<'_> {
    /// Counts what goes by two names as one: its groups are joined.
    pub(super) fn unite(&mut self) -> Means {
        let stated = self.stated();
        let numbered = |count: usize| (0..u32::try_from(count).unwrap_or(u32::MAX)).collect::<Vec<u32>>();
        let mut same: Vec<Vec<u32>> =
            self.keys.iter().map(|key| numbered(key.as_ref().map_or(0, Interner::len))).collect();
        let mut named = Vec::new();
        for (at, from, to) in &stated {
            let entry = same.get_mut(*at).and_then(|same| same.get_mut(usize::try_from(*from).ok()?));
            if let Some(entry) = entry {
                *entry = *to;
            }
        }
        if !stated.is_empty() {
            same.iter_mut().for_each(follow);
        }
        for ((first, _), links) in self.table.identities.iter().zip(&self.links) {
            let Some((Some(interner), same)) = self.keys.get(*first).zip(same.get_mut(*first)) else { continue };
            let mut names = Vec::new();
            for (second_name, first_name) in links.certain() {
                let (Some(from), Some(to)) = (interner.known(second_name), interner.known(first_name)) else {
                    continue;
                };
                // What the rules say is left as it is, the same the other way round too.
                let means = |number: u32| usize::try_from(number).ok().and_then(|at| same.get(at)).copied();
                if means(from) == Some(from) && means(to) != Some(from) {
                    names.push((from, to));
                }
            }
            for (from, to) in &names {
                if let Some(entry) = usize::try_from(*from).ok().and_then(|at| same.get_mut(at)) {
                    *entry = *to;
                }
            }
            follow(same);
            // Names that lead round in a circle are left as they are.
            let is_one = |from: u32| usize::try_from(from).ok().and_then(|at| same.get(at)) != Some(&from);
            named.extend(names.into_iter().filter(|(from, _)| is_one(*from)).map(|(from, to)| (*first, from, to)));
        }
        if !(named.is_empty() && stated.is_empty()) {
            let entities = numbered(self.entities.len());
            for (accumulator, groups) in self.table.accumulators.iter().zip(&mut self.groups) {
                let keys: Vec<&[u32]> =
                    accumulator.keys.iter().filter_map(|at| same.get(*at).map(Vec::as_slice)).collect();
                let mut united = Groups::new(accumulator);
                united.merge(groups, &entities, &keys);
                *groups = united;
            }
        }
        let means = Means { same, named, stated };
        self.show_as_stated(&means);
        means
    }

    /// Spellings that were met and mean what a list names otherwise.
    fn stated(&mut self) -> Vec<(usize, u32, u32)> {
        let mut stated = Vec::new();
        for (at, aliases) in &self.table.aliases {
            let Some(Some(interner)) = self.keys.get_mut(*at) else { continue };
            for (alias, name) in aliases {
                let Some(from) = interner.known(alias) else { continue };
                let to = interner.number(name);
                stated.extend((from != to).then_some((*at, from, to)));
            }
        }
        stated
    }

    /// Shows what the rules have a name for by that name, whether rows have it or not.
    pub(super) fn show_as_stated(&mut self, means: &Means) {
        for (at, from, to) in &means.stated {
            let Some(Some(interner)) = self.keys.get_mut(*at) else { continue };
            let alias = crate::text::compared(interner.name(*from), interner.is_exact()).into_owned();
            let name = self.table.aliases.get(at).and_then(|aliases| aliases.get(&alias));
            if let Some(name) = name {
                interner.show(*to, name);
            }
        }
    }

    /// What goes by two names and counts as one.
    pub(super) fn merged(&self, means: &Means) -> Vec<Merged> {
        let all = [(&means.named, false), (&means.stated, true)];
        all.into_iter().flat_map(|(named, is_stated)| self.names(named, is_stated)).collect()
    }

    fn names(&self, named: &[(usize, u32, u32)], is_stated: bool) -> Vec<Merged> {
        let mut merged: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for (at, from, to) in named {
            let Some(Some(interner)) = self.keys.get(*at) else { continue };
            let names = (interner.name(*from).to_owned(), interner.name(*to).to_owned());
            // Of one entity's names a name of others is shown as one of these.
            if names.0 != names.1 {
                merged.entry(*at).or_default().push(names);
            }
        }
        let of_column = |(at, names): (usize, Vec<(String, String)>)| {
            let column = self.table.wanted.get(at)?.name.clone();
            Some(Merged { table: self.table.name.clone(), column, names, is_stated })
        };
        merged.into_iter().filter_map(of_column).collect()
    }

    /// Names that stand beside several, and are left as they are; of one entity those in its own rows.
    pub(super) fn beside(&self, own: Option<&Self>) -> Vec<Beside> {
        let mut all = Vec::new();
        for (at, ((first, _), links)) in self.table.identities.iter().zip(&self.links).enumerate() {
            let Some(wanted) = self.table.wanted.get(*first) else { continue };
            let own = own.map(|own| (own.links.get(at), own.keys.get(*first).and_then(Option::as_ref)));
            let told = |name: &str, shown: &str| match own {
                None => Some(shown.to_owned()),
                Some((links, key)) => {
                    let as_key = || key.and_then(|key| key.known(name).map(|number| key.name(number)));
                    links.and_then(|links| links.shown(name)).or_else(as_key).map(str::to_owned)
                }
            };
            let several = own.and_then(|(links, _)| links).unwrap_or(links).several();
            let ambiguous = links.ambiguous(told);
            if !ambiguous.is_empty() || !several.is_empty() {
                all.push(Beside { table: self.table.name.clone(), column: wanted.name.clone(), ambiguous, several });
            }
        }
        all
    }
}
