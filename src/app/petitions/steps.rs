//! Steps taken and taken back: one by one, or several in the transaction of another use case.
use super::{
    StepRow, effects, kept, live_steps, load, settle, situation, stamp_standing, state_of, typed,
};
use crate::app::{Cx, Error, Result, records, rules, step_rules, units};
use crate::catalog;
use crate::domain::petition::{Petition, Situation, Stage, State, Step, StepKind, allowed, may};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, Text, t};
use crate::store::{Action, Change, Db, Tx};

/// Holds that a step may be taken in a situation.
///
/// # Errors
/// The reason why not, with the steps that are allowed.
pub(super) fn admitted(s: Situation, kind: StepKind) -> Result<()> {
    let Err(barred) = may(kind, s) else {
        return Ok(());
    };
    let reason = catalog::step::barred_msg(barred);
    let can = allowed(s);
    let list = |f: fn(&crate::domain::words::Text) -> &'static str| {
        let names: Vec<String> = can
            .iter()
            .map(|row| {
                format!(
                    "{} ({})",
                    f(&catalog::step::label(row.step)),
                    row.step.code()
                )
            })
            .collect();
        names.join(", ")
    };
    let (vi, en) = (list(|x| x.vi), list(|x| x.en));
    let none = can.is_empty();
    let label = catalog::step::label(kind);
    Err(Error::refused(Msg::new(
        format!(
            "Bước «{}» {}. Làm được lúc này: {}.",
            label.vi,
            reason.vi,
            if none { "không có bước nào" } else { &vi }
        ),
        format!(
            "Step \"{}\": {}. Allowed now: {}.",
            label.en,
            reason.en,
            if none { "none" } else { &en }
        ),
    )))
}

/// Why a step cannot be taken now, in short; none when it can, or no step is named.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn barred(
    db: Db,
    env: &rules::Env,
    record: &dyn Record,
    kind: Option<StepKind>,
) -> Result<Option<Msg>> {
    let p = typed(record)?;
    let stage = p.stage.unwrap_or(Stage::Received);
    let now = situation(db, env.office, p, stage)?;
    Ok(kind.and_then(|kind| may(kind, now).err().map(catalog::step::barred_msg)))
}

