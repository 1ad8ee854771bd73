//! Records removed and brought back.
use super::fetch;
use crate::app::{Cx, Result, rules};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::store::{Action, Change, Db, Tx};

/// Removes a record (nothing is lost) or brings it back.
///
/// # Errors
/// When others still need it, or a failure of the database.
pub fn set_removed(cx: &mut Cx, kind: Kind, id: i64, removed: bool) -> Result<Box<dyn Record>> {
    cx.write(|tx, env, stamp| {
        let record = fetch(tx.read(), env, kind, id)?;
        put_removed(tx, env, record, removed, stamp)
    })
}

/// Whether a record may be removed, or brought back; gives it with its units found again.
///
/// # Errors
/// The records that need it, or the rules that it would break.
pub(in crate::app) fn judge_removed(
    db: Db,
    env: &rules::Env,
    record: &dyn Record,
    removed: bool,
) -> Result<Box<dyn Record>> {
    let mut back = record.boxed();
    if removed {
        rules::may_remove(db, record.kind(), record.head().id)?;
    } else {
        // What it points to may have gone, and its code may have been given away meanwhile.
        rules::hold(db, env, back.as_mut(), Some(record))?;
    }
    Ok(back)
}

/// Removes a record within a transaction, or brings it back; a dialogue with its opinions.
///
/// # Errors
/// As [`set_removed`].
pub(in crate::app) fn put_removed(
    tx: &Tx,
    env: &rules::Env,
    record: Box<dyn Record>,
    removed: bool,
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    if record.head().deleted == removed {
        return Ok(record);
    }
    let mut record = judge_removed(tx.read(), env, record.as_ref(), removed)?;
    if record.kind() == Kind::Dialogue {
        for mut opinion in opinions_with(tx, env, record.head().id, removed)? {
            mark(tx, opinion.as_mut(), removed, None, stamp)?;
        }
    }
    mark(tx, record.as_mut(), removed, None, stamp)?;
    Ok(record)
}

/// Marks one record removed or not, with its history; `why` is the reason it tells.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn mark(
    tx: &Tx,
    record: &mut dyn Record,
    removed: bool,
    why: Option<&str>,
    stamp: (&str, &str),
) -> Result<()> {
    tx.set_deleted(record, removed.then_some(stamp.1))?;
    let action = if removed {
        Action::Remove
    } else {
        Action::Restore
    };
    let of = (record.kind(), record.head().id);
    tx.audit(stamp, of, action, &Change::default(), why)?;
    Ok(())
}

/// The opinions that go with a dialogue when it is removed, and those that come back with it: they went at its time.
fn opinions_with(
    tx: &Tx,
    env: &rules::Env,
    dialogue: i64,
    removed: bool,
) -> Result<Vec<Box<dyn Record>>> {
    let db = tx.read();
    if removed {
        return Ok(db.pointing(Kind::Opinion, "dialogue", dialogue)?);
    }
    let gone = |kind, id| -> Result<Option<String>> {
        let rows = db.history(kind, id)?;
        let last = rows.iter().rfind(|r| r.action == Action::Remove.code());
        Ok(last.map(|r| r.at.clone()))
    };
    let at = gone(Kind::Dialogue, dialogue)?;
    let mut query = Query::all(Kind::Opinion);
    query.deleted = true;
    query.conds.push(Cond {
        key: "dialogue",
        op: Op::Eq,
        value: Value::Ref(dialogue),
    });
    let mut back = Vec::new();
    for opinion in db.list(&query, env.days, 0, None)? {
        if gone(Kind::Opinion, opinion.head().id)? == at {
            back.push(opinion);
        }
    }
    Ok(back)
}
