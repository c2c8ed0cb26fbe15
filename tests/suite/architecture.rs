//! What is absent is the architecture: the order of layers, no program in the engine, columns in two rooms only.

use super::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the bottom up. Each may use those before it, and itself.
const LAYERS: &[&str] = &[
    "source",
    "text",
    "lookup",
    "exact",
    "month",
    "parallel",
    "diagnostic",
    "files",
    "rules",
    "read",
    "profile",
    "catalog",
    "plan",
    "convert",
    "measure",
    "score",
    "explain",
    "run",
    "example",
    "report",
    "receipt",
    "schemas",
    "cli",
];

/// Modules of the library that no other module may use: the crate's face, and its command line.
const ROOTS: &[&str] = &["lib", "main"];

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(&root().join("src"), "rs", &mut files);
    files
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, ending, files);
        } else if path.extension().is_some_and(|found| found == ending) {
            let text = fs::read_to_string(&path).expect("a source is text");
            files.push((path, text));
        }
    }
    files.sort();
}

/// The top module a source file belongs to.
fn module(path: &Path) -> String {
    let within = path.strip_prefix(root().join("src")).expect("a source lies in src");
    let first = within.components().next().expect("a path has a part").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The top modules that a text names in `crate::…` and `pcs_rules::…` paths, also in braces.
fn used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for start in ["crate::", "pcs_rules::"] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(inner) => inner.split('}').next().unwrap_or("").split(',').collect(),
                None => vec![rest],
            };
            for name in names {
                let name: String = name.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if !name.is_empty() {
                    used.insert(name);
                }
            }
        }
    }
    used
}

#[test]
fn layers_use_only_what_lies_below_them() {
    for (path, text) in sources() {
        let module = module(&path);
        if ROOTS.contains(&module.as_str()) {
            continue;
        }
        let level = LAYERS
            .iter()
            .position(|layer| *layer == module)
            .unwrap_or_else(|| panic!("{module} has no place among the layers"));
        for name in used(&text) {
            let used = LAYERS
                .iter()
                .position(|layer| *layer == name)
                .unwrap_or_else(|| panic!("{}: {name} has no place", path.display()));
            assert!(used <= level, "{}: {module} may not use {name}", path.display());
        }
    }
}

#[test]
fn only_reading_and_measuring_know_columns() {
    for (path, text) in sources() {
        let knows = ["arrow_array", "arrow_buffer", "arrow_schema", "parquet::"].iter().any(|word| text.contains(word));
        // A report can be a Parquet file; it is written without Arrow.
        let writes = path.ends_with("report/sheet/columnar.rs") && !text.contains("arrow");
        let may = ["read", "measure"].contains(&module(&path).as_str()) || writes;
        assert!(!knows || may, "{} knows Arrow", path.display());
    }
}

#[test]
fn no_binary_fraction_meets_an_amount() {
    for (path, text) in sources() {
        // The cells of a workbook are binary fractions; nothing is computed with them.
        if path.ends_with("report/sheet/workbook.rs") {
            continue;
        }
        let has = ["f32", "f64"].iter().any(|word| words(&text).any(|found| found == *word));
        assert!(!has, "{} has a binary fraction", path.display());
    }
}

/// Runs of letters, digits and underscores.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn the_engine_names_no_program() {
    let never = ["azure", "microsoft", "tenant", "acr", "csp", "certification"];
    for (path, text) in sources() {
        let lower = text.to_lowercase();
        // Also as a plural, or as a part of a name in the code.
        let found: Vec<&str> = words(&lower)
            .flat_map(|word| word.split('_'))
            .map(|word| word.strip_suffix('s').filter(|word| never.contains(word)).unwrap_or(word))
            .filter(|word| never.contains(word))
            .collect();
        assert!(found.is_empty(), "{} names {found:?}", path.display());
    }
}

/// Every identifier that rule files define or list: keys of named tables, ids, aliases, list members.
fn identifiers() -> BTreeSet<String> {
    let mut files = Vec::new();
    collect(&root().join("rules"), "toml", &mut files);
    assert!(!files.is_empty());
    let mut all = BTreeSet::new();
    for (path, text) in files {
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for kind in [
            "source",
            "interpretation",
            "table",
            "list",
            "rows",
            "measure",
            "condition",
            "term",
            "track",
            "metric",
            "area",
        ] {
            let Some(named) = table.get(kind).and_then(toml::Value::as_table) else { continue };
            all.extend(named.keys().cloned());
        }
        for column in strings(table.get("table")) {
            all.insert(column);
        }
        all.extend(strings(table.get("list")));
        for word in ["program", "id"] {
            all.extend(
                table
                    .get("edition")
                    .and_then(|edition| edition.get(word))
                    .and_then(toml::Value::as_str)
                    .map(str::to_owned),
            );
        }
    }
    all
}

/// Every key and text below a value.
fn strings(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::String(text)) => vec![text.clone()],
        Some(toml::Value::Array(items)) => items.iter().flat_map(|item| strings(Some(item))).collect(),
        Some(toml::Value::Table(table)) => {
            table.iter().flat_map(|(key, value)| std::iter::once(key.clone()).chain(strings(Some(value)))).collect()
        }
        _ => Vec::new(),
    }
}

/// The words of the rule language: every key and fixed word of the published schema.
fn vocabulary() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for schema in pcs_rules::schemas::all() {
        let json: serde_json::Value = serde_json::from_str(&schema.text).expect("a schema is JSON");
        vocabulary_of(&json, &mut words);
    }
    words
}

fn vocabulary_of(schema: &serde_json::Value, words: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(object) => {
            if let Some(serde_json::Value::Object(properties)) = object.get("properties") {
                words.extend(properties.keys().cloned());
            }
            for key in ["enum", "const"] {
                words.extend(strings_of(object.get(key)));
            }
            object.values().for_each(|value| vocabulary_of(value, words));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| vocabulary_of(item, words)),
        _ => {}
    }
}

fn strings_of(value: Option<&serde_json::Value>) -> Vec<String> {
    match value {
        Some(serde_json::Value::String(text)) => vec![text.clone()],
        Some(serde_json::Value::Array(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// The string literals of a source, raw ones included; comments are left out.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let mut rest = line;
        while let Some(start) = rest.find('"') {
            let inner = &rest[start + 1..];
            let Some(end) =
                inner.char_indices().find(|(at, c)| *c == '"' && !inner[..*at].ends_with('\\')).map(|(at, _)| at)
            else {
                break;
            };
            found.push(inner[..end].to_owned());
            rest = &inner[end + 1..];
        }
    }
    found
}

#[test]
fn no_literal_of_the_engine_is_an_identifier_of_the_rules() {
    let vocabulary = vocabulary();
    let identifiers: BTreeSet<String> = identifiers().into_iter().filter(|id| !vocabulary.contains(id)).collect();
    assert!(identifiers.len() > 50, "the rules define something");
    for (path, text) in sources() {
        for literal in literals(&text) {
            // Reason codes say in words what `no-base` does; the word itself is one of the vocabulary.
            assert!(!identifiers.contains(&literal), "{}: `{literal}` is an identifier of a rule file", path.display());
        }
    }
}
