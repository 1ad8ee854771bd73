//! Taking back an operation of very many records, so that others wait for a piece of it and never for all. First every
//! record is looked at, while others work on: what forbids it is told, and nothing was done. Then it is decided, and
//! pieces follow from the last change to the first, by this program or, after a kill, by the next one that opens the
//! file.
use super::inverse::{Part, Run, at, chain, given_back, meanwhile, parts};
use super::told::{self, Told};
use crate::app::long::{Piece, Turn, at_work, begin, damaged, forget, pieces, same};
use crate::app::rules::{self, Env};
use crate::app::{Cx, Error, Result, secrecy};
use crate::catalog::{self, Type};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Msg, t};
use crate::store::{Action, Db, OperationChange, OperationRow, Round, Task, Tx, Work};

/// Rows of history read at once.
const READ: usize = 1_000;

/// Takes back an operation in pieces, of so many records at most.
///
/// # Errors
/// As [`super::take_back`]; also another long work that is not done yet.
pub(super) fn take_back(cx: &mut Cx, row: &OperationRow, at_once: usize) -> Result<Told> {
    let _alone = at_work(cx)?;
    let told = told::told(cx.store.read(), row)?;
    look(cx, row)?;
    let decide =
        |tx: &Tx, _: &mut Work, who: &str| super::own(tx.read().operation(row.id)?, who).map(drop);
    let work = run(cx, row, at_once, decide)?;
    if work.operation.is_none() {
        return Err(Error::Conflict(nothing(cx.store.read(), &work.round)?));
    }
    let left = left_out(cx.store.read(), &work.round)?;
    Ok(Told { left, ..told })
}

/// Takes back what a taking back of this operation had to leave; it becomes part of that one.
///
/// # Errors
/// As [`take_back`]; also when all of it still must stay.
pub(super) fn take_rest(cx: &mut Cx, row: &OperationRow, at_once: usize) -> Result<Told> {
    let _alone = at_work(cx)?;
    let told = told::told(cx.store.read(), row)?;
    let mut before = 0;
    let decide = |tx: &Tx, work: &mut Work, who: &str| {
        let row = tx.read().operation(row.id)?;
        let Some((back, _)) = rest(tx.read(), row.as_ref())? else {
            return super::own(row, who).map(drop);
        };
        before = back.records;
        work.operation = Some(back.id);
        work.round.n = 1;
        Ok(())
    };
    let work = run(cx, row, at_once, decide)?;
    let db = cx.store.read();
    let now = match work.operation {
        Some(back) => db.operation(back)?.map_or(0, |back| back.records),
        None => 0,
    };
    if now == before {
        return Err(Error::Conflict(nothing(db, &work.round)?));
    }
    let left = left_out(db, &work.round)?;
    Ok(Told { left, ..told })
}

/// The operation that has taken this one back, when that stands and had to leave something, and what that is.
///
/// # Errors
/// A failure of the database.
pub(super) fn rest(db: Db, row: Option<&OperationRow>) -> Result<Option<(OperationRow, Msg)>> {
    let Some(row) = row.filter(|row| row.undone.is_some()) else {
        return Ok(None);
    };
    let Some(back) = db.undoing(row.id)?.filter(|back| back.undone.is_none()) else {
        return Ok(None);
    };
    Ok(match db.left_out(back.id)? {
        Some(work) => left_out(db, &work.round)?.map(|left| (back, left)),
        None => None,
    })
}

/// Decides to take an operation back, when `decide` holds it for right, and does it.
fn run(
    cx: &mut Cx,
    row: &OperationRow,
    at_once: usize,
    mut decide: impl FnMut(&Tx, &mut Work, &str) -> Result<()>,
) -> Result<Work> {
    let id = begin(cx, Task::TakeBack, "", (row.id, row.records))?;
    let decided = cx.write_now(|tx, _, stamp| {
        let mut work = same(tx.read(), &id, false)?;
        decide(tx, &mut work, stamp.0)?;
        work.decided = true;
        work.seen = tx.read().newest_history()?;
        work.newest = work.seen;
        work.next = i64::MAX;
        Ok(tx.set_work(&work)?)
    });
    if let Err(error) = decided
        // What was decided after all is done.
        && forget(cx, &id).unwrap_or(true)
    {
        return Err(error);
    }
    pieces(cx, (&id, at_once), piece, &mut |_| ())
}

/// The next piece of a taking back, and how many records it has at most.
pub(in crate::app) const PIECE: (Piece, usize) = (piece, super::AT_ONCE);

/// Goes on with a taking back that was decided and not ended.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn go_on(cx: &mut Cx, id: &str) -> Result<Work> {
    pieces(cx, (id, super::AT_ONCE), piece, &mut |_| ())
}

/// Records that are named where some stay as they are.
const NAMED: usize = 5;

