//! Every exit status with its meaning.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, whatever the score.
    Done = 0,
    /// Findings of `check`, `test` or `--check`, or a gate that was not met.
    Findings = 1,
    /// Usage, or it could not run: bad rules, bad data, files.
    CouldNotRun = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
