//! Text with commas. A cell that a spreadsheet would run gets an apostrophe before it, which reading takes away.
use super::{Cell, Facts, Head, Row, Writer};
use crate::domain::date::iso;
use crate::domain::sheet::shield;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use std::fs::File;
use std::io::{self, Write};

pub(super) struct Csv {
    out: csv::Writer<File>,
}

/// Bytes that are written at once.
const PIECE: usize = 1 << 16;

/// The beginning of the line under the rows in which the file speaks of itself.
pub const MARK: &str = "# ";

impl Csv {
    pub(super) fn begin(mut file: File, head: &Head) -> io::Result<Self> {
        file.write_all("\u{FEFF}".as_bytes())?;
        let mut out = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Necessary)
            .flexible(true)
            .buffer_capacity(PIECE)
            .from_writer(file);
        out.write_record(head.columns.iter().map(|c| c.label.as_str()))?;
        Ok(Self { out })
    }
}

impl Writer for Csv {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        for cell in &row.cells {
            match cell {
                Cell::Empty => self.out.write_field("")?,
                Cell::Text(text) => self.out.write_field(shield(text).as_ref())?,
                Cell::Number(_, text) | Cell::Hundredths(_, text) => self.out.write_field(text)?,
                Cell::Day(day) => self.out.write_field(iso(*day))?,
            }
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>, facts: &Facts) -> io::Result<()> {
        let said: Vec<String> = facts
            .iter()
            .map(|(_, label, text)| format!("{label}: {text}"))
            .collect();
        self.out
            .write_record([format!("{MARK}{}", said.join("; "))])?;
        let file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()
    }
}
