//! The copy of each day: made when the program is first opened on it, kept by the rule of [`retention`].
use super::{Backup, made, with_end};
use crate::app::{Config, Cx, Error, Result, settings};
use crate::domain::retention::{self, Kept};
use crate::domain::words::Msg;
use crate::store::{self, StoreError, side};
use chrono::NaiveDate;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Setting that says which office a file belongs to.
pub(in crate::app) const OFFICE: &str = "office_id";

/// Bytes of a database up to which the copy of the day is made without being asked: copying more takes the disk from
/// those who work, so that an office with so many records chooses the hour (`danvan backup`).
pub const BY_ITSELF: u64 = 2 << 30;

/// A copy of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its file.
    pub path: PathBuf,
    /// The day in its name.
    pub day: NaiveDate,
    /// Its size in bytes.
    pub bytes: u64,
    /// Why it is kept; none when the next copy makes it go.
    pub kept: Option<Kept>,
}

/// The folder of the daily copies: beside the database, so that all who share it share them too.
#[must_use]
pub fn folder(config: &Config) -> PathBuf {
    config
        .db
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .join("backups")
}

/// Which office a file belongs to: made at random when the file is, and the same in all its copies.
pub(super) fn office(config: &Config) -> Option<String> {
    let cx = Cx::open(&Config {
        read_only: true,
        ..config.clone()
    });
    cx.ok()?.store.read().setting(OFFICE).ok()?
}

fn stem(config: &Config) -> String {
    config
        .db
        .file_stem()
        .map_or_else(|| "danvan".into(), |s| s.to_string_lossy().into_owned())
}

/// The file of a day's copy: `danvan-2026-11-22.db`.
#[must_use]
pub fn place(config: &Config, day: NaiveDate) -> PathBuf {
    folder(config).join(format!("{}-{day}.db", stem(config)))
}

/// The daily copies there are, the newest first, each with the reason for which it is kept.
#[must_use]
pub fn copies(config: &Config) -> Vec<Copy> {
    let Ok(entries) = std::fs::read_dir(folder(config)) else {
        return Vec::new();
    };
    let head = format!("{}-", stem(config));
    let mut found: Vec<Copy> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let day = name.to_str()?.strip_prefix(&head)?.strip_suffix(".db")?;
            let meta = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some(Copy {
                path: entry.path(),
                day: NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?,
                bytes: meta.len(),
                kept: None,
            })
        })
        .collect();
    found.sort_by_key(|copy| std::cmp::Reverse(copy.day));
    let days: Vec<NaiveDate> = found.iter().map(|copy| copy.day).collect();
    for (copy, kept) in found.iter_mut().zip(retention::kept(&days)) {
        copy.kept = kept;
    }
    found
}

/// Makes today's copy unless there is one, it is switched off (`daily_backup`), the database is larger than
/// [`BY_ITSELF`], nothing can be saved here, or another program is at it. Copies that the rule no longer keeps go, after the new one was opened.
///
/// # Errors
/// Too little room on the disk, a folder that cannot be written, or a copy that does not check out.
pub fn daily(config: &Config) -> Result<Option<Backup>> {
    let large = size(config) > BY_ITSELF;
    if config.demo || config.read_only || large || place(config, config.today()).exists() {
        return Ok(None);
    }
    // For reading only: what is copied must not be touched by it.
    let cx = Cx::open(&Config {
        read_only: true,
        ..config.clone()
    })?;
    if cx.is_sample() || settings::get(&cx, "daily_backup")?.as_deref() == Some("false") {
        return Ok(None);
    }
    copy(&cx)
}

/// Makes today's copy now, in place of an earlier one of today; none when another program is at it.
///
/// # Errors
/// As [`daily`].
pub fn copy(cx: &Cx) -> Result<Option<Backup>> {
    let config = cx.config();
    // Whoever comes first on a day makes its copy, for all who share the database.
    let dir = side::shared(&config.db, folder(config)).map_err(StoreError::from)?;
    let lock = dir.join(".lock");
    // A file of someone else can be locked by all who may read it.
    let lock = File::create(&lock).or_else(|_| File::open(&lock));
    let lock = lock.map_err(StoreError::from)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(e)) => return Err(StoreError::from(e).into()),
    }
    sweep(&dir);
    room(config, &dir)?;
    let path = place(config, config.today());
    let replaced = made(&path);
    let sound = cx.store.backup(&path)?;
    prune(config);
    Ok(Some(Backup {
        bytes: std::fs::metadata(&path).map_or(0, |m| m.len()),
        path,
        petitions: sound.petitions(),
        replaced,
    }))
}

/// Half-made copies of programs that were killed; the lock is ours, so nobody is at one.
fn sweep(dir: &Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().ends_with(".part") {
            // What cannot be removed only takes room.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Bytes of the database with its log.
#[must_use]
pub fn size(config: &Config) -> u64 {
    let of = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
    of(&config.db) + of(&with_end(&config.db, "-wal"))
}

/// A copy must not fill the disk on which the office's next record is to be saved.
fn room(config: &Config, dir: &Path) -> Result<()> {
    let wanted = size(config);
    let Some(free) = store::free_bytes(dir) else {
        return Ok(());
    };
    if free >= wanted.saturating_mul(2) {
        return Ok(());
    }
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    Err(Error::Write(Msg::new(
        format!(
            "Chưa sao lưu hôm nay: đĩa còn {} MiB, cần {} MiB trong {}",
            mib(free),
            mib(wanted.saturating_mul(2)),
            dir.display()
        ),
        format!(
            "No backup today: {} MiB free, {} MiB needed in {}",
            mib(free),
            mib(wanted.saturating_mul(2)),
            dir.display()
        ),
    )))
}

fn prune(config: &Config) {
    for copy in copies(config).iter().filter(|copy| copy.kept.is_none()) {
        // What cannot be removed is tried again tomorrow.
        let _ = std::fs::remove_file(&copy.path);
    }
}
