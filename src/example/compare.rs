//! What came out against what was expected, one check for each number.

use super::Case;
use super::file::{AreaExpectation, Attained, MetricExpectation, StatusWord, UndecidedWord};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::exact::Exact;
use crate::rules::word::{Fraction, Named};
use crate::score::{AreaOutcome, EntityOutcome, Interval, MetricOutcome, Outcome, Verdict};
use crate::source::Location;
use crate::text::is_same;

/// How an example came out.
#[derive(Clone, Debug)]
pub struct ExampleResult {
    /// The example's name.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// What was compared.
    pub checks: Vec<Check>,
    /// Whether it could not be run or compared as a whole; why was reported.
    pub is_broken: bool,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was compared: `area`, or `area metric`, and the key.
    pub what: String,
    /// Where the expectation stands.
    pub at: Location,
    /// What the example expects.
    pub expected: String,
    /// What came out.
    pub actual: String,
}

impl Check {
    /// Whether it is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.expected == self.actual
    }
}

impl ExampleResult {
    /// Whether everything is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.is_broken && self.checks.iter().all(Check::passed)
    }

    /// Reports every check that failed.
    pub fn report(&self, found: &mut Diagnostics) {
        for check in self.checks.iter().filter(|check| !check.passed()) {
            let message = format!(
                "example `{}` expects {} as {}, and {} comes out",
                self.name, check.expected, check.what, check.actual
            );
            let problem = Diagnostic::at(Code::ExampleFails, check.at, message);
            found.error(problem.help("correct the rules, or the example if its source says so; `known-by`, of an example or of its file, keeps to the editions of its day"));
        }
    }
}

/// An example beside what came out of it.
pub(super) struct Comparison<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) outcome: &'a Outcome,
}

impl Comparison<'_> {
    /// Every check; an example that names something unknown or asserts nothing is reported.
    pub(super) fn checks(&self, found: &mut Diagnostics) -> Vec<Check> {
        let Some(entity) = self.entity(found) else { return Vec::new() };
        let checks = self.areas(&self.case.example.expect, &["expect"], entity, found);
        if checks.is_empty() && found.failed().is_ok() {
            let problem = Diagnostic::at(
                Code::AssertsNothing,
                self.at(&["expect"]),
                format!("example `{}` expects nothing", self.case.name),
            );
            found.error(problem.help("state at least one number of an area or a metric"));
        }
        if let Some(erratum) = &self.case.example.erratum {
            let published = self.areas(&erratum.published, &["erratum", "published"], entity, found);
            if published.iter().all(Check::passed) && found.failed().is_ok() {
                let message =
                    format!("example `{}` is marked as an erratum, and what was published comes out", self.case.name);
                found.error(
                    Diagnostic::at(Code::StaleErratum, self.at(&["erratum"]), message)
                        .help("take `erratum` out, or correct `published`"),
                );
            }
        }
        checks
    }

    fn at(&self, keys: &[&str]) -> Location {
        self.case.place(keys)
    }

    fn unknown<'n>(
        &self,
        kind: &str,
        name: &str,
        keys: &[&str],
        known: impl Iterator<Item = &'n str> + Clone,
        found: &mut Diagnostics,
    ) {
        let help = did_you_mean(name, known.clone())
            .unwrap_or_else(|| format!("there are {}", known.collect::<Vec<_>>().join(", ")));
        found
            .error(Diagnostic::at(Code::UnknownName, self.at(keys), format!("there is no {kind} `{name}`")).help(help));
    }

    fn entity(&self, found: &mut Diagnostics) -> Option<&EntityOutcome> {
        let all = &self.outcome.entities;
        match (&self.case.example.entity, all.as_slice()) {
            (None, [only]) => Some(only),
            (Some(name), _) => {
                let entity = all.iter().find(|entity| is_same(&entity.id, name));
                if entity.is_none() {
                    self.unknown("entity", name, &["entity"], all.iter().map(|entity| entity.id.as_str()), found);
                }
                entity
            }
            (None, _) => {
                let message = format!("example `{}` does not say which of its entities it looks at", self.case.name);
                found.error(Diagnostic::at(Code::MissingKey, self.at(&[]), message).help("add `entity`"));
                None
            }
        }
    }

    fn areas(
        &self,
        expected: &Named<AreaExpectation>,
        path: &[&str],
        entity: &EntityOutcome,
        found: &mut Diagnostics,
    ) -> Vec<Check> {
        let mut checks = Vec::new();
        for (name, expectation) in expected.iter() {
            let Some(area) = entity.areas.iter().find(|area| area.id == name) else {
                let known = self.outcome.rules.areas.values().filter(|area| area.is_shown);
                self.unknown("area", name, &[path, &[name]].concat(), known.map(|area| area.name.as_str()), found);
                continue;
            };
            checks.extend(self.area(expectation, path, area, found));
        }
        checks
    }

    fn area(
        &self,
        expected: &AreaExpectation,
        path: &[&str],
        area: &AreaOutcome,
        found: &mut Diagnostics,
    ) -> Vec<Check> {
        let (above, keys) = (path.len(), [path, &[area.id.as_str()]].concat());
        let mut checks = Checks { case: self.case, above, keys: keys.clone(), all: Vec::new() };
        checks.points(expected.points.as_ref(), expected.points_at_most.as_ref(), area.points.as_ref());
        checks.text("track", expected.track.clone(), || {
            area.track.as_ref().map_or_else(|| "none".to_owned(), |(track, _)| track.clone())
        });
        let decided =
            |verdict: Verdict| verdict.holds().map_or_else(|| "undecided".to_owned(), |holds| holds.to_string());
        let attained = expected.attained.map(|attained| match attained {
            Attained::Decided(decided) => decided.to_string(),
            Attained::Undecided(UndecidedWord::Undecided) => decided(Verdict::Undecided),
        });
        checks.text("attained", attained, || decided(area.verdict()));
        for (key, asked, verdict) in
            [("unmet", &expected.unmet, Verdict::Unmet), ("undecided", &expected.undecided, Verdict::Undecided)]
        {
            let known: Vec<&str> = area.asked.iter().map(|asked| asked.key.as_str()).collect();
            for condition in asked.iter().flatten().filter(|condition| !known.contains(&condition.as_str())) {
                self.unknown(
                    "condition",
                    condition,
                    &[&keys[..], &[key, condition]].concat(),
                    known.iter().copied(),
                    found,
                );
            }
            // A text has them in no order.
            let sorted = |mut keys: Vec<&str>| {
                keys.sort_unstable();
                list(keys.into_iter())
            };
            let expected = asked.as_ref().map(|keys| sorted(keys.iter().map(String::as_str).collect()));
            checks.text(key, expected, || sorted(area.keys(verdict)));
        }
        for (name, expectation) in expected.metrics.iter() {
            match area.metrics.iter().find(|metric| metric.metric.name == name) {
                Some(metric) => {
                    let keys = [&keys[..], &["metrics", name]].concat();
                    let mut of_metric = Checks { case: self.case, above, keys, all: Vec::new() };
                    of_metric.metric(expectation, metric);
                    checks.all.extend(of_metric.all);
                }
                None => {
                    let known = area.metrics.iter().map(|metric| metric.metric.name.as_str());
                    self.unknown("metric", name, &[&keys[..], &["metrics", name]].concat(), known, found);
                }
            }
        }
        checks.all
    }
}

