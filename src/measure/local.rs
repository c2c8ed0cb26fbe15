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
use crate::text::fold;
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

/// A table that was read, or what its groups had taken when there was no more room for them.
pub(super) enum Read<B> {
    Whole(Box<Pass>, Vec<B>, Rejected),
    Full(Full),
}

/// Reads a table once, with a thread for each of those beside, who see every row that is measured too; at least one.
pub(super) fn pass<'a, B: Send>(
    table: &'a TablePlan,
    (listed, sums): (&'a [Listed], super::Sums),
    (share, watch): (Share<'a>, &Watch),
    beside: Vec<B>,
    see: impl Fn(&mut B, &Batch<'_>) + Sync,
) -> Result<Read<B>, Box<Diagnostic>> {
    let each = |beside| match share {
        Share::Hashed { .. } => Reader { all: State::new(table, share, listed, sums), own: None, beside, groups: 0 },
        Share::One(entity) => {
            let own = Some((Own::new(table, entity), State::new(table, Share::ALL, listed, sums)));
            // What is said of spellings is said of the entity's own.
            Reader { all: State::new(table, share, &[], super::Sums::Left), own, beside, groups: 0 }
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
        return Ok(Read::Full(full(share, &all)));
    }
    let all = State::together(all).unwrap_or_else(|| State::new(table, share, listed, sums));
    let pass = match State::together(owns) {
        None => all.finish(),
        Some(own) => all.finish_of_one(own),
    };
    Ok(Read::Whole(Box::new(pass), beside, rejected))
}

/// What one thread keeps.
struct Reader<'a, B> {
    /// What all rows say, and the groups of those that are measured.
    all: State<'a>,
    /// Where one entity is measured, what its rows alone say.
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
fn full(share: Share<'_>, states: &[State<'_>]) -> Full {
    let entities = states.iter().flat_map(|state| own(share, &state.entities));
    Full { groups: states.iter().map(State::bytes).sum(), entities: entities.collect() }
}

/// The entities of a share, folded.
fn own<'s>(share: Share<'s>, entities: &'s Interner) -> impl Iterator<Item = String> + 's {
    let folded = entities.shown().map(|entity| fold(entity).into_owned());
    folded.filter(move |entity| share.holds(entity))
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
        own(share, &self.entities)
    }
}

/// What one thread has seen so far. Everything a row can change is here.
struct State<'a> {
    table: &'a TablePlan,
    entities: Interner,
    /// The entities that have groups.
    share: Share<'a>,
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

    /// What it comes to.
    fn finish(mut self) -> Pass {
        let shared = self.likeness.finish(self.table);
        let (means, beside) = (self.unite(), self.beside(None));
        let merged = self.merged(&means.named);
        self.passed(shared, merged, beside)
    }

    /// The same of the one entity that is measured: its groups, as all rows say which names are one, and all else as its
    /// own rows say.
    fn finish_of_one(mut self, mut own: Self) -> Pass {
        own.count_classes();
        let of_all = self.likeness.finish(self.table);
        // Files that hold the same rows are refused; where only the entity's rows are the same, it is told.
        let shared = Shared { same: of_all.same, ..own.likeness.finish_of_one(self.table) };
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
        let merged = self.merged(&means.named);
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

    /// Counts what goes by two names as one: its groups are joined.
    fn unite(&mut self) -> Means {
        let numbered = |count: usize| (0..u32::try_from(count).unwrap_or(u32::MAX)).collect::<Vec<u32>>();
        let mut same: Vec<Vec<u32>> =
            self.keys.iter().map(|key| numbered(key.as_ref().map_or(0, Interner::len))).collect();
        let mut named = Vec::new();
        for ((first, _), links) in self.table.identities.iter().zip(&self.links) {
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
            named.extend(names.into_iter().filter(|(from, _)| is_one(*from)).map(|(from, to)| (*first, from, to)));
        }
        if !named.is_empty() {
            let entities = numbered(self.entities.len());
            for (accumulator, groups) in self.table.accumulators.iter().zip(&mut self.groups) {
                let keys: Vec<&[u32]> =
                    accumulator.keys.iter().filter_map(|at| same.get(*at).map(Vec::as_slice)).collect();
                let mut united = Groups::new(accumulator);
                united.merge(groups, &entities, &keys);
                *groups = united;
            }
        }
        Means { same, named }
    }

    /// What goes by two names and counts as one.
    fn merged(&self, named: &[(usize, u32, u32)]) -> Vec<Merged> {
        let mut merged: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for (at, from, to) in named {
            let Some(Some(interner)) = self.keys.get(*at) else { continue };
            let names = (interner.name(*from).to_owned(), interner.name(*to).to_owned());
            // Of one entity's names a name of others is shown as one of these.
            if names.0 != names.1 {
                merged.entry(*at).or_default().push(names);
            }
        }
        let of_column = |(at, names): (usize, Vec<(String, String)>)| {
            let column = self.table.wanted.get(at)?.name.clone();
            Some(Merged { table: self.table.name.clone(), column, names })
        };
        merged.into_iter().filter_map(of_column).collect()
    }

    /// Names that stand beside several, and are left as they are; of one entity those in its own rows.
    fn beside(&self, own: Option<&Self>) -> Vec<Beside> {
        let mut all = Vec::new();
        for (at, ((first, _), links)) in self.table.identities.iter().zip(&self.links).enumerate() {
            let Some(wanted) = self.table.wanted.get(*first) else { continue };
            let own = own.map(|own| (own.links.get(at), own.keys.get(*first).and_then(Option::as_ref)));
            let told = |name: &str, shown: &str| match own {
                None => Some(shown.to_owned()),
                Some((links, key)) => {
                    let as_key = || key.and_then(|key| key.known(name).map(|number| key.name(number)));
                    links.and_then(|links| links.shown(name)).or_else(as_key).map(str::to_owned)
                }
            };
            let several = own.and_then(|(links, _)| links).unwrap_or(links).several();
            let ambiguous = links.ambiguous(told);
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

/// Which names mean the same.
struct Means {
    /// For each wanted column that is a key, what each of its numbers counts as.
    same: Vec<Vec<u32>>,
    /// The columns, the second names and the first names that they mean.
    named: Vec<(usize, u32, u32)>,
}

fn months_of(months: ByMonth<u64>) -> BTreeMap<Month, u64> {
    let months = months.into_months().filter(|(_, rows)| *rows > 0);
    months.map(|(month, rows)| (Month::from_index(month), rows)).collect()
}

/// The slot of no month that is read.
const NO_SLOT: u32 = u32::MAX;
