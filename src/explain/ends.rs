//! Until when a row counts: its tests over all days judged, by what is valid in it, by its lists, by terms with ends and by
//! bounds that move. It is judged by the edition in force; what its group has to reach is not looked at.

use super::taking::Amount;
use crate::exact::Exact;
use crate::lookup::Lookup;
use crate::month::Month;
use crate::plan::PlannedReading;
use crate::rules::{
    ColumnType, From, ListPart, ListRef, Measure, Member, Reading, ReadingKey, RuleSet, Side, Span, Table, Term, Terms,
    Test,
};
use crate::text::compared;
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The days that are looked at: all that dates of four digits can say.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
const LAST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();

/// A row as it is judged on some day.
pub(super) struct Row<'a> {
    pub(super) table: &'a Table,
    /// Its cells with their columns; those that are missing are left out.
    pub(super) cells: Vec<(&'a str, &'a str)>,
    /// The columns that its file lacks: what asks about one keeps the row.
    pub(super) lacking: Vec<&'a str>,
}

/// The days judged on which a test holds.
#[derive(Clone)]
struct Days {
    /// Whether it holds before all that changes.
    at_first: bool,
    /// The days from which it is the other way, ascending.
    turns: Vec<NaiveDate>,
}

/// The last day on which a row passes the tests of a reading: of one that does by the first of the amounts that take it,
/// of one that no longer does by the last; none where nothing ends.
pub(super) fn last_day(
    row: &Row<'_>,
    planned: &PlannedReading,
    amounts: &[Amount<'_>],
    reading: Option<&Reading>,
    is_taken: bool,
) -> Option<NaiveDate> {
    let asks = Asks { row, terms: planned.terms(), ago: planned.key.ago, reading };
    let shared = asks.measure(&planned.measure)?;
    let of_amounts = amounts.iter().map(|amount| match amount.test {
        Some(test) => Days::merged(&[shared.clone(), asks.days(test, false)], true),
        None => shared.clone(),
    });
    let last_days = of_amounts.map(|days| days.last(planned.day));
    // Of a row that does not count only an end that has passed says anything.
    let is_telling = |day: &NaiveDate| (*day >= planned.day) == is_taken;
    let shared = amounts.is_empty().then(|| shared.last(planned.day));
    let telling = last_days.chain(shared).flatten().filter(is_telling);
    if is_taken { telling.min() } else { telling.max() }
}

/// A row, and how its tests are asked.
struct Asks<'a> {
    row: &'a Row<'a>,
    terms: Terms<'a>,
    /// By how many months the day that `valid` asks about lies before the day judged.
    ago: u32,
    /// The reading, as it is asked with a list.
    reading: Option<&'a Reading>,
}

