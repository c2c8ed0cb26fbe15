//! The tracks of an area, and whether every term that is read is set on them.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Area, Choose, Condition, NamedCondition, Number, ResultRef, Seeable, Term, Track};
use indexmap::IndexMap;
use std::sync::Arc;

impl Resolver<'_> {
    /// The tracks of an area; where several are asked in order, the last is for everybody else.
    pub(super) fn area_tracks(&mut self, area: &model::Area, at: &str) -> Option<Vec<Arc<Track>>> {
        let here = pointer(at, "tracks");
        let tracks: Vec<Option<Arc<Track>>> = area
            .tracks
            .iter()
            .enumerate()
            .map(|(index, name)| self.track_named(name, &format!("{here}/{index}")))
            .collect();
        let choose = area.choose;
        let problem = match (area.tracks.len(), choose) {
            (0, Some(_)) => Some((pointer(at, "choose"), "there are no tracks to choose from")),
            (1, Some(_)) => Some((pointer(at, "choose"), "an area with one track has nothing to choose from")),
            (0 | 1, None) | (_, Some(_)) => None,
            (_, None) => Some((here.clone(), "nothing says which track counts")),
        };
        if let Some((place, message)) = problem {
            let problem = Diagnostic::at(Code::Misfit, self.key(&place), message);
            self.error(
                problem.help("say `choose` where there are several tracks: `first`, `best-total` or `best-attained`"),
            );
        }
        let tracks: Vec<Arc<Track>> = tracks.into_iter().collect::<Option<_>>()?;
        if choose == Some(Choose::First) {
            for (index, track) in tracks.iter().enumerate() {
                let is_last = index + 1 == tracks.len();
                if track.when.is_none() != is_last {
                    let message = if is_last {
                        format!("who is on no track before is not on `{}` either", track.name)
                    } else {
                        format!("everybody is on `{}`, so no later track is ever asked", track.name)
                    };
                    let help = if is_last {
                        "take its `when` out: of `first`, the last track takes who is on no other"
                    } else {
                        "give it a `when`, or put it last"
                    };
                    let place = self.value(&format!("{here}/{index}"));
                    self.error(Diagnostic::at(Code::Misfit, place, message).help(help));
                }
            }
        }
        Some(tracks)
    }

    /// Every term that is read has a setting on each track it can be read on, and without one where it is read without.
    pub(super) fn unset_terms(&mut self, areas: &IndexMap<String, Area>) {
        for area in areas.values() {
            let at = pointer("/area", &area.name);
            self.unset_in(area, &area.attained, &at);
            let mut conditions: Vec<&Condition> = Vec::new();
            area.each_condition(&mut |condition| conditions.push(condition));
            let (mut looked_back, mut results) = (Vec::new(), Vec::new());
            for condition in conditions {
                rests_on(condition, &mut looked_back, &mut results);
            }
            for when in area.tracks.iter().filter_map(|track| track.when.as_ref()) {
                self.on_no_track(when, &at, "its tracks ask for it before one of them is chosen");
            }
            for when in looked_back {
                self.on_no_track(when, &at, "`seen` looks at earlier months, where no track is chosen");
            }
            for result in results.into_iter().filter(|result| result.program.is_none()) {
                let named = result.condition.as_ref().and_then(|name| self.conditions.get(name).cloned().flatten());
                if let (Some(other), Some(named)) = (areas.get(&result.area), named) {
                    self.has_metrics_asked(other, &named, &at);
                    self.unset_in(other, &[named], &at);
                }
            }
        }
    }

    /// What an area and conditions asked of it read on its tracks.
    fn unset_in(&mut self, area: &Area, conditions: &[Arc<NamedCondition>], at: &str) {
        let mut asked: Vec<Arc<Term>> = Vec::new();
        let mut on_tracks = |term: &Arc<Term>| asked.push(Arc::clone(term));
        let mut readings = Vec::new();
        for award in area.awards() {
            award.terms(&mut on_tracks);
            award.readings(&mut |reading| readings.push(reading));
        }
        for named in conditions {
            named.when.terms(&mut on_tracks);
            named.when.readings(&mut |reading| readings.push(reading));
        }
        if let Some(Number::Term(term)) = &area.max_points {
            on_tracks(term);
        }
        for reading in readings {
            reading.terms(&mut on_tracks);
        }
        for term in asked.iter().filter(|term| term.settings.is_empty()) {
            let lacking = area.tracks.iter().find(|track| !track.sets.contains_key(&term.name));
            match lacking {
                Some(track) => self.unset(
                    term,
                    &pointer("/track", &track.name),
                    &format!("track `{}` does not set it", track.name),
                    "give the term an `is`, or set it on the track",
                ),
                None if area.tracks.is_empty() => {
                    self.unset(term, at, "this area has no tracks", "give the term an `is`");
                }
                None => {}
            }
        }
    }

    /// A condition that is asked where no track is chosen reads no term that only tracks set, and asks for no track.
    fn on_no_track(&mut self, when: &Condition, at: &str, why: &str) {
        let mut asked: Vec<Arc<Term>> = Vec::new();
        let mut read = |term: &Arc<Term>| asked.push(Arc::clone(term));
        when.terms(&mut read);
        when.readings(&mut |reading| reading.terms(&mut read));
        for term in asked.iter().filter(|term| term.settings.is_empty()) {
            self.unset(term, at, why, "give the term an `is`");
        }
        let mut tracks = Vec::new();
        when.parts(&mut |part| {
            if let Condition::Track(track) = part {
                tracks.push(track);
            }
        });
        for track in tracks {
            let message = format!("`track = \"{track}\"` never holds here: {why}");
            let problem = Diagnostic::at(Code::Misfit, self.key(at), message);
            let problem = problem.help(format!("ask for what the track's `when` asks, in place of `{track}`"));
            if !self.found.has_like(&problem) {
                self.error(problem);
            }
        }
    }

    fn unset(&mut self, term: &Term, at: &str, why: &str, help: &str) {
        let message = format!("nothing says what term `{}` is: {why}", term.name);
        let problem = Diagnostic::at(Code::UnsetTerm, self.key(at), message);
        let problem = problem.other(self.key(&pointer("/term", &term.name)), "the term").help(help);
        if !self.found.has_like(&problem) {
            self.error(problem);
        }
    }
}

/// The conditions that a condition looks for on other days, and the results it asks for, to any depth.
fn rests_on<'a>(condition: &'a Condition, looked_back: &mut Vec<&'a Condition>, results: &mut Vec<&'a ResultRef>) {
    condition.parts(&mut |part| match part {
        Condition::Result(result) => results.push(result),
        Condition::Seen(seen) => match &seen.what {
            Seeable::Condition(named) => {
                looked_back.push(&named.when);
                rests_on(&named.when, looked_back, results);
            }
            Seeable::Result(result) => results.push(result),
        },
        _ => {}
    });
}
