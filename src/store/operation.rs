//! Operations: what one person did at once. All history rows of a transaction belong to one, so that it can be taken
//! back as one, and again.
use super::{Action, Change, Db, Result, Tx};
use crate::codes;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use rusqlite::{OptionalExtension, Row, ToSql, params};
use std::collections::BTreeSet;

codes!(
    /// What an operation is.
    Deed {
        Change = "change",
        Undo = "undo",
        Redo = "redo",
    }
);

/// What adds an operation.
pub(super) const ADD: &str = "INSERT INTO operation(who, at, what, undoes, root, records, first) \
    VALUES (?,?,?,?,?,?,(SELECT coalesce(max(id), 0) + 1 FROM audit))";

/// The rows of history that belong to the operation `?1`.
const ITS_ROWS: &str = "op = ?1 AND id >= (SELECT first FROM operation WHERE id = ?1) \
    AND id <= (SELECT coalesce(o.last, (SELECT n.first - 1 FROM operation n WHERE n.id > o.id ORDER BY n.id LIMIT 1), \
    (SELECT max(id) FROM audit)) FROM operation o WHERE o.id = ?1)";

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRow {
    /// Its id.
    pub id: i64,
    /// When, ISO with time and offset.
    pub at: String,
    /// Login name of who did it.
    pub who: String,
    /// What it is.
    pub deed: Deed,
    /// The operation it takes back or does again.
    pub undoes: Option<i64>,
    /// The first operation of such a chain.
    pub root: Option<i64>,
    /// How many records it changed.
    pub records: usize,
    /// Who took it back and when.
    pub undone: Option<(String, String)>,
}

/// One history row of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationChange {
    /// Place in the history.
    pub audit: i64,
    /// Register.
    pub kind: Kind,
    /// Record.
    pub record: i64,
    /// What was done.
    pub action: Action,
    /// Field, text before, text after.
    pub change: Change,
}

/// One row of steps that an operation added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationStep {
    /// The petition.
    pub petition: i64,
    /// The row.
    pub step: i64,
    /// The step that it takes back, if it is no step itself.
    pub undoes: Option<i64>,
}

/// The operation of a running transaction; its row is written with the first change.
#[derive(Debug)]
pub(super) struct Current {
    id: Option<i64>,
    deed: Deed,
    /// What it takes back, and the first operation of the chain.
    chain: Option<(i64, i64)>,
    unlogged: bool,
    records: BTreeSet<(&'static str, i64)>,
    /// The same in the order in which they came.
    came: Vec<(&'static str, i64)>,
    /// Records beside those, which were written in bulk.
    more: usize,
    /// An earlier transaction began the operation.
    goes_on: bool,
}

impl Default for Current {
    fn default() -> Self {
        Self {
            id: None,
            deed: Deed::Change,
            chain: None,
            unlogged: false,
            records: BTreeSet::new(),
            came: Vec::new(),
            more: 0,
            goes_on: false,
        }
    }
}

/// How far the operation of a running transaction is.
#[derive(Debug, Clone, Copy)]
pub(super) struct SoFar {
    id: Option<i64>,
    came: usize,
    more: usize,
}

impl Current {
    /// How far it is now.
    pub(super) fn so_far(&self) -> SoFar {
        SoFar {
            id: self.id,
            came: self.came.len(),
            more: self.more,
        }
    }

    /// Forgets what came since: it is not kept.
    pub(super) fn back_to(&mut self, before: SoFar) {
        for gone in self.came.drain(before.came..) {
            self.records.remove(&gone);
        }
        self.id = before.id;
        self.more = before.more;
    }
}

impl Tx<'_> {
    /// Says that this transaction takes back an operation or does it again; `chain` is that operation and the first
    /// one of its chain.
    pub fn takes_back(&self, deed: Deed, chain: (i64, i64)) {
        let mut now = self.operation.borrow_mut();
        now.deed = deed;
        now.chain = Some(chain);
    }

    /// Writes down an operation whose changes later transactions will make ([`Tx::goes_on`]); its id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn begin_operation(
        &self,
        stamp: (&str, &str),
        (deed, chain): (Deed, Option<(i64, i64)>),
    ) -> Result<i64> {
        self.add_operation(stamp, (deed, chain), 0)
    }

    fn add_operation(
        &self,
        stamp: (&str, &str),
        (deed, chain): (Deed, Option<(i64, i64)>),
        records: i64,
    ) -> Result<i64> {
        self.conn().prepare_cached(ADD)?.execute(params![
            stamp.0,
            stamp.1,
            deed.code(),
            chain.map(|(undoes, _)| undoes),
            chain.map(|(_, root)| root),
            records
        ])?;
        Ok(self.conn().last_insert_rowid())
    }

