//! For people, as Markdown: the same words as on the terminal.

use super::View;
use super::sentence::{details, metric_maximum, metric_points, needs, title, value, verdict};
use crate::text::inert;
use std::fmt::Write as _;

pub(super) fn render(view: &View<'_>) -> String {
    let edition = &view.outcome.rules.edition;
    let mut text = format!("# {}\n\n{}\n", edition.title, view.judged());
    for entity in &view.entities {
        let _ = write!(text, "\n## {}\n", escaped(&entity.id));
        for area in &entity.areas {
            let _ = write!(text, "\n### {}: {}\n\n", escaped(&area.title), verdict(area));
            for need in needs(area) {
                let _ = writeln!(text, "- {}", escaped(&need));
            }
            text.push_str("\n| Metric | Points | of | Value | What was read |\n|---|---:|---:|---:|---|\n");
            for metric in &area.metrics {
                let read: Vec<String> =
                    details(metric, &edition.currency).iter().map(|detail| escaped(detail)).collect();
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} |",
                    escaped(&title(metric)),
                    metric_points(metric),
                    metric_maximum(metric),
                    value(metric, &edition.currency),
                    read.join("<br>")
                );
            }
        }
    }
    text
}

/// Text that Markdown and HTML show as it is.
pub(super) fn escaped(text: &str) -> String {
    let text = inert(text);
    // What would begin a list.
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let mark: &[char] = if text.len() == rest.len() { &['-', '+'] } else { &['.', ')'] };
    let behind = rest.strip_prefix(mark);
    let is_list = behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(' '));
    if is_list {
        let (number, rest) = text.split_at(text.len() - rest.len());
        return format!("{number}\\{}", escaped_inside(rest));
    }
    escaped_inside(&text)
}

fn escaped_inside(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' | '{' => out.extend(['\\', c]),
            // Where some would make a link of it.
            '@' => out.push_str("&#64;"),
            '/' if out.ends_with(':') => out.push_str("&#47;"),
            '.' if out.ends_with("www") => out.push_str("&#46;"),
            _ => out.push(c),
        }
        out
    })
}
