//! Worked examples beside the rules: rows, the day judged, and what has to come out.
//!
//! An example goes through the whole program as data from a folder would, in the areas that it names; only its tables lie
//! in the file itself.

mod compare;
mod file;

pub use compare::{Check, ExampleResult};
pub use file::ExampleFile;

use crate::catalog::{Catalog, TableFile, TableFiles};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use crate::parallel;
use crate::plan::{Request, Thing};
use crate::read::{Bytes, DataFile, Format};
use crate::rules::document::{self, Document};
use crate::rules::schema::{Rest, Shape};
use crate::rules::{ResultRef, RuleBook, RuleSet};
use crate::run::score_catalog;
use crate::score::Outcome;
use crate::source::{Location, Sources, TextFile};
use crate::text::is_same;
use compare::Comparison;
use file::Example;
use std::collections::{BTreeMap, BTreeSet};

/// The version of example files that is read.
const FORMAT: &str = "pcs-examples/1";

/// The entity that an example's rows belong to where they name none.
const ENTITY: &str = "example";

/// Files of examples that have the right shape.
#[derive(Debug)]
pub struct Examples {
    files: Vec<(ExampleFile, Document)>,
}

/// Reads files of examples as far as their shape goes; what is wrong with them is in `found`.
pub fn load(texts: &[TextFile], sources: &Sources, found: &mut Diagnostics) -> Examples {
    let shape = Shape::of::<ExampleFile>(FORMAT);
    Examples { files: texts.iter().filter_map(|text| parse(&shape, text, sources, found).ok()).collect() }
}

/// Runs the examples of all files over some threads: what they expect of a score stands in the results, in the order
/// of the files; what cannot be run in `found`.
pub fn run(book: &RuleBook, examples: &Examples, threads: usize, found: &mut Diagnostics) -> Vec<ExampleResult> {
    let case = |(file, document, name, example)| Case { book, file, name, example, document };
    let cases: Vec<Case<'_>> = examples
        .files
        .iter()
        .flat_map(|(file, document)| file.examples.iter().map(move |(name, example)| (file, document, name, example)))
        .map(case)
        .collect();
    let results = parallel::map(&cases, threads, |case| {
        let mut found = Diagnostics::default();
        (case.result(&mut found), found)
    });
    let taken = results.into_iter().map(|(result, problems)| {
        found.extend(problems);
        result
    });
    taken.collect()
}

/// An example file with the places of its keys.
fn parse(
    shape: &Shape,
    text: &TextFile,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Result<(ExampleFile, Document), Failed> {
    let document = Document::parse_yaml(text.source, sources, found)?;
    if let Err(misfit) = shape.check(&document, found) {
        // The other examples are run all the same.
        let rest = misfit.rest.map(|rest| without(*rest));
        let read = |document: Document| Some((serde_json::from_value(document.json.clone()).ok()?, document));
        return rest.and_then(read).ok_or(misfit.failed);
    }
    // Read from the text: a key that stands twice shows only here.
    let whole = sources.get(text.source).map_or("", |source| source.text.as_str());
    let file = serde_yaml::from_str(whole).map_err(|error| {
        let help = "the schema of example files lists every key";
        found.error(document::yaml_problem(text.source, whole, &error, help))
    })?;
    Ok((file, document))
}

/// What can be judged of a file, without the examples that do not fit.
fn without(rest: Rest) -> Document {
    let mut document = rest.document;
    for at in rest.misfits {
        let name = at.strip_prefix("/examples/").and_then(|within| within.split('/').next()).map(document::unescaped);
        let examples = document.json.get_mut("examples").and_then(serde_json::Value::as_object_mut);
        if let Some((examples, name)) = examples.zip(name) {
            examples.shift_remove(&name);
        }
    }
    document
}

/// An example, its file, and the rules it is run under.
struct Case<'a> {
    book: &'a RuleBook,
    file: &'a ExampleFile,
    name: &'a str,
    example: &'a Example,
    document: &'a Document,
}

