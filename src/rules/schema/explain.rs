//! What a validator says of a document, in an author's words and at the word that is wrong.

pub(super) use super::misspelt::Slip;
use super::misspelt::{Choice, Said, Slips, choice, misspelt};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::rules::document::{Document, pointer, unescaped};
use crate::rules::word::DAY_KEY;
use crate::text::quoted;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The problems behind the validator's errors, without what follows from another of them; and the unknown keys among them.
pub(super) fn explain<'a>(
    document: &'a Document,
    schema: &Value,
    errors: &'a [ValidationError<'a>],
) -> (Vec<Diagnostic>, Vec<Slip<'a>>) {
    let errors: Vec<Said<'_>> = errors.iter().flat_map(|error| said(schema, error)).collect();
    let all: Vec<Slip<'_>> = errors.iter().flat_map(|said| said.slips(schema)).collect();
    let slips = Slips::new(document, &all);
    let refused = errors.iter().filter(|said| matches!(said, Said::Error(_))).flat_map(|said| said.slips(schema));
    let mut told: BTreeSet<(&str, &str)> = refused.map(|slip| (slip.table, slip.key)).collect();
    let own = errors.iter().filter(|said| match said {
        // What a native value lacks of a table is one problem, whatever it lacks.
        Said::Error(error) if is_native(error.instance()) => told.insert((error.instance_path().as_str(), "")),
        Said::Error(error) => !slips.explain(error),
        Said::Misspelt(slip) => told.insert((slip.table, slip.key)),
        Said::Bare { .. } => true,
    });
    let problems = own.flat_map(|said| describe(document, schema, said)).collect();
    (problems, all)
}

/// Whether it is a decimal, a date or a time of TOML, which stand for themselves.
fn is_native(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.keys().any(|key| key.starts_with('$')))
}

/// What is to be said of an error: of a choice between forms, what is wrong with the form that was most likely meant.
fn said<'a>(schema: &Value, error: &'a ValidationError<'a>) -> Vec<Said<'a>> {
    if is_native(error.instance()) {
        return vec![Said::Error(error)];
    }
    match choice(schema, error) {
        Choice::OfNone => return vec![Said::Error(error)],
        Choice::Bare(key) => return vec![Said::Bare { error, key }],
        Choice::Other => {}
    }
    match misspelt(schema, error) {
        none if none.is_empty() => match meant(error).as_slice() {
            [only] if std::ptr::eq(*only, error) => vec![Said::Error(error)],
            several => several.iter().flat_map(|error| said(schema, error)).collect(),
        },
        keys => keys,
    }
}

/// Of a choice between forms the errors of the form that was most likely meant; else the error itself.
fn meant<'a>(error: &'a ValidationError<'a>) -> Vec<&'a ValidationError<'a>> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) = error.kind() else {
        return vec![error];
    };
    let here = depth(error);
    let rank = |errors: &Vec<ValidationError<'_>>| {
        let (wrong_type, distance) = distance(errors, here);
        // Of equals a form that says what is wrong, before one that is a choice of forms again.
        let is_choice =
            errors.iter().any(|e| depth(e) == here && matches!(e.kind(), ValidationErrorKind::AnyOf { .. }));
        (wrong_type, distance, is_choice, errors.len())
    };
    let only_required = context.iter().all(|errors| {
        errors.iter().all(|e| depth(e) == here && matches!(e.kind(), ValidationErrorKind::Required { .. }))
    });
    let is_word = |e: &ValidationError<'_>| {
        matches!(e.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. })
    };
    if context.iter().all(|errors| errors.iter().all(is_word)) {
        return vec![error];
    }
    let Some(meant) = context.iter().min_by_key(|errors| rank(errors)) else { return vec![error] };
    // Where no form fits better than the others, say what the forms are.
    let (wrong_type, distance, ..) = rank(meant);
    let size = error.instance().as_object().map_or(0, serde_json::Map::len);
    // A form that only lacks one more key is no nearer than those that lack one they name.
    let lacks_any = meant.iter().all(|e| matches!(e.kind(), ValidationErrorKind::MinProperties { .. }));
    if lacks_any && context.len() > 1 {
        return vec![error];
    }
    if only_required || wrong_type || (distance > 1 && distance > size) {
        return vec![error];
    }
    meant.iter().collect()
}

