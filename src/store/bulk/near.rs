//! Pages that a long transaction writes at its beginning and again at its end. SQLite writes a page to the log when the cache
//! is full and writes it over when it changes once more; from the first that was written over it then reads the whole log
//! again to number it anew, so that a single one costs as much as all that follow it. What is looked at now and then
//! stays in the cache.
use crate::store::Result;
use rusqlite::Connection;

/// Rows or pages after which they are looked at: fewer than fill the cache, unless the rows are very long.
const EACH: usize = 500;

/// The operation, where it says how many records it has; the indexes that are made again; where the pieces of the search
/// index lie.
const PAGES: &str = "SELECT (SELECT max(id) FROM operation), (SELECT max(rootpage) FROM sqlite_schema), \
     (SELECT max(id) FROM search_data WHERE id <= 10)";

/// Keeps them in the cache.
#[derive(Debug, Default)]
pub(super) struct Near {
    written: usize,
}

impl Near {
    /// Looks at them when something was written often enough since.
    pub(super) fn one_more(&mut self, conn: &Connection) -> Result<()> {
        self.written += 1;
        if self.written >= EACH {
            self.look(conn)?;
        }
        Ok(())
    }

    /// Looks at them.
    pub(super) fn look(&mut self, conn: &Connection) -> Result<()> {
        self.written = 0;
        Ok(conn.prepare_cached(PAGES)?.query_row([], |_| Ok(()))?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::testdata::counted;
    use crate::store::Store;

    /// Writes that a long transaction makes for each of its pages, when what it began with is looked at, or is not.
    fn writes_a_page(near: bool) -> Option<u64> {
        const PAGES: u64 = 6_000;
        let dir = tempfile::tempdir().unwrap();
        let store = Store::fresh(dir.path());
        let conn = &store.conn;
        let run = |sql: &str| conn.execute_batch(sql).unwrap();
        run("PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 0; CREATE TABLE much (text)");
        let before = counted("syscw")?;
        run(
            "BEGIN; INSERT INTO operation(at, who, what, records, first) VALUES ('', '', 'change', 1, 1)",
        );
        let mut own = Near::default();
        for _ in 0..PAGES {
            run("INSERT INTO much VALUES (zeroblob(3000))");
            if near {
                own.one_more(conn).unwrap();
            }
        }
        run("UPDATE operation SET records = 2; COMMIT");
        Some((counted("syscw")? - before) / PAGES)
    }

    #[test]
    fn a_page_is_written_once_and_no_page_of_the_log_is_numbered_anew() {
        // Head and body of a page; without it the head once more.
        let counted = writes_a_page(true).zip(writes_a_page(false));
        assert!(
            counted.is_none_or(|counted| counted == (2, 3)),
            "{counted:?}"
        );
    }
}
