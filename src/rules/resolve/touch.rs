//! Interpretations, and which of them a metric's score rests on.

use super::{Kind, Resolver};
use crate::rules::document::pointer;
use crate::rules::ruleset::{
    AmountForm, Award, Condition, From, GivenList, Interpretation, ListRef, Measure, NamedCondition, Rate, Reading,
    ResultRef, Rows, Seeable, Setting, Term, Test, Track, Worth,
};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Resolver<'_> {
    /// The interpretation records; what they say they touch has to exist.
    pub(super) fn interpretations(&mut self) -> IndexMap<String, Interpretation> {
        let mut records = IndexMap::new();
        for (name, written) in self.file.interpretation.iter() {
            let at = pointer(&pointer("/interpretation", name), "touches");
            for (index, touched) in written.touches.iter().enumerate() {
                let is_left_out =
                    touched.rsplit('.').next().is_some_and(|name| self.left_out.iter().any(|one| one == name));
                if !is_left_out && !self.exists(touched) {
                    let known = self.everything();
                    self.unknown_thing("thing", touched, &format!("{at}/{index}"), &known);
                }
            }
            records.insert(
                name.to_owned(),
                Interpretation {
                    question: written.question.clone(),
                    chosen: written.chosen.clone(),
                    basis: written.basis,
                    touches: written.touches.clone(),
                },
            );
        }
        records
    }

    fn exists(&self, touched: &str) -> bool {
        self.everything().iter().any(|name| name == touched)
    }

    /// Every named thing as `kind.name`.
    pub(super) fn everything(&self) -> Vec<String> {
        let mut all = Vec::new();
        for kind in Kind::ALL {
            all.extend(self.names(kind).into_iter().map(|name| format!("{}.{name}", kind.word())));
        }
        for (area, written) in self.file.area.iter() {
            all.push(format!("area.{area}"));
            all.extend(written.metric.names().map(|name| format!("area.{area}.metric.{name}")));
        }
        all
    }

    /// The names of the records that touch a metric, directly or through what its award reads.
    pub(super) fn interpretations_of(&self, at: &str, worth: &Worth) -> Vec<String> {
        let mut reached = BTreeSet::new();
        reached.insert(at.trim_start_matches('/').replace('/', "."));
        if let Worth::Award(award) = worth {
            award_reaches(award, &mut reached);
        }
        self.records_where(|touches| touches.iter().any(|thing| reached.contains(thing)))
    }

    /// The names of the records that touch an area itself, who is on its tracks or what it asks for, and of those that
    /// touch everything.
    pub(super) fn interpretations_of_area(
        &self,
        area: &str,
        attained: &[Arc<NamedCondition>],
        tracks: &[Arc<Track>],
    ) -> Vec<String> {
        let mut reached = BTreeSet::from([format!("area.{area}")]);
        for named in attained {
            reached.insert(format!("condition.{}", named.name));
            condition_reaches(&named.when, &mut reached);
        }
        for track in tracks {
            reached.insert(format!("track.{}", track.name));
            track.when.iter().for_each(|when| condition_reaches(when, &mut reached));
            for (term, settings) in &track.sets {
                reached.insert(format!("term.{term}"));
                for (_, setting) in settings {
                    setting_reaches(setting, &mut reached);
                }
            }
        }
        self.records_where(|touches| touches.is_empty() || touches.iter().any(|thing| reached.contains(thing)))
    }

    fn records_where(&self, is_touched: impl Fn(&[String]) -> bool) -> Vec<String> {
        let records = self.file.interpretation.iter();
        records.filter(|(_, record)| is_touched(&record.touches)).map(|(name, _)| name.to_owned()).collect()
    }
}

type Reached = BTreeSet<String>;

fn award_reaches(award: &Award, reached: &mut Reached) {
    award.conditions(&mut |condition| condition_reaches(condition, reached));
    award.readings(&mut |reading| reading_reaches(reading, reached));
    award.terms(&mut |term| term_reaches(term, reached));
}

fn condition_reaches(condition: &Condition, reached: &mut Reached) {
    condition.parts(&mut |part| match part {
        Condition::Named(named) => drop(reached.insert(format!("condition.{}", named.name))),
        Condition::Track(track) => drop(reached.insert(format!("track.{track}"))),
        Condition::Seen(seen) => match &seen.what {
            Seeable::Condition(named) => {
                reached.insert(format!("condition.{}", named.name));
                condition_reaches(&named.when, reached);
            }
            Seeable::Result(result) => result_reaches(result, reached),
        },
        Condition::Result(result) => result_reaches(result, reached),
        _ => {}
    });
    condition.readings(&mut |reading| reading_reaches(reading, reached));
    condition.terms(&mut |term| term_reaches(term, reached));
}

fn term_reaches(term: &Term, reached: &mut Reached) {
    reached.insert(format!("term.{}", term.name));
    term.settings.iter().for_each(|(_, setting)| setting_reaches(setting, reached));
}

fn setting_reaches(setting: &Setting, reached: &mut Reached) {
    if let Setting::List(list) = setting {
        reached.insert(format!("list.{}", list.name));
    }
}

/// A result of this program; what another program's rests on, its own records say.
fn result_reaches(result: &ResultRef, reached: &mut Reached) {
    if result.program.is_none() {
        reached.insert(format!("area.{}", result.area));
        reached.extend(result.condition.iter().map(|name| format!("condition.{name}")));
    }
}

fn reading_reaches(reading: &Reading, reached: &mut Reached) {
    measure_reaches(&reading.measure, reached);
    if let Some(GivenList::List(list)) = &reading.given {
        reached.insert(format!("list.{}", list.name));
    }
    reading.terms(&mut |term| term_reaches(term, reached));
}

fn measure_reaches(measure: &Measure, reached: &mut Reached) {
    reached.insert(format!("measure.{}", measure.name));
    measure.tests().for_each(|test| test_reaches(test, reached));
    measure.asked.iter().for_each(|reading| reading_reaches(reading, reached));
    match &measure.from {
        From::Groups(inner) => reading_reaches(inner, reached),
        From::Rows(sources) => {
            for source in sources {
                reached.insert(format!("table.{}", source.table.name));
                if let Some(rows) = &source.rows {
                    rows_reach(rows, reached);
                }
            }
        }
    }
    for amount in measure.amounts.values() {
        if let AmountForm::Taken(taken) = &amount.form
            && let Some(Rate { list: ListRef::Named(list), .. }) = taken.what.rate()
        {
            reached.insert(format!("list.{}", list.name));
        }
    }
}

fn rows_reach(rows: &Rows, reached: &mut Reached) {
    reached.insert(format!("rows.{}", rows.name));
    test_reaches(&rows.test, reached);
    if let Some(within) = &rows.within {
        rows_reach(within, reached);
    }
}

fn test_reaches(test: &Test, reached: &mut Reached) {
    test.parts(&mut |part| {
        if let Test::In { list: ListRef::Named(list), .. } = part {
            reached.insert(format!("list.{}", list.name));
        }
    });
    test.terms(&mut |term| term_reaches(term, reached));
}
