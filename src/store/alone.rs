//! Who is at a work that others would otherwise go on with: a lock on a file beside the database, which the system gives
//! back when the program ends, however it ends.
use super::{Result, Store, side};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Times that the lock is tried while others take the file away.
const TRIES: usize = 100;

/// Tells programs that open the database that someone is at a work which they would otherwise go on with; over when
/// dropped.
#[derive(Debug)]
pub struct Alone {
    /// None for a database in memory, which no other program sees.
    held: Option<(File, PathBuf)>,
}

impl Drop for Alone {
    fn drop(&mut self) {
        let Some((_, path)) = &self.held else {
            return;
        };
        // Its name goes while it is still locked. What cannot be removed is locked by no one and disturbs no one.
        let _ = std::fs::remove_file(path);
        if let Some(folder) = path.parent() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Whether a name still leads to the open file.
fn leads_to(path: &Path, file: &File) -> bool {
    let of = |m: std::fs::Metadata| (m.dev(), m.ino());
    let named = std::fs::metadata(path).map(of);
    named.is_ok_and(|named| file.metadata().map(of).is_ok_and(|own| own == named))
}

/// Takes the lock of those who are at a work; none while someone else has it.
///
/// # Errors
/// When there is no place for it.
fn take(db: &Path, work: &str) -> io::Result<Option<Alone>> {
    for _ in 0..TRIES {
        let path = side::folder(db)?.join(work);
        let file = match side::lock_file(db, &path) {
            // Whoever left last took the folder away.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            // The one who had it has taken the file away: locking it keeps out nobody who comes later.
            Ok(()) if !leads_to(&path, &file) => {}
            Ok(()) => {
                return Ok(Some(Alone {
                    held: Some((file, path)),
                }));
            }
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(None)
}

impl Store {
    /// Says that records are about to be written whose index comes later; to be held until it has come. None while
    /// another one is at it, or without a place for it: then two may do the same, each piece once.
    #[must_use]
    pub fn at_index(&self) -> Option<Alone> {
        take(&self.path, "index").ok().flatten()
    }

    /// Says that this program is at the long work ([`super::Work`]); to be held until it is done. None while another
    /// one is.
    ///
    /// # Errors
    /// When there is no place to say so.
    pub fn at_work(&self) -> Result<Option<Alone>> {
        if self.conn.path().is_none_or(str::is_empty) {
            return Ok(Some(Alone { held: None }));
        }
        Ok(take(&self.path, "work")?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path, bits: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).unwrap();
    }

    #[test]
    fn one_is_at_the_work_and_what_is_left_behind_bars_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("a.db");
        std::fs::write(&db, "").unwrap();
        mode(&db, 0o660);
        let own = take(&db, "work").unwrap().unwrap();
        let path = side::place(&db).join("work");
        // those of the group may lock it too, whatever the mask of the process
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o660);
        assert!(take(&db, "work").unwrap().is_none());
        // one that waits with the file of someone who leaves
        let late = side::lock_file(&db, &path).unwrap();
        drop(own);
        assert!(!leads_to(&path, &late));
        flock(&late, FlockOperation::NonBlockingLockExclusive).unwrap();
        let next = take(&db, "work").unwrap().unwrap();
        assert!(take(&db, "work").unwrap().is_none());
        drop(next);
        // left behind by a program that was killed, for its owner alone to write
        std::fs::create_dir_all(side::place(&db)).unwrap();
        std::fs::write(&path, "").unwrap();
        mode(&path, 0o440);
        assert!(take(&db, "work").unwrap().is_some());
        assert!(take(&dir.path().join("none/a.db"), "work").is_err());
    }
}
