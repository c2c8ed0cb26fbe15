//! Numbers made of readings, and conditions on them.

use super::{Bounds, Reading, Reduce, Unit};
use crate::exact::Exact;
use std::sync::Arc;

/// A number made of readings.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// A reading.
    Reading(Reading),
    /// Added.
    Plus(Vec<Scalar>),
    /// The first less the second.
    Minus(Box<[Scalar; 2]>),
    /// (now − base) × 100 ÷ base.
    PercentChange {
        /// The number now and the base.
        sides: Box<[Scalar; 2]>,
        /// The result where the base is zero or below.
        no_base: Exact,
    },
}

impl Scalar {
    /// What it counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Reading(reading) => reading.measure.unit,
            Self::Plus(parts) => parts.first().map_or(Unit::Count, Self::unit),
            Self::Minus(sides) => {
                let [first, _] = sides.as_ref();
                first.unit()
            }
            Self::PercentChange { .. } => Unit::Percent,
        }
    }

    /// Calls `each` with every reading, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        match self {
            Self::Reading(reading) => each(reading),
            Self::Plus(parts) => parts.iter().for_each(|part| part.readings(each)),
            Self::Minus(sides) | Self::PercentChange { sides, .. } => sides.iter().for_each(|side| side.readings(each)),
        }
    }

    /// Whether no data can make it negative: it only counts groups.
    #[must_use]
    pub fn is_never_negative(&self) -> bool {
        match self {
            Self::Reading(reading) => reading.measure.reduce == Reduce::Count,
            Self::Plus(parts) => parts.iter().all(Self::is_never_negative),
            Self::Minus(_) | Self::PercentChange { .. } => false,
        }
    }
}

/// A condition with a name.
#[derive(Debug)]
pub struct NamedCondition {
    /// Its name.
    pub name: String,
    /// What is asked for, in words.
    pub title: Option<String>,
    /// The test.
    pub when: Condition,
    /// How many comparisons it comes to, those of the conditions it names included.
    pub comparisons: usize,
}

/// A test on readings. Three-valued: it holds, does not, or cannot be decided.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A named one.
    Named(Arc<NamedCondition>),
    /// Every one.
    All(Vec<Condition>),
    /// At least one.
    Any(Vec<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// A number lies within bounds.
    Within {
        /// The number.
        of: Scalar,
        /// The bounds.
        bounds: Bounds,
    },
}

impl Condition {
    /// How many comparisons it comes to.
    #[must_use]
    pub fn comparisons(&self) -> usize {
        match self {
            Self::Named(named) => named.comparisons,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().fold(0, |sum, part| sum.saturating_add(part.comparisons()))
            }
            Self::Not(part) => part.comparisons(),
            Self::Within { .. } => 1,
        }
    }

    /// Calls `each` with every reading, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        match self {
            Self::Named(named) => named.when.readings(each),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.readings(each)),
            Self::Not(part) => part.readings(each),
            Self::Within { of, .. } => of.readings(each),
        }
    }
}