impl Asks<'_> {
    /// The days on which it is one of a measure's rows: as long as it is in any of its selections.
    fn measure(&self, measure: &Measure) -> Option<Days> {
        let From::Rows(sources) = &measure.from else { return None };
        let sources = sources.iter().filter(|source| source.table.name == self.row.table.name);
        let sources = sources.map(|source| {
            let chain = std::iter::successors(source.rows.as_deref(), |rows| rows.within.as_deref());
            let tests = chain.map(|rows| &rows.test).chain(&measure.test);
            Days::merged(&tests.map(|test| self.days(test, false)).collect::<Vec<_>>(), true)
        });
        Some(Days::merged(&sources.collect::<Vec<_>>(), false))
    }

    /// The days judged on which a test holds, or does not.
    fn days(&self, test: &Test, negated: bool) -> Days {
        match test {
            Test::All(parts) | Test::Any(parts) => {
                let all = matches!(test, Test::All(_)) != negated;
                Days::merged(&parts.iter().map(|part| self.days(part, negated)).collect::<Vec<_>>(), all)
            }
            Test::Not(part) => self.days(part, !negated),
            // Either way it is not asked, and keeps the row.
            leaf if self.is_lacking(leaf) => Days::always(true),
            leaf => {
                let days = self.days_of_leaf(leaf);
                if negated { days.turned() } else { days }
            }
        }
    }

    fn is_lacking(&self, leaf: &Test) -> bool {
        match leaf {
            // Without the day on which it was begun, the list still decides.
            Test::In { column, .. } => self.lacks(column),
            leaf => leaf.columns().into_iter().any(|column| self.lacks(column)),
        }
    }

    /// The days judged on which a test holds that is made of no others: on each by the terms of that day.
    fn days_of_leaf(&self, leaf: &Test) -> Days {
        let mut ends = BTreeSet::new();
        let mut end = |term: &Arc<Term>| ends.extend(self.terms.settings(term).iter().filter_map(|(until, _)| *until));
        leaf.terms(&mut end);
        if let (Test::In { list: ListRef::Given, .. }, Some(term)) = (leaf, self.reading.and_then(Reading::term)) {
            end(term);
        }
        let mut from = None;
        let mut parts = Vec::new();
        for until in ends.into_iter().map(Some).chain([None]) {
            let after = until.and_then(|until| until.succ_opt());
            let within = Days { at_first: from.is_none(), turns: from.into_iter().chain(after).collect() };
            let terms = Terms { day: until.or(from).unwrap_or(self.terms.day), ..self.terms };
            parts.push(Days::merged(&[within, self.days_by(leaf, &terms)], true));
            from = after;
        }
        Days::merged(&parts, false)
    }

    /// The days judged on which a test would hold, were the terms those of one day.
    fn days_by(&self, leaf: &Test, terms: &Terms<'_>) -> Days {
        match leaf {
            Test::All(_) | Test::Any(_) | Test::Not(_) => self.days(leaf, false),
            Test::Valid { first, last, moved: [by, until] } => {
                let asked = |judged: NaiveDate| judged.checked_sub_months(Months::new(self.ago));
                let day = |column: &str, moved: &Span| self.day(column).and_then(|day| moved.after(day));
                let Some(first) = day(first, by) else { return Days::always(false) };
                let begun = Days::from(|judged| asked(judged).is_some_and(|asked| first <= asked));
                let Some(last) = day(last, until) else { return begun };
                let over = Days::from(|judged| asked(judged).is_some_and(|asked| last < asked));
                Days::merged(&[begun, over.turned()], true)
            }
            Test::In { column, list, begun } => {
                let given = self.reading.and_then(|reading| reading.list(terms));
                let parts = list.list(terms, given).map(|list| list.parts()).unwrap_or_default();
                let in_part = |part| self.in_part(column, part, begun.as_deref());
                Days::merged(&parts.iter().map(in_part).collect::<Vec<_>>(), false)
            }
            Test::Is { column, text } => {
                let is_exact = self.is_exact(column);
                let is_it = |cell| compared(cell, is_exact) == compared(text, is_exact);
                Days::always(self.cell(column).is_some_and(is_it))
            }
            Test::Missing(column) => Days::always(self.cell(column).is_none()),
            Test::Numbers { column, limits, range } => {
                let range = range.iter().flat_map(|term| terms.range(term));
                let limits = limits.iter().map(|(side, number)| (*side, terms.number(number)));
                let number = self.number(column, Span::NONE);
                let holds = |(side, limit): (Side, Exact)| number.as_ref().is_some_and(|one| side.holds(one, &limit));
                Days::always(number.is_some() && limits.chain(range).all(holds))
            }
            Test::Days { column, limits } => {
                let Some(number) = self.number(column, Span::NONE) else { return Days::always(false) };
                let limits = limits.iter().map(|(side, limit)| {
                    let holds = |judged| side.holds(&number, &self.numbered(column, limit.day(judged)));
                    let is_once = holds(FIRST);
                    let other = Days::from(|judged| holds(judged) != is_once);
                    Days { at_first: is_once, ..other }
                });
                Days::merged(&limits.collect::<Vec<_>>(), true)
            }
            Test::Against { column, side, other, moved } => {
                let both = self.number(column, Span::NONE).zip(self.number(other, *moved));
                Days::always(both.is_some_and(|(one, other)| side.holds(&one, &other)))
            }
            Test::Same { column, other } => {
                let is_exact = self.is_exact(column);
                let both = self.cell(column).zip(self.cell(other));
                Days::always(both.is_some_and(|(one, other)| compared(one, is_exact) == compared(other, is_exact)))
            }
        }
    }

    /// The days on which a cell is a member of a part of a list: nobody's where the list over it says otherwise.
    fn in_part(&self, column: &str, part: &ListPart<'_>, begun: Option<&str>) -> Days {
        let is_exact = self.is_exact(column);
        let mut meant: Lookup<Option<&Member>> = Lookup::default();
        part.over.iter().for_each(|member| member.add_to(&mut meant, is_exact, &None));
        part.members.iter().for_each(|member| member.add_to(&mut meant, is_exact, &Some(*member)));
        let cell = self.cell(column).map(|cell| compared(cell, is_exact));
        let Some(member) = cell.and_then(|cell| meant.get(&cell).copied().flatten()) else {
            return Days::always(false);
        };
        let is_late = |(begun, by): (&str, NaiveDate)| !self.lacks(begun) && self.day(begun).is_none_or(|day| by < day);
        if begun.zip(member.begun_by).is_some_and(is_late) {
            return Days::always(false);
        }
        let after = member.until.and_then(|until| until.succ_opt());
        if member.from.zip(after).is_some_and(|(from, after)| after <= from) {
            return Days::always(false);
        }
        Days { at_first: member.from.is_none(), turns: member.from.into_iter().chain(after).collect() }
    }

    fn lacks(&self, column: &str) -> bool {
        self.row.lacking.contains(&column)
    }

    fn cell(&self, column: &str) -> Option<&str> {
        self.row.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell)
    }

    fn day(&self, column: &str) -> Option<NaiveDate> {
        self.cell(column)?.parse().ok()
    }

    fn is_exact(&self, column: &str) -> bool {
        self.row.table.columns.get(column) == Some(&ColumnType::Exact)
    }

    /// A cell as a number; days and months are counted, moved on before.
    fn number(&self, column: &str, moved: Span) -> Option<Exact> {
        match self.row.table.columns.get(column)? {
            ColumnType::Date => Some(self.numbered(column, moved.after(self.day(column)?)?)),
            ColumnType::Month => {
                let first = Month::parse(self.cell(column)?)?.first_day()?;
                Some(self.numbered(column, if let Span::Months(_) = moved { moved.after(first)? } else { first }))
            }
            _ => Exact::parse(self.cell(column)?),
        }
    }

    /// A day as a number, as the cells of a column are counted.
    fn numbered(&self, column: &str, day: NaiveDate) -> Exact {
        let is_month = self.row.table.columns.get(column) == Some(&ColumnType::Month);
        Exact::from(i64::from(if is_month { Month::of(day).index() } else { day.to_epoch_days() }))
    }
}

