//! Names of groups, each some small numbers, by which their places are found.

/// An open table. Names of up to two numbers, which nearly all are, stand in it themselves: to find one costs one look.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// As many as a power of two, at most half of them taken.
    places: Vec<Place>,
    known: usize,
    /// Of names of two numbers, where both are few: one more than the name's own number by both; 0 where there is none.
    dense: Vec<u32>,
    /// The bits of the last number within that, which lie below those of the first.
    bits: u32,
    /// Where they are too many for that, by the last number of a name the name that had it last: a customer is nearly
    /// always of one entity, and this is far smaller than the table.
    last: Vec<Last>,
}

/// The most names for which there is a place by both their numbers: 1 MiB.
const DENSE: usize = 1 << 18;

/// A name's first number, and one more than the name's own; 0 where nothing stands.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    first: u32,
    number: u32,
}

/// The last numbers of names that are looked up so.
const NEAR: usize = 1 << 22;

/// A name, and one more than its number; 0 where nothing stands.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    tag: u64,
    number: usize,
}

impl Index {
    /// The numbers of many names of one or two numbers, each one more than it is; 0 of one that has to be looked up alone, as
    /// every longer one has.
    /// All of them are looked up before any is used: none waits for the one before.
    pub(super) fn near(&self, names: impl Iterator<Item = Option<(u32, u32)>>, near: &mut Vec<u32>) {
        near.clear();
        if self.is_dense() {
            near.extend(names.map(|name| name.map_or(0, |(first, last)| self.in_dense(first, last))));
        } else {
            let known = |last: u32| self.last.get(usize::try_from(last).ok()?).copied();
            let number = |(first, last)| Some(known(last).filter(|known| known.first == first)?.number);
            near.extend(names.map(|name| name.and_then(number).unwrap_or(0)));
        }
    }

    /// The number of a name, which gets the next one where it has none. `names` are all known ones, one behind the other
    /// by their numbers.
    pub(super) fn number(&mut self, name: &[u32], names: &[u32]) -> usize {
        if name.is_empty() {
            return 0;
        }
        let number = self.in_table(name, names);
        if let (Ok(kept), Some(pair)) = (u32::try_from(number + 1), pair(name)) {
            self.keep(pair, kept, names.chunks(name.len()));
        }
        number
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.places.as_slice()) + size_of_val(self.dense.as_slice()) + size_of_val(self.last.as_slice())
    }

    fn is_dense(&self) -> bool {
        self.bits < u32::BITS
    }

    fn in_dense(&self, first: u32, last: u32) -> u32 {
        let place = place_in(first, last, self.bits);
        place.and_then(|place| self.dense.get(place)).copied().unwrap_or(0)
    }

    /// Keeps a name's number where it is found without the table.
    fn keep<'n>(&mut self, (first, last): (u32, u32), number: u32, names: impl Iterator<Item = &'n [u32]>) {
        if self.is_dense() {
            let bits = self.bits.max(u32::BITS - last.leading_zeros());
            let rows = usize::try_from(first).map_or(usize::MAX, |first| first.saturating_add(1));
            let rows = rows.max(self.dense.len() >> self.bits).checked_next_power_of_two();
            let size = 1_usize.checked_shl(bits).and_then(|row| rows?.checked_mul(row));
            if let Some(size) = size.filter(|size| *size <= DENSE) {
                if bits > self.bits || size > self.dense.len() {
                    (self.bits, self.dense) = (bits, vec![0; size]);
                    for (known, name) in (1_u32..).zip(names) {
                        if let Some((first, last)) = pair(name) {
                            self.put_dense(first, last, known);
                        }
                    }
                }
                self.put_dense(first, last, number);
                return;
            }
            (self.bits, self.dense) = (u32::BITS, Vec::new());
        }
        let Some(place) = usize::try_from(last).ok().filter(|last| *last < NEAR) else { return };
        if place >= self.last.len() {
            self.last.resize(place + 1, Last::default());
        }
        if let Some(last) = self.last.get_mut(place) {
            *last = Last { first, number };
        }
    }

    fn put_dense(&mut self, first: u32, last: u32, number: u32) {
        if let Some(place) = place_in(first, last, self.bits).and_then(|place| self.dense.get_mut(place)) {
            *place = number;
        }
    }

    fn in_table(&mut self, name: &[u32], names: &[u32]) -> usize {
        if self.known * 2 >= self.places.len() {
            self.grow();
        }
        let tag = tag_of(name);
        let is_it = |place: &Place| {
            place.tag == tag
                && (name.len() <= 2
                    || names.chunks(name.len()).nth(place.number - 1).is_some_and(|known| known == name))
        };
        let mut at = spread(tag);
        loop {
            let within = at & (self.places.len() - 1);
            let Some(place) = self.places.get_mut(within) else { return self.known };
            if place.number == 0 {
                self.known += 1;
                *place = Place { tag, number: self.known };
                return self.known - 1;
            }
            if is_it(place) {
                return place.number - 1;
            }
            at += 1;
        }
    }

    fn grow(&mut self) {
        let larger = vec![Place::default(); (self.places.len() * 2).max(64)];
        let mask = larger.len() - 1;
        for place in std::mem::replace(&mut self.places, larger).into_iter().filter(|place| place.number > 0) {
            let mut at = spread(place.tag);
            while self.places.get(at & mask).is_some_and(|taken| taken.number > 0) {
                at += 1;
            }
            if let Some(free) = self.places.get_mut(at & mask) {
                *free = place;
            }
        }
    }
}

