//! Terms that change with the day or the track.

use super::{Cite, Condition, List, Side};
use crate::exact::Exact;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A number of the text.
#[derive(Clone, Debug)]
pub enum Number {
    /// Always the same.
    Fixed(Exact),
    /// A term.
    Term(Arc<Term>),
}

impl Number {
    /// The term that it is.
    #[must_use]
    pub fn term(&self) -> Option<&Arc<Term>> {
        match self {
            Self::Fixed(_) => None,
            Self::Term(term) => Some(term),
        }
    }
}

/// A named term.
#[derive(Debug)]
pub struct Term {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is stated.
    pub cite: Option<Cite>,
    /// What it is until which day; the last without a day. Empty where every track sets it.
    pub settings: Settings,
}

impl Term {
    /// The lists that it is by itself, on some day.
    pub fn lists(&self) -> impl Iterator<Item = &Arc<List>> {
        self.settings.iter().filter_map(|(_, setting)| match setting {
            Setting::List(list) => Some(list),
            Setting::Number(_) | Setting::Range(_) => None,
        })
    }
}

/// What a term is until which day; the last without a day.
pub type Settings = Vec<(Option<NaiveDate>, Setting)>;

/// What a term is.
#[derive(Clone, Debug)]
pub enum Setting {
    /// A number.
    Number(Exact),
    /// Numbers between bounds.
    Range(Vec<(Side, Exact)>),
    /// A list.
    List(Arc<List>),
}

/// One of the ways an area can be scored.
#[derive(Debug)]
pub struct Track {
    /// Its name.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<String>,
    /// Who is on it; everybody where there is none.
    pub when: Option<Condition>,
    /// What terms are on it.
    pub sets: BTreeMap<Arc<str>, Settings>,
}

/// What all terms are: on a day, and on a track where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The day judged.
    pub day: NaiveDate,
    /// The track.
    pub track: Option<&'a Track>,
}

impl<'a> Terms<'a> {
    /// What a term is; none only for a term that tracks set, without one.
    #[must_use]
    pub fn setting<'t>(&self, term: &'t Term) -> Option<&'t Setting>
    where
        'a: 't,
    {
        let holds = |until: &Option<NaiveDate>| until.is_none_or(|until| self.day <= until);
        self.settings(term).iter().find(|(until, _)| holds(until)).map(|(_, setting)| setting)
    }

    /// What a term is, each with the last day judged on which it is so.
    #[must_use]
    pub fn settings<'t>(&self, term: &'t Term) -> &'t [(Option<NaiveDate>, Setting)]
    where
        'a: 't,
    {
        self.track.and_then(|track| track.sets.get(&term.name)).unwrap_or(&term.settings)
    }

    /// The number that is meant; 0 for a term that is none, which `resolve` excludes.
    #[must_use]
    pub fn number(&self, number: &Number) -> Exact {
        match number {
            Number::Fixed(fixed) => fixed.clone(),
            Number::Term(term) => match self.setting(term) {
                Some(Setting::Number(number)) => number.clone(),
                _ => Exact::zero(),
            },
        }
    }

    /// The bounds of a range.
    #[must_use]
    pub fn range(&self, term: &Term) -> Vec<(Side, Exact)> {
        match self.setting(term) {
            Some(Setting::Range(bounds)) => bounds.clone(),
            _ => Vec::new(),
        }
    }
}
