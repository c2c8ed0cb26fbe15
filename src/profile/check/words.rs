//! What a profile makes of cells is in some list, where the rules look for it in lists.

use super::{Check, From};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::rules::document::pointer;
use crate::rules::{ColumnType, Vocabulary};
use crate::text::compared;
use std::collections::BTreeSet;

impl<'a> Check<'a> {
    /// Each value that the profile itself names for a column is in a list of some edition that looks for members in it.
    pub(super) fn words(&mut self) {
        for column in &self.profile.columns {
            let Some(known) = self.listed(&column.name) else { continue };
            let is_exact = self.types(&column.name).contains(&ColumnType::Exact);
            let is_known = |word: &str| {
                let compared = compared(word, is_exact);
                known.iter().any(|known| {
                    known.spellings.contains_key(compared.as_ref()) || known.beginnings.contains(&compared)
                })
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
                let help =
                    did_you_mean(word, known.iter().flat_map(|known| known.spellings.values()).map(String::as_str))
                        .unwrap_or_else(|| "write it as a list of the rules does".to_owned());
                self.found.warn(Diagnostic::at(Code::Unlisted, place, message).help(help));
            }
        }
    }

    /// What each edition knows for a column; none where no test asks for members, so that any value is usual.
    fn listed(&self, column: &str) -> Option<Vec<&'a Vocabulary>> {
        let each = self.editions.iter().filter_map(|(rules, table)| rules.vocabularies.get(&table.name)?.get(column));
        let each: Vec<&'a Vocabulary> = each.collect();
        each.iter().any(|vocabulary| vocabulary.is_asked).then_some(each)
    }
}
