//! What was read: the groups near a bound, those that changed sides, and rows of people and facts.

use super::DossierView;
use super::document::{MOST, MeasurePart, MovedPart, NearPart, RowPart, RowsPart};
use crate::exact::Exact;
use crate::explain::{MetricExplained, ReadingExplained};
use crate::measure::{Distance, GroupSeen};
use crate::report::amounts::{months, quantity};
use crate::report::sentence::title;
use crate::rules::{Figure, ReadingKey, Unit};
use crate::score::AreaOutcome;
use crate::text::inert;
use chrono::NaiveDate;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// A reading, with the track on which it was read, and for what it was.
pub(in crate::report) type Read<'e> = (Option<&'e str>, &'e ReadingExplained, Vec<For<'e>>);

/// What reads something.
#[derive(Clone, Copy)]
pub(in crate::report) enum For<'e> {
    Metric(&'e MetricExplained),
    /// What an area asks for, or who is on its tracks.
    Area(&'e AreaOutcome),
}

impl For<'_> {
    fn title(self) -> String {
        match self {
            Self::Metric(metric) => title(&metric.outcome),
            Self::Area(area) => area.title.clone(),
        }
    }
}

/// Every reading once, in the order of the areas.
pub(in crate::report) fn readings<'e>(view: &DossierView<'e>) -> Vec<Read<'e>> {
    let mut all: IndexMap<(Option<&str>, &ReadingKey), Read<'e>> = IndexMap::new();
    for area in &view.dossier.explanation.areas {
        let counts = area.outcome.track.as_ref().map(|(name, _)| name.as_str());
        let on = |reading: &'e ReadingExplained| reading.track.as_deref().or(counts);
        for metric in &area.metrics {
            for reading in &metric.readings {
                let track = on(reading);
                let (.., metrics) =
                    all.entry((track, &reading.outcome.key)).or_insert_with(|| (track, reading, Vec::new()));
                metrics.push(For::Metric(metric));
            }
        }
        for reading in &area.readings {
            let track = on(reading);
            let (.., readers) =
                all.entry((track, &reading.outcome.key)).or_insert_with(|| (track, reading, Vec::new()));
            readers.push(For::Area(&area.outcome));
        }
    }
    all.into_values().collect()
}

/// A number that was read, in words.
pub(super) fn figure(reading: &ReadingExplained, currency: &str) -> String {
    match &reading.outcome.figure {
        Figure::Known(value) => quantity(value, reading.outcome.unit, currency),
        Figure::Missing => "none".to_owned(),
        Figure::Unknown => "unknown".to_owned(),
    }
}

pub(super) fn of_view(view: &DossierView<'_>) -> Vec<MeasurePart> {
    let currency = &view.dossier.explanation.rules.edition.currency;
    let place = |name: &str| {
        let at = view.explain().place(name).map(|(file, line)| format!(", {file}:{line}"));
        format!("{name}{}", at.unwrap_or_default())
    };
    let part = |(at, (track, reading, metrics)): (usize, Read<'_>)| {
        let (short, over) = near(reading, currency);
        MeasurePart {
            id: format!("measure-{}", at + 1),
            title: inert(&reading.outcome.title),
            track: track.map(ToOwned::to_owned),
            months: months(&reading.outcome.months),
            value: figure(reading, currency),
            place: place(&format!("measure.{}", reading.measure.name)),
            cite: reading.measure.cite.as_ref().map(|cite| cite.0.clone()),
            keys: reading.measure.group.clone(),
            counted: if reading.measure.group.is_empty() { 0 } else { reading.counted.len() },
            left: if reading.measure.group.is_empty() { 0 } else { reading.left.len() },
            short_in_all: short.len(),
            over_in_all: over.len(),
            short: short.into_iter().take(MOST).collect(),
            over: over.into_iter().take(MOST).collect(),
            moved: moved(reading, &metrics),
        }
    };
    readings(view).into_iter().enumerate().map(part).collect()
}

