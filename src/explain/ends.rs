//! Until when a row counts: the end of what is valid in it, and the last day on which what it names is listed.

use crate::lookup::Lookup;
use crate::rules::{From, List, ListPart, Measure, Member, ReadingKey, RuleSet, Source, Terms, Test};
use crate::text::fold;
use chrono::NaiveDate;
use std::sync::Arc;

/// The last day on which a row of a table passes the tests of a reading that ask about days, those of the amounts that
/// take it among them; none where nothing ends.
pub(super) fn last_day(
    (table, cells): (&str, &[(String, String)]),
    (measure, amounts): (&Measure, &[Option<&Test>]),
    given: Option<&Arc<List>>,
    terms: &Terms<'_>,
) -> Option<NaiveDate> {
    let sources = match &measure.from {
        From::Groups(inner) => return last_day((table, cells), (&inner.measure, amounts), given, terms),
        From::Rows(sources) => sources.iter().filter(|source| source.table.name == table),
    };
    let of = |source: &Source| {
        let mut ends = Vec::new();
        measure.test.iter().for_each(|test| end(test, cells, given, terms, &mut ends));
        let chain = std::iter::successors(source.rows.as_deref(), |rows| rows.within.as_deref());
        chain.for_each(|rows| end(&rows.test, cells, given, terms, &mut ends));
        let of_amount = |test: Option<&Test>| {
            let mut ends = ends.clone();
            if let Some(test) = test {
                end(test, cells, given, terms, &mut ends);
            }
            ends.into_iter().min()
        };
        // The day after which not all that take it still do.
        let shared = ends.iter().min().copied();
        amounts.iter().copied().filter_map(of_amount).chain(shared).min()
    };
    // A row counts as long as it does in any of them.
    let days: Option<Vec<NaiveDate>> = sources.map(of).collect();
    days?.into_iter().max()
}

/// The ends that a test sets which has to hold; of alternatives none is told, since another may do.
fn end(
    test: &Test,
    cells: &[(String, String)],
    given: Option<&Arc<List>>,
    terms: &Terms<'_>,
    ends: &mut Vec<NaiveDate>,
) {
    let cell = |column: &String| cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell.as_str());
    match test {
        Test::All(parts) => parts.iter().for_each(|part| end(part, cells, given, terms, ends)),
        Test::Valid { last, moved: [_, moved], .. } => {
            ends.extend(cell(last).and_then(|day| moved.after(day.parse().ok()?)));
        }
        Test::In { column, list, .. } => {
            let Some((value, list)) = cell(column).zip(list.list(terms, given)) else { return };
            // Who stands for a value in each part of the list: nobody where the list over it says otherwise.
            let until = |part: &ListPart<'_>| {
                let mut meant: Lookup<Option<&Member>> = Lookup::default();
                part.over.iter().for_each(|member| member.add_to(&mut meant, false, &None));
                part.members.iter().for_each(|member| member.add_to(&mut meant, false, &Some(*member)));
                let member = meant.get(&fold(value)).copied().flatten()?;
                member.is_in_on(terms.day).then_some(member.until)
            };
            // A list of lists has a value as long as any of them has it.
            let last_days: Vec<Option<NaiveDate>> = list.parts().iter().filter_map(until).collect();
            if last_days.iter().all(Option::is_some) {
                ends.extend(last_days.into_iter().flatten().max());
            }
        }
        _ => {}
    }
}

/// The list with which a reading is asked, under some terms.
pub(super) fn given(rules: &RuleSet, key: &ReadingKey, terms: &Terms<'_>) -> Option<Arc<List>> {
    let name = key.given.as_deref()?;
    let mut found = None;
    rules.readings(&mut |reading| {
        if let Some(list) = reading.list(terms).filter(|list| &*list.name == name) {
            found = Some(Arc::clone(list));
        }
    });
    found
}
