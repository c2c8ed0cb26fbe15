//! The amounts of a group: whole numbers at a scale where they come from rows, exact fractions where they are made.

use super::reduce::Total;
use crate::exact::Exact;
use crate::measure::local::{Group, Groups};
use crate::month::Month;
use crate::plan::{PartAmount, PlannedAmount, TakenKind};
use crate::rules::{AmountForm, ByMonth, DayBounds, Figure, Figures, Leaf, Measure, Only, Side, Terms, Unit};
use std::sync::Arc;

/// What an amount of a group is.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// There is none.
    Missing,
    /// A whole number at the amount's scale.
    Whole(i128),
    /// Any number.
    Exact(Exact),
}

/// The amounts of the group that is looked at.
pub(super) struct Amounts<'a> {
    measure: &'a Measure,
    terms: &'a Terms<'a>,
    /// The numbers of the readings that the measure looks at, by entity.
    asked: &'a [Arc<[Option<Exact>]>],
    entity: usize,
    planned: &'a [Option<PlannedAmount>],
    /// How the parts of each amount that is taken are added.
    scaled: Vec<Option<Scaled>>,
    pub(super) cells: Vec<Cell>,
    /// The month that an amount is of, where it is the greatest or least of several.
    months: Vec<Option<Month>>,
    /// What an amount is in each month; its memory is used again.
    values: Vec<Option<i128>>,
}

/// How the parts of an amount are added.
struct Scaled {
    /// The common scale.
    scale: u32,
    /// Whether the amount is a whole number at that scale.
    is_whole: bool,
    /// What brings each part to it.
    factors: Vec<i128>,
}

impl<'a> Amounts<'a> {
    /// None where a sum left 38 digits.
    pub(super) fn new(
        measure: &'a Measure,
        beside: (&'a Terms<'a>, &'a [Arc<[Option<Exact>]>]),
        planned: &'a [Option<PlannedAmount>],
        groups: &[&Groups],
    ) -> Option<Self> {
        let mut scaled = Vec::new();
        for amount in planned {
            let Some(amount) = amount else {
                scaled.push(None);
                continue;
            };
            let of_part = |part: &PartAmount| match part.tally {
                None => Some(0),
                Some(tally) => groups.get(part.part)?.scale(tally),
            };
            let parts: Vec<u32> = amount.from.iter().map(of_part).collect::<Option<_>>()?;
            let scale = parts.iter().copied().max().unwrap_or(0);
            let factors = parts.iter().map(|part| 10_i128.checked_pow(scale - part)).collect::<Option<_>>()?;
            let is_whole = amount.taken != TakenKind::Mean && amount.by_month != Some(ByMonth::Mean);
            scaled.push(Some(Scaled { scale, is_whole, factors }));
        }
        Some(Self { planned, scaled, ..Self::of_groups(measure, beside) })
    }

    /// The scale of an amount that is a whole number.
    pub(super) fn scale(&self, amount: usize) -> Option<u32> {
        self.scaled.get(amount)?.as_ref().filter(|scaled| scaled.is_whole).map(|scaled| scaled.scale)
    }

    /// The amounts of groups of groups: all of them exact.
    pub(super) fn of_groups(measure: &'a Measure, (terms, asked): (&'a Terms<'a>, &'a [Arc<[Option<Exact>]>])) -> Self {
        let cells = vec![Cell::Missing; measure.amounts.len()];
        let months = vec![None; measure.amounts.len()];
        Self { measure, terms, asked, entity: 0, planned: &[], scaled: Vec::new(), cells, months, values: Vec::new() }
    }

