//! Versions of the schema: each migration once, all of it or nothing.
use super::open::APPLICATION_ID;
use super::{Result, StoreError};
use rusqlite::{Connection, TransactionBehavior};

/// Migrations in order; released ones are never edited.
const MIGRATIONS: &[&str] = &[include_str!("../../db/migrations/0001_registers.sql")];

/// Version this program writes.
#[allow(clippy::cast_possible_wrap)]
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings the file to [`VERSION`].
pub fn migrate(conn: &mut Connection) -> Result<()> {
    let at = |conn: &Connection| conn.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0));
    if at(conn)? == VERSION {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let have = at(&tx)?;
    if have > VERSION {
        return Err(StoreError::Newer(have));
    }
    for sql in MIGRATIONS.iter().skip(usize::try_from(have).unwrap_or(0)) {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(())
}
