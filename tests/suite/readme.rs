//! Every command that README.md shows is run.

use super::{root, run};
use std::collections::BTreeSet;
use std::fs;

/// The lines of `sh` blocks, in order.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = line == "```sh";
        } else if in_block && !line.trim().is_empty() {
            commands.push(line.split(" #").next().unwrap_or(line).trim().to_owned());
        }
    }
    commands
}

/// What is run elsewhere: by cargo itself, or by the continuous check.
const RUN_ELSEWHERE: &[&str] = &["cargo test", "cargo install --path .", "cargo run --example contoso"];

/// The sample stands in for the reader's own folder.
fn in_place_of_ones_own(argument: &str) -> String {
    if argument == "FOLDER" { "examples/contoso".to_owned() } else { argument.to_owned() }
}

#[test]
fn every_command_shown_runs() {
    let text = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let commands = commands(&text);
    assert!(commands.len() >= 5, "the README shows commands");
    let mut seen = BTreeSet::new();
    for command in commands {
        if RUN_ELSEWHERE.contains(&command.as_str()) || !seen.insert(command.clone()) {
            continue;
        }
        let arguments = command
            .strip_prefix("cargo run --release -- ")
            .or_else(|| command.strip_prefix("pcs-rules "))
            .unwrap_or_else(|| panic!("`{command}` is of a kind that is not run"));
        let arguments: Vec<String> = arguments.split_whitespace().map(in_place_of_ones_own).collect();
        let output = run(&arguments, root());
        let status = output.status.code();
        assert!(
            matches!(status, Some(0)),
            "`{command}` ends with {status:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // What the commands leave behind.
    for file in ["receipt.json", "report.html", "report.xlsx"] {
        let _ = fs::remove_file(root().join(file));
    }
    let _ = fs::remove_dir_all(root().join("compact"));
}

#[test]
fn the_output_shown_is_what_comes_out() {
    let text = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let shown =
        text.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the README shows an output");
    let output = run(&["score".into(), "examples/contoso".into(), "--area".into(), "data-ai".into()], root());
    let actual = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
    assert_eq!(shown.trim_end(), actual.trim_end(), "the README shows another output");
}