impl Case<'_> {
    fn result(&self, found: &mut Diagnostics) -> ExampleResult {
        let at = self.place(&[]);
        let mut result = ExampleResult { name: self.name.to_owned(), at, checks: Vec::new(), is_broken: false };
        let mut problems = Diagnostics::default();
        match self.outcome(&mut problems) {
            Ok(outcome) => result.checks = Comparison { case: self, outcome: &outcome }.checks(&mut problems),
            Err(_) => result.is_broken = true,
        }
        result.is_broken |= problems.failed().is_err();
        for problem in problems.sorted() {
            found.error(self.placed(problem));
        }
        result
    }

    /// A key of the example, by the keys that lead to it.
    fn place(&self, keys: &[&str]) -> Location {
        self.document.key(&self.pointer(keys))
    }

    /// A value of the example.
    fn value(&self, keys: &[&str]) -> Location {
        self.document.value(&self.pointer(keys))
    }

    fn pointer(&self, keys: &[&str]) -> String {
        let example = ["examples", self.name];
        example.iter().chain(keys).fold(String::new(), |at, key| document::pointer(&at, key))
    }

    /// A problem of the rules or the rows, said of the example: what it names otherwise lies in no file.
    fn placed(&self, problem: Diagnostic) -> Diagnostic {
        let (at, whence) = match &problem.place {
            Place::Text(_) => return problem,
            Place::Row(cell) => {
                (self.place(&["tables", &cell.file]), format!(", table `{}`, row {}", cell.file, cell.row))
            }
            Place::File(table) | Place::Table(table) => (self.place(&["tables", table]), String::new()),
            Place::Command => (self.place(&[]), String::new()),
        };
        let message = format!("example `{}`{whence}: {}", self.name, problem.message);
        Diagnostic { message, place: Place::Text(at), ..problem }
    }

    fn outcome(&self, found: &mut Diagnostics) -> Result<Outcome, Failed> {
        let example = self.example;
        let program = self.program(found)?;
        let known_by = example.known_by.or(self.file.known_by).map(|day| day.0);
        let request = Request { things: self.things(), ..Request::default() };
        let asked = (example.as_of.0, known_by, &request);
        let rules = self.book.in_force(program, example.as_of.0, known_by, found)?;
        self.cited(rules, found)?;
        let catalog = |rules: &RuleSet, found: &mut Diagnostics| self.catalog(rules, found);
        score_catalog(self.book, rules, asked, catalog, example.entity.as_deref(), found)
    }

    /// The areas that something is said of. What another area reads, the example need not have.
    fn things(&self) -> Vec<Thing> {
        let published = self.example.erratum.iter().flat_map(|erratum| erratum.published.names());
        let areas: BTreeSet<&str> = self.example.expect.names().chain(published).collect();
        let whole = |area: &str| ResultRef { program: None, area: area.to_owned(), condition: None };
        areas.into_iter().map(|area| Thing::Result(whole(area))).collect()
    }

    fn cited(&self, rules: &RuleSet, found: &mut Diagnostics) -> Result<(), Failed> {
        let Some(cite) = &self.example.cite else { return Ok(()) };
        let source = cite.split('#').next().unwrap_or(cite);
        if rules.sources.iter().any(|known| known == source) {
            return Ok(());
        }
        let known = || rules.sources.iter().map(String::as_str);
        let help = did_you_mean(source, known())
            .unwrap_or_else(|| format!("known: {}", known().collect::<Vec<_>>().join(", ")));
        let problem =
            Diagnostic::at(Code::UnknownName, self.place(&["cite"]), format!("there is no source `{source}`"));
        Err(found.error(problem.help(help)))
    }

    fn program(&self, found: &mut Diagnostics) -> Result<&str, Failed> {
        let named = self.file.program.as_ref().map(|program| program.0.as_str());
        if named.is_none() && self.book.programs().count() > 1 {
            let problem =
                Diagnostic::at(Code::UnknownProgram, self.document.key(""), "the rules hold several programs");
            return Err(found.error(problem.help("say which one the examples are of: `program: …`")));
        }
        let mut problems = Diagnostics::default();
        let program = self.book.program(named, &mut problems);
        for problem in problems.sorted() {
            // It is said of the file, once, not of each of its examples.
            found.error(Diagnostic { place: Place::Text(self.document.value("/program")), ..problem });
        }
        program
    }

    /// The example's tables; one that it does not give is empty.
    fn catalog(&self, rules: &RuleSet, found: &mut Diagnostics) -> Result<Catalog, Failed> {
        let given = &self.example.tables;
        let mut failed = Ok(());
        let of_any = |table: &str| self.book.editions().any(|rules| rules.tables.contains_key(table));
        for table in given.names().filter(|table| !of_any(table)) {
            let known = rules.tables.keys().map(String::as_str);
            let help = did_you_mean(table, known).unwrap_or_else(|| "name a table of the rules".to_owned());
            let at = self.place(&["tables", table]);
            failed =
                Err(found
                    .error(Diagnostic::at(Code::UnknownName, at, format!("there is no table `{table}`")).help(help)));
        }
        failed?;
        let file_of = |table: &str, text: String| {
            let bytes = Bytes::Text(text.into_bytes().into());
            DataFile {
                bytes,
                shown: table.to_owned(),
                format: Format::Csv,
                view: None,
                numbers: None,
                known: std::sync::Arc::default(),
            }
        };
        let mut tables = BTreeMap::new();
        let mut names_entity = false;
        for (table, written) in &rules.tables {
            let Some(text) = given.get(table) else { continue };
            let file = file_of(table, text.clone());
            let header = crate::read::header(&file).map_err(|problem| found.error(*problem))?;
            names_entity |= header.iter().any(|column| is_same(column, &written.entity));
            tables.insert(table.clone(), TableFiles { files: vec![TableFile::plain(file, header)], covers: None });
        }
        // A table that is left out has no rows, and names the entity where the others do.
        for (table, written) in rules.tables.iter().filter(|(table, _)| given.get(table).is_none()) {
            let columns = written.columns.keys().filter(|column| names_entity || **column != written.entity);
            let header: Vec<String> = columns.cloned().collect();
            let file = file_of(table, header.join(","));
            tables.insert(table.clone(), TableFiles { files: vec![TableFile::plain(file, header)], covers: None });
        }
        Ok(Catalog {
            shown: self.name.to_owned(),
            entity: ENTITY.to_owned(),
            entity_is_stated: !names_entity,
            tables,
            unused: Vec::new(),
        })
    }
}
