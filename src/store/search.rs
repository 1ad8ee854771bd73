//! Find: folded words beside marked ones in a contentless index, newest first.
mod known;
mod newest;

use super::open::WAIT;
use super::record::places;
use super::table::{Col, table};
use super::{Db, Result, Store, Tx};
use crate::domain::fold::{Pattern, Term, Word, words};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Held};
use chrono::{Datelike, NaiveDate};
pub use known::{Known, Looking};
pub(super) use newest::{ALL, Ground, post};
use std::collections::BTreeSet;

/// What adds a record to the index.
pub(super) const ADD: &str = "INSERT INTO search(rowid, body) VALUES (?,?)";
/// What adds a marked word.
pub(super) const ADD_WORD: &str = "INSERT OR IGNORE INTO word(folded, canon) VALUES (?,?)";

/// One record found.
#[derive(Debug)]
pub struct Hit {
    /// The record.
    pub record: Box<dyn Record>,
}

/// What the index is asked for, in its own words: parts, all of which a record must match.
#[derive(Debug, Clone)]
pub struct Asked(Vec<String>);

impl Asked {
    /// One more part: any of these words.
    pub(super) fn and_any(&mut self, words: &[char]) {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        self.0.push(format!("({})", words.join(" OR ")));
    }
}

/// Rows of the index that a kind has for its ids.
const SPAN: i64 = 1 << 40;

/// The rows of a kind lie in a range of their own in the index; its first row is a post.
pub(super) fn base(kind: Kind) -> i64 {
    let place = Kind::ALL.iter().position(|k| *k == kind).unwrap_or(0);
    i64::try_from(place + 1).unwrap_or(1) * SPAN
}

pub(super) fn texts(record: &dyn Record) -> Vec<String> {
    let mut out = Vec::new();
    each_text(record, |text| out.push(text.to_owned()));
    out
}

/// Hands on what find knows a record by, one text after the other.
pub(super) fn each_text(record: &dyn Record, mut take: impl FnMut(&str)) {
    if let Some(number) = record.head().number_text() {
        take(&number);
    }
    let columns = table(record.kind()).columns.iter();
    let columns = columns.zip(places(record.kind()));
    for (column, place) in columns.filter(|(column, _)| column.searched) {
        match record.held_at(*place) {
            Held::Text(text) => take(text),
            Held::List(items) if column.col == Col::List => items.iter().for_each(|i| take(i)),
            _ => {}
        }
    }
}

/// A unit as a word of the index that no text can hold, so that find within a unit need not look at the records: one
/// private letter, since the index keeps the beginnings of words as well. None for a number too great for that.
pub(super) fn unit_word(id: i64) -> Option<char> {
    let at = u32::try_from(id).ok().filter(|id| *id < PRIVATE)?;
    char::from_u32(0xF_0000 + at)
}

/// A month as such a word.
pub(super) fn month_word(day: NaiveDate) -> Option<char> {
    let months = u32::try_from(day.year()).ok()? * 12 + day.month0();
    char::from_u32(0x10_0000 + months).filter(|_| months < PRIVATE)
}

/// Private letters of a plane.
const PRIVATE: u32 = 0xFFFD;

/// The words that say where and when a record belongs.
pub(super) fn place_words(record: &dyn Record) -> impl Iterator<Item = char> {
    let table = table(record.kind());
    let value = |name: &str| {
        let column = table.columns.iter().find(|c| c.name == name)?;
        Some(record.held(column.key))
    };
    let unit = match value(table.unit) {
        Some(Held::Unit(unit)) => unit_word(unit.id),
        _ => None,
    };
    let month = match value(table.date) {
        Some(Held::Date(day)) => month_word(day),
        _ => None,
    };
    unit.into_iter().chain(month)
}

impl Tx<'_> {
    /// Brings the index in line with a record; a removed one is taken out.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn index(&self, record: &dyn Record) -> Result<()> {
        let conn = self.conn();
        let row = base(record.kind()) + record.head().id;
        if record.head().rev > 1 {
            conn.prepare_cached("DELETE FROM search WHERE rowid = ?")?
                .execute([row])?;
        }
        if record.head().deleted {
            return Ok(());
        }
        let mut tokens = BTreeSet::new();
        let mut add_word = conn.prepare_cached(ADD_WORD)?;
        for text in texts(record) {
            for word in words(&text) {
                if word.canon != word.folded {
                    add_word.execute((&word.folded, &word.canon))?;
                    tokens.insert(word.canon);
                }
                tokens.insert(word.folded);
            }
        }
        tokens.extend(place_words(record).map(String::from));
        let body: Vec<String> = tokens.into_iter().collect();
        conn.prepare_cached(ADD)?.execute((row, body.join(" ")))?;
        Ok(())
    }
}