    /// Takes the amounts of a group, one member for each part.
    pub(super) fn take(&mut self, entity: usize, members: &[&[Group<'_>]]) -> Option<()> {
        self.entity = entity;
        let mut values = std::mem::take(&mut self.values);
        for (at, amount) in self.measure.amounts.values().enumerate() {
            let (cell, month) = match (&amount.form, self.planned.get(at).and_then(Option::as_ref)) {
                (AmountForm::Made(scalar), _) => (cell_of(scalar.figure(&*self)), None),
                (AmountForm::Taken(_), Some(planned)) => self.taken(at, planned, members, &mut values)?,
                (AmountForm::Taken(_) | AmountForm::Gathered { .. }, _) => (Cell::Missing, None),
            };
            *self.cells.get_mut(at)? = cell;
            *self.months.get_mut(at)? = month;
        }
        self.values = values;
        Some(())
    }

    /// Puts what groups came to, and makes the rest of it.
    pub(super) fn put(&mut self, entity: usize, gathered: Vec<Option<Total>>) {
        self.entity = entity;
        for (at, (amount, gathered)) in self.measure.amounts.values().zip(gathered).enumerate() {
            let cell = match &amount.form {
                AmountForm::Made(scalar) => cell_of(scalar.figure(&*self)),
                AmountForm::Taken(_) | AmountForm::Gathered { .. } => {
                    gathered.and_then(Total::value).map_or(Cell::Missing, Cell::Exact)
                }
            };
            if let Some(place) = self.cells.get_mut(at) {
                *place = cell;
            }
        }
    }

    /// The month that an amount is of, where it is the greatest or least of several and any has rows: the first such.
    pub(super) fn month(&self, amount: usize) -> Option<Month> {
        *self.months.get(amount)?
    }

    /// What an amount takes of a group's rows, and of which month it is; the outer `None` where it leaves 38 digits.
    fn taken(
        &self,
        at: usize,
        planned: &PlannedAmount,
        members: &[&[Group<'_>]],
        values: &mut Vec<Option<i128>>,
    ) -> Option<(Cell, Option<Month>)> {
        // The positions in the window of the months that count; of a table without months its only slot.
        let count = planned.months.len().max(1);
        let positions = match planned.only {
            None => 0..count,
            Some(only) => match self.only(only, &planned.months) {
                Some(positions) => positions,
                // Nobody says which month: then nothing counts, and no extreme is known.
                None => return Some((Cell::Missing, None)),
            },
        };
        // Nobody says which days: then nothing counts either.
        let Some(days) = self.days(planned.days.as_ref()) else { return Some((Cell::Missing, None)) };
        let counts =
            |group: &&Group<'_>| days.as_ref().is_none_or(|days| group.day().is_some_and(|day| days.contains(&day)));
        let Scaled { scale, factors, .. } = self.scaled.get(at)?.as_ref()?;
        // One value for each month, over all parts.
        let value = |position: usize| -> Option<Option<i128>> {
            let mut value: Option<i128> = None;
            for (part, factor) in planned.from.iter().zip(factors) {
                let (Some(groups), Some(slot)) = (members.get(part.part), part.slots.get(position)) else { continue };
                for group in groups.iter().filter(&counts) {
                    let here = match part.tally {
                        None => i128::from(group.rows(*slot)),
                        Some(tally) => match group.tally(tally, *slot) {
                            Some(here) => here.checked_mul(*factor)?,
                            None => continue,
                        },
                    };
                    value = Some(match (value, planned.taken) {
                        (None, _) => here,
                        (Some(value), TakenKind::Greatest) => value.max(here),
                        (Some(value), TakenKind::Least) => value.min(here),
                        (Some(value), _) => value.checked_add(here)?,
                    });
                }
            }
            Some(value)
        };
        values.clear();
        for position in positions.clone() {
            values.push(value(position)?);
        }
        let is_extreme = matches!(planned.taken, TakenKind::Greatest | TakenKind::Least);
        // A covered month without rows is 0 to a sum, and nothing to an extreme.
        let numbers = || values.iter().filter_map(|value| if is_extreme { *value } else { Some(value.unwrap_or(0)) });
        let total = || numbers().try_fold(0_i128, i128::checked_add);
        let cell = match (planned.taken, planned.by_month) {
            (TakenKind::Greatest, _) => numbers().max().map_or(Cell::Missing, Cell::Whole),
            (TakenKind::Least, _) => numbers().min().map_or(Cell::Missing, Cell::Whole),
            (TakenKind::Mean, _) => {
                let rows = Self::filled(planned, positions.clone(), members, counts);
                let base = Exact::from(i64::try_from(rows).ok()?);
                Exact::scaled(total()?, *scale).over(&base).map_or(Cell::Missing, Cell::Exact)
            }
            (_, Some(ByMonth::Mean)) => {
                let base = Exact::from(i64::try_from(values.len()).ok()?);
                Exact::scaled(total()?, *scale).over(&base).map_or(Cell::Missing, Cell::Exact)
            }
            (_, Some(ByMonth::Greatest)) => Cell::Whole(numbers().max().unwrap_or(0)),
            (_, Some(ByMonth::Least)) => Cell::Whole(numbers().min().unwrap_or(0)),
            (TakenKind::Count | TakenKind::Sum, None) => Cell::Whole(total()?),
        };
        let is_of_one = is_extreme || matches!(planned.by_month, Some(ByMonth::Greatest | ByMonth::Least));
        let month = match cell {
            Cell::Whole(one) if is_of_one => values.iter().position(|value| *value == Some(one)),
            _ => None,
        };
        let month = month.and_then(|at| planned.months.get(positions.start + at)).copied();
        Some((cell, month))
    }

    /// How many rows have a cell of the column whose mean is taken.
    fn filled(
        planned: &PlannedAmount,
        positions: std::ops::Range<usize>,
        members: &[&[Group<'_>]],
        counts: impl Fn(&&Group<'_>) -> bool,
    ) -> i128 {
        let mut rows = 0;
        for part in &planned.from {
            let (Some(groups), Some(filled)) = (members.get(part.part), part.filled) else { continue };
            for group in groups.iter().filter(&counts) {
                let slots = positions.clone().filter_map(|position| part.slots.get(position));
                rows += slots.filter_map(|slot| group.tally(filled, *slot)).sum::<i128>();
            }
        }
        rows
    }

    /// The days that count, where not all do; the outer `None` where an amount that bounds them is missing.
    #[expect(clippy::option_option, reason = "the outer says whether it is known, the inner whether there are bounds")]
    fn days(&self, bounds: Option<&DayBounds>) -> Option<Option<std::ops::RangeInclusive<i32>>> {
        let Some(bounds) = bounds else { return Some(None) };
        let (mut first, mut last) = (i32::MIN, i32::MAX);
        for (side, limit) in &bounds.limits {
            let day = self.leaf(*limit).known()?.floor_at(0);
            let day = i32::try_from(day).ok()?;
            match side {
                Side::AtLeast => first = first.max(day),
                Side::MoreThan => first = first.max(day.saturating_add(1)),
                Side::AtMost => last = last.min(day),
                Side::LessThan => last = last.min(day.saturating_sub(1)),
            }
        }
        Some(Some(first..=last))
    }

    /// Which months of a window count: those from the month that an amount names, or that one alone.
    fn only(&self, only: Only, months: &[Month]) -> Option<std::ops::Range<usize>> {
        let (Only::At(amount) | Only::Since(amount)) = only;
        let value = i32::try_from(self.figure(amount).known()?.floor_at(0)).ok()?;
        let month = match self.measure.amounts.get_index(amount)?.1.unit {
            Unit::Day => Month::of(chrono::NaiveDate::from_epoch_days(value)?),
            _ => Month::from_index(value),
        };
        let first = months.iter().position(|known| *known >= month)?;
        match only {
            Only::At(_) => months.get(first).filter(|known| **known == month).map(|_| first..first + 1),
            // An event before the window leaves all of it.
            Only::Since(_) => Some(first..months.len()),
        }
    }

    /// The number of an amount.
    pub(super) fn figure(&self, amount: usize) -> Figure {
        match self.cells.get(amount) {
            Some(Cell::Whole(value)) => Figure::Known(Exact::scaled(*value, self.scale(amount).unwrap_or(0))),
            Some(Cell::Exact(exact)) => Figure::Known(exact.clone()),
            Some(Cell::Missing) | None => Figure::Missing,
        }
    }
}

impl Amounts<'_> {
    /// The number of an amount, or of a reading of the same entity.
    fn leaf(&self, leaf: Leaf) -> Figure {
        match leaf {
            Leaf::Amount(amount) => self.figure(amount),
            Leaf::Asked(at) => match self.asked.get(at).and_then(|values| values.get(self.entity)) {
                Some(Some(value)) => Figure::Known(value.clone()),
                // What is unknown makes the whole reading unknown: it never comes here.
                Some(None) | None => Figure::Missing,
            },
        }
    }
}

impl Figures<Leaf> for Amounts<'_> {
    fn of(&self, leaf: &Leaf) -> Figure {
        self.leaf(*leaf)
    }

    fn terms(&self) -> Terms<'_> {
        *self.terms
    }

    fn no_base(&self, _: &Exact, _: &Exact) {}
}

/// The amounts of a group as a measure that reads the group sees them: under its own terms.
pub(super) struct Read<'a> {
    pub(super) amounts: &'a Amounts<'a>,
    pub(super) terms: Terms<'a>,
}

impl Figures<Leaf> for Read<'_> {
    fn of(&self, leaf: &Leaf) -> Figure {
        self.amounts.leaf(*leaf)
    }

    fn terms(&self) -> Terms<'_> {
        self.terms
    }

    fn no_base(&self, _: &Exact, _: &Exact) {}
}

fn cell_of(figure: Figure) -> Cell {
    figure.known().map_or(Cell::Missing, Cell::Exact)
}
