//! Small files of the user, outside the registers: nobody else may read them, and each is whole or as it was.
use crate::store::private_folder;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

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
