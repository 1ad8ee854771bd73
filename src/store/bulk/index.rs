//! The search index of a bulk write. It takes as long to build as all the tables, so it is built beside them: by a
//! thread of its own, in a file of its own, and copied over when it is done.
use super::super::open::connect;
use super::super::search::{place_words, texts};
use super::super::side::{folder, nameless};
use super::super::{Result, StoreError};
use super::apart::Apart;
use super::structure::lift;
use crate::domain::fold::{Word, words};
use crate::domain::record::Record;
use rusqlite::Connection;
use rusqlite::types::ToSqlOutput;
use std::collections::HashMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// A row of the index to be made: its rowid, the texts it is made of, and the words of its place and time.
type Entry = (i64, Vec<String>, String);

/// Threads that are at work while rows are written: one reads, one judges, one writes.
const THREADS: usize = 3;

/// Entries handed over at once, and how many such batches may wait.
const BATCH: usize = 256;
const WAITING: usize = 8;

/// Cache of the file in which an index is built, in KiB.
const WIDE: i64 = 65_536;

/// The tables behind the index (`search`), which are copied as they are.
const BEHIND: &[&str] = &["data", "idx", "docsize", "config"];

/// Where index rows go.
#[derive(Debug)]
pub(super) enum Index {
    /// Into the database itself, one in memory having no second connection; the whole of it, or some rows more.
    Here(Tokens, bool),
    /// To the thread that builds the index beside it.
    Beside(Beside),
    /// To the thread that gathers it.
    Apart(Apart),
    /// Nowhere: the index comes after the records.
    Later,
}

impl Index {
    /// Begins an index for the database at `path`; none for one in memory, or with a name that SQL cannot say.
    pub(super) fn begin(conn: &Connection, path: Option<&Path>) -> Result<Self> {
        match path.filter(|p| p.to_str().is_some()) {
            None => {
                tune(conn)?;
                Ok(Self::Here(Tokens::default(), true))
            }
            Some(path) => Ok(Self::Beside(Beside::begin(conn, path)?)),
        }
    }

    /// Begins to add to the index of a database that others work with.
    pub(super) fn within(conn: &Connection) -> Result<Self> {
        tune(conn)?;
        Ok(Self::Here(Tokens::default(), false))
    }

    /// Takes one row.
    pub(super) fn add(&mut self, conn: &Connection, row: i64, record: &dyn Record) -> Result<()> {
        let entry = || (row, texts(record), place_words(record).collect());
        match self {
            Self::Here(tokens, _) => tokens.add(conn, &entry()),
            Self::Beside(beside) => beside.add(entry()),
            Self::Apart(apart) => apart.add(conn, row, record),
            Self::Later => Ok(()),
        }
    }

    /// Words that were learnt may not have been kept: they are learnt again.
    pub(super) fn unlearn(&mut self) {
        if let Self::Here(tokens, _) = self {
            *tokens = Tokens::default();
        }
    }

    /// Begins an index that is gathered beside a transaction and ends within it; later where that cannot be.
    pub(super) fn apart(conn: &Connection, db: &Path) -> Result<Self> {
        // Rows are read, judged and written at once: with fewer processors one thread more would only hold these up,
        // while nothing but the indexes of the tables is left to do in the end.
        let idle = std::thread::available_parallelism().is_ok_and(|n| n.get() > THREADS);
        // Where there is no place for them, rows are gathered as they come.
        let place = || folder(db).and_then(|folder| nameless(&folder)).ok();
        let keep = (!idle).then(place).flatten();
        Ok(Apart::begin(conn, keep)?.map_or(Self::Later, Self::Apart))
    }

    /// Ends the index; the tables must have been committed.
    pub(super) fn end(self, conn: &Connection) -> Result<()> {
        match self {
            Self::Here(_, true) => unite(conn),
            Self::Here(_, false) => untune(conn),
            Self::Beside(beside) => beside.end(),
            Self::Apart(apart) => apart.end(conn),
            Self::Later => Ok(()),
        }
    }

    /// Says that nothing more is to come.
    pub(super) fn close(self) -> Result<Self> {
        Ok(match self {
            Self::Apart(apart) => Self::Apart(apart.close()?),
            other => other,
        })
    }

