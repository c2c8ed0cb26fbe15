//! One fused pass over a table's columns: each distinct text is judged once by each thread, sums lie in dense arrays.

mod by_month;
mod classes;
mod consume;
mod extremes;
mod fate;
mod fingerprint;
mod groups;
mod identity;
mod index;
mod intern;
mod kinds;
pub(super) mod mask;
mod overlap;
mod own;
mod plausible;
mod reader;
mod uncheckable;
mod unite;
mod values;

pub(super) use fate::{Fate, Fates};
pub(super) use groups::{Group, Groups};
pub(super) use intern::Interner;
pub use kinds::OtherKind;
pub(super) use overlap::Shared;
pub use overlap::{Alike, Overlap};
pub(super) use plausible::Plausible;
pub(super) use reader::{Read, pass};

use super::share::Share;
use super::spellings::{Listed, Spelled};
use super::{Account, Beside, Merged, Unlisted, Untested};
use crate::month::Month;
use crate::parallel;
use crate::plan::{Predicate, TablePlan};
use crate::read::Wanted;
use crate::rules::ColumnType;
pub(super) use by_month::ByMonth;
use classes::Classes;
use consume::Judged;
use identity::Links;
use kinds::Other;
use overlap::Likeness;
use std::collections::{BTreeMap, BTreeSet};
use uncheckable::Uncheckable;

/// What one pass over a table leaves behind.
#[derive(Debug)]
pub(super) struct Pass {
    /// The entities of the table, by their number in the groups.
    pub(super) entities: Interner,
    /// The months that have any row, whosever it is.
    pub(super) covered: BTreeSet<Month>,
    /// The months that have any row of those that are measured, and how many.
    pub(super) months: BTreeMap<Month, u64>,
    /// One for each accumulator.
    pub(super) groups: Vec<Groups>,
    /// For each wanted column that is a key, its values by their numbers in the groups.
    pub(super) keys: Vec<Option<Interner>>,
    /// Where one entity is measured, itself and these values in its own rows.
    own: Option<(Interner, Vec<Option<Interner>>)>,
    /// What became of every row that could be read.
    pub(super) account: Account,
    /// Values that go by two names.
    pub(super) merged: Vec<Merged>,
    /// Files that hold the same rows.
    pub(super) shared: Shared,
    /// Names that stand beside several.
    pub(super) beside: Vec<Beside>,
    /// The values of rows of another kind than the table's, the most frequent first.
    pub(super) other_kinds: Vec<OtherKind>,
    /// What the cells look like.
    pub(super) plausible: Plausible,
    /// By column the spellings that no list knows; `None` where a sum left what can be computed with.
    pub(super) unlisted: Option<Vec<(String, Vec<Unlisted>)>>,
    /// Tests that some rows have no cell for; `None` likewise.
    pub(super) untested: Option<Vec<Untested>>,
}

impl Pass {
    /// The entities that are measured, and the values of the keys in their rows.
    pub(super) fn named(&self) -> (&Interner, &[Option<Interner>]) {
        self.own.as_ref().map_or((&self.entities, &self.keys), |(entities, keys)| (entities, keys))
    }

    /// The bytes that its groups take.
    pub(super) fn bytes(&self) -> u64 {
        self.groups.iter().map(Groups::bytes).sum()
    }

    /// The entities of a share that it has met, folded.
    pub(super) fn own<'s>(&'s self, share: Share<'s>) -> impl Iterator<Item = String> + 's {
        reader::own(share, &self.entities)
    }
}

