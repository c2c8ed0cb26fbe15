//! For people, on a terminal: each area with its verdict and its metrics; of many entities only the verdicts.

use super::View;
use super::sentence::{details, metric_maximum, metric_points, needs, title, unmet_needs, value, verdict};
use crate::score::{AreaOutcome, EntityOutcome};
use crate::text::inert;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// Up to how many entities every metric is shown.
const DETAILED: usize = 10;

pub(super) fn render(view: &View<'_>) -> String {
    let mut text = head(view);
    if view.entities.len() > DETAILED {
        text.push_str(&summary(view));
        return text;
    }
    for entity in &view.entities {
        text.push_str(&entity_text(entity, &view.outcome.rules.edition.currency));
    }
    text
}

fn head(view: &View<'_>) -> String {
    format!("{}\n{}\n", view.outcome.rules.edition.title, view.judged())
}

fn entity_text(entity: &EntityOutcome, currency: &str) -> String {
    let mut text = String::new();
    for area in &entity.areas {
        text.push_str(&format!("\n{} · {}: {}\n", inert(&entity.id), area.title, verdict(area)));
        for need in needs(area) {
            text.push_str(&format!("  {need}\n"));
        }
        text.push_str(&metrics(area, currency));
        text.push('\n');
    }
    text
}

fn metrics(area: &AreaOutcome, currency: &str) -> String {
    let mut table = plain(&["Metric", "Points", "of", "Value", "What was read"]);
    for metric in &area.metrics {
        table.add_row([
            title(metric),
            metric_points(metric),
            metric_maximum(metric),
            value(metric, currency),
            details(metric, currency).join("\n"),
        ]);
    }
    right(&mut table, &[1, 2, 3]);
    trimmed(&table)
}

fn summary(view: &View<'_>) -> String {
    let mut table = plain(&["Entity", "Area", "Points", "of", "Attained", "What it lacks"]);
    for entity in &view.entities {
        for area in &entity.areas {
            let lacks: Vec<String> = unmet_needs(area);
            let attained = if area.is_attained() { "yes" } else { "no" };
            let points = area.points.as_ref().map_or_else(|| "–".to_owned(), super::amounts::points);
            let row = [
                inert(&entity.id),
                area.title.clone(),
                points,
                area.max_points.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string),
                attained.to_owned(),
                lacks.join("; "),
            ];
            table.add_row(row);
        }
    }
    right(&mut table, &[2, 3]);
    format!("\n{}\n", trimmed(&table))
}

/// Nothing is wrapped or cut: a line that is too long for a terminal is the terminal's to fold.
fn plain(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled).set_header(header);
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
