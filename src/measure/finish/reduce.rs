//! Groups → one number: those of an entity, or of one group of groups.

use super::amounts::{Amounts, Cell};
use crate::exact::Exact;
use crate::rules::Reduce;

/// What groups come to so far.
pub(super) struct Total {
    reduce: Reduce,
    /// How many groups there are that have the amount.
    count: i64,
    /// Whole numbers, at this scale.
    whole: Option<i128>,
    scale: u32,
    /// All others.
    exact: Option<Exact>,
}

impl Total {
    pub(super) const fn new(reduce: Reduce) -> Self {
        Self { reduce, count: 0, whole: None, scale: 0, exact: None }
    }

    /// Takes in a group; `None` where the total leaves 38 digits.
    pub(super) fn add(&mut self, amounts: &Amounts<'_>) -> Option<()> {
        let cell = match self.reduce.amount() {
            None => &Cell::Missing,
            Some(at) => match amounts.cells.get(at)? {
                // A group that lacks the amount is passed over.
                Cell::Missing => return Some(()),
                cell => cell,
            },
        };
        self.count += 1;
        match cell {
            Cell::Missing => {}
            Cell::Whole(value) => {
                self.scale = self.reduce.amount().and_then(|at| amounts.scale(at))?;
                self.whole = Some(match (self.whole, self.reduce) {
                    (None, _) => *value,
                    (Some(whole), Reduce::Greatest(_)) => whole.max(*value),
                    (Some(whole), Reduce::Least(_)) => whole.min(*value),
                    (Some(whole), _) => whole.checked_add(*value)?,
                });
            }
            Cell::Exact(value) => {
                self.exact = Some(match (self.exact.take(), self.reduce) {
                    (None, _) => value.clone(),
                    (Some(exact), Reduce::Greatest(_)) => exact.max(value.clone()),
                    (Some(exact), Reduce::Least(_)) => exact.min(value.clone()),
                    (Some(exact), _) => &exact + value,
                });
            }
        }
        Some(())
    }

    /// The number; none for the mean or extreme of nothing.
    pub(super) fn value(self) -> Option<Exact> {
        let value = self.whole.map(|whole| Exact::scaled(whole, self.scale)).or(self.exact);
        match self.reduce {
            Reduce::Count => Some(Exact::from(self.count)),
            Reduce::Sum(_) => Some(value.unwrap_or_else(Exact::zero)),
            Reduce::Mean(_) => value?.over(&Exact::from(self.count)),
            Reduce::Greatest(_) | Reduce::Least(_) => value,
        }
    }
}
