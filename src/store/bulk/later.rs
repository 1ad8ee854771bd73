//! The search index of very many records comes after them, in pieces: it takes as long as all the rest, and others
//! write between. What it still lacks stands among the settings, written with the records themselves, so that nothing is
//! forgotten when the program is killed: the next one to open the file goes on.
use super::index::{Tokens, tune, untune};
use super::structure::lift;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::store::record::day;
use crate::store::search::{base, month_word, unit_word};
use crate::store::{Db, Result, Store, StoreError, Tx, table};
use rusqlite::{Connection, Row};
use std::ops::Range;

/// Records indexed in one transaction.
const PIECE: i64 = 20_000;

/// The setting that tells what the index lacks: `first-last` and a blank for each range.
const DUE: &str = "search_due";

/// A range of rows of the index: first and last.
type Span = (i64, i64);

/// Notes that the index lacks these rows too.
pub(super) fn note(tx: &Tx, span: Span) -> Result<()> {
    let mut all = due(tx.conn())?;
    all.push(span);
    put(tx, &all)
}

fn put(tx: &Tx, all: &[Span]) -> Result<()> {
    let texts: Vec<String> = all.iter().map(|(a, b)| format!("{a}-{b}")).collect();
    match texts.is_empty() {
        true => forget(tx.conn()),
        false => tx.note_setting(DUE, &texts.join(" ")),
    }
}

/// Nothing is lacking any more.
pub(in crate::store) fn forget(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM setting WHERE key = ?", [DUE])?;
    Ok(())
}

/// What the index lacks.
pub(in crate::store) fn due(conn: &Connection) -> Result<Vec<Span>> {
    let said = Db { conn, file: None }.setting(DUE)?.unwrap_or_default();
    let span = |text: &str| {
        let (first, last) = text.split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    Ok(said.split(' ').filter_map(span).collect())
}

impl Store {
    /// Indexes what was written in bulk and is not indexed yet, piece by piece. `watch` hears how many records are
    /// done and how many there are; there is no stopping it.
    ///
    /// # Errors
    /// A failure of the database; what is missing then comes when the file is opened again.
    pub fn catch_up(&mut self, watch: &mut dyn FnMut(usize, usize)) -> Result<()> {
        let all = lacking(&self.conn)?;
        if all == 0 {
            return Ok(());
        }
        let mut tokens = Tokens::default();
        while self.write::<_, StoreError>(|tx| tx.index_piece(&mut tokens))? {
            let left = lacking(&self.conn)?;
            watch(all.saturating_sub(left), all);
        }
        // Without it the index is slower to add to, and whole.
        if let Ok(conn) = self.connect_again(false) {
            let _ = lift(&conn);
        }
        Ok(())
    }

    /// Lets find learn one piece of what it lacks, unless someone is at it; whether it lacks more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn index_some(&mut self) -> Result<bool> {
        if lacking(&self.conn)? == 0 {
            return Ok(false);
        }
        if let Some(_alone) = self.at_index() {
            self.write::<_, StoreError>(|tx| tx.index_piece(&mut Tokens::default()))?;
        }
        Ok(lacking(&self.conn)? > 0)
    }

    /// As [`Store::catch_up`], unless someone is at it: for a file whose last writer was killed. `watch` hears of it
    /// before the first piece, too.
    ///
    /// # Errors
    /// As [`Store::catch_up`].
    pub fn catch_up_alone(&mut self, watch: &mut dyn FnMut(usize, usize)) -> Result<()> {
        let all = lacking(&self.conn)?;
        if all == 0 {
            return Ok(());
        }
        let Some(_alone) = self.at_index() else {
            return Ok(());
        };
        watch(0, all);
        self.catch_up(watch)
    }
}

/// How many rows the index lacks.
fn lacking(conn: &Connection) -> Result<usize> {
    let n: i64 = due(conn)?
        .iter()
        .map(|(first, last)| last - first + 1)
        .sum();
    Ok(usize::try_from(n).unwrap_or(0))
}

impl Tx<'_> {
    /// Indexes the next piece; false when nothing was left.
    fn index_piece(&self, tokens: &mut Tokens) -> Result<bool> {
        let conn = self.conn();
        let mut all = due(conn)?;
        let Some((first, last)) = all.pop() else {
            return Ok(false);
        };
        let until = last.min(first + PIECE - 1);
        tune(conn)?;
        if let Some(kind) = Kind::ALL.iter().find(|k| first >> 40 == base(**k) >> 40) {
            index_rows(conn, *kind, (first, until), tokens)?;
        }
        if until < last {
            all.push((until + 1, last));
        }
        put(self, &all)?;
        if all.is_empty() {
            untune(conn)?;
        }
        Ok(true)
    }
}

fn index_rows(
    conn: &Connection,
    kind: Kind,
    (first, last): Span,
    tokens: &mut Tokens,
) -> Result<()> {
    let table = table(kind);
    let searched = table.columns.iter().filter(|c| c.searched);
    let texts: Vec<&str> = searched.map(|c| c.name).collect();
    let number = match table.number_by {
        Some(_) => "number_seq || '/' || number_year",
        None => "NULL",
    };
    let column = |name: &str| {
        let column = table.columns.iter().find(|c| c.name == name);
        column.map_or("NULL", |c| c.name)
    };
    let sql = format!(
        "SELECT id, {}, {}, {number}, {} FROM {} WHERE id BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY id",
        column(table.unit),
        column(table.date),
        texts.join(", "),
        table.name
    );
    let from = base(kind);
    let mut stmt = conn.prepare_cached(&sql)?;
    let mut rows = stmt.query((first - from, last - from))?;
    // A record that someone has changed meanwhile is in the index already.
    let mut add =
        conn.prepare_cached("INSERT OR REPLACE INTO search(rowid, body) VALUES (?, ?)")?;
    while let Some(row) = rows.next()? {
        let unit = row.get_ref(1)?.as_i64().ok().and_then(unit_word);
        let month = row
            .get_ref(2)?
            .as_str()
            .ok()
            .and_then(day)
            .and_then(month_word);
        let texts = values(row, 3..texts.len() + 4)?;
        let body = tokens.body(conn, &texts, unit.into_iter().chain(month))?;
        add.execute((from + row.get::<_, i64>(0)?, body))?;
    }
    Ok(())
}

/// The texts of some columns.
fn values<'r>(row: &'r Row, columns: Range<usize>) -> Result<Vec<&'r str>> {
    let mut texts = Vec::with_capacity(columns.len());
    for at in columns {
        // A value that is no text is none of its field's, and not found by words.
        texts.extend(row.get_ref(at)?.as_str().ok());
    }
    Ok(texts)
}
