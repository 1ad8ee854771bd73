//! The folder beside the database in which running programs say what they have open. It may be read by those who may
//! read the database, and nothing in it is kept.
use std::fs::File;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// What stands beside a database, by the end of its name. It is the file itself that counts, whatever link leads to it:
/// so it is for SQLite, and all who use it meet there.
#[must_use]
pub fn beside(db: &Path, end: &str) -> PathBuf {
    let mut name = real(db).into_os_string();
    name.push(end);
    name.into()
}

/// What SQLite keeps beside a database, by the end of its name: of another file in its place it would be the ruin.
pub const PARTS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The name of a file behind all links; as it is given where there is none.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Where the folder of a database is, made or not: `danvan.db.open`.
#[must_use]
pub fn place(db: &Path) -> PathBuf {
    beside(db, ".open")
}

/// The mode of a file beside the database: that of the database; none when that is not there.
#[must_use]
pub fn file_mode(db: &Path) -> Option<u32> {
    std::fs::metadata(db).ok().map(|m| m.mode() & 0o666)
}

/// The folder, made when it is not there; who may read the database may enter it.
///
/// # Errors
/// When it cannot be made, as beside a database that is not there.
pub fn folder(db: &Path) -> io::Result<PathBuf> {
    shared(db, place(db))
}

/// Any folder, made when it is not there, for those who may read the database.
///
/// # Errors
/// As [`folder`].
pub fn shared(db: &Path, place: PathBuf) -> io::Result<PathBuf> {
    if place.is_dir() {
        return Ok(place);
    }
    let mode = std::fs::metadata(db)?.mode() & 0o666;
    let mode = mode | (mode & 0o444) >> 2;
    match std::fs::DirBuilder::new().mode(0o700).create(&place) {
        Ok(()) => {
            // The process's mask would take the group's rights away.
            std::fs::set_permissions(&place, std::fs::Permissions::from_mode(mode))?;
            Ok(place)
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(place),
        Err(e) => Err(e),
    }
}

/// A file to be locked, made when it is not there, for those who may read the database.
///
/// # Errors
/// When it can be neither made nor opened.
pub fn lock_file(db: &Path, path: &Path) -> io::Result<File> {
    let mode = std::fs::metadata(db)?.mode() & 0o666;
    let mut options = File::options();
    options.read(true).write(true).mode(mode);
    match options.clone().create_new(true).open(path) {
        Ok(file) => {
            // The process's mask would take the group's rights away.
            file.set_permissions(std::fs::Permissions::from_mode(mode))?;
            Ok(file)
        }
        // A file of someone else can be locked by all who may read it.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            options.open(path).or_else(|_| File::open(path))
        }
        Err(e) => Err(e),
    }
}

/// An empty file for this user alone that has no name: it is gone when nobody has it open, however the program ends.
///
/// # Errors
/// When it cannot be made in that folder.
pub fn nameless(folder: &Path) -> io::Result<File> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".tam-{}-{n}", std::process::id()));
    // One of that name is left of a program that is gone.
    let _ = std::fs::remove_file(&path);
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_folder_is_for_those_who_may_read_the_database() {
        let dir = tempfile::tempdir().unwrap();
        for (bits, wanted) in [(0o600, 0o700), (0o660, 0o770), (0o640, 0o750)] {
            let db = dir.path().join(format!("{bits:o}.db"));
            std::fs::write(&db, "").unwrap();
            std::fs::set_permissions(&db, std::fs::Permissions::from_mode(bits)).unwrap();
            let made = folder(&db).unwrap();
            assert_eq!(std::fs::metadata(made).unwrap().mode() & 0o777, wanted);
        }
        assert!(folder(&dir.path().join("none.db")).is_err());
    }

    #[test]
    fn a_nameless_file_is_in_no_folder() {
        let dir = tempfile::tempdir().unwrap();
        let files = [nameless(dir.path()).unwrap(), nameless(dir.path()).unwrap()];
        assert!(
            files
                .iter()
                .all(|f| f.metadata().unwrap().mode() & 0o777 == 0o600)
        );
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
