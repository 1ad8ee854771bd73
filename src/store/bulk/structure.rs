//! Where in the search index its pieces lie. The index holds pieces in levels, the newest lowest, and puts those of one level
//! together into one of the next, sixteen within the very save that brings the last: with a piece of a whole register on
//! the lowest level, one of the first saves after an import would wait seconds for that.
use super::varint;
use crate::store::Result;
use rusqlite::{Connection, OptionalExtension};

/// Levels that are left free below: sixteen pieces of one become one of the next, so some ten thousand saves come before
/// great pieces are touched.
const BELOW: usize = 4;

/// Pieces on a level that are left alone: the index puts together what lies on one level from four on when it is asked
/// to, and from eight on by itself, a part of it with each of many saves.
const FEW: usize = 3;

/// Pieces on a level where there are very many: the index shall make fewer of them, little by little.
const SEVERAL: usize = 8;

/// Pieces from which on there should be fewer: find looks into each.
const MANY: usize = 60;

/// Pages from which a piece is too much to be written anew with others.
const GREAT: u64 = 64;

/// The same where there are very many pieces.
const GREATER: u64 = 1_024;

/// Pages that are written anew at once.
const AT_ONCE: u64 = 8_000;

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

    /// Lays all pieces anew, these as the newest: far from those that saves will make, and so few on a level that no save
    /// puts them together. Their order stays, oldest highest: the index finds by it what was taken out. Levels from one on
    /// that is just being put together stay as they are.
    fn lay(&mut self, newest: Vec<Piece>) {
        let busy = self.levels.iter().position(|level| level.merging > 0);
        let above = self.levels.split_off(busy.unwrap_or(self.levels.len()));
        let older = self.levels.drain(..).rev().flat_map(|level| level.pieces);
        let all: Vec<Piece> = older.chain(newest).collect();
        let most = match all.len() {
            0..MANY => FEW,
            _ => SEVERAL,
        };
        self.levels.resize_with(BELOW, Level::default);
        self.levels.extend(levels(&all, most));
        self.levels.extend(above);
    }

    /// Lays the newest pieces that are not great on one level, for the index to put them together; false where they are
    /// few.
    fn gather(&mut self) -> bool {
        if self.levels.iter().any(|level| level.merging > 0) {
            return false;
        }
        let all: Vec<Piece> = self
            .levels
            .iter()
            .rev()
            .flat_map(|level| level.pieces.clone())
            .collect();
        let most = if all.len() < MANY { GREAT } else { GREATER };
        let mut room = AT_ONCE;
        let mut small = |piece: &&Piece| {
            let pages = pages(piece);
            room = room.saturating_sub(pages);
            pages < most && room > 0
        };
        let newest = all.iter().rev().take_while(|piece| small(piece)).count();
        let (older, newest) = all.split_at(all.len() - newest);
        if newest.len() <= FEW {
            return false;
        }
        self.levels.clear();
        self.levels.resize_with(BELOW, Level::default);
        // What becomes of it comes to the level above, which is free.
        if let Some(level) = self.levels.iter_mut().rev().nth(1) {
            level.pieces = newest.to_vec();
        }
        self.levels.extend(levels(older, FEW));
        true
    }

    /// Lays the pieces anew where a great one lies among those that saves make; whether one did.
    fn lift(&mut self) -> bool {
        let great = |piece: &Piece| pages(piece) >= GREAT;
        let mut low = self.levels.iter().take(BELOW);
        // One that is just being put together with others comes higher by itself.
        let lifts = low.any(|level| level.merging == 0 && level.pieces.iter().any(great));
        if lifts {
            self.lay(Vec::new());
        }
        lifts
    }

    /// Adds pieces newer than all others.
    pub(super) fn add(&mut self, pieces: Vec<Piece>) {
        self.written += pieces.iter().map(|piece| piece[2]).sum::<u64>();
        self.lay(pieces);
    }
}

/// Pages of a piece.
fn pages(piece: &Piece) -> u64 {
    (piece[2] + 1).saturating_sub(piece[1])
}

/// Levels of so many pieces each, from the lowest on; the pieces come oldest first.
fn levels(pieces: &[Piece], most: usize) -> impl Iterator<Item = Level> {
    pieces.chunks(most).rev().map(|pieces| Level {
        merging: 0,
        pieces: pieces.to_vec(),
    })
}

/// Puts the small pieces together that saves have made, before a great one comes to lie below them: from then on nobody
/// would do it. To be called as [`lift`].
pub(in crate::store) fn gather(conn: &Connection) -> Result<()> {
    alone(conn, |conn| {
        if let Some(mut structure) = Structure::read(conn)?
            && structure.gather()
        {
            conn.pragma_update(None, "secure_delete", "on")?;
            structure.write(conn)?;
            let all = i64::MAX >> 32;
            conn.execute(
                "INSERT INTO search(search, rank) VALUES ('merge', ?)",
                [all],
            )?;
        }
        Ok(())
    })
}

