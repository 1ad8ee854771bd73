//! Petitions that lie without being handled: the warnings of 35 and 45 days (NĐ 154/2026 Đ41.3b).
use super::{Cx, Result, petitions};
use crate::codes;
use crate::domain::deadline::Rule;
use crate::domain::petition::{Petition, Stage};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use chrono::{Days, NaiveDate};

codes!(
    /// How long a petition has been lying unhandled.
    IdleAlarm {
        None = "none",
        Days35 = "35",
        Days45 = "45",
    }
);

/// The rule that the warning stands on; it holds for petitions received since the decree came into force.
const RULE: &str = "PETITION_IDLE_ALARM";

/// Days before the limit from which the first warning stands (domain reference 2.5: day 35 of 45).
const AHEAD: u32 = 10;

fn rule_on(rules: &[Rule], received: NaiveDate) -> Option<&Rule> {
    rules
        .iter()
        .find(|r| r.code == RULE && r.holds_on(received))
}

/// The warning of a petition today; computed, never stored.
#[must_use]
pub fn idle_alarm(cx: &Cx, record: &dyn Record) -> IdleAlarm {
    let Some(p) = record.as_any().downcast_ref::<Petition>() else {
        return IdleAlarm::None;
    };
    let waiting = matches!(
        p.stage.unwrap_or(Stage::Received),
        Stage::Received | Stage::Classified
    );
    let Some(received) = p.received_on.filter(|_| waiting && !p.head.deleted) else {
        return IdleAlarm::None;
    };
    let Some(rule) = rule_on(&cx.rules, received) else {
        return IdleAlarm::None;
    };
    let days = (cx.today() - received).num_days();
    if days >= i64::from(rule.amount) {
        IdleAlarm::Days45
    } else if days >= i64::from(rule.amount.saturating_sub(AHEAD)) {
        IdleAlarm::Days35
    } else {
        IdleAlarm::None
    }
}

/// The petitions that bear a warning today, the longest waiting first.
///
/// # Errors
/// A failure of the database.
pub fn list(cx: &Cx, unit: &[i64]) -> Result<Vec<(Box<dyn Record>, IdleAlarm)>> {
    let today = cx.today();
    let ahead = |r: &Rule| r.amount.saturating_sub(AHEAD);
    let Some(least) = cx.rules.iter().filter(|r| r.code == RULE).map(ahead).min() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for stage in [Stage::Received, Stage::Classified] {
        let mut query = Query::all(Kind::Petition);
        query.units = unit.to_vec();
        query.to = today.checked_sub_days(Days::new(least.into()));
        query.conds = vec![Cond {
            key: "stage",
            op: Op::Eq,
            value: Value::Text(stage.code().into()),
        }];
        for mut record in cx.store.read().list(&query, cx.days(), 0, None)? {
            let alarm = idle_alarm(cx, record.as_ref());
            if alarm != IdleAlarm::None {
                petitions::stamp_standing(record.as_mut(), cx.days());
                found.push((record, alarm));
            }
        }
    }
    found.sort_by_key(|(record, _)| match record.get("received_on") {
        Value::Date(day) => (Some(day), record.head().id),
        _ => (None, record.head().id),
    });
    Ok(found)
}