    /// Writes what there is of it now.
    pub(super) fn write_some(&mut self, conn: &Connection) -> Result<()> {
        match self {
            Self::Apart(apart) => apart.lay_some(conn),
            _ => Ok(()),
        }
    }

    /// Ends the index within the transaction. True when it was written below the connection, which must be opened anew
    /// before it uses the index again: it keeps what it knows of its tables.
    pub(super) fn end_within(self, conn: &Connection) -> Result<bool> {
        let below = matches!(self, Self::Apart(_));
        self.end(conn)?;
        Ok(below)
    }
}

/// Few large pieces instead of many small ones while the index grows.
pub(super) fn tune(conn: &Connection) -> Result<()> {
    let bytes = WIDE * 1024 / 4;
    let sql = format!("INSERT INTO search(search, rank) VALUES ('hashsize', {bytes})");
    conn.execute_batch(&sql)?;
    Ok(())
}

/// Back to the ordinary settings.
pub(super) fn untune(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "INSERT INTO search(search, rank) VALUES ('hashsize', 1048576);
         INSERT INTO search(search, rank) VALUES ('automerge', 8);
         INSERT INTO search(search, rank) VALUES ('crisismerge', 16);",
    )?;
    Ok(())
}

/// Brings the pieces together into one: every word that is asked for is looked up in each of them.
fn unite(conn: &Connection) -> Result<()> {
    untune(conn)?;
    conn.execute_batch("INSERT INTO search(search) VALUES ('optimize')")?;
    Ok(())
}

/// An index that is being built in a file of its own.
#[derive(Debug)]
pub(super) struct Beside {
    office: PathBuf,
    file: Scratch,
    batch: Vec<Entry>,
    send: SyncSender<Vec<Entry>>,
    done: JoinHandle<Result<()>>,
}

/// A file that is gone when it is no longer needed.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Beside {
    fn begin(conn: &Connection, office: &Path) -> Result<Self> {
        let mut name = office.as_os_str().to_owned();
        name.push("-index");
        let file = Scratch(PathBuf::from(name));
        let _ = std::fs::remove_file(&file.0);
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file.0)?;
        let tables: Vec<String> = ["search", "word"]
            .into_iter()
            .map(|table| {
                conn.query_row(
                    "SELECT sql FROM sqlite_schema WHERE name = ?",
                    [table],
                    |r| r.get(0),
                )
            })
            .collect::<rusqlite::Result<_>>()?;
        {
            let (first, office) = (connect(&file.0, false)?, connect(office, true)?);
            first.execute_batch("PRAGMA journal_mode = off; PRAGMA synchronous = off; BEGIN;")?;
            first.execute_batch(&tables.join(";"))?;
            replace(&office, &first)?;
            first.execute_batch("COMMIT")?;
        }
        // The index keeps what it knows of its tables: only a new connection sees what was copied below it.
        let own = connect(&file.0, false)?;
        own.execute_batch(&format!(
            "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -{WIDE};"
        ))?;
        let (send, receive) = sync_channel(WAITING);
        let done = std::thread::Builder::new()
            .name("index".into())
            .spawn(move || build(&own, &receive))?;
        Ok(Self {
            office: office.to_owned(),
            file,
            batch: Vec::with_capacity(BATCH),
            send,
            done,
        })
    }

    fn add(&mut self, entry: Entry) -> Result<()> {
        self.batch.push(entry);
        if self.batch.len() < BATCH {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send.send(full).map_err(|_| broken())
    }

    fn end(self) -> Result<()> {
        let Self {
            office,
            file,
            batch,
            send,
            done,
        } = self;
        // When the other side is gone, its own error says more.
        let _ = send.send(batch);
        drop(send);
        done.join().map_err(|_| broken())??;
        lift(&connect(&file.0, false)?)?;
        let (built, conn) = (connect(&file.0, true)?, connect(&office, false)?);
        conn.execute_batch(
            "PRAGMA synchronous = off; PRAGMA cache_size = -65536; BEGIN IMMEDIATE;",
        )?;
        replace(&built, &conn)?;
        Ok(conn.execute_batch("COMMIT")?)
    }
}

/// Copies the rows of a table into that of another database.
fn bring(from: &Connection, to: &Connection, table: &str, insert: &str) -> Result<()> {
    let mut read = from.prepare(&format!("SELECT * FROM {table}"))?;
    let width = read.column_count();
    let marks = vec!["?"; width].join(",");
    let mut write = to.prepare(&format!("{insert} INTO {table} VALUES ({marks})"))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        for at in 0..width {
            write.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?))?;
        }
        write.raw_execute()?;
    }
    Ok(())
}

