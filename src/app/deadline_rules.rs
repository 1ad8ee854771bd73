//! Deadline rules as data: an office adds and edits them; each change is dated, written into the history, and moves
//! only the deadlines that stand on it.
use super::{Cx, Error, Problem, Result, petitions, rules};
use crate::catalog::rule::{RULE_FIELDS, rule_value, set_rule_value};
use crate::catalog::{Field, show};
use crate::domain::date::vi;
use crate::domain::deadline::{Cond, DayUnit, Rule, RuleKind};
use crate::domain::value::Value;
use crate::domain::words::{Msg, t};
use crate::store::{Action, AuditRow, Change, Tx};

/// Fields of a rule as given: key and value.
pub type RuleFields = [(&'static str, Value)];

/// A rule that was saved, and how many open petitions have another deadline for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The rule.
    pub rule: Rule,
    /// Petitions whose deadline moved.
    pub moved: usize,
}

/// Every rule, by code and validity.
#[must_use]
pub fn list(cx: &Cx) -> Vec<Rule> {
    let mut rules = cx.rules.to_vec();
    rules.sort_by(|a, b| (&a.code, a.valid_from, a.id).cmp(&(&b.code, b.valid_from, b.id)));
    rules
}

/// The rule of an id.
///
/// # Errors
/// When there is none.
pub fn get(cx: &Cx, id: i64) -> Result<Rule> {
    let found = cx.rules.iter().find(|r| r.id == id).cloned();
    found.ok_or_else(|| {
        Error::NotFound(Msg::new(
            format!("Không có quy định số {id}"),
            format!("No rule {id}"),
        ))
    })
}

/// Adds a rule.
///
/// # Errors
/// A missing or wrong field, a validity that overlaps another rule's, or a failure of the database.
pub fn add(cx: &mut Cx, fields: &RuleFields) -> Result<Saved> {
    let mut rule = Rule {
        id: 0,
        code: String::new(),
        petition_type: String::new(),
        level: "any".to_owned(),
        complex: Cond::Any,
        remote: Cond::Any,
        valid_from: None,
        valid_to: None,
        kind: RuleKind::Due,
        amount: 0,
        unit: DayUnit::Calendar,
        start_event: "receipt".to_owned(),
        source: String::new(),
    };
    fill(&mut rule, fields)?;
    for key in ["amount", "unit"] {
        if !fields.iter().any(|(k, _)| *k == key) {
            return Err(refuse(key, t("phải nhập", "is required").into()));
        }
    }
    save(cx, &rule, None, None)
}

/// Changes a rule; what is not named stays.
///
/// # Errors
/// As [`add`], and when there is no such rule.
pub fn edit(cx: &mut Cx, id: i64, fields: &RuleFields, why: Option<&str>) -> Result<Saved> {
    let before = get(cx, id)?;
    let mut rule = before.clone();
    fill(&mut rule, fields)?;
    if rule == before {
        return Ok(Saved { rule, moved: 0 });
    }
    save(cx, &rule, Some(&before), why)
}

/// The history of a rule, oldest first.
///
/// # Errors
/// A failure of the database.
pub fn history(cx: &Cx, id: i64) -> Result<Vec<AuditRow>> {
    Ok(cx.store.read().history_of("rule", id)?)
}

fn field(key: &str) -> Option<&'static Field> {
    RULE_FIELDS.iter().find(|f| f.key == key)
}

fn refuse(key: &'static str, msg: Msg) -> Error {
    Error::Refused(vec![Problem {
        row: None,
        field: Some(key),
        label: field(key).map_or_else(Msg::default, |f| f.label.into()),
        msg,
    }])
}

fn fill(rule: &mut Rule, fields: &RuleFields) -> Result<()> {
    for (key, value) in fields {
        if !set_rule_value(rule, key, value) {
            return Err(refuse(
                key,
                t("giá trị không hợp", "the value does not fit").into(),
            ));
        }
    }
    Ok(())
}

