//! Files of one table that hold the same rows, whatever their order, spelling and format: amounts would count twice.
//!
//! Rows that add nothing are passed over, and so are tables of which nothing is added up: there a row counts once
//! however often it stands. A few rows alike are chance; most rows of a month alike are a second download.

use super::fingerprint::{Sketch, fingerprints};
use crate::month::Month;
use crate::plan::{Predicate, TablePlan, Tally};
use crate::read::{Batch, Cells};
use arrow_array::Int32Array;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Distinct rows that two files share by chance at most.
const CHANCE: usize = 2;

/// Two files that share most rows of some months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The table.
    pub table: String,
    /// The first file.
    pub first: String,
    /// The file that repeats its rows.
    pub second: String,
    /// The months of those rows; empty in a table without months.
    pub months: Vec<Month>,
}

/// Which files share rows.
#[derive(Debug, Default)]
pub(in crate::measure) struct Shared {
    /// Those that hold the same rows altogether: the second of each pair repeats the first.
    pub(in crate::measure) same: Vec<(String, String)>,
    /// Those that share most rows of some months.
    pub(in crate::measure) overlaps: Vec<Overlap>,
}

/// The index of a month; none where the table has no months.
type Slot = Option<i32>;

/// What the rows of a table's files look like, month by month.
#[derive(Debug)]
pub(super) struct Likeness {
    /// The columns that are added up; none where no two rows need to be told apart.
    amounts: Vec<usize>,
    /// The columns whose cells make a row what it is.
    compared: Vec<usize>,
    files: BTreeMap<usize, BTreeMap<Slot, Sketch>>,
}

impl Likeness {
    pub(super) fn new(table: &TablePlan) -> Self {
        let is_needed = table.files.len() > 1;
        let tallies = table.accumulators.iter().filter(|_| is_needed).flat_map(|accumulator| &accumulator.tallies);
        let sums = tallies.filter_map(Tally::amount);
        let amounts: BTreeSet<usize> = sums.collect();
        // The mark for repeated amounts says where a row counts, and a file may lack it.
        let marks: BTreeSet<usize> = table.marks.iter().filter_map(mark).collect();
        Self {
            amounts: amounts.into_iter().collect(),
            compared: (0..table.wanted.len()).filter(|at| !marks.contains(at)).collect(),
            files: BTreeMap::new(),
        }
    }

    /// Looks at the rows of a batch that count and add something.
    pub(super) fn see(&mut self, batch: &Batch, months: Option<&Int32Array>, counts: &[bool]) {
        if self.amounts.is_empty() {
            return;
        }
        let mut adds = vec![false; batch.rows];
        for at in &self.amounts {
            if let Some(Some(Cells::Number(numbers))) = batch.columns.get(*at) {
                adds.iter_mut().zip(numbers.values()).for_each(|(adds, value)| *adds |= *value != 0);
            }
        }
        let prints = fingerprints(batch, &self.compared);
        let slots = self.files.entry(batch.file).or_default();
        let Some(months) = months else {
            let sketch = slots.entry(None).or_default();
            let rows = prints.iter().zip(adds.iter().zip(counts)).filter(|(_, (adds, counts))| **adds && **counts);
            rows.for_each(|(print, _)| sketch.add(*print));
            return;
        };
        let mut rows: Vec<(i32, u64)> = Vec::with_capacity(batch.rows);
        for ((print, month), (adds, counts)) in prints.iter().zip(months.values()).zip(adds.iter().zip(counts)) {
            if *adds && *counts {
                rows.push((*month, *print));
            }
        }
        // Sorted by month, each month is looked up once; most exports are sorted already.
        rows.sort_by_key(|(month, _)| *month);
        for alike in rows.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((month, _)) = alike.first() else { continue };
            let sketch = slots.entry(Some(*month)).or_default();
            for (_, print) in alike {
                sketch.add(*print);
            }
        }
    }

    /// Takes in what another thread saw.
    pub(super) fn merge(&mut self, other: Self) {
        for (file, slots) in other.files {
            let known = self.files.entry(file).or_default();
            for (slot, sketch) in slots {
                known.entry(slot).or_default().merge(sketch);
            }
        }
    }

    /// The files that share rows, in their order.
    pub(super) fn finish(&self, table: &TablePlan) -> Shared {
        let name = |at: &usize| table.files.get(*at).map_or_else(String::new, |file| file.shown.clone());
        let same = self.same();
        let repeated: BTreeSet<usize> = same.iter().map(|(_, second)| *second).collect();
        let overlaps = self.overlapping(&repeated).into_iter().map(|((first, second), months)| Overlap {
            table: table.name.clone(),
            first: name(&first),
            second: name(&second),
            months: months.into_iter().flatten().map(Month::from_index).collect(),
        });
        Shared {
            overlaps: overlaps.collect(),
            same: same.iter().map(|(first, second)| (name(first), name(second))).collect(),
        }
    }

    /// Files whose rows are the same, each with the first that has them.
    fn same(&self) -> Vec<(usize, usize)> {
        let mut known: BTreeMap<Vec<(Slot, u64, u128)>, usize> = BTreeMap::new();
        let mut same = Vec::new();
        for (file, slots) in &self.files {
            if slots.values().map(Sketch::distinct).sum::<usize>() <= CHANCE {
                continue;
            }
            let all = slots.iter().map(|(slot, sketch)| (*slot, sketch.rows(), sketch.sum())).collect();
            match known.entry(all) {
                Entry::Vacant(entry) => {
                    entry.insert(*file);
                }
                Entry::Occupied(first) => same.push((*first.get(), *file)),
            }
        }
        same
    }

    /// Pairs of files that share most rows of some slots, with these slots.
    fn overlapping(&self, without: &BTreeSet<usize>) -> BTreeMap<(usize, usize), Vec<Slot>> {
        let mut holders: BTreeMap<Slot, BTreeMap<u64, Vec<usize>>> = BTreeMap::new();
        for (file, slots) in self.files.iter().filter(|(file, _)| !without.contains(file)) {
            for (slot, sketch) in slots {
                let holders = holders.entry(*slot).or_default();
                sketch.prints().for_each(|print| holders.entry(print).or_default().push(*file));
            }
        }
        // Of many files with one row neighbours are compared, not all with all: that is enough to name each file.
        let mut near: BTreeMap<(usize, usize), BTreeMap<Slot, usize>> = BTreeMap::new();
        for (slot, holders) in holders {
            for files in holders.into_values() {
                for pair in files.windows(2) {
                    if let [first, second] = pair {
                        *near.entry((*first, *second)).or_default().entry(slot).or_default() += 1;
                    }
                }
            }
        }
        let mut all = BTreeMap::new();
        for ((first, second), slots) in near {
            if slots.values().sum::<usize>() <= CHANCE {
                continue;
            }
            let sketch = |file, slot| self.files.get(&file)?.get(slot);
            let mut rows = 0;
            let mut most = Vec::new();
            for slot in slots.keys() {
                let Some((one, other)) = sketch(first, slot).zip(sketch(second, slot)) else { continue };
                let (shared, of) = one.shared(other);
                if 2 * shared > of {
                    rows += shared;
                    most.push(*slot);
                }
            }
            if rows > CHANCE {
                all.insert((first, second), most);
            }
        }
        all
    }
}

fn mark(mark: &Predicate) -> Option<usize> {
    match mark {
        Predicate::In { column, .. } => Some(*column),
        Predicate::All(_)
        | Predicate::Any(_)
        | Predicate::Valid { .. }
        | Predicate::Missing { .. }
        | Predicate::Numbers { .. }
        | Predicate::Days { .. } => None,
    }
}
