//! Rows on their way to the thread that gathers the search index, some hundreds at once.
use crate::domain::record::Record;
use crate::store::search::{each_text, place_words};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// Rows handed over at once, and bytes of their texts.
const BATCH: usize = 256;
const BYTES: usize = 1 << 17;

/// Rows to be gathered.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Batch {
    /// Each with where its texts end, and the words of its place and time behind these.
    rows: Vec<(i64, usize, usize)>,
    /// One after the other, a line each: memory of its own for each text takes longer than the text. As bytes: that each
    /// is a text is not looked at again for words that were met before.
    texts: Vec<u8>,
}

impl Batch {
    pub(super) fn put(&mut self, row: i64, record: &dyn Record) {
        each_text(record, |text| {
            self.texts.extend_from_slice(text.as_bytes());
            self.texts.push(b'\n');
        });
        let end = self.texts.len();
        for letter in place_words(record) {
            let mut bytes = [0; 4];
            let letter = letter.encode_utf8(&mut bytes);
            self.texts.extend_from_slice(letter.as_bytes());
        }
        self.rows.push((row, end, self.texts.len()));
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= BATCH || self.texts.len() >= BYTES
    }

    /// What it holds; it is empty then, with room for as much.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self {
            rows: Vec::with_capacity(BATCH),
            texts: Vec::with_capacity(self.texts.len()),
        };
        std::mem::replace(self, empty)
    }

    /// Each row with its texts and the words of its place and time.
    pub(super) fn each(&self) -> impl Iterator<Item = (i64, &[u8], &[u8])> {
        let mut from = 0;
        self.rows.iter().map(move |(row, middle, end)| {
            let texts = self.texts.get(from..*middle).unwrap_or_default();
            from = *end;
            let place = self.texts.get(*middle..*end).unwrap_or_default();
            (*row, texts, place)
        })
    }
}

/// Batches in a file, until there are no more: in memory they would be as much as the book.
#[derive(Debug)]
pub(super) struct Kept {
    file: BufWriter<File>,
    batches: usize,
}

impl Kept {
    /// Into an empty file.
    pub(super) fn new(file: File) -> Self {
        Self {
            file: BufWriter::with_capacity(BYTES, file),
            batches: 0,
        }
    }

    /// Keeps what a batch holds; it is empty then.
    pub(super) fn put(&mut self, batch: &mut Batch) -> io::Result<()> {
        let out = &mut self.file;
        let mut number = |n: u64| out.write_all(&n.to_le_bytes());
        number(batch.rows.len() as u64)?;
        number(batch.texts.len() as u64)?;
        for (row, middle, end) in &batch.rows {
            number(row.cast_unsigned())?;
            number(*middle as u64)?;
            number(*end as u64)?;
        }
        self.file.write_all(&batch.texts)?;
        self.batches += 1;
        batch.rows.clear();
        batch.texts.clear();
        Ok(())
    }

    /// All of them, in order.
    pub(super) fn read(self) -> io::Result<Reading> {
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Reading {
            from: BufReader::with_capacity(BYTES, file),
            left: self.batches,
        })
    }
}

/// Batches that come back from a file.
#[derive(Debug)]
pub(super) struct Reading {
    from: BufReader<File>,
    left: usize,
}

/// Bytes of a number.
const NUMBER: usize = 8;

impl Reading {
    /// The next one into the room of one that is no longer needed; false where there are no more.
    pub(super) fn next(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(false);
        };
        self.left = left;
        let Batch { rows, texts } = batch;
        let mut head = [[0; NUMBER]; 2];
        self.from.read_exact(head.as_flattened_mut())?;
        let [count, length] = head.map(u64::from_le_bytes);
        self.bytes(count.saturating_mul(3 * NUMBER as u64), texts)?;
        rows.clear();
        let (numbers, _) = texts.as_chunks::<NUMBER>();
        for [row, middle, end] in numbers.as_chunks().0 {
            let row = i64::from_le_bytes(*row);
            rows.push((row, size(middle)?, size(end)?));
        }
        self.bytes(length, texts)?;
        Ok(true)
    }

    /// So many bytes.
    fn bytes(&mut self, count: u64, into: &mut Vec<u8>) -> io::Result<()> {
        into.clear();
        let read = (&mut self.from).take(count).read_to_end(into)?;
        (read as u64 == count).then_some(()).ok_or_else(broken)
    }
}

fn size(bytes: &[u8; NUMBER]) -> io::Result<usize> {
    usize::try_from(u64::from_le_bytes(*bytes)).map_err(|_| broken())
}

fn broken() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::{Kind, blank};
    use crate::domain::value::Value;

    #[test]
    fn what_was_kept_comes_back_in_order() {
        let mut kept = Kept::new(tempfile::tempfile().unwrap());
        let mut batches = Vec::new();
        for n in 0..3 {
            let mut batch = Batch::default();
            for row in 0..n * 2 {
                let mut petition = blank(Kind::Petition);
                let text = format!("Đường {n}, ấp {row}\ngãy");
                petition.set("subject", Value::Text(text)).unwrap();
                batch.put((5 << 40) + row, petition.as_ref());
            }
            batches.push(batch.copy());
            kept.put(&mut batch).unwrap();
            assert_eq!(batch, Batch::default());
        }
        let mut reading = kept.read().unwrap();
        let mut back = Vec::new();
        let mut batch = Batch::default();
        while reading.next(&mut batch).unwrap() {
            back.push(batch.copy());
        }
        assert_eq!(back, batches);
        assert_eq!(
            back[2]
                .each()
                .map(|(row, ..)| row & 0xff)
                .collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        let mut batch = Batch::default();
        let mut petition = blank(Kind::Petition);
        petition
            .set("subject", Value::Text("Đường".into()))
            .unwrap();
        batch.put(1, petition.as_ref());
        let bytes = 5 * NUMBER + batch.texts.len();
        for length in 0..=bytes {
            let file = tempfile::tempfile().unwrap();
            let mut kept = Kept::new(file.try_clone().unwrap());
            kept.put(&mut batch.copy()).unwrap();
            let mut rows = kept.read().unwrap();
            file.set_len(length as u64).unwrap();
            let mut back = Batch::default();
            assert_eq!(rows.next(&mut back).is_ok(), length == bytes, "{length}");
        }
    }

    impl Batch {
        fn copy(&self) -> Self {
            Self {
                rows: self.rows.clone(),
                texts: self.texts.clone(),
            }
        }
    }
}
