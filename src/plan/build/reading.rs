//! A reading while accumulators still grow: which it reads, and which months of them.

use super::Drafts;
use super::table::{Days, position_or_push};
use crate::lookup::Lookup;
use crate::month::Month;
use crate::plan::{At, ClauseAt, Part, PartAmount, PlannedAmount, PlannedReading, PlannedSource, TakenKind, Tally};
use crate::read::Blank;
use crate::rules::{
    AmountForm, ColumnType, DayBounds, From, Measure, Member, Reading, ReadingKey, Source, Taken, Terms, Track, What,
    Window,
};
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::table::Draft;

/// A reading whose slots are not numbered yet.
pub(super) struct DraftReading {
    pub(super) at: At,
    pub(super) key: ReadingKey,
    measure: Arc<Measure>,
    day: NaiveDate,
    track: Option<Arc<Track>>,
    source: DraftSource,
    asked: Vec<usize>,
    /// What the readings that it asks for need.
    others: Vec<(usize, Vec<Month>)>,
}

enum DraftSource {
    Rows { parts: Vec<DraftPart>, amounts: Vec<Option<DraftAmount>> },
    Groups { reading: usize, keys: Vec<usize>, needs: Vec<(usize, Vec<Month>)>, months: Vec<Month> },
}

struct DraftPart {
    table: usize,
    accumulator: usize,
    clause: Option<ClauseAt>,
    /// The months that amounts take of it.
    months: BTreeSet<Month>,
}

struct DraftAmount {
    taken: TakenKind,
    from: Vec<(usize, Option<usize>, Option<usize>)>,
    months: Vec<Month>,
    form: Taken,
}

impl Drafts {
    pub(super) fn draft(
        &mut self,
        reading: &Reading,
        at: At,
        key: ReadingKey,
        terms: &Terms<'_>,
        track: Option<Arc<Track>>,
    ) -> DraftReading {
        let measure = Arc::clone(&reading.measure);
        let asked: Vec<usize> =
            reading.asked().map(|asked| self.reading(&asked, at.observation, terms.day, track.as_ref())).collect();
        let source = match &measure.from {
            From::Rows(sources) => self.rows(reading, sources, terms),
            From::Groups(inner) => {
                let asked = reading.inner().unwrap_or_else(|| inner.as_ref().clone());
                let position = self.reading(&asked, at.observation, terms.day, track.as_ref());
                let of_inner = |column: &String| inner.measure.group.iter().position(|known| known == column);
                let keys = measure.group.iter().filter_map(of_inner).collect();
                let (needs, months) = self.readings.get(position).map(DraftReading::needs).unwrap_or_default();
                DraftSource::Groups { reading: position, keys, needs, months }
            }
        };
        let needs = |at: &usize| self.readings.get(*at).map(|asked| asked.needs().0);
        let others = asked.iter().filter_map(needs).flatten().collect();
        DraftReading { at, key, measure, day: terms.day, track, source, asked, others }
    }

