//! A piece of the search index as FTS5 lays it down (its source: `fts5FlushOneHash`): words in order on pages, each with
//! the rows that hold it; the word from which on a page holds words; and for words of very many rows where on which page
//! their rows go on.
use super::varint;

/// Bytes of a page, as FTS5 has it where nothing else is said; it reads pages of any size.
pub(super) const PAGE: usize = 4050;

/// Pages without a new word from which on the rows of a word have a list of where they go on.
const FAR: usize = 4;

/// Part of the piece.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// A page by its number within the piece.
    Page(i64, Vec<u8>),
    /// From which word on a page holds words; the page twice, and one more where a list of pages tells of its last word.
    Key(Vec<u8>, i64),
}

/// Where such parts go; false when they are no longer wanted.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Part) -> bool;

/// A level of the list that tells on which page the rows of a word go on.
#[derive(Debug, Default)]
struct Skip {
    page: u64,
    bytes: Vec<u8>,
    last: Option<i64>,
}

impl Skip {
    /// Its number within the piece.
    fn number(&self, level: usize) -> i64 {
        let level = i64::try_from(level).unwrap_or(0);
        (1 << 36) + (level << 31) + self.page.cast_signed()
    }
}

/// Writes one piece.
pub(super) struct Segment<'a> {
    out: Sink<'a>,
    wanted: bool,
    /// Bytes of a page.
    size: usize,
    page: Vec<u8>,
    number: u64,
    /// Where the words of this page begin, each counted from the one before.
    starts: Vec<u8>,
    last_start: usize,
    /// The last word.
    word: Vec<u8>,
    first_word: bool,
    first_row: bool,
    /// The word from which on a page holds words, and that page; none once it was told.
    key: Vec<u8>,
    key_page: Option<u64>,
    /// Pages since then that no word begins on.
    without: usize,
    skips: Vec<Skip>,
}

