//! Rows of one table that stand twice, whatever their order, spelling and format: amounts would count twice.
//!
//! Rows that add nothing are passed over, and so are tables of which nothing is added up: there a row counts once
//! however often it stands. A few rows alike are chance; most rows of a month, or many of several, are a second download.

use super::by_month::ByMonth;
use super::fingerprint::{CHANCE, Prints, Sketch, spread};
use crate::month::Month;
use crate::parallel;
use crate::plan::{Predicate, TablePlan};
use crate::read::{Batch, Cells};
use arrow_array::Int32Array;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of some months stand twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The table.
    pub table: String,
    /// How they are alike.
    pub alike: Alike,
    /// The first file.
    pub first: String,
    /// The file that repeats its rows; where rows stand twice within one, the same.
    pub second: String,
    /// The months of those rows; empty in a table without months.
    pub months: Vec<Month>,
}

/// How rows that stand twice are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// In every cell, in two files.
    Whole,
    /// In every cell but their amounts, in two files of which each has such a row once.
    ButForAmounts,
    /// In every cell, in one file.
    Within,
}

/// Which files share rows.
#[derive(Debug, Default)]
pub(in crate::measure) struct Shared {
    /// Those that hold the same rows altogether: the second of each pair repeats the first.
    pub(in crate::measure) same: Vec<(String, String)>,
    /// Where most rows of some months stand twice.
    pub(in crate::measure) overlaps: Vec<Overlap>,
    /// Files that estimate what others say: each with one of those, and the months of both.
    pub(in crate::measure) estimated: Vec<(String, String, Vec<Month>)>,
}

/// Rows of several months that two files share by chance at most, and one of how many.
const FEW: usize = 10;
const MANY: usize = 10;

/// Rows that two files share, and where.
#[derive(Default)]
struct Counted {
    rows: usize,
    slots: Vec<Slot>,
}

/// The index of a month; none where the table has no months.
type Slot = Option<i32>;

/// Pairs of files, and the months that this is about.
type Pairs = BTreeMap<(usize, usize), Vec<Slot>>;

/// What the rows of a table's files look like, month by month.
#[derive(Debug)]
pub(super) struct Likeness {
    /// The columns that are added up; none where no two rows need to be told apart.
    amounts: Vec<usize>,
    /// The columns that say what an amount is of.
    keys: Vec<usize>,
    /// Whether there are several files: only between them does it matter what rows are without their amounts.
    are_several: bool,
    files: BTreeMap<usize, BTreeMap<Slot, Sketches>>,
    here: Here,
    prints: Prints,
}

/// The file at hand: its rows come one behind the other.
#[derive(Debug, Default)]
struct Here {
    file: usize,
    months: ByMonth<Sketches>,
    without: Sketches,
}

/// Rows as they are, and without their amounts.
#[derive(Debug, Default)]
struct Sketches {
    whole: Sketch,
    keys: Sketch,
}

impl Sketches {
    /// The rows that are compared, where they can be.
    fn alike(&self, alike: Alike) -> Option<&Sketch> {
        match alike {
            Alike::ButForAmounts => Some(&self.keys).filter(|keys| keys.is_mostly_once()),
            Alike::Whole | Alike::Within => Some(&self.whole),
        }
    }

    fn merge(&mut self, other: Self) {
        self.whole.merge(other.whole);
        self.keys.merge(other.keys);
    }
}

/// Whether a batch has a column.
fn is_there(batch: &Batch<'_>, at: usize) -> bool {
    batch.columns.get(at).is_some_and(Option::is_some)
}

impl Likeness {
    pub(super) fn new(table: &TablePlan) -> Self {
        let amounts = table.amounts();
        // The mark for repeated amounts says where a row counts, and a file may lack it.
        let marks: BTreeSet<usize> = table.marks.iter().flat_map(Predicate::columns).collect();
        let keys = (0..table.wanted.len()).filter(|at| !marks.contains(at) && !amounts.contains(at));
        Self {
            keys: keys.collect(),
            are_several: table.files.len() > 1,
            amounts: amounts.into_iter().collect(),
            files: BTreeMap::new(),
            here: Here::default(),
            prints: Prints::new(table.wanted.len()),
        }
    }

    /// What the rows of each class share: what their cells add in the columns that tell classes apart.
    pub(super) fn of_classes(&mut self, classes: &Batch<'_>) -> Vec<u64> {
        let mut prints = vec![0; classes.rows];
        let shared: Vec<usize> = self.keys.iter().copied().filter(|at| is_there(classes, *at)).collect();
        self.prints.add(classes, &shared, &mut prints);
        prints
    }

