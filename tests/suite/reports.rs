//! Reports: what is hostile in data is text, the bytes depend on nothing but the question, tables are typed as others read
//! them, and changes add up.

use super::cases::{folders, lay_out};
use super::explained::is_as_its_schema_says;
use super::{Scratch, copy, root, run};
use calamine::{Data, Reader as _, Xlsx};
use chrono::NaiveDate;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::exact::Exact;
use pcs_rules::explain::Subject;
use pcs_rules::measure::Asked;
use pcs_rules::report::{DossierView, report_json};
use pcs_rules::run::{Question, load_rules, report_folder, score_folder};
use pcs_rules::source::Sources;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::Path;

const FORMS: [&str; 6] = ["html", "md", "json", "xlsx", "csv", "parquet"];

/// Texts that do harm where they are not text.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.com\";1)",
    "\u{1b}[31mred\u{7}",
    "a\u{202e}txt.exe",
    "![x](http://example.com/x) | `b` {{ 7 * 7 }} *c*",
    "\"><img src=x onerror=alert(1)>",
];

/// The base case with rows of its own.
fn laid_out(name: &str, loans: &str, courses: &str) -> Scratch {
    let scratch = Scratch::new(name);
    copy(&root().join("tests/cases/base"), &scratch.0);
    fs::write(scratch.0.join("data/loans.csv"), format!("branch,reader,shelf,desk,month,fees,books\n{loans}"))
        .expect("a file can be written");
    fs::write(scratch.0.join("data/courses.csv"), format!("branch,teacher,course,begun,ended\n{courses}"))
        .expect("a file can be written");
    scratch
}

fn report(folder: &Path, form: &str, more: &[&str]) -> Vec<u8> {
    let file = format!("report.{form}");
    let mut line: Vec<String> =
        ["report", "data", "--as-of", "2024-05-01", "--force", "-o", &file].map(str::to_owned).into();
    line.extend(more.iter().map(|word| (*word).to_owned()));
    let output = run(&line, folder);
    assert_eq!(output.status.code(), Some(0), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    fs::read(folder.join(file)).expect("the report is there")
}

fn text(folder: &Path, form: &str, more: &[&str]) -> String {
    String::from_utf8(report(folder, form, more)).expect("a report is UTF-8")
}

#[test]
fn what_is_hostile_in_data_is_text_in_every_report() {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let entity = quoted(HOSTILE[0]);
    let (mut loans, mut courses) = (String::new(), String::new());
    for name in HOSTILE.map(quoted) {
        for month in ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"] {
            let _ = writeln!(loans, "{entity},{name},maps,{name},{month},1.00,{}", name.len() % 9);
        }
        let _ = writeln!(courses, "{entity},{name},first-letters,2024-01-01,2024-06-01");
        let _ = writeln!(courses, "{entity},x{name},{name},2024-01-01,");
    }
    let scratch = laid_out("hostile", &loans, &courses);
    for form in ["html", "md", "json", "csv"] {
        let text = text(&scratch.0, form, &[]);
        let steers =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(steers), "{form} holds a character that steers");
    }
    let html = text(&scratch.0, "html", &[]);
    assert!(html.contains("&lt;script&gt;alert(1)"), "the name is shown");
    for tag in ["<script", "<img", "http://", "https://", "url(", "@import"] {
        assert!(!html.contains(tag), "the page holds {tag}");
    }
    let markdown = text(&scratch.0, "md", &[]);
    assert!(!markdown.contains(['<', '>']), "Markdown holds a tag");
    assert!(!markdown.replace("\\]", "").contains("]("), "Markdown holds a link");
    let csv = text(&scratch.0, "csv", &[]);
    let formula = |cell: &str| cell.starts_with(['=', '@', '+']);
    assert!(!csv.split([',', '\n']).any(|cell| formula(cell.trim_start_matches('"'))), "CSV holds a formula");
    let mut book = Xlsx::new(Cursor::new(report(&scratch.0, "xlsx", &[]))).expect("the workbook opens");
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet has formulas or none");
        assert!(formulas.is_empty(), "{name} holds a formula");
    }
    let groups = book.worksheet_range("groups").expect("there are groups");
    let is_there = |cell: &Data| *cell == Data::String(HOSTILE[1].to_owned());
    assert!(groups.rows().any(|row| row.iter().any(is_there)), "the text is there as it is");
}

