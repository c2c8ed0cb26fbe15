//! The published JSON Schemas of every file that a person writes, and of what programs read.

mod reference;

use crate::catalog::Manifest;
use crate::example::ExampleFile;
use crate::profile::ProfileFile;
use crate::receipt::Receipt;
use crate::report::{ExplanationDocument, ReportDocument};
use crate::rules;
pub use reference::reference;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// A published schema.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// Its text, with a line end.
    pub text: String,
}

impl Published {
    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.schema.json", self.name)
    }
}

/// All of them, by name.
#[must_use]
pub fn all() -> Vec<Published> {
    [
        ("pcs-dataset-1", rules::schema::published::<Manifest>()),
        ("pcs-examples-1", rules::schema::published::<ExampleFile>()),
        ("pcs-explanation-1", printed::<ExplanationDocument<'_>>()),
        ("pcs-profile-1", rules::schema::published::<ProfileFile>()),
        ("pcs-receipt-1", printed::<Receipt>()),
        ("pcs-report-1", printed::<ReportDocument>()),
        ("pcs-rules-1", rules::schema::rules()),
    ]
    .into_iter()
    .map(|(name, schema)| Published { name, text: text(&schema) })
    .collect()
}

/// The schema of a document that is printed: what is not there is `null`.
fn printed<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}

fn text(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).map_or_else(|_| String::new(), |text| text + "\n")
}
