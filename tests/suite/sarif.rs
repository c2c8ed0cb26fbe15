//! Whatever a case runs into, its SARIF document is well formed and says what the JSON document says.

use super::cases::{folders, lay_out};
use super::{Scratch, run};
use pcs_rules::diagnostic::Code;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The one document that a command writes, to whichever stream.
fn document(line: &str, format: &str, scratch: &Scratch) -> Value {
    let arguments: Vec<String> =
        line.split_whitespace().chain(["--message-format", format]).map(str::to_owned).collect();
    let output = run(&arguments, &scratch.0);
    let is_check = ["check", "test"].contains(&arguments[0].as_str()) && output.status.code() != Some(2);
    let text = String::from_utf8(if is_check { output.stdout } else { output.stderr }).expect("JSON is UTF-8");
    let text = text.as_str();
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{line}, as {format}: {error}\n{text}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn check_rules(rules: &[Value]) {
    let ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for rule in rules {
        let code = Code::ALL.iter().find(|code| rule["id"] == code.id()).expect("a rule is a code");
        assert_eq!(rule["name"], code.slug());
        assert_eq!(rule["shortDescription"]["text"], code.meaning());
    }
}

fn check_spot(spot: &Value) {
    let Some(place) = spot.get("physicalLocation") else {
        assert_eq!(spot["logicalLocations"][0]["kind"], "table", "what lies in no file is a table: {spot}");
        return;
    };
    let uri = place["artifactLocation"]["uri"].as_str().expect("a place has a file");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%:".contains(c);
    assert!(!uri.is_empty() && uri.chars().all(is_plain), "{uri}");
    let Some(region) = place.get("region") else { return };
    let number = |key: &str| region.get(key).map(|value| value.as_u64().expect("a place is counted"));
    let (start, end) = (number("startLine").expect("a region begins"), number("endLine"));
    assert!(start >= 1 && end.is_none_or(|end| end >= start), "{region}");
    let columns = (number("startColumn"), number("endColumn"));
    assert!(columns.0 != Some(0) && columns.1 != Some(0), "{region}");
    assert!(end != Some(start) || columns.0 <= columns.1, "{region}");
}

fn check_result(result: &Value, told: &Value, rules: &[Value]) {
    assert_eq!(result["ruleId"], told["code"]);
    assert_eq!(result["level"], told["severity"]);
    let index =
        result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("a result has a rule");
    let rule = rules.get(index).expect("its rule is among the rules");
    assert_eq!(rule["id"], result["ruleId"]);
    assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
    assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(list(result, "locations").len(), usize::from(!told["file"].is_null() || !told["table"].is_null()));
    list(result, "locations").iter().chain(list(result, "relatedLocations")).for_each(check_spot);
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], told["column"]);
    if !told["line"].is_null() {
        assert_eq!(region["startLine"], told["line"]);
    }
    assert_eq!(result["locations"][0]["physicalLocation"].is_null(), told["file"].is_null());
    let named = if told["table"].is_null() { &told["column_name"] } else { &told["table"] };
    assert_eq!(&result["locations"][0]["logicalLocations"][0]["name"], named);
}

/// The documents of a case's commands, each case in a folder of its own, because some commands write files.
fn documents(folder: &Path, format: &str) -> Vec<Value> {
    let (case, scratch) = lay_out(folder);
    let is_plain = |line: &&String| {
        let first = line.split(' ').next().unwrap_or("");
        ["check", "test", "score"].contains(&first) && !line.contains("--message-format")
    };
    case.run.iter().filter(is_plain).map(|line| document(line, format, &scratch)).collect()
}

/// The first case of every code, and the cases of no code; but what the command line itself refuses is told in words.
fn one_for_each_code() -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let mut folders = folders("err");
    folders.retain(|folder| {
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let code = name.split('-').next().filter(|code| code.starts_with("PCS")).unwrap_or(&name);
        code != "usage" && seen.insert(code.to_owned())
    });
    folders
}

#[test]
fn every_document_is_well_formed_and_complete() {
    let mut count = 0;
    for folder in one_for_each_code() {
        for (sarif, json) in documents(&folder, "sarif").iter().zip(documents(&folder, "json")) {
            assert_eq!(sarif["version"], "2.1.0");
            assert!(sarif["$schema"].as_str().is_some_and(|schema| schema.ends_with("/sarif-schema-2.1.0.json")));
            let runs = list(sarif, "runs");
            assert_eq!(runs.len(), 1);
            assert_eq!(runs[0]["columnKind"], "unicodeCodePoints");
            let driver = &runs[0]["tool"]["driver"];
            assert_eq!(driver["name"], "pcs-rules");
            let rules = list(driver, "rules");
            check_rules(rules);
            let (results, told) = (list(&runs[0], "results"), list(&json, "diagnostics"));
            assert_eq!(results.len(), told.len(), "{}", folder.display());
            results.iter().zip(told).for_each(|(result, told)| check_result(result, told, rules));
            count += results.len();
        }
    }
    assert!(count > 70, "the cases run into problems");
}
