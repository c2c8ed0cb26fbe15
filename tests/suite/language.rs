//! The reference, the schema and the reader speak of the same words.

use super::root;
use pcs_rules::rules::{PLAIN, WORDS};
use pcs_rules::schemas;
use std::collections::BTreeSet;

fn keys(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(object) => {
            if let Some(serde_json::Value::Object(properties)) = object.get("properties") {
                found.extend(properties.keys().cloned());
            }
            object.values().for_each(|value| keys(value, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_schema_is_a_row_of_the_vocabulary_or_plain() {
    let schemas = schemas::all();
    let rules = schemas.iter().find(|schema| schema.name == "pcs-rules-1").expect("rules have a schema");
    let mut known = BTreeSet::new();
    keys(&serde_json::from_str(&rules.text).expect("a schema is JSON"), &mut known);
    let words: Vec<&str> = WORDS.iter().map(|word| word.word).collect();
    let mut said: BTreeSet<String> = words.iter().chain(PLAIN).map(|word| (*word).to_owned()).collect();
    assert_eq!(said.len(), words.len() + PLAIN.len(), "a word is said once");
    assert_eq!(known.difference(&said).collect::<Vec<_>>(), Vec::<&String>::new(), "keys without a row");
    said.retain(|word| !known.contains(word));
    assert_eq!(said.into_iter().collect::<Vec<_>>(), Vec::<String>::new(), "rows without a key");
}

#[test]
fn every_example_is_toml_that_uses_its_word() {
    for word in WORDS {
        let parsed: Result<toml::Table, _> = word.example.parse();
        assert!(parsed.is_ok(), "{}: {:?}", word.word, parsed.err());
        assert!(word.example.contains(word.word), "{}", word.word);
    }
}

#[test]
fn the_reference_is_what_the_vocabulary_says() {
    let path = root().join("docs/language-reference.md");
    let there = std::fs::read_to_string(&path).expect("the reference can be read");
    assert_eq!(there, schemas::reference(), "write it anew: pcs-rules schema --markdown > docs/language-reference.md");
}

/// The folder of the program that the tutorial writes.
const TUTORIAL: &str = "tests/cases/ok/tutorial";

#[test]
fn the_tutorial_writes_the_program_that_is_tested() {
    let text = std::fs::read_to_string(root().join("docs/tutorial.md")).expect("the tutorial can be read");
    let file = |name: &str| std::fs::read_to_string(root().join(TUTORIAL).join(name)).expect("its program is there");
    let kinds = [
        ("toml", file("rules/reading/2024-01-01.toml")),
        ("yaml", file("rules/reading/leaflet.examples.yaml")),
        ("csv", file("data/loans.csv")),
        ("text", file("seen.snap")),
    ];
    for (kind, whole) in kinds {
        let mut left = whole.clone();
        let blocks: Vec<&str> =
            text.split(&format!("```{kind}\n")).skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(!blocks.is_empty(), "{kind}");
        for block in blocks {
            assert!(whole.contains(block.trim_end()), "not in the {kind} of its program:\n{block}");
            left = left.replacen(block.trim_end(), "", 1);
        }
        if kind == "toml" || kind == "yaml" {
            assert_eq!(left.trim(), "", "the tutorial leaves out a part of the {kind}");
        }
    }
}

/// The kinds of computation that the language is made for, each with a case of its own.
const KINDS: usize = 23;

#[test]
fn every_kind_of_computation_has_a_case() {
    let folders = crate::cases::folders("ok");
    let names: Vec<_> = folders.iter().filter_map(|folder| folder.file_name()?.to_str()).collect();
    for kind in 1..=KINDS {
        let begins = format!("kind-{kind:02}-");
        assert!(names.iter().any(|name| name.starts_with(&begins)), "no case begins with {begins}");
    }
}
