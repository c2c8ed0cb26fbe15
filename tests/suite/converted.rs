//! What `convert` makes scores as what it was made from.

use super::cases::{folders, lay_out};
use chrono::NaiveDate;
use pcs_rules::convert::Target;
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::measure::Effort;
use pcs_rules::report::{Format, View, render};
use pcs_rules::run::{Library, Question, convert_folder, load_rules, score_folder};
use pcs_rules::source::Sources;
use std::fs;
use std::path::Path;

/// What a folder scores, without the names of its files; none where it cannot be scored.
fn scored(library: &Library, data: &Path, question: &Question, sources: &mut Sources) -> Option<String> {
    let outcome = score_folder(library, data, question, sources, &mut Diagnostics::default()).ok()?;
    let entities = outcome.entities.clone();
    let view = View { outcome: &outcome, entities, known_by: None, as_of_from_data: false };
    let mut document: serde_json::Value =
        serde_json::from_str(&render(&view, Format::Json, 1)).expect("a score is JSON");
    for name in ["data", "warnings", "tables"] {
        document.as_object_mut().expect("it is an object").remove(name);
    }
    Some(document.to_string())
}

#[test]
fn every_score_of_the_cases_is_the_same_after_converting() {
    let mut count = 0;
    for folder in folders("ok") {
        let (case, scratch) = lay_out(&folder);
        let of_a_score = |line: &&String| line.starts_with("score data --as-of ");
        for (number, line) in case.run.iter().filter(of_a_score).enumerate() {
            let as_of: NaiveDate = line.split_whitespace().nth(3).expect("a day").parse().expect("a day");
            let effort = Effort { threads: 2, ..Effort::default() };
            let question = Question { as_of: Some(as_of), effort, ..Question::default() };
            let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
            let Ok(library) = load_rules(&scratch.0.join("rules"), &mut sources, &mut found) else { continue };
            let data = scratch.0.join("data");
            let Some(before) = scored(&library, &data, &question, &mut sources) else { continue };
            let compact = scratch.0.join(format!("compact-{number}"));
            fs::create_dir(&compact).expect("a folder can be made");
            // As people do it: no day is named, whichever will be judged.
            let all = Question { as_of: None, ..question.clone() };
            let made = convert_folder(
                &library,
                &data,
                Target { folder: &compact, shown: &compact },
                &all,
                &mut sources,
                &mut found,
            );
            assert!(made.is_ok(), "{}: {:?}", folder.display(), found.sorted());
            let after = scored(&library, &compact, &question, &mut sources);
            assert_eq!(after.as_ref(), Some(&before), "{}", folder.display());
            count += 1;
        }
    }
    assert!(count > 50, "only {count} folders were converted");
}
