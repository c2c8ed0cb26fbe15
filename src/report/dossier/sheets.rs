//! A report as tables: one for each kind of thing, and one long table for programs that pivot.

use super::DossierView;
use super::areas::{asked, is_in_force};
use super::document::SaidPart;
use super::measures::{Read, cell, columns, facts, keys, readings, size};
use crate::exact::Exact;
use crate::explain::ReadingExplained;
use crate::measure::Distance;
use crate::report::sentence::{result, title, unmet_needs};
use crate::report::sheet::{Cell, Kind, Sheet};
use crate::rules::{ColumnType, Figure};
use crate::score::{AreaOutcome, Interval};
use crate::text::inert;

/// Every table of a workbook.
pub(super) fn of(view: &DossierView<'_>) -> Vec<Sheet> {
    let mut all = vec![areas(view), metrics(view), months(view), measures(view), groups(view)];
    all.extend(rows(view));
    all.extend([warnings(view), data(view), method(view)]);
    all
}

fn least(points: Option<&Interval>) -> Cell {
    Cell::number(points.and_then(|points| points.least.as_ref()))
}

fn most(points: Option<&Interval>) -> Cell {
    Cell::number(points.and_then(|points| points.most.as_ref()))
}

fn areas(view: &DossierView<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        "areas",
        &[
            ("area", Kind::Text),
            ("title", Kind::Text),
            ("track", Kind::Text),
            ("points", Kind::Number),
            ("points at most", Kind::Number),
            ("of", Kind::Number),
            ("asked for", Kind::Number),
            ("result", Kind::Text),
            ("missing", Kind::Text),
        ],
    );
    for area in view.dossier.explanation.areas.iter().map(|area| &area.outcome) {
        sheet.rows.push(vec![
            Cell::text(area.id.as_str()),
            Cell::text(inert(&area.title)),
            Cell::text(area.track.as_ref().map(|(track, _)| track.as_str()).unwrap_or_default()),
            least(area.points.as_ref()),
            most(area.points.as_ref()),
            Cell::number(area.max_points.as_ref()),
            Cell::number(asked(area)),
            Cell::text(result(area)),
            Cell::text(inert(&unmet_needs(area).join("; "))),
        ]);
    }
    sheet
}

fn metrics(view: &DossierView<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        "metrics",
        &[
            ("area", Kind::Text),
            ("metric", Kind::Text),
            ("title", Kind::Text),
            ("category", Kind::Text),
            ("status", Kind::Text),
            ("points", Kind::Number),
            ("points at most", Kind::Number),
            ("of", Kind::Number),
            ("value", Kind::Number),
            ("unit", Kind::Text),
            ("reasons", Kind::Text),
        ],
    );
    for area in view.dossier.explanation.areas.iter().map(|area| &area.outcome) {
        for metric in &area.metrics {
            let points = metric.status.points();
            let reasons: Vec<&str> = metric.reasons.iter().map(|reason| reason.message.as_str()).collect();
            sheet.rows.push(vec![
                Cell::text(area.id.as_str()),
                Cell::text(metric.metric.name.as_str()),
                Cell::text(inert(&title(metric))),
                Cell::text(metric.metric.category.as_str()),
                Cell::text(metric.status.word()),
                least(points.as_ref()),
                most(points.as_ref()),
                Cell::number(metric.status.max_points()),
                Cell::number(metric.value.as_ref().map(|(value, _)| value)),
                Cell::text(metric.value.as_ref().map(|(_, unit)| unit.word()).unwrap_or_default()),
                Cell::text(inert(&reasons.join("; "))),
            ]);
        }
    }
    sheet
}

/// The days of the history: a row for each area, and one for each of its metrics.
fn months(view: &DossierView<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        "months",
        &[
            ("judged on", Kind::Day),
            ("edition", Kind::Text),
            ("in force", Kind::Truth),
            ("area", Kind::Text),
            ("metric", Kind::Text),
            ("points", Kind::Number),
            ("points at most", Kind::Number),
            ("of", Kind::Number),
            ("result", Kind::Text),
        ],
    );
    for day in &view.dossier.history.days {
        let edition = day.rules.as_ref().map(|rules| rules.edition.id.as_str()).unwrap_or_default();
        let head = |area: &AreaOutcome, metric: &str| {
            vec![
                Cell::Day(day.as_of),
                Cell::text(edition),
                Cell::Truth(is_in_force(day)),
                Cell::text(area.id.as_str()),
                Cell::text(metric),
            ]
        };
        for area in day.entities.iter().flat_map(|entity| &entity.areas) {
            let points = area.points.as_ref();
            let mut row = head(area, "");
            row.extend([least(points), most(points), Cell::number(area.max_points.as_ref()), Cell::text(result(area))]);
            sheet.rows.push(row);
            for metric in &area.metrics {
                let points = metric.status.points();
                let mut row = head(area, &metric.metric.name);
                row.extend([least(points.as_ref()), most(points.as_ref())]);
                row.extend([Cell::number(metric.status.max_points()), Cell::text(metric.status.word())]);
                sheet.rows.push(row);
            }
        }
    }
    sheet
}

