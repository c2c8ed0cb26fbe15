//! Tests on a group's amounts: a comparison of whole numbers wherever the bounds are numbers of the text.

use super::amounts::{Cell, Read};
use crate::measure::local::mask::within;
use crate::rules::{Bounds, Figure, GroupTest, Leaf, Side};

pub(super) enum Test<'a> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// An amount is missing.
    Missing(usize),
    /// A whole number lies between two others, at its scale.
    Between {
        amount: usize,
        least: i128,
        most: i128,
    },
    /// A number lies within bounds.
    Within {
        amount: usize,
        bounds: &'a Bounds<Leaf>,
    },
}

impl<'a> Test<'a> {
    pub(super) fn new(test: &'a GroupTest, read: &Read<'_>) -> Self {
        let all = |parts: &'a [GroupTest]| parts.iter().map(|part| Self::new(part, read)).collect();
        match test {
            GroupTest::All(parts) => Self::All(all(parts)),
            GroupTest::Any(parts) => Self::Any(all(parts)),
            GroupTest::Not(part) => Self::Not(Box::new(Self::new(part, read))),
            GroupTest::Missing(amount) => Self::Missing(*amount),
            GroupTest::Within { amount, bounds } => {
                let scale = read.amounts.scale(*amount);
                match scale.and_then(|scale| Some((fixed(bounds, read)?, scale))) {
                    Some((limits, scale)) => {
                        let (least, most) = within(&limits, scale);
                        Self::Between { amount: *amount, least, most }
                    }
                    None => Self::Within { amount: *amount, bounds },
                }
            }
        }
    }

    pub(super) fn holds(&self, read: &Read<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(read)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(read)),
            Self::Not(part) => !part.holds(read),
            Self::Missing(amount) => matches!(read.amounts.cells.get(*amount), Some(Cell::Missing) | None),
            Self::Between { amount, least, most } => match read.amounts.cells.get(*amount) {
                Some(Cell::Whole(value)) => least <= value && value <= most,
                _ => false,
            },
            Self::Within { amount, bounds } => bounds.hold(&read.amounts.figure(*amount), read) == Some(true),
        }
    }
}

/// The bounds, where no amount and no reading is among them.
fn fixed(bounds: &Bounds<Leaf>, read: &Read<'_>) -> Option<Vec<(Side, crate::exact::Exact)>> {
    let mut names_amounts = false;
    bounds.limits.iter().for_each(|(_, limit)| limit.leaves(&mut |_| names_amounts = true));
    let limit = |(side, figure)| match figure {
        Figure::Known(limit) => Some((side, limit)),
        Figure::Missing | Figure::Unknown => None,
    };
    if names_amounts { None } else { bounds.figures(read).into_iter().map(limit).collect() }
}
