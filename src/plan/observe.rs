//! The days judged: the one that is asked for, and those that its results look back to, each with the edition then in
//! force.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::month::Month;
use crate::rules::{Area, Condition, NamedCondition, ResultRef, RuleBook, RuleSet, Seeable, Seen, SeenOn};
use crate::source::Location;
use crate::text::fold;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many things on other days a score of a day can rest on: a result that looks back to itself would never end.
const MOST: usize = 2000;

/// How many months back the month of an anniversary can lie.
const YEAR: u32 = 12;

/// A program on a day.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The program.
    pub program: String,
    /// The edition in force; none where there was none.
    pub rules: Option<Arc<RuleSet>>,
    /// The day judged.
    pub as_of: NaiveDate,
    /// What is asked for of it; nothing of a day that others only look back to.
    pub asked: Vec<Thing>,
    /// All that is looked at on it: what is asked for, and what results rest on.
    pub things: Vec<Thing>,
}

/// Something that is asked on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// Every area.
    Everything,
    /// A named condition.
    Condition(String),
    /// An area's result; of one condition, where one is named.
    Result(ResultRef),
}

impl Observation {
    /// The condition of a name in the edition in force.
    #[must_use]
    pub fn condition(&self, name: &str) -> Option<&Arc<NamedCondition>> {
        self.rules.as_ref()?.conditions.get(name)
    }

    /// Whether an area's result is asked for, whole.
    #[must_use]
    pub fn asks_for(&self, area: &str) -> bool {
        let is_it = |thing: &Thing| match thing {
            Thing::Everything => true,
            Thing::Condition(_) => false,
            Thing::Result(result) => result.area == area && result.condition.is_none(),
        };
        self.asked.iter().any(is_it)
    }

    /// The area of a name in the edition in force.
    #[must_use]
    pub fn area(&self, name: &str) -> Option<&Area> {
        self.rules.as_ref()?.areas.get(name)
    }
}

/// The days that are looked at, the latest first: the day judged itself, then the first or the last day of each month before.
#[must_use]
pub fn days_seen(seen: &Seen, as_of: NaiveDate) -> Vec<NaiveDate> {
    let day = |back: u32| if back == 0 { as_of } else { day_in(Month::of(as_of).minus(back), seen.on) };
    (seen.ago..seen.ago.saturating_add(seen.last)).map(day).collect()
}

/// The same where the months end with that of an anniversary. None of them comes after the day judged.
#[must_use]
pub fn days_until(seen: &Seen, anniversary: NaiveDate, as_of: NaiveDate) -> Vec<NaiveDate> {
    let day = |back: u32| day_in(Month::of(anniversary).minus(back), seen.on).min(as_of);
    (seen.ago..seen.ago.saturating_add(seen.last)).map(day).collect()
}

/// The first or the last day of a month.
fn day_in(month: Month, on: SeenOn) -> NaiveDate {
    let day = match on {
        SeenOn::FirstDay => month.first_day(),
        SeenOn::LastDay => month.next().first_day().and_then(|day| day.pred_opt()),
    };
    day.unwrap_or(NaiveDate::MIN)
}

/// Checks what results rest on in every edition, on its first day: other programs have it, and nothing leads back to itself.
pub fn check(book: &RuleBook, found: &mut Diagnostics) {
    for rules in book.editions() {
        let _ = observations(book, rules, rules.edition.from, None, &Request::default(), found);
    }
}

/// What is wanted of a program.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked on each day.
    pub things: Vec<Thing>,
    /// Days beside the one judged, each judged by the edition then in force.
    pub days: Vec<NaiveDate>,
    /// Whether days before the first edition are judged by it all the same.
    pub before_the_first: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self { things: vec![Thing::Everything], days: Vec::new(), before_the_first: false }
    }
}

