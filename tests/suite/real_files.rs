//! Real bills of other programs, each read through a small profile written for it. The figures were added up outside of
//! this program, from the text of the files with decimals of unlimited length.

use super::{Scratch, copy, root, run};
use std::fs;

/// File, rows, the sum of its amounts, how many services it names.
const FILES: &[(&str, u64, &str, &str)] = &[
    ("focus-sample-1000.csv", 1000, "20.52022672899", "33"),
    ("azure-actual-cost-small.csv", 11, "8.5450077867419368", "6"),
    ("azure-amortized-cost-small.csv", 28, "16.296932136636644627485419", "11"),
];

#[test]
fn real_files_are_read_to_the_last_digit() {
    let samples = root().join("../shared/data");
    for (file, rows, sum, services) in FILES {
        let sample = samples.join(file);
        if !sample.is_file() {
            eprintln!("skipped: {file} is not there");
            continue;
        }
        let scratch = Scratch::new(&format!("real-{file}"));
        copy(&root().join("tests/real"), &scratch.0);
        fs::create_dir(scratch.0.join("data")).expect("a folder can be made");
        fs::copy(&sample, scratch.0.join("data").join(file)).expect("a file can be copied");
        let arguments = ["score", "data", "--format", "json"].map(str::to_owned);
        let output = run(&arguments, &scratch.0);
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let metrics = &document["entities"][0]["areas"][0]["metrics"];
        assert_eq!(metrics[0]["readings"][0]["value"], *sum, "{file}");
        assert_eq!(metrics[1]["readings"][0]["value"], *services, "{file}");
        assert_eq!(document["tables"][0]["rows"]["used"], *rows, "{file}");
    }
}
