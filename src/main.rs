//! Arguments in, exit status out; nothing else.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