impl Tx<'_> {
    /// Takes words out of the list of marked words that no record uses any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_words(&self, texts: &[String]) -> Result<()> {
        for word in texts.iter().flat_map(|text| words(text)) {
            let used: bool = self
                .conn()
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM search WHERE search MATCH ?)")?
                .query_row([format!("\"{}\"", word.canon)], |r| r.get(0))?;
            if !used {
                self.conn()
                    .prepare_cached("DELETE FROM word WHERE folded = ? AND canon = ?")?
                    .execute((&word.folded, &word.canon))?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Writes the file anew without what was removed from it: the index keeps words until it is merged, pages keep
    /// what was moved, and the log keeps what was written. Takes as long as copying the file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn scrub(&mut self) -> Result<()> {
        self.open_anew()?;
        let Self { conn, queue, .. } = self;
        let _turn = queue.turn(WAIT)?;
        conn.execute("INSERT INTO search(search) VALUES ('optimize')", [])?;
        conn.execute_batch("VACUUM")?;
        // Another reader may hold the log open; it is emptied when the last one has gone.
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl Db<'_> {
    /// How many records of a kind contain a folded word, counted up to `cap`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn word_count(&self, kind: Kind, word: &str, cap: usize) -> Result<usize> {
        Ok(self.with_word(kind, word, cap)?.len())
    }

    /// Ids of records of a kind that contain a folded word, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn with_word(&self, kind: Kind, word: &str, limit: usize) -> Result<Vec<i64>> {
        let asked = Asked(vec![format!("\"{word}\"")]);
        self.newest(&asked, &Ground::bare(kind), ALL, limit)
    }

    /// What the index is asked for by a pattern; none when nothing can match.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn asked(&self, pattern: &Pattern) -> Result<Option<Asked>> {
        let mut parts = Vec::new();
        for term in &pattern.terms {
            if !term.marked {
                let star = if term.prefix { "*" } else { "" };
                parts.push(format!("\"{}\"{star}", term.folded));
                continue;
            }
            let mut stmt = self.conn.prepare_cached(
                "SELECT folded, canon FROM word WHERE folded >= ?1 AND folded < ?2",
            )?;
            // '\u{10FFFF}' sorts after every continuation of the prefix.
            let upper = if term.prefix {
                format!("{}\u{10FFFF}", term.folded)
            } else {
                format!("{}\u{0}", term.folded)
            };
            let known = stmt.query_map((&term.folded, upper), |r| {
                Ok(Word {
                    folded: r.get(0)?,
                    canon: r.get(1)?,
                })
            })?;
            let mut any = BTreeSet::new();
            for word in known {
                let word = word?;
                if term.matches(&word) {
                    any.insert(marked(term, &word));
                }
            }
            if any.is_empty() {
                return Ok(None);
            }
            let any: Vec<String> = any.into_iter().collect();
            parts.push(format!("({})", any.join(" OR ")));
        }
        Ok((!parts.is_empty()).then_some(Asked(parts)))
    }

    /// How many records of a kind match, counted up to `cap`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn find_count(&self, asked: &Asked, kind: Kind, cap: usize) -> Result<usize> {
        self.matches(asked, &Ground::bare(kind), cap)
    }
}

/// What the index is asked for so that a marked word is among what it finds. Letters without a tone are the beginnings
/// of all the words they can become, of which there may be hundreds; tones stand at the end.
fn marked(term: &Term, word: &Word) -> String {
    let letters = term.folded.chars().count();
    if term.prefix && term.canon.chars().count() == letters {
        let beginning: String = word.canon.chars().take(letters).collect();
        return format!("\"{beginning}\"*");
    }
    format!("\"{}\"", word.canon)
}

fn limit_of(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// SQL that keeps the entries of a kind, without its post.
fn range(kind: Kind) -> String {
    let from = base(kind);
    format!("search.rowid BETWEEN {} AND {}", from + 1, from + SPAN - 1)
}

/// The index with the records of a kind (alias `t`), read from the index outwards.
pub(super) fn joined(kind: Kind) -> String {
    format!(
        "search CROSS JOIN {} t ON t.id = search.rowid - {}",
        table(kind).name,
        base(kind)
    )
}

/// SQL that keeps the rows of `kind` (alias `t`) that match an expression, bound as the next parameter.
pub(super) fn matching(kind: Kind) -> String {
    format!(
        "t.id IN (SELECT rowid - {} FROM search WHERE search MATCH ? AND {})",
        base(kind),
        range(kind)
    )
}
