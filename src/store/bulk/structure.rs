//! Where in the search index its pieces lie. The index holds pieces in levels, the newest lowest, and puts sixteen of one
//! level together into one of the next, within the very save that brings the last: with a piece of a whole register on
//! the lowest level, one of the first saves after an import would wait seconds for that.
use super::varint;
use crate::store::Result;
use rusqlite::{Connection, OptionalExtension};

/// Levels that are left free below: so many times sixteen saves come before the great pieces are touched again.
const BELOW: usize = 4;

/// Levels from which the index is deep enough: what an import adds to a large register lies low, and is small beside it.
const DEEP: usize = 12;

/// Pieces from which on new ones go through the index's own merging.
const CROWDED: usize = 100;

/// The row of the index that says where its pieces lie.
const STRUCTURE: i64 = 10;

/// What stands before the form that tells from when pieces are.
const FORM: [u8; 4] = [0xFF, 0, 0, 1];

/// A piece: its number, its first and last page, the numbers between which the writes lie that it came from, its pages
/// and rows of what was taken out since, its rows.
pub(super) type Piece = [u64; 8];

/// Pieces, and how many of them are being put together.
#[derive(Debug, Default, PartialEq)]
struct Level {
    merging: u64,
    pieces: Vec<Piece>,
}

/// The row of the index that says where its pieces lie, as FTS5 writes it: a number of four bytes that grows, four bytes
/// that say which form it has, then how many levels, how many pieces and what was written so far; then the levels from
/// the lowest on.
#[derive(Debug, PartialEq)]
pub(super) struct Structure {
    count: [u8; 4],
    written: u64,
    levels: Vec<Level>,
}

impl Structure {
    /// Reads it; none where it has another form.
    pub(super) fn read(conn: &Connection) -> Result<Option<Self>> {
        let block: Option<Vec<u8>> = conn
            .prepare("SELECT block FROM search_data WHERE id = ?")?
            .query_row([STRUCTURE], |r| r.get(0))
            .optional()?;
        Ok(block.as_deref().and_then(Self::decode))
    }

    fn decode(block: &[u8]) -> Option<Self> {
        let (count, rest) = block.split_first_chunk()?;
        let rest = rest.strip_prefix(&FORM)?;
        let (levels, rest) = varint::get(rest)?;
        let (pieces, rest) = varint::get(rest)?;
        let (written, mut rest) = varint::get(rest)?;
        let mut next = || {
            let (n, after) = varint::get(rest)?;
            rest = after;
            Some(n)
        };
        let mut all = Vec::new();
        for _ in 0..levels {
            let mut level = Level {
                merging: next()?,
                pieces: Vec::new(),
            };
            for _ in 0..next()? {
                let mut piece = Piece::default();
                for part in &mut piece {
                    *part = next()?;
                }
                level.pieces.push(piece);
            }
            all.push(level);
        }
        let own = Self {
            count: *count,
            written,
            levels: all,
        };
        (rest.is_empty() && own.pieces().count() as u64 == pieces).then_some(own)
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = [self.count, FORM].concat();
        let pieces = self.pieces().count() as u64;
        for n in [self.levels.len() as u64, pieces, self.written] {
            varint::put(&mut out, n);
        }
        for level in &self.levels {
            varint::put(&mut out, level.merging);
            varint::put(&mut out, level.pieces.len() as u64);
            for part in level.pieces.iter().flatten() {
                varint::put(&mut out, *part);
            }
        }
        out
    }

    /// Writes it. A connection that has used the index does not see it: it keeps in mind where the pieces lay.
    pub(super) fn write(&self, conn: &Connection) -> Result<()> {
        conn.execute(
            "UPDATE search_data SET block = ? WHERE id = ?",
            (self.encode(), STRUCTURE),
        )?;
        Ok(())
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.levels.iter().flat_map(|level| &level.pieces)
    }

    /// Whether there are so many pieces that find goes slower for each more; the index takes 2,000 at most.
    pub(super) fn is_crowded(&self) -> bool {
        self.pieces().count() > CROWDED
    }

    /// The number of the write that comes next.
    pub(super) fn next_write(&self) -> u64 {
        self.pieces().map(|piece| piece[4]).max().unwrap_or(0) + 1
    }

    /// A number that no piece bears, and none of `others`.
    pub(super) fn free(&self, others: &[Piece]) -> u64 {
        let taken = |n: &u64| self.pieces().chain(others).any(|piece| piece[0] == *n);
        (1..).find(|n| !taken(n)).unwrap_or(1)
    }

