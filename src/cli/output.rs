//! Data to standard output or a file, everything else to standard error.

use super::{Color, MessageFormat, progress};
use anstream::{AutoStream, ColorChoice};
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place};
use pcs_rules::files;
use pcs_rules::report::diagnostics;
use pcs_rules::source::Sources;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Where results and problems go, and how problems look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: MessageFormat,
    color: ColorChoice,
}

impl Output {
    pub(crate) fn new(format: MessageFormat, color: Color) -> Self {
        let color = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { format, color }
    }

    /// Writes a result to standard output, byte for byte. A closed pipe ends quietly: the reader has what it wanted.
    pub(crate) fn data(text: impl AsRef<[u8]>, found: &mut Diagnostics) -> Result<(), Failed> {
        progress::end();
        written(io::stdout().lock(), text.as_ref(), found)
    }

    /// Writes problems that are the result to standard output, coloured where that is wanted.
    pub(crate) fn findings(&self, text: &str, found: &mut Diagnostics) -> Result<(), Failed> {
        progress::end();
        written(AutoStream::new(io::stdout().lock(), self.color), text.as_bytes(), found)
    }

    /// Writes a result to a file as a whole or not at all; an existing file only where that is permitted.
    pub(crate) fn file(
        path: &Path,
        text: impl AsRef<[u8]>,
        force: bool,
        found: &mut Diagnostics,
    ) -> Result<(), Failed> {
        let shown = path.display().to_string();
        if path.is_dir() {
            let problem = Diagnostic::new(Code::Output, Place::File(shown.clone()), format!("`{shown}` is a folder"));
            return Err(found.error(problem.help("name a file in it")));
        }
        if path.exists() && !force {
            let problem = Diagnostic::new(Code::OutputExists, Place::File(shown.clone()), format!("`{shown}` exists"));
            return Err(found.error(problem.help("choose another name, or replace it with `--force`")));
        }
        // A link stays one: what it leads to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut temporary = target.as_os_str().to_owned();
        temporary.push(format!(".{}.part", std::process::id()));
        let temporary = Parts::begin(PathBuf::from(temporary));
        let there = fs::metadata(&target).ok();
        let written = if there.as_ref().is_some_and(|there| !there.is_file()) {
            // A device or a pipe is written to, never replaced.
            fs::OpenOptions::new().write(true).open(&target).and_then(|mut file| file.write_all(text.as_ref()))
        } else {
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(temporary.path())
                .and_then(|mut file| file.write_all(text.as_ref()))
                .and_then(|()| there.map_or(Ok(()), |there| fs::set_permissions(temporary.path(), there.permissions())))
                .and_then(|()| temporary.become_final(&target))
        };
        written.map_err(|error| {
            let problem = Diagnostic::new(
                Code::Output,
                Place::File(shown.clone()),
                format!("`{shown}` cannot be written: {}", files::in_words(&error)),
            );
            found.error(problem.help("choose a folder that exists and can be written"))
        })
    }

    /// Writes a result to a file, or to standard output for none and for `-`.
    pub(crate) fn to(
        path: Option<&Path>,
        text: impl AsRef<[u8]>,
        force: bool,
        found: &mut Diagnostics,
    ) -> Result<(), Failed> {
        match path {
            Some(path) if path.as_os_str() != "-" => Self::file(path, text, force, found),
            Some(_) | None => Self::data(text, found),
        }
    }

    /// The problems as text in the form that was asked for.
    pub(crate) fn rendered(&self, found: &Diagnostics, sources: &Sources) -> String {
        let problems = found.sorted();
        match self.format {
            MessageFormat::Human => diagnostics::human(&problems, sources),
            MessageFormat::Concise => diagnostics::concise(&problems, sources),
            MessageFormat::Json => diagnostics::json(&problems, sources),
            MessageFormat::Sarif => diagnostics::sarif(&problems, sources),
            MessageFormat::Github => diagnostics::github(&problems, sources),
        }
    }

    /// Whether problems are wanted for people, with a word on how many there are; else nothing may stand beside them.
    pub(crate) fn is_for_people(&self) -> bool {
        matches!(self.format, MessageFormat::Human | MessageFormat::Concise)
    }

    /// Writes problems to standard error. Who asked for a document gets one also where there are none.
    pub(crate) fn problems(&self, found: &Diagnostics, sources: &Sources) {
        if !found.is_empty() || matches!(self.format, MessageFormat::Json | MessageFormat::Sarif) {
            self.error_stream(&self.rendered(found, sources));
        }
    }

    /// Writes a line to standard error.
    pub(crate) fn say(&self, line: &str) {
        self.error_stream(&format!("{line}\n"));
    }

    fn error_stream(&self, text: &str) {
        progress::end();
        // Nobody is left to tell where standard error cannot be written.
        let _ = AutoStream::new(io::stderr().lock(), self.color).write_all(text.as_bytes());
    }
}

/// What is being written, until it is whole: it is removed where it does not come to that, whether by an error or by
/// somebody who stops the program.
#[derive(Debug)]
pub(crate) struct Parts(PathBuf);

/// Everything that is being written just now.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Parts {
    /// Something is written at a path from here on.
    pub(crate) fn begin(path: PathBuf) -> Self {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// It is whole, and gets its name.
    pub(crate) fn become_final(&self, name: &Path) -> io::Result<()> {
        fs::rename(&self.0, name)
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        // It may never have been made, or have its name already.
        remove(&self.0);
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.0);
    }
}

fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Who stops the program, or closes its terminal, leaves nothing half-written behind.
pub(crate) fn end_cleanly() {
    // Where the system does not let us know, it ends as any program does.
    let _ = ctrlc::set_handler(|| {
        progress::end();
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|path| remove(path));
        // As a shell says it of a program that was interrupted.
        std::process::exit(130);
    });
}

fn written(mut stream: impl Write, bytes: &[u8], found: &mut Diagnostics) -> Result<(), Failed> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("standard output cannot be written: {}", files::in_words(&error));
            Err(found.error(Diagnostic::new(Code::Output, Place::Command, message).help("write to a file with `-o`")))
        }
        _ => Ok(()),
    }
}
