//! Conditions with what they are made of: what each asks for, what there is, and whether it holds.

use super::area::{candidates, metrics};
use super::asked::in_words as points_in_words;
use super::condition::in_words;
use super::scope::Scope;
use super::{AreaOutcome, MetricOutcome, Verdict};
use crate::measure::Measures;
use crate::plan::Plan;
use crate::rules::{Condition, Figures as _, Seeable, Seen, Track};
use std::sync::Arc;

/// A condition, and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it asks for, in words.
    pub asks: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What there is, where it asks for one number, in words.
    pub has: Option<String>,
    /// The conditions that it is made of.
    pub parts: Vec<Self>,
}

/// What an area asks for.
pub(crate) struct AreaChecked {
    /// The conditions of the designation, in the order of the rules.
    pub(crate) asked: Vec<Checked>,
    /// The tracks, each with what puts somebody on it; everybody where there is none.
    pub(crate) tracks: Vec<(Arc<Track>, Option<Checked>)>,
}

/// What an area asks of an entity, on the track that counts.
pub(crate) fn checked(plan: &Plan, measures: &Measures, entity: usize, outcome: &AreaOutcome) -> AreaChecked {
    let Some(area) = plan.rules.areas.get(&outcome.id) else {
        return AreaChecked { asked: Vec::new(), tracks: Vec::new() };
    };
    let scope = Scope::new(plan, measures, entity, 0);
    let tracks = area.tracks.iter().map(|track| {
        let when = track.when.as_ref().map(|when| scope.checked(when));
        (Arc::clone(track), when)
    });
    let tracks: Vec<_> = tracks.collect();
    let on = outcome.track.as_ref().and_then(|(name, _)| area.tracks.iter().find(|track| *track.name == **name));
    // Where it is undecided which track counts, each that can is asked; what they share is told once.
    if on.is_none() && !area.tracks.is_empty() {
        let candidates = candidates(area, &scope);
        let may_be_none = candidates.iter().all(|(is_certain, _)| !is_certain);
        let mut open: Vec<&Arc<Track>> = candidates.into_iter().map(|(_, track)| track).collect();
        if open.is_empty() {
            // To who is on none the first says what is asked for.
            open.extend(area.tracks.first());
        }
        let on_each: Vec<_> = open.into_iter().map(|track| (track, metrics(area, &scope.on(Some(track))))).collect();
        let asked = area.attained.iter().zip(&outcome.asked).filter_map(|(named, asked)| {
            let on_track = |(track, metrics): &(&Arc<Track>, Vec<MetricOutcome>)| {
                let scope = scope.on(Some(track));
                let checked = scope.with(metrics).checked(&Condition::Named(Arc::clone(named)));
                (format!("on the track `{}`", track.name), checked)
            };
            let mut on_each: Vec<(String, Checked)> = on_each.iter().map(on_track).collect();
            if may_be_none {
                let (_, first) = on_each.first()?.clone();
                let none = Checked { verdict: Verdict::Unmet, has: None, parts: Vec::new(), ..first };
                on_each.push(("on none of them".to_owned(), none));
            }
            common(on_each, asked.verdict)
        });
        return AreaChecked { asked: asked.collect(), tracks };
    }
    let scope = scope.on(on);
    let scope = scope.with(&outcome.metrics);
    AreaChecked {
        asked: area.attained.iter().map(|named| scope.checked(&Condition::Named(Arc::clone(named)))).collect(),
        tracks,
    }
}

/// One condition for several tracks: the same for all, or what it is on each.
fn common(on_each: Vec<(String, Checked)>, verdict: Verdict) -> Option<Checked> {
    let (_, first) = on_each.first()?.clone();
    if first.verdict == verdict && on_each.iter().all(|(_, other)| *other == first) {
        return Some(first);
    }
    let parts = on_each.into_iter().map(|(on, checked)| Checked { asks: on, name: None, ..checked }).collect();
    Some(Checked { asks: first.asks, name: first.name, verdict, has: None, parts })
}

impl Scope<'_> {
    /// A condition with everything it is made of.
    pub(super) fn checked(&self, condition: &Condition) -> Checked {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.checked(part)).collect::<Vec<_>>();
        let (asks, has, parts) = match condition {
            Condition::Named(named) => {
                let inner = self.checked(&named.when);
                let asks = named.title.clone().unwrap_or_else(|| format!("`{}`", named.name));
                // Of one part the number says all; a list stands under its name.
                match &named.when {
                    Condition::All(_) => (asks, None, inner.parts),
                    _ => (asks, inner.has.clone(), vec![inner]),
                }
            }
            Condition::All(parts) => ("every one".to_owned(), None, all(parts)),
            Condition::Any(parts) => ("at least one".to_owned(), None, all(parts)),
            Condition::Not(part) => ("that this does not hold".to_owned(), None, vec![self.checked(part)]),
            Condition::Met { of, at_least } => {
                let parts = all(of);
                let has = parts.iter().filter(|part| part.verdict == Verdict::Met).count();
                (format!("{} of {}", self.terms().number(at_least), parts.len()), Some(has.to_string()), parts)
            }
            Condition::Within { of, bounds } => {
                let (asks, has) = self.asked_and_had(of, bounds).into_parts();
                (asks, has, Vec::new())
            }
            Condition::Seen(seen) => {
                let parts = self.seen_on(seen);
                let met = |parts: &Vec<Checked>| parts.iter().filter(|part| part.verdict == Verdict::Met).count();
                let has = parts.as_ref().map(|parts| met(parts).to_string());
                let asks = format!("{} of the last {} months", self.terms().number(&seen.at_least), seen.last);
                (asks, has, parts.unwrap_or_default())
            }
            Condition::Result(result) => (in_words(result), None, Vec::new()),
            Condition::Points(asked) => {
                let had = self.points(asked).had;
                let had = had.and_then(|had| had.value().map(ToString::to_string));
                (points_in_words(asked, &self.terms()), had, Vec::new())
            }
            Condition::Unknown => ("what the rules do not say".to_owned(), None, Vec::new()),
            Condition::Track(track) => (format!("the track `{track}`"), None, Vec::new()),
        };
        let name = match condition {
            Condition::Named(named) => Some(named.name.clone()),
            _ => None,
        };
        let verdict = Verdict::of(self.condition(condition, &mut Vec::new()));
        // What is told of divisions here was told of the score.
        let _ = self.told();
        Checked { asks, name, verdict, has, parts }
    }

    /// The days on which something is looked for, each with whether it held; none where nobody says which.
    fn seen_on(&self, seen: &Seen) -> Option<Vec<Checked>> {
        let what = match &seen.what {
            Seeable::Condition(named) => named.title.clone().unwrap_or_else(|| format!("`{}`", named.name)),
            Seeable::Result(result) => in_words(result),
        };
        let days = self.days(seen)?;
        let checked = |(day, holds)| {
            let asks = format!("{what} on {day}");
            Checked { asks, name: None, verdict: Verdict::of(holds), has: None, parts: Vec::new() }
        };
        Some(days.into_iter().map(|day| (day, self.seen_then(seen, day))).map(checked).collect())
    }
}
