//! One fused pass over a table's columns: each distinct text is judged once per batch, sums lie in dense arrays.

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
mod uncheckable;
mod values;

pub(super) use fate::{Fate, Fates};
pub(super) use fingerprint::hashed;
pub(super) use groups::{Group, Groups};
pub(super) use intern::Interner;
pub use kinds::OtherKind;
pub(super) use overlap::Shared;
pub use overlap::{Alike, Overlap};
pub(super) use plausible::Plausible;

use super::share::{Full, Share, Watch};
use super::spellings::{Listed, Spelled};
use super::{Account, Beside, Merged, Unlisted, Untested};
use crate::diagnostic::Diagnostic;
use crate::month::Month;
use crate::plan::TablePlan;
use crate::read::{Batch, Rejected, Wanted};
use crate::rules::ColumnType;
use crate::text::{fold, is_same};
pub(super) use by_month::ByMonth;
use classes::Classes;
use consume::Judged;
use identity::{Links, follow};
use kinds::Other;
use overlap::Likeness;
use own::Own;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use uncheckable::Uncheckable;

/// What one pass over a table leaves behind.
#[derive(Debug)]
pub(super) struct Pass {
    /// The entities of the table that are measured, by their number in the groups.
    pub(super) entities: Interner,
    /// Those that are not.
    pub(super) others: Vec<String>,
    /// The months that have any row, whosever it is.
    pub(super) covered: BTreeSet<Month>,
    /// The months that have any row of those that are measured, and how many.
    pub(super) months: BTreeMap<Month, u64>,
    /// One for each accumulator.
    pub(super) groups: Vec<Groups>,
    /// For each wanted column that is a key, its values by their numbers in the groups.
    pub(super) keys: Vec<Option<Interner>>,
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

/// A table that was read, or what its groups had taken when there was no more room for them.
pub(super) enum Read<B> {
    Whole(Box<Pass>, Vec<B>, Rejected),
    Full(Full),
}

/// Whose numbers are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'a> {
    /// Those of a share of all entities.
    Share(Share),
    /// Those of one. Only its rows are measured; of the others' rows is known what refuses a file or covers a month.
    One(&'a str),
}

/// Reads a table once, with a thread for each of those beside, who see every row that is measured too; at least one.
pub(super) fn pass<B: Send>(
    table: &TablePlan,
    (listed, sums): (&[Listed], super::Sums),
    (whose, watch): (Whose<'_>, &Watch),
    beside: Vec<B>,
    see: impl Fn(&mut B, &Batch<'_>) + Sync,
) -> Result<Read<B>, Box<Diagnostic>> {
    let new = |share| State::new(table, share, listed, sums);
    let each = |beside| match whose {
        Whose::Share(share) => Reader { all: new(share), own: None, beside, groups: 0 },
        Whose::One(entity) => {
            let own = Some((Own::new(table, entity), new(Share::ALL)));
            Reader { all: new(Share::NONE), own, beside, groups: 0 }
        }
    };
    let readers = beside.into_iter().map(each).collect();
    let consume = |reader: &mut Reader<'_, B>, batch: &Batch<'_>| {
        if !watch.is_full().load(Ordering::Relaxed) {
            reader.consume(batch, &see);
            let Reader { all, own, groups, .. } = reader;
            watch.look(groups, || all.bytes() + own.as_ref().map_or(0, |(_, own)| own.bytes()));
        }
    };
    let (readers, rejected) = crate::read::scan_until(watch.is_full(), &table.files, &table.wanted, readers, consume)?;
    let (mut all, mut owns, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for reader in readers {
        all.push(reader.all);
        owns.extend(reader.own.map(|(_, state)| state));
        beside.push(reader.beside);
    }
    if watch.is_full().load(Ordering::Relaxed) {
        return Ok(Read::Full(full(all.iter().chain(&owns))));
    }
    let pass = match (State::together(all), State::together(owns)) {
        (Some(all), None) => all.finish(None),
        (mut all, Some(own)) => {
            let links = all.as_mut().map(|all| std::mem::take(&mut all.links));
            let mut pass = own.finish(links.as_deref());
            if let Some(all) = all.map(|all| all.finish(None)) {
                pass.others = all.entities.shown().iter().map(|entity| String::from(&**entity)).collect();
                pass.others.retain(|other| !pass.entities.shown().iter().any(|own| is_same(own, other)));
                (pass.covered, pass.shared.same) = (all.covered, all.shared.same);
            }
            pass
        }
        (None, None) => new(Share::ALL).finish(None),
    };
    Ok(Read::Whole(Box::new(pass), beside, rejected))
}

/// What one thread keeps.
struct Reader<'a, B> {
    /// What all rows say.
    all: State<'a>,
    /// Where one entity is measured, what its rows say.
    own: Option<(Own<'a>, State<'a>)>,
    beside: B,
    /// The bytes that its groups took when it last told.
    groups: u64,
}

impl<B> Reader<'_, B> {
    fn consume(&mut self, batch: &Batch<'_>, see: impl Fn(&mut B, &Batch<'_>)) {
        self.all.consume(batch);
        match &mut self.own {
            None => see(&mut self.beside, batch),
            Some((own, state)) => own.rows_of(batch, |batch| {
                state.consume(batch);
                see(&mut self.beside, batch);
            }),
        }
    }
}

/// What all threads hold.
fn full<'s>(states: impl Iterator<Item = &'s State<'s>> + Clone) -> Full {
    let groups = states.clone().map(State::bytes).sum();
    let own = |state: &State<'_>| {
        let shown = state.entities.shown().iter().map(|entity| fold(entity).into_owned());
        shown.filter(|entity| state.share.holds(entity)).collect::<Vec<_>>()
    };
    Full { groups, entities: states.flat_map(own).collect::<BTreeSet<_>>().len() }
}

