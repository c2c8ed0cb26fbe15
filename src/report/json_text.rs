//! Documents as JSON text that a terminal shows as it is.

use crate::text::is_inert;
use serde::Serialize;

/// The document over several lines; ends with a line end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    shown(serde_json::to_string_pretty(document))
}

/// The document in one line; ends with a line end.
pub(crate) fn line(document: &impl Serialize) -> String {
    shown(serde_json::to_string(document))
}

/// What would steer a terminal or turn the writing direction is written as an escape, which means the same.
fn shown(text: serde_json::Result<String>) -> String {
    // Only a map whose keys are no texts could fail, and no document has one.
    let mut text = text.unwrap_or_default();
    // Of plain letters, which nearly all documents are, a look at the bytes is enough.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        text.push('\n');
        return text;
    }
    let mut all = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if is_inert(c) || c == '\n' {
            all.push(c);
        } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| all.push_str(&format!("\\u{unit:04x}")));
        }
    }
    all.push('\n');
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_escaped_and_means_the_same() {
        let text = "a\u{202e}b\u{9b}31m\u{7f}\n\u{1b}é\u{feff}";
        let shown = line(&text);
        assert_eq!(shown, "\"a\\u202eb\\u009b31m\\u007f\\n\\u001bé\\ufeff\"\n");
        assert_eq!(serde_json::from_str::<String>(&shown).ok().as_deref(), Some(text));
    }
}
