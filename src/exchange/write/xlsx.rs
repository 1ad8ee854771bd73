//! A spreadsheet: real days and numbers, the heading stays in sight, a second sheet says where it comes from. Rows go
//! to the disk as they come, so that memory does not grow with them.
use super::{Cell, Facts, Head, Row, Writer};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use std::fs::File;
use std::io;

/// Rows that a sheet holds, the heading among them.
const MOST: u32 = 1_048_576;
/// Letters that a cell holds.
const LONGEST: usize = 32_767;

pub(super) struct Xlsx {
    file: File,
    book: Workbook,
    about: String,
    next: u32,
    last: u16,
    day: Format,
    text: Format,
    long: Vec<bool>,
    wrapped: Format,
}

fn failed(e: XlsxError) -> io::Error {
    match e {
        XlsxError::IoError(e) => e,
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

impl Xlsx {
    pub(super) fn begin(file: File, head: Head) -> io::Result<Self> {
        let mut book = Workbook::new();
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0x00E8_EDF2))
            .set_border_bottom(FormatBorder::Thin);
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(sheet_name(&head.title)).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (at, column) in (0_u16..).zip(&head.columns) {
            sheet
                .set_column_width(at, f64::from(column.width) + 1.0)
                .map_err(failed)?;
        }
        for (at, column) in (0_u16..).zip(&head.columns) {
            sheet
                .write_string_with_format(0, at, column.label.as_str(), &heading)
                .map_err(failed)?;
        }
        Ok(Self {
            file,
            book,
            about: sheet_name(&head.about),
            next: 1,
            last: u16::try_from(head.columns.len().saturating_sub(1)).unwrap_or(u16::MAX),
            day: Format::new()
                .set_num_format("dd/mm/yyyy")
                .set_align(FormatAlign::Top),
            text: Format::new().set_align(FormatAlign::Top),
            long: head.columns.iter().map(|c| c.long).collect(),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        })
    }
}

impl Writer for Xlsx {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        if self.next >= MOST {
            return Err(io::Error::other("more rows than a sheet holds (1.048.575)"));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (at, cell) in (0_u16..).zip(&row.cells) {
            let long = self.long.get(usize::from(at)) == Some(&true);
            let format = if long { &self.wrapped } else { &self.text };
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) if text.chars().count() > LONGEST => {
                    let cut: String = text.chars().take(LONGEST - 1).chain(['…']).collect();
                    sheet.write_string_with_format(self.next, at, cut, format)
                }
                // Written as text, never as a formula, whatever it begins with.
                Cell::Text(text) => {
                    sheet.write_string_with_format(self.next, at, text.as_str(), format)
                }
                Cell::Number(number, _) => {
                    sheet.write_number_with_format(self.next, at, *number, &self.text)
                }
                Cell::Day(day) => sheet.write_datetime_with_format(self.next, at, day, &self.day),
            }
            .map_err(failed)?;
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>, facts: &Facts) -> io::Result<()> {
        let bold = Format::new().set_bold();
        if self.next > 1 {
            let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
            sheet
                .autofilter(0, 0, self.next - 1, self.last)
                .map_err(failed)?;
        }
        let sheet = self.book.add_worksheet();
        sheet.set_name(&self.about).map_err(failed)?;
        sheet.set_column_width(0, 18.0).map_err(failed)?;
        sheet.set_column_width(1, 80.0).map_err(failed)?;
        for (row, (_, label, text)) in (0_u32..).zip(facts) {
            sheet
                .write_string_with_format(row, 0, label.as_str(), &bold)
                .map_err(failed)?;
            sheet.write_string(row, 1, text.as_str()).map_err(failed)?;
        }
        self.book.save_to_writer(&mut self.file).map_err(failed)?;
        self.file.sync_all()
    }
}
