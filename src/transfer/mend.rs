//! The rows that could not be taken, in a file to mend and bring again: the same columns and one with the rule.
use super::{Import, part_of, put};
use crate::app::error::unwritten;
use crate::app::import::{Plan, Trouble};
use crate::app::secrecy::{Names, is_person_field};
use crate::app::{Error, Result, upkeep};
use crate::catalog;
use crate::domain::sheet::{self, Row, shield};
use crate::domain::words::{Lang, Msg, t};
use crate::exchange::layout::{Column as FileColumn, Layout, MENDING};
use crate::exchange::write::{Cell, Column, Facts, Format, Head, Row as OutRow, Writer, begin};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

fn failed(path: &Path, e: &io::Error) -> Error {
    let name = path.display();
    match e.kind() {
        io::ErrorKind::AlreadyExists => Error::refused(Msg::new(
            format!("Tệp {name} đã có; không ghi đè (thêm --yes nếu muốn)."),
            format!("{name} exists; it is not overwritten (add --yes to do so)."),
        )),
        _ => unwritten(path, e),
    }
}

/// Whether rows to mend can be written to a file of this name: .csv or .xlsx.
#[must_use]
pub fn may_mend_in(path: &Path) -> bool {
    matches!(Format::of(path), Some(Format::Csv | Format::Xlsx))
}

/// Writes the rows of a plan that could not be taken, as .xlsx or .csv by the end of the name; how many. The mapping is
/// not kept by this: see [`Import::remember`].
///
/// # Errors
/// A file that is there already, unless `over`, or that cannot be written.
pub fn write_problems(
    import: &Import,
    plan: &Plan,
    path: &Path,
    over: bool,
    lang: Lang,
) -> Result<usize> {
    upkeep::keep_off(path)?;
    if !over && path.symlink_metadata().is_ok() {
        return Err(failed(path, &std::io::ErrorKind::AlreadyExists.into()));
    }
    let part = part_of(path);
    let done = begin_file(import, path, &part, lang).and_then(|out| {
        let rows = fill(import, plan, out, lang, &|e| failed(path, e))?;
        put(&part, path, over).map_err(|e| failed(path, &e))?;
        Ok(rows)
    });
    if done.is_err() {
        // What cannot be removed bears a name of its own.
        let _ = std::fs::remove_file(part);
    }
    done
}

/// The columns of a file without those that it has from an earlier round of mending.
fn kept(layout: &Layout) -> impl Iterator<Item = &FileColumn> {
    layout.columns.iter().filter(|c| !c.is_of_mending())
}

/// Begins the file under the name that it bears until it is whole.
fn begin_file(import: &Import, path: &Path, part: &Path, lang: Lang) -> Result<Box<dyn Writer>> {
    let wrong = |e: io::Error| failed(path, &e);
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .map_err(wrong)?;
    let layout = &import.layout;
    let mut heads: Vec<String> = kept(layout).map(|c| layout.name(c.at)).collect();
    // The title that said these does not stand in this file.
    let fixed = layout.fixed.iter();
    heads.extend(fixed.filter_map(|(key, _)| {
        catalog::field(layout.kind, key).map(|f| f.label.get(lang).to_owned())
    }));
    heads.extend(MENDING.iter().map(|own| own.get(lang).to_owned()));
    if Format::of(path) != Some(Format::Xlsx) {
        return Ok(Box::new(Semicolons::begin(file, &heads).map_err(wrong)?));
    }
    let last = heads.len().saturating_sub(1);
    let columns = heads.into_iter().enumerate().map(|(at, label)| Column {
        key: "",
        width: if at == last { 60 } else { 18 },
        long: at == last,
        label,
    });
    let head = Head {
        title: t("Dòng cần sửa", "Rows to mend").get(lang).to_owned(),
        about: t("Về tệp này", "About this file").get(lang).to_owned(),
        columns: columns.collect(),
    };
    begin(Format::Xlsx, file, head).map_err(wrong)
}

fn fill(
    import: &Import,
    plan: &Plan,
    mut out: Box<dyn Writer>,
    lang: Lang,
    wrong: &dyn Fn(&io::Error) -> Error,
) -> Result<usize> {
    let layout = &import.layout;
    let mut rows = import.source().rows(layout.sheet)?;
    let mut written = 0;
    while let Some(row) = rows.next_row()? {
        if plan.failed.binary_search(&row.row).is_err() {
            continue;
        }
        let secret = plan.secret.binary_search(&row.row).is_ok();
        // What is told without its value names the writer, by its own row or one before.
        let hushed = |at: usize| {
            let own = problems_of(plan, row.row);
            secret
                && own
                    .into_iter()
                    .any(|p| p.column == Some(at) && p.value.is_empty())
        };
        let mut cells = as_read(layout, &row, secret, &hushed);
        #[allow(clippy::cast_precision_loss)] // rows of a file
        cells.push(Cell::Number(row.row as f64, row.row.to_string()));
        cells.push(Cell::Text(rules_of(layout, plan, row.row, lang).into()));
        let record = serde_json::Value::Null;
        out.row(&OutRow {
            cells,
            record,
            total: false,
        })
        .map_err(|e| wrong(&e))?;
        written += 1;
    }
    let from = import
        .source()
        .path()
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let facts = [
        (
            "from",
            t("Từ tệp", "From the file").get(lang).to_owned(),
            from,
        ),
        (
            "rows",
            t("Số dòng", "Rows").get(lang).to_owned(),
            written.to_string(),
        ),
    ];
    out.finish(&facts).map_err(|e| wrong(&e))?;
    Ok(written)
}

