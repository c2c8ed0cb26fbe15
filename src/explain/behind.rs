//! What stands behind metrics and conditions: their readings, each once, with groups, rows and tests.

use super::taking::Taking;
use super::{AreaExplained, MetricExplained, Moved, ReadingExplained, Subject, TrackExplained};
use crate::measure::{Evidence, GroupSeen, KeyAsked, Measures};
use crate::plan::{Plan, PlannedReading, PlannedSource};
use crate::rules::{Choose, Figure, ReadingKey, Terms, Track};
use crate::score::{
    AreaChecked, AreaOutcome, Checked, MetricOutcome, ReadingOutcome, Step, Verdict, checked, derivation,
};
use crate::text::is_same;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) struct Behind<'a> {
    pub(super) plan: &'a Plan,
    pub(super) measures: &'a Measures,
    pub(super) evidence: &'a Evidence,
    pub(super) subject: &'a Subject,
}

impl Behind<'_> {
    /// An area with those of its metrics that are asked for.
    pub(super) fn area(&self, outcome: AreaOutcome, is_asked: impl Fn(&MetricOutcome) -> bool) -> AreaExplained {
        let AreaChecked { asked, tracks } = checked(self.plan, self.measures, self.evidence.entity, &outcome);
        let tracks = self.tracks(&outcome, tracks);
        let metrics: Vec<MetricExplained> = outcome
            .metrics
            .iter()
            .filter(|metric| is_asked(metric))
            .map(|metric| self.metric(&outcome, metric, &tracks))
            .collect();
        let readings = if metrics.len() == outcome.metrics.len() {
            self.readings_of((&outcome, &tracks), &metrics)
        } else {
            Vec::new()
        };
        AreaExplained { outcome, metrics, asked, tracks, readings }
    }

    /// What an area's conditions and tracks read, and none of its metrics.
    fn readings_of(
        &self,
        (outcome, tracks): (&AreaOutcome, &[TrackExplained]),
        metrics: &[MetricExplained],
    ) -> Vec<ReadingExplained> {
        let Some(area) = self.plan.rules.areas.get(&outcome.id) else { return Vec::new() };
        let counts = |track: &&TrackExplained| track.counts != Some(false);
        let on: Vec<Option<&Track>> = match tracks {
            [] => vec![None],
            tracks => {
                let named = |name: &str| area.tracks.iter().find(|track| &*track.name == name).map(AsRef::as_ref);
                let on: Vec<_> = tracks.iter().filter(counts).map(|track| named(&track.name)).collect();
                if on.is_empty() { vec![area.tracks.first().map(AsRef::as_ref)] } else { on }
            }
        };
        let is_open = tracks.iter().any(|track| track.counts.is_none());
        // What puts somebody on a track is asked before there is one.
        let of_tracks = area.tracks.iter().filter_map(|track| Some((track.when.as_ref()?, None)));
        let attained = || area.attained.iter().map(|named| &named.when);
        let attained = on.iter().flat_map(|on| attained().map(|when| (when, *on)));
        let mut readings = Vec::new();
        for (condition, track) in of_tracks.chain(attained) {
            let terms = Terms { day: self.plan.as_of, track };
            condition.readings(&mut |reading| {
                let key = reading.key(&terms);
                if let Some(planned) = self.planned(&key, track.map(|track| &*track.name)) {
                    let track = planned.at.track.as_ref().filter(|_| is_open);
                    let mut known = metrics.iter().flat_map(|metric| &metric.readings);
                    if !known.any(|known| known.is(&key, track.map(AsRef::as_ref))) {
                        let outcome = ReadingOutcome { title: reading.title(&terms), ..self.outcome_of(planned) };
                        self.add(planned, outcome, is_open, &mut readings);
                    }
                }
            });
        }
        readings
    }

    /// A reading as of the day judged on a track; what no track changes was read once for all of them.
    fn planned(&self, key: &ReadingKey, track: Option<&str>) -> Option<&PlannedReading> {
        let on = |track: Option<&str>| {
            let is_it = |planned: &&PlannedReading| {
                planned.at.observation == 0 && planned.at.track.as_deref() == track && planned.key == *key
            };
            self.plan.readings.iter().find(is_it)
        };
        on(track).or_else(|| on(None))
    }

    fn metric(&self, area: &AreaOutcome, outcome: &MetricOutcome, tracks: &[TrackExplained]) -> MetricExplained {
        let track = area.track.as_ref().map(|(name, _)| name.as_str());
        let name = outcome.metric.name.as_str();
        let on =
            |track: Option<&str>| derivation(self.plan, self.measures, self.evidence.entity, (&area.id, track), name);
        let mut readings: Vec<ReadingExplained> = Vec::new();
        let mut read = |outcomes: Vec<ReadingOutcome>, track: Option<&str>, is_open: bool| {
            for reading in outcomes {
                if let Some(planned) = self.planned(&reading.key, track) {
                    self.add(planned, reading, is_open, &mut readings);
                }
            }
        };
        let derivation = on(track).map(|(step, outcomes)| {
            read(outcomes, track, false);
            step
        });
        let open = tracks.iter().filter(|track| track.counts.is_none());
        let by_track = open.filter_map(|track| {
            let (step, outcomes) = on(Some(&track.name))?;
            read(outcomes, Some(&track.name), true);
            Some((track.name.clone(), step))
        });
        let by_track: Vec<(String, Step)> = by_track.collect();
        if derivation.is_none() && by_track.is_empty() {
            // Who is on no track is scored on none, and told what the first would read.
            let first = tracks.first().map(|track| track.name.as_str());
            read(outcome.readings.clone(), first, false);
        }
        let own = format!("area.{}.metric.{name}", area.id);
        let place = if self.plan.rules.places.contains_key(&own) { own } else { format!("metric.{name}") };
        MetricExplained { outcome: outcome.clone(), place, derivation, by_track, moved: moved(&readings), readings }
    }

    /// The tracks of an area, each with whether it counts; none where any of several still can.
    fn tracks(&self, outcome: &AreaOutcome, tracks: Vec<(Arc<Track>, Option<Checked>)>) -> Vec<TrackExplained> {
        let on = outcome.track.as_ref().map(|(name, _)| name.as_str());
        let is_first = self.plan.rules.areas.get(&outcome.id).is_some_and(|area| area.choose == Choose::First);
        // Of `first` none counts after one that somebody certainly is on.
        let mut is_past = false;
        let explained = tracks.into_iter().map(|(track, when)| {
            let verdict = when.as_ref().map_or(Verdict::Met, |when| when.verdict);
            let counts = match on {
                Some(on) => Some(on == &*track.name),
                None => (is_past || verdict == Verdict::Unmet).then_some(false),
            };
            is_past |= is_first && verdict == Verdict::Met;
            TrackExplained { name: track.name.to_string(), title: track.title.clone(), counts, when }
        });
        explained.collect()
    }

    /// Adds a reading, and what it reads; with the track on whose terms it is, where several are open.
    fn add(&self, planned: &PlannedReading, outcome: ReadingOutcome, is_open: bool, all: &mut Vec<ReadingExplained>) {
        let track = planned.at.track.as_ref().filter(|_| is_open).map(ToString::to_string);
        if all.iter().any(|known| known.is(&outcome.key, track.as_deref())) {
            return;
        }
        let at = (planned.at.clone(), planned.key.clone());
        let groups = self.evidence.groups.get(&at).map(Vec::as_slice).unwrap_or_default();
        let is_asked = |group: &&GroupSeen| self.is_asked(planned.measure.group.iter().zip(&group.keys));
        let (counted, left): (Vec<GroupSeen>, Vec<GroupSeen>) =
            groups.iter().filter(is_asked).cloned().partition(|group| group.is_kept);
        let taking = Taking::new(self, planned, groups);
        let (rows, more_rows) = taking.as_ref().map(|taking| self.rows(planned, taking)).unwrap_or_default();
        let inner = match &planned.source {
            PlannedSource::Groups { reading, .. } => self.plan.readings.get(*reading),
            PlannedSource::Rows { .. } => None,
        };
        let ago = chrono::Months::new(planned.key.ago);
        let day = planned.day.checked_sub_months(ago).filter(|_| planned.key.ago > 0 && planned.months.is_empty());
        all.push(ReadingExplained {
            outcome,
            track,
            day,
            measure: Arc::clone(&planned.measure),
            of_groups: inner.map(|inner| inner.key.clone()),
            counted,
            left,
            clauses: taking.as_ref().map(|taking| self.clauses(taking)).unwrap_or_default(),
            rows,
            more_rows,
        });
        let asked = planned.asked.iter().filter_map(|at| self.plan.readings.get(*at));
        for inner in inner.into_iter().chain(asked) {
            self.add(inner, self.outcome_of(inner), is_open, all);
        }
    }

    /// Whether keys, each with its column, are those asked for; all are where none is.
    pub(super) fn is_asked<'k>(&self, mut keys: impl Iterator<Item = (&'k String, &'k String)>) -> bool {
        let Some(asked) = &self.subject.group else { return true };
        let asked = KeyAsked { value: self.first_name(asked.column.as_deref(), &asked.value), ..asked.clone() };
        keys.any(|(column, key)| asked.is(column, key))
    }

    /// The name by which something counts that goes by two, in a column or in any.
    pub(super) fn first_name(&self, column: Option<&str>, name: &str) -> String {
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
}

/// The groups that changed sides between the readings of one measure for two times.
fn moved(readings: &[ReadingExplained]) -> Vec<Moved> {
    let mut all = Vec::new();
    for now in readings {
        let (mine, is_grouped) = (&now.outcome.key, !now.measure.group.is_empty());
        let is_before = |other: &&ReadingExplained| {
            let theirs = &other.outcome.key;
            let is_same = theirs.measure == mine.measure && theirs.given == mine.given && other.track == now.track;
            is_same && theirs.ago > mine.ago
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
                track: now.track.clone(),
                joined: ours.difference(&theirs).cloned().collect(),
                left: theirs.difference(&ours).cloned().collect(),
            });
        }
    }
    all
}
