//! Works too long for one transaction ([`crate::store::Work`]): begun, given up, gone on with after a kill.
mod rest;

pub(super) use rest::{find_rest, give_up, unreadable};

use super::drafts::new_id;
use super::rules::Env;
use super::{Cx, Error, Result, cx, import, secrecy, undo};
use crate::domain::number::vi_int;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Msg, t};
use crate::store::{Alone, Db, Round, StoreError, Task, Tx, Work};
use std::collections::BTreeMap;

/// Milliseconds after which a piece ends, so that others have their turn.
const PIECE: i64 = 700;
/// Rows of a piece at most: what is done once at its end for all of them takes its time too.
const ROWS: usize = 20_000;
/// Rows between two looks at the clock, and rows read at once.
pub(super) const BATCH: usize = 256;

/// Times that a piece waits for its turn, each time as long as any save does.
const TURNS: usize = 6;

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
/// Somebody is at one, or there is no place to say that one is.
pub(super) fn at_work(cx: &mut Cx) -> Result<Alone> {
    let alone = cx.store.at_work()?;
    // Read once nobody else is at it any more.
    let work = readable(cx.store.read())?;
    let Some(alone) = alone else {
        return Err(work.map_or_else(another, |work| busy(&work)));
    };
    if let Some(work) = work {
        let ended = end(cx, &work);
        // Whatever became of the rest: these are written, and find learns them now or at the next opening.
        let _ = find_rest(cx, &mut |_| ());
        ended?;
    }
    Ok(alone)
}