/// How many bytes two words begin with alike.
fn alike(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A number of a page of two bytes.
fn short(n: usize) -> [u8; 2] {
    u16::try_from(n).unwrap_or(0).to_be_bytes()
}

/// A page with nothing but its two numbers yet: where its first row lies that follows no word, and where its words end.
fn empty(size: usize) -> Vec<u8> {
    let mut page = Vec::with_capacity(size + 16);
    page.resize(4, 0);
    page
}

impl<'a> Segment<'a> {
    pub(super) fn new(size: usize, out: Sink<'a>) -> Self {
        Self {
            out,
            wanted: true,
            size,
            page: empty(size),
            number: 1,
            starts: Vec::new(),
            last_start: 0,
            word: Vec::new(),
            first_word: true,
            first_row: false,
            key: Vec::new(),
            key_page: Some(1),
            without: 0,
            skips: vec![Skip::default()],
        }
    }

    fn put(&mut self, part: Part) {
        self.wanted = self.wanted && (self.out)(part);
    }

    /// Adds a word, which comes after those before it, with the rows that hold it: the first, and the others as numbers
    /// that say how much later each of them comes.
    pub(super) fn add(&mut self, word: &[u8], first: i64, rest: &[u8]) {
        self.begin(word);
        varint::put(&mut self.page, first.cast_unsigned());
        if self.size > self.page.len() + self.starts.len() + rest.len() {
            self.page.extend_from_slice(rest);
            return;
        }
        self.turn_when_full();
        let (mut row, mut rest) = (first, rest);
        while !rest.is_empty() {
            if self.first_row {
                let Some((more, after)) = varint::get(rest) else {
                    return;
                };
                rest = after;
                row += more.cast_signed();
                self.first_row = false;
                let at = short(self.page.len());
                self.page[..2].copy_from_slice(&at);
                varint::put(&mut self.page, row.cast_unsigned());
                self.note(row);
            } else {
                // As many as fit, and the one that makes the page full.
                let room = self.size - self.page.len() - self.starts.len();
                let full = rest.iter().skip(room.saturating_sub(1));
                let more = full.take_while(|byte| **byte >= 0x80).count();
                let (own, after) = rest.split_at(rest.len().min(room + more));
                rest = after;
                row += varint::sum(own).cast_signed();
                self.page.extend_from_slice(own);
            }
            self.turn_when_full();
        }
    }

    /// Pages of the piece; all of it has been handed on then, and whether it was wanted to the end.
    pub(super) fn end(mut self) -> Option<i64> {
        if self.page.len() > 4 {
            self.turn();
        }
        if self.number > 1 {
            self.tell_key();
        }
        let pages = self.number - 1;
        self.wanted.then_some(pages.cast_signed())
    }

    fn turn_when_full(&mut self) {
        if self.page.len() + self.starts.len() >= self.size {
            self.turn();
        }
    }

    /// Ends a page and begins the next.
    fn turn(&mut self) {
        let mut page = std::mem::replace(&mut self.page, empty(self.size));
        let end = short(page.len());
        page[2..4].copy_from_slice(&end);
        if self.first_word {
            if let Some(skip) = self.skips.first_mut()
                && self.first_row
                && !skip.bytes.is_empty()
            {
                skip.bytes.push(0);
            }
            self.without += 1;
        } else {
            page.append(&mut self.starts);
        }
        let number = self.number.cast_signed();
        self.put(Part::Page(number, page));
        self.last_start = 0;
        self.number += 1;
        self.first_word = true;
        self.first_row = true;
    }

    fn begin(&mut self, word: &[u8]) {
        if self.page.len() + self.starts.len() + word.len() + 2 >= self.size && self.page.len() > 4
        {
            self.turn();
        }
        varint::put(&mut self.starts, length(self.page.len() - self.last_start));
        self.last_start = self.page.len();
        let mut same = 0;
        if !self.first_word {
            same = alike(&self.word, word);
            varint::put(&mut self.page, length(same));
        } else if self.number != 1 {
            // A word after all of the pages before and not after the first of this one.
            let until = match self.word.is_empty() {
                true => word.len(),
                false => 1 + alike(&self.word, word),
            };
            self.tell_key();
            word.get(..until).unwrap_or(word).clone_into(&mut self.key);
            self.key_page = Some(self.number);
        }
        let own = word.get(same..).unwrap_or_default();
        varint::put(&mut self.page, length(own.len()));
        self.page.extend_from_slice(own);
        word.clone_into(&mut self.word);
        self.first_word = false;
        self.first_row = false;
        if let Some(skip) = self.skips.first_mut() {
            skip.page = self.number;
        }
    }

    /// Tells the word from which on a page holds words, once all rows of its last word are written.
    fn tell_key(&mut self) {
        let Some(page) = self.key_page.take() else {
            return;
        };
        let far = self.without >= FAR && self.skips.first().is_some_and(|s| !s.bytes.is_empty());
        self.without = 0;
        let mut parts = Vec::new();
        for (level, skip) in self.skips.iter_mut().enumerate() {
            if skip.bytes.is_empty() {
                break;
            }
            let bytes = std::mem::take(&mut skip.bytes);
            parts.extend(far.then(|| Part::Page(skip.number(level), bytes)));
            skip.last = None;
        }
        parts.into_iter().for_each(|part| self.put(part));
        let key = std::mem::take(&mut self.key);
        self.put(Part::Key(key, page.cast_signed() << 1 | i64::from(far)));
    }

    /// Notes the first row of a page in the list that tells on which page the rows of a word go on.
    fn note(&mut self, row: i64) {
        let mut level = 0;
        let mut page = self.number;
        loop {
            let full = self
                .skips
                .get(level)
                .is_some_and(|s| s.bytes.len() >= self.size);
            if full {
                self.turn_skip(level);
            }
            let Some(skip) = self.skips.get_mut(level) else {
                return;
            };
            match skip.last {
                Some(last) => varint::put(&mut skip.bytes, (row - last).cast_unsigned()),
                None => {
                    skip.bytes.push(u8::from(full));
                    varint::put(&mut skip.bytes, page);
                    varint::put(&mut skip.bytes, row.cast_unsigned());
                }
            }
            skip.last = Some(row);
            if !full {
                return;
            }
            page = skip.page;
            level += 1;
        }
    }

    /// Hands on a full page of such a list; the level above tells of it.
    fn turn_skip(&mut self, level: usize) {
        if self.skips.len() < level + 2 {
            self.skips.push(Skip::default());
        }
        let Some(skip) = self.skips.get_mut(level) else {
            return;
        };
        let mut bytes = std::mem::take(&mut skip.bytes);
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        let (number, page) = (skip.number(level), skip.page);
        skip.last = None;
        skip.page += 1;
        // After the mark of its level and its page stands its first row.
        let first = bytes.get(1..).and_then(varint::get);
        let first = first.and_then(|(_, rest)| varint::get(rest));
        if let (Some((first, _)), Some(above)) = (first, self.skips.get_mut(level + 1))
            && above.bytes.is_empty()
        {
            above.page = page;
            above.bytes.push(0);
            varint::put(&mut above.bytes, page);
            varint::put(&mut above.bytes, first);
            above.last = Some(first.cast_signed());
        }
        self.put(Part::Page(number, bytes));
    }
}
