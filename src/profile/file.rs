//! A profile file as it is written. Doc comments are the texts that editors show.

use crate::read::NumberForm;
use crate::rules::word::{Name, Named};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One shape of export: how its columns become those of a table of the rules.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-profile/1: how an export's columns become a table's")]
pub struct ProfileFile {
    /// The version of this file's format.
    #[schemars(extend("enum" = ["pcs-profile/1"]))]
    #[expect(dead_code, reason = "judged before the rest of the file is read")]
    pub(super) format: String,
    /// What the export is and which table it becomes.
    pub(super) profile: About,
    /// The table's columns by their names in the rules: where each comes from.
    pub(super) column: IndexMap<String, Column>,
    /// Rows that belong to the table, by a name of your choice: all others of the export are left out.
    #[serde(default)]
    pub(super) only: Named<Only>,
    /// The export's own mark for rows that repeat an amount.
    pub(super) duplicate: Option<Duplicate>,
    /// The column that names the currency of each row's amounts: every row has to be in the rules' currency.
    pub(super) currency: Option<CurrencyColumn>,
}

/// What the export is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct About {
    /// The profile's id; also the file's name.
    pub(super) id: Name,
    /// The export in words.
    #[schemars(length(min = 1))]
    pub(super) title: String,
    /// The table of the rules that it becomes.
    pub(super) table: Name,
    /// What the score must say of itself where the export only stands in for the real data: one sentence.
    #[schemars(length(min = 1))]
    pub(super) estimate: Option<String>,
    /// The currency of its amounts, three letters, where the export states it for all rows, for example in a header.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub(super) currency: Option<String>,
    /// Words that stand for a missing cell, besides nothing at all.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub(super) missing: Vec<String>,
    /// What the export makes of 1234.56, where it writes numbers otherwise. What stands between thousands may be left out. It is
    /// said of text: what a workbook, Parquet or JSON store as a number is one.
    pub(super) numbers: Option<NumberForm>,
}

/// Where a column comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Column {
    /// From a column of the export.
    Headers(Headers),
    /// The same for every row of the export.
    Value(Constant),
    /// From nowhere: the export cannot have it.
    Absent(Absent),
}

/// A column of the export.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Headers {
    /// The headers it goes by: the export has exactly one of them.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(super) headers: Vec<String>,
    /// Headers of a second column, for rows whose first is missing. Two rows with the same second cell mean the same thing
    /// where that cell stands beside exactly one first cell.
    #[serde(default, rename = "else")]
    #[schemars(inner(length(min = 1)))]
    pub(super) otherwise: Vec<String>,
    /// What spellings mean: the meaning, and the spellings the export has for it.
    #[serde(default)]
    pub(super) words: BTreeMap<String, Vec<String>>,
    /// Other values that the export is known to have, and that mean themselves: nobody is told of them where no list of the
    /// rules has them.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub(super) known: Vec<String>,
    /// Beginnings that say nothing and are dropped before a spelling is looked up.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub(super) prefixes: Vec<String>,
    /// Words that stand for a missing cell in this column, besides those of the profile.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub(super) missing: Vec<String>,
    /// How days and months are written besides `y-m-d`: `m/d/y`, `d.m.y` and the like; the first that fits.
    #[serde(default)]
    #[schemars(inner(regex(pattern = r"^[ymd][-/.][ymd][-/.][ymd]$")))]
    pub(super) dates: Vec<String>,
    /// Every month is written as its first day. Any other day then shows that the file writes days in another form, and its
    /// row cannot be read.
    #[serde(default)]
    pub(super) first_day: bool,
    /// Parquet may store the amounts as binary fractions: each is read as the shortest decimal that stands for it, and the
    /// score says so.
    #[serde(default)]
    pub(super) floats: bool,
    /// The export may lack the column; the rules then say what that means.
    #[serde(default)]
    pub(super) optional: bool,
}

/// What every row has.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Constant {
    /// The text.
    #[schemars(length(min = 1))]
    pub(super) value: String,
}

/// A column the export cannot have.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Absent {
    /// Why, in words people read.
    #[schemars(length(min = 1))]
    pub(super) absent: String,
}

/// Rows that belong to the table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Only {
    /// The headers of the column that tells.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(super) headers: Vec<String>,
    /// What stands there in rows that belong to the table.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(super) values: Vec<String>,
}

/// The export's own mark for rows that repeat an amount.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Duplicate {
    /// The headers of the mark. Where the export lacks it, every row counts and the score says so.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(super) headers: Vec<String>,
    /// What stands there in rows that count; `""` where nothing may stand there.
    #[schemars(length(min = 1))]
    pub(super) counts: Vec<String>,
    /// What stands there in rows that repeat an amount and are left out.
    #[schemars(length(min = 1))]
    pub(super) repeats: Vec<String>,
}

/// The column that names a row's currency.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CurrencyColumn {
    /// Its headers.
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub(super) headers: Vec<String>,
}
