//! The search index of very many records within one transaction: gathered in memory by a thread of its own while they are
//! written, or where processors are few once they are, and laid down as pieces of their own. What the index holds already is
//! not touched.
use super::batch::{Batch, Kept};
use super::gather::{Made, gather};
use super::near::Near;
use super::segment::Part;
use super::structure::{Piece, Structure};
use super::varint;
use crate::domain::record::Record;
use crate::store::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension};
use std::fs::File;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

/// Batches that may wait.
const WAITING: usize = 8;

/// Parts that may wait to be laid down where rows come from a file, some MiB of pages: they are made much quicker than
/// laid down, and all of them would be as much memory as the index.
const AHEAD: usize = if cfg!(test) { 8 } else { 1024 };

/// The row of the index that says how many rows it has and of how many words.
const TOTALS: i64 = 1;

/// How rows come to the thread that gathers them.
#[derive(Debug)]
enum Way {
    /// It takes them at once.
    Now(SyncSender<Batch>, Gathering),
    /// They wait until there are no more.
    Later(Kept, SyncSender<Made>),
    /// It has all of them.
    Closed(Gathering),
}

type Gathering = JoinHandle<Result<()>>;

/// An index that is being gathered.
#[derive(Debug)]
pub(super) struct Apart {
    batch: Batch,
    way: Way,
    back: Receiver<Made>,
    structure: Structure,
    pieces: Vec<Piece>,
    /// The number of the piece whose parts come now.
    number: u64,
    rows: u64,
    words: u64,
    near: Near,
}

fn broken() -> StoreError {
    StoreError::Sql("the search index could not be built".into())
}

impl Apart {
    /// Begins; none where the index has a form that is not known, or too many pieces already. Rows wait in a file for their
    /// end, or are gathered as they come.
    pub(super) fn begin(conn: &Connection, keep: Option<File>) -> Result<Option<Self>> {
        let Some(structure) = Structure::read(conn)? else {
            return Ok(None);
        };
        if structure.is_crowded() {
            return Ok(None);
        }
        let (way, back) = match keep {
            Some(file) => {
                let (give, back) = sync_channel(AHEAD);
                (Way::Later(Kept::new(file), give), back)
            }
            None => {
                // Never full: one side would wait for the other for ever.
                let (give, back) = channel();
                let (send, receive) = sync_channel(WAITING);
                let next = move |batch: &mut Batch| {
                    let next = receive.recv().ok();
                    Ok(next.map(|next| *batch = next).is_some())
                };
                let gathering = start(next, move |made| give.send(made).is_ok())?;
                (Way::Now(send, gathering), back)
            }
        };
        Ok(Some(Self {
            batch: Batch::default(),
            way,
            back,
            number: structure.free(&[]),
            structure,
            pieces: Vec::new(),
            rows: 0,
            words: 0,
            near: Near::default(),
        }))
    }

    pub(super) fn add(&mut self, conn: &Connection, row: i64, record: &dyn Record) -> Result<()> {
        self.batch.put(row, record);
        if !self.batch.is_full() {
            return Ok(());
        }
        self.hand_over()?;
        self.lay_some(conn)
    }

    /// Lays down what there is of it now.
    pub(super) fn lay_some(&mut self, conn: &Connection) -> Result<()> {
        while let Ok(made) = self.back.try_recv() {
            self.lay(conn, made)?;
        }
        Ok(())
    }

    fn hand_over(&mut self) -> Result<()> {
        match &mut self.way {
            Way::Now(send, _) => send.send(self.batch.take()).map_err(|_| broken()),
            Way::Later(kept, _) => Ok(kept.put(&mut self.batch)?),
            Way::Closed(_) => Err(broken()),
        }
    }

    /// Says that nothing more is to come.
    pub(super) fn close(mut self) -> Result<Self> {
        if !matches!(self.way, Way::Closed(_)) {
            self.hand_over()?;
        }
        self.way = Way::Closed(match self.way {
            Way::Now(_, gathering) | Way::Closed(gathering) => gathering,
            Way::Later(kept, give) => {
                let mut kept = kept.read()?;
                let next = move |batch: &mut Batch| Ok(kept.next(batch)?);
                start(next, move |made| give.send(made).is_ok())?
            }
        });
        Ok(self)
    }

    /// Lays down what is left, and says where all of it lies. The connection must be opened anew before it uses the index:
    /// it keeps in mind where the pieces lay.
    pub(super) fn end(self, conn: &Connection) -> Result<()> {
        let mut own = self.close()?;
        while let Ok(made) = own.back.recv() {
            own.lay(conn, made)?;
        }
        if let Way::Closed(gathering) = own.way {
            gathering.join().map_err(|_| broken())??;
        }
        if own.pieces.is_empty() {
            return Ok(());
        }
        own.structure.add(own.pieces);
        own.structure.write(conn)?;
        count(conn, own.rows, own.words)
    }

