//! Shares of the entities: where the groups of all at once do not fit into memory, some are measured at a time.

use super::local::hashed;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How much memory the work may take.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// The most bytes that may be held.
    pub limit: u64,
    /// How many are held now.
    pub used: fn() -> u64,
}

/// Of all entities those whose hashes end alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    bits: u32,
    end: u64,
}

impl Share {
    pub(super) const ALL: Self = Self { bits: 0, end: 0 };
    /// No one bit is as large.
    pub(super) const NONE: Self = Self { bits: 1, end: 2 };

    pub(super) fn is_all(self) -> bool {
        self.bits == 0
    }

    /// Whether an entity is among them, in whatever spelling.
    pub(super) fn holds(self, entity: &str) -> bool {
        self.is_all() || hashed(entity) & ((1 << self.bits) - 1) == self.end
    }

    /// Two shares that are this one together; none where hashes have no more bits.
    pub(super) fn halves(self) -> Option<[Self; 2]> {
        let half = |end| Self { bits: self.bits + 1, end };
        (self.bits + 1 < u64::BITS).then(|| [half(self.end), half(self.end | 1 << self.bits)])
    }
}

/// What a pass over rows had taken when it was given up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Full {
    /// The bytes of its groups: only these are fewer in a smaller share.
    pub(super) groups: u64,
    /// How many entities of its share it had met.
    pub(super) entities: usize,
}

impl Full {
    /// Whether half of the entities take less: there are several, and what they take is not next to nothing.
    pub(super) fn is_less_in_half(self, limit: u64) -> bool {
        self.entities > 1 && self.groups >= limit / 16
    }
}

/// Looks at the memory while rows are read.
pub(super) struct Watch {
    memory: Option<Memory>,
    /// The bytes of all threads' groups.
    groups: AtomicU64,
    is_full: AtomicBool,
}

impl Watch {
    pub(super) fn new(memory: Option<Memory>) -> Self {
        Self { memory, groups: AtomicU64::new(0), is_full: AtomicBool::new(false) }
    }

    /// Looks at it again. A thread tells what its groups take now, and keeps what it told before.
    pub(super) fn look(&self, told: &mut u64, groups: impl FnOnce() -> u64) {
        let Some(memory) = self.memory else { return };
        // Groups never become fewer.
        let grown = groups().saturating_sub(*told);
        *told += grown;
        let all = self.groups.fetch_add(grown, Ordering::Relaxed) + grown;
        // Those of the threads are put together later, and then take up to as much once more.
        if (memory.used)().saturating_add(all) > memory.limit {
            self.is_full.store(true, Ordering::Relaxed);
        }
    }

    /// What says that nothing more is to be read.
    pub(super) const fn is_full(&self) -> &AtomicBool {
        &self.is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_share_entities_out() {
        let mut shares = vec![Share::ALL];
        for _ in 0..4 {
            shares = shares.into_iter().flat_map(|share| share.halves().expect("few bits")).collect();
        }
        assert_eq!(shares.len(), 16);
        for entity in (0..500).map(|number| format!("Entity  {number}")) {
            assert_eq!(shares.iter().filter(|share| share.holds(&entity)).count(), 1);
            let holds = |entity: &str| shares.iter().position(|share| share.holds(entity));
            assert_eq!(holds(&entity), holds(&entity.to_lowercase()));
        }
    }
}
