//! Numbers made of others, and bounds on them: units meet only their own kind.

use super::Resolver;
use super::term::TermKind;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::document::pointer;
use crate::rules::model;
use crate::rules::ruleset::{Bounds, DayLimit, Division, Number, Reading, Scalar, Side, Unit};
use crate::rules::word::Decimal;

/// What a scalar starts from, as it is written.
pub(super) enum Written<'w> {
    Name(&'w str),
    /// By the key that only groups have.
    Amount(&'w str),
    Reading(&'w model::Reading),
}

/// How names and readings in a scalar are bound: to readings, or to the amounts of a group.
pub(super) trait Leaves<L> {
    /// Whether a name is that of a leaf.
    fn has(&self, resolver: &Resolver<'_>, name: &str) -> bool;
    /// The leaf and its unit; reports what is none.
    fn leaf(&mut self, resolver: &mut Resolver<'_>, written: Written<'_>, at: &str) -> Option<(L, Unit)>;
}

/// Names are those of measures.
pub(super) struct Readings;

impl Leaves<Reading> for Readings {
    fn has(&self, resolver: &Resolver<'_>, name: &str) -> bool {
        resolver.file.measure.get(name).is_some()
    }

    fn leaf(&mut self, resolver: &mut Resolver<'_>, written: Written<'_>, at: &str) -> Option<(Reading, Unit)> {
        use super::measure::ReadingPlace;
        let reading = match written {
            Written::Name(name) => resolver.reading(name, None, None, ReadingPlace::Name(at)),
            Written::Amount(name) => {
                let message = "amounts are of groups, and measures are compared here";
                let problem = Diagnostic::at(Code::Misfit, resolver.value(at), message);
                resolver.error(problem.help(format!("write `{{ measure = \"{name}\" }}` for a measure")));
                None
            }
            Written::Reading(written) => {
                resolver.reading(&written.measure, written.given.as_ref(), written.ago, ReadingPlace::Table(at))
            }
        }?;
        let unit = reading.measure.unit;
        Some((reading, unit))
    }
}

/// A scalar with its unit; none for a plain number.
type WithUnit<L> = (Scalar<L>, Option<Unit>);

impl Resolver<'_> {
    pub(super) fn scalar<L>(
        &mut self,
        written: &model::Scalar,
        at: &str,
        leaves: &mut impl Leaves<L>,
    ) -> Option<WithUnit<L>> {
        let leaf = |(leaf, unit)| (Scalar::Of(leaf), Some(unit));
        match written {
            model::Scalar::Number(number) => Some((Scalar::Number(Number::Fixed(number.0.clone())), None)),
            model::Scalar::Name(name) => match (leaves.has(self, name), self.file.term.get(name)) {
                (false, Some(_)) => {
                    let term = self.term_named(name, TermKind::Number, at)?;
                    Some((Scalar::Number(Number::Term(term)), None))
                }
                (true, Some(_)) => {
                    let problem = Diagnostic::at(
                        Code::NameTwice,
                        self.value(at),
                        format!("`{name}` is a term, and something measured as well"),
                    );
                    let term = self.key(&pointer("/term", name));
                    self.error(problem.other(term, "the term").help("either could be meant; rename one"));
                    None
                }
                (_, None) => leaves.leaf(self, Written::Name(name), at).map(leaf),
            },
            model::Scalar::Reading(reading) => leaves.leaf(self, Written::Reading(reading), at).map(leaf),
            model::Scalar::Plus(written) => {
                let at = pointer(at, "plus");
                if written.plus.iter().any(|part| matches!(part, model::Scalar::Span(_))) {
                    return self.moved(&written.plus, &at, leaves);
                }
                let (parts, unit) = self.alike(&written.plus, &at, leaves)?;
                self.can_be_computed_with(unit, &at)?;
                Some((Scalar::Plus(parts), unit))
            }
            model::Scalar::Stepped(written) => {
                let here = pointer(at, "of");
                let of = self.scalar(&written.of, &here, leaves);
                let step = self.step(&written.step, &pointer(at, "step"));
                let (of, unit) = of?;
                self.can_be_computed_with(unit, &here)?;
                Some((Scalar::Stepped(Box::new(of), step?), unit))
            }
            model::Scalar::Anniversary(written) => {
                let here = pointer(at, "anniversary");
                let of = self.day(&written.anniversary, &here, leaves)?;
                Some((Scalar::Anniversary(Box::new(of), written.ago.unwrap_or(0)), Some(Unit::Day)))
            }
            model::Scalar::Span(_) => {
                let problem = Diagnostic::at(Code::Misfit, self.value(at), "a time stands alone");
                self.error(problem.help("add it to a day: `{ plus = [\"joined\", { months = 3 }] }`"));
                None
            }
            model::Scalar::Greatest(written) => {
                let (parts, unit) = self.alike(&written.greatest, &pointer(at, "greatest"), leaves)?;
                Some((Scalar::Greatest(parts), unit))
            }
            model::Scalar::Least(written) => {
                let (parts, unit) = self.alike(&written.least, &pointer(at, "least"), leaves)?;
                Some((Scalar::Least(parts), unit))
            }
            model::Scalar::Minus(written) => {
                let at = pointer(at, "minus");
                let (parts, unit) = self.alike(written.minus.as_ref(), &at, leaves)?;
                self.two_things(&at)?;
                self.can_be_computed_with(unit, &at)?;
                let sides: [Scalar<L>; 2] = parts.try_into().ok()?;
                Some((Scalar::Minus(Box::new(sides)), unit))
            }
            model::Scalar::Times(written) => self.times(&written.times, &pointer(at, "times"), leaves),
            model::Scalar::Ratio(written) => {
                let here = pointer(at, "ratio");
                let sides = self.parts(written.ratio.as_ref(), &here, leaves);
                let no_base = self.number(&written.no_base, &pointer(at, "no-base"));
                let [(number, of), (base, by)]: [WithUnit<L>; 2] = sides?.try_into().ok()?;
                self.can_be_computed_with(of, &here)?;
                self.can_be_computed_with(by, &here)?;
                let unit = match (of, by) {
                    (Some(of), Some(by)) if of == by => Some(Unit::Share),
                    (of, None | Some(Unit::Share)) => of,
                    (Some(Unit::Money), Some(Unit::Count)) => Some(Unit::Money),
                    (of, Some(by)) => {
                        let of = of.map_or_else(|| "a plain number".to_owned(), |of| of.to_string());
                        self.units_differ(&format!("{here}/1"), &format!("this is {by}, and what is divided is {of}"));
                        return None;
                    }
                };
                let division = Division { sides: [number, base], no_base: no_base? };
                Some((Scalar::Ratio(Box::new(division)), unit))
            }
            model::Scalar::PercentChange(written) => {
                let here = pointer(at, "percent-change");
                let sides = self.alike(written.percent_change.as_ref(), &here, leaves);
                let no_base = self.number(&written.no_base, &pointer(at, "no-base"));
                let (sides, unit) = sides?;
                self.can_be_computed_with(unit, &here)?;
                self.two_things(&here)?;
                let division = Division { sides: sides.try_into().ok()?, no_base: no_base? };
                Some((Scalar::PercentChange(Box::new(division)), Some(Unit::Percent)))
            }
        }
    }

    fn parts<L>(
        &mut self,
        written: &[model::Scalar],
        at: &str,
        leaves: &mut impl Leaves<L>,
    ) -> Option<Vec<WithUnit<L>>> {
        let parts: Vec<Option<WithUnit<L>>> = written
            .iter()
            .enumerate()
            .map(|(index, part)| self.scalar(part, &format!("{at}/{index}"), leaves))
            .collect();
        parts.into_iter().collect()
    }

    /// A number that has to be a day.
    fn day<L>(&mut self, written: &model::Scalar, at: &str, leaves: &mut impl Leaves<L>) -> Option<Scalar<L>> {
        match self.scalar(written, at, leaves)? {
            (of, Some(Unit::Day)) => Some(of),
            (_, unit) => {
                let unit = unit.map_or_else(|| "a plain number".to_owned(), |unit| unit.to_string());
                let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), format!("this is {unit}, and no day"));
                self.error(problem.help("name the greatest or least of a column of dates"));
                None
            }
        }
    }

    /// One day, and the times that are added to it.
    fn moved<L>(&mut self, written: &[model::Scalar], at: &str, leaves: &mut impl Leaves<L>) -> Option<WithUnit<L>> {
        let (mut spans, mut days) = (Vec::new(), Vec::new());
        for (index, part) in written.iter().enumerate() {
            match part {
                model::Scalar::Span(span) => spans.extend(span.span()),
                day => days.push((day, format!("{at}/{index}"))),
            }
        }
        let [(day, here)] = days.as_slice() else {
            let problem = Diagnostic::at(Code::Misfit, self.value(at), "times are added to one day");
            self.error(problem.help("name one day beside them"));
            return None;
        };
        let day = self.day(day, here, leaves)?;
        let moved = spans.into_iter().fold(day, |day, span| Scalar::Moved(Box::new(day), span));
        Some((moved, Some(Unit::Day)))
    }

    /// A step, which is above zero.
    fn step(&mut self, written: &model::Number, at: &str) -> Option<Number> {
        let step = self.number(written, at)?;
        if self.values_of(&step).iter().any(|step| !step.is_positive()) {
            let problem = Diagnostic::at(Code::ImpossibleBounds, self.value(at), "a step has to be above zero");
            self.error(problem.help("give the size of a step"));
            return None;
        }
        Some(step)
    }

    /// Numbers that are added or compared with each other: of one unit, which plain numbers among them take on.
    fn alike<L>(
        &mut self,
        written: &[model::Scalar],
        at: &str,
        leaves: &mut impl Leaves<L>,
    ) -> Option<(Vec<Scalar<L>>, Option<Unit>)> {
        let parts = self.parts(written, at, leaves)?;
        let first = parts.iter().enumerate().find_map(|(index, (_, unit))| Some((index, (*unit)?)));
        let mut fits = true;
        for (index, (part, unit)) in parts.iter().enumerate() {
            let here = format!("{at}/{index}");
            match (unit, first) {
                (Some(unit), Some((other, known))) if *unit != known => {
                    let problem = Diagnostic::at(
                        Code::UnitMismatch,
                        self.value(&here),
                        format!("this is {unit}, and the first is {known}"),
                    );
                    let first = self.value(&format!("{at}/{other}"));
                    self.error(problem.other(first, known.to_string()).help("combine measures of one unit"));
                    fits = false;
                }
                (None, Some((_, known))) => {
                    if let Scalar::Number(Number::Term(term)) = part {
                        self.stands_for(term, known, &here);
                    }
                }
                _ => {}
            }
        }
        fits.then(|| (parts.into_iter().map(|(part, _)| part).collect(), first.map(|(_, unit)| unit)))
    }

    fn times<L>(&mut self, written: &[model::Scalar], at: &str, leaves: &mut impl Leaves<L>) -> Option<WithUnit<L>> {
        let parts = self.parts(written, at, leaves)?;
        let mut unit: Option<Unit> = None;
        for (index, (_, other)) in parts.iter().enumerate() {
            self.can_be_computed_with(*other, at)?;
            unit = match (unit, *other) {
                // Money by a count: so many of something, each at a price.
                (unit, None) | (unit @ Some(_), Some(Unit::Share)) | (unit @ Some(Unit::Money), Some(Unit::Count)) => {
                    unit
                }
                (None | Some(Unit::Share), other) | (Some(Unit::Count), other @ Some(Unit::Count | Unit::Money)) => {
                    other
                }
                (Some(unit), Some(other)) => {
                    self.units_differ(&format!("{at}/{index}"), &format!("{unit} cannot be multiplied by {other}"));
                    return None;
                }
            };
        }
        Some((Scalar::Times(parts.into_iter().map(|(part, _)| part).collect()), unit))
    }

    /// Reports a number that is set against itself.
    fn two_things(&mut self, at: &str) -> Option<()> {
        let side = |index: usize| self.document.json.pointer(&format!("{at}/{index}"));
        // A measure alone, and one asked for no other time, are the same.
        let measure = |index: usize| side(index).and_then(|side| side.get("measure").unwrap_or(side).as_str());
        let key = |index: usize, key: &str| side(index).and_then(|side| side.get(key).cloned());
        let ago = |index: usize| key(index, "ago").unwrap_or_else(|| 0.into());
        let alike = match (measure(0), measure(1)) {
            (Some(one), Some(other)) => one == other && ago(0) == ago(1) && key(0, "given") == key(1, "given"),
            _ => side(0) == side(1),
        };
        if !alike {
            return Some(());
        }
        let message = match measure(0) {
            Some(name) => format!("`{name}` is set against itself"),
            None => "a number is set against itself".to_owned(),
        };
        let problem = Diagnostic::at(Code::SameTwice, self.value(&format!("{at}/1")), message);
        self.error(
            problem
                .other(self.value(&format!("{at}/0")), "the same")
                .help("ask for another time with `ago`, or for another measure or list"),
        );
        None
    }

    /// Days and months are compared, and nothing else.
    fn can_be_computed_with(&mut self, unit: Option<Unit>, at: &str) -> Option<()> {
        match unit {
            Some(unit @ (Unit::Day | Unit::Month)) => {
                self.units_differ(at, &format!("{unit} cannot be computed with"));
                None
            }
            _ => Some(()),
        }
    }

    fn units_differ(&mut self, at: &str, message: &str) {
        let problem = Diagnostic::at(Code::UnitMismatch, self.value(at), message);
        self.error(problem.help("combine measures of units that belong together"));
    }

    /// Bounds in the order at-least, more-than, at-most, less-than, and a range; reports bounds that exclude every value.
    pub(super) fn bounds<L>(
        &mut self,
        written: [&Option<model::Limit>; 4],
        range: Option<&String>,
        unit: Option<Unit>,
        at: &str,
        leaves: &mut impl Leaves<L>,
    ) -> Option<Bounds<L>> {
        let fixed = written.map(|limit| match limit {
            Some(model::Limit::Number(model::Number::Fixed(number))) => Some(number.clone()),
            _ => None::<Decimal>,
        });
        self.possible([&fixed[0], &fixed[1], &fixed[2], &fixed[3]], at);
        let mut limits = Vec::new();
        let mut complete = true;
        for ((side, word), limit) in Side::KEYS.into_iter().zip(written) {
            let Some(limit) = limit else { continue };
            match self.limit(limit, unit, &pointer(at, word), leaves) {
                Some(limit) => limits.push((side, limit)),
                None => complete = false,
            }
        }
        let range = range.map(|name| {
            let here = pointer(at, "in");
            let term = self.term_named(name, TermKind::Range, &here)?;
            if let Some(unit) = unit {
                self.stands_for(&term, unit, &here);
            }
            Some(term)
        });
        let range = super::all_or_nothing(range)?;
        complete.then_some(Bounds { limits, range })
    }

    fn limit<L>(
        &mut self,
        written: &model::Limit,
        unit: Option<Unit>,
        at: &str,
        leaves: &mut impl Leaves<L>,
    ) -> Option<Scalar<L>> {
        let (limit, is) = match written {
            model::Limit::Number(model::Number::Fixed(number)) => {
                (Scalar::Number(Number::Fixed(number.0.clone())), None)
            }
            model::Limit::Number(model::Number::Term(name)) => {
                let term = self.term_named(name, TermKind::Number, at)?;
                if let Some(unit) = unit {
                    self.stands_for(&term, unit, at);
                }
                (Scalar::Number(Number::Term(term)), None)
            }
            model::Limit::Day(day) => (Scalar::Day(DayLimit::On(day.0)), Some(Unit::Day)),
            model::Limit::Ago(ago) => (ago.ago.span().map(|span| Scalar::Day(DayLimit::Ago(span)))?, Some(Unit::Day)),
            model::Limit::Amount(amount) => {
                let (leaf, unit) = leaves.leaf(self, Written::Amount(&amount.value), &pointer(at, "value"))?;
                (Scalar::Of(leaf), Some(unit))
            }
            model::Limit::Scalar(written) => self.scalar(written, at, leaves)?,
        };
        let fits = match (unit, is) {
            (Some(unit), Some(is)) => unit == is,
            (Some(Unit::Day | Unit::Month), None) => false,
            _ => true,
        };
        if !fits {
            let is = is.map_or_else(|| "a plain number".to_owned(), |is| is.to_string());
            let unit = unit.map_or_else(|| "a plain number".to_owned(), |unit| unit.to_string());
            self.units_differ(at, &format!("this is {is}, and it bounds {unit}"));
        }
        fits.then_some(limit)
    }
}
