//! The search index of very many records within one transaction: gathered in memory by a thread of its own while they are
//! written, and laid down as pieces of their own. What the index holds already is not touched.
use super::postings::Postings;
use super::segment::{PAGE, Part};
use super::structure::{Piece, Structure};
use super::varint;
use crate::domain::fold::{Word, words};
use crate::domain::hash::QuickMap;
use crate::domain::record::Record;
use crate::store::search::{each_text, place_words};
use crate::store::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

/// Rows handed over at once, bytes of their texts, and how many such batches may wait.
const BATCH: usize = 256;
const BYTES: usize = 1 << 17;
const WAITING: usize = 8;

/// Rows to be gathered.
#[derive(Debug, Default)]
struct Batch {
    /// Each with where its texts end, and the words of its place and time behind these.
    rows: Vec<(i64, usize, usize)>,
    /// One after the other, a line each: memory of its own for each text takes longer than the text.
    texts: String,
}

impl Batch {
    fn put(&mut self, row: i64, record: &dyn Record) {
        each_text(record, |text| {
            self.texts.push_str(text);
            self.texts.push('\n');
        });
        let end = self.texts.len();
        self.texts.extend(place_words(record));
        self.rows.push((row, end, self.texts.len()));
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= BATCH || self.texts.len() >= BYTES
    }

    /// Each row with its texts and the words of its place and time.
    fn each(&self) -> impl Iterator<Item = (i64, &str, &str)> {
        let mut from = 0;
        self.rows.iter().map(move |(row, middle, end)| {
            let texts = self.texts.get(from..*middle).unwrap_or_default();
            from = *end;
            let place = self.texts.get(*middle..*end).unwrap_or_default();
            (*row, texts, place)
        })
    }
}

/// Bytes of memory from which on what was gathered becomes a piece.
const FULL: usize = 6 << 20;

/// The row of the index that says how many rows it has and of how many words.
const TOTALS: i64 = 1;

/// What the thread gives back, in the order of the pieces.
#[derive(Debug)]
enum Made {
    /// Part of a piece.
    Part(Part),
    /// A piece: its pages, and its rows with how many words each holds.
    Piece(i64, Vec<(i64, u64)>),
    /// A word with marks that was not met before.
    Word(Word),
}

/// An index that is being gathered.
#[derive(Debug)]
pub(super) struct Apart {
    batch: Batch,
    /// None once all was sent.
    send: Option<SyncSender<Batch>>,
    back: Receiver<Made>,
    done: JoinHandle<()>,
    structure: Structure,
    pieces: Vec<Piece>,
    /// The number of the piece whose parts come now.
    number: u64,
    rows: u64,
    words: u64,
}

fn broken() -> StoreError {
    StoreError::Sql("the search index could not be built".into())
}

impl Apart {
    /// Begins; none where the index has a form that is not known, or too many pieces already.
    pub(super) fn begin(conn: &Connection) -> Result<Option<Self>> {
        let Some(structure) = Structure::read(conn)? else {
            return Ok(None);
        };
        if structure.is_crowded() {
            return Ok(None);
        }
        let (send, receive) = sync_channel(WAITING);
        // Never full: one side would wait for the other for ever.
        let (give, back) = channel();
        let done = std::thread::Builder::new()
            .name("index".into())
            .spawn(move || gather(&receive, &give))?;
        Ok(Some(Self {
            batch: Batch::default(),
            send: Some(send),
            back,
            done,
            number: structure.free(&[]),
            structure,
            pieces: Vec::new(),
            rows: 0,
            words: 0,
        }))
    }

    pub(super) fn add(&mut self, conn: &Connection, row: i64, record: &dyn Record) -> Result<()> {
        self.batch.put(row, record);
        if !self.batch.is_full() {
            return Ok(());
        }
        self.hand_over()?;
        while let Ok(made) = self.back.try_recv() {
            self.lay(conn, made)?;
        }
        Ok(())
    }

    fn hand_over(&mut self) -> Result<()> {
        let empty = Batch {
            rows: Vec::with_capacity(BATCH),
            texts: String::with_capacity(self.batch.texts.len()),
        };
        let full = std::mem::replace(&mut self.batch, empty);
        let send = self.send.as_ref().ok_or_else(broken)?;
        send.send(full).map_err(|_| broken())
    }

