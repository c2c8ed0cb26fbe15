//! The explanation for programs: its structs are its own, and its schema is made of them.

use super::ExplainView;
use crate::exact::{Exact, Printed};
use crate::explain::{
    AreaExplained, ClauseExplained, MetricExplained, Moved, ReadingExplained, RowExplained, TrackExplained,
};
use crate::measure::{Distance, GroupSeen};
use crate::report::amounts::calendar;
use crate::rules::{Figure, ReadingKey, Unit};
use crate::score::{Asked, Checked, Does, Interval, Step, Verdict};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the explanation document.
pub const EXPLANATION_FORMAT: u32 = 1;

/// How the points of one entity came about. Numbers are decimal strings; where a decimal does not end, the fraction
/// stands beside it as `exact`.
#[derive(Serialize, JsonSchema)]
pub struct ExplanationDocument<'a> {
    /// The version of this document.
    format_version: u32,
    /// The program.
    program: &'a str,
    /// The edition.
    edition: EditionPart<'a>,
    /// The day judged.
    as_of: String,
    /// Whether the day was taken from the data.
    as_of_from_data: bool,
    /// The day up to which editions were known, where one was given.
    known_by: Option<String>,
    /// The currency of all money.
    currency: &'a str,
    /// The entity.
    entity: &'a str,
    /// Whether every group is shown; else only the one that was asked for.
    is_whole: bool,
    /// The areas.
    areas: Vec<AreaPart<'a>>,
    /// How unclear sentences were read that any metric shown rests on, by name.
    interpretations: BTreeMap<&'a str, RecordPart<'a>>,
    /// What to keep in mind.
    warnings: Vec<WarningPart<'a>>,
}

/// An edition.
#[derive(Serialize, JsonSchema)]
struct EditionPart<'a> {
    id: &'a str,
    file: &'a str,
    sha256: &'a str,
}

/// Where a thing of the rules stands.
#[derive(Serialize, JsonSchema)]
struct PlacePart<'a> {
    /// Its name, `measure.x`.
    name: String,
    file: Option<&'a str>,
    line: Option<usize>,
    /// Where it is stated: a source, and the section of it.
    cite: Option<&'a str>,
}

/// A number.
#[derive(Serialize, JsonSchema)]
struct NumberPart {
    /// As a decimal, a day or a month.
    value: String,
    /// The fraction, where the decimal does not end.
    exact: Option<String>,
}

/// Points, or a number, that lie between two ends.
#[derive(Serialize, JsonSchema)]
struct IntervalPart {
    /// What is certain; none without limit or where nothing is known.
    least: Option<NumberPart>,
    /// What is possible.
    most: Option<NumberPart>,
}

/// An area.
#[derive(Serialize, JsonSchema)]
struct AreaPart<'a> {
    id: &'a str,
    title: &'a str,
    place: PlacePart<'a>,
    track: Option<&'a str>,
    /// What the metrics add up to.
    points: Option<IntervalPart>,
    max_points: Option<NumberPart>,
    attained: bool,
    unmet: Vec<&'a str>,
    undecided: Vec<&'a str>,
    /// What is asked for, in the order of the rules.
    asked: Vec<AskedPart<'a>>,
    /// Names of interpretations on which its own score rests: who is on its tracks, and what it asks for.
    interpretations: &'a [String],
    /// The tracks on which it can be scored.
    tracks: Vec<TrackPart<'a>>,
    /// The metrics that are explained.
    metrics: Vec<MetricPart<'a>>,
    /// What its conditions and tracks read and none of its metrics; only where all of these are explained.
    readings: Vec<ReadingPart<'a>>,
}

/// A track of an area.
#[derive(Serialize, JsonSchema)]
struct TrackPart<'a> {
    id: &'a str,
    title: Option<&'a str>,
    place: PlacePart<'a>,
    /// Whether the area is scored on it; null where that is undecided.
    counts: Option<bool>,
    /// What puts somebody on it; null: everybody is.
    when: Option<ConditionPart<'a>>,
}

