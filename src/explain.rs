//! [`Plan`] × [`Measures`] × [`Evidence`] → [`Explanation`]: how every point of one entity came about.
//!
//! Nothing is computed here that the score rests on: parts are put beside the whole, and have to add up to it.

mod behind;
mod clauses;
mod closes;
mod ends;
mod rows;
mod taking;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::measure::{Evidence, GroupSeen, KeyAsked, Measures, Sifted, WhyNot};
use crate::month::Month;
use crate::plan::Plan;
use crate::rules::{Interpretation, Measure, ReadingKey, RuleSet};
use crate::score::{AreaOutcome, Checked, MetricOutcome, Outcome, ReadingOutcome, Step};
use crate::text::{is_same, quoted};
use behind::Behind;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is asked to be explained.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Only these areas; all where there is none.
    pub areas: Vec<String>,
    /// Only these metrics; likewise.
    pub metrics: Vec<String>,
    /// Only this group.
    pub group: Option<KeyAsked>,
}

/// How the points of an entity came about.
#[derive(Debug)]
pub struct Explanation {
    /// The terms.
    pub rules: Arc<RuleSet>,
    /// The day judged.
    pub as_of: NaiveDate,
    /// The entity.
    pub entity: String,
    /// The areas that are explained.
    pub areas: Vec<AreaExplained>,
    /// Whether every group is shown.
    pub is_whole: bool,
    /// What to keep in mind.
    pub warnings: Vec<Diagnostic>,
}

/// An area and its metrics.
#[derive(Debug)]
pub struct AreaExplained {
    /// Its score.
    pub outcome: AreaOutcome,
    /// The metrics that are explained.
    pub metrics: Vec<MetricExplained>,
    /// What the designation asks for, in the order of the rules; nothing where it is undecided which track counts.
    pub asked: Vec<Checked>,
    /// The tracks on which it can be scored.
    pub tracks: Vec<TrackExplained>,
    /// What its conditions and tracks read and none of its metrics; only where all of these are explained.
    pub readings: Vec<ReadingExplained>,
}

impl AreaExplained {
    /// A condition of the designation with what it is made of, by its name.
    #[must_use]
    pub fn checked(&self, name: &str) -> Option<&Checked> {
        self.asked.iter().find(|checked| checked.name.as_deref() == Some(name))
    }

    /// Everything that was read.
    pub fn all_readings(&self) -> impl Iterator<Item = &ReadingExplained> {
        self.metrics.iter().flat_map(|metric| &metric.readings).chain(&self.readings)
    }
}

/// A track of an area.
#[derive(Debug)]
pub struct TrackExplained {
    /// Its name.
    pub name: String,
    /// In words.
    pub title: Option<String>,
    /// Whether the area is scored on it; none where that is undecided.
    pub counts: Option<bool>,
    /// What puts somebody on it; everybody where there is none.
    pub when: Option<Checked>,
}

/// How a metric's points came about.
#[derive(Debug)]
pub struct MetricExplained {
    /// Its score.
    pub outcome: MetricOutcome,
    /// Where the rules define it, as in [`RuleSet::places`].
    pub place: String,
    /// How its points come about; none where nothing is asked, or it is undecided which track counts.
    pub derivation: Option<Step>,
    /// Where that is undecided: the same for each track that can count, by its name.
    pub by_track: Vec<(String, Step)>,
    /// What was read, each once, with what stands behind it; also what those readings themselves read.
    pub readings: Vec<ReadingExplained>,
    /// Groups that count in one of two readings of a measure for two times, and not in the other.
    pub moved: Vec<Moved>,
}

/// What stands behind a reading.
#[derive(Debug)]
pub struct ReadingExplained {
    /// Which reading, in words, with its months and its number.
    pub outcome: ReadingOutcome,
    /// The track on whose terms it is read, where it is undecided which counts and they read other things.
    pub track: Option<String>,
    /// The day as of which it is read, where that is an earlier one and there are no months that say so.
    pub day: Option<NaiveDate>,
    /// What it asks.
    pub measure: Arc<Measure>,
    /// The reading whose groups it reads, where it reads groups.
    pub of_groups: Option<ReadingKey>,
    /// The groups that count.
    pub counted: Vec<GroupSeen>,
    /// The groups that do not.
    pub left: Vec<GroupSeen>,
    /// What the tests of its rows drop of the entity's rows in its months, in the order in which they are asked.
    pub clauses: Vec<ClauseExplained>,
    /// The rows that are shown, with those they stand beside.
    pub rows: Vec<RowExplained>,
    /// By table how many more rows there are that are not shown.
    pub more_rows: Vec<(String, u64)>,
}

impl ReadingExplained {
    /// Whether it is a reading on a track's terms, where several tracks are open.
    #[must_use]
    pub fn is(&self, key: &ReadingKey, track: Option<&str>) -> bool {
        self.outcome.key == *key && self.track.as_deref() == track
    }
}

/// What a part of a test drops.
#[derive(Clone, Debug)]
pub struct ClauseExplained {
    /// The table.
    pub table: String,
    /// Where it is written, as in [`RuleSet::places`].
    pub written_in: String,
    /// The columns it looks at.
    pub columns: Vec<String>,
    /// The position of the part, among those of the reading, whose kept rows reach it; none: all rows do.
    pub within: Option<usize>,
    /// The amounts for which it is asked; empty where for all.
    pub amounts: Vec<String>,
    /// The months of the rows that are counted; empty in a table without months.
    pub months: Vec<Month>,
    /// What it keeps and drops of the entity's rows in these months.
    pub sifted: Sifted,
}

