//! Writing very many records at once: the same rows, numbers, history and index as one by one, without the cost of a
//! transaction, a look-up and an index entry each.
mod apart;
mod batch;
mod gather;
mod index;
mod insert;
mod later;
mod names;
mod near;
mod postings;
mod segment;
mod structure;
mod union;
mod varint;
mod within;

pub(super) use later::{due, forget};
use structure::gather;
pub(super) use structure::lift;
pub use within::Expected;

use super::audit::{Action, Change, insert_row};
use super::open::WAIT;
use super::record::next_number;
use super::search::base;
use super::step::insert_step;
use super::sums::{self, Fresh};
use super::table::table;
use super::{Result, Store, StoreError, Tx, version};
use crate::domain::petition::{State, Step};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Code;
use chrono::NaiveDate;
use index::Index;
use insert::Insert;
use near::Near;
use rusqlite::Connection;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Rows after which what was written so far is kept.
const CHUNK: usize = 200_000;

/// Steps in their order, and what each replaced in the petition, as JSON.
pub type Taken<'a> = (&'a [Step], &'a [Option<String>]);

/// Where a petition stands: its fold, and its deadline with the rule.
pub type Settled<'a> = (&'a State, Option<(NaiveDate, &'a str)>);

/// A running bulk write.
#[derive(Debug)]
pub struct Bulk<'a> {
    conn: &'a Connection,
    inserts: HashMap<(Kind, bool), Insert<'a>>,
    numbers: HashMap<(Kind, i32), i64>,
    /// The highest numbers that records bring with them.
    brought: HashMap<(Kind, i32), i64>,
    index: Index,
    /// Rows since what was written was kept; none while all of it is part of one transaction, whose history is
    /// written at its end.
    pending: Option<usize>,
    /// First and last record added, by register.
    spans: BTreeMap<Kind, (i64, i64)>,
    /// The transaction whose operation petitions added with steps belong to: their history is written with them.
    within: Option<&'a Tx<'a>>,
    /// Some petition was added with steps.
    stepped: bool,
    /// The sums of what was added, while no trigger keeps them.
    fresh: Option<Fresh>,
    /// Keeps at hand what is written again at the end of the transaction.
    near: Near,
}

/// How far a bulk write is.
#[derive(Debug)]
pub struct Mark {
    numbers: HashMap<(Kind, i32), i64>,
    spans: BTreeMap<Kind, (i64, i64)>,
    stepped: bool,
    fresh: Option<Fresh>,
}

impl Store {
    /// Makes ready for a bulk write: what the search index has of saves since the last one is put together. Without it only
    /// some later search takes longer.
    pub fn make_room(&mut self) {
        let on_disk = self.conn.path().is_some_and(|path| !path.is_empty());
        if self.read_only || !on_disk {
            return;
        }
        let Ok(beside) = self.connect_again(false) else {
            return;
        };
        let Self {
            conn,
            queue,
            before,
            ..
        } = self;
        let Ok(_turn) = queue.turn(WAIT) else {
            return;
        };
        // Nobody else writes meanwhile, and this is no news.
        let seen = version(conn);
        let _ = gather(&beside);
        if let (Ok(seen), Ok(now)) = (seen, version(conn)) {
            *before -= now - seen;
        }
    }

    /// Runs `work` with all that costs time between rows switched off. What was written is kept in large pieces:
    /// after a failure the file holds some of it and is to be thrown away.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database.
    pub fn bulk<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Bulk) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if self.read_only {
            return Err(StoreError::ReadOnly.into());
        }
        let path = (self.conn.path().is_some_and(|p| !p.is_empty())).then_some(self.path.as_path());
        let on_disk = path.is_some();
        let done = run(&self.conn, path, work);
        if self.settle().is_err() && on_disk {
            // What was written is written: the connection alone is no good any more.
            self.behind = true;
            let _ = self.open_anew();
        }
        done
    }
}

fn run<T, E: From<StoreError>>(
    conn: &Connection,
    path: Option<&Path>,
    work: impl FnOnce(&mut Bulk) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let index = begin(conn, path)?;
    let paused = [Kind::Petition, Kind::Reception].map(|kind| sums::pause(conn, kind));
    let paused = paused.into_iter().collect::<Result<Vec<_>>>()?;
    conn.execute_batch("BEGIN IMMEDIATE")
        .map_err(StoreError::from)?;
    let mut bulk = Bulk::new(conn, index, Some(0));
    let done = work(&mut bulk);
    let index = bulk.index;
    let last = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    conn.execute_batch(last).map_err(StoreError::from)?;
    let ended = index.end(conn);
    let summed = sums::Paused::end(&paused, conn);
    let done = done?;
    ended?;
    summed?;
    Ok(done)
}

/// Switches off what costs time; the connection's own settings come back with `settle`.
fn begin(conn: &Connection, path: Option<&Path>) -> Result<Index> {
    conn.execute_batch(
        "PRAGMA synchronous = off; PRAGMA foreign_keys = off; PRAGMA secure_delete = off;
         PRAGMA cache_size = -131072;",
    )?;
    if path.is_some() {
        // A log would grow larger than the file; nobody else reads it yet, and half of it is worth nothing.
        conn.execute_batch("PRAGMA journal_mode = off")?;
    }
    Index::begin(conn, path)
}

