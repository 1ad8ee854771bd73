//! The folder beside the database in which running programs say what they have open. It may be read by those who may
//! read the database, and nothing in it is kept.
use std::fs::File;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What stands beside a database, by the end of its name. It is the file itself that counts, whatever link leads to it:
/// so it is for SQLite, and all who use it meet there.
#[must_use]
pub fn beside(db: &Path, end: &str) -> PathBuf {
    let mut name = real(db).into_os_string();
    name.push(end);
    name.into()
}

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
}