#[test]
fn a_report_is_the_same_bytes_at_any_number_of_threads() {
    let scratch = Scratch::new("report-threads");
    copy(&root().join("tests/cases/base"), &scratch.0);
    for form in FORMS {
        let one = report(&scratch.0, form, &["--entity", "north", "--threads", "1"]);
        let four = report(&scratch.0, form, &["--entity", "north", "--threads", "4"]);
        assert!(one == four, "{form} depends on the number of threads");
    }
}

#[test]
fn a_page_of_many_groups_stays_small() {
    let mut loans = String::new();
    for reader in 0..5000 {
        for month in ["2024-03", "2024-04"] {
            let _ = writeln!(loans, "North,reader-with-a-long-name-{reader:05},maps,Main,{month},1.25,{}", reader % 11);
        }
    }
    let scratch = laid_out("large", &loans, "North,tom,first-letters,2024-01-10,\n");
    let page = report(&scratch.0, "html", &[]);
    assert!(page.len() < 2 << 20, "the page has {} bytes", page.len());
    // What the page leaves out, the tables have.
    let csv = text(&scratch.0, "csv", &[]);
    assert!(csv.lines().filter(|line| line.contains(",group,")).count() >= 5000);
}

#[test]
fn tables_are_typed_and_say_what_the_document_says() {
    let scratch = Scratch::new("report-typed");
    copy(&root().join("tests/cases/base"), &scratch.0);
    let of = ["--entity", "north"];
    let document: Value = serde_json::from_slice(&report(&scratch.0, "json", &of)).expect("JSON");
    is_as_its_schema_says("pcs-report-1", &document.to_string()).expect("as its schema says");
    let mut book = Xlsx::new(Cursor::new(report(&scratch.0, "xlsx", &of))).expect("the workbook opens");
    let areas = book.worksheet_range("areas").expect("there are areas");
    let points: Vec<String> = areas.rows().skip(1).map(|row| row[3].to_string()).collect();
    let told: Vec<&str> = document["areas"]
        .as_array()
        .expect("areas")
        .iter()
        .map(|area| area["points"].as_str().expect("points"))
        .collect();
    assert_eq!(points, told);
    assert!(areas.rows().skip(1).all(|row| matches!(row[3], Data::Float(_))), "points are numbers");
    let rows = book.worksheet_range("rows-of-courses").expect("there are rows");
    let begun = rows
        .rows()
        .next()
        .expect("a header")
        .iter()
        .position(|cell| *cell == Data::String("begun".to_owned()))
        .expect("a column");
    assert!(rows.rows().skip(1).all(|row| matches!(row[begun], Data::DateTime(_))), "days are days");
    book.load_tables().expect("tables can be listed");
    assert_eq!(book.table_names().len(), book.sheet_names().len(), "every sheet is a table");

    let csv = text(&scratch.0, "csv", &of);
    let file =
        SerializedFileReader::new(bytes::Bytes::from(report(&scratch.0, "parquet", &of))).expect("Parquet opens");
    let rows: Vec<_> = file.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), csv.lines().count() - 1);
    for (row, line) in rows.iter().zip(csv.lines().skip(1)) {
        let cells: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        assert!(matches!(cells[3], Field::Date(_)), "the day judged is a day");
        let Field::Decimal(decimal) = cells[16] else { continue };
        let whole = i128::from_be_bytes(decimal.data().try_into().expect("16 bytes"));
        let value = Exact::scaled(whole, u32::try_from(decimal.scale()).expect("a scale")).to_string();
        assert!(line.contains(&format!(",{value},")), "{line} says {value}");
    }
}

/// The number that a change says: `+10`, `−4`, `0`.
fn signed(text: &str) -> Exact {
    let number = |text: &str| Exact::parse(text).unwrap_or_else(|| panic!("{text} is a number"));
    match text.strip_prefix('−') {
        Some(rest) => &Exact::zero() - &number(rest),
        None => number(text.trim_start_matches('+')),
    }
}

