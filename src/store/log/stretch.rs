//! A log that is as long from the first as it will become: to write over what lies there takes little more than half of
//! the time that a growing file takes, and the few saves of a day never fill the log once.
use super::{MANY, PATIENCE, SAVE};
use crate::store::handle::{Id, place};
use crate::store::open::free_bytes;
use crate::store::queue::Queue;
use crate::store::side::beside;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Bytes of the log with the pages at which it begins anew, and with the few saves that come before it does.
pub(super) const LENGTH: u64 = 32 + (MANY + 8 * SAVE).unsigned_abs() * (24 + 4096);

/// Bytes written at once.
const PIECE: u64 = 256 * 1024;

/// Bytes that a disk must have free for it, many times as many as are taken.
const ROOM: u64 = 256 * 1024 * 1024;

/// Lengthens the log beside a file by zeros, in a turn of its own, so that of many programs one does it. Zeros are no page
/// of a log: whoever reads it ends before them. They are only ever put behind what the log holds by then, so that they take
/// the place of nothing, even where a program writes that stands in no line.
///
/// # Errors
/// A failing disk; what was written by then does no harm.
pub(super) fn stretch(db: &Path, file: Option<Id>) -> io::Result<()> {
    if free_bytes(db).is_none_or(|free| free < ROOM) {
        return Ok(());
    }
    let mut queue = Queue::beside(db);
    let Ok(turn) = queue.turn(PATIENCE) else {
        return Ok(());
    };
    if place(db) != file {
        return Ok(());
    }
    let mut log = File::options().append(true).open(beside(db, "-wal"))?;
    let missing = LENGTH.saturating_sub(log.metadata()?.len());
    let zeros = vec![0; usize::try_from(PIECE.min(missing)).unwrap_or(0)];
    let mut left = missing;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let piece = zeros.get(..most).unwrap_or(&zeros);
        log.write_all(piece)?;
        left = left.saturating_sub(piece.len() as u64);
    }
    drop(turn);
    match missing {
        0 => Ok(()),
        _ => log.sync_data(),
    }
}
