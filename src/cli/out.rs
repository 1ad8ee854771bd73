//! Standard output and standard error: data there, notes here; a reader that has gone is no error.
use crate::app::Error;
use crate::domain::text;
use crate::domain::words::{Lang, Msg};
use serde_json::Value as Json;
use std::io::{self, BufWriter, StdoutLock, Write};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Why a command ended early.
#[derive(Debug)]
pub enum Fail {
    /// A refusal or failure, with its exit code.
    App(Error),
    /// The reader of stdout has gone: nothing more to do, exit 0.
    Gone,
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

/// The call is wrong: exit 2.
pub fn usage(vi: impl Into<String>, en: impl Into<String>) -> Fail {
    Fail::App(Error::Usage(Msg::new(vi, en)))
}

/// A value is refused: exit 3.
pub fn refused(vi: impl Into<String>, en: impl Into<String>) -> Fail {
    Fail::App(Error::refused(Msg::new(vi, en)))
}

/// Exit code of a command.
pub type Done = Result<i32, Fail>;

/// Standard output, buffered.
#[derive(Debug)]
pub struct Out {
    to: BufWriter<StdoutLock<'static>>,
}

impl Out {
    /// Takes standard output.
    #[must_use]
    pub fn new() -> Self {
        Self {
            to: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        }
    }

    /// Writes text as it is.
    ///
    /// # Errors
    /// When the reader has gone or nothing can be written.
    pub fn raw(&mut self, text: &str) -> Result<(), Fail> {
        self.to.write_all(text.as_bytes()).map_err(failed)
    }

    /// Writes a line; line breaks inside stay, what a terminal would obey is taken out.
    ///
    /// # Errors
    /// As [`Out::raw`].
    pub fn line(&mut self, line: &str) -> Result<(), Fail> {
        self.raw(&text::shown_long(line))?;
        self.raw("\n")
    }

    /// Writes a JSON value, indented.
    ///
    /// # Errors
    /// As [`Out::raw`].
    pub fn json(&mut self, json: &Json) -> Result<(), Fail> {
        let text = serde_json::to_string_pretty(&shown_json(json)).unwrap_or_default();
        self.raw(&text)?;
        self.raw("\n")
    }

    /// Sends what is buffered.
    ///
    /// # Errors
    /// As [`Out::raw`].
    pub fn flush(&mut self) -> Result<(), Fail> {
        self.to.flush().map_err(failed)
    }
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

fn failed(e: io::Error) -> Fail {
    if e.kind() == io::ErrorKind::BrokenPipe {
        return Fail::Gone;
    }
    Fail::App(Error::Write(Msg::new(
        format!("Không ghi được ra đầu ra: {e}"),
        format!("Cannot write to standard output: {e}"),
    )))
}

/// The same value with every text cleaned for showing.
#[must_use]
pub fn shown_json(json: &Json) -> Json {
    match json {
        Json::String(s) => Json::String(text::shown_long(s).into_owned()),
        Json::Array(items) => items.iter().map(shown_json).collect(),
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), shown_json(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A line on standard error; nobody may be listening.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text::shown_long(line));
}

/// Whether standard output is a terminal.
#[must_use]
pub fn is_terminal() -> bool {
    io::IsTerminal::is_terminal(&io::stdout())
}

/// Columns of the terminal; 80 where there is none.
#[must_use]
pub fn columns() -> usize {
    if !is_terminal() {
        return 80;
    }
    rustix::termios::tcgetwinsize(io::stdout())
        .ok()
        .map(|size| usize::from(size.ws_col))
        .filter(|columns| *columns >= 20)
        .unwrap_or(80)
}

/// Asks on the terminal; only a word that says yes is a yes.
#[must_use]
pub fn ask(question: &str, lang: Lang) -> bool {
    let hint = match lang {
        Lang::Vi => "[có/không]",
        Lang::En => "[yes/no]",
    };
    let _ = write!(io::stderr().lock(), "{} {hint} ", text::shown(question));
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer).is_err() {
        return false;
    }
    let answer = crate::domain::fold::fold(answer.trim());
    ["co", "c", "yes", "y"].contains(&answer.as_str())
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading.
    pub head: String,
    /// Cells it may take.
    pub width: usize,
    /// Numbers stand at the right.
    pub right: bool,
    /// Takes what the others leave.
    pub grows: bool,
    /// Never cut: a number cut short names another record.
    pub whole: bool,
}

/// Text cut or filled to exactly so many cells.
#[must_use]
pub fn fit(text: &str, width: usize, right: bool, ascii: bool) -> String {
    let shown = text::shown(text);
    let have = shown.width();
    if have <= width {
        let fill = " ".repeat(width - have);
        return if right {
            format!("{fill}{shown}")
        } else {
            format!("{shown}{fill}")
        };
    }
    let dots = if ascii { "..." } else { "…" };
    let room = width.saturating_sub(dots.width());
    let mut cut = String::new();
    let mut used = 0;
    for g in shown.graphemes(true) {
        if used + g.width() > room {
            break;
        }
        used += g.width();
        cut.push_str(g);
    }
    if width >= dots.width() {
        cut.push_str(dots);
        used += dots.width();
    }
    cut + &" ".repeat(width.saturating_sub(used))
}

/// A table drawn line by line, so that it may be as long as a register.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    ascii: bool,
}