    /// Says that what this transaction changes belongs to an operation that an earlier one began, if one did.
    pub fn goes_on(&self, operation: Option<i64>) {
        let mut now = self.operation.borrow_mut();
        now.id = operation;
        now.goes_on = operation.is_some();
    }

    /// What this transaction writes is nobody's operation: sample data.
    pub fn unlogged(&self) {
        self.operation.borrow_mut().unlogged = true;
    }

    /// The operation that a change of this record belongs to.
    pub(super) fn operation(&self, stamp: (&str, &str), of: (Kind, i64)) -> Result<Option<i64>> {
        let id = self.operation_id(stamp)?;
        let mut now = self.operation.borrow_mut();
        if id.is_some() && now.records.insert((of.0.code(), of.1)) {
            now.came.push((of.0.code(), of.1));
        }
        Ok(id)
    }

    /// The operation of this transaction, whatever it will change.
    pub(super) fn operation_id(&self, stamp: (&str, &str)) -> Result<Option<i64>> {
        let mut now = self.operation.borrow_mut();
        if now.id.is_none() && !now.unlogged {
            now.id = Some(self.add_operation(stamp, (now.deed, now.chain), 1)?);
        }
        Ok(now.id.filter(|_| !now.unlogged))
    }

    /// The operation that what this transaction has changed so far belongs to; none when it has changed nothing.
    #[must_use]
    pub fn own_operation(&self) -> Option<i64> {
        self.operation.borrow().id
    }

    /// Whether this transaction has changed a record.
    #[must_use]
    pub fn has_changed(&self, of: (Kind, i64)) -> bool {
        let now = self.operation.borrow();
        now.records.contains(&(of.0.code(), of.1))
    }

    /// Counts records of the operation that were written in bulk.
    pub(super) fn more_records(&self, more: usize) {
        self.operation.borrow_mut().more += more;
    }

    /// Notes how many records the operation changed, and where its history ends; the last thing of a transaction.
    pub(super) fn close_operation(&self) -> Result<()> {
        let now = self.operation.borrow();
        let records = now.records.len() + now.more;
        let Some(id) = now.id.filter(|_| now.goes_on || records > 1) else {
            return Ok(());
        };
        let records = i64::try_from(records).unwrap_or(i64::MAX);
        let sum = if now.goes_on { "records + ?" } else { "?" };
        self.conn()
            .prepare_cached(&format!(
                "UPDATE operation SET records = {sum}, last = (SELECT max(id) FROM audit) WHERE id = ?"
            ))?
            .execute((records, id))?;
        Ok(())
    }
}

const COLUMNS: &str = "o.id, o.at, o.who, o.what, o.undoes, o.root, o.records, x.who, x.at \
     FROM operation o LEFT JOIN operation x ON x.undoes = o.id";

fn row(r: &Row) -> rusqlite::Result<OperationRow> {
    let deed: String = r.get(3)?;
    let by: Option<String> = r.get(7)?;
    let at: Option<String> = r.get(8)?;
    Ok(OperationRow {
        id: r.get(0)?,
        at: r.get(1)?,
        who: r.get(2)?,
        deed: Deed::from_code(&deed).unwrap_or(Deed::Change),
        undoes: r.get(4)?,
        root: r.get(5)?,
        records: usize::try_from(r.get::<_, i64>(6)?).unwrap_or(0),
        undone: by.zip(at),
    })
}

