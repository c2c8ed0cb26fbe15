//! What the name of a file says: which table it is, how it is written, and whether that can be read.

use super::{Bytes, DataFile, Format};
use std::path::Path;
use std::sync::Arc;

/// What can be read, in words.
pub const READABLE: &str = "CSV, TSV and JSON, in lines or a list (`.csv`, `.tsv`, `.jsonl` or `.json`, also with `.gz`), Parquet and Excel (`.xlsx`)";

/// Endings that stand behind another one.
const WRAPPERS: &[&str] = &["gz", "zip", "bz2", "xz", "zst", "lz4", "7z", "rar"];

/// Endings of files that look like tables and cannot be read yet, and what they are.
const NOT_YET: &[(&str, &str)] = &[
    ("xls", "an Excel workbook of the old form"),
    ("xlsm", "an Excel workbook with macros"),
    ("xlsb", "a binary Excel workbook"),
    ("ods", "an OpenDocument sheet"),
    ("numbers", "a Numbers sheet"),
    ("xml", "an XML document"),
    ("html", "a web page"),
    ("txt", "text of an unknown form"),
    ("avro", "an Avro file"),
    ("orc", "an ORC file"),
    ("arrow", "an Arrow file"),
    ("feather", "an Arrow file"),
    ("db", "a database"),
    ("sqlite", "a database"),
    ("sqlite3", "a database"),
    ("duckdb", "a database"),
    ("mdb", "a database"),
    ("accdb", "a database"),
    ("gz", "a gzip file of something else than CSV, TSV or JSON"),
    ("zip", "a zip archive"),
    ("bz2", "a bzip2 file"),
    ("xz", "an xz file"),
    ("zst", "a Zstandard file"),
    ("lz4", "an LZ4 file"),
    ("7z", "a 7-Zip archive"),
    ("rar", "a RAR archive"),
];

impl Format {
    /// The format of a file's ending, without regard to case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "parquet" => Some(Self::Parquet),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Its usual ending.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its ending where it is packed; the formats that are packed already have none.
    pub(super) const fn packed(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some("csv.gz"),
            Self::Tsv => Some("tsv.gz"),
            Self::JsonLines => Some("jsonl.gz"),
            Self::Parquet | Self::Xlsx => None,
        }
    }
}

impl DataFile {
    /// The file at a path, if its name is one that can be read; messages call it as `shown`.
    #[must_use]
    pub fn named(path: &Path, shown: String) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (_, inner, ending) = parts(name);
        let (bytes, format) = match (inner, Format::of_ending(ending)) {
            (_, Some(format)) => (Bytes::File(path.to_owned()), format),
            (Some(inner), None) if ending.eq_ignore_ascii_case("gz") => {
                let format = Format::of_ending(inner).filter(|format| format.packed().is_some())?;
                (Bytes::Gzip(path.to_owned()), format)
            }
            _ => return None,
        };
        Some(Self { bytes, shown, format, view: None, numbers: None, known: Arc::default() })
    }
}

/// The name of a file without its endings: `a` for `a.csv` and for `a.csv.gz`.
#[must_use]
pub fn stem(path: &Path) -> Option<&str> {
    Some(parts(path.file_name()?.to_str()?).0)
}

/// What a file looks to be that cannot be read yet; `None` for what can be read, and for what is no table at all.
#[must_use]
pub fn not_yet(path: &Path) -> Option<&'static str> {
    if DataFile::named(path, String::new()).is_some() {
        return None;
    }
    kind_of(parts(path.file_name()?.to_str()?).2)
}

/// What an ending that cannot be read stands for.
fn kind_of(ending: &str) -> Option<&'static str> {
    NOT_YET.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind)
}

/// The file's own name with other endings.
pub(super) fn renamed(file: &DataFile, ending: &str) -> String {
    let name = file.shown.rsplit('/').next().unwrap_or_default();
    format!("{}.{ending}", parts(name).0)
}

/// A name's stem, the ending that a wrapper stands behind, and the last ending.
fn parts(name: &str) -> (&str, Option<&str>, &str) {
    let Some((stem, ending)) = split(name) else { return (name, None, "") };
    if WRAPPERS.iter().any(|wrapper| ending.eq_ignore_ascii_case(wrapper))
        && let Some((inner_stem, inner)) = split(stem)
        && (Format::of_ending(inner).is_some() || kind_of(inner).is_some())
    {
        return (inner_stem, Some(inner), ending);
    }
    (stem, None, ending)
}

/// A name before and behind its last point; a name that begins with its only point has no ending.
fn split(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_the_table_and_the_format() {
        let seen = |name: &str| {
            let path = Path::new(name);
            let file = DataFile::named(path, name.to_owned());
            let format = file.map(|file| (file.format, matches!(file.bytes, Bytes::Gzip(_))));
            (stem(path).expect("a name").to_owned(), format, not_yet(path))
        };
        let read = |name: &str, format, gzip| assert_eq!(seen(name), ("table".to_owned(), Some((format, gzip)), None));
        read("table.CSV", Format::Csv, false);
        read("table.Tsv.GZ", Format::Tsv, true);
        read("table.jsonl", Format::JsonLines, false);
        read("d/table.ndjson.gz", Format::JsonLines, true);
        read("table.json", Format::JsonLines, false);
        read("table.parquet", Format::Parquet, false);
        read("table.xlsx", Format::Xlsx, false);
        for (name, kind) in [
            ("table.xls", "an Excel workbook of the old form"),
            ("table.csv.zip", "a zip archive"),
            ("table.parquet.gz", "a gzip file of something else than CSV, TSV or JSON"),
            ("table.GZ", "a gzip file of something else than CSV, TSV or JSON"),
            ("table.db", "a database"),
        ] {
            assert_eq!(seen(name), ("table".to_owned(), None, Some(kind)));
        }
        assert_eq!(seen("table.2023.csv"), ("table.2023".to_owned(), Some((Format::Csv, false)), None));
        assert_eq!(seen("table.md"), ("table".to_owned(), None, None));
        for plain in ["table", ".csv", ".gz"] {
            assert_eq!(seen(plain), (plain.to_owned(), None, None));
        }
    }
}
