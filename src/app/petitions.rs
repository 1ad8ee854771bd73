//! Petitions: steps taken and taken back, the deadline that follows, and why it is the day it is.
mod fit;
pub(super) use fit::steps_fit;

pub use super::ground::{Ground, REPLY_RULE};
use super::ground::{deadline, ground};
use super::settings::Office;
pub(super) use super::step_rules::{effects, kept};
use super::{Cx, Error, Result, rules, step_rules};
use crate::catalog;
use crate::domain::deadline::{Explanation, Facts, Rule, choose, explain as explain_rule};
use crate::domain::petition::{
    Jurisdiction, Petition, PetitionType, Situation, Stage, State, Step, StepKind, allowed,
    field_applies, fold, may, standing,
};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, UnitRef, Value};
use crate::domain::words::{Msg, t};
pub use crate::store::StepRow;
use crate::store::{Action, Change, Days, Db, Tx};
use chrono::NaiveDate;

/// Fills in what is computed for today.
pub(super) fn stamp_standing(record: &mut dyn Record, days: Days) {
    let Some(p) = record.as_any().downcast_ref::<Petition>() else {
        return;
    };
    let stage = p.stage.unwrap_or(Stage::Received);
    let now = standing(stage, p.due_on, p.resolved_on, days.today, days.soon);
    let left = p
        .due_on
        .filter(|_| super::units::OPEN_STAGES.contains(&stage))
        .map(|due| (due - days.today).num_days());
    // Both keys are the record's own, so this cannot fail.
    let _ = record.set("standing", Value::Text(now.code().into()));
    let _ = record.set("days_left", left.map_or(Value::Null, Value::Int));
}

fn typed(record: &dyn Record) -> Result<&Petition> {
    record
        .as_any()
        .downcast_ref::<Petition>()
        .ok_or_else(|| Error::refused(t("không phải đơn", "not a petition").into()))
}

fn load(db: Db, id: i64) -> Result<Box<dyn Record>> {
    db.get(Kind::Petition, id)?.ok_or_else(|| {
        Error::NotFound(Msg::new(
            format!("Không có đơn «{id}»"),
            format!("No petition \"{id}\""),
        ))
    })
}

fn live_steps(db: Db, id: i64) -> Result<Vec<StepRow>> {
    let mut rows = db.steps(id)?;
    rows.retain(|row| row.undone.is_none());
    Ok(rows)
}

fn state_of(p: &Petition, rows: &[StepRow]) -> State {
    let steps: Vec<Step> = rows.iter().map(|row| row.step.clone()).collect();
    fold(p.received_on, &steps)
}

fn situation(db: Db, office: Office, p: &Petition, stage: Stage) -> Result<Situation> {
    let lead = p.duplicate_of.map_or(p.head.id, |lead| lead.0);
    let unhandled = matches!(stage, Stage::Received | Stage::Classified);
    Ok(Situation {
        stage,
        petition_type: p.petition_type,
        instance: p.instance.unwrap_or(1),
        jurisdiction: p.jurisdiction.unwrap_or(Jurisdiction::Unknown),
        source: p.source,
        guided: unhandled && db.matter_has_step(lead, StepKind::Guide)?,
        linked: p.duplicate_of.is_some(),
        profile: office.profile,
    })
}

/// Brings the fold of the steps and the deadline beside a petition in line with its steps and fields.
pub(super) fn settle(tx: &Tx, env: &rules::Env, id: i64) -> Result<()> {
    let record = load(tx.read(), id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(tx.read(), id)?);
    let due = if p.stage == Some(Stage::Resolved) && state.stage == Stage::Resolved {
        // Late stays late: what follows a resolution does not move the deadline it was judged by.
        p.due_on.zip(tx.read().due_rule(id)?)
    } else {
        deadline(env, p, &state)
    };
    tx.set_state(
        id,
        &state,
        due.as_ref().map(|(day, code)| (*day, code.as_str())),
    )?;
    Ok(())
}

