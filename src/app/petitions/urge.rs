//! Urging: which number comes next, when and to whom.
use super::{live_steps, load, state_of, typed};
use crate::app::{Cx, Result};
use crate::domain::petition::{Petition, Stage, StepKind};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::Record;
use crate::domain::value::{Code, UnitRef, Value};
use crate::store::Anchor;
use chrono::NaiveDate;

/// The urging that comes next.
#[derive(Debug, Clone, PartialEq)]
pub struct Urge {
    /// Its number, from 1.
    pub number: usize,
    /// The day from which it is suggested.
    pub on: NaiveDate,
    /// Whom it goes to: where the petition was forwarded, or who handles it here.
    pub to: Option<UnitRef>,
}

/// Working days after which urging again is suggested; the office's practice, no law says it.
const URGE_AGAIN: i64 = 10;

/// The next urging: the working day after the deadline (or ten working days after a forward that set none), then every
/// ten working days. None while nobody can be urged.
///
/// # Errors
/// When the petition is not there.
pub fn next_urge(cx: &Cx, id: i64) -> Result<Option<Urge>> {
    let record = load(cx.store.read(), id)?;
    urge_of(cx, typed(record.as_ref())?)
}

fn urge_of(cx: &Cx, p: &Petition) -> Result<Option<Urge>> {
    let rows = live_steps(cx.store.read(), p.head.id)?;
    let state = state_of(p, &rows);
    let urge = crate::domain::petition::transition(StepKind::Urge);
    if !urge.is_some_and(|row| row.from.contains(&state.stage)) {
        return Ok(None);
    }
    let again = |day| cx.calendar.add_working(day, URGE_AGAIN);
    let on = match (state.urges.last(), p.due_on, state.last_on) {
        (Some(last), ..) => again(*last),
        (None, Some(due), _) => cx.calendar.add_working(due, 1),
        (None, None, Some(last)) => again(last),
        (None, None, None) => cx.today(),
    };
    let sent = rows.iter().rev().find_map(|row| {
        let sent = matches!(row.step.kind, Some(StepKind::Forward | StepKind::Urge));
        row.step.to.clone().filter(|_| sent)
    });
    Ok(Some(Urge {
        number: state.urges.len() + 1,
        on,
        to: sent.or_else(|| p.handler_unit.clone()),
    }))
}

/// The urgings suggested until a day, among the petitions of `of`: those that were sent on, and those accepted here
/// whose deadline has passed. Only where somebody is known to be urged. The steps of at most `most` petitions of each
/// kind are read, those with the earliest deadlines.
///
/// # Errors
/// A failure of the database.
pub(in crate::app) fn urges(
    cx: &Cx,
    of: &Query,
    until: NaiveDate,
    most: usize,
) -> Result<Vec<(Box<dyn Record>, Urge)>> {
    let mut found = Vec::new();
    for stage in [Stage::Forwarded, Stage::Accepted] {
        let mut query = of.clone();
        query.sort = vec![("due_on", false)];
        let mut cond = |key, op, value| query.conds.push(Cond { key, op, value });
        cond("stage", Op::Eq, Value::Text(stage.code().into()));
        if stage == Stage::Accepted {
            cond("handler_unit", Op::Ne, Value::Null);
            cond("due_on", Op::Lt, Value::Date(until));
        }
        let first = (Anchor::First, 0);
        let rows = cx.store.read().page(&query, cx.days(), first, most)?;
        for record in rows.unwrap_or_default() {
            let urge = urge_of(cx, typed(record.as_ref())?)?;
            if let Some(urge) = urge.filter(|urge| urge.on <= until && urge.to.is_some()) {
                found.push((record, urge));
            }
        }
    }
    Ok(found)
}
