//! A range of an index that will be read from one end to the other: its pages lie here and there in the file, so that the
//! system does not see which comes next.
use super::{DEPTH, Tree, short, word};
use crate::store::Db;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// The first bytes of pages of an index: one that leads on, and one that does not.
const LEADS: u8 = 2;
const ENDS: u8 = 10;
/// Pages that are fetched together while those before them are read: more would keep others waiting for the disk.
const CHUNK: usize = 16;

/// Pages that a level of an index has at most (4 GiB): a damaged page may lead back to itself, and each level would have
/// many times as many as the one before.
const MOST: usize = 1 << 20;

/// What a column holds at a place of its index; nothing comes first.
type First<'a> = Option<&'a [u8]>;

/// The pages of a range that are still to come; by itself, none.
#[derive(Default)]
pub(in crate::store) struct Coming {
    file: Option<Arc<File>>,
    size: usize,
    pages: Vec<u32>,
    /// Where the next ones begin.
    at: usize,
    /// Entries of a page, about.
    entries: usize,
    /// Entries that were read of the last ones.
    read: usize,
}

impl Coming {
    /// An entry was read: once all before them were, the next pages are fetched.
    pub fn step(&mut self) {
        self.read += 1;
        if self.read >= CHUNK * self.entries && self.at < self.pages.len() {
            self.read = 0;
            self.fetch();
        }
    }

    fn fetch(&mut self) {
        let end = self.pages.len().min(self.at + CHUNK);
        let pages = self.pages.get(self.at..end).unwrap_or_default();
        if let Some(file) = &self.file {
            super::fetch_pages(file, self.size, pages.to_vec());
        }
        self.at = end;
    }
}

impl Db<'_> {
    /// Has the system fetch an index page by page while it is read upwards, from where its first column holds `from`, or
    /// nothing, up to its end, or to where it holds something; none where that cannot be.
    pub(in crate::store) fn coming(&self, index: &str, from: Option<&str>) -> Option<Coming> {
        let file = self.file?.file().ok()?;
        let root = self.root(index).ok()?;
        let mut tree = Tree::of(&file)?;
        let (pages, entries) = tree.leaves(root, from.map(str::as_bytes))?;
        let mut coming = Coming {
            size: tree.page.len(),
            file: Some(file),
            pages,
            at: 0,
            entries,
            read: 0,
        };
        // The first are asked for at once, the next while these are read.
        coming.fetch();
        coming.fetch();
        Some(coming)
    }
}

impl Tree<'_> {
    /// The last pages on the way to what an index holds from there on, in order; and how many entries the first has.
    fn leaves(&mut self, root: u32, from: First) -> Option<(Vec<u32>, usize)> {
        let mut level = vec![root];
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for page in &level {
                let place = self.place(*page);
                self.file.read_exact_at(&mut self.page, place).ok()?;
                match self.page.first() {
                    Some(&LEADS) => leads_to(&self.page, from, &mut next)?,
                    Some(&ENDS) => return Some((level, short(&self.page, 3)?.max(1))),
                    _ => return None,
                }
                if next.len() > MOST {
                    return None;
                }
            }
            // Those of the last level are many: they are fetched as they are read.
            let last = next.first().is_some_and(|page| self.ends(*page));
            if !last {
                super::fetch_pages(self.file, self.page.len(), next.clone());
            }
            level = next;
        }
        None
    }

    fn ends(&self, page: u32) -> bool {
        let mut kind = [0];
        let read = self.file.read_exact_at(&mut kind, self.place(page));
        read.is_ok() && kind == [ENDS]
    }
}

/// The pages that a page of an index leads to, in so far as they may hold what is sought.
fn leads_to(page: &[u8], from: First, out: &mut Vec<u32>) -> Option<()> {
    for cell in 0..short(page, 3)? {
        let at = short(page, 12 + 2 * cell)?;
        let key = first(page, at + 4)?;
        // A page holds what is not greater than its key.
        if key >= from {
            out.push(word(page, at)?);
        }
        if from.is_none() && key.is_some() {
            return Some(());
        }
    }
    out.push(word(page, 8)?);
    Some(())
}