/// A row that is shown.
#[derive(Clone, Debug)]
pub struct RowExplained {
    /// The table.
    pub table: String,
    /// Its cells with their columns; those that are missing are left out.
    pub cells: Vec<(String, String)>,
    /// How often it stands there.
    pub times: u64,
    /// The amounts that take it; empty where all do, and where it counts without any.
    pub amounts: Vec<String>,
    /// Why it does not count; none where it does.
    pub why_not: Option<WhyNot>,
    /// The last day on which it counts for all that it counts for, by what is valid in it, by its lists, terms with ends and
    /// bounds that move with the day judged, by the edition in force and whatever its group has to reach; none where nothing ends, and where it does not count for another reason.
    pub last_day: Option<NaiveDate>,
}

impl RowExplained {
    /// Whether it is a group's, by the group's columns and keys.
    #[must_use]
    pub fn is_of(&self, columns: &[String], keys: &[String]) -> bool {
        let cell = |column: &String| self.cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell);
        columns.iter().zip(keys).all(|(column, key)| cell(column).is_some_and(|cell| is_same(cell, key)))
    }
}

/// Groups that changed sides between two times.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The later reading.
    pub now: ReadingKey,
    /// The earlier one.
    pub before: ReadingKey,
    /// As [`ReadingExplained::track`].
    pub track: Option<String>,
    /// Those that count now and did not before, by their keys.
    pub joined: Vec<Vec<String>>,
    /// Those that counted before and no longer do.
    pub left: Vec<Vec<String>>,
}

impl Explanation {
    /// The records of how unclear sentences were read on which a metric's score rests.
    pub fn interpretations<'e>(
        &'e self,
        metric: &'e MetricExplained,
    ) -> impl Iterator<Item = (&'e str, &'e Interpretation)> {
        let names = metric.outcome.metric.interpretations.iter();
        names.filter_map(|name| Some((name.as_str(), self.rules.interpretations.get(name)?)))
    }

    /// The same of an area: of what it asks for, and of each of its metrics that are explained. One can come twice.
    pub fn records<'e>(&'e self, area: &'e AreaExplained) -> impl Iterator<Item = (&'e str, &'e Interpretation)> {
        let own = self.rules.areas.get(&area.outcome.id).into_iter().flat_map(|area| &area.interpretations);
        let own = own.filter_map(|name| Some((name.as_str(), self.rules.interpretations.get(name)?)));
        own.chain(area.metrics.iter().flat_map(|metric| self.interpretations(metric)))
    }
}

/// Puts what stands behind an entity's score beside it.
///
/// # Errors
///
/// [`Failed`] for an area, a metric or a group that is not there.
pub fn explain(
    plan: &Plan,
    measures: &Measures,
    evidence: &Evidence,
    outcome: Outcome,
    subject: &Subject,
    found: &mut Diagnostics,
) -> Result<Explanation, Failed> {
    let entity = outcome.entities.into_iter().nth(evidence.entity);
    let (entity, areas) = entity.map(|entity| (entity.id, entity.areas)).unwrap_or_default();
    known(Code::UnknownArea, "area", &subject.areas, &areas.iter().map(|area| area.id.as_str()), found)?;
    let is_asked = |asked: &[String], name: &str| asked.is_empty() || asked.iter().any(|one| is_same(one, name));
    let areas: Vec<AreaOutcome> = areas.into_iter().filter(|area| is_asked(&subject.areas, &area.id)).collect();
    let metrics = || areas.iter().flat_map(|area| &area.metrics).map(|metric| metric.metric.name.as_str());
    known(Code::UnknownSubject, "metric", &subject.metrics, &metrics(), found)?;
    let behind = Behind { plan, measures, evidence, subject };
    let is_metric_asked = |metric: &MetricOutcome| is_asked(&subject.metrics, &metric.metric.name);
    let areas: Vec<AreaExplained> = areas.into_iter().map(|area| behind.area(area, is_metric_asked)).collect();
    if let Some(group) = &subject.group
        && !areas
            .iter()
            .flat_map(AreaExplained::all_readings)
            .any(|reading| !reading.counted.is_empty() || !reading.left.is_empty() || !reading.rows.is_empty())
    {
        let of = group.column.as_ref().map(|column| format!(" of `{column}`")).unwrap_or_default();
        let message = format!("there is no group {}{of}", quoted(&group.value));
        let help = "write a key as `explain` lists it, `COLUMN=KEY` or the key alone; without rows there is no group";
        return Err(found.error(Diagnostic::new(Code::UnknownSubject, Place::Command, message).help(help)));
    }
    Ok(Explanation {
        rules: Arc::clone(&plan.rules),
        as_of: plan.as_of,
        entity,
        areas,
        is_whole: subject.group.is_none(),
        warnings: outcome.warnings,
    })
}

/// Names that are asked for have to be there; all that are not are reported.
fn known<'a>(
    code: Code,
    kind: &str,
    asked: &[String],
    there_are: &(impl Iterator<Item = &'a str> + Clone),
    found: &mut Diagnostics,
) -> Result<(), Failed> {
    let mut failed = Ok(());
    for name in asked.iter().filter(|name| !there_are.clone().any(|known| is_same(known, name))) {
        let all: BTreeSet<&str> = there_are.clone().collect();
        let all: Vec<String> = all.into_iter().map(quoted).collect();
        let help = did_you_mean(name, there_are.clone()).unwrap_or_else(|| format!("known: {}", all.join(", ")));
        let message = format!("there is no {kind} {}", quoted(name));
        failed = Err(found.error(Diagnostic::new(code, Place::Command, message).help(help)));
    }
    failed
}
