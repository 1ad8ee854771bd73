//! A bulk write within one transaction beside others at work: all of it is kept or nothing, as one operation. What
//! would be done again for every row (sums, history, indexes of a register that mostly comes anew) is done once, at
//! the end; the search index comes after it ([`super::later`]), so that others wait less.
use super::index::Index;
use super::{Bulk, later};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::store::search::base;
use crate::store::{Action, Result, StoreError, Tx, sums, table};
use rusqlite::{Connection, params};
use std::path::Path;

/// Cache while very many records are added, in KiB.
const CACHE: i64 = 16_384;
/// Rows from which it pays to take triggers off.
const MANY: usize = 1_000;
/// Rows from which it pays to make the indexes of a register anew, when they are more than those that it holds.
const VERY_MANY: usize = 50_000;

/// What a bulk write will add.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// The register.
    pub kind: Kind,
    /// About how many records.
    pub rows: usize,
    /// Records of the register are looked up by their fields meanwhile: its indexes are needed.
    pub looked_up: bool,
    /// The transaction writes nothing else that find would know.
    pub alone: bool,
    /// Records may say whose matter they are; without it hardly any is the office's own.
    pub decided: bool,
}

impl Tx<'_> {
    /// Runs `work`, which adds very many records of a kind, within this transaction.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database; the transaction is to be given up then.
    pub fn bulk<T, E: From<StoreError>>(
        &self,
        of: Expected,
        stamp: (&str, &str),
        work: impl FnOnce(&mut Bulk) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let conn = self.conn();
        let cache = |kib: i64| conn.pragma_update(None, "cache_size", -kib);
        // Indexes grow everywhere at once: with the cache of one save every row would go to the disk and back.
        cache(CACHE).map_err(StoreError::from)?;
        let done = self.add_all(of, stamp, work);
        cache(super::super::open::CACHE).map_err(StoreError::from)?;
        done
    }

    fn add_all<T, E: From<StoreError>>(
        &self,
        of: Expected,
        stamp: (&str, &str),
        work: impl FnOnce(&mut Bulk) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let conn = self.conn();
        let Expected { kind, rows, .. } = of;
        let many = rows >= MANY;
        let paused = match many {
            true => Some(sums::pause(conn, kind)?),
            false => None,
        };
        let bare = if rows >= VERY_MANY && !of.looked_up && few(conn, kind, rows)? {
            Some(strip(conn, of)?)
        } else {
            None
        };
        let index = if !many {
            Index::within(conn)?
        } else {
            // A database in memory cannot be opened anew.
            match conn.path().filter(|path| of.alone && !path.is_empty()) {
                Some(path) => Index::apart(conn, Path::new(path))?,
                None => Index::Later,
            }
        };
        let later = matches!(index, Index::Later);
        let mut bulk = Bulk::new(conn, index, None);
        bulk.fresh = many.then(|| sums::Fresh::new(kind));
        bulk.within = Some(self);
        let done = work(&mut bulk)?;
        let (spans, mut index, stepped) = (bulk.spans, bulk.index, bulk.stepped);
        let (fresh, mut near) = (bulk.fresh, bulk.near);
        // What it has not learned yet it learns while the rest is done here.
        index = index.close()?;
        for again in bare.iter().flatten() {
            conn.execute_batch(again).map_err(StoreError::from)?;
            near.look(conn)?;
            index.write_some(conn)?;
        }
        if let Some((paused, fresh)) = paused.zip(fresh) {
            paused.resume(conn, fresh)?;
        }
        for (kind, span) in spans {
            self.audit_added(kind, span, (stamp, stepped))?;
            if later {
                later::note(self, (base(kind) + span.0, base(kind) + span.1))?;
            }
            near.look(conn)?;
        }
        let replaced = index.end_within(conn)?;
        self.index_replaced
            .set(self.index_replaced.get() || replaced);
        Ok(done)
    }

    /// The history of records just added, which follow each other.
    fn audit_added(
        &self,
        kind: Kind,
        (first, last): (i64, i64),
        (stamp, stepped): ((&str, &str), bool),
    ) -> Result<()> {
        self.about((kind.code(), first), stamp);
        let op = self.operation(stamp, (kind, first))?;
        self.more_records(usize::try_from(last - first).unwrap_or(0));
        // Those that came with steps have their first row before these.
        let alone = match stepped && kind == Kind::Petition {
            true => "WHERE NOT EXISTS (SELECT 1 FROM step s WHERE s.petition_id = n.id)",
            false => "",
        };
        // A number made of two: each by itself would go through a queue of its own.
        let sql = format!(
            "WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < ?3 - 1), \
             n(id) AS (SELECT ?1 + a.n * ?3 + b.n FROM k a CROSS JOIN k b WHERE ?1 + a.n * ?3 + b.n <= ?2) \
             INSERT INTO audit(who, at, kind, record_id, action, op) SELECT ?4, ?5, ?6, id, ?7, ?8 FROM n {alone}"
        );
        let side = (last - first + 1).isqrt() + 1;
        self.conn().execute(
            &sql,
            params![
                first,
                last,
                side,
                stamp.0,
                stamp.1,
                kind.code(),
                Action::Add.code(),
                op
            ],
        )?;
        Ok(())
    }
}

