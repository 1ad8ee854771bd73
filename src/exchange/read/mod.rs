//! Tables from files: CSV, JSON and spreadsheets, one row after the other, as often as asked.
mod book;
pub mod child;
mod csv;
mod error;
mod guard;
mod json;
mod limits;
mod text;
mod wire;

pub use error::{Error, Result};
pub use text::Encoding;

use crate::domain::sheet::Row;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Encoding of its text, when a person has said it.
    pub encoding: Encoding,
    /// Folder for what is kept while reading; only this user may see it.
    pub scratch: PathBuf,
    /// Makes a file there that has no name and is gone with this process.
    pub nameless: fn(&Path) -> std::io::Result<File>,
    /// The program that reads spreadsheets in a process of its own ([`child::serve`]).
    pub reader: PathBuf,
    /// Set when the work is to stop.
    pub stop: Stop,
    /// Tells of a file that must not even be opened here: a database that this process has open.
    pub barred: fn(&Path) -> bool,
}

/// A sign to stop, shared between threads.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for the end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the end was asked for.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What kind of file it is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv,
    /// A JSON array of objects.
    Json,
    /// A spreadsheet.
    Book,
}

/// One table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty for a file that is one table.
    pub name: String,
}

/// A file that is being read.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    format: Format,
    sheets: Vec<Sheet>,
    kept: Kept,
    stop: Stop,
    barred: fn(&Path) -> bool,
    /// Encoding of a text file's bytes, and its separator.
    text: text::Coded,
}

#[derive(Debug)]
enum Kept {
    /// The file itself is read each time.
    File,
    /// So is this one; its headings were collected first.
    Json(Vec<String>),
    /// What the child process made of it, and where each sheet begins.
    Rows(book::Spool),
}

/// The rows of one table.
pub trait Rows {
    /// The next row that holds something.
    ///
    /// # Errors
    /// A file that cannot be read on.
    fn next_row(&mut self) -> Result<Option<Row>>;

    /// As [`Rows::next_row`], into the memory of a row that is not needed any more; false at the end.
    ///
    /// # Errors
    /// As [`Rows::next_row`].
    fn next_into(&mut self, row: &mut Row) -> Result<bool> {
        let next = self.next_row()?;
        let more = next.is_some();
        *row = next.unwrap_or_default();
        Ok(more)
    }

    /// Part of the file that was read, of 1000.
    fn done(&self) -> u32;
}

impl Source {
    /// Opens a file and finds out what it is. A spreadsheet is read whole, by a process of its own.
    ///
    /// # Errors
    /// A file that is not there, no table, damaged, or made to harm.
    pub fn open(path: &Path, options: &Options) -> Result<Self> {
        let mut file = open(path, options.barred)?;
        let format = sniff(path, &mut file)?;
        let (kept, sheets, text) = match format {
            Format::Book => {
                let spool = book::convert(file, options)?;
                let names = spool.names();
                (Kept::Rows(spool), names, text::Coded::default())
            }
            Format::Csv => {
                let coded = text::sniff(&mut file, options.encoding)?;
                (Kept::File, vec![String::new()], coded)
            }
            Format::Json => {
                let coded = text::sniff(&mut file, options.encoding)?;
                let keys = json::keys(file, &coded)?;
                (Kept::Json(keys), vec![String::new()], coded)
            }
        };
        Ok(Self {
            path: path.to_owned(),
            format,
            sheets: sheets.into_iter().map(|name| Sheet { name }).collect(),
            kept,
            stop: options.stop.clone(),
            barred: options.barred,
            text,
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Its tables.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The bytes of a text file that is not Unicode come as Latin letters: whoever reads decides what they stand for.
    #[must_use]
    pub fn is_latin(&self) -> bool {
        self.text.is_latin()
    }

    /// How many rows a text file has at most, by its lines, or more than `most`; none for other files.
    ///
    /// # Errors
    /// A file that has gone meanwhile.
    pub fn most_rows(&self, most: usize) -> Result<Option<usize>> {
        match self.format {
            Format::Csv => {
                let file = open(&self.path, self.barred)?;
                let lines = text::lines(file, most).map_err(|e| Error::open(&self.path, &e))?;
                Ok(Some(lines))
            }
            Format::Json | Format::Book => Ok(None),
        }
    }

    /// The rows of a table, from the first.
    ///
    /// # Errors
    /// A file that has gone meanwhile.
    pub fn rows(&self, sheet: usize) -> Result<Box<dyn Rows + '_>> {
        let file = || open(&self.path, self.barred);
        let rows: Box<dyn Rows> = match &self.kept {
            Kept::Rows(spool) => Box::new(spool.rows(sheet)?),
            Kept::Json(keys) => Box::new(json::JsonRows::open(file()?, &self.text, keys)?),
            Kept::File => Box::new(csv::CsvRows::open(file()?, &self.text)?),
        };
        Ok(Box::new(Stoppable {
            rows,
            stop: self.stop.clone(),
        }))
    }
}

/// Rows that end when the end is asked for.
struct Stoppable<'a> {
    rows: Box<dyn Rows + 'a>,
    stop: Stop,
}

impl Rows for Stoppable<'_> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        if self.stop.asked() {
            return Err(Error::Stopped);
        }
        self.rows.next_row()
    }

    fn next_into(&mut self, row: &mut Row) -> Result<bool> {
        if self.stop.asked() {
            return Err(Error::Stopped);
        }
        self.rows.next_into(row)
    }

    fn done(&self) -> u32 {
        self.rows.done()
    }
}

/// Opens what must be an ordinary file: a pipe or a device could keep the program waiting for ever.
fn open(path: &Path, barred: fn(&Path) -> bool) -> Result<File> {
    let wrong = |e: std::io::Error| Error::open(path, &e);
    let about = std::fs::metadata(path).map_err(wrong)?;
    if !about.is_file() {
        return Err(Error::not_a_file(path));
    }
    if barred(path) {
        return Err(Error::barred(path));
    }
    File::open(path).map_err(wrong)
}

fn sniff(path: &Path, file: &mut File) -> Result<Format> {
    let mut head = [0_u8; 8];
    let got = text::fill(file, &mut head).map_err(|e| Error::open(path, &e))?;
    file.seek(SeekFrom::Start(0))
        .map_err(|e| Error::open(path, &e))?;
    let head = head.get(..got).unwrap_or_default();
    let json_name = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("json"));
    Ok(match head {
        [b'P', b'K', 3 | 5, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => Format::Book,
        _ if json_name => Format::Json,
        _ => Format::Csv,
    })
}

/// Part of 1000 of a whole.
fn part(done: u64, all: u64) -> u32 {
    u32::try_from((done.min(all) * 1000).checked_div(all).unwrap_or(1000)).unwrap_or(1000)
}

/// A reader that counts what goes through it.
#[derive(Debug)]
struct Counting<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read += u64::try_from(n).unwrap_or(0);
        Ok(n)
    }
}
