//! Keeps the fold of the steps and the deadline that follows from it beside a petition.
use super::{judged, live_steps, load, state_of, typed};
use crate::app::ground::deadline;
use crate::app::{Result, rules};
use crate::domain::petition::{Petition, Stage, State, fold};
use crate::domain::record::Record;
use crate::store::Tx;
use chrono::NaiveDate;

/// Adds a petition that has no steps yet, with its stage and its deadline.
pub(in crate::app) fn begin(
    tx: &Tx,
    env: &rules::Env,
    record: &mut dyn Record,
    number_year: Option<i32>,
) -> Result<i64> {
    let p = typed(record)?;
    let state = fold(p.received_on, &[]);
    let due = deadline(env, p, &state);
    Ok(tx.insert_petition(record, number_year, &state, due)?)
}

/// Brings the fold of the steps and the deadline beside a petition in line with its steps and fields.
pub(in crate::app) fn settle(tx: &Tx, env: &rules::Env, id: i64) -> Result<()> {
    let record = load(tx.read(), id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(tx.read(), id)?);
    if p.stage == Some(Stage::Resolved) && state.stage == Stage::Resolved {
        // Late stays late: what follows a resolution does not move the deadline it was judged by.
        let due = p.due_on.zip(tx.read().due_rule(id)?);
        return keep(
            tx,
            id,
            &state,
            due.as_ref().map(|(day, code)| (*day, code.as_str())),
        );
    }
    count(tx, env, p, &state)
}

/// As [`settle`], after a change of fields that the deadline follows from; the deadline of a resolved petition
/// moves only with them.
pub(in crate::app) fn settle_fields(
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
    count(tx, env, p, &state)
}

/// Counts the deadline by the law that the petition is judged by.
fn count(tx: &Tx, env: &rules::Env, p: &Petition, state: &State) -> Result<()> {
    let law = judged::law(tx.read(), env, p.head.id, state)?;
    keep(tx, p.head.id, state, deadline(&law, p, state))
}

fn keep(tx: &Tx, id: i64, state: &State, due: Option<(NaiveDate, &str)>) -> Result<()> {
    Ok(tx.set_state(id, state, due)?)
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

/// Counts the deadlines of open petitions anew within the transaction that changes rules, calendar or settings, and
/// says how many moved; only those from `from` on where the change reaches no earlier one. What was resolved keeps
/// the deadline that it was judged by.
///
/// # Errors
/// A failure of the database; nothing of the change is kept then.
pub(in crate::app) fn resettle(
    tx: &Tx,
    env: &rules::Env,
    from: Option<NaiveDate>,
) -> Result<usize> {
    let mut moved = 0;
    for id in tx.read().open_petitions(from)? {
        let record = load(tx.read(), id)?;
        let p = typed(record.as_ref())?;
        let state = state_of(p, &live_steps(tx.read(), id)?);
        let due = deadline(env, p, &state);
        if p.due_on != due.map(|(day, _)| day) {
            keep(tx, id, &state, due)?;
            moved += 1;
        }
    }
    Ok(moved)
}
