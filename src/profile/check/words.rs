//! What a profile makes of cells is in some list, where the rules look for it in lists.

use super::{Check, From};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::rules::document::pointer;
use crate::rules::{ColumnType, vocabulary};
use crate::text::fold;
use std::collections::BTreeSet;

impl Check<'_> {
    /// Each value that the profile itself names for a column is in a list of some edition that looks for members in it.
    pub(super) fn words(&mut self) {
        for column in &self.profile.columns {
            let Some(known) = self.listed(&column.name) else { continue };
            let is_exact = self.types(&column.name).contains(&ColumnType::Exact);
            let is_known = |word: &str| {
                known.iter().any(|listed| if is_exact { listed == word } else { fold(listed) == fold(word) })
            };
            let at = pointer("/column", &column.name);
            let named: BTreeSet<(&str, crate::source::Location)> = match &column.from {
                From::Constant(value) => [(value.as_str(), self.document.value(&pointer(&at, "value")))].into(),
                From::Headers { words, .. } => {
                    let at = pointer(&at, "words");
                    let place = |meaning: &String| self.document.key(&pointer(&at, meaning));
                    words.meanings.values().map(|meaning| (meaning.as_str(), place(meaning))).collect()
                }
            };
            for (word, place) in named.into_iter().filter(|(word, _)| !is_known(word)) {
                let message = format!("`{word}` is in no list that the rules look `{}` up in", column.name);
                let help = did_you_mean(word, known.iter().map(String::as_str))
                    .unwrap_or_else(|| "write it as a list of the rules does".to_owned());
                self.found.warn(Diagnostic::at(Code::Unlisted, place, message).help(help));
            }
        }
    }

    /// Every spelling that some edition knows for a column; none where no test asks for members, so that any value is usual.
    fn listed(&self, column: &str) -> Option<BTreeSet<String>> {
        let each = self.editions.iter().filter_map(|(rules, table)| vocabulary(rules, table).remove(column));
        let each: Vec<_> = each.collect();
        let is_asked = each.iter().any(|vocabulary| vocabulary.is_asked);
        is_asked.then(|| each.into_iter().flat_map(|vocabulary| vocabulary.spellings.into_values()).collect())
    }
}
