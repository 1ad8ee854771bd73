//! What queries need of a connection beyond SQL: folding and the Vietnamese order.
use super::Result;
use crate::domain::collate::{person_key, sort_key};
use crate::domain::fold::fold;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Registers the functions of queries; the schema uses none, so that any tool can open the file.
///
/// # Errors
/// A failure of the database.
pub(super) fn functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("danvan_fold", 1, flags, |ctx| {
        Ok(ctx.get::<Option<String>>(0)?.map(|s| fold(&s)))
    })?;
    conn.create_scalar_function("danvan_key", 1, flags, |ctx| {
        Ok(ctx.get::<Option<String>>(0)?.map(|s| sort_key(&s)))
    })?;
    conn.create_scalar_function("danvan_person_key", 1, flags, |ctx| {
        Ok(ctx.get::<Option<String>>(0)?.map(|s| person_key(&s)))
    })?;
    Ok(())
}
