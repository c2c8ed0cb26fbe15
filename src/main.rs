//! Arguments in, exit status out; nothing else.

mod cli;

use mimalloc::MiMalloc;

/// Counts what is held, for `--memory`: about a thousandth of the time that work on rows takes. Ten thousand small files
/// take an eighth less time with this allocator than with the system's, and the sample a seventh.
#[global_allocator]
static HELD: cap::Cap<MiMalloc> = cap::Cap::new(MiMalloc, usize::MAX);

fn main() -> std::process::ExitCode {
    cli::main()
}
