//! Documents through templates: two are shipped, and anybody can write their own.

use super::document::ReportDocument;
use crate::report::markdown::escaped;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, escape_formatter};

/// What a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// One HTML file that fetches nothing.
    Html,
    /// Markdown.
    Markdown,
}

/// Why somebody's own template does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFails {
    /// The line, where one is known.
    pub line: Option<usize>,
    /// In words.
    pub message: String,
}

/// How much a template may do: a hundred times what the shipped ones need for a full report, and a second or so.
const FUEL: u64 = 100_000_000;

/// The text of a template that is shipped.
#[must_use]
pub const fn shipped(page: Page) -> &'static str {
    match page {
        Page::Html => include_str!("report.html.jinja"),
        Page::Markdown => include_str!("report.md.jinja"),
    }
}

/// The document through a template. Whatever stands in the data is text in the result: escaping is the environment's, not
/// the template's.
pub(super) fn render(document: &ReportDocument, page: Page, own: Option<&str>) -> Result<String, TemplateFails> {
    let fails = |error: minijinja::Error| {
        let more = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
        TemplateFails { line: error.line(), message: format!("{}{more}", error.kind()) }
    };
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.map_err(fails)?);
    environment.set_auto_escape_callback(move |_| match page {
        Page::Html => AutoEscape::Html,
        Page::Markdown => AutoEscape::Custom("markdown".into()),
    });
    environment.set_formatter(|out, state, value: &Value| {
        let is_markdown = matches!(state.auto_escape(), AutoEscape::Custom(_));
        if !is_markdown || value.is_safe() {
            return escape_formatter(out, state, value);
        }
        match value.as_str() {
            Some(text) => out.write_str(&escaped(text)).map_err(Into::into),
            None if value.kind() == ValueKind::None => Ok(()),
            None => out.write_str(&escaped(&value.to_string())).map_err(Into::into),
        }
    });
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let text = own.unwrap_or_else(|| shipped(page));
    environment.render_named_str("report", text, Value::from(Serde(document))).map_err(fails)
}
