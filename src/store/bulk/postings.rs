//! Words with the rows that hold them, gathered in memory: for very many records this takes a tenth of the time that the
//! search index takes to learn them one by one, since each beginning of a word is looked at once for all rows.
use super::segment::{Segment, Sink};
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

/// A word.
#[derive(Debug)]
struct Word {
    /// Where it stands among the names, and its bytes.
    name: (u32, u32),
    hash: u32,
    /// The last row that holds it, counted from the first from 1 on.
    row: u32,
    /// Where its rows begin.
    head: u32,
    /// Where its next row is written, and where there is no room any more.
    at: u32,
    end: u32,
    /// Bytes of the piece that it is written into.
    size: u32,
}

/// What the rows of one range hold.
#[derive(Debug, Default)]
pub(super) struct Postings {
    words: Vec<Word>,
    names: Vec<u8>,
    /// Rows of words, in pieces.
    rows: Vec<u8>,
    /// Words by their hash: their place from 1 on, 0 for none.
    slots: Vec<u32>,
    first: i64,
    last: i64,
    begun: bool,
}

fn place(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn hash(name: &[u8]) -> u32 {
    let mix = |sum: u64, part: u64| (sum.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95);
    let mut sum = 0;
    for part in name.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..part.len()].copy_from_slice(part);
        sum = mix(sum, u64::from_le_bytes(bytes));
    }
    let sum = mix(sum, length(name.len()));
    u32::try_from(sum >> 32).unwrap_or(0)
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// The first letters of a word; none where it has fewer.
fn beginning(name: &[u8], letters: usize) -> Option<&[u8]> {
    let begins = |byte: &u8| byte & 0xC0 != 0x80;
    let mut starts = (0..name.len()).filter(|at| name.get(*at).is_some_and(begins));
    starts.nth(letters - 1)?;
    name.get(..starts.next().unwrap_or(name.len()))
}

impl Postings {
    /// Bytes of memory that it takes.
    pub(super) fn size(&self) -> usize {
        self.names.len()
            + self.rows.len()
            + self.slots.len() * size_of::<u32>()
            + self.words.len() * size_of::<Word>()
    }

    /// Begins a row; false where it does not follow those before it near enough.
    pub(super) fn begin(&mut self, row: i64) -> bool {
        if !self.begun {
            self.first = row;
        } else if row <= self.last || row - self.first >= SPAN {
            return false;
        }
        self.last = row;
        self.begun = true;
        true
    }

    /// The number of a word, and whether it is new.
    pub(super) fn learn(&mut self, name: &[u8]) -> (u32, bool) {
        let name = name.get(..LONGEST).unwrap_or(name);
        if self.words.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(name);
        let at = self.slot(hash, |word| word.hash == hash && self.name(word) == name);
        let Some(slot) = self.slots.get_mut(at) else {
            return (u32::MAX, false);
        };
        if *slot > 0 {
            return (*slot - 1, false);
        }
        let number = place(self.words.len());
        *slot = number + 1;
        self.words.push(Word {
            name: (place(self.names.len()), place(name.len())),
            hash,
            row: 0,
            head: 0,
            at: 0,
            end: 0,
            size: 0,
        });
        self.names.extend_from_slice(name);
        (number, true)
    }

