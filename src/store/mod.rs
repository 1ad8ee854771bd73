//! The only SQL: opening and migrating the file, one table of columns per register, search, history,
//! the counts of rates and the same conditions for the rows behind them.
mod audit;
mod backup;
mod bulk;
mod calendar;
mod error;
mod figure;
mod frozen;
mod migrate;
mod open;
mod query;
mod rate;
mod record;
mod search;
mod seed;
mod step;
mod sums;
mod table;
mod unit;

pub use audit::{Action, AuditRow, Change};
pub use backup::{Check, check_file};
pub use bulk::{Bulk, Settled, Taken};
pub use calendar::CalendarChange;
pub use error::StoreError;
pub use frozen::{FrozenCell, FrozenPeriod, FrozenRow, FrozenRows, frozen_figures};
pub use open::{Mode, OpenOptions, is_ours, network_fs};
pub use query::{Days, Ruled};
pub use rate::{GroupKey, Tally};
pub use search::Hit;
pub use step::StepRow;
pub use table::{Table, table};
pub use unit::{UnitCounts, UnitLife};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// One connection to an office's database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    read_only: bool,
}

impl Store {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True when nothing can be written, by wish or because the file cannot be.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// Closes the file with all that was written in it and on the disk, no log beside it.
    ///
    /// # Errors
    /// A failing disk, or another connection that still uses the file.
    pub fn close(self) -> Result<()> {
        self.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        self.conn.close().map_err(|(_, e)| e)?;
        Ok(std::fs::File::open(&self.path)?.sync_all()?)
    }

    /// Runs `work` in one immediate transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database; nothing is kept then.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if self.read_only {
            return Err(StoreError::ReadOnly.into());
        }
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let tx = Tx { tx };
        let done = work(&tx)?;
        tx.tx.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// A number that changes when another connection has written.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn version(&self) -> Result<i64> {
        Ok(self
            .conn
            .query_row("PRAGMA data_version", [], |r| r.get(0))?)
    }

    /// Reads by the same methods that a transaction has.
    #[must_use]
    pub fn read(&self) -> Db<'_> {
        Db { conn: &self.conn }
    }
}

/// A running write transaction.
#[derive(Debug)]
pub struct Tx<'a> {
    tx: Transaction<'a>,
}

impl Tx<'_> {
    /// The same reads as outside.
    #[must_use]
    pub fn read(&self) -> Db<'_> {
        Db { conn: &self.tx }
    }

    fn conn(&self) -> &Connection {
        &self.tx
    }
}

/// Reads, inside or outside a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Db<'a> {
    conn: &'a Connection,
}

#[cfg(test)]
mod tests;
