//! The schema and the reader accept the same shapes: held together by every change of one thing in the shipped files.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::files::is_rule_file;
use crate::rules::shipped;
use crate::source::Sources;
use serde::de::DeserializeOwned;
use std::path::Path;

#[test]
fn nothing_in_the_published_schema_may_be_null() {
    assert!(!rules().to_string().contains("\"null\""));
}

#[test]
fn rule_files_read_as_their_schema_says() {
    hold_together::<RuleFile>(&shipped_toml(|file| is_rule_file(Path::new(file))), Days::Native, 5);
}

/// How a format writes days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Days {
    /// As TOML does, without quotes.
    Native,
    /// As text, as YAML does.
    Text,
}

/// The shipped TOML files of a kind, with their names.
pub(crate) fn shipped_toml(is_wanted: fn(&str) -> bool) -> Vec<(String, Value)> {
    let read = |(file, text): &(&str, &str)| {
        let mut sources = Sources::default();
        let source = sources.add(*file, *text);
        let document = Document::parse(source, &sources, &mut Diagnostics::default()).expect("TOML");
        ((*file).to_owned(), document.json)
    };
    shipped().iter().filter(|(file, _)| is_wanted(file)).map(read).collect()
}

/// A YAML file.
pub(crate) fn yaml(file: &str, text: &str) -> Vec<(String, Value)> {
    let mut sources = Sources::default();
    let source = sources.add(file, text);
    let document = Document::parse_yaml(source, &sources, &mut Diagnostics::default()).expect("YAML");
    vec![(file.to_owned(), document.json)]
}

/// For every changed file: what the schema takes can be read, and the published schema takes what the program takes.
pub(crate) fn hold_together<T: DeserializeOwned + JsonSchema>(files: &[(String, Value)], days: Days, every: usize) {
    let mut checked = published::<T>();
    if days == Days::Native {
        native_days(&mut checked);
    }
    let build = |schema: &Value| jsonschema::options().should_validate_formats(true).build(schema).expect("a schema");
    let (checked, public) = (build(&checked), build(&published::<T>()));
    let (mut taken, mut refused) = (0, 0);
    for (file, json) in files {
        let mut pointers = Vec::new();
        collect(json, "", &mut pointers);
        for (number, pointer) in pointers.iter().enumerate() {
            for (changed, looks_alike) in changes(json, pointer, days).into_iter().skip(number % every).step_by(every) {
                let accepts = checked.is_valid(&changed);
                let read = serde_json::from_value::<T>(changed.clone());
                assert!(
                    !accepts || read.is_ok(),
                    "{file} at {pointer}: {:?}",
                    read.err().map(|error| error.to_string())
                );
                // A quoted day and a day look alike in JSON, so only the program can refuse the first.
                if !looks_alike {
                    assert_eq!(public.is_valid(&plain(&changed)), accepts, "{file} at {pointer}");
                }
                if accepts { taken += 1 } else { refused += 1 }
            }
        }
    }
    assert!(taken > 0 && refused > 100, "{taken} taken, {refused} refused");
}

/// The pointers of all keys and items.
fn collect(value: &Value, at: &str, pointers: &mut Vec<String>) {
    match value {
        Value::Object(object) if !object.contains_key(DAY_KEY) => {
            for (key, value) in object {
                let here = crate::rules::document::pointer(at, key);
                pointers.push(here.clone());
                collect(value, &here, pointers);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let here = format!("{at}/{index}");
                pointers.push(here.clone());
                collect(item, &here, pointers);
            }
        }
        _ => {}
    }
}

/// The document with one thing changed, in every way that a slip of the pen could; and whether a day became something
/// else by that, or something else a day.
fn changes(json: &Value, pointer: &str, days: Days) -> Vec<(Value, bool)> {
    let mut all = Vec::new();
    let mut others = vec![
        json!(true),
        json!(7),
        json!(-1),
        json!("text"),
        json!("0.5"),
        json!(""),
        json!([]),
        json!(["text"]),
        json!({}),
        json!({ "text": 1 }),
    ];
    match days {
        Days::Native => others.extend([json!({ DAY_KEY: "2023-01-31" }), json!({ "$float": "0.5" })]),
        Days::Text => others.extend([json!("2023-01-31"), json!("2023-02-30"), json!("2023-01"), json!("2023-13")]),
    }
    for other in others {
        let mut changed = json.clone();
        if let Some(place) = changed.pointer_mut(pointer) {
            let looks_alike = (other.get(DAY_KEY).is_some()) != (place.get(DAY_KEY).is_some());
            *place = other;
            all.push((changed, looks_alike));
        }
    }
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let key = key.replace("~1", "/").replace("~0", "~");
    for rename in [None, Some("strange"), Some("Strange Name")] {
        let mut changed = json.clone();
        if let Some(Value::Object(object)) = changed.pointer_mut(parent)
            && let Some(value) = object.remove(&key)
        {
            if let Some(name) = rename {
                object.insert(name.to_owned(), value);
            }
            all.push((changed, false));
        }
    }
    all
}

/// The document as a validator that knows nothing of this program sees it.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => match (object.get(DAY_KEY), object.get("$float")) {
            (Some(day), _) => day.clone(),
            (_, Some(Value::String(number))) => serde_json::from_str(number).expect("a number"),
            _ => object.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        },
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