/// Whether a register holds fewer records than come.
fn few(conn: &Connection, kind: Kind, rows: usize) -> Result<bool> {
    let sql = format!("SELECT coalesce(max(id), 0) FROM {}", table(kind).name);
    let held: i64 = conn.query_row(&sql, [], |r| r.get(0))?;
    Ok(usize::try_from(held).is_ok_and(|held| held < rows))
}

/// Takes the indexes of a register off; what makes them again. One that keeps numbers apart stays, and so does one of the
/// few records that have something others have not: to read all of them for that takes longer than to look at each new.
fn strip(conn: &Connection, of: Expected) -> Result<Vec<String>> {
    let mut stmt = conn.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL \
         AND sql NOT LIKE 'CREATE UNIQUE%' AND sql NOT LIKE '% WHERE %IS NOT NULL%' \
         AND sql NOT LIKE '% WHERE stage = ''suspended''%' \
         AND (?2 OR sql NOT LIKE '% WHERE jurisdiction = ''own''%') ORDER BY rowid",
    )?;
    let own = (table(of.kind).name, of.decided);
    let rows = stmt.query_map(own, |r| Ok((r.get(0)?, r.get(1)?)))?;
    let all = rows.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    for (name, _) in &all {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(all.into_iter().map(|(_, sql)| sql).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::petition::State;
    use crate::domain::record::{Record, blank};
    use crate::domain::value::Value;
    use crate::store::Store;

    fn schema(store: &Store) -> Vec<(String, String)> {
        let mut stmt = store
            .conn
            .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap();
        let rows = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    fn add(store: &mut Store, rows: usize, fails: bool) -> Result<()> {
        add_as(store, (rows, false), fails)
    }

    fn add_as(store: &mut Store, how: (usize, bool), fails: bool) -> Result<()> {
        add_about(store, how, fails, &|n| format!("Việc thứ {n}"))
    }

    fn any_petition(subject: String) -> Box<dyn Record> {
        let mut petition = blank(Kind::Petition);
        let set = [
            ("received_on", Value::Date("2026-01-02".parse().unwrap())),
            ("type", Value::Text("complaint".into())),
            ("subject", Value::Text(subject)),
            ("instance", Value::Int(1)),
            ("jurisdiction", Value::Text("unknown".into())),
            ("complex", Value::Bool(false)),
            ("very_complex", Value::Bool(false)),
            ("remote", Value::Bool(false)),
        ];
        for (key, value) in set {
            petition.set(key, value).unwrap();
        }
        petition
    }

    fn add_about(
        store: &mut Store,
        (rows, alone): (usize, bool),
        fails: bool,
        subject: &dyn Fn(usize) -> String,
    ) -> Result<()> {
        let expected = Expected {
            kind: Kind::Petition,
            rows: VERY_MANY,
            looked_up: false,
            alone,
            decided: true,
        };
        store.write(|tx| {
            tx.bulk(expected, ("thu", "2026-01-02"), |bulk| {
                for n in 0..rows {
                    let mut petition = any_petition(subject(n));
                    let state = State::new(None);
                    let stamp = ("thu", "2026-01-02");
                    bulk.add_petition(
                        petition.as_mut(),
                        Some(2026),
                        stamp,
                        (&[], &[]),
                        (&state, None),
                    )?;
                }
                if fails {
                    return Err(StoreError::Busy);
                }
                Ok(())
            })
        })
    }

    #[test]
    fn what_was_taken_off_is_put_back_whether_it_comes_to_an_end_or_not() {
        let mut store = Store::in_memory().unwrap();
        let before = schema(&store);
        assert!(add(&mut store, 3, true).is_err());
        assert_eq!(schema(&store), before);
        assert!(!store.read().any_record(Kind::Petition).unwrap());
        assert!(store.read().sums_hold().unwrap());
        add(&mut store, 3, false).unwrap();
        assert_eq!(schema(&store), before);
        assert!(store.read().sums_hold().unwrap());
    }

    #[test]
    fn the_operation_of_records_without_steps_is_written_after_them() {
        let mut store = Store::in_memory().unwrap();
        let none = |store: &Store| -> bool {
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM operation)";
            store.conn.query_row(sql, [], |r| r.get(0)).unwrap()
        };
        let seen = std::cell::Cell::new(false);
        store
            .write::<_, StoreError>(|tx| {
                let expected = Expected {
                    kind: Kind::Petition,
                    rows: 1,
                    looked_up: false,
                    alone: false,
                    decided: true,
                };
                let stamp = ("thu", "2026-01-02");
                tx.bulk::<_, StoreError>(expected, stamp, |bulk| {
                    let mut petition = any_petition("Việc".to_owned());
                    let state = State::new(None);
                    let of = (&state, None);
                    bulk.add_petition(petition.as_mut(), Some(2026), stamp, (&[], &[]), of)?;
                    let early: bool = tx.conn().query_row(
                        "SELECT EXISTS (SELECT 1 FROM operation)",
                        [],
                        |r| r.get(0),
                    )?;
                    seen.set(early);
                    Ok(())
                })
            })
            .unwrap();
        assert!(!seen.get());
        assert!(!none(&store));
    }

    #[test]
    fn an_index_that_no_new_record_belongs_to_is_left_as_it_stands() {
        let stripped = |decided: bool| {
            let store = Store::in_memory().unwrap();
            let of = Expected {
                kind: Kind::Petition,
                rows: VERY_MANY,
                looked_up: false,
                alone: false,
                decided,
            };
            let own = strip(&store.conn, of).unwrap();
            assert!(own.iter().any(|sql| sql.contains("petition_date")));
            own.iter().any(|sql| sql.contains("petition_own"))
        };
        assert!(stripped(true));
        assert!(!stripped(false));
    }

    #[test]
    fn a_write_that_ended_before_its_index_is_indexed_when_the_file_is_opened_again() {
        let mut store = Store::in_memory().unwrap();
        add(&mut store, 3, false).unwrap();
        let found = |store: &Store| store.read().with_word(Kind::Petition, "thu", 9).unwrap();
        assert_eq!(found(&store), Vec::<i64>::new());
        // nothing is wrong with what is only to come
        assert_eq!(
            store.read().unindexed(Kind::Petition).unwrap(),
            Vec::<i64>::new()
        );
        store.catch_up(&mut |_, _| ()).unwrap();
        assert_eq!(found(&store), [3, 2, 1]);
        assert_eq!(
            store.read().unindexed(Kind::Petition).unwrap(),
            Vec::<i64>::new()
        );
        assert_eq!(later::due(&store.conn).unwrap(), []);
    }

    #[test]
    fn an_index_that_was_built_beside_the_records_is_there_with_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let found = |store: &Store| store.read().with_word(Kind::Petition, "thu", 9).unwrap();
        let units = |store: &Store| store.read().unindexed(Kind::Unit).unwrap();
        assert_eq!(units(&store), Vec::<i64>::new());
        assert!(add_as(&mut store, (3, true), true).is_err());
        assert_eq!(found(&store), Vec::<i64>::new());
        // twice: what stood in the index is kept, and the connection knows what was written below it
        for all in [vec![3, 2, 1], vec![6, 5, 4, 3, 2, 1]] {
            add_as(&mut store, (3, true), false).unwrap();
            assert_eq!(later::due(&store.conn).unwrap(), []);
            assert_eq!(found(&store), all);
        }
        add(&mut store, 3, false).unwrap();
        store.catch_up(&mut |_, _| ()).unwrap();
        assert_eq!(found(&store), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(units(&store), Vec::<i64>::new());
        let unindexed = store.read().unindexed(Kind::Petition).unwrap();
        assert_eq!(unindexed, Vec::<i64>::new());
    }

    #[test]
    fn after_many_imports_a_save_still_writes_few_pages() {
        const ROWS: usize = 400;
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        store
            .conn
            .pragma_update(None, "synchronous", "off")
            .unwrap();
        let pages = |store: &Store| {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            store.conn.query_row(sql, [], |_| Ok(())).unwrap();
            crate::store::log::pages(&store.conn).unwrap().0
        };
        let mut most = 0;
        let mut save = |store: &mut Store| {
            store.carrier.wait();
            assert_eq!(pages(store), 0);
            let saved = store.write::<_, StoreError>(|tx| {
                let mut visit = blank(Kind::Reception);
                let day = Value::Date("2026-01-02".parse().unwrap());
                visit.set("received_on", day).unwrap();
                visit.set("content", Value::Text("Hỏi đất".into())).unwrap();
                visit.set("people", Value::Int(1)).unwrap();
                visit.set("mode", Value::Text("regular".into())).unwrap();
                tx.insert(visit.as_mut(), Some(2026))
            });
            saved.unwrap();
            most = most.max(crate::store::log::pages(&store.conn).unwrap().0);
        };
        for import in 0..10 {
            let words =
                |n: usize| -> String { (0..40).map(|k| format!("w{import}x{n}x{k} ")).collect() };
            let seen = store.version().unwrap();
            store.make_room();
            assert_eq!(store.version().unwrap(), seen);
            add_about(&mut store, (ROWS, true), false, &words).unwrap();
            (0..10).for_each(|_| save(&mut store));
        }
        (0..150).for_each(|_| save(&mut store));
        let whole = "INSERT INTO search(search) VALUES ('integrity-check')";
        store.conn.execute(whole, []).unwrap();
        let found = store.read().with_word(Kind::Petition, "w3x7x9", 9).unwrap();
        assert_eq!(found.len(), 1);
        assert!(most < 40, "{most} pages");
    }
}