/// How far a table is from a form, by the errors of that form: whether it is something else than a table, and how many keys
/// are too many or lacking. A form whose keys are all absent was not meant; one that fails deeper inside was, and is wrong
/// there.
fn distance(errors: &[ValidationError<'_>], here: usize) -> (bool, usize) {
    let of_one = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Type { .. } => (true, 0),
        ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. } => (!error.instance().is_string(), 0),
        ValidationErrorKind::AdditionalProperties { unexpected } => (false, unexpected.len()),
        ValidationErrorKind::Required { .. } => (false, 1),
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().map(|errors| distance(errors, here)).min().unwrap_or_default()
        }
        _ => (false, 0),
    };
    let of_all = errors.iter().filter(|error| depth(error) == here).map(of_one);
    of_all.fold((false, 0), |(wrong, sum), (more_wrong, more)| (wrong || more_wrong, sum + more))
}

/// How deep in the document an error lies.
fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

/// The problems in an author's words, at the word that is wrong.
fn describe(document: &Document, schema: &Value, said: &Said<'_>) -> Vec<Diagnostic> {
    match said {
        Said::Error(error) => describe_error(document, schema, error),
        Said::Misspelt(Slip { table, key, meant }) => {
            let help = did_you_mean(key, meant.iter().map(String::as_str)).unwrap_or_default();
            vec![unknown_key(document, (table, key), help)]
        }
        Said::Bare { error, key } => {
            let at = error.instance_path().as_str();
            let subject = subject(&unescaped(at.rsplit('/').next().unwrap_or("")));
            let problem = Diagnostic::at(
                Code::WrongValue,
                document.value(at),
                format!("{} is not a value of {subject}", quoted(key)),
            );
            vec![problem.help(format!("write it as a table: `{{ {key} = … }}`"))]
        }
    }
}

