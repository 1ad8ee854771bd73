//! Work that is due: petitions and the opinions of dialogues, by their deadlines.
mod agenda;
mod ics;

use super::{Cx, Result, petitions::stamp_standing};
use crate::domain::petition::Standing;
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, UnitRef, Value};
use crate::domain::words::Lang;
use crate::store::Days;
pub use agenda::{Agenda, AgendaDay, AgendaItem, AgendaWeek, Counts, Sort, agenda, agenda_first};
use chrono::{Duration, NaiveDate};
pub use ics::{ics, save};

/// Which work is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DueQuery {
    /// Only this standing: overdue, due soon or on time.
    pub state: Option<Standing>,
    /// Units whose subtrees it lies in; empty for all.
    pub unit: Vec<i64>,
    /// Due within so many calendar days from today.
    pub days: Option<i64>,
    /// Work of this officer only: petitions in charge, opinions to answer.
    pub officer: Option<String>,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct DueItem {
    /// Petition or opinion.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// Its number in the book.
    pub number: Option<String>,
    /// What it is about.
    pub title: String,
    /// The unit it lies with.
    pub unit: Option<UnitRef>,
    /// Its deadline.
    pub due_on: NaiveDate,
    /// Calendar days from today; negative when late.
    pub days_left: i64,
    /// How the deadline stands today.
    pub standing: Standing,
    /// The rule that the deadline stands on.
    pub rule: Option<String>,
}

/// Rule of a commitment made in a dialogue: the day set there.
const OPINION_RULE: &str = "OPINION_OFFICE";

fn cond(key: &'static str, op: Op, value: Value) -> Cond {
    Cond { key, op, value }
}

/// The list of a register that holds the work asked for.
#[must_use]
pub fn query(cx: &Cx, kind: Kind, q: &DueQuery) -> Query {
    let days = cx.days();
    let mut list = Query::all(kind);
    list.units.clone_from(&q.unit);
    list.sort = vec![("due_on", false)];
    list.conds.push(cond("due_on", Op::Ne, Value::Null));
    list.open = true;
    let due = |op, day| cond("due_on", op, Value::Date(day));
    match q.state {
        Some(Standing::Overdue) => list.conds.push(due(Op::Lt, days.today)),
        Some(Standing::DueSoon) => {
            list.conds.push(due(Op::Ge, days.today));
            list.conds.push(due(Op::Le, days.soon));
        }
        Some(Standing::OnTime) => list.conds.push(due(Op::Gt, days.soon)),
        _ => {}
    }
    if let Some(officer) = &q.officer {
        let key = if kind == Kind::Petition {
            "officer"
        } else {
            "answered_by"
        };
        list.conds
            .push(cond(key, Op::Eq, Value::Text(officer.clone())));
    }
    if let Some(until) = q
        .days
        .and_then(|n| days.today.checked_add_signed(Duration::try_days(n)?))
    {
        list.conds.push(due(Op::Le, until));
    }
    list
}

fn item(days: Days, record: &dyn Record, rule: Option<String>) -> Option<DueItem> {
    let Value::Date(due_on) = record.get("due_on") else {
        return None;
    };
    let kind = record.kind();
    let standing = if due_on < days.today {
        Standing::Overdue
    } else if due_on <= days.soon {
        Standing::DueSoon
    } else {
        Standing::OnTime
    };
    let unit = record.get(if kind == Kind::Petition {
        "unit"
    } else {
        "assigned_unit"
    });
    let rule = if kind == Kind::Petition {
        rule
    } else {
        Some(OPINION_RULE.to_owned())
    };
    Some(DueItem {
        kind,
        id: record.head().id,
        number: record.head().number_text(),
        title: super::records::title(record, Lang::Vi),
        unit: match unit {
            Value::Unit(unit) => Some(unit),
            _ => None,
        },
        due_on,
        days_left: (due_on - days.today).num_days(),
        standing,
        rule,
    })
}

/// How much work waits: mine, my unit's, all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScopeCounts {
    /// The officer's.
    pub mine: usize,
    /// The units' with all below them.
    pub unit: usize,
    /// All there is.
    pub all: usize,
}

/// How much work of `q` waits for an officer, for units and in all; `q`'s own officer and units play no part.
///
/// # Errors
/// A failure of the database.
pub fn scope_counts(cx: &Cx, q: &DueQuery, officer: &str, units: &[i64]) -> Result<ScopeCounts> {
    let all = DueQuery {
        unit: Vec::new(),
        officer: None,
        ..q.clone()
    };
    let mine = DueQuery {
        officer: Some(officer.to_owned()),
        ..all.clone()
    };
    let unit = DueQuery {
        unit: units.to_vec(),
        ..all.clone()
    };
    Ok(ScopeCounts {
        mine: count(cx, &mine)?,
        unit: count(cx, &unit)?,
        all: count(cx, &all)?,
    })
}

/// The work that is due, the nearest deadline first.
///
/// # Errors
/// A failure of the database.
pub fn list(cx: &Cx, q: &DueQuery) -> Result<Vec<DueItem>> {
    first(cx, q, None)
}

/// The first of the work that is due.
///
/// # Errors
/// A failure of the database.
pub fn first(cx: &Cx, q: &DueQuery, limit: Option<usize>) -> Result<Vec<DueItem>> {
    let days = cx.days();
    let mut items = Vec::new();
    for kind in [Kind::Petition, Kind::Opinion] {
        for (mut record, rule) in
            cx.store
                .read()
                .list_with_rule(&query(cx, kind, q), days, limit)?
        {
            stamp_standing(record.as_mut(), days, &cx.rules);
            items.extend(item(days, record.as_ref(), rule));
        }
    }
    items.sort_by_key(|i| (i.due_on, i.kind, i.id));
    items.truncate(limit.unwrap_or(usize::MAX));
    Ok(items)
}

/// How much work is due.
///
/// # Errors
/// A failure of the database.
pub fn count(cx: &Cx, q: &DueQuery) -> Result<usize> {
    let db = cx.store.read();
    Ok(db.count(&query(cx, Kind::Petition, q), cx.days())?
        + db.count(&query(cx, Kind::Opinion, q), cx.days())?)
}

/// A condition that a computed standing is this one.
#[must_use]
pub fn standing_is(standing: Standing) -> Cond {
    cond("standing", Op::Eq, Value::Text(standing.code().into()))
}
