//! The law that a resolved petition is judged by: rules, calendar and roll-over as they were when it was resolved.
//! Late stays late for ever, so what the office changes later must not change what is told of a closed case.
//!
//! Nothing is kept twice for it. Every change of a rule, a day or the setting stands in the history with what was
//! there before, in one order with the steps; what came after the resolution is taken back. A migration that changes
//! rules or days has to write its history rows too.
use super::{live_steps, load, state_of, typed};
use crate::app::ground::{Ground, ground};
use crate::app::{Cx, Result, rules};
use crate::catalog::parse::parse;
use crate::catalog::rule::{RULE_FIELDS, set_rule_value};
use crate::domain::calendar::{Calendar, CalendarDay, DayKind};
use crate::domain::date;
use crate::domain::deadline::Rule;
use crate::domain::petition::{Stage, State};
use crate::domain::value::Value;
use crate::domain::words::{Msg, t};
use crate::store::{Db, LawRow};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What has changed since a petition was resolved of the law that its deadline stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LawChange {
    /// Another rule would be applied now, or the same with other days or source.
    pub rule: bool,
    /// The deadline as it would be counted now; none when no rule holds any more.
    pub now: Option<NaiveDate>,
}

impl LawChange {
    /// What people are told beside the sum.
    #[must_use]
    pub fn told(&self) -> Msg {
        let (vi, en) = if self.rule {
            ("Quy định", "The rule")
        } else {
            ("Lịch nghỉ hoặc thiết lập", "The calendar or a setting")
        };
        let now = match self.now {
            Some(day) => Msg::new(
                format!("tính theo nay là {}", date::vi(day)),
                format!("counted by today's it would be {day}"),
            ),
            None => t("nay không còn quy định nào", "there is none today").into(),
        };
        Msg::new(
            format!(
                "{vi} đã đổi sau khi giải quyết, {}; hạn giữ như lúc giải quyết.",
                now.vi
            ),
            format!(
                "{en} has changed since it was resolved, {}; the deadline stays as it was judged.",
                now.en
            ),
        )
    }
}

/// What a petition's deadline is counted by: the law of today, or for a resolved one that of its resolution.
pub(in crate::app) fn law<'a>(
    db: Db,
    env: &'a rules::Env,
    id: i64,
    state: &State,
) -> Result<Cow<'a, rules::Env>> {
    if state.stage != Stage::Resolved {
        return Ok(Cow::Borrowed(env));
    }
    let later = db.law_since_resolved(id)?;
    if later.is_empty() {
        return Ok(Cow::Borrowed(env));
    }
    let mut then = env.clone();
    let mut days: BTreeMap<NaiveDate, CalendarDay> = env
        .calendar
        .days()
        .map(|day| (day.date, day.clone()))
        .collect();
    for row in &later {
        match row.kind.as_str() {
            "rule" => rule_back(Arc::make_mut(&mut then.rules), row, env.today),
            "calendar" => day_back(&mut days, row),
            _ if row.change.field.as_deref() == Some("roll_over") => {
                then.office.roll_over = row.change.before.as_deref() != Some("false");
            }
            _ => {}
        }
    }
    then.calendar = Calendar::new(days.into_values(), []).into();
    Ok(Cow::Owned(then))
}

fn rule_back(rules: &mut Vec<Rule>, row: &LawRow, today: NaiveDate) {
    if row.added {
        rules.retain(|rule| rule.id != row.record);
        return;
    }
    let named = |f: &&crate::catalog::Field| Some(f.key) == row.change.field.as_deref();
    let rule = rules.iter_mut().find(|rule| rule.id == row.record);
    if let (Some(rule), Some(field)) = (rule, RULE_FIELDS.iter().find(named)) {
        let text = row.change.before.as_deref().unwrap_or_default();
        // The history has it as it was shown, which is what a form reads back.
        let value = parse(field, text, today).unwrap_or(Value::Null);
        let _ = set_rule_value(rule, field.key, &value);
    }
}

fn day_back(days: &mut BTreeMap<NaiveDate, CalendarDay>, row: &LawRow) {
    let date = row.change.field.as_deref().and_then(|s| s.parse().ok());
    let Some(date) = date else {
        // A whole year was confirmed: no day of it changed.
        return;
    };
    let before = row.change.before.as_deref().and_then(|text| {
        let (kind, name) = text.split_once(' ').unwrap_or((text, ""));
        Some(CalendarDay {
            date,
            kind: DayKind::from_code(kind)?,
            name: name.to_owned(),
            confirmed: true,
        })
    });
    match before {
        Some(day) => days.insert(date, day),
        None => days.remove(&date),
    };
}

/// Whether the deadline of a resolved petition would be counted otherwise today; none while nothing has changed.
///
/// # Errors
/// When the petition is not there.
pub fn changed_since(cx: &Cx, id: i64) -> Result<Option<LawChange>> {
    let db = cx.store.read();
    let record = load(db, id)?;
    let p = typed(record.as_ref())?;
    let state = state_of(p, &live_steps(db, id)?);
    let env = rules::Env::of(cx);
    let Cow::Owned(then) = law(db, &env, id, &state)? else {
        return Ok(None);
    };
    let (was, now) = (ground(&then, p, &state), ground(&env, p, &state));
    let rule = |g: &Option<Ground>| match g {
        Some(Ground::Rule(sum)) => Some(sum.rule.clone()),
        _ => None,
    };
    let due = |g: &Option<Ground>| g.as_ref().map(Ground::due);
    let change = LawChange {
        rule: rule(&was) != rule(&now),
        now: due(&now),
    };
    Ok((change.rule || due(&was) != change.now).then_some(change))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::catalog::rule::rule_value;
    use crate::catalog::show::edit_text;

    #[test]
    fn every_rule_is_read_back_from_what_the_history_says_of_it() {
        let today = "2026-11-20".parse().unwrap();
        let cx = Cx::in_memory(today, std::path::Path::new("/nonexistent")).unwrap();
        for rule in cx.rules() {
            let mut rules = vec![Rule {
                amount: 1,
                valid_from: None,
                valid_to: Some(today),
                ..cx.rules()[0].clone()
            }];
            rules[0].id = rule.id;
            for field in RULE_FIELDS {
                let value = rule_value(rule, field.key);
                let row = LawRow {
                    kind: "rule".into(),
                    record: rule.id,
                    added: false,
                    change: crate::store::Change {
                        field: Some(field.key.into()),
                        before: (!value.is_null()).then(|| edit_text(field, &value)),
                        after: None,
                    },
                };
                rule_back(&mut rules, &row, today);
            }
            assert_eq!(&rules[0], rule);
        }
    }

    #[test]
    fn days_are_read_back_and_years_are_left_alone() {
        let date: NaiveDate = "2026-06-19".parse().unwrap();
        let mut days = BTreeMap::new();
        let row = |field: Option<&str>, before: Option<&str>| LawRow {
            kind: "calendar".into(),
            record: 2026,
            added: false,
            change: crate::store::Change {
                field: field.map(str::to_owned),
                before: before.map(str::to_owned),
                after: None,
            },
        };
        day_back(
            &mut days,
            &row(Some("2026-06-19"), Some("day_off Nghỉ bão số 3")),
        );
        day_back(&mut days, &row(None, None));
        let day = &days[&date];
        assert_eq!(
            (day.kind, day.name.as_str()),
            (DayKind::DayOff, "Nghỉ bão số 3")
        );
        day_back(&mut days, &row(Some("2026-06-19"), None));
        assert!(days.is_empty());
    }
}
