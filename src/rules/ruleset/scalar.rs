//! Numbers made of others, bounds on them, and what both come to.

use super::{DayLimit, Number, Span, Term, Terms, Unit};
use crate::exact::Exact;
use crate::month::latest_anniversary;
use chrono::{Months, NaiveDate};
use std::fmt;
use std::sync::Arc;

/// A number made of others; `L` is what it starts from: readings, or the amounts of a group.
#[derive(Clone, Debug)]
pub enum Scalar<L> {
    /// A reading, or an amount.
    Of(L),
    /// A number of the text.
    Number(Number),
    /// Added.
    Plus(Vec<Self>),
    /// The first less the second.
    Minus(Box<[Self; 2]>),
    /// Multiplied.
    Times(Vec<Self>),
    /// The first divided by the second.
    Ratio(Box<Division<L>>),
    /// (now − base) × 100 ÷ base.
    PercentChange(Box<Division<L>>),
    /// The greatest; what is missing is passed over.
    Greatest(Vec<Self>),
    /// The least; what is missing is passed over.
    Least(Vec<Self>),
    /// Rounded down to whole steps.
    Stepped(Box<Self>, Number),
    /// A day of the text.
    Day(DayLimit),
    /// So long after a day.
    Moved(Box<Self>, Span),
    /// The latest anniversary of a day, as seen so many months before the day judged.
    Anniversary(Box<Self>, u32),
}

/// A number and the base it is divided by.
#[derive(Clone, Debug)]
pub struct Division<L> {
    /// The number and the base.
    pub sides: [Scalar<L>; 2],
    /// The result where the base is zero or below.
    pub no_base: Number,
}

/// What a number is found to be. Unknown and missing are two things: data that are not there could settle the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// This number.
    Known(Exact),
    /// There is none: the mean of nothing, a day that nobody gave.
    Missing,
    /// The data do not say.
    Unknown,
}

impl Figure {
    /// The number, where it is known.
    #[must_use]
    pub fn known(self) -> Option<Exact> {
        match self {
            Self::Known(number) => Some(number),
            Self::Missing | Self::Unknown => None,
        }
    }

    /// What is made of the number; missing and unknown stay what they are.
    #[must_use]
    pub fn map(self, make: impl FnOnce(Exact) -> Exact) -> Self {
        match self {
            Self::Known(number) => Self::Known(make(number)),
            other => other,
        }
    }

    /// Both numbers as one; unknown before missing.
    fn and(self, other: Self, join: impl FnOnce(&Exact, &Exact) -> Exact) -> Self {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => Self::Known(join(&one, &other)),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Missing,
        }
    }
}

/// What scalars are evaluated over.
pub trait Figures<L> {
    /// What a reading or an amount is.
    fn of(&self, leaf: &L) -> Figure;
    /// What terms are.
    fn terms(&self) -> Terms<'_>;
    /// Told of every division by a base of zero or below, and what stands in for its result.
    fn no_base(&self, base: &Exact, instead: &Exact);
}

impl<L> Scalar<L> {
    /// What it comes to.
    pub fn figure(&self, on: &impl Figures<L>) -> Figure {
        let zero = || Figure::Known(Exact::zero());
        match self {
            Self::Of(leaf) => on.of(leaf),
            Self::Number(number) => Figure::Known(on.terms().number(number)),
            Self::Plus(parts) => parts.iter().fold(zero(), |sum, part| sum.and(part.figure(on), |a, b| a + b)),
            Self::Minus(sides) => {
                let [first, second] = sides.as_ref();
                first.figure(on).and(second.figure(on), |a, b| a - b)
            }
            Self::Times(parts) => parts
                .iter()
                .fold(Figure::Known(Exact::from(1)), |product, part| product.and(part.figure(on), |a, b| a * b)),
            Self::Ratio(division) => division.figure(on, |number, _| number.clone()),
            Self::PercentChange(division) => division.figure(on, |number, base| &(number - base) * &Exact::from(100)),
            Self::Greatest(parts) => best(parts, on, std::cmp::max),
            Self::Least(parts) => best(parts, on, std::cmp::min),
            Self::Stepped(of, step) => {
                let step = on.terms().number(step);
                of.figure(on).map(|number| number.down_to_step(&step))
            }
            Self::Day(limit) => of_day(limit.day(on.terms().day)),
            Self::Moved(of, span) => day_of(of.figure(on), |day| span.after(day)),
            Self::Anniversary(of, ago) => {
                let by = on.terms().day.checked_sub_months(Months::new(*ago));
                day_of(of.figure(on), |day| latest_anniversary(day, by?))
            }
        }
    }