    /// Says that nothing more is to come.
    pub(super) fn close(&mut self) -> Result<()> {
        if self.send.is_some() {
            self.hand_over()?;
            self.send = None;
        }
        Ok(())
    }

    /// Lays down what is left, and says where all of it lies. The connection must be opened anew before it uses the index:
    /// it keeps in mind where the pieces lay.
    pub(super) fn end(mut self, conn: &Connection) -> Result<()> {
        self.close()?;
        while let Ok(made) = self.back.recv() {
            self.lay(conn, made)?;
        }
        self.done.join().map_err(|_| broken())?;
        if self.pieces.is_empty() {
            return Ok(());
        }
        self.structure.add(self.pieces);
        self.structure.write(conn)?;
        count(conn, self.rows, self.words)
    }

    fn lay(&mut self, conn: &Connection, made: Made) -> Result<()> {
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
                let sql = "INSERT INTO search_docsize(id, sz, origin) VALUES (?, ?, ?)";
                let mut add = conn.prepare_cached(sql)?;
                let mut size = Vec::new();
                for (row, words) in &rows {
                    size.clear();
                    varint::put(&mut size, *words);
                    add.execute((row, &size, write.cast_signed()))?;
                    self.words += words;
                }
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

/// Takes entries until the end and gives back the pieces made of them, of each register by itself: its rows come in order.
fn gather(receive: &Receiver<Batch>, back: &Sender<Made>) {
    let mut all: BTreeMap<i64, Gathered> = BTreeMap::new();
    for batch in receive {
        for (row, texts, place) in batch.each() {
            let own = all.entry(row >> 40).or_default();
            if !own.postings.begin(row) {
                own.give(back);
                own.postings.begin(row);
            }
            own.take(row, texts, place, back);
            if own.size() > FULL {
                own.give(back);
            }
        }
    }
    all.values_mut().for_each(|own| own.give(back));
}

/// What the rows of one register hold.
#[derive(Debug, Default)]
struct Gathered {
    postings: Postings,
    /// Pieces between spaces that were taken apart: texts of many records share a few thousand of them.
    known: QuickMap<String, Vec<u32>>,
    /// Bytes of these.
    letters: usize,
    rows: Vec<(i64, u64)>,
}

impl Gathered {
    fn size(&self) -> usize {
        // A word that is remembered takes about as much as a hundred letters.
        self.postings.size() + self.letters + self.known.len() * 100
    }

    /// Every word of a row once, folded and with marks, and the words of its place and time.
    fn take(&mut self, row: i64, texts: &str, place: &str, back: &Sender<Made>) {
        let mut count = 0;
        // Words never reach across a space, so each piece between spaces is taken apart by itself.
        for piece in texts.split_ascii_whitespace() {
            if let Some(numbers) = self.known.get(piece) {
                for number in numbers {
                    count += u64::from(self.postings.hold(*number));
                }
                continue;
            }
            let mut numbers = Vec::new();
            for word in words(piece) {
                let (number, _) = self.postings.learn(word.folded.as_bytes());
                numbers.push(number);
                if word.canon != word.folded {
                    let (number, _) = self.postings.learn(word.canon.as_bytes());
                    numbers.push(number);
                    // Also where the same letters stood without marks before («a4», «Á»). Nobody takes it any more
                    // when the work was given up.
                    let _ = back.send(Made::Word(word));
                }
            }
            for number in &numbers {
                count += u64::from(self.postings.hold(*number));
            }
            // A word with digits is rarely met again (numbers of books): it is not remembered.
            if !piece.bytes().any(|b| b.is_ascii_digit()) {
                self.letters += piece.len();
                self.known.insert(piece.to_owned(), numbers);
            }
        }
        let mut bytes = [0; 4];
        for letter in place.chars() {
            let (number, _) = self
                .postings
                .learn(letter.encode_utf8(&mut bytes).as_bytes());
            count += u64::from(self.postings.hold(number));
        }
        self.rows.push((row, count));
    }

    /// Gives back a piece of what was gathered, and begins anew.
    fn give(&mut self, back: &Sender<Made>) {
        let own = std::mem::take(self);
        if own.rows.is_empty() {
            return;
        }
        let pages = own
            .postings
            .write(PAGE, &mut |part| back.send(Made::Part(part)).is_ok());
        if let Some(pages) = pages {
            let _ = back.send(Made::Piece(pages, own.rows));
        }
    }
}
