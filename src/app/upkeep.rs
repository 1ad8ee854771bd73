//! Upkeep: backups that were opened before they count, restoring, and a look at the whole.
use super::{Config, Cx, Error, Result};
use crate::domain::words::{Msg, t};
use crate::store::{self, Check, Mode, OpenOptions, Store, StoreError};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Petitions in it.
    pub petitions: i64,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the state before lies; none when there was no database to keep.
    pub kept: Option<PathBuf>,
    /// Petitions now.
    pub petitions: i64,
}

/// One line of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// True when all is well.
    pub ok: bool,
    /// Stable name of the check.
    pub code: &'static str,
    /// What was found.
    pub what: Msg,
    /// What to do about it.
    pub advice: Option<Msg>,
}

/// Copies the database to `path` while others go on working, and opens the copy before it counts.
///
/// # Errors
/// When the file exists and may not be replaced, cannot be written, or the copy does not check out.
pub fn backup(cx: &Cx, path: &Path, overwrite: bool) -> Result<Backup> {
    if path.exists() && !overwrite {
        return Err(Error::refused(Msg::new(
            format!("Tệp {} đã có; thêm --yes để thay.", path.display()),
            format!("{} exists; add --yes to replace it.", path.display()),
        )));
    }
    if same_file(path, &cx.config.db) {
        return Err(Error::refused(
            t(
                "Không thể sao lưu đè lên chính cơ sở dữ liệu.",
                "A backup cannot replace the database itself.",
            )
            .into(),
        ));
    }
    let check = cx.store.backup(path)?;
    Ok(Backup {
        path: path.to_owned(),
        bytes: std::fs::metadata(path).map_or(0, |m| m.len()),
        petitions: check.petitions,
    })
}

fn same_file(a: &Path, b: &Path) -> bool {
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
    let check = store::check_file(path)?;
    if let Some(line) = check.integrity.first() {
        return Err(StoreError::Damaged(line.clone()).into());
    }
    if !config.db.exists() {
        let check = Cx::create(config)?.store.restore_from(path)?;
        return Ok(Restored {
            kept: None,
            petitions: check.petitions,
        });
    }
    let kept = beside(&config.db, &config.stamp());
    let petitions = match keep(config, &kept) {
        Ok(mut live) => live.restore_from(path)?.petitions,
        // A backup is wanted most when the live file is broken: it cannot be copied page by page, so it is kept as it is.
        Err(StoreError::Damaged(_)) => replace(config, path, &kept)?,
        Err(other) => return Err(other.into()),
    };
    Ok(Restored {
        kept: Some(kept),
        petitions,
    })
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
fn replace(config: &Config, backup: &Path, kept: &Path) -> Result<i64> {
    let fresh = with_end(&config.db, ".moi");
    let source = Store::open(backup, &options(config, Mode::ReadOnly))?;
    let check = source.backup(&fresh)?;
    let swap = || -> std::io::Result<()> {
        for end in ["-wal", "-shm", ""] {
            let from = with_end(&config.db, end);
            if from.exists() {
                std::fs::rename(from, with_end(kept, end))?;
            }
        }
        std::fs::rename(&fresh, &config.db)
    };
    swap().map_err(StoreError::from)?;
    Store::open(&config.db, &options(config, Mode::ReadWrite))?;
    Ok(check.petitions)
}

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
        db.with_file_name(format!("{stem}.truoc-khoi-phuc-{when}{tail}.db"))
    };
    (0..)
        .map(name)
        .find(|p| !p.exists())
        .unwrap_or_else(|| name(0))
}

fn good(code: &'static str, what: Msg) -> Finding {
    Finding {
        ok: true,
        code,
        what,
        advice: None,
    }
}

fn bad(code: &'static str, what: Msg, advice: Msg) -> Finding {
    Finding {
        ok: false,
        code,
        what,
        advice: Some(advice),
    }
}

/// Looks at the file, its place, its permissions, its rows and its calendar.
///
/// # Errors
/// When the file is not there; every other trouble is a finding.
pub fn doctor(config: &Config) -> Result<Vec<Finding>> {
    if !config.db.exists() {
        return Err(StoreError::Missing(config.db.clone()).into());
    }
    let mut found = vec![place(config), permissions(config)];
    let opened = Store::open(
        &config.db,
        &OpenOptions {
            mode: Mode::ReadOnly,
            assume_fs: Some("local".into()),
        },
    );
    let store = match opened {
        Ok(store) => store,
        Err(e) => {
            found.push(bad("file", both(&e.into()), RESTORE.into()));
            return Ok(found);
        }
    };
    match store.read().check() {
        Ok(check) => found.extend(pages(&check)),
        Err(e) => found.push(bad("file", both(&e.into()), RESTORE.into())),
    }
    found.push(rows(&store, config));
    found.push(calendar(&store, config));
    Ok(found)
}