/// The cells of a row under the columns of its layout, as they were understood; who brought a denunciation is left out.
fn as_read(
    layout: &Layout,
    row: &Row,
    secret: bool,
    hushed: &dyn Fn(usize) -> bool,
) -> Vec<Cell<'static>> {
    let given = layout.take(row);
    let names = if secret {
        Names::told(&given)
    } else {
        Names::default()
    };
    let cell = |column: &FileColumn| {
        let person = column
            .field(layout.kind)
            .is_none_or(|f| is_person_field(f.key) || f.key == "opinions");
        let own = given.given.iter().find(|g| g.column == column.at);
        match own {
            _ if secret && (person || hushed(column.at)) => Cell::Empty,
            Some(given) if given.refused.is_some() => row
                .cell(column.at)
                .map_or(Cell::Empty, |c| out_cell(&c.cell)),
            // A note bears the heading of its column, which it will get again.
            Some(given) if given.key != "note" && layout.stands_alone(column) => {
                out_cell(&given.cell)
            }
            _ => match row.cell(column.at) {
                // Half of a file in an old encoding would read as nothing.
                Some(own) if matches!(own.cell, sheet::Cell::Text(_)) => {
                    Cell::Text(layout.words(own).into())
                }
                Some(own) => out_cell(&own.cell),
                None => Cell::Empty,
            },
        }
    };
    let fixed = layout.fixed.iter().map(|(key, value)| {
        if secret && is_person_field(key) {
            Cell::Empty
        } else {
            Cell::Text(value.clone().into())
        }
    });
    let nameless = |cell: Cell<'static>| match cell {
        Cell::Text(text) if names.in_text(&text) => Cell::Empty,
        cell => cell,
    };
    let cells = kept(layout).map(cell).chain(fixed);
    cells.map(nameless).collect()
}

fn out_cell(cell: &sheet::Cell) -> Cell<'static> {
    match cell {
        sheet::Cell::Empty => Cell::Empty,
        sheet::Cell::Day(day) => Cell::Day(*day),
        sheet::Cell::Number(n) => Cell::Number(*n, sheet::number(*n)),
        other => Cell::Text(other.shown().into()),
    }
}

fn problems_of(plan: &Plan, row: usize) -> Vec<&Trouble> {
    let first = plan.problems.partition_point(|p| p.row < row);
    let own = plan.problems.iter().skip(first);
    own.take_while(|p| p.row == row).collect()
}

/// The rules that a row breaks, each with its column.
fn rules_of(layout: &Layout, plan: &Plan, row: usize, lang: Lang) -> String {
    let said = problems_of(plan, row).into_iter().map(|problem| {
        let column = problem
            .column
            .map_or_else(String::new, |at| format!("{}: ", layout.name(at)));
        format!("{column}{}", problem.rule.get(lang))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// Text with semicolons, as a spreadsheet with a decimal comma reads it.
struct Semicolons(BufWriter<File>);

impl Semicolons {
    fn begin(file: File, heads: &[String]) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        out.write_all("\u{feff}".as_bytes())?;
        let mut own = Self(out);
        own.line(heads.iter().map(String::as_str))?;
        Ok(own)
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.0.write_all(b";")?;
            }
            let safe = shield(cell);
            if safe.contains(['"', ';', ',', '\n', '\r', '\t']) {
                write!(self.0, "\"{}\"", safe.replace('"', "\"\""))?;
            } else {
                self.0.write_all(safe.as_bytes())?;
            }
        }
        self.0.write_all(b"\r\n")
    }
}

impl Writer for Semicolons {
    fn row(&mut self, row: &OutRow) -> io::Result<()> {
        let texts: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => text.clone().into_owned(),
                Cell::Number(_, text) | Cell::Hundredths(_, text) => text.clone(),
                Cell::Day(day) => crate::domain::date::vi(*day),
            })
            .collect();
        self.line(texts.iter().map(String::as_str))
    }

    fn finish(mut self: Box<Self>, _: &Facts) -> io::Result<()> {
        self.0.flush()
    }
}
