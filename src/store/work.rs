//! A work too long for one transaction: others would wait for all of it. What it will write is gathered first, where
//! nobody sees it; then one transaction decides that all of it will be, and pieces follow, each of them a short
//! transaction. A setting says how far it is, so that whoever opens the file after a kill goes on with what was decided
//! and forgets what was not.
use super::{Db, Result, StoreError, Tx};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use rusqlite::{OptionalExtension, Params, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The setting that tells of the work.
const WORK: &str = "long_work";

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Rows of a file are written into a register.
    Import,
    /// An operation is taken back, or done again.
    TakeBack,
}

/// A long work, as far as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// A name that no other work bears: who goes on with it sees by this that it is still the same.
    #[serde(default)]
    pub id: String,
    /// What is being done.
    pub task: Task,
    /// Register of an import.
    pub kind: String,
    /// All of it will be written; before that, nothing is.
    pub decided: bool,
    /// Login name of who does it.
    pub who: String,
    /// When it was begun, ISO with time and offset.
    pub at: String,
    /// The operation that its changes belong to, once there is one.
    pub operation: Option<i64>,
    /// The operation that is taken back.
    pub of: i64,
    /// The newest row of history when it was decided: whatever is newer and another's is not written over.
    pub newest: i64,
    /// Import: the next row to write. Taking back: rows of history from this place on are done.
    pub next: i64,
    /// How many records there are.
    pub all: usize,
    /// The highest number that rows of an import bear, by year.
    #[serde(default)]
    pub numbers: BTreeMap<i32, i64>,
    /// The newest row of history at the end of its last piece.
    #[serde(default)]
    pub seen: i64,
    /// Somebody else has written since it was decided.
    #[serde(default)]
    pub moved: bool,
    /// Import: rows of the file that were left out.
    #[serde(default)]
    pub left: Vec<usize>,
    /// Import: rows of the file whose link to another row was lost, that one being left out.
    #[serde(default)]
    pub unlinked: Vec<usize>,
    /// Records of which something was wiped: the file is to be cleaned before the work is done.
    #[serde(default)]
    pub wiped: Vec<(String, i64)>,
    /// Taking back: the round it is in.
    #[serde(default)]
    pub round: Round,
}

/// A round through the records of an operation that is taken back: what others still need goes in a later one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Which one, from 0.
    pub n: usize,
    /// Something was taken back in it.
    pub stirred: bool,
    /// Records that stay as they are for now; the first of them, of more the number alone.
    pub stay: Vec<(String, i64)>,
    /// How many these are.
    pub staying: usize,
}

impl Work {
    /// The register of an import.
    #[must_use]
    pub fn register(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }

    /// Whether something of it was not done, which a person must be told.
    #[must_use]
    pub fn leaves(&self) -> bool {
        !self.left.is_empty() || !self.unlinked.is_empty() || self.round.staying > 0
    }
}

/// The setting that tells what a work that is done has left out.
fn told(operation: i64) -> String {
    format!("long_work_left_{operation}")
}

fn json(work: &Work) -> Result<String> {
    serde_json::to_string(work).map_err(|e| StoreError::Sql(e.to_string()))
}

fn read(text: &str) -> Result<Work> {
    serde_json::from_str(text).map_err(|e| StoreError::Damaged(format!("{WORK}: {e}")))
}

/// A row that waits to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Its place.
    pub n: i64,
    /// Row of the file.
    pub row: i64,
    /// The record that it changes; none for a new one.
    pub record: Option<i64>,
    /// Others of the file point to it.
    pub kept: bool,
    /// What it says, as the use case wrote it.
    pub data: Vec<u8>,
}

