//! What stands behind the numbers of one entity: its groups, its rows, and what each clause drops of them.

mod rows;
mod why;

use super::entities::Entities;
use super::finish::{TooLarge, groups_seen, too_large};
use super::local::Pass;
use super::rounds::{Onlookers, measured};
use super::share::Share;
use super::survey::{Survey, Surveyor};
use super::{Effort, Measures, Sums, surveys};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{At, Plan, TablePlan};
use crate::read::Batch;
use crate::rules::{ReadingKey, Unit};
use crate::text::{NAMED, is_same, quoted};
use rows::Witness;
pub use rows::{RowSeen, WhyNot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whose numbers are asked about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The entity; may be left out where there is one.
    pub entity: Option<String>,
    /// The group whose rows are shown.
    pub group: Option<KeyAsked>,
}

/// A key of groups.
#[derive(Clone, Debug)]
pub struct KeyAsked {
    /// Its column; none: any.
    pub column: Option<String>,
    /// Its text.
    pub value: String,
}

impl KeyAsked {
    /// Whether a column's text is meant.
    #[must_use]
    pub fn is(&self, column: &str, value: &str) -> bool {
        match &self.column {
            None => is_same(&self.value, value),
            // A key can have the sign itself.
            Some(asked) => {
                is_same(asked, column) && is_same(&self.value, value)
                    || is_same(&format!("{asked}={}", self.value), value)
            }
        }
    }
}

/// What stands behind the numbers of an entity.
#[derive(Debug)]
pub struct Evidence {
    /// The entity's position among those measured.
    pub entity: usize,
    /// The groups of each reading, kept or not, by their keys.
    pub groups: GroupsSeen,
    /// For each table of the plan what the entity's rows hold, and what each of the plan's clauses does to them.
    pub own: Vec<Survey>,
    /// For each table of the plan: rows of the group asked for and, of tables without months, of every group; each once,
    /// with how many there are.
    pub rows: Vec<BTreeMap<RowSeen, u64>>,
    /// For each table of the plan how many more such rows there are.
    pub more_rows: Vec<u64>,
}

/// A group of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSeen {
    /// Its keys, in the order of the measure's columns.
    pub keys: Vec<String>,
    /// Its amounts, in the order of the measure's; none where one is missing.
    pub amounts: Vec<Option<Exact>>,
    /// Why it does not count; empty where it does.
    pub misses: Vec<Distance>,
    /// By how much it counts: the bounds that it has to keep, every one; empty where it does not count.
    pub margins: Vec<Distance>,
    /// Whether it counts.
    pub is_kept: bool,
}

/// A test of a group, and how far the group is from its bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The amount that is tested.
    pub amount: String,
    /// What it is; none where it is missing.
    pub had: Option<Exact>,
    /// The month that it is of, where it is the greatest or least of several: the month in which the group came nearest.
    pub month: Option<Month>,
    /// What it counts.
    pub unit: Unit,
    /// What is asked of it, in words.
    pub asks: String,
    /// How much it lacks, where a number is asked for; below zero how much it has beyond.
    pub short: Option<Exact>,
    /// Of several tests of which one would do, what they share; none for one that has to be passed.
    pub alternative: Option<usize>,
}

/// Measures, and keeps what stands behind one entity's numbers.
///
/// # Errors
///
/// As [`measure`](super::measure()), and for an entity that is not there or not named.
pub fn explained(
    plan: &Plan,
    effort: Effort,
    asked: &Asked,
    found: &mut Diagnostics,
) -> Result<(Measures, Evidence), Failed> {
    let mut own = OfOne { plan, asked, groups: GroupsSeen::new() };
    let (measures, seen) = measured((plan, effort, Sums::Taken), Share::of(asked.entity.as_deref()), &mut own, found)?;
    let evidence = own.evidence(&measures, seen, found)?;
    Ok((measures, evidence))
}

