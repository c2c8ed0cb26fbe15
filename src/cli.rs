//! The command line: what can be asked, and the exit statuses. Each command is a file; none computes anything.

mod check;
mod convert;
mod data;
mod exit;
mod explain;
mod inspect;
mod output;
mod progress;
mod replay;
mod report;
mod schema;
mod score;
mod template;
mod test;

use clap::{Parser, Subcommand, ValueEnum};
use exit::Exit;
use output::Output;
use pcs_rules::diagnostic::Diagnostics;
use pcs_rules::source::Sources;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  pcs-rules score examples/contoso
  pcs-rules score examples/contoso --as-of 2024-07-15 --format json
  pcs-rules explain examples/contoso --area data-ai
  pcs-rules report examples/contoso -o report.html
  pcs-rules check
  pcs-rules test
  pcs-rules explain PCS0005

Exit status: 0 done; 1 findings of check, test or --check, or a gate not met; 2 usage, or could not run.";

/// Scores partner programs by rules kept in TOML, and checks those rules.
#[derive(Debug, Parser)]
#[command(name = "pcs-rules", after_help = EXAMPLES, disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print the version, the rule format and the editions built in.
    #[arg(short = 'V', long)]
    version: bool,
    /// How problems are written.
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORM")]
    message_format: MessageFormat,
    /// Whether problems are coloured.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check rule files: syntax, shape, meaning, editions, worked examples.
    Check(check::Args),
    /// Score a folder of data.
    Score(score::Args),
    /// Say what lies in a folder of data, and what the rules make of it.
    Inspect(inspect::Args),
    /// Make compact Parquet of a folder of data, which is read many times as fast.
    Convert(convert::Args),
    /// Compute the score of a receipt again, and compare it byte for byte.
    Replay(replay::Args),
    /// Write a report about one entity that travels: a page, a workbook, tables.
    Report(report::Args),
    /// Print the template of a report, to be changed and given to `report --template`.
    Template(template::Args),
    /// Run the worked examples beside the rules.
    Test(test::Args),
    /// Print the JSON Schemas of the files people write, or compare them with a folder.
    Schema(schema::Args),
    /// Explain how the points of an entity came about; or a code: when it appears, and what to do.
    Explain(explain::Args),
}

/// How problems are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// With the source line and a caret.
    Human,
    /// A line each.
    Concise,
    /// One JSON document.
    Json,
    /// One SARIF 2.1.0 document, for code hosts and editors.
    Sarif,
    /// A GitHub workflow command each.
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Runs the command that was asked for.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let status = if error.use_stderr() { Exit::CouldNotRun } else { Exit::Done };
            // Nobody is left to tell where even this cannot be written.
            let _ = error.print();
            return status.into();
        }
    };
    output::end_cleanly();
    progress::begin();
    let output = Output::new(cli.message_format, cli.color);
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let status = match &cli.command {
        None if cli.version => version(&mut sources, &mut found),
        None => {
            output.say("no command was given; `pcs-rules --help` lists them");
            return Exit::CouldNotRun.into();
        }
        Some(Command::Check(args)) => check::run(args, &output, &mut sources, &mut found),
        Some(Command::Score(args)) => score::run(args, &output, &mut sources, &mut found),
        Some(Command::Inspect(args)) => inspect::run(args, &mut sources, &mut found),
        Some(Command::Convert(args)) => convert::run(args, &mut sources, &mut found),
        Some(Command::Replay(args)) => replay::run(args, &mut sources, &mut found),
        Some(Command::Report(args)) => report::run(args, &output, &mut sources, &mut found),
        Some(Command::Template(args)) => template::run(args, &mut found),
        Some(Command::Test(args)) => test::run(args, &output, &mut sources, &mut found),
        Some(Command::Schema(args)) => schema::run(args, &output, &mut found),
        Some(Command::Explain(args)) => explain::run(args, &output, &mut sources, &mut found),
    };
    if let Ok(status) = status {
        let times = pcs_rules::read::how_far().given_up + 1;
        if times > 1 && output.is_for_people() {
            output.say(&format!(
                "the numbers of all entities did not fit into memory: {times} shares of them were read for"
            ));
        }
        return status.into();
    }
    output.problems(&found, &sources);
    Exit::CouldNotRun.into()
}

fn version(sources: &mut Sources, found: &mut Diagnostics) -> Result<Exit, pcs_rules::diagnostic::Failed> {
    let library = pcs_rules::run::load_shipped_rules(sources, found)?;
    let mut text = format!("pcs-rules {}\nformat {}\n", env!("CARGO_PKG_VERSION"), pcs_rules::rules::FORMAT);
    for rules in library.book.editions() {
        text.push_str(&format!("edition {} {}\n", rules.edition.program, rules.edition.id));
    }
    Output::data(&text, found)?;
    Ok(Exit::Done)
}

/// How many bytes the process holds: what is allocated, and what that costs beside, the program itself and what its allocator
/// has back and keeps. Runs over ten and twenty million rows that had to be cut for limits of 250, 300 and 800 MB held 0.82, 0.70
/// and 0.72 of them.
fn memory_used() -> u64 {
    const BESIDE: u64 = 64 << 20;
    let allocated = u64::try_from(crate::HELD.allocated()).unwrap_or(u64::MAX);
    allocated.saturating_add(allocated / 8).saturating_add(BESIDE)
}

/// How many threads work: as asked, else one for each processor.
fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}
