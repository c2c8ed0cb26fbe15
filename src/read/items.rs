//! A JSON list → its items, each on a line of its own, while it is read.
//!
//! Only brackets, commas, quotes and line ends are looked at: whether an item is an object, its line says.

use super::sniff::{beginning, head};
use super::stream::Stream;
use std::error::Error;
use std::fmt;
use std::io::{self, Cursor, Read};

/// Bytes that are taken in at a time.
const TOGETHER: usize = 1 << 16;

/// Why a text that begins as a list is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoList {
    /// What is said of the text.
    pub(super) why: &'static str,
    /// The number of the item where it shows, from 1.
    pub(super) item: u64,
}

impl fmt::Display for NoList {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.why)
    }
}

impl Error for NoList {}

impl From<NoList> for io::Error {
    fn from(none: NoList) -> Self {
        Self::new(io::ErrorKind::InvalidData, none)
    }
}

/// The items of a text that is a list; any other text as it is.
pub(super) fn items(mut text: Stream) -> io::Result<Stream> {
    let head = head(&mut text)?;
    Ok(match beginning(&head).strip_prefix(b"[") {
        Some(inner) => Box::new(Items::of(Cursor::new(inner.to_vec()).chain(text))),
        None => Box::new(Cursor::new(head).chain(text)),
    })
}

/// The items of a list, behind its bracket.
struct Items<R> {
    input: R,
    bytes: Vec<u8>,
    /// Lines that are read, and how many bytes of them were handed on.
    lines: Vec<u8>,
    given: usize,
    /// Why nothing comes behind these lines; the end, where all is well.
    end: Option<Result<(), NoList>>,
    place: Place,
}

/// Where the next byte stands.
#[derive(Clone, Copy)]
struct Place {
    within: Within,
    /// Brackets that are open within the list.
    depth: usize,
    /// The number of the item at hand, from 1.
    item: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Item,
    Text,
    Escape,
    Comma,
    End,
}

impl<R: Read> Items<R> {
    fn of(input: R) -> Self {
        let (bytes, lines) = (Vec::new(), Vec::new());
        Self { input, bytes, lines, given: 0, end: None, place: Place { within: Within::Start, depth: 0, item: 1 } }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.bytes.clear();
        self.lines.clear();
        self.given = 0;
        if self.input.by_ref().take(TOGETHER as u64).read_to_end(&mut self.bytes)? == 0 {
            let is_whole = self.place.within == Within::End;
            self.end = Some(if is_whole { Ok(()) } else { Err(self.place.no_list(CUT_SHORT)) });
        }
        for byte in &self.bytes {
            match self.place.step(*byte) {
                Ok(Some(byte)) => self.lines.push(byte),
                Ok(None) => {}
                Err(why) => {
                    self.end = Some(Err(self.place.no_list(why)));
                    break;
                }
            }
        }
        Ok(())
    }
}

/// What is said of a list without its end.
const CUT_SHORT: &str = "its list has no end: the file was cut short";

impl Place {
    /// Moves past a byte: what stands for it in a line, if anything does; else why it is no list's.
    fn step(&mut self, byte: u8) -> Result<Option<u8>, &'static str> {
        match self.within {
            Within::Text | Within::Escape => {
                self.within = match byte {
                    b'\n' | b'\r' => return Err("a line ends within a text of its list"),
                    _ if self.within == Within::Escape => Within::Text,
                    b'"' => Within::Item,
                    b'\\' => Within::Escape,
                    _ => Within::Text,
                };
                return Ok(Some(byte));
            }
            // Kept within an item, so that what stands on both sides stays two.
            within if byte.is_ascii_whitespace() => return Ok(Some(b' ').filter(|_| within == Within::Item)),
            Within::End => return Err("more stands behind the end of its list"),
            Within::Start | Within::Item | Within::Comma => {}
        }
        match (byte, self.depth, self.within) {
            (b',', 0, Within::Item) => {
                self.within = Within::Comma;
                self.item += 1;
                return Ok(Some(b'\n'));
            }
            (b',', 0, _) => return Err("a comma stands in its list without an item before it"),
            (b']', 0, Within::Comma) => return Err("a comma stands in its list without an item behind it"),
            (b']', 0, _) => {
                self.within = Within::End;
                return Ok(Some(b'\n'));
            }
            (b'}', 0, _) => return Err("a `}` stands in its list that nothing opens"),
            (b'{' | b'[', ..) => self.depth += 1,
            (b'}' | b']', ..) => self.depth -= 1,
            _ => {}
        }
        self.within = if byte == b'"' { Within::Text } else { Within::Item };
        Ok(Some(byte))
    }

    const fn no_list(self, why: &'static str) -> NoList {
        NoList { why, item: self.item }
    }
}

impl<R: Read> Read for Items<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.lines.len() {
            match self.end {
                None => self.fill()?,
                Some(Ok(())) => return Ok(0),
                Some(Err(none)) => return Err(none.into()),
            }
        }
        let mut left = self.lines.get(self.given..).unwrap_or_default();
        let read = left.read(to)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::items;
    use std::io::{Cursor, Read as _};

    fn read(text: &str) -> Result<String, String> {
        let mut lines = String::new();
        let mut stream = items(Box::new(Cursor::new(text.to_owned()))).map_err(|error| error.to_string())?;
        stream.read_to_string(&mut lines).map_err(|error| error.to_string())?;
        Ok(lines)
    }

    #[test]
    fn each_item_of_a_list_gets_a_line() {
        for (text, lines) in [
            ("[]", "\n"),
            (" \r\n[ {\"a\": 1},\r\n {\"a\":\r\n 2} ]\n", "{\"a\": 1}\n{\"a\":   2} \n"),
            ("[{\"a\":\"],}\\\"[\\\\\"},[1,[2]],\"x\"]", "{\"a\":\"],}\\\"[\\\\\"}\n[1,[2]]\n\"x\"\n"),
            ("[{} {}]", "{} {}\n"),
            ("{\"a\": 1}\n\n{\"a\": 2}\n", "{\"a\": 1}\n\n{\"a\": 2}\n"),
            ("\n\u{feff}", "\n\u{feff}"),
            ("", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(lines), "{text}");
        }
    }

    #[test]
    fn a_list_that_is_none_is_told() {
        for (text, why) in [
            ("[", "its list has no end: the file was cut short"),
            ("[{\"a\": 1}", "its list has no end: the file was cut short"),
            ("[{\"a\": 1},", "its list has no end: the file was cut short"),
            ("[{\"a]", "its list has no end: the file was cut short"),
            ("[{}]]", "more stands behind the end of its list"),
            ("[{}] {}", "more stands behind the end of its list"),
            ("[,{}]", "a comma stands in its list without an item before it"),
            ("[{},,{}]", "a comma stands in its list without an item before it"),
            ("[{}, ]", "a comma stands in its list without an item behind it"),
            ("[{}}]", "a `}` stands in its list that nothing opens"),
            ("[{\"a\": \"b\nc\"}]", "a line ends within a text of its list"),
        ] {
            assert_eq!(read(text), Err(why.to_owned()), "{text}");
        }
    }
}
