//! Explanations add up: the parts shown are the whole, and taking out what is named moves the score as is said.

use super::cases::{folders, lay_out};
use super::laws::{Loan, READERS, loans, write};
use super::{Scratch, copy, root};
use chrono::NaiveDate;
use pcs_rules::diagnostic::{Code, Diagnostics};
use pcs_rules::exact::Exact;
use pcs_rules::explain::{AreaExplained, Explanation, ReadingExplained, RowExplained, Subject};
use pcs_rules::measure::{Asked, Effort, Memory};
use pcs_rules::report::{ExplainFormat, ExplainView, explanation};
use pcs_rules::rules::Figure;
use pcs_rules::run::{Library, Question, explain_folder, load_rules, score_folder};
use pcs_rules::source::Sources;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn question(as_of: &str) -> Question {
    let as_of: NaiveDate = as_of.parse().expect("a day");
    Question { as_of: Some(as_of), effort: Effort { threads: 2, ..Effort::default() }, ..Question::default() }
}

/// What is explained of an entity, and the same as JSON; none where the data cannot be scored.
fn explained(
    library: &Library,
    data: &Path,
    question: &Question,
    entity: &str,
    sources: &mut Sources,
) -> Option<(Explanation, String)> {
    let asked = Asked { entity: Some(entity.to_owned()), group: None };
    let mut found = Diagnostics::default();
    let subject = Subject::default();
    let all = explain_folder(library, data, question, (&asked, &subject), sources, &mut found).ok()?;
    let view =
        ExplainView { explanation: &all, sources, known_by: None, as_of_from_data: false, all: true, travels: false };
    let json = explanation(&view, ExplainFormat::Json);
    Some((all, json))
}

/// That a document is as its published schema says.
pub(crate) fn is_as_its_schema_says(name: &str, json: &str) -> Result<(), String> {
    let published = pcs_rules::schemas::all();
    let schema = published.iter().find(|one| one.name == name).expect("a schema of that name");
    let schema = serde_json::from_str(&schema.text).expect("a schema is JSON");
    let document = serde_json::from_str(json).expect("a document is JSON");
    jsonschema::validate(&schema, &document).map_err(|error| error.to_string())
}

#[test]
fn every_score_of_the_cases_is_explained_without_a_gap() {
    let mut count = 0;
    for folder in folders("ok") {
        let (case, scratch) = lay_out(&folder);
        let of_a_score = |line: &&String| line.starts_with("score data --as-of ");
        for line in case.run.iter().filter(of_a_score) {
            let question = question(line.split_whitespace().nth(3).expect("a day"));
            let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
            let Ok(library) = load_rules(&scratch.0.join("rules"), &mut sources, &mut found) else { continue };
            let data = scratch.0.join("data");
            let Ok(outcome) = score_folder(&library, &data, &question, &mut sources, &mut found) else { continue };
            for entity in outcome.entities.iter().take(5) {
                let (explained, json) = explained(&library, &data, &question, &entity.id, &mut sources)
                    .unwrap_or_else(|| panic!("{}: {} is scored and not explained", folder.display(), entity.id));
                let gaps = explained.gaps();
                assert!(gaps.is_empty(), "{}: {}: {gaps:?}", folder.display(), entity.id);
                is_as_its_schema_says("pcs-explanation-1", &json)
                    .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
                count += 1;
            }
        }
    }
    assert!(count > 50, "only {count} scores were explained");
}

/// What is a row's: the reading, its cells, whether it counts, and its last day.
type RowOn = (String, Vec<(String, String)>, bool, Option<NaiveDate>);

#[test]
fn a_row_counts_on_its_last_day_and_not_on_the_day_after() {
    let (_, scratch) = lay_out(&root().join("tests/cases/ok/explain-last-days"));
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut found).expect("rules");
    let mut rows_on = |day: NaiveDate| -> Vec<RowOn> {
        let question = question(&day.to_string());
        let (explained, _) =
            explained(&library, &scratch.0.join("data"), &question, "North", &mut sources).expect("a score");
        let readings = explained.areas.iter().flat_map(AreaExplained::all_readings);
        let of = |reading: &ReadingExplained| -> Vec<RowOn> {
            // A term that is a list makes another reading of the same one.
            let key = format!("{} {}", reading.outcome.key.measure, reading.outcome.key.ago);
            let row = |row: &RowExplained| (key.clone(), row.cells.clone(), row.why_not.is_none(), row.last_day);
            reading.rows.iter().map(row).collect()
        };
        readings.flat_map(of).collect()
    };
    let mut count = 0;
    for (key, cells, _, last) in rows_on("2024-05-01".parse().expect("a day")) {
        let Some(last) = last else { continue };
        for (day, counts) in [(last, true), (last.succ_opt().expect("a day"), false)] {
            let rows = rows_on(day);
            let same = rows.iter().find(|row| row.0 == key && row.1 == cells);
            assert_eq!(same.map(|row| row.2), Some(counts), "{cells:?} on {day}");
            count += 1;
        }
    }
    assert!(count >= 40, "only {count} days were tried");
}

