//! History: who changed what, written in the same transaction as the change.
use super::{Db, Result, Tx};
use crate::codes;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use rusqlite::{Connection, OptionalExtension, params};

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

/// One change of a rule, a day of the calendar or a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct LawRow {
    /// `rule`, `calendar` or `setting`.
    pub kind: String,
    /// Id of the rule, year of the calendar.
    pub record: i64,
    /// The row belongs to the adding of a rule.
    pub added: bool,
    /// Field or day, text before, text after.
    pub change: Change,
}

/// What adds a row of history.
pub(super) const ADD: &str = "INSERT INTO audit(who, at, kind, record_id, action, field, before, after, why, op) VALUES (?,?,?,?,?,?,?,?,?,?)";

/// Adds one row of history, of an operation or of none.
pub(super) fn insert_row(
    conn: &Connection,
    stamp: (&str, &str),
    (kind, record): (Kind, i64),
    op: Option<i64>,
    action: Action,
    change: &Change,
    why: Option<&str>,
) -> Result<()> {
    insert_of(conn, stamp, (kind.code(), record), op, action, change, why)
}

fn insert_of(
    conn: &Connection,
    stamp: (&str, &str),
    of: (&str, i64),
    op: Option<i64>,
    action: Action,
    change: &Change,
    why: Option<&str>,
) -> Result<()> {
    conn.prepare_cached(ADD)?.execute(params![
        stamp.0,
        stamp.1,
        of.0,
        of.1,
        action.code(),
        change.field,
        change.before,
        change.after,
        why,
        op
    ])?;
    Ok(())
}

impl Tx<'_> {
    /// Writes one row of history, of the operation that this transaction is.
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
        self.about((of.0.code(), of.1), stamp);
        let op = self.operation(stamp, of)?;
        insert_row(self.conn(), stamp, of, op, action, change, why)
    }

    /// Writes one row of history of a rule or a setting; these are no operations.
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
        self.about(of, stamp);
        insert_of(self.conn(), stamp, of, None, action, change, why)
    }

    /// Blanks what the history says of who brought a denunciation (LTC Đ8.3, Đ56); gives back what it said.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_writer(&self, kind: Kind, id: i64) -> Result<Vec<String>> {
        const ROWS: &str =
            "kind = ? AND record_id = ? AND field IN ('petitioner','address','visitor','asker')";
        let conn = self.conn();
        let said: Vec<[Option<String>; 2]> = conn
            .prepare_cached(&format!("SELECT before, after FROM audit WHERE {ROWS}"))?
            .query_map(params![kind.code(), id], |r| Ok([r.get(0)?, r.get(1)?]))?
            .collect::<rusqlite::Result<_>>()?;
        conn.execute(
            &format!("UPDATE audit SET before = NULL, after = NULL WHERE {ROWS}"),
            params![kind.code(), id],
        )?;
        Ok(said.into_iter().flatten().flatten().collect())
    }

    /// Blanks in the history of a visit or an opinion the links it bore to denunciations: with its person's name
    /// they would tell who wrote them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_links(&self, kind: Kind, id: i64) -> Result<()> {
        self.conn().execute(
            "UPDATE audit SET before = NULL, after = NULL WHERE kind = ? AND record_id = ? AND field = 'petition' \
             AND EXISTS (SELECT 1 FROM petition p WHERE p.type = 'denunciation' \
             AND CAST(p.id AS TEXT) IN (audit.before, audit.after))",
            params![kind.code(), id],
        )?;
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

/// How far back the record that someone entered last is looked for, in rows of history.
const LOOK_BACK: i64 = 50_000;

impl Db<'_> {
    /// The place of the newest row of history; 0 when there is none.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn newest_history(&self) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM audit";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
    }

    /// When something was last written; none in a file in which nothing was.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_written(&self) -> Result<Option<String>> {
        let sql = "SELECT at FROM audit ORDER BY id DESC LIMIT 1";
        let mut last = self.conn.prepare_cached(sql)?;
        Ok(last.query_row([], |r| r.get(0)).optional()?)
    }

    /// The record of a register that someone added last and that is not removed, as far back as is quickly read.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_added(&self, kind: Kind, who: &str) -> Result<Option<(i64, String)>> {
        let sql = format!(
            "SELECT a.record_id, a.at FROM audit a JOIN {} t ON t.id = a.record_id AND t.deleted_at IS NULL \
             WHERE a.id > (SELECT coalesce(max(id), 0) FROM audit) - {LOOK_BACK} \
             AND a.kind = ?1 AND a.who = ?2 AND a.action = 'add' ORDER BY a.id DESC LIMIT 1",
            super::table(kind).name
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let mut rows = stmt.query(params![kind.code(), who])?;
        Ok(rows
            .next()?
            .map(|r| Ok::<_, rusqlite::Error>((r.get(0)?, r.get(1)?)))
            .transpose()?)
    }

    /// Ids of the visits or opinions that point to a petition or ever did, removed ones included.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn linked_ever(&self, kind: Kind, petition: i64) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT id FROM {} WHERE petition_id = ?2 UNION SELECT record_id FROM audit WHERE kind = ?1 \
             AND field = 'petition' AND CAST(?2 AS TEXT) IN (before, after)",
            super::table(kind).name
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map(params![kind.code(), petition], |r| r.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

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

    /// What was changed of rules, calendar and settings since a petition was last resolved, newest first; nothing
    /// for one that never was.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn law_since_resolved(&self, petition: i64) -> Result<Vec<LawRow>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT kind, record_id, action, field, before, after FROM audit \
             WHERE kind IN ('rule','calendar','setting') AND id > (SELECT max(id) FROM audit \
             WHERE kind = 'petition' AND record_id = ? AND action = 'step' AND field = 'resolve') ORDER BY id DESC",
        )?;
        let rows = stmt.query_map([petition], |r| {
            Ok(LawRow {
                kind: r.get(0)?,
                record: r.get(1)?,
                added: r.get::<_, String>(2)? == Action::Add.code(),
                change: Change {
                    field: r.get(3)?,
                    before: r.get(4)?,
                    after: r.get(5)?,
                },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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
