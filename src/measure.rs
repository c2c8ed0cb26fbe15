//! [`Plan`] → [`Measures`]: the only stage that sees rows. Each table is read once.
//!
//! `local` passes over columns and fills the accumulators; `finish` reads the numbers off them.

mod account;
mod bad_rows;
mod doubts;
mod entities;
mod evidence;
mod finish;
mod local;
mod names;
mod rounds;
mod share;
mod spellings;
mod sums;
mod survey;
mod tally;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::exact::Exact;
use crate::month::Month;
use crate::plan::{At, Plan, TablePlan};
pub use crate::read::AtOnce;
use crate::read::{Batch, Wanted};
use crate::rules::{Figure, ReadingKey};
use crate::text::is_same;
pub use account::Account;
use bad_rows::BadRows;
pub use evidence::{Asked, Distance, Evidence, GroupSeen, KeyAsked, RowSeen, WhyNot, explained};
use finish::TooLarge;
pub use local::{Alike, OtherKind, Overlap};
pub use names::{Column, Odd};
use rounds::{Nobody, Onlookers};
pub use share::Memory;
use share::Share;
pub use spellings::Unlisted;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use survey::Surveyor;
pub use survey::{Sifted, Survey};

/// What the rows say, and no row.
#[derive(Debug)]
pub struct Measures {
    /// Every entity that any table names and that is measured, by id.
    pub entities: Vec<String>,
    /// The others, likewise: nothing else that stands here is of them, but which months have rows, and what is said of
    /// unreadable rows and of files.
    pub others: Vec<String>,
    /// Every reading.
    pub readings: BTreeMap<(At, ReadingKey), Measured>,
    /// Tests that some rows have no cell for, with those rows, over all entities that are measured.
    pub unchecked: Vec<Untested>,
    /// For each table with months after the month of the day judged: its name and the newest of them.
    pub months_ahead: Vec<(String, Month)>,
    /// What became of every row, for each table in the order of the plan.
    pub accounts: Vec<Account>,
    /// Values that go by two names and count once.
    pub merged: Vec<Merged>,
    /// For each table in the order of the plan: the values of rows of another kind than its own, the most frequent first.
    pub other_kinds: Vec<Vec<OtherKind>>,
    /// Rows that stand twice, whose amounts count twice.
    pub overlaps: Vec<Overlap>,
    /// Names that stand beside several others, and are left as they are.
    pub beside: Vec<Beside>,
    /// For each table in the order of the plan: the months that have rows, whosever they are.
    pub months: Vec<BTreeSet<Month>>,
    /// The same of the rows of those that are measured.
    pub own_months: Vec<BTreeSet<Month>>,
    /// Of several tables that name entities: those that one alone names, by its name.
    pub alone: Vec<(String, Vec<String>)>,
    /// For each table in the order of the plan: by column the spellings that no list of the rules knows, the most frequent
    /// first. Where lists only name what is left out, those that are nearly in one.
    pub unlisted: Vec<Vec<(String, Vec<Unlisted>)>>,
    /// Names that may not be what they should.
    pub odd: Vec<Odd>,
    /// What else looks damaged.
    pub doubts: Vec<Diagnostic>,
    /// Unreadable rows that were left out.
    pub rows_left_out: u64,
    /// The first of those rows, each with what is wrong.
    pub left_out: Vec<Diagnostic>,
    /// The files whose last row has no line end.
    pub open_ends: Vec<String>,
    /// Amounts that are stored as binary fractions.
    pub floats: Vec<Floats>,
}

impl Measures {
    /// Whether one entity of several is measured.
    #[must_use]
    pub fn is_of_one(&self) -> bool {
        !self.others.is_empty()
    }

    /// Forgets every entity but this one; where no table names it, all are kept.
    pub fn keep_only(&mut self, entity: &str) {
        let Some(position) = self.entities.iter().position(|id| is_same(id, entity)) else { return };
        self.entities = vec![self.entities.swap_remove(position)];
        for reading in self.readings.values_mut() {
            if let Some(value) = reading.values.get(position) {
                reading.values = Arc::new([value.clone()]);
            }
        }
    }