impl Table {
    /// Columns fitted to a width: what is left goes to the growing one.
    #[must_use]
    pub fn new(mut columns: Vec<Column>, width: usize, ascii: bool) -> Self {
        let gaps = columns.len().saturating_sub(1);
        let fixed: usize = columns.iter().filter(|c| !c.grows).map(|c| c.width).sum();
        let left = width.saturating_sub(fixed + gaps);
        let growing = columns.iter().filter(|c| c.grows).count().max(1);
        for column in columns.iter_mut().filter(|c| c.grows) {
            column.width = (left / growing).max(10);
        }
        Self { columns, ascii }
    }

    /// The headings.
    #[must_use]
    pub fn head(&self) -> String {
        let heads: Vec<String> = self.columns.iter().map(|c| c.head.clone()).collect();
        self.row(&heads)
    }

    /// The rule under the headings.
    #[must_use]
    pub fn rule(&self) -> String {
        let width: usize = self.columns.iter().map(|c| c.width + 1).sum();
        let dash = if self.ascii { "-" } else { "─" };
        dash.repeat(width.saturating_sub(1))
    }

    /// One row.
    #[must_use]
    pub fn row(&self, cells: &[String]) -> String {
        let fitted: Vec<String> = self
            .columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| {
                let width = if column.whole {
                    column.width.max(cell.width())
                } else {
                    column.width
                };
                fit(cell, width, column.right, self.ascii)
            })
            .collect();
        fitted.join(" ").trim_end().to_owned()
    }
}

/// One line of CSV; a text that a spreadsheet would take for a formula is marked as text.
#[must_use]
pub fn csv_line(cells: &[String]) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.contains(['"', ',', '\n', '\r', ';']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        })
        .collect();
    quoted.join(",")
}

/// A text cell of CSV: `=1+1` must not run in a spreadsheet.
#[must_use]
pub fn csv_text(text: &str) -> String {
    let shown = text::shown_long(text);
    if shown.starts_with(['=', '+', '-', '@']) {
        format!("'{shown}")
    } else {
        shown.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_fitted_by_cells_not_by_letters() {
        assert_eq!(fit("Đường", 7, false, false), "Đường  ");
        assert_eq!(fit("Đường liên ấp", 8, false, false), "Đường l…");
        assert_eq!(fit("Đường liên ấp", 8, false, true), "Đường...");
        assert_eq!(fit("12", 4, true, false), "  12");
        assert_eq!(fit("中文字", 4, false, false), "中… ");
    }

    #[test]
    fn csv_quotes_and_disarms() {
        assert_eq!(
            csv_line(&["a".into(), "b,\"c\"".into()]),
            "a,\"b,\"\"c\"\"\""
        );
        assert_eq!(csv_text("=1+1"), "'=1+1");
        assert_eq!(csv_text("bình thường"), "bình thường");
    }
}
