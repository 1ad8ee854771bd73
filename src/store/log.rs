//! The log beside the file: what is committed stands there until it is brought into the file. Nobody in the line of
//! writers waits for that, and neither does who has saved.
mod stretch;

use super::handle::{Id, place};
use super::open::connect;
use super::queue::Turn;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Pages in the log from which they are brought into the file.
const MANY: i64 = 1000;

/// Pages that are not in the file yet up to which they are brought there within the turn, some milliseconds, so that the
/// log begins anew: to write over it again takes half the time that a growing file takes.
const FEW: i64 = 400;

/// Pages between two attempts to bring the log over: each of many writers would see that it is long, and one is enough.
const STEP: i64 = 100;

/// Pages that a save of one record writes, more or less.
const SAVE: i64 = 25;

/// Saves of a program after which the log is made as long as it will become: who saves once and ends has nothing of it.
const LASTS: u32 = 2;

/// Rows that a save of one record changes at most: what changes more makes the log long by itself.
const ROWS: u64 = 100;

/// Pages in the log from which bringing them over keeps the turn: with writers all the time the log would otherwise
/// never begin anew (16 MiB).
const LONG: i64 = 4_000;

/// Pages to bring over from which nobody waits for it, however long the log (32 MiB): after a very large write, or a
/// reader who held the log back. What came meanwhile is brought over in a turn of its own.
const BULKY: i64 = 8_000;

/// How long a turn is waited for in which the rest is brought over: it can as well be left to a later save.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Times that what came meanwhile is brought over before a turn is taken for the rest.
const ROUNDS: usize = 4;

/// Brings the log into the file on a thread and a connection of its own: who has saved is told so meanwhile.
#[derive(Debug, Default)]
pub(super) struct Carrier {
    thread: Option<JoinHandle<()>>,
    /// Pages of the log when it was last brought over within a turn; 0 once it has begun anew.
    brought: i64,
    /// Which file it is about; none for one that is only being made.
    file: Option<Id>,
    /// Pages of the log after the last save.
    length: Arc<AtomicI64>,
    /// Saves of one record so far, up to [`LASTS`].
    saves: u32,
}

impl Carrier {
    /// Of this file.
    pub(super) fn of(file: Id) -> Self {
        Self {
            thread: None,
            brought: 0,
            file: Some(file),
            length: Arc::default(),
            saves: 0,
        }
    }

    /// Hears from each save of a connection how long the log is: to ask for it makes a statement anew each time.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn hear(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        let length = Arc::clone(&self.length);
        conn.wal_hook(Some(move |_: &mut Wal, pages: c_int| {
            length.store(pages.into(), Ordering::Relaxed);
            Ok(())
        }))
    }

    /// Begins, unless it is at it; false when it cannot.
    fn start(&mut self, db: &Path) -> bool {
        if self
            .thread
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
        {
            return true;
        }
        self.wait();
        let (db, file) = (PathBuf::from(db), self.file);
        let work = move || {
            // Whatever fails here, what was saved is kept, and the next save tries again. Where another file has taken the
            // name, the log is not of that one.
            let stands = |_: &Connection| file.is_none() || place(&db) == file;
            let Some(conn) = connect(&db, false).ok().filter(stands) else {
                return;
            };
            let _ = conn.pragma_update(None, "synchronous", "full");
            carry(&conn);
        };
        let thread = thread::Builder::new().name("log".to_owned()).spawn(work);
        self.thread = thread.ok();
        self.thread.is_some()
    }

    /// Hears of a save that changed so many rows and left the log short, while the turn lasts.
    fn heed(&mut self, rows: u64, db: &Path) {
        if rows > ROWS || self.saves >= LASTS || self.file.is_none() {
            return;
        }
        self.saves += 1;
        if self.saves == LASTS {
            // Where it cannot be, the log grows with each save.
            let _ = stretch::stretch(db);
        }
    }

    /// Waits for it to be done.
    pub(super) fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended the program already.
            let _ = thread.join();
        }
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.wait();
    }
}

fn carry(conn: &Connection) {
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}

/// Pages in the log, and how many of them are in the file; none where there is no log.
pub(super) fn pages(conn: &Connection) -> rusqlite::Result<(i64, i64)> {
    conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |r| Ok((r.get(1)?, r.get(2)?)))
}

