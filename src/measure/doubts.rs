//! Data that can be read and may yet be damaged: the score is given, and says so.

use super::entities::Entities;
use super::local::Pass;
use super::{Ambiguous, Untested};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::month::{Month, spoken};
use crate::plan::{Plan, Predicate, TablePlan};
use crate::text::{NAMED, counted, is_close, nearest, quoted};
use std::collections::BTreeSet;

/// Rows of a file in which a column that says nothing is no chance.
const SOME: u64 = 10;

/// Rows that are not of one thing by chance.
const MANY: u64 = 100;

/// Months between a month and the next one that has rows, after which one of the two is of another time.
const FAR: i32 = 24;

/// A month with so many times fewer rows than others may be cut.
const THIN: u64 = 10;

/// Everything that looks damaged, each told once.
pub(super) fn doubts(plan: &Plan, passes: &[Pass], entities: &Entities, untested: &[Untested]) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (one, other) in entities.apart(plan) {
        let message = format!("`{one}` and `{other}` name no entity together: each is scored by one of them alone");
        let help = "look whether the files belong together, and whether both name entities in one way";
        all.push(implausible(Place::Command, message, help));
    }
    for (table, pass) in plan.tables.iter().zip(passes) {
        all.extend(pass.shared.estimated.iter().map(twice_estimated));
        let doubting = Doubting { table, pass, untested };
        all.extend(doubting.thin_months(plan.last_month));
        all.extend(doubting.far_months());
        all.extend(doubting.other_kinds());
        all.extend(doubting.mostly_repeated());
        all.extend(doubting.of_cells());
        all.extend(doubting.one_for_many());
        all.extend(doubting.one_for_all());
    }
    // A table that editions define in two ways is read twice.
    let mut told: Vec<Diagnostic> = Vec::new();
    for doubt in all {
        if !told.contains(&doubt) {
            told.push(doubt);
        }
    }
    told
}

/// Two files of which one estimates what the other says.
fn twice_estimated((estimate, other, months): &(String, String, Vec<Month>)) -> Diagnostic {
    let of = spoken(months);
    let message = format!("`{estimate}` is an estimate, and `{other}` has rows of the same months, {of}: both count");
    let help = "leave one of the two out for these months";
    implausible(Place::File(estimate.clone()), message, help)
}

fn implausible(place: Place, message: String, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Implausible, place, message).help(help)
}

/// What is doubted of a table.
struct Doubting<'a> {
    table: &'a TablePlan,
    pass: &'a Pass,
    untested: &'a [Untested],
}

