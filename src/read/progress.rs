//! How far reading has come, for whoever shows it. Nothing is computed from it.

use super::{Bytes, DataFile};
use std::sync::atomic::{AtomicU64, Ordering};

/// How far the whole process has come.
static READ: Progress =
    Progress { bytes: AtomicU64::new(0), of: AtomicU64::new(0), rows: AtomicU64::new(0), given_up: AtomicU64::new(0) };

struct Progress {
    bytes: AtomicU64,
    of: AtomicU64,
    rows: AtomicU64,
    given_up: AtomicU64,
}

/// How much has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HowFar {
    /// Bytes of files that were taken up.
    pub bytes: u64,
    /// The bytes of all files that are or were to be read; what is read twice counts twice.
    pub of: u64,
    /// Rows that were handed on.
    pub rows: u64,
    /// How many times reading was given up, to be begun again for fewer entities.
    pub given_up: u64,
}

/// How far reading has come.
#[must_use]
pub fn how_far() -> HowFar {
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    HowFar { bytes: of(&READ.bytes), of: of(&READ.of), rows: of(&READ.rows), given_up: of(&READ.given_up) }
}

/// Files are about to be read.
pub(super) fn begins(files: &[DataFile]) {
    READ.of.fetch_add(files.iter().map(size).sum(), Ordering::Relaxed);
}

/// What was begun is read no further, and will be read again from its beginning.
pub(crate) fn given_up() {
    READ.of.store(READ.bytes.load(Ordering::Relaxed), Ordering::Relaxed);
    READ.given_up.fetch_add(1, Ordering::Relaxed);
}

/// So many bytes of a file were taken up.
pub(super) fn took(bytes: u64) {
    READ.bytes.fetch_add(bytes, Ordering::Relaxed);
}

/// So many rows were handed on.
pub(super) fn handed_on(rows: usize) {
    READ.rows.fetch_add(u64::try_from(rows).unwrap_or(0), Ordering::Relaxed);
}

/// The bytes of a file on its disk.
pub(super) fn size(file: &DataFile) -> u64 {
    match &file.bytes {
        Bytes::File(path) | Bytes::Gzip(path) => std::fs::metadata(path).map_or(0, |about| about.len()),
        Bytes::Text(text) => u64::try_from(text.len()).unwrap_or(0),
    }
}