/// As [`settle`], after a change of fields that the deadline follows from; the deadline of a resolved petition
/// moves only with them.
pub(super) fn settle_fields(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    changed: &[&'static str],
) -> Result<()> {
    if !changed.iter().any(|key| DEADLINE_FIELDS.contains(key)) {
        return Ok(());
    }
    let record = load(tx.read(), id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(tx.read(), id)?);
    let due = deadline(env, p, &state);
    tx.set_state(
        id,
        &state,
        due.as_ref().map(|(day, code)| (*day, code.as_str())),
    )?;
    Ok(())
}

/// Fields of a petition that its deadline follows from.
const DEADLINE_FIELDS: &[&str] = &[
    "received_on",
    "type",
    "instance",
    "source",
    "complex",
    "very_complex",
    "remote",
];

/// Counts the deadlines of all open petitions anew, after rules, calendar or settings have changed; says how many
/// moved. What was resolved keeps the deadline that it was judged by.
///
/// # Errors
/// A failure of the database.
pub fn resettle(cx: &mut Cx) -> Result<usize> {
    cx.refresh()?;
    let env = rules::Env::of(cx);
    cx.store.write(|tx| {
        let mut moved = 0;
        for id in tx.read().open_petitions()? {
            let record = load(tx.read(), id)?;
            let p = typed(record.as_ref())?;
            let state = state_of(p, &live_steps(tx.read(), id)?);
            let due = deadline(&env, p, &state);
            if p.due_on != due.as_ref().map(|(day, _)| *day) {
                let due = due.as_ref().map(|(day, code)| (*day, code.as_str()));
                tx.set_state(id, &state, due)?;
                moved += 1;
            }
        }
        Ok(moved)
    })
}

/// What the steps of a petition amount to: suspensions, extensions, urgings, how it ended.
///
/// # Errors
/// When the petition is not there.
pub fn state(cx: &Cx, id: i64) -> Result<State> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    Ok(state_of(p, &live_steps(cx.store.read(), id)?))
}

/// The urging that comes next.
#[derive(Debug, Clone, PartialEq)]
pub struct Urge {
    /// Its number, from 1.
    pub number: usize,
    /// The day from which it is suggested.
    pub on: NaiveDate,
    /// Whom it goes to: where the petition was forwarded.
    pub to: Option<UnitRef>,
}

/// Working days after which urging again is suggested; the office's practice, no law says it.
const URGE_AGAIN: i64 = 10;

/// The next urging: the working day after the deadline, then every ten working days. None while nobody can be urged.
///
/// # Errors
/// When the petition is not there.
pub fn next_urge(cx: &Cx, id: i64) -> Result<Option<Urge>> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    let rows = live_steps(cx.store.read(), id)?;
    let state = state_of(p, &rows);
    let urge = crate::domain::petition::transition(StepKind::Urge);
    if !urge.is_some_and(|row| row.from.contains(&state.stage)) {
        return Ok(None);
    }
    let on = match (state.urges.last(), p.due_on) {
        (Some(last), _) => cx.calendar.add_working(*last, URGE_AGAIN),
        (None, Some(due)) => cx.calendar.add_working(due, 1),
        (None, None) => cx.today(),
    };
    let to = rows.iter().rev().find_map(|row| {
        let sent = matches!(row.step.kind, Some(StepKind::Forward | StepKind::Urge));
        row.step.to.clone().filter(|_| sent)
    });
    Ok(Some(Urge {
        number: state.urges.len() + 1,
        on,
        to,
    }))
}

/// All steps of a petition, those taken back included.
///
/// # Errors
/// When the petition is not there.
pub fn steps(cx: &Cx, id: i64) -> Result<Vec<StepRow>> {
    load(cx.store.read(), id)?;
    Ok(cx.store.read().steps(id)?)
}

/// Every step with the reason why it cannot be taken now, or none when it can.
///
/// # Errors
/// When the petition is not there.
pub fn choices(cx: &Cx, id: i64) -> Result<Vec<(StepKind, Option<Msg>)>> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    let stage = p.stage.unwrap_or(Stage::Received);
    let s = situation(cx.store.read(), cx.office, p, stage)?;
    Ok(StepKind::ALL
        .iter()
        .map(|kind| (*kind, may(*kind, s).err().map(catalog::step::barred_msg)))
        .collect())
}

/// Whether a step may be taken now, judged before its fields.
///
/// # Errors
/// The reason, with the steps that are allowed.
pub fn guard(cx: &Cx, id: i64, kind: StepKind) -> Result<()> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    let stage = p.stage.unwrap_or(Stage::Received);
    admitted(situation(cx.store.read(), cx.office, p, stage)?, kind)
}

fn admitted(s: Situation, kind: StepKind) -> Result<()> {
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
        let change = super::records::change(Kind::Petition, key, before, after);
        tx.audit(stamp, of, Action::Edit, &change, None)?;
    }
    Ok(())
}

/// Takes a step.
///
/// # Errors
/// When it is not allowed now (with the allowed ones), a field breaks a rule, or the database fails.
pub fn take(cx: &mut Cx, id: i64, step: Step) -> Result<Box<dyn Record>> {
    cx.refresh()?;
    let env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    cx.store
        .write(|tx| take_in(tx, &env, id, step, (&actor, &at)))
}