/// Which reading, for every table about readings.
const READING: [(&str, Kind); 4] =
    [("measure", Kind::Text), ("given", Kind::Text), ("ago", Kind::Number), ("track", Kind::Text)];

fn reading(track: Option<&str>, reading: &ReadingExplained) -> Vec<Cell> {
    let key = &reading.outcome.key;
    vec![
        Cell::text(&*key.measure),
        Cell::text(key.given.as_deref().unwrap_or_default()),
        Cell::Number(Exact::scaled(i128::from(key.ago), 0)),
        Cell::text(track.unwrap_or_default()),
    ]
}

fn value(reading: &ReadingExplained) -> Option<&Exact> {
    match &reading.outcome.figure {
        Figure::Known(value) => Some(value),
        Figure::Missing | Figure::Unknown => None,
    }
}

fn measures(view: &DossierView<'_>) -> Sheet {
    let own = [
        ("title", Kind::Text),
        ("from", Kind::Text),
        ("to", Kind::Text),
        ("value", Kind::Number),
        ("unit", Kind::Text),
        ("groups that count", Kind::Number),
        ("groups that do not", Kind::Number),
    ];
    let mut sheet = Sheet::new("measures", &[READING.as_slice(), own.as_slice()].concat());
    for (track, read, _) in readings(view) {
        let outcome = &read.outcome;
        let month =
            |month: Option<&crate::month::Month>| Cell::text(month.map(ToString::to_string).unwrap_or_default());
        let groups = |count: usize| if read.measure.group.is_empty() { Cell::Blank } else { Cell::count(count) };
        let mut row = reading(track, read);
        row.extend([
            Cell::text(inert(&outcome.title)),
            month(outcome.months.first()),
            month(outcome.months.last()),
            Cell::number(value(read)),
            Cell::text(outcome.unit.word()),
            groups(read.counted.len()),
            groups(read.left.len()),
        ]);
        sheet.rows.push(row);
    }
    sheet
}

/// Every group with each of its amounts: a row for each bound of it that decides on the group, with how far it is from it,
/// or one where there is none.
fn groups(view: &DossierView<'_>) -> Sheet {
    let own = [
        ("group", Kind::Text),
        ("counts", Kind::Truth),
        ("amount", Kind::Text),
        ("value", Kind::Number),
        ("unit", Kind::Text),
        ("of month", Kind::Text),
        ("asked for", Kind::Text),
        ("distance", Kind::Number),
    ];
    let mut sheet = Sheet::new("groups", &[READING.as_slice(), own.as_slice()].concat());
    let grouped = |(_, read, _): &Read<'_>| !read.measure.group.is_empty();
    for (track, read, _) in readings(view).into_iter().filter(grouped) {
        for group in read.counted.iter().chain(&read.left) {
            let head = || {
                let mut row = reading(track, read);
                row.extend([Cell::text(keys(&group.keys)), Cell::Truth(group.is_kept)]);
                row
            };
            for ((name, amount), value) in read.measure.amounts.iter().zip(&group.amounts) {
                let bounds = group.misses.iter().chain(&group.margins).filter(|bound| bound.amount == *name);
                let mut bounds: Vec<Option<&Distance>> = bounds.map(Some).collect();
                if bounds.is_empty() {
                    bounds.push(None);
                }
                for bound in bounds {
                    let mut row = head();
                    row.extend([
                        Cell::text(name.as_str()),
                        Cell::number(value.as_ref()),
                        Cell::text(amount.unit.word()),
                        bound.and_then(|bound| bound.month).map_or(Cell::Blank, |month| Cell::text(month.to_string())),
                        Cell::text(bound.map(|bound| bound.asks.as_str()).unwrap_or_default()),
                        Cell::number(bound.and_then(size).as_ref()),
                    ]);
                    sheet.rows.push(row);
                }
            }
            if read.measure.amounts.is_empty() {
                let mut row = head();
                row.extend([const { Cell::Blank }; 6]);
                sheet.rows.push(row);
            }
        }
    }
    sheet
}

