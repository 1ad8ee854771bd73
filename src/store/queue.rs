//! The line in which writers of one database wait for their turn: a lock on a file beside it, first come first served.
//! SQLite's own waiting sleeps and tries again, so that with many writers some come last again and again.
use super::{Result, StoreError, side};
use rustix::fs::{FlockOperation, fcntl_lock, flock};
use rustix::io::Errno;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// A place to stand in line. The system gives the turn back when the process ends, however it ends.
#[derive(Debug, Default)]
pub(super) struct Queue {
    db: Option<PathBuf>,
    file: Option<File>,
}

/// Whose turn it is; over when dropped.
pub(super) struct Turn<'a> {
    file: Option<&'a File>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.file {
            // Closing the file would give the turn back as well.
            let _ = flock(file, FlockOperation::Unlock);
        }
    }
}

impl Queue {
    /// The line of a database; a database in memory and one that is only being made need none.
    pub(super) fn beside(db: &Path) -> Self {
        Self {
            db: Some(db.to_owned()),
            file: None,
        }
    }

    /// Waits for the turn, at most `patience`. Without a place for the file there is no line, and SQLite's own
    /// waiting has to do.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the turn did not come.
    pub(super) fn turn(&mut self, patience: Duration) -> Result<Turn<'_>> {
        if self.file.is_none() {
            self.file = self.db.as_deref().and_then(open);
        }
        if let Some(file) = self.file.take() {
            self.file = wait(file, patience)?;
        }
        Ok(Turn {
            file: self.file.as_ref(),
        })
    }
}

fn open(db: &Path) -> Option<File> {
    // Never for a database that is not there, as while one is made.
    side::file_mode(db)?;
    side::lock_file(db, &side::beside(db, ".lock")).ok()
}

/// Locks the file, at once or when its turn comes. The next in line waits behind a door, a lock of another sort on the
/// same file: who gives the turn back and comes again at once does not overtake those who stand there, whom the system
/// lets in as they came.
fn enter(file: &File, door: FlockOperation, turn: FlockOperation) -> rustix::io::Result<()> {
    let again = |lock: &dyn Fn() -> rustix::io::Result<()>| loop {
        match lock() {
            Err(Errno::INTR) => {}
            done => return done,
        }
    };
    // A file of someone else has no door; the turn is given all the same.
    if let Err(Errno::AGAIN | Errno::ACCESS) = again(&|| fcntl_lock(file, door)) {
        return Err(Errno::WOULDBLOCK);
    }
    let got = again(&|| flock(file, turn));
    // It goes with the process at the latest.
    let _ = fcntl_lock(file, FlockOperation::Unlock);
    got
}

/// The file once it is locked; none where the system has no such locks.
fn wait(file: File, patience: Duration) -> Result<Option<File>> {
    let now = FlockOperation::NonBlockingLockExclusive;
    match enter(&file, now, now) {
        Ok(()) => return Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => {}
        Err(_) => return Ok(None),
    }
    // The system knows no such lock with an end to the waiting: a thread waits, and when it comes too late its file
    // is closed and the turn goes on to the next.
    let (tell, told) = sync_channel(1);
    let waits = thread::Builder::new()
        .name("turn".to_owned())
        .spawn(move || {
            let wait = FlockOperation::LockExclusive;
            let got = enter(&file, wait, wait);
            drop(tell.send(got.is_ok().then_some(file)));
        });
    if waits.is_err() {
        return Ok(None);
    }
    match told.recv_timeout(patience) {
        Ok(file) => Ok(file),
        Err(RecvTimeoutError::Timeout) => Err(StoreError::Busy),
        Err(RecvTimeoutError::Disconnected) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn one_has_the_turn_and_the_next_waits_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("a.db");
        std::fs::write(&db, "").unwrap();
        let (mut first, mut second) = (Queue::beside(&db), Queue::beside(&db));
        let turn = first.turn(Duration::from_secs(9)).unwrap();
        let late = second.turn(Duration::from_millis(5));
        assert!(matches!(late, Err(StoreError::Busy)));
        drop(late);
        let waits = thread::spawn(move || second.turn(Duration::from_secs(60)).is_ok());
        drop(turn);
        assert!(waits.join().unwrap());
    }

    #[test]
    fn without_a_place_for_it_there_is_no_line() {
        let dir = tempfile::tempdir().unwrap();
        let mut line = Queue::beside(&dir.path().join("not there/a.db"));
        assert!(line.turn(Duration::ZERO).is_ok());
        assert!(Queue::default().turn(Duration::ZERO).is_ok());
    }
}