/// Sets fields of a petition and says which.
fn put(record: &mut dyn Record, fields: Vec<(&'static str, Value)>) -> Result<Vec<&'static str>> {
    let mut keys = Vec::new();
    for (key, value) in fields {
        record
            .set(key, value)
            .map_err(|e| Error::refused(Msg::new(e.to_string(), e.to_string())))?;
        keys.push(key);
    }
    Ok(keys)
}

/// Writes each field that a step has changed, or given back, into the history.
fn tell(
    tx: &Tx,
    stamp: (&str, &str),
    before: &dyn Record,
    after: &dyn Record,
    keys: &[&'static str],
) -> Result<()> {
    let of = (Kind::Petition, after.head().id);
    for key in keys {
        let change = records::change(Kind::Petition, key, before, after);
        tx.audit(stamp, of, Action::Edit, &change, None)?;
    }
    Ok(())
}

/// Takes a step.
///
/// # Errors
/// When it is not allowed now (with the allowed ones), a field breaks a rule, or the database fails.
pub fn take(cx: &mut Cx, id: i64, step: Step) -> Result<Box<dyn Record>> {
    cx.write(|tx, env, stamp| take_in(tx, env, id, (step, None), stamp))
}

/// The last step of a petition, as someone saw it who is about to take the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand(Option<i64>);

impl Stand {
    fn of(rows: &[StepRow]) -> Self {
        Self(rows.last().map(StepRow::first))
    }
}

/// How far a petition is now.
///
/// # Errors
/// A failure of the database.
pub fn stand(cx: &Cx, id: i64) -> Result<Stand> {
    Ok(Stand::of(&live_steps(cx.store.read(), id)?))
}

/// As [`take`], by someone who saw the petition stand so; two who do the same work at once do not both record it.
///
/// # Errors
/// As [`take`], and a conflict that says who has taken or taken back a step since.
pub fn take_after(cx: &mut Cx, id: i64, step: Step, seen: Stand) -> Result<Box<dyn Record>> {
    cx.write(|tx, env, stamp| {
        let rows = live_steps(tx.read(), id)?;
        if Stand::of(&rows) != seen {
            return Err(Error::Conflict(moved_on(&rows, seen)));
        }
        take_in(tx, env, id, (step, None), stamp)
    })
}

/// What happened to a petition since it was seen.
fn moved_on(rows: &[StepRow], seen: Stand) -> Msg {
    let known = |first: i64| rows.iter().any(|row| row.first() == first);
    match rows.last() {
        Some(last) if seen.0.is_none_or(known) => {
            let who = &last.step.who;
            let label = last.step.kind.map_or(t("?", "?"), catalog::step::label);
            Msg::new(
                format!("{who} vừa ghi bước «{}» cho đơn này", label.vi),
                format!("{who} has just recorded the step \"{}\" here", label.en),
            )
        }
        _ => t(
            "bước cuối của đơn này vừa được lấy lại",
            "the last step here has just been taken back",
        )
        .into(),
    }
}

/// A step that may be taken, with what is known of its petition.
#[derive(Debug)]
pub(in crate::app) struct Judged {
    /// The step with what follows from the petition.
    pub step: Step,
    kind: StepKind,
    petition: Petition,
    state: State,
}

/// Holds every rule over a step that is about to be taken.
///
/// # Errors
/// When it is not allowed now, or a field breaks a rule.
pub(in crate::app) fn judge_step(
    db: Db,
    env: &rules::Env,
    record: &dyn Record,
    mut step: Step,
) -> Result<Judged> {
    rules::present(record)?;
    let p = typed(record)?.clone();
    let state = state_of(&p, &live_steps(db, p.head.id)?);
    let Some(kind) = step.kind else {
        return Err(Error::Usage(
            t("thiếu tên bước", "the step is missing").into(),
        ));
    };
    admitted(situation(db, env.office, &p, state.stage)?, kind)?;
    step_rules::complete(&p, &mut step, kind);
    step_rules::check(db, env, &p, &state, &step, kind)?;
    if let (Some(to), Some(on)) = (&mut step.to, step.on)
        && to.id == 0
    {
        *to =
            units::resolve(db, &to.code, on).map_err(|msg| step_rules::refuse("to", kind, msg))?;
    }
    Ok(Judged {
        step,
        kind,
        petition: p,
        state,
    })
}

/// Takes a step within a transaction; with the step, taken back since, that it takes again.
///
/// # Errors
/// As [`take`].
pub(in crate::app) fn take_in(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    (mut step, again): (Step, Option<i64>),
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    let mut record = load(tx.read(), id)?;
    stamp.0.clone_into(&mut step.who);
    stamp.1.clone_into(&mut step.entered_at);
    let Judged {
        step,
        kind,
        petition: p,
        state,
    } = judge_step(tx.read(), env, record.as_ref(), step)?;
    let changes = effects(&p, &step, kind);
    let kept = kept(&p, &changes);
    let keys = put(record.as_mut(), changes)?;
    tx.add_step(id, &step, kept.as_deref(), again)?;
    tx.update(record.as_mut(), &keys)?;
    let change = Change {
        field: Some(kind.code().into()),
        before: Some(state.stage.code().into()),
        after: step.on.map(|d| d.to_string()),
    };
    tx.audit(
        stamp,
        (Kind::Petition, id),
        Action::Step,
        &change,
        step.note.as_deref(),
    )?;
    tell(tx, stamp, &p, record.as_ref(), &keys)?;
    settle(tx, env, id)?;
    let mut record = load(tx.read(), id)?;
    stamp_standing(record.as_mut(), env.days, &env.rules);
    Ok(record)
}

/// Said of a petition without steps.
pub const NO_STEP: Text = t(
    "Đơn chưa có bước nào để lấy lại",
    "The petition has no step to take back",
);

/// Whether a petition has a step that can be taken back.
///
/// # Errors
/// A failure of the database.
pub fn has_step(cx: &Cx, id: i64) -> Result<bool> {
    Ok(!live_steps(cx.store.read(), id)?.is_empty())
}

/// Takes the last step back, and its deadline and the fields it set with it.
///
/// # Errors
/// Without a reason, when there is no step, or when the database fails.
pub fn undo_step(cx: &mut Cx, id: i64, why: &str) -> Result<Box<dyn Record>> {
    let why = crate::domain::text::clean(why);
    if why.is_empty() {
        return Err(Error::refused(
            t(
                "Lý do (why): phải ghi lý do khi lấy lại một bước",
                "Reason (why): taking a step back needs a reason",
            )
            .into(),
        ));
    }
    let back = Back {
        step: None,
        why: &why,
    };
    cx.write(|tx, env, stamp| undo_in(tx, env, id, &back, stamp))
}

/// A step to take back.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Back<'a> {
    /// The step that is meant ([`crate::store::StepRow::first`]), where only that one is; it must be the last.
    pub step: Option<i64>,
    /// Why.
    pub why: &'a str,
}

/// Takes the last step back within a transaction.
///
/// # Errors
/// As [`undo_step`], and when another step than the one meant is the last.
pub(in crate::app) fn undo_in(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    back: &Back,
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    let mut record = load(tx.read(), id)?;
    rules::present(record.as_ref())?;
    let rows = live_steps(tx.read(), id)?;
    let Some(last) = rows.last() else {
        return Err(Error::refused(NO_STEP.into()));
    };
    if back.step.is_some_and(|step| step != last.first()) {
        let label = last.step.kind.map_or(t("?", "?"), catalog::step::label);
        let who = &last.step.who;
        return Err(Error::refused(Msg::new(
            format!(
                "sau đó {who} đã ghi bước «{}»; lấy lại bước đó trước",
                label.vi
            ),
            format!(
                "{who} has since recorded the step \"{}\"; take that one back first",
                label.en
            ),
        )));
    }
    let p = typed(record.as_ref())?;
    let changes = step_rules::given_back(p, last, env.today);
    let before = record.boxed();
    let keys = put(record.as_mut(), changes)?;
    if let Value::Ref(lead) = record.get("duplicate_of")
        && keys.contains(&"duplicate_of")
    {
        step_rules::may_link(tx.read(), id, lead).map_err(Error::refused)?;
    }
    tx.undo_step(id, last.step.id, back.why, stamp)?;
    tx.update(record.as_mut(), &keys)?;
    let change = Change {
        field: last.step.kind.map(|k| k.code().to_owned()),
        before: last.step.on.map(|d| d.to_string()),
        after: None,
    };
    tx.audit(
        stamp,
        (Kind::Petition, id),
        Action::UndoStep,
        &change,
        Some(back.why),
    )?;
    tell(tx, stamp, before.as_ref(), record.as_ref(), &keys)?;
    settle(tx, env, id)?;
    let mut record = load(tx.read(), id)?;
    stamp_standing(record.as_mut(), env.days, &env.rules);
    Ok(record)
}