/// A condition, and what it is made of.
#[derive(Serialize, JsonSchema)]
struct ConditionPart<'a> {
    /// What it asks for, in words.
    asks: &'a str,
    /// Where it stands, where it has a name.
    place: Option<PlacePart<'a>>,
    /// `met`, `unmet` or `undecided`.
    verdict: &'static str,
    /// What there is, where it asks for one number, in words.
    has: Option<&'a str>,
    parts: Vec<Self>,
}

/// One thing a designation asks for.
#[derive(Serialize, JsonSchema)]
struct AskedPart<'a> {
    /// The name of the condition.
    key: &'a str,
    place: PlacePart<'a>,
    /// In words.
    asks: &'a str,
    /// `met`, `unmet` or `undecided`.
    verdict: &'static str,
    /// How many points it asks for, where it asks for one sum of them.
    points_asked: Option<NumberPart>,
    /// How many there are of these.
    points: Option<IntervalPart>,
    /// Why a condition does not hold.
    had: Option<&'a str>,
    /// The metrics that lack points, where every metric is asked.
    lacking: &'a [String],
    /// The condition with what it is made of; null where it is undecided which track counts.
    condition: Option<ConditionPart<'a>>,
}

/// A metric.
#[derive(Serialize, JsonSchema)]
struct MetricPart<'a> {
    id: &'a str,
    title: Option<&'a str>,
    place: PlacePart<'a>,
    /// `scored`, `unknown` or `not-applicable`.
    status: &'a str,
    points: Option<IntervalPart>,
    max_points: Option<NumberPart>,
    /// Why the points are what they are.
    reasons: Vec<&'a str>,
    /// Names of interpretations.
    interpretations: &'a [String],
    /// How the points come about; null where nothing is asked, or it is undecided which track counts.
    derivation: Option<StepPart<'a>>,
    /// Where that is undecided: the same for each track that can count, by its name.
    derivations_by_track: BTreeMap<&'a str, StepPart<'a>>,
    /// What was read.
    readings: Vec<ReadingPart<'a>>,
    /// Groups that changed sides between two times.
    moved: Vec<MovedPart<'a>>,
}

/// A step of a derivation.
#[derive(Serialize, JsonSchema)]
struct StepPart<'a> {
    /// The word of the rules for what is done.
    does: &'static str,
    result: IntervalPart,
    /// What the result counts; none for points and plain numbers.
    unit: Option<&'static str>,
    /// Numbers of the text, by their keys.
    numbers: BTreeMap<&'static str, NumberPart>,
    /// Without which nothing is paid.
    when: Option<ConditionPart<'a>>,
    /// The reading that is read.
    reading: Option<ReadingName<'a>>,
    /// What the rules do not say.
    unknown: Option<&'a str>,
    /// What it is made of.
    parts: Vec<Self>,
}

/// Which reading.
#[derive(Serialize, JsonSchema)]
struct ReadingName<'a> {
    measure: &'a str,
    given: Option<&'a str>,
    /// Months back.
    ago: u32,
}

/// A reading and what stands behind it.
#[derive(Serialize, JsonSchema)]
struct ReadingPart<'a> {
    #[serde(flatten)]
    name: ReadingName<'a>,
    /// The track on whose terms it is read, where it is undecided which counts and they read other things.
    track: Option<&'a str>,
    title: &'a str,
    place: PlacePart<'a>,
    /// The months it covers.
    months: Vec<String>,
    /// The number; none where it is missing or unknown.
    value: Option<NumberPart>,
    unit: &'static str,
    /// The reading whose groups it counts.
    of_groups: Option<ReadingName<'a>>,
    /// The columns of the keys.
    keys: &'a [String],
    /// The groups that count.
    counted: Vec<GroupPart<'a>>,
    /// The groups that do not.
    left: Vec<GroupPart<'a>>,
    /// What the tests of rows drop of the entity's rows, in the order in which they are asked.
    clauses: Vec<ClausePart<'a>>,
    /// Rows that are shown.
    rows: Vec<RowPart<'a>>,
    /// How many more there are.
    more_rows: u64,
}

/// A group.
#[derive(Serialize, JsonSchema)]
struct GroupPart<'a> {
    keys: &'a [String],
    /// Its amounts by name; those that are missing are left out.
    amounts: BTreeMap<&'a str, NumberPart>,
    /// Why it does not count.
    misses: Vec<MissPart<'a>>,
}

