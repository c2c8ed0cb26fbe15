//! The making of a plan: each reading finds or adds its accumulators; slots are numbered when all months are known.

mod clauses;
mod reading;
mod table;

use super::{At, Observation, Part, Plan, PlannedReading, PlannedSource, TablePlan, Thing, Unchecked};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::month::Month;
use crate::read::Blank;
use crate::rules::{Area, Condition, NamedCondition, Reading, RuleSet, Terms, Track};
use reading::DraftReading;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use table::{Doubtful, Draft};

/// Plans everything that is asked on the days judged; the catalogs are those of the editions, by their files.
///
/// # Errors
///
/// [`Failed`] if a file lacks a column that is read, or only some tables name the entity.
pub fn plan(
    rules: &Arc<RuleSet>,
    catalogs: &BTreeMap<String, Catalog>,
    observations: Vec<Observation>,
    found: &mut Diagnostics,
) -> Result<Plan, Failed> {
    let first = observations.first().map(|observation| observation.as_of).unwrap_or_default();
    let mut drafts = Drafts { tables: Vec::new(), readings: Vec::new() };
    for (position, observation) in observations.iter().enumerate() {
        let Some(edition) = &observation.rules else { continue };
        if let Some(catalog) = catalogs.get(&edition.file) {
            drafts.tables_of(edition, catalog);
        }
        for thing in &observation.things {
            Taking { drafts: &mut drafts, observation, position }.thing(thing);
        }
    }
    drafts.unchecked();
    for draft in &mut drafts.tables {
        draft.identities();
    }
    let mut failed = Ok(());
    for draft in &drafts.tables {
        if let Err(error) = draft.missing_columns(found) {
            failed = Err(error);
        }
    }
    failed?;
    let (mut entity, mut entity_is_stated, mut unused) = (String::new(), false, Vec::new());
    if let Some(catalog) = catalogs.get(&rules.file) {
        entity_columns(&drafts.tables, catalog, found)?;
        entity.clone_from(&catalog.entity);
        entity_is_stated = catalog.entity_is_stated;
        // What only another program or edition reads is used.
        let is_unused =
            |shown: &str| catalogs.values().all(|other| other.unused.iter().any(|file| file.shown == shown));
        unused.extend(catalog.unused.iter().filter(|file| is_unused(&file.shown)).cloned());
    }
    let Drafts { tables, readings } = drafts;
    let readings: Vec<PlannedReading> = readings.into_iter().map(|draft| draft.finish(&tables)).collect();
    let mut tables: Vec<TablePlan> = tables.into_iter().map(Draft::finish).collect();
    for table in &mut tables {
        table.aliases = aliases(table, &observations);
    }
    share_aliases(&mut tables, &readings);
    Ok(Plan {
        rules: Arc::clone(rules),
        as_of: first,
        last_month: Month::of(first).minus(1),
        entity,
        entity_is_stated,
        tables,
        unused,
        readings,
        observations,
    })
}

/// By the places of columns what texts in them count as.
type Aliases = BTreeMap<usize, BTreeMap<String, String>>;

/// What goes by several names in the lists of the editions that read a table, where rows are grouped by it. Where editions
/// disagree on a spelling, it stands for itself.
fn aliases(table: &TablePlan, observations: &[Observation]) -> Aliases {
    let mut all: BTreeMap<usize, BTreeMap<String, Option<String>>> = BTreeMap::new();
    let keys: BTreeSet<usize> = table.accumulators.iter().flat_map(|accumulator| &accumulator.keys).copied().collect();
    let mut read: Vec<&Arc<RuleSet>> = Vec::new();
    for rules in observations.iter().filter_map(|seen| seen.rules.as_ref()).filter(|_| !keys.is_empty()) {
        if rules.tables.get(&table.name) != Some(&table.table) || read.iter().any(|known| Arc::ptr_eq(known, rules)) {
            continue;
        }
        read.push(rules);
        for (column, vocabulary) in rules.vocabularies.get(&table.name).into_iter().flatten() {
            let is_it = |key: &&usize| table.wanted.get(**key).is_some_and(|wanted| wanted.name == *column);
            let Some(known) = keys.iter().find(is_it).map(|key| all.entry(*key).or_default()) else { continue };
            for spelling in vocabulary.spellings.keys() {
                let name = vocabulary.aliases.get(spelling);
                known
                    .entry(spelling.clone())
                    .and_modify(|known| *known = known.take().filter(|known| name == Some(known)))
                    .or_insert_with(|| name.cloned());
            }
        }
    }
    let agreed = |known: BTreeMap<String, Option<String>>| {
        known.into_iter().filter_map(|(alias, name)| Some((alias, name?))).collect::<BTreeMap<String, String>>()
    };
    all.into_iter().map(|(at, known)| (at, agreed(known))).filter(|(_, known)| !known.is_empty()).collect()
}

/// Groups of several tables are one where their keys are: what a text counts as in one of them, it does in all.
fn share_aliases(tables: &mut [TablePlan], readings: &[PlannedReading]) {
    let mut is_any_new = tables.iter().any(|table| !table.aliases.is_empty());
    while std::mem::take(&mut is_any_new) {
        for reading in readings {
            let PlannedSource::Rows { parts, .. } = &reading.source else { continue };
            for position in 0..reading.measure.group.len() {
                let column = |part: &Part| {
                    let accumulator = tables.get(part.table)?.accumulators.get(part.accumulator)?;
                    Some((part.table, *accumulator.keys.get(position)?))
                };
                let columns: Vec<(usize, usize)> = parts.iter().filter_map(column).collect();
                let of = |(table, at): &(usize, usize)| tables.get(*table)?.aliases.get(at).cloned();
                let mut shared: BTreeMap<String, String> = BTreeMap::new();
                for (alias, name) in columns.iter().filter_map(of).flatten() {
                    shared.entry(alias).or_insert(name);
                }
                for (table, at) in columns.into_iter().filter(|_| !shared.is_empty()) {
                    let Some(table) = tables.get_mut(table) else { continue };
                    let known = table.aliases.entry(at).or_default();
                    for (alias, name) in &shared {
                        if !known.contains_key(alias) {
                            known.insert(alias.clone(), name.clone());
                            is_any_new = true;
                        }
                    }
                }
            }
        }
    }
}

