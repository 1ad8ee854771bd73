//! Text files: what their bytes stand for. Unicode comes as it is, anything else as the Latin letters of its bytes.
use super::error::{Error, Result};
use crate::codes;
use crate::domain::encoding::{Legacy, latin};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

codes!(
    /// The encoding of a file, by the name that `--encoding` takes.
    Encoding {
        Auto = "auto",
        Utf8 = "utf-8",
        Utf16 = "utf-16",
        Windows1258 = "windows-1258",
        Tcvn3 = "tcvn3",
        Vni = "vni",
        Viscii = "viscii",
    }
);

impl Encoding {
    /// The encoding before Unicode that it names.
    #[must_use]
    pub fn legacy(self) -> Option<Legacy> {
        Some(match self {
            Self::Auto | Self::Utf8 | Self::Utf16 => return None,
            Self::Windows1258 => Legacy::Cp1258,
            Self::Tcvn3 => Legacy::Tcvn3,
            Self::Vni => Legacy::Vni,
            Self::Viscii => Legacy::Viscii,
        })
    }
}

/// What the bytes of a text file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Bytes {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin,
}

/// A text file as it is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct Coded {
    bytes: Bytes,
    /// The first characters, to find a separator in.
    pub(super) head: String,
    /// Bytes before the text: its mark.
    skip: u64,
    /// Bytes of the file.
    pub(super) size: u64,
}

impl Coded {
    pub(super) fn is_latin(&self) -> bool {
        self.bytes == Bytes::Latin
    }
}

/// How much of a file is looked at to know its encoding; the whole is checked while it is read.
const SAMPLE: usize = 1 << 18;

/// Reads as much as there is, up to the length of `buf`.
pub(super) fn fill(file: &mut impl Read, buf: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while let Some(rest) = buf.get_mut(got..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

/// Every other byte of Latin text in UTF-16 is nought.
fn looks_utf16(sample: &[u8]) -> Option<Bytes> {
    let even = sample.iter().step_by(2).filter(|b| **b == 0).count();
    let odd = sample
        .iter()
        .skip(1)
        .step_by(2)
        .filter(|b| **b == 0)
        .count();
    let half = sample.len() / 2;
    if half < 2 {
        None
    } else if odd * 3 > half && even * 10 < half {
        Some(Bytes::Utf16Le)
    } else if even * 3 > half && odd * 10 < half {
        Some(Bytes::Utf16Be)
    } else {
        None
    }
}

/// Whether the sample is UTF-8; a letter cut off at its end does not count.
fn is_utf8(sample: &[u8], whole: bool) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(e) => !whole && e.error_len().is_none(),
    }
}

/// Whether bytes are UTF-8 with a few broken letters, as after a file was cut and joined: each cell that holds one is
/// told when it is read. Old encodings make such letters by chance, but not many, and not alone.
fn nearly_utf8(sample: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 3 && whole > broken
}

/// Finds out what the bytes of a file are, and leaves it at its beginning.
pub(super) fn sniff(file: &mut File, wanted: Encoding) -> Result<Coded> {
    let broken = |e: std::io::Error| Error::broken(&e);
    let size = file.metadata().map_err(broken)?.len();
    let mut sample = vec![0_u8; SAMPLE];
    let got = fill(file, &mut sample).map_err(broken)?;
    sample.truncate(got);
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let whole = got < SAMPLE;
    let (bytes, skip) = match sample.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => (Bytes::Utf8, 3),
        [0xFF, 0xFE, ..] => (Bytes::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Bytes::Utf16Be, 2),
        rest => {
            let found = looks_utf16(rest);
            match wanted {
                Encoding::Utf16 => (found.unwrap_or(Bytes::Utf16Le), 0),
                Encoding::Utf8 => (Bytes::Utf8, 0),
                Encoding::Auto if found.is_some() => (found.unwrap_or_default(), 0),
                Encoding::Auto if is_utf8(rest, whole) => (Bytes::Utf8, 0),
                // Old text that was already saved as UTF-8 is Latin letters in Unicode.
                _ if is_utf8(rest, whole) && !rest.is_ascii() => (Bytes::Utf8, 0),
                Encoding::Auto if nearly_utf8(rest) => (Bytes::Utf8, 0),
                _ => (Bytes::Latin, 0),
            }
        }
    };
    if wanted == Encoding::Utf8 && bytes == Bytes::Utf8 && !is_utf8(&sample, whole) {
        return Err(Error::bad(
            "Tệp không phải UTF-8; thêm --encoding windows-1258, tcvn3, vni hoặc viscii.",
            "The file is not UTF-8; add --encoding windows-1258, tcvn3, vni or viscii.",
        ));
    }
    let mut coded = Coded {
        bytes,
        head: String::new(),
        skip,
        size,
    };
    let mut head = vec![0_u8; 1 << 16];
    let mut text = Decoding::new(
        sample
            .get(usize::try_from(skip).unwrap_or(0)..)
            .unwrap_or_default(),
        &coded,
    );
    let got = fill(&mut text, &mut head).map_err(broken)?;
    head.truncate(got);
    coded.head = String::from_utf8_lossy(&head).into_owned();
    Ok(coded)
}

/// The text of a file as UTF-8, whatever its bytes are.
pub(super) struct Decoding<R> {
    from: R,
    bytes: Bytes,
    out: Vec<u8>,
    at: usize,
    /// A unit of UTF-16 that waits for its other half.
    high: Option<u16>,
    odd: Option<u8>,
}

