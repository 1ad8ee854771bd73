//! Records of every register: add, edit, remove, restore, list, history.
mod edit;
mod json;
mod read;
mod removal;
pub(super) use edit::{Edit, change_fields, judge_edit, read_heirs, told_heirs};
pub use edit::{edit, edit_with, set_successors, successors};
pub use json::from_json;
pub(super) use json::read_json_heirs;
pub use read::{
    Anchor, count, count_capped, each, each_given, history, list, page, pointing, rows_before,
    sorts, title,
};
pub use removal::set_removed;
pub(super) use removal::{judge_removed, mark, put_removed};

use super::{Cx, Error, Problem, Result, rules};
use crate::catalog::{self, Field, Type};
use crate::domain::deadline::Rule;
use crate::domain::record::{Kind, Record, blank};
use crate::domain::unit::SuccessionKind;
use crate::domain::value::Value;
use crate::domain::words::Msg;
pub use crate::store::AuditRow;
use crate::store::{Action, Change, Days, Db, Tx};
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
    draft_of(kind, fields.to_vec(), today)
}

/// As [`draft`], of fields that are not needed any more.
pub(super) fn draft_of(
    kind: Kind,
    fields: Vec<(&'static str, Value)>,
    today: NaiveDate,
) -> Box<dyn Record> {
    let mut record = blank(kind);
    let year = fields.iter().any(|(key, _)| *key == "year");
    for (key, value) in catalog::defaults(kind, today).into_iter().chain(fields) {
        // Types were checked when the text was read; what does not fit stays empty and is reported as missing.
        let _ = record.set(key, value);
    }
    if kind == Kind::Model
        && !year
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
    let many = items.len() > 1;
    cx.store.get_ready(kind)?;
    cx.write(|tx, env, stamp| {
        let mut problems = Vec::new();
        let mut added = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let record = draft(kind, &item.fields, env.today);
            match insert(tx, env, record, item, stamp) {
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
    let id = match kind {
        Kind::Petition => super::petitions::begin(tx, env, record.as_mut(), year)?,
        _ => tx.insert(record.as_mut(), year)?,
    };
    tx.audit(stamp, (kind, id), Action::Add, &Change::default(), None)?;
    match kind {
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

/// A record with what is computed for today.
pub(super) fn fetch(db: Db, env: &rules::Env, kind: Kind, id: i64) -> Result<Box<dyn Record>> {
    found(db, kind, id, (env.days, &env.rules))
}

fn found(db: Db, kind: Kind, id: i64, (days, rules): (Days, &[Rule])) -> Result<Box<dyn Record>> {
    let mut record = db
        .get(kind, id)?
        .ok_or_else(|| not_there(kind, &id.to_string()))?;
    super::petitions::stamp_standing(record.as_mut(), days, rules);
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
    found(cx.store.read(), kind, id, (cx.days(), &cx.rules))
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
