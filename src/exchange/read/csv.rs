//! Text with separators, as a stream: the file may be as long as it likes.
use super::error::{Error, Result};
use super::text::{Coded, Decoding, reading};
use super::{Counting, Rows, limits, part};
use crate::domain::sheet::{Cell, Placed, Row, unshield};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::borrow::Cow;
use std::cell::Cell as Shared;
use std::fs::File;
use std::io::{BufReader, Read};
use std::rc::Rc;

const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];

/// What the reader below the parser tells: bytes since the last row, bytes of the file, and whether the last byte ended
/// a line.
#[derive(Debug, Default)]
struct Told {
    row: Shared<usize>,
    file: Shared<u64>,
    ended: Shared<bool>,
}

/// Ends the file where one row takes more than a table's row may: a quote that is never closed.
struct Watched {
    inner: Decoding<Counting<BufReader<File>>>,
    told: Rc<Told>,
}

impl Read for Watched {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        let told = &self.told;
        told.row.set(told.row.get() + n);
        told.file.set(self.inner.bytes_read());
        if let Some(last) = n.checked_sub(1).and_then(|at| buf.get(at)) {
            told.ended.set(*last == b'\n' || *last == b'\r');
        }
        if told.row.get() > limits::ROW {
            return Err(std::io::Error::other("row too long"));
        }
        Ok(n)
    }
}

/// The rows of a file.
pub(super) struct CsvRows {
    reader: Reader<Watched>,
    told: Rc<Told>,
    record: ByteRecord,
    row: usize,
    size: u64,
}

/// The separator: the one that most lines have equally often.
fn separator(head: &str) -> char {
    if let Some(named) = head
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next())
    {
        return named;
    }
    let mut lines: Vec<[usize; SEPARATORS.len()]> = Vec::new();
    let (mut counts, mut quoted) = ([0; SEPARATORS.len()], false);
    for c in head.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                lines.push(std::mem::take(&mut counts));
                if lines.len() >= 200 {
                    break;
                }
            }
            c => {
                if let Some(at) = SEPARATORS.iter().position(|s| *s == c).filter(|_| !quoted)
                    && let Some(count) = counts.get_mut(at)
                {
                    *count += 1;
                }
            }
        }
    }
    if counts.iter().any(|n| *n > 0) && lines.len() < 200 {
        lines.push(counts);
    }
    let score = |at: usize| {
        let counts: Vec<usize> = lines
            .iter()
            .filter_map(|l| l.get(at).copied())
            .filter(|n| *n > 0)
            .collect();
        let alike = |n: &usize| counts.iter().filter(|other| *other == n).count();
        counts
            .iter()
            .map(|n| (alike(n), *n))
            .max()
            .unwrap_or((0, 0))
    };
    (0..SEPARATORS.len())
        .max_by_key(|at| (score(*at), std::cmp::Reverse(*at)))
        .and_then(|at| SEPARATORS.get(at).copied())
        .unwrap_or(',')
}

impl CsvRows {
    pub(super) fn open(file: File, coded: &Coded) -> Result<Self> {
        let told = Rc::new(Told::default());
        let watched = Watched {
            inner: reading(file, coded)?,
            told: Rc::clone(&told),
        };
        let separator = u8::try_from(separator(&coded.head)).unwrap_or(b',');
        let mut rows = Self {
            reader: ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(separator)
                .buffer_capacity(1 << 16)
                .from_reader(watched),
            told,
            record: ByteRecord::new(),
            row: 0,
            size: coded.size,
        };
        if coded.head.starts_with("sep=") {
            rows.read()?;
        }
        Ok(rows)
    }

    /// Reads the next record and counts the rows of the file up to it: lines without a separator are skipped by the
    /// parser, and line ends inside quotes are no rows.
    fn read(&mut self) -> Result<bool> {
        let before = self.reader.position().line();
        self.told.row.set(0);
        let read = self.reader.read_byte_record(&mut self.record);
        if !read.map_err(|e| wrong(&e, self.row + 1))? {
            return Ok(false);
        }
        let lines = usize::try_from(self.reader.position().line() - before).unwrap_or(1);
        let ended = usize::from(!self.reader.is_done() || self.told.ended.get());
        let breaks = |field: &[u8]| field.iter().filter(|b| **b == b'\n').count();
        let inside = match lines <= ended {
            true => 0,
            false => self.record.iter().map(breaks).sum(),
        };
        let blank = lines.saturating_sub(inside + ended);
        self.row += 1 + blank;
        Ok(true)
    }
}

