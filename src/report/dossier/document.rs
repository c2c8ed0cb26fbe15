//! What a report holds, as templates and programs see it. Texts are ready to be shown: nothing in them turns the writing
//! direction or steers a terminal; markup is the template's to escape, and it does.

use super::{DossierView, areas, measures, method};
use crate::report::explain::Item;
use crate::text::inert;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the report document.
pub const REPORT_FORMAT: u32 = 1;

/// How long a line of an outline can be; those of sane data are far shorter.
const LONGEST: usize = 1000;

/// How many of a list are shown.
pub(super) const MOST: usize = 40;

/// A report about one entity: what templates see, and what `report -o FILE.json` writes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct ReportDocument {
    /// The version of this document: `1`.
    format_version: u32,
    /// The version of the program that made it.
    engine: String,
    /// The program of the rules, by its id.
    program: String,
    /// The program in words.
    title: String,
    /// The edition, by its id.
    edition: String,
    /// The day judged.
    as_of: String,
    /// Whether it was taken from the data.
    as_of_from_data: bool,
    /// The day up to which editions were known, where one was given.
    known_by: Option<String>,
    /// By what, and for which day, in a sentence.
    judged: String,
    /// The currency of all money.
    currency: String,
    /// The entity.
    entity: String,
    /// Its areas.
    areas: Vec<AreaPart>,
    /// What was read for them, each once.
    measures: Vec<MeasurePart>,
    /// The rows of tables without months: people, events, facts.
    tables: Vec<RowsPart>,
    /// What to keep in mind.
    warnings: Vec<WarningPart>,
    /// What lies in the data folder; where it holds several entities, of this one's rows alone.
    data: Vec<SectionPart>,
    /// How it was computed, and from what.
    method: MethodPart,
}

impl ReportDocument {
    pub(super) fn of(view: &DossierView<'_>) -> Self {
        let explanation = &view.dossier.explanation;
        let edition = &explanation.rules.edition;
        Self {
            format_version: REPORT_FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            program: edition.program.clone(),
            title: inert(&edition.title),
            edition: edition.id.clone(),
            as_of: explanation.as_of.to_string(),
            as_of_from_data: view.as_of_from_data,
            known_by: view.known_by.map(|day| day.to_string()),
            judged: view.explain().judged(),
            currency: edition.currency.clone(),
            entity: inert(&explanation.entity),
            areas: areas::of_view(view),
            measures: measures::of_view(view),
            tables: measures::tables(view),
            warnings: method::warnings(view),
            data: method::data(view),
            method: method::of(view),
        }
    }
}

/// An area.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AreaPart {
    pub(super) id: String,
    pub(super) title: String,
    /// `62 of 100 points, not attained`.
    pub(super) sentence: String,
    /// `62`, or `50 to 62` where some are not certain; none in an area without points.
    pub(super) points: Option<String>,
    pub(super) max_points: Option<String>,
    /// The track on which it is scored, in words; none where it has none, or where that is undecided.
    pub(super) track: Option<String>,
    /// How many points are asked for in all.
    pub(super) asked_points: Option<String>,
    /// `attained`, `not attained` or `undecided`.
    pub(super) result: &'static str,
    /// What is asked for, with what is missing.
    pub(super) needs: Vec<NeedPart>,
    /// The points against the most there can be.
    pub(super) bar: Option<BarPart>,
    pub(super) metrics: Vec<MetricPart>,
    /// The day judged and the same day of the months before.
    pub(super) history: HistoryPart,
    /// What changed since the month before, and since the year before.
    pub(super) changes: Vec<ChangePart>,
    /// How the points came about, as an outline.
    pub(super) outline: Vec<OutlinePart>,
}

/// Something asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NeedPart {
    pub(super) text: String,
    /// `met`, `unmet` or `undecided`.
    pub(super) verdict: &'static str,
}

/// A bar from 0 to 100, in steps of a tenth.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BarPart {
    /// How far it is certain.
    pub(super) certain: String,
    /// How much further it may reach.
    pub(super) possible: String,
    /// Where what is asked for lies.
    pub(super) asked: Option<String>,
    /// The same in words.
    pub(super) words: String,
}

/// A metric.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MetricPart {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) category: String,
    /// `scored`, `unknown` or `not-applicable`.
    pub(super) status: &'static str,
    /// `20`, `0 to 20`, or a dash.
    pub(super) points: String,
    /// The most it can pay.
    pub(super) max_points: String,
    /// The number that was paid for.
    pub(super) value: String,
    /// What was read, and why it counts as it does.
    pub(super) details: Vec<String>,
    pub(super) bar: Option<BarPart>,
}

/// The scores of several days.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HistoryPart {
    pub(super) days: Vec<DayPart>,
    /// How many months the designation looks back.
    pub(super) looks_back: Option<u32>,
    /// Drawn; none where no day has points.
    pub(super) chart: Option<LinePart>,
}

/// The score of a day.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DayPart {
    pub(super) as_of: String,
    /// The edition by which it was judged; none where it was not.
    pub(super) edition: Option<String>,
    /// Whether that edition was in force: days before the first are judged by it all the same.
    pub(super) in_force: bool,
    /// A dash where nothing was judged, or there are no points.
    pub(super) points: String,
    pub(super) max_points: String,
    /// `attained`, `not attained`, `undecided` or `not judged`.
    pub(super) result: &'static str,
    /// Whether it is one of the months at which the designation looks.
    pub(super) looked_at: bool,
}

/// A line over days, on a plane of 360 by 170.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LinePart {
    /// Days that follow one another and are certain, as `x,y x,y`.
    pub(super) runs: Vec<String>,
    pub(super) points: Vec<PointPart>,
    /// How high what is asked for lies.
    pub(super) asked: Option<LevelPart>,
    /// The lines of the scale.
    pub(super) levels: Vec<LevelPart>,
    /// The same in words.
    pub(super) words: String,
}