impl Db<'_> {
    /// The long work that is not done yet.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn work(&self) -> Result<Option<Work>> {
        self.setting(WORK)?.as_deref().map(read).transpose()
    }

    /// The long work that an operation was, when it has left something out.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn left_out(&self, operation: i64) -> Result<Option<Work>> {
        let said = self.setting(&told(operation))?;
        // One that cannot be read tells nothing, and nothing rests on it.
        Ok(said.as_deref().and_then(|text| read(text).ok()))
    }

    /// How many rows wait.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn waiting(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM incoming WHERE data <> x''";
        let n: i64 = self.conn.query_row(sql, [], |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// Rows that wait, from a place on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn incoming(&self, from: i64, limit: usize) -> Result<Vec<Incoming>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows_waiting("n >= ? ORDER BY n LIMIT ?", (from, limit))
    }

    /// Rows that wait to change a record, or have made it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn incoming_of(&self, record: i64) -> Result<Vec<Incoming>> {
        self.rows_waiting("record = ? ORDER BY n", [record])
    }

    fn rows_waiting(&self, which: &str, values: impl Params) -> Result<Vec<Incoming>> {
        let sql = format!("SELECT n, row, record, kept, data FROM incoming WHERE {which}");
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map(values, |r| {
            Ok(Incoming {
                n: r.get(0)?,
                row: r.get(1)?,
                record: r.get(2)?,
                kept: r.get(3)?,
                data: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The records that rows before a place have made and that others point to, by row of the file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn made_before(&self, n: i64) -> Result<Vec<(i64, i64)>> {
        let mut stmt = self.conn.prepare_cached(
            "SELECT row, record FROM incoming WHERE n < ? AND kept AND record IS NOT NULL",
        )?;
        let rows = stmt.query_map([n], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a row that waits changes this record.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_incoming(&self, record: i64) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM incoming WHERE record = ?)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([record], |r| r.get(0))?)
    }

    /// What was changed after a place in the history: each record once, at most `limit`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn touched_since(&self, audit: i64, limit: usize) -> Result<Vec<(Kind, i64)>> {
        let sql = "SELECT DISTINCT kind, record_id FROM audit WHERE id > ? LIMIT ?";
        let mut stmt = self.conn.prepare_cached(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = stmt.query_map((audit, limit), |r| {
            let kind: String = r.get(0)?;
            Ok((Kind::from_code(&kind), r.get(1)?))
        })?;
        let rows: Vec<(Option<Kind>, i64)> = rows.collect::<rusqlite::Result<_>>()?;
        let of_records = |(kind, id): (Option<Kind>, i64)| Some((kind?, id));
        Ok(rows.into_iter().filter_map(of_records).collect())
    }

    /// Who changed a record last after a place in its history, beside one operation, and when.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn changed_beside(
        &self,
        of: (Kind, i64),
        audit: i64,
        operation: Option<i64>,
    ) -> Result<Option<(String, String)>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT who, at FROM audit WHERE kind = ? AND record_id = ? AND id > ? AND op IS NOT ? \
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![of.0.code(), of.1, audit, operation], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?)
    }
}

impl Tx<'_> {
    /// Says how far the long work is.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_work(&self, work: &Work) -> Result<()> {
        self.note_setting(WORK, &json(work)?)
    }

    /// The long work is over, whatever is said of it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_work(&self) -> Result<()> {
        self.conn()
            .execute("DELETE FROM setting WHERE key = ?", [WORK])?;
        Ok(())
    }

    /// The long work is done, or forgotten. What it has left out is kept with its operation.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn end_work(&self, work: &Work) -> Result<()> {
        self.forget_work()?;
        let Some(operation) = work.operation else {
            return Ok(());
        };
        if work.leaves() {
            return self.note_setting(&told(operation), &json(work)?);
        }
        self.conn()
            .prepare_cached("DELETE FROM setting WHERE key = ?")?
            .execute([told(operation)])?;
        Ok(())
    }

    /// Lets a row wait behind the others; gives its place.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_incoming(
        &self,
        (row, record): (i64, Option<i64>),
        kept: bool,
        data: &[u8],
    ) -> Result<i64> {
        self.conn()
            .prepare_cached("INSERT INTO incoming(row, record, kept, data) VALUES (?,?,?,?)")?
            .execute(params![row, record, kept, data])?;
        Ok(self.conn().last_insert_rowid())
    }

    /// A row that others point to is written: only the record that it made is still of use.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn incoming_made(&self, n: i64, record: i64) -> Result<()> {
        self.conn()
            .prepare_cached("UPDATE incoming SET record = ?, data = x'' WHERE n = ?")?
            .execute((record, n))?;
        Ok(())
    }

    /// Forgets the rows before a place that nothing points to.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_incoming(&self, before: i64) -> Result<()> {
        self.conn().execute(
            "DELETE FROM incoming WHERE n < ? AND NOT (kept AND record IS NOT NULL)",
            [before],
        )?;
        Ok(())
    }

    /// A row says nothing any more: when its turn comes, it is left out.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn blank_incoming(&self, n: i64) -> Result<()> {
        self.conn()
            .prepare_cached("UPDATE incoming SET data = x'' WHERE n = ?")?
            .execute([n])?;
        Ok(())
    }

    /// Forgets so many rows, whatever they say; false when none were left.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn drop_incoming(&self, limit: usize) -> Result<bool> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let gone = self.conn().execute(
            "DELETE FROM incoming WHERE n IN (SELECT n FROM incoming ORDER BY n LIMIT ?)",
            [limit],
        )?;
        Ok(gone > 0)
    }
}