fn describe_error(document: &Document, schema: &Value, error: &ValidationError<'_>) -> Vec<Diagnostic> {
    let at = error.instance_path().as_str();
    let key = unescaped(at.rsplit('/').next().unwrap_or(""));
    let value_at = document.value(at);
    let wrong = |message: String, help: String| vec![Diagnostic::at(Code::WrongValue, value_at, message).help(help)];
    if is_native(error.instance()) && !is_typed(error) {
        let message = format!("{} is {}, where none can stand", subject(&key), found_type(error.instance()));
        return wrong(message, native_help(schema, error));
    }
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_keys(schema, error);
            unexpected
                .iter()
                .map(|unknown| {
                    let help = did_you_mean(unknown, known.iter().map(String::as_str))
                        .unwrap_or_else(|| format!("the keys here are {}", listed(&known)));
                    unknown_key(document, (at, unknown), help)
                })
                .collect()
        }
        ValidationErrorKind::Required { property } if property.as_str() == Some(DAY_KEY) => wrong(
            format!("{} is {}, not a date", subject(&key), found_type(error.instance())),
            "write a date without quotes: `2023-06-01`".to_owned(),
        ),
        ValidationErrorKind::Required { property } => {
            let missing = property.as_str().unwrap_or("");
            let message = format!("the key `{missing}` is missing");
            let place = if at.is_empty() { document.key("") } else { document.key(at) };
            vec![Diagnostic::at(Code::MissingKey, place, message).help(format!("add `{missing} = …` to this table"))]
        }
        ValidationErrorKind::Type { kind } => {
            let (expected, help) = expected_type(kind, schema, error);
            wrong(format!("{} is {}, not {expected}", subject(&key), found_type(error.instance())), help)
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
            wrong(not_a_word(error, &key), choice_help(error, &options))
        }
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::AnyOf { .. }
            if error.instance().is_string() && !words(schema, error).is_empty() =>
        {
            wrong(not_a_word(error, &key), choice_help(error, &words(schema, error)))
        }
        ValidationErrorKind::Constant { expected_value } => {
            let only: Vec<String> = expected_value.as_str().map(str::to_owned).into_iter().collect();
            wrong(not_a_word(error, &key), choice_help(error, &only))
        }
        ValidationErrorKind::Format { .. } => wrong(
            format!("{} is not a day of the calendar", shown(error.instance())),
            "write a date as `2023-06-01`".to_owned(),
        ),
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            let message = format!("{} has keys that exclude each other", subject(&key));
            vec![Diagnostic::at(Code::WrongForm, document.value(at), message).help(form_help(schema, error))]
        }
        ValidationErrorKind::Pattern { .. } => {
            let message = format!("{} is not of the form that {} has", shown(error.instance()), subject(&key));
            wrong(message, pattern_help(schema, error))
        }
        ValidationErrorKind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or("");
            vec![
                Diagnostic::at(
                    Code::WrongValue,
                    document.key(&pointer(at, name)),
                    format!("{} is not a name", quoted(name)),
                )
                .help("names begin with a lower case letter and have letters, digits and single hyphens"),
            ]
        }
        ValidationErrorKind::MinItems { limit } => {
            wrong(format!("{} has too few values", subject(&key)), format!("give at least {limit}"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            wrong(format!("{} has too many values", subject(&key)), format!("give at most {limit}"))
        }
        ValidationErrorKind::MinLength { .. } => {
            wrong(format!("{} is empty", subject(&key)), "write a text".to_owned())
        }
        ValidationErrorKind::Minimum { limit } => {
            wrong(format!("{} is too small", subject(&key)), format!("the least is {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => {
            wrong(format!("{} is too large", subject(&key)), format!("the most is {limit}"))
        }
        _ => vec![
            Diagnostic::at(
                Code::WrongForm,
                document.value(at),
                format!("{} does not have one of its forms", subject(&key)),
            )
            .help(form_help(schema, error)),
        ],
    }
}

fn unknown_key(document: &Document, (at, key): (&str, &str), help: String) -> Diagnostic {
    let place = document.key(&pointer(at, key));
    Diagnostic::at(Code::UnknownKey, place, format!("unknown key {}", quoted(key))).help(help)
}

fn subject(key: &str) -> String {
    if key.is_empty() {
        "the file".to_owned()
    } else if key.bytes().all(|b| b.is_ascii_digit()) {
        "this value".to_owned()
    } else {
        format!("`{key}`")
    }
}

fn shown(value: &Value) -> String {
    quoted(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    shown.join(", ")
}

fn found_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "an unquoted decimal",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(object) if object.contains_key(DAY_KEY) => "a date",
        Value::Object(object) if object.contains_key("$float") => "an unquoted decimal",
        Value::Object(object) if object.contains_key("$moment") => "a time",
        Value::Object(_) => "a table",
    }
}

fn expected_type(kind: &TypeKind, schema: &Value, error: &ValidationError<'_>) -> (&'static str, String) {
    let day = schema_of(schema, error).and_then(|s| s.get("title")) == Some(&json!("Day"));
    let decimal = DECIMAL.to_owned();
    match kind {
        _ if day => ("a date", "write a date without quotes: `2023-06-01`".to_owned()),
        TypeKind::Single(JsonType::String) if error.instance().is_array() => {
            ("a text", "give one, in quotes and without `[ ]`".to_owned())
        }
        TypeKind::Single(JsonType::String) => ("a text", "put it in quotes".to_owned()),
        TypeKind::Single(JsonType::Integer | JsonType::Number) => ("a whole number", decimal),
        TypeKind::Single(JsonType::Boolean) => ("true or false", "write `true` or `false`".to_owned()),
        TypeKind::Single(JsonType::Array) => ("a list", "write it in `[ ]`".to_owned()),
        TypeKind::Single(_) => ("a table", "write it as `{ key = value }` or as a `[table]`".to_owned()),
        TypeKind::Multiple(_) => ("a number", decimal),
    }
}

/// The schema object that an error's keyword stands in.
pub(super) fn schema_of<'s>(schema: &'s Value, error: &ValidationError<'_>) -> Option<&'s Value> {
    let path = error.schema_path().as_str();
    let (parent, _) = path.rsplit_once('/')?;
    schema.pointer(parent)
}

pub(super) fn known_keys(schema: &Value, error: &ValidationError<'_>) -> Vec<String> {
    let properties = schema_of(schema, error).and_then(|s| s.get("properties")).and_then(Value::as_object);
    properties.map(|keys| keys.keys().cloned().collect()).unwrap_or_default()
}

fn pattern_help(schema: &Value, error: &ValidationError<'_>) -> String {
    let pattern = schema_of(schema, error).and_then(|s| s.get("pattern")).and_then(Value::as_str).unwrap_or("");
    if pattern.contains("[0-9]+(") && pattern.contains("[a-z]") {
        "write digits, with a point before decimals (`\"0.5\"`), or the name of a term".to_owned()
    } else if pattern.contains("[0-9]+(") {
        "write digits, with a point before decimals: `\"0.5\"`".to_owned()
    } else if pattern.contains("[A-Z]{3}") {
        "write the three capital letters of the currency".to_owned()
    } else if pattern.contains("[0-9]{4}") {
        "write a month as `2023-06`".to_owned()
    } else if pattern.contains("[ymd]") {
        "name year, month and day once each, with one mark between them: `m/d/y`".to_owned()
    } else {
        "begin with a lower case letter; use letters, digits and single hyphens".to_owned()
    }
}

fn not_a_word(error: &ValidationError<'_>, key: &str) -> String {
    format!("{} is not a value of {}", shown(error.instance()), subject(key))
}

fn choice_help(error: &ValidationError<'_>, options: &[String]) -> String {
    let value = error.instance().as_str().unwrap_or("");
    did_you_mean(value, options.iter().map(String::as_str)).unwrap_or_else(|| format!("it can be {}", listed(options)))
}

/// The words of a choice between fixed words; none where it is a choice of another kind.
fn words(schema: &Value, error: &ValidationError<'_>) -> Vec<String> {
    let branches = schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
    let word = |branch: &Value| {
        let several = branch.get("enum").and_then(Value::as_array).cloned();
        several.or_else(|| branch.get("const").map(|one| vec![one.clone()]))
    };
    let all: Option<Vec<Vec<Value>>> = branches.into_iter().flatten().map(word).collect();
    all.into_iter().flatten().flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Whether an error says which type is asked for.
fn is_typed(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::Type { .. } => true,
        ValidationErrorKind::Required { property } => property.as_str() == Some(DAY_KEY),
        _ => false,
    }
}

/// What stands in the place of a native value.
fn native_help(schema: &Value, error: &ValidationError<'_>) -> String {
    if error.instance().get("$float").is_some() {
        return DECIMAL.to_owned();
    }
    match known_keys(schema, error) {
        none if none.is_empty() => form_help(schema, error),
        keys => format!("write it as a table; its keys are {}", listed(&keys)),
    }
}

/// How numbers are written.
const DECIMAL: &str = "whole numbers stand bare, other decimals in quotes: `\"0.5\"`";

/// What the forms of a choice are, by the keys that tell them apart.
fn form_help(schema: &Value, error: &ValidationError<'_>) -> String {
    let path = error.schema_path().as_str();
    let Some(choice) = schema.pointer(path) else { return "see the schema".to_owned() };
    let mut forms: Vec<String> = Vec::new();
    for branch in choice.as_array().into_iter().flatten() {
        let of_all = || branch.pointer("/allOf/0/$ref");
        let branch = match branch.get("$ref").or_else(of_all).and_then(Value::as_str) {
            Some(reference) => schema.pointer(reference.trim_start_matches('#')).unwrap_or(branch),
            None => branch,
        };
        let required: Vec<String> = branch
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if let Some(first) = required.first() {
            forms.push(if branch.get("minProperties").is_some() {
                format!("`{first}` with a bound")
            } else if required.len() == 1 {
                format!("`{first}`")
            } else {
                format!("{} together", listed(&required))
            });
        } else if branch.get("pattern").is_some() {
            forms.push("a number or a name".to_owned());
        } else if branch.get("type") == Some(&json!("string")) {
            forms.push("a name in quotes".to_owned());
        }
    }
    if forms.is_empty() {
        return "see the schema".to_owned();
    }
    forms.dedup();
    let how =
        if path.ends_with("/anyOf") && error.instance().is_object() && forms.iter().all(|form| form.starts_with('`')) {
            "at least one of"
        } else {
            "exactly one of"
        };
    format!("give {how}: {}", forms.join("; "))
}
