//! Bad data, and what shows how each kind of it is met: a case, a test of the readers, or a test below for what is too
//! large or too odd to lie in a folder.

use super::{Scratch, copy, root};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What is wrong, and what shows it: a folder of `tests/cases`, or a file and a test in it.
const INPUTS: &[(&str, &str)] = &[
    ("a data folder that does not exist", "err/PCS0310-no-folder"),
    ("a data folder that is a file", "err/PCS0310-a-file"),
    ("a folder that may not be listed", "tests/suite/bad_inputs.rs a_folder_that_may_not_be_listed"),
    ("a folder whose name is not UTF-8", "tests/suite/bad_inputs.rs names_that_are_not_utf8"),
    ("a file of a table whose name is not UTF-8", "tests/suite/bad_inputs.rs names_that_are_not_utf8"),
    ("an empty data folder", "err/PCS0311-empty-folder"),
    ("a pipe or a socket for a file", "tests/suite/bad_inputs.rs a_file_that_is_none"),
    ("a missing table", "err/PCS0311-no-table"),
    ("a missing table, and an export near it", "err/PCS0311-no-export-fits"),
    ("a table in a form that cannot be read yet", "err/PCS0311-not-yet"),
    ("the same, packed", "err/PCS0311-not-yet-packed"),
    ("a missing table, and files that were passed over", "err/PCS0311-passed-over"),
    ("files beside the data that are not opened", "err/PCS0309-not-opened"),
    ("an export whose name is not UTF-8", "tests/suite/bad_inputs.rs names_that_are_not_utf8"),
    ("a table in two formats", "err/PCS0312-two-formats"),
    ("a table as a file and as a folder", "err/PCS0312-file-and-folder"),
    ("two formats in a table's folder", "err/PCS0312-formats-in-a-folder"),
    ("a table and its packed twin", "err/PCS0312-packed-twin"),
    ("the same file twice", "err/PCS0312-same-bytes"),
    ("the same rows in two files", "err/PCS0312-same-rows"),
    ("the same rows in two formats", "err/PCS0312-same-rows-in-another-format"),
    ("two downloads that overlap", "err/PCS0328-two-downloads"),
    ("very many files that overlap", "err/PCS0328-many-files"),
    ("an export downloaded twice", "err/PCS0312-two-downloads"),
    ("a strange file in a table's folder", "err/PCS0317-strange-file-in-a-folder"),
    ("an empty file, and one of blank lines", "err/PCS0313-empty-file"),
    ("a workbook without a cell", "err/PCS0313-empty-workbook"),
    ("no header", "err/PCS0313-no-header"),
    ("semicolons in a CSV file", "ok/file-semicolons"),
    ("a line `sep=,` above the header", "ok/file-sep-line"),
    ("a title above the header", "err/PCS0313-title-line"),
    ("titles above the header of an export", "err/PCS0313-titles-of-an-export"),
    ("titles above the header of an export of the table's name", "err/PCS0313-titles-of-a-table"),
    ("titles above the header of a sheet", "err/PCS0313-titles-in-a-workbook"),
    ("a header that opens a quote", "err/PCS0317-header-in-quotes"),
    ("missing and misspelt columns", "err/PCS0314-missing-column"),
    ("a header that no profile fits", "err/PCS0314-no-profile-fits"),
    ("a header that the chosen profile does not fit", "err/PCS0314-profile-chosen"),
    ("a doubled column", "err/PCS0315-doubled-column"),
    ("a column under two of its headers", "err/PCS0315-two-aliases"),
    ("ten thousand columns", "tests/suite/bad_inputs.rs ten_thousand_columns"),
    ("a thousands separator", "err/PCS0318-thousands-separator"),
    ("a decimal comma", "err/PCS0318-decimal-comma"),
    ("numbers in another form than the profile says", "err/PCS0318-form-of-numbers"),
    ("both in one number", "err/PCS0318-number"),
    ("a currency sign", "err/PCS0318-currency-sign"),
    ("a unit behind a number", "err/PCS0318-unit"),
    ("a percent sign", "err/PCS0318-percent"),
    ("parentheses for below zero", "err/PCS0318-parentheses"),
    ("NaN and inf", "err/PCS0318-not-a-number"),
    ("NULL for a number", "err/PCS0318-literal-null"),
    ("an error of a spreadsheet in text", "err/PCS0318-error-of-a-sheet"),
    ("a number of sixty digits", "err/PCS0318-too-many-digits"),
    ("sums beyond 38 digits", "err/PCS0321-too-large"),
    ("a month that is none", "err/PCS0318-month"),
    ("a month as a spreadsheet's number", "err/PCS0318-number-of-a-month"),
    ("a day that the calendar does not have", "err/PCS0318-no-such-day"),
    ("a day in another form", "err/PCS0318-date"),
    ("a month in another form than its profile says", "err/PCS0318-form-of-a-profile"),
    ("a whole column of days in another form", "err/PCS0318-date-form-throughout"),
    ("blank cells where values are needed", "err/PCS0318-blank-key"),
    ("a missing key in a Parquet file", "err/PCS0318-parquet-blank"),
    ("control characters", "err/PCS0318-control-characters"),
    ("a row in another currency", "err/PCS0318-currency"),
    ("all rows in another currency", "err/PCS0318-currency-throughout"),
    ("a header in another currency", "err/PCS0325-header"),
    ("an unknown mark", "err/PCS0318-mark"),
    ("a short row", "err/PCS0319-short-row"),
    ("a long row", "err/PCS0319-long-row"),
    ("a line with a total", "err/PCS0319-total-line"),
    ("another width from the middle on", "err/PCS0319-width-changes"),
    ("another type from the middle on", "err/PCS0318-type-changes"),
    ("another encoding from the middle on", "err/PCS0318-encoding-changes"),
    ("a half-written last line", "err/PCS0319-half-written-last-line"),
    ("a last line without its end", "err/PCS0305-open-end"),
    ("a quote that is never closed", "err/PCS0319-ends-inside-a-quote"),
    ("a line of 100 MiB", "tests/suite/bad_inputs.rs a_line_of_100_mib"),
    ("a header of 100 MiB", "tests/suite/bad_inputs.rs a_line_of_100_mib"),
    ("Latin-1", "err/PCS0318-bad-utf8"),
    ("UTF-16 that is damaged", "err/PCS0318-utf-16-damaged"),
    ("UTF-16 without its mark", "err/PCS0317-utf-16-without-mark"),
    ("zero bytes", "err/PCS0317-zero-bytes"),
    ("a zero byte far into a file", "tests/suite/bad_inputs.rs a_zero_byte_far_into_a_file"),
    ("CSV that is a workbook", "err/PCS0317-workbook-named-csv"),
    ("CSV that is gzip", "err/PCS0317-gzip-named-csv"),
    ("CSV that is Parquet", "err/PCS0317-parquet-named-csv"),
    ("CSV that is a web page", "err/PCS0317-page-named-csv"),
    ("CSV that is JSON", "err/PCS0317-json-named-csv"),
    ("CSV that is PDF", "err/PCS0317-pdf-named-csv"),
    ("a workbook that is CSV", "err/PCS0317-csv-named-workbook"),
    ("a workbook that is a web page", "err/PCS0317-page-named-workbook"),
    ("gzip that was cut short", "err/PCS0317-gzip-cut-short"),
    ("gzip with a wrong byte", "err/PCS0317-gzip-damaged"),
    ("gzip with other bytes behind it", "err/PCS0317-gzip-garbage-behind"),
    ("1 GiB of zeros in 1 MiB of gzip", "tests/suite/bad_inputs.rs a_gib_of_zeros"),
    ("1 GiB of rows in 3 MiB of gzip", "tests/suite/bad_inputs.rs a_gib_of_rows"),
    ("a workbook that was cut short", "err/PCS0317-workbook-cut-short"),
    ("a workbook with a wrong byte", "err/PCS0317-workbook-damaged"),
    ("a workbook with a password", "err/PCS0317-sealed-workbook"),
    ("a workbook with two sheets", "err/PCS0317-several-sheets"),
    ("a workbook that unpacks to very much", "src/read/tests/xlsx.rs a_workbook_that_unpacks_to_very_much_is_refused"),
    (
        "a workbook whose texts unpack to very much",
        "src/read/tests/xlsx.rs a_workbook_that_unpacks_to_very_much_is_refused",
    ),
    ("an error in a workbook's cell", "err/PCS0318-workbook-error"),
    ("Parquet that was cut short", "err/PCS0317-cut-short"),
    ("Parquet with wrong bytes", "err/PCS0317-parquet-damaged"),
    ("Parquet with money as binary fractions", "err/PCS0316-float"),
    ("the same where a profile allows it", "err/PCS0329-floats"),
    ("the same through a profile that does not", "err/PCS0316-float-through-a-profile"),
    ("ids as numbers in Parquet", "src/read/tests/parquet.rs parquet_ids_may_be_whole_numbers_and_marks_truth_values"),
    ("a number of too many digits for an id in a workbook", "src/read/tests/xlsx.rs cells_of_every_kind_as_text"),
    ("Parquet with columns of columns", "src/read/tests/parquet.rs parquet_columns_of_columns_are_refused"),
    ("Parquet packed in an unknown way", "err/PCS0317-parquet-brotli"),
    ("a JSON line that is broken, and a doubled key", "err/PCS0319-json-lines"),
    ("a JSON line that is a list", "err/PCS0319-json-list-line"),
    ("a JSON list that was cut short", "err/PCS0317-json-list-cut-short"),
    ("a nested value in JSON", "err/PCS0318-json-nested"),
    ("a wanted JSON key that comes late", "src/read/tests/json.rs a_wanted_key_that_comes_late_is_no_silent_loss"),
    ("more unreadable rows than are permitted", "err/PCS0320-too-many"),
    ("very many unreadable rows", "err/PCS0320-many"),
    ("unreadable rows in many files", "err/PCS0320-many-kinds"),
    ("unreadable months beside unreadable amounts", "err/PCS0318-default-day-and-amounts"),
    ("the entity's column in one table only", "err/PCS0322-entity-column"),
    ("the entity's column in one file only", "err/PCS0322-one-file"),
    ("an unknown entity", "err/PCS0402-unknown-entity"),
    ("an unknown area", "err/PCS0401-unknown-area"),
    ("an unknown profile", "err/PCS0327-near-miss"),
    ("a day before the first edition", "err/PCS0202-before-the-first"),
    ("no day, and no months", "err/PCS0323-no-as-of"),
    ("a hole in the months", "ok/unknown-months"),
    ("an unknown table in `dataset.yaml`", "err/PCS0324-unknown-table"),
    ("a missing file in `dataset.yaml`", "err/PCS0324-missing-file"),
    ("months the wrong way round in `dataset.yaml`", "err/PCS0112-covers"),
    ("an unknown key in `dataset.yaml`", "err/PCS0324-unknown-key"),
    ("a pattern in `dataset.yaml` that fits nothing", "err/PCS0324-pattern"),
];