/// A table for each table without months whose rows count for something.
fn rows(view: &DossierView<'_>) -> Vec<Sheet> {
    let as_of = view.dossier.explanation.as_of;
    let own = [
        ("counts for", Kind::Text),
        ("does not count", Kind::Text),
        ("last day", Kind::Day),
        ("days left", Kind::Number),
        ("rows", Kind::Number),
    ];
    let sheet = |(table, (facts, _)): (&str, (Vec<super::measures::Fact<'_>>, u64))| {
        let names = columns(view, &facts);
        let kind = |column: &String| {
            let is_day = |text: &str| text.is_empty() || text.parse::<chrono::NaiveDate>().is_ok();
            match view.dossier.explanation.rules.tables.get(table).and_then(|table| table.columns.get(column)) {
                Some(ColumnType::Money | ColumnType::Count) => Kind::Number,
                _ if facts.iter().all(|fact| is_day(cell(fact, column))) => Kind::Day,
                _ => Kind::Text,
            }
        };
        // A column of the table may have the name of one of ours.
        let name = |column: &String| {
            if own.iter().any(|(name, _)| name == column) { format!("{column} (table)") } else { column.clone() }
        };
        let mut columns: Vec<(String, Kind)> = names.iter().map(|column| (name(column), kind(column))).collect();
        let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
        columns.extend(own.iter().map(|(name, kind)| ((*name).to_owned(), *kind)));
        let rows = facts.iter().map(|fact| {
            let cells = names.iter().zip(&kinds).map(|(column, kind)| match kind {
                Kind::Day => Cell::day(cell(fact, column).parse().ok()),
                Kind::Number if is_long(cell(fact, column)) => Cell::text(cell(fact, column)),
                Kind::Number => Cell::number(Exact::parse(cell(fact, column)).as_ref()),
                Kind::Text | Kind::Truth => Cell::text(inert(cell(fact, column))),
            });
            let why_not = fact.why_not.as_ref().filter(|_| fact.counts_for.is_empty());
            let days = fact.last_day.map(|day| Exact::scaled(i128::from((day - as_of).num_days()), 0));
            let own = [
                Cell::text(fact.counts_for.join("; ")),
                Cell::text(why_not.map(String::as_str).unwrap_or_default()),
                Cell::day(fact.last_day),
                Cell::number(days.as_ref()),
                Cell::Number(Exact::scaled(i128::from(fact.times), 0)),
            ];
            cells.chain(own).collect()
        });
        Sheet { name: format!("rows-of-{table}"), columns, rows: rows.collect() }
    };
    facts(view).into_iter().map(sheet).collect()
}

/// Whether a number has more digits than a cell keeps.
fn is_long(number: &str) -> bool {
    number.bytes().filter(u8::is_ascii_digit).count() > 15
}

fn warnings(view: &DossierView<'_>) -> Sheet {
    let mut sheet = Sheet::new("warnings", &[("code", Kind::Text), ("message", Kind::Text)]);
    for warning in super::method::warnings(view) {
        sheet.rows.push(vec![Cell::text(warning.code), Cell::text(warning.message)]);
    }
    sheet
}

fn data(view: &DossierView<'_>) -> Sheet {
    let columns = [("section", Kind::Text), ("of", Kind::Text), ("what", Kind::Text)];
    let mut sheet = Sheet::new("data", &columns);
    for section in super::method::data(view) {
        said(&section.title, "", &section.lines, &mut sheet);
    }
    sheet
}

fn said(section: &str, above: &str, lines: &[SaidPart], sheet: &mut Sheet) {
    for line in lines {
        let of = if line.of.is_empty() { above } else { &line.of };
        sheet.rows.push(vec![Cell::text(section), Cell::text(of), Cell::text(line.what.as_str())]);
        said(section, of, &line.under, sheet);
    }
}

fn method(view: &DossierView<'_>) -> Sheet {
    let mut sheet = Sheet::new("method", &[("what", Kind::Text), ("is", Kind::Text), ("more", Kind::Text)]);
    let explanation = &view.dossier.explanation;
    let edition = &explanation.rules.edition;
    let mut put = |what: &str, is: &str, more: &str| {
        sheet.rows.push(vec![Cell::text(what), Cell::text(inert(is)), Cell::text(inert(more))]);
    };
    put("entity", &explanation.entity, "");
    put("program", &edition.program, &edition.title);
    put("edition", &edition.id, &explanation.rules.file);
    put(
        "judged on",
        &explanation.as_of.to_string(),
        if view.as_of_from_data { "the first day after the newest month of the data" } else { "" },
    );
    put("known by", &view.known_by.map(|day| day.to_string()).unwrap_or_default(), "");
    put("currency", &edition.currency, "");
    put("computed by", concat!("pcs-rules ", env!("CARGO_PKG_VERSION")), "");
    put("numbers", "a cell keeps some 15 digits", "the exact numbers stand in the JSON of the score");
    for (table, (_, unseen)) in facts(view) {
        if unseen > 0 {
            put("rows left out", table, &format!("{unseen} more rows were not looked at one by one"));
        }
    }
    let method = super::method::of(view);
    for file in method.texts {
        put("text read", &file.file, &file.sha256);
    }
    for file in method.data {
        put("data read", &file.file, &file.sha256);
    }
    for record in method.interpretations {
        put("interpretation", &record.id, &format!("{} {}", record.question, record.chosen));
    }
    sheet
}
