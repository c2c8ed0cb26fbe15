//! Names of groups, each some small numbers, by which their places are found.

/// An open table. Names of up to two numbers, which nearly all are, stand in it themselves: to find one costs one look.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// As many as a power of two, at most half of them taken.
    places: Vec<Place>,
    known: usize,
    /// By the last number of a name the name that had it last, where names have at most two: a customer is nearly always
    /// of one entity, and this is far smaller than the table.
    last: Vec<Last>,
}

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
    /// The number of a name, which gets the next one where it has none. `names` are all known ones, one behind the other
    /// by their numbers.
    pub(super) fn number(&mut self, name: &[u32], names: &[u32]) -> usize {
        let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
        let place = usize::try_from(*last).ok().filter(|last| *last < NEAR && name.len() <= 2);
        if let Some(known) = place.and_then(|place| self.last.get(place))
            && known.number > 0
            && known.first == *first
        {
            return usize::try_from(known.number - 1).unwrap_or(0);
        }
        let number = self.in_table(name, names);
        if let Some(place) = place {
            if place >= self.last.len() {
                self.last.resize(place + 1, Last::default());
            }
            if let (Some(last), Ok(number)) = (self.last.get_mut(place), u32::try_from(number + 1)) {
                *last = Last { first: *first, number };
            }
        }
        number
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
            let name = |one: u32| -> Vec<u32> { (0..width).map(|part| (one >> part) % 97 + part).collect() };
            let mut known: std::collections::HashMap<Vec<u32>, usize> = std::collections::HashMap::new();
            for one in (0..4_000).chain(0..4_000) {
                let name = name(one);
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