    fn rows(&mut self, reading: &Reading, sources: &[Source], terms: &Terms<'_>) -> DraftSource {
        let measure = &reading.measure;
        // What `valid` asks moves back with the windows; the members of a list stay those of the day judged.
        let moved = terms.day.checked_sub_months(Months::new(reading.ago)).unwrap_or(NaiveDate::MIN);
        let days = Days { terms: *terms, valid_on: moved };
        let given = reading.list(terms);
        let mut parts: Vec<DraftPart> = Vec::new();
        // The rows that every amount shares come first: a group exists where it has any.
        let shared: Vec<usize> =
            sources.iter().map(|source| self.part(&mut parts, source, measure, given, days, (None, None))).collect();
        let mut amounts = Vec::new();
        for amount in measure.amounts.values() {
            let AmountForm::Taken(taken) = &amount.form else {
                amounts.push(None);
                continue;
            };
            let months = taken.window.map(|window| months_of(window, terms.day, reading.ago)).unwrap_or_default();
            let only = |at: usize| taken.source.is_none_or(|source| source == at);
            let mut from = Vec::new();
            for ((_, source), shared) in sources.iter().enumerate().zip(&shared).filter(|((at, _), _)| only(*at)) {
                let own = (taken.test.as_ref(), taken.days.as_ref());
                let place = match own {
                    (None, None) => *shared,
                    own => self.part(&mut parts, source, measure, given, days, own),
                };
                let Some(part) = parts.get_mut(place) else { continue };
                part.months.extend(&months);
                let Some(draft) = self.tables.get_mut(part.table) else { continue };
                let tallies = tallies(draft, taken, terms, given);
                if let Some(target) = draft.accumulators.get_mut(part.accumulator) {
                    target.months.extend(&months);
                    let mut placed = tallies.into_iter().map(|tally| position_or_push(&mut target.tallies, tally));
                    from.push((place, placed.next(), placed.next()));
                }
            }
            let kind = match &taken.what {
                What::Count => TakenKind::Count,
                What::Sum(..) | What::Rated(_) => TakenKind::Sum,
                What::Mean(_) => TakenKind::Mean,
                What::Greatest(_) => TakenKind::Greatest,
                What::Least(_) => TakenKind::Least,
            };
            amounts.push(Some(DraftAmount { taken: kind, from, months, form: taken.as_ref().clone() }));
        }
        // The shared rows make a group exist in every month that any amount of theirs looks at.
        let all: BTreeSet<Month> = parts.iter().flat_map(|part| part.months.iter().copied()).collect();
        for part in &mut parts {
            let Some(draft) = self.tables.get_mut(part.table).filter(|draft| draft.table.month.is_some()) else {
                continue;
            };
            part.months.extend(&all);
            if let Some(target) = draft.accumulators.get_mut(part.accumulator) {
                target.months.extend(&all);
            }
        }
        DraftSource::Rows { parts, amounts }
    }

    /// The part of a reading that takes these rows of a source, which is added where it is new.
    fn part(
        &mut self,
        parts: &mut Vec<DraftPart>,
        source: &Source,
        measure: &Measure,
        given: Option<&Arc<crate::rules::List>>,
        days: Days<'_>,
        (test, bounds): (Option<&crate::rules::Test>, Option<&DayBounds>),
    ) -> usize {
        let Some(table) = self.tables.iter().position(|draft| draft.table == source.table) else { return usize::MAX };
        let Some(draft) = self.tables.get_mut(table) else { return usize::MAX };
        let (filter, clause) = draft.filter_of(source, measure, given, days, test);
        let keys: Vec<usize> = measure.group.iter().map(|column| draft.key(column, filter)).collect();
        let day = bounds.map(|bounds| draft.want(&bounds.column, Blank::Missing));
        let accumulator = draft.accumulator(filter, &keys, day);
        let same = |part: &DraftPart| part.table == table && part.accumulator == accumulator;
        parts.iter().position(same).unwrap_or_else(|| {
            parts.push(DraftPart { table, accumulator, clause, months: BTreeSet::new() });
            parts.len() - 1
        })
    }
}

/// The months of a window, ascending.
fn months_of(window: Window, day: NaiveDate, ago: u32) -> Vec<Month> {
    let last = Month::of(day).minus(1).minus(ago.saturating_add(window.ago));
    (0..window.last).rev().map(|back| last.minus(back)).collect()
}

/// What an amount takes of its columns: for a mean the sum and how many there are.
fn tallies(draft: &mut Draft, taken: &Taken, terms: &Terms<'_>, given: Option<&Arc<crate::rules::List>>) -> Vec<Tally> {
    match &taken.what {
        What::Count => Vec::new(),
        What::Sum(column, None) => vec![Tally::Sum(draft.want(column, Blank::Unreadable))],
        What::Rated(rate) | What::Sum(_, Some(rate)) => {
            let exact = draft.table.columns.get(&rate.column) == Some(&ColumnType::Exact);
            let list = rate.list.list(terms, given);
            let parts = list.map(|list| list.parts()).unwrap_or_default();
            let rate_of = |member: &Member| {
                member.rate.as_ref().filter(|_| member.is_in_on(terms.day)).map(|rate| terms.number(rate))
            };
            // What a list says itself holds, then what any list that it includes has a rate for.
            let members = || parts.iter().flat_map(|part| &part.members);
            let own = || parts.iter().take(1).flat_map(|part| &part.members);
            let mut rates = Lookup::default();
            for member in own().chain(members().filter(|member| rate_of(member).is_some())).chain(members()) {
                member.add_to(&mut rates, exact, &rate_of(member));
            }
            let column = match &taken.what {
                What::Sum(column, _) => Some(draft.want(column, Blank::Unreadable)),
                _ => None,
            };
            vec![Tally::Rated { column, by: draft.want(&rate.column, Blank::Missing), rates, exact }]
        }
        What::Mean(column) => {
            let column = draft.want(column, Blank::Missing);
            vec![Tally::Sum(column), Tally::Filled(column)]
        }
        What::Greatest(column) => vec![Tally::Greatest(draft.want(column, Blank::Missing))],
        What::Least(column) => vec![Tally::Least(draft.want(column, Blank::Missing))],
    }
}