/// A test that a group does not pass.
#[derive(Serialize, JsonSchema)]
struct MissPart<'a> {
    amount: &'a str,
    had: Option<NumberPart>,
    /// The month that it is of, where it is the greatest or least of several.
    month: Option<String>,
    asks: &'a str,
    /// How much it lacks; below zero how much too much it is.
    short: Option<NumberPart>,
    /// Of several tests of which one would do, what they share; null for one that has to be passed.
    alternative: Option<usize>,
}

/// A part of a test on rows.
#[derive(Serialize, JsonSchema)]
struct ClausePart<'a> {
    table: &'a str,
    place: PlacePart<'a>,
    columns: &'a [String],
    /// The position of the part in this list whose kept rows reach it; null: all rows of the table do.
    within: Option<usize>,
    /// The amounts for which it is asked; empty: for all.
    amounts: &'a [String],
    /// The months of the rows that are counted; empty in a table without months.
    months: Vec<String>,
    /// How many of the entity's rows in these months reach it.
    reached: u64,
    /// How many of them it drops.
    dropped: u64,
    /// The sums over the rows dropped, by column.
    sums: BTreeMap<&'a str, NumberPart>,
}

/// A row.
#[derive(Serialize, JsonSchema)]
struct RowPart<'a> {
    table: &'a str,
    /// Its cells by column; missing ones are left out.
    cells: BTreeMap<&'a str, &'a str>,
    /// How often it stands there.
    times: u64,
    counts: bool,
    /// The amounts that take it; empty: all do, or it counts without any.
    amounts: &'a [String],
    /// The last day on which it counts for all that it counts for, by what is valid in it, by its lists, terms with ends and
    /// bounds that move with the day judged, by the edition in force and whatever its group has to reach; of one that does not count one that has passed. Null where nothing ends.
    last_day: Option<String>,
    /// Why it does not count.
    why_not: Option<&'a str>,
}

/// Groups that changed sides between two times.
#[derive(Serialize, JsonSchema)]
struct MovedPart<'a> {
    now: ReadingName<'a>,
    before: ReadingName<'a>,
    /// The track on whose terms both are read, as of readings.
    track: Option<&'a str>,
    joined: &'a [Vec<String>],
    left: &'a [Vec<String>],
}

/// How an unclear sentence was read.
#[derive(Serialize, JsonSchema)]
struct RecordPart<'a> {
    place: PlacePart<'a>,
    question: &'a str,
    chosen: &'a str,
}

/// What to keep in mind.
#[derive(Serialize, JsonSchema)]
struct WarningPart<'a> {
    code: &'static str,
    message: &'a str,
}

pub(super) fn render(view: &ExplainView<'_>) -> String {
    let explanation = view.explanation;
    let rules = &explanation.rules;
    let document = ExplanationDocument {
        format_version: EXPLANATION_FORMAT,
        program: &rules.edition.program,
        edition: EditionPart { id: &rules.edition.id, file: &rules.file, sha256: &rules.sha256 },
        as_of: explanation.as_of.to_string(),
        as_of_from_data: view.as_of_from_data,
        known_by: view.known_by.map(|day| day.to_string()),
        currency: &rules.edition.currency,
        entity: &explanation.entity,
        is_whole: explanation.is_whole,
        areas: explanation.areas.iter().map(|area| view.area(area)).collect(),
        interpretations: explanation
            .areas
            .iter()
            .flat_map(|area| explanation.records(area))
            .map(|(name, record)| {
                let place = view.place_part(&format!("interpretation.{name}"));
                (name, RecordPart { place, question: &record.question, chosen: &record.chosen })
            })
            .collect(),
        warnings: explanation
            .warnings
            .iter()
            .map(|warning| WarningPart { code: warning.code.id(), message: &warning.message })
            .collect(),
    };
    crate::report::json_text::pretty(&document)
}

