//! A spreadsheet: real days and numbers, the heading stays in sight, a second sheet says where it comes from. Rows go
//! to the disk as they come, so that memory does not grow with them. Written out by hand: of all that such a file may
//! hold, a register needs texts, numbers, days and eight styles.
mod parts;

use super::{Cell, Facts, Head, Row, Writer};
use chrono::NaiveDate;
use parts::{Pane, escaped};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Rows that a sheet holds, the heading among them.
const MOST: u32 = 1_048_576;
/// Letters that a cell holds.
const LONGEST: usize = 32_767;
/// How hard the file is packed, of 9: more takes three times as long and saves a tenth.
const EFFORT: i64 = 2;
/// Bytes that are packed at once.
const PIECE: usize = 1 << 16;

/// Styles by their place in the list of the file (`parts::STYLES`).
#[derive(Debug, Clone, Copy)]
enum Style {
    Heading = 1,
    Text = 2,
    Day = 3,
    Wrapped = 4,
    Bold = 5,
    Rate = 6,
    BoldRate = 7,
}

pub(super) struct Xlsx {
    zip: ZipWriter<File>,
    title: String,
    about: String,
    next: u32,
    /// The last row that is sorted and filtered with the others.
    last: u32,
    /// Letters of the columns.
    letters: Vec<String>,
    long: Vec<bool>,
    out: String,
}

fn failed(e: zip::result::ZipError) -> io::Error {
    match e {
        zip::result::ZipError::Io(e) => e,
        other => io::Error::other(other.to_string()),
    }
}

/// A name that a sheet may bear.
fn sheet_name(title: &str) -> String {
    let clean: String = title
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c })
        .take(31)
        .collect();
    clean.trim_matches('\'').to_owned()
}

/// The letters of a column: A, B, … Z, AA.
fn letters(at: usize) -> String {
    let (mut n, mut out) = (at + 1, String::new());
    while n > 0 {
        n -= 1;
        out.insert(0, char::from(b'A' + u8::try_from(n % 26).unwrap_or(0)));
        n /= 26;
    }
    out
}

/// The number of a day as spreadsheets count them: from 1/1/1900, with a 29/2/1900 that never was. None before.
fn serial(day: NaiveDate) -> Option<i64> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 31)?;
    let n = (day - first).num_days();
    (n > 0).then_some(if n > 59 { n + 1 } else { n })
}

impl Xlsx {
    pub(super) fn begin(file: File, head: Head) -> io::Result<Self> {
        let mut xlsx = Self {
            zip: ZipWriter::new(file),
            title: sheet_name(&head.title),
            about: sheet_name(&head.about),
            next: 1,
            last: 1,
            letters: (0..head.columns.len()).map(letters).collect(),
            long: head.columns.iter().map(|c| c.long).collect(),
            out: String::with_capacity(2 * PIECE),
        };
        xlsx.member("xl/worksheets/sheet1.xml")?;
        let widths: Vec<u16> = head.columns.iter().map(|c| c.width + 1).collect();
        parts::sheet(&mut xlsx.out, Pane::Frozen, &widths);
        xlsx.open_row();
        for (at, column) in head.columns.iter().enumerate() {
            xlsx.text(at, &column.label, Style::Heading);
        }
        xlsx.close_row()?;
        Ok(xlsx)
    }