impl<'a> Bulk<'a> {
    fn new(conn: &'a Connection, index: Index, pending: Option<usize>) -> Self {
        Self {
            conn,
            inserts: HashMap::new(),
            numbers: HashMap::new(),
            brought: HashMap::new(),
            index,
            pending,
            spans: BTreeMap::new(),
            within: None,
            stepped: false,
            fresh: None,
            near: Near::default(),
        }
    }

    /// How far it is now, for [`Bulk::back_to`].
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark {
            numbers: self.numbers.clone(),
            spans: self.spans.clone(),
            stepped: self.stepped,
            fresh: self.fresh.clone(),
        }
    }

    /// Forgets what was added since: [`super::Tx::attempt`] has not kept it.
    pub fn back_to(&mut self, before: Mark) {
        self.numbers = before.numbers;
        self.spans = before.spans;
        self.stepped = before.stepped;
        self.fresh = before.fresh;
        self.index.unlearn();
    }

    /// Says which numbers records of a kind bring with them at most, by year: new ones come after these.
    pub fn numbers_from(&mut self, kind: Kind, highest: &BTreeMap<i32, i64>) {
        let own = highest.iter().map(|(year, seq)| ((kind, *year), *seq));
        self.brought.extend(own);
    }

    /// Adds a record as [`super::Tx::insert`] does, with its history row.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn add(
        &mut self,
        record: &mut dyn Record,
        year: Option<i32>,
        stamp: (&str, &str),
    ) -> Result<i64> {
        let id = self.insert(record, year, 1, None)?;
        self.row(record, id, stamp)?;
        Ok(id)
    }

    /// Adds a petition with the steps taken, its fold and its deadline.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn add_petition(
        &mut self,
        record: &mut dyn Record,
        year: Option<i32>,
        stamp: (&str, &str),
        (steps, kept): Taken,
        settled: Settled,
    ) -> Result<i64> {
        let rev = 1 + i64::try_from(steps.len()).unwrap_or(0);
        let id = self.insert(record, year, rev, Some(settled))?;
        self.row(record, id, stamp)?;
        let op = match self.within.filter(|_| !steps.is_empty()) {
            Some(tx) => tx.operation_id(stamp)?,
            None => None,
        };
        if self.pending.is_none() && !steps.is_empty() {
            self.stepped = true;
            let (of, add) = ((Kind::Petition, id), Change::default());
            insert_row(self.conn, stamp, of, op, Action::Add, &add, None)?;
        }
        let mut state = State::new(None);
        for (step, before) in steps.iter().zip(kept) {
            insert_step(self.conn, id, step, before.as_deref(), (op, None))?;
            let change = Change {
                field: step.kind.map(|k| k.code().to_owned()),
                before: Some(state.stage.code().into()),
                after: step.on.map(|d| d.to_string()),
            };
            insert_row(
                self.conn,
                (&step.who, &step.entered_at),
                (Kind::Petition, id),
                op,
                Action::Step,
                &change,
                step.note.as_deref(),
            )?;
            state.add(step);
        }
        if let Some(pending) = &mut self.pending {
            *pending += 2 * steps.len();
        }
        Ok(id)
    }

    fn insert(
        &mut self,
        record: &mut dyn Record,
        year: Option<i32>,
        rev: i64,
        settled: Option<Settled>,
    ) -> Result<i64> {
        let kind = record.kind();
        let number = match (table(kind).number_by, year) {
            (Some(_), Some(year)) => match record.head().number {
                Some(own) if own.1 == year => Some(own),
                _ => Some((self.next_number(kind, year)?, year)),
            },
            _ => None,
        };
        let which = (kind, settled.is_some());
        if !self.inserts.contains_key(&which) {
            let insert = Insert::of(self.conn, kind, settled.is_some())?;
            self.inserts.insert(which, insert);
        }
        let Some(insert) = self.inserts.get_mut(&which) else {
            return Err(StoreError::Sql("no statement to add a record".into()));
        };
        insert.run(record, (rev, number), settled)?;
        let id = self.conn.last_insert_rowid();
        if self.pending.is_none() {
            self.near.one_more(self.conn)?;
        }
        self.spans.entry(kind).or_insert((id, id)).1 = id;
        let head = record.head_mut();
        head.id = id;
        head.rev = rev;
        head.number = number;
        if let Some(fresh) = &mut self.fresh {
            let settled = settled.map(|(state, due)| (state, due.map(|(day, _)| day)));
            fresh.add(self.conn, record, settled)?;
        }
        Ok(id)
    }

    fn next_number(&mut self, kind: Kind, year: i32) -> Result<i64> {
        if let Some(last) = self.numbers.get_mut(&(kind, year)) {
            *last += 1;
            return Ok(*last);
        }
        let brought = self.brought.get(&(kind, year)).map_or(0, |seq| seq + 1);
        let first = next_number(self.conn, table(kind), year)?.max(brought);
        self.numbers.insert((kind, year), first);
        Ok(first)
    }

    /// Index and history of a record just written.
    fn row(&mut self, record: &dyn Record, id: i64, stamp: (&str, &str)) -> Result<()> {
        let kind = record.kind();
        self.index.add(self.conn, base(kind) + id, record)?;
        let Some(pending) = &mut self.pending else {
            return Ok(());
        };
        let of = (kind, id);
        insert_row(
            self.conn,
            stamp,
            of,
            None,
            Action::Add,
            &Change::default(),
            None,
        )?;
        *pending += 3;
        if *pending > CHUNK {
            *pending = 0;
            self.conn.execute_batch("COMMIT; BEGIN IMMEDIATE;")?;
        }
        Ok(())
    }
}
