//! The log beside the file: what is committed stands there until it is brought into the file. Nobody in the line of
//! writers waits for that.
use super::queue::Turn;
use rusqlite::Connection;

/// Pages in the log that are not in the file yet from which they are brought there.
const MANY: i64 = 1000;

/// Pages in the log from which bringing them over keeps the turn: with writers all the time the log would otherwise
/// never begin anew (64 MiB).
const LONG: i64 = 16_000;

/// Pages in the log, and how many of them are in the file; none where there is no log.
fn pages(conn: &Connection) -> rusqlite::Result<(i64, i64)> {
    conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |r| Ok((r.get(1)?, r.get(2)?)))
}

/// After a save: when much stands in the log, it is brought into the file once the turn is over.
pub(super) fn tend(conn: &Connection, turn: Turn) {
    // Whatever fails here, the save is kept, and the next one tries again.
    let Ok((log, done)) = pages(conn) else { return };
    if log - done < MANY {
        return;
    }
    let kept = (log >= LONG).then_some(turn);
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    drop(kept);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::queue::Queue;
    use crate::store::{Mode, OpenOptions, Store, StoreError};
    use std::time::Duration;

    #[test]
    fn a_long_log_comes_into_the_file_and_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            mode: Mode::Create,
            assume_fs: None,
        };
        let mut store = Store::open(&dir.path().join("a.db"), &options).unwrap();
        store
            .conn
            .pragma_update(None, "synchronous", "off")
            .unwrap();
        let mut most = 0;
        for n in 0..150_u8 {
            let text = char::from(b'a' + n % 26).to_string().repeat(60_000);
            let saved = store.write::<_, StoreError>(|tx| tx.set_setting("own_unit", &text));
            saved.unwrap();
            most = most.max(pages(&store.conn).unwrap().0);
        }
        assert!((MANY..MANY + 60).contains(&most), "{most}");
    }

    #[test]
    fn a_short_log_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut queue = Queue::beside(&dir.path().join("a.db"));
        let conn = Connection::open_in_memory().unwrap();
        tend(&conn, queue.turn(Duration::ZERO).unwrap());
    }
}
