//! A table of figures into a file, as it stands on the screen: it was counted before and is only written down.
use super::{ABOUT, Exported, Fact, create, halted, holds, into_file, made};
use crate::app::error::unwritten;
use crate::app::{Cx, Result};
use crate::domain::words::{Lang, t};
use crate::exchange::write::{Column, Format, Head, Row, begin};
use std::path::Path;

/// A table with what it says of itself.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row<'static>>,
    /// What it shows, and what each figure counts: stable name, label, text. What has no label is for programs (JSON).
    pub facts: Vec<(&'static str, String, String)>,
    /// Language of what the file adds to that.
    pub lang: Lang,
    /// A file that is there may be replaced.
    pub replace: bool,
}

/// Writes the table into a file, as [`super::export`] writes the rows of a register.
///
/// # Errors
/// An unknown format, a file that is there already, or a disk that does not take it.
pub fn export_sheet(
    cx: &Cx,
    path: &Path,
    sheet: &Sheet,
    watch: &mut dyn FnMut(usize) -> bool,
) -> Result<Exported> {
    into_file(path, sheet.replace, |part, format| {
        let failed = |e| unwritten(path, &e);
        let head = Head {
            title: sheet.title.clone(),
            about: ABOUT.get(sheet.lang).to_owned(),
            columns: sheet.columns.clone(),
        };
        let mut writer = create(part)
            .and_then(|file| begin(format, file, head))
            .map_err(failed)?;
        for row in &sheet.rows {
            writer.row(row).map_err(failed)?;
        }
        let rows = sheet.rows.len();
        if !watch(rows) {
            return Err(halted());
        }
        writer
            .finish(&facts(cx, sheet, format, rows))
            .map_err(failed)?;
        Ok(rows)
    })
}

/// Who, when, what is shown, how many rows.
fn facts(cx: &Cx, sheet: &Sheet, format: Format, rows: usize) -> Vec<Fact> {
    let lang = sheet.lang;
    let own = sheet.facts.iter().cloned();
    let table = t("Bảng", "Table").get(lang).to_owned();
    [("table", table, sheet.title.clone())]
        .into_iter()
        .chain(made(cx, lang))
        .chain(own.filter(|(_, label, _)| !label.is_empty() || format == Format::Json))
        .chain(holds(cx, lang, rows))
        .collect()
}
