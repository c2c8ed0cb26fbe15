//! All files in order, cut into units, over a thread for each state.
//!
//! One thread, the caller's, reads text and cuts it; the others type and consume. A bounded queue between them keeps
//! memory bounded, whatever the size of a file.

use super::blocks::Block;
use super::faults::Faults;
use super::grid::Layout;
use super::rows::Sink;
use super::straight::KnownOf;
use super::stream::Blocks;
use super::tokens::Tokens;
use super::{AtOnce, Batch, Bytes, DataFile, Format, Rejected, Wanted, csv, json, parquet, progress, xlsx};
use crate::diagnostic::Diagnostic;
use crate::text::Spellings;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// What one worker reads at a time.
enum Unit<'f> {
    /// Some records, and what stands between their cells.
    Csv(Arc<Layout<'f>>, u8, Block),
    /// Some lines of JSON.
    Json(Arc<json::Layout<'f>>, Block),
    /// Rows of a row group, by their place among the parts of the file.
    Parquet(Arc<parquet::Layout<'f>>, usize),
    /// A whole workbook, by its place among all files.
    Xlsx(&'f DataFile, usize),
}

/// What stops the work: the first problem in the order of units.
struct Stop<'e> {
    asked: AtomicBool,
    /// Whether somebody has enough.
    is_enough: &'e AtomicBool,
    first: Mutex<Option<(u64, Box<Diagnostic>)>>,
}

impl Stop<'_> {
    /// Keeps the problem if it is the first, and asks to cut no more units.
    ///
    /// Units before this one have been handed out already and are read to their end: the first problem of all is the
    /// same in every run.
    fn with(&self, unit: u64, problem: Box<Diagnostic>) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if first.as_ref().is_none_or(|(earlier, _)| unit < *earlier) {
            *first = Some((unit, problem));
        }
        self.asked.store(true, Ordering::Relaxed);
    }

    fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || self.is_enough.load(Ordering::Relaxed)
    }
}

/// [`super::scan_until`] somebody has enough.
pub(super) fn scan<S: Send>(
    files: &[DataFile],
    wanted: &[Wanted],
    mut states: Vec<S>,
    consume: impl Fn(&mut S, &Batch<'_>) + Sync,
    (at_once, is_enough): (AtOnce, &AtomicBool),
) -> Result<(Vec<S>, Rejected), Box<Diagnostic>> {
    progress::begins(files);
    let consume = |state: &mut S, batch: &Batch<'_>| {
        progress::handed_on(batch.rows);
        consume(state, batch);
    };
    let stop = Stop { asked: AtomicBool::new(false), is_enough, first: Mutex::default() };
    let mut all_faults: Vec<Faults> = states.iter().map(|_| Faults::default()).collect();
    let unspelt = || wanted.iter().map(|_| Spellings::default()).collect::<Vec<_>>();
    if let ([state], [faults]) = (states.as_mut_slice(), all_faults.as_mut_slice()) {
        // Alone there is nobody to hand anything to.
        let mut consume = |batch: &Batch<'_>| consume(state, batch);
        let (mut tokens, mut spellings, mut known) = (None, unspelt(), KnownOf::default());
        let (spellings, known) = (&mut spellings, &mut known);
        let mut sink = Sink { wanted, faults, spellings, known, consume: &mut consume };
        hand_out(files, wanted, (at_once, 1), &stop, |unit| {
            read(unit, &mut tokens, &stop, &mut sink);
            true
        });
        if let Some(tokens) = tokens {
            tokens.put_by();
        }
        return finished(stop, states, all_faults);
    }
    let bound = states.len();
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(bound);
        let receiver = Arc::new(Mutex::new(receiver));
        for (state, faults) in states.iter_mut().zip(&mut all_faults) {
            let (stop, consume, receiver) = (&stop, &consume, Arc::clone(&receiver));
            let mut spellings = unspelt();
            scope.spawn(move || {
                let mut consume = |batch: &Batch<'_>| consume(state, batch);
                let (spellings, known) = (&mut spellings, &mut KnownOf::default());
                work(&receiver, stop, &mut Sink { wanted, faults, spellings, known, consume: &mut consume });
            });
        }
        // From here on only workers hold the receiver: where none is left, handing out ends too. They in turn end when
        // the sender is gone.
        drop(receiver);
        hand_out(files, wanted, (at_once, bound), &stop, |unit| sender.send(unit).is_ok());
    });
    finished(stop, states, all_faults)
}

