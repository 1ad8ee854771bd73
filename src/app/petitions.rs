//! Petitions: steps taken and taken back, the deadline that follows, and why it is the day it is.
use super::ground::ground;
pub use super::ground::{Ground, REPLY_RULE};
use super::{Cx, Error, Problem, Result, rules};
use crate::catalog;
use crate::domain::deadline::{Explanation, Facts, Rule, choose, explain as explain_rule};
use crate::domain::petition::{
    Jurisdiction, Petition, PetitionType, Situation, Stage, State, Step, StepKind, allowed,
    field_applies, fold, may, outcomes, standing,
};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
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

fn situation(p: &Petition, stage: Stage) -> Situation {
    Situation {
        stage,
        petition_type: p.petition_type,
        instance: p.instance.unwrap_or(1),
        jurisdiction: p.jurisdiction.unwrap_or(Jurisdiction::Unknown),
    }
}

/// Brings the fold of the steps and the deadline beside a petition in line with its steps and fields.
pub(super) fn settle(tx: &Tx, env: &rules::Env, id: i64) -> Result<()> {
    let record = load(tx.read(), id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(tx.read(), id)?);
    let ground = ground(env, p, &state);
    tx.set_state(id, &state, ground.as_ref().map(|g| (g.due(), g.code())))?;
    Ok(())
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
    let s = situation(p, p.stage.unwrap_or(Stage::Received));
    Ok(StepKind::ALL
        .iter()
        .map(|kind| (*kind, may(*kind, s).err().map(catalog::step::barred_msg)))
        .collect())
}

fn refuse(key: &'static str, kind: StepKind, msg: Msg) -> Error {
    let label = catalog::step::fields_of(kind)
        .iter()
        .find(|f| f.key == key)
        .map_or_else(Msg::default, |f| f.label.into());
    Error::Refused(vec![Problem {
        row: None,
        field: Some(key),
        label,
        msg,
    }])
}

/// Whether a step may be taken now, judged before its fields.
///
/// # Errors
/// The reason, with the steps that are allowed.
pub fn guard(cx: &Cx, id: i64, kind: StepKind) -> Result<()> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    admitted(p, p.stage.unwrap_or(Stage::Received), kind)
}

