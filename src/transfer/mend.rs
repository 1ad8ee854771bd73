//! The rows that could not be taken, in a file to mend and bring again: the same columns and one with the rule.
use super::{Import, part_of, put};
use crate::app::import::Plan;
use crate::app::secrecy::is_person_field;
use crate::app::{Error, Result};
use crate::domain::sheet::shield;
use crate::domain::words::{Lang, Msg, t};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

fn failed(path: &Path, e: &std::io::Error) -> Error {
    let name = path.display();
    match e.kind() {
        std::io::ErrorKind::AlreadyExists => Error::refused(Msg::new(
            format!("Tệp {name} đã có; không ghi đè (thêm --yes nếu muốn)."),
            format!("{name} exists; it is not overwritten (add --yes to do so)."),
        )),
        std::io::ErrorKind::PermissionDenied => Error::Denied(Msg::new(
            format!("Không được phép ghi {name}"),
            format!("Not permitted to write {name}"),
        )),
        _ => Error::Write(Msg::new(
            format!("Không ghi được {name}: {e}"),
            format!("Cannot write {name}: {e}"),
        )),
    }
}

/// Writes the rows of a plan that could not be taken; how many.
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
    if !over && path.symlink_metadata().is_ok() {
        return Err(failed(path, &std::io::ErrorKind::AlreadyExists.into()));
    }
    let part = part_of(path);
    let done = fill(import, plan, &part, lang).and_then(|rows| {
        put(&part, path, over).map_err(|e| failed(path, &e))?;
        Ok(rows)
    });
    if done.is_err() {
        // What cannot be removed bears a name of its own.
        let _ = std::fs::remove_file(part);
    }
    done
}

fn fill(import: &Import, plan: &Plan, part: &Path, lang: Lang) -> Result<usize> {
    let wrong = |e: std::io::Error| failed(part, &e);
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .map_err(wrong)?;
    let mut out = BufWriter::new(file);
    out.write_all("\u{feff}".as_bytes()).map_err(wrong)?;
    let layout = &import.layout;
    let mut heads: Vec<String> = layout.columns.iter().map(|c| layout.name(c.at)).collect();
    heads.push(
        t("Vì sao chưa nhập được", "Why it was not taken")
            .get(lang)
            .to_owned(),
    );
    line(&mut out, &heads).map_err(wrong)?;
    let mut rows = import.source().rows(layout.sheet)?;
    let mut written = 0;
    while let Some(row) = rows.next_row()? {
        if plan.failed.binary_search(&row.row).is_err() {
            continue;
        }
        let given = layout.take(&row);
        let secret = plan.secret.binary_search(&row.row).is_ok();
        let mut cells: Vec<String> = Vec::new();
        for column in &layout.columns {
            let person = column
                .field(layout.kind)
                .is_none_or(|f| is_person_field(f.key));
            let shown = match given.given.iter().find(|g| g.column == column.at) {
                _ if secret && person => String::new(),
                Some(given) if given.refused.is_none() && layout.stands_alone(column) => {
                    given.cell.shown()
                }
                _ => row
                    .cell(column.at)
                    .map_or_else(String::new, |c| c.cell.shown()),
            };
            cells.push(shown);
        }
        let mut rules: Vec<String> = Vec::new();
        let first = plan.problems.partition_point(|p| p.row < row.row);
        let own = plan.problems.iter().skip(first);
        for problem in own.take_while(|p| p.row == row.row) {
            let column = problem
                .column
                .map_or_else(String::new, |at| format!("{}: ", layout.name(at)));
            rules.push(format!("{column}{}", problem.rule.get(lang)));
        }
        cells.push(rules.join("; "));
        line(&mut out, &cells).map_err(wrong)?;
        written += 1;
    }
    out.flush().map_err(wrong)?;
    Ok(written)
}

/// One line with semicolons, as a spreadsheet with a decimal comma reads it.
fn line(out: &mut impl Write, cells: &[String]) -> std::io::Result<()> {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.write_all(b";")?;
        }
        let safe = shield(cell);
        if safe.contains(['"', ';', ',', '\n', '\r', '\t']) {
            write!(out, "\"{}\"", safe.replace('"', "\"\""))?;
        } else {
            out.write_all(safe.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
