//! Rows on their way to the thread that gathers the search index, some hundreds at once.
use crate::domain::record::Record;
use crate::store::Result;
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
    /// One after the other, a line each: memory of its own for each text takes longer than the text.
    texts: String,
}

impl Batch {
    pub(super) fn put(&mut self, row: i64, record: &dyn Record) {
        each_text(record, |text| {
            self.texts.push_str(text);
            self.texts.push('\n');
        });
        let end = self.texts.len();
        self.texts.extend(place_words(record));
        self.rows.push((row, end, self.texts.len()));
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= BATCH || self.texts.len() >= BYTES
    }

    /// What it holds; it is empty then, with room for as much.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self {
            rows: Vec::with_capacity(BATCH),
            texts: String::with_capacity(self.texts.len()),
        };
        std::mem::replace(self, empty)
    }

    /// Each row with its texts and the words of its place and time.
    pub(super) fn each(&self) -> impl Iterator<Item = (i64, &str, &str)> {
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
        self.file.write_all(batch.texts.as_bytes())?;
        self.batches += 1;
        batch.rows.clear();
        batch.texts.clear();
        Ok(())
    }

    /// All of them, in order.
    pub(super) fn read(self) -> io::Result<impl Iterator<Item = Result<Batch>> + Send> {
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        let mut from = BufReader::with_capacity(BYTES, file);
        Ok((0..self.batches).map(move |_| Ok(next(&mut from)?)))
    }
}

fn next(from: &mut impl Read) -> io::Result<Batch> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    let mut number = || -> io::Result<u64> {
        let mut bytes = [0; 8];
        from.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    };
    let size = |n: u64| usize::try_from(n).map_err(|_| broken());
    let (count, length) = (size(number()?)?, number()?);
    let mut rows = Vec::with_capacity(BATCH);
    for _ in 0..count {
        let row = number()?.cast_signed();
        rows.push((row, size(number()?)?, size(number()?)?));
    }
    let mut texts = String::new();
    from.take(length).read_to_string(&mut texts)?;
    Ok(Batch { rows, texts })
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
        let back: Vec<Batch> = kept.read().unwrap().map(Result::unwrap).collect();
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
        let file = tempfile::tempfile().unwrap();
        let mut kept = Kept::new(file.try_clone().unwrap());
        let mut batch = Batch::default();
        batch.put(1, blank(Kind::Petition).as_ref());
        kept.put(&mut batch).unwrap();
        let mut rows = kept.read().unwrap();
        file.set_len(9).unwrap();
        assert!(rows.next().unwrap().is_err());
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