#[test]
fn every_score_of_the_cases_is_reported_and_its_changes_add_up() {
    let (mut reports, mut changes) = (0, 0);
    for folder in folders("ok") {
        let (case, scratch) = lay_out(&folder);
        let Some(line) = case.run.iter().find(|line| line.starts_with("score data --as-of ")) else { continue };
        let as_of: NaiveDate = line.split_whitespace().nth(3).expect("a day").parse().expect("a day");
        let question = Question { as_of: Some(as_of), ..Question::default() };
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let Ok(library) = load_rules(&scratch.0.join("rules"), &mut sources, &mut found) else { continue };
        let data = scratch.0.join("data");
        let Ok(outcome) = score_folder(&library, &data, &question, &mut sources, &mut found) else { continue };
        for entity in outcome.entities.iter().take(2) {
            let asked = Asked { entity: Some(entity.id.clone()), group: None };
            let subject = Subject::default();
            let dossier = report_folder(&library, &data, &question, (&asked, &subject), &mut sources, &mut found)
                .unwrap_or_else(|_| panic!("{}: {} is scored and not reported", folder.display(), entity.id));
            let view = DossierView {
                dossier: &dossier,
                sources: &sources,
                profiles: &library.profiles,
                hashes: &BTreeMap::new(),
                known_by: None,
                as_of_from_data: false,
            };
            let json = report_json(&view);
            is_as_its_schema_says("pcs-report-1", &json)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let document: Value = serde_json::from_str(&json).expect("JSON");
            reports += 1;
            for area in document["areas"].as_array().expect("areas") {
                for change in area["changes"].as_array().expect("changes") {
                    let steps = change["steps"].as_array().expect("steps");
                    let [first, between @ .., last] = steps.as_slice() else { continue };
                    let of = |step: &Value| signed(step["change"].as_str().expect("a change"));
                    let sum = between.iter().fold(of(first), |sum, step| &sum + &of(step));
                    assert_eq!(sum, of(last), "{}: {change}", folder.display());
                    changes += between.len();
                }
            }
        }
    }
    assert!(reports > 50 && changes > 50, "only {reports} reports with {changes} changes");
}

#[test]
fn nothing_of_others_stands_in_a_report() {
    let scratch = Scratch::new("report-others");
    copy(&root().join("tests/cases/base"), &scratch.0);
    // What would be told of the other: an unlisted spelling, rows that are left out, amounts below zero.
    let data = scratch.0.join("data");
    let rows = fs::read_to_string(data.join("loans.csv")).expect("the base has loans");
    let header = rows.lines().next().unwrap_or_default();
    // Nor may a file's name tell.
    fs::create_dir(data.join("loans")).expect("a folder can be made");
    fs::rename(data.join("loans.csv"), data.join("loans/all.csv")).expect("it can be moved");
    let other = format!("{header}\nSouthernmost,zelda,maps,Main,2024-04,-7.75,9\n");
    fs::write(data.join("loans/Southernmost.csv"), other).expect("a file can be written");
    for form in ["html", "md", "json"] {
        let text = text(&scratch.0, form, &["--entity", "north"]);
        for name in ["South", "eve", "zelda", "7.75", "vic"] {
            let is_there = text.split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| word == name);
            assert!(!is_there && !text.contains("Southernmost"), "{form} tells of {name}");
        }
    }
    let mut book = Xlsx::new(Cursor::new(report(&scratch.0, "xlsx", &["--entity", "north"]))).expect("it opens");
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).expect("a sheet");
        let told = |cell: &Data| ["South", "eve", "zelda", "vic"].contains(&cell.to_string().as_str());
        assert!(!sheet.rows().flatten().any(told), "{name} tells of others");
    }
}

#[cfg(unix)]
#[test]
fn what_a_report_replaces_stays_what_it_was() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let scratch = Scratch::new("report-replaces");
    copy(&root().join("tests/cases/base"), &scratch.0);
    let private = scratch.0.join("private.md");
    fs::write(&private, "before").expect("a file can be written");
    fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).expect("its mode can be set");
    symlink("private.md", scratch.0.join("report.md")).expect("a link can be made");
    let text = text(&scratch.0, "md", &["--entity", "north"]);
    assert!(text.starts_with("# North"));
    assert!(scratch.0.join("report.md").is_symlink(), "the link is still one");
    let there = fs::metadata(&private).expect("what it leads to is there");
    assert_eq!(there.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&private).expect("it is text"), text);
}
