//! A second connection that another thread reads by, what stands there staying as it is meanwhile.
use super::functions::functions;
use super::{Db, Result, Store, StoreError};
use rusqlite::Connection;

/// A connection that only reads.
#[derive(Debug)]
pub struct Beside(pub(super) Connection);

impl Store {
    /// Opens one, on a copy where the file is [taken](Store::take_alone); none for a database in memory.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn beside(&self) -> Result<Option<Beside>> {
        if self.conn.path().is_none_or(str::is_empty) {
            return Ok(None);
        }
        if self.alone {
            return self.copy_beside();
        }
        let conn = self.connect_again(true)?;
        conn.set_prepared_statement_cache_capacity(32);
        functions(&conn)?;
        Ok(Some(Beside(conn)))
    }
}

impl Beside {
    /// Reads what stands there now, whatever is written meanwhile; the connection is gone afterwards, so that no log is
    /// held back for it.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database.
    pub fn read<T, E: From<StoreError>>(
        self,
        work: impl FnOnce(Db) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.0.execute_batch("BEGIN").map_err(StoreError::from)?;
        work(Db {
            conn: &self.0,
            file: None,
        })
    }
}
