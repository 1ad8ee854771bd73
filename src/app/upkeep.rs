//! Upkeep: backups that were opened before they count, restoring, and a look at the whole.
mod copies;
pub mod daily;
mod doctor;
#[cfg(feature = "age")]
pub mod sealed;
mod unfinished;

use super::cx::since;
use super::{Config, Cx, Error, Result, records};
use crate::domain::query::Query;
use crate::domain::record::Kind;
use crate::domain::words::{Msg, Text, t};
pub use crate::store::in_use;
use crate::store::side::PARTS;
use crate::store::{Mode, OpenOptions, Sound, Store, StoreError};
pub(super) use daily::OFFICE;
pub use doctor::{Finding, doctor, doctor_telling, reindex};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
pub use unfinished::settle;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Petitions in it.
    pub petitions: i64,
    /// When the copy was made whose place it took, `08:15`; none where there was no file.
    pub replaced: Option<String>,
}

/// What a file holds, as far as it can be told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Petitions in it.
    pub petitions: usize,
    /// When something was last written, as [`Cx::stamp`].
    pub last: Option<String>,
}

/// What a database or a copy of one holds; none when it cannot be opened as it is, a sealed copy or a damaged file.
#[must_use]
pub fn glance(config: &Config, path: &Path) -> Option<Glance> {
    let cx = Cx::open(&Config {
        db: path.to_owned(),
        read_only: true,
        ..config.clone()
    });
    let cx = cx.ok()?;
    Some(Glance {
        petitions: records::count(&cx, &Query::all(Kind::Petition)).ok()?,
        last: cx.store.read().last_written().ok()?,
    })
}

/// When the file was made that is to be replaced.
fn made(path: &Path) -> Option<String> {
    let made = std::fs::metadata(path).ok()?.modified().ok()?;
    Some(since(made))
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the state before lies; none when there was no database to keep.
    pub kept: Option<PathBuf>,
    /// Petitions now.
    pub petitions: i64,
}

/// Copies the database to `path` while others go on working, and opens the copy before it counts.
///
/// # Errors
/// When the file exists and may not be replaced, cannot be written, or the copy does not check out.
pub fn backup(cx: &Cx, path: &Path, overwrite: bool) -> Result<Backup> {
    may_replace(path, overwrite)?;
    let replaced = made(path);
    let sound = cx.store.backup(path)?;
    Ok(Backup {
        path: path.to_owned(),
        bytes: std::fs::metadata(path).map_or(0, |m| m.len()),
        petitions: sound.petitions(),
        replaced,
    })
}

/// A backup never replaces a file unasked, nor the database itself.
fn may_replace(path: &Path, overwrite: bool) -> Result<()> {
    if path.exists() && !overwrite {
        return Err(Error::refused(Msg::new(
            format!("Tệp {} đã có; thêm --yes để thay.", path.display()),
            format!("{} exists; add --yes to replace it.", path.display()),
        )));
    }
    keep_off(path)
}

/// Refuses a path that leads to a database in use, or to its log: no other file is written in its place, and nothing
/// else reads it ([`in_use`]).
///
/// # Errors
/// That it does.
pub fn keep_off(path: &Path) -> Result<()> {
    if !in_use(path) {
        return Ok(());
    }
    let name = path.display();
    Err(Error::refused(Msg::new(
        format!("{name} là cơ sở dữ liệu đang mở; hãy chọn tệp khác."),
        format!("{name} is the database in use; choose another file."),
    )))
}

/// Counts the sums that rates are read from again, from the petitions.
///
/// # Errors
/// A failure of the database.
pub fn recount(cx: &mut Cx) -> Result<()> {
    cx.store.write::<_, Error>(|tx| Ok(tx.recount()?))
}

pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Puts a backup's content into the live file; the present state is kept beside it first.
///
/// # Errors
/// A damaged, foreign or newer backup (nothing is touched then), or a failing disk.
pub fn restore(config: &Config, path: &Path) -> Result<Restored> {
    restore_telling(config, path, &mut |_| {})
}

