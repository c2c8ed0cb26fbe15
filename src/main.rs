//! Arguments in, exit status out; nothing else.

mod cli;

use std::alloc::System;

/// Counts what is held, for `--memory`: about a thousandth of the time that work on rows takes.
#[global_allocator]
static HELD: cap::Cap<System> = cap::Cap::new(System, usize::MAX);

fn main() -> std::process::ExitCode {
    cli::main()
}