fn holds(rule: &Rule, others: &[Rule]) -> Result<()> {
    for f in RULE_FIELDS.iter().filter(|f| f.required()) {
        if rule_value(rule, f.key)
            .text()
            .is_some_and(|s| s.trim().is_empty())
        {
            return Err(refuse(f.key, t("phải nhập", "is required").into()));
        }
    }
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !rule.code.chars().all(plain) {
        let msg = t(
            "mã chỉ gồm chữ hoa không dấu, số và _",
            "a code has capitals, digits and _ only",
        );
        return Err(refuse("code", msg.into()));
    }
    if let (Some(from), Some(to)) = (rule.valid_from, rule.valid_to)
        && to < from
    {
        return Err(refuse(
            "valid_to",
            Msg::new(
                format!("{} ở trước ngày bắt đầu hiệu lực {}", vi(to), vi(from)),
                format!("{to} is before the first day {from}"),
            ),
        ));
    }
    for other in others.iter().filter(|o| o.id != rule.id && same(rule, o)) {
        let apart = rule
            .valid_to
            .zip(other.valid_from)
            .is_some_and(|(to, from)| to < from)
            || other
                .valid_to
                .zip(rule.valid_from)
                .is_some_and(|(to, from)| to < from);
        if !apart {
            let when = |day: Option<chrono::NaiveDate>| day.map_or("…".to_owned(), vi);
            let span = format!("{} – {}", when(other.valid_from), when(other.valid_to));
            return Err(refuse(
                "valid_from",
                Msg::new(
                    format!(
                        "hiệu lực chồng lên quy định số {} cùng mã {} và điều kiện ({span}): {} {} ({})",
                        other.id,
                        other.code,
                        other.amount,
                        other.unit.code(),
                        other.source
                    ),
                    format!(
                        "overlaps rule {} of the same code {} and conditions ({span}): {} {} ({})",
                        other.id,
                        other.code,
                        other.amount,
                        other.unit.code(),
                        other.source
                    ),
                ),
            ));
        }
    }
    Ok(())
}

/// The same question under the same conditions: only the dates can tell the two apart.
fn same(a: &Rule, b: &Rule) -> bool {
    a.code == b.code
        && a.petition_type == b.petition_type
        && a.level == b.level
        && a.complex == b.complex
        && a.remote == b.remote
}

fn save(cx: &mut Cx, rule: &Rule, before: Option<&Rule>, why: Option<&str>) -> Result<Saved> {
    cx.refresh()?;
    let mut env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    let saved = cx.store.write(|tx| {
        // Another process may have changed the rules meanwhile.
        holds(rule, &tx.read().rules()?)?;
        let mut rule = rule.clone();
        rule.id = tx.put_rule(&rule)?;
        tell(tx, (&actor, &at), before, &rule, why)?;
        env.reload(tx.read())?;
        let moved = petitions::resettle(tx, &env, None)?;
        Ok::<_, Error>(Saved { rule, moved })
    })?;
    cx.reload()?;
    Ok(saved)
}

/// Writes each changed field of a rule into the history, as a form would show it: the law that a petition was judged
/// by is read back from there.
fn tell(
    tx: &Tx,
    stamp: (&str, &str),
    before: Option<&Rule>,
    rule: &Rule,
    why: Option<&str>,
) -> Result<()> {
    let action = if before.is_some() {
        Action::Edit
    } else {
        Action::Add
    };
    for f in RULE_FIELDS {
        let text = |r: &Rule| {
            let value = rule_value(r, f.key);
            (!value.is_null()).then(|| show::edit_text(f, &value))
        };
        let change = Change {
            field: Some(f.key.to_owned()),
            before: before.and_then(text),
            after: text(rule),
        };
        if change.before != change.after {
            tx.audit_other(stamp, ("rule", rule.id), action, &change, why)?;
        }
    }
    Ok(())
}
