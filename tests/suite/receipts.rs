//! What has changed since a receipt was written is named, and with it the scores that differ.

use super::{Scratch, copy, root, run};
use std::fs;
use std::path::Path;

fn said(command: &str, folder: &Path) -> (i32, String) {
    let arguments: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    let output = run(&arguments, folder);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code().unwrap_or(-1), text)
}

fn change(file: &Path, find: &str, put: &str) {
    let text = fs::read_to_string(file).expect("the file is text");
    assert!(text.contains(find), "{text}");
    fs::write(file, text.replace(find, put)).expect("the copy can be written");
}

#[test]
fn what_changed_is_named() {
    let scratch = Scratch::new("receipts");
    copy(&root().join("tests/cases/base"), &scratch.0);
    let (rows, rules) = (scratch.0.join("data/loans.csv"), scratch.0.join("rules/library/2024-01-01.toml"));
    let (status, _) = said("score data --as-of 2024-05-01 --receipt receipt.json", &scratch.0);
    assert_eq!(status, 0);
    let (status, same) = said("replay receipt.json", &scratch.0);
    assert!(status == 0 && same.starts_with("the same: "), "{same}");

    // A comment in the rules changes no score.
    let text = fs::read_to_string(&rules).expect("rules are text");
    fs::write(&rules, format!("{text}\n# Nothing.\n")).expect("the copy can be written");
    let (status, commented) = said("replay receipt.json", &scratch.0);
    assert_eq!(
        (status, commented.lines().next()),
        (1, Some("changed: `rules/library/2024-01-01.toml`")),
        "{commented}"
    );
    fs::write(&rules, text).expect("the copy can be written");

    change(&rows, "North,bob,poems,Main,2024-03,20.00,6", "North,bob,poems,Main,2024-03,20.00,1");
    let (status, fewer) = said("replay receipt.json", &scratch.0);
    assert_eq!(status, 1);
    assert!(fewer.contains("changed: `data/loans.csv`") && !fewer.contains("courses.csv"), "{fewer}");
    assert!(fewer.contains("  North, town: 36 points, not attained; now "), "{fewer}");

    change(&rows, ",20.00,1", ",twenty,1");
    let (status, broken) = said("replay receipt.json", &scratch.0);
    assert!(status == 2 && broken.contains("`data/loans.csv` has changed") && broken.contains("PCS0318"), "{broken}");

    change(&rules, "format = ", "formaT = ");
    let (status, refused) = said("replay receipt.json", &scratch.0);
    let named = refused.contains("`rules/library/2024-01-01.toml` has changed");
    assert!(status == 2 && named && refused.contains("PCS0005"), "{refused}");
    for form in ["json", "sarif", "github"] {
        let (_, told) = said(&format!("replay receipt.json --message-format {form}"), &scratch.0);
        assert!(told.contains("PCS0410") && told.contains("rules/library/2024-01-01.toml"), "{told}");
        assert!(form != "json" || serde_json::from_str::<serde_json::Value>(&told).is_ok(), "{told}");
    }
}

#[test]
fn a_receipt_that_was_changed_is_not_the_same() {
    let scratch = Scratch::new("forged");
    copy(&root().join("tests/cases/base"), &scratch.0);
    let (status, _) = said("score data --as-of 2024-05-01 --receipt receipt.json", &scratch.0);
    assert_eq!(status, 0);
    change(&scratch.0.join("receipt.json"), "\"36\"", "\"96\"");
    let (status, forged) = said("replay receipt.json", &scratch.0);
    assert!(status == 1 && forged.contains("North, town: 96 points, not attained; now 36"), "{forged}");

    for (path, why) in
        [("data/loans.csv", "is one of the files that are read"), ("data/receipt.json", "lies among the data")]
    {
        let (status, refused) = said(&format!("score data --receipt {path} --force"), &scratch.0);
        assert!(status == 2 && refused.contains(why), "{refused}");
    }
    let (status, replaced) = said("score data -o data/loans.csv --force", &scratch.0);
    assert!(status == 2 && replaced.contains("is one of the files that are read"), "{replaced}");
}
