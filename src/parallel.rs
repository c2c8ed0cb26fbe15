//! Work on many things by several threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What is made of each, in their order, by so many threads at most. Whoever is free takes the next.
pub(crate) fn map<T: Sync, R: Send + Sync>(all: &[T], threads: usize, make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let made: Vec<OnceLock<R>> = all.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        while let Some((one, made)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            all.get(at).zip(made.get(at))
        } {
            // Nobody else takes the same one.
            made.get_or_init(|| make(one));
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(all.len())).map(|_| scope.spawn(work)).collect();
        work();
        for other in others {
            other.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
    made.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// The same of things that are used up.
pub(crate) fn map_owned<T: Send, R: Send + Sync>(all: Vec<T>, threads: usize, make: impl Fn(T) -> R + Sync) -> Vec<R> {
    let all: Vec<Mutex<Option<T>>> = all.into_iter().map(Some).map(Mutex::new).collect();
    // A lock is taken once, by whoever uses up what it guards.
    let take = |one: &Mutex<Option<T>>| one.lock().unwrap_or_else(PoisonError::into_inner).take();
    map(&all, threads, |one| take(one).map(&make)).into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{map, map_owned};

    #[test]
    fn results_stand_in_the_order_of_what_they_are_made_of() {
        let all: Vec<u32> = (0..100).collect();
        for threads in [0, 1, 3, 200] {
            let twice: Vec<u32> = (0..200).step_by(2).collect();
            assert_eq!(map(&all, threads, |one| one * 2), twice);
            assert_eq!(map_owned(all.clone(), threads, |one| one * 2), twice);
        }
        assert!(map(&[], 2, |one: &u32| *one).is_empty());
    }
}
