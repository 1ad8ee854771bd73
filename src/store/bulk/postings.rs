//! Words with the rows that hold them, gathered in memory: for very many records this takes a tenth of the time that the
//! search index takes to learn them one by one, since each beginning of a word is looked at once for all rows.
use super::names::{Names, place};
use super::segment::{Segment, Sink};
use super::union::Union;
use super::varint;

/// Lengths of beginnings, in letters, that the index keeps by themselves (the table `search`).
pub(super) const BEGINNINGS: std::ops::RangeInclusive<usize> = 1..=6;

/// Bytes of a word that the index looks at.
const LONGEST: usize = 32_768;

/// Bytes of the first piece of a word's rows; each further one has twice as many, up to the most.
const FIRST: usize = 8;
const MOST: usize = 512;

/// Bytes of a piece that say where the next one begins.
const NEXT: usize = 4;

/// Rows between the first and the last.
const SPAN: i64 = 1 << 20;

/// The rows of a word.
#[derive(Debug, Default)]
struct Rows {
    /// The last one, counted from the first of all from 1 on.
    last: u32,
    /// Where they begin.
    head: u32,
    /// Where the next one is written, and where there is no room any more.
    at: u32,
    end: u32,
    /// Bytes of the piece that it is written into.
    size: u32,
}

/// What the rows of one range hold.
#[derive(Debug, Default)]
pub(super) struct Postings {
    names: Names,
    /// Of each name.
    words: Vec<Rows>,
    /// Rows of words, in pieces.
    rows: Vec<u8>,
    first: i64,
    last: i64,
    /// The last row, counted from the first from 1 on; 0 for none yet.
    row: u32,
}

/// A word in its place among all words.
#[derive(Debug)]
struct Sorted {
    /// How it begins: most words are told apart by that.
    start: u64,
    number: u32,
    /// How many letters it has, and with how many of them the word before begins as well, as far as the index keeps
    /// beginnings.
    letters: u8,
    alike: u8,
}

/// True where a letter begins, and where a word ends.
fn is_border(name: &[u8], at: usize) -> bool {
    name.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)
}

/// The first letters of a word, or all that it has.
fn beginning(name: &[u8], letters: usize) -> &[u8] {
    let mut starts = (0..name.len()).filter(|at| is_border(name, *at));
    let end = starts.nth(letters).unwrap_or(name.len());
    name.get(..end).unwrap_or(name)
}

/// How many letters there are in some bytes of a word, as far as the index keeps beginnings.
fn letters(name: &[u8]) -> u8 {
    let starts = (0..name.len()).filter(|at| is_border(name, *at));
    starts.take(*BEGINNINGS.end()).fold(0, |count, _| count + 1)
}

/// With how many letters two words begin alike.
fn alike(a: &[u8], b: &[u8]) -> u8 {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    // The last of these bytes may belong to two letters that only begin alike.
    let whole = (0..=same)
        .rev()
        .find(|at| is_border(a, *at) && is_border(b, *at));
    letters(a.get(..whole.unwrap_or(0)).unwrap_or_default())
}

impl Postings {
    /// Bytes of memory that it takes.
    pub(super) fn size(&self) -> usize {
        self.names.size() + self.rows.len() + self.words.len() * size_of::<Rows>()
    }

    /// Begins a row; false where it does not follow those before it near enough.
    pub(super) fn begin(&mut self, row: i64) -> bool {
        if self.row == 0 {
            self.first = row;
        } else if row <= self.last || row - self.first >= SPAN {
            return false;
        }
        self.last = row;
        self.row = u32::try_from(row - self.first + 1).unwrap_or(u32::MAX);
        true
    }

    /// The row begun last, counted from the first from 1 on.
    pub(super) fn row(&self) -> u32 {
        self.row
    }

    /// The number of a word, and whether it is new.
    pub(super) fn learn(&mut self, name: &[u8]) -> (u32, bool) {
        let learnt = self.names.learn(name.get(..LONGEST).unwrap_or(name));
        if learnt.1 {
            self.words.push(Rows::default());
        }
        learnt
    }

    /// Says that the row begun last holds some words; of how many that was not said before.
    pub(super) fn hold(&mut self, numbers: &[u32]) -> u64 {
        let row = self.row;
        let mut new = 0;
        for number in numbers {
            let Some(word) = self.words.get_mut(*number as usize) else {
                continue;
            };
            if word.last == row {
                continue;
            }
            new += 1;
            // The first row is told as it is, counted from the first of all.
            let more = row - word.last.max(1);
            word.last = row;
            if more < 0x80
                && word.at < word.end
                && let Some(to) = self.rows.get_mut(word.at as usize)
            {
                *to = more.to_le_bytes()[0];
                word.at += 1;
            } else {
                self.write_row(*number, more);
            }
        }
        new
    }

