//! An explanation in words, as an outline: area, metric, award, readings, groups, tests, rows.

use super::{ExplainView, quantity};
use crate::exact::Exact;
use crate::explain::{AreaExplained, ClauseExplained, MetricExplained, Moved, ReadingExplained, RowExplained};
use crate::measure::{Distance, GroupSeen};
use crate::report::amounts::{months, points};
use crate::report::sentence::{needs, title, verdict};
use crate::rules::{Choose, ColumnType, Figure, Interpretation, ReadingKey, Reduce, Unit};
use crate::score::{Checked, Does, ReadingOutcome, Step, Verdict};
use crate::text::counted;
use std::collections::BTreeMap;

/// How many of a list people see, unless they ask for all.
const FEW: usize = 10;

/// How many rows of a group people see.
const FEW_ROWS: usize = 3;

/// How many amounts of a group people see.
const FEW_AMOUNTS: usize = 6;

/// A line, and what stands under it.
pub(in crate::report) struct Item {
    pub(in crate::report) text: String,
    pub(in crate::report) items: Vec<Self>,
}

impl Item {
    fn new(text: impl Into<String>, items: Vec<Self>) -> Self {
        Self { text: text.into(), items }
    }

    fn line(text: impl Into<String>) -> Self {
        Self::new(text, Vec::new())
    }
}

pub(in crate::report) fn outline(view: &ExplainView<'_>) -> Vec<Item> {
    let explanation = view.explanation;
    let words = Words { view, currency: &explanation.rules.edition.currency };
    let areas = explanation.areas.iter().map(|area| {
        let outcome = &area.outcome;
        let place = words.stands(&format!("area.{}", outcome.id));
        let mut items: Vec<Item> = words.tracks(area).into_iter().collect();
        items.extend(needs(outcome).into_iter().zip(&outcome.asked).map(|(need, asked)| {
            let place = words.stands(&format!("condition.{}", asked.key));
            let checked = area.checked(&asked.key);
            let parts = checked.into_iter().flat_map(|checked| &checked.parts);
            // Points are said in full by the line itself.
            let is_more = |part: &&Checked| !part.parts.is_empty() || !need.contains(&part.asks);
            let parts = parts.filter(is_more).map(|part| words.checked(part));
            Item::new(format!("{need}{place}"), parts.collect())
        }));
        items.extend(area.readings.iter().map(|reading| words.reading(reading)));
        items.extend(area.metrics.iter().map(|metric| words.metric(metric)));
        items.extend(words.records(area));
        Item::new(format!("{} · {}: {}{place}", explanation.entity, outcome.title, verdict(outcome)), items)
    });
    areas.collect()
}

struct Words<'a> {
    view: &'a ExplainView<'a>,
    currency: &'a str,
}