/// A name of one or two numbers as two; none of a longer one.
pub(super) fn pair(name: &[u32]) -> Option<(u32, u32)> {
    match name {
        [one] => Some((0, *one)),
        [one, other] => Some((*one, *other)),
        _ => None,
    }
}

/// The place of a name by its numbers; none where the last has more bits.
fn place_in(first: u32, last: u32, bits: u32) -> Option<usize> {
    let place = u64::from(first) << bits | u64::from(last);
    if u64::from(last) >> bits == 0 { usize::try_from(place).ok() } else { None }
}

/// What tells names apart: all of it for two numbers, nearly always for more.
fn tag_of(name: &[u32]) -> u64 {
    let add = |tag: u64, part: &u32| match name.len() {
        0..=2 => tag << 32 | u64::from(*part),
        _ => (tag.rotate_left(29) ^ u64::from(*part)).wrapping_mul(FACTOR),
    };
    name.iter().fold(0, add)
}

/// Where a name is looked for first. The numbers of names are dense and nobody chooses them.
fn spread(tag: u64) -> usize {
    usize::try_from((tag ^ tag >> 29).wrapping_mul(FACTOR) >> 24).unwrap_or(0)
}

/// An odd number whose bits look random.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers() {
        for width in 1..=4 {
            let (mut index, mut names) = (Index::default(), Vec::new());
            // Few and far between, so that some tables of numbers are dense, and some become too large for that.
            let name = |one: u32| -> Vec<u32> {
                (0..width).map(|part| (one >> part) % 97 * (1 + one / 3_500 * (1 << 14)) + part).collect()
            };
            let mut known: std::collections::HashMap<Vec<u32>, usize> = std::collections::HashMap::new();
            for one in (0..4_000).chain(0..4_000) {
                let name = name(one);
                let mut near = Vec::new();
                index.near(std::iter::once(pair(&name)), &mut near);
                let is_near = near.first().copied().and_then(|near| usize::try_from(near).ok()?.checked_sub(1));
                assert!(is_near.is_none() || is_near == known.get(&name).copied());
                let next = known.len();
                let expected = *known.entry(name.clone()).or_insert(next);
                assert_eq!(index.number(&name, &names), expected);
                if expected == next {
                    names.extend(name);
                }
            }
        }
    }
}
