//! The reference of the rule language, in Markdown: made of the vocabulary and the schema, so that it cannot say anything
//! else than what is read.

use crate::example::ExampleFile;
use crate::rules::{Family, WORDS, Word};
use crate::text::either;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const INTRODUCTION: &str = include_str!("introduction.md");

const EXAMPLES: &str = include_str!("examples.md");

/// The reference as one page.
#[must_use]
pub fn reference() -> String {
    let schema = crate::rules::schema::rules();
    let mut text = String::from(INTRODUCTION);
    let _ = writeln!(text, "\n## The words that compute\n\n{}", index());
    for family in Family::ALL {
        let _ = writeln!(text, "\n### {}", family.title());
        for word in WORDS.iter().filter(|word| word.family == *family) {
            text.push_str(&entry(word, &schema));
        }
    }
    text.push_str("\n## Every table and its keys\n\nA key that has to be given is marked with an asterisk.\n");
    let mut seen = BTreeSet::new();
    definition(&mut text, "The file", &schema, &schema, &mut seen);
    text.push_str(EXAMPLES);
    let examples = crate::rules::schema::published::<ExampleFile>();
    definition(&mut text, "The file of examples", &examples, &examples, &mut BTreeSet::new());
    text
}

/// All words, family by family.
fn index() -> String {
    let mut text = String::from("| where | words |\n|---|---|\n");
    for family in Family::ALL {
        let words = WORDS.iter().filter(|word| word.family == *family);
        let words: Vec<String> = words.map(|word| format!("`{}`", word.word)).collect();
        let _ = writeln!(text, "| {} | {} |", family.title(), words.join(" "));
    }
    text.trim_end().to_owned()
}

fn entry(word: &Word, schema: &Value) -> String {
    let mut text = format!("\n#### `{}`\n\n", word.word);
    for (place, meaning) in meanings(word.word, schema) {
        let _ = writeln!(text, "- {place}: {meaning}");
    }
    let _ = writeln!(text, "\nUnits: {}. {}\n\n```toml\n{}\n```", word.units, word.edges, word.example);
    text
}

/// What a key means, with the tables in which it means that.
fn meanings(word: &str, schema: &Value) -> Vec<(String, String)> {
    let mut all: Vec<(Vec<String>, String)> = Vec::new();
    let definitions = schema.get("definitions").and_then(Value::as_object).into_iter().flatten();
    let file = std::iter::once(("the file", schema));
    for (name, definition) in definitions.map(|(name, value)| (name.as_str(), value)).chain(file) {
        let Some(meaning) = definition.pointer(&format!("/properties/{word}/description")).and_then(Value::as_str)
        else {
            continue;
        };
        match all.iter_mut().find(|(_, known)| known == meaning) {
            Some((places, _)) => places.push(spaced(name)),
            None => all.push((vec![spaced(name)], meaning.to_owned())),
        }
    }
    all.into_iter().map(|(places, meaning)| (places.join(", "), meaning)).collect()
}

/// A form, its keys, and then the forms that they name.
fn definition(text: &mut String, title: &str, form: &Value, schema: &Value, seen: &mut BTreeSet<String>) {
    let _ = write!(text, "\n### {title}\n\n");
    if let Some(description) = form.get("description").and_then(Value::as_str) {
        let _ = writeln!(text, "{description}");
    }
    let mut named = Vec::new();
    if let Some(properties) = form.get("properties").and_then(Value::as_object) {
        let required: Vec<&str> =
            form.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        text.push_str("\n| key | is | means |\n|---|---|---|\n");
        for (key, property) in properties {
            let mark = if required.contains(&key.as_str()) { "*" } else { "" };
            let description =
                property.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
            let _ = writeln!(text, "| `{key}`{mark} | {} | {description} |", kind(property, &mut named));
        }
    }
    for branch in branches(form) {
        let description = branch.get("description").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "- {}: {description}", kind(branch, &mut named));
    }
    for name in named {
        if seen.insert(name.clone())
            && let Some(form) = schema.pointer(&format!("/definitions/{name}"))
        {
            definition(text, &spaced(&name), form, schema, seen);
        }
    }
}

/// The forms of which one is written.
fn branches(form: &Value) -> impl Iterator<Item = &Value> {
    let of = |key: &str| form.get(key).and_then(Value::as_array);
    let is_form = |branch: &&Value| branch.get("required").is_none();
    of("anyOf").or_else(|| of("oneOf")).into_iter().flatten().filter(is_form)
}

/// What a value is, in words; the forms it names are remembered.
fn kind(value: &Value, named: &mut Vec<String>) -> String {
    let empty = Map::new();
    let object = value.as_object().unwrap_or(&empty);
    if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or(reference).to_owned();
        let shown = format!("[{}](#{})", spaced(&name), spaced(&name).replace(' ', "-"));
        named.push(name);
        return shown;
    }
    if let Some([inner]) = object.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return kind(inner, named);
    }
    if let Some(only) = object.get("const").and_then(Value::as_str) {
        return format!("`{only}`");
    }
    if let Some(words) = object.get("enum").and_then(Value::as_array) {
        let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        return either(&words);
    }
    if let Some(items) = object.get("items") {
        return match items {
            Value::Array(items) => items.iter().map(|item| kind(item, named)).collect::<Vec<_>>().join(", then "),
            _ => format!("list of {}", kind(items, named)),
        };
    }
    if let Some(inner) = object.get("additionalProperties").filter(|inner| inner.is_object()) {
        return format!("by name: {}", kind(inner, named));
    }
    let pattern = object.get("pattern").and_then(Value::as_str).unwrap_or_default();
    match (object.get("type"), object.get("format").and_then(Value::as_str)) {
        (Some(Value::Array(_)), _) if pattern.contains("[a-z]") => "number, or a term's name".to_owned(),
        (_, Some("date")) => "day".to_owned(),
        (Some(Value::Array(_)), _) => "number".to_owned(),
        (Some(Value::String(kind)), _) if kind == "string" => "text".to_owned(),
        (Some(Value::String(kind)), _) if kind == "integer" => "whole number".to_owned(),
        (Some(Value::String(kind)), _) if kind == "boolean" => "`true` or `false`".to_owned(),
        _ => "table".to_owned(),
    }
}

/// `GroupTest` as `group test`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            text.push(' ');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
