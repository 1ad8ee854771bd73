//! History: who changed what, written in the same transaction as the change.
use super::{Db, Result, Tx};
use crate::codes;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use rusqlite::{Connection, params};

codes!(
    /// What was done to a record.
    Action {
        Add = "add",
        Edit = "edit",
        Remove = "remove",
        Restore = "restore",
        Step = "step",
        UndoStep = "undo_step",
    }
);

/// One changed field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// Key of the field; none when the record as a whole was added, removed or restored.
    pub field: Option<String>,
    /// Text before.
    pub before: Option<String>,
    /// Text after.
    pub after: Option<String>,
}

/// One row of a record's history.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// When, ISO with time and offset.
    pub at: String,
    /// Login name of who did it.
    pub who: String,
    /// What was done.
    pub action: String,
    /// Field, text before, text after.
    pub change: Change,
    /// Reason given.
    pub why: Option<String>,
}

/// Adds one row of history.
pub(super) fn insert_audit(
    conn: &Connection,
    stamp: (&str, &str),
    of: (Kind, i64),
    action: Action,
    change: &Change,
    why: Option<&str>,
) -> Result<()> {
    insert_other(conn, stamp, (of.0.code(), of.1), action, change, why)
}

/// Adds one row of history of what is no register: a rule, a setting.
fn insert_other(
    conn: &Connection,
    stamp: (&str, &str),
    of: (&str, i64),
    action: Action,
    change: &Change,
    why: Option<&str>,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO audit(who, at, kind, record_id, action, field, before, after, why) VALUES (?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        stamp.0, stamp.1, of.0, of.1, action.code(),
        change.field, change.before, change.after, why
    ])?;
    Ok(())
}

impl Tx<'_> {
    /// Writes one row of history.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit(
        &self,
        stamp: (&str, &str),
        of: (Kind, i64),
        action: Action,
        change: &Change,
        why: Option<&str>,
    ) -> Result<()> {
        insert_audit(self.conn(), stamp, of, action, change, why)
    }

    /// Writes one row of history of a rule or a setting.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit_other(
        &self,
        stamp: (&str, &str),
        of: (&str, i64),
        action: Action,
        change: &Change,
        why: Option<&str>,
    ) -> Result<()> {
        insert_other(self.conn(), stamp, of, action, change, why)
    }

    /// Blanks what the history says of the writer of a record that has become a denunciation
    /// (LTC Đ8.3, Đ56).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_writer(&self, kind: Kind, id: i64) -> Result<()> {
        self.conn().execute(
            "UPDATE audit SET before = NULL, after = NULL WHERE kind = ? AND record_id = ? AND field IN ('petitioner','address','visitor')",
            params![kind.code(), id],
        )?;
        // Words taken out of the index lie in its old segments until these are merged.
        self.conn()
            .execute("INSERT INTO search(search) VALUES ('optimize')", [])?;
        Ok(())
    }
}

impl Tx<'_> {
    /// Blanks the texts of one row of the history of a denunciation.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn blank_history(&self, row: i64) -> Result<()> {
        self.conn().execute(
            "UPDATE audit SET before = NULL, after = NULL, why = NULL WHERE id = ?",
            [row],
        )?;
        Ok(())
    }
}

impl Db<'_> {
    /// The texts of every row of a record's history, by row.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn history_texts(&self, kind: Kind, id: i64) -> Result<Vec<(i64, Vec<String>)>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT id, before, after, why FROM audit WHERE kind = ? AND record_id = ?",
        )?;
        let rows = stmt.query_map(params![kind.code(), id], |r| {
            let texts: [Option<String>; 3] = [r.get(1)?, r.get(2)?, r.get(3)?];
            Ok((r.get(0)?, texts.into_iter().flatten().collect()))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The history of a record, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn history(&self, kind: Kind, id: i64) -> Result<Vec<AuditRow>> {
        self.history_of(kind.code(), id)
    }

    /// The history of a rule or a setting, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn history_of(&self, kind: &str, id: i64) -> Result<Vec<AuditRow>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT at, who, action, field, before, after, why FROM audit WHERE kind = ? AND record_id = ? ORDER BY id",
        )?;
        let rows = stmt.query_map(params![kind, id], |r| {
            Ok(AuditRow {
                at: r.get(0)?,
                who: r.get(1)?,
                action: r.get(2)?,
                change: Change {
                    field: r.get(3)?,
                    before: r.get(4)?,
                    after: r.get(5)?,
                },
                why: r.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
