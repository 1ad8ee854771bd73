//! Petitions: steps taken and taken back, the deadline that follows, and why it is the day it is.
mod fit;
mod judged;
mod settle;
mod urge;
pub(super) use fit::steps_fit;
pub use judged::{LawChange, changed_since};
pub(super) use settle::{resettle, settle, settle_fields};
pub(super) use urge::urges;
pub use urge::{Urge, next_urge};

use super::ground::ground;
pub use super::ground::{Ground, REPLY_RULE};
use super::settings::Office;
pub(super) use super::step_rules::{effects, kept};
use super::{Cx, Error, Result, idle, rules, step_rules};
use crate::catalog;
use crate::domain::deadline::{Explanation, Facts, Rule, choose, explain as explain_rule};
use crate::domain::petition::{
    Jurisdiction, Petition, PetitionType, Situation, Stage, State, Step, StepKind, allowed,
    field_applies, fold, may, standing,
};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, t};
pub use crate::store::StepRow;
use crate::store::{Action, Change, Days, Db, Tx};
use chrono::NaiveDate;

/// Fills in what is computed for today.
pub(super) fn stamp_standing(record: &mut dyn Record, days: Days, rules: &[Rule]) {
    let Some(p) = record.as_any().downcast_ref::<Petition>() else {
        return;
    };
    let stage = p.stage.unwrap_or(Stage::Received);
    let idle = idle::alarm(rules, p, days.today);
    let now = standing(stage, p.due_on, p.resolved_on, days.today, days.soon);
    let left = p
        .due_on
        .filter(|_| super::units::OPEN_STAGES.contains(&stage))
        .map(|due| (due - days.today).num_days());
    // The keys are the record's own, so this cannot fail.
    let _ = record.set("idle_alarm", Value::Text(idle.code().into()));
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

/// What the steps of a petition amount to: suspensions, extensions, urgings, how it ended.
///
/// # Errors
/// When the petition is not there.
pub fn state(cx: &Cx, id: i64) -> Result<State> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    Ok(state_of(p, &live_steps(cx.store.read(), id)?))
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
pub fn take(cx: &mut Cx, id: i64, mut step: Step) -> Result<Box<dyn Record>> {
    cx.refresh()?;
    let env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    step.who.clone_from(&actor);
    step.entered_at.clone_from(&at);
    cx.store.write(|tx| {
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
        step_rules::check(tx.read(), &env, &p, &state, &step, kind)?;
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
            (&actor, &at),
            (Kind::Petition, id),
            Action::Step,
            &change,
            step.note.as_deref(),
        )?;
        tell(tx, (&actor, &at), &p, record.as_ref(), &keys)?;
        settle(tx, &env, id)?;
        let mut record = load(tx.read(), id)?;
        stamp_standing(record.as_mut(), env.days, &env.rules);
        Ok(record)
    })
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
        stamp_standing(record.as_mut(), env.days, &env.rules);
        Ok(record)
    })
}

/// What the present deadline of a petition stands on; none when it has none. That of a resolved one is counted by the
/// rules and the calendar that it was judged by.
///
/// # Errors
/// When the petition is not there.
pub fn why(cx: &Cx, id: i64) -> Result<Option<Ground>> {
    let db = cx.store.read();
    let record = load(db, id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(db, id)?);
    let env = rules::Env::of(cx);
    let law = judged::law(db, &env, id, &state)?;
    let mut found = ground(&law, p, &state);
    if let (Some(Ground::Rule(sum)), Stage::Resolved) = (&mut found, state.stage) {
        // What the office confirms later does not move it any more.
        sum.unconfirmed.clear();
        sum.unconfirmed_years.clear();
    }
    Ok(found)
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