    /// Writes how much later the next row of a word comes.
    #[inline(never)]
    fn write_row(&mut self, number: u32, more: u32) {
        let Some(word) = self.words.get_mut(number as usize) else {
            return;
        };
        let mut bytes = [0; 3];
        for (byte, shift) in bytes.iter_mut().zip([14, 7, 0]) {
            *byte = (more >> shift & 0x7f | 0x80).to_le_bytes()[0];
        }
        bytes[2] &= 0x7f;
        let width = match more {
            0..0x80 => 1,
            0x80..0x4000 => 2,
            _ => 3,
        };
        for byte in &bytes[3 - width..] {
            if word.at == word.end {
                let size = (word.size as usize * 2).clamp(FIRST, MOST);
                let begin = self.rows.len();
                self.rows.resize(begin + size + NEXT, 0);
                match word.size {
                    0 => word.head = place(begin),
                    _ => {
                        let from = word.end as usize;
                        let next = place(begin).to_le_bytes();
                        if let Some(bytes) = self.rows.get_mut(from..from + NEXT) {
                            bytes.copy_from_slice(&next);
                        }
                    }
                }
                word.size = place(size);
                word.at = place(begin);
                word.end = place(begin + size);
            }
            if let Some(to) = self.rows.get_mut(word.at as usize) {
                *to = *byte;
            }
            word.at += 1;
        }
    }

    /// The rows of a word as bytes, a piece after the other.
    fn pieces(&self, number: u32) -> impl Iterator<Item = &[u8]> {
        let mut left = self.words.get(number as usize);
        let mut at = left.map_or(0, |word| word.head as usize);
        let mut size = FIRST;
        std::iter::from_fn(move || {
            let word = left?;
            let from = at;
            if word.end as usize == from + size {
                left = None;
                return self.rows.get(from..word.at as usize);
            }
            let (own, rest) = self.rows.get(from..)?.split_at_checked(size)?;
            at = u32::from_le_bytes(*rest.first_chunk()?) as usize;
            size = (size * 2).min(MOST);
            Some(own)
        })
    }

    /// The words that any row holds, in order.
    fn sorted(&self) -> Vec<Sorted> {
        let name = |number| self.names.get(number).unwrap_or_default();
        let held = self.words.iter().zip(0..).filter(|(word, _)| word.last > 0);
        let mut all: Vec<Sorted> = held
            .map(|(_, number)| {
                let name = name(number);
                let mut start = [0; 8];
                start
                    .iter_mut()
                    .zip(name)
                    .for_each(|(to, byte)| *to = *byte);
                Sorted {
                    start: u64::from_be_bytes(start),
                    number,
                    letters: letters(name),
                    alike: 0,
                }
            })
            .collect();
        all.sort_unstable_by(|a, b| {
            let starts = a.start.cmp(&b.start);
            starts.then_with(|| name(a.number).cmp(name(b.number)))
        });
        let mut before: &[u8] = &[];
        for word in &mut all {
            let own = name(word.number);
            word.alike = alike(before, own);
            before = own;
        }
        all
    }

