//! Well-formed [`RuleFile`] → [`RuleSet`]: binds names, checks types, units and bounds; finds all problems in one run.
//!
//! Each part resolves to `None` once its problem is reported, and the walk goes on. Nothing after this re-checks a rule.

mod amount;
mod area;
mod award;
mod condition;
mod days;
mod list;
mod measure;
mod points;
mod reach;
mod rows;
mod scalar;
mod term;
mod touch;
mod track;

use super::document::{Document, pointer};
use super::model::RuleFile;
use super::ruleset::{
    Area, Cite, Edition, List, Measure, Metric, NamedCondition, ResultRef, Rows, RuleSet, Table, Term, Track, Unit,
};
use super::vocabulary::vocabularies;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, did_you_mean};
use crate::source::Location;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The list name that means "the one the measure is asked with".
pub(crate) const GIVEN: &str = "given";

/// How many definitions can rest on each other: a chain that long is a slip, and a longer one would exhaust the stack.
const DEEPEST: usize = 64;

/// What a name can stand for. The word is the file's key for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Table,
    List,
    Term,
    Rows,
    Measure,
    Condition,
    Track,
    Metric,
}

impl Kind {
    /// All of them, in the order in which they are resolved.
    const ALL: [Self; 8] =
        [Self::Table, Self::List, Self::Term, Self::Rows, Self::Measure, Self::Condition, Self::Track, Self::Metric];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::List => "list",
            Self::Term => "term",
            Self::Rows => "rows",
            Self::Measure => "measure",
            Self::Condition => "condition",
            Self::Track => "track",
            Self::Metric => "metric",
        }
    }
}

/// What the file is called and what it hashes to: facts of the bytes, not of the text.
#[derive(Clone, Debug)]
pub(crate) struct FileFacts {
    pub(crate) file: String,
    pub(crate) sha256: String,
}

/// That a file has things of a wrong shape, and the names of those: they were reported and left out.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) failed: Failed,
    pub(crate) left_out: Vec<String>,
}

/// Binds a rule file; every problem is reported at its word.
///
/// # Errors
///
/// [`Failed`] if anything in the file does not hold together.
pub(crate) fn resolve(
    document: &Document,
    file: &RuleFile,
    facts: FileFacts,
    broken: Option<Broken>,
    found: &mut Diagnostics,
) -> Result<RuleSet, Failed> {
    let mut resolver = Resolver {
        document,
        file,
        found,
        failed: broken.as_ref().map(|broken| broken.failed),
        left_out: broken.map(|broken| broken.left_out).unwrap_or_default(),
        used: BTreeSet::new(),
        open: Vec::new(),
        tables: IndexMap::new(),
        lists: HashMap::new(),
        terms: HashMap::new(),
        units: HashMap::new(),
        tracks: HashMap::new(),
        asked: Vec::new(),
        results: Vec::new(),
        looks_back: Vec::new(),
        rows: HashMap::new(),
        measures: HashMap::new(),
        conditions: HashMap::new(),
        metrics: HashMap::new(),
        cites: BTreeMap::new(),
    };
    let resolved = resolver.whole();
    let conditions = named(file.condition.names(), &resolver.conditions);
    let records = file.interpretation.names().map(|name| format!("interpretation.{name}"));
    let places = resolver.everything().into_iter().chain(records).map(|name| {
        let place = document.key(&format!("/{}", name.replace('.', "/")));
        (name, place)
    });
    let places = places.collect();
    match (resolver.failed, resolved) {
        (None, (edition, tables, areas, interpretations)) => Ok(RuleSet {
            edition,
            file: facts.file,
            sha256: facts.sha256,
            sources: file.source.names().map(str::to_owned).collect(),
            tables,
            vocabularies: vocabularies(&areas, &conditions),
            areas,
            conditions,
            interpretations,
            results: resolver.results,
            looks_back: resolver.looks_back,
            places,
            cites: resolver.cites,
        }),
        (Some(failed), _) => Err(failed),
    }
}

type Whole =
    (Edition, IndexMap<String, Arc<Table>>, IndexMap<String, Area>, IndexMap<String, super::ruleset::Interpretation>);

struct Resolver<'a> {
    document: &'a Document,
    file: &'a RuleFile,
    found: &'a mut Diagnostics,
    failed: Option<Failed>,
    /// Names whose definitions were left out because of their shape: they are not unknown.
    left_out: Vec<String>,
    /// Every named thing that something refers to.
    used: BTreeSet<(Kind, String)>,
    /// The named things being resolved just now: one that is met again leads back to itself.
    open: Vec<(Kind, String)>,
    tables: IndexMap<String, Arc<Table>>,
    lists: HashMap<String, Option<Arc<List>>>,
    terms: HashMap<String, Option<Arc<Term>>>,
    /// The unit that each term stands for, and where it was met first.
    units: HashMap<String, (Unit, Location)>,
    tracks: HashMap<String, Option<Arc<Track>>>,
    /// The readings that the measure being resolved asks for, beside what it reads.
    asked: Vec<super::ruleset::Reading>,
    /// Results of other programs, and where they are named.
    results: Vec<(ResultRef, Location)>,
    looks_back: Vec<Location>,
    /// Where each named thing is stated.
    cites: BTreeMap<String, Cite>,
    rows: HashMap<String, Option<Arc<Rows>>>,
    measures: HashMap<String, Option<Arc<Measure>>>,
    conditions: HashMap<String, Option<Arc<NamedCondition>>>,
    metrics: HashMap<String, Option<Arc<Metric>>>,
}

