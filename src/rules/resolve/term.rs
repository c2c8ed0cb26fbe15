//! Terms and what tracks set them to: each has one kind and one unit, wherever it is read.

use super::{Kind, Resolver, all_or_nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Number, Setting, Settings, Side, Term, Track, Unit};
use crate::rules::word::Decimal;
use crate::text::quoted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a term can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermKind {
    Number,
    Range,
    List,
}

impl TermKind {
    const fn of(setting: &model::Setting) -> Self {
        match setting {
            model::Setting::Number(_) => Self::Number,
            model::Setting::List(_) => Self::List,
            model::Setting::Range(_) => Self::Range,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Range => "a range",
            Self::List => "a list",
        }
    }
}

impl Resolver<'_> {
    /// The term of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn term(&mut self, name: &str) -> Option<Arc<Term>> {
        if let Some(known) = self.terms.get(name) {
            return known.clone();
        }
        let written = self.file.term.get(name)?;
        let at = pointer("/term", name);
        let cite = self.cite(written.cite.as_ref(), &at, None);
        let is = pointer(&at, "is");
        let settings = match &written.is {
            None => {
                if self.term_kind(name).is_none() {
                    let problem =
                        Diagnostic::at(Code::UnsetTerm, self.key(&at), format!("nothing says what term `{name}` is"));
                    self.error(problem.help("give it `is`, or let every track that reads it set it"));
                }
                Some(Vec::new())
            }
            Some(written) => self.settings(name, written, &is),
        };
        let made = settings.map(|settings| Arc::new(Term { name: name.into(), cite, settings }));
        self.terms.insert(name.to_owned(), made.clone());
        made
    }

    fn settings(&mut self, name: &str, written: &model::TermIs, at: &str) -> Option<Settings> {
        match written {
            model::TermIs::Always(setting) => self.setting(name, setting, at).map(|setting| vec![(None, setting)]),
            model::TermIs::Dated(dated) => self.dated(name, dated, at),
        }
    }

    fn dated(&mut self, name: &str, written: &[model::DatedSetting], at: &str) -> Option<Settings> {
        let mut settings = Vec::new();
        let mut complete = true;
        for (index, entry) in written.iter().enumerate() {
            let here = format!("{at}/{index}");
            let before = index.checked_sub(1).and_then(|before| written.get(before)?.until);
            let is_last = index + 1 == written.len();
            let problem = match (entry.until, before) {
                (None, _) if !is_last => Some("what follows an entry without `until` never holds"),
                (Some(_), _) if is_last => Some("the last entry ends, and nothing says what the term is after it"),
                (Some(until), Some(before)) if until <= before => Some("the entry ends before the one above it"),
                _ => None,
            };
            if let Some(message) = problem {
                let problem = Diagnostic::at(Code::UntilBeforeStart, self.value(&here), message);
                self.error(problem.help("list the entries in the order of their days, the last without `until`"));
                complete = false;
            }
            match self.setting(name, &entry.is, &pointer(&here, "is")) {
                Some(setting) => settings.push((entry.until.map(|day| day.0), setting)),
                None => complete = false,
            }
        }
        complete.then_some(settings)
    }

    fn setting(&mut self, name: &str, written: &model::Setting, at: &str) -> Option<Setting> {
        let kind = TermKind::of(written);
        if let Some(other) = self.term_kind(name).filter(|other| *other != kind) {
            let message = format!("term `{name}` is {} here, and {} elsewhere", kind.words(), other.words());
            let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), message);
            self.error(problem.help("a term is of one kind on all days and tracks"));
            return None;
        }
        match written {
            model::Setting::Number(number) => Some(Setting::Number(number.0.clone())),
            model::Setting::List(list) => self.list_named(list, at).map(Setting::List),
            model::Setting::Range(range) => {
                let limits = [&range.at_least, &range.more_than, &range.at_most, &range.less_than];
                self.possible(limits, at);
                let sides = [Side::AtLeast, Side::MoreThan, Side::AtMost, Side::LessThan];
                let limits = sides.into_iter().zip(limits);
                Some(Setting::Range(
                    limits.filter_map(|(side, limit)| Some((side, limit.as_ref()?.0.clone()))).collect(),
                ))
            }
        }
    }

    /// Reports bounds that exclude every number.
    pub(super) fn possible(&mut self, [at_least, more_than, at_most, less_than]: [&Option<Decimal>; 4], at: &str) {
        let low = [at_least, more_than].into_iter().flatten().map(|limit| &limit.0).max();
        let high = [at_most, less_than].into_iter().flatten().map(|limit| &limit.0).min();
        let (Some(low), Some(high)) = (low, high) else { return };
        let strict = more_than.as_ref().is_some_and(|limit| limit.0 == *low)
            || less_than.as_ref().is_some_and(|limit| limit.0 == *high);
        if low > high || (low == high && strict) {
            let problem = Diagnostic::at(Code::ImpossibleBounds, self.value(at), "no value lies between these bounds");
            self.error(problem.help("the lower bound has to be below the upper one"));
        }
    }

    /// What a term is: as it is defined, else as the first track sets it.
    fn term_kind(&self, name: &str) -> Option<TermKind> {
        let set = self.file.track.iter().filter_map(|(_, track)| track.sets.get(name));
        let mut written = self.file.term.get(name)?.is.iter().chain(set).flat_map(model::TermIs::settings);
        written.next().map(TermKind::of)
    }

    /// Whether a name is that of a term which is a range.
    pub(super) fn is_range(&self, name: &str) -> bool {
        self.file.list.get(name).is_none() && self.term_kind(name) == Some(TermKind::Range)
    }

    /// The term that a name refers to, which has to be of a kind.
    pub(super) fn term_named(&mut self, name: &str, kind: TermKind, at: &str) -> Option<Arc<Term>> {
        if self.file.term.get(name).is_none() {
            if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
                let message = format!("{} is neither a number nor the name of a term", quoted(name));
                let help = "write digits alone, with a point before decimals: `\"0.5\"`; units and signs are left out";
                let problem = Diagnostic::at(Code::UnknownName, self.value(at), message);
                self.error(problem.help(help));
                return None;
            }
            let known = self.names(Kind::Term);
            self.unknown(&[Kind::Term], name, at, &known);
            return None;
        }
        self.used.insert((Kind::Term, name.to_owned()));
        let term = self.term(name)?;
        match self.term_kind(name) {
            Some(is) if is != kind => {
                let message = format!("term `{name}` is {}, and this needs {}", is.words(), kind.words());
                let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), message);
                self.error(problem.help("name another term, or correct what this one is"));
                None
            }
            _ => Some(term),
        }
    }

    /// A number, or the term that is one.
    pub(super) fn number(&mut self, written: &model::Number, at: &str) -> Option<Number> {
        match written {
            model::Number::Fixed(fixed) => Some(Number::Fixed(fixed.0.clone())),
            model::Number::Term(name) => self.term_named(name, TermKind::Number, at).map(Number::Term),
        }
    }

    /// A number that may be left out: `None` only where it was written and does not hold together.
    #[expect(clippy::option_option, reason = "the outer says whether it resolved, the inner whether it was written")]
    pub(super) fn number_if_any(&mut self, written: Option<&model::Number>, at: &str) -> Option<Option<Number>> {
        all_or_nothing(written.map(|written| self.number(written, at)))
    }

    /// Notes that a term stands beside quantities of a unit: elsewhere it may not stand beside those of another.
    pub(super) fn stands_for(&mut self, term: &Term, unit: Unit, at: &str) {
        let here = self.value(at);
        let (known, first) = *self.units.entry(term.name.to_string()).or_insert((unit, here));
        if known != unit {
            let message = format!("term `{}` stands for {unit} here, and for {known} elsewhere", term.name);
            let problem = Diagnostic::at(Code::UnitMismatch, here, message);
            self.error(problem.other(first, known.to_string()).help("define a term for each"));
        }
    }

    /// The track of a name; what is wrong in it was reported when it was first asked for.
    pub(super) fn track(&mut self, name: &str) -> Option<Arc<Track>> {
        if let Some(known) = self.tracks.get(name) {
            return known.clone();
        }
        let written = self.file.track.get(name)?;
        let at = pointer("/track", name);
        self.cite(written.cite.as_ref(), &at, None);
        let mut sets = BTreeMap::new();
        let mut complete = true;
        for (term, setting) in written.sets.iter() {
            let here = pointer(&pointer(&at, "sets"), term);
            if self.file.term.get(term).is_none() {
                let known = self.names(Kind::Term);
                let place = self.key(&here);
                let help = crate::diagnostic::did_you_mean(term, known.iter().map(String::as_str));
                let problem = Diagnostic::at(Code::UnknownName, place, format!("there is no term `{term}`"));
                self.error(problem.help(help.unwrap_or_else(|| format!("define it: `[term.{term}]`"))));
                complete = false;
                continue;
            }
            match self.settings(term, setting, &here) {
                Some(setting) => drop(sets.insert(Arc::from(term), setting)),
                None => complete = false,
            }
        }
        let when = written.when.as_ref().map(|when| {
            let here = pointer(&at, "when");
            let why = "who is on a track is asked before";
            self.test_of(when, &here).filter(|when| self.without_points(when, &here, why))
        });
        let when = all_or_nothing(when);
        let made = when
            .filter(|_| complete)
            .map(|when| Arc::new(Track { name: name.into(), title: written.title.clone(), when, sets }));
        self.tracks.insert(name.to_owned(), made.clone());
        made
    }

    /// The track that a name refers to.
    pub(super) fn track_named(&mut self, name: &str, at: &str) -> Option<Arc<Track>> {
        if self.file.track.get(name).is_none() {
            let known = self.names(Kind::Track);
            self.unknown(&[Kind::Track], name, at, &known);
            return None;
        }
        self.used.insert((Kind::Track, name.to_owned()));
        self.guarded(Kind::Track, name, at, |this| this.track(name))
    }
}