/// The same. `tell` hears of each stage before it begins: in a file of gigabytes each takes minutes.
///
/// # Errors
/// As [`restore`].
pub fn restore_telling(
    config: &Config,
    path: &Path,
    tell: &mut dyn FnMut(Text),
) -> Result<Restored> {
    if !path.exists() {
        return Err(Error::NotFound(Msg::new(
            format!("Không có tệp {}", path.display()),
            format!("No file {}", path.display()),
        )));
    }
    if same_file(path, &config.db) {
        return Err(Error::refused(
            t(
                "Tệp này chính là cơ sở dữ liệu đang dùng.",
                "That file is the database in use.",
            )
            .into(),
        ));
    }
    if config.read_only {
        return Err(StoreError::ReadOnly.into());
    }
    tell(t("soát bản sao lưu", "checking the backup"));
    let backup = Sound::open(path).map_err(|e| of_copy(e, path))?;
    let copying = t("chép vào tệp đang dùng", "copying into the database");
    let mut kept = None;
    if config.db.exists() {
        let aside = kept.insert(beside(&config.db, &config.stamp()));
        tell(t("giữ trạng thái hiện tại", "keeping the present state"));
        match keep(config, aside) {
            Ok(mut live) => {
                tell(copying);
                live.restore_from(&backup)?;
            }
            // A backup is wanted most when the live file is broken: it cannot be copied page by page, so it is kept as
            // it is.
            Err(StoreError::Damaged(_)) => {
                tell(copying);
                replace(config, &backup, aside)?;
            }
            Err(other) => return Err(other.into()),
        }
    } else {
        tell(copying);
        Cx::create(config)?.store.restore_from(&backup)?;
    }
    Ok(Restored {
        kept,
        petitions: backup.petitions(),
    })
}

/// A damaged copy is told apart from a damaged database: what is in use was not touched.
fn of_copy(error: StoreError, path: &Path) -> Error {
    let StoreError::Damaged(what) = error else {
        return error.into();
    };
    let path = path.display();
    Error::BadFile(Msg::new(
        format!(
            "Bản sao lưu {path} bị hỏng ({what}). Dữ liệu đang dùng còn nguyên. Hãy chọn bản khác: «danvan backup --list»."
        ),
        format!(
            "The backup {path} is damaged ({what}). The database in use is untouched. Choose another: \"danvan backup --list\"."
        ),
    ))
}

fn options(config: &Config, mode: Mode) -> OpenOptions {
    OpenOptions {
        mode,
        assume_fs: config.assume_fs.clone(),
    }
}

/// Opens the live file and keeps a verified copy of it.
fn keep(config: &Config, kept: &Path) -> std::result::Result<Store, StoreError> {
    let live = Store::open(&config.db, &options(config, Mode::ReadWrite))?;
    live.backup(kept)?;
    Ok(live)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Moves a damaged file aside, its log with it, and puts a copy of the backup in its place.
fn replace(config: &Config, backup: &Sound, kept: &Path) -> Result<()> {
    let fresh = with_end(&config.db, ".moi");
    backup.copy_to(&fresh)?;
    let swap = || -> std::io::Result<()> {
        for end in PARTS.into_iter().chain([""]) {
            let from = with_end(&config.db, end);
            if from.exists() {
                std::fs::rename(from, with_end(kept, end))?;
            }
        }
        std::fs::rename(&fresh, &config.db)
    };
    swap().map_err(StoreError::from)?;
    Store::open(&config.db, &options(config, Mode::ReadWrite))?;
    Ok(())
}

/// In the name of a file that a restore has put aside.
const BEFORE_RESTORE: &str = ".truoc-khoi-phuc-";

/// `danvan.db` → `danvan.truoc-khoi-phuc-2026-11-21T101500.db`, numbered on when there is one.
fn beside(db: &Path, stamp: &str) -> PathBuf {
    let when: String = stamp.chars().take(19).filter(|c| *c != ':').collect();
    let stem = db
        .file_stem()
        .map_or_else(|| "danvan".into(), |s| s.to_string_lossy().into_owned());
    let name = |n: u32| {
        let tail = if n == 0 {
            String::new()
        } else {
            format!("-{n}")
        };
        db.with_file_name(format!("{stem}{BEFORE_RESTORE}{when}{tail}.db"))
    };
    (0..)
        .map(name)
        .find(|p| !p.exists())
        .unwrap_or_else(|| name(0))
}
