//! Steps that were taken elsewhere, in an old book or another office: held against the same rules, one after the other,
//! as steps entered by hand.
use super::{effects, kept, live_steps, situation, state_of};
use crate::app::{Error, Result, rules, step_rules, units};
use crate::catalog;
use crate::domain::petition::{Barred, Petition, Situation, State, Step, StepKind, may};
use crate::domain::record::{Kind, Record};
use crate::domain::words::Msg;
use crate::store::Db;
use chrono::NaiveDate;

/// A petition after steps that all hold.
#[derive(Debug)]
pub(in crate::app) struct Followed {
    /// The petition as they leave it.
    pub petition: Petition,
    /// The steps, completed.
    pub steps: Vec<Step>,
    /// What each replaced in the petition, as JSON.
    pub kept: Vec<Option<String>>,
    /// Where it stands after them.
    pub state: State,
}

/// The step that cannot be.
#[derive(Debug)]
pub(in crate::app) struct Misstep {
    /// Which of the steps.
    pub at: usize,
    /// It is not one that may be taken there, whatever its fields say.
    pub barred: bool,
    /// The rule.
    pub error: Error,
}

/// Takes steps after those of `state`. Nothing is written.
///
/// # Errors
/// A failure of the database; inside, the first step that a rule forbids.
pub(in crate::app) fn follow(
    db: Db,
    env: &rules::Env,
    (mut petition, mut state): (Petition, State),
    steps: Vec<Step>,
) -> Result<std::result::Result<Followed, Misstep>> {
    let mut done = Vec::with_capacity(steps.len());
    let mut all_kept = Vec::with_capacity(steps.len());
    for (at, mut step) in steps.into_iter().enumerate() {
        let Some(kind) = step.kind else { continue };
        let situation = now(db, env, &petition, (&state, &done))?;
        if let Err(why) = may(kind, situation) {
            let error = refusal(why, kind);
            let barred = true;
            return Ok(Err(Misstep { at, barred, error }));
        }
        step_rules::complete(&petition, &mut step, kind);
        match held(db, env, (&petition, &state), &mut step, kind) {
            Ok(()) => {}
            Err(error @ Error::Refused(_)) => {
                let barred = false;
                return Ok(Err(Misstep { at, barred, error }));
            }
            Err(other) => return Err(other),
        }
        let changes = effects(&petition, &step, kind);
        all_kept.push(kept(&petition, &changes));
        for (key, value) in changes {
            // The keys and types are the record's own.
            let _ = petition.set(key, value);
        }
        state.add(&step);
        done.push(step);
    }
    Ok(Ok(Followed {
        petition,
        steps: done,
        kept: all_kept,
        state,
    }))
}

fn now(
    db: Db,
    env: &rules::Env,
    p: &Petition,
    (state, done): (&State, &[Step]),
) -> Result<Situation> {
    let mut now = situation(db, env.office, p, state.stage)?;
    // Of a paper that is new here the other papers of its matter may be itself, from the file brought in before.
    now.guided &= p.head.id > 0;
    now.guided |= done.iter().any(|s| s.kind == Some(StepKind::Guide));
    // To what it was linked may have stayed behind.
    now.linked = true;
    Ok(now)
}

/// Holds the rules over the fields of one step.
fn held(
    db: Db,
    env: &rules::Env,
    (p, state): (&Petition, &State),
    step: &mut Step,
    kind: StepKind,
) -> Result<()> {
    if kind == StepKind::Link {
        // To what a petition may be linked is held with the field that says so.
        return step_rules::dated(state, step, kind, env.today).map(drop);
    }
    step_rules::check(db, env, p, state, step, kind)?;
    if let (Some(to), Some(on)) = (&mut step.to, step.on)
        && to.id == 0
    {
        *to = units::resolve(db, &to.code, on).map_err(|m| step_rules::refuse("to", kind, m))?;
    }
    Ok(())
}

fn refusal(why: Barred, kind: StepKind) -> Error {
    let reason = catalog::step::barred_msg(why);
    let label = catalog::step::label(kind);
    Error::refused(Msg::new(
        format!("bước «{}» {}", label.vi, reason.vi),
        format!("step \"{}\": {}", label.en, reason.en),
    ))
}

/// The petition as it was before its steps: what each replaced is given back, the last one first.
#[must_use]
pub(in crate::app) fn origin(p: &Petition, kept: &[Option<String>], today: NaiveDate) -> Petition {
    let mut first = p.clone();
    for text in kept.iter().rev().flatten() {
        let Ok(map) = serde_json::from_str::<serde_json::Map<_, _>>(text) else {
            continue;
        };
        for (key, json) in &map {
            let Some(field) = catalog::field(Kind::Petition, key).filter(|f| !f.computed()) else {
                continue;
            };
            if let Ok(value) = catalog::json::from_json(field, json, today) {
                // The key and type are the record's own.
                let _ = first.set(field.key, value);
            }
        }
    }
    first
}

/// The steps of a petition that is there, not taken back, and where they have brought it.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn so_far(db: Db, p: &Petition) -> Result<(Vec<Step>, State)> {
    let rows = live_steps(db, p.head.id)?;
    let state = state_of(p, &rows);
    Ok((rows.into_iter().map(|row| row.step).collect(), state))
}
