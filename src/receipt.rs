//! Receipts: what a score was computed by and from, so that it can be computed again and compared byte for byte.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use crate::files::{hashes, in_words, sha256, sha256_of, slashed, text_of};
use crate::read::{OriginFile, origin};
use crate::report::{Format, View, json_text, render};
use crate::rules::FORMAT;
use crate::source::{BUILT_IN, Sources};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The format of receipts.
pub const RECEIPT_FORMAT: &str = "pcs-receipt/1";

/// What a score was computed by and from, and the score.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The format of this document: `pcs-receipt/1`.
    format: String,
    /// The version of the program.
    engine: String,
    /// The format of rules that it reads.
    rule_format: String,
    /// What was asked.
    pub question: Asked,
    /// Every text of rules, profiles and dataset files that was read, by its path: its SHA-256.
    texts: BTreeMap<String, String>,
    /// Every data file that was read, by its path: its SHA-256.
    data: BTreeMap<String, String>,
    /// Of those that `convert` made: from which file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    converted_from: BTreeMap<String, Origin>,
    /// The SHA-256 of the score document, byte for byte.
    scores_sha256: String,
    /// The score document, as `score --format json` prints it.
    scores: Value,
}

/// A file that another was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Origin {
    /// Its path, as it was named then.
    file: String,
    /// Its SHA-256 then.
    sha256: String,
}

/// What was asked. Paths are those that were typed: a receipt is replayed where it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The data folder.
    pub data: String,
    /// The folder of the rules; none for those that are built in.
    pub rules: Option<String>,
    /// The program, where one was named.
    pub program: Option<String>,
    /// The day judged.
    pub as_of: String,
    /// Whether it was taken from the data.
    pub as_of_from_data: bool,
    /// The day up to which editions were known.
    pub known_by: Option<String>,
    /// The profile of each table for which one was named.
    pub profiles: BTreeMap<String, String>,
    /// How many unreadable rows could be left out.
    pub allow_bad_rows: u64,
}

impl Asked {
    /// The day judged, and the day up to which editions were known.
    #[must_use]
    pub fn days(&self) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let known_by = self.known_by.as_ref().map(|day| day.parse());
        Some((self.as_of.parse().ok()?, known_by.transpose().ok()?))
    }
}

impl Receipt {
    /// The receipt of a score of all entities.
    ///
    /// # Errors
    ///
    /// [`Failed`] if a data file cannot be read any more.
    pub fn of(view: &View<'_>, question: Asked, sources: &Sources, found: &mut Diagnostics) -> Result<Self, Failed> {
        let files = view.outcome.tables.iter().flat_map(|table| &table.files);
        let data = hashes(files.map(|(file, _)| file.as_str()), found)?;
        let scores = render(view, Format::Json, 1);
        let origin = |file: &String| {
            let OriginFile { file: from, sha256 } = origin(Path::new(file))?;
            Some((file.clone(), Origin { file: from, sha256 }))
        };
        let converted_from = data.keys().filter_map(origin).collect();
        Ok(Self {
            format: RECEIPT_FORMAT.to_owned(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            rule_format: FORMAT.to_owned(),
            question,
            texts: sources.iter().map(|source| (source.path.clone(), sha256(source.text.as_bytes()))).collect(),
            data,
            converted_from,
            scores_sha256: sha256(scores.as_bytes()),
            scores: serde_json::from_str(&scores).unwrap_or(Value::Null),
        })
    }

    /// Reads a receipt.
    ///
    /// # Errors
    ///
    /// [`Failed`] for a file that is none, or one of another format.
    pub fn read(path: &Path, found: &mut Diagnostics) -> Result<Self, Failed> {
        let text = text_of(path, found)?;
        let shown = slashed(path);
        let mut none = |why: String| {
            let message = format!("`{shown}` is no receipt: {why}");
            let problem = Diagnostic::new(Code::Receipt, Place::File(shown.clone()), message);
            found.error(problem.help("name a file that `pcs-rules score --receipt FILE` has written"))
        };
        let receipt: Self = serde_json::from_str(&text).map_err(|error| none(error.to_string()))?;
        if receipt.format != RECEIPT_FORMAT {
            return Err(none(format!("its format is `{}`, and this version reads `{RECEIPT_FORMAT}`", receipt.format)));
        }
        if receipt.question.days().is_none() {
            return Err(none("its days are none".to_owned()));
        }
        Ok(receipt)
    }

    /// The receipt as text; ends with a line end.
    #[must_use]
    pub fn text(&self) -> String {
        json_text::pretty(self)
    }

    /// How many texts and data files it names.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.texts.len(), self.data.len())
    }

