//! Joins files and registers: what `exchange` reads, `app` plans and writes.
pub mod export;
mod import;
mod mend;

pub use import::{Import, Pace, Request, reader, set_reader};
pub use mend::{may_mend_in, write_problems};

use crate::app;
use crate::exchange::read;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Where a file is written until it is whole.
fn part_of(path: &Path) -> PathBuf {
    let mut part = OsString::from(path);
    part.push(format!(".{}.part", std::process::id()));
    part.into()
}

/// Gives a whole file its name. Unless `over`, a file that someone else has made there meanwhile stays.
fn put(part: &Path, path: &Path, over: bool) -> io::Result<()> {
    if over {
        return std::fs::rename(part, path);
    }
    // The name is taken first: no link is needed, which a stick knows nothing of.
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    std::fs::rename(part, path).inspect_err(|_| {
        // The empty file is our own.
        let _ = std::fs::remove_file(path);
    })
}

impl From<read::Error> for app::Error {
    fn from(e: read::Error) -> Self {
        let msg = e.msg();
        match e {
            read::Error::Missing(_) => Self::NotFound(msg),
            read::Error::Bad(_) => Self::BadFile(msg),
            read::Error::Ask(_) => Self::refused(msg),
            read::Error::Stopped => app::import::stopped(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_file_that_came_meanwhile_stays_unless_it_may_be_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        let part = part_of(&path);
        let text = |path: &Path| std::fs::read_to_string(path).unwrap();
        std::fs::write(&part, "mới").unwrap();
        put(&part, &path, false).unwrap();
        assert_eq!(text(&path), "mới");
        std::fs::write(&part, "sau").unwrap();
        let refused = put(&part, &path, false).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(text(&path), "mới");
        put(&part, &path, true).unwrap();
        assert_eq!(text(&path), "sau");
        assert!(put(&part, &dir.path().join("b.csv"), false).is_err());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
