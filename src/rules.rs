//! What a rule set says; knows no data.
//!
//! Text → `Document` (spans) → the schema → `model` (names still text) → [`RuleSet`] (only valid values) → [`RuleBook`]
//! (all editions of all programs).

pub(crate) mod document;
mod edition;
pub(crate) mod model;
mod resolve;
mod ruleset;
pub(crate) mod schema;
mod vocabulary;
pub(crate) mod word;
mod words;

pub use edition::{RuleBook, load, shipped};
pub use ruleset::*;
pub use schema::RULES_FORMAT as FORMAT;
pub use vocabulary::{Vocabularies, Vocabulary};
pub use words::{Family, PLAIN, WORDS, Word};
