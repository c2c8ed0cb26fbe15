//! Scores partner programs by rules kept in TOML.
//!
//! A program's terms are data: [`rules`] reads them, [`catalog`] finds the partner's tables, [`plan`] says what has to be
//! measured, [`measure`] reads the rows once, and [`score`] turns numbers into points. Nothing here knows any program.
//!
//! | stage | takes | gives | may fail because of |
//! |---|---|---|---|
//! | load, validate, resolve ([`rules`]) | TOML texts | [`rules::RuleBook`] | the author |
//! | peek ([`catalog`]) | a folder | [`catalog::Catalog`] | the data's supplier |
//! | plan ([`plan`]) | rules, catalog, the day judged | [`plan::Plan`] | a table or column missing |
//! | measure ([`measure`]) | the plan | [`measure::Measures`] | unreadable rows |
//! | score ([`score`]) | plan and measures | [`score::Outcome`] | nothing |
//! | present ([`report`]) | the outcome | text | nothing |
//!
//! # Example
//!
//! ```no_run
//! use pcs_rules::diagnostic::{Diagnostics, Failed};
//! use pcs_rules::run::{Question, load_rules, score_folder};
//! use pcs_rules::source::Sources;
//! use std::path::Path;
//!
//! fn main() -> Result<(), Failed> {
//!     let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
//!     let library = load_rules(Path::new("rules"), &mut sources, &mut found)?;
//!     let outcome = score_folder(&library, Path::new("data/contoso"), &Question::default(), &mut sources, &mut found)?;
//!     for entity in &outcome.entities {
//!         for area in &entity.areas {
//!             println!("{}: {} {}", entity.id, area.title, area.is_attained());
//!         }
//!     }
//!     Ok(())
//! }
//! ```

pub mod catalog;
pub mod convert;
pub mod diagnostic;
pub mod exact;
pub mod example;
pub mod explain;
pub mod files;
pub mod lookup;
pub mod measure;
pub mod month;
mod parallel;
pub mod plan;
pub mod profile;
pub mod read;
pub mod receipt;
pub mod report;
pub mod rules;
pub mod run;
pub mod schemas;
pub mod score;
pub mod source;
pub mod text;
