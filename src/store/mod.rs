//! The only SQL: opening and migrating the file, one table of columns per register, search, history,
//! the counts of rates and the same conditions for the rows behind them.
mod alike;
mod alone;
mod audit;
mod backup;
mod beside;
mod bulk;
mod calendar;
mod error;
mod fetch;
mod figure;
mod frozen;
mod functions;
mod handle;
mod inspect;
mod log;
mod migrate;
mod open;
mod operation;
mod query;
mod queue;
mod rate;
mod ready;
mod record;
mod search;
mod seed;
mod seen;
mod sent;
pub mod side;
mod sole;
mod step;
mod sums;
mod table;
mod unit;
mod work;

pub use alike::Alike;
pub use alone::Alone;
pub use audit::{Action, AuditRow, Change, LawRow};
pub use backup::{Check, Sound};
pub use beside::Beside;
pub use bulk::{Bulk, Expected, Settled, Taken};
pub use calendar::CalendarChange;
pub use error::StoreError;
pub use frozen::{FrozenCell, FrozenPeriod, FrozenRow, FrozenRows, frozen_figures};
pub use handle::in_use;
pub use open::{Mode, OpenOptions, free_bytes, is_ours, network_fs, private_folder};
pub use operation::{Deed, OperationChange, OperationRow, OperationStep};
pub use query::{Anchor, Days, Ruled};
pub use rate::{GroupKey, Tally};
pub use search::{Asked, Hit, Known, Looking};
pub use seen::{Met, Seen};
pub use step::{StepRow, StepTexts};
pub use table::{Table, table};
pub use unit::{UnitCounts, UnitLife};
pub use work::{Incoming, Round, Task, Work};

use crate::domain::record::Kind;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Steps of SQLite's machine, some microseconds of work, after which it looks whether it is to stop.
const STEPS: i32 = 2_000;
/// The same where a row may come from a disk and somebody waits.
const FEW_STEPS: i32 = 50;

/// A moment in which nothing is changed: what was read in one and the same still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(u64, i64, u64);

/// One connection to an office's database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    read_only: bool,
    queue: queue::Queue,
    carrier: log::Carrier,
    /// The token of the form that is being saved, until a transaction has stored it.
    token: Option<String>,
    /// The register whose statements stand ready ([`Store::get_ready`]).
    ready: Option<Kind>,
    /// The connection does not stand as it should (the search index was replaced below it): it is opened anew before it
    /// writes again.
    behind: bool,
    /// Nobody else is let into the file ([`Store::take_alone`]).
    alone: bool,
    /// Which of the program's connections this is.
    opened: u64,
    /// What ends reads of this connection.
    stop: Option<Arc<AtomicBool>>,
    /// Pages of the file kept in memory, in KiB.
    cache: i64,
    /// What the numbers of connections before this one add to [`Store::version`].
    before: i64,
    /// The file that was opened; none in memory and while it is made. The last to be let go.
    handle: Option<handle::Handle>,
}

impl Store {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets reads of this connection end with an error as soon as `stop` is set.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stop_when(&mut self, stop: Arc<AtomicBool>) -> Result<()> {
        self.stop = Some(stop);
        self.heed()
    }

    fn heed(&mut self) -> Result<()> {
        let asked = self.stop.clone();
        let asked = asked.map(|stop| move || stop.load(Ordering::Relaxed));
        Ok(self.conn.progress_handler(STEPS, asked)?)
    }