    /// Looks at the rows of a batch that count and add something. `keys` is what their classes add already, in the columns
    /// that these tell apart.
    pub(super) fn see(
        &mut self,
        batch: &Batch<'_>,
        months: Option<&Int32Array>,
        counts: &[bool],
        (mut keys, is_told): (Vec<u64>, &dyn Fn(usize) -> bool),
    ) {
        if self.amounts.is_empty() {
            return;
        }
        let mut adds = vec![false; batch.rows];
        for at in &self.amounts {
            if let Some(Some(Cells::Number(numbers))) = batch.columns.get(*at) {
                adds.iter_mut().zip(numbers.values()).for_each(|(adds, value)| *adds |= *value != 0);
            }
        }
        let open: Vec<usize> = self.keys.iter().copied().filter(|at| !is_told(*at)).collect();
        self.prints.add(batch, &open, &mut keys);
        let mut prints = keys.clone();
        self.prints.add(batch, &self.amounts, &mut prints);
        if self.here.file != batch.file {
            self.put_by();
            self.here.file = batch.file;
        }
        let months = months.map(|months| months.values().as_ref());
        for (row, ((adds, counts), (print, keys))) in adds.iter().zip(counts).zip(prints.iter().zip(&keys)).enumerate()
        {
            if !adds || !counts {
                continue;
            }
            let sketches = match months.and_then(|months: &[i32]| months.get(row)) {
                Some(month) => self.here.months.at(*month),
                None => &mut self.here.without,
            };
            sketches.whole.add(spread(*print));
            if self.are_several {
                sketches.keys.add(spread(*keys));
            }
        }
    }

    /// Puts what was seen of the file at hand to what was seen of it before.
    fn put_by(&mut self) {
        let Here { file, months, without } = std::mem::take(&mut self.here);
        let slots = months.into_months().map(|(month, sketches)| (Some(month), sketches)).chain([(None, without)]);
        for (slot, sketches) in slots.filter(|(_, sketches)| sketches.whole.rows() > 0) {
            self.files.entry(file).or_default().entry(slot).or_default().merge(sketches);
        }
    }

