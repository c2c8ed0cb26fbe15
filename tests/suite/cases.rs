//! Cases are folders: `tests/cases/{ok,err}/<name>/`.
//!
//! Each runs in a copy of `tests/cases/base` with the case's own files laid over it and the edits of its `case.toml`
//! made; what people see is held in `seen.snap` beside it. A new case is a new folder, no Rust.

use super::{Scratch, copy, root, run};
use pcs_rules::diagnostic::Code;
use serde::Deserialize;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// `case.toml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows.
    shows: String,
    /// Command lines, without the program's name, words parted by blanks.
    pub(crate) run: Vec<String>,
    /// A folder beside the base that is laid over it first, for what several cases share.
    over: Option<String>,
    /// Changes to files of the base.
    #[serde(default)]
    edit: Vec<Edit>,
    /// Files and folders of the base that the case does without.
    #[serde(default)]
    remove: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    /// Stands in the file exactly once.
    find: String,
    put: String,
}

/// The folders of one kind, in order.
pub(crate) fn folders(kind: &str) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("tests/cases").join(kind))
        .expect("the cases can be listed")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// A case, and the folder in which its files lie as it runs.
pub(crate) fn lay_out(folder: &Path) -> (Case, Scratch) {
    let text =
        fs::read_to_string(folder.join("case.toml")).unwrap_or_else(|_| panic!("{} has a case.toml", folder.display()));
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let scratch = Scratch::new(&folder.to_string_lossy());
    copy(&root().join("tests/cases/base"), &scratch.0);
    if let Some(shared) = &case.over {
        copy(&root().join("tests/cases").join(shared), &scratch.0);
    }
    copy(folder, &scratch.0);
    for name in ["case.toml", "seen.snap"] {
        let _ = fs::remove_file(scratch.0.join(name));
    }
    for name in &case.remove {
        let path = scratch.0.join(name);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{}: {name}: {error}", folder.display()));
    }
    for edit in &case.edit {
        let path = scratch.0.join(&edit.file);
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {}: {error}", folder.display(), edit.file));
        assert_eq!(
            text.matches(&edit.find).count(),
            1,
            "{}: `{}` stands once in {}",
            folder.display(),
            edit.find,
            edit.file
        );
        fs::write(&path, text.replace(&edit.find, &edit.put)).expect("the copy can be written");
    }
    (case, scratch)
}

/// Runs a case and says what was seen; the statuses come beside it.
fn see(folder: &Path) -> (String, Vec<i32>) {
    let (case, scratch) = lay_out(folder);
    let mut seen = format!("{}\n", case.shows);
    let mut statuses = Vec::new();
    for line in &case.run {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let output = run(&arguments, &scratch.0);
        let status = output.status.code().unwrap_or(-1);
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes).replace(&*scratch.0.to_string_lossy(), "<case>").replace('\\', "/")
        };
        let _ = write!(seen, "\n$ pcs-rules {line}\nstatus {status}\n");
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let _ = write!(seen, "--- {name}\n{}", text(bytes));
            }
        }
        if status == 2 {
            assert!(output.stdout.is_empty(), "{}: status 2 comes with an empty stdout", folder.display());
        }
        assert!(!seen.contains("panicked"), "{}: {seen}", folder.display());
        statuses.push(status);
    }
    (seen, statuses)
}

fn check(folder: &Path, seen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("seen", seen));
}

#[test]
fn ok_cases_come_out_as_they_were_seen() {
    for folder in folders("ok") {
        let (seen, statuses) = see(&folder);
        assert!(statuses.iter().all(|status| *status == 0), "{}: {seen}", folder.display());
        check(&folder, &seen);
    }
}

#[test]
fn err_cases_come_out_as_they_were_seen() {
    for folder in folders("err") {
        let (seen, statuses) = see(&folder);
        assert!(
            statuses.iter().any(|status| *status != 0) || seen.contains("warning["),
            "{}: {seen}",
            folder.display()
        );
        check(&folder, &seen);
    }
}

#[test]
fn every_code_has_a_case() {
    let shows = |folder: &PathBuf, id: &str| {
        let is_named = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(id));
        let seen = fs::read_to_string(folder.join("seen.snap")).unwrap_or_default();
        is_named && (seen.contains(&format!("[{id}]")) || seen.contains(&format!("\"{id}\"")))
    };
    let folders = folders("err");
    let ids = Code::ALL.iter().map(|code| code.id());
    let missing: Vec<&str> = ids.filter(|id| !folders.iter().any(|folder| shows(folder, id))).collect();
    assert!(missing.is_empty(), "codes without a case: {missing:?}");
}

#[test]
fn codes_ascend_and_are_named_once() {
    let ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let mut slugs: Vec<&str> = Code::ALL.iter().map(|code| code.slug()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), ids.len());
}