/// Every day that the results of an edition on a day rest on; the first is that day. Behind it come the other days.
///
/// # Errors
///
/// [`Failed`] if a result looks back to itself without end, or names what another program does not have.
pub fn observations(
    book: &RuleBook,
    rules: &Arc<RuleSet>,
    as_of: NaiveDate,
    known_by: Option<NaiveDate>,
    request: &Request,
    found: &mut Diagnostics,
) -> Result<Vec<Observation>, Failed> {
    let mut all: Vec<Observation> = Vec::new();
    // Where no edition was in force nothing can be told of the day, which is no error.
    let in_force = |program: &str, day| {
        let rules = book.in_force(program, day, known_by, &mut Diagnostics::default()).ok();
        rules.or_else(|| book.looking_back(program, day, known_by)).cloned()
    };
    let first =
        |program: &str, day| book.first_after(program, day, known_by).filter(|_| request.before_the_first).cloned();
    for day in std::iter::once(as_of).chain(request.days.iter().copied()) {
        let program = rules.edition.program.clone();
        let judging = || in_force(&program, day).or_else(|| first(&program, day));
        let rules = if day == as_of { Some(Arc::clone(rules)) } else { judging() };
        if let Some(rules) = &rules {
            check_foreign(book, rules, found)?;
        }
        let (asked, things) = (request.things.clone(), request.things.clone());
        all.push(Observation { program, rules, as_of: day, asked, things });
    }
    let asked = |position: usize| request.things.iter().map(move |thing| (position, thing.clone()));
    let mut open: Vec<(usize, Thing)> = (0..all.len()).flat_map(asked).collect();
    let most = MOST.saturating_mul(all.len());
    let mut same_day: Edges = BTreeMap::new();
    let mut count = 0;
    while let Some((position, thing)) = open.pop() {
        count += 1;
        if count > most {
            let message = "a result looks back to itself, and that one to itself before, without end";
            let place = rules.looks_back.first().map_or(Place::Command, |at| Place::Text(*at));
            let problem = Diagnostic::new(Code::Circular, place, message);
            return Err(found.error(problem.help("let `seen` look for a condition that does not look back")));
        }
        let Some(observation) = all.get(position) else { continue };
        let from = &thing;
        let (program, day) = (observation.program.clone(), observation.as_of);
        for (of, on, thing) in demands(observation, from) {
            let is_same_day = on == day;
            let (program, day) = (of.unwrap_or_else(|| program.clone()), on);
            let place = all.iter().position(|known| known.program == program && known.as_of == day);
            let place = place.unwrap_or_else(|| {
                let rules = in_force(&program, day);
                all.push(Observation { program, rules, as_of: day, asked: Vec::new(), things: Vec::new() });
                all.len() - 1
            });
            if is_same_day {
                same_day.entry((position, from.clone())).or_default().push((place, thing.clone()));
            }
            if let Some(observation) = all.get_mut(place)
                && !observation.things.contains(&thing)
            {
                observation.things.push(thing.clone());
                open.push((place, thing));
            }
        }
    }
    for node in same_day.keys() {
        if let (_, Thing::Result(result)) = node
            && let Some(chain) = leads_back(&same_day, node, node, &mut BTreeSet::new())
        {
            let named = |(place, thing): &(usize, Thing)| match thing {
                Thing::Result(result) => {
                    let of = all.get(*place).filter(|on| on.program != rules.edition.program);
                    Some(format!(
                        "`{}`{}",
                        result.area,
                        of.map(|on| format!(" of `{}`", on.program)).unwrap_or_default()
                    ))
                }
                Thing::Everything | Thing::Condition(_) => None,
            };
            let chain: Vec<String> = std::iter::once(node).chain(chain).filter_map(named).collect();
            let message = format!("a result leads back to itself on the same day: {}", chain.join(" rests on "));
            let of_it = |read: &&(ResultRef, Location)| read.0.area == result.area;
            let place = rules.results.iter().find(of_it).or(rules.results.first());
            let place = place.map_or(Place::Command, |(_, at)| Place::Text(*at));
            let problem = Diagnostic::new(Code::Circular, place, message);
            return Err(found.error(problem.help("let one of the results rest on conditions instead")));
        }
    }
    Ok(all)
}

/// What rests on what, on one day.
type Edges = BTreeMap<(usize, Thing), Vec<(usize, Thing)>>;

/// The steps from a thing to another; none where nothing leads there.
fn leads_back<'a>(
    edges: &'a Edges,
    from: &(usize, Thing),
    to: &(usize, Thing),
    seen: &mut BTreeSet<&'a (usize, Thing)>,
) -> Option<Vec<&'a (usize, Thing)>> {
    edges.get(from).into_iter().flatten().find_map(|next| {
        let onwards = if next == to {
            Some(Vec::new())
        } else if seen.insert(next) {
            leads_back(edges, next, to, seen)
        } else {
            None
        };
        onwards.map(|steps| std::iter::once(next).chain(steps).collect())
    })
}

