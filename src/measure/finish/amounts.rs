//! The amounts of a group: whole numbers at a scale where they come from rows, exact fractions where they are made.

use crate::exact::Exact;
use crate::measure::local::{Group, Groups};
use crate::month::Month;
use crate::plan::{PartAmount, PlannedAmount, TakenKind};
use crate::rules::{AmountForm, ByMonth, Figure, Figures, Measure, Only, Taken, Terms, Unit, What};

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
    planned: &'a [Option<PlannedAmount>],
    /// The scale of each amount that is a whole number.
    pub(super) scales: Vec<Option<u32>>,
    /// For each amount the scale at which its parts are added, and the factors that bring them to it.
    joint: Vec<u32>,
    factors: Vec<Vec<i128>>,
    pub(super) cells: Vec<Cell>,
}

impl<'a> Amounts<'a> {
    /// None where a sum left 38 digits.
    pub(super) fn new(
        measure: &'a Measure,
        terms: &'a Terms<'a>,
        planned: &'a [Option<PlannedAmount>],
        groups: &[&Groups],
    ) -> Option<Self> {
        let (mut scales, mut joint, mut factors) = (Vec::new(), Vec::new(), Vec::new());
        for amount in planned {
            let Some(amount) = amount else {
                scales.push(None);
                joint.push(0);
                factors.push(Vec::new());
                continue;
            };
            let of_part = |part: &PartAmount| match part.tally {
                None => Some(0),
                Some(tally) => groups.get(part.part)?.scale(tally),
            };
            let parts: Vec<u32> = amount.from.iter().map(of_part).collect::<Option<_>>()?;
            let scale = parts.iter().copied().max().unwrap_or(0);
            factors.push(parts.iter().map(|part| 10_i128.checked_pow(scale - part)).collect::<Option<_>>()?);
            let is_whole = amount.taken != TakenKind::Mean && amount.by_month != Some(ByMonth::Mean);
            joint.push(scale);
            scales.push(is_whole.then_some(scale));
        }
        let cells = vec![Cell::Missing; planned.len()];
        Some(Self { measure, terms, planned, scales, joint, factors, cells })
    }

    /// The amounts of groups of groups: all of them exact.
    pub(super) fn of_groups(measure: &'a Measure, terms: &'a Terms<'a>) -> Self {
        let count = measure.amounts.len();
        let scales = vec![None; count];
        Self {
            measure,
            terms,
            planned: &[],
            scales,
            joint: Vec::new(),
            factors: Vec::new(),
            cells: vec![Cell::Missing; count],
        }
    }

