//! [`Plan`] × [`Measures`] × [`Evidence`] → [`Explanation`]: how every point of one entity came about.
//!
//! Nothing is computed here that the score rests on: parts are put beside the whole, and have to add up to it.

mod closes;
mod ends;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::measure::{Evidence, GroupSeen, KeyAsked, Measures, RowSeen, Sifted, WhyNot};
use crate::month::Month;
use crate::plan::{ClauseAt, Part, Plan, PlannedReading, PlannedSource};
use crate::rules::{Figure, Interpretation, Measure, ReadingKey, RuleSet};
use crate::score::{AreaOutcome, MetricOutcome, Outcome, ReadingOutcome, Step, derivation};
use crate::text::{is_same, quoted};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
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
    /// What it keeps and drops of the entity's rows in the reading's months.
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
    /// Why it does not count; none where it does.
    pub why_not: Option<WhyNot>,
    /// The last day on which it counts, by what is valid in it and by its list; none where nothing ends.
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
    let explained = areas.into_iter().map(|area| {
        let metrics = area.metrics.iter().filter(|metric| is_asked(&subject.metrics, &metric.metric.name));
        let metrics = metrics.map(|metric| behind.metric(&area, metric)).collect();
        AreaExplained { outcome: area, metrics }
    });
    let areas: Vec<AreaExplained> = explained.collect();
    if let Some(group) = &subject.group {
        let readings = || areas.iter().flat_map(|area| &area.metrics).flat_map(|metric| &metric.readings);
        if !readings()
            .any(|reading| !reading.counted.is_empty() || !reading.left.is_empty() || !reading.rows.is_empty())
        {
            let of = group.column.as_ref().map(|column| format!(" of `{column}`")).unwrap_or_default();
            let message = format!("there is no group {}{of}", quoted(&group.value));
            let help =
                "write a key as `explain` lists it, `COLUMN=KEY` or the key alone; without rows there is no group";
            return Err(found.error(Diagnostic::new(Code::UnknownSubject, Place::Command, message).help(help)));
        }
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

struct Behind<'a> {
    plan: &'a Plan,
    measures: &'a Measures,
    evidence: &'a Evidence,
    subject: &'a Subject,
}