/// The groups of each reading, by what it reads.
type GroupsSeen = BTreeMap<(At, ReadingKey), Vec<GroupSeen>>;

/// Those who see what stands behind an entity's numbers.
struct OfOne<'a> {
    plan: &'a Plan,
    asked: &'a Asked,
    groups: GroupsSeen,
}

impl<'a> Onlookers<'a> for OfOne<'a> {
    type One = (Surveyor<'a>, Witness<'a>);

    fn one(&self, table: &'a TablePlan) -> Self::One {
        (Surveyor::of_one(table), Witness::new(table, self.asked))
    }

    fn see((surveyor, witness): &mut Self::One, batch: &Batch<'_>) {
        surveyor.see(batch);
        witness.see(batch);
    }

    /// Keeps the entity's groups when they are there.
    fn look(&mut self, measures: &Measures, passes: &[Pass], share: Share<'_>) -> Result<(), TooLarge> {
        let is_there = |at: &usize| measures.entities.get(*at).is_some_and(|entity| share.holds(entity));
        let position = position(measures, self.asked.entity.as_deref()).ok().filter(is_there);
        let Some(position) = position else { return Ok(()) };
        let plan = self.plan;
        let entities = Entities::of(plan, passes, share);
        let done: Vec<Arc<[Option<Exact>]>> = plan
            .readings
            .iter()
            .filter_map(|reading| measures.readings.get(&(reading.at.clone(), reading.key.clone())))
            .map(|measured| Arc::clone(&measured.values))
            .collect();
        for reading in &plan.readings {
            let seen = groups_seen(plan, passes, (&entities, &done), reading, position)
                .ok_or_else(|| too_large(plan, reading))?;
            self.groups.insert((reading.at.clone(), reading.key.clone()), seen);
        }
        Ok(())
    }
}

impl OfOne<'_> {
    fn evidence(
        self,
        measures: &Measures,
        seen: Vec<Vec<(Surveyor<'_>, Witness<'_>)>>,
        found: &mut Diagnostics,
    ) -> Result<Evidence, Failed> {
        let asked = self.asked.entity.as_deref();
        let entity = position(measures, asked).map_err(|problem| found.error(*problem))?;
        let (mut surveyors, mut rows, mut more_rows) = (Vec::new(), Vec::new(), Vec::new());
        for threads in seen {
            let (surveyor, witnesses) = threads.into_iter().unzip();
            surveyors.push(surveyor);
            let (seen, more) = Witness::together(witnesses);
            rows.push(seen);
            more_rows.push(more);
        }
        let own = surveys(self.plan, surveyors, found)?;
        Ok(Evidence { entity, groups: self.groups, own, rows, more_rows })
    }
}

/// The place of the entity that is asked for, or of the only one.
fn position(measures: &Measures, asked: Option<&str>) -> Result<usize, Box<Diagnostic>> {
    let unknown = |message| Diagnostic::new(Code::UnknownEntity, Place::Command, message);
    let known = || measures.entities.iter().chain(&measures.others).map(String::as_str);
    let listed = || {
        let named: Vec<String> = known().take(NAMED).map(quoted).collect();
        let more = known().count().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("known: {}{more}", named.join(", "))
    };
    match (asked, measures.entities.as_slice()) {
        (Some(asked), entities) => entities.iter().position(|id| is_same(id, asked)).ok_or_else(|| {
            let help = did_you_mean(asked, known()).unwrap_or_else(listed);
            Box::new(unknown(format!("there is no entity {}", quoted(asked))).help(help))
        }),
        (None, [_]) => Ok(0),
        (None, []) => {
            let problem = unknown("there is no entity to explain".to_owned());
            Err(Box::new(problem.help("look at the data with `inspect`")))
        }
        (None, all) => {
            let problem = unknown(format!("the data have {} entities, and one at a time is asked for", all.len()));
            Err(Box::new(problem.help(format!("name it with `--entity`; {}", listed()))))
        }
    }
}
