//! Problems as workflow commands, which GitHub shows beside the lines of a change.

use super::{level, line_of, lines, words};
use crate::diagnostic::{Diagnostic, Place};
use crate::source::Sources;

/// Problems in a command each: `::error file=…,line=…,title=PCS0005::message`.
#[must_use]
pub fn github(problems: &[Diagnostic], sources: &Sources) -> String {
    problems.iter().map(|problem| command(problem, sources)).collect()
}

fn command(problem: &Diagnostic, sources: &Sources) -> String {
    let record = lines::line(problem, sources);
    let mut properties = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        properties.extend(value.map(|value| format!("{name}={}", property(&value))));
    };
    add("file", record.file.map(str::to_owned));
    if let Place::Row(cell) = &problem.place {
        add("line", line_of(cell).map(|line| line.to_string()));
    }
    add("line", record.line.map(|line| line.to_string()));
    add("endLine", record.end_line.map(|line| line.to_string()));
    if record.line == record.end_line {
        // GitHub takes columns only within one line.
        add("col", record.column.map(|column| column.to_string()));
        add("endColumn", record.end_column.map(|column| column.to_string()));
    }
    add("title", Some(problem.code.id().to_owned()));
    format!("::{} {}::{}\n", level(problem.code), properties.join(","), data(&words(problem)))
}

/// The text behind the second `::`, on one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: what would end it is written as a code, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn what_would_end_a_property_or_the_command_is_a_code() {
        let place = Place::File("a,b:50%\r\n.csv".into());
        let problem = Diagnostic::new(Code::NoHeader, place, "50% of\nit: a, b").help("c::d");
        let text = github(&[problem], &Sources::default());
        assert_eq!(text, "::error file=a%2Cb%3A50%25%0D%0A.csv,title=PCS0313::50%25 of\\nit: a, b%0Ac::d\n");
    }
}
