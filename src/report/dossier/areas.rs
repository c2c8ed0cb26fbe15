//! Areas: points against what is asked for, the months before, and what changed since.

use super::DossierView;
use super::chart::{self, Scale, WIDTH, bar, decimal, line};
use super::document::{
    AreaPart, BarPart, ChangePart, DayPart, HistoryPart, MetricPart, NeedPart, OutlinePart, StepPart,
};
use crate::exact::Exact;
use crate::explain::AreaExplained;
use crate::report::amounts::points;
use crate::report::explain::outline;
use crate::report::sentence::{details, metric_maximum, metric_points, needs, result, title, value, verdict};
use crate::report::series::{looks_back, of};
use crate::run::HISTORY_MONTHS;
use crate::score::{AreaOutcome, MetricOutcome, SeriesDay};
use crate::text::inert;

/// How high a step of a change is drawn.
const STEP: u64 = 34;

pub(super) fn of_view(view: &DossierView<'_>) -> Vec<AreaPart> {
    let explanation = &view.dossier.explanation;
    let currency = &explanation.rules.edition.currency;
    let outlines = outline(&view.explain());
    let areas = explanation.areas.iter().zip(&outlines).map(|(AreaExplained { outcome, .. }, outline)| AreaPart {
        id: outcome.id.clone(),
        title: inert(&outcome.title),
        sentence: inert(&verdict(outcome)),
        points: outcome.points.as_ref().map(points),
        max_points: outcome.max_points.as_ref().map(Exact::to_string),
        track: outcome.track.as_ref().map(|(name, title)| inert(title.as_ref().unwrap_or(name))),
        asked_points: asked(outcome).map(ToString::to_string),
        result: result(outcome),
        needs: needs(outcome)
            .iter()
            .zip(&outcome.asked)
            .map(|(text, asked)| NeedPart { text: inert(text), verdict: asked.verdict.word() })
            .collect(),
        bar: area_bar(outcome),
        metrics: outcome.metrics.iter().map(|metric| metric_part(metric, currency)).collect(),
        history: history(view, outcome),
        changes: [(1, "since the month before"), (HISTORY_MONTHS, "since the year before")]
            .into_iter()
            .filter_map(|(back, title)| changes(view, outcome, back, title))
            .collect(),
        outline: outline.items.iter().map(OutlinePart::from).collect(),
    });
    areas.collect()
}

/// How many points are asked for in all, where any are.
pub(super) fn asked(area: &AreaOutcome) -> Option<&Exact> {
    let sums = area.asked.iter().filter(|asked| asked.is_total).filter_map(|asked| asked.points.as_ref());
    sums.map(|(asked, _)| asked).max()
}

fn area_bar(area: &AreaOutcome) -> Option<BarPart> {
    let asked = asked(area);
    let of = asked.map(|asked| format!(", {asked} asked for")).unwrap_or_default();
    let (had, most) = (area.points.as_ref()?, area.max_points.as_ref()?);
    bar(had, most, asked, format!("{} of {most} points{of}", points(had)))
}

fn metric_part(metric: &MetricOutcome, currency: &str) -> MetricPart {
    let bar = || {
        let (had, most) = (metric.status.points()?, metric.status.max_points()?);
        bar(&had, most, None, format!("{} of {most} points", points(&had)))
    };
    MetricPart {
        id: metric.metric.name.clone(),
        title: inert(&title(metric)),
        category: metric.metric.category.clone(),
        status: metric.status.word(),
        points: metric_points(metric),
        max_points: metric_maximum(metric),
        value: value(metric, currency),
        details: details(metric, currency).iter().map(|detail| inert(detail)).collect(),
        bar: bar(),
    }
}

fn history(view: &DossierView<'_>, now: &AreaOutcome) -> HistoryPart {
    let dossier = view.dossier;
    let window = looks_back(&dossier.explanation.rules).get(now.id.as_str()).copied();
    let days = &dossier.history.days;
    let area_on = |day: &'_ SeriesDay| of(day, &dossier.explanation.entity, &now.id).cloned();
    let areas: Vec<Option<AreaOutcome>> = days.iter().map(area_on).collect();
    let told = days.iter().zip(&areas).enumerate().map(|(at, (day, area))| {
        let back = u32::try_from(days.len() - at - 1).unwrap_or(u32::MAX);
        let had = area.as_ref().and_then(|area| area.points.as_ref());
        let most = area.as_ref().and_then(|area| area.max_points.as_ref());
        DayPart {
            as_of: day.as_of.to_string(),
            edition: day.rules.as_ref().map(|rules| rules.edition.id.clone()),
            in_force: is_in_force(day),
            points: had.map_or_else(|| "–".to_owned(), points),
            max_points: most.map_or_else(|| "–".to_owned(), ToString::to_string),
            result: area.as_ref().map_or("not judged", |area| said(result(area), is_in_force(day))),
            looked_at: window.is_some_and(|window| back < window),
        }
    });
    let told: Vec<DayPart> = told.collect();
    let had = areas.iter().map(|area| area.as_ref().and_then(|area| area.points.clone()));
    let dots: Vec<chart::Dot> = days.iter().map(|day| day.as_of.to_string()).zip(had).collect();
    let words = told.iter().map(|day| format!("{}: {}", day.as_of, day.points)).collect::<Vec<_>>().join("; ");
    HistoryPart {
        looks_back: window,
        chart: line(&dots, now.max_points.as_ref(), asked(now), format!("points by day judged. {words}")),
        days: told,
    }
}

