//! Petitions that lie without being handled: the warnings of 35 and 45 days (NĐ 154/2026 Đ41.3b).
use crate::domain::deadline::Rule;
pub use crate::domain::petition::IdleAlarm;
use crate::domain::petition::{Petition, Stage};
use crate::domain::query::{Cond, Op, Query};
use crate::domain::record::Kind;
use crate::domain::value::{Code, Value};
use chrono::NaiveDate;

/// The rule that the warning stands on; it holds for petitions received since the decree came into force.
const RULE: &str = "PETITION_IDLE_ALARM";

/// Days before the limit from which the first warning stands (domain reference 2.5: day 35 of 45).
const AHEAD: u32 = 10;

fn rule_on(rules: &[Rule], received: NaiveDate) -> Option<&Rule> {
    rules
        .iter()
        .find(|r| r.code == RULE && r.holds_on(received))
}

/// The first day of receipt for which there is a warning at all: from it on the decree holds. None where the rule names
/// no first day.
pub(super) fn since(rules: &[Rule]) -> Option<NaiveDate> {
    let held = rules.iter().filter(|r| r.code == RULE);
    held.map(|r| r.valid_from).min().flatten()
}

/// The warning of a petition today; the store's `idle_sql` says the same, and a test compares them.
pub(super) fn alarm(rules: &[Rule], p: &Petition, today: NaiveDate) -> IdleAlarm {
    let waiting = matches!(
        p.stage.unwrap_or(Stage::Received),
        Stage::Received | Stage::Classified
    );
    let Some(received) = p.received_on.filter(|_| waiting && !p.head.deleted) else {
        return IdleAlarm::None;
    };
    let Some(rule) = rule_on(rules, received) else {
        return IdleAlarm::None;
    };
    let days = (today - received).num_days();
    if days >= i64::from(rule.amount) {
        IdleAlarm::Days45
    } else if days >= i64::from(rule.amount.saturating_sub(AHEAD)) {
        IdleAlarm::Days35
    } else {
        IdleAlarm::None
    }
}

/// The list of the petitions that bear this warning today, the longest waiting first.
#[must_use]
pub fn query(alarm: IdleAlarm) -> Query {
    let mut query = Query::all(Kind::Petition);
    query.conds.push(Cond {
        key: "idle_alarm",
        op: Op::Eq,
        value: Value::Text(alarm.code().into()),
    });
    query.sort = vec![("received_on", false), ("id", false)];
    query
}
