//! Whether the parts add up to the whole, computed from nothing but what is shown.

use super::{ClauseExplained, Explanation, MetricExplained, ReadingExplained};
use crate::exact::Exact;
use crate::measure::GroupSeen;
use crate::rules::{Figure, Reduce};
use crate::score::{Does, Interval, Step};

impl Explanation {
    /// Where parts do not add up to their whole, a sentence each: none, or the engine is wrong.
    #[must_use]
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for area in &self.areas {
            let sum = area
                .outcome
                .metrics
                .iter()
                .filter_map(|metric| metric.status.points())
                .fold(Interval::known(Exact::zero()), |sum, points| sum.plus(&points));
            // Where it is undecided which track counts, the metrics and their sum are bounded on their own.
            let is_decided = sum.value().is_some();
            if area.outcome.points.as_ref().is_some_and(|points| is_decided && *points != sum) {
                gaps.push(format!("the metrics of `{}` do not add up to its points", area.outcome.id));
            }
            for metric in &area.metrics {
                gaps_of(metric, &mut gaps);
            }
            for reading in area.all_readings() {
                self.gaps_of_reading(reading, &mut gaps);
            }
        }
        gaps
    }

    /// Also of what only an area reads.
    fn gaps_of_reading(&self, reading: &ReadingExplained, gaps: &mut Vec<String>) {
        for clause in &reading.clauses {
            let outer = clause.within.and_then(|at| reading.clauses.get(at));
            // Parts of several amounts look at other months, and hand on to several.
            let is_alone = |outer: &&ClauseExplained| outer.months == clause.months;
            let outer = outer.filter(is_alone).map(|outer| &outer.sifted);
            if outer.is_some_and(|outer| outer.reached - outer.dropped != clause.sifted.reached) {
                gaps.push(format!("not all rows that a part of `{}` keeps reach the next", reading.measure.name));
            }
        }
        if self.is_whole
            && let Figure::Known(value) = &reading.outcome.figure
            && total(reading).as_ref() != Some(value)
        {
            gaps.push(format!("the groups of `{}` do not come to its number", reading.measure.name));
        }
    }
}

fn gaps_of(metric: &MetricExplained, gaps: &mut Vec<String>) {
    let name = &metric.outcome.metric.name;
    let points = metric.outcome.status.points();
    if points.as_ref().zip(metric.derivation.as_ref()).is_some_and(|(points, of)| *points != of.result) {
        gaps.push(format!("the award of `{name}` does not come to its points"));
    }
    for (track, derivation) in &metric.by_track {
        if points.as_ref().is_some_and(|points| !points.holds(&derivation.result)) {
            gaps.push(format!("the award of `{name}` on the track `{track}` lies outside its points"));
        }
        gaps_of_steps(metric, derivation, Some(track), gaps);
    }
    if let Some(derivation) = &metric.derivation {
        gaps_of_steps(metric, derivation, None, gaps);
    }
}

fn gaps_of_steps(metric: &MetricExplained, derivation: &Step, track: Option<&str>, gaps: &mut Vec<String>) {
    let name = &metric.outcome.metric.name;
    derivation.walk(&mut |step| {
        if step.from_parts().is_some_and(|made| step.result.value() != Some(&made)) {
            gaps.push(format!("a step of `{name}`, `{}`, is not what its parts come to", step.does.word()));
        }
        if let Does::Reading(key) = &step.does {
            let on = |track: Option<&str>| metric.readings.iter().find(|reading| reading.is(key, track));
            let read = on(track).or_else(|| on(None));
            let figure = read.map(|reading| reading.outcome.figure.clone().known());
            if figure.as_ref().map(Option::as_ref) != Some(step.result.value()) {
                gaps.push(format!("`{name}` reads another number than `{}` is", key.measure));
            }
        }
    });
}

/// What the groups that count come to.
fn total(reading: &ReadingExplained) -> Option<Exact> {
    let count = || i64::try_from(reading.counted.len()).ok().map(Exact::from);
    let amounts =
        |at: usize| reading.counted.iter().filter_map(move |group: &GroupSeen| group.amounts.get(at)?.clone());
    let sum = |at: usize| amounts(at).fold(Exact::zero(), |sum, amount| &sum + &amount);
    match reading.measure.reduce {
        Reduce::Count => count(),
        Reduce::Sum(at) => Some(sum(at)),
        Reduce::Mean(at) => sum(at).over(&i64::try_from(amounts(at).count()).ok().map(Exact::from)?),
        Reduce::Greatest(at) => amounts(at).max(),
        Reduce::Least(at) => amounts(at).min(),
    }
}