    /// Takes in the numbers of the entities of a share. All else says the same of all rows.
    fn take(&mut self, share: Share<'_>, other: &Self) {
        for (key, reading) in &mut self.readings {
            let Some(theirs) = other.readings.get(key) else { continue };
            let both = self.entities.iter().zip(reading.values.iter().zip(theirs.values.iter()));
            let one = |(entity, (mine, theirs)): (&String, (&Option<Exact>, &Option<Exact>))| {
                if share.holds(entity) { theirs.clone() } else { mine.clone() }
            };
            reading.values = both.map(one).collect();
        }
    }
}

/// Values of a column that stand under two names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The second names, each with the one that it counts as.
    pub names: Vec<(String, String)>,
    /// Whether the rules say so; else each stands beside exactly one first name.
    pub is_stated: bool,
}

/// Names of a column that stand beside several of the other kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The second names that stand beside several first names: rows that have the second alone mean none of them, and
    /// count as something else.
    pub ambiguous: Vec<Ambiguous>,
    /// The first names that stand beside several second names, with those.
    pub several: Vec<(String, Vec<String>)>,
}

/// A second name that stands beside several first names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// The second name.
    pub name: String,
    /// The first names.
    pub beside: Vec<String>,
    /// How many more stand beside it in rows of entities that are not measured.
    pub untold: usize,
}

/// A reading for every entity.
#[derive(Debug)]
pub struct Measured {
    /// The months it covers, ascending; empty where its tables have none.
    pub months: Arc<[Month]>,
    /// What of the tables is not there. Where anything is, the values say nothing.
    pub lacking: Vec<Lacking>,
    /// The number of each entity, in the order of [`Measures::entities`]; none for the mean or extreme of nothing.
    pub values: Arc<[Option<Exact>]>,
}

impl Measured {
    /// What the number of an entity is.
    #[must_use]
    pub fn figure(&self, entity: usize) -> Figure {
        match self.values.get(entity) {
            _ if !self.lacking.is_empty() => Figure::Unknown,
            Some(Some(value)) => Figure::Known(value.clone()),
            Some(None) => Figure::Missing,
            None => Figure::Unknown,
        }
    }
}

/// What a reading needs and the data do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The table.
    pub table: String,
    /// The months of it; empty where the table is not there at all.
    pub months: Vec<Month>,
}

/// A test that asks for a cell which some rows do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untested {
    /// Whether its rows are kept untested; else they are left out for that alone.
    pub is_kept: bool,
    /// The table.
    pub table: String,
    /// The files that lack the column; none where it is blank cells that are told.
    pub lacking: Vec<String>,
    /// Where the test is written.
    pub written_in: String,
    /// The column that is lacking.
    pub column: String,
    /// How many rows there are.
    pub rows: u64,
    /// The sums over those rows, by column.
    pub sums: Vec<(String, Exact)>,
}

/// Amounts that a file stores as binary fractions, and that were read as the shortest decimals that stand for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floats {
    /// The table.
    pub table: String,
    /// The file.
    pub file: String,
    /// The column, as the file spells it.
    pub column: String,
}

/// How the work is done; no choice here changes a result.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many threads read; at least one.
    pub threads: usize,
    /// How many unreadable rows are left out before the run fails.
    pub allow_bad_rows: u64,
    /// Whether the data are looked at for what may be wrong with them; it changes no number.
    pub doubts: bool,
    /// How much memory may be taken; none: as much as it takes. Where the groups of all entities do not fit, the data are
    /// read again and again, for some entities at a time.
    pub memory: Option<Memory>,
    /// How much a thread reads at a time.
    pub at_once: AtOnce,
}

impl Default for Effort {
    fn default() -> Self {
        Self { threads: 1, allow_bad_rows: 0, doubts: true, memory: None, at_once: AtOnce::default() }
    }
}

/// Measures everything that is planned, of every entity or of one.
///
/// # Errors
///
/// [`Failed`] for a file that cannot be read, more unreadable rows than permitted, a sum beyond 38 digits, or too little
/// memory.
pub fn measure(plan: &Plan, effort: Effort, only: Option<&str>, found: &mut Diagnostics) -> Result<Measures, Failed> {
    rounds::measured((plan, effort, Sums::Left), Share::of(only), &mut Nobody, found).map(|(measures, _)| measures)
}

