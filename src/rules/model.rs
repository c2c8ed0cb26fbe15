//! A rule file as it is written: the shape of the TOML, one type per table, with the texts that editors show.
//!
//! Deserialized only after the schema accepted the document, so an error here is a bug. Names are still plain text;
//! `resolve` binds them. Doc comments are the hover texts of the published schema: they speak to rule authors.

mod area;
mod condition;
mod measure;
mod rows;
mod scalar;
mod term;

use super::word::{Day, Name, Named};
pub use area::Choose;
pub(crate) use area::{Area, Award, LeafAward, Metric};
pub use condition::SeenOn;
pub(crate) use condition::{Attained, Condition, NamedCondition, PointsBounds, PointsOf, PointsOfAll, Seeable, Seen};
use indexmap::IndexMap;
pub use measure::ByMonth;
pub(crate) use measure::{
    Amount, AmountTest, CountedThings, From, GroupTest, Measure, Reduce, ReduceOf, RowAmount, RowRate,
};
pub(crate) use rows::{AgoLimit, CellBounds, CellLimit, ColumnLimit, IsWhat, Rows, Test, TimeSpan, ValidEnd};
pub(crate) use scalar::{AmountName, Limit, Reading, Scalar};
use schemars::JsonSchema;
use serde::Deserialize;
pub(crate) use term::{DatedSetting, Number, Setting, Term, TermIs, Track};

/// One published text of a partner program, complete: every term the score depends on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "pcs-rules/1: one edition of a program's terms")]
pub(crate) struct RuleFile {
    /// The version of the rule language this file is written in.
    #[schemars(extend("enum" = ["pcs-rules/1"]))]
    #[expect(dead_code, reason = "judged before the rest of the file is read")]
    pub(crate) format: String,
    /// What this text is, when it was published and from when it is in force.
    pub(crate) edition: Edition,
    /// The documents that `cite` refers to, by name.
    #[serde(default)]
    pub(crate) source: Named<Source>,
    /// How unclear sentences of the text were read: what was chosen, what else was possible, and why.
    #[serde(default)]
    pub(crate) interpretation: Named<Interpretation>,
    /// The tables of data the rules read, with their columns.
    #[serde(default)]
    pub(crate) table: Named<Table>,
    /// Named lists of text values: what counts and what does not.
    #[serde(default)]
    pub(crate) list: Named<List>,
    /// Named numbers, ranges and lists that can change on a day, or with the track.
    #[serde(default)]
    pub(crate) term: Named<Term>,
    /// Named selections of a table's rows.
    #[serde(default)]
    pub(crate) rows: Named<Rows>,
    /// Named questions to the rows, each answered by one number per entity.
    #[serde(default)]
    pub(crate) measure: Named<Measure>,
    /// Named tests on measures.
    #[serde(default)]
    pub(crate) condition: Named<NamedCondition>,
    /// The ways in which an area can be scored.
    #[serde(default)]
    pub(crate) track: Named<Track>,
    /// Metrics that several areas share.
    #[serde(default)]
    pub(crate) metric: Named<Metric>,
    /// The areas for which a designation can be earned.
    #[serde(default)]
    pub(crate) area: Named<Area>,
}

/// What the text is and when it holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Edition {
    /// The program's id; also the name of the folder that holds its editions.
    pub(crate) program: Name,
    /// The edition's id; also the file's name.
    #[schemars(length(min = 1))]
    pub(crate) id: String,
    /// The program in words.
    #[schemars(length(min = 1))]
    pub(crate) title: String,
    /// The days on which this text decides.
    pub(crate) in_force: InForce,
    /// The day the text was published. Of two editions with one start, the later publication holds.
    pub(crate) published: Day,
    /// The currency of every money column, three letters.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub(crate) currency: String,
    /// Where the text comes from, for everything in this file that cites nothing nearer: `source#section`.
    pub(crate) cite: Option<String>,
}

/// The days on which a text decides.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InForce {
    /// The first day.
    pub(crate) from: Day,
    /// The last day, only where the text itself ends. Otherwise the text holds until the next one starts.
    pub(crate) until: Option<Day>,
    /// Set to true where days before the first edition that results look back to are judged by this text, too. Left out:
    /// they are undecided.
    pub(crate) looks_back: Option<bool>,
}

/// A document that can be cited.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Source {
    /// The document's title.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) title: String,
    /// Where it can be read.
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) url: Option<String>,
}

