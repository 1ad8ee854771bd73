//! Rows that are known to be read are fetched from the disk together: one after the other, each waits for the one before.
//! The file itself is looked at, without SQLite. What stands in the log only is not seen, and nothing is told of it: all
//! that can come of it is that a page is read which nobody needs.
mod range;

use super::handle::fetch;
use super::table::table;
use super::{Db, Result};
use crate::domain::record::Kind;
pub(super) use range::Coming;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// Rows that are read as quickly without it.
const FEW: usize = 2;
/// So far from each other pages are still fetched in one piece.
const NEAR: u32 = 8;
/// Levels that a tree of SQLite's has at most.
const DEPTH: usize = 20;
/// The first byte of a page that leads to the rows of a table.
const LEADS: u8 = 5;

/// A page and those of the rows sought that lie below it.
type Below<'a> = (u32, &'a [i64]);

impl Db<'_> {
    /// Has the system fetch the rows of a register that will be read next, without waiting for them; where it cannot, they
    /// come as they are asked for.
    pub(super) fn fetch(&self, kind: Kind, ids: &[i64]) {
        let file = self.file.filter(|_| ids.len() > FEW);
        if let Some(file) = file.and_then(|handle| handle.file().ok())
            && let Ok(root) = self.root(table(kind).name)
            && let Some(mut tree) = Tree::of(&file)
        {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            tree.fetch(root, &ids);
        }
    }

    /// Has the system fetch all rows of a small register.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn fetch_all(&self, kind: Kind) -> Result<()> {
        let all: Vec<i64> = (1..=self.last_id(kind)?).collect();
        self.fetch(kind, &all);
        Ok(())
    }

    /// The page at which a table or an index begins.
    fn root(&self, name: &str) -> Result<u32> {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
        let mut stmt = self.conn.prepare_cached(sql)?;
        Ok(stmt.query_row([name], |r| r.get(0))?)
    }
}

/// The pages of a database's file.
struct Tree<'a> {
    file: &'a File,
    page: Vec<u8>,
}

impl<'a> Tree<'a> {
    fn of(file: &'a File) -> Option<Self> {
        let mut head = [0; 18];
        file.read_exact_at(&mut head, 0).ok()?;
        let size = match short(&head, 16)? {
            1 => 65_536,
            size => size,
        };
        (size >= 512).then(|| Self {
            file,
            page: vec![0; size],
        })
    }

    fn place(&self, page: u32) -> u64 {
        place(page, self.page.len())
    }

    /// Goes down level by level: what a level leads to is fetched before it is looked at, all of it at once.
    fn fetch(&mut self, root: u32, ids: &[i64]) {
        let mut level = vec![(root, ids)];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for (page, ids) in level {
                let place = self.place(page);
                let read = self.file.read_exact_at(&mut self.page, place);
                // A page of rows, or what stands there is no tree (any more).
                if read.is_err() || below(&self.page, ids, &mut next).is_none() {
                    return;
                }
            }
            let pages: Vec<u32> = next.iter().map(|(page, _)| *page).collect();
            fetch_pages(self.file, self.page.len(), pages);
            level = next;
        }
    }
}

/// Those that lie near each other in one piece: a disk takes hardly longer for it than for the first of them.
fn fetch_pages(file: &File, size: usize, mut pages: Vec<u32>) {
    #[cfg(test)]
    tests::FETCHED.with_borrow_mut(|all| all.extend(&pages));
    pages.sort_unstable();
    for run in pages.chunk_by(|a, b| b.saturating_sub(*a) <= NEAR) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            let end = place(*last, size) + size as u64;
            fetch(file, place(*first, size), end - place(*first, size));
        }
    }
}

fn place(page: u32, size: usize) -> u64 {
    u64::from(page.saturating_sub(1)) * size as u64
}

