//! `pcs-rules convert`

use super::Output;
use super::data::{Data, lies_outside};
use super::exit::Exit;
use super::output::Parts;
use pcs_rules::convert::Target;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use pcs_rules::files::in_words;
use pcs_rules::run;
use pcs_rules::source::Sources;
use pcs_rules::text::inert;
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
    // Its own name, whichever way it is reached: beside it, and not in it, the new one is made.
    let output = whole(&args.output);
    if output.exists() && !(args.force && is_ours(&output).unwrap_or(false)) {
        let problem = Diagnostic::new(Code::OutputExists, Place::File(shown.clone()), format!("`{shown}` exists"));
        let help = if args.force {
            "choose another name: it holds what `convert` has not made"
        } else {
            "choose another name, or replace it with `--force`"
        };
        return Err(found.error(problem.help(help)));
    }
    lies_outside(&args.output, &args.data.folder, found)?;
    if let (Ok(old), Ok(data)) = (output.canonicalize(), args.data.folder.canonicalize())
        && data.starts_with(&old)
    {
        let message = format!("`{shown}` holds the data that it is made from");
        let problem = Diagnostic::new(Code::Output, Place::File(shown), message);
        return Err(found.error(problem.help("choose another folder")));
    }
    // All of it appears at once, or nothing does.
    let mut part = output.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = Parts::begin(PathBuf::from(part));
    let unwritten = |error: &std::io::Error| {
        let message = format!("`{shown}` cannot be written: {}", in_words(error));
        let problem = Diagnostic::new(Code::Output, Place::File(shown.clone()), message);
        problem.help("check the folder and the room on its disk")
    };
    fs::create_dir(part.path()).map_err(|error| found.error(unwritten(&error)))?;
    let question = args.data.question(args.allow_bad_rows);
    let target = Target { folder: part.path(), shown: &args.output };
    let made = run::convert_folder(&library, &args.data.folder, target, &question, sources, found)?;
    replace(&part, &output).map_err(|error| found.error(unwritten(&error)))?;
    let mut text = String::new();
    for one in &made {
        let left_out = if one.left_out > 0 { format!(", {} left out", one.left_out) } else { String::new() };
        let path = args.output.join(&one.file);
        let _ = writeln!(text, "{}: {} rows of {}{left_out}", path.display(), one.rows, one.origin.file);
        for (columns, how) in [
            (&one.written, "kept as text: not all its cells can be read"),
            (&one.lost, "left out: what stands in it is no text"),
        ] {
            for column in columns {
                let _ = writeln!(text, "  `{}` is {how}", inert(column));
            }
        }
    }
    Output::data(text, found)?;
    Ok(Exit::Done)
}

/// A path from the root, without links, dots and a slash at its end, as far as it exists.
fn whole(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().collect();
    let parent = plain.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A link is none of ours, and stays what it is.
    let beside = || Some(parent.canonicalize().ok()?.join(plain.file_name()?));
    let resolved = if plain.is_symlink() { None } else { plain.canonicalize().ok() };
    resolved.or_else(beside).unwrap_or(plain)
}

/// Gives the new folder its name; an old one is moved aside before and removed after.
fn replace(part: &Parts, output: &Path) -> std::io::Result<()> {
    if !output.exists() {
        return part.become_final(output);
    }
    let mut aside = output.as_os_str().to_owned();
    aside.push(format!(".{}.old", std::process::id()));
    let aside = PathBuf::from(aside);
    fs::rename(output, &aside)?;
    part.become_final(output).inspect_err(|_| {
        // What was there comes back.
        let _ = fs::rename(&aside, output);
    })?;
    fs::remove_dir_all(&aside)
}

/// Whether a folder holds what this command writes, and nothing else; none where it cannot be looked at.
fn is_ours(folder: &Path) -> Option<bool> {
    let entries = |folder: &Path| -> Option<Vec<PathBuf>> {
        fs::read_dir(folder).ok()?.map(|entry| Some(entry.ok()?.path())).collect()
    };
    let is_dataset = |path: &PathBuf| path.file_name().is_some_and(|name| name == "dataset.yaml");
    let is_table = |path: &PathBuf| {
        let made = entries(path)?;
        let is_made = |file: &PathBuf| pcs_rules::read::origin(file).is_some();
        Some(path.is_dir() && !path.is_symlink() && !made.is_empty() && made.iter().all(is_made))
    };
    let (datasets, tables): (Vec<PathBuf>, Vec<PathBuf>) = entries(folder)?.into_iter().partition(is_dataset);
    let are_tables = tables.iter().map(is_table).collect::<Option<Vec<bool>>>()?;
    Some(!folder.is_symlink() && datasets.len() == 1 && !tables.is_empty() && are_tables.into_iter().all(|is| is))
}
