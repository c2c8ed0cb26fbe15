//! A table, read once: a thread's rows go to what they change.

use super::own::Own;
use super::{Interner, Pass, State};
use crate::diagnostic::Diagnostic;
use crate::measure::Sums;
use crate::measure::share::{Full, Share, Watch};
use crate::measure::spellings::Listed;
use crate::plan::TablePlan;
use crate::read::{AtOnce, Batch, Rejected};
use crate::text::fold;
use std::sync::atomic::Ordering;

/// A table that was read, or what its groups had taken when there was no more room for them.
pub(in crate::measure) enum Read<B> {
    Whole(Box<Pass>, Vec<B>, Rejected),
    Full(Full),
}

/// Reads a table once, with a thread for each of those beside, who see every row that is measured too; at least one.
pub(in crate::measure) fn pass<'a, B: Send>(
    table: &'a TablePlan,
    (listed, sums): (&'a [Listed], Sums),
    (share, watch, at_once): (Share<'a>, &Watch, AtOnce),
    beside: Vec<B>,
    see: impl Fn(&mut B, &Batch<'_>) + Sync,
) -> Result<Read<B>, Box<Diagnostic>> {
    let each = |beside| match share {
        Share::Hashed { .. } => Reader { all: State::new(table, share, listed, sums), own: None, beside, groups: 0 },
        Share::One(entity) => {
            let own = Some((Own::new(table, entity), State::new(table, Share::ALL, listed, sums)));
            // What is said of spellings is said of the entity's own.
            Reader { all: State::new(table, share, &[], Sums::Left), own, beside, groups: 0 }
        }
    };
    let threads = beside.len();
    let readers = beside.into_iter().map(each).collect();
    let consume = |reader: &mut Reader<'_, B>, batch: &Batch<'_>| {
        if !watch.is_full().load(Ordering::Relaxed) {
            reader.consume(batch, &see);
            let Reader { all, own, groups, .. } = reader;
            watch.look(groups, || all.bytes() + own.as_ref().map_or(0, |(_, own)| own.bytes()));
        }
    };
    let until = (watch.is_full(), at_once);
    let may_pass = |at: usize| sums == Sums::Left && !listed.iter().any(|listed| listed.place() == at);
    let mut wanted = table.wanted.clone();
    for (at, wanted) in wanted.iter_mut().enumerate() {
        wanted.asked = wanted.asked.take().filter(|_| may_pass(at));
    }
    let (readers, rejected) = crate::read::scan_until(until, &table.files, &wanted, readers, consume)?;
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
        None => all.finish(threads),
        Some(own) => all.finish_of_one(own, threads),
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
pub(super) fn own<'s>(share: Share<'s>, entities: &'s Interner) -> impl Iterator<Item = String> + 's {
    let folded = entities.shown().map(|entity| fold(entity).into_owned());
    folded.filter(move |entity| share.holds(entity))
}