impl ExplainView<'_> {
    fn place_part(&self, name: &str) -> PlacePart<'_> {
        let place = self.place(name);
        let (file, line) = place.unzip();
        PlacePart { name: name.to_owned(), file, line, cite: self.cite(name) }
    }

    fn area<'e>(&'e self, area: &'e AreaExplained) -> AreaPart<'e> {
        let outcome = &area.outcome;
        AreaPart {
            id: &outcome.id,
            title: &outcome.title,
            place: self.place_part(&format!("area.{}", outcome.id)),
            track: outcome.track.as_ref().map(|(track, _)| track.as_str()),
            points: outcome.points.as_ref().map(|points| interval(points, None)),
            max_points: outcome.max_points.as_ref().map(|most| number(most, None)),
            attained: outcome.is_attained(),
            unmet: outcome.keys(Verdict::Unmet),
            undecided: outcome.keys(Verdict::Undecided),
            asked: outcome.asked.iter().map(|asked| self.asked(asked, area)).collect(),
            interpretations: self.explanation.rules.areas.get(&outcome.id).map_or(&[], |area| &area.interpretations),
            tracks: area.tracks.iter().map(|track| self.track(track)).collect(),
            readings: area.readings.iter().map(|reading| self.reading(reading)).collect(),
            metrics: area.metrics.iter().map(|metric| self.metric(metric)).collect(),
        }
    }

    fn track<'e>(&'e self, track: &'e TrackExplained) -> TrackPart<'e> {
        TrackPart {
            id: &track.name,
            title: track.title.as_deref(),
            place: self.place_part(&format!("track.{}", track.name)),
            counts: track.counts,
            when: track.when.as_ref().map(|when| self.condition(when)),
        }
    }

    fn condition<'e>(&'e self, checked: &'e Checked) -> ConditionPart<'e> {
        ConditionPart {
            asks: &checked.asks,
            place: checked.name.as_ref().map(|name| self.place_part(&format!("condition.{name}"))),
            verdict: checked.verdict.word(),
            has: checked.has.as_deref(),
            parts: checked.parts.iter().map(|part| self.condition(part)).collect(),
        }
    }

    fn asked<'e>(&'e self, asked: &'e Asked, area: &'e AreaExplained) -> AskedPart<'e> {
        let checked = area.checked(&asked.key);
        let points = asked.points.as_ref();
        AskedPart {
            key: &asked.key,
            place: self.place_part(&format!("condition.{}", asked.key)),
            asks: &asked.asks,
            verdict: asked.verdict.word(),
            points_asked: points.map(|(asked, _)| number(asked, None)),
            points: points.map(|(_, had)| interval(had, None)),
            had: asked.had.as_deref(),
            lacking: &asked.lacking,
            condition: checked.map(|checked| self.condition(checked)),
        }
    }

    fn metric<'e>(&'e self, metric: &'e MetricExplained) -> MetricPart<'e> {
        let outcome = &metric.outcome;
        MetricPart {
            id: &outcome.metric.name,
            title: outcome.metric.title.as_deref(),
            place: self.place_part(&metric.place),
            status: outcome.status.word(),
            points: outcome.status.points().map(|points| interval(&points, None)),
            max_points: outcome.status.max_points().map(|most| number(most, None)),
            reasons: outcome.reasons.iter().map(|reason| reason.message.as_str()).collect(),
            interpretations: &outcome.metric.interpretations,
            derivation: metric.derivation.as_ref().map(|of| self.step(of)),
            derivations_by_track: metric.by_track.iter().map(|(track, of)| (track.as_str(), self.step(of))).collect(),
            readings: metric.readings.iter().map(|reading| self.reading(reading)).collect(),
            moved: metric.moved.iter().map(moved).collect(),
        }
    }

    fn reading<'e>(&'e self, reading: &'e ReadingExplained) -> ReadingPart<'e> {
        let outcome = &reading.outcome;
        let value = match &outcome.figure {
            Figure::Known(value) => Some(number(value, Some(outcome.unit))),
            Figure::Missing | Figure::Unknown => None,
        };
        ReadingPart {
            name: name(&outcome.key),
            track: reading.track.as_deref(),
            title: &outcome.title,
            place: self.place_part(&format!("measure.{}", outcome.key.measure)),
            months: outcome.months.iter().map(ToString::to_string).collect(),
            value,
            unit: outcome.unit.word(),
            of_groups: reading.of_groups.as_ref().map(name),
            keys: &reading.measure.group,
            counted: reading.counted.iter().map(|seen| group(reading, seen)).collect(),
            left: reading.left.iter().map(|seen| group(reading, seen)).collect(),
            clauses: reading.clauses.iter().map(|seen| self.clause(seen)).collect(),
            rows: reading.rows.iter().map(row).collect(),
            more_rows: reading.more_rows.iter().map(|(_, more)| more).sum(),
        }
    }

    fn step<'e>(&'e self, of: &'e Step) -> StepPart<'e> {
        StepPart {
            does: of.does.word(),
            result: interval(&of.result, of.unit),
            unit: of.unit.map(Unit::word),
            numbers: of.numbers.iter().map(|(key, value)| (*key, number(value, None))).collect(),
            when: of.when.as_ref().map(|when| self.condition(when)),
            reading: match &of.does {
                Does::Reading(key) => Some(name(key)),
                _ => None,
            },
            unknown: match &of.does {
                Does::Unknown(what) => Some(what),
                _ => None,
            },
            parts: of.parts.iter().map(|part| self.step(part)).collect(),
        }
    }

    fn clause<'e>(&'e self, clause: &'e ClauseExplained) -> ClausePart<'e> {
        let sums = clause.sifted.sums.iter();
        ClausePart {
            table: &clause.table,
            place: self.place_part(&clause.written_in),
            columns: &clause.columns,
            within: clause.within,
            amounts: &clause.amounts,
            months: clause.months.iter().map(ToString::to_string).collect(),
            reached: clause.sifted.reached,
            dropped: clause.sifted.dropped,
            sums: sums.map(|(column, sum)| (column.as_str(), number(sum, None))).collect(),
        }
    }
}

