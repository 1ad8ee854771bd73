//! Many records changed at once: first what would happen to each, then all of it in one transaction, which is one
//! operation and is taken back as one.
use super::petitions::{barred, judge_step, take_in};
use super::records::{self, Edit};
use super::undo::record_name;
use super::{Cx, Error, Problem, Result, rules, secrecy};
use crate::catalog::{self, Field, show};
use crate::domain::petition::{PetitionType, Step};
use crate::domain::query::Query;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Lang, Msg, t};
use crate::store::{Anchor, Db};

/// Most records that are changed at once; a transaction that long keeps others waiting for some seconds.
pub const MOST: usize = 10_000;
/// Different values, and reasons, that a preview names.
const NAMED: usize = 100;
/// Records that are named for one reason.
const EXAMPLES: usize = 3;

/// What is done with each record.
#[derive(Debug, Clone)]
pub enum Change {
    /// Gives a field this value.
    Field(&'static Field, Value),
    /// Takes this step.
    Step(Box<Step>),
    /// Removes it.
    Remove,
    /// Brings it back.
    Restore,
}

/// One kind of change, and how many records undergo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What stands there now.
    pub before: Msg,
    /// How many.
    pub count: usize,
}

/// One reason why records cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub why: Msg,
    /// The first of the records, by name.
    pub names: Vec<Msg>,
    /// How many.
    pub count: usize,
}

/// What a change would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Records that can be changed, each with the revision it was judged at.
    pub can: Vec<(i64, i64)>,
    /// What they hold now, the commonest first.
    pub groups: Vec<Group>,
    /// How many are so already.
    pub same: usize,
    /// Why others cannot be changed, the commonest reason first.
    pub cannot: Vec<Refusal>,
    /// How many cannot.
    pub refused: usize,
}

/// Fields that can be changed of many records at once: not what tells who a citizen is, nor what ties a record to
/// another, nor what is computed.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    catalog::entity(kind).fields.iter().filter(|field| {
        let tie = matches!(field.ty, catalog::Type::Ref(_));
        !field.computed() && !field.personal() && !tie && field.key != "code"
    })
}

/// Ids of the rows of a list, to mark them.
///
/// # Errors
/// When there are more than can be changed at once, or a failure of the database.
pub fn ids(cx: &Cx, query: &Query) -> Result<Vec<i64>> {
    page(cx, query, Anchor::First, MOST + 1)
}

/// Ids of `count` rows of a list from one on; none when it is not there any more.
///
/// # Errors
/// As [`ids`].
pub fn range(cx: &Cx, query: &Query, from: i64, count: usize) -> Result<Vec<i64>> {
    page(cx, query, Anchor::From(from), count.min(MOST + 1))
}

fn page(cx: &Cx, query: &Query, from: Anchor, most: usize) -> Result<Vec<i64>> {
    let ids = cx.store.read().page_ids(query, cx.days(), from, most)?;
    let ids = ids.unwrap_or_default();
    if ids.len() > MOST {
        return Err(too_many());
    }
    Ok(ids)
}

fn too_many() -> Error {
    Error::refused(Msg::new(
        "nhiều nhất 10.000 dòng một lần; hãy lọc bớt",
        "10,000 rows at once at most; filter first",
    ))
}

/// What would happen to each of these records.
///
/// # Errors
/// Too many records, or a failure of the database.
pub fn preview(cx: &mut Cx, kind: Kind, ids: &[i64], change: &Change) -> Result<Preview> {
    if ids.len() > MOST {
        return Err(too_many());
    }
    cx.refresh()?;
    let env = rules::Env::of(cx);
    let db = cx.store.read();
    let mut seen = Preview::default();
    for id in ids {
        let judged = match db.get(kind, *id)? {
            Some(record) => judge(db, &env, record.as_ref(), change)
                .map(|outcome| (outcome, record.head().rev, held(record.as_ref(), change))),
            None => Err(Error::refused(
                t("không còn trong sổ", "is not there any more").into(),
            )),
        };
        match judged {
            Ok((Outcome::Same, ..)) => seen.same += 1,
            Ok((Outcome::Changes, rev, before)) => {
                seen.can.push((*id, rev));
                seen.count(before);
            }
            Err(Error::Refused(problems)) => {
                seen.refuse(db, (kind, *id), reason(&problems))?;
            }
            Err(other) => return Err(other),
        }
    }
    seen.groups
        .sort_by_key(|group| std::cmp::Reverse(group.count));
    seen.cannot
        .sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
    Ok(seen)
}

impl Preview {
    fn refuse(&mut self, db: Db, of: (Kind, i64), why: Msg) -> Result<()> {
        self.refused += 1;
        if let Some(known) = self.cannot.iter_mut().find(|r| r.why == why) {
            known.count += 1;
            if known.names.len() < EXAMPLES {
                known.names.push(record_name(db, of.0, of.1)?);
            }
        } else if self.cannot.len() < NAMED {
            self.cannot.push(Refusal {
                why,
                names: vec![record_name(db, of.0, of.1)?],
                count: 1,
            });
        }
        Ok(())
    }

    fn count(&mut self, before: Msg) {
        if let Some(group) = self.groups.iter_mut().find(|g| g.before == before) {
            group.count += 1;
        } else if self.groups.len() < NAMED {
            self.groups.push(Group { before, count: 1 });
        }
    }
}