/// A result, in the words for a day on which the edition was not yet in force.
const fn said(result: &'static str, is_in_force: bool) -> &'static str {
    match result.as_bytes() {
        b"attained" if !is_in_force => "would be attained",
        b"not attained" if !is_in_force => "would not be attained",
        _ => result,
    }
}

/// Whether the edition by which a day was judged had begun.
pub(super) fn is_in_force(day: &SeriesDay) -> bool {
    day.rules.as_ref().is_some_and(|rules| rules.edition.from <= day.as_of)
}

/// What changed since the same day so many months before; none where the history does not reach back to
/// it, or the area has no points.
fn changes(view: &DossierView<'_>, now: &AreaOutcome, back: u32, title: &'static str) -> Option<ChangePart> {
    let dossier = view.dossier;
    let days = &dossier.history.days;
    let then = days.get(days.len().checked_sub(usize::try_from(back).ok()? + 1)?)?;
    let edition = then.rules.as_ref().map(|rules| rules.edition.id.clone());
    let part = |sentence: String, steps: Vec<StepPart>| {
        let height = u64::try_from(steps.len()).unwrap_or(0) * STEP;
        Some(ChangePart {
            title,
            since: then.as_of.to_string(),
            edition: edition.clone(),
            in_force: is_in_force(then),
            sentence,
            steps,
            height,
        })
    };
    let Some(before) = of(then, &dossier.explanation.entity, &now.id) else {
        let why = if then.rules.is_none() { "no edition was in force" } else { "the edition did not have the area" };
        return part(format!("nothing was judged on that day: {why}"), Vec::new());
    };
    let (Some(had), Some(has)) = (&before.points, &now.points) else { return None };
    let (Some(from), Some(to)) = (had.value(), has.value()) else {
        let then_and_now = format!("{} points then and {} now", points(had), points(has));
        let each = each(before, now).join("; ");
        let sentence = format!("cannot be drawn, since not all is certain: {then_and_now}. Metric by metric: {each}");
        return part(sentence, Vec::new());
    };
    part(format!("from {from} to {to} points"), steps(&parts(before, now, from, to), from, to))
}

/// Each metric then and now.
fn each(before: &AreaOutcome, now: &AreaOutcome) -> Vec<String> {
    let then = |name: &str| before.metrics.iter().find(|metric| metric.metric.name == name);
    let line = |metric: &MetricOutcome| {
        let had = then(&metric.metric.name).map_or_else(|| "–".to_owned(), metric_points);
        format!("{} {had} then, {} now", inert(&title(metric)), metric_points(metric))
    };
    now.metrics.iter().map(line).collect()
}

/// By how much each metric changed, and what else did; together they are the whole change.
fn parts(before: &AreaOutcome, now: &AreaOutcome, from: &Exact, to: &Exact) -> Vec<(String, Exact)> {
    let value = |metric: &MetricOutcome| metric.status.points().and_then(|points| points.value().cloned());
    let find = |area: &'_ AreaOutcome, name: &str| {
        area.metrics.iter().find(|metric| metric.metric.name == name).and_then(value)
    };
    let mut all: Vec<(String, Exact)> = Vec::new();
    for metric in &now.metrics {
        let (had, has) = (find(before, &metric.metric.name), value(metric));
        if had.is_none() && has.is_none() {
            continue;
        }
        let change = &has.unwrap_or_else(Exact::zero) - &had.unwrap_or_else(Exact::zero);
        all.push((inert(&title(metric)), change));
    }
    for metric in &before.metrics {
        if now.metrics.iter().any(|known| known.metric.name == metric.metric.name) {
            continue;
        }
        if let Some(had) = value(metric) {
            all.push((format!("{} (no longer asked)", inert(&title(metric))), -&had));
        }
    }
    let told = all.iter().fold(Exact::zero(), |sum, (_, change)| &sum + change);
    let rest = &(to - from) - &told;
    if !rest.is_zero() {
        all.push(("metrics that are not certain".to_owned(), rest));
    }
    all
}

fn steps(parts: &[(String, Exact)], from: &Exact, to: &Exact) -> Vec<StepPart> {
    let mut stands = vec![from.clone()];
    for (_, change) in parts {
        let last = stands.last().unwrap_or(from);
        stands.push(last + change);
    }
    let scale = Scale::over(stands.iter().chain([to]));
    let place = |one: &Exact, other: &Exact| {
        let (one, other) = (scale.tenths(one, WIDTH), scale.tenths(other, WIDTH));
        // A bar of no width would not be seen.
        (decimal(one.min(other)), decimal((one - other).abs().max(10)))
    };
    let zero = Exact::zero();
    let step = |title: String, change: String, after: &Exact, kind, (x, width)| StepPart {
        title,
        change,
        after: after.to_string(),
        kind,
        x,
        width,
        y: 0,
    };
    let mut all = vec![step("points then".to_owned(), from.to_string(), from, "start", place(&zero, from))];
    for ((title, change), pair) in parts.iter().zip(stands.windows(2)) {
        let [before, after] = pair else { continue };
        let kind = if change.is_zero() {
            "same"
        } else if change.is_positive() {
            "up"
        } else {
            "down"
        };
        all.push(step(title.clone(), signed(change), after, kind, place(before, after)));
    }
    all.push(step("points now".to_owned(), to.to_string(), to, "end", place(&zero, to)));
    for (y, step) in (0_u64..).zip(&mut all) {
        step.y = y * STEP;
    }
    all
}

/// `+10`, `−4`, `0`.
fn signed(change: &Exact) -> String {
    if change.is_positive() {
        format!("+{change}")
    } else if change.is_zero() {
        "0".to_owned()
    } else {
        format!("−{}", change.size())
    }
}
