//! The log beside the file: what is committed stands there until it is brought into the file. Nobody in the line of
//! writers waits for that.
use super::queue::Turn;
use rusqlite::Connection;

/// Pages in the log that are not in the file yet from which they are brought there.
const MANY: i64 = 1000;

/// Pages in the log from which bringing them over keeps the turn: with writers all the time the log would otherwise
/// never begin anew (64 MiB).
const LONG: i64 = 16_000;

/// Pages to bring over beyond which nobody waits for it, whatever stands in the log (32 MiB): after a very large write,
/// or a reader who held the log back. The next writer finds little left to bring over, and keeps its turn for that.
const BULKY: i64 = 8_000;

/// Pages in the log, and how many of them are in the file; none where there is no log.
fn pages(conn: &Connection) -> rusqlite::Result<(i64, i64)> {
    conn.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |r| Ok((r.get(1)?, r.get(2)?)))
}

/// After a save: when much stands in the log, it is brought into the file once the turn is over. True when so much was
/// brought over that what came meanwhile is to be brought over too, in a turn of its own ([`begin_anew`]).
pub(super) fn tend(conn: &Connection, turn: Turn) -> bool {
    // Whatever fails here, the save is kept, and the next one tries again.
    let Ok((log, done)) = pages(conn) else {
        return false;
    };
    if log - done < MANY {
        return false;
    }
    let kept = keeps_turn(log, log - done).then_some(turn);
    bring_over(conn);
    let alone = kept.is_some();
    drop(kept);
    !alone && pages(conn).is_ok_and(|(log, done)| log > done && keeps_turn(log, log - done))
}

/// Whether the others wait while pages of a log are brought over: it is long, and little is left to do.
fn keeps_turn(log: i64, left: i64) -> bool {
    log >= LONG && left < BULKY
}

/// Brings over what is left, so that the next save begins the log anew.
pub(super) fn begin_anew(conn: &Connection, turn: Turn) {
    bring_over(conn);
    drop(turn);
}

fn bring_over(conn: &Connection) {
    let _ = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
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
        assert!(!tend(&conn, queue.turn(Duration::ZERO).unwrap()));
    }

    #[test]
    fn a_long_log_keeps_the_turn_only_when_little_is_left_to_bring_over() {
        assert!(keeps_turn(LONG, MANY));
        assert!(!keeps_turn(LONG - 1, MANY));
        assert!(!keeps_turn(10 * LONG, BULKY));
        assert!(keeps_turn(10 * LONG, BULKY - 1));
    }
}
