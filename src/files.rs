//! Finding the files that people write below a folder, and reading them as text.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::source::{Sources, TextFile};
use std::path::{Path, PathBuf};

/// Where rules are looked for when no folder is named.
pub const RULES_FOLDER: &str = "rules";

/// How the files of worked examples end.
const EXAMPLES_ENDING: &str = ".examples.yaml";

/// The texts of the rule files below a folder, or of one file.
///
/// # Errors
///
/// [`Failed`] if there is none, or one cannot be read as text.
pub fn rule_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let files = files_below(path, found)?;
    let rule_files: Vec<&PathBuf> =
        files.iter().filter(|file| is_rule_file(file.strip_prefix(path).unwrap_or(file)) || *file == path).collect();
    if rule_files.is_empty() {
        let shown = slashed(path);
        let problem =
            Diagnostic::new(Code::NoRules, Place::File(shown.clone()), format!("there are no rule files in `{shown}`"));
        return Err(found.error(problem.help("rules are `<program>/<edition>.toml` below the folder given")));
    }
    let mut texts = Vec::new();
    let mut failed = Ok(());
    for file in rule_files {
        let within = file.strip_prefix(path).unwrap_or(file);
        match text_of(file, found) {
            Ok(text) => texts.push(TextFile { file: slashed(within), source: sources.add(slashed(file), text) }),
            Err(error) => failed = Err(error),
        }
    }
    failed.map(|()| texts)
}

/// The example files below a folder, or beside one rule file.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed, or a file cannot be read as text.
pub fn example_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let beside = path.with_extension("").into_os_string();
    let is_example = |file: &Path| file.to_string_lossy().ends_with(EXAMPLES_ENDING);
    let files: Vec<PathBuf> = if path.is_file() && !is_example(path) {
        let mut beside = beside;
        beside.push(EXAMPLES_ENDING);
        Some(PathBuf::from(beside)).filter(|file| file.is_file()).into_iter().collect()
    } else {
        files_below(path, found)?.into_iter().filter(|file| is_example(file)).collect()
    };
    let mut texts = Vec::new();
    for file in files {
        let text = text_of(&file, found)?;
        texts.push(TextFile { file: slashed(&file), source: sources.add(slashed(&file), text) });
    }
    Ok(texts)
}

pub(crate) fn is_rule_file(within: &Path) -> bool {
    within.extension().is_some_and(|ending| ending == "toml")
        && !within.components().any(|part| part.as_os_str() == "profiles")
}

/// Every file below a path, in order; the path itself where it is a file.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed.
pub fn files_below(path: &Path, found: &mut Diagnostics) -> Result<Vec<PathBuf>, Failed> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>());
        match entries {
            Ok(entries) => {
                for entry in entries {
                    // Links to folders are not followed: they could lead in a circle.
                    let is_link = entry.is_symlink();
                    if entry.is_dir() && !is_link {
                        folders.push(entry);
                    } else if entry.is_file() {
                        files.push(entry);
                    }
                }
            }
            Err(error) => {
                let shown = slashed(&folder);
                let problem = Diagnostic::new(
                    Code::NoRules,
                    Place::File(shown.clone()),
                    format!("`{shown}` cannot be listed: {}", in_words(&error)),
                );
                return Err(found.error(problem.help("give a folder with rules, or a rule file")));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A file's text.
///
/// # Errors
///
/// [`Failed`] if it cannot be opened or is not UTF-8.
pub fn text_of(file: &Path, found: &mut Diagnostics) -> Result<String, Failed> {
    let shown = slashed(file);
    let text = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()),
        Err(error) => Err(in_words(&error)),
    };
    text.map_err(|why| {
        let problem = Diagnostic::new(
            Code::UnreadableFile,
            Place::File(shown.clone()),
            format!("`{shown}` cannot be read: {why}"),
        );
        found.error(problem.help("save it as UTF-8 text and make it readable"))
    })
}

/// A path as people type it: with `/`, and without `./` before it.
pub(crate) fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The error without the numbers an operating system adds.
pub(crate) fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        std::io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        kind => kind.to_string(),
    }
}