    /// What it counts; nothing for a plain number. Asked only once all units were found to fit.
    #[must_use]
    pub fn unit(&self, of: &impl Fn(&L) -> Unit) -> Option<Unit> {
        let first = |parts: &[Self]| parts.iter().find_map(|part| part.unit(of));
        match self {
            Self::Of(leaf) => Some(of(leaf)),
            Self::Number(_) => None,
            Self::Plus(parts) | Self::Greatest(parts) | Self::Least(parts) => first(parts),
            Self::Minus(sides) => first(sides.as_ref()),
            Self::Times(parts) => {
                let units = || parts.iter().filter_map(|part| part.unit(of));
                units().find(|unit| *unit != Unit::Share).or_else(|| units().next())
            }
            Self::Ratio(division) => {
                let [number, base] = &division.sides;
                match (number.unit(of), base.unit(of)) {
                    (Some(number), Some(base)) if number == base => Some(Unit::Share),
                    (number, _) => number,
                }
            }
            Self::PercentChange(_) => Some(Unit::Percent),
            Self::Stepped(part, _) => part.unit(of),
            Self::Day(_) | Self::Moved(..) | Self::Anniversary(..) => Some(Unit::Day),
        }
    }

    /// Calls `each` with everything it starts from, in the order written.
    pub fn leaves<'a>(&'a self, each: &mut impl FnMut(&'a L)) {
        self.walk(&mut |part| {
            if let Self::Of(leaf) = part {
                each(leaf);
            }
        });
    }

    /// Calls `each` with every number of the text, in the order written.
    pub fn numbers<'a>(&'a self, each: &mut impl FnMut(&'a Number)) {
        self.walk(&mut |part| match part {
            Self::Number(number) => each(number),
            Self::Ratio(division) | Self::PercentChange(division) => each(&division.no_base),
            Self::Stepped(_, step) => each(step),
            _ => {}
        });
    }

    /// Calls `each` with every part, the whole first.
    fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        match self {
            Self::Of(_) | Self::Number(_) | Self::Day(_) => {}
            Self::Stepped(part, _) | Self::Moved(part, _) | Self::Anniversary(part, _) => part.walk(each),
            Self::Plus(parts) | Self::Times(parts) | Self::Greatest(parts) | Self::Least(parts) => {
                for part in parts {
                    part.walk(each);
                }
            }
            Self::Minus(sides) => sides.iter().for_each(|side| side.walk(each)),
            Self::Ratio(division) | Self::PercentChange(division) => {
                for side in &division.sides {
                    side.walk(each);
                }
            }
        }
    }
}

impl<L> Division<L> {
    fn figure(&self, on: &impl Figures<L>, above: impl FnOnce(&Exact, &Exact) -> Exact) -> Figure {
        let [number, base] = &self.sides;
        match (number.figure(on), base.figure(on)) {
            (Figure::Known(number), Figure::Known(base)) => {
                let result = base.is_positive().then(|| above(&number, &base).over(&base)).flatten();
                Figure::Known(result.unwrap_or_else(|| {
                    let instead = on.terms().number(&self.no_base);
                    on.no_base(&base, &instead);
                    instead
                }))
            }
            (Figure::Unknown, _) | (_, Figure::Unknown) => Figure::Unknown,
            _ => Figure::Missing,
        }
    }
}

/// A day as a number: the days since 1970-01-01.
fn of_day(day: NaiveDate) -> Figure {
    Figure::Known(Exact::from(i64::from(day.to_epoch_days())))
}

/// What is made of a day; missing where there is none.
fn day_of(figure: Figure, make: impl FnOnce(NaiveDate) -> Option<NaiveDate>) -> Figure {
    match figure {
        Figure::Known(number) => {
            let day = i32::try_from(number.floor_at(0)).ok().and_then(NaiveDate::from_epoch_days);
            day.and_then(make).map_or(Figure::Missing, of_day)
        }
        other => other,
    }
}