impl Days {
    /// The other days.
    fn turned(self) -> Self {
        Self { at_first: !self.at_first, ..self }
    }

    const fn always(holds: bool) -> Self {
        Self { at_first: holds, turns: Vec::new() }
    }

    /// From the first day on which something holds that then holds for ever.
    fn from(holds: impl Fn(NaiveDate) -> bool) -> Self {
        let (mut before, mut by) = (FIRST.to_epoch_days(), LAST.to_epoch_days());
        let on = |day: i32| NaiveDate::from_epoch_days(day).is_some_and(&holds);
        if on(before) || !on(by) {
            return Self::always(on(before));
        }
        while by - before > 1 {
            let middle = before + (by - before) / 2;
            if on(middle) { by = middle } else { before = middle }
        }
        Self { at_first: false, turns: NaiveDate::from_epoch_days(by).into_iter().collect() }
    }

    /// Those on which every one holds for `all`, else at least one.
    fn merged(parts: &[Self], all: bool) -> Self {
        let holds = |on: &dyn Fn(&Self) -> bool| if all { parts.iter().all(on) } else { parts.iter().any(on) };
        let at_first = holds(&|part| part.at_first);
        let mut days: Vec<NaiveDate> = parts.iter().flat_map(|part| &part.turns).copied().collect();
        days.sort_unstable();
        days.dedup();
        let mut held = at_first;
        days.retain(|day| {
            let holds = holds(&|part| part.holds(*day));
            std::mem::replace(&mut held, holds) != holds
        });
        Self { at_first, turns: days }
    }

    fn holds(&self, day: NaiveDate) -> bool {
        let turned = self.turns.partition_point(|turn| *turn <= day);
        self.at_first != (turned % 2 == 1)
    }

    /// The last day of the time in which it holds on a day; where it does not, of the time before.
    fn last(&self, day: NaiveDate) -> Option<NaiveDate> {
        let turned = self.turns.partition_point(|turn| *turn <= day);
        let end = if self.holds(day) { self.turns.get(turned) } else { self.turns.get(turned.checked_sub(1)?) };
        end?.pred_opt()
    }
}

/// The reading of the rules that asks a measure with a list, under some terms; none where it is asked with none.
pub(super) fn asked_with_a_list(rules: &RuleSet, key: &ReadingKey, terms: &Terms<'_>) -> Option<Reading> {
    key.given.as_deref()?;
    let mut found = None;
    rules.readings(&mut |reading| {
        let list = reading.list(terms).map(|list| &list.name);
        // A list that is passed on has no reading of its own: then any that is asked with it says what it is.
        if list == key.given.as_ref() && (found.is_none() || reading.key(terms) == *key) {
            found = Some(reading.clone());
        }
    });
    found
}