fn finished<S>(stop: Stop<'_>, states: Vec<S>, faults: Vec<Faults>) -> Result<(Vec<S>, Rejected), Box<Diagnostic>> {
    match stop.first.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, problem)) => Err(problem),
        None => Ok((states, Faults::together(faults))),
    }
}

/// Reads units until there are no more.
fn work(receiver: &Mutex<Receiver<(u64, Unit)>>, stop: &Stop<'_>, sink: &mut Sink) {
    let mut tokens = None;
    loop {
        // The lock is held while waiting, and given up before the work.
        let Ok(unit) = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv() else { return };
        read(unit, &mut tokens, stop, sink);
    }
}

/// Reads a unit; what splits text into cells is kept for the next one.
fn read((number, unit): (u64, Unit), tokens: &mut Option<Tokens>, stop: &Stop<'_>, sink: &mut Sink) {
    match unit {
        Unit::Csv(layout, delimiter, block) => {
            let mut own = tokens.take().filter(|tokens| tokens.delimiter() == delimiter);
            csv::read(&layout, block, own.get_or_insert_with(|| Tokens::new(delimiter)), sink);
            *tokens = own;
        }
        Unit::Json(layout, block) => json::read(&layout, &block, sink),
        Unit::Parquet(layout, group) => {
            if let Err(problem) = parquet::read(&layout, group, sink) {
                stop.with(number, problem);
            }
        }
        Unit::Xlsx(file, order) => {
            if let Err(problem) = xlsx::read(file, order, sink) {
                stop.with(number, problem);
            }
        }
    }
}

/// Cuts all files into units.
fn hand_out<'f>(
    files: &'f [DataFile],
    wanted: &'f [Wanted],
    (at_once, threads): (AtOnce, usize),
    stop: &Stop<'_>,
    mut take: impl FnMut((u64, Unit<'f>)) -> bool,
) {
    let mut number = 0;
    let mut hand = |unit| {
        number += 1;
        !stop.is_asked() && take((number, unit))
    };
    for (order, file) in files.iter().enumerate() {
        let done = match file.format {
            Format::Csv | Format::Tsv => {
                csv::start(file, order, wanted, at_once.bytes).and_then(|(layout, delimiter, blocks)| {
                    let layout = Arc::new(layout);
                    each(file, blocks, |block| hand(Unit::Csv(Arc::clone(&layout), delimiter, block)))
                })
            }
            Format::JsonLines => json::start(file, order, wanted, at_once.bytes).and_then(|(layout, blocks)| {
                let layout = Arc::new(layout);
                each(file, blocks, |block| hand(Unit::Json(Arc::clone(&layout), block)))
            }),
            Format::Xlsx => {
                progress::took(progress::size(file));
                Ok(hand(Unit::Xlsx(file, order)))
            }
            Format::Parquet => {
                parquet::start((file, order), wanted, threads.div_ceil(files.len()), at_once.rows).map(|layout| {
                    let layout = Arc::new(layout);
                    (0..layout.parts()).all(|part| {
                        progress::took(layout.size(part));
                        hand(Unit::Parquet(Arc::clone(&layout), part))
                    })
                })
            }
        };
        match done {
            Ok(true) => {}
            Ok(false) => return,
            Err(problem) => {
                stop.with(u64::MAX, problem);
                return;
            }
        }
    }
}

/// Cuts one file of text; whether all of it was taken.
fn each(file: &DataFile, mut blocks: Blocks, mut take: impl FnMut(Block) -> bool) -> Result<bool, Box<Diagnostic>> {
    // Of a packed file nobody knows which part of it a block was.
    let is_packed = matches!(file.bytes, Bytes::Gzip(_));
    while let Some(block) = blocks.next(file)? {
        if !is_packed {
            progress::took(u64::try_from(block.bytes.len()).unwrap_or(0));
        }
        if !take(block) {
            return Ok(false);
        }
    }
    if is_packed {
        progress::took(progress::size(file));
    }
    Ok(true)
}
