//! Records of every register: add, edit, remove, restore, list, history.
mod json;
mod removal;
pub use json::from_json;
pub use removal::set_removed;

use super::{Cx, Error, Problem, Result, rules, secrecy};
use crate::catalog::{self, Field, Type};
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record, blank};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg};
pub use crate::store::AuditRow;
use crate::store::{Action, Change, Db, Tx};
use chrono::{Datelike, NaiveDate};

/// Fields of a record as given: key and value.
pub type Fields = Vec<(&'static str, Value)>;

/// A record to add, with what comes inside it.
#[derive(Debug, Clone, Default)]
pub struct NewRecord {
    /// Its fields.
    pub fields: Fields,
    /// Opinions of a dialogue.
    pub opinions: Vec<Fields>,
    /// Successors of a unit: `CODE[@DATE]` and how much.
    pub successors: Option<Vec<(String, SuccessionKind)>>,
}

fn problem(kind: Kind, key: &'static str, msg: Msg) -> Problem {
    let label = catalog::field(kind, key).map_or_else(Msg::default, |f| f.label.into());
    Problem {
        row: None,
        field: Some(key),
        label,
        msg,
    }
}

/// The value of what was typed into a field; a reference may be given by the number in the book.
///
/// # Errors
/// The rule that the text breaks.
pub fn value(cx: &Cx, field: &Field, text: &str) -> std::result::Result<Value, Msg> {
    if let (Type::Ref(kind), Some((seq, year))) = (field.ty, catalog::parse::number_ref(text)) {
        let found = cx.store.read().by_number(kind, seq, year);
        return match found {
            Ok(Some(id)) => Ok(Value::Ref(id)),
            _ => Err(Msg::new(
                format!("không có số {seq}/{year} trong sổ"),
                format!("no number {seq}/{year} in the book"),
            )),
        };
    }
    let read = catalog::parse::parse(field, text, cx.today());
    match (read, field.ty) {
        (Err(msg), Type::Unit) => {
            // A name typed for a code: which units bear it.
            let near = super::units::suggestion(cx, text, cx.today()).unwrap_or_default();
            Err(Msg::new(
                format!("{}{}", msg.vi, near.vi),
                format!("{}{}", msg.en, near.en),
            ))
        }
        (read, _) => read,
    }
}

/// A record with what was said of it, and the defaults where nothing was.
#[must_use]
pub fn draft(kind: Kind, fields: &[(&'static str, Value)], today: NaiveDate) -> Box<dyn Record> {
    let mut record = blank(kind);
    for (key, value) in catalog::defaults(kind, today).iter().chain(fields) {
        // Types were checked when the text was read; what does not fit stays empty and is reported as missing.
        let _ = record.set(key, value.clone());
    }
    if kind == Kind::Model
        && !fields.iter().any(|(key, _)| *key == "year")
        && let Value::Date(on) = record.get("registered_on")
    {
        let _ = record.set("year", Value::Int(i64::from(on.year())));
    }
    record
}

/// Adds records: all of them, or none with every problem of every row.
///
/// # Errors
/// Broken rules, or a failure of the database.
pub fn add(cx: &mut Cx, kind: Kind, items: &[NewRecord]) -> Result<Vec<Box<dyn Record>>> {
    cx.refresh()?;
    let stamp = cx.stamp();
    let today = cx.today();
    let env = rules::Env::of(cx);
    let many = items.len() > 1;
    let Cx { store, config, .. } = cx;
    let actor = config.actor.clone();
    store.write(|tx| {
        let mut problems = Vec::new();
        let mut added = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let record = draft(kind, &item.fields, today);
            match insert(tx, &env, record, item, (&actor, &stamp)) {
                Ok(record) => added.push(record),
                Err(Error::Refused(more)) => problems.extend(more.into_iter().map(|mut p| {
                    p.row = p.row.or(many.then_some(at + 1));
                    p
                })),
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() {
            Ok(added)
        } else {
            Err(Error::Refused(problems))
        }
    })
}

/// Adds one record, with what comes inside it, in a transaction that is open.
pub(super) fn insert(
    tx: &Tx,
    env: &rules::Env,
    mut record: Box<dyn Record>,
    item: &NewRecord,
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    let kind = record.kind();
    rules::complete(tx.read(), env, record.as_mut())?;
    rules::hold(tx.read(), env, record.as_mut(), None)?;
    let year = rules::number_year(record.as_ref());
    let id = tx.insert(record.as_mut(), year)?;
    tx.audit(stamp, (kind, id), Action::Add, &Change::default(), None)?;
    match kind {
        Kind::Petition => super::petitions::settle(tx, env, id)?,
        Kind::Unit => {
            let parent = match record.get("parent") {
                Value::Unit(u) => Some(u.id),
                _ => None,
            };
            tx.place_unit(id, parent)?;
            if let Some(list) = &item.successors {
                rules::set_successors(tx, id, list, env.today)?;
            }
        }
        Kind::Dialogue => {
            for fields in &item.opinions {
                let mut fields = fields.clone();
                fields.retain(|(key, _)| *key != "dialogue");
                fields.push(("dialogue", Value::Ref(id)));
                let opinion = draft(Kind::Opinion, &fields, env.today);
                insert(tx, env, opinion, &NewRecord::default(), stamp)?;
            }
        }
        _ => {}
    }
    fetch(tx.read(), env, kind, id)
}

fn fetch(db: Db, env: &rules::Env, kind: Kind, id: i64) -> Result<Box<dyn Record>> {
    let mut record = db
        .get(kind, id)?
        .ok_or_else(|| not_there(kind, &id.to_string()))?;
    super::petitions::stamp_standing(record.as_mut(), env.days);
    Ok(record)
}

fn not_there(kind: Kind, name: &str) -> Error {
    let one = catalog::entity(kind).one;
    Error::NotFound(Msg::new(
        format!("Không có {} «{name}»", one.vi),
        format!("No {} \"{name}\"", one.en),
    ))
}

/// The id of a record named by id, by the number in its book, or by the code of a unit.
///
/// # Errors
/// When there is none.
pub fn locate(cx: &Cx, kind: Kind, name: &str) -> Result<i64> {
    if kind == Kind::Unit {
        return Ok(super::units::locate(cx, name)?.id);
    }
    let found = match (catalog::parse::number_ref(name), name.parse::<i64>()) {
        (Some((seq, year)), _) => cx.store.read().by_number(kind, seq, year)?,
        (None, Ok(id)) => cx.store.read().get(kind, id)?.map(|_| id),
        (None, Err(_)) => None,
    };
    found.ok_or_else(|| not_there(kind, name))
}

/// One record, with what is computed for today.
///
/// # Errors
/// When it is not there.
pub fn get(cx: &Cx, kind: Kind, id: i64) -> Result<Box<dyn Record>> {
    fetch(cx.store.read(), &rules::Env::of(cx), kind, id)
}

/// Every rule that a record would break if it were saved now.
///
/// # Errors
/// The problems, or a failure of the database.
pub fn check(cx: &Cx, record: &dyn Record) -> Result<()> {
    let mut copy = record.boxed();
    let env = rules::Env::of(cx);
    rules::complete(cx.store.read(), &env, copy.as_mut())?;
    let before = match record.head().id {
        0 => None,
        id => cx.store.read().get(record.kind(), id)?,
    };
    rules::hold(cx.store.read(), &env, copy.as_mut(), before.as_deref())
}

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
    cx.refresh()?;
    let stamp = cx.stamp();
    let env = rules::Env::of(cx);
    let actor = cx.actor().to_owned();
    let (saved, wiped) = cx
        .store
        .write(|tx| edit_in(tx, &env, (kind, id), (rev, fields, heirs), (&actor, &stamp)))?;
    if wiped {
        secrecy::scrub(cx, kind, id)?;
    }
    Ok(saved)
}

/// What an edit changes: the revision it was made on, fields, successors of a unit.
type Edit<'a> = (
    Option<i64>,
    &'a [(&'static str, Value)],
    Option<&'a [(String, SuccessionKind)]>,
);