    /// Begins a member of the file.
    fn member(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(EFFORT));
        self.zip.start_file(name, options).map_err(failed)
    }

    /// Packs what was written so far.
    fn flush(&mut self) -> io::Result<()> {
        self.zip.write_all(self.out.as_bytes())?;
        self.out.clear();
        Ok(())
    }

    fn open_row(&mut self) {
        let _ = write!(self.out, "<row r=\"{}\">", self.next);
    }

    fn close_row(&mut self) -> io::Result<()> {
        self.out.push_str("</row>");
        self.next += 1;
        if self.out.len() > PIECE {
            self.flush()?;
        }
        Ok(())
    }

    /// The beginning of a cell of the row that is open.
    fn cell(&mut self, at: usize, style: Style) {
        let letters = self.letters.get(at).map_or("A", String::as_str);
        // Writing into a string does not fail.
        let _ = write!(
            self.out,
            "<c r=\"{letters}{}\" s=\"{}\"",
            self.next, style as u8
        );
    }

    /// A text, never a formula, whatever it begins with.
    fn text(&mut self, at: usize, text: &str, style: Style) {
        self.cell(at, style);
        let blank = |c: char| c.is_ascii_whitespace();
        self.out
            .push_str(match text.starts_with(blank) || text.ends_with(blank) {
                true => " t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                false => " t=\"inlineStr\"><is><t>",
            });
        // A byte count within the limit is a count of letters within it.
        if text.len() > LONGEST && text.chars().count() > LONGEST {
            let cut: String = text.chars().take(LONGEST - 1).chain(['…']).collect();
            escaped(&mut self.out, &cut);
        } else {
            escaped(&mut self.out, text);
        }
        self.out.push_str("</t></is></c>");
    }

    fn number(&mut self, at: usize, number: impl std::fmt::Display, style: Style) {
        self.cell(at, style);
        let _ = write!(self.out, "><v>{number}</v></c>");
    }

    /// The sheet of what the file says of itself.
    fn facts(&mut self, facts: &Facts) -> io::Result<()> {
        self.member("xl/worksheets/sheet2.xml")?;
        parts::sheet(&mut self.out, Pane::Plain, &[18, 80]);
        self.letters = (0..2).map(letters).collect();
        self.next = 1;
        for (_, label, text) in facts {
            self.open_row();
            self.text(0, label, Style::Bold);
            self.text(1, text, Style::Wrapped);
            self.close_row()?;
        }
        parts::end(&mut self.out, None);
        self.flush()
    }
}

impl Writer for Xlsx {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        if self.next > MOST {
            return Err(io::Error::other("more rows than a sheet holds (1.048.575)"));
        }
        self.open_row();
        let (plain, rate) = if row.total {
            (Style::Bold, Style::BoldRate)
        } else {
            self.last = self.next;
            (Style::Text, Style::Rate)
        };
        for (at, cell) in row.cells.iter().enumerate() {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    let long = self.long.get(at) == Some(&true);
                    let style = if long { Style::Wrapped } else { plain };
                    self.text(at, text, style);
                }
                Cell::Number(number, text) | Cell::Hundredths(number, text)
                    if !number.is_finite() =>
                {
                    self.text(at, text, plain);
                }
                Cell::Number(number, _) => self.number(at, number, plain),
                Cell::Hundredths(number, _) => self.number(at, number, rate),
                Cell::Day(day) => match serial(*day) {
                    Some(n) => self.number(at, n, Style::Day),
                    None => self.text(at, &crate::domain::date::vi(*day), Style::Text),
                },
            }
        }
        self.close_row()
    }

    fn finish(mut self: Box<Self>, facts: &Facts) -> io::Result<()> {
        let last = self.letters.last().map_or("A", String::as_str);
        let filter = (self.last > 1).then(|| (last.to_owned(), self.last));
        let area = filter.as_ref().map(|(last, row)| format!("A1:{last}{row}"));
        parts::end(&mut self.out, area.as_deref());
        self.flush()?;
        self.facts(facts)?;
        let names = [self.title.clone(), self.about.clone()];
        for (name, text) in [
            ("xl/workbook.xml", parts::workbook(&names, filter.as_ref())),
            ("xl/styles.xml", parts::STYLES.to_owned()),
            ("xl/_rels/workbook.xml.rels", parts::BOOK_RELS.to_owned()),
            ("_rels/.rels", parts::RELS.to_owned()),
            ("[Content_Types].xml", parts::TYPES.to_owned()),
        ] {
            self.member(name)?;
            self.zip.write_all(text.as_bytes())?;
        }
        self.zip.finish().map_err(failed)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn columns_and_days_as_spreadsheets_name_and_count_them() {
        let named = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(named, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        let day = |text: &str| serial(text.parse().unwrap());
        assert_eq!(day("1899-12-31"), None);
        assert_eq!(day("1900-01-01"), Some(1));
        assert_eq!(day("1900-02-28"), Some(59));
        assert_eq!(day("1900-03-01"), Some(61));
        assert_eq!(day("2020-01-01"), Some(43_831));
    }

    #[test]
    fn a_text_keeps_its_signs() {
        for (text, xml) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("hai\ndòng", "hai\ndòng"),
            ("chuông\u{7}", "chuông_x0007_"),
            ("\u{ffff}", "_xFFFF_"),
            ("cr\r", "cr_x000D_"),
            ("_x0041_", "_x005F_x0041_"),
            ("_x00_ _xyzvw_ _x0041", "_x00_ _xyzvw_ _x0041"),
        ] {
            let mut out = String::new();
            escaped(&mut out, text);
            assert_eq!(out, xml);
        }
    }
}
