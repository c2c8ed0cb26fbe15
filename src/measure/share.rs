//! Shares of the entities: where the groups of all at once do not fit into memory, some are measured at a time.

use crate::text::hashed;
use crate::text::is_same;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How much memory the work may take.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// The most bytes that may be held.
    pub limit: u64,
    /// How many are held now.
    pub used: fn() -> u64,
}

/// The entities that are measured.
#[derive(Clone, Copy, Debug)]
pub(super) enum Share<'a> {
    /// Of all entities those whose hashes end in these bits.
    Hashed { bits: u32, end: u64 },
    /// One. What is said of rows is said of its own.
    One(&'a str),
}

impl Share<'_> {
    pub(super) const ALL: Self = Self::Hashed { bits: 0, end: 0 };

    /// One, or all.
    pub(super) fn of(only: Option<&str>) -> Share<'_> {
        only.map_or(Share::ALL, Share::One)
    }

    pub(super) fn is_all(self) -> bool {
        matches!(self, Self::Hashed { bits: 0, .. })
    }

    pub(super) fn is_one(self) -> bool {
        matches!(self, Self::One(_))
    }

    /// Whether an entity is among them, in whatever spelling.
    pub(super) fn holds(self, entity: &str) -> bool {
        match self {
            Self::Hashed { bits: 0, .. } => true,
            Self::Hashed { bits, end } => hashed(entity) & ((1 << bits) - 1) == end,
            Self::One(one) => is_same(one, entity),
        }
    }

    /// Two shares that are this one together; none where it cannot be cut.
    pub(super) fn halves(self) -> Option<[Self; 2]> {
        match self {
            Self::Hashed { bits, end } if bits + 1 < u64::BITS => {
                Some([end, end | 1 << bits].map(|end| Self::Hashed { bits: bits + 1, end }))
            }
            _ => None,
        }
    }
}

/// What a round had taken when it was given up.
#[derive(Debug)]
pub(super) struct Full {
    /// The bytes of its groups: only these are fewer in a smaller share.
    pub(super) groups: u64,
    /// The entities of its share that it had met, folded.
    pub(super) entities: BTreeSet<String>,
}

impl Full {
    /// Whether half of the entities take less: there are several, and what they take is not next to nothing.
    pub(super) fn is_less_in_half(&self, limit: u64) -> bool {
        self.entities.len() > 1 && self.groups >= limit / 16
    }
}

/// Looks at the memory while the rows of a table are read.
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
        // Those of the threads are put together later, and those of several tables then joined: each takes up to as much
        // once more.
        if (memory.used)().saturating_add(2 * all) > memory.limit {
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
