//! [`Measures`] → [`Outcome`]: points, reasons and status for every entity. Exact; sees no rows; cannot fail.

mod evaluate;
mod warnings;

use crate::diagnostic::Diagnostic;
use crate::exact::Exact;
use crate::measure::{Account, Measures};
use crate::month::Month;
use crate::plan::{Plan, TablePlan};
use crate::read::DataFile;
use crate::rules::{Area, Metric, Reading, Requirement, RuleSet, Unit, Worth};
use chrono::NaiveDate;
use evaluate::{Evaluation, Readings};
use std::sync::Arc;

/// The scores of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The terms.
    pub rules: Arc<RuleSet>,
    /// The day judged.
    pub as_of: NaiveDate,
    /// What was read, table by table.
    pub tables: Vec<TableRead>,
    /// What to keep in mind when reading the scores.
    pub warnings: Vec<Diagnostic>,
    /// The entities, by id.
    pub entities: Vec<EntityOutcome>,
}

/// The scores of an entity.
#[derive(Clone, Debug)]
pub struct EntityOutcome {
    /// The entity.
    pub id: String,
    /// Its areas, as the rules list them.
    pub areas: Vec<AreaOutcome>,
}

/// The score of an area.
#[derive(Clone, Debug)]
pub struct AreaOutcome {
    /// The area's id.
    pub id: String,
    /// In words.
    pub title: String,
    /// What the metrics add up to.
    pub points: Interval,
    /// The most they can add up to.
    pub max_points: Exact,
    /// What the designation asks for, in the order of the rules' keys.
    pub requirements: Vec<Asked>,
    /// The metrics, as the rules list them.
    pub metrics: Vec<MetricOutcome>,
}

/// The rule files' key for the points needed in all.
pub(crate) const TOTAL: &str = "total-at-least";

/// The rule files' key for the points needed in every metric.
pub(crate) const EACH_METRIC: &str = "each-metric-at-least";

/// One thing a designation asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The requirement's key in the rule file.
    pub key: &'static str,
    /// The points asked for.
    pub points: Exact,
    /// Whether they are there.
    pub verdict: Verdict,
    /// The metrics that lack them, where every metric is asked.
    pub lacking: Vec<String>,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Met,
    /// It does not.
    Unmet,
    /// The data do not say.
    Undecided,
}

impl AreaOutcome {
    /// Whether everything asked for is met; false while anything is undecided.
    #[must_use]
    pub fn is_attained(&self) -> bool {
        self.requirements.iter().all(|asked| asked.verdict == Verdict::Met)
    }

    /// The keys of the requirements with a verdict.
    #[must_use]
    pub fn keys(&self, verdict: Verdict) -> Vec<&'static str> {
        self.requirements.iter().filter(|asked| asked.verdict == verdict).map(|asked| asked.key).collect()
    }
}

/// Numbers between which a result lies, both included; `None` is without limit on that side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// What is certain.
    pub least: Option<Exact>,
    /// What is possible.
    pub most: Option<Exact>,
}

impl Interval {
    /// A number that is known.
    #[must_use]
    pub fn known(value: Exact) -> Self {
        Self { least: Some(value.clone()), most: Some(value) }
    }

    /// The number, where both ends are one.
    #[must_use]
    pub fn value(&self) -> Option<&Exact> {
        self.least.as_ref().filter(|least| self.most.as_ref() == Some(least))
    }

    /// Both ends added.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let add = |a: &Option<Exact>, b: &Option<Exact>| a.as_ref().zip(b.as_ref()).map(|(a, b)| a + b);
        Self { least: add(&self.least, &other.least), most: add(&self.most, &other.most) }
    }

    /// Whether it is at least `limit`.
    #[must_use]
    pub fn reaches(&self, limit: &Exact) -> Verdict {
        if self.least.as_ref().is_some_and(|least| least >= limit) {
            Verdict::Met
        } else if self.most.as_ref().is_some_and(|most| most < limit) {
            Verdict::Unmet
        } else {
            Verdict::Undecided
        }
    }
}

/// The score of a metric.
#[derive(Clone, Debug)]
pub struct MetricOutcome {
    /// The metric.
    pub metric: Arc<Metric>,
    /// Its score.
    pub status: Status,
    /// The number that is paid for, where the award is of one number and it is known, with its unit.
    pub value: Option<(Exact, Unit)>,
    /// Why the score is as it is, where that does not show.
    pub reasons: Vec<Reason>,
    /// What was read, each once, in the order of the rules.
    pub readings: Vec<ReadingOutcome>,
}

/// How a metric stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its points are known.
    Scored {
        /// The points.
        points: Exact,
        /// The most it can pay.
        max_points: Option<Exact>,
    },
    /// Its points depend on data that are missing.
    Unknown {
        /// Between what they lie.
        points: Interval,
        /// The most it can pay.
        max_points: Option<Exact>,
    },
    /// Nothing is asked of it.
    NotApplicable,
}

impl Status {
    /// The word for it, in every format.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Scored { .. } => "scored",
            Self::Unknown { .. } => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Between what the points lie; `None` where the metric does not apply.
    #[must_use]
    pub fn points(&self) -> Option<Interval> {
        match self {
            Self::Scored { points, .. } => Some(Interval::known(points.clone())),
            Self::Unknown { points, .. } => Some(points.clone()),
            Self::NotApplicable => None,
        }
    }

