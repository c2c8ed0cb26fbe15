//! `pcs-rules check`

use super::Output;
use super::exit::Exit;
use pcs_rules::diagnostic::{Diagnostics, Failed};
use pcs_rules::example;
use pcs_rules::files;
use pcs_rules::plan;
use pcs_rules::profile;
use pcs_rules::rules;
use pcs_rules::source::{Sources, TextFile};
use std::panic::resume_unwind;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of rules, or rule files [default: ./rules].
    path: Vec<PathBuf>,
}

/// The findings are what was asked for: they go to standard output.
pub(super) fn run(
    args: &Args,
    output: &Output,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<Exit, Failed> {
    let (texts, examples) = super::test::texts(&args.path, sources, found)?;
    let profiles = profiles(&args.path, sources, found)?;
    let sources = &*sources;
    // Examples are the larger half of what is read, and wait for nothing.
    let (editions, loaded, (examples, problems)) = std::thread::scope(|scope| {
        let examples = scope.spawn(|| {
            let mut found = Diagnostics::default();
            (example::load(&examples, sources, &mut found), found)
        });
        let editions = rules::load(&texts, sources, found);
        let loaded = profile::load(&profiles, sources, found);
        (editions, loaded, examples.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    found.extend(problems);
    let mut count = 0;
    if let Ok(book) = &editions {
        plan::check(book, found);
        if let Ok(loaded) = &loaded {
            loaded.check(book, found);
        }
        let results = example::run(book, &examples, super::threads(None), found);
        count = results.len();
        for result in &results {
            result.report(found);
        }
    }
    let clean = found.failed().is_ok();
    let mut text =
        if found.is_empty() && output.is_for_people() { String::new() } else { output.rendered(found, sources) };
    if output.is_for_people() {
        let mut files = counted(texts.len(), "rule file");
        if !profiles.is_empty() {
            files.push_str(&format!(", {}", counted(profiles.len(), "profile")));
        }
        files.push_str(&format!(" and {}", counted(count, "worked example")));
        let problems = match found.errors() {
            0 => "no errors".to_owned(),
            errors => counted(errors, "error"),
        };
        text.push_str(&format!("checked {files}: {problems}\n"));
    }
    output.findings(&text, found)?;
    Ok(if clean { Exit::Done } else { Exit::Findings })
}

/// The profiles in the folders given.
fn profiles(given: &[PathBuf], sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let mut texts = Vec::new();
    for path in super::test::paths(given) {
        texts.extend(files::profile_texts(&path, sources, found)?);
    }
    super::test::once(&mut texts, sources);
    Ok(texts)
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