#[test]
fn every_bad_input_is_shown() {
    let distinct: BTreeSet<&str> = INPUTS.iter().map(|(what, _)| *what).collect();
    assert_eq!(distinct.len(), INPUTS.len(), "each is named once");
    assert!(distinct.len() >= 60);
    for (what, place) in INPUTS {
        let is_there = match place.split_once(' ') {
            None => root().join("tests/cases").join(place).join("case.toml").is_file(),
            Some((file, test)) => {
                fs::read_to_string(root().join(file)).is_ok_and(|text| text.contains(&format!("fn {test}()")))
            }
        };
        assert!(is_there, "{what}: there is no {place}");
    }
}

const HEADER: &str = "branch,reader,shelf,desk,month,fees,books\n";
const ROW: &str = "North,ann,novels,Main,2024-03,10.00,5\n";

/// Bytes of memory that reading takes at most, whatever there is to read.
const MEMORY: u64 = 128 << 20;

/// What a run came to.
struct Seen {
    status: Option<i32>,
    /// Standard output is empty.
    is_silent: bool,
    messages: String,
}

impl Seen {
    /// Asserts that this is all that was said: an error in one message that has these words.
    fn is_refused(&self, words: &str) {
        assert_eq!((self.status, self.is_silent), (Some(2), true), "{}", self.messages);
        assert_eq!(self.messages.matches("error[").count(), 1, "{}", self.messages);
        assert!(self.messages.contains(words), "{words}: {}", self.messages);
    }
}

