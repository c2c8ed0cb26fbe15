//! How a score was computed, from what, and what is said of the data.

use super::DossierView;
use super::document::{HashedPart, MethodPart, RecordPart, SaidPart, SectionPart};
use crate::files::sha256;
use crate::report::inspect::{Line, sections};
use crate::rules::Interpretation;
use crate::text::inert;
use std::collections::BTreeMap;

pub(super) fn of(view: &DossierView<'_>) -> MethodPart {
    let explanation = &view.dossier.explanation;
    let rules = &explanation.rules;
    let file = |file: &str, sha256: &str| HashedPart { file: inert(file), sha256: sha256.to_owned() };
    MethodPart {
        rules: file(&rules.file, &rules.sha256),
        texts: view.sources.iter().map(|source| file(&source.path, &sha256(source.text.as_bytes()))).collect(),
        data: view.hashes.iter().map(|(path, hash)| file(path, hash)).collect(),
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

/// How unclear sentences were read on which any metric rests, by name.
fn records<'e>(view: &DossierView<'e>) -> BTreeMap<&'e str, &'e Interpretation> {
    let explanation = &view.dossier.explanation;
    let metrics = explanation.areas.iter().flat_map(|area| &area.metrics);
    metrics.flat_map(|metric| explanation.interpretations(metric)).collect()
}

pub(super) fn data(view: &DossierView<'_>) -> Vec<SectionPart> {
    let sections = sections(&view.dossier.inspection, view.profiles).into_iter();
    sections.map(|section| SectionPart { title: inert(&section.title), lines: said(&section.lines) }).collect()
}

fn said(lines: &[Line]) -> Vec<SaidPart> {
    let part = |line: &Line| SaidPart { of: line.of.to_owned(), what: inert(&line.what), under: said(&line.under) };
    lines.iter().map(part).collect()
}
