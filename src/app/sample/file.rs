//! The file of sample data: made beside its place, and put there only when it is whole.
use crate::app::{Config, Cx, Error, Result, upkeep};
use crate::domain::words::Msg;
use crate::store::side::PARTS;
use crate::store::{Db, StoreError};
use std::path::{Path, PathBuf};

/// Setting that marks a file as sample data; written last, so that it also says that nothing is missing.
const MARK: &str = "sample";

/// Whether the file bears the mark.
pub(in crate::app) fn is_marked(db: Db) -> Result<bool> {
    Ok(db.setting(MARK)?.is_some())
}

/// Marks the file as whole sample data.
pub(super) fn mark(cx: &mut Cx) -> Result<()> {
    cx.store.write::<_, StoreError>(|tx| {
        // No office's: one sample is like another.
        tx.set_setting(upkeep::OFFICE, MARK)?;
        tx.set_setting(MARK, "complete")
    })?;
    cx.sample = true;
    Ok(())
}

/// What to do with a file that is at the place already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and refuse.
    Keep,
    /// Replace it if it is sample data; refuse anything else.
    ReplaceSample,
    /// Replace it: the place belongs to the sample.
    Replace,
}

/// Whether the file of `config` is sample data, whole.
///
/// # Errors
/// When it cannot be opened.
pub fn is_sample(config: &Config) -> Result<bool> {
    let cx = Cx::open(&Config {
        read_only: true,
        ..config.clone()
    })?;
    Ok(cx.sample)
}

/// Whether two paths name one file, there or not yet.
#[must_use]
pub fn same_place(a: &Path, b: &Path) -> bool {
    upkeep::same_file(a, b)
        || match (std::path::absolute(a), std::path::absolute(b)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
}

/// Makes a database of sample data at `config.db`. What is there stays untouched until the new one is whole.
///
/// # Errors
/// When a file is there that is not to be replaced, or the new one cannot be written.
pub fn make(
    config: &Config,
    existing: Existing,
    (petitions, seed): (u64, u64),
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    let there = config.db.symlink_metadata().is_ok();
    if there && existing == Existing::Keep {
        return Err(StoreError::Exists(config.db.clone()).into());
    }
    if there && existing == Existing::ReplaceSample && !is_sample(config).unwrap_or(false) {
        let file = config.db.display();
        return Err(Error::refused(Msg::new(
            format!("Tệp {file} không phải dữ liệu mẫu: không thay."),
            format!("{file} is not sample data: it is not replaced."),
        )));
    }
    let part = with_end(&config.db, &format!(".{}.mau", std::process::id()));
    let made = fill(config, &part, (petitions, seed), progress).and_then(|()| {
        put(&part, &config.db, there)?;
        Ok(())
    });
    sweep(&part, &PARTS);
    sweep(&part, &["", ".lock"]);
    made
}

fn fill(
    config: &Config,
    part: &Path,
    (petitions, seed): (u64, u64),
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    let mut cx = Cx::create(&Config {
        db: part.to_owned(),
        ..config.clone()
    })?;
    super::write(&mut cx, petitions, seed, progress)?;
    Ok(cx.store.close()?)
}

/// Gives the finished file its name.
fn put(part: &Path, db: &Path, replace: bool) -> std::result::Result<(), StoreError> {
    if replace {
        // A log of the old file must not be taken for one of the new file.
        sweep(db, &PARTS);
        return Ok(std::fs::rename(part, db)?);
    }
    // Unlike renaming, linking never replaces a file that someone else has made meanwhile.
    std::fs::hard_link(part, db).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => StoreError::Exists(db.to_owned()),
        _ => e.into(),
    })
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn sweep(path: &Path, ends: &[&str]) {
    for end in ends {
        let _ = std::fs::remove_file(with_end(path, end));
    }
}