    /// Makes a piece of the index, with pages of a size, of all there is; how many pages it has, none where they were not
    /// wanted.
    pub(super) fn write(&self, page: usize, out: Sink) -> Option<i64> {
        let sorted = self.sorted();
        let mut to = Segment::new(page, out);
        let mut union = Union::new(self.row as usize);
        let (mut name, mut list) = (Vec::new(), Vec::new());
        for (letters, mark) in (0..=*BEGINNINGS.end()).zip(b'0'..) {
            let own = |word: &Sorted| letters > 0 && usize::from(word.alike) >= letters;
            for alike in sorted.chunk_by(|_, next| own(next)) {
                let Some(word) = alike.first() else { continue };
                if usize::from(word.letters) < letters {
                    continue;
                }
                let whole = self.names.get(word.number).unwrap_or_default();
                name.clear();
                name.push(mark);
                name.extend_from_slice(match letters {
                    0 => whole,
                    _ => beginning(whole, letters),
                });
                if alike.len() > 1 {
                    for word in alike {
                        union.add(self.pieces(word.number));
                    }
                    union.take(&mut list);
                } else {
                    list.clear();
                    self.pieces(word.number)
                        .for_each(|piece| list.extend_from_slice(piece));
                }
                if let Some((first, rest)) = varint::get(&list) {
                    to.add(&name, self.first + first.cast_signed(), rest);
                }
            }
        }
        to.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::segment::{PAGE, Part};
    use super::*;
    use rusqlite::Connection;

    /// What stands in the tables behind an index: pages, words of pages.
    type Behind = (Vec<(i64, Vec<u8>)>, Vec<(Vec<u8>, i64)>);

    /// Words of a row: some in every row, some in few, some in one, one very long.
    fn row(n: u32) -> Vec<String> {
        let common = ["đơn", "d", "de6", "đe6", "đất", "\u{f0011}"];
        let mut all: Vec<String> = common.into_iter().map(str::to_owned).collect();
        all.push(format!("mẫu{}", n % 7));
        all.push(format!("thửa{}", n * 37 % 1009));
        all.push(n.to_string());
        if n.is_multiple_of(97) {
            all.push("hiếm".into());
        }
        if n == 500 {
            all.push("dài".repeat(1500));
        }
        all
    }

    fn id(n: u32) -> i64 {
        (5 << 40) + i64::from(n) + i64::from(n / 100) * 1000
    }

    fn of_sqlite(rows: u32, page: usize) -> Behind {
        let conn = Connection::open_in_memory().unwrap();
        let schema = include_str!("../../../db/migrations/0001_registers.sql");
        let table = schema.lines().find(|line| line.contains("USING fts5(body"));
        conn.execute_batch(table.unwrap()).unwrap();
        let sql = "INSERT INTO search(search, rank) VALUES (?, ?)";
        conn.execute(sql, ("pgsz", i64::try_from(page).unwrap()))
            .unwrap();
        conn.execute(sql, ("hashsize", 1 << 30)).unwrap();
        conn.execute_batch("BEGIN").unwrap();
        let sql = "INSERT INTO search(rowid, body) VALUES (?, ?)";
        for n in 0..rows {
            conn.execute(sql, (id(n), row(n).join(" "))).unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
        let mut stmt = conn
            .prepare("SELECT id - (1 << 37), block FROM search_data WHERE id > 10 ORDER BY id")
            .unwrap();
        let pages = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        let pages = pages.collect::<rusqlite::Result<_>>().unwrap();
        let mut stmt = conn
            .prepare("SELECT CAST(term AS BLOB), pgno FROM search_idx ORDER BY term")
            .unwrap();
        let keys = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        (pages, keys.collect::<rusqlite::Result<_>>().unwrap())
    }

    fn of_ours(rows: u32, page: usize) -> Behind {
        let mut postings = Postings::default();
        for n in 0..rows {
            assert!(postings.begin(id(n)));
            for word in row(n) {
                let (number, _) = postings.learn(word.as_bytes());
                assert_eq!(postings.hold(&[number, number]), 1);
                assert_eq!(postings.hold(&[number]), 0);
            }
        }
        let (mut pages, mut keys) = Behind::default();
        let mut sink = |part| {
            match part {
                Part::Page(number, block) => pages.push((number, block)),
                Part::Key(word, page) => keys.push((word, page)),
            }
            true
        };
        let count = postings.write(page, &mut sink).unwrap();
        pages.sort_unstable();
        assert_eq!(
            pages.iter().filter(|(n, _)| *n < 1 << 31).count() as i64,
            count
        );
        (pages, keys)
    }

    #[test]
    fn a_piece_is_byte_for_byte_what_sqlite_makes_of_the_same_rows() {
        for (rows, page) in [(1, PAGE), (30, PAGE), (30_000, PAGE), (6_000, 64)] {
            let (ours, theirs) = (of_ours(rows, page), of_sqlite(rows, page));
            assert!(ours.1 == theirs.1, "words of pages, {rows} rows");
            assert!(ours.0 == theirs.0, "pages, {rows} rows");
            // Lists of where rows go on, and at the small size such lists of lists.
            let far = ours.0.iter().filter(|(n, _)| *n >= 1 << 36).count();
            let farther = ours
                .0
                .iter()
                .filter(|(n, _)| *n >= (1 << 36) + (1 << 31))
                .count();
            assert_eq!((far > 0, farther > 0), (rows > 30, page == 64));
        }
    }

    #[test]
    fn letters_that_only_begin_alike_are_not_alike() {
        for (a, b, letters) in [
            ("", "a", 0),
            ("a", "a", 1),
            ("ab", "abc", 2),
            ("aơ", "aờ", 1),
            ("đ", "đa", 1),
            ("đươ", "đưò", 2),
            ("abcdefgh", "abcdefgi", 6),
        ] {
            assert_eq!(alike(a.as_bytes(), b.as_bytes()), letters, "{a} {b}");
        }
        // A word that was cut within its last letter.
        assert_eq!(alike(b"a\xc3", "aé".as_bytes()), 1);
    }

    #[test]
    fn rows_that_do_not_follow_begin_anew() {
        let mut postings = Postings::default();
        assert!(postings.begin(7));
        assert!(!postings.begin(7));
        assert!(!postings.begin(6));
        assert!(!postings.begin(7 + SPAN));
        assert!(postings.begin(6 + SPAN));
    }
}