    fn lay(&mut self, conn: &Connection, made: Made) -> Result<()> {
        self.near.one_more(conn)?;
        match made {
            Made::Part(Part::Page(page, block)) => {
                let sql = "INSERT INTO search_data(id, block) VALUES (?, ?)";
                let id = (self.number.cast_signed() << 37) + page;
                conn.prepare_cached(sql)?.execute((id, block))?;
            }
            Made::Part(Part::Key(word, page)) => {
                let sql = "INSERT INTO search_idx(segid, term, pgno) VALUES (?, ?, ?)";
                conn.prepare_cached(sql)?
                    .execute((self.number.cast_signed(), word, page))?;
            }
            Made::Piece(pages, rows) => {
                let write = self.structure.next_write() + self.pieces.len() as u64;
                self.words += sizes(conn, &rows, write.cast_signed())?;
                let count = rows.len() as u64;
                self.rows += count;
                let pages = pages.cast_unsigned();
                let piece = [self.number, 1, pages, write, write, 0, 0, count];
                self.pieces.push(piece);
                self.number = self.structure.free(&self.pieces);
            }
            Made::Word(word) => {
                let sql = "INSERT OR IGNORE INTO word(folded, canon) VALUES (?, ?)";
                conn.prepare_cached(sql)?
                    .execute((&word.folded, &word.canon))?;
            }
        }
        Ok(())
    }
}

/// Rows of sizes that are written at once: one by one a third of the time goes into beginning and ending.
const TOGETHER: usize = 32;

/// Notes how many words each row has, in the order of writes to which they belong; all of them.
fn sizes(conn: &Connection, rows: &[(i64, u64)], write: i64) -> Result<u64> {
    let mut size = Vec::new();
    for some in rows.chunks(TOGETHER) {
        let marks = vec!["(?, ?, ?)"; some.len()].join(", ");
        let sql = format!("INSERT INTO search_docsize(id, sz, origin) VALUES {marks}");
        let mut add = conn.prepare_cached(&sql)?;
        for (n, (row, words)) in some.iter().enumerate() {
            size.clear();
            varint::put(&mut size, *words);
            add.raw_bind_parameter(3 * n + 1, row)?;
            add.raw_bind_parameter(3 * n + 2, &size)?;
            add.raw_bind_parameter(3 * n + 3, write)?;
        }
        add.raw_execute()?;
    }
    Ok(rows.iter().map(|(_, words)| words).sum())
}

/// Adds to how many rows and words the index has.
fn count(conn: &Connection, rows: u64, words: u64) -> Result<()> {
    let block: Option<Vec<u8>> = conn
        .prepare("SELECT block FROM search_data WHERE id = ?")?
        .query_row([TOTALS], |r| r.get(0))
        .optional()?;
    let block = block.unwrap_or_default();
    let (had, rest) = varint::get(&block).unwrap_or_default();
    let (held, _) = varint::get(rest).unwrap_or_default();
    let mut out = Vec::new();
    varint::put(&mut out, had + rows);
    varint::put(&mut out, held + words);
    conn.execute(
        "INSERT OR REPLACE INTO search_data(id, block) VALUES (?, ?)",
        (TOTALS, out),
    )?;
    Ok(())
}

fn start(
    next: impl FnMut(&mut Batch) -> Result<bool> + Send + 'static,
    give: impl Fn(Made) -> bool + Send + 'static,
) -> Result<Gathering> {
    let thread = std::thread::Builder::new().name("index".into());
    Ok(thread.spawn(move || gather(next, &give))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::index::Index;
    use super::*;
    use crate::domain::record::{Kind, blank};
    use crate::domain::value::Value;
    use crate::store::Store;
    use crate::store::search::base;

    /// The tables behind the index, when rows wait in a file and when they do not.
    fn laid(keep: Option<File>) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::fresh(dir.path());
        let conn = &store.conn;
        conn.execute_batch("BEGIN").unwrap();
        let mut apart = Apart::begin(conn, keep).unwrap().unwrap();
        for row in 1..700 {
            let mut petition = blank(Kind::Petition);
            let text = format!("Đường số {row}, ấp {}", row % 7);
            petition.set("subject", Value::Text(text)).unwrap();
            apart
                .add(conn, base(Kind::Petition) + row, petition.as_ref())
                .unwrap();
        }
        let mut apart = apart.close().unwrap();
        apart.lay_some(conn).unwrap();
        apart.end(conn).unwrap();
        let tables = [
            "SELECT group_concat(id || hex(block), char(10)) FROM search_data",
            "SELECT group_concat(segid || hex(term) || pgno, char(10)) FROM search_idx",
            "SELECT group_concat(id || hex(sz), char(10)) FROM search_docsize",
            "SELECT group_concat(folded || canon, char(10)) FROM word",
        ];
        let text = |sql: &&str| conn.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
        tables.iter().map(text).collect()
    }

    #[test]
    fn rows_that_wait_make_the_same_index() {
        let waiting = laid(Some(tempfile::tempfile().unwrap()));
        assert!(waiting == laid(None));
        assert!(waiting.iter().all(|table| !table.is_empty()));
    }

    #[test]
    fn where_no_file_can_be_made_rows_are_gathered_as_they_come() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::fresh(dir.path());
        let nowhere = dir.path().join("none/b.db");
        let index = Index::apart(&store.conn, &nowhere).unwrap();
        assert!(matches!(index, Index::Apart(apart) if matches!(apart.way, Way::Now(..))));
    }
}
