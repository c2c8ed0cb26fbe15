//! `pcs-rules convert`

use super::Output;
use super::data::{Data, lies_outside};
use super::exit::Exit;
use super::output::Parts;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use pcs_rules::files::in_words;
use pcs_rules::run;
use pcs_rules::source::Sources;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: Data,
    /// The folder to write.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace the folder if this command made it.
    #[arg(long)]
    force: bool,
    /// Leave out up to this many unreadable rows instead of stopping.
    #[arg(long, value_name = "N", default_value_t = 0)]
    allow_bad_rows: u64,
}

pub(super) fn run(args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Result<Exit, Failed> {
    let library = args.data.library(sources, found)?;
    let shown = args.output.display().to_string();
    if args.output.exists() && !(args.force && is_ours(&args.output)) {
        let problem = Diagnostic::new(Code::OutputExists, Place::File(shown.clone()), format!("`{shown}` exists"));
        let help = if args.force {
            "choose another name: it holds what `convert` has not made"
        } else {
            "choose another name, or replace it with `--force`"
        };
        return Err(found.error(problem.help(help)));
    }
    lies_outside(&args.output, &args.data.folder, found)?;
    // All of it appears at once, or nothing does.
    let mut part = args.output.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = Parts::begin(PathBuf::from(part));
    let unwritten = |error: &std::io::Error| {
        let message = format!("`{shown}` cannot be written: {}", in_words(error));
        let problem = Diagnostic::new(Code::Output, Place::File(shown.clone()), message);
        problem.help("check the folder and the room on its disk")
    };
    fs::create_dir(part.path()).map_err(|error| found.error(unwritten(&error)))?;
    let question = args.data.question(args.allow_bad_rows);
    let made = run::convert_folder(&library, &args.data.folder, part.path(), &question, sources, found)?;
    if args.output.exists() {
        fs::remove_dir_all(&args.output).map_err(|error| found.error(unwritten(&error)))?;
    }
    part.become_final(&args.output).map_err(|error| found.error(unwritten(&error)))?;
    let mut text = String::new();
    for one in &made {
        let left_out = if one.left_out > 0 { format!(", {} left out", one.left_out) } else { String::new() };
        let path = Path::new(&args.output).join(&one.file);
        let _ = writeln!(text, "{}: {} rows of {}{left_out}", path.display(), one.rows, one.origin.file);
    }
    Output::data(text, found)?;
    Ok(Exit::Done)
}

/// Whether a folder holds nothing but what this command writes.
fn is_ours(folder: &Path) -> bool {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    let is_table = |path: &PathBuf| {
        let is_made = |file: &PathBuf| pcs_rules::read::origin(file).is_some();
        path.is_dir() && !path.is_symlink() && entries(path).iter().all(is_made)
    };
    folder.is_dir()
        && !folder.is_symlink()
        && entries(folder)
            .iter()
            .all(|path| path.file_name().is_some_and(|name| name == "dataset.yaml") || is_table(path))
}
