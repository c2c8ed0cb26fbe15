//! One fused pass over a table's columns: each distinct text is judged once per batch, sums lie in dense arrays.

mod groups;
mod intern;
mod mask;

pub(super) use groups::Groups;
pub(super) use intern::Interner;

use crate::diagnostic::Diagnostic;
use crate::month::Month;
use crate::plan::{Accumulator, TablePlan};
use crate::read::{Batch, Cells, Rejected};
use crate::rules::ColumnType;
use arrow_array::Int32Array;
use std::collections::BTreeSet;

/// What one pass over a table leaves behind.
#[derive(Debug)]
pub(super) struct Pass {
    /// The entities of the table, by their number in the groups.
    pub(super) entities: Interner,
    /// The months that have any row.
    pub(super) months: BTreeSet<Month>,
    /// Whether any row belongs to no named entity.
    pub(super) has_unnamed_rows: bool,
    /// One for each accumulator.
    pub(super) groups: Vec<Groups>,
}

/// Reads a table once, with a thread for each state.
pub(super) fn pass(table: &TablePlan, threads: usize) -> Result<(Pass, Rejected), Box<Diagnostic>> {
    let states: Vec<State<'_>> = (0..threads).map(|_| State::new(table)).collect();
    let (states, rejected) = crate::read::scan(&table.files, &table.wanted, states, State::consume)?;
    let mut states = states.into_iter();
    let mut whole = states.next().unwrap_or_else(|| State::new(table));
    for state in states {
        whole.merge(state);
    }
    let State { entities, months, has_unnamed_rows, groups, .. } = whole;
    Ok((Pass { entities, months, has_unnamed_rows, groups }, rejected))
}

/// What one thread has seen so far. Everything a row can change is here.
struct State<'a> {
    table: &'a TablePlan,
    entities: Interner,
    months: BTreeSet<Month>,
    has_unnamed_rows: bool,
    /// For each wanted column that is a key, its values.
    keys: Vec<Option<Interner>>,
    groups: Vec<Groups>,
}

/// The number of rows that name no entity.
pub(super) const UNNAMED: u32 = u32::MAX;

impl<'a> State<'a> {
    fn new(table: &'a TablePlan) -> Self {
        let is_key = |position: usize| table.accumulators.iter().any(|a| a.keys.contains(&position));
        let exact = |position: usize| table.wanted.get(position).is_some_and(|wanted| wanted.kind == ColumnType::Exact);
        Self {
            table,
            entities: Interner::new(table.entity.is_some_and(exact)),
            months: BTreeSet::new(),
            has_unnamed_rows: false,
            keys: (0..table.wanted.len()).map(|at| is_key(at).then(|| Interner::new(exact(at)))).collect(),
            groups: table.accumulators.iter().map(Groups::new).collect(),
        }
    }

    fn consume(&mut self, batch: &Batch) {
        let column = |at: usize| batch.columns.get(at).and_then(Option::as_ref);
        let entities = match self.table.entity.and_then(column) {
            Some(Cells::Text(texts)) => self.entities.numbers(texts),
            _ => {
                self.has_unnamed_rows |= batch.rows > 0;
                vec![UNNAMED; batch.rows]
            }
        };
        let months = match self.table.month.and_then(column) {
            Some(Cells::Month(months)) => Some(months),
            _ => None,
        };
        if let Some(months) = months {
            self.see_months(months);
        }
        let keys: Vec<Option<Vec<u32>>> = self
            .keys
            .iter_mut()
            .zip(&batch.columns)
            .map(|(interner, cells)| match (interner, cells) {
                (Some(interner), Some(Cells::Text(texts))) => Some(interner.numbers(texts)),
                _ => None,
            })
            .collect();
        let masks: Vec<Vec<bool>> = self.table.filters.iter().map(|filter| mask::of(filter, batch)).collect();
        for (accumulator, groups) in self.table.accumulators.iter().zip(&mut self.groups) {
            if accumulator.only_without.is_some_and(|absent| column(absent).is_some()) {
                continue;
            }
            let Some(mask) = masks.get(accumulator.filter) else { continue };
            let keys: Vec<&[u32]> = accumulator.keys.iter().filter_map(|at| keys.get(*at)?.as_deref()).collect();
            let sums: Vec<_> = accumulator
                .sums
                .iter()
                .map(|at| match column(*at) {
                    Some(Cells::Number(numbers)) => Some(numbers),
                    _ => None,
                })
                .collect();
            groups.add(&groups::Rows {
                mask,
                entities: &entities,
                keys: &keys,
                slots: &slots(accumulator, months, batch.rows),
                sums: &sums,
            });
        }
    }

    fn see_months(&mut self, months: &Int32Array) {
        let mut last = None;
        for month in months.values() {
            if last != Some(*month) {
                self.months.insert(Month::from_index(*month));
                last = Some(*month);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        let entities = self.entities.merge(&other.entities);
        let keys: Vec<Option<Vec<u32>>> = self
            .keys
            .iter_mut()
            .zip(other.keys)
            .map(|(mine, theirs)| mine.as_mut().zip(theirs).map(|(mine, theirs)| mine.merge(&theirs)))
            .collect();
        self.months.extend(other.months);
        self.has_unnamed_rows |= other.has_unnamed_rows;
        for ((accumulator, mine), theirs) in self.table.accumulators.iter().zip(&mut self.groups).zip(other.groups) {
            let keys: Vec<&[u32]> = accumulator.keys.iter().filter_map(|at| keys.get(*at)?.as_deref()).collect();
            mine.merge(&theirs, &entities, &keys);
        }
    }
}

/// The slot of no month that is read.
const NO_SLOT: u32 = u32::MAX;

/// For each row the slot of its month, or [`NO_SLOT`].
fn slots(accumulator: &Accumulator, months: Option<&Int32Array>, rows: usize) -> Vec<u32> {
    let (Some(months), Some(first), Some(last)) = (months, accumulator.months.first(), accumulator.months.last())
    else {
        return vec![0; rows];
    };
    let span = usize::try_from(last.index() - first.index()).unwrap_or(0) + 1;
    let mut table = vec![NO_SLOT; span];
    for (slot, month) in (0_u32..).zip(&accumulator.months) {
        let at = usize::try_from(month.index() - first.index()).unwrap_or(0);
        if let Some(entry) = table.get_mut(at) {
            *entry = slot;
        }
    }
    let of = |month: i32| usize::try_from(month.checked_sub(first.index())?).ok().and_then(|at| table.get(at)).copied();
    months.iter().map(|month| month.and_then(of).unwrap_or(NO_SLOT)).collect()
}