/// Puts a text into a cell, into the memory of the one that stood there.
fn put(cells: &mut Vec<Placed>, at: usize, (column, text): (usize, &str)) {
    if cells.len() <= at {
        cells.push(Placed::default());
    }
    let Some(placed) = cells.get_mut(at) else {
        return;
    };
    let mut own = match std::mem::take(&mut placed.cell) {
        Cell::Text(before) => before,
        _ => String::new(),
    };
    own.clear();
    own.push_str(text);
    *placed = Placed {
        column,
        cell: Cell::Text(own),
        ..Placed::default()
    };
}

fn wrong(e: &csv::Error, row: usize) -> Error {
    match e.kind() {
        csv::ErrorKind::Io(io) if io.to_string() == "row too long" => Error::bad(
            format!("Dòng {row} dài quá mức của một bảng: có lẽ thiếu dấu nháy đóng."),
            format!("Row {row} is longer than any table's: perhaps a quote is not closed."),
        ),
        _ => Error::bad(
            format!("Dòng {row} không đọc được: {e}"),
            format!("Row {row} cannot be read: {e}"),
        ),
    }
}

impl Rows for CsvRows {
    fn next_row(&mut self) -> Result<Option<Row>> {
        let mut row = Row::default();
        Ok(self.next_into(&mut row)?.then_some(row))
    }

    fn next_into(&mut self, row: &mut Row) -> Result<bool> {
        while self.read()? {
            let columns = self.record.len();
            if columns > limits::COLUMNS {
                return Err(Error::bad(
                    format!("Dòng {} có {columns} cột, quá mức của một bảng.", self.row),
                    format!(
                        "Row {} has {columns} columns, more than any table.",
                        self.row
                    ),
                ));
            }
            // Nearly every row is well written as a whole: its fields need not be looked at one by one.
            let whole = std::str::from_utf8(self.record.as_slice()).ok();
            let fields = self.record.iter().enumerate();
            let fields = fields.filter(|(_, field)| field.iter().any(|b| !b.is_ascii_whitespace()));
            let mut filled = 0;
            for (column, field) in fields {
                let text = whole.and_then(|text| text.get(self.record.range(column)?));
                let text = text.map_or_else(|| String::from_utf8_lossy(field), Cow::from);
                put(&mut row.cells, filled, (column, unshield(&text)));
                filled += 1;
            }
            row.cells.truncate(filled);
            row.row = self.row;
            if filled > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn done(&self) -> u32 {
        part(self.told.file.get(), self.size)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::text::{Encoding, sniff};
    use super::*;
    use std::io::{Seek, Write};

    fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.rewind().unwrap();
        let coded = sniff(&mut file, Encoding::Auto)?;
        let mut rows = CsvRows::open(file, &coded)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next_row()? {
            let cells = row
                .cells
                .iter()
                .map(|c| format!("{}:{}", c.column, c.cell.shown()));
            out.push((row.row, cells.collect()));
        }
        Ok(out)
    }

    #[test]
    fn the_separator_is_the_one_that_lines_agree_on() {
        assert_eq!(separator("a;b;c\n1,5;2,5;3\n\"x,y,z,t\";2;3\n"), ';');
        assert_eq!(separator("a,b\n1,2\n"), ',');
        assert_eq!(separator("a\tb, c\n1\t2\n"), '\t');
        assert_eq!(
            separator("SỔ ĐƠN, NĂM 2019\nNgày;Nội dung\n1/2/2019;a, b, c\n2/2/2019;d\n"),
            ';'
        );
        assert_eq!(separator("sep=|\na|b"), '|');
        assert_eq!(separator("một cột"), ';');
    }

    #[test]
    fn rows_bear_the_number_that_a_spreadsheet_shows() {
        let text = "a;b\r\n\r\n1;\"hai\ndòng\"\r\n;;\r\n3;'=1+1";
        let want = vec![
            (1, vec!["0:a".to_owned(), "1:b".to_owned()]),
            (3, vec!["0:1".to_owned(), "1:hai\ndòng".to_owned()]),
            (5, vec!["0:3".to_owned(), "1:=1+1".to_owned()]),
        ];
        assert_eq!(rows(text).unwrap(), want);
        assert_eq!(rows(&format!("{text}\r\n")).unwrap(), want);
    }

    #[test]
    fn a_quote_that_never_closes_is_refused() {
        let text = format!("a;b\n1;\"{}", "x".repeat(limits::ROW + (1 << 18)));
        assert!(matches!(rows(&text), Err(Error::Bad(_))));
    }
}