fn admitted(p: &Petition, stage: Stage, kind: StepKind) -> Result<()> {
    let s = situation(p, stage);
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

fn check_step(
    p: &Petition,
    state: &State,
    step: &Step,
    kind: StepKind,
    today: NaiveDate,
) -> Result<()> {
    use crate::domain::date::vi;
    let Some(on) = step.on else {
        return Err(refuse(
            "on",
            kind,
            t("phải có ngày", "a date is required").into(),
        ));
    };
    if on > today {
        return Err(refuse(
            "on",
            kind,
            Msg::new(
                format!("{} ở sau hôm nay ({})", vi(on), vi(today)),
                format!("{} is after today ({})", vi(on), vi(today)),
            ),
        ));
    }
    if let Some(last) = state.last_on.filter(|last| on < *last) {
        return Err(refuse(
            "on",
            kind,
            Msg::new(
                format!("{} ở trước bước liền trước ({})", vi(on), vi(last)),
                format!("{} is before the step it follows ({})", vi(on), vi(last)),
            ),
        ));
    }
    if kind == StepKind::Forward && step.to.is_none() {
        return Err(refuse(
            "to",
            kind,
            t("phải có nơi nhận", "the addressee is required").into(),
        ));
    }
    if let Some(due) = step.reply_due.filter(|due| *due < on) {
        return Err(refuse(
            "reply_due",
            kind,
            Msg::new(
                format!("{} ở trước ngày chuyển ({})", vi(due), vi(on)),
                format!("{} is before the day of forwarding ({})", vi(due), vi(on)),
            ),
        ));
    }
    if kind == StepKind::Resolve {
        let can = outcomes(p.petition_type, p.instance.unwrap_or(1));
        if !step.outcome.is_some_and(|o| can.contains(&o)) {
            let names: Vec<&str> = can.iter().map(|o| o.code()).collect();
            return Err(refuse(
                "outcome",
                kind,
                Msg::new(
                    format!("phải là một trong: {}", names.join(", ")),
                    format!("must be one of: {}", names.join(", ")),
                ),
            ));
        }
    }
    Ok(())
}

/// What a step changes in the petition's own fields.
pub(super) fn effects(p: &Petition, step: &Step, kind: StepKind) -> Vec<(&'static str, Value)> {
    let mut out: Vec<(&'static str, Value)> = Vec::new();
    match kind {
        StepKind::Classify => {
            for key in ["jurisdiction", "eligible"] {
                out.push((key, step.get(key)));
            }
        }
        StepKind::Accept => {
            out.push(("jurisdiction", Value::Text(Jurisdiction::Own.code().into())));
            for key in ["complex", "very_complex", "remote"] {
                out.push((key, step.get(key)));
            }
            if step.very_complex == Some(true) {
                out.push(("complex", Value::Bool(true)));
            }
        }
        StepKind::Forward if p.jurisdiction.is_none_or(|j| j == Jurisdiction::Unknown) => {
            out.push((
                "jurisdiction",
                Value::Text(Jurisdiction::Other.code().into()),
            ));
        }
        _ => {}
    }
    out.retain(|(key, value)| !value.is_null() && p.get(key) != *value);
    out
}

/// The values that a step replaces, as JSON, to give back when it is taken back.
pub(super) fn kept(p: &Petition, changes: &[(&'static str, Value)]) -> Option<String> {
    let before: serde_json::Map<String, serde_json::Value> = changes
        .iter()
        .map(|(key, _)| ((*key).to_owned(), catalog::json::to_json(&p.get(key))))
        .collect();
    (!before.is_empty()).then(|| serde_json::Value::Object(before).to_string())
}

/// Takes a step.
///
/// # Errors
/// When it is not allowed now (with the allowed ones), a field breaks a rule, or the database fails.
pub fn take(cx: &mut Cx, id: i64, mut step: Step) -> Result<Box<dyn Record>> {
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
        admitted(&p, state.stage, kind)?;
        if kind == StepKind::Resolve && step.outcome.is_none() {
            // Recommendations and feedback know one outcome only.
            step.outcome = match outcomes(p.petition_type, p.instance.unwrap_or(1)) {
                [only] => Some(*only),
                _ => None,
            };
        }
        check_step(&p, &state, &step, kind, env.today)?;
        if let (Some(to), Some(on)) = (&mut step.to, step.on)
            && to.id == 0
        {
            *to = super::units::resolve(tx.read(), &to.code, on)
                .map_err(|msg| refuse("to", kind, msg))?;
        }
        let changes = effects(&p, &step, kind);
        let kept = kept(&p, &changes);
        let mut keys = Vec::new();
        for (key, value) in changes {
            record
                .set(key, value)
                .map_err(|e| Error::refused(Msg::new(e.to_string(), e.to_string())))?;
            keys.push(key);
        }
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
        settle(tx, &env, id)?;
        let mut record = load(tx.read(), id)?;
        stamp_standing(record.as_mut(), env.days);
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
        let mut keys = Vec::new();
        let before: serde_json::Map<String, serde_json::Value> = last
            .before
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        for (key, json) in &before {
            let Some(field) = catalog::field(Kind::Petition, key) else {
                continue;
            };
            if let Ok(value) = catalog::json::from_json(field, json, env.today) {
                // A field that another edit has changed since keeps that edit's word only if it is the same.
                let _ = record.set(field.key, value);
                keys.push(field.key);
            }
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

/// The day-by-day sum of a rule from a start day.
///
/// # Errors
/// When no rule has the code on that day under these conditions.
pub fn explain(cx: &Cx, code: &str, start: NaiveDate, facts: &Facts) -> Result<Explanation> {
    let known = cx.rules.iter().any(|r| r.code == code);
    let rule: Option<&Rule> = choose(&cx.rules, code, start, facts);
    match rule {
        Some(rule) => Ok(explain_rule(rule, start, &cx.calendar, true)),
        None if known => Err(Error::refused(Msg::new(
            format!(
                "rule: {code} không có hiệu lực vào ngày {}",
                crate::domain::date::vi(start)
            ),
            format!("rule: {code} is not in force on {start}"),
        ))),
        None => Err(Error::refused(Msg::new(
            format!("rule: không có quy tắc «{code}»"),
            format!("rule: no rule \"{code}\""),
        ))),
    }
}

/// Whether a field of a petition has a place on its type.
#[must_use]
pub fn applies(record: &dyn Record, key: &str) -> bool {
    let kind = record.get("type").text().and_then(PetitionType::from_code);
    field_applies(key, kind)
}