/// The pages that one leads to on the way to these rows, in their order; none where it leads to none.
fn below<'a>(page: &[u8], ids: &'a [i64], out: &mut Vec<Below<'a>>) -> Option<()> {
    if page.first() != Some(&LEADS) {
        return None;
    }
    let mut rest = ids;
    for cell in 0..short(page, 3)? {
        if rest.is_empty() {
            return Some(());
        }
        let at = short(page, 12 + 2 * cell)?;
        let last = row(page, at + 4)?;
        let (mine, beyond) = rest.split_at(rest.partition_point(|id| *id <= last));
        if !mine.is_empty() {
            out.push((word(page, at)?, mine));
        }
        rest = beyond;
    }
    if !rest.is_empty() {
        out.push((word(page, 8)?, rest));
    }
    Some(())
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(*two)))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The number of a row.
fn row(bytes: &[u8], at: usize) -> Option<i64> {
    Some(number(bytes, at)?.0)
}

/// A number as SQLite writes it, seven bits a byte and eight in the ninth; and what follows it.
fn number(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut number: i64 = 0;
    for (place, byte) in bytes.get(at..)?.iter().take(9).enumerate() {
        if place == 8 {
            return Some((number << 8 | i64::from(*byte), at + 9));
        }
        number = number << 7 | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + place + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::fold::Pattern;
    use crate::domain::query::Query;
    use crate::domain::record::blank;
    use crate::domain::value::Value;
    use crate::store::{Anchor, Days, Mode, OpenOptions, Store, StoreError};
    use rusqlite::Connection;
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::path::Path;

    thread_local! {
        /// The pages that this thread has had fetched.
        pub(super) static FETCHED: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) };
    }

    /// A file of rows on very small pages, so that ways are long; each tenth row is there.
    fn rows(path: &Path, rows: i64) -> (File, u32) {
        let conn = Connection::open(path).unwrap();
        conn.execute_batch("PRAGMA page_size = 512; CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
            .unwrap();
        let fill = "INSERT INTO t WITH RECURSIVE n(id) AS (VALUES (-50) UNION ALL SELECT id + 10 FROM n WHERE id < ?) \
             SELECT id, hex(zeroblob(40)) FROM n";
        conn.execute(fill, [rows]).unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 't'";
        let root = conn.query_row(sql, [], |r| r.get(0)).unwrap();
        (File::open(path).unwrap(), root)
    }

    fn fetched(file: &File, root: u32, ids: &[i64]) -> BTreeSet<u32> {
        FETCHED.take();
        Tree::of(file).unwrap().fetch(root, ids);
        FETCHED.take()
    }

    /// The rows of a page; none where it has none.
    fn rows_of(file: &File, page: u32) -> Option<Vec<i64>> {
        let mut tree = Tree::of(file).unwrap();
        file.read_exact_at(&mut tree.page.clone(), tree.place(page))
            .ok()?;
        let place = tree.place(page);
        file.read_exact_at(&mut tree.page, place).unwrap();
        let cell = |n| short(&tree.page, 8 + 2 * n).unwrap();
        // Before its number a row says in a byte or two how long it is.
        let number = |at| row(&tree.page, at + 1 + usize::from(tree.page[at] >> 7)).unwrap();
        let all = 0..short(&tree.page, 3)?;
        (tree.page[0] == 13).then(|| all.map(|n| number(cell(n))).collect())
    }

    #[test]
    fn the_pages_of_rows_are_found_from_level_to_level() {
        let dir = tempfile::tempdir().unwrap();
        let (file, root) = rows(&dir.path().join("t.db"), 200_000);
        let near: Vec<i64> = (500..520).map(|n| n * 10).collect();
        let far: Vec<i64> = (0..20).map(|n| n * 9_990).collect();
        let gone = vec![5, 15, 100_001, 199_999, 300_000];
        for ids in [near, far, gone] {
            let pages = fetched(&file, root, &ids);
            let leaves: Vec<_> = pages
                .iter()
                .filter_map(|page| rows_of(&file, *page))
                .collect();
            assert!(pages.len() > leaves.len(), "what leads there too");
            for id in ids {
                let holds = |rows: &Vec<i64>| {
                    let before = rows.first().is_some_and(|first| *first <= id + 9);
                    before && rows.last().is_some_and(|last| *last >= id.min(200_000))
                };
                let at = leaves.iter().filter(|rows| holds(rows)).count();
                assert!(at > 0, "{id}: {leaves:?}");
            }
        }
        assert!(fetched(&file, root, &[500, 510, 520, 530]).len() <= 8);
    }

    #[test]
    fn what_is_no_tree_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let (file, root) = rows(&path, 200_000);
        for page in [0, root + 1, 1_000_000, u32::MAX] {
            assert!(fetched(&file, page, &[10, 20, 30]).len() <= 3 * DEPTH);
        }
        // One page leads to itself, and says more than it holds.
        let mut bytes = std::fs::read(&path).unwrap();
        let at = 512 * (root as usize - 1);
        bytes[at..at + 16]
            .copy_from_slice(&[5, 0, 0, 255, 255, 1, 255, 0, 0, 0, 0, 3, 1, 255, 1, 255]);
        std::fs::write(&path, bytes).unwrap();
        fetched(&File::open(&path).unwrap(), root, &[10, 20, 30]);
    }

    #[test]
    fn numbers_of_rows_are_read_as_they_are_written() {
        assert_eq!(row(&[0x7f], 0), Some(127));
        assert_eq!(row(&[9, 0x81, 0x00], 1), Some(128));
        assert_eq!(row(&[0xff; 9], 0), Some(-1));
        assert_eq!(
            (row(&[0x81], 0), row(&[1], 1), row(&[1], 2)),
            (None, None, None)
        );
    }

    /// A file with so many petitions of a day.
    pub(super) fn petitions(folder: &Path, count: usize) -> Store {
        let mut store = Store::fresh(folder);
        let text = |text: &str| Value::Text(text.to_owned());
        let all = store.write::<_, StoreError>(|tx| {
            let mut record = blank(Kind::Petition);
            let day = "2026-03-02".parse().unwrap();
            record.set("received_on", Value::Date(day)).unwrap();
            record.set("type", text("feedback")).unwrap();
            record.set("instance", Value::Int(1)).unwrap();
            record.set("jurisdiction", text("unknown")).unwrap();
            for key in ["complex", "very_complex", "remote"] {
                record.set(key, Value::Bool(false)).unwrap();
            }
            record.set("subject", text(&"đường ".repeat(50))).unwrap();
            for _ in 0..count {
                tx.insert(record.as_mut(), Some(2026))?;
            }
            Ok(())
        });
        all.unwrap();
        let path = store.path().to_owned();
        // All of it is in the file itself then.
        store.close().unwrap();
        let options = OpenOptions {
            mode: Mode::ReadWrite,
            assume_fs: None,
        };
        Store::open(&path, &options).unwrap()
    }

    #[test]
    fn rows_that_are_read_one_by_one_are_fetched_together() {
        let dir = tempfile::tempdir().unwrap();
        let store = petitions(dir.path(), 400);
        let file = File::open(store.path()).unwrap();
        let today = "2026-03-02".parse().unwrap();
        let days = Days { today, soon: today };
        let covers = |ids: &[i64]| {
            let pages = FETCHED.take();
            let rows = pages.iter().filter_map(|page| rows_of(&file, *page));
            let rows: Vec<i64> = rows.flatten().collect();
            !ids.is_empty() && ids.iter().all(|id| rows.contains(id))
        };
        let (q, read) = (Query::all(Kind::Petition), store.read());
        let page = read.page(&q, days, (Anchor::First, 100), 60).unwrap();
        let ids: Vec<i64> = page.unwrap().iter().map(|r| r.head().id).collect();
        assert!(covers(&ids), "of a page of a list");
        let rows = read.list_with_rule(&q, days, Some(60)).unwrap();
        let ids: Vec<i64> = rows.iter().map(|(r, _)| r.head().id).collect();
        assert!(covers(&ids), "of a list with its rules");
        let pattern = Pattern::parse("duong");
        let asked = read.asked(&pattern).unwrap().unwrap();
        let mut looking = read.unknown(Kind::Petition).unwrap().look();
        for (want, known) in [(8, 0), (60, 8)] {
            read.look(&asked, &pattern, &mut looking, want).unwrap();
            let hits = looking.hits.iter().skip(known);
            let ids: Vec<i64> = hits.map(|hit| hit.record.head().id).collect();
            assert!(covers(&ids), "of what find finds");
        }
        read.fetch_all(Kind::Petition).unwrap();
        assert!(covers(&(1..=400).collect::<Vec<_>>()), "of all of it");
        assert!(Store::in_memory().unwrap().read().file.is_none());
    }
}