/// The work that is not done.
///
/// # Errors
/// One that cannot be read, and how to be rid of it; or a failure of the database.
fn readable(db: Db) -> Result<Option<Work>> {
    match unreadable(db)? {
        Some(what) => Err(rest::not_read(&what)),
        None => Ok(db.work()?),
    }
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

fn another() -> Error {
    Error::Conflict(
        t(
            "Một việc lớn khác đang làm dở; chờ xong rồi làm lại.",
            "Another large work is under way; wait until it is done and try again.",
        )
        .into(),
    )
}

/// What is said when a work is not this program's any more.
fn lost() -> Error {
    Error::Conflict(
        t(
            "Chương trình khác đã tiếp nhận việc lớn này: xem lại sổ rồi hãy làm lại.",
            "Another program has taken this large work over: look at the register before doing it again.",
        )
        .into(),
    )
}

/// What is said of a work of which the file does not say enough to go on with it.
pub(super) fn damaged() -> Error {
    StoreError::Damaged("long_work".into()).into()
}

/// Holds that an operation is not just being written or taken back in pieces; what was left behind of it is ended.
///
/// # Errors
/// That it is.
pub(super) fn at_rest(cx: &mut Cx, operation: i64) -> Result<()> {
    let at = |work: &Work| work.operation == Some(operation) || work.of == operation;
    match known(cx.store.read())?.filter(at) {
        Some(_) => at_work(cx).map(drop),
        None => Ok(()),
    }
}

/// Holds that no rows of a register wait to be written and nothing is being taken back: what comes may be among those.
///
/// # Errors
/// That some do.
pub(super) fn none_waits(db: Db, kind: Kind) -> Result<()> {
    let book = |kind| match kind {
        Kind::Opinion => Kind::Dialogue,
        kind => kind,
    };
    let meets = |work: &Work| {
        work.task == Task::TakeBack || work.register().is_none_or(|of| book(of) == book(kind))
    };
    match known(db)?.filter(meets) {
        Some(work) => Err(busy(&work)),
        None => Ok(()),
    }
}

/// As [`none_waits`]; what was left behind is ended.
///
/// # Errors
/// As [`none_waits`], and a failure of the database.
pub(super) fn settled(cx: &mut Cx, kind: Kind) -> Result<()> {
    match none_waits(cx.store.read(), kind) {
        Err(Error::Conflict(_)) => at_work(cx).map(drop),
        other => other,
    }
}

/// The work that is not done, where the file says enough of it: with one that cannot be read nobody can go on.
///
/// # Errors
/// A failure of the database.
pub(super) fn known(db: Db) -> Result<Option<Work>> {
    match db.work() {
        Err(StoreError::Damaged(_)) => Ok(None),
        work => Ok(work?),
    }
}

/// Writes down that a work is begun: nothing of it is decided yet. `of` is the operation that it takes back. The name
/// of the work.
///
/// # Errors
/// Another one that is not done, or a failure of the database.
pub(super) fn begin(
    cx: &mut Cx,
    task: Task,
    kind: &str,
    (of, all): (i64, usize),
) -> Result<String> {
    let id = new_id();
    cx.write_now(|tx, _, stamp| {
        if let Some(work) = readable(tx.read())? {
            return Err(busy(&work));
        }
        Ok(tx.set_work(&Work {
            id: id.clone(),
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
            seen: 0,
            moved: false,
            left: Vec::new(),
            unlinked: Vec::new(),
            wiped: Vec::new(),
            round: Round::default(),
        })?)
    })?;
    Ok(id)
}

/// The work as it is now.
///
/// # Errors
/// It is another one, or not as far as it was thought to be.
pub(super) fn same(db: Db, id: &str, decided: bool) -> Result<Work> {
    let work = db.work()?;
    work.filter(|work| work.id == id && work.decided == decided)
        .ok_or_else(lost)
}

/// Forgets what was gathered for a work that was not decided, in pieces, and then the work itself; false when it was
/// decided.
///
/// # Errors
/// A failure of the database.
pub(super) fn forget(cx: &mut Cx, id: &str) -> Result<bool> {
    loop {
        let end = cx.write_now(|tx, _, _| {
            let Some(work) = tx.read().work()?.filter(|work| work.id == id) else {
                return Ok(Some(true));
            };
            if work.decided {
                return Ok(Some(false));
            }
            if tx.drop_incoming(ROWS)? {
                return Ok(None);
            }
            tx.end_work(&work)?;
            Ok(Some(true))
        })?;
        if let Some(forgotten) = end {
            return Ok(forgotten);
        }
    }
}

/// One piece of a work that was decided: true while more follows. What was wiped with writers of denunciations it says.
pub(super) type Piece = fn(&Tx, &Env, (&mut Work, usize), &mut Vec<secrecy::Wiped>) -> Result<bool>;

/// Waits for its turn longer than a save does: what was decided is to be written.
fn patiently<T>(
    cx: &mut Cx,
    mut work: impl FnMut(&Tx, &Env, (&str, &str)) -> Result<T>,
) -> Result<T> {
    for _ in 1..TURNS {
        match cx.write_now(&mut work) {
            Err(Error::Busy) => {}
            done => return done,
        }
    }
    cx.write_now(work)
}

fn one(cx: &mut Cx, (id, at_once): (&str, usize), piece: Piece) -> Result<(Work, bool)> {
    let mut wiped = Vec::new();
    let done = patiently(cx, |tx, env, _| {
        wiped.clear();
        let mut work = same(tx.read(), id, true)?;
        work.moved |= tx.read().newest_history()? != work.seen;
        let more = piece(tx, env, (&mut work, at_once), &mut wiped)?;
        let of = wiped.iter().map(|w| (w.0.code().to_owned(), w.1));
        work.wiped.extend(of);
        work.seen = tx.read().newest_history()?;
        tx.set_work(&work)?;
        Ok((work, more))
    })?;
    // A draft that cannot be cleaned now is cleaned with the file.
    let _ = secrecy::clean_drafts(cx, &wiped);
    Ok(done)
}

/// Does a work that was decided, piece after piece, to its end; `watch` hears how far it is.
///
/// # Errors
/// A failure of the database, with what is done and that the rest follows.
pub(super) fn pieces(
    cx: &mut Cx,
    of: (&str, usize),
    piece: Piece,
    watch: &mut dyn FnMut(&Work),
) -> Result<Work> {
    let mut to_end = || {
        loop {
            let (work, more) = one(cx, of, piece)?;
            watch(&work);
            if !more {
                finish(cx, &work)?;
                return Ok(work);
            }
        }
    };
    let done = to_end();
    done.map_err(|error| unfinished(cx, error))
}

/// All pieces of a work are done: cleans the file where something was wiped, and forgets the work.
fn finish(cx: &mut Cx, work: &Work) -> Result<()> {
    let more = |tx: &Tx, _: &Env, _: (&str, &str)| {
        same(tx.read(), &work.id, true)?;
        Ok(tx.drop_incoming(ROWS)?)
    };
    while patiently(cx, more)? {}
    if !work.wiped.is_empty() {
        let kind = |code: &str| Kind::from_code(code);
        let nameless = work.wiped.iter().filter_map(|(code, id)| {
            let names = secrecy::Names::default();
            Some((kind(code)?, *id, names))
        });
        secrecy::scrub(cx, &nameless.collect::<Vec<_>>())?;
    }
    patiently(cx, |tx, _, _| {
        Ok(tx.end_work(&same(tx.read(), &work.id, true)?)?)
    })
}

/// An error after the decision: what is done stays, and the rest follows.
fn unfinished(cx: &Cx, error: Error) -> Error {
    let db = cx.store.read();
    let Ok(Some(work)) = db.work() else {
        return error;
    };
    let row = work.operation.map(|id| db.operation(id));
    let done = row
        .and_then(|row| row.ok().flatten())
        .map_or(0, |r| r.records);
    let [done, all] = [done, work.all].map(|n| vi_int(i64::try_from(n).unwrap_or(i64::MAX)));
    let cause = |lang| error.text(lang);
    let msg = Msg::new(
        format!(
            "Mới ghi {done} trên {all} bản ghi; phần còn lại tự ghi khi lưu hay mở lại, đừng làm lại. {}",
            cause(Lang::Vi)
        ),
        format!(
            "{done} of {all} records are done; the rest follows at the next save or opening, do not do it again. {}",
            cause(Lang::En)
        ),
    );
    match error {
        Error::BadFile(_) => Error::BadFile(msg),
        Error::Denied(_) => Error::Denied(msg),
        _ => Error::Write(msg),
    }
}

/// Goes on with a work that was decided and whose program has gone, and `tell`s so before; forgets one that was not.
/// What it went on with.
///
/// # Errors
/// A failure of the database; the next opening tries again.
pub(super) fn resume(cx: &mut Cx, tell: &mut dyn FnMut(&Msg)) -> Result<Option<Msg>> {
    if cx.store.read().work()?.is_none() {
        return Ok(None);
    }
    let Some(_alone) = cx.store.at_work()? else {
        return Ok(None);
    };
    // It may have ended while its lock was asked for.
    match cx.store.read().work()? {
        Some(work) => {
            if work.decided {
                let left = of_whom(&work);
                tell(&Msg::new(
                    format!("Đang làm nốt {}; chờ xong.", left.vi),
                    format!("Ending {}; wait until it is done.", left.en),
                ));
            }
            end(cx, &work)
        }
        None => Ok(None),
    }
}

fn end(cx: &mut Cx, work: &Work) -> Result<Option<Msg>> {
    if !work.decided {
        forget(cx, &work.id)?;
        return Ok(None);
    }
    let done = match work.task {
        Task::Import => import::go_on(cx, &work.id)?,
        Task::TakeBack => undo::go_on(cx, &work.id)?,
    };
    resumed(cx.store.read(), &done).map(Some)
}

/// Milliseconds after which a program tries again to go on with what it could not go on with.
const LATER: i64 = 60_000;

/// After a save: one piece of a work that was decided and that nobody is at, since its program has failed or gone.
pub(super) fn help(cx: &mut Cx) {
    if cx.no_help_before.is_some_and(|at| cx::millis() < at) {
        return;
    }
    // The save stands. What fails here may fail each time, and no save should wait for that.
    let failed = piece_of_one_left(cx).is_err();
    cx.no_help_before = failed.then(|| cx::millis() + LATER);
}

fn piece_of_one_left(cx: &mut Cx) -> Result<()> {
    if cx.store.read().work()?.is_none() {
        return Ok(());
    }
    let Some(_alone) = cx.store.at_work()? else {
        return Ok(());
    };
    let Some(work) = cx.store.read().work()?.filter(|work| work.decided) else {
        return Ok(());
    };
    let (piece, at_once) = match work.task {
        Task::Import => import::PIECE,
        Task::TakeBack => undo::PIECE,
    };
    let (work, more) = one(cx, (&work.id, at_once), piece)?;
    // One piece of the index for a save, too: the work is over once find knows it all.
    if !more && !cx.store.index_some()? {
        finish(cx, &work)?;
    }
    Ok(())
}

/// A work that another program had left, by name.
fn of_whom(work: &Work) -> Msg {
    let who = &work.who;
    let n = vi_int(i64::try_from(work.all).unwrap_or(i64::MAX));
    let (vi, en) = match work.task {
        Task::Import => ("việc nhập tệp", "import"),
        Task::TakeBack => ("việc lấy lại", "taking back"),
    };
    Msg::new(
        format!("{vi} {n} bản ghi mà {who} bỏ dở"),
        format!("the {en} of {n} records that {who} had begun"),
    )
}

/// What is said of it once it is done.
fn resumed(db: Db, work: &Work) -> Result<Msg> {
    let whose = of_whom(work);
    let said = Msg::new(
        format!("Đã làm nốt {}.", whose.vi),
        format!("Ended {}.", whose.en),
    );
    Ok(match left(db, work)? {
        None => said,
        Some(left) => Msg::new(
            format!("{} {}", said.vi, left.vi),
            format!("{} {}", said.en, left.en),
        ),
    })
}

/// What a work has left out, in words; none when all was done.
///
/// # Errors
/// A failure of the database.
pub(super) fn left(db: Db, work: &Work) -> Result<Option<Msg>> {
    match work.task {
        Task::Import => Ok(import::left_out(&work.left, &work.unlinked)),
        Task::TakeBack => undo::left_out(db, &work.round),
    }
}