impl Doubting<'_> {
    /// The last month judged, and the newest one, have about as many rows as others.
    fn thin_months(&self, last: Month) -> Vec<Diagnostic> {
        let months = &self.pass.months;
        let newest = months.keys().next_back().copied();
        let mut counts: Vec<u64> = months.values().copied().collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
        // A month after the last one judged may be running.
        let judged: BTreeSet<Month> = newest.filter(|month| *month <= last).into_iter().chain([last]).collect();
        let thin = judged.into_iter().filter_map(|month| Some((month, *months.get(&month)?)));
        let thin = thin.filter(|(_, rows)| rows.saturating_mul(THIN) <= usual);
        thin.map(|(month, rows)| {
            let name = &self.table.name;
            let rows = counted(rows, "row");
            let message = format!("`{name}` has {rows} of {month}, and {usual} of a usual month");
            let help =
                "the month may be cut, or its rows misdated: export it again, or judge an earlier day with `--as-of`";
            implausible(Place::Table(name.clone()), message, help)
        })
        .collect()
    }

    /// Months do not lie years from all others.
    fn far_months(&self) -> Vec<Diagnostic> {
        let months: Vec<(Month, u64)> = self.pass.months.iter().map(|(month, rows)| (*month, *rows)).collect();
        let far = months
            .windows(2)
            .rposition(|pair| matches!(pair, [(one, _), (next, _)] if next.index() - one.index() > FAR));
        let Some((before, after)) = far.and_then(|at| months.split_at_checked(at + 1)) else { return Vec::new() };
        let (Some((last, _)), Some((next, _))) = (before.last(), after.first()) else { return Vec::new() };
        let rows = |months: &[(Month, u64)]| months.iter().map(|(_, rows)| rows).sum::<u64>();
        // The fewer rows are the ones that look misdated.
        let (of, none) = if rows(after) < rows(before) {
            (after, format!("since {last}"))
        } else {
            (before, format!("until {next}"))
        };
        let named: Vec<Month> = of.iter().map(|(month, _)| *month).collect();
        let (name, rows) = (&self.table.name, counted(rows(of), "row"));
        let message = format!("`{name}` has {rows} of {}, and none for years {none}", spoken(&named));
        let help =
            "a day that nobody knew may stand there; look at those rows, and export them again where they are misdated";
        vec![implausible(Place::Table(name.clone()), message, help)]
    }

    /// Rows of another kind say so in words of their own.
    fn other_kinds(&self) -> Vec<Diagnostic> {
        let table = &self.table.name;
        let column = |name: &str| quoted(self.table.header(name));
        let told = self.pass.other_kinds.iter().filter_map(|kind| {
            let rows = counted(kind.rows, "row");
            let (code, message, help) = match &kind.spelling {
                None => (
                    Code::BlankCells,
                    format!("{} is blank in {rows} of `{table}`, left out for that alone", column(&kind.column)),
                    "fill in the column, or export the file again; the scores may be too low",
                ),
                Some(spelling) => {
                    let wanted = self.table.wanted.iter().find(|wanted| wanted.name == kind.column)?;
                    let mut kept = wanted.only.iter().flatten().map(String::as_str);
                    let near =
                        kept.clone().find(|kept| is_close(spelling, kept)).or_else(|| nearest(spelling, &mut kept))?;
                    let message = format!(
                        "{} is {} in {rows} of `{table}`, nearly {}: left out",
                        column(&kind.column),
                        quoted(spelling),
                        quoted(near)
                    );
                    (Code::UnlistedSpelling, message, "where it means the same, add it to the `values` of the profile")
                }
            };
            Some(Diagnostic::new(code, Place::Table(table.clone()), message).help(help))
        });
        told.collect()
    }

    /// Most rows do not repeat amounts.
    fn mostly_repeated(&self) -> Option<Diagnostic> {
        let account = &self.pass.account;
        let is_most = 2 * account.duplicate > account.rows() && account.duplicate >= SOME;
        is_most.then(|| {
            let name = &self.table.name;
            let message =
                format!("{} of {} rows of `{name}` are marked as repeated", account.duplicate, account.rows());
            let help = "look whether the mark means what the profile says it means";
            implausible(Place::Table(name.clone()), message, help)
        })
    }

    /// What stands in the cells.
    fn of_cells(&self) -> Vec<Diagnostic> {
        let (of, seen) = (&self.table.name, &self.pass.plausible);
        let name = |at: usize| self.table.wanted.get(at).map_or("", |wanted| wanted.name.as_str());
        let asked = self.asked();
        let mut all = Vec::new();
        let mut doubt = |message: String, help: &str| all.push(implausible(Place::Table(of.clone()), message, help));
        for (at, filled) in seen.filled.iter().enumerate() {
            if let Some((rows, 0)) = filled
                && *rows >= SOME
                && asked.contains(&at)
            {
                let message = format!("`{}` of `{of}` is blank in each of {rows} rows", name(at));
                doubt(message, "export the data with this column filled, unless nothing belongs there");
            }
        }
        for ((first, last), turned) in seen.spans.iter().zip(&seen.turned) {
            if *turned > 0 {
                let rows = counted(*turned, "row");
                let message = format!("in {rows} of `{of}`, `{}` lies before `{}`", name(*last), name(*first));
                doubt(message, "such a row never counts: look how the file writes days, and export it again");
            }
        }
        for (at, points) in seen.points.iter().enumerate() {
            if points.can_part_thousands() {
                let message = format!(
                    "every point in `{}` of `{of}` stands before three digits, as a mark for thousands does",
                    name(at)
                );
                doubt(message, "where it parts thousands, write the numbers without it; they are read as decimals");
            }
        }
        all
    }

    /// The columns that decide on rows or are added up, and of which nothing is told yet; not marks and second names.
    fn asked(&self) -> BTreeSet<usize> {
        let table = self.table;
        let mut asked: BTreeSet<usize> = table.accumulators.iter().flat_map(|a| a.keys.iter().copied()).collect();
        for filter in &table.filters {
            // Where a test asks for nothing in a cell, a blank one says what it should.
            filter.leaves(&mut |leaf| match leaf {
                Predicate::Missing { .. } => {}
                other => asked.extend(other.columns()),
            });
        }
        let is_told = |at: &usize| {
            let name = table.wanted.get(*at).map(|wanted| &wanted.name);
            self.untested.iter().any(|told| told.rows > 0 && told.table == table.name && Some(&told.column) == name)
        };
        asked.retain(|at| !is_told(at));
        asked
    }

    /// A column by which rows are grouped holds more than one name.
    fn one_for_all(&self) -> Vec<Diagnostic> {
        // One partner can have one customer; several do not share him.
        let (entities, keys) = self.pass.named();
        if entities.len() < 2 {
            return Vec::new();
        }
        let wanted = self.table.wanted.iter().zip(keys).zip(&self.pass.plausible.filled);
        let only = wanted.filter_map(|((wanted, names), filled)| {
            let (_, rows) = filled.filter(|(_, rows)| *rows >= MANY && wanted.kind.is_text())?;
            let names = names.as_ref().filter(|names| names.len() == 1)?;
            Some((&wanted.name, names.shown().next()?, rows))
        });
        only.map(|(column, name, rows)| {
            let table = &self.table.name;
            let message = format!("`{column}` of `{table}` is {} wherever it is filled, in {rows} rows", quoted(name));
            let help = "look whether the file tells them apart, or hides the names";
            implausible(Place::Table(table.clone()), message, help)
        })
        .collect()
    }

    /// A name that stands beside several others is one thing.
    fn one_for_many(&self) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for beside in &self.pass.beside {
            let many: Vec<_> = beside.several.iter().filter(|(_, others)| others.len() > 2).collect();
            let of = format!("in `{}` of `{}`", beside.column, beside.table);
            let mut doubt = |message: String| {
                let help = "look whether the names are one; where one only stands in for what is not known, leave its cell empty";
                all.push(implausible(Place::Table(beside.table.clone()), message, help));
            };
            for (name, others) in many.iter().take(NAMED) {
                let name = quoted(name);
                doubt(format!("{name} {of} stands beside {} other names, and counts once", others.len()));
            }
            if let [Ambiguous { name, beside, untold }, rest @ ..] = beside.ambiguous.as_slice() {
                let rest = if rest.is_empty() { String::new() } else { format!(", and so do {} more", rest.len()) };
                doubt(format!(
                    "{} stands beside {} names {of}{rest}: each of those counts",
                    quoted(name),
                    beside.len() + untold
                ));
            }
            if many.len() > NAMED {
                doubt(format!(
                    "{} more names {of} stand beside several others, and count once each",
                    many.len() - NAMED
                ));
            }
        }
        all
    }
}