/// Takes a step in a transaction that is open.
pub(super) fn take_in(
    tx: &Tx,
    env: &rules::Env,
    id: i64,
    mut step: Step,
    stamp: (&str, &str),
) -> Result<Box<dyn Record>> {
    stamp.0.clone_into(&mut step.who);
    stamp.1.clone_into(&mut step.entered_at);
    let mut record = load(tx.read(), id)?;
    rules::present(record.as_ref())?;
    let p = typed(record.as_ref())?.clone();
    let state = state_of(&p, &live_steps(tx.read(), id)?);
    let Some(kind) = step.kind else {
        return Err(Error::Usage(
            t("thiếu tên bước", "the step is missing").into(),
        ));
    };
    admitted(situation(tx.read(), env.office, &p, state.stage)?, kind)?;
    step_rules::complete(&p, &mut step, kind);
    step_rules::check(tx.read(), env, &p, &state, &step, kind)?;
    if let (Some(to), Some(on)) = (&mut step.to, step.on)
        && to.id == 0
    {
        *to = super::units::resolve(tx.read(), &to.code, on)
            .map_err(|msg| step_rules::refuse("to", kind, msg))?;
    }
    let changes = effects(&p, &step, kind);
    let kept = kept(&p, &changes);
    let keys = put(record.as_mut(), changes)?;
    tx.add_step(id, &step, kept.as_deref())?;
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
    stamp_standing(record.as_mut(), env.days);
    Ok(record)
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
    cx.refresh()?;
    let env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    cx.store.write(|tx| {
        let mut record = load(tx.read(), id)?;
        rules::present(record.as_ref())?;
        let rows = live_steps(tx.read(), id)?;
        let Some(last) = rows.last() else {
            return Err(Error::refused(
                t(
                    "Đơn chưa có bước nào để lấy lại",
                    "The petition has no step to take back",
                )
                .into(),
            ));
        };
        let p = typed(record.as_ref())?;
        let changes = step_rules::given_back(p, last, env.today);
        let before = record.boxed();
        let keys = put(record.as_mut(), changes)?;
        if let Value::Ref(lead) = record.get("duplicate_of")
            && keys.contains(&"duplicate_of")
        {
            step_rules::may_link(tx.read(), id, lead).map_err(Error::refused)?;
        }
        tx.undo_step(id, last.step.id, &why, (&actor, &at))?;
        tx.update(record.as_mut(), &keys)?;
        let change = Change {
            field: last.step.kind.map(|k| k.code().to_owned()),
            before: last.step.on.map(|d| d.to_string()),
            after: None,
        };
        tx.audit(
            (&actor, &at),
            (Kind::Petition, id),
            Action::UndoStep,
            &change,
            Some(&why),
        )?;
        tell(tx, (&actor, &at), before.as_ref(), record.as_ref(), &keys)?;
        settle(tx, &env, id)?;
        let mut record = load(tx.read(), id)?;
        stamp_standing(record.as_mut(), env.days);
        Ok(record)
    })
}

/// What the present deadline of a petition stands on; none when it has none.
///
/// # Errors
/// When the petition is not there.
pub fn why(cx: &Cx, id: i64) -> Result<Option<Ground>> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(cx.store.read(), id)?);
    Ok(ground(&rules::Env::of(cx), p, &state))
}

/// The deadline that a petition will have when it is saved as it stands; none while its type or day is not known.
#[must_use]
pub fn foresee(cx: &Cx, record: &dyn Record) -> Option<Ground> {
    let p = typed(record).ok()?;
    ground(&rules::Env::of(cx), p, &fold(p.received_on, &[]))
}

/// The day-by-day sum of a rule from a start day.
///
/// # Errors
/// When no rule has the code on that day under these conditions.
pub fn explain(cx: &Cx, code: &str, start: NaiveDate, facts: &Facts) -> Result<Explanation> {
    let known = cx.rules.iter().any(|r| r.code == code);
    let rule: Option<&Rule> = choose(&cx.rules, code, start, facts);
    match rule {
        Some(rule) => Ok(explain_rule(rule, start, &cx.calendar, cx.office.roll_over)),
        None if known => Err(Error::refused(Msg::new(
            format!(
                "rule: {code} không có hiệu lực vào ngày {}",
                crate::domain::date::vi(start)
            ),
            format!("rule: {code} is not in force on {start}"),
        ))),
        None => Err(no_rule(&cx.rules, code)),
    }
}

/// A refusal that names the codes there are.
pub(super) fn no_rule(rules: &[Rule], code: &str) -> Error {
    let mut codes: Vec<&str> = rules.iter().map(|r| r.code.as_str()).collect();
    codes.dedup();
    let codes = codes.join(", ");
    Error::refused(Msg::new(
        format!("rule: không có quy tắc «{code}»; có: {codes}"),
        format!("rule: no rule \"{code}\"; there are: {codes}"),
    ))
}

/// Whether a field of a petition has a place on its type.
#[must_use]
pub fn applies(record: &dyn Record, key: &str) -> bool {
    let kind = record.get("type").text().and_then(PetitionType::from_code);
    field_applies(key, kind)
}
