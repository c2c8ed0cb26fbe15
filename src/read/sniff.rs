//! What a file's first bytes say it is, where its name says something else.

use super::DataFile;
use super::faults::corrupt;
use super::names::renamed;
use crate::diagnostic::Diagnostic;
use std::io::{self, Read};

/// Bytes that tell the kind of most files.
pub(super) const SHORTEST: usize = 8;

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
            _ => is_parquet.then_some(Self::Parquet),
        }
    }

    /// In words.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Zip => "a zip archive",
            Self::Workbook => "an Excel workbook",
            Self::Sealed => "an Excel workbook of the old form, or one with a password",
            Self::Gzip => "a gzip file",
            Self::Parquet => "a Parquet file",
        }
    }
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
            (b"PK,name\n", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(head), kind, "{head:?}");
        }
    }
}
