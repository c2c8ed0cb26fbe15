//! [`Measures`] → [`Outcome`]: points, reasons and status for every entity. Exact; sees no rows; cannot fail.

mod area;
mod asked;
mod award;
mod checked;
mod condition;
mod derive;
mod scope;
mod warnings;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::exact::Exact;
use crate::measure::{Account, Measures};
use crate::month::{Month, spoken};
use crate::parallel;
use crate::plan::{Plan, TablePlan};
use crate::read::DataFile;
use crate::rules::{Area, Figure, Metric, NamedCondition, ReadingKey, RuleSet, Side, Unit};
use crate::text::quoted;
use area::area_outcome;
pub use checked::Checked;
pub(crate) use checked::{AreaChecked, checked};
use chrono::NaiveDate;
pub(crate) use derive::derivation;
pub use derive::{Does, Step};
use scope::Scope;
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
    /// The track on which it is scored, with its title; none where it has none, or where that is undecided.
    pub track: Option<(String, Option<String>)>,
    /// What the metrics add up to; none in an area without points.
    pub points: Option<Interval>,
    /// The most they can add up to.
    pub max_points: Option<Exact>,
    /// What the designation asks for, in the order of the rules.
    pub asked: Vec<Asked>,
    /// The metrics, as the rules list them.
    pub metrics: Vec<MetricOutcome>,
}

/// One thing a designation asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name of the condition.
    pub key: String,
    /// What is asked for, in words: `70 points in all`.
    pub asks: String,
    /// The points asked for and those there are, where one sum of points is asked for.
    pub points: Option<(Exact, Interval)>,
    /// Whether that is the sum of all points.
    pub is_total: bool,
    /// Why a condition does not hold.
    pub had: Option<String>,
    /// Whether it is there.
    pub verdict: Verdict,
    /// The metrics that lack points, where every metric is asked.
    pub lacking: Vec<String>,
}

impl Asked {
    fn new(named: &NamedCondition, asks: String, verdict: Verdict) -> Self {
        let key = named.name.clone();
        Self { key, asks, points: None, is_total: false, had: None, verdict, lacking: Vec::new() }
    }
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
    /// Whether everything asked for is there.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        Verdict::every(self.asked.iter().map(|asked| asked.verdict))
    }

    /// Whether everything asked for is met; false while anything is undecided.
    #[must_use]
    pub fn is_attained(&self) -> bool {
        self.verdict() == Verdict::Met
    }

    /// The names of the conditions with a verdict.
    #[must_use]
    pub fn keys(&self, verdict: Verdict) -> Vec<&str> {
        self.asked.iter().filter(|asked| asked.verdict == verdict).map(|asked| asked.key.as_str()).collect()
    }
}

