//! Lines of JSON objects → typed rows. Numbers are read from their digits, as everywhere. A list comes with each item on a
//! line of its own.
//!
//! A column is a key. The header is all keys of the objects in the first block, in the order they come; a key that a
//! later object adds is of no matter unless its column is wanted, and then the object is refused: nothing is dropped in
//! silence. Lines end as they do in CSV, and blank ones are no rows.

use super::blocks::{BLOCK, Block, Cutter, is_line_end};
use super::faults::{corrupt, no_header, row_of};
use super::rows::Sink;
use super::sparse::{Filler, Sparse};
use super::stream::{Blocks, stream, uncut};
use super::value::Fault;
use super::{DataFile, Wanted};
use crate::diagnostic::Diagnostic;
use crate::text::quoted;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// What to do about a line that is no object.
const HELP: &str =
    "each line, or each item of one list, is a whole object, as in `{\"month\": \"2023-06\", \"amount\": 12.50}`";

/// The keys of a file.
pub(super) fn header(file: &DataFile) -> Result<Vec<String>, Box<Diagnostic>> {
    Ok(open(file)?.0)
}

/// What all lines of a file share.
pub(super) struct Layout<'f> {
    sparse: Sparse<'f>,
    /// The column of each key.
    columns: HashMap<String, usize>,
}

/// A file: how its lines are to be read, and what cuts them.
pub(super) fn start<'f>(
    file: &'f DataFile,
    order: usize,
    wanted: &'f [Wanted],
    block: usize,
) -> Result<(Layout<'f>, Blocks), Box<Diagnostic>> {
    let (header, mut blocks) = open(file)?;
    // The header does not depend on the size of blocks.
    blocks.resize(block);
    let sparse = Sparse::new(file, order, &header, wanted);
    let columns = header.into_iter().enumerate().map(|(column, key)| (key, column)).collect();
    Ok((Layout { sparse, columns }, blocks))
}

/// Opens a file and finds its keys.
fn open(file: &DataFile) -> Result<(Vec<String>, Blocks), Box<Diagnostic>> {
    let mut cutter = Cutter::of_lines(stream(file)?, BLOCK).map_err(|why| uncut(file, &why))?;
    while let Some(block) = cutter.next().map_err(|why| uncut(file, &why))? {
        let (mut keys, mut known) = (Vec::new(), HashSet::new());
        let (mut has_object, mut first_fault) = (false, None);
        for (number, line) in lines(&block) {
            let mut add = |key: &str, _: &RawValue| {
                if !known.contains(key) {
                    known.insert(key.to_owned());
                    keys.push(key.to_owned());
                }
                Ok(())
            };
            match object(line, &mut add) {
                Ok(()) => has_object = true,
                Err(broken) => first_fault = first_fault.or(Some((number, broken))),
            }
        }
        match first_fault {
            // A line that is no object is a broken row, but where there is nothing else this is another kind of file.
            Some((number, broken)) if !has_object => {
                let message = format!("`{}` holds no JSON objects: in row {number}, {}", file.shown, broken.said().0);
                let problem = Diagnostic { place: row_of(file, number, None), ..*corrupt(file, message) };
                return Err(Box::new(problem.help(HELP)));
            }
            _ if has_object => return Ok((keys, Blocks::new(block, cutter))),
            _ => {}
        }
    }
    Err(no_header(file, "it holds no object", HELP))
}

/// Types a block's rows and hands them on.
pub(super) fn read(layout: &Layout, block: &Block, sink: &mut Sink) {
    let sparse = &layout.sparse;
    let mut filler = Filler::default();
    let mut row = Row { seen: vec![0; layout.columns.len()], number: 0, others: HashSet::new() };
    for (number, line) in lines(block) {
        row.number += 1;
        row.others.clear();
        filler.start(sparse);
        match object(line, &mut |key, value| layout.put(&mut row, key, value, &mut filler)) {
            Ok(()) => filler.end(sparse, number, sink),
            Err(broken) => sparse.broken(sink, number, || broken.said()),
        }
        if filler.is_full() {
            filler.hand_on(sparse, sink);
        }
    }
    filler.hand_on(sparse, sink);
}

/// The keys of the row at hand.
struct Row {
    /// For each column the last row that had its key.
    seen: Vec<usize>,
    /// The number of this row, from 1.
    number: usize,
    /// The keys that the header does not have.
    others: HashSet<String>,
}