/// What one thread has seen so far. Everything a row can change is here.
struct State<'a> {
    table: &'a TablePlan,
    entities: Interner,
    /// The entities that have groups.
    share: Share<'a>,
    /// Whether all names are wanted, or those that months ask for.
    sums: super::Sums,
    /// For each entity whether it is one of them; empty where all are.
    is_own: Vec<bool>,
    months: ByMonth<u64>,
    /// For each wanted column that is a key, its values.
    keys: Vec<Option<Interner>>,
    groups: Vec<Groups>,
    /// For each column that goes by two names what links them.
    links: Vec<Links>,
    likeness: Likeness,
    others: Vec<Other<'a>>,
    plausible: Plausible,
    /// The places of the columns that are added up by spelling.
    amounts: Vec<usize>,
    spelled: Vec<Spelled<'a>>,
    uncheckable: Uncheckable<'a>,
    account: Account,
    before: Fates<'a>,
    /// The table's row tests.
    filters: Vec<mask::Filter<'a>>,
    classes: Classes,
    judged: Judged,
    /// The class of each row of a batch; its memory is used again for the next.
    of_rows: Vec<u32>,
}

impl<'a> State<'a> {
    fn new(table: &'a TablePlan, share: Share<'a>, listed: &'a [Listed], sums: super::Sums) -> Self {
        let is_amount = |wanted: &Wanted| {
            sums == super::Sums::Taken && matches!(wanted.kind, ColumnType::Money | ColumnType::Count)
        };
        let amounts: Vec<usize> =
            table.wanted.iter().enumerate().filter(|(_, wanted)| is_amount(wanted)).map(|(at, _)| at).collect();
        let tested = table.filters.iter().chain(&table.marks).flat_map(Predicate::columns);
        let spelled: Vec<Spelled<'_>> = listed.iter().map(|listed| Spelled::new(listed, amounts.len())).collect();
        let asked = tested.chain(spelled.iter().map(Spelled::place)).collect();
        let is_key = |position: usize| table.accumulators.iter().any(|a| a.keys.contains(&position));
        let exact = |position: usize| table.wanted.get(position).is_some_and(|wanted| wanted.kind == ColumnType::Exact);
        Self {
            table,
            // Tables name one entity in any spelling, whatever their columns compare by.
            entities: Interner::new(false),
            share,
            sums,
            is_own: Vec::new(),
            months: ByMonth::default(),
            keys: (0..table.wanted.len()).map(|at| is_key(at).then(|| Interner::new(exact(at)))).collect(),
            groups: table.accumulators.iter().map(Groups::new).collect(),
            links: table.identities.iter().map(|_| Links::default()).collect(),
            likeness: Likeness::new(table),
            others: Other::all(&table.wanted),
            plausible: Plausible::new(table),
            spelled,
            amounts,
            uncheckable: Uncheckable::new(table),
            account: Account::new(table),
            before: Fates::new(table),
            filters: table.filters.iter().map(mask::Filter::new).collect(),
            classes: Classes::by(asked),
            judged: Judged::default(),
            of_rows: Vec::new(),
        }
    }

    /// The bytes that its groups take.
    fn bytes(&self) -> u64 {
        self.groups.iter().map(Groups::bytes).sum()
    }

    /// What all threads have seen, joined by as many; none where there is no thread.
    fn together(states: Vec<Self>) -> Option<Self> {
        let threads = states.len();
        states.into_iter().reduce(|mut whole, state| {
            whole.merge(state, threads);
            whole
        })
    }

    /// What it comes to, found by so many threads.
    fn finish(mut self, threads: usize) -> Pass {
        let shared = self.likeness.finish(self.table, threads);
        let (means, beside) = (self.unite(), self.beside(None));
        let merged = self.merged(&means);
        self.passed(shared, merged, beside)
    }