/// After a save that changed so many rows: when the log is long, it is brought into the file once the turn is over, and
/// the few pages that came meanwhile within the next turn. True when so much was that what came meanwhile is to be brought
/// over too, in a turn of its own ([`begin_anew`]).
pub(super) fn tend(
    conn: &Connection,
    rows: u64,
    turn: Turn,
    carrier: &mut Carrier,
    db: &Path,
) -> bool {
    match carrier.length.swap(0, Ordering::Relaxed) {
        // Nothing was written.
        ..=0 => return false,
        1..MANY => {
            carrier.brought = 0;
            carrier.heed(rows, db);
            return false;
        }
        _ => {}
    }
    // Whatever fails here, the save is kept, and the next one tries again.
    let Ok((log, done)) = pages(conn) else {
        return false;
    };
    // Whether this save has passed a step, as far as can be told from how much it wrote.
    let step = log % STEP < i64::try_from(rows).unwrap_or(STEP).max(SAVE);
    // It was brought over and did not begin anew: somebody reads on in it, and to bring each save over gains nothing.
    let read_on = (1..log).contains(&carrier.brought);
    carrier.brought = if read_on { carrier.brought } else { 0 };
    match (log, log - done) {
        (..MANY, _) | (_, ..=0) => false,
        (_, BULKY..) => {
            drop(turn);
            carrier.wait();
            few_left(conn)
        }
        (LONG.., _) | (_, ..=FEW) if step || !read_on => {
            carrier.wait();
            carrier.brought = log;
            carry(conn);
            drop(turn);
            false
        }
        _ => {
            drop(turn);
            if step && !carrier.start(db) {
                carry(conn);
            }
            false
        }
    }
}

/// Brings over a very long log while others write, and then what came meanwhile, each time less of it; whether what is
/// left in the end is little enough to be brought over within a turn.
fn few_left(conn: &Connection) -> bool {
    for _ in 0..ROUNDS {
        carry(conn);
        match pages(conn) {
            Ok((log, done)) if log - done > FEW => {}
            Ok((log, done)) => return log >= LONG && log > done,
            Err(_) => return false,
        }
    }
    pages(conn).is_ok_and(|(log, done)| (1..BULKY).contains(&(log - done)))
}

