//! Petitions: steps taken and taken back, the deadline that follows, and why it is the day it is.
mod course;
mod fit;
mod judged;
mod settle;
mod steps;
mod urge;
pub(super) use course::{Followed, Misstep, follow, origin, so_far};
pub(super) use fit::steps_fit;
pub use judged::{LawChange, changed_since};
pub(super) use settle::{begin, resettle, settle, settle_fields};
pub(super) use steps::{Back, barred, judge_step, take_in, undo_in};
pub use steps::{NO_STEP, Stand, has_step, stand, take, take_after, undo_step};
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
    Jurisdiction, Petition, PetitionType, Situation, Stage, State, Step, StepKind, field_applies,
    fold, may, standing,
};
use crate::domain::record::{Kind, Record};
use crate::domain::value::Code;
use crate::domain::words::{Msg, t};
pub use crate::store::StepRow;
use crate::store::{Days, Db};
use chrono::NaiveDate;

/// Fills in what is computed for today.
pub(super) fn stamp_standing(record: &mut dyn Record, days: Days, rules: &[Rule]) {
    let Some(p) = record.as_any_mut().downcast_mut::<Petition>() else {
        return;
    };
    let stage = p.stage.unwrap_or(Stage::Received);
    p.idle_alarm = Some(idle::alarm(rules, p, days.today));
    p.standing = Some(standing(
        stage,
        p.due_on,
        p.resolved_on,
        days.today,
        days.soon,
    ));
    p.days_left = p
        .due_on
        .filter(|_| super::units::OPEN_STAGES.contains(&stage))
        .map(|due| (due - days.today).num_days());
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

/// The steps of a petition that were not taken back.
///
/// # Errors
/// A failure of the database.
pub fn course(cx: &Cx, id: i64) -> Result<Vec<StepRow>> {
    live_steps(cx.store.read(), id)
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

/// The same with the steps that no fields could make good today: for who chooses one before its fields are known.
///
/// # Errors
/// When the petition is not there.
pub fn offers(cx: &Cx, id: i64) -> Result<Vec<(StepKind, Option<Msg>)>> {
    let mut offers = choices(cx, id)?;
    let extend =
        |(kind, why): &&mut (StepKind, Option<Msg>)| *kind == StepKind::Extend && why.is_none();
    if let Some((_, why)) = offers.iter_mut().find(extend) {
        let db = cx.store.read();
        let record = load(db, id)?;
        let p = typed(record.as_ref())?;
        let state = state_of(p, &live_steps(db, id)?);
        let env = rules::Env::of(cx);
        // Papers are entered after their day: it is asked as for the earliest one that an extension could bear.
        let on = state.last_on.unwrap_or(cx.today());
        *why = step_rules::never_extended(&env, p, &state, on).map(|(_, msg)| msg);
    }
    Ok(offers)
}

/// Whether a step may be taken now, judged before its fields.
///
/// # Errors
/// The reason, with the steps that are allowed.
pub fn guard(cx: &Cx, id: i64, kind: StepKind) -> Result<()> {
    let record = load(cx.store.read(), id)?;
    let p = typed(record.as_ref())?;
    let stage = p.stage.unwrap_or(Stage::Received);
    steps::admitted(situation(cx.store.read(), cx.office, p, stage)?, kind)
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

/// Since when the clock of a petition stands still, and the deadline it would have if it went on today; none when it
/// runs (LKN Đ11a, LTC Đ34).
///
/// # Errors
/// When the petition is not there.
pub fn paused(cx: &Cx, id: i64) -> Result<Option<(NaiveDate, Option<Ground>)>> {
    let db = cx.store.read();
    let record = load(db, id)?;
    let p = typed(record.as_ref())?;
    let mut state = state_of(p, &live_steps(db, id)?);
    let Some(open) = state.pauses.last_mut().filter(|pause| pause.to.is_none()) else {
        return Ok(None);
    };
    open.to = Some(cx.today());
    let since = open.from;
    state.stage = Stage::Accepted;
    Ok(Some((since, ground(&rules::Env::of(cx), p, &state))))
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
