//! A table in Markdown, to be read, mailed or printed.
use super::{Cell, Facts, Head, Row, Writer};
use crate::domain::date;
use std::fs::File;
use std::io::{self, BufWriter, Write};

pub(super) struct Markdown {
    out: BufWriter<File>,
}

/// A text that no bar, line break or tag of it can leave its cell.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

impl Markdown {
    pub(super) fn begin(file: File, head: Head) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        writeln!(out, "# {}\n", safe(&head.title))?;
        for column in &head.columns {
            write!(out, "| {} ", safe(&column.label))?;
        }
        writeln!(out, "|")?;
        for _ in &head.columns {
            write!(out, "| --- ")?;
        }
        writeln!(out, "|")?;
        Ok(Self { out })
    }
}

impl Writer for Markdown {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        for cell in &row.cells {
            let text = match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => safe(text),
                Cell::Number(_, text) | Cell::Hundredths(_, text) => safe(text),
                Cell::Day(day) => date::vi(*day),
            };
            write!(self.out, "| {text} ")?;
        }
        writeln!(self.out, "|")
    }

    fn finish(mut self: Box<Self>, facts: &Facts) -> io::Result<()> {
        writeln!(self.out)?;
        for (_, label, text) in facts {
            writeln!(self.out, "- {}: {}", safe(label), safe(text))?;
        }
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}