/// Either every table names the entity or none does, unless the dataset file names it.
fn entity_columns(tables: &[Draft], catalog: &Catalog, found: &mut Diagnostics) -> Result<(), Failed> {
    let (mut named, mut unnamed) = (None, None);
    for draft in tables {
        for file in &draft.files.files {
            let side = if file.gives(&draft.table.entity) { &mut named } else { &mut unnamed };
            side.get_or_insert((&draft.table.entity, file));
        }
    }
    let (Some((_, named)), Some((column, unnamed))) = (named, unnamed) else { return Ok(()) };
    if catalog.entity_is_stated {
        return Ok(());
    }
    let shown = &unnamed.file.shown;
    let message = format!("`{shown}` has no column `{column}`, and `{}` has it", named.file.shown);
    let problem = Diagnostic::new(Code::EntityColumn, Place::File(shown.clone()), message);
    let called = match unnamed.fit.as_ref().and_then(|fit| fit.lacks.get(column)) {
        Some(headers) => format!(", called {}", crate::catalog::missed(&unnamed.header, headers)),
        None => String::new(),
    };
    Err(found.error(
        problem.help(format!("add the column{called}, or name the `entity` of rows without one in `dataset.yaml`")),
    ))
}

struct Drafts {
    tables: Vec<Draft>,
    readings: Vec<DraftReading>,
}

/// The readings of a day.
struct Taking<'a> {
    drafts: &'a mut Drafts,
    observation: &'a Observation,
    position: usize,
}

impl Taking<'_> {
    fn thing(&mut self, thing: &Thing) {
        let Some(rules) = self.observation.rules.clone() else { return };
        match thing {
            Thing::Everything => {
                for area in rules.areas.values() {
                    self.area(area, &area.attained);
                }
            }
            Thing::Condition(name) => {
                if let Some(named) = rules.conditions.get(name) {
                    self.condition(&named.when, None);
                }
            }
            Thing::Result(result) => {
                let Some(area) = rules.areas.get(&result.area) else { return };
                let named = result.condition.as_ref().and_then(|name| rules.conditions.get(name));
                self.area(area, named.map_or(&area.attained, std::slice::from_ref));
            }
        }
    }

    fn area(&mut self, area: &Area, attained: &[Arc<NamedCondition>]) {
        for when in area.tracks.iter().filter_map(|track| track.when.as_ref()) {
            self.condition(when, None);
        }
        let tracks = area.tracks.iter().map(Some);
        let tracks: Vec<Option<&Arc<Track>>> = if area.tracks.is_empty() { vec![None] } else { tracks.collect() };
        for track in tracks {
            for award in area.awards() {
                award.readings(&mut |reading| self.reading(reading, track));
            }
            for named in attained {
                self.condition(&named.when, track);
            }
        }
    }

    fn condition(&mut self, condition: &Condition, track: Option<&Arc<Track>>) {
        condition.readings(&mut |reading| self.reading(reading, track));
    }

    fn reading(&mut self, reading: &Reading, track: Option<&Arc<Track>>) {
        self.drafts.reading(reading, self.position, self.observation.as_of, track);
    }
}

impl Drafts {
    /// Adds the tables of an edition that no edition before it reads alike.
    fn tables_of(&mut self, rules: &RuleSet, catalog: &Catalog) {
        for (name, table) in &rules.tables {
            if !self.tables.iter().any(|draft| draft.table == *table) {
                let files = catalog.tables.get(name).cloned().unwrap_or_default();
                self.tables.push(Draft::new(table, files, &catalog.entity, &rules.edition.currency));
            }
        }
    }

    /// The position of a reading, which is added where it is new.
    fn reading(
        &mut self,
        reading: &Reading,
        observation: usize,
        as_of: chrono::NaiveDate,
        track: Option<&Arc<Track>>,
    ) -> usize {
        // What no track changes is read once for all of them.
        let mut depends = false;
        if let Some(track) = track {
            reading.terms(&mut |term| depends |= track.sets.contains_key(&term.name));
        }
        let on = track.filter(|_| depends);
        let at = At { observation, track: on.map(|track| Arc::clone(&track.name)) };
        let terms = Terms { day: as_of, track: track.map(AsRef::as_ref) };
        let key = reading.key(&terms);
        if let Some(known) = self.readings.iter().position(|known| known.at == at && known.key == key) {
            return known;
        }
        let draft = self.draft(reading, at, key, &terms, on.cloned());
        self.readings.push(draft);
        self.readings.len() - 1
    }

    /// The tests that a file without their column cannot answer, or a row without their cell.
    fn unchecked(&mut self) {
        for draft in &mut self.tables {
            for Doubtful { is_kept, written_in, column, blanks, tests } in std::mem::take(&mut draft.tests) {
                let without = draft.files.files.iter().filter(|file| is_kept && !file.gives(&column));
                let lacking: Vec<String> = without.map(|file| file.file.shown.clone()).collect();
                if lacking.is_empty() && !blanks {
                    continue;
                }
                let filter = draft.any_of(tests);
                let column = draft.want(&column, Blank::Missing);
                draft.unchecked.push(Unchecked { is_kept, written_in, column, lacking, blanks, filter });
            }
        }
    }
}
