//! Something for each month: beside one another as long as they are near, so that finding one costs an addition.

use std::collections::BTreeMap;

/// Months beside one another at most: a century. Years far from each other are a fault that is told elsewhere, and
/// must not cost the memory between them.
const NEAR: usize = 1200;

/// Something for each month, by [`crate::month::Month::index`].
#[derive(Debug)]
pub(in crate::measure) struct ByMonth<T> {
    first: i32,
    near: Vec<T>,
    far: BTreeMap<i32, T>,
}

impl<T> Default for ByMonth<T> {
    fn default() -> Self {
        Self { first: 0, near: Vec::new(), far: BTreeMap::new() }
    }
}

impl<T: Default> ByMonth<T> {
    /// What there is for a month, and nothing yet for those between that were never asked for.
    pub(in crate::measure) fn at(&mut self, month: i32) -> &mut T {
        let place = |first: i32| month.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        if place(self.first).is_none_or(|at| at >= self.near.len()) {
            self.reach(month);
        }
        match place(self.first).and_then(|at| self.near.get_mut(at)) {
            Some(known) => known,
            None => self.far.entry(month).or_default(),
        }
    }

    /// What there is for a month, where any was asked for near it.
    pub(in crate::measure) fn get(&self, month: i32) -> Option<&T> {
        let near = month.checked_sub(self.first).and_then(|at| self.near.get(usize::try_from(at).ok()?));
        near.or_else(|| self.far.get(&month))
    }

    /// Makes room for a month, where it is near enough.
    fn reach(&mut self, month: i32) {
        if self.near.is_empty() {
            self.first = month;
        }
        let first = self.first.min(month);
        let span = |to: i32| to.checked_sub(first).and_then(|span| usize::try_from(span).ok());
        let Some(before) = span(self.first) else { return };
        let Some(length) = span(month).map(|at| (before + self.near.len()).max(at + 1)).filter(|all| *all <= NEAR)
        else {
            return;
        };
        self.near.splice(..0, std::iter::repeat_with(T::default).take(before));
        self.near.resize_with(length, T::default);
        self.first = first;
        // What was far can be near now.
        let within = self.far.keys().filter(|month| span(**month).is_some_and(|at| at < length));
        for month in within.copied().collect::<Vec<i32>>() {
            let far = self.far.remove(&month);
            let place = span(month).and_then(|at| self.near.get_mut(at));
            if let (Some(far), Some(place)) = (far, place) {
                *place = far;
            }
        }
    }

    /// All there is, with the months.
    pub(in crate::measure) fn into_months(self) -> impl Iterator<Item = (i32, T)> {
        (self.first..).zip(self.near).chain(self.far)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_found_again_wherever_they_lie() {
        let mut counts: ByMonth<u64> = ByMonth::default();
        let months = [700, 690, 710, i32::MIN, 100_000, 700, 1_900, 690, i32::MAX, 99_000, 100_000, 1_880];
        for month in months {
            *counts.at(month) += 1;
        }
        let mut all: Vec<(i32, u64)> = counts.into_months().filter(|(_, count)| *count > 0).collect();
        all.sort_unstable();
        let mut known: BTreeMap<i32, u64> = BTreeMap::new();
        for month in months {
            *known.entry(month).or_default() += 1;
        }
        assert_eq!(all, known.into_iter().collect::<Vec<_>>());
    }
}