/// What the first column holds at an entry of an index: how long the entry is, how long what says so of its columns is,
/// and of the first, whether it is nothing or a text, before the columns themselves.
fn first(page: &[u8], at: usize) -> Option<First<'_>> {
    let (_, at) = super::number(page, at)?;
    let (long, head) = super::number(page, at)?;
    let (kind, _) = super::number(page, head)?;
    let begin = at.checked_add(usize::try_from(long).ok()?)?;
    match usize::try_from(kind).ok()? {
        0 => Some(None),
        kind if kind >= 13 && kind % 2 == 1 => {
            Some(Some(page.get(begin..)?.get(..(kind - 13) / 2)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::tests::FETCHED;
    use super::*;
    use crate::domain::rate::{Cell, Measure, Part};
    use crate::store::{Store, StoreError};
    use rusqlite::Connection;

    /// What stands first in each entry of a page that leads no further.
    fn entries(file: &File, page: u32) -> Vec<Option<String>> {
        let mut tree = Tree::of(file).unwrap();
        let place = tree.place(page);
        file.read_exact_at(&mut tree.page, place).unwrap();
        assert_eq!(tree.page[0], ENDS, "{page}");
        let cell = |n| first(&tree.page, short(&tree.page, 8 + 2 * n).unwrap()).unwrap();
        let text = |first: First| first.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
        let all = 0..short(&tree.page, 3).unwrap();
        all.map(|n| text(cell(n))).collect()
    }

    #[test]
    fn the_pages_of_a_range_are_those_that_hold_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(
            "PRAGMA page_size = 512; CREATE TABLE t (day, a); CREATE INDEX i ON t (day, a); \
             INSERT INTO t WITH RECURSIVE n(id) AS (VALUES (0) UNION ALL SELECT id + 1 FROM n WHERE id < 30000) \
             SELECT CASE WHEN id % 10 > 0 THEN date('2020-01-01', '+' || (id * 7919 % 2000) || ' days') END, id FROM n",
        )
        .unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'i'";
        let root = conn.query_row(sql, [], |r| r.get(0)).unwrap();
        let file = File::open(&path).unwrap();
        let leaves = |from: Option<&str>| {
            let mut tree = Tree::of(&file).unwrap();
            let (pages, entries) = tree.leaves(root, from.map(str::as_bytes)).unwrap();
            assert!(entries > 4);
            pages
        };
        let all = leaves(Some("2020"));
        for from in [None, Some("2020-01-01"), Some("2023-05-05"), Some("2030")] {
            let of = |entry: &Option<String>| match from {
                None => entry.is_none(),
                Some(from) => entry.as_deref() >= Some(from),
            };
            let holds = |page: &&u32| entries(&file, **page).iter().any(of);
            let pages = leaves(from);
            let held = pages.iter().filter(holds).count();
            assert!(held + 2 >= pages.len(), "{from:?}: no others");
            let beside = |page: &&u32| !pages.contains(page);
            assert_eq!(
                all.iter().filter(beside).filter(holds).count(),
                0,
                "{from:?}"
            );
        }
        let (late, none) = (leaves(Some("2023")).len(), leaves(None).len());
        assert!((all.len() / 3..all.len()).contains(&late) && none * 4 < all.len());
    }

    #[test]
    fn what_is_no_index_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::fresh(dir.path());
        let db = store.read();
        for name in ["petition", "no_such_index"] {
            assert!(db.coming(name, None).is_none(), "{name}");
        }
        let done = store.write::<_, StoreError>(|tx| {
            assert!(tx.read().coming("petition_own", None).is_none());
            Ok(())
        });
        done.unwrap();
        Coming::default().step();
    }

    #[test]
    fn a_page_that_leads_back_to_itself_is_not_followed_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        // One page: the head of a file of pages of 512 bytes, and a page of an index whose 40 entries lead to this page.
        let mut bytes = vec![0_u8; 1024];
        bytes[16..18].copy_from_slice(&[2, 0]);
        bytes[512..524].copy_from_slice(&[LEADS, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 2]);
        for cell in 0..40 {
            bytes[524 + 2 * cell..526 + 2 * cell].copy_from_slice(&[1, 0]);
        }
        // Page 2, an entry of four bytes, of which two say that its column is a text of one letter.
        bytes[768..776].copy_from_slice(&[0, 0, 0, 2, 3, 2, 15, b'a']);
        std::fs::write(&path, bytes).unwrap();
        let file = File::open(&path).unwrap();
        let mut tree = Tree::of(&file).unwrap();
        let mut next = Vec::new();
        file.read_exact_at(&mut tree.page, 512).unwrap();
        leads_to(&tree.page, Some(b"a"), &mut next).unwrap();
        assert_eq!(next, [2; 41]);
        assert!(tree.leaves(2, Some(b"a")).is_none());
    }

    #[test]
    fn an_index_that_days_are_counted_by_is_fetched_while_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let store = super::super::tests::petitions(dir.path(), 6_000);
        let day = |text: &str| text.parse().unwrap();
        let (from, to) = (day("2026-01-01"), day("2026-12-31"));
        let cell = Cell::all(Measure::Processing, Part::Denominator, from, to);
        FETCHED.take();
        let found = store.read().cell_tallies(&cell, None).unwrap();
        assert_eq!(found.values().map(|tally| tally.den).sum::<i64>(), 6_000);
        let file = File::open(store.path()).unwrap();
        let pages = FETCHED.take();
        assert!(pages.len() > 2 * CHUNK, "{}", pages.len());
        let read: usize = pages.iter().map(|page| entries(&file, *page).len()).sum();
        assert!(read > 5_900, "{read}");
    }
}