    /// Takes in what another thread saw.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.put_by();
        other.put_by();
        for (file, slots) in other.files {
            let known = self.files.entry(file).or_default();
            for (slot, sketch) in slots {
                known.entry(slot).or_default().merge(sketch);
            }
        }
    }

    /// The files that share rows, in their order.
    pub(super) fn finish(&mut self, table: &TablePlan, threads: usize) -> Shared {
        self.put_by();
        self.shared(table, &self.same(), threads)
    }

    /// The same of rows that are not all of their files': none is refused for them.
    pub(super) fn finish_of_one(&mut self, table: &TablePlan, threads: usize) -> Shared {
        self.put_by();
        self.shared(table, &[], threads)
    }

    fn shared(&self, table: &TablePlan, same: &[(usize, usize)], threads: usize) -> Shared {
        let name = |at: &usize| table.files.get(*at).map_or_else(String::new, |file| file.shown.clone());
        let repeated: BTreeSet<usize> = same.iter().map(|(_, second)| *second).collect();
        let kinds = [Alike::Whole, Alike::ButForAmounts];
        let mut pairs = parallel::map(&kinds, threads, |alike| self.overlapping(&repeated, *alike)).into_iter();
        let (whole, mut keys) = (pairs.next().unwrap_or_default(), pairs.next().unwrap_or_default());
        for (pair, slots) in &mut keys {
            let known = whole.get(pair).map_or(&[][..], Vec::as_slice);
            slots.retain(|slot| !known.contains(slot));
        }
        keys.retain(|_, slots| !slots.is_empty());
        let within = self.files.iter().map(|(file, slots)| {
            let often = slots.iter().filter(|(_, sketches)| sketches.whole.is_mostly_repeated());
            ((*file, *file), often.map(|(slot, _)| *slot).collect::<Vec<Slot>>())
        });
        let within = within.filter(|(_, slots)| !slots.is_empty()).collect();
        let kinds = [(Alike::Whole, whole), (Alike::ButForAmounts, keys), (Alike::Within, within)];
        let overlaps = kinds.into_iter().flat_map(|(alike, pairs)| pairs.into_iter().map(move |pair| (alike, pair)));
        let overlaps = overlaps.map(|(alike, ((first, second), months))| Overlap {
            table: table.name.clone(),
            alike,
            first: name(&first),
            second: name(&second),
            months: months.into_iter().flatten().map(Month::from_index).collect(),
        });
        Shared {
            overlaps: overlaps.collect(),
            estimated: self
                .estimated(table)
                .into_iter()
                .map(|(one, other, of)| (name(&one), name(&other), of))
                .collect(),
            same: same.iter().map(|(first, second)| (name(first), name(second))).collect(),
        }
    }

    /// Files that estimate what others say; each with the first of those that has months of its own.
    fn estimated(&self, table: &TablePlan) -> Vec<(usize, usize, Vec<Month>)> {
        let is_estimate = |file: &usize| table.estimated.get(*file) == Some(&true);
        let (estimates, others): (Vec<_>, Vec<_>) = self.files.iter().partition(|(file, _)| is_estimate(file));
        let both = |one: &BTreeMap<Slot, Sketches>, other: &BTreeMap<Slot, Sketches>| -> Vec<Month> {
            one.keys().filter(|slot| other.contains_key(slot)).flatten().map(|slot| Month::from_index(*slot)).collect()
        };
        let pairs = estimates.iter().filter_map(|(file, slots)| {
            let mut met = others.iter().map(|(other, theirs)| (**file, **other, both(slots, theirs)));
            met.find(|(_, _, months)| !months.is_empty())
        });
        pairs.collect()
    }

    /// Files whose rows are the same, each with the first that has them.
    fn same(&self) -> Vec<(usize, usize)> {
        let mut known: BTreeMap<Vec<(Slot, u64, u128)>, usize> = BTreeMap::new();
        let mut same = Vec::new();
        for (file, slots) in &self.files {
            if slots.values().map(|sketches| sketches.whole.distinct()).sum::<usize>() <= CHANCE {
                continue;
            }
            let all =
                slots.iter().map(|(slot, sketches)| (*slot, sketches.whole.rows(), sketches.whole.sum())).collect();
            match known.entry(all) {
                Entry::Vacant(entry) => {
                    entry.insert(*file);
                }
                Entry::Occupied(first) => same.push((*first.get(), *file)),
            }
        }
        same
    }

    /// Pairs of files that share most rows of some slots, or many of several, with these slots.
    fn overlapping(&self, without: &BTreeSet<usize>, alike: Alike) -> Pairs {
        let of = |sketches| Sketches::alike(sketches, alike);
        let mut by_slot: BTreeMap<Slot, Vec<(usize, &Sketch)>> = BTreeMap::new();
        for (file, slots) in self.files.iter().filter(|(file, _)| !without.contains(file)) {
            for (slot, sketches) in slots {
                by_slot.entry(*slot).or_default().extend(of(sketches).map(|sketch| (*file, sketch)));
            }
        }
        // Of many files with one row neighbours are compared, not all with all: that is enough to name each file.
        let mut near: BTreeMap<(usize, usize), BTreeMap<Slot, usize>> = BTreeMap::new();
        for (slot, sketches) in by_slot {
            let mut holders = repeated(&sketches);
            // Sorted at once, a slot at a time: of ten thousand files a tree of lists took most of the run.
            holders.sort_unstable();
            for pair in holders.windows(2) {
                if let [(print, first), (same, second)] = pair
                    && print == same
                {
                    *near.entry((*first, *second)).or_default().entry(slot).or_default() += 1;
                }
            }
        }
        let mut all = BTreeMap::new();
        for ((first, second), slots) in near {
            if slots.values().sum::<usize>() <= CHANCE {
                continue;
            }
            let sketch = |file, slot| of(self.files.get(&file)?.get(slot)?);
            let (mut some, mut of_all, mut of_most) = (Counted::default(), 0, 0);
            let mut most = Vec::new();
            for slot in slots.keys() {
                let Some((one, other)) = sketch(first, slot).zip(sketch(second, slot)) else { continue };
                let (shared, of) = one.shared(other);
                of_all += of;
                if shared > 0 {
                    some.rows += shared;
                    some.slots.push(*slot);
                }
                // One thing can have two amounts in two files; that most things of a month do is a second download.
                if 2 * shared > of && (alike == Alike::Whole || shared > CHANCE) {
                    of_most += shared;
                    most.push(*slot);
                }
            }
            if of_most > CHANCE {
                all.insert((first, second), most);
            } else if alike == Alike::Whole && some.rows > FEW && MANY * some.rows > of_all {
                all.insert((first, second), some.slots);
            }
        }
        all
    }
}

/// The fingerprints that stand more than once, with their files, and a few more: nearly all stand once, and need not be
/// sorted.
fn repeated(sketches: &[(usize, &Sketch)]) -> Vec<(u64, usize)> {
    let all = sketches.iter().flat_map(|(file, sketch)| sketch.prints().map(move |print| (print, *file)));
    let mut all: Vec<(u64, usize)> = all.collect();
    let places = (4 * all.len()).next_power_of_two();
    // How often a fingerprint falls on a place, up to twice, by its low bits: those that are kept are the least of all,
    // and alike in their high ones.
    let mut often = vec![0_u8; places];
    let place = |print: u64| usize::try_from(print & u64::from(u32::MAX)).unwrap_or(0) & (places - 1);
    for (print, _) in &all {
        if let Some(times) = often.get_mut(place(*print)) {
            *times = (*times + 1).min(2);
        }
    }
    all.retain(|(print, _)| often.get(place(*print)) == Some(&2));
    all
}