    /// The slot of the word that is `wanted`, else the one where it belongs.
    fn slot(&self, hash: u32, wanted: impl Fn(&Word) -> bool) -> usize {
        let all = self.slots.len().max(1) - 1;
        let mut at = hash as usize & all;
        while let Some(slot) = self.slots.get(at)
            && let Some(before) = slot.checked_sub(1)
            && !self.words.get(before as usize).is_some_and(&wanted)
        {
            at = (at + 1) & all;
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1024)];
        for (n, word) in self.words.iter().enumerate() {
            let at = self.slot(word.hash, |_| false);
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = place(n + 1);
            }
        }
    }

    fn name(&self, word: &Word) -> &[u8] {
        let at = word.name.0 as usize;
        let name = self.names.get(at..at + word.name.1 as usize);
        name.unwrap_or_default()
    }

    /// Says that the row begun last holds a word; false where that was said before.
    pub(super) fn hold(&mut self, number: u32) -> bool {
        let row = u32::try_from(self.last - self.first + 1).unwrap_or(u32::MAX);
        let Some(word) = self.words.get_mut(number as usize) else {
            return false;
        };
        if word.row == row {
            return false;
        }
        // The first row is told as it is, counted from the first of all.
        let more = match word.row {
            0 => row - 1,
            before => row - before,
        };
        word.row = row;
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
        true
    }

    /// The rows of a word as bytes.
    fn list(&self, word: &Word, out: &mut Vec<u8>) {
        out.clear();
        let (mut at, mut size) = (word.head as usize, FIRST);
        loop {
            if word.end as usize == at + size {
                out.extend_from_slice(self.rows.get(at..word.at as usize).unwrap_or_default());
                return;
            }
            out.extend_from_slice(self.rows.get(at..at + size).unwrap_or_default());
            let next = self
                .rows
                .get(at + size..)
                .and_then(|rest| rest.first_chunk());
            match next {
                Some(next) => at = u32::from_le_bytes(*next) as usize,
                None => return,
            }
            size = (size * 2).min(MOST);
        }
    }

    /// Makes a piece of the index, with pages of a size, of all there is; how many pages it has, none where they were not
    /// wanted.
    pub(super) fn write(&self, page: usize, out: Sink) -> Option<i64> {
        let mut order: Vec<&Word> = self.words.iter().filter(|w| w.row > 0).collect();
        order.sort_unstable_by(|a, b| self.name(a).cmp(self.name(b)));
        let mut to = Target {
            segment: Segment::new(page, out),
            first: self.first,
            name: Vec::new(),
            list: Vec::new(),
            bits: Vec::new(),
        };
        for word in &order {
            to.name(b'0', self.name(word));
            self.list(word, &mut to.list);
            to.put();
        }
        for (letters, mark) in BEGINNINGS.zip(b'1'..) {
            let own = order
                .iter()
                .filter_map(|w| Some((beginning(self.name(w), letters)?, *w)));
            let own: Vec<(&[u8], &Word)> = own.collect();
            for alike in own.chunk_by(|a, b| a.0 == b.0) {
                let Some((name, _)) = alike.first() else {
                    continue;
                };
                to.name(mark, name);
                for (_, word) in alike {
                    self.list(word, &mut to.list);
                    if alike.len() > 1 {
                        to.unite();
                    }
                }
                if alike.len() > 1 {
                    to.united();
                }
                to.put();
            }
        }
        to.segment.end()
    }
}

/// What is being written.
struct Target<'a> {
    segment: Segment<'a>,
    first: i64,
    name: Vec<u8>,
    list: Vec<u8>,
    /// Rows, a bit each, of which several words tell.
    bits: Vec<u64>,
}

impl Target<'_> {
    fn name(&mut self, mark: u8, name: &[u8]) {
        self.name.clear();
        self.name.push(mark);
        self.name.extend_from_slice(name);
    }

    fn put(&mut self) {
        if let Some((first, rest)) = varint::get(&self.list) {
            let first = self.first + first.cast_signed();
            self.segment.add(&self.name, first, rest);
        }
    }

    /// Adds the rows of the list to those of the words before.
    fn unite(&mut self) {
        let (mut rest, mut row) = (self.list.as_slice(), 0);
        while let Some((more, after)) = varint::get(rest) {
            rest = after;
            row += usize::try_from(more).unwrap_or(0);
            if self.bits.len() <= row / 64 {
                self.bits.resize(row / 64 + 1, 0);
            }
            if let Some(bits) = self.bits.get_mut(row / 64) {
                *bits |= 1 << (row % 64);
            }
        }
    }

    /// Makes the list of all of these.
    fn united(&mut self) {
        self.list.clear();
        let mut before = 0;
        for (at, bits) in self.bits.iter_mut().enumerate() {
            while *bits != 0 {
                let row = length(at) * 64 + u64::from(bits.trailing_zeros());
                varint::put(&mut self.list, row - before);
                before = row;
                *bits &= *bits - 1;
            }
        }
        self.bits.clear();
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
                assert!(postings.hold(number));
                assert!(!postings.hold(number));
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
    fn rows_that_do_not_follow_begin_anew() {
        let mut postings = Postings::default();
        assert!(postings.begin(7));
        assert!(!postings.begin(7));
        assert!(!postings.begin(6));
        assert!(!postings.begin(7 + SPAN));
        assert!(postings.begin(6 + SPAN));
    }
}