/// A decision on a sentence that can be read in several ways.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Interpretation {
    /// What the text leaves open.
    #[schemars(length(min = 1))]
    pub(crate) question: String,
    /// The reading that was chosen.
    #[schemars(length(min = 1))]
    pub(crate) chosen: String,
    /// The readings that were not, each with how this file would say it.
    #[serde(default)]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) instead: Vec<String>,
    /// Why the chosen reading was chosen.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) why: String,
    /// What the choice rests on.
    pub(crate) basis: Basis,
    /// What rests on the choice, as `kind.name` (`measure.open-loans`). Left out where every score does.
    #[serde(default)]
    pub(crate) touches: Vec<String>,
}

/// What a choice rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The publisher says so elsewhere.
    Stated,
    /// It follows from the text by arithmetic.
    Arithmetic,
    /// It is our reading.
    Reading,
}

/// A table of data: what its columns are called and hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Table {
    /// The column that names the entity to be scored, a text.
    pub(crate) entity: String,
    /// The column that holds the month, in tables that have months: of the type `month`, or `date` where its days count too.
    pub(crate) month: Option<String>,
    /// Every column the rules may read, with its type.
    pub(crate) columns: IndexMap<String, ColumnType>,
    /// What to do where a file lacks a column. A column not named here has to be there.
    #[serde(default)]
    pub(crate) absent: IndexMap<String, Absent>,
    /// Set to false where the data may lack the table: what reads it is then unknown. Left out: it has to be there.
    pub(crate) required: Option<bool>,
    /// Set to true for a table of events, where a month without rows is one in which nothing happened. Left out: a month of
    /// which no row speaks is not covered, and what needs it is unknown.
    pub(crate) complete: Option<bool>,
    /// Where the table is described.
    pub(crate) cite: Option<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    /// Text; compared without regard to case A–Z and to blanks at the ends or in runs.
    Text,
    /// Text compared letter by letter.
    Exact,
    /// A calendar month, `2023-06`, or any day of it.
    Month,
    /// A calendar day, `2023-06-01`.
    Date,
    /// An amount of money in the edition's currency.
    Money,
    /// A number of things; need not be whole.
    Count,
}

impl ColumnType {
    /// Whether it holds text.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Exact)
    }
}

/// What to do where a file lacks a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absent {
    /// Keep the rows as if every test on the column held, and warn with the rows and amounts this touches.
    Keep,
    /// Refuse the data.
    Refuse,
}

/// A named list of text values.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("anyOf" = [{"required": ["members"]}, {"required": ["lists"]}]))]
pub(crate) struct List {
    /// What the list is, in words people read.
    pub(crate) title: Option<String>,
    /// Where the list is stated: `source#section`.
    pub(crate) cite: Option<String>,
    /// The values.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) members: Vec<Member>,
    /// Other lists whose members are members of this one too: a value is in where any of them has it on the day. What this
    /// list says itself of a value holds, whatever they say. Where two of them have a rate for it, the one named first does.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) lists: Vec<String>,
}

/// A value of a list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Member {
    /// A plain value.
    Plain(String),
    /// A value with more to say about it.
    Detailed(DetailedMember),
}

/// A value with more to say about it, or all values that begin in one way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("oneOf" = [{"required": ["id"]}, {"required": ["begins"]}]))]
pub(crate) struct DetailedMember {
    /// The value.
    #[schemars(length(min = 1))]
    pub(crate) id: Option<String>,
    /// Other spellings that mean the same value: rows are tested, grouped and multiplied as if they had its name.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// How the values begin, in place of one value. What a list says of a value by its name, or by a longer beginning,
    /// holds instead, also where that has left the list.
    #[schemars(length(min = 1))]
    pub(crate) begins: Option<String>,
    /// Values that begin so and are none of the list.
    #[serde(default)]
    pub(crate) except: Vec<String>,
    /// The first day judged on which the value is in the list.
    pub(crate) from: Option<Day>,
    /// The last day judged on which the value is still in the list.
    pub(crate) until: Option<Day>,
    /// Counts only if begun by this day: for tests that name the column of that day as `begun`.
    pub(crate) begun_by: Option<Day>,
    /// What a row of this value is multiplied by, where an amount says `times`: a number, or a term that is one.
    pub(crate) rate: Option<Number>,
    /// Where this is stated, if elsewhere than the list.
    pub(crate) cite: Option<String>,
}