impl<R: Read> Decoding<R> {
    pub(super) fn new(from: R, coded: &Coded) -> Self {
        Self {
            from,
            bytes: coded.bytes,
            out: Vec::new(),
            at: 0,
            high: None,
            odd: None,
        }
    }

    fn push(&mut self, c: char) {
        let mut buf = [0; 4];
        self.out
            .extend_from_slice(c.encode_utf8(&mut buf).as_bytes());
    }

    fn unit(&mut self, unit: u16) {
        let pair = self.high.take();
        let units = pair.into_iter().chain([unit]);
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(c) => self.push(c),
                Err(e) if (0xD800..0xDC00).contains(&e.unpaired_surrogate()) && pair.is_none() => {
                    self.high = Some(e.unpaired_surrogate());
                }
                Err(_) => self.push(char::REPLACEMENT_CHARACTER),
            }
        }
    }

    /// Reads on; false at the end.
    fn more(&mut self) -> std::io::Result<bool> {
        let mut raw = [0_u8; 1 << 14];
        let got = fill(&mut self.from, &mut raw)?;
        self.out.clear();
        self.at = 0;
        let raw = raw.get(..got).unwrap_or_default();
        if raw.is_empty() {
            if self.high.take().is_some() || self.odd.take().is_some() {
                self.push(char::REPLACEMENT_CHARACTER);
                return Ok(true);
            }
            return Ok(false);
        }
        match self.bytes {
            Bytes::Utf8 => self.out.extend_from_slice(raw),
            Bytes::Latin => raw.iter().for_each(|b| self.push(latin(*b))),
            Bytes::Utf16Le | Bytes::Utf16Be => {
                let little = self.bytes == Bytes::Utf16Le;
                for byte in raw {
                    let Some(first) = self.odd.take() else {
                        self.odd = Some(*byte);
                        continue;
                    };
                    let pair = [first, *byte];
                    self.unit(if little {
                        u16::from_le_bytes(pair)
                    } else {
                        u16::from_be_bytes(pair)
                    });
                }
            }
        }
        Ok(true)
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.out.len() && !self.more()? {
            return Ok(0);
        }
        let rest = self.out.get(self.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

/// A file from after its mark, as UTF-8.
pub(super) fn reading(
    mut file: File,
    coded: &Coded,
) -> Result<Decoding<super::Counting<BufReader<File>>>> {
    file.seek(SeekFrom::Start(coded.skip))
        .map_err(|e| Error::broken(&e))?;
    let counted = super::Counting {
        inner: BufReader::with_capacity(1 << 16, file),
        read: coded.skip,
    };
    Ok(Decoding::new(counted, coded))
}

impl<R> Decoding<super::Counting<R>> {
    /// Bytes read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.from.read
    }
}

/// How many lines a file has, whether they end in one way or in the other or in both together, or more than `most`.
pub(super) fn lines(mut file: impl Read, most: usize) -> std::io::Result<usize> {
    let mut buf = vec![0; 1 << 16];
    let (mut feeds, mut returns, mut ended) = (0, 0, true);
    while feeds.max(returns) <= most {
        let n = fill(&mut file, &mut buf)?;
        let piece = buf.get(..n).unwrap_or_default();
        let Some(last) = piece.last() else { break };
        feeds += memchr::memchr_iter(b'\n', piece).count();
        returns += memchr::memchr_iter(b'\r', piece).count();
        ended = matches!(last, b'\n' | b'\r');
    }
    let breaks = match feeds == returns {
        true => feeds,
        false => feeds + returns,
    };
    Ok(breaks + usize::from(!ended))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::io::Write;

    fn read(bytes: &[u8], wanted: Encoding) -> Result<String> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let coded = sniff(&mut file, wanted)?;
        let mut text = String::new();
        reading(file, &coded)?.read_to_string(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn lines_are_counted_however_they_end() {
        let count = |text: &str| lines(text.as_bytes(), 9).unwrap();
        assert_eq!(
            ["", "a", "a\n", "a\nb", "a\r\nb\r\n", "a\rb\rc"].map(count),
            [0, 1, 1, 2, 2, 3]
        );
        assert!(count(&"a\n".repeat(100)) > 9);
    }

    #[test]
    fn unicode_with_and_without_its_mark() {
        let text = "Ngày;Nội dung 😀\r\n";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = utf16.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = utf16.iter().flat_map(|u| u.to_be_bytes()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            le.clone(),
            [b"\xFF\xFE".to_vec(), le].concat(),
            [b"\xFE\xFF".to_vec(), be.clone()].concat(),
            be,
        ] {
            assert_eq!(read(&bytes, Encoding::Auto).unwrap(), text);
        }
    }

    #[test]
    fn other_bytes_come_as_latin_letters() {
        assert_eq!(read(b"Ho\xB5ng", Encoding::Auto).unwrap(), "Hoµng");
        assert_eq!(read(b"\x80 1", Encoding::Auto).unwrap(), "€ 1");
        assert!(read(b"Ho\xB5ng", Encoding::Utf8).is_err());
        let cut = [&b"Ng\xE0 "[..], "Nội dung đơn thư".as_bytes()].concat();
        assert!(read(&cut, Encoding::Utf8).is_err());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&cut).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        assert_eq!(sniff(&mut file, Encoding::Auto).unwrap().bytes, Bytes::Utf8);
    }
}