/// What a thing rests on: of which other program, on which day, and what.
fn demands(observation: &Observation, thing: &Thing) -> Vec<(Option<String>, NaiveDate, Thing)> {
    let mut all = Vec::new();
    let mut ask = |condition: &Condition| {
        condition.parts(&mut |part| match part {
            Condition::Seen(seen) => seen_demands(seen, observation.as_of, &mut all),
            Condition::Result(result) => {
                all.push((result.program.clone(), observation.as_of, Thing::Result(here(result))));
            }
            _ => {}
        });
    };
    match thing {
        Thing::Everything => {
            for area in observation.rules.iter().flat_map(|rules| rules.areas.values()) {
                area.each_condition(&mut ask);
            }
        }
        Thing::Condition(name) => {
            if let Some(named) = observation.condition(name) {
                ask(&named.when);
            }
        }
        Thing::Result(result) => {
            if let Some(area) = observation.area(&result.area) {
                area.tracks.iter().filter_map(|track| track.when.as_ref()).for_each(&mut ask);
                area.awards().for_each(|award| award.conditions(&mut ask));
                match &result.condition {
                    None => area.attained.iter().for_each(|named| ask(&named.when)),
                    Some(name) => observation.condition(name).into_iter().for_each(|named| ask(&named.when)),
                }
            }
        }
    }
    all
}

fn seen_demands(seen: &Seen, as_of: NaiveDate, all: &mut Vec<(Option<String>, NaiveDate, Thing)>) {
    // An entity's latest anniversary is at most a year back, and whose that is, only the rows say.
    let mut days = Vec::new();
    if seen.anniversary.is_some() {
        for back in 0..=YEAR {
            let month = Month::of(as_of).minus(back).first_day().unwrap_or(NaiveDate::MIN);
            days.extend(days_until(seen, month, as_of));
        }
        days.sort();
        days.dedup();
    } else {
        days = days_seen(seen, as_of);
    }
    for day in days {
        all.push(match &seen.what {
            Seeable::Condition(named) => (None, day, Thing::Condition(named.name.clone())),
            Seeable::Result(result) => (result.program.clone(), day, Thing::Result(here(result))),
        });
    }
}

/// The result as its own program names it.
fn here(result: &ResultRef) -> ResultRef {
    ResultRef { program: None, ..result.clone() }
}

/// The results of other programs have to exist in some edition of theirs, and be about the same entities.
fn check_foreign(book: &RuleBook, rules: &RuleSet, found: &mut Diagnostics) -> Result<(), Failed> {
    let mut failed = Ok(());
    for (result, at) in &rules.results {
        let Some(program) = result.program.as_deref() else { continue };
        let editions: Vec<&RuleSet> =
            book.editions().map(AsRef::as_ref).filter(|other| other.edition.program == program).collect();
        if let Some((code, message, help)) = misfit(rules, result, program, &editions) {
            failed = Err(found.error(Diagnostic::at(code, *at, message).help(help)));
        }
    }
    failed
}

/// What is wrong with reading a result of another program, and what to do.
fn misfit(rules: &RuleSet, result: &ResultRef, program: &str, editions: &[&RuleSet]) -> Option<(Code, String, String)> {
    let has = |is_there: &dyn Fn(&RuleSet) -> bool| editions.iter().any(|other| is_there(other));
    let unknown = |message: String| {
        Some((Code::UnknownName, message, "load the rules of both programs from one folder".to_owned()))
    };
    if editions.is_empty() {
        return unknown(format!("there is no program `{program}`"));
    }
    if !has(&|other| other.areas.contains_key(&result.area)) {
        return unknown(format!("no edition of `{program}` has an area `{}`", result.area));
    }
    if let Some(name) = &result.condition
        && !has(&|other| other.conditions.contains_key(name))
    {
        return unknown(format!("no edition of `{program}` has a condition `{name}`"));
    }
    // A column of another name is taken for that of another kind of entity: every result about it would be certain, and
    // of nobody.
    let entities = |of: &RuleSet| -> BTreeSet<String> {
        of.tables.values().map(|table| fold(&table.entity).into_owned()).collect()
    };
    let (own, theirs) = (entities(rules), editions.iter().map(|other| entities(other)).reduce(|all, one| &all | &one)?);
    // A program without tables is about whomever the results are about.
    if own.is_empty() || theirs.is_empty() || !own.is_disjoint(&theirs) {
        return None;
    }
    let named = |names: &BTreeSet<String>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let message = format!(
        "the results of `{program}` are about each {}, and this program is about each {}",
        named(&theirs),
        named(&own)
    );
    Some((Code::Misfit, message, "both have to name their entities by one column".to_owned()))
}
