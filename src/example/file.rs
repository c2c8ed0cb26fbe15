//! An example file as it is written. Doc comments are the texts that editors show.

use crate::rules::word::{Day, Fraction, Name, Named};
use schemars::JsonSchema;
use serde::Deserialize;

/// Worked examples: rows, the day judged, and what has to come out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-examples/1: worked examples of a program's rules")]
pub struct ExampleFile {
    /// The version of this file's format.
    #[schemars(extend("enum" = ["pcs-examples/1"]))]
    #[expect(dead_code, reason = "judged before the rest of the file is read")]
    pub(super) format: String,
    /// The program; may be left out where the rules hold one.
    pub(super) program: Option<Name>,
    /// Of the examples that do not say it themselves: only editions published by this day are known. So examples of one edition
    /// stay as they are when the next one is added.
    pub(super) known_by: Option<Day>,
    /// The examples, by name.
    pub(super) examples: Named<Example>,
}

/// One example.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Example {
    /// What happens, in words people read.
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(super) story: String,
    /// Where the example is published: `source#section`. Left out for examples of our own.
    pub(super) cite: Option<String>,
    /// The day judged.
    pub(super) as_of: Day,
    /// Only editions published by this day are known. Left out here and of the file: all that lie in the folder are, so that
    /// the example is judged by a later correction, too.
    pub(super) known_by: Option<Day>,
    /// The rows of each table, as CSV with a header. A table left out has no rows.
    #[serde(default)]
    pub(super) tables: Named<String>,
    /// The entity that is looked at, where the rows name several.
    pub(super) entity: Option<String>,
    /// What has to come out, by area. Other areas are not scored.
    pub(super) expect: Named<AreaExpectation>,
    /// Where the publication is known to be wrong: what it says, and why that is not expected.
    pub(super) erratum: Option<Erratum>,
}

/// What an area has to come to. What is left out may be anything.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AreaExpectation {
    /// The points. Where not all are certain, those that are, beside `points-at-most`.
    pub(super) points: Option<Fraction>,
    /// The points that are possible.
    pub(super) points_at_most: Option<Fraction>,
    /// The track on which the area is scored; `none` where it has none or that is undecided.
    pub(super) track: Option<String>,
    /// Whether the designation is attained.
    pub(super) attained: Option<Attained>,
    /// The conditions of the area that do not hold.
    pub(super) unmet: Option<Vec<String>>,
    /// The conditions of the area that cannot be decided.
    pub(super) undecided: Option<Vec<String>>,
    /// What its metrics have to come to, by name.
    #[serde(default)]
    pub(super) metrics: Named<MetricExpectation>,
}

/// What a metric has to come to. What is left out may be anything.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MetricExpectation {
    /// The points. Where not all are certain, those that are, beside `points-at-most`.
    pub(super) points: Option<Fraction>,
    /// The points that are possible.
    pub(super) points_at_most: Option<Fraction>,
    /// `scored`, `unknown` or `not-applicable`.
    pub(super) status: Option<StatusWord>,
    /// The number that is paid for.
    pub(super) value: Option<Fraction>,
    /// The codes of the reasons, in order.
    pub(super) reasons: Option<Vec<String>>,
}

/// Whether a designation is attained.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Attained {
    /// It is, or it is not.
    Decided(bool),
    /// The data do not say.
    Undecided(UndecidedWord),
}

/// The data do not say.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum UndecidedWord {
    /// The data do not say.
    Undecided,
}

/// How a metric stands.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StatusWord {
    /// Its points are known.
    Scored,
    /// Its points depend on data that are missing.
    Unknown,
    /// Nothing is asked of it.
    NotApplicable,
}

/// A published example that is wrong.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Erratum {
    /// What the publication says comes out. It has to differ from what does.
    pub(super) published: Named<AreaExpectation>,
    /// Why that is wrong.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(super) why: String,
}

#[cfg(test)]
mod tests {
    use super::ExampleFile;
    use crate::rules::schema::tests::{Days, hold_together, yaml};

    #[test]
    fn examples_read_as_their_schema_says() {
        let text = r#"
format: pcs-examples/1
program: library
examples:
  two-readers:
    story: Two readers borrow enough.
    cite: leaflet#readers
    as-of: 2024-05-01
    known-by: "2024-05-01"
    entity: North
    tables: { loans: "branch,reader" }
    expect:
      town:
        points: 20
        points-at-most: "20.5"
        attained: false
        unmet: [total-at-least]
        undecided: [each-metric-at-least]
        metrics: { readers: { points: 20, points-at-most: 20, status: scored, value: 2, reasons: [no-base] } }
    erratum:
      why: The leaflet counts one of them twice.
      published: { town: { points: 30, metrics: { readers: { points: 30 } } } }
"#;
        hold_together::<ExampleFile>(&yaml("examples.yaml", text), Days::Text, 1);
    }
}
