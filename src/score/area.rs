//! The score of an area: on each of its tracks, and on the one that counts.

use super::asked::asked;
use super::award::Evaluation;
use super::scope::Scope;
use super::{AreaOutcome, Interval, MetricOutcome, ReadingOutcome, Reason, Status, Verdict};
use crate::exact::Exact;
use crate::rules::{Area, Award, Choose, Figure, Figures as _, Metric, NamedCondition, Track, Worth};
use std::sync::Arc;

/// What an area comes to; of several tracks the one that counts, or what they have in common where that is undecided.
pub(super) fn area_outcome(area: &Area, conditions: &[Arc<NamedCondition>], scope: &Scope<'_>) -> AreaOutcome {
    if area.tracks.is_empty() {
        return on_track(area, conditions, &scope.on(None));
    }
    let candidates = candidates(area, scope);
    let mut outcomes: Vec<(bool, AreaOutcome)> = candidates
        .into_iter()
        .map(|(is_certain, track)| (is_certain, on_track(area, conditions, &scope.on(Some(track)))))
        .collect();
    match best(area.choose, &outcomes) {
        Some(chosen) if chosen < outcomes.len() => outcomes.swap_remove(chosen).1,
        _ => undecided(area, conditions, outcomes, scope),
    }
}

/// The tracks that can count, each with whether it certainly can; for `first` the last of them is one that certainly does.
pub(super) fn candidates<'a>(area: &'a Area, scope: &Scope<'_>) -> Vec<(bool, &'a Arc<Track>)> {
    let mut all = Vec::new();
    for track in &area.tracks {
        let holds = track.when.as_ref().map_or(Some(true), |when| scope.on(None).condition(when, &mut Vec::new()));
        if holds == Some(false) {
            continue;
        }
        all.push((holds == Some(true), track));
        if area.choose == Choose::First && holds == Some(true) {
            break;
        }
    }
    all
}

/// The position of the outcome that counts; none where that cannot be decided.
fn best(choose: Choose, outcomes: &[(bool, AreaOutcome)]) -> Option<usize> {
    if choose == Choose::First {
        return matches!(outcomes, [(true, _)]).then_some(0);
    }
    if outcomes.iter().any(|(is_certain, _)| !is_certain) {
        return None;
    }
    let verdicts: Vec<Verdict> = outcomes.iter().map(|(_, outcome)| outcome.verdict()).collect();
    let attained_first = choose == Choose::BestAttained;
    if attained_first && verdicts.contains(&Verdict::Undecided) {
        return None;
    }
    let any_attained = attained_first && verdicts.contains(&Verdict::Met);
    let open: Vec<usize> =
        (0..outcomes.len()).filter(|at| !any_attained || verdicts.get(*at) == Some(&Verdict::Met)).collect();
    let points = |at: usize| outcomes.get(at).and_then(|(_, outcome)| outcome.points.clone());
    // An area without points has nothing to compare: the first counts.
    let Some(all) = open.iter().map(|at| points(*at)).collect::<Option<Vec<Interval>>>() else {
        return open.first().copied();
    };
    // Those that certainly have no fewer points than any other can have.
    let beats_all = |points: &Interval| {
        let beats = |other: &Interval| {
            other.most.as_ref().zip(points.least.as_ref()).is_some_and(|(most, least)| most <= least)
        };
        all.iter().all(|other| std::ptr::eq(other, points) || beats(other))
    };
    let best: Vec<usize> = open
        .iter()
        .zip(&all)
        .filter(|(_, points)| points.least.is_some() && beats_all(points))
        .map(|(at, _)| *at)
        .collect();
    // Of equals one that is attained counts, then the first.
    let verdict = |at: &&usize| verdicts.get(**at).copied();
    if best.len() > 1 && best.iter().any(|at| verdict(&at) == Some(Verdict::Undecided)) {
        return None;
    }
    best.iter().find(|at| verdict(at) == Some(Verdict::Met)).or(best.first()).copied()
}

/// What outcomes have in common of which any could count.
fn undecided(
    area: &Area,
    conditions: &[Arc<NamedCondition>],
    outcomes: Vec<(bool, AreaOutcome)>,
    scope: &Scope<'_>,
) -> AreaOutcome {
    // Where no condition certainly holds, that of none might: then nothing is earned.
    let is_certain = outcomes.iter().any(|(is_certain, _)| *is_certain);
    let first = outcomes.first().and_then(|(_, outcome)| outcome.track.as_ref());
    let first = area.tracks.iter().find(|track| first.is_some_and(|(name, _)| *name == *track.name));
    let mut all = outcomes.into_iter().map(|(_, outcome)| outcome);
    let Some(mut common) = all.next() else {
        return nothing(area, conditions, &scope.on(area.tracks.first()), "is on none of the area's tracks");
    };
    for other in all {
        common.merge(other);
    }
    if !is_certain {
        common.merge(nothing(area, conditions, &scope.on(first), "may be on none of the area's tracks"));
    }
    common.track = None;
    common
}

/// The outcome of an entity on no track, with what it would read on one.
fn nothing(area: &Area, conditions: &[Arc<NamedCondition>], scope: &Scope<'_>, why: &str) -> AreaOutcome {
    let mut outcome = on_track(area, conditions, scope);
    let reason = || vec![Reason::new("no-track", why)];
    for metric in &mut outcome.metrics {
        let max_points = metric.status.max_points().cloned();
        if metric.status != Status::NotApplicable {
            metric.status = Status::Scored { points: Exact::zero(), max_points };
            metric.reasons = reason();
        }
    }
    outcome.points = outcome.points.map(|_| Interval::known(Exact::zero()));
    for asked in &mut outcome.asked {
        asked.verdict = Verdict::Unmet;
    }
    outcome.track = None;
    outcome
}