    /// Lets reads of this connection end with an error as soon as `stop` says so, until [`Store::heed_no_more`]; a page or
    /// two from a disk is all that is read meanwhile.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn heed_closely(&mut self, stop: impl FnMut() -> bool + Send + 'static) -> Result<()> {
        Ok(self.conn.progress_handler(FEW_STEPS, Some(stop))?)
    }

    /// Ends what [`Store::heed_closely`] began, and gives back the memory that was filled meanwhile.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn heed_no_more(&mut self) -> Result<()> {
        self.heed()?;
        Ok(self.conn.execute_batch("PRAGMA shrink_memory")?)
    }

    /// True when nothing can be written, by wish or because the file cannot be.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// Closes the file with all that was written in it and on the disk, no log beside it.
    ///
    /// # Errors
    /// A failing disk, or another connection that still uses the file.
    pub fn close(mut self) -> Result<()> {
        self.carrier.wait();
        self.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        self.conn.close().map_err(|(_, e)| e)?;
        match &self.handle {
            Some(handle) => Ok(handle.sync()?),
            None => Ok(std::fs::File::open(&self.path)?.sync_all()?),
        }
    }

    /// Runs `work` in one immediate transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database; nothing is kept then.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if self.read_only {
            return Err(StoreError::ReadOnly.into());
        }
        self.stands()?;
        self.open_anew()?;
        let Self {
            conn,
            path,
            queue,
            carrier,
            token,
            before: older,
            alone,
            behind,
            handle,
            ..
        } = self;
        let turn = queue.turn(open::WAIT)?;
        let before = conn.total_changes();
        let syncing = handle.as_ref().filter(|_| *alone);
        let syncing = syncing.and_then(sole::Syncing::begin);
        let done = one(conn, (token.as_deref(), *older), work);
        drop(syncing);
        if std::mem::take(alone) {
            *behind |= sole::give_back(conn, older, true);
        }
        let (done, subject, replaced) = match done {
            Ok(done) => done,
            Err(error) => {
                drop(turn);
                let _ = self.open_anew();
                return Err(error);
            }
        };
        let rows = conn.total_changes().saturating_sub(before);
        if log::tend(conn, rows, turn, carrier, path)
            && let Ok(turn) = queue.turn(log::PATIENCE)
        {
            log::begin_anew(conn, turn);
        }
        if subject.is_some() {
            *token = None;
        }
        *behind |= replaced;
        // What was saved is saved; where the file cannot be opened once more, the next save says so.
        let _ = self.open_anew();
        Ok(done)
    }

    /// Opens the file anew where the connection does not stand as it should; what it was told holds for the new one too.
    fn open_anew(&mut self) -> Result<()> {
        if !self.behind {
            return Ok(());
        }
        let new = self.connect_again(false)?;
        let old = std::mem::replace(&mut self.conn, new);
        if let Err(error) = self.take_over(&old) {
            self.conn = old;
            return Err(error);
        }
        self.behind = false;
        // Its statements have gone with the old one.
        self.ready = None;
        Ok(())
    }

    fn take_over(&mut self, old: &Connection) -> Result<()> {
        self.settle()?;
        self.heed()?;
        // In this order: what somebody writes between the two is seen once too often, never missed.
        let new = version(&self.conn)?;
        self.before += version(old)? - new;
        Ok(())
    }

    /// Makes the search index anew from the records.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reindex(&mut self) -> Result<()> {
        self.write::<_, StoreError>(|tx| tx.reindex())?;
        if self.handle.is_some() {
            // Where its pieces lie low, only some later save takes longer.
            let _ = self.connect_again(false).and_then(|conn| bulk::lift(&conn));
            self.behind = true;
            self.open_anew()?;
        }
        Ok(())
    }

    /// Gives the next transaction that changes a record the token of the form it comes from: when the token is
    /// stored already, the transaction is refused with [`StoreError::Sent`]. None takes it back.
    pub fn bear(&mut self, token: Option<&str>) {
        self.token = token.map(str::to_owned);
    }

    /// A number that changes when another connection has written.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn version(&self) -> Result<i64> {
        Ok(self.before + version(&self.conn)?)
    }

    /// A moment between two changes, whoever makes them, as this connection sees it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn moment(&self) -> Result<Moment> {
        Ok(Moment(
            self.opened,
            self.version()?,
            self.conn.total_changes(),
        ))
    }

    /// Reads what is there in one moment, whatever others write meanwhile; of very many small questions each costs half
    /// as much, the file being locked and looked at once.
    pub fn in_one_moment<T>(&self, work: impl FnOnce() -> T) -> T {
        // Where it cannot be begun each question says why, and within a transaction there is one moment anyway.
        let moment = self.conn.is_autocommit();
        let moment = moment.then(|| self.conn.unchecked_transaction());
        let done = work();
        drop(moment);
        done
    }

    /// Reads by the same methods that a transaction has.
    #[must_use]
    pub fn read(&self) -> Db<'_> {
        Db {
            conn: &self.conn,
            file: self.handle.as_ref(),
        }
    }
}