/// Measures everything that is planned, and looks in the same pass at what no score shows, table by table.
///
/// # Errors
///
/// As [`measure`].
pub fn survey(plan: &Plan, effort: Effort, found: &mut Diagnostics) -> Result<(Measures, Vec<Survey>), Failed> {
    let (measures, seen) = rounds::measured((plan, effort, Sums::Taken), Share::ALL, &mut Surveyors, found)?;
    Ok((measures, surveys(plan, seen, found)?))
}

/// What all threads have seen, table by table.
fn surveys(plan: &Plan, seen: Vec<Vec<Surveyor<'_>>>, found: &mut Diagnostics) -> Result<Vec<Survey>, Failed> {
    let whole = plan.tables.iter().zip(seen).map(|(table, seen)| {
        Surveyor::together(seen).ok_or_else(|| {
            let lost = TooLarge { table: table.name.clone(), sum: "a sum".to_owned() };
            too_large(&lost, found)
        })
    });
    whole.collect()
}

/// Whether amounts are added up by the spellings that no list knows, and all rows looked at beside; a score only counts rows,
/// and needs no name that no month asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sums {
    Taken,
    Left,
}

/// Those who see the rows of all entities.
struct Surveyors;

impl<'a> Onlookers<'a> for Surveyors {
    type One = Surveyor<'a>;

    fn one(&self, table: &'a TablePlan) -> Surveyor<'a> {
        Surveyor::of_all(table)
    }

    fn see(one: &mut Surveyor<'a>, batch: &Batch<'_>) {
        one.see(batch);
    }
}

fn too_large(TooLarge { table, sum }: &TooLarge, found: &mut Diagnostics) -> Failed {
    let message = format!("{sum} over `{table}` has more than 38 digits");
    let problem = Diagnostic::new(Code::TooLarge, Place::Table(table.clone()), message);
    found.error(problem.help("look for an amount that is wrong by many digits"))
}

/// The newest month of all tables that have months; `None` where none has a row.
///
/// # Errors
///
/// [`Failed`] for a file that cannot be read, or more unreadable rows than permitted.
pub fn newest_month(plan: &Plan, effort: Effort, found: &mut Diagnostics) -> Result<Option<Month>, Failed> {
    let mut newest = None;
    let mut rejected = BadRows::default();
    for table in &plan.tables {
        let Some(month) = table.month else { continue };
        // Rows that may be left out must not decide the day: then every column is looked at. Else an unreadable row
        // ends the run anyway, and the months alone are enough.
        let months = || table.wanted.iter().enumerate().filter(|(at, wanted)| *at == month || wanted.only.is_some());
        let few: Vec<Wanted> = months().map(|(_, wanted)| wanted.clone()).collect();
        let place = months().position(|(at, _)| at == month).unwrap_or(0);
        let (wanted, at) = if effort.allow_bad_rows > 0 { (&table.wanted, month) } else { (&few, place) };
        let (seen, refused) = crate::read::newest_month(&table.files, wanted, at, effort.threads)
            .map_err(|problem| found.error(*problem))?;
        newest = newest.max(seen);
        rejected.add(&table.name, refused.rows, Vec::new());
    }
    // Where no row is left, what is wrong with them is all there is to say.
    let permitted = if newest.is_none() { 0 } else { effort.allow_bad_rows };
    if rejected.rows() > permitted {
        every_bad_row(plan, Effort { allow_bad_rows: permitted, ..effort }, found)?;
    }
    Ok(newest)
}

/// Looks at every column of every table, so that one run names what is wrong with any of them.
fn every_bad_row(plan: &Plan, effort: Effort, found: &mut Diagnostics) -> Result<(), Failed> {
    let mut rejected = BadRows::default();
    let mut failed = Ok(());
    for table in &plan.tables {
        match crate::read::scan(&table.files, &table.wanted, vec![(); effort.threads.max(1)], |(), _| {}) {
            Ok((_, refused)) => rejected.add(&table.name, refused.rows, refused.listed),
            Err(problem) => failed = Err(found.error(*problem)),
        }
    }
    rejected.permitted(effort, found).and(failed)
}

/// The covered months of a table: stated, or all of them where its rows are events, or those of its rows.
fn covered(stated: Option<(Month, Month)>, is_complete: bool, seen: &BTreeSet<Month>) -> impl Fn(Month) -> bool + '_ {
    move |month| match stated {
        Some((from, to)) => from <= month && month <= to,
        None => is_complete || seen.contains(&month),
    }
}