/// Brings over what is left, so that the next save begins the log anew.
pub(super) fn begin_anew(conn: &Connection, turn: Turn) {
    carry(conn);
    drop(turn);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::queue::Queue;
    use crate::store::{Mode, OpenOptions, Store, StoreError};

    #[test]
    fn a_long_log_comes_into_the_file_and_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        store
            .conn
            .pragma_update(None, "synchronous", "off")
            .unwrap();
        let save = |store: &mut Store, n: u8| {
            let text = char::from(b'a' + n % 26).to_string().repeat(60_000);
            let saved = store.write::<_, StoreError>(|tx| tx.set_setting("own_unit", &text));
            saved.unwrap();
            pages(&store.conn).unwrap()
        };
        let mut most = 0;
        for n in 0..150 {
            most = most.max(save(&mut store, n).0);
            store.carrier.wait();
        }
        // Two saves of some sixteen pages: one begins to bring the log over, the next brings its own.
        assert!((MANY..MANY + 60).contains(&most), "{most}");
        let file = std::fs::metadata(dir.path().join("a.db-wal")).unwrap();
        assert!(file.len() <= stretch::LENGTH, "the log has not grown");
        // While another reads what was, nothing of the log can go; then it begins anew.
        let other = Store::open(&store.path, &options_to_read()).unwrap();
        other
            .conn
            .execute_batch("BEGIN; SELECT 1 FROM setting")
            .unwrap();
        for n in 0..250 {
            most = most.max(save(&mut store, n).0);
        }
        assert!(most > LONG, "{most}");
        other.conn.execute_batch("COMMIT").unwrap();
        save(&mut store, 1);
        assert!(save(&mut store, 2).0 < 60);
    }

    #[test]
    fn while_others_read_on_in_it_not_each_save_brings_the_log_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let off = store.conn.pragma_update(None, "synchronous", "off");
        off.unwrap();
        let other = Store::open(&store.path, &options_to_read()).unwrap();
        let read = |sql: &str| other.conn.execute_batch(sql).unwrap();
        let (mut moves, mut last) = (0, 0);
        for n in 0..120_u8 {
            read("BEGIN; SELECT 1 FROM setting");
            let text = char::from(b'a' + n % 26).to_string().repeat(60_000);
            let saved = store.write::<_, StoreError>(|tx| tx.set_setting("own_unit", &text));
            saved.unwrap();
            store.carrier.wait();
            let (_, done) = pages(&store.conn).unwrap();
            moves += usize::from(done != last);
            last = done;
            read("COMMIT");
        }
        // Some 1,900 pages, of which each hundredth beyond the first thousand is a step.
        assert!((1..20).contains(&moves), "{moves}");
    }

    #[test]
    fn who_saves_on_finds_a_log_as_long_as_it_becomes_and_in_it_nothing_but_what_was_saved() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| dir.path().join(name);
        let mut store = Store::fresh(dir.path());
        let save = |store: &mut Store, n: u32| {
            let saved =
                store.write::<_, StoreError>(|tx| tx.set_setting("own_unit", &n.to_string()));
            saved.unwrap();
            store.carrier.wait();
            let long = std::fs::metadata(file("a.db-wal")).unwrap().len();
            (long, pages(&store.conn).unwrap().0)
        };
        let (one, _) = save(&mut store, 1);
        assert!(one < 100_000, "{one}");
        let (long, few) = save(&mut store, 2);
        assert!(
            few < 20 && long > 4120 * MANY.unsigned_abs(),
            "{few} {long}"
        );
        for n in 3..60 {
            let (now, pages) = save(&mut store, n);
            assert!(now == long && (few..MANY).contains(&pages), "{now} {pages}");
        }
        // As a power cut would leave it: what was saved is there, and the zeros are nothing.
        for end in ["", "-wal"] {
            std::fs::copy(file(&format!("a.db{end}")), file(&format!("b.db{end}"))).unwrap();
        }
        let mut cut = Store::open(&file("b.db"), &options_to_write()).unwrap();
        assert_eq!(cut.read().setting("own_unit").unwrap().unwrap(), "59");
        let saved = cut.write::<_, StoreError>(|tx| tx.set_setting("own_unit", "60"));
        saved.unwrap();
        cut.close().unwrap();
        assert!(!file("b.db-wal").exists());
        // One that comes later finds it so.
        let mut other = Store::open(&file("a.db"), &options_to_write()).unwrap();
        assert_eq!(other.read().setting("own_unit").unwrap().unwrap(), "59");
        (0..3).for_each(|n| assert_eq!(save(&mut other, n).0, long));
    }

    fn options_to_write() -> OpenOptions {
        OpenOptions {
            mode: Mode::ReadWrite,
            assume_fs: None,
        }
    }

    fn options_to_read() -> OpenOptions {
        OpenOptions {
            mode: Mode::ReadOnly,
            assume_fs: None,
        }
    }

    #[test]
    fn a_short_log_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut queue = Queue::beside(&dir.path().join("a.db"));
        let conn = Connection::open_in_memory().unwrap();
        let turn = queue.turn(Duration::ZERO).unwrap();
        tend(&conn, 1, turn, &mut Carrier::default(), dir.path());
    }

    #[test]
    fn a_very_long_log_comes_into_the_file_and_begins_anew_too() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        store
            .conn
            .pragma_update(None, "synchronous", "off")
            .unwrap();
        let save = |store: &mut Store, settings: i64, letter: &str| {
            let text = letter.repeat(60_000);
            let saved = store.write::<_, StoreError>(|tx| {
                (0..settings).try_for_each(|n| tx.set_setting(&format!("test{n}"), &text))
            });
            saved.unwrap();
            pages(&store.conn).unwrap()
        };
        let (log, done) = save(&mut store, BULKY * 4096 / 60_000 + 10, "a");
        assert!(log > BULKY && log == done, "{log} {done}");
        let (log, _) = save(&mut store, 1, "b");
        assert!(log < MANY, "{log}");
    }
}
