//! Small files of the user, outside the registers: nobody else may read them, and each is whole or as it was.
use crate::store::{private_folder, side};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Changes the file from what it says now: of two programs that change it at the same time one waits for the other, and
/// nothing of either is lost. None from `change` leaves it as it is.
///
/// # Errors
/// As [`write`].
pub(super) fn update(path: &Path, change: impl FnOnce(&str) -> Option<String>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    private_folder(folder)?;
    let turn = File::open(folder)?;
    // Where the system knows no such locks, the last one wins as before.
    while let Err(Errno::INTR) = flock(&turn, FlockOperation::LockExclusive) {}
    // One that cannot be read counts as empty: nothing rests on it.
    let now = std::fs::read_to_string(path).unwrap_or_default();
    change(&now).map_or(Ok(()), |text| write(path, &text))
}

/// An empty file without a name, in a folder that is made where it is not there.
///
/// # Errors
/// When it cannot be made.
pub fn nameless(folder: &Path) -> io::Result<File> {
    private_folder(folder)?;
    side::nameless(folder)
}

/// Writes the file anew, its folder too where that is not there. Of two programs that write at the same time each has
/// a part of its own, and the last one stays.
///
/// # Errors
/// When it cannot be written; what was there stays.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    path.parent().map_or(Ok(()), private_folder)?;
    let written = fresh(&part, text).and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        // On a full disk what was written of it only takes room.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn fresh(part: &Path, text: &str) -> io::Result<()> {
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part)?
        .write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn many_that_change_a_file_at_once_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state/a.txt");
        std::thread::scope(|scope| {
            for n in 0..16 {
                let path = &path;
                scope.spawn(move || update(path, |old| Some(format!("{old}{n}\n"))).unwrap());
            }
        });
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<u32> = text.lines().map(|n| n.parse().unwrap()).collect();
        lines.sort_unstable();
        assert_eq!(lines, (0..16).collect::<Vec<u32>>());
        update(&path, |_| None).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn a_file_is_the_users_own_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state/a.json");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for text in ["một", "hai"] {
            write(&path, text).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        std::fs::create_dir(dir.path().join("state/b")).unwrap();
        assert!(write(&dir.path().join("state/b"), "ba").is_err());
        let left = std::fs::read_dir(dir.path().join("state")).unwrap();
        assert_eq!(left.count(), 2);
    }
}