impl Resolver<'_> {
    fn whole(&mut self) -> Whole {
        let edition = self.edition();
        self.sources();
        self.tables();
        // Every definition is resolved, used or not, so that one run finds all problems.
        for name in self.names(Kind::List) {
            let _ = self.list(&name);
        }
        self.ambiguous_spellings();
        for name in self.names(Kind::Term) {
            let _ = self.term(&name);
        }
        for name in self.names(Kind::Rows) {
            let _ = self.rows(&name);
        }
        for name in self.names(Kind::Measure) {
            let _ = self.measure(&name);
        }
        for name in self.names(Kind::Condition) {
            let _ = self.condition(&name);
        }
        for name in self.names(Kind::Track) {
            let _ = self.track(&name);
        }
        for name in self.names(Kind::Metric) {
            let _ = self.shared_metric(&name);
        }
        let areas = self.areas();
        let interpretations = self.interpretations();
        self.never_used();
        (edition, std::mem::take(&mut self.tables), areas, interpretations)
    }

    fn edition(&mut self) -> Edition {
        let edition = &self.file.edition;
        if let Some(until) = edition.in_force.until
            && until < edition.in_force.from
        {
            let problem = Diagnostic::at(
                Code::UntilBeforeStart,
                self.value("/edition/in-force/until"),
                format!("the edition ends on {}, before it starts", until.0),
            );
            self.error(
                problem
                    .other(self.value("/edition/in-force/from"), "it starts here")
                    .help("give a day on or after the start, or leave `until` out"),
            );
        }
        Edition {
            program: edition.program.0.clone(),
            id: edition.id.clone(),
            title: edition.title.clone(),
            from: edition.in_force.from.0,
            until: edition.in_force.until.map(|day| day.0),
            looks_back: edition.in_force.looks_back.unwrap_or(false),
            published: edition.published.0,
            currency: edition.currency.clone(),
        }
    }

    /// Every name that a kind of definition has, in the order of the file.
    fn names(&self, kind: Kind) -> Vec<String> {
        let names = |iter: &mut dyn Iterator<Item = &str>| iter.map(str::to_owned).collect();
        match kind {
            Kind::Table => names(&mut self.file.table.names()),
            Kind::List => names(&mut self.file.list.names()),
            Kind::Term => names(&mut self.file.term.names()),
            Kind::Track => names(&mut self.file.track.names()),
            Kind::Rows => names(&mut self.file.rows.names()),
            Kind::Measure => names(&mut self.file.measure.names()),
            Kind::Condition => names(&mut self.file.condition.names()),
            Kind::Metric => names(&mut self.file.metric.names()),
        }
    }

    fn error(&mut self, problem: Diagnostic) {
        self.failed = Some(self.found.error(problem));
    }

    fn value(&self, at: &str) -> Location {
        self.document.value(at)
    }

    fn key(&self, at: &str) -> Location {
        self.document.key(at)
    }

    /// Says that a name is not defined, with the one that was likely meant; that one counts as used, so that a slip of
    /// the pen is one problem and not two.
    fn unknown(&mut self, kinds: &[Kind], name: &str, at: &str, known: &[String]) {
        let known_names = known.iter().map(String::as_str);
        let what = if kinds.is_empty() {
            "thing".to_owned()
        } else {
            crate::text::either(&kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>())
        };
        if let Some(meant) = crate::text::nearest(name, known_names.clone()) {
            self.used.extend(kinds.iter().map(|kind| (*kind, meant.to_owned())));
        }
        self.unknown_thing(&what, name, at, known);
    }

    /// Says that there is nothing of a name, with the one that was likely meant.
    fn unknown_thing(&mut self, what: &str, name: &str, at: &str, known: &[String]) {
        if self.left_out.iter().any(|left_out| left_out == name) {
            return;
        }
        let known_names = known.iter().map(String::as_str);
        let near = || {
            did_you_mean(name, known_names.clone()).unwrap_or_else(|| {
                if known.is_empty() {
                    format!("this file defines no {what}")
                } else {
                    format!("known: {}", listed(known_names.clone()))
                }
            })
        };
        let help = self.otherwise(what, name, at).unwrap_or_else(near);
        let problem = Diagnostic::at(Code::UnknownName, self.value(at), format!("there is no {what} `{name}`"));
        self.error(problem.label("used here").help(help));
    }

    /// What has a name that stands where something else does: what to write instead.
    fn otherwise(&self, what: &str, name: &str, at: &str) -> Option<String> {
        let mut within = at.split('/').skip(1);
        let is_amount = within.next() == Some(Kind::Measure.word())
            && within.next().is_some_and(|measure| {
                let values = pointer(&pointer("/measure", measure), "value");
                self.document.json.pointer(&pointer(&values, name)).is_some()
            });
        if is_amount {
            return Some(match what {
                "amount" => format!("`{name}` does not stand before what reads it: put it there"),
                _ => format!("`{name}` is an amount of the measure: write `{{ value = \"{name}\" }}`"),
            });
        }
        let kind = Kind::ALL.into_iter().find(|kind| self.names(*kind).iter().any(|known| known == name))?;
        let written = match kind {
            Kind::Measure => format!(": write `{{ measure = \"{name}\" }}` where that is meant"),
            _ => String::new(),
        };
        Some(format!("there is `{}.{name}`, which is no {what}{written}", kind.word()))
    }

    /// Runs `make` for a named thing unless it is being made already, which is reported.
    fn guarded<T>(&mut self, kind: Kind, name: &str, at: &str, make: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let entry = (kind, name.to_owned());
        if self.open.contains(&entry) {
            let problem = Diagnostic::at(
                Code::Circular,
                self.value(at),
                format!("{} `{name}` leads back to itself", kind.word()),
            );
            self.error(problem.help("define it by things that do not refer to it"));
            return None;
        }
        if self.open.len() >= DEEPEST {
            let problem = Diagnostic::at(
                Code::Circular,
                self.value(at),
                format!("{} `{name}` rests on more than {DEEPEST} others", kind.word()),
            );
            self.error(problem.help("define it in fewer steps"));
            return None;
        }
        self.open.push(entry);
        let made = make(self);
        self.open.pop();
        made
    }

    /// The nearest citation: a thing's own, else the one that encloses it; checks its source.
    fn cite(&mut self, own: Option<&String>, at: &str, enclosing: Option<&String>) -> Option<Cite> {
        let cite = self.nearest_cite(own, at, enclosing)?;
        self.cites.insert(at.trim_start_matches('/').replace('/', "."), cite.clone());
        Some(cite)
    }

    fn nearest_cite(&mut self, own: Option<&String>, at: &str, enclosing: Option<&String>) -> Option<Cite> {
        if let Some(own) = own {
            self.cited_source(own, &pointer(at, "cite"));
            return Some(Cite(own.clone()));
        }
        let nearest = enclosing.or(self.file.edition.cite.as_ref());
        if nearest.is_none() {
            let problem = Diagnostic::at(Code::Uncited, self.key(at), "nothing says where this is stated");
            self.error(problem.help("add `cite = \"source#section\"` here or to `[edition]`"));
        }
        nearest.map(|cite| Cite(cite.clone()))
    }

    fn cited_source(&mut self, cite: &str, at: &str) {
        let source = cite.split_once('#').map_or(cite, |(source, _)| source);
        if self.file.source.get(source).is_none() {
            let known: Vec<String> = self.file.source.names().map(str::to_owned).collect();
            self.unknown_thing("source", source, at, &known);
        }
    }

    fn sources(&mut self) {
        if let Some(cite) = &self.file.edition.cite {
            self.cited_source(cite, "/edition/cite");
        }
    }

    fn never_used(&mut self) {
        for kind in Kind::ALL {
            for name in self.names(kind) {
                // After an error not every reference was followed: then whatever is named anywhere counts as used.
                let is_named =
                    || self.failed.is_some() && (is_named(&self.document.json, &name) || self.left_out.contains(&name));
                if self.used.contains(&(kind, name.clone())) || is_named() {
                    continue;
                }
                let at = pointer(&format!("/{}", kind.word()), &name);
                let problem =
                    Diagnostic::at(Code::NeverUsed, self.key(&at), format!("{} `{name}` is never used", kind.word()));
                self.error(
                    problem
                        .label("defined here")
                        .help("use it, or take it out: a term that nothing applies changes no score"),
                );
            }
        }
    }
}

/// Things by name, in the order of the file.
fn named<'n, T>(
    names: impl Iterator<Item = &'n str>,
    made: &HashMap<String, Option<Arc<T>>>,
) -> IndexMap<String, Arc<T>> {
    names.filter_map(|name| Some((name.to_owned(), made.get(name)?.clone()?))).collect()
}

/// What may be left out: `None` only where it was written and did not resolve.
#[expect(clippy::option_option, reason = "the outer says whether it was written, the inner whether it resolved")]
fn all_or_nothing<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(resolved) => resolved.map(Some),
    }
}

/// Whether a text of the document is this name.
fn is_named(json: &serde_json::Value, name: &str) -> bool {
    match json {
        serde_json::Value::String(text) => text == name,
        serde_json::Value::Array(items) => items.iter().any(|item| is_named(item, name)),
        serde_json::Value::Object(object) => object.values().any(|value| is_named(value, name)),
        _ => false,
    }
}

/// Names as help lines list them; at most eight.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = all.len().saturating_sub(8);
    let mut text = all.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(" and others");
    }
    text
}