    /// Takes the amounts of a group, one member for each part.
    pub(super) fn take(&mut self, members: &[Option<Group<'_>>]) -> Option<()> {
        for (at, amount) in self.measure.amounts.values().enumerate() {
            let cell = match (&amount.form, self.planned.get(at).and_then(Option::as_ref)) {
                (AmountForm::Made(scalar), _) => cell_of(scalar.figure(&*self)),
                (AmountForm::Taken(_), Some(planned)) => self.taken(at, planned, members)?,
                (AmountForm::Taken(_), None) => Cell::Missing,
            };
            *self.cells.get_mut(at)? = cell;
        }
        Some(())
    }

    /// Puts what was taken of groups, and makes the rest of it.
    pub(super) fn put(&mut self, taken: Vec<Amount>) {
        for (at, (amount, taken)) in self.measure.amounts.values().zip(taken).enumerate() {
            let cell = match &amount.form {
                AmountForm::Made(scalar) => cell_of(scalar.figure(&*self)),
                AmountForm::Taken(_) => taken.cell(),
            };
            if let Some(place) = self.cells.get_mut(at) {
                *place = cell;
            }
        }
    }

    /// What an amount takes of a group's rows; the outer `None` where it leaves 38 digits.
    fn taken(&self, at: usize, planned: &PlannedAmount, members: &[Option<Group<'_>>]) -> Option<Cell> {
        // The positions in the window of the months that count; of a table without months its only slot.
        let count = planned.months.len().max(1);
        let positions = match planned.only {
            None => 0..count,
            Some(only) => match self.only(only, &planned.months) {
                Some(positions) => positions,
                // Nobody says which month: then nothing counts, and no extreme is known.
                None => return Some(Cell::Missing),
            },
        };
        let factors = self.factors.get(at)?;
        // One value for each month, over all parts.
        let value = |position: usize| -> Option<Option<i128>> {
            let mut value: Option<i128> = None;
            for (part, factor) in planned.from.iter().zip(factors) {
                let (Some(Some(group)), Some(slot)) = (members.get(part.part), part.slots.get(position)) else {
                    continue;
                };
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
            Some(value)
        };
        let mut values = Vec::with_capacity(positions.len());
        for position in positions.clone() {
            values.push(value(position)?);
        }
        let is_extreme = matches!(planned.taken, TakenKind::Greatest | TakenKind::Least);
        // A covered month without rows is 0 to a sum, and nothing to an extreme.
        let numbers = || values.iter().filter_map(|value| if is_extreme { *value } else { Some(value.unwrap_or(0)) });
        let total = || numbers().try_fold(0_i128, i128::checked_add);
        Some(match (planned.taken, planned.by_month) {
            (TakenKind::Greatest, _) => numbers().max().map_or(Cell::Missing, Cell::Whole),
            (TakenKind::Least, _) => numbers().min().map_or(Cell::Missing, Cell::Whole),
            (TakenKind::Mean, _) => {
                let rows = Self::filled(planned, positions, members);
                let scale = self.joint.get(at).copied()?;
                let base = Exact::from(i64::try_from(rows).ok()?);
                Exact::scaled(total()?, scale).over(&base).map_or(Cell::Missing, Cell::Exact)
            }
            (_, Some(ByMonth::Mean)) => {
                let base = Exact::from(i64::try_from(values.len()).ok()?);
                let scale = self.joint.get(at).copied()?;
                Exact::scaled(total()?, scale).over(&base).map_or(Cell::Missing, Cell::Exact)
            }
            (_, Some(ByMonth::Greatest)) => Cell::Whole(numbers().max().unwrap_or(0)),
            (_, Some(ByMonth::Least)) => Cell::Whole(numbers().min().unwrap_or(0)),
            (TakenKind::Count | TakenKind::Sum, None) => Cell::Whole(total()?),
        })
    }

    /// How many rows have a cell of the column whose mean is taken.
    fn filled(planned: &PlannedAmount, positions: std::ops::Range<usize>, members: &[Option<Group<'_>>]) -> i128 {
        let mut rows = 0;
        for part in &planned.from {
            let (Some(Some(group)), Some(filled)) = (members.get(part.part), part.filled) else { continue };
            let slots = positions.clone().filter_map(|position| part.slots.get(position));
            rows += slots.filter_map(|slot| group.tally(filled, *slot)).sum::<i128>();
        }
        rows
    }

    /// Which months of a window count: those from the month that an amount names, or that one alone.
    fn only(&self, only: Only, months: &[Month]) -> Option<std::ops::Range<usize>> {
        let (Only::At(amount) | Only::Since(amount)) = only;
        let Some(Cell::Whole(value)) = self.cells.get(amount) else { return None };
        let value = i32::try_from(*value).ok()?;
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
            Some(Cell::Whole(value)) => {
                let scale = self.scales.get(amount).copied().flatten().unwrap_or(0);
                Figure::Known(Exact::scaled(*value, scale))
            }
            Some(Cell::Exact(exact)) => Figure::Known(exact.clone()),
            Some(Cell::Missing) | None => Figure::Missing,
        }
    }
}

impl Figures<usize> for Amounts<'_> {
    fn of(&self, amount: &usize) -> Figure {
        self.figure(*amount)
    }

    fn terms(&self) -> Terms<'_> {
        *self.terms
    }

    fn no_base(&self, _: &Exact, _: &Exact) {}
}

fn cell_of(figure: Figure) -> Cell {
    figure.known().map_or(Cell::Missing, Cell::Exact)
}

/// An amount over the groups of another measure, while they are met.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    what: Option<(Gathered, Option<usize>)>,
    count: i64,
    value: Option<Exact>,
}

#[derive(Clone, Copy, Debug)]
enum Gathered {
    Count,
    Sum,
    Mean,
    Greatest,
    Least,
}

impl Amount {
    /// One for each amount of a measure that reads groups; those that are made stay empty.
    pub(super) fn all(measure: &Measure) -> Vec<Self> {
        let what = |taken: &Taken| {
            let at = |position: &str| position.parse().ok();
            match &taken.what {
                What::Count => (Gathered::Count, None),
                What::Sum(position, _) => (Gathered::Sum, at(position)),
                What::Mean(position) => (Gathered::Mean, at(position)),
                What::Greatest(position) => (Gathered::Greatest, at(position)),
                What::Least(position) => (Gathered::Least, at(position)),
            }
        };
        let one = |form: &AmountForm| match form {
            AmountForm::Taken(taken) => Some(what(taken)),
            AmountForm::Made(_) => None,
        };
        measure.amounts.values().map(|amount| Self { what: one(&amount.form), count: 0, value: None }).collect()
    }

    /// Meets a group.
    pub(super) fn meet(&mut self, amounts: &Amounts<'_>) {
        let Some((gathered, at)) = self.what else { return };
        let Some(at) = at else {
            self.count += 1;
            return;
        };
        let Figure::Known(number) = amounts.figure(at) else { return };
        self.count += 1;
        self.value = Some(match (self.value.take(), gathered) {
            (None, _) => number,
            (Some(value), Gathered::Greatest) => value.max(number),
            (Some(value), Gathered::Least) => value.min(number),
            (Some(value), Gathered::Sum | Gathered::Mean | Gathered::Count) => &value + &number,
        });
    }

    fn cell(self) -> Cell {
        let count = Exact::from(self.count);
        match (self.what, self.value) {
            (Some((Gathered::Count, _)), _) => Cell::Exact(count),
            (Some((Gathered::Sum, _)), value) => Cell::Exact(value.unwrap_or_else(Exact::zero)),
            (Some((Gathered::Mean, _)), Some(value)) => value.over(&count).map_or(Cell::Missing, Cell::Exact),
            (Some((Gathered::Greatest | Gathered::Least, _)), Some(value)) => Cell::Exact(value),
            (Some(_), None) | (None, _) => Cell::Missing,
        }
    }
}