    /// The most the metric can pay.
    #[must_use]
    pub fn max_points(&self) -> Option<&Exact> {
        match self {
            Self::Scored { max_points, .. } | Self::Unknown { max_points, .. } => max_points.as_ref(),
            Self::NotApplicable => None,
        }
    }
}

/// Why a score is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable word.
    pub code: &'static str,
    /// In a sentence.
    pub message: String,
    /// The months that are missing, where some are.
    pub months: Vec<Month>,
}

impl Reason {
    /// A reason without months.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), months: Vec::new() }
    }
}

/// A number that was read.
#[derive(Clone, Debug)]
pub struct ReadingOutcome {
    /// The measure, the list it was asked with, and for which time.
    pub reading: Reading,
    /// The months it covers.
    pub months: Arc<[Month]>,
    /// The number; `None` where a month is missing.
    pub value: Option<Exact>,
}

/// What was read of a table.
#[derive(Clone, Debug)]
pub struct TableRead {
    /// Its files, each with the id of the profile through which it was read.
    pub files: Vec<(String, Option<String>)>,
    /// What became of its rows.
    pub account: Account,
}

/// Scores every entity.
#[must_use]
pub fn score(plan: &Plan, measures: &Measures) -> Outcome {
    let rules = &plan.rules;
    let entities = measures
        .entities
        .iter()
        .enumerate()
        .map(|(position, id)| {
            let readings = Readings { measures, entity: position };
            EntityOutcome {
                id: id.clone(),
                areas: rules.areas.values().map(|area| area_outcome(area, &readings)).collect(),
            }
        })
        .collect();
    let files = |table: &TablePlan| {
        let profile = |file: &DataFile| file.view.as_ref().map(|view| view.profile.clone());
        table.files.iter().map(|file| (file.shown.clone(), profile(file))).collect()
    };
    let accounted = plan.tables.iter().zip(&measures.accounts);
    let tables =
        accounted.map(|(table, account)| TableRead { files: files(table), account: account.clone() }).collect();
    Outcome { rules: Arc::clone(rules), as_of: plan.as_of, tables, warnings: warnings::of(plan, measures), entities }
}

fn area_outcome(area: &Area, readings: &Readings<'_>) -> AreaOutcome {
    let metrics: Vec<MetricOutcome> = area.metrics.iter().map(|metric| metric_outcome(metric, readings)).collect();
    let points = metrics
        .iter()
        .filter_map(|metric| metric.status.points())
        .fold(Interval::known(Exact::zero()), |total, points| total.plus(&points));
    AreaOutcome {
        id: area.name.clone(),
        title: area.title.clone(),
        requirements: asked(&area.requirement, &points, &metrics),
        points,
        max_points: area.max_points.clone(),
        metrics,
    }
}

fn asked(requirement: &Requirement, total: &Interval, metrics: &[MetricOutcome]) -> Vec<Asked> {
    let mut all = Vec::new();
    if let Some(points) = &requirement.total_at_least {
        let verdict = total.reaches(points);
        all.push(Asked { key: TOTAL, points: points.clone(), verdict, lacking: Vec::new() });
    }
    if let Some(points) = &requirement.each_metric_at_least {
        // A metric that does not apply is asked for nothing.
        let verdicts: Vec<(&MetricOutcome, Verdict)> =
            metrics.iter().filter_map(|metric| Some((metric, metric.status.points()?.reaches(points)))).collect();
        let with = |wanted: Verdict| verdicts.iter().filter(move |(_, verdict)| *verdict == wanted);
        let verdict = if with(Verdict::Unmet).next().is_some() {
            Verdict::Unmet
        } else if with(Verdict::Undecided).next().is_some() {
            Verdict::Undecided
        } else {
            Verdict::Met
        };
        let lacking =
            with(verdict).filter(|_| verdict != Verdict::Met).map(|(metric, _)| metric.metric.name.clone()).collect();
        all.push(Asked { key: EACH_METRIC, points: points.clone(), verdict, lacking });
    }
    all
}

fn metric_outcome(metric: &Arc<Metric>, readings: &Readings<'_>) -> MetricOutcome {
    let award = match &metric.worth {
        Worth::Award(award) => award,
        Worth::NotApplicable(why) => {
            let reasons = vec![Reason::new("not-applicable", why.as_str())];
            let metric = Arc::clone(metric);
            return MetricOutcome { metric, status: Status::NotApplicable, value: None, reasons, readings: Vec::new() };
        }
    };
    let Evaluation { points, value, mut reasons } = readings.award(award);
    let max_points = award.most();
    let mut read: Vec<ReadingOutcome> = Vec::new();
    award.readings(&mut |reading| {
        if !read.iter().any(|known| known.reading.key() == reading.key()) {
            let (months, value) = readings.months_and_value(reading);
            read.push(ReadingOutcome { reading: reading.clone(), months, value });
        }
    });
    let status = match points.value() {
        Some(value) => Status::Scored { points: value.clone(), max_points },
        None => {
            reasons.extend(readings.missing_months(award));
            Status::Unknown { points, max_points }
        }
    };
    MetricOutcome { metric: Arc::clone(metric), status, value, reasons, readings: read }
}

/// Missing months in a sentence that names every one of them.
fn missing(table: &str, months: Vec<Month>) -> Reason {
    let named: Vec<String> = months.iter().map(ToString::to_string).collect();
    Reason { code: "missing-months", message: format!("`{table}` has no rows for {}", named.join(", ")), months }
}