impl Pass {
    /// The bytes that its groups take.
    pub(super) fn bytes(&self) -> u64 {
        self.groups.iter().map(Groups::bytes).sum()
    }
}

/// What one thread has seen so far. Everything a row can change is here.
struct State<'a> {
    table: &'a TablePlan,
    entities: Interner,
    /// The entities that have groups.
    share: Share,
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
    fn new(table: &'a TablePlan, share: Share, listed: &'a [Listed], sums: super::Sums) -> Self {
        let is_amount = |wanted: &Wanted| {
            sums == super::Sums::Taken && matches!(wanted.kind, ColumnType::Money | ColumnType::Count)
        };
        let amounts: Vec<usize> =
            table.wanted.iter().enumerate().filter(|(_, wanted)| is_amount(wanted)).map(|(at, _)| at).collect();
        let is_key = |position: usize| table.accumulators.iter().any(|a| a.keys.contains(&position));
        let exact = |position: usize| table.wanted.get(position).is_some_and(|wanted| wanted.kind == ColumnType::Exact);
        Self {
            table,
            // Tables name one entity in any spelling, whatever their columns compare by.
            entities: Interner::new(false),
            share,
            is_own: Vec::new(),
            months: ByMonth::default(),
            keys: (0..table.wanted.len()).map(|at| is_key(at).then(|| Interner::new(exact(at)))).collect(),
            groups: table.accumulators.iter().map(Groups::new).collect(),
            links: table.identities.iter().map(|_| Links::default()).collect(),
            likeness: Likeness::new(table),
            others: Other::all(&table.wanted),
            plausible: Plausible::new(table),
            spelled: listed.iter().map(|listed| Spelled::new(listed, amounts.len())).collect(),
            amounts,
            uncheckable: Uncheckable::new(table),
            account: Account::new(table),
            before: Fates::new(table),
            filters: table.filters.iter().map(mask::Filter::new).collect(),
            classes: Classes::default(),
            judged: Judged::default(),
            of_rows: Vec::new(),
        }
    }

    /// The bytes that its groups take.
    fn bytes(&self) -> u64 {
        self.groups.iter().map(Groups::bytes).sum()
    }

    /// What all threads have seen; none where there is no thread.
    fn together(states: Vec<Self>) -> Option<Self> {
        states.into_iter().reduce(|mut whole, state| {
            whole.merge(state);
            whole
        })
    }

    /// What it comes to. Names are one that are one in all rows of the table, whosever they are: `links` says so where
    /// these are not all of them.
    fn finish(mut self, links: Option<&[Links]>) -> Pass {
        self.count_classes();
        let own = std::mem::take(&mut self.links);
        let (links, own) = match links {
            Some(links) => (links, Some(own.as_slice())),
            None => (own.as_slice(), None),
        };
        let merged = self.unite(links);
        let shared = self.likeness.finish(self.table);
        let beside = self.beside(links, own);
        let (unlisted, untested) = (self.unlisted(), self.uncheckable.finish());
        let other_kinds = self.others.iter().flat_map(Other::finish).collect();
        let Self { entities, months, groups, keys, account, plausible, .. } = self;
        let months = months.into_months().filter(|(_, rows)| *rows > 0);
        let months: BTreeMap<Month, u64> = months.map(|(month, rows)| (Month::from_index(month), rows)).collect();
        Pass {
            entities,
            others: Vec::new(),
            covered: months.keys().copied().collect(),
            months,
            groups,
            keys,
            account,
            merged,
            shared,
            beside,
            other_kinds,
            plausible,
            unlisted,
            untested,
        }
    }

    /// Counts what goes by two names as one: its groups are joined.
    fn unite(&mut self, links: &[Links]) -> Vec<Merged> {
        let numbered = |count: usize| (0..u32::try_from(count).unwrap_or(u32::MAX)).collect::<Vec<u32>>();
        let mut same: Vec<Vec<u32>> =
            self.keys.iter().map(|key| numbered(key.as_ref().map_or(0, Interner::len))).collect();
        let mut merged = Vec::new();
        for ((first, _), links) in self.table.identities.iter().zip(links) {
            let Some((Some(interner), same)) = self.keys.get(*first).zip(same.get_mut(*first)) else { continue };
            let mut names = Vec::new();
            for (second_name, first_name) in links.certain() {
                let (Some(from), Some(to)) = (interner.known(second_name), interner.known(first_name)) else {
                    continue;
                };
                if let Some(entry) = usize::try_from(from).ok().and_then(|at| same.get_mut(at)) {
                    *entry = to;
                    names.push((from, to));
                }
            }
            follow(same);
            // Names that lead round in a circle are left as they are.
            let is_one = |from: u32| usize::try_from(from).ok().and_then(|at| same.get(at)) != Some(&from);
            let names: Vec<(String, String)> = names
                .into_iter()
                .filter(|(from, _)| is_one(*from))
                .map(|(from, to)| (interner.name(from).to_owned(), interner.name(to).to_owned()))
                .collect();
            if let Some(wanted) = self.table.wanted.get(*first).filter(|_| !names.is_empty()) {
                merged.push(Merged { table: self.table.name.clone(), column: wanted.name.clone(), names });
            }
        }
        if !merged.is_empty() {
            let entities = numbered(self.entities.len());
            for (accumulator, groups) in self.table.accumulators.iter().zip(&mut self.groups) {
                let keys: Vec<&[u32]> =
                    accumulator.keys.iter().filter_map(|at| same.get(*at).map(Vec::as_slice)).collect();
                let mut united = Groups::new(accumulator);
                united.merge(groups, &entities, &keys);
                *groups = united;
            }
        }
        merged
    }

    /// Names that stand beside several, and are left as they are; only those in `own` rows, where these are not all.
    fn beside(&self, links: &[Links], own: Option<&[Links]>) -> Vec<Beside> {
        let mut all = Vec::new();
        for (at, ((first, _), links)) in self.table.identities.iter().zip(links).enumerate() {
            let Some(wanted) = self.table.wanted.get(*first) else { continue };
            let own = own.and_then(|own| own.get(at));
            let is_key = |name: &str| self.keys.get(*first).and_then(Option::as_ref)?.known(name);
            let is_told = |name: &str| own.is_none_or(|own| own.has_second(name) || is_key(name).is_some());
            let (ambiguous, several) = (links.ambiguous(is_told), own.unwrap_or(links).several());
            if !ambiguous.is_empty() || !several.is_empty() {
                all.push(Beside { table: self.table.name.clone(), column: wanted.name.clone(), ambiguous, several });
            }
        }
        all
    }

    fn unlisted(&self) -> Option<Vec<(String, Vec<Unlisted>)>> {
        let name = |at: &usize| self.table.wanted.get(*at).map_or_else(String::new, |wanted| wanted.name.clone());
        let names: Vec<String> = self.amounts.iter().map(name).collect();
        self.spelled.iter().map(|spelled| spelled.finish(&names)).collect()
    }

    fn merge(&mut self, mut other: Self) {
        self.count_classes();
        other.count_classes();
        let entities = self.entities.merge(&other.entities);
        let keys: Vec<Option<Vec<u32>>> = self
            .keys
            .iter_mut()
            .zip(other.keys)
            .map(|(mine, theirs)| mine.as_mut().zip(theirs).map(|(mine, theirs)| mine.merge(&theirs)))
            .collect();
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
        for ((accumulator, mine), theirs) in self.table.accumulators.iter().zip(&mut self.groups).zip(other.groups) {
            let keys: Vec<&[u32]> = accumulator.keys.iter().filter_map(|at| keys.get(*at)?.as_deref()).collect();
            mine.merge(&theirs, &entities, &keys);
        }
    }
}

/// The slot of no month that is read.
const NO_SLOT: u32 = u32::MAX;