/// The data of the cases in a folder of its own, without the loans.
fn data() -> Scratch {
    let scratch = Scratch::new("bad-input");
    copy(&root().join("tests/cases/base"), &scratch.0);
    fs::remove_file(scratch.0.join("data/loans.csv")).expect("the base has loans");
    scratch
}

/// The loans as these bytes.
fn loans(name: &str, bytes: &[u8]) -> Scratch {
    let scratch = data();
    fs::write(scratch.0.join("data").join(name), bytes).expect("the copy can be written");
    scratch
}

/// Scores a folder with two threads and little memory.
fn score(scratch: &Scratch, folder: impl AsRef<Path>) -> Seen {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pcs-rules"))
        .arg("score")
        .arg(folder.as_ref())
        .args(["--as-of", "2024-05-01", "--threads", "2", "--format", "csv"])
        .current_dir(&scratch.0)
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    while child.try_wait().expect("the program is known").is_none() {
        peak = peak.max(memory(child.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(peak < MEMORY, "{} MiB", peak >> 20);
    let output = child.wait_with_output().expect("the program ends");
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    Seen { status: output.status.code(), is_silent: output.stdout.is_empty(), messages }
}

/// The most memory that a process has had, where the system tells.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// Bytes packed with gzip.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory can be written")
}

#[test]
fn a_line_of_100_mib() {
    let long = "x".repeat(100 << 20);
    let seen = score(&loans("loans.csv", format!("{HEADER}{ROW}North,\"{long}").as_bytes()), "data");
    seen.is_refused("the row of `data/loans.csv` that starts on line 3 is longer than 8 MiB");
    let seen = score(&loans("loans.csv", long.as_bytes()), "data");
    seen.is_refused("the row of `data/loans.csv` that starts on line 1 is longer than 8 MiB");
    let seen = score(&loans("loans.jsonl", format!("{{\"branch\": \"{long}").as_bytes()), "data");
    seen.is_refused("help: write each object on a line of its own");
}

#[test]
fn ten_thousand_columns() {
    let many = |text: &str, rest: &str| format!("{}{}\n", text.trim_end(), rest.repeat(10_000));
    let seen = score(&loans("loans.csv", (many(HEADER, ",more") + &many(ROW, ",1")).as_bytes()), "data");
    assert_eq!((seen.status, seen.is_silent), (Some(0), false), "{}", seen.messages);
    score(&loans("loans.csv", many("none", ",more").as_bytes()), "data").is_refused("has none of the columns");
    let seen = score(&loans("loans.csv", (HEADER.to_owned() + &many(ROW, ",1")).as_bytes()), "data");
    seen.is_refused("the row has 10007 cells where the header has 7");
}

#[test]
fn a_zero_byte_far_into_a_file() {
    let rows = ROW.repeat(100_000);
    let text = format!("{HEADER}{rows}North,an\0n,novels,Main,2024-03,10.00,5\n{ROW}");
    score(&loans("loans.csv", text.as_bytes()), "data").is_refused("it has a zero byte on line 100002");
}

#[test]
fn a_gib_of_zeros() {
    // Gzip files may be put one behind the other.
    let mib = packed(&vec![0; 1 << 20]);
    score(&loans("loans.csv.gz", &mib.repeat(1 << 10)), "data").is_refused("it has a zero byte on line 1");
    let gib = [packed(HEADER.as_bytes()), packed(&vec![b'1'; 1 << 20]).repeat(1 << 10)].concat();
    score(&loans("loans.csv.gz", &gib), "data").is_refused("that starts on line 2 is longer than 8 MiB");
}

#[test]
fn a_few_mib_of_rows() {
    rows_in_gzip(1 << 5);
}

#[test]
#[ignore = "takes minutes without optimization"]
fn a_gib_of_rows() {
    rows_in_gzip(1 << 10);
}

fn rows_in_gzip(mib: usize) {
    let rows = packed(ROW.repeat((1 << 20) / ROW.len()).as_bytes()).repeat(mib);
    let seen = score(&loans("loans.csv.gz", &[packed(HEADER.as_bytes()), rows].concat()), "data");
    assert_eq!((seen.status, seen.is_silent), (Some(0), false), "{}", seen.messages);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let text = format!("{HEADER}{ROW}");
    let scratch = loans("loans.csv", text.as_bytes());
    let odd = OsStr::from_bytes(b"dat\xffa");
    // Some systems have no such names.
    if fs::rename(scratch.0.join("data"), scratch.0.join(odd)).is_err() {
        return;
    }
    let seen = score(&scratch, odd);
    assert_eq!((seen.status, seen.is_silent), (Some(0), false), "{}", seen.messages);
    let scratch = data();
    fs::create_dir(scratch.0.join("data/loans")).expect("the copy can be written");
    fs::write(scratch.0.join("data/loans").join(OsStr::from_bytes(b"ma\xffy.csv")), &text).expect("such names exist");
    score(&scratch, "data").is_refused("`data/loans/ma\u{fffd}y.csv`");
    let scratch = loans("loans.csv", text.as_bytes());
    fs::rename(scratch.0.join("data/loans.csv"), scratch.0.join("data").join(OsStr::from_bytes(b"ma\xffy.csv")))
        .expect("such names exist");
    score(&scratch, "data").is_refused("`data/ma\u{fffd}y.csv` has a name that is not UTF-8");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_none() {
    let scratch = data();
    let path = scratch.0.join("data/loans.csv");
    // Where a path is too long for a socket there is nothing to see.
    if std::os::unix::net::UnixListener::bind(path).is_ok() {
        score(&scratch, "data").is_refused("`data/loans.csv` cannot be read: it is a pipe, a socket or a device");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_listed() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = data();
    let folder = scratch.0.join("data/loans");
    let permit = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).expect("it is ours");
    fs::create_dir(&folder).expect("the copy can be written");
    permit(0o000);
    // Nothing is forbidden to the system's own user.
    if fs::read_dir(&folder).is_err() {
        score(&scratch, "data").is_refused("`data/loans` cannot be listed");
    }
    permit(0o755);
}