impl Db<'_> {
    /// One operation.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operation(&self, id: i64) -> Result<Option<OperationRow>> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE o.id = ?"))?
            .query_row([id], row)
            .optional()?)
    }

    /// The operation that takes another one back, or does it again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn undoing(&self, id: i64) -> Result<Option<OperationRow>> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE o.undoes = ?"))?
            .query_row([id], row)
            .optional()?)
    }

    /// Operations of one person or of all, the newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operations(
        &self,
        who: Option<&str>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<OperationRow>> {
        let of = if who.is_some() {
            "o.who = ?1"
        } else {
            "?1 IS NULL"
        };
        let sql = format!("SELECT {COLUMNS} WHERE {of} ORDER BY o.id DESC LIMIT ?2 OFFSET ?3");
        let int = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map(params![who, int(limit), int(offset)], row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many operations there are, of one person or of all.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn count_operations(&self, who: Option<&str>) -> Result<usize> {
        let of = if who.is_some() {
            "who = ?1"
        } else {
            "?1 IS NULL"
        };
        let sql = format!("SELECT count(*) FROM operation WHERE {of}");
        let n: i64 = self
            .conn
            .prepare_cached(&sql)?
            .query_row([who], |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }

    /// The newest operation of a person that stands and can be taken back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_done(&self, who: &str) -> Result<Option<OperationRow>> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE o.who = ? AND o.what <> 'undo' AND o.records > 0 AND x.id IS NULL ORDER BY o.id DESC LIMIT 1"
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([who], row)
            .optional()?)
    }

    /// The newest taking back of a person that can be done again: none once something new was done after it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_undone(&self, who: &str) -> Result<Option<OperationRow>> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE o.who = ?1 AND o.what = 'undo' AND x.id IS NULL \
             AND o.id > coalesce((SELECT n.id FROM operation n WHERE n.who = ?1 AND n.what = 'change' AND n.records > 0 \
             ORDER BY n.id DESC LIMIT 1), 0) ORDER BY o.id DESC LIMIT 1"
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([who], row)
            .optional()?)
    }

    /// What an operation changed of one record, in the order it was done.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operation_changes_of(&self, id: i64, of: (Kind, i64)) -> Result<Vec<OperationChange>> {
        let which = "kind = ?1 AND record_id = ?2 AND op = ?3 ORDER BY id";
        self.changes(which, params![of.0.code(), of.1, id])
    }

    /// What an operation changed, in the order it was done; at most `limit` rows.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operation_changes(&self, id: i64, limit: Option<usize>) -> Result<Vec<OperationChange>> {
        let limit = limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let which = format!("{ITS_ROWS} ORDER BY id LIMIT ?2");
        self.changes(&which, params![id, limit])
    }

    /// What an operation changed before a place in the history, the last of it first; at most `limit` rows.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operation_changes_before(
        &self,
        id: i64,
        audit: i64,
        limit: usize,
    ) -> Result<Vec<OperationChange>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let which = format!("{ITS_ROWS} AND id < ?2 ORDER BY id DESC LIMIT ?3");
        self.changes(&which, params![id, audit, limit])
    }

    fn changes(&self, which: &str, values: &[&dyn ToSql]) -> Result<Vec<OperationChange>> {
        let sql = format!(
            "SELECT id, kind, record_id, action, field, before, after FROM audit WHERE {which}"
        );
        let mut stmt = self.conn.prepare_cached(&sql)?;
        let rows = stmt.query_map(values, |r| {
            let (kind, action): (String, String) = (r.get(1)?, r.get(3)?);
            let (record, audit) = (r.get(2)?, r.get(0)?);
            let change = Change {
                field: r.get(4)?,
                before: r.get(5)?,
                after: r.get(6)?,
            };
            Ok(Kind::from_code(&kind)
                .zip(Action::from_code(&action))
                .map(|(kind, action)| OperationChange {
                    audit,
                    kind,
                    record,
                    action,
                    change,
                }))
        })?;
        let rows: Vec<Option<OperationChange>> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Whether an operation changed a record.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn in_operation(&self, id: i64, of: (Kind, i64)) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM audit WHERE kind = ? AND record_id = ? AND op = ?)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(params![of.0.code(), of.1, id], |r| r.get(0))?)
    }

    /// The rows of steps that an operation added to a petition, in order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn operation_steps(&self, id: i64, petition: i64) -> Result<Vec<OperationStep>> {
        // By the petition: an operation may have very many.
        let mut stmt = self.conn.prepare_cached(
            "SELECT petition_id, id, undoes FROM step WHERE petition_id = ? AND op = ? ORDER BY id",
        )?;
        let rows = stmt.query_map([petition, id], |r| {
            Ok(OperationStep {
                petition: r.get(0)?,
                step: r.get(1)?,
                undoes: r.get(2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Who changed a field of a record last after a place in its history, and when; any field where none is named.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn changed_since(
        &self,
        of: (Kind, i64),
        field: Option<&str>,
        audit: i64,
    ) -> Result<Option<(String, String)>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT who, at FROM audit WHERE kind = ? AND record_id = ? AND id > ?3 AND (?4 IS NULL OR field = ?4) \
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![of.0.code(), of.1, audit, field], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?)
    }

    /// Who did something with a record that still stands and was first done after the operation `root`, and when.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stands_since(&self, of: (Kind, i64), root: i64) -> Result<Option<(String, String)>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT o.who, o.at FROM audit a JOIN operation o ON o.id = a.op \
                 WHERE a.kind = ? AND a.record_id = ? AND coalesce(o.root, o.id) > ? AND o.what <> 'undo' \
                 AND NOT EXISTS (SELECT 1 FROM operation x WHERE x.undoes = o.id) ORDER BY a.id DESC LIMIT 1",
            )?
            .query_row(params![of.0.code(), of.1, root], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?)
    }
}