impl Behind<'_> {
    fn metric(&self, area: &AreaOutcome, outcome: &MetricOutcome) -> MetricExplained {
        let track = area.track.as_ref().map(|(name, _)| name.as_str());
        let name = outcome.metric.name.as_str();
        let derivation = derivation(self.plan, self.measures, self.evidence.entity, (&area.id, track), name);
        let mut readings: Vec<ReadingExplained> = Vec::new();
        for reading in &outcome.readings {
            self.add(reading.clone(), track, &mut readings);
        }
        let own = format!("area.{}.metric.{name}", area.id);
        let place = if self.plan.rules.places.contains_key(&own) { own } else { format!("metric.{name}") };
        MetricExplained { outcome: outcome.clone(), place, derivation, moved: moved(&readings), readings }
    }

    /// Adds a reading, and what it reads.
    fn add(&self, outcome: ReadingOutcome, track: Option<&str>, all: &mut Vec<ReadingExplained>) {
        if all.iter().any(|known| known.outcome.key == outcome.key) {
            return;
        }
        let of = |track: Option<&str>| {
            let is_it = |planned: &&PlannedReading| {
                planned.at.observation == 0 && planned.at.track.as_deref() == track && planned.key == outcome.key
            };
            self.plan.readings.iter().find(is_it)
        };
        // What no track changes was read once for all of them.
        let Some(planned) = of(track).or_else(|| of(None)) else { return };
        let at = (planned.at.clone(), planned.key.clone());
        let groups = self.evidence.groups.get(&at).map(Vec::as_slice).unwrap_or_default();
        let is_asked = |group: &&GroupSeen| self.is_asked(planned.measure.group.iter().zip(&group.keys));
        let (counted, left): (Vec<GroupSeen>, Vec<GroupSeen>) =
            groups.iter().filter(is_asked).cloned().partition(|group| group.is_kept);
        let (rows, more_rows) = self.rows(planned);
        let inner = match &planned.source {
            PlannedSource::Groups { reading, .. } => self.plan.readings.get(*reading),
            PlannedSource::Rows { .. } => None,
        };
        all.push(ReadingExplained {
            outcome,
            measure: Arc::clone(&planned.measure),
            of_groups: inner.map(|inner| inner.key.clone()),
            counted,
            left,
            clauses: self.clauses(planned),
            rows,
            more_rows,
        });
        let asked = planned.asked.iter().filter_map(|at| self.plan.readings.get(*at));
        for inner in inner.into_iter().chain(asked) {
            self.add(self.outcome_of(inner), track, all);
        }
    }

    /// Whether keys, each with its column, are those asked for; all are where none is.
    fn is_asked<'k>(&self, mut keys: impl Iterator<Item = (&'k String, &'k String)>) -> bool {
        let Some(asked) = &self.subject.group else { return true };
        let asked = KeyAsked { value: self.first_name(asked.column.as_deref(), &asked.value), ..asked.clone() };
        keys.any(|(column, key)| asked.is(column, key))
    }

    /// The name by which something counts that goes by two, in a column or in any.
    fn first_name(&self, column: Option<&str>, name: &str) -> String {
        let merged = self.measures.merged.iter();
        let merged = merged.filter(|merged| column.is_none_or(|column| is_same(column, &merged.column)));
        let mut names = merged.flat_map(|merged| &merged.names);
        names.find(|(second, _)| is_same(second, name)).map_or_else(|| name.to_owned(), |(_, first)| first.clone())
    }

    /// A reading that no award asks for, as one that does would be told.
    fn outcome_of(&self, planned: &PlannedReading) -> ReadingOutcome {
        let measured = self.measures.readings.get(&(planned.at.clone(), planned.key.clone()));
        ReadingOutcome {
            key: planned.key.clone(),
            title: planned.measure.title.clone().unwrap_or_else(|| planned.measure.name.to_string()),
            unit: planned.measure.unit,
            months: measured.map(|measured| Arc::clone(&measured.months)).unwrap_or_default(),
            figure: measured.map_or(Figure::Unknown, |measured| measured.figure(self.evidence.entity)),
        }
    }

    /// What the tests of the rows that a reading reads drop of them, in its own months.
    fn clauses(&self, planned: &PlannedReading) -> Vec<ClauseExplained> {
        let PlannedSource::Rows { parts, .. } = &planned.source else { return Vec::new() };
        let mut all: Vec<((usize, ClauseAt), ClauseExplained)> = Vec::new();
        for part in parts {
            let (Some(table), Some(own)) = (self.plan.tables.get(part.table), self.evidence.own.get(part.table)) else {
                continue;
            };
            let mut within = None;
            for at in table.clauses_to(part.clause) {
                let known = all.iter().position(|(known, _)| *known == (part.table, at));
                within = known.or_else(|| {
                    let clause = table.clauses.get(at.clause)?;
                    let explained = ClauseExplained {
                        table: table.name.clone(),
                        written_in: clause.written_in.clone(),
                        columns: clause.columns.clone(),
                        within,
                        sifted: own.sifted(at, &planned.months),
                    };
                    all.push(((part.table, at), explained));
                    Some(all.len() - 1)
                });
            }
        }
        all.into_iter().map(|(_, clause)| clause).collect()
    }

    /// The rows that are shown of a reading's tables: the ones that count first.
    fn rows(&self, planned: &PlannedReading) -> (Vec<RowExplained>, Vec<(String, u64)>) {
        let PlannedSource::Rows { parts, .. } = &planned.source else { return Default::default() };
        let (mut rows, mut more) = (Vec::new(), Vec::new());
        let terms = planned.terms();
        let given = ends::given(&self.plan.rules, &planned.key, &terms);
        let mut of_tables: BTreeMap<usize, Vec<&Part>> = BTreeMap::new();
        for part in parts {
            of_tables.entry(part.table).or_default().push(part);
        }
        for (at, parts) in of_tables {
            let (Some(table), Some(seen)) = (self.plan.tables.get(at), self.evidence.rows.get(at)) else { continue };
            let unseen = self.evidence.more_rows.get(at).copied().filter(|unseen| *unseen > 0);
            more.extend(unseen.map(|unseen| (table.name.clone(), unseen)));
            for (row, times) in seen {
                // Columns that only its export has decide whether a row is the table's, and who is who.
                let own = |name: &str| table.table.columns.contains_key(name) && !is_same(name, &table.table.entity);
                let cells = table.wanted.iter().zip(&row.cells).filter(|(wanted, _)| own(&wanted.name));
                let cells: Vec<(String, String)> = cells
                    .filter_map(|(wanted, cell)| {
                        let cell = self.first_name(Some(&wanted.name), cell.as_ref()?);
                        Some((wanted.name.clone(), cell))
                    })
                    .collect();
                rows.push(RowExplained {
                    table: table.name.clone(),
                    last_day: ends::last_day((&table.name, &cells), &planned.measure, given.as_ref(), &terms),
                    cells,
                    times: *times,
                    why_not: why_not(row, &parts, &planned.months),
                });
            }
        }
        // Of tables with months only rows of the group were kept.
        let of_months = |row: &RowExplained| {
            planned
                .measure
                .sources()
                .iter()
                .any(|source| source.table.name == row.table && source.table.month.is_some())
        };
        let by = &planned.measure.group;
        rows.retain(|row| {
            let keys = row.cells.iter().filter(|(column, _)| by.is_empty() || by.contains(column));
            of_months(row) || self.is_asked(keys.map(|(column, cell)| (column, cell)))
        });
        // Those that count, those that nearly do, those about something else, those of other months.
        let is_of_another_month = |row: &RowExplained| {
            row.cells.iter().any(|(column, cell)| {
                Some(column) == planned.measure.sources().iter().find_map(|source| source.table.month.as_ref())
                    && Month::parse(cell).is_some_and(|month| !planned.months.contains(&month))
            })
        };
        rows.sort_by_key(|row| {
            let is_unlisted = row.why_not.as_ref().is_some_and(|why| why.is_unlisted);
            (row.why_not.is_some(), is_of_another_month(row), is_unlisted)
        });
        (rows, more)
    }
}

