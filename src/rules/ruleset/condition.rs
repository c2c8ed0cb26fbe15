//! Conditions on readings, and on results.

use super::{Bounds, Number, Reading, Scalar, SeenOn, Side, Term};
use std::sync::Arc;

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
    /// At least so many.
    Met {
        /// The conditions.
        of: Vec<Condition>,
        /// How many of them.
        at_least: Number,
    },
    /// A number lies within bounds.
    Within {
        /// The number.
        of: Scalar<Reading>,
        /// The bounds.
        bounds: Bounds<Reading>,
    },
    /// It held in so many of the last months.
    Seen(Box<Seen>),
    /// Another result, on the same day.
    Result(ResultRef),
    /// The area is scored on this track.
    Track(Arc<str>),
    /// Points of the area lie within bounds.
    Points(PointsAsked),
    /// The rules do not say.
    Unknown,
}

/// Points that have to lie within bounds.
#[derive(Clone, Debug)]
pub struct PointsAsked {
    /// Which points.
    pub of: PointsOf,
    /// The bounds; at least one.
    pub limits: Vec<(Side, Number)>,
}

/// Which points of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointsOf {
    /// Those of all metrics together.
    Total,
    /// Those of every metric that applies, each by itself.
    EachMetric,
    /// Those of the metrics of a category together.
    Category(String),
    /// Those of one metric.
    Metric(String),
}

/// Something that is looked for in the last months.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What is looked for.
    pub what: Seeable,
    /// How many months are looked at.
    pub last: u32,
    /// How many months are passed over before them.
    pub ago: u32,
    /// On which day each earlier month is judged.
    pub on: SeenOn,
    /// In how many of them it has to hold.
    pub at_least: Number,
    /// The measure of the day before whose latest anniversary the months end.
    pub anniversary: Option<Reading>,
}

/// What can be looked for on another day.
#[derive(Clone, Debug)]
pub enum Seeable {
    /// A condition by its name: the one of the edition then in force.
    Condition(Arc<NamedCondition>),
    /// A result.
    Result(ResultRef),
}

/// A result of an area.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResultRef {
    /// The program; none for the one that asks.
    pub program: Option<String>,
    /// The area.
    pub area: String,
    /// The condition that holds there; none for all that the area itself asks for.
    pub condition: Option<String>,
}

impl Condition {
    /// How many comparisons it comes to.
    #[must_use]
    pub fn comparisons(&self) -> usize {
        match self {
            Self::Named(named) => named.comparisons,
            Self::All(parts) | Self::Any(parts) | Self::Met { of: parts, .. } => {
                parts.iter().fold(0, |sum, part| sum.saturating_add(part.comparisons()))
            }
            Self::Not(part) => part.comparisons(),
            Self::Within { .. }
            | Self::Seen(_)
            | Self::Result(_)
            | Self::Track(_)
            | Self::Points(_)
            | Self::Unknown => 1,
        }
    }

    /// Calls `each` with it and every condition in it, those that it names included, in the order written.
    pub fn parts<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        match self {
            Self::Named(named) => named.when.parts(each),
            Self::All(parts) | Self::Any(parts) | Self::Met { of: parts, .. } => {
                for part in parts {
                    part.parts(each);
                }
            }
            Self::Not(part) => part.parts(each),
            Self::Within { .. }
            | Self::Seen(_)
            | Self::Result(_)
            | Self::Track(_)
            | Self::Points(_)
            | Self::Unknown => {}
        }
    }

    /// Whether it looks at points, which are there once an area's metrics are scored.
    #[must_use]
    pub fn asks_for_points(&self) -> bool {
        let mut asks = false;
        self.parts(&mut |part| asks |= matches!(part, Self::Points(_)));
        asks
    }

    /// Calls `each` with every reading on the day judged, in the order written.
    pub fn readings<'a>(&'a self, each: &mut impl FnMut(&'a Reading)) {
        self.parts(&mut |part| match part {
            Self::Within { of, bounds } => {
                of.leaves(each);
                for (_, limit) in &bounds.limits {
                    limit.leaves(each);
                }
            }
            Self::Seen(seen) => seen.anniversary.iter().for_each(&mut *each),
            _ => {}
        });
    }

    /// Calls `each` with every term that it reads itself, without those of its readings.
    pub fn terms<'a>(&'a self, each: &mut impl FnMut(&'a Arc<Term>)) {
        self.parts(&mut |part| {
            let number = &mut |number: &'a Number| number.term().into_iter().for_each(&mut *each);
            match part {
                Self::Within { of, bounds } => {
                    of.numbers(number);
                    bounds.numbers(number);
                    bounds.range.iter().for_each(&mut *each);
                }
                Self::Met { at_least, .. } => number(at_least),
                Self::Seen(seen) => number(&seen.at_least),
                Self::Points(asked) => asked.limits.iter().for_each(|(_, limit)| number(limit)),
                _ => {}
            }
        });
    }
}
