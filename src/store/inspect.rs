//! What the doctor looks for behind the rows: the search index and the history against the records.
use super::record::{from_row, select};
use super::search::{self, base, texts};
use super::{Db, Result, Tx, bulk, table};
use crate::domain::fold::words;
use crate::domain::record::Kind;
use crate::domain::value::Code;

/// Records of each kind, the newest, whose words are looked up one by one.
const LOOKED_AT: i64 = 500;
/// Ids that a finding names.
const NAMED: usize = 20;

impl Db<'_> {
    /// Records of a kind that the search index does not know as they are: not there, there although removed, or the
    /// newest ones with other words. At most 20 ids.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unindexed(&self, kind: Kind) -> Result<Vec<i64>> {
        let (name, from) = (table(kind).name, base(kind));
        let (first, last) = search::ALL;
        let (first, until) = (from + first, from + last);
        let mut indexed = String::from("1");
        for (first, last) in bulk::due(self.conn)? {
            indexed.push_str(&format!(
                " AND {from} + t.id NOT BETWEEN {first} AND {last}"
            ));
        }
        let sql = format!(
            "SELECT id FROM {name} t WHERE (deleted_at IS NULL) <> EXISTS (SELECT 1 FROM search_docsize d WHERE d.id = {from} + t.id) \
             AND {indexed} \
             UNION ALL SELECT d.id - {from} FROM search_docsize d WHERE d.id BETWEEN {first} AND {until} \
             AND NOT EXISTS (SELECT 1 FROM {name} t WHERE t.id = d.id - {from}) LIMIT {NAMED}"
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let mut ids: Vec<i64> = stmt
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let sql = format!(
            "SELECT {} FROM {name} t WHERE t.deleted_at IS NULL AND {indexed} ORDER BY t.id DESC LIMIT {LOOKED_AT}",
            select(table(kind))
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let records = stmt.query_map([], |r| from_row(kind, r))?;
        let mut found = self
            .conn
            .prepare("SELECT EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?)")?;
        for record in records {
            // A row that cannot be read is a finding of its own.
            let Ok(record) = record else { continue };
            let id = record.head().id;
            let tokens: Vec<String> = texts(record.as_ref())
                .iter()
                .flat_map(|text| words(text))
                .flat_map(|word| [word.folded, word.canon])
                .map(|token| format!("\"{token}\""))
                .collect();
            let known = tokens.is_empty()
                || found.query_row((tokens.join(" AND "), from + id), |r| r.get(0))?;
            if !known && ids.len() < NAMED && !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Records of a kind without a history, and histories without a record. At most 20 ids.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unrecorded(&self, kind: Kind) -> Result<Vec<i64>> {
        let name = table(kind).name;
        // The units of the country come with the program; only what people enter has a history.
        let entered = match kind {
            Kind::Unit => "0",
            _ => "NOT EXISTS (SELECT 1 FROM audit a WHERE a.kind = ?1 AND a.record_id = t.id)",
        };
        let sql = format!(
            "SELECT id FROM {name} t WHERE {entered} UNION ALL SELECT DISTINCT record_id FROM audit a \
             WHERE a.kind = ?1 AND NOT EXISTS (SELECT 1 FROM {name} t WHERE t.id = a.record_id) LIMIT {NAMED}"
        );
        let mut stmt = self.conn.prepare(&sql)?;
        let ids = stmt.query_map([kind.code()], |r| r.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Makes the search index anew from the records.
    ///
    /// # Errors
    /// A failure of the database.
    pub(super) fn reindex(&self) -> Result<()> {
        let conn = self.conn();
        conn.execute_batch("INSERT INTO search(search) VALUES ('delete-all'); DELETE FROM word")?;
        search::post(conn)?;
        bulk::forget(conn)?;
        for kind in Kind::ALL {
            let sql = format!(
                "SELECT {} FROM {} t WHERE t.deleted_at IS NULL ORDER BY t.id",
                select(table(*kind)),
                table(*kind).name
            );
            let mut stmt = conn.prepare(&sql)?;
            for record in stmt.query_map([], |r| from_row(*kind, r))? {
                self.index(record?.as_ref())?;
            }
        }
        Ok(())
    }
}
