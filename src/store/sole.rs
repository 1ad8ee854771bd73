//! The file for one connection alone: very much at once goes straight into it and each page once, not into the log first.
use super::functions::functions;
use super::handle::Handle;
use super::open::{WAIT, connect, free_bytes};
use super::side::{beside, real};
use super::{Beside, Result, Store, StoreError, version};
use rusqlite::Connection;
use std::fs::{DirEntry, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Bytes of a file up to which it is copied for who reads beside, since what is written straight into it cannot be read
/// meanwhile: some hundredths of a second.
const SMALL: u64 = 64 << 20;

/// How often what is written meanwhile is brought to the disk.
const EACH: Duration = Duration::from_millis(150);

impl Store {
    /// Takes a small file that nobody else has open for this connection alone: what the next [`Store::write`] writes goes
    /// straight into the file, and what stood there is kept beside it until all of it is written. Whoever opens the file
    /// meanwhile waits; after a kill they find it as it was. That what rows point to is there is for the caller to see to.
    /// [`Store::share`] ends it, and so does that write.
    ///
    /// False where others have it open: then all goes by the log as ever, and they read on.
    pub fn take_alone(&mut self) -> bool {
        let bytes = self.handle.as_ref().and_then(|handle| handle.size().ok());
        // What stands in the log goes into the file first.
        let log = std::fs::metadata(beside(&self.path, "-wal")).map_or(0, |m| m.len());
        let room = free_bytes(&self.path).unwrap_or(u64::MAX);
        let small = bytes.is_some_and(|bytes| bytes + log <= SMALL && bytes + log < room / 4);
        if self.read_only || !small {
            return false;
        }
        if self.stands().is_err() || self.open_anew().is_err() {
            return false;
        }
        self.carrier.wait();
        self.alone = true;
        // Only one connection, of all programs, can leave the log, and this one does not let go of the file then. What
        // rows point to was looked up by who judged them, and nobody else can take it away.
        let taken = self.conn.execute_batch(
            "PRAGMA locking_mode = exclusive; PRAGMA journal_mode = delete; BEGIN EXCLUSIVE; COMMIT;
             PRAGMA foreign_keys = off;",
        );
        let mode = mode_of(&self.conn, "journal_mode", None);
        if taken.is_err() || !mode.is_ok_and(|mode| mode == "delete") {
            self.share();
        } else {
            self.sweep();
        }
        self.alone
    }

    /// Removes copies that programs left behind which were killed while they made them: nobody makes one now.
    fn sweep(&self) {
        let path = real(&self.path);
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return;
        };
        let left = |entry: &DirEntry| {
            let copy = entry.file_name().into_string().unwrap_or_default();
            let rest = copy.strip_prefix(name.to_str()?)?.strip_prefix('.')?;
            let number = rest.strip_suffix(".copy")?;
            number.bytes().all(|b| b.is_ascii_digit()).then_some(())
        };
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if left(&entry).is_some() {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Lets others in again.
    pub fn share(&mut self) {
        let Self {
            conn,
            queue,
            before,
            alone,
            behind,
            ..
        } = self;
        if std::mem::take(alone) {
            let turn = queue.turn(WAIT);
            *behind |= give_back(conn, before, turn.is_ok());
            drop(turn);
            // Where it cannot be opened once more, the next save says so.
            let _ = self.open_anew();
        }
    }

    /// A copy of what stands in the file, for who reads beside: it has no name any more, and goes with the connection.
    pub(super) fn copy_beside(&self) -> Result<Option<Beside>> {
        let Some(handle) = &self.handle else {
            return Ok(None);
        };
        let path = beside(&self.path, &format!(".{}.copy", std::process::id()));
        // Of a program of the same number that was killed.
        let _ = std::fs::remove_file(&path);
        let mut new = OpenOptions::new();
        let new = new.write(true).create_new(true).mode(0o600).open(&path);
        let conn = new
            .and_then(|mut copy| handle.copy_to(&mut copy))
            .map_err(StoreError::from)
            .and_then(|()| connect(&path, true));
        let _ = std::fs::remove_file(&path);
        let conn = conn?;
        conn.set_prepared_statement_cache_capacity(32);
        functions(&conn)?;
        Ok(Some(Beside(conn)))
    }
}

/// Has a thread bring to the disk, time and again, what is written into a file: at the end little is left to be waited
/// for. Over when dropped.
#[derive(Debug)]
pub(super) struct Syncing {
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Syncing {
    /// None where there is no thread for it: then all of it is waited for at the end.
    pub(super) fn begin(handle: &Handle) -> Option<Self> {
        let file = handle.file().ok()?;
        let (over, told) = channel();
        let sync = move || {
            while matches!(told.recv_timeout(EACH), Err(RecvTimeoutError::Timeout)) {
                // What cannot be written is told by who writes.
                let _ = file.sync_data();
            }
        };
        let thread = thread::Builder::new().name("sync".to_owned()).spawn(sync);
        Some(Self {
            over: Some(over),
            thread: Some(thread.ok()?),
        })
    }
}

impl Drop for Syncing {
    fn drop(&mut self) {
        self.over.take();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended the program already.
            let _ = thread.join();
        }
    }
}

/// Gives back the file that was taken; true when the connection is to be opened anew. Within a turn to write this is no
/// news; without one somebody else may have written meanwhile.
pub(super) fn give_back(conn: &mut Connection, before: &mut i64, turn: bool) -> bool {
    let seen = version(conn);
    if let_in(conn).is_ok() {
        if let (Ok(seen), Ok(now), true) = (seen, version(conn), turn) {
            *before -= now - seen;
        }
        return false;
    }
    // One that still keeps others out does so until it is closed.
    if let Ok(none) = Connection::open_in_memory() {
        if let (Ok(seen), Ok(now)) = (seen, version(&none)) {
            *before += seen - now;
        }
        *conn = none;
    }
    true
}

fn let_in(conn: &Connection) -> Result<()> {
    let normal = mode_of(conn, "locking_mode", Some("normal"))?;
    conn.execute_batch("SELECT 1 FROM sqlite_schema; PRAGMA foreign_keys = on;")?;
    let log = mode_of(conn, "journal_mode", Some("wal"))?;
    match (normal.as_str(), log.as_str()) {
        ("normal", "wal") => Ok(()),
        _ => Err(StoreError::Busy),
    }
}

/// A mode of a connection, once it was set where that is asked for.
fn mode_of(conn: &Connection, of: &str, to: Option<&str>) -> rusqlite::Result<String> {
    match to {
        Some(to) => conn.pragma_update_and_check(None, of, to, |r| r.get(0)),
        None => conn.pragma_query_value(None, of, |r| r.get(0)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{Mode, OpenOptions};
    use super::*;
    use std::path::Path;

    fn opened(path: &Path, mode: Mode) -> Result<Store> {
        let assume_fs = None;
        Store::open(path, &OpenOptions { mode, assume_fs })
    }

    /// More than the cache holds: some of it goes into the file before the end.
    fn much(store: &mut Store, then: impl FnOnce() -> Result<()>) -> Result<()> {
        let text = "ă".repeat(30_000);
        store.write::<_, StoreError>(|tx| {
            tx.set_setting("own_unit", "29602")?;
            (0..60).try_for_each(|n| tx.set_setting(&format!("test{n}"), &text))?;
            then()
        })
    }

    fn unit(store: &Store) -> Option<String> {
        store.read().setting("own_unit").unwrap()
    }

    fn bytes(path: &Path, end: &str) -> u64 {
        std::fs::metadata(beside(path, end)).map_or(0, |m| m.len())
    }

    #[test]
    fn what_is_written_alone_goes_into_the_file_and_others_come_in_when_it_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let path = store.path().to_owned();
        let (version, before) = (store.version().unwrap(), bytes(&path, ""));
        let left = dir.path().join("a.db.17.copy");
        std::fs::write(&left, "half").unwrap();
        assert!(store.take_alone());
        assert!(!left.exists());
        let shut = Connection::open(&path).unwrap();
        shut.busy_timeout(Duration::ZERO).unwrap();
        let read = |conn: &Connection| conn.query_row("SELECT 1 FROM unit", [], |_| Ok(()));
        assert!(read(&shut).is_err(), "nobody reads a file that changes");
        let copy = store.beside().unwrap().unwrap();
        much(&mut store, || {
            assert!(bytes(&path, "") > before + 1_000_000);
            assert_eq!(bytes(&path, "-wal"), 0);
            Ok(())
        })
        .unwrap();
        let names = std::fs::read_dir(dir.path()).unwrap();
        assert!(
            names
                .flatten()
                .all(|f| f.path().extension() != Some("copy".as_ref()))
        );
        let old = copy.read::<_, StoreError>(|db| db.setting("own_unit"));
        assert_eq!(old.unwrap(), None, "who reads beside sees what stood there");
        assert_eq!(unit(&store).as_deref(), Some("29602"));
        assert_eq!(store.version().unwrap(), version, "nobody else has written");
        assert!(read(&shut).is_ok());
        assert_eq!(bytes(&path, "-journal"), 0);
        let keys: bool = store
            .conn
            .pragma_query_value(None, "foreign_keys", |r| r.get(0))
            .unwrap();
        assert!(keys);
        // By the log as ever, with others who read.
        let other = opened(&path, Mode::ReadOnly).unwrap();
        let saved = store.write::<_, StoreError>(|tx| tx.set_setting("own_unit", "86"));
        saved.unwrap();
        assert!(bytes(&path, "-wal") > 0);
        assert_eq!(unit(&other).as_deref(), Some("86"));
    }

    #[test]
    fn a_file_is_not_taken_from_others_nor_a_large_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let other = opened(store.path(), Mode::ReadOnly).unwrap();
        assert_eq!(unit(&other), None);
        assert!(!store.take_alone());
        much(&mut store, || Ok(())).unwrap();
        assert_eq!(unit(&other).as_deref(), Some("29602"));
        drop(other);
        assert!(store.take_alone());
        store.share();
        let text = "ă".repeat(60_000);
        let large = store.write::<_, StoreError>(|tx| {
            (0..SMALL / 100_000).try_for_each(|n| tx.set_setting(&format!("more{n}"), &text))
        });
        large.unwrap();
        assert!(!store.take_alone());
        assert!(!Store::in_memory().unwrap().take_alone());
    }

    #[test]
    fn a_write_that_fails_or_is_cut_off_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let (path, cut) = (store.path().to_owned(), dir.path().join("cut.db"));
        assert!(store.take_alone());
        let failed = much(&mut store, || {
            // As a power cut would leave it.
            for end in ["", "-journal"] {
                std::fs::copy(beside(&path, end), beside(&cut, end)).unwrap();
            }
            Err(StoreError::Busy)
        });
        assert!(failed.is_err());
        assert_eq!(unit(&store), None);
        assert_eq!(unit(&opened(&path, Mode::ReadOnly).unwrap()), None);
        assert!(bytes(&cut, "-journal") > 0);
        let looked = opened(&cut, Mode::ReadOnly);
        assert!(matches!(looked, Err(StoreError::CutOff(_))), "{looked:?}");
        let back = opened(&cut, Mode::ReadWrite).unwrap();
        assert_eq!(unit(&back), None);
        let check = back.read().check().unwrap();
        assert_eq!(check.integrity, Vec::<String>::new());
        assert_eq!(bytes(&cut, "-journal"), 0);
    }
}
