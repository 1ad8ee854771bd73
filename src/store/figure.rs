//! Indicators of reported figures, and the parts of a total.
use super::record::{from_row, select};
use super::table::table;
use super::{Db, Result};
use crate::domain::record::{Kind, Record};

impl Db<'_> {
    /// The indicators: code, name, unit of count.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn indicators(&self) -> Result<Vec<(String, String, String)>> {
        let mut stmt = self
            .conn
            .prepare_cached("SELECT code, name, count_unit FROM indicator ORDER BY code")?;
        let rows = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many live records of a kind point to another, and the first of them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn pointing_count(&self, kind: Kind, key: &str, to: i64) -> Result<(i64, Option<i64>)> {
        let table = table(kind);
        let Some(column) = table.column(key) else {
            return Ok((0, None));
        };
        let sql = format!(
            "SELECT count(*), min(t.id) FROM {} t WHERE t.{} = ? AND t.deleted_at IS NULL",
            table.name, column.name
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([to], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    /// Records of a kind that point to another through one of their columns, in the order of their ids.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn pointing(&self, kind: Kind, key: &str, to: i64) -> Result<Vec<Box<dyn Record>>> {
        let table = table(kind);
        let Some(column) = table.column(key) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {} FROM {} t WHERE t.{} = ? AND t.deleted_at IS NULL ORDER BY {}",
            select(table),
            table.name,
            column.name,
            if kind == Kind::Opinion {
                "t.position, t.id"
            } else {
                "t.id"
            }
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map([to], |r| from_row(kind, r))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