impl DraftReading {
    /// The tables that are read with the months needed of each, and all these months.
    fn needs(&self) -> (Vec<(usize, Vec<Month>)>, Vec<Month>) {
        let (mut needs, months) = self.own_needs();
        for (table, months) in &self.others {
            match needs.iter_mut().find(|(known, _)| known == table) {
                Some((_, known)) => {
                    known.extend(months);
                    known.sort();
                    known.dedup();
                }
                None => needs.push((*table, months.clone())),
            }
        }
        (needs, months)
    }

    fn own_needs(&self) -> (Vec<(usize, Vec<Month>)>, Vec<Month>) {
        match &self.source {
            DraftSource::Groups { needs, months, .. } => (needs.clone(), months.clone()),
            DraftSource::Rows { parts, amounts } => {
                let mut needs: Vec<(usize, BTreeSet<Month>)> = Vec::new();
                let mut need =
                    |table: usize, months: &[Month]| match needs.iter_mut().find(|(known, _)| *known == table) {
                        Some((_, known)) => known.extend(months),
                        None => needs.push((table, months.iter().copied().collect())),
                    };
                for part in parts {
                    need(part.table, &[]);
                }
                let mut all = BTreeSet::new();
                for amount in amounts.iter().flatten() {
                    all.extend(&amount.months);
                    for (part, ..) in &amount.from {
                        if let Some(part) = parts.get(*part) {
                            need(part.table, &amount.months);
                        }
                    }
                }
                let needs = needs.into_iter().map(|(table, months)| (table, months.into_iter().collect()));
                (needs.collect(), all.into_iter().collect())
            }
        }
    }

    pub(super) fn finish(self, tables: &[Draft]) -> PlannedReading {
        let (needs, months) = self.needs();
        let source = match self.source {
            DraftSource::Groups { reading, keys, .. } => PlannedSource::Groups { reading, keys },
            DraftSource::Rows { parts, amounts } => {
                let slots = |part: usize, months: &mut dyn Iterator<Item = &Month>| -> Vec<usize> {
                    let accumulator =
                        parts.get(part).and_then(|part| tables.get(part.table)?.accumulators.get(part.accumulator));
                    let Some(accumulator) = accumulator else { return Vec::new() };
                    if accumulator.months.is_empty() {
                        return vec![0];
                    }
                    let slot = |month: &Month| accumulator.months.iter().position(|known| known == month);
                    months.filter_map(slot).collect()
                };
                let amounts = amounts.into_iter().map(|amount| {
                    let DraftAmount { taken, from, months, form } = amount?;
                    let of_part = |(part, tally, filled): &(usize, Option<usize>, Option<usize>)| PartAmount {
                        part: *part,
                        tally: *tally,
                        filled: *filled,
                        slots: slots(*part, &mut months.iter()),
                    };
                    Some(PlannedAmount {
                        taken,
                        from: from.iter().map(of_part).collect(),
                        only: form.window.and_then(|window| window.only),
                        days: form.days,
                        by_month: form.by_month,
                        months,
                    })
                });
                let amounts = amounts.collect();
                let planned = parts.iter().enumerate().map(|(at, part)| Part {
                    table: part.table,
                    accumulator: part.accumulator,
                    clause: part.clause,
                    slots: slots(at, &mut part.months.iter()),
                });
                PlannedSource::Rows { parts: planned.collect(), amounts }
            }
        };
        let Self { at, key, measure, day, track, asked, .. } = self;
        PlannedReading { at, key, measure, day, track, source, asked, months, needs }
    }
}
