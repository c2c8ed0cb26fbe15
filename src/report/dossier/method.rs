//! How a score was computed, from what, and what is said of the data.

use super::DossierView;
use super::document::{HashedPart, MethodPart, RecordPart, SaidPart, SectionPart, WarningPart};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::sha256;
use crate::report::inspect::{Line, Section, sections};
use crate::rules::Interpretation;
use crate::text::inert;
use std::collections::BTreeMap;

pub(super) fn of(view: &DossierView<'_>) -> MethodPart {
    let explanation = &view.dossier.explanation;
    let rules = &explanation.rules;
    let file = |file: &str, sha256: &str| HashedPart { file: inert(file), sha256: sha256.to_owned() };
    // A dataset file is read once for each day that is planned.
    let texts: BTreeMap<&str, String> =
        view.sources.iter().map(|source| (source.path.as_str(), sha256(source.text.as_bytes()))).collect();
    MethodPart {
        rules: file(&rules.file, &rules.sha256),
        texts: texts.iter().map(|(path, hash)| file(path, hash)).collect(),
        data: view.hashes.iter().enumerate().map(|(at, (path, hash))| file(&named(view, at, path), hash)).collect(),
        interpretations: records(view)
            .into_iter()
            .map(|(id, record)| RecordPart {
                id: id.to_owned(),
                question: inert(&record.question),
                chosen: inert(&record.chosen),
            })
            .collect(),
    }
}

/// How unclear sentences were read on which any area rests, by name.
fn records<'e>(view: &DossierView<'e>) -> BTreeMap<&'e str, &'e Interpretation> {
    let explanation = &view.dossier.explanation;
    explanation.areas.iter().flat_map(|area| explanation.records(area)).collect()
}

/// How a data file is named: of several that can be of other entities by its number, for its name can tell whose it is.
fn named(view: &DossierView<'_>, at: usize, path: &str) -> String {
    match view.hashes.len() {
        0 | 1 => path.to_owned(),
        all if view.dossier.inspection.measures.is_of_one() => format!("data file {} of {all}", at + 1),
        _ => path.to_owned(),
    }
}

/// A text about the entity's own rows, with the files named as here.
fn unnamed(view: &DossierView<'_>, text: &str) -> String {
    if !view.dossier.inspection.measures.is_of_one() {
        return inert(text);
    }
    let mut files: Vec<(usize, &String)> = view.hashes.keys().enumerate().collect();
    // One can be named as the beginning of another is.
    files.sort_by_key(|(_, path)| std::cmp::Reverse(path.len()));
    files.iter().fold(inert(text), |text, (at, path)| text.replace(&inert(path), &named(view, *at, path)))
}

/// What to keep in mind. Where a warning names rows or files that can be others', it says only what it is about.
pub(super) fn warnings(view: &DossierView<'_>) -> Vec<WarningPart> {
    let is_of_one = view.dossier.inspection.measures.is_of_one();
    let part = |warning: &Diagnostic| WarningPart {
        code: warning.code.id(),
        message: if is_of_one && matches!(warning.code, Code::RowsLeftOut | Code::UnusedFile) {
            format!("{}, somewhere in the data of all entities", warning.code.meaning())
        } else {
            unnamed(view, &warning.message)
        },
    };
    let mut all: Vec<WarningPart> = view.dossier.explanation.warnings.iter().map(part).collect();
    all.dedup();
    all
}

pub(super) fn data(view: &DossierView<'_>) -> Vec<SectionPart> {
    let part = |section: Section| SectionPart { title: inert(&section.title), lines: said(view, &section.lines) };
    sections(&view.dossier.inspection, view.profiles).into_iter().map(part).collect()
}

fn said(view: &DossierView<'_>, lines: &[Line]) -> Vec<SaidPart> {
    let part = |line: &Line| SaidPart {
        of: line.of.to_owned(),
        what: unnamed(view, &line.what),
        under: said(view, &line.under),
    };
    lines.iter().map(part).collect()
}
