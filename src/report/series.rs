//! The scores of several months: for people a line for each month with a sparkline above, for programs as for one day.

use super::amounts::points;
use super::markdown::escaped;
use super::sentence::result;
use super::{Format, csv, json, json_text};
use crate::exact::Exact;
use crate::month::Month;
use crate::parallel;
use crate::rules::{Condition, RuleSet};
use crate::score::{AreaOutcome, Series, SeriesDay};
use crate::text::inert;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the series document.
pub const SERIES_FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    series: Vec<Day<'a>>,
    warnings: Vec<json::Warning<'a>>,
}

/// A day, with the month after which it comes.
#[derive(Serialize)]
struct Day<'a> {
    month: String,
    as_of: String,
    /// None where no edition was in force.
    edition: Option<json::Edition<'a>>,
    /// For each area that looks back how many months it looks at.
    looks_back: BTreeMap<&'a str, u32>,
    entities: Vec<json::Entity<'a>>,
}

/// The series as text, lines of JSON by so many threads; ends with a line end.
#[must_use]
pub fn series(series: &Series, format: Format, threads: usize) -> String {
    match format {
        Format::Table => for_people(series, &TERMINAL),
        Format::Markdown => for_people(series, &MARKDOWN),
        Format::Csv => {
            let mut text = csv::header();
            for day in &series.days {
                let Some(rules) = &day.rules else { continue };
                text.push_str(&csv::rows(rules, day.as_of, &day.entities));
            }
            text
        }
        Format::Jsonl => parallel::map(&series.days, threads, |day| json_text::line(&of_day(day))).concat(),
        Format::Json => {
            let document = Document {
                format_version: SERIES_FORMAT,
                series: series.days.iter().map(of_day).collect(),
                warnings: series.warnings.iter().map(json::warning).collect(),
            };
            json_text::pretty(&document)
        }
    }
}

fn of_day(day: &SeriesDay) -> Day<'_> {
    Day {
        month: month_of(day).to_string(),
        as_of: day.as_of.to_string(),
        edition: day.rules.as_deref().map(json::edition),
        looks_back: day.rules.as_deref().map(looks_back).unwrap_or_default(),
        entities: day.entities.iter().map(json::entity).collect(),
    }
}

/// The month after which a day comes.
fn month_of(day: &SeriesDay) -> Month {
    Month::of(day.as_of).minus(1)
}

/// For each area whose designation looks back over months, over how many.
pub(super) fn looks_back(rules: &RuleSet) -> BTreeMap<&str, u32> {
    let mut all = BTreeMap::new();
    for area in rules.areas.values() {
        for named in &area.attained {
            named.when.parts(&mut |part| {
                if let Condition::Seen(seen) = part {
                    let months = all.entry(area.name.as_str()).or_default();
                    *months = seen.last.saturating_add(seen.ago).max(*months);
                }
            });
        }
    }
    all
}

/// For people: a heading, and for each entity and area a line of marks, a line for each month and what stars mean.
fn for_people(series: &Series, form: &Form) -> String {
    let Some(last) = series.days.last() else { return String::new() };
    let Some(rules) = &last.rules else { return String::new() };
    let window = looks_back(rules);
    let (first, newest) = (series.days.first().map(month_of), month_of(last));
    let first = first.map(|first| first.to_string()).unwrap_or_default();
    let judged = format!("{first} to {newest}, each judged on the first day after the month");
    let mut text = (form.head)(&rules.edition.title, &judged);
    for entity in &last.entities {
        for area in &entity.areas {
            let months = || series.days.iter().map(|day| (day, of(day, &entity.id, &area.id)));
            let line: String = months().map(|(_, area)| mark(area)).collect();
            text.push_str(&(form.title)(&entity.id, &area.title, &line));
            let rows = months().enumerate().map(|(position, (day, area))| {
                let back = u32::try_from(series.days.len() - position - 1).unwrap_or(u32::MAX);
                let is_looked_at = area.and_then(|area| window.get(area.id.as_str())).is_some_and(|last| back < *last);
                row(day, area, is_looked_at)
            });
            text.push_str(&(form.table)(rows.collect()));
            if let Some(months) = window.get(area.id.as_str()) {
                text.push_str(&(form.note)(&format!("* of the last {months} months, which the designation looks at")));
            }
        }
    }
    text
}

/// How each part is written; ends with a line end.
struct Form {
    head: fn(&str, &str) -> String,
    title: fn(&str, &str, &str) -> String,
    table: fn(Vec<[String; 5]>) -> String,
    note: fn(&str) -> String,
}

const COLUMNS: [&str; 5] = ["Month", "Points", "of", "Result", "Edition"];

const TERMINAL: Form = Form {
    head: |title, judged| format!("{title}\n{judged}\n"),
    title: |entity, area, line| format!("\n{} · {area}  {line}\n", inert(entity)),
    table: |rows| {
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(COLUMNS);
        table.add_rows(rows);
        let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
        format!("{}\n", lines.join("\n"))
    },
    note: |note| format!("{note}\n"),
};

const MARKDOWN: Form = Form {
    head: |title, judged| format!("# {}\n\n{judged}\n", escaped(title)),
    title: |entity, area, line| format!("\n## {} · {}\n\n{line}\n\n", escaped(entity), escaped(area)),
    table: |rows| {
        let line = |row: [String; 5]| format!("| {} |\n", row.map(|cell| escaped(&cell)).join(" | "));
        let head = format!("{}|---|---:|---:|---|---|\n", line(COLUMNS.map(str::to_owned)));
        rows.into_iter().map(line).fold(head, |text, line| text + &line)
    },
    note: |note| format!("\n{}\n", escaped(note)),
};

/// An entity's area on a day.
pub(super) fn of<'s>(day: &'s SeriesDay, entity: &str, area: &str) -> Option<&'s AreaOutcome> {
    let entity = day.entities.iter().find(|known| known.id == entity)?;
    entity.areas.iter().find(|known| known.id == area)
}

fn row(day: &SeriesDay, area: Option<&AreaOutcome>, is_looked_at: bool) -> [String; 5] {
    let month = format!("{}{}", month_of(day), if is_looked_at { " *" } else { "" });
    let edition = day.rules.as_ref().map_or_else(|| "none in force".to_owned(), |rules| rules.edition.id.clone());
    let Some(area) = area else { return [month, "–".to_owned(), "–".to_owned(), "not judged".to_owned(), edition] };
    let most = area.max_points.as_ref().map_or_else(|| "–".to_owned(), Exact::to_string);
    let had = area.points.as_ref().map_or_else(|| "–".to_owned(), points);
    [month, had, most, result(area).to_owned(), edition]
}

/// How high the points stand against the most there can be, in eight steps; a dot where nothing was judged or they are
/// not certain.
fn mark(area: Option<&AreaOutcome>) -> char {
    const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let height = || {
        let area = area?;
        let had = area.points.as_ref()?.value()?;
        let of_seven = (had * &Exact::from(7)).over(area.max_points.as_ref()?)?;
        usize::try_from(of_seven.floor_at(0).clamp(0, 7)).ok()
    };
    height().and_then(|height| MARKS.get(height)).copied().unwrap_or('·')
}