impl Words<'_> {
    /// Where a named thing stands and is stated, for the end of a line.
    fn stands(&self, name: &str) -> String {
        let place = self.view.place(name).map(|(file, line)| format!("{file}:{line}"));
        let cite = self.view.cite(name).map(ToOwned::to_owned);
        let said: Vec<String> = place.into_iter().chain(cite).collect();
        if said.is_empty() { String::new() } else { format!("  [{}]", said.join(", ")) }
    }

    fn metric(&self, metric: &MetricExplained) -> Item {
        let outcome = &metric.outcome;
        let paid = match outcome.status.points() {
            Some(paid) => match outcome.status.max_points() {
                Some(most) => format!("{} of {most} points", points(&paid)),
                None => format!("{} points", points(&paid)),
            },
            None => "not applicable".to_owned(),
        };
        let mut items = Vec::new();
        items.extend(metric.derivation.as_ref().map(|step| self.step(step, metric)));
        items.extend(metric.by_track.iter().map(|(track, step)| {
            let place = self.stands(&format!("track.{track}"));
            Item::new(format!("on the track `{track}`: {}{place}", points(&step.result)), vec![self.step(step, metric)])
        }));
        items.extend(outcome.reasons.iter().map(|reason| Item::line(reason.message.as_str())));
        items.extend(metric.readings.iter().map(|reading| self.reading(reading)));
        let moved = metric.moved.iter().filter(|moved| !moved.joined.is_empty() || !moved.left.is_empty());
        items.extend(moved.map(|moved| self.moved(moved, metric)));
        let names: Vec<&str> = self.view.explanation.interpretations(metric).map(|(name, _)| name).collect();
        if !names.is_empty() {
            items.push(Item::line(format!("rests on these readings of unclear sentences: {}", names.join(", "))));
        }
        Item::new(format!("{}: {paid}{}", title(outcome), self.stands(&metric.place)), items)
    }

    /// How unclear sentences were read on which an area rests, each once.
    fn records(&self, area: &AreaExplained) -> Option<Item> {
        let records: BTreeMap<&str, &Interpretation> = self.view.explanation.records(area).collect();
        let records: Vec<Item> = records
            .into_iter()
            .map(|(name, record)| {
                let place = self.stands(&format!("interpretation.{name}"));
                Item::new(
                    format!("{name}{place}"),
                    vec![Item::line(record.question.as_str()), Item::line(record.chosen.as_str())],
                )
            })
            .collect();
        (!records.is_empty()).then(|| Item::new("how unclear sentences were read", records))
    }

    /// What a step comes to, and its parts.
    fn step(&self, step: &Step, metric: &MetricExplained) -> Item {
        let result = match (step.result.value(), step.unit) {
            (Some(value), Some(unit)) => quantity(value, unit, self.currency),
            (Some(value), None) => value.to_string(),
            (None, _) if step.result.least.is_none() && step.result.most.is_none() => "unknown".to_owned(),
            (None, _) => points(&step.result),
        };
        let number = |key: &str| step.number(key).map(Exact::to_string);
        let within: Vec<String> = [("at-least", "at least"), ("at-most", "at most")]
            .into_iter()
            .filter_map(|(key, words)| Some(format!("{words} {}", number(key)?)))
            .collect();
        let within = if within.is_empty() { String::new() } else { format!(", {}", within.join(" and ")) };
        let does = match &step.does {
            Does::Fixed => "fixed points".to_owned(),
            Does::Rate => {
                let per = number("per").unwrap_or_default();
                let per = if per == "1" { "each".to_owned() } else { format!("every {per}") };
                let whole = number("step").map(|step| format!(", in whole steps of {step}")).unwrap_or_default();
                format!("{} for {per}{whole}", number("points").unwrap_or_default())
            }
            Does::Plus => "the sum of".to_owned(),
            Does::Greatest => "the greatest of".to_owned(),
            Does::Least => "the least of".to_owned(),
            Does::Minus => "the first less the second".to_owned(),
            Does::Times => "the product of".to_owned(),
            Does::Ratio => "the first divided by the second".to_owned(),
            Does::PercentChange => "the change of the first from the second".to_owned(),
            Does::Step => format!("whole steps of {}", number("step").unwrap_or_default()),
            Does::Reading(key) => return Item::line(format!("{}: {result}", Self::reading_title(key, metric))),
            Does::Number => return Item::line(result),
            Does::Day => "a day".to_owned(),
            Does::Unknown(what) => format!("not said by the rules: {what}"),
        };
        let mut items = Vec::new();
        if let Some(when) = &step.when {
            let holds = match when.verdict {
                Verdict::Met => "its condition holds",
                Verdict::Unmet => "pays nothing, its condition does not hold",
                Verdict::Undecided => "its condition cannot be decided",
            };
            items.push(Item::new(holds, vec![self.checked(when)]));
        }
        items.extend(step.parts.iter().map(|part| self.step(part, metric)));
        Item::new(format!("{does}{within}: {result}"), items)
    }

    /// A condition, what there is, and what it is made of.
    fn checked(&self, checked: &Checked) -> Item {
        let has = checked.has.as_ref().map(|has| format!(" has {has},")).unwrap_or_default();
        let place = checked.name.as_ref().map(|name| self.stands(&format!("condition.{name}"))).unwrap_or_default();
        let text = format!("{}:{has} {}{place}", checked.asks, checked.verdict.word());
        Item::new(text, checked.parts.iter().map(|part| self.checked(part)).collect())
    }

    /// The tracks of an area, and which of them counts.
    fn tracks(&self, area: &AreaExplained) -> Option<Item> {
        let known = self.view.explanation.rules.areas.get(&area.outcome.id).filter(|_| !area.tracks.is_empty())?;
        let how = match known.choose {
            Choose::First => "the first that somebody is on",
            Choose::BestTotal => "of those that somebody is on the one with the most points",
            Choose::BestAttained => {
                "of those that somebody is on one that is attained, then the one with the most points"
            }
        };
        let items = area.tracks.iter().map(|track| {
            let counts = match track.counts {
                Some(true) => ", which counts",
                Some(false) => "",
                None => ", which may count",
            };
            let title = track.title.as_ref().unwrap_or(&track.name);
            let place = self.stands(&format!("track.{}", track.name));
            let everybody = || Item::line("everybody is on it");
            let when = track.when.as_ref().map_or_else(everybody, |when| self.checked(when));
            Item::new(format!("{title}{counts}{place}"), vec![when])
        });
        let undecided = area.tracks.iter().any(|track| track.counts.is_none());
        let is_certain = |when: &Checked| when.verdict == Verdict::Met;
        let on_any = area.tracks.iter().any(|track| track.when.as_ref().is_none_or(is_certain));
        let undecided = match (undecided, on_any) {
            (false, _) => "",
            (true, true) => "; which of them is undecided, and points lie between what any of them gives",
            (true, false) => {
                "; which of them, if any, is undecided, and points lie between nothing and what any of them gives"
            }
        };
        Some(Item::new(format!("scored on a track: {how}{undecided}"), items.collect()))
    }

    fn reading_title(key: &ReadingKey, metric: &MetricExplained) -> String {
        let known = metric.readings.iter().find(|reading| reading.outcome.key == *key);
        known.map_or_else(|| key.measure.to_string(), in_months)
    }

    fn reading(&self, reading: &ReadingExplained) -> Item {
        let outcome = &reading.outcome;
        let value = match &outcome.figure {
            Figure::Known(value) => quantity(value, outcome.unit, self.currency),
            Figure::Missing => "none".to_owned(),
            Figure::Unknown => "unknown".to_owned(),
        };
        let place = self.stands(&format!("measure.{}", reading.measure.name));
        let mut items = Vec::new();
        if let Some(inner) = &reading.of_groups {
            items.push(Item::line(format!("counts the groups of {}", inner.measure)));
        }
        if !reading.measure.group.is_empty() {
            items.extend(self.groups(reading));
        } else if let Some(group) = reading.counted.first().filter(|_| reading.measure.amounts.len() > 1) {
            items.push(Item::line(self.amounts(reading, group)));
        } else if let Some(group) = reading.left.first() {
            items.push(Item::line(self.group(reading, group)));
        }
        let drops = reading.clauses.iter().filter(|clause| clause.sifted.dropped > 0);
        items.extend(drops.map(|clause| Item::line(self.clause(clause, outcome))));
        items.extend(self.rows(reading));
        let on = on_track(reading.track.as_deref());
        Item::new(format!("{}{on}: {value}{place}", in_months(reading)), items)
    }

    fn groups(&self, reading: &ReadingExplained) -> Vec<Item> {
        let by = reading.measure.group.join(" and ");
        let mut left: Vec<&GroupSeen> = reading.left.iter().collect();
        // The nearest first.
        left.sort_by_key(|group| {
            let short = group.misses.first().and_then(|miss| miss.short.clone());
            (group.misses.len(), short.is_none(), short.map(|short| short.size()))
        });
        let mut items = Vec::new();
        if !reading.counted.is_empty() {
            let counts = reading.counted.iter().map(|group| {
                let rows = self.rows_of(reading, group);
                Item::new(self.group(reading, group), rows)
            });
            items.push(self.few(format!("count, by {by}: {}", reading.counted.len()), counts.collect()));
        }
        if !left.is_empty() {
            let text = format!("do not count, the nearest first: {}", left.len());
            items.push(self.few(text, left.into_iter().map(|group| Item::line(self.group(reading, group))).collect()));
        }
        items
    }

    /// A list, of which people see the beginning.
    fn few(&self, text: String, mut items: Vec<Item>) -> Item {
        let more = items.len().saturating_sub(FEW);
        if more > 1 && !self.view.all {
            items.truncate(FEW);
            let hint = if self.view.travels { "" } else { "; `--all` shows them" };
            items.push(Item::line(format!("and {more} more{hint}")));
        }
        Item::new(text, items)
    }

    fn group(&self, reading: &ReadingExplained, group: &GroupSeen) -> String {
        let keys = group.keys.join(" · ");
        let amounts = self.amounts(reading, group);
        let said = if group.is_kept { amounts } else { self.misses(&group.misses) };
        match (keys.is_empty(), said.is_empty()) {
            (true, _) => said,
            (false, true) => keys,
            (false, false) => format!("{keys}: {said}"),
        }
    }

    /// What a group lacks; of alternatives one would do.
    fn misses(&self, misses: &[Distance]) -> String {
        let mut said = String::new();
        for (at, miss) in misses.iter().enumerate() {
            if let Some(before) = at.checked_sub(1).and_then(|at| misses.get(at)) {
                let is_one_of_both = miss.alternative.is_some() && before.alternative == miss.alternative;
                said.push_str(if is_one_of_both { ", or " } else { "; " });
            }
            said.push_str(&self.miss(miss));
        }
        said
    }

    fn amounts(&self, reading: &ReadingExplained, group: &GroupSeen) -> String {
        let amounts = reading.measure.amounts.iter().zip(&group.amounts).filter_map(|((name, amount), value)| {
            Some(format!("{name} {}", quantity(value.as_ref()?, amount.unit, self.currency)))
        });
        let mut shown: Vec<String> = amounts.collect();
        let more = shown.len().saturating_sub(FEW_AMOUNTS);
        if more > 1 && !self.view.all {
            shown.truncate(FEW_AMOUNTS);
            shown.push(format!("and {more} more"));
        }
        shown.join(", ")
    }

    fn miss(&self, Distance { amount, had, month, unit, asks, short, .. }: &Distance) -> String {
        let had = had.as_ref().map_or_else(|| "missing".to_owned(), |had| quantity(had, *unit, self.currency));
        let distance = short.as_ref().filter(|_| !matches!(unit, Unit::Day | Unit::Month)).map(|short| {
            if short.is_zero() {
                return ", which is the bound itself".to_owned();
            }
            let word = if short.is_positive() { "short" } else { "too much" };
            format!(", {} {word}", quantity(&short.size(), *unit, self.currency))
        });
        let month = month.map(|month| format!(" in {}", months(&[month]))).unwrap_or_default();
        format!("{amount} is {had}{month} and has to be {asks}{}", distance.unwrap_or_default())
    }

    fn clause(&self, clause: &ClauseExplained, of: &ReadingOutcome) -> String {
        let columns: Vec<String> = clause.columns.iter().map(|column| format!("`{column}`")).collect();
        let sifted = &clause.sifted;
        let table = self.view.explanation.rules.tables.get(&clause.table);
        let sum_of = |(column, sum): &(String, Exact)| match table.and_then(|table| table.columns.get(column)) {
            Some(ColumnType::Money) => format!("{column} {}", quantity(sum, Unit::Money, self.currency)),
            _ => format!("{column} {sum}"),
        };
        let sums: Vec<String> = sifted.sums.iter().filter(|(_, sum)| !sum.is_zero()).map(sum_of).collect();
        let sums = if sums.is_empty() { String::new() } else { format!(" with {}", sums.join(" and ")) };
        let place = self.stands(&clause.written_in);
        let amounts: Vec<String> = clause.amounts.iter().map(|name| format!("`{name}`")).collect();
        let amounts = if amounts.is_empty() { String::new() } else { format!(", for {},", amounts.join(" and ")) };
        let is_same = clause.months.is_empty() || *clause.months == *of.months;
        let when = if is_same { String::new() } else { format!(" in {}", months(&clause.months)) };
        format!(
            "{}{amounts}{when} leaves out by {}: {} of {}{sums}{place}",
            clause.written_in,
            columns.join(", "),
            counted(sifted.dropped, "row"),
            sifted.reached
        )
    }

    /// The rows by which a group counts.
    fn rows_of(&self, reading: &ReadingExplained, group: &GroupSeen) -> Vec<Item> {
        let is_asked = self.view.explanation.is_whole;
        let rows = reading
            .rows
            .iter()
            .filter(|row| is_asked && row.why_not.is_none() && row.is_of(&reading.measure.group, &group.keys));
        let mut rows: Vec<Item> = rows.map(|row| Item::line(Self::row(row, &reading.measure.group))).collect();
        let more = rows.len().saturating_sub(FEW_ROWS);
        if more > 1 && !self.view.all {
            rows.truncate(FEW_ROWS);
            rows.push(Item::line(format!("and {more} more")));
        }
        rows
    }

    /// Rows on their own: of the group asked for all, else those that nearly count.
    fn rows(&self, reading: &ReadingExplained) -> Option<Item> {
        let is_group_asked = !self.view.explanation.is_whole;
        let is_told = |row: &&RowExplained| is_group_asked || row.why_not.as_ref().is_some_and(|why| !why.is_unlisted);
        let told: Vec<Item> = reading.rows.iter().filter(is_told).map(|row| Item::line(Self::row(row, &[]))).collect();
        if told.is_empty() {
            return None;
        }
        let counts = reading.rows.iter().any(|row| row.why_not.is_none());
        let text = if is_group_asked && !reading.measure.group.is_empty() && !counts {
            "does not count: none of its rows does"
        } else if is_group_asked {
            "its rows"
        } else {
            "rows that do not count"
        };
        let more: u64 = reading.more_rows.iter().map(|(_, more)| more).sum();
        let more = if more > 0 { format!(", and {more} more that are not shown") } else { String::new() };
        Some(self.few(format!("{text}: {}{more}", told.len()), told))
    }

    /// A row without the cells that the line above it says.
    fn row(row: &RowExplained, said: &[String]) -> String {
        let cells = row.cells.iter().filter(|(column, _)| !said.contains(column));
        let cells: Vec<String> = cells.map(|(column, cell)| format!("{column} {cell}")).collect();
        let times = if row.times > 1 { format!(" ({} times)", row.times) } else { String::new() };
        let amounts: Vec<String> = row.amounts.iter().map(|name| format!("`{name}`")).collect();
        let counts =
            if amounts.is_empty() { "counts".to_owned() } else { format!("counts for {}", amounts.join(" and ")) };
        let fate = row.why_not.as_ref().map_or(counts, |why| format!("does not count: {}", why.words));
        let last = row.last_day.map(|day| format!(", last day {day}")).unwrap_or_default();
        format!("{}{times}: {fate}{last}", cells.join(", "))
    }

    fn moved(&self, moved: &Moved, metric: &MetricExplained) -> Item {
        let list = |word: &str, keys: &[Vec<String>]| {
            let items = keys.iter().map(|keys| Item::line(keys.join(" · "))).collect();
            self.few(format!("{word}: {}", keys.len()), items)
        };
        let of = |key: &ReadingKey| Self::reading_title(key, metric);
        let mut items = Vec::new();
        if !moved.left.is_empty() {
            items.push(list("counted then and no longer do", &moved.left));
        }
        if !moved.joined.is_empty() {
            items.push(list("count now and did not then", &moved.joined));
        }
        let on = on_track(moved.track.as_deref());
        Item::new(format!("{}, against {}{on}", of(&moved.now), of(&moved.before)), items)
    }
}

/// On whose terms something is read, where several tracks can count.
fn on_track(track: Option<&str>) -> String {
    track.map(|track| format!(" on the track `{track}`")).unwrap_or_default()
}

/// A reading in words, with its months.
fn in_months(reading: &ReadingExplained) -> String {
    let outcome = &reading.outcome;
    let how = match reading.measure.reduce {
        Reduce::Mean(_) => "mean of ",
        Reduce::Count | Reduce::Sum(_) | Reduce::Greatest(_) | Reduce::Least(_) => "",
    };
    let on = reading.day.map(|day| format!(" on {day}")).unwrap_or_default();
    let when = if outcome.months.is_empty() { on } else { format!(" in {}", months(&outcome.months)) };
    format!("{how}{}{when}", outcome.title)
}