fn readings<'e>(explained: &'e Explanation, measure: &str) -> impl Iterator<Item = &'e ReadingExplained> {
    let metrics = explained.areas.iter().flat_map(|area| &area.metrics);
    metrics.flat_map(|metric| &metric.readings).filter(move |reading| &*reading.measure.name == measure)
}

fn reading<'e>(explained: &'e Explanation, measure: &str) -> &'e ReadingExplained {
    readings(explained, measure).find(|reading| reading.outcome.key.ago == 0).expect("the measure is read")
}

fn value(explained: &Explanation, measure: &str) -> Exact {
    match &reading(explained, measure).outcome.figure {
        Figure::Known(value) => value.clone(),
        other => panic!("{measure} is {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_out_what_is_named_moves_the_score_as_is_said(rows in loans(), pick in 0..8_usize) {
        let scratch = Scratch::new("explained");
        copy(&root().join("tests/cases/base"), &scratch.0);
        fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
        let mut sources = Sources::default();
        let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut Diagnostics::default()).expect("the base's rules hold together");
        let mut rows = rows;
        // The entity is there in any case.
        rows.push(Loan { branch: "North", reader: "zoe", desk: "Main", month: "2024-01", fees: 0, books: 1 });
        let mut explain = |rows: &[Loan]| {
            write(&scratch.0, &[rows.to_vec()]);
            let all = explained(&library, &scratch.0.join("data"), &question("2024-05-01"), "north", &mut sources);
            all.expect("the data are scored").0
        };
        let whole = explain(&rows);
        prop_assert_eq!(whole.gaps(), Vec::<String>::new());
        let keen = reading(&whole, "keen-readers");
        let without = |reader: &str| -> Vec<Loan> {
            rows.iter().filter(|row| !row.reader.eq_ignore_ascii_case(reader) || row.branch == "South").cloned().collect()
        };
        // What a clause drops and what is left are what there is in the reading's own months.
        for fees in readings(&whole, "fees") {
            let of_it = |row: &&Loan| {
                let is_its_month = fees.outcome.months.iter().any(|month| row.month.starts_with(&month.to_string()));
                row.branch.trim().eq_ignore_ascii_case("north") && is_its_month
            };
            let [clause] = fees.clauses.as_slice() else { panic!("one test is asked: {:?}", fees.clauses) };
            let there: Vec<&Loan> = rows.iter().filter(of_it).collect();
            prop_assert_eq!(clause.sifted.reached, u64::try_from(there.len()).expect("few rows"));
            let dropped = clause.sifted.sums.iter().find(|(column, _)| column == "fees").map_or(Exact::zero(), |(_, sum)| sum.clone());
            let sum = there.iter().fold(Exact::zero(), |sum, row| &sum + &Exact::scaled(i128::from(row.fees), 3));
            let Figure::Known(value) = &fees.outcome.figure else { panic!("fees are known") };
            prop_assert_eq!(value + &dropped, sum);
        }
        let before = value(&whole, "keen-readers");
        if let Some(group) = keen.counted.get(pick % keen.counted.len().max(1)) {
            let after = explain(&without(&group.keys[0]));
            prop_assert_eq!(value(&after, "keen-readers"), &before - &Exact::from(1));
        }
        if let Some(group) = keen.left.get(pick % keen.left.len().max(1)) {
            prop_assert!(!group.misses.is_empty());
            let after = explain(&without(&group.keys[0]));
            prop_assert_eq!(value(&after, "keen-readers"), before.clone());
            // What it is said to lack, it lacks: with that many books more in the last month it counts.
            let short = group.misses[0].short.clone().expect("books are a number");
            let one = |rows: &mut Vec<Loan>, month, books| {
                let reader = READERS.iter().find(|known| known.eq_ignore_ascii_case(&group.keys[0])).expect("a reader");
                rows.push(Loan { branch: "North", reader, desk: "Main", month, fees: 0, books });
            };
            // The greatest of two months is short of five books: in one of them the same number brings it there.
            let books = u8::try_from(short.ceil_at(0)).expect("few books");
            let counts = ["2024-03", "2024-04"].into_iter().any(|month| {
                let mut more = rows.clone();
                one(&mut more, month, books);
                value(&explain(&more), "keen-readers") == &before + &Exact::from(1)
            });
            prop_assert!(counts, "{} more books did not do", books);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_of_others_change_no_explanation(rows in loans(), cut in 0..60_usize) {
        let north = |loan: &&Loan| loan.branch.trim().eq_ignore_ascii_case("north");
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let own = [first, second].map(|rows| rows.iter().filter(north).cloned().collect::<Vec<Loan>>());
        let mut seen = Vec::new();
        for files in [[first.to_vec(), second.to_vec()], own] {
            let scratch = Scratch::new("explain-others");
            copy(&root().join("tests/cases/base"), &scratch.0);
            fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
            write(&scratch.0, &files);
            let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
            let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut found).expect("rules");
            let (question, data) = (question("2024-05-01"), scratch.0.join("data"));
            let json = explained(&library, &data, &question, "North", &mut sources).map(|(_, json)| json);
            seen.push(json.map(|json| json.replace(&scratch.0.display().to_string(), "")));
        }
        prop_assert_eq!(&seen[0], &seen[1]);
    }
}

/// How many times more the memory is said to be full.
static FULL: AtomicU64 = AtomicU64::new(0);

/// The memory that is held, as far as anybody is told.
fn held() -> u64 {
    let is_full = FULL.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1)).is_ok();
    if is_full { 100 } else { 0 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn entities_measured_in_shares_have_the_same_numbers(rows in loans(), full in 1..4_u64, cut in 0..60_usize) {
        let scratch = Scratch::new("explain-shares");
        copy(&root().join("tests/cases/base"), &scratch.0);
        fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
        let (first, second) = rows.split_at(cut.min(rows.len()));
        write(&scratch.0, &[first.to_vec(), second.to_vec()]);
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut found).expect("rules");
        let (whole, data) = (question("2024-05-01"), scratch.0.join("data"));
        let memory = Some(Memory { limit: 2, used: held });
        let shares = Question { effort: Effort { threads: 1, memory, ..whole.effort }, ..whole.clone() };

        let score = |question, sources: &mut Sources, found: &mut Diagnostics| {
            score_folder(&library, &data, question, sources, found).map(|outcome| format!("{outcome:?}"))
        };
        let expected = score(&whole, &mut sources, &mut found).expect("a score");
        FULL.store(full, Ordering::SeqCst);
        match score(&shares, &mut sources, &mut found) {
            Ok(outcome) => prop_assert_eq!(&outcome, &expected),
            // The only entity of a share did not fit either.
            Err(_) => prop_assert!(found.sorted().iter().any(|problem| problem.code == Code::TooLittleMemory)),
        }
        for entity in ["North", "Other"] {
            let Some((_, expected)) = explained(&library, &data, &whole, entity, &mut sources) else { continue };
            FULL.store(full, Ordering::SeqCst);
            if let Some((_, json)) = explained(&library, &data, &shares, entity, &mut sources) {
                prop_assert_eq!(&json, &expected);
            }
        }
        FULL.store(0, Ordering::SeqCst);
    }
}

