//! Works too long for one transaction ([`crate::store::Work`]): begun, given up, gone on with after a kill.
use super::{Cx, Error, Result, cx, import, undo};
use crate::domain::words::Msg;
use crate::store::{Alone, Task, Work};
use std::collections::BTreeMap;

/// Milliseconds after which a piece ends, so that others have their turn.
const PIECE: i64 = 700;
/// Rows of a piece at most: what is done once at its end for all of them takes its time too.
const ROWS: usize = 20_000;
/// Rows between two looks at the clock, and rows read at once.
pub(super) const BATCH: usize = 256;

/// How long a piece may go on.
pub(super) struct Turn {
    end: i64,
    rows: usize,
    done: usize,
}

impl Turn {
    /// A piece of so many rows at most.
    pub(super) fn new(rows: usize) -> Self {
        Self {
            end: cx::millis() + PIECE,
            rows: rows.clamp(1, ROWS),
            done: 0,
        }
    }

    /// Rows that the piece may have.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether one more row belongs to it; the first one always does.
    pub(super) fn goes_on(&mut self) -> bool {
        let late = self.done > 0 && self.done.is_multiple_of(32) && cx::millis() >= self.end;
        self.done += 1;
        !late && self.done <= self.rows
    }
}

/// Takes the place of the one who is at a long work, and ends one that was left behind.
///
/// # Errors
/// Somebody is at one.
pub(super) fn at_work(cx: &mut Cx) -> Result<Option<Alone>> {
    let alone = cx.store.at_work();
    if let Some(work) = cx.store.read().work()? {
        if alone.is_none() {
            return Err(busy(&work));
        }
        end(cx, &work)?;
    }
    Ok(alone)
}

fn busy(work: &Work) -> Error {
    let who = &work.who;
    let (vi, en) = match work.task {
        Task::Import => ("đang nhập một tệp lớn", "is bringing in a large file"),
        Task::TakeBack => ("đang lấy lại một việc lớn", "is taking back a large work"),
    };
    Error::Conflict(Msg::new(
        format!("{who} {vi}; chờ xong rồi làm lại."),
        format!("{who} {en}; wait until it is done and try again."),
    ))
}

/// Holds that an operation is not just being written or taken back in pieces.
///
/// # Errors
/// That it is.
pub(super) fn at_rest(cx: &Cx, operation: i64) -> Result<()> {
    let at = |work: &Work| work.operation == Some(operation) || work.of == operation;
    match cx.store.read().work()?.filter(at) {
        Some(work) => Err(busy(&work)),
        None => Ok(()),
    }
}

/// Writes down that a work is begun: nothing of it is decided yet. `of` is the operation that it takes back.
///
/// # Errors
/// Another one that is not done, or a failure of the database.
pub(super) fn begin(cx: &mut Cx, task: Task, kind: &str, (of, all): (i64, usize)) -> Result<()> {
    cx.write(|tx, _, stamp| {
        if let Some(work) = tx.read().work()? {
            return Err(busy(&work));
        }
        Ok(tx.set_work(&Work {
            task,
            kind: kind.to_owned(),
            decided: false,
            who: stamp.0.to_owned(),
            at: stamp.1.to_owned(),
            operation: None,
            of,
            newest: 0,
            next: 1,
            all,
            numbers: BTreeMap::new(),
        })?)
    })
}

/// Forgets what was gathered, in pieces, and then the work itself.
///
/// # Errors
/// A failure of the database.
pub(super) fn forget_gathered(cx: &mut Cx) -> Result<()> {
    while cx.write(|tx, _, _| Ok(tx.drop_incoming(ROWS)?))? {}
    cx.write(|tx, _, _| Ok(tx.end_work()?))
}

/// Goes on with a work that was decided and whose program has gone; forgets one that was not.
///
/// # Errors
/// A failure of the database; the next opening tries again.
pub(super) fn resume(cx: &mut Cx) -> Result<()> {
    let Some(work) = cx.store.read().work()? else {
        return Ok(());
    };
    let Some(_alone) = cx.store.at_work() else {
        return Ok(());
    };
    end(cx, &work)
}

fn end(cx: &mut Cx, work: &Work) -> Result<()> {
    match (work.decided, work.task) {
        (false, _) => forget_gathered(cx),
        (true, Task::Import) => import::go_on(cx),
        (true, Task::TakeBack) => undo::go_on(cx),
    }
}
