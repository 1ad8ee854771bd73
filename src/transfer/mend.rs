//! The rows that could not be taken, in a file to mend and bring again: the same columns and one with the rule.
use super::Import;
use crate::app::import::Plan;
use crate::app::secrecy::is_person_field;
use crate::app::{Error, Result};
use crate::domain::record::Kind;
use crate::domain::sheet::{Given, shield};
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

/// Whether a row is about a denunciation, as far as it says so.
fn is_secret(kind: Kind, given: &[Given]) -> bool {
    let key = match kind {
        Kind::Petition => "type",
        Kind::Reception => "matter_type",
        _ => return false,
    };
    let said = given.iter().find(|g| g.key == key);
    said.is_some_and(|g| {
        let text = crate::domain::fold::fold(&g.cell.shown());
        text.contains("to cao") || text.contains("denunciation") || text.trim() == "tc"
    })
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
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = Path::new(&part);
    let done = fill(import, plan, part, lang).and_then(|rows| {
        let put = if over {
            std::fs::rename(part, path)
        } else {
            // Unlike renaming, linking never replaces a file that someone else has made meanwhile.
            std::fs::hard_link(part, path)
        };
        put.map_err(|e| failed(path, &e)).map(|()| rows)
    });
    let _ = std::fs::remove_file(part);
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
        let secret = is_secret(layout.kind, &given.given);
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
        for problem in plan.problems.iter().filter(|p| p.row == row.row) {
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
