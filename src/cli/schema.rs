//! `pcs-rules schema`

use super::Output;
use super::exit::Exit;
use pcs_rules::diagnostic::{Code, Diagnostic, Diagnostics, Failed, Place, did_you_mean};
use pcs_rules::files::in_words;
use pcs_rules::schemas;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The schema; without it all are listed.
    name: Option<String>,
    /// Print the reference of the rule language, in Markdown.
    #[arg(long, conflicts_with_all = ["name", "check", "write"])]
    markdown: bool,
    /// Compare the files of a folder with what the types say.
    #[arg(long)]
    check: bool,
    /// Write the files of a folder anew.
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// The folder of `--check` and `--write`.
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    dir: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output, found: &mut Diagnostics) -> Result<Exit, Failed> {
    if args.markdown {
        Output::data(schemas::reference(), found)?;
        return Ok(Exit::Done);
    }
    let all = schemas::all();
    let known = || all.iter().map(|schema| schema.name);
    if let Some(name) = &args.name
        && !known().any(|one| one == name)
    {
        let listed: Vec<String> = known().map(|one| format!("`{one}`")).collect();
        let help = did_you_mean(name, known()).unwrap_or_else(|| format!("there are {}", listed.join(", ")));
        return Err(found.error(
            Diagnostic::new(Code::UnknownSchema, Place::Command, format!("there is no schema `{name}`")).help(help),
        ));
    }
    let chosen = all.iter().filter(|schema| args.name.as_ref().is_none_or(|name| name == schema.name));
    let mut text = String::new();
    for schema in chosen {
        let path = args.dir.join(schema.file());
        if args.write {
            Output::file(&path, &schema.text, true, found)?;
        } else if args.check {
            let shown = path.display().to_string();
            let wrong = match std::fs::read_to_string(&path) {
                Ok(there) if there.replace("\r\n", "\n") == schema.text => None,
                Ok(_) => Some("is not what the types say".to_owned()),
                Err(error) => Some(format!("cannot be compared: {}", in_words(&error))),
            };
            if let Some(wrong) = wrong {
                let message = format!("`{shown}` {wrong}");
                let problem = Diagnostic::new(Code::SchemaDrift, Place::File(shown), message);
                found.error(problem.help("write it anew with `pcs-rules schema --write`"));
            }
        } else if args.name.is_some() {
            text.push_str(&schema.text);
        } else {
            text.push_str(&format!("{}\t{}\n", schema.name, schema.file()));
        }
    }
    if args.check && (found.failed().is_err() || !output.is_for_people()) {
        let clean = found.is_empty();
        output.findings(&output.rendered(found, &pcs_rules::source::Sources::default()), found)?;
        return Ok(if clean { Exit::Done } else { Exit::Findings });
    }
    Output::data(&text, found)?;
    Ok(Exit::Done)
}