/// Lifts all pieces of the index. To be called on a connection that has not used the index: one that has keeps in mind
/// where the pieces lay.
pub(in crate::store) fn lift(conn: &Connection) -> Result<()> {
    alone(conn, |conn| {
        if let Some(mut structure) = Structure::read(conn)?
            && structure.lift()
        {
            structure.write(conn)?;
        }
        Ok(())
    })
}

fn alone(conn: &Connection, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let done = work(conn);
    conn.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::Store;

    #[test]
    fn levels_are_put_below_and_what_is_of_another_form_is_left_alone() {
        let old = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 2, 1, 0x9C, 0x58, 0, 1, 1, 1, 0x5A, 1, 1, 0, 0, 1, 0, 0,
        ];
        let new = [
            0, 0, 0, 4, 0xFF, 0, 0, 1, 5, 1, 0x9C, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0x5A,
            1, 1, 0, 0, 1,
        ];
        let mut structure = Structure::decode(&old).unwrap();
        assert_eq!(structure.encode(), old);
        assert!(structure.lift());
        assert_eq!(structure.encode(), new);
        assert!(!structure.lift());
        // small ones are left to the index itself, and so is what it is just putting together
        for (at, byte) in [(16, 9), (12, 1)] {
            let mut other = old;
            other[at] = byte;
            assert!(!Structure::decode(&other).unwrap().lift());
        }
        let decoded = |block: &[u8]| Structure::decode(block).is_some();
        assert!(!decoded(&[0, 0, 0, 4, 2, 1, 1, 0, 0]));
        assert!(!decoded(&old[..7]));
        assert!(!decoded(&[&old[..9], &[0x81]].concat()));
        assert!(!decoded(&old[..old.len() - 1]));
    }

    fn piece(n: u64) -> Piece {
        [n, 1, 300, n, n, 0, 0, 9]
    }

    /// The numbers of the pieces, the oldest first.
    fn ages(structure: &Structure) -> Vec<u64> {
        let levels = structure.levels.iter().rev();
        levels
            .flat_map(|level| &level.pieces)
            .map(|piece| piece[0])
            .collect()
    }

    #[test]
    fn new_pieces_come_below_all_others_and_stay_few_on_a_level() {
        let mut structure = Structure {
            count: [0; 4],
            written: 0,
            levels: Vec::new(),
        };
        for n in 1..=150 {
            // A save between two imports.
            let made = if n % 2 == 0 {
                Some(&mut structure.levels[0])
            } else {
                None
            };
            let saved = made.is_some();
            made.into_iter()
                .for_each(|level| level.pieces.push([n, 1, 1, n, n, 0, 0, 1]));
            assert_eq!(
                (structure.next_write(), structure.free(&[])),
                (n + u64::from(saved), n + u64::from(saved))
            );
            if !saved {
                structure.add(vec![piece(n)]);
                assert!(
                    structure
                        .levels
                        .iter()
                        .take(BELOW)
                        .all(|l| l.pieces.is_empty())
                );
            }
            assert_eq!(ages(&structure), (1..=n).collect::<Vec<_>>());
            let most = structure.levels.iter().map(|l| l.pieces.len()).max();
            assert!(most.unwrap() <= if n < MANY as u64 { FEW } else { SEVERAL });
        }
        assert!(structure.levels.len() <= BELOW + 150 / SEVERAL + 2);
        assert_eq!(structure.written, 75 * 300);
        assert_eq!(structure.free(&[piece(151)]), 152);
    }

    #[test]
    fn what_is_just_being_put_together_stays_and_new_pieces_come_below_it() {
        let level = |merging, ns: &[u64]| Level {
            merging,
            pieces: ns.iter().map(|n| piece(*n)).collect(),
        };
        let mut structure = Structure {
            count: [0; 4],
            written: 0,
            levels: vec![level(0, &[5]), level(2, &[3, 4]), level(0, &[1, 2])],
        };
        structure.add(vec![piece(6)]);
        assert_eq!(ages(&structure), [1, 2, 3, 4, 5, 6]);
        assert_eq!(
            structure.levels[BELOW + 1..],
            [level(2, &[3, 4]), level(0, &[1, 2])]
        );
        assert_eq!(structure.levels.len(), BELOW + 3);
    }

    #[test]
    fn an_index_that_was_lifted_is_whole_and_finds_what_it_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let store = Store::fresh(dir.path());
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
        add(1);
        lift(&Connection::open(&path).unwrap()).unwrap();
        let structure = Structure::read(&store.conn).unwrap().unwrap();
        let mut low = structure.levels.iter().take(BELOW);
        assert!(structure.pieces().count() > 0 && low.all(|level| level.pieces.is_empty()));
        assert_eq!(asked(found), 40);
        store.conn.execute(whole, []).unwrap();
        add(100);
        assert_eq!(asked(found), 80);
        store.conn.execute(whole, []).unwrap();
    }
}
