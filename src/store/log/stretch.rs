//! A log that is as long from the first as it will become: to write over what lies there takes little more than half of
//! the time that a growing file takes, and the few saves of a day never fill the log once.
use super::{MANY, SAVE};
use crate::store::open::free_bytes;
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

/// Lengthens the log beside a file by zeros, some milliseconds, once in the life of a log; by whose turn it is, so that of
/// many programs one does it. Zeros are no page of a log: whoever reads it ends before them. They are only ever put behind
/// what the log holds by then, so that they take the place of nothing, even where a program writes that stands in no line.
/// They come to the disk with the next save.
///
/// # Errors
/// A failing disk; what was written by then does no harm.
pub(super) fn stretch(db: &Path) -> io::Result<()> {
    let log = beside(db, "-wal");
    let mut left = LENGTH.saturating_sub(std::fs::metadata(&log)?.len());
    if left == 0 || free_bytes(db).is_none_or(|free| free < ROOM) {
        return Ok(());
    }
    let mut log = File::options().append(true).open(log)?;
    let zeros = vec![0; usize::try_from(PIECE).unwrap_or(0)];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let piece = zeros.get(..most).unwrap_or(&zeros);
        log.write_all(piece)?;
        left = left.saturating_sub(piece.len() as u64);
    }
    Ok(())
}
