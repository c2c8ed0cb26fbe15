//! `pcs-rules test`

use super::Output;
use super::exit::Exit;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::example;
use pcs_rules::files;
use pcs_rules::rules;
use pcs_rules::source::{Sources, TextFile};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of rules with their examples, or files [default: ./rules].
    path: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let (texts, examples) = texts(&args.path, sources, found)?;
    let book = rules::load(&texts, sources, found)?;
    let examples = example::load(&examples, sources, found);
    let results = example::run(&book, &examples, super::threads(None), found);
    let failed = results.iter().filter(|result| !result.passed()).count();
    let passed = results.len() - failed;
    let mut text = String::new();
    if output.is_for_people() {
        text.extend(results.iter().map(pcs_rules::report::example));
    } else {
        // Programs find what differs among the problems, as `check` reports it.
        for result in &results {
            result.report(found);
        }
    }
    if !found.is_empty() || !output.is_for_people() {
        text.push_str(&output.rendered(found, sources));
    }
    if output.is_for_people() {
        text.push_str(&format!("{passed} passed, {failed} failed\n"));
    }
    output.findings(&text, found)?;
    // Nothing run is nothing passed.
    Ok(if passed > 0 && failed == 0 && found.failed().is_ok() { Exit::Done } else { Exit::Findings })
}

/// The rule files and the example files below the paths.
pub(super) fn texts(
    given: &[PathBuf],
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(Vec<TextFile>, Vec<TextFile>), Failed> {
    let (mut rules, mut examples) = (Vec::new(), Vec::new());
    for path in paths(given) {
        rules.extend(files::rule_texts(&path, sources, found)?);
        examples.extend(files::example_texts(&path, sources, found)?);
    }
    once(&mut rules, sources);
    once(&mut examples, sources);
    Ok((rules, examples))
}

/// Where rules are looked for when no path is given.
pub(super) fn paths(given: &[PathBuf]) -> Vec<PathBuf> {
    if given.is_empty() { vec![PathBuf::from(files::RULES_FOLDER)] } else { given.to_vec() }
}

/// A file that is reached in two ways is read once.
pub(super) fn once(texts: &mut Vec<TextFile>, sources: &Sources) {
    let mut seen = BTreeSet::new();
    texts.retain(|text| {
        let path = sources.get(text.source).map(|source| PathBuf::from(&source.path)).unwrap_or_default();
        seen.insert(path.canonicalize().unwrap_or(path))
    });
}
