//! The shipped terms: they hold together, the published examples come out, the documented alternatives move scores, and
//! no number, date or list member stands there for nothing.

use super::root;
use pcs_rules::catalog::{Catalog, TableFile, TableFiles};
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::example::{self, ExampleResult};
use pcs_rules::files;
use pcs_rules::plan::Request;
use pcs_rules::read::{self, Bytes, DataFile, Format};
use pcs_rules::report;
use pcs_rules::rules::{self, RuleBook};
use pcs_rules::run;
use pcs_rules::source::{Sources, TextFile};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const TERMS: &str = "azure/2023-06-13.toml";

fn terms() -> String {
    fs::read_to_string(root().join("rules").join(TERMS)).expect("the terms can be read")
}

/// The rules of a text, if they hold together.
fn book(text: &str) -> Option<RuleBook> {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let source = sources.add(TERMS, text);
    rules::load(&[TextFile { file: TERMS.to_owned(), source }], &sources, &mut found).ok()
}

/// The results of the worked examples under a text; `None` where the text is refused.
fn examples_under(text: &str) -> Option<Vec<ExampleResult>> {
    let book = book(text)?;
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let texts =
        files::example_texts(&root().join("rules"), &mut sources, &mut found).expect("the examples can be read");
    let examples = example::load(&texts, &sources, &mut found);
    Some(example::run(&book, &examples, 1, &mut found))
}

#[test]
fn every_worked_example_comes_out() {
    let results = examples_under(&terms()).expect("the terms hold together");
    let text: String = results.iter().map(report::example).collect();
    assert!(results.iter().all(ExampleResult::passed), "{text}");
    insta::assert_snapshot!("worked-examples", text);
}

/// What a change of the terms has to move: a data set, the day, an area and a metric.
struct Scene {
    usage: &'static str,
    as_of: &'static str,
    metric: &'static str,
}

/// The certified points of a metric in the first area; `None` where the rules or the data are refused.
fn points(text: &str, scene: &Scene) -> Option<String> {
    let book = book(text)?;
    let mut found = Diagnostics::default();
    let as_of = pcs_rules::month::parse_date(scene.as_of)?;
    let rules = book.in_force("azure", as_of, None, &mut found).ok()?;
    let certifications = "person,certification,earned,expires\n";
    let mut tables = BTreeMap::new();
    for (name, csv) in [("usage", scene.usage), ("certifications", certifications)] {
        let file = DataFile {
            bytes: Bytes::Text(csv.as_bytes().into()),
            shown: name.to_owned(),
            format: Format::Csv,
            view: None,
            numbers: None,
            known: std::sync::Arc::default(),
        };
        let header = read::header(&file).ok()?;
        tables.insert(name.to_owned(), TableFiles { files: vec![TableFile::plain(file, header)], covers: None });
    }
    let catalog = Catalog {
        shown: "scene".to_owned(),
        entity: "scene".to_owned(),
        entity_is_stated: true,
        tables,
        unused: Vec::new(),
    };
    let outcome = run::score_catalog(
        &book,
        rules,
        (as_of, None, &Request::default()),
        |_, _| Ok(catalog.clone()),
        None,
        &mut found,
    )
    .ok()?;
    let metrics = &outcome.entities.first()?.areas.first()?.metrics;
    let metric = metrics.iter().find(|metric| metric.metric.name == scene.metric)?;
    metric.status.points()?.value().map(ToString::to_string)
}

/// The terms with a text replaced that stands there exactly once.
fn changed(find: &str, put: &str) -> String {
    let text = terms();
    assert_eq!(text.matches(find).count(), 1, "`{find}` stands once in the terms");
    text.replace(find, put)
}

/// A year and a half in which every month is covered by a row that does not count.
fn covered(rows: &str) -> String {
    let mut text = "tenant,service,offer,association,month,acr\n".to_owned();
    for month in 0..18 {
        let _ = writeln!(text, "filler,Storage,Pay,Deal registration,{}-{:02},1", 2022 + month / 12, month % 12 + 1);
    }
    text + rows
}

