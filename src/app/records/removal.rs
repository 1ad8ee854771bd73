//! Records removed and brought back.
use super::fetch;
use crate::app::{Cx, Result, rules};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::store::{Action, Change, Tx};

/// Removes a record (nothing is lost) or brings it back.
///
/// # Errors
/// When others still need it, or a failure of the database.
pub fn set_removed(cx: &mut Cx, kind: Kind, id: i64, removed: bool) -> Result<Box<dyn Record>> {
    let stamp = cx.stamp();
    let env = rules::Env::of(cx);
    let actor = cx.actor().to_owned();
    cx.store.write(|tx| {
        let mut record = fetch(tx.read(), &env, kind, id)?;
        if record.head().deleted == removed {
            return Ok(record);
        }
        if removed {
            rules::may_remove(tx.read(), kind, id)?;
        } else {
            // What it points to may have gone, and its code may have been given away meanwhile.
            let before = record.boxed();
            rules::hold(tx.read(), &env, record.as_mut(), Some(before.as_ref()))?;
        }
        if kind == Kind::Dialogue {
            for mut opinion in opinions_with(tx, &env, id, removed)? {
                mark(tx, opinion.as_mut(), removed, (&actor, &stamp))?;
            }
        }
        mark(tx, record.as_mut(), removed, (&actor, &stamp))?;
        Ok(record)
    })
}

fn mark(tx: &Tx, record: &mut dyn Record, removed: bool, stamp: (&str, &str)) -> Result<()> {
    tx.set_deleted(record, removed.then_some(stamp.1))?;
    let action = if removed {
        Action::Remove
    } else {
        Action::Restore
    };
    let of = (record.kind(), record.head().id);
    tx.audit(stamp, of, action, &Change::default(), None)?;
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