/// The groups that one bound alone keeps from counting, and those that count: each with the nearest bound, the nearest
/// group first. Of earlier times there are none: nothing can be done about them.
fn near(reading: &ReadingExplained, currency: &str) -> (Vec<NearPart>, Vec<NearPart>) {
    if reading.measure.group.is_empty() || reading.outcome.key.ago > 0 {
        return (Vec::new(), Vec::new());
    }
    let least = |all: &[Distance]| {
        let sized = all.iter().filter_map(|one| Some((size(one)?, one)));
        sized.min_by(|(one, _), (other, _)| one.cmp(other)).map(|(_, one)| one.clone())
    };
    let only = |group: &'_ GroupSeen| match group.misses.as_slice() {
        [miss] => Some(miss.clone()),
        // Of alternatives the nearest will do.
        [first, rest @ ..]
            if first.alternative.is_some() && rest.iter().all(|miss| miss.alternative == first.alternative) =>
        {
            least(&group.misses)
        }
        _ => None,
    };
    let nearest = |group: &'_ GroupSeen| least(&group.margins);
    let listed = |groups: &[GroupSeen], bound: &dyn Fn(&GroupSeen) -> Option<Distance>| {
        let sized = groups.iter().filter_map(|group| bound(group).and_then(|at| Some((size(&at)?, group, at))));
        let mut all: Vec<(Exact, &GroupSeen, Distance)> = sized.collect();
        // Distances of different amounts are no more or less than one another.
        all.sort_by(|(one, a, of), (other, b, to)| (&of.amount, one, &a.keys).cmp(&(&to.amount, other, &b.keys)));
        all.iter().map(|(_, group, bound)| part(group, bound, currency)).collect::<Vec<_>>()
    };
    (listed(&reading.left, &only), listed(&reading.counted, &nearest))
}

/// How far a group is from a bound; none where that cannot be said.
pub(in crate::report) fn size(bound: &Distance) -> Option<Exact> {
    let short = bound.short.as_ref().filter(|_| !matches!(bound.unit, Unit::Day | Unit::Month))?;
    Some(short.size())
}

fn part(group: &GroupSeen, bound: &Distance, currency: &str) -> NearPart {
    let shown = |value: &Exact| quantity(value, bound.unit, currency);
    NearPart {
        group: brief(&keys(&group.keys)),
        amount: bound.amount.clone(),
        had: bound.had.as_ref().map_or_else(|| "missing".to_owned(), shown),
        month: bound.month.map(|month| months(&[month])),
        asks: bound.asks.clone(),
        distance: size(bound).as_ref().map(shown).unwrap_or_default(),
    }
}

/// A text from the data where many stand beside one another: cut after 120 letters; tables have the whole.
fn brief(text: &str) -> String {
    let shown: String = inert(text).chars().take(121).collect();
    if shown.chars().count() <= 120 { shown } else { shown.chars().take(119).chain(['…']).collect() }
}

/// The keys of a group in one line.
pub(in crate::report) fn keys(keys: &[String]) -> String {
    inert(&keys.join(" · "))
}

/// Against the same measure for earlier times.
fn moved(reading: &ReadingExplained, readers: &[For<'_>]) -> Vec<MovedPart> {
    let listed = |groups: &[Vec<String>]| groups.iter().take(MOST).map(|group| brief(&keys(group))).collect();
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    let metrics = readers.iter().filter_map(|reader| match reader {
        For::Metric(metric) => Some(metric),
        For::Area(_) => None,
    });
    for metric in metrics {
        let mine = metric.moved.iter().filter(|moved| reading.is(&moved.now, moved.track.as_deref()));
        for moved in mine.filter(|moved| seen.insert(&moved.before)) {
            let before = metric.readings.iter().find(|known| known.is(&moved.before, moved.track.as_deref()));
            parts.push(MovedPart {
                against: before.map(|before| months(&before.outcome.months)).unwrap_or_default(),
                joined: listed(&moved.joined),
                joined_in_all: moved.joined.len(),
                left: listed(&moved.left),
                left_in_all: moved.left.len(),
            });
        }
    }
    parts
}

/// A row of a table without months, with everything it counts for.
pub(super) struct Fact<'e> {
    pub(super) cells: &'e [(String, String)],
    pub(super) times: u64,
    pub(super) counts_for: Vec<String>,
    pub(super) why_not: Option<String>,
    pub(super) last_day: Option<NaiveDate>,
}

type ByCells<'e> = IndexMap<&'e [(String, String)], Fact<'e>>;