/// A row of the staff list: branch, number, mail, kind.
type Staff = (&'static str, Option<u8>, Option<u8>, &'static str);

fn staff() -> impl Strategy<Value = Vec<Staff>> {
    let one = (
        prop::sample::select(vec!["North", "north ", "South"]),
        prop::option::of(10..14_u8),
        prop::option::weighted(0.8, 0..4_u8),
        prop::sample::select(vec!["Course", "Course", "Course", "Exam"]),
    );
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_explanation_is_of_the_score_whoever_links_names(rows in staff()) {
        let scratch = Scratch::new("explain-names");
        copy(&root().join("tests/cases/base"), &scratch.0);
        copy(&root().join("tests/cases/exports"), &scratch.0);
        let line = |(branch, number, mail, kind): &Staff| {
            let number = number.map_or("NULL".to_owned(), |number| format!("no-{number}"));
            // Each branch writes in letters of its own.
            let letters = if branch.trim().eq_ignore_ascii_case("north") { "n" } else { "N" };
            let mail = mail.map_or("NULL".to_owned(), |mail| format!("{letters}{mail}@town.example"));
            format!("{branch}\t{number}\t{mail}\tshort-stories\t{kind}\t1.1.2024\tNULL\n")
        };
        // Who has neither is nobody.
        let rows: Vec<&Staff> = rows.iter().filter(|(_, number, mail, _)| number.or(*mail).is_some()).collect();
        let text = rows.iter().map(|row| line(row)).collect::<String>();
        let text = format!("Branch\tStaffNumber\tMail\tTitle\tKind\tFrom\tTo\n{text}");
        let data = scratch.0.join("downloads");
        fs::write(data.join("Staff list.tsv"), text).expect("the copy can be written");
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let library = load_rules(&scratch.0.join("rules"), &mut sources, &mut found).expect("rules");
        let question = question("2024-05-01");
        let outcome = score_folder(&library, &data, &question, &mut sources, &mut found).expect("a score");
        for entity in &outcome.entities {
            let (explained, json) = explained(&library, &data, &question, &entity.id, &mut sources)
                .expect("what is scored is explained");
            let areas: Vec<_> = explained.areas.iter().map(|area| &area.outcome).collect();
            prop_assert_eq!(format!("{:?}", areas), format!("{:?}", entity.areas.iter().collect::<Vec<_>>()));
            prop_assert_eq!(explained.gaps(), Vec::<String>::new());
            let is_own = |branch: &str| branch.trim().eq_ignore_ascii_case(&entity.id);
            let others = rows.iter().filter(|row| !is_own(row.0)).filter_map(|row| row.1);
            for number in others.filter(|number| !rows.iter().any(|row| is_own(row.0) && row.1 == Some(*number))) {
                prop_assert!(!json.contains(&format!("no-{number}")), "{} is told of no-{}", entity.id, number);
            }
            prop_assert!(entity.id.trim().eq_ignore_ascii_case("south") || !json.contains("N0@") && !json.contains("N1@"));
        }
    }
}