fn on_track(area: &Area, conditions: &[Arc<NamedCondition>], scope: &Scope<'_>) -> AreaOutcome {
    let metrics = metrics(area, scope);
    let total = metrics
        .iter()
        .filter_map(|metric| metric.status.points())
        .fold(Interval::known(Exact::zero()), |total, points| total.plus(&points));
    let max_points = area.max_points.as_ref().map(|points| scope.terms().number(points));
    AreaOutcome {
        id: area.name.clone(),
        title: area.title.clone(),
        track: scope.track.map(|track| (track.name.to_string(), track.title.clone())),
        asked: asked(conditions, &scope.with(&metrics)),
        points: (!area.metrics.is_empty()).then_some(total),
        max_points,
        metrics,
    }
}

/// What the metrics of an area come to on a track.
pub(super) fn metrics(area: &Area, scope: &Scope<'_>) -> Vec<MetricOutcome> {
    area.metrics.iter().map(|metric| metric_outcome(metric, scope)).collect()
}

fn metric_outcome(metric: &Arc<Metric>, scope: &Scope<'_>) -> MetricOutcome {
    let award = match &metric.worth {
        Worth::Award(award) => award,
        Worth::NotApplicable(why) => {
            let reasons = vec![Reason::new("not-applicable", why.as_str())];
            let metric = Arc::clone(metric);
            return MetricOutcome { metric, status: Status::NotApplicable, value: None, reasons, readings: Vec::new() };
        }
    };
    let Evaluation { points, value, mut reasons } = scope.award(award);
    let terms = scope.terms();
    let max_points = award.most(&terms);
    let status = match points.value() {
        Some(value) => Status::Scored { points: value.clone(), max_points },
        None => {
            let lacking = scope.lacking(award);
            if lacking.is_empty() && reasons.is_empty() {
                let message = "an earlier month or another result that it rests on cannot be decided";
                reasons.push(Reason::new("undecided", message));
            }
            reasons.extend(lacking);
            Status::Unknown { points, max_points }
        }
    };
    MetricOutcome { metric: Arc::clone(metric), status, value, reasons, readings: readings(award, scope) }
}

/// What an award reads, each once.
pub(super) fn readings(award: &Award, scope: &Scope<'_>) -> Vec<ReadingOutcome> {
    let terms = scope.terms();
    let mut read: Vec<ReadingOutcome> = Vec::new();
    award.readings(&mut |reading| {
        let key = reading.key(&terms);
        if !read.iter().any(|known| known.key == key) {
            let (months, figure) = scope.months_and_figure(reading);
            let title = reading.title(&terms);
            read.push(ReadingOutcome { key, title, unit: reading.measure.unit, months, figure });
        }
    });
    read
}

impl MetricOutcome {
    /// What either of two tracks reads; a number that they do not share is unknown until it is known which of them counts.
    fn merge_readings(&mut self, others: Vec<ReadingOutcome>) {
        for other in others {
            match self.readings.iter_mut().find(|mine| mine.key == other.key) {
                None => self.readings.push(other),
                Some(mine) if mine.figure != other.figure => mine.figure = Figure::Unknown,
                Some(_) => {}
            }
        }
    }
}

impl AreaOutcome {
    /// Widens this outcome so that another could be the one that counts as well.
    fn merge(&mut self, other: Self) {
        let hull = |one: &Interval, other: &Interval| Interval {
            least: one.least.clone().zip(other.least.clone()).map(|(one, other)| one.min(other)),
            most: one.most.clone().zip(other.most.clone()).map(|(one, other)| one.max(other)),
        };
        if let (Some(mine), Some(theirs)) = (&self.points, &other.points) {
            self.points = Some(hull(mine, theirs));
        }
        self.max_points = self.max_points.take().zip(other.max_points).map(|(mine, theirs)| mine.max(theirs));
        for (mine, theirs) in self.metrics.iter_mut().zip(other.metrics) {
            let max_points = mine.status.max_points().cloned().zip(theirs.status.max_points().cloned());
            let max_points = max_points.map(|(mine, theirs)| mine.max(theirs));
            mine.merge_readings(theirs.readings);
            let (Some(one), Some(two)) = (mine.status.points(), theirs.status.points()) else { continue };
            let points = hull(&one, &two);
            if points.value().is_none() {
                mine.value = None;
            }
            mine.status = match points.value() {
                Some(value) => Status::Scored { points: value.clone(), max_points },
                None => Status::Unknown { points, max_points },
            };
            for reason in theirs.reasons {
                if !mine.reasons.contains(&reason) {
                    mine.reasons.push(reason);
                }
            }
        }
        for (mine, theirs) in self.asked.iter_mut().zip(other.asked) {
            if let (Some((_, had)), Some((_, other))) = (&mut mine.points, &theirs.points) {
                *had = hull(had, other);
            }
            if mine.verdict != theirs.verdict {
                mine.verdict = Verdict::Undecided;
                continue;
            }
            mine.lacking.extend(theirs.lacking);
            mine.lacking.sort();
            mine.lacking.dedup();
        }
    }
}