fn group<'e>(reading: &'e ReadingExplained, group: &'e GroupSeen) -> GroupPart<'e> {
    let amounts = reading.measure.amounts.iter().zip(&group.amounts);
    let miss = |miss: &'e Distance| MissPart {
        amount: &miss.amount,
        had: miss.had.as_ref().map(|had| number(had, Some(miss.unit))),
        month: miss.month.map(|month| month.to_string()),
        asks: &miss.asks,
        short: miss.short.as_ref().map(|short| number(short, None)),
        alternative: miss.alternative,
    };
    GroupPart {
        keys: &group.keys,
        amounts: amounts
            .filter_map(|((name, amount), value)| Some((name.as_str(), number(value.as_ref()?, Some(amount.unit)))))
            .collect(),
        misses: group.misses.iter().map(miss).collect(),
    }
}

fn row(row: &RowExplained) -> RowPart<'_> {
    RowPart {
        table: &row.table,
        cells: row.cells.iter().map(|(column, cell)| (column.as_str(), cell.as_str())).collect(),
        times: row.times,
        counts: row.why_not.is_none(),
        amounts: &row.amounts,
        last_day: row.last_day.map(|day| day.to_string()),
        why_not: row.why_not.as_ref().map(|why| why.words.as_str()),
    }
}

fn moved(moved: &Moved) -> MovedPart<'_> {
    MovedPart {
        now: name(&moved.now),
        before: name(&moved.before),
        track: moved.track.as_deref(),
        joined: &moved.joined,
        left: &moved.left,
    }
}

fn name(key: &ReadingKey) -> ReadingName<'_> {
    ReadingName { measure: &key.measure, given: key.given.as_deref(), ago: key.ago }
}

fn interval(interval: &Interval, unit: Option<Unit>) -> IntervalPart {
    let end = |end: &Option<Exact>| end.as_ref().map(|end| number(end, unit));
    IntervalPart { least: end(&interval.least), most: end(&interval.most) }
}

fn number(value: &Exact, unit: Option<Unit>) -> NumberPart {
    if let Some(day) = unit.and_then(|unit| calendar(value, unit)) {
        return NumberPart { value: day, exact: None };
    }
    let Printed { decimal, exact } = value.printed();
    NumberPart { value: decimal, exact }
}