/// Changes the records of a preview: all of them, or none. How many were changed.
///
/// # Errors
/// Who has changed which of them since the preview, what a rule forbids now, or a failure of the database.
pub fn apply(cx: &mut Cx, kind: Kind, can: &[(i64, i64)], change: &Change) -> Result<usize> {
    if can.len() > MOST {
        return Err(too_many());
    }
    let wiped = cx.write(|tx, env, stamp| {
        let mut moved = Vec::new();
        for (id, rev) in can {
            let now = tx.read().get(kind, *id)?;
            if now.is_none_or(|record| record.head().rev != *rev) {
                moved.push(*id);
            }
        }
        if !moved.is_empty() {
            return Err(conflict(tx.read(), kind, &moved)?);
        }
        let mut wiped = Vec::new();
        for (id, _) in can {
            let done = change_one(tx, env, (kind, *id), change, stamp);
            match done {
                Ok(one) => wiped.extend(one),
                Err(Error::Refused(problems)) => {
                    let (name, why) = (record_name(tx.read(), kind, *id)?, reason(&problems));
                    return Err(Error::refused(Msg::new(
                        format!("không đổi gì: {}: {}", name.vi, why.vi),
                        format!("nothing was changed: {}: {}", name.en, why.en),
                    )));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(wiped)
    })?;
    if !wiped.is_empty() {
        secrecy::scrub(cx, &wiped)?;
    }
    Ok(can.len())
}

/// Records that have moved on since they were judged.
fn conflict(db: Db, kind: Kind, moved: &[i64]) -> Result<Error> {
    const SHOWN: usize = 5;
    let mut names = Vec::new();
    for id in moved.iter().take(SHOWN) {
        let name = record_name(db, kind, *id)?;
        let who = db.changed_since((kind, *id), None, 0)?;
        let by = who.map_or_else(String::new, |(who, _)| format!(" ({who})"));
        names.push(Msg::new(
            format!("{}{by}", name.vi),
            format!("{}{by}", name.en),
        ));
    }
    if moved.len() > SHOWN {
        names.push(Msg::new("…", "…"));
    }
    let list = |say: fn(&Msg) -> &str| names.iter().map(say).collect::<Vec<_>>().join(", ");
    Ok(Error::Conflict(Msg::new(
        format!(
            "vừa có người sửa: {}. Chưa đổi gì; hãy xem trước lại.",
            list(|m| &m.vi)
        ),
        format!(
            "changed by others just now: {}. Nothing was changed; look at the preview again.",
            list(|m| &m.en)
        ),
    )))
}

fn reason(problems: &[Problem]) -> Msg {
    let join = |lang| {
        let said = |p: &Problem| match p.label.get(lang) {
            "" => p.msg.get(lang).to_owned(),
            label => format!("{label}: {}", p.msg.get(lang)),
        };
        problems.iter().map(said).collect::<Vec<_>>().join("; ")
    };
    Msg::new(join(Lang::Vi), join(Lang::En))
}

/// What the change finds in a record.
enum Outcome {
    Changes,
    Same,
}

fn judge(db: Db, env: &rules::Env, record: &dyn Record, change: &Change) -> Result<Outcome> {
    match change {
        Change::Field(field, value) => {
            not_secret(record, field, value)?;
            let after = records::judge_edit(db, env, record, &[(field.key, value.clone())])?;
            if after.get(field.key) == record.get(field.key) {
                return Ok(Outcome::Same);
            }
        }
        Change::Step(step) => {
            rules::present(record)?;
            if let Some(why) = barred(db, env, record, step.kind)? {
                return Err(Error::refused(why));
            }
            judge_step(db, env, record, step.as_ref().clone())?;
        }
        Change::Remove | Change::Restore => {
            let removed = matches!(change, Change::Remove);
            if record.head().deleted == removed {
                return Ok(Outcome::Same);
            }
            records::judge_removed(db, env, record, removed)?;
        }
    }
    Ok(Outcome::Changes)
}

/// What would become a denunciation is changed one by one: a person sees before what is removed for ever.
fn not_secret(record: &dyn Record, field: &Field, value: &Value) -> Result<()> {
    let denunciation = value.text() == Some(PetitionType::Denunciation.code());
    let says = matches!(field.key, "type" | "matter_type");
    if !says || !denunciation || record.get(field.key) == *value {
        return Ok(());
    }
    Err(Error::refused(
        t(
            "chuyển thành tố cáo thì làm từng bản ghi, để xem trước những gì bị xóa",
            "what becomes a denunciation is changed one by one, to see what is removed",
        )
        .into(),
    ))
}

/// What a preview says of the record as it is.
fn held(record: &dyn Record, change: &Change) -> Msg {
    let say = |lang| match change {
        Change::Field(field, _) => match record.get(field.key) {
            Value::Null => "–".to_owned(),
            value => show::show(field, &value, lang),
        },
        Change::Step(_) => show::stage_words(record, lang),
        Change::Remove | Change::Restore => String::new(),
    };
    Msg::new(say(Lang::Vi), say(Lang::En))
}

/// Changes one record; what was wiped of it.
fn change_one(
    tx: &crate::store::Tx,
    env: &rules::Env,
    (kind, id): (Kind, i64),
    change: &Change,
    stamp: (&str, &str),
) -> Result<Option<secrecy::Wiped>> {
    let gone = || Error::refused(t("không còn trong sổ", "is not there any more").into());
    let record = tx.read().get(kind, id)?.ok_or_else(gone)?;
    match change {
        Change::Field(field, value) => {
            not_secret(record.as_ref(), field, value)?;
            let fields = [(field.key, value.clone())];
            let edit = Edit {
                fields: &fields,
                heirs: None,
                why: None,
            };
            let (_, wiped) = records::change_fields(tx, env, record, &edit, stamp)?;
            Ok(wiped)
        }
        Change::Step(step) => {
            take_in(tx, env, id, (step.as_ref().clone(), None), stamp)?;
            Ok(None)
        }
        Change::Remove | Change::Restore => {
            let removed = matches!(change, Change::Remove);
            records::put_removed(tx, env, record, removed, stamp)?;
            Ok(None)
        }
    }
}