fn version(conn: &Connection) -> Result<i64> {
    let mut stmt = conn.prepare_cached("PRAGMA data_version")?;
    Ok(stmt.query_row([], |r| r.get(0))?)
}

/// Runs `work` in a transaction and commits it; with what it was about, and whether the search index was replaced below
/// the connection.
fn one<T, E: From<StoreError>>(
    conn: &mut Connection,
    (token, before): (Option<&str>, i64),
    work: impl FnOnce(&Tx) -> std::result::Result<T, E>,
) -> std::result::Result<(T, Option<sent::Subject>, bool), E> {
    let tx = Transaction::new(conn, TransactionBehavior::Immediate).map_err(StoreError::from)?;
    let tx = Tx {
        tx,
        operation: RefCell::default(),
        subject: RefCell::default(),
        index_replaced: Cell::default(),
        before,
    };
    if let Some(token) = token
        && tx.read().sent(token)?.is_some()
    {
        return Err(StoreError::Sent.into());
    }
    let done = work(&tx)?;
    tx.close_operation()?;
    let subject = tx.subject.borrow().clone();
    let replaced = tx.index_replaced.get();
    if let (Some(token), Some(subject)) = (token, &subject) {
        tx.note_sent(token, subject)?;
    }
    tx.tx.commit().map_err(StoreError::from)?;
    Ok((done, subject, replaced))
}

/// A running write transaction.
#[derive(Debug)]
pub struct Tx<'a> {
    tx: Transaction<'a>,
    operation: RefCell<operation::Current>,
    /// What the first row of history was about.
    subject: RefCell<Option<sent::Subject>>,
    /// The search index was written without the connection's knowing.
    index_replaced: Cell<bool>,
    /// As in [`Store`].
    before: i64,
}

impl Tx<'_> {
    /// The same reads as outside.
    #[must_use]
    pub fn read(&self) -> Db<'_> {
        Db {
            conn: &self.tx,
            file: None,
        }
    }

    fn conn(&self) -> &Connection {
        &self.tx
    }

    /// Runs a part of the transaction that may fail by itself: what it wrote is not kept then, the rest is.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database.
    pub fn attempt<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let run = |sql: &str| {
            let done = self.tx.prepare_cached(sql).and_then(|mut s| s.execute([]));
            done.map_err(StoreError::from)
        };
        let before = self.operation.borrow().so_far();
        let subject = self.subject.borrow().is_some();
        run("SAVEPOINT part")?;
        let done = work();
        if done.is_err() {
            run("ROLLBACK TO part")?;
            self.operation.borrow_mut().back_to(before);
            if !subject {
                self.subject.borrow_mut().take();
            }
        }
        run("RELEASE part")?;
        done
    }

    /// As [`Store::version`], once nobody else can write any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn version(&self) -> Result<i64> {
        Ok(self.before + version(&self.tx)?)
    }
}

/// Reads, inside or outside a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Db<'a> {
    conn: &'a Connection,
    /// Where rows can be fetched from before they are read.
    file: Option<&'a handle::Handle>,
}

#[cfg(test)]
mod steps_tests;
#[cfg(test)]
mod tests;
