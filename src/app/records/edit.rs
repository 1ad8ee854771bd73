//! Records changed: one by one, or several in the transaction of another use case.
use super::{change, fetch};
use crate::app::{Cx, Error, Result, petitions, rules, secrecy};
use crate::domain::record::{Kind, Record};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::Msg;
use crate::store::{Action, Change, Db, Tx};
use chrono::NaiveDate;

/// Changes fields of a record; `rev` is the revision the change was made on, when it matters.
///
/// # Errors
/// A conflict when the record has moved on, broken rules, or a failure of the database.
pub fn edit(
    cx: &mut Cx,
    kind: Kind,
    id: i64,
    rev: Option<i64>,
    fields: &[(&'static str, Value)],
) -> Result<Box<dyn Record>> {
    edit_with(cx, kind, id, rev, fields, None)
}

/// As [`edit`], with the successors of a unit replaced at once: all of it is saved, or nothing.
///
/// # Errors
/// As [`edit`], and an unknown or repeated successor.
pub fn edit_with(
    cx: &mut Cx,
    kind: Kind,
    id: i64,
    rev: Option<i64>,
    fields: &[(&'static str, Value)],
    heirs: Option<&[(String, SuccessionKind)]>,
) -> Result<Box<dyn Record>> {
    let change = Edit {
        fields,
        heirs,
        why: None,
    };
    let (saved, wiped) = cx.write(|tx, env, stamp| {
        let before = fetch(tx.read(), env, kind, id)?;
        guard_rev(before.as_ref(), rev)?;
        change_fields(tx, env, before, &change, stamp)
    })?;
    if let Some(wiped) = wiped {
        secrecy::scrub(cx, &[wiped])?;
    }
    Ok(saved)
}

/// A change of one record.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Edit<'a> {
    /// Fields and their new values.
    pub fields: &'a [(&'static str, Value)],
    /// New successors of a unit.
    pub heirs: Option<&'a [(String, SuccessionKind)]>,
    /// Reason, for the history.
    pub why: Option<&'a str>,
}

/// The record as it would be saved, every rule held.
///
/// # Errors
/// Broken rules, or a failure of the database.
pub(in crate::app) fn judge_edit(
    db: Db,
    env: &rules::Env,
    before: &dyn Record,
    fields: &[(&'static str, Value)],
) -> Result<Box<dyn Record>> {
    rules::present(before)?;
    let mut record = before.boxed();
    for (key, value) in fields {
        record
            .set(key, value.clone())
            .map_err(|e| Error::refused(Msg::new(e.to_string(), e.to_string())))?;
    }
    if secrecy::becomes_secret(before, record.as_ref()) {
        secrecy::unnamed(db, before, record.as_ref())?;
    }
    rules::complete(db, env, record.as_mut())?;
    rules::hold(db, env, record.as_mut(), Some(before))?;
    petitions::steps_fit(db, env, before, record.as_ref())?;
    Ok(record)
}

/// Changes fields of a record within a transaction. The record as it is then, and what was wiped, of which the file
/// must be cleaned after the transaction ([`secrecy::scrub`]).
///
/// # Errors
/// Broken rules, or a failure of the database.
pub(in crate::app) fn change_fields(
    tx: &Tx,
    env: &rules::Env,
    before: Box<dyn Record>,
    edit: &Edit,
    stamp: (&str, &str),
) -> Result<(Box<dyn Record>, Option<secrecy::Wiped>)> {
    let (kind, id) = (before.kind(), before.head().id);
    let mut record = judge_edit(tx.read(), env, before.as_ref(), edit.fields)?;
    // A new date can mean another unit by the same code, so not only the fields given count.
    let given = edit.fields.iter().map(|(key, _)| *key);
    let rest = record.keys().iter().copied();
    let mut changed: Vec<&'static str> = Vec::new();
    for key in given.chain(rest) {
        if record.get(key) != before.get(key) && !changed.contains(&key) {
            changed.push(key);
        }
    }
    if let Some(list) = edit.heirs {
        succeed(tx, env, id, list, edit.why, stamp)?;
    }
    if changed.is_empty() {
        return Ok((fetch(tx.read(), env, kind, id)?, None));
    }
    tx.update(record.as_mut(), &changed)?;
    for key in &changed {
        let change = change(kind, key, before.as_ref(), record.as_ref());
        tx.audit(stamp, (kind, id), Action::Edit, &change, edit.why)?;
    }
    let wiped = secrecy::forget(tx, before.as_ref(), record.as_ref())?;
    match kind {
        Kind::Petition => petitions::settle_fields(tx, env, id, &changed)?,
        Kind::Unit if changed.contains(&"parent") => {
            let parent = match record.get("parent") {
                Value::Unit(u) => Some(u.id),
                _ => None,
            };
            tx.place_unit(id, parent)?;
        }
        _ => {}
    }
    Ok((fetch(tx.read(), env, kind, id)?, wiped))
}

fn guard_rev(record: &dyn Record, rev: Option<i64>) -> Result<()> {
    let now = record.head().rev;
    match rev {
        Some(rev) if rev != now => Err(Error::Conflict(Msg::new(
            format!(
                "Bản ghi đã được người khác sửa (bản {now}, không phải {rev}). Hãy xem lại rồi sửa tiếp."
            ),
            format!(
                "Someone else has changed the record (revision {now}, not {rev}). Look again, then edit."
            ),
        ))),
        _ => Ok(()),
    }
}

/// Replaces the successors of a unit.
///
/// # Errors
/// An unknown or repeated successor, or a failure of the database.
pub fn set_successors(cx: &mut Cx, id: i64, list: &[(String, SuccessionKind)]) -> Result<()> {
    edit_with(cx, Kind::Unit, id, None, &[], Some(list)).map(|_| ())
}

/// The successors of a unit as the history tells them, and as [`read_heirs`] reads them: `CODE:kind`, with a day of the
/// unit's life where its code alone would mean another.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn told_heirs(db: Db, id: i64, today: NaiveDate) -> Result<Option<String>> {
    let mut heirs = Vec::new();
    for s in db.successors(id)? {
        let lives = db.unit_lives(&s.code)?;
        let meant = lives.iter().find(|u| u.valid_on(today)).or(lives.last());
        let day = lives
            .iter()
            .find(|u| u.id == s.id && meant.is_some_and(|m| m.id != u.id))
            .and_then(|u| u.valid_from.or(u.valid_to))
            .map_or_else(String::new, |day| format!("@{day}"));
        heirs.push(format!("{}{day}:{}", s.code, s.kind.code()));
    }
    Ok((!heirs.is_empty()).then(|| heirs.join(", ")))
}

/// The successors of a unit for a file: code, day of their life (a code alone may mean another unit on the day the file
/// is read), and how much.
///
/// # Errors
/// A failure of the database.
pub fn successors(cx: &Cx, id: i64) -> Result<Vec<(String, Option<NaiveDate>, SuccessionKind)>> {
    let heirs = cx.store.read().successors(id)?;
    let one = |s: crate::domain::unit::Succession| (s.code, s.valid_from.or(s.valid_to), s.kind);
    Ok(heirs.into_iter().map(one).collect())
}

/// The successors that [`told_heirs`] told; none when the text is no such list.
pub(in crate::app) fn read_heirs(text: Option<&str>) -> Option<Vec<(String, SuccessionKind)>> {
    let Some(text) = text else {
        return Some(Vec::new());
    };
    text.split(", ")
        .map(|heir| {
            let (code, kind) = heir.rsplit_once(':')?;
            Some((code.to_owned(), SuccessionKind::from_code(kind)?))
        })
        .collect()
}

fn succeed(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    list: &[(String, SuccessionKind)],
    why: Option<&str>,
    stamp: (&str, &str),
) -> Result<()> {
    let before = told_heirs(tx.read(), id, env.today)?;
    rules::set_successors(tx, id, list, env.today)?;
    let change = Change {
        field: Some("successors".into()),
        before,
        after: told_heirs(tx.read(), id, env.today)?,
    };
    if change.before != change.after {
        tx.touch(Kind::Unit, id)?;
        tx.audit(stamp, (Kind::Unit, id), Action::Edit, &change, why)?;
    }
    Ok(())
}