/// The rows of tables without months that count for something or are listed somewhere, those whose last day comes soonest
/// first; and how many rows of each table were too many to be looked at.
pub(super) fn facts<'e>(view: &DossierView<'e>) -> IndexMap<&'e str, (Vec<Fact<'e>>, u64)> {
    let mut tables: IndexMap<&str, (ByCells<'e>, u64)> = IndexMap::new();
    for (_, reading, metrics) in readings(view) {
        if !reading.outcome.months.is_empty() {
            continue;
        }
        for (table, more) in &reading.more_rows {
            tables.entry(table).or_default().1 = *more;
        }
        let mut times: BTreeMap<&[(String, String)], u64> = BTreeMap::new();
        for row in reading.rows.iter().filter(|row| row.why_not.as_ref().is_none_or(|why| !why.is_unlisted)) {
            let fact = tables.entry(&row.table).or_default().0.entry(&row.cells).or_insert_with(|| Fact {
                cells: &row.cells,
                times: 0,
                counts_for: Vec::new(),
                why_not: None,
                last_day: None,
            });
            // Rows that differ in nothing that is shown are one here.
            let in_all = times.entry(&row.cells).or_default();
            *in_all += row.times;
            fact.times = fact.times.max(*in_all);
            match &row.why_not {
                None => {
                    // What counts for several things ends when it first ceases to.
                    let known = fact.last_day.filter(|_| !fact.counts_for.is_empty());
                    fact.last_day = known.into_iter().chain(row.last_day).min();
                    for of in metrics.iter().map(|reader| inert(&reader.title())) {
                        if !fact.counts_for.contains(&of) {
                            fact.counts_for.push(of);
                        }
                    }
                }
                Some(why) => {
                    fact.why_not.get_or_insert_with(|| inert(&why.words));
                    if fact.counts_for.is_empty() {
                        fact.last_day = fact.last_day.or(row.last_day);
                    }
                }
            }
        }
    }
    let sorted = tables.into_iter().map(|(table, (rows, unseen))| {
        let mut rows: Vec<Fact<'_>> = rows.into_values().collect();
        rows.sort_by(|one, other| {
            let key =
                |fact: &Fact<'e>| (fact.counts_for.is_empty(), fact.last_day.is_none(), fact.last_day, fact.cells);
            key(one).cmp(&key(other))
        });
        (table, (rows, unseen))
    });
    sorted.filter(|(_, (rows, _))| !rows.is_empty()).collect()
}

pub(super) fn tables(view: &DossierView<'_>) -> Vec<RowsPart> {
    let explanation = &view.dossier.explanation;
    let part = |(table, (facts, unseen)): (&str, (Vec<Fact<'_>>, u64))| {
        let columns = columns(view, &facts);
        RowsPart {
            table: table.to_owned(),
            in_all: facts.len(),
            unseen,
            rows: facts
                .iter()
                .take(MOST)
                .map(|fact| RowPart {
                    cells: columns.iter().map(|column| brief(cell(fact, column))).collect(),
                    times: fact.times,
                    counts_for: fact.counts_for.clone(),
                    why_not: fact.why_not.as_deref().map(brief).filter(|_| fact.counts_for.is_empty()),
                    ends: fact.last_day.map(|day| day.to_string()),
                    days_left: fact.last_day.map(|day| (day - explanation.as_of).num_days()),
                })
                .collect(),
            columns,
        }
    };
    facts(view).into_iter().map(part).collect()
}

/// The columns that any of the rows has a cell in: those by which something is grouped first, then in the order of the
/// table.
pub(super) fn columns(view: &DossierView<'_>, facts: &[Fact<'_>]) -> Vec<String> {
    let has = |column: &&String| facts.iter().any(|fact| fact.cells.iter().any(|(name, _)| name == *column));
    let read = readings(view);
    let keys = read.iter().filter(|(_, reading, _)| reading.outcome.months.is_empty());
    let keys = keys.flat_map(|(_, reading, _)| &reading.measure.group).filter(has);
    let mut columns: IndexMap<&str, ()> = keys.map(|column| (column.as_str(), ())).collect();
    let mut widest: Vec<&Fact<'_>> = facts.iter().collect();
    widest.sort_by_key(|fact| std::cmp::Reverse(fact.cells.len()));
    for (column, _) in widest.iter().flat_map(|fact| fact.cells) {
        columns.entry(column).or_insert(());
    }
    columns.into_keys().map(ToOwned::to_owned).collect()
}

/// The cell of a column; empty where it is missing.
pub(super) fn cell<'f>(fact: &'f Fact<'_>, column: &str) -> &'f str {
    fact.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
}
