//! What was met in a file so far, by a number that tells one from another: in memory while there is little, in a file
//! without a name when there is much, so that memory stays flat however long the file.
use super::Result;
use crate::domain::hash::QuickMap;
use rusqlite::{Connection, OptionalExtension, params};

/// Entries kept in memory, some ten megabytes.
const FEW: usize = 200_000;

/// What is remembered of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// How often it was met.
    pub times: u32,
    /// Row where it was met first.
    pub row: u32,
    /// A number for what else that row said.
    pub said: u64,
}

/// What was met.
#[derive(Debug, Default)]
pub struct Seen {
    few: QuickMap<u64, Met>,
    /// Those that there was no room for.
    many: Option<Connection>,
}

impl Seen {
    /// What is remembered of a number.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn get(&self, key: u64) -> Result<Option<Met>> {
        if let Some(met) = self.few.get(&key) {
            return Ok(Some(*met));
        }
        let Some(many) = &self.many else {
            return Ok(None);
        };
        let met = many
            .prepare_cached("SELECT times, row, said FROM met WHERE key = ?")?
            .query_row([key.cast_signed()], |r| {
                Ok(Met {
                    times: r.get(0)?,
                    row: r.get(1)?,
                    said: r.get::<_, i64>(2)?.cast_unsigned(),
                })
            })
            .optional()?;
        Ok(met)
    }

    /// Remembers a number.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn put(&mut self, key: u64, met: Met) -> Result<()> {
        self.put_within(key, met, FEW)
    }

    fn put_within(&mut self, key: u64, met: Met, few: usize) -> Result<()> {
        self.few.insert(key, met);
        if self.few.len() < few {
            return Ok(());
        }
        let many = match &self.many {
            Some(many) => many,
            None => self.many.insert(scratch()?),
        };
        let mut all: Vec<(u64, Met)> = self.few.drain().collect();
        // In the order of the table they are written fastest.
        all.sort_unstable_by_key(|(key, _)| key.cast_signed());
        let mut add = many.prepare_cached("INSERT OR REPLACE INTO met VALUES (?,?,?,?)")?;
        for (key, met) in all {
            let said = met.said.cast_signed();
            add.execute(params![key.cast_signed(), met.times, met.row, said])?;
        }
        Ok(())
    }
}

/// A database that is gone with its connection; it needs no way back.
fn scratch() -> Result<Connection> {
    let conn = Connection::open("")?;
    conn.execute_batch(
        "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -4096; BEGIN;
         CREATE TABLE met (key INTEGER PRIMARY KEY, times INTEGER, row INTEGER, said INTEGER);",
    )?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_there_is_no_room_for_is_remembered_all_the_same() {
        let mut seen = Seen::default();
        let met = |times, row| Met {
            times,
            row,
            said: u64::MAX - u64::from(row),
        };
        for row in 0..50 {
            let key = u64::MAX - u64::from(row);
            seen.put_within(key, met(1, row), 8).unwrap();
        }
        assert!(seen.few.len() < 8);
        seen.put_within(u64::MAX, met(2, 0), 8).unwrap();
        assert_eq!(seen.get(u64::MAX).unwrap(), Some(met(2, 0)));
        for row in 1..50 {
            let found = seen.get(u64::MAX - u64::from(row)).unwrap();
            assert_eq!(found, Some(met(1, row)));
        }
        assert_eq!(seen.get(7).unwrap(), None);
    }
}
