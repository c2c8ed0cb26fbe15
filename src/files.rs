//! Finding the files that people write below a folder, and reading them as text.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::source::{Sources, TextFile};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where rules are looked for when no folder is named.
pub const RULES_FOLDER: &str = "rules";

/// The folder of profiles within a rules folder.
const PROFILES_FOLDER: &str = "profiles";

/// How the files of worked examples end.
const EXAMPLES_ENDING: &str = ".examples.yaml";

/// The texts of the rule files below a folder, or of one file; a file of examples means the rules beside it.
///
/// A file that cannot be read as text is reported, and the others are given.
///
/// # Errors
///
/// [`Failed`] if there is none, or a folder cannot be listed.
pub fn rule_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let path = rules_beside(path).unwrap_or_else(|| path.to_owned());
    let files = files_below(&path, found)?;
    let within = |file: &Path| file.strip_prefix(&path).unwrap_or(file).to_owned();
    let rule_files: Vec<PathBuf> =
        files.into_iter().filter(|file| is_rule_file(&within(file)) || *file == path).collect();
    if rule_files.is_empty() {
        let shown = slashed(&path);
        let message = format!("there are no rule files in `{shown}`");
        let problem = Diagnostic::new(Code::NoRules, Place::File(shown), message);
        let help = if path == Path::new(RULES_FOLDER) {
            "put `<program>/<edition>.toml` there or name another folder; without a folder `rules`, those built in are used"
        } else {
            "rules are `<program>/<edition>.toml` below the folder given"
        };
        return Err(found.error(problem.help(help)));
    }
    Ok(texts(rule_files, within, sources, found))
}

/// The texts of the profiles in a rules folder; a rule file alone has none.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed.
pub fn profile_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let folder = path.join(PROFILES_FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = files_below(&folder, found)?.into_iter().filter(|file| has_ending(file)).collect();
    Ok(texts(files, |file| file.strip_prefix(path).unwrap_or(file).to_owned(), sources, found))
}

fn texts(
    files: Vec<PathBuf>,
    within: impl Fn(&Path) -> PathBuf,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Vec<TextFile> {
    let mut texts = Vec::new();
    for file in files {
        if let Ok(text) = text_of(&file, found) {
            texts.push(TextFile { file: slashed(&within(&file)), source: sources.add(slashed(&file), text) });
        }
    }
    texts
}

/// The example files below a folder, or beside one rule file; those that cannot be read as text are reported.
///
/// # Errors
///
/// [`Failed`] if a folder cannot be listed.
pub fn example_texts(path: &Path, sources: &mut Sources, found: &mut Diagnostics) -> Result<Vec<TextFile>, Failed> {
    let mut strays = Vec::new();
    let files = if path.is_file() && !is_example_file(path) {
        let mut beside = path.with_extension("").into_os_string();
        beside.push(EXAMPLES_ENDING);
        Some(PathBuf::from(beside)).filter(|file| file.is_file()).into_iter().collect()
    } else {
        let (files, others): (Vec<_>, Vec<_>) =
            files_below(path, found)?.into_iter().partition(|file| is_example_file(file));
        strays.extend(others.into_iter().filter(|file| is_yaml(file)));
        files
    };
    for file in strays {
        let shown = slashed(&file);
        let message = format!("`{shown}` is not read: worked examples are in files that end in `{EXAMPLES_ENDING}`");
        let problem = Diagnostic::new(Code::ExamplesName, Place::File(shown), message);
        found.warn(problem.help("give it that ending, or move it out of the rules"));
    }
    Ok(texts(files, Path::to_owned, sources, found))
}

fn is_example_file(file: &Path) -> bool {
    file.to_string_lossy().ends_with(EXAMPLES_ENDING)
}

/// Whether it can be taken for a file of examples.
fn is_yaml(file: &Path) -> bool {
    let is_hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !is_hidden
        && file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

/// The rule file that an example file stands beside.
fn rules_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(EXAMPLES_ENDING)?;
    Some(path.with_file_name(format!("{name}.toml"))).filter(|rules| path.is_file() && rules.is_file())
}

pub(crate) fn is_rule_file(within: &Path) -> bool {
    has_ending(within) && !within.components().any(|part| part.as_os_str() == PROFILES_FOLDER)
}

pub(crate) fn is_profile_file(within: &Path) -> bool {
    has_ending(within) && within.starts_with(PROFILES_FOLDER)
}

fn has_ending(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "toml")
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
        // Some editors put a mark before UTF-8 text, which is no part of it.
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) if !text.starts_with(MARK) => Ok(text),
            Ok(text) => Ok(text.trim_start_matches(MARK).to_owned()),
            Err(_) => Err("it is not UTF-8 text".to_owned()),
        },
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

/// The byte order mark.
const MARK: char = '\u{feff}';

/// A path as people type it: with `/`, and without `./` before it.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The SHA-256 of a file's bytes, in hexadecimal.
///
/// # Errors
///
/// What the system says where it cannot be read.
pub fn sha256_of(path: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hexadecimal(&hasher.finalize()))
}

/// The SHA-256 of each of some files, by its path.
///
/// # Errors
///
/// [`Failed`] if any cannot be read any more.
pub fn hashes<'f>(
    files: impl IntoIterator<Item = &'f str>,
    found: &mut Diagnostics,
) -> Result<BTreeMap<String, String>, Failed> {
    let mut all = BTreeMap::new();
    for file in files {
        let hash = sha256_of(Path::new(file)).map_err(|error| {
            let message = format!("`{file}` cannot be read again for its hash: {}", in_words(&error));
            let problem = Diagnostic::new(Code::CorruptFile, Place::File(file.to_owned()), message);
            found.error(problem.help("let the data lie where they are while they are scored"))
        })?;
        all.insert(file.to_owned(), hash);
    }
    Ok(all)
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The error without the numbers an operating system adds.
#[must_use]
pub fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        std::io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        kind => kind.to_string(),
    }
}