impl Verdict {
    /// The verdict on a condition that holds, does not, or cannot be decided.
    fn of(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Met,
            Some(false) => Self::Unmet,
            None => Self::Undecided,
        }
    }

    /// Whether it holds; none where that cannot be decided.
    #[must_use]
    pub fn holds(self) -> Option<bool> {
        match self {
            Self::Met => Some(true),
            Self::Unmet => Some(false),
            Self::Undecided => None,
        }
    }

    /// Met where all are; unmet as soon as one is.
    fn every(verdicts: impl IntoIterator<Item = Self>) -> Self {
        let mut every = Self::Met;
        for verdict in verdicts {
            match verdict {
                Self::Met => {}
                Self::Unmet => return Self::Unmet,
                Self::Undecided => every = Self::Undecided,
            }
        }
        every
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Undecided => "undecided",
        }
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

    /// Whether another lies within it; an end that is none is no limit.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let within = |mine: &Option<Exact>, theirs: &Option<Exact>, holds: fn(&Exact, &Exact) -> bool| {
            mine.as_ref().is_none_or(|mine| theirs.as_ref().is_some_and(|theirs| holds(mine, theirs)))
        };
        within(&self.least, &other.least, |mine, theirs| mine <= theirs)
            && within(&self.most, &other.most, |mine, theirs| mine >= theirs)
    }

    /// Both ends added.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let add = |a: &Option<Exact>, b: &Option<Exact>| a.as_ref().zip(b.as_ref()).map(|(a, b)| a + b);
        Self { least: add(&self.least, &other.least), most: add(&self.most, &other.most) }
    }

    /// Whether it lies on a side of a limit.
    #[must_use]
    pub fn on(&self, side: Side, limit: &Exact) -> Verdict {
        // The end that decides whether all of it does, and the one that decides whether any of it does.
        let (all, any) = match side {
            Side::AtLeast | Side::MoreThan => (&self.least, &self.most),
            Side::AtMost | Side::LessThan => (&self.most, &self.least),
        };
        if all.as_ref().is_some_and(|end| side.holds(end, limit)) {
            Verdict::Met
        } else if any.as_ref().is_some_and(|end| !side.holds(end, limit)) {
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
    pub key: ReadingKey,
    /// In words.
    pub title: String,
    /// What it counts.
    pub unit: Unit,
    /// The months it covers.
    pub months: Arc<[Month]>,
    /// The number.
    pub figure: Figure,
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
pub fn score(plan: &Plan, measures: &Measures, threads: usize) -> Outcome {
    let rules = &plan.rules;
    let entities = entities_on((plan, measures), 0, threads);
    let files = |table: &TablePlan| {
        let profile = |file: &DataFile| file.view.as_ref().map(|view| view.profile.clone());
        table.files.iter().map(|file| (file.shown.clone(), profile(file))).collect()
    };
    let accounted = plan.tables.iter().zip(&measures.accounts);
    let tables =
        accounted.map(|(table, account)| TableRead { files: files(table), account: account.clone() }).collect();
    Outcome { rules: Arc::clone(rules), as_of: plan.as_of, tables, warnings: warnings::of(plan, measures), entities }
}

/// The scores of all entities on one of the days judged, in the areas that are asked for; none where no edition was in force.
fn entities_on((plan, measures): (&Plan, &Measures), observation: usize, threads: usize) -> Vec<EntityOutcome> {
    let day = plan.observations.get(observation);
    let rules = day.and_then(|day| day.rules.as_ref());
    let is_asked = |area: &&Area| area.is_shown && day.is_some_and(|day| day.asks_for(&area.name));
    let areas = || rules.iter().flat_map(|rules| rules.areas.values()).filter(is_asked);
    let entities: Vec<(usize, &String)> = measures.entities.iter().enumerate().collect();
    parallel::map(&entities, threads, |(position, id)| {
        let scope = Scope::new(plan, measures, *position, observation);
        let areas = areas().map(|area| area_outcome(area, &area.attained, &scope)).collect();
        EntityOutcome { id: (*id).clone(), areas }
    })
}

/// The scores of several days.
#[derive(Debug)]
pub struct Series {
    /// The days, the earliest first.
    pub days: Vec<SeriesDay>,
    /// The data files that were read.
    pub files: Vec<String>,
    /// What to keep in mind when reading the scores of the last day.
    pub warnings: Vec<Diagnostic>,
}

/// The scores of a day of a series.
#[derive(Debug)]
pub struct SeriesDay {
    /// The day judged.
    pub as_of: NaiveDate,
    /// The edition; none where none was in force, and nothing was scored.
    pub rules: Option<Arc<RuleSet>>,
    /// The entities, by id.
    pub entities: Vec<EntityOutcome>,
}

/// Scores every entity on every day of which anything is asked for.
#[must_use]
pub fn series(plan: &Plan, measures: &Measures, threads: usize) -> Series {
    let days = plan.observations.iter().enumerate().filter(|(_, day)| !day.asked.is_empty());
    let mut days: Vec<SeriesDay> = days
        .map(|(position, day)| SeriesDay {
            as_of: day.as_of,
            rules: day.rules.clone(),
            entities: match day.rules {
                Some(_) => entities_on((plan, measures), position, threads),
                None => Vec::new(),
            },
        })
        .collect();
    days.sort_by_key(|day| day.as_of);
    let files = plan.tables.iter().flat_map(|table| &table.files).map(|file| file.shown.clone()).collect();
    let mut warnings = warnings::of(plan, measures);
    warnings.extend(about_not_judged(&days, &plan.rules.edition.program));
    Series { days, files, warnings }
}

/// Not every form of a series has a line for a month in which nothing was judged.
fn about_not_judged(days: &[SeriesDay], program: &str) -> Option<Diagnostic> {
    let without = days.iter().filter(|day| day.rules.is_none());
    let months: Vec<Month> = without.map(|day| Month::of(day.as_of).minus(1)).collect();
    let (months_of, program) = (spoken(&months), quoted(program));
    let message = format!("nothing is judged for {months_of}: no edition of {program} is in force on the day after");
    let help = "ask for other months, or add the edition of that time";
    (!months.is_empty()).then(|| Diagnostic::new(Code::NotJudged, Place::Command, message).help(help))
}

/// What a table lacks in a sentence that names every month.
fn missing(table: &str, months: Vec<Month>) -> Reason {
    if months.is_empty() {
        return Reason::new("no-table", format!("there is no table `{table}`"));
    }
    let named: Vec<String> = months.iter().map(ToString::to_string).collect();
    Reason { code: "missing-months", message: format!("`{table}` has no rows for {}", named.join(", ")), months }
}
