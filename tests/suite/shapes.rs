//! For everything that is shape, the program takes exactly the files that the published schemas take: judged for every
//! file that people write, of every case, after the case's edits.

use super::cases::{folders, lay_out};
use super::root;
use pcs_rules::catalog::{self, Choices};
use pcs_rules::diagnostic::{Code, Diagnostics};
use pcs_rules::rules;
use pcs_rules::source::{Sources, TextFile};
use pcs_rules::{example, profile, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Cases of what the program refuses and the schema takes. In JSON a day in quotes and a day are one text; the others are
/// told when names are bound, because only there can the message say what to do.
const ONLY_READ: &[&str] = &[
    "PCS0006-no-area",
    "PCS0007-form-of-days",
    "PCS0007-quoted-date",
    "PCS0008-step-without-number",
    "several-files",
    "several-layers",
];

/// The codes of files that do not even parse.
const NO_FILE: &[Code] = &[Code::UnreadableFile, Code::Syntax, Code::NewerToml];

/// The codes of what a schema sees.
const SHAPE: &[Code] = &[Code::FormatVersion, Code::UnknownKey, Code::MissingKey, Code::WrongValue, Code::WrongForm];

/// The schema that a file of a case has to fit; none for data.
fn schema_of(within: &Path) -> Option<&'static str> {
    let name = within.to_string_lossy().replace('\\', "/");
    match () {
        () if name.ends_with("/dataset.yaml") => Some("pcs-dataset-1"),
        () if name.ends_with(".examples.yaml") => Some("pcs-examples-1"),
        () if within.extension().is_none_or(|ending| ending != "toml") => None,
        () if name.contains("profiles/") => Some("pcs-profile-1"),
        () => Some("pcs-rules-1"),
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// A file as a validator sees it that knows nothing of this program; `None` where it does not parse.
fn plain(schema: &str, text: &str) -> Option<Value> {
    if ["pcs-rules-1", "pcs-profile-1"].contains(&schema) {
        text.parse::<toml::Table>().ok().map(|table| json(&toml::Value::Table(table)))
    } else {
        serde_yaml::from_str(text).ok()
    }
}

fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(day) => day.to_string().into(),
    }
}

/// Whether the program takes the shape of a file; `None` where it does not parse.
fn is_read(schema: &str, path: &Path, text: &str) -> Option<bool> {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let texts = [TextFile { file: "file".to_owned(), source: sources.add("file", text) }];
    match schema {
        "pcs-rules-1" => drop(rules::load(&texts, &sources, &mut found)),
        "pcs-profile-1" => drop(profile::load(&texts, &sources, &mut found)),
        "pcs-examples-1" => drop(example::load(&texts, &sources, &mut found)),
        _ => {
            let library = run::load_rules(&root().join("tests/cases/base/rules"), &mut sources, &mut found);
            let library = library.expect("the base is sound");
            let edition = library.book.editions().next().expect("the base has an edition");
            let folder = path.parent().expect("a file lies in a folder");
            let choices = Choices::default();
            drop(catalog::peek(folder, edition, &library.profiles, (&choices, 1), &mut sources, &mut found));
        }
    }
    let has = |codes: &[Code]| found.sorted().iter().any(|problem| codes.contains(&problem.code));
    (!has(NO_FILE)).then(|| !has(SHAPE))
}

#[test]
fn files_of_cases_read_as_their_schemas_say() {
    let build = |schema: &Value| jsonschema::options().should_validate_formats(true).build(schema).expect("a schema");
    let schemas: BTreeMap<&str, jsonschema::Validator> = pcs_rules::schemas::all()
        .into_iter()
        // Nobody writes these.
        .filter(|schema| !["pcs-explanation-1", "pcs-receipt-1", "pcs-report-1"].contains(&schema.name))
        .map(|schema| (schema.name, build(&serde_json::from_str(&schema.text).expect("JSON"))))
        .collect();
    let (mut seen, mut judged, mut differ) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for folder in folders("ok").into_iter().chain(folders("err")) {
        let case = folder.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let (_, scratch) = lay_out(&folder);
        for path in files_below(&scratch.0) {
            let within = path.strip_prefix(&scratch.0).expect("it lies there");
            let Some(schema) = schema_of(within) else { continue };
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if !seen.insert((schema, text.clone())) {
                continue;
            }
            let (Some(value), Some(reads)) = (plain(schema, &text), is_read(schema, &path, &text)) else { continue };
            *judged.entry((schema, reads)).or_insert(0) += 1;
            if schemas[schema].is_valid(&value) != reads && (reads || !ONLY_READ.contains(&case.as_str())) {
                differ.push(format!(
                    "{case}: {}: the program {}",
                    within.display(),
                    if reads { "takes it" } else { "refuses it" }
                ));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    for schema in schemas.keys() {
        for reads in [true, false] {
            assert!(judged.contains_key(&(*schema, reads)), "{schema}, {reads}: {judged:?}");
        }
    }
}
