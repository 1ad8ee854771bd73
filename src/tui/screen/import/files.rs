//! The first step: which file. Folders and tables of one folder, or a path typed.

use std::path::{Path, PathBuf};

use crate::tui::lang::t;
use crate::tui::screen::View;
use crate::tui::widget::list::{Cell, Column, List, Row};

/// Ends of names that can be brought in.
const TABLES: [&str; 6] = ["xlsx", "xls", "ods", "csv", "txt", "json"];

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) folder: bool,
    size: u64,
}

/// The columns of the list of files.
pub(super) fn columns(v: &View) -> Vec<Column> {
    vec![
        Column::new(v.say(t("Tệp", "File")), 20, 200, 0),
        Column::new(v.say(t("Cỡ", "Size")), 8, 12, 1).numeric(),
    ]
}

/// Folders and tables of a folder, folders first; hidden ones apart.
pub(super) fn entries(folder: &Path) -> Vec<Entry> {
    let Ok(read) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<Entry> = read
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let about = std::fs::metadata(&path).ok()?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let table = path
                .extension()
                .and_then(|end| end.to_str())
                .is_some_and(|end| TABLES.contains(&end.to_lowercase().as_str()));
            (!hidden && (about.is_dir() || (table && about.is_file()))).then(|| Entry {
                folder: about.is_dir(),
                size: about.len(),
                path,
            })
        })
        .collect();
    found.sort_by_key(|e| (!e.folder, name(&e.path).to_lowercase()));
    found
}

fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

/// Shows the entries of a folder, with the way up first, and stands on the folder that one came `from`, or else on the
/// first table.
pub(super) fn fill(list: &mut List<PathBuf>, folder: &Path, entries: &[Entry], from: &Path) {
    let up = folder.parent().map(|parent| Row {
        key: parent.to_owned(),
        cells: vec![Cell::from("../"), Cell::from("")],
    });
    let row = |entry: &Entry| Row {
        key: entry.path.clone(),
        cells: if entry.folder {
            vec![
                Cell::from(format!("{}/", name(&entry.path))),
                Cell::from(""),
            ]
        } else {
            vec![Cell::from(name(&entry.path)), Cell::from(size(entry.size))]
        },
    };
    list.set_rows(up.into_iter().chain(entries.iter().map(row)).collect());
    let left = entries.iter().find(|entry| entry.path == from);
    let table = entries.iter().find(|entry| !entry.folder);
    if let Some(entry) = left.or(table).or(entries.first()) {
        list.select(&entry.path);
    }
}