/// A day of a line.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PointPart {
    pub(super) x: String,
    /// Of what is certain.
    pub(super) y: Option<String>,
    /// Of what is possible, where that is more.
    pub(super) y_most: Option<String>,
    /// Its points, where they are worth writing beside it.
    pub(super) label: Option<String>,
    /// Its day, where it is written below.
    pub(super) day: Option<String>,
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
}

/// A height with its number.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LevelPart {
    pub(super) y: String,
    pub(super) label: String,
}

/// What changed since another day.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ChangePart {
    /// `since the month before`.
    pub(super) title: &'static str,
    /// The day compared with.
    pub(super) since: String,
    /// The edition by which it was judged; none where it was not.
    pub(super) edition: Option<String>,
    /// Whether that edition was in force.
    pub(super) in_force: bool,
    /// The points then and now; or why they cannot be compared.
    pub(super) sentence: String,
    /// From the points then to the points now; empty where they cannot be compared.
    pub(super) steps: Vec<StepPart>,
    /// How high the drawing is.
    pub(super) height: u64,
}

/// A step of a change, on a plane 360 wide.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct StepPart {
    pub(super) title: String,
    /// `+10`, `−4`, `0`; for the first and the last the points.
    pub(super) change: String,
    /// The points after it.
    pub(super) after: String,
    /// `start`, `up`, `down`, `same` or `end`.
    pub(super) kind: &'static str,
    /// Where its bar begins and how wide it is.
    pub(super) x: String,
    pub(super) width: String,
    /// How far down it lies.
    pub(super) y: u64,
}

/// A line, and what stands under it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OutlinePart {
    pub(super) text: String,
    pub(super) items: Vec<Self>,
}

impl From<&Item> for OutlinePart {
    fn from(item: &Item) -> Self {
        let text: String = inert(&item.text).chars().take(LONGEST).collect();
        Self { text, items: item.items.iter().map(Self::from).collect() }
    }
}

/// Something that was read, with the groups it counts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MeasurePart {
    /// A name of its own in this document.
    pub(super) id: String,
    pub(super) title: String,
    /// The track on which its area is scored; none without tracks.
    pub(super) track: Option<String>,
    /// `2023-05 to 2023-06`; empty where its tables have no months.
    pub(super) months: String,
    pub(super) value: String,
    /// Its name in the rules, and its file and line: `measure.x, rules/y/2023-01-01.toml:12`.
    pub(super) place: String,
    pub(super) cite: Option<String>,
    /// The columns by which it groups.
    pub(super) keys: Vec<String>,
    /// How many groups count.
    pub(super) counted: usize,
    /// How many do not.
    pub(super) left: usize,
    /// Groups that do not count and lack one thing only, the nearest first.
    pub(super) short: Vec<NearPart>,
    /// How many of those there are.
    pub(super) short_in_all: usize,
    /// Groups that count, the nearest to the bound first.
    pub(super) over: Vec<NearPart>,
    /// How many of those there are.
    pub(super) over_in_all: usize,
    /// Against the same measure for an earlier time.
    pub(super) moved: Vec<MovedPart>,
}

/// A group near a bound.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NearPart {
    pub(super) group: String,
    /// The amount that is bounded, by its name.
    pub(super) amount: String,
    /// What it is.
    pub(super) had: String,
    /// The month that it is of, where it is the greatest or least of several.
    pub(super) month: Option<String>,
    /// What is asked of it.
    pub(super) asks: String,
    /// How far it is from the bound.
    pub(super) distance: String,
}

/// Groups that changed sides.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MovedPart {
    /// The months compared with.
    pub(super) against: String,
    /// Those that count now and did not then; the first of them.
    pub(super) joined: Vec<String>,
    pub(super) joined_in_all: usize,
    /// Those that counted then and no longer do; the first of them.
    pub(super) left: Vec<String>,
    pub(super) left_in_all: usize,
}

/// Rows of a table without months.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RowsPart {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    /// The first of them: those whose last day comes soonest.
    pub(super) rows: Vec<RowPart>,
    /// How many there are.
    pub(super) in_all: usize,
    /// How many rows of the table are not among them, because there were too many.
    pub(super) unseen: u64,
}

/// A row.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RowPart {
    /// One for each column; empty where it is missing.
    pub(super) cells: Vec<String>,
    /// How often it stands there.
    pub(super) times: u64,
    /// What it counts for; empty where for nothing.
    pub(super) counts_for: Vec<String>,
    /// Why it does not count.
    pub(super) why_not: Option<String>,
    /// The last day on which it counts, where one is said.
    pub(super) ends: Option<String>,
    /// How many days after the day judged that is; below zero where it has passed.
    pub(super) days_left: Option<i64>,
}

/// What to keep in mind.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct WarningPart {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// What is said of the data under a heading.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SectionPart {
    pub(super) title: String,
    pub(super) lines: Vec<SaidPart>,
}

/// A line of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SaidPart {
    /// Of what it speaks; may be empty.
    pub(super) of: String,
    pub(super) what: String,
    pub(super) under: Vec<Self>,
}

/// How the score was computed, and from what.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MethodPart {
    /// The rule file of the edition.
    pub(super) rules: HashedPart,
    /// The texts of rules, profiles and dataset files that were read.
    pub(super) texts: Vec<HashedPart>,
    /// The data files.
    pub(super) data: Vec<HashedPart>,
    /// How unclear sentences were read on which any metric rests.
    pub(super) interpretations: Vec<RecordPart>,
}

/// A file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HashedPart {
    pub(super) file: String,
    pub(super) sha256: String,
}

/// How an unclear sentence was read.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RecordPart {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) chosen: String,
}
