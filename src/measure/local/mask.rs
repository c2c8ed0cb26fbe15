//! Predicates over a batch. A test on text is decided once for each spelling.

mod against;

use crate::exact::Exact;
use crate::plan::Predicate;
use crate::read::{Batch, BySpelling, Cells, MISSING};
use crate::rules::{Side, Span};
use crate::text::compared;
use arrow_array::{Array as _, Date32Array};

/// A predicate, with what is known of the texts that it asks about.
pub(in crate::measure) struct Filter<'p> {
    predicate: &'p Predicate,
    parts: Vec<Filter<'p>>,
    /// For each spelling whether it is in the list.
    members: BySpelling<bool>,
}

impl<'p> Filter<'p> {
    pub(in crate::measure) fn new(predicate: &'p Predicate) -> Self {
        let parts = match predicate {
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().map(Self::new).collect(),
            _ => Vec::new(),
        };
        Self { predicate, parts, members: BySpelling::default() }
    }

    /// For each row whether the predicate holds.
    pub(in crate::measure) fn holds(&mut self, batch: &Batch<'_>) -> Vec<bool> {
        let cells = |at: &usize| batch.columns.get(*at).and_then(Option::as_ref);
        match self.predicate {
            Predicate::All(_) => self.combined(batch, true),
            Predicate::Any(_) => self.combined(batch, false),
            Predicate::In { column, spellings, exact, negated } => match cells(column) {
                Some(Cells::Text(texts)) => {
                    let is_member = |text: &str| spellings.holds(compared(text, *exact).as_ref()) != *negated;
                    // A missing cell is in no list.
                    self.members.of_rows(texts, *negated, is_member)
                }
                // The file lacks the column, and the rules keep such rows.
                _ => vec![true; batch.rows],
            },
            other => of_cells(other, batch),
        }
    }

    /// Every part for `all`, else at least one. Once no later part can change a row, none is asked.
    fn combined(&mut self, batch: &Batch<'_>, all: bool) -> Vec<bool> {
        let mut mask: Option<Vec<bool>> = None;
        for part in &mut self.parts {
            let part = part.holds(batch);
            let Some(mask) = &mut mask else {
                mask = Some(part);
                continue;
            };
            for (held, holds) in mask.iter_mut().zip(part) {
                *held = if all { *held & holds } else { *held | holds };
            }
            if !mask.contains(&all) {
                break;
            }
        }
        mask.unwrap_or_else(|| vec![all; batch.rows])
    }
}

/// For each row whether the predicate holds; to ask it again and again, keep a [`Filter`].
pub(in crate::measure) fn of(predicate: &Predicate, batch: &Batch<'_>) -> Vec<bool> {
    Filter::new(predicate).holds(batch)
}

/// For each row whether a test holds that is not about a list.
fn of_cells(predicate: &Predicate, batch: &Batch<'_>) -> Vec<bool> {
    let cells = |at: &usize| batch.columns.get(*at).and_then(Option::as_ref);
    match predicate {
        Predicate::All(_) | Predicate::Any(_) | Predicate::In { .. } => Filter::new(predicate).holds(batch),
        Predicate::Missing { column, negated } => match cells(column) {
            Some(cells) => present(cells, batch.rows).into_iter().map(|is_there| is_there == *negated).collect(),
            None => vec![true; batch.rows],
        },
        Predicate::Numbers { column, limits, negated } => match cells(column) {
            Some(Cells::Number(numbers)) => {
                let (least, most) = within(limits, u32::try_from(numbers.scale()).unwrap_or(0));
                let holds = |number: i128| least <= number && number <= most;
                numbers.iter().map(|number| number.is_some_and(holds) != *negated).collect()
            }
            _ => vec![true; batch.rows],
        },
        Predicate::Days { column, first, last, negated } => {
            let holds = |day: Option<i32>| day.is_some_and(|day| *first <= day && day <= *last) != *negated;
            match cells(column) {
                Some(Cells::Date(days)) => days.iter().map(holds).collect(),
                Some(Cells::Month(months)) => months.iter().map(holds).collect(),
                _ => vec![true; batch.rows],
            }
        }
        Predicate::Against { column, side, other, moved, negated } => match (cells(column), cells(other)) {
            (Some(one), Some(other)) => turned(against::of((one, other), *side, *moved, batch.rows), *negated),
            _ => vec![true; batch.rows],
        },
        Predicate::Same { column, other, exact, negated } => match (cells(column), cells(other)) {
            (Some(Cells::Text(one)), Some(Cells::Text(other))) => turned(against::same(one, other, *exact), *negated),
            _ => vec![true; batch.rows],
        },
        Predicate::Valid { first, last, moved, day, negated } => match (cells(first), cells(last)) {
            (Some(Cells::Date(first)), Some(Cells::Date(last))) => turned(valid((first, last), *moved, *day), *negated),
            _ => vec![true; batch.rows],
        },
    }
}

fn turned(mask: Vec<bool>, negated: bool) -> Vec<bool> {
    mask.into_iter().map(|holds| holds != negated).collect()
}

/// For each row whether it has a cell; blank text is none.
pub(super) fn present(cells: &Cells<'_>, rows: usize) -> Vec<bool> {
    let at = |is_there: &dyn Fn(usize) -> bool| (0..rows).map(is_there).collect();
    match cells {
        Cells::Text(texts) => texts.codes().iter().map(|code| *code != MISSING).collect(),
        Cells::Month(months) => at(&|row| months.is_valid(row)),
        Cells::Date(days) => at(&|row| days.is_valid(row)),
        Cells::Number(numbers) => at(&|row| numbers.is_valid(row)),
    }
}

/// The least and the most that bounds admit, in units of a scale.
pub(in crate::measure) fn within(limits: &[(Side, Exact)], scale: u32) -> (i128, i128) {
    limits.iter().fold((i128::MIN, i128::MAX), |(least, most), (side, limit)| match side {
        Side::AtLeast => (least.max(limit.ceil_at(scale)), most),
        Side::MoreThan => (least.max(limit.floor_at(scale).saturating_add(1)), most),
        Side::AtMost => (least, most.min(limit.floor_at(scale))),
        Side::LessThan => (least, most.min(limit.ceil_at(scale).saturating_sub(1))),
    })
}

/// A missing first day is never valid, a missing last day never ends.
fn valid((first, last): (&Date32Array, &Date32Array), [by, until]: [Span; 2], day: i32) -> Vec<bool> {
    let begins = |first: i32| against::day_after(first, by).is_some_and(|first| first <= day);
    // What ends beyond the calendar does not end.
    let ends = |last: i32| against::day_after(last, until).is_some_and(|last| last < day);
    let days = first.iter().zip(last.iter());
    days.map(|(first, last)| first.is_some_and(begins) && !last.is_some_and(ends)).collect()
}
