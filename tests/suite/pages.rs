//! Every diagnostic code has a page in `docs/diagnostics` that says what the code itself says and shows what is printed.

use super::cases::folders;
use super::root;
use pcs_rules::diagnostic::Code;
use std::fs;

/// A sentence as a page has it.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[test]
fn pages_say_what_their_codes_say() {
    for code in Code::ALL {
        let page = code.page().replace("\r\n", "\n");
        let head = format!("# {} {}\n\n{}\n\n", code.id(), code.slug(), sentence(code.meaning()));
        assert!(page.starts_with(&head), "docs/diagnostics/{}.md begins otherwise than with:\n{head}", code.id());
        for part in ["\n**When it appears.** ", "\n**What to do.** "] {
            assert_eq!(page.matches(part).count(), 1, "docs/diagnostics/{}.md: {part}", code.id());
        }
    }
}

#[test]
fn pages_show_what_is_printed() {
    let folders = folders("err");
    for code in Code::ALL {
        let id = code.id();
        let page = code.page().replace("\r\n", "\n");
        let block = page.split("```text\n").nth(1).and_then(|rest| rest.split("```\n").next());
        let block = block.unwrap_or_else(|| panic!("docs/diagnostics/{id}.md shows a message"));
        assert!(block.contains(&format!("[{id}]")), "docs/diagnostics/{id}.md shows a message of its code");
        // Snapshots hold `/` in place of every `\`.
        let block = block.replace('\\', "/");
        let is_seen = folders
            .iter()
            .filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(id)))
            .filter_map(|folder| fs::read_to_string(folder.join("seen.snap")).ok())
            .any(|seen| seen.contains(&block));
        assert!(is_seen, "no case of {id} prints what docs/diagnostics/{id}.md shows:\n{block}");
    }
}

#[test]
fn no_page_is_of_a_code_that_is_not_there() {
    for entry in fs::read_dir(root().join("docs/diagnostics")).expect("the pages can be listed") {
        let name = entry.expect("an entry can be read").file_name().to_string_lossy().into_owned();
        assert!(Code::ALL.iter().any(|code| name == format!("{}.md", code.id())), "{name} is of no code");
    }
}