/// Which records stay as they are, in words; none when all were taken back.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn left_out(db: Db, round: &Round) -> Result<Option<Msg>> {
    if round.staying == 0 {
        return Ok(None);
    }
    let (n, names) = (round.staying, names(db, round)?);
    Ok(Some(Msg::new(
        format!(
            "{n} bản ghi giữ nguyên vì người khác vừa sửa hay còn cần đến: {}.",
            names.vi
        ),
        format!(
            "{n} records stay as they are, since someone has just changed them or still needs them: {}.",
            names.en
        ),
    )))
}

fn nothing(db: Db, round: &Round) -> Result<Msg> {
    let names = names(db, round)?;
    Ok(Msg::new(
        format!("người khác vừa sửa hay còn cần đến {}", names.vi),
        format!("someone has just changed or still needs {}", names.en),
    ))
}

fn names(db: Db, round: &Round) -> Result<Msg> {
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    for (code, id) in round.stay.iter().take(NAMED) {
        if let Some(kind) = Kind::from_code(code) {
            let name = told::name(db, kind, *id)?;
            vi.push(name.vi);
            en.push(name.en);
        }
    }
    if round.staying > vi.len() {
        vi.push("…".to_owned());
        en.push("…".to_owned());
    }
    Ok(Msg::new(vi.join(", "), en.join(", ")))
}

/// The changes of the records that were changed last before a place in the history: of each all that stand together.
fn last_parts(db: Db, operation: i64, before: i64) -> Result<Vec<Part>> {
    let mut changes = db.operation_changes_before(operation, before, READ)?;
    // The first of them may go on before what was read.
    let of = |change: &OperationChange| (change.kind, change.record);
    if changes.len() == READ
        && let Some(last) = changes.last().map(of)
        && changes.first().map(of) != Some(last)
    {
        while changes.last().map(of) == Some(last) {
            changes.pop();
        }
    }
    changes.reverse();
    Ok(parts(changes))
}

/// The place in the history where a part begins.
fn begins(part: &Part) -> i64 {
    part.changes.iter().map(|c| c.audit).min().unwrap_or(0)
}

/// Looks whether all of it can be taken back; nothing is written.
fn look(cx: &mut Cx, row: &OperationRow) -> Result<()> {
    let env = Env::of(cx);
    let mut before = i64::MAX;
    loop {
        let db = cx.store.read();
        let parts = last_parts(db, row.id, before)?;
        let Some(first) = parts.iter().map(begins).min() else {
            break;
        };
        let mut stepped = Vec::new();
        for part in parts {
            if is_stepped(db, row, &part)? {
                stepped.push(part);
            } else {
                may(db, &env, row, &part).map_err(|e| at(db, &part, e))?;
            }
        }
        if !stepped.is_empty() {
            attempt(cx, row, &stepped)?;
        }
        before = first;
    }
    if before == i64::MAX {
        return Err(Error::refused(
            t("việc này không đổi gì để lấy lại", "nothing to take back").into(),
        ));
    }
    Ok(())
}

/// Whether a petition that stays was given steps.
fn is_stepped(db: Db, row: &OperationRow, part: &Part) -> Result<bool> {
    let petition = part.kind == Kind::Petition && !part.goes();
    Ok(petition && !db.operation_steps(row.id, part.record)?.is_empty())
}

/// Takes steps back for trial: whether they go cannot be told from one alone. Nothing of it is kept.
fn attempt(cx: &mut Cx, row: &OperationRow, parts: &[Part]) -> Result<()> {
    let mut judged = None;
    let tried = cx.write_now(|tx, env, stamp| {
        let (deed, own) = chain(row);
        tx.takes_back(deed, own);
        let mut run = Run::of(tx, env, row, stamp);
        let mut each = || {
            for part in parts {
                let done = tx.attempt(|| run.one(part));
                done.map_err(|e| at(tx.read(), part, e))?;
            }
            Ok(())
        };
        judged = Some(each());
        Err::<(), Error>(Error::Busy)
    });
    judged.unwrap_or(tried)
}

/// Holds that one record can be taken back, those beside it apart.
fn may(db: Db, env: &Env, row: &OperationRow, part: &Part) -> Result<()> {
    let of = (part.kind, part.record);
    if part.goes() {
        if let Some((who, at)) = db.stands_since(of, chain(row).1.1)? {
            return Err(meanwhile(&who, &at));
        }
        return match rules::may_remove(db, part.kind, part.record) {
            // Those that need it go as well.
            Err(Error::Refused(_)) if all_go(db, row.id, of)? => Ok(()),
            held => held,
        };
    }
    if let Some(record) = db.get(part.kind, part.record)? {
        given_back(db, env, (part, false), record.as_ref())?;
    }
    Ok(())
}

