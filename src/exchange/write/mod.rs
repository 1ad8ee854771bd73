//! Tables into files for other programs, one row after the other: memory does not grow with the table.
mod csv;
mod json;
mod markdown;
mod xlsx;

use crate::domain::number::Dec;
use chrono::NaiveDate;
use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;

/// What kind of file is written, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with commas, with a byte order mark so that spreadsheets know it is UTF-8.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// An object with the records and what the file says of itself.
    Json,
    /// A table to read or to print.
    Markdown,
}

impl Format {
    /// By the end of a file's name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        match end.as_str() {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            "json" => Some(Self::Json),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Stable name, for JSON.
    pub key: &'static str,
    /// Heading.
    pub label: String,
    /// Width in letters.
    pub width: u16,
    /// Long text: lines are broken in the cell.
    pub long: bool,
}

/// What stands above the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Name of the register.
    pub title: String,
    /// Heading of the list of facts about the file.
    pub about: String,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A value as other programs take it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text.
    Text(Cow<'a, str>),
    /// A number; the text is how the register's people write it.
    Number(f64, String),
    /// A number with two decimals, always both of them, as a rate is written.
    Hundredths(f64, String),
    /// A day.
    Day(NaiveDate),
}

impl Cell<'_> {
    /// A whole number.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn whole(n: i64) -> Self {
        Self::Number(n as f64, n.to_string())
    }

    /// A rate, or a difference of two.
    #[must_use]
    pub fn hundredths(n: Dec) -> Self {
        Self::Hundredths(n.to_f64(), n.to_string().replace('.', ","))
    }
}

/// One row: the cells of a table, and the record for JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// By column.
    pub cells: Vec<Cell<'a>>,
    /// The record.
    pub record: serde_json::Value,
    /// It sums the others up: it stands out, and is neither sorted nor filtered with them.
    pub total: bool,
}

/// What the file says of itself: stable name, label, text.
pub type Facts = [(&'static str, String, String)];

/// A file that is being written.
pub trait Writer: Send {
    /// Adds a row.
    ///
    /// # Errors
    /// A disk that does not take it, or more rows than the format holds.
    fn row(&mut self, row: &Row) -> io::Result<()>;

    /// Ends the file with what it says of itself; all of it is on the disk then.
    ///
    /// # Errors
    /// A disk that does not take it.
    fn finish(self: Box<Self>, facts: &Facts) -> io::Result<()>;
}

/// Begins a file.
///
/// # Errors
/// A disk that does not take it.
pub fn begin(format: Format, file: File, head: Head) -> io::Result<Box<dyn Writer>> {
    Ok(match format {
        Format::Csv => Box::new(csv::Csv::begin(file, &head)?),
        Format::Json => Box::new(json::Json::begin(file)?),
        Format::Markdown => Box::new(markdown::Markdown::begin(file, head)?),
        Format::Xlsx => Box::new(xlsx::Xlsx::begin(file, head)?),
    })
}
