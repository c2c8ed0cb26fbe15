//! The published schemas, made from the types; and a [`Document`] checked against one, with errors at the exact word.

mod explain;
mod misspelt;

use super::document::{Document, pointer};
use super::model::RuleFile;
use super::word::DAY_KEY;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed};
use crate::text::quoted;
use explain::Slip;
use jsonschema::ValidationError;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The format id that rule files of this version state.
pub const RULES_FORMAT: &str = "pcs-rules/1";

/// The published schema of rule files.
pub(crate) fn rules() -> Value {
    published::<RuleFile>()
}

/// The published schema of a type: draft-07, which editors know best.
pub(crate) fn published<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().with_transform(NoNull).into_generator().into_root_schema_for::<T>().to_value()
}

/// TOML has no null: what may be left out is left out, and is never `null`.
#[derive(Clone, Debug)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        let Some(Value::Array(branches)) = schema.get_mut("anyOf") else { return };
        let before = branches.len();
        branches.retain(|branch| branch.get("type") != Some(&json!("null")));
        if branches.len() == before {
            return;
        }
        let [Value::Object(only)] = branches.as_slice() else { return };
        let only = only.clone();
        schema.remove("anyOf");
        for (key, value) in only {
            schema.ensure_object().entry(key).or_insert(value);
        }
    }
}

/// What documents of one format are checked with; made once for all files of a run.
pub(crate) struct Shape {
    format: &'static str,
    schema: Value,
    /// None if the schema is none, which the tests exclude.
    validator: Option<jsonschema::Validator>,
}

impl Shape {
    /// The shape of rule files.
    pub(crate) fn of_rules() -> Self {
        let mut schema = rules();
        native_days(&mut schema);
        Self::new(RULES_FORMAT, schema)
    }

    /// The shape of files of a type, in a format of this id.
    pub(crate) fn of<T: JsonSchema>(format: &'static str) -> Self {
        Self::new(format, published::<T>())
    }

    fn new(format: &'static str, schema: Value) -> Self {
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).ok();
        Self { format, schema, validator }
    }

    /// Checks a document: reports every error at its word.
    ///
    /// # Errors
    ///
    /// [`Misfit`] if the document is of another format, or does not fit.
    pub(crate) fn check(&self, document: &Document, found: &mut Diagnostics) -> Result<(), Misfit> {
        check_format(document, self.format, found).map_err(|failed| Misfit { failed, rest: None })?;
        let Some(validator) = &self.validator else {
            let problem = Diagnostic::at(Code::WrongValue, document.key(""), "bug in pcs-rules: the schema is none");
            return Err(Misfit { failed: found.error(problem), rest: None });
        };
        let errors: Vec<ValidationError<'_>> = validator.iter_errors(&document.json).collect();
        let (mut problems, slips) = explain::explain(document, &self.schema, &errors);
        if problems.is_empty() && !errors.is_empty() {
            // Whatever is left out as following from something else: a misfit never passes.
            let message = "the file does not have the shape of its format";
            problems
                .push(Diagnostic::at(Code::WrongForm, document.key(""), message).help("compare it with the schema"));
        }
        if problems.is_empty() {
            return Ok(());
        }
        let mut rest = Rest::of(document, &slips);
        let errors: Vec<ValidationError<'_>> = validator.iter_errors(&rest.document.json).collect();
        if !slips.is_empty() {
            // What is wrong beside an unknown key shows only when that is out of the way.
            let (more, _) = explain::explain(&rest.document, &self.schema, &errors);
            let more: Vec<Diagnostic> = more.into_iter().filter(|problem| !problems.contains(problem)).collect();
            problems.extend(more);
        }
        let misfits = errors.iter().map(|error| error.instance_path().as_str().to_owned()).collect();
        drop(errors);
        rest.misfits = misfits;
        let failed = problems.into_iter().map(|problem| found.error(problem)).last();
        failed.map_or(Ok(()), |failed| Err(Misfit { failed, rest: Some(Box::new(rest)) }))
    }
}

/// Proof that a document does not fit.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) failed: Failed,
    /// What of it can be judged all the same; none of a document of another format.
    pub(crate) rest: Option<Box<Rest>>,
}

/// What can be judged of a document that does not fit: its unknown keys are taken out, or called what was likely meant.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) document: Document,
    /// The JSON pointers of what does not fit in it.
    pub(crate) misfits: Vec<String>,
    /// What stood behind keys that were taken out.
    pub(crate) left_out: Vec<Value>,
}

impl Rest {
    fn of(document: &Document, slips: &[Slip<'_>]) -> Self {
        let mut document = document.clone();
        let mut tables: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for Slip { table, key, meant } in slips {
            tables.entry(table).or_default().insert(key, meant.as_deref());
        }
        // From the inside out: a table is found by keys that are called otherwise later.
        let mut left_out = Vec::new();
        for (table, called) in tables.iter().rev() {
            left_out.extend(document.with_keys(table, called));
        }
        let called = slips.iter();
        let called = called.filter_map(|Slip { table, key, meant }| Some((pointer(table, key), meant.as_deref()?)));
        document.find_as(&called.collect());
        Self { document, misfits: Vec::new(), left_out }
    }

    /// All of the document, where nothing else is wrong with it.
    pub(crate) fn whole(self) -> Option<Document> {
        self.misfits.is_empty().then_some(self.document)
    }
}

/// A document of another format is told so, and nothing else: its other keys cannot be judged.
fn check_format(document: &Document, known: &str, found: &mut Diagnostics) -> Result<(), Failed> {
    let Some(format) = document.json.get("format").and_then(Value::as_str) else { return Ok(()) };
    if format == known {
        return Ok(());
    }
    let message = format!("the format {} is not one that this version reads", quoted(format));
    let family = known.split('/').next().unwrap_or(known);
    let version =
        format.split_once('/').filter(|(name, _)| *name == family).and_then(|(_, version)| version.parse::<u32>().ok());
    let help = match version {
        Some(version) if version > 1 => {
            "the file was written for a later version of pcs-rules; update the program".to_owned()
        }
        _ => format!("this version reads `{known}`"),
    };
    Err(found.error(Diagnostic::at(Code::FormatVersion, document.value("/format"), message).help(help)))
}

/// In the schema that documents are checked with, a day is the object a native date becomes.
fn native_days(schema: &mut Value) {
    match schema {
        Value::Object(object) if object.get("format") == Some(&json!("date")) => {
            *schema = json!({ "type": "object", "required": [DAY_KEY], "title": "Day" });
        }
        Value::Object(object) => object.values_mut().for_each(native_days),
        Value::Array(items) => items.iter_mut().for_each(native_days),
        _ => {}
    }
}

#[cfg(test)]
pub(crate) mod tests;
