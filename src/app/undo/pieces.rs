//! Taking back an operation of very many records, so that others wait for a piece of it and never for all. First every
//! record is looked at, while others work on: what forbids it is told, and nothing was done. Then it is decided, and
//! pieces follow from the last change to the first, by this program or, after a kill, by the next one that opens the
//! file.
use super::inverse::{Part, Run, at, chain, given_back, meanwhile, parts};
use super::told::{self, Told};
use crate::app::long::{Turn, at_work, begin, forget_gathered};
use crate::app::rules::{self, Env};
use crate::app::{Cx, Error, Result, secrecy};
use crate::catalog::{self, Type};
use crate::domain::record::Kind;
use crate::domain::words::t;
use crate::store::{Db, OperationChange, OperationRow, Task, Tx};

/// Rows of history read at once.
const READ: usize = 1_000;

/// Takes back an operation in pieces, of so many records at most.
///
/// # Errors
/// As [`super::take_back`]; also another long work that is not done yet.
pub(super) fn take_back(cx: &mut Cx, row: &OperationRow, at_once: usize) -> Result<Told> {
    let _alone = at_work(cx)?;
    let told = told::told(cx.store.read(), row)?;
    let (env, own) = (Env::of(cx), chain(row));
    let seen = cx.store.read().newest_history()?;
    let start = look(cx.store.read(), &env, row)?;
    begin(cx, Task::TakeBack, "", (row.id, row.records))?;
    let decided = cx.write(|tx, _, stamp| {
        let Some(mut work) = tx.read().work()? else {
            return Err(Error::Busy);
        };
        super::own(tx.read().operation(row.id)?, stamp.0)?;
        work.decided = true;
        work.newest = seen;
        work.next = start;
        work.operation = Some(tx.begin_operation(stamp, (own.0, Some(own.1)))?);
        Ok(tx.set_work(&work)?)
    });
    if let Err(error) = decided {
        let _ = forget_gathered(cx);
        return Err(error);
    }
    write(cx, at_once)?;
    Ok(told)
}

/// Goes on with a taking back that was decided and not ended.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn go_on(cx: &mut Cx) -> Result<()> {
    write(cx, super::AT_ONCE)
}

fn write(cx: &mut Cx, at_once: usize) -> Result<()> {
    loop {
        let mut wiped = Vec::new();
        let more = cx.write(|tx, env, _| piece(tx, env, at_once, &mut wiped))?;
        if !wiped.is_empty() {
            secrecy::scrub(cx, &wiped)?;
        }
        if !more {
            return forget_gathered(cx);
        }
    }
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

/// Looks whether all of it can be taken back; the place in the history behind its last change.
fn look(db: Db, env: &Env, row: &OperationRow) -> Result<i64> {
    let (mut before, mut start) = (i64::MAX, 0);
    loop {
        let parts = last_parts(db, row.id, before)?;
        let Some(first) = parts.iter().map(begins).min() else {
            break;
        };
        if start == 0 {
            let all = parts.iter().flat_map(|part| &part.changes);
            start = all.map(|c| c.audit + 1).max().unwrap_or(0);
        }
        for part in &parts {
            may(db, env, row, part).map_err(|e| at(db, part, e))?;
        }
        before = first;
    }
    if start == 0 {
        return Err(Error::refused(
            t("việc này không đổi gì để lấy lại", "nothing to take back").into(),
        ));
    }
    Ok(start)
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
        let stepped =
            part.kind == Kind::Petition && !db.operation_steps(row.id, part.record)?.is_empty();
        if !stepped {
            given_back(db, env, (part, false), record.as_ref())?;
        }
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

/// Takes back the next piece; false when nothing is left.
fn piece(tx: &Tx, env: &Env, at_once: usize, wiped: &mut Vec<secrecy::Wiped>) -> Result<bool> {
    let Some(mut work) = tx.read().work()?.filter(|work| work.decided) else {
        return Ok(false);
    };
    let Some(row) = tx.read().operation(work.of)? else {
        return Ok(false);
    };
    tx.goes_on(work.operation);
    let stamp = (work.who.clone(), work.at.clone());
    let mut run = Run::of(tx, env, &row, (&stamp.0, &stamp.1));
    let mut turn = Turn::new(at_once);
    let (mut any, mut more) = (false, true);
    while more {
        let parts = last_parts(tx.read(), row.id, work.next)?;
        more = !parts.is_empty();
        for part in parts.iter().rev() {
            if !turn.goes_on() {
                more = false;
                break;
            }
            any = true;
            work.next = begins(part);
            match tx.attempt(|| run.one(part)) {
                // Somebody has worked on it since it was looked at: what stands there now stays.
                Ok(()) | Err(Error::Refused(_) | Error::Conflict(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    wiped.append(&mut run.wiped);
    tx.set_work(&work)?;
    Ok(any)
}