/// Whether all records that point to one are of the operation.
fn all_go(db: Db, operation: i64, of: (Kind, i64)) -> Result<bool> {
    for user in catalog::ENTITIES {
        for field in user.fields.iter().filter(|f| f.ty == Type::Ref(of.0)) {
            for record in db.pointing(user.kind, field.key, of.1)? {
                if !db.in_operation(operation, (user.kind, record.head().id))? {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

/// Takes back the next piece; false when nothing is left. What others of the operation still need goes in a later
/// round; what then stands on each other goes together; what somebody has worked on since stays as it is.
fn piece(
    tx: &Tx,
    env: &Env,
    (work, at_once): (&mut Work, usize),
    wiped: &mut Vec<secrecy::Wiped>,
) -> Result<bool> {
    let Some(row) = tx.read().operation(work.of)? else {
        return Err(damaged());
    };
    let (deed, own) = chain(&row);
    tx.takes_back(deed, own);
    tx.goes_on(work.operation);
    let stamp = (work.who.clone(), work.at.clone());
    let mut run = Run::of(tx, env, &row, (&stamp.0, &stamp.1));
    let mut turn = Turn::new(at_once);
    let mut more = true;
    'turn: while more {
        let parts = last_parts(tx.read(), row.id, work.next)?;
        if parts.is_empty() {
            more = another_round((tx, work), &mut run)?;
        }
        for part in parts.iter().rev() {
            if !turn.goes_on() {
                break 'turn;
            }
            work.next = begins(part);
            one((tx, work), &mut run, part)?;
        }
    }
    wiped.append(&mut run.wiped);
    work.operation = tx.own_operation();
    Ok(more)
}

/// Whether a record stays as it is for this.
fn stays(error: &Error) -> bool {
    matches!(
        error,
        Error::Refused(_) | Error::Conflict(_) | Error::NotFound(_)
    )
}

/// Takes one record back, when it was not in an earlier round.
fn one((tx, work): (&Tx, &mut Work), run: &mut Run, part: &Part) -> Result<()> {
    let of = (part.kind, part.record);
    let before = tx.own_operation().filter(|_| work.round.n > 0);
    if let Some(operation) = before
        && tx.read().in_operation(operation, of)?
    {
        return Ok(());
    }
    let was = run.wiped.len();
    match tx.attempt(|| run.one(part)) {
        Ok(()) => work.round.stirred |= tx.has_changed(of),
        // Others still need it, or somebody has worked on it since it was looked at.
        Err(error) if stays(&error) => {
            run.wiped.truncate(was);
            work.round.staying += 1;
            if work.round.stay.len() < KEPT {
                work.round
                    .stay
                    .push((part.kind.code().to_owned(), part.record));
            }
        }
        Err(other) => return Err(other),
    }
    Ok(())
}

/// Records of which it is kept that they stay; of more the number is.
const KEPT: usize = 5_000;
/// Records that are tried together at the end, and how often one of them is left out that cannot go.
const TOGETHER: usize = 500;
const TRIES: usize = 20;

/// All records were looked at: whether there is another round.
fn another_round((tx, work): (&Tx, &mut Work), run: &mut Run) -> Result<bool> {
    if work.round.staying > 0 && work.round.stirred {
        work.next = i64::MAX;
        work.round = Round {
            n: work.round.n + 1,
            ..Round::default()
        };
        return Ok(true);
    }
    if work.round.staying <= KEPT {
        together((tx, work), run)?;
    }
    Ok(false)
}

/// Whether nothing but what stands on it can keep a record from going, or what it stands on from coming back.
fn is_free(db: Db, part: &Part, root: i64) -> Result<bool> {
    let of = (part.kind, part.record);
    let Some(record) = db.get(part.kind, part.record)? else {
        return Ok(false);
    };
    Ok(if part.goes() {
        !record.head().deleted && db.stands_since(of, root)?.is_none()
    } else {
        part.has(Action::Remove) && record.head().deleted
    })
}

/// Takes back what stays because it stands on each other, in a circle; what cannot go even so stays.
fn together((tx, work): (&Tx, &mut Work), run: &mut Run) -> Result<()> {
    let (mut all, mut stay) = (Vec::new(), Vec::new());
    for (code, record) in &work.round.stay {
        let kind = Kind::from_code(code).ok_or_else(damaged)?;
        for part in parts(tx.read().operation_changes_of(work.of, (kind, *record))?) {
            if is_free(tx.read(), &part, run.root())? {
                all.push(part);
            } else {
                stay.push((code.clone(), *record));
            }
        }
    }
    if all.len() > TOGETHER {
        return Ok(());
    }
    for _ in 0..TRIES {
        let was = run.wiped.len();
        let mut place = None;
        let done = tx.attempt(|| {
            run.all(&all).map_err(|(n, error)| {
                place = Some(n);
                error
            })
        });
        match (done, place) {
            (Ok(()), _) => {
                work.round.staying = stay.len();
                work.round.stay = stay;
                break;
            }
            (Err(error), Some(n)) if stays(&error) && n < all.len() => {
                run.wiped.truncate(was);
                let part = all.remove(n);
                stay.push((part.kind.code().to_owned(), part.record));
            }
            (Err(other), _) => return Err(other),
        }
    }
    Ok(())
}
