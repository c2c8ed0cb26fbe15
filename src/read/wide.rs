//! UTF-16 → UTF-8 while it is read: spreadsheets and shells save text so.

use std::io::{self, Read};

/// Bytes that are taken in at a time.
const TOGETHER: usize = 1 << 16;

/// What stands for half a letter: no byte of UTF-8, so that its row is told as one that is no text.
const HALF: u8 = 0xff;

/// A stream of UTF-16, behind its mark, as UTF-8.
pub(super) struct Wide<R> {
    input: R,
    unit: fn([u8; 2]) -> u16,
    /// Bytes that are no whole letter yet.
    rest: Vec<u8>,
    /// Text that is read, and how much of it was handed on.
    text: Vec<u8>,
    given: usize,
    is_at_end: bool,
}

impl<R: Read> Wide<R> {
    /// Of units whose lesser byte comes first, or last.
    pub(super) fn new(input: R, little: bool) -> Self {
        let unit = if little { u16::from_le_bytes } else { u16::from_be_bytes };
        Self { input, unit, rest: Vec::new(), text: Vec::new(), given: 0, is_at_end: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.input.by_ref().take(TOGETHER as u64).read_to_end(&mut self.rest)?;
        self.is_at_end = read == 0;
        let mut units: Vec<u16> =
            self.rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(self.unit).collect();
        // The other half of a letter may be still to come.
        if !self.is_at_end {
            units.pop_if(|last| (0xd800..0xdc00).contains(last));
        }
        self.rest.drain(..units.len() * 2);
        self.text.clear();
        self.given = 0;
        for letter in char::decode_utf16(units) {
            match letter {
                Ok(letter) => self.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.text.push(HALF),
            }
        }
        if self.is_at_end && !self.rest.is_empty() {
            self.rest.clear();
            self.text.push(HALF);
        }
        Ok(())
    }
}

impl<R: Read> Read for Wide<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_at_end {
            self.fill()?;
        }
        let mut left = self.text.get(self.given..).unwrap_or_default();
        let read = left.read(to)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Wide;
    use std::io::Read as _;

    fn read(bytes: &[u8], little: bool) -> Vec<u8> {
        let mut text = Vec::new();
        Wide::new(bytes, little).read_to_end(&mut text).expect("bytes");
        text
    }

    #[test]
    fn letters_of_one_and_of_two_units_are_read_in_both_orders() {
        let text = "Zoë, 📚\r\n".repeat(20_000);
        for shift in ["", "x"] {
            let text = format!("{shift}{text}");
            let bytes = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
            assert_eq!(read(&bytes(u16::to_le_bytes), true), text.as_bytes());
            assert_eq!(read(&bytes(u16::to_be_bytes), false), text.as_bytes());
        }
    }

    #[test]
    fn half_letters_are_no_text() {
        for (bytes, text) in [
            (b"a\0b".as_slice(), b"a\xff".as_slice()),
            (b"a\0\x3d\xd8b\0", b"a\xffb"),
            (b"a\0\x3d\xd8", b"a\xff"),
            (b"\xda\xdca\0", b"\xffa"),
        ] {
            assert_eq!(read(bytes, true), text, "{bytes:?}");
        }
    }
}