fn best<L>(parts: &[Scalar<L>], on: &impl Figures<L>, pick: fn(Exact, Exact) -> Exact) -> Figure {
    let mut found = Figure::Missing;
    for part in parts {
        found = match (found, part.figure(on)) {
            (Figure::Unknown, _) | (_, Figure::Unknown) => return Figure::Unknown,
            (Figure::Known(one), Figure::Known(other)) => Figure::Known(pick(one, other)),
            (Figure::Missing, figure) | (figure, Figure::Missing) => figure,
        };
    }
    found
}

/// Which side of a value a bound is on, and whether it is itself admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
}

impl Side {
    /// All of them with their keys, in the order in which bounds are written.
    pub(in crate::rules) const KEYS: [(Self, &'static str); 4] = [
        (Self::AtLeast, Self::AtLeast.key()),
        (Self::MoreThan, Self::MoreThan.key()),
        (Self::AtMost, Self::AtMost.key()),
        (Self::LessThan, Self::LessThan.key()),
    ];

    /// Its key.
    pub(in crate::rules) const fn key(self) -> &'static str {
        match self {
            Self::AtLeast => "at-least",
            Self::MoreThan => "more-than",
            Self::AtMost => "at-most",
            Self::LessThan => "less-than",
        }
    }

    /// Whether a value lies on this side of a limit.
    #[must_use]
    pub fn holds(self, value: &Exact, limit: &Exact) -> bool {
        match self {
            Self::AtLeast => value >= limit,
            Self::MoreThan => value > limit,
            Self::AtMost => value <= limit,
            Self::LessThan => value < limit,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtLeast => "at least",
            Self::MoreThan => "more than",
            Self::AtMost => "at most",
            Self::LessThan => "less than",
        })
    }
}

/// Bounds that all have to hold; at least one.
#[derive(Clone, Debug)]
pub struct Bounds<L> {
    /// Each bound with its side.
    pub limits: Vec<(Side, Scalar<L>)>,
    /// The range that the number has to lie in, where one is named.
    pub range: Option<Arc<Term>>,
}

impl<L> Bounds<L> {
    /// Every bound with what it comes to.
    pub fn figures(&self, on: &impl Figures<L>) -> Vec<(Side, Figure)> {
        let range = self.range.iter().flat_map(|term| on.terms().range(term));
        let range = range.map(|(side, limit)| (side, Figure::Known(limit)));
        self.limits.iter().map(|(side, limit)| (*side, limit.figure(on))).chain(range).collect()
    }

    /// Whether a number satisfies all of them; none where the data do not say. What is missing lies within no bounds, and
    /// beyond no missing bound.
    pub fn hold(&self, value: &Figure, on: &impl Figures<L>) -> Option<bool> {
        let mut all = Some(true);
        for (side, limit) in self.figures(on) {
            match (value, &limit) {
                (Figure::Known(value), Figure::Known(limit)) if side.holds(value, limit) => {}
                (Figure::Unknown, _) | (_, Figure::Unknown) => all = None,
                _ => return Some(false),
            }
        }
        all
    }

    /// Calls `each` with every number of the text.
    pub fn numbers<'a>(&'a self, each: &mut impl FnMut(&'a Number)) {
        self.limits.iter().for_each(|(_, limit)| limit.numbers(each));
    }

    /// Every bound in words, with what it comes to; days as days.
    pub fn words(&self, on: &impl Figures<L>, unit: Option<Unit>) -> String {
        let word = |(side, limit): (Side, Figure)| match limit {
            Figure::Known(limit) => format!("{side} {}", in_print(&limit, unit)),
            Figure::Missing => format!("{side} a number that is missing"),
            Figure::Unknown => format!("{side} a number that is unknown"),
        };
        self.figures(on).into_iter().map(word).collect::<Vec<_>>().join(" and ")
    }
}

/// A number as people read it: a day as a day.
#[must_use]
pub fn in_print(number: &Exact, unit: Option<Unit>) -> String {
    let day = || NaiveDate::from_epoch_days(i32::try_from(number.floor_at(0)).ok()?);
    match unit {
        Some(Unit::Day) => day().map_or_else(|| number.to_string(), |day| day.to_string()),
        _ => number.to_string(),
    }
}
