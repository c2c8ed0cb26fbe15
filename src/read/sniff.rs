//! What a file's first bytes say it is, where its name says something else.

use super::DataFile;
use super::faults::corrupt;
use super::names::renamed;
use crate::diagnostic::Diagnostic;
use std::io::{self, Read};

/// Bytes that tell the kind of most files.
pub(super) const SHORTEST: usize = 64;

/// Bytes that are looked at.
const HEAD: usize = 1 << 12;

/// What bytes are, whatever their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A zip archive of anything.
    Zip,
    /// A zip archive with the parts of a workbook.
    Workbook,
    /// The container of old workbooks, and of those with a password.
    Sealed,
    /// Gzip.
    Gzip,
    /// Parquet.
    Parquet,
    /// HTML or XML.
    Page,
    /// PDF.
    Pdf,
    /// JSON objects.
    Json,
}

impl Kind {
    /// The kind of a file by its first bytes; `None` for text and all that is unknown.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let head = head.get(..HEAD).unwrap_or(head);
        let has = |part: &[u8]| head.windows(part.len()).any(|bytes| bytes == part);
        if head.starts_with(b"PK\x03\x04") {
            let parts: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/"];
            return Some(if parts.iter().any(|part| has(part)) { Self::Workbook } else { Self::Zip });
        }
        // A column of a text may well be called `PAR1`, but then no zero byte follows.
        let is_parquet = head.starts_with(b"PAR1") && head.contains(&0);
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Self::Sealed),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ if is_parquet => Some(Self::Parquet),
            _ => is_page(head).then_some(Self::Page),
        }
    }

    /// Whether the bytes begin with an object, or a list of them: a kind of their own where cells are expected.
    pub(super) fn of_objects(head: &[u8]) -> Option<Self> {
        let start = beginning(head);
        let object = match start.strip_prefix(b"[") {
            Some(inner) => inner.trim_ascii_start().starts_with(b"{"),
            None => start.strip_prefix(b"{").is_some_and(|inner| inner.trim_ascii_start().starts_with(b"\"")),
        };
        object.then_some(Self::Json)
    }

    /// In words.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Zip => "a zip archive",
            Self::Workbook => "an Excel workbook",
            Self::Sealed => "an Excel workbook of the old form, or one with a password",
            Self::Gzip => "a gzip file",
            Self::Parquet => "a Parquet file",
            Self::Page => "a web page or an XML document",
            Self::Pdf => "a PDF document",
            Self::Json => "JSON",
        }
    }

    /// What to do about a kind that can be no table under any name, or not as it is.
    pub(super) const fn help(self) -> Option<&'static str> {
        match self {
            Self::Page => Some("export the data again; what a browser saves may be a page that asks to sign in"),
            Self::Pdf => Some("export the data as CSV"),
            Self::Json => Some("call the file `.json`: a list of objects, or one on each line"),
            Self::Zip | Self::Workbook | Self::Sealed | Self::Gzip | Self::Parquet => None,
        }
    }
}

/// What stands behind a byte order mark and blanks.
pub(super) fn beginning(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// Whether the bytes begin as HTML and XML do.
fn is_page(head: &[u8]) -> bool {
    let begins =
        |start: &[u8]| beginning(head).get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    [b"<!doctype".as_slice(), b"<html", b"<?xml", b"<table"].into_iter().any(begins)
}

/// The first bytes of a stream.
pub(super) fn head(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// A file that is of another kind than its name says.
pub(super) fn other(file: &DataFile, kind: Kind) -> Box<Diagnostic> {
    let message = format!("`{}` is not what its name says: its bytes are those of {}", file.shown, kind.said());
    let help = match kind {
        Kind::Zip => "unpack it, and give the file that is in it".to_owned(),
        Kind::Workbook => format!("rename it to `{}`", renamed(file, "xlsx")),
        Kind::Sealed => "open it and save it as `.xlsx` without a password, or as CSV".to_owned(),
        Kind::Gzip => match file.format.packed() {
            Some(ending) => format!("rename it to `{}`, or unpack it", renamed(file, ending)),
            None => "unpack it".to_owned(),
        },
        Kind::Parquet => format!("rename it to `{}`", renamed(file, "parquet")),
        Kind::Page | Kind::Pdf | Kind::Json => kind.help().unwrap_or_default().to_owned(),
    };
    Box::new(corrupt(file, message).help(help))
}

/// A file of text whose name says it is none; `None` where the bytes do not look like text.
pub(super) fn text(file: &DataFile, head: &[u8], plain: &str) -> Option<Box<Diagnostic>> {
    let is_text = match str::from_utf8(head) {
        Ok(_) => true,
        // The head may end in the middle of a letter.
        Err(error) => error.error_len().is_none(),
    };
    let has_controls = head.iter().any(|byte| *byte < b' ' && !byte.is_ascii_whitespace());
    if head.is_empty() || has_controls || !is_text {
        return None;
    }
    let message = format!("`{}` is not what its name says: its bytes are plain text", file.shown);
    Some(Box::new(corrupt(file, message).help(format!("rename it to `{}` if it is that", renamed(file, plain)))))
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn kinds_are_known_by_their_first_bytes() {
        for (head, kind) in [
            (b"PK\x03\x04\0\0xl/workbook.xml".as_slice(), Some(Kind::Workbook)),
            (b"PK\x03\x04\0\0usage.csv", Some(Kind::Zip)),
            (b"\x1f\x8b\x08", Some(Kind::Gzip)),
            (b"\xd0\xcf\x11\xe0\xa1", Some(Kind::Sealed)),
            (b"PAR1\x15\0", Some(Kind::Parquet)),
            (b"PAR1,PAR2\n", None),
            (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", Some(Kind::Page)),
            (b"<HTML>", Some(Kind::Page)),
            (b"<name>,fee\n", None),
            (b"%PDF-1.7", Some(Kind::Pdf)),
            (b"[{\"a\": 1}]", None),
            (b"PK,name\n", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(head), kind, "{head:?}");
        }
        for (head, is_json) in
            [(b"{\"a\":1}".as_slice(), true), (b" [ {", true), (b"{a},b\n", false), (b"[a],b\n", false)]
        {
            assert_eq!(Kind::of_objects(head).is_some(), is_json, "{head:?}");
        }
    }
}