/// The comparisons of one area or metric.
struct Checks<'a> {
    case: &'a Case<'a>,
    /// How many keys lead to the areas.
    above: usize,
    /// The keys that lead to what is expected.
    keys: Vec<&'a str>,
    all: Vec<Check>,
}

impl Checks<'_> {
    fn text(&mut self, key: &str, expected: Option<String>, actual: impl FnOnce() -> String) {
        let Some(expected) = expected else { return };
        let named = self.keys.iter().skip(self.above).filter(|key| **key != "metrics").chain([&key]);
        let what = named.copied().collect::<Vec<_>>().join(" ");
        let at = self.case.value(&[&self.keys, &[key][..]].concat());
        self.all.push(Check { what, at, expected, actual: actual() });
    }

    fn number(&mut self, key: &str, expected: Option<&Fraction>, actual: Option<&Exact>) {
        self.text(key, expected.map(|number| exactly(&number.0)), || actual.map_or_else(|| "none".to_owned(), exactly));
    }

    /// Points alone are all there are; beside those that are possible they are the certain ones.
    fn points(&mut self, least: Option<&Fraction>, most: Option<&Fraction>, actual: Option<&Interval>) {
        let end = |end: &Option<Exact>| end.as_ref().map_or_else(|| "none".to_owned(), exactly);
        let ends =
            || actual.map_or_else(|| ("none".to_owned(), "none".to_owned()), |had| (end(&had.least), end(&had.most)));
        self.text("points", least.map(|number| exactly(&number.0)), || match (ends(), most) {
            ((least, _), Some(_)) => least,
            ((least, most), None) if least == most => least,
            ((least, most), None) => format!("{least} to {most}"),
        });
        self.text("points-at-most", most.map(|number| exactly(&number.0)), || ends().1);
    }

    fn metric(&mut self, expected: &MetricExpectation, metric: &MetricOutcome) {
        self.points(expected.points.as_ref(), expected.points_at_most.as_ref(), metric.status.points().as_ref());
        self.text("status", expected.status.map(|word| word_of(word).to_owned()), || metric.status.word().to_owned());
        self.number("value", expected.value.as_ref(), metric.value.as_ref().map(|(value, _)| value));
        self.text("reasons", expected.reasons.as_ref().map(|codes| list(codes.iter().map(String::as_str))), || {
            list(metric.reasons.iter().map(|reason| reason.code))
        });
    }
}

fn word_of(status: StatusWord) -> &'static str {
    match status {
        StatusWord::Scored => "scored",
        StatusWord::Unknown => "unknown",
        StatusWord::NotApplicable => "not-applicable",
    }
}

/// The number without any rounding: a fraction where its decimal does not end.
fn exactly(value: &Exact) -> String {
    let printed = value.printed();
    printed.exact.unwrap_or(printed.decimal)
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}
