//! The parts of row tests, named for where they are written, so that a reader of the data can be told which drops what.

use super::table::{Draft, position_or_push};
use crate::plan::{Clause, ClauseAt, Predicate, Variant};

impl Draft {
    /// Adds a test that narrows what is left at `within`; says where the next one goes on.
    pub(super) fn clause(&mut self, written_in: &str, test: &Predicate, within: Option<ClauseAt>) -> Option<ClauseAt> {
        let parts = match test {
            Predicate::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        parts.iter().fold(within, |within, part| Some(self.part(written_in, part, within)))
    }

    fn part(&mut self, written_in: &str, test: &Predicate, within: Option<ClauseAt>) -> ClauseAt {
        let (outer, outer_variant) = within.map(|within| (within.clause, within.variant)).unzip();
        let columns: Vec<String> =
            test.columns().into_iter().filter_map(|at| Some(self.wanted.get(at)?.name.clone())).collect();
        let is_same =
            |clause: &Clause| clause.written_in == written_in && clause.within == outer && clause.columns == columns;
        let place = self.clauses.iter().position(is_same).unwrap_or_else(|| {
            let written_in = written_in.to_owned();
            self.clauses.push(Clause { written_in, columns, within: outer, variants: Vec::new() });
            self.clauses.len() - 1
        });
        let variant = Variant { within: outer_variant, test: test.clone() };
        let variants = self.clauses.get_mut(place).map(|clause| &mut clause.variants);
        ClauseAt { clause: place, variant: variants.map_or(0, |variants| position_or_push(variants, variant)) }
    }
}