fn broken() -> StoreError {
    StoreError::Sql("the search index could not be built".into())
}

/// Replaces the index of one database by that of another.
fn replace(from: &Connection, to: &Connection) -> Result<()> {
    for table in BEHIND.iter().map(|table| format!("search_{table}")) {
        to.execute(&format!("DELETE FROM {table}"), [])?;
        bring(from, to, &table, "INSERT")?;
    }
    bring(from, to, "word", "INSERT OR IGNORE")
}

fn build(conn: &Connection, receive: &Receiver<Vec<Entry>>) -> Result<()> {
    let mut tokens = Tokens::default();
    tune(conn)?;
    // All of it is brought together at the end: until then pieces lie as they were written.
    conn.execute_batch(
        "INSERT INTO search(search, rank) VALUES ('automerge', 0);
         INSERT INTO search(search, rank) VALUES ('crisismerge', 1500);",
    )?;
    conn.execute_batch("BEGIN")?;
    for batch in receive {
        for entry in batch {
            tokens.add(conn, &entry)?;
        }
    }
    conn.execute_batch("COMMIT")?;
    unite(conn)
}

/// Words already taken apart: texts of many records share a few thousand of them.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    known: HashMap<String, Vec<u32>>,
    ids: HashMap<String, u32>,
    texts: Vec<String>,
    seen: Vec<u32>,
    turn: u32,
    body: String,
}

impl Tokens {
    fn add(&mut self, conn: &Connection, (row, texts, place): &Entry) -> Result<()> {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let body = self.body(conn, &texts, place.chars())?;
        conn.prepare_cached("INSERT INTO search(rowid, body) VALUES (?,?)")?
            .execute((row, body))?;
        Ok(())
    }

    /// The body of an index row: every word once, folded and with marks, and the words of its place and time.
    pub(super) fn body(
        &mut self,
        conn: &Connection,
        texts: &[&str],
        place: impl Iterator<Item = char>,
    ) -> Result<&str> {
        self.turn += 1;
        self.body.clear();
        // Words never reach across a space, so each piece between spaces is taken apart by itself.
        for piece in texts.iter().flat_map(|text| text.split_whitespace()) {
            if piece.bytes().any(|b| b.is_ascii_digit()) {
                for word in words(piece) {
                    self.once(conn, word)?;
                }
                continue;
            }
            let ids = match self.known.get(piece) {
                Some(ids) => ids.clone(),
                None => self.learn(conn, piece)?,
            };
            for id in ids {
                self.push(id);
            }
        }
        for word in place {
            self.body.push(word);
            self.body.push(' ');
        }
        Ok(&self.body)
    }

    fn push(&mut self, id: u32) {
        let at = id as usize;
        let (Some(seen), Some(text)) = (self.seen.get_mut(at), self.texts.get(at)) else {
            return;
        };
        if *seen != self.turn {
            *seen = self.turn;
            self.body.push_str(text);
            self.body.push(' ');
        }
    }

    /// A word with digits is rarely met again (numbers of books): it is not remembered.
    fn once(&mut self, conn: &Connection, word: Word) -> Result<()> {
        if word.canon != word.folded {
            mark(conn, &word)?;
            self.body.push_str(&word.canon);
            self.body.push(' ');
        }
        self.body.push_str(&word.folded);
        self.body.push(' ');
        Ok(())
    }

    fn learn(&mut self, conn: &Connection, piece: &str) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        for word in words(piece) {
            if word.canon != word.folded {
                mark(conn, &word)?;
                ids.push(self.id(word.canon));
            }
            ids.push(self.id(word.folded));
        }
        self.known.insert(piece.to_owned(), ids.clone());
        Ok(ids)
    }

    fn id(&mut self, token: String) -> u32 {
        if let Some(id) = self.ids.get(&token) {
            return *id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(token.clone());
        self.seen.push(0);
        self.ids.insert(token, id);
        id
    }
}

fn mark(conn: &Connection, word: &Word) -> Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO word(folded, canon) VALUES (?,?)")?
        .execute((&word.folded, &word.canon))?;
    Ok(())
}