    /// The files that are no longer what they were, as far as can be told from the texts that were read before a run failed.
    #[must_use]
    pub fn changed(&self, read: &Sources) -> Vec<Diagnostic> {
        let told = |file: &str, what: &str, help: &str| {
            let problem = Diagnostic::new(Code::Changed, Place::File(file.to_owned()), format!("`{file}` {what}"));
            problem.help(format!("{help}, or score anew and write another receipt"))
        };
        let changed = |(file, hash): (&String, &String)| match sha256_of(Path::new(file)) {
            Ok(now) if now == *hash => None,
            Ok(_) => Some(told(file, "has changed since the receipt was written", "put back what it was")),
            Err(error) => Some(told(file, &format!("can no longer be read: {}", in_words(&error)), "put it back")),
        };
        // Texts that are built in are no files.
        let is_file = |path: &str| !path.starts_with(BUILT_IN);
        let is_new = |path: &&str| is_file(path) && !self.texts.contains_key(*path);
        let new: BTreeSet<&str> = read.iter().map(|source| source.path.as_str()).filter(is_new).collect();
        let new = new.into_iter().map(|path| told(path, "was not there when the receipt was written", "take it away"));
        let all = self.texts.iter().filter(|(path, _)| is_file(path)).filter_map(changed).chain(new);
        all.chain(self.data.iter().filter_map(changed)).collect()
    }

    /// Where another receipt for the same question differs, a line each.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut all = Vec::new();
        if self.engine != now.engine {
            all.push(format!("computed by version {}, and this is {}", self.engine, now.engine));
        }
        for (before, now) in [(&self.texts, &now.texts), (&self.data, &now.data)] {
            for (file, hash) in before {
                match now.get(file) {
                    Some(same) if same == hash => {}
                    Some(_) => all.push(format!("changed: `{file}`")),
                    None => all.push(format!("no longer read: `{file}`")),
                }
            }
            all.extend(now.keys().filter(|file| !before.contains_key(*file)).map(|file| format!("new: `{file}`")));
        }
        if self.scores_sha256 != now.scores_sha256 || self.scores != now.scores {
            all.push("the scores differ".to_owned());
            let areas = differing(&self.scores, &now.scores);
            // Where no result does, something beside it: the first of it is named.
            let beside = if areas.is_empty() { first_difference("", &self.scores, &now.scores) } else { None };
            all.extend(areas.into_iter().chain(beside));
        }
        all
    }
}

/// The first place at which two documents differ, with what each has there.
fn first_difference(at: &str, before: &Value, now: &Value) -> Option<String> {
    let keys = |value: &Value| -> Vec<String> {
        match value {
            Value::Object(map) => map.keys().cloned().collect(),
            Value::Array(list) => (0..list.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        }
    };
    let mut all = keys(before);
    all.extend(keys(now).into_iter().filter(|key| !all.contains(key)).collect::<Vec<_>>());
    let child = |of: &Value, key: &str| match of {
        Value::Array(list) => key.parse().ok().and_then(|index: usize| list.get(index).cloned()),
        of => of.get(key).cloned(),
    };
    for key in all {
        let (one, other) = (child(before, &key), child(now, &key));
        if one != other {
            let at = format!("{at}/{key}");
            return match (one, other) {
                (Some(one), Some(other)) => first_difference(&at, &one, &other),
                (Some(_), None) => Some(format!("  {at} is gone")),
                (None, _) => Some(format!("  {at} is new")),
            };
        }
    }
    (before != now).then(|| format!("  {at}: {before}; now {now}"))
}

/// The areas whose points or results differ, and entities that only one has.
fn differing(before: &Value, now: &Value) -> Vec<String> {
    type Found = BTreeMap<(String, String), String>;
    let areas = |document: &Value| -> Found {
        let text = |value: &Value, key| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |value: &Value, key| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut all = BTreeMap::new();
        for entity in list(document, "entities") {
            for area in list(&entity, "areas") {
                let is_attained = area.get("attained").and_then(Value::as_bool).unwrap_or(false);
                let attained = if is_attained { "attained" } else { "not attained" };
                let points =
                    text(&area, "points").map_or_else(|| "no points".to_owned(), |had| format!("{had} points"));
                let names = (text(&entity, "id").unwrap_or_default(), text(&area, "id").unwrap_or_default());
                all.insert(names, format!("{points}, {attained}"));
            }
        }
        all
    };
    let (before, now) = (areas(before), areas(now));
    let mut lines = Vec::new();
    for ((entity, area), was) in &before {
        match now.get(&(entity.clone(), area.clone())) {
            Some(is) if is == was => {}
            Some(is) => lines.push(format!("  {entity}, {area}: {was}; now {is}")),
            None => lines.push(format!("  {entity}, {area}: {was}; now not scored")),
        }
    }
    let fresh = now.iter().filter(|(key, _)| !before.contains_key(*key));
    lines.extend(fresh.map(|((entity, area), is)| format!("  {entity}, {area}: not scored; now {is}")));
    lines
}