const RESTORE: crate::domain::words::Text = t(
    "Khôi phục từ bản sao lưu gần nhất: danvan restore TỆP --yes",
    "Restore the latest backup: danvan restore FILE --yes",
);

fn both(e: &Error) -> Msg {
    use crate::domain::words::Lang;
    Msg::new(e.text(Lang::Vi), e.text(Lang::En))
}

fn place(config: &Config) -> Finding {
    match store::network_fs(&config.db, config.assume_fs.as_deref()) {
        Some(fs) => bad(
            "file_system",
            Msg::new(
                format!("Tệp nằm trên hệ thống tệp mạng ({fs}): dữ liệu có thể hỏng"),
                format!("The file lies on a network file system ({fs}): data can be damaged"),
            ),
            t(
                "Chuyển tệp về đĩa của máy này rồi mở lại",
                "Move the file to a local disk and open it there",
            )
            .into(),
        ),
        None => good(
            "file_system",
            t(
                "Tệp nằm trên đĩa của máy này",
                "The file lies on a local disk",
            )
            .into(),
        ),
    }
}

fn permissions(config: &Config) -> Finding {
    let mode = std::fs::metadata(&config.db).map_or(0, |m| m.mode());
    if mode & 0o077 == 0 {
        return good(
            "permissions",
            t("Chỉ chủ tệp đọc được", "Only the owner can read the file").into(),
        );
    }
    bad(
        "permissions",
        Msg::new(
            format!(
                "Người khác trên máy này đọc được tệp (quyền {:o})",
                mode & 0o777
            ),
            format!(
                "Others on this machine can read the file (mode {:o})",
                mode & 0o777
            ),
        ),
        Msg::new(
            format!("chmod 600 {}", config.db.display()),
            format!("chmod 600 {}", config.db.display()),
        ),
    )
}

fn pages(check: &Check) -> Vec<Finding> {
    let mut found = Vec::new();
    found.push(match check.integrity.first() {
        None => good("file", t("Tệp lành lặn", "The file is whole").into()),
        Some(line) => bad(
            "file",
            Msg::new(
                format!("Tệp bị hỏng: {line}"),
                format!("The file is damaged: {line}"),
            ),
            RESTORE.into(),
        ),
    });
    found.push(match check.foreign_keys.first() {
        None => good(
            "references",
            t(
                "Mọi liên kết đều có nơi đến",
                "Every reference leads to a record",
            )
            .into(),
        ),
        Some((table, n)) => bad(
            "references",
            Msg::new(
                format!("{n} dòng của {table} trỏ tới bản ghi không có"),
                format!("{n} rows of {table} point to records that are not there"),
            ),
            RESTORE.into(),
        ),
    });
    found
}

fn rows(store: &Store, config: &Config) -> Finding {
    match store.read().odd_rows(config.today()) {
        Ok(odd) if odd.is_empty() => good(
            "rows",
            t("Các dòng đúng quy tắc", "All rows keep the rules").into(),
        ),
        Ok(odd) => {
            let list: Vec<String> = odd
                .iter()
                .map(|(table, rule, ids)| format!("{table}.{rule}: {ids:?}"))
                .collect();
            bad(
                "rows",
                Msg::new(
                    format!("Có dòng trái quy tắc — {}", list.join("; ")),
                    format!("Rows that break a rule — {}", list.join("; ")),
                ),
                t(
                    "Mở các bản ghi đó (danvan KIND show MÃ) và sửa trường đã nêu",
                    "Open those records (danvan KIND show ID) and mend the field named",
                )
                .into(),
            )
        }
        Err(e) => bad("rows", both(&e.into()), RESTORE.into()),
    }
}

/// An unconfirmed year is worth knowing, not a fault: the Prime Minister decides each year's days off.
fn calendar(store: &Store, config: &Config) -> Finding {
    use chrono::Datelike;
    let year = config.today().year();
    let days = store.read().calendar_days().unwrap_or_default();
    let open: Vec<String> = days
        .iter()
        .filter(|d| d.date.year() == year && !d.confirmed)
        .map(|d| format!("{} {}", crate::domain::date::vi(d.date), d.name))
        .collect();
    if !days.iter().any(|d| d.date.year() == year) {
        return bad(
            "calendar",
            Msg::new(
                format!("Lịch nghỉ năm {year} chưa có: hạn tính thiếu ngày lễ"),
                format!("No holidays are known for {year}: deadlines ignore them"),
            ),
            t("Cập nhật chương trình", "Update the program").into(),
        );
    }
    let note = if open.is_empty() {
        Msg::new(
            format!("Lịch nghỉ năm {year} đã đủ"),
            format!("The calendar of {year} is complete"),
        )
    } else {
        Msg::new(
            format!(
                "Lịch nghỉ năm {year} đã có; chưa chắc chắn: {}",
                open.join(", ")
            ),
            format!(
                "The calendar of {year} is there; not confirmed: {}",
                open.join(", ")
            ),
        )
    };
    good("calendar", note)
}