/// An edit in a transaction that is open; whether what told who wrote a denunciation was wiped, so that
/// [`secrecy::scrub`] must follow.
pub(super) fn edit_in(
    tx: &Tx,
    env: &rules::Env,
    (kind, id): (Kind, i64),
    (rev, fields, heirs): Edit,
    stamp: (&str, &str),
) -> Result<(Box<dyn Record>, bool)> {
    let before = fetch(tx.read(), env, kind, id)?;
    guard_rev(before.as_ref(), rev)?;
    rules::present(before.as_ref())?;
    let mut record = before.boxed();
    for (key, value) in fields {
        record
            .set(key, value.clone())
            .map_err(|e| Error::refused(Msg::new(e.to_string(), e.to_string())))?;
    }
    if secrecy::becomes_secret(before.as_ref(), record.as_ref()) {
        secrecy::unnamed(before.as_ref(), record.as_ref())?;
    }
    rules::complete(tx.read(), env, record.as_mut())?;
    rules::hold(tx.read(), env, record.as_mut(), Some(before.as_ref()))?;
    super::petitions::steps_fit(tx.read(), env, before.as_ref(), record.as_ref())?;
    // A new date can mean another unit by the same code, so not only the fields given count.
    let given = fields.iter().map(|(key, _)| *key);
    let rest = record.keys().iter().copied();
    let mut changed: Vec<&'static str> = Vec::new();
    for key in given.chain(rest) {
        if record.get(key) != before.get(key) && !changed.contains(&key) {
            changed.push(key);
        }
    }
    if let Some(list) = heirs {
        succeed(tx, env, id, list, stamp)?;
    }
    if changed.is_empty() {
        return Ok((fetch(tx.read(), env, kind, id)?, false));
    }
    tx.update(record.as_mut(), &changed)?;
    for key in &changed {
        let change = change(kind, key, before.as_ref(), record.as_ref());
        tx.audit(stamp, (kind, id), Action::Edit, &change, None)?;
    }
    let wiped = secrecy::forget(tx, before.as_ref(), record.as_ref())?;
    match kind {
        Kind::Petition => super::petitions::settle_fields(tx, env, id, &changed)?,
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

/// One field's change as the history keeps it.
pub(super) fn change(
    kind: Kind,
    key: &'static str,
    before: &dyn Record,
    after: &dyn Record,
) -> Change {
    let text = |record: &dyn Record| {
        let value = record.get(key);
        (!value.is_null()).then(|| {
            catalog::field(kind, key)
                .map_or_else(String::new, |f| catalog::show::edit_text(f, &value))
        })
    };
    Change {
        field: Some(key.to_owned()),
        before: text(before),
        after: text(after),
    }
}

/// Replaces the successors of a unit.
///
/// # Errors
/// An unknown or repeated successor, or a failure of the database.
pub fn set_successors(cx: &mut Cx, id: i64, list: &[(String, SuccessionKind)]) -> Result<()> {
    edit_with(cx, Kind::Unit, id, None, &[], Some(list)).map(|_| ())
}

fn succeed(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    list: &[(String, SuccessionKind)],
    stamp: (&str, &str),
) -> Result<()> {
    let told = || -> Result<Option<String>> {
        let heirs = tx.read().successors(id)?;
        let heirs: Vec<String> = heirs
            .iter()
            .map(|s| format!("{}:{}", s.code, s.kind.code()))
            .collect();
        Ok((!heirs.is_empty()).then(|| heirs.join(", ")))
    };
    let before = told()?;
    rules::set_successors(tx, id, list, env.today)?;
    let change = Change {
        field: Some("successors".into()),
        before,
        after: told()?,
    };
    if change.before != change.after {
        tx.touch(Kind::Unit, id)?;
        tx.audit(stamp, (Kind::Unit, id), Action::Edit, &change, None)?;
    }
    Ok(())
}

/// The history of a record, oldest first.
///
/// # Errors
/// When the record is not there.
pub fn history(cx: &Cx, kind: Kind, id: i64) -> Result<Vec<AuditRow>> {
    get(cx, kind, id)?;
    Ok(cx.store.read().history(kind, id)?)
}

/// The rows of a list from `offset`, at most `limit`, with what is computed for today.
///
/// # Errors
/// A failure of the database.
pub fn list(
    cx: &Cx,
    query: &Query,
    offset: usize,
    limit: Option<usize>,
) -> Result<Vec<Box<dyn Record>>> {
    let mut rows = cx.store.read().list(query, cx.days(), offset, limit)?;
    for row in &mut rows {
        super::petitions::stamp_standing(row.as_mut(), cx.days());
    }
    Ok(rows)
}

/// Rows near the end of a list, in its order: at most `limit`, with `skip` rows after them.
///
/// # Errors
/// A failure of the database.
pub fn list_from_end(
    cx: &Cx,
    query: &Query,
    skip: usize,
    limit: usize,
) -> Result<Vec<Box<dyn Record>>> {
    let read = cx.store.read();
    let mut rows = read.list_from_end(query, cx.days(), skip, limit)?;
    for row in &mut rows {
        super::petitions::stamp_standing(row.as_mut(), cx.days());
    }
    Ok(rows)
}

/// Hands the rows of a list over one by one, for output as long as the register.
///
/// # Errors
/// A failure of the database, or what `take` returns.
pub fn each(
    cx: &Cx,
    query: &Query,
    limit: Option<usize>,
    mut take: impl FnMut(&dyn Record) -> Result<()>,
) -> Result<()> {
    let days = cx.days();
    cx.store
        .read()
        .each::<Error>(query, days, 0, limit, |mut record| {
            super::petitions::stamp_standing(record.as_mut(), days);
            take(record.as_ref())
        })
}

/// How many rows a list has.
///
/// # Errors
/// A failure of the database.
pub fn count(cx: &Cx, query: &Query) -> Result<usize> {
    Ok(cx.store.read().count(query, cx.days())?)
}

/// Records of a kind that point to another: the opinions of a dialogue, the parts of a total, the visits that led
/// to a petition.
///
/// # Errors
/// A failure of the database.
pub fn pointing(cx: &Cx, kind: Kind, key: &str, to: i64) -> Result<Vec<Box<dyn Record>>> {
    let mut rows = cx.store.read().pointing(kind, key, to)?;
    for row in &mut rows {
        super::petitions::stamp_standing(row.as_mut(), cx.days());
    }
    Ok(rows)
}

/// The title of a record: its naming field, never a personal one.
#[must_use]
pub fn title(record: &dyn Record, lang: Lang) -> String {
    let entity = catalog::entity(record.kind());
    catalog::field(entity.kind, entity.title_field).map_or_else(String::new, |field| {
        catalog::show::show(field, &record.get(field.key), lang)
    })
}