/// Checks one alternative of the interpretations table: an edit of the terms alone moves the points.
fn alternative(scene: &Scene, before: Option<&str>, find: &str, put: &str, after: Option<&str>) {
    assert_eq!(points(&terms(), scene).as_deref(), before, "as shipped, before `{put}`");
    assert_eq!(points(&changed(find, put), scene).as_deref(), after, "with `{put}`");
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

#[test]
fn row_3_both_months_together() {
    let usage = leak(covered("a,Storage,Pay,PAL,2023-05,600\na,Storage,Pay,PAL,2023-06,400\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "net-customer-adds" };
    alternative(&scene, Some("0"), "last = 2, by-month = \"greatest\"", "last = 2", Some("10"));
}

#[test]
fn row_4_the_single_month_a_year_ago() {
    // In May of last year only: the pair of months has the customer, June alone has not.
    let usage = leak(covered("a,Storage,Pay,PAL,2022-05,1000\na,Storage,Pay,PAL,2023-06,1000\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "net-customer-adds" };
    let text = changed(
        "{ measure = \"eligible-customers\", ago = 12 }",
        "{ measure = \"eligible-customers-of-a-month\", ago = 12 }",
    ) + "\n[measure.eligible-customers-of-a-month]\nfrom = \"eligible\"\ngroup = [\"tenant\"]\n\
           value = { acr = { sum = \"acr\", last = 1 } }\nhaving = { value = \"acr\", at-least = 1000 }\nreduce = \"count\"\n";
    assert_eq!(points(&terms(), &scene).as_deref(), Some("0"));
    assert_eq!(points(&text, &scene).as_deref(), Some("10"));
}

#[test]
fn row_6_points_taken_away() {
    let usage = leak(covered("a,Storage,Pay,PAL,2022-06,1000\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "net-customer-adds" };
    alternative(&scene, Some("0"), "points = 10, at-least = 0, ", "points = 10, ", Some("-10"));
}

/// 110 after 100 in June; 2,100 after 1,000 over twelve months.
fn growing() -> &'static str {
    let mut rows =
        "a,Storage,Pay,PAL,2022-06,1000\na,Storage,Pay,PAL,2023-06,1105\na,Storage,Pay,PAL,2023-01,45\n".to_owned();
    for month in 7..=12 {
        let _ = writeln!(rows, "filler,Storage,Pay,Deal registration,2021-{month:02},1");
    }
    leak(covered(&rows))
}

#[test]
fn row_7_twelve_months_against_twelve() {
    let scene = Scene { usage: growing(), as_of: "2023-07-15", metric: "usage-growth" };
    alternative(&scene, Some("10"), "last = 1 } } # 12:", "last = 12 } } # 12:", Some("15"));
}

#[test]
fn row_8_the_month_alone_or_the_base_month() {
    let usage =
        leak(covered("a,Storage,Pay,PAL,2022-06,500\na,Storage,Pay,PAL,2023-06,600\na,Storage,Pay,PAL,2023-01,400\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "usage-growth" };
    let find = "{ measure = \"yearly-acr\", at-least = 1000 }";
    // The year's measure is then used no more, and a term that nothing applies is refused: it goes with it.
    let without = |put: &str| {
        let text = changed(find, put);
        let start = text.find("[measure.yearly-acr]").expect("the measure stands in the terms");
        let end = start + text[start..].find("[measure.deployed-services]").expect("another measure follows");
        format!("{}{}", &text[..start], &text[end..]).replace("\"measure.yearly-acr\", ", "")
    };
    assert_eq!(points(&terms(), &scene).as_deref(), Some("20"));
    assert_eq!(points(&without("{ measure = \"monthly-acr\", at-least = 1000 }"), &scene).as_deref(), Some("0"));
    assert_eq!(
        points(&without("{ measure = \"monthly-acr\", ago = 12, at-least = 1000 }"), &scene).as_deref(),
        Some("0")
    );
}

#[test]
fn row_9_in_proportion() {
    let scene = Scene { usage: growing(), as_of: "2023-07-15", metric: "usage-growth" };
    alternative(&scene, Some("10"), "step = 1, points = 1", "points = 1", Some("10.5"));
}

#[test]
fn row_10_another_growth_without_a_base() {
    let usage = leak(covered("a,Storage,Pay,PAL,2023-06,1000\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "usage-growth" };
    alternative(&scene, Some("0"), "no-base = 0", "no-base = 100", Some("20"));
}

#[test]
fn row_12_in_any_single_month() {
    let usage = leak(covered("a,Storage,Pay,PAL,2023-05,5\na,Storage,Pay,PAL,2023-06,-5\n"));
    let scene = Scene { usage, as_of: "2023-07-15", metric: "deployments" };
    let find = "group  = [\"service\"]\nvalue  = { acr = { sum = \"acr\", last = 12 } }";
    let put = "group  = [\"service\"]\nvalue  = { acr = { sum = \"acr\", last = 12, by-month = \"greatest\" } }";
    alternative(&scene, Some("0"), find, put, Some("2"));
}

#[test]
fn row_20_data_without_an_offer_refused() {
    let usage = "tenant,service,association,month,acr\na,Storage,PAL,2023-06,1\n";
    let usage = leak(format!(
        "{usage}{}",
        (1..=12).fold(String::new(), |rows, month| format!("{rows}a,Storage,PAL,2022-{month:02},1\n"))
    ));
    let months = (1..=5).fold(usage.to_owned(), |rows, month| format!("{rows}a,Storage,PAL,2023-{month:02},1\n"));
    let scene = Scene { usage: leak(months), as_of: "2023-07-15", metric: "deployments" };
    alternative(&scene, Some("2"), "offer = \"keep\"", "offer = \"refuse\"", None);
}

/// A change of one term: what it is, and the whole text with it.
struct Mutant {
    what: String,
    text: String,
}

/// Every number one up and one down, every date one day up and one down, every list member and alias misspelt.
///
/// Numbers, dates and members stand outside the prose: sources, interpretations, citations and titles are not terms.
fn mutants() -> Vec<Mutant> {
    let text = terms();
    let mut mutants = Vec::new();
    let mut offset = 0;
    let mut in_prose = false;
    let mut in_list = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            in_prose = line.starts_with("[source") || line.starts_with("[interpretation");
            in_list = line.starts_with("[list");
        }
        let code = line.split(" #").next().unwrap_or(line);
        let key = code.split('=').next().unwrap_or("").trim();
        let is_text = ["title", "cite", "not-applicable", "program", "id", "currency", "format"].contains(&key)
            || code.starts_with(['#', '[']);
        if !in_prose && !is_text {
            let mutate = |at: usize, old: &str, new: &str| Mutant {
                what: format!("{}: {old} → {new}", line.trim()),
                text: format!("{}{new}{}", &text[..offset + at], &text[offset + at + old.len()..]),
            };
            for (at, token) in tokens(code) {
                if let Some(day) = pcs_rules::month::parse_date(token) {
                    mutants.extend(
                        [day.pred_opt(), day.succ_opt()]
                            .into_iter()
                            .flatten()
                            .map(|day| mutate(at, token, &day.to_string())),
                    );
                } else if let Ok(number) = token.parse::<i64>() {
                    mutants.extend([number - 1, number + 1].map(|number| mutate(at, token, &number.to_string())));
                } else if in_list && let Some(member) = token.strip_prefix('"') {
                    mutants.push(mutate(
                        at + 1,
                        member.trim_end_matches('"'),
                        &format!("{}x", member.trim_end_matches('"')),
                    ));
                }
            }
        }
        offset += line.len();
    }
    mutants
}

/// Quoted texts with their quotes, and bare words, each with its place.
fn tokens(line: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let end = if c == '"' {
            line[at + 1..].find('"').map_or(line.len(), |end| at + end + 2)
        } else {
            line[at..].find(|c: char| !c.is_alphanumeric() && c != '-').map_or(line.len(), |end| at + end)
        };
        if end > at {
            tokens.push((at, &line[at..end]));
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    tokens
}

#[test]
fn no_term_stands_there_for_nothing() {
    let mutants = mutants();
    assert!(mutants.len() > 100, "{} changes were found", mutants.len());
    let halves: Vec<&[Mutant]> = mutants.chunks(mutants.len().div_ceil(2)).collect();
    let survivors: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves.into_iter().map(|half| scope.spawn(|| survivors(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a half can be run")).collect()
    });
    assert!(survivors.is_empty(), "no example fails with:\n{}", survivors.join("\n"));
}

fn survivors(mutants: &[Mutant]) -> Vec<String> {
    let all_pass = |text: &str| examples_under(text).is_some_and(|results| results.iter().all(ExampleResult::passed));
    let lives = |text: &str| is_unknown_before_its_days(text) && all_pass(text);
    mutants.iter().filter(|mutant| lives(&mutant.text)).map(|mutant| mutant.what.clone()).collect()
}

/// Whether no edition is in force on the day before the first, and none is known then: what no example can show.
fn is_unknown_before_its_days(text: &str) -> bool {
    let Some(book) = book(text) else { return false };
    let day = pcs_rules::month::parse_date("2023-06-12").expect("a day");
    let is_in_force = |day, known_by| book.in_force("azure", day, known_by, &mut Diagnostics::default()).is_ok();
    !is_in_force(day, None) && !is_in_force(day.succ_opt().expect("a day follows"), Some(day))
}

#[test]
fn the_edition_is_unknown_before_its_days() {
    assert!(is_unknown_before_its_days(&terms()));
}

/// The JSON output for a folder beside the generator.
fn scored(folder: &str, as_of: &str) -> serde_json::Value {
    let arguments = ["score", &format!("examples/{folder}"), "--as-of", as_of, "--format", "json"].map(str::to_owned);
    let outcome = super::run(&arguments, root());
    assert!(outcome.status.success());
    serde_json::from_slice(&outcome.stdout).expect("the output is JSON")
}

#[test]
fn the_sample_scores_as_it_was_seen() {
    let outcome = super::run(&["score".into(), "examples/contoso".into(), "--format".into(), "json".into()], root());
    assert!(outcome.status.success());
    insta::assert_snapshot!("sample", String::from_utf8_lossy(&outcome.stdout));
}

#[test]
fn the_downloads_and_the_plain_tables_score_the_same() {
    for as_of in ["2023-06-20", "2023-07-01"] {
        let [mut portal, mut plain] = ["contoso", "contoso-plain"].map(|folder| scored(folder, as_of));
        // Each goes by another name. The downloads alone lack the offers and have people under two names.
        assert_eq!(portal["entities"][0]["id"].take(), "4567890");
        assert_eq!(plain["entities"][0]["id"].take(), "contoso-plain");
        let warnings = portal["warnings"].take();
        let codes: Vec<_> = warnings.as_array().expect("a list").iter().map(|warning| &warning["code"]).collect();
        assert_eq!(codes, ["PCS0308", "PCS0301"]);
        assert_eq!(plain["warnings"].take(), serde_json::json!([]));
        assert_eq!(plain["entities"][0]["areas"].as_array().map(Vec::len), Some(3));
        for document in [&mut portal, &mut plain] {
            document["tables"].take();
        }
        assert!(portal == plain, "the two differ on {as_of}");
    }
}

#[test]
fn the_sample_shows_more_than_success() {
    let outcome = scored("contoso", "2023-07-01");
    let areas = outcome["entities"][0]["areas"].as_array().expect("a list");
    let seen: Vec<_> = areas.iter().map(|area| (area["points"].as_str(), area["attained"].as_bool())).collect();
    assert_eq!(seen, [(Some("78"), Some(true)), (Some("66"), Some(false)), (Some("74"), Some(false))]);
    assert_eq!(areas[2]["unmet"], serde_json::json!(["each-metric-at-least"]));
}

#[test]
fn the_sample_is_what_its_generator_makes() {
    let folder = super::Scratch::new("sample");
    let generator = Path::new(env!("CARGO_BIN_EXE_pcs-rules")).with_file_name("examples").join("contoso");
    if !generator.exists() {
        // Only `cargo test` as a whole builds the examples; a run of one test need not.
        eprintln!("skipped: the generator is not built");
        return;
    }
    let status = std::process::Command::new(generator).arg(&folder.0).status().expect("the generator starts");
    assert!(status.success());
    for name in ["contoso", "contoso-plain"] {
        let [made, kept] = [&folder.0, &root().join("examples")].map(|parent| contents(&parent.join(name)));
        assert_eq!(kept.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>(), "the files of {name}");
        assert_eq!(made.len(), 2, "the files of {name}");
        for (file, bytes) in made {
            assert!(kept[&file] == bytes, "{name}/{file}: run `cargo run --example contoso`");
        }
    }
}

/// The files of a folder by their names.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let files = entries.map(|entry| entry.expect("an entry can be read"));
    let content = |file: fs::DirEntry| {
        (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file can be read"))
    };
    files.map(content).collect()
}
