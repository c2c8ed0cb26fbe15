//! The scores of several days as one long table, a row for each figure: for programs that filter and pivot.

use super::dossier::DossierView;
use super::dossier::measures::{keys, readings, size};
use super::sentence::result;
use super::sheet::{Cell, Kind, Sheet, columnar, delimited};
use crate::exact::Exact;
use crate::rules::{Figure, RuleSet};
use crate::score::{AreaOutcome, EntityOutcome, Interval, MetricOutcome, ReadingOutcome, Series};
use crate::text::inert;
use chrono::NaiveDate;

const COLUMNS: [(&str, Kind); 20] = [
    ("program", Kind::Text),
    ("edition", Kind::Text),
    ("in_force", Kind::Truth),
    ("as_of", Kind::Day),
    ("entity", Kind::Text),
    ("kind", Kind::Text),
    ("area", Kind::Text),
    ("metric", Kind::Text),
    ("category", Kind::Text),
    ("measure", Kind::Text),
    ("given", Kind::Text),
    ("ago", Kind::Number),
    ("track", Kind::Text),
    ("from_month", Kind::Text),
    ("to_month", Kind::Text),
    ("group", Kind::Text),
    ("figure", Kind::Text),
    ("value", Kind::Number),
    ("unit", Kind::Text),
    ("said", Kind::Text),
];

/// The long table as CSV.
#[must_use]
pub fn long_csv(series: &Series, view: Option<&DossierView<'_>>) -> String {
    delimited::write(&sheet(series, view))
}

/// The long table as a Parquet file.
///
/// # Errors
///
/// What the file cannot hold, in words.
pub fn long_parquet(series: &Series, view: Option<&DossierView<'_>>) -> Result<Vec<u8>, String> {
    columnar::write(&sheet(series, view))
}

/// What a row is about; what does not apply is blank.
#[derive(Clone, Default)]
struct About<'a> {
    kind: &'static str,
    area: &'a str,
    metric: &'a str,
    category: &'a str,
    reading: Option<&'a ReadingOutcome>,
    track: &'a str,
    group: String,
}

struct Rows<'a> {
    rules: &'a RuleSet,
    as_of: NaiveDate,
    entity: &'a str,
    sheet: &'a mut Sheet,
}

/// The figures of every day, and where one entity is explained those of its groups on the day judged.
fn sheet(series: &Series, view: Option<&DossierView<'_>>) -> Sheet {
    let mut sheet = Sheet::new("figures", &COLUMNS);
    for day in &series.days {
        let Some(rules) = &day.rules else { continue };
        for entity in &day.entities {
            let mut rows = Rows { rules, as_of: day.as_of, entity: &entity.id, sheet: &mut sheet };
            rows.entity(entity);
        }
    }
    if let Some(view) = view {
        let explanation = &view.dossier.explanation;
        let mut rows = Rows {
            rules: &explanation.rules,
            as_of: explanation.as_of,
            entity: &explanation.entity,
            sheet: &mut sheet,
        };
        rows.groups(view);
    }
    sheet
}

impl Rows<'_> {
    fn put(&mut self, about: &About<'_>, (figure, value, unit): (&str, Option<&Exact>, &str), said: &str) {
        let reading = about.reading;
        let month =
            |month: Option<&crate::month::Month>| Cell::text(month.map(ToString::to_string).unwrap_or_default());
        let edition = &self.rules.edition;
        self.sheet.rows.push(vec![
            Cell::text(edition.program.as_str()),
            Cell::text(edition.id.as_str()),
            Cell::Truth(edition.from <= self.as_of),
            Cell::Day(self.as_of),
            Cell::text(inert(self.entity)),
            Cell::text(about.kind),
            Cell::text(about.area),
            Cell::text(about.metric),
            Cell::text(about.category),
            Cell::text(reading.map(|reading| &*reading.key.measure).unwrap_or_default()),
            Cell::text(reading.and_then(|reading| reading.key.given.as_deref()).unwrap_or_default()),
            Cell::number(reading.map(|reading| Exact::scaled(i128::from(reading.key.ago), 0)).as_ref()),
            Cell::text(about.track),
            month(reading.and_then(|reading| reading.months.first())),
            month(reading.and_then(|reading| reading.months.last())),
            Cell::text(about.group.as_str()),
            Cell::text(figure),
            Cell::number(value),
            Cell::text(unit),
            Cell::text(said),
        ]);
    }

    fn points(&mut self, about: &About<'_>, points: Option<&Interval>, most: Option<&Exact>, said: &str) {
        let end = |end: fn(&Interval) -> &Option<Exact>| points.and_then(|points| end(points).as_ref());
        self.put(about, ("points", end(|points| &points.least), "points"), said);
        self.put(about, ("points-at-most", end(|points| &points.most), "points"), said);
        self.put(about, ("max-points", most, "points"), said);
    }

    fn entity(&mut self, entity: &EntityOutcome) {
        for area in &entity.areas {
            let about = About { kind: "area", area: &area.id, ..About::default() };
            self.points(&about, area.points.as_ref(), area.max_points.as_ref(), result(area));
            for metric in &area.metrics {
                self.metric(area, metric);
            }
        }
    }

    fn metric(&mut self, area: &AreaOutcome, metric: &MetricOutcome) {
        let about = About {
            kind: "metric",
            area: &area.id,
            metric: &metric.metric.name,
            category: &metric.metric.category,
            track: area.track.as_ref().map(|(name, _)| name.as_str()).unwrap_or_default(),
            ..About::default()
        };
        let status = metric.status.word();
        self.points(&about, metric.status.points().as_ref(), metric.status.max_points(), status);
        let value = metric.value.as_ref();
        let unit = value.map(|(_, unit)| unit.word()).unwrap_or_default();
        self.put(&about, ("value", value.map(|(value, _)| value), unit), status);
        for reading in &metric.readings {
            let about = About { kind: "reading", reading: Some(reading), ..about.clone() };
            let (value, said) = match &reading.figure {
                Figure::Known(value) => (Some(value), ""),
                Figure::Missing => (None, "none"),
                Figure::Unknown => (None, "unknown"),
            };
            self.put(&about, ("value", value, reading.unit.word()), said);
        }
    }

    /// The groups of every reading, each once: several metrics can read the same.
    fn groups(&mut self, view: &DossierView<'_>) {
        for (track, read, _) in readings(view).into_iter().filter(|(_, read, _)| !read.measure.group.is_empty()) {
            for group in read.counted.iter().chain(&read.left) {
                let group_keys = keys(&group.keys);
                let about = About {
                    kind: "group",
                    reading: Some(&read.outcome),
                    track: track.unwrap_or_default(),
                    group: group_keys,
                    ..About::default()
                };
                let said = if group.is_kept { "counts" } else { "does not count" };
                for ((name, amount), value) in read.measure.amounts.iter().zip(&group.amounts) {
                    self.put(&about, (name, value.as_ref(), amount.unit.word()), said);
                }
                if read.measure.amounts.is_empty() {
                    self.put(&about, ("is there", None, ""), said);
                }
                for bound in group.misses.iter().chain(&group.margins) {
                    let figure = format!("{} to its bound", bound.amount);
                    self.put(&about, (&figure, size(bound).as_ref(), bound.unit.word()), said);
                }
            }
        }
    }
}