/// Why a row counts in none of the parts of a reading; none where it does in one.
fn why_not(row: &RowSeen, parts: &[&Part], months: &[Month]) -> Option<WhyNot> {
    if row.is_repeated {
        return Some(WhyNot { words: "it repeats an amount".to_owned(), is_unlisted: false });
    }
    if let Some(month) = row.month.filter(|month| !months.contains(month)) {
        return Some(WhyNot { words: format!("{month} is not looked at"), is_unlisted: true });
    }
    let whys = || parts.iter().map(|part| row.why_not.get(part.accumulator).cloned().flatten());
    if whys().any(|why| why.is_none()) { None } else { whys().flatten().next() }
}

/// The groups that changed sides between the readings of one measure for two times.
fn moved(readings: &[ReadingExplained]) -> Vec<Moved> {
    let mut all = Vec::new();
    for now in readings {
        let (mine, is_grouped) = (&now.outcome.key, !now.measure.group.is_empty());
        let is_before = |other: &&ReadingExplained| {
            let theirs = &other.outcome.key;
            theirs.measure == mine.measure && theirs.given == mine.given && theirs.ago > mine.ago
        };
        let is_known = |of: &ReadingExplained| of.outcome.figure != Figure::Unknown;
        for before in readings.iter().filter(is_before).filter(|before| is_grouped && is_known(now) && is_known(before))
        {
            let keys = |of: &ReadingExplained| -> BTreeSet<Vec<String>> {
                of.counted.iter().map(|group| group.keys.clone()).collect()
            };
            let (ours, theirs) = (keys(now), keys(before));
            all.push(Moved {
                now: mine.clone(),
                before: before.outcome.key.clone(),
                joined: ours.difference(&theirs).cloned().collect(),
                left: theirs.difference(&ours).cloned().collect(),
            });
        }
    }
    all
}