impl Layout<'_> {
    /// Takes one key and its value.
    fn put(&self, row: &mut Row, key: &str, value: &RawValue, filler: &mut Filler) -> Result<(), Broken> {
        let Some(column) = self.columns.get(key).copied() else {
            if !row.others.insert(key.to_owned()) {
                return Err(Broken::Twice(key.to_owned()));
            }
            return if self.sparse.wants(key) { Err(Broken::Late(key.to_owned())) } else { Ok(()) };
        };
        if let Some(seen) = row.seen.get_mut(column) {
            if *seen == row.number {
                return Err(Broken::Twice(key.to_owned()));
            }
            *seen = row.number;
        }
        let Some(place) = self.sparse.place(column) else { return Ok(()) };
        let raw = value.get();
        match raw.as_bytes().first() {
            Some(b'"') => filler.put(place, unescaped(key, raw)?.as_bytes()),
            Some(b'n') => {}
            Some(b'{' | b'[') => filler.put_fault(&self.sparse, place, nested(raw)),
            // Numbers, `true` and `false` are what they are written as.
            _ => filler.put(place, self.sparse.written(place, raw).as_bytes()),
        }
        Ok(())
    }
}

/// A cell that holds cells.
fn nested(raw: &str) -> Fault {
    Fault::of(raw, "is a list or an object", "write one text, number, `true`, `false` or `null`")
}

/// The text that a JSON string stands for.
fn unescaped<'a>(key: &str, raw: &'a str) -> Result<Cow<'a, str>, Broken> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner.filter(|inner| !inner.contains('\\')) {
        Some(inner) => Ok(Cow::Borrowed(inner)),
        // Only half a letter, such as `\ud800`, is found here and not before.
        None => serde_json::from_str::<String>(raw).map(Cow::Owned).map_err(|_| Broken::HalfLetter(key.to_owned())),
    }
}

/// The lines of a block that are not blank, with their numbers.
fn lines(block: &Block) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at = block.start;
    let numbered = move |piece| {
        let line = at.line;
        at.pass(piece);
        (line, piece)
    };
    let pieces = block.bytes.split_inclusive(|byte| is_line_end(*byte));
    pieces.map(numbered).filter(|(_, piece)| !piece.trim_ascii().is_empty())
}

/// Why a line is no row.
enum Broken {
    /// Its bytes are no text.
    NotText,
    /// It is no JSON, or no object: what the parser says, and where.
    NotAnObject(String, usize),
    /// It ends before its object does.
    Unended,
    /// A key stands in it twice.
    Twice(String),
    /// A wanted key that the header lacks.
    Late(String),
    /// A text with half a letter.
    HalfLetter(String),
}

impl Broken {
    /// The message, and what to do.
    fn said(&self) -> (String, &'static str) {
        match self {
            Self::NotText => ("it is not valid UTF-8".to_owned(), "save the file as UTF-8"),
            Self::NotAnObject(why, column) => (format!("it is no JSON object: {why} at character {column}"), HELP),
            Self::Unended => ("it ends in the middle of a JSON object".to_owned(), HELP),
            Self::Twice(key) => (format!("the key {} stands twice", quoted(key)), "keep one of them"),
            Self::Late(key) => (
                format!("the key {} is none of those that the file begins with", quoted(key)),
                "write every key in the first object, with `null` where there is no value, and always in one spelling",
            ),
            Self::HalfLetter(key) => {
                (format!("the text of {} has half a letter, which is no Unicode", quoted(key)), "export the file again")
            }
        }
    }
}

/// Reads a line as an object, and hands on its keys and values in order until one is refused.
fn object(line: &[u8], take: &mut dyn FnMut(&str, &RawValue) -> Result<(), Broken>) -> Result<(), Broken> {
    let text = str::from_utf8(line).map_err(|_| Broken::NotText)?.trim_matches(['\n', '\r']);
    let mut parser = serde_json::Deserializer::from_str(text);
    let mut broken = None;
    let parsed = parser.deserialize_map(Object { take, broken: &mut broken }).and_then(|()| parser.end());
    match parsed {
        Ok(()) => broken.map_or(Ok(()), Err),
        Err(error) if error.is_eof() => Err(Broken::Unended),
        Err(error) => {
            let said = error.to_string();
            let why = said.split(" at line ").next().unwrap_or_default().to_owned();
            Err(Broken::NotAnObject(why, error.column().max(1)))
        }
    }
}

/// Walks over an object.
struct Object<'a> {
    take: &'a mut dyn FnMut(&str, &RawValue) -> Result<(), Broken>,
    broken: &'a mut Option<Broken>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let value: &'de RawValue = map.next_value()?;
            // The rest is still parsed: a line that is no object says so first.
            if self.broken.is_none() {
                *self.broken = (self.take)(&key, value).err();
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}