    /// The same of the one entity that is measured: its groups, as all rows say which names are one, and all else as its
    /// own rows say.
    fn finish_of_one(mut self, mut own: Self, threads: usize) -> Pass {
        own.count_classes();
        let of_all = self.likeness.finish(self.table, threads);
        // Files that hold the same rows are refused; where only the entity's rows are the same, it is told.
        let shared = Shared { same: of_all.same, ..own.likeness.finish_of_one(self.table, threads) };
        let (mut means, beside) = (self.unite(), self.beside(Some(&own)));
        for ((all, own), same) in self.keys.iter_mut().zip(&own.keys).zip(&means.same) {
            if let (Some(all), Some(own)) = (all, own) {
                all.show_as(own, same);
            }
        }
        let is_own = |at: usize, number: u32| match (self.keys.get(at), own.keys.get(at)) {
            (Some(Some(all)), Some(Some(own))) => own.has(all.name(number)),
            _ => false,
        };
        means.named.retain(|(at, from, _)| is_own(*at, *from));
        means.stated.retain(|(at, from, _)| is_own(*at, *from));
        self.show_as_stated(&means);
        let merged = self.merged(&means);
        let unlisted = own.unlisted();
        let Self { account, months, others, plausible, uncheckable, entities, keys, .. } = own;
        Pass {
            own: Some((entities, keys)),
            months: months_of(months),
            account,
            other_kinds: others.iter().flat_map(Other::finish).collect(),
            plausible,
            unlisted,
            untested: uncheckable.finish(),
            ..self.passed(shared, merged, beside)
        }
    }

    fn passed(mut self, shared: Shared, merged: Vec<Merged>, beside: Vec<Beside>) -> Pass {
        self.count_classes();
        let (unlisted, untested) = (self.unlisted(), self.uncheckable.finish());
        let other_kinds = self.others.iter().flat_map(Other::finish).collect();
        let months = months_of(self.months);
        Pass {
            entities: self.entities,
            covered: months.keys().copied().collect(),
            months,
            groups: self.groups,
            keys: self.keys,
            own: None,
            account: self.account,
            merged,
            shared,
            beside,
            other_kinds,
            plausible: self.plausible,
            unlisted,
            untested,
        }
    }

    fn unlisted(&self) -> Option<Vec<(String, Vec<Unlisted>)>> {
        let name = |at: &usize| self.table.wanted.get(*at).map_or_else(String::new, |wanted| wanted.name.clone());
        let names: Vec<String> = self.amounts.iter().map(name).collect();
        self.spelled.iter().map(|spelled| spelled.finish(&names)).collect()
    }

    fn merge(&mut self, mut other: Self, threads: usize) {
        self.count_classes();
        other.count_classes();
        let entities = self.entities.merge(&other.entities);
        let texts: Vec<_> = self.keys.iter_mut().zip(other.keys).collect();
        let keys: Vec<Option<Vec<u32>>> = parallel::map_owned(texts, threads, |(mine, theirs)| {
            mine.as_mut().zip(theirs).map(|(mine, theirs)| mine.merge(&theirs))
        });
        for (mine, theirs) in self.links.iter_mut().zip(other.links) {
            mine.merge(&theirs);
        }
        self.likeness.merge(other.likeness);
        for (mine, theirs) in self.others.iter_mut().zip(&other.others) {
            mine.merge(theirs);
        }
        self.account.merge(&other.account);
        self.plausible.merge(other.plausible);
        self.uncheckable.merge(&other.uncheckable);
        for (mine, theirs) in self.spelled.iter_mut().zip(&other.spelled) {
            mine.merge(theirs);
        }
        for (month, rows) in other.months.into_months().filter(|(_, rows)| *rows > 0) {
            *self.months.at(month) += rows;
        }
        let groups: Vec<_> = self.table.accumulators.iter().zip(&mut self.groups).zip(other.groups).collect();
        parallel::map_owned(groups, threads, |((accumulator, mine), theirs)| {
            let keys: Vec<&[u32]> = accumulator.keys.iter().filter_map(|at| keys.get(*at)?.as_deref()).collect();
            mine.merge(&theirs, &entities, &keys);
        });
    }
}

fn months_of(months: ByMonth<u64>) -> BTreeMap<Month, u64> {
    let months = months.into_months().filter(|(_, rows)| *rows > 0);
    months.map(|(month, rows)| (Month::from_index(month), rows)).collect()
}

/// The slot of no month that is read.
const NO_SLOT: u32 = u32::MAX;