    /// Puts levels below all pieces, unless they lie high enough.
    fn lift(&mut self) -> bool {
        let low = (1..DEEP).contains(&self.levels.len());
        if low {
            let below = (0..BELOW).map(|_| Level::default());
            self.levels.splice(0..0, below);
        }
        low
    }

    /// Adds pieces newer than all others, and far from those that saves will make.
    pub(super) fn add(&mut self, pieces: Vec<Piece>) {
        self.written += pieces.iter().map(|piece| piece[2]).sum::<u64>();
        if self.levels.len() < DEEP {
            self.levels.insert(0, Level::default());
            self.lift();
        }
        let lowest = self
            .levels
            .iter()
            .position(|level| !level.pieces.is_empty());
        let at = lowest.map_or(self.levels.len(), |at| at.max(1)) - 1;
        if let Some(level) = self.levels.get_mut(at) {
            level.pieces.extend(pieces);
        }
    }
}

/// Lifts all pieces of the index. To be called on a connection that has not used the index: one that has keeps in mind
/// where the pieces lay.
pub(in crate::store) fn lift(conn: &Connection) -> Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let done = lift_all(conn);
    conn.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn lift_all(conn: &Connection) -> Result<()> {
    if let Some(mut structure) = Structure::read(conn)?
        && structure.lift()
    {
        structure.write(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::{Mode, OpenOptions, Store};

    #[test]
    fn levels_are_put_below_and_what_is_of_another_form_is_left_alone() {
        let old = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 2, 1, 0x9C, 0x58, 0, 1, 1, 1, 9, 1, 1, 0, 0, 1, 0, 0,
        ];
        let new = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 6, 1, 0x9C, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 9, 1,
            1, 0, 0, 1, 0, 0,
        ];
        let mut structure = Structure::decode(&old).unwrap();
        assert_eq!(structure.encode(), old);
        assert!(structure.lift());
        assert_eq!(structure.encode(), new);
        let deep = [&old[..8], &[12, 1, 0], &[0; 20], &old[12..]].concat();
        assert!(!Structure::decode(&deep).unwrap().lift());
        let decoded = |block: &[u8]| Structure::decode(block).is_some();
        assert!(!decoded(&[0, 0, 0, 4, 2, 1, 1, 0, 0]));
        assert!(!decoded(&old[..7]));
        assert!(!decoded(&[&old[..9], &[0x81]].concat()));
        assert!(!decoded(&old[..old.len() - 1]));
    }

    #[test]
    fn new_pieces_come_below_all_others() {
        let piece = |n| [n, 1, 3, n, n, 0, 0, 9];
        let mut structure = Structure {
            count: [0; 4],
            written: 0,
            levels: Vec::new(),
        };
        for n in 1..20 {
            assert_eq!((structure.next_write(), structure.free(&[])), (n, n));
            structure.add(vec![piece(n)]);
            let newest: Vec<u64> = structure.pieces().map(|piece| piece[0]).collect();
            let lowest = structure.levels.iter().find(|l| !l.pieces.is_empty());
            assert_eq!(lowest.unwrap().pieces.last().unwrap()[0], n);
            assert_eq!(newest.len() as u64, n);
        }
        assert!(structure.levels.len() <= DEEP + BELOW);
        assert_eq!(structure.written, 19 * 3);
        assert_eq!(structure.free(&[piece(20)]), 21);
    }

    #[test]
    fn an_index_that_was_lifted_is_whole_and_finds_what_it_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let options = OpenOptions {
            mode: Mode::Create,
            assume_fs: None,
        };
        let store = Store::open(&path, &options).unwrap();
        let add = |from: i64| {
            for n in from..from + 40 {
                let sql = "INSERT INTO search(rowid, body) VALUES (?, 'zzthu')";
                store.conn.execute(sql, [n]).unwrap();
            }
        };
        let asked = |sql: &str| {
            let row = store.conn.query_row(sql, [], |r| r.get::<_, i64>(0));
            row.unwrap()
        };
        let found = "SELECT count(*) FROM search WHERE search MATCH 'zzthu'";
        let whole = "INSERT INTO search(search) VALUES ('integrity-check')";
        let size = "SELECT length(block) FROM search_data WHERE id = 10";
        add(1);
        let before = asked(size);
        lift(&Connection::open(&path).unwrap()).unwrap();
        assert_eq!(asked(size), before + 2 * i64::try_from(BELOW).unwrap());
        assert_eq!(asked(found), 40);
        store.conn.execute(whole, []).unwrap();
        add(100);
        assert_eq!(asked(found), 80);
        store.conn.execute(whole, []).unwrap();
    }
}
