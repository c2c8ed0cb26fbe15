//! Every table is read once, and again where the groups of all entities do not fit into memory.

use super::bad_rows::BadRows;
use super::finish::{self, TooLarge};
use super::local::{self, Pass, Read};
use super::share::{Full, Share, Watch};
use super::{Effort, Floats, Measures, Sums, spellings, too_large};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::plan::{Plan, TablePlan};
use crate::read::{Batch, given_up};

/// Who sees the rows that are measured beside what measures them.
pub(super) trait Onlookers<'a> {
    /// Who sees those of a table that one thread reads.
    type One: Send;

    fn one(&self, table: &'a TablePlan) -> Self::One;

    fn see(one: &mut Self::One, batch: &Batch<'_>);

    /// Looks at what was measured of a share of the entities, before its groups are forgotten.
    fn look(&mut self, _: &Measures, _: &[Pass], _: Share<'_>) -> Result<(), TooLarge> {
        Ok(())
    }
}

/// Nobody sees them.
pub(super) struct Nobody;

impl<'a> Onlookers<'a> for Nobody {
    type One = ();

    fn one(&self, _: &'a TablePlan) {}

    fn see((): &mut (), _: &Batch<'_>) {}
}

/// What was measured, and for each table what those beside each thread have seen.
type Seen<O> = (Measures, Vec<Vec<O>>);

/// Measures a share of the entities: where they do not fit into memory, one half of them behind the other.
pub(super) fn measured<'a, B: Onlookers<'a>>(
    (plan, effort, sums): (&'a Plan, Effort, Sums),
    share: Share<'a>,
    beside: &mut B,
    found: &mut Diagnostics,
) -> Result<Seen<B::One>, Failed> {
    let rounds = Rounds { plan, effort, sums };
    let (mut share, mut left) = (share, Vec::new());
    let mut known: Option<Seen<B::One>> = None;
    loop {
        match rounds.round(share, beside, found)? {
            Round::Full(full) => {
                let limit = effort.memory.map_or(0, |memory| memory.limit);
                let halves = share.halves().filter(|_| full.is_less_in_half(limit));
                let [one, other] = halves.ok_or_else(|| found.error(too_little(limit)))?;
                given_up();
                left.push(other);
                share = one;
            }
            Round::Whole(passes, seen, rest) => {
                let measures = rounds.finished(&passes, share, rest, beside, found)?;
                let whole = match known.take() {
                    None => (measures, seen),
                    Some((mut whole, seen)) => {
                        whole.take(share, &measures);
                        (whole, seen)
                    }
                };
                let Some(next) = left.pop() else { return Ok(whole) };
                (known, share) = (Some(whole), next);
            }
        }
    }
}

struct Rounds<'a> {
    plan: &'a Plan,
    effort: Effort,
    sums: Sums,
}

/// What reading every table comes to.
enum Round<'a, O> {
    Whole(Vec<Pass>, Vec<Vec<O>>, Rest<'a>),
    Full(Full),
}

/// What is to be said of the files.
#[derive(Default)]
struct Rest<'a> {
    rejected: BadRows<'a>,
    open_ends: Vec<String>,
    floats: Vec<Floats>,
}

impl<'a> Rounds<'a> {
    /// Reads the numbers off the passes.
    fn finished<B: Onlookers<'a>>(
        &self,
        passes: &[Pass],
        share: Share<'_>,
        rest: Rest<'_>,
        beside: &mut B,
        found: &mut Diagnostics,
    ) -> Result<Measures, Failed> {
        // What joining takes is watched for one reading at a time.
        let threads = if self.effort.memory.is_some() { 1 } else { self.effort.threads };
        let mut measures = finish::finish(self.plan, passes, share, threads).map_err(|lost| too_large(&lost, found))?;
        beside.look(&measures, passes, share).map_err(|lost| too_large(&lost, found))?;
        measures.rows_left_out = rest.rejected.rows();
        measures.left_out = rest.rejected.listed;
        measures.open_ends = rest.open_ends;
        measures.floats = rest.floats;
        Ok(measures)
    }

    /// Reads every table.
    fn round<B: Onlookers<'a>>(
        &self,
        share: Share<'a>,
        beside: &B,
        found: &mut Diagnostics,
    ) -> Result<Round<'a, B::One>, Failed> {
        let Self { plan, effort, sums } = *self;
        let (mut passes, mut all_seen, mut rest) = (Vec::new(), Vec::new(), Rest::default());
        let mut failed = Ok(());
        let listed = if effort.doubts {
            spellings::vocabularies(plan)
        } else {
            plan.tables.iter().map(|_| Vec::new()).collect()
        };
        for (table, listed) in plan.tables.iter().zip(&listed) {
            let each = (0..effort.threads.max(1)).map(|_| beside.one(table)).collect();
            let watch = Watch::new(effort.memory);
            match local::pass(table, (listed, sums), (share, &watch, effort.at_once), each, B::see) {
                Ok(Read::Full(mut full)) => {
                    // Nothing more is read where a run fails anyway.
                    failed?;
                    full.groups += passes.iter().map(Pass::bytes).sum::<u64>();
                    full.entities.extend(passes.iter().flat_map(|pass| pass.own(share)));
                    return Ok(Round::Full(full));
                }
                Ok(Read::Whole(mut pass, seen, refused)) => {
                    rest.rejected.add(&table.name, refused.rows, refused.listed);
                    // Nobody knows whose they are.
                    if !share.is_one() {
                        pass.account.unreadable = refused.rows;
                    }
                    rest.open_ends.extend(refused.open_ends);
                    for (first, second) in &pass.shared.same {
                        failed = Err(found.error(same_rows(&table.name, first, second)));
                    }
                    let floats = refused.floats.into_iter();
                    rest.floats.extend(floats.map(|(file, column)| Floats { table: table.name.clone(), file, column }));
                    passes.push(*pass);
                    all_seen.push(seen);
                }
                Err(problem) => failed = Err(found.error(*problem)),
            }
        }
        if let Err(error) = rest.rejected.permitted(effort, found) {
            failed = Err(error);
        }
        failed.map(|()| Round::Whole(passes, all_seen, rest))
    }
}

fn same_rows(table: &str, first: &str, second: &str) -> Diagnostic {
    let message = format!("`{first}` and `{second}` hold the same rows, and both are of `{table}`");
    Diagnostic::new(Code::TwoFiles, Place::File(second.to_owned()), message)
        .help("remove one of them; should both count, put their rows into one file")
}

fn too_little(limit: u64) -> Diagnostic {
    let message =
        format!("the work may take more than {limit} bytes of memory, however few entities are measured at a time");
    Diagnostic::new(Code::TooLittleMemory, Place::Command, message).help(
        "permit more with `--memory`: 64 MiB of it are set aside for the program itself; fewer `--threads` take less",
    )
}
