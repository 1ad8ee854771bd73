//! What the fields of a step must hold, and what a step changes in its petition.
use super::ground::{Basis, basis, deadline, facts, most};
use super::{Error, Problem, Result, rules};
use crate::catalog::{self, petition::OUTCOMES};
use crate::domain::date::vi;
use crate::domain::deadline::{Rule, choose};
use crate::domain::petition::{
    Extent, Jurisdiction, Outcome, Petition, PetitionType, State, Step, StepKind, outcomes,
};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Msg, Text, t};
use crate::store::{Db, StepRow};
use chrono::NaiveDate;

/// A refusal at a field of a step.
pub(super) fn refuse(key: &'static str, kind: StepKind, msg: Msg) -> Error {
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

/// Holds the rules over the fields of a step that is allowed.
///
/// # Errors
/// The rule, at its field.
pub(super) fn check(
    db: Db,
    env: &rules::Env,
    p: &Petition,
    state: &State,
    step: &Step,
    kind: StepKind,
) -> Result<()> {
    let on = dated(state, step, kind, env.today)?;
    for field in catalog::step::fields_of(kind) {
        let empty = match step.get(field.key) {
            Value::Text(text) => text.trim().is_empty(),
            value => value.is_null(),
        };
        if field.required() && empty {
            return Err(refuse(
                field.key,
                kind,
                t("phải nhập", "is required").into(),
            ));
        }
    }
    match kind {
        StepKind::Forward => forward(step, on),
        StepKind::Resolve => outcome(p, step),
        StepKind::Withdraw => withdraw(p, step),
        StepKind::Extend => extend(env, p, state, step, on),
        StepKind::Link => {
            let lead = step.lead.map_or(0, |lead| lead.0);
            if p.duplicate_of == step.lead {
                let msg = t("đã nối với đơn này", "already linked to it").into();
                return Err(refuse("lead", kind, msg));
            }
            may_link(db, p.head.id, lead).map_err(|msg| refuse("lead", kind, msg))
        }
        _ => Ok(()),
    }
}

/// Holds that a step has a day that is neither before the step it follows nor ahead.
///
/// # Errors
/// The rule, at the field of the day.
pub(super) fn dated(
    state: &State,
    step: &Step,
    kind: StepKind,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let Some(on) = step.on else {
        return Err(refuse(
            "on",
            kind,
            t("phải có ngày", "a date is required").into(),
        ));
    };
    if let Some(msg) = rules::ahead(on, today) {
        return Err(refuse("on", kind, msg));
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
    Ok(on)
}

fn forward(step: &Step, on: NaiveDate) -> Result<()> {
    let kind = StepKind::Forward;
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
    Ok(())
}

fn outcome(p: &Petition, step: &Step) -> Result<()> {
    let can = outcomes(p.petition_type, p.instance.unwrap_or(1));
    if step.outcome.is_some_and(|o| can.contains(&o)) {
        return Ok(());
    }
    let names = |word: fn(&Text) -> &'static str| {
        let name = |o: &Outcome| {
            let label = OUTCOMES.iter().find(|choice| choice.code == o.code());
            label.map_or_else(
                || o.code().to_owned(),
                |choice| format!("{} ({})", word(&choice.label), choice.code),
            )
        };
        can.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    Err(refuse(
        "outcome",
        StepKind::Resolve,
        Msg::new(
            format!("phải là một trong: {}", names(|text| text.vi)),
            format!("must be one of: {}", names(|text| text.en)),
        ),
    ))
}

/// Whether a petition of this type and instance can end, or be withdrawn, as a step says.
pub(super) fn ends_so(p: &Petition, step: &Step, kind: StepKind) -> bool {
    match kind {
        StepKind::Resolve => outcome(p, step).is_ok(),
        StepKind::Withdraw => withdraw(p, step).is_ok(),
        _ => true,
    }
}

fn withdraw(p: &Petition, step: &Step) -> Result<()> {
    let Some(extent) = step.extent() else {
        let msg = t(
            "chọn đúng một: rút toàn bộ, rút một phần, rút nhưng vẫn giải quyết",
            "exactly one of whole, part, continue",
        );
        return Err(refuse("whole", StepKind::Withdraw, msg.into()));
    };
    if extent == Extent::Continue && p.petition_type != Some(PetitionType::Denunciation) {
        let msg = t(
            "chỉ tố cáo mới giải quyết tiếp khi đã rút (LTC Đ33); khiếu nại rút thì đình chỉ (LKN Đ10)",
            "only a denunciation goes on after it was withdrawn (LTC Đ33); a withdrawn complaint ends (LKN Đ10)",
        );
        return Err(refuse("continue", StepKind::Withdraw, msg.into()));
    }
    Ok(())
}

/// A written extension keeps within what the law gives, and comes before the deadline has passed.
///
/// # Errors
/// The rule, at its field.
pub(super) fn extend(
    env: &rules::Env,
    p: &Petition,
    state: &State,
    step: &Step,
    on: NaiveDate,
) -> Result<()> {
    let no = |key, msg| Err(refuse(key, StepKind::Extend, msg));
    let days = step.days.unwrap_or(0);
    if days < 1 {
        return no("days", t("phải từ 1 ngày", "must be 1 or more").into());
    }
    if let Some((key, msg)) = never_extended(env, p, state, on) {
        return no(key, msg);
    }
    match p.petition_type {
        Some(PetitionType::Denunciation) => match denunciation_limit(env, p, state) {
            Some((rule, _)) if days > i64::from(rule.amount) => no(
                "days",
                Msg::new(
                    format!("mỗi lần không quá {} ngày ({})", rule.amount, rule.source),
                    format!("{} days at most each time ({})", rule.amount, rule.source),
                ),
            ),
            _ => Ok(()),
        },
        Some(PetitionType::Complaint) => match complaint_left(env, p, state) {
            Some((left, limit)) if days > left => no("days", limit),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Why a written extension on `on` cannot be, however many days it gives: its field and the rule. None when some can.
pub(super) fn never_extended(
    env: &rules::Env,
    p: &Petition,
    state: &State,
    on: NaiveDate,
) -> Option<(&'static str, Msg)> {
    if let Some((due, _)) = deadline(env, p, state)
        && on > due
    {
        let msg = Msg::new(
            format!(
                "hạn đã hết ngày {}; gia hạn phải trước khi hết hạn",
                vi(due)
            ),
            format!("the deadline passed on {due}; an extension comes before it"),
        );
        return Some(("on", msg));
    }
    let msg = match p.petition_type {
        Some(PetitionType::Denunciation) => match denunciation_limit(env, p, state) {
            None => t(
                "chỉ gia hạn tố cáo phức tạp hoặc đặc biệt phức tạp (LTC Đ30); đơn này không ghi phức tạp",
                "only a complex denunciation is extended (LTC Đ30); this one is not marked complex",
            )
            .into(),
            Some((rule, times)) if state.extensions.len() >= times => Msg::new(
                format!("đã gia hạn {times} lần, là nhiều nhất ({})", rule.source),
                format!("extended {times} times, the most there may be ({})", rule.source),
            ),
            Some(_) => return None,
        },
        Some(PetitionType::Complaint) => match complaint_left(env, p, state) {
            Some((0, limit)) => limit,
            _ => return None,
        },
        _ => return None,
    };
    Some(("days", msg))
}

/// How many days a complaint can still be extended by, and the rule in words; none where no rule limits it.
fn complaint_left(env: &rules::Env, p: &Petition, state: &State) -> Option<(i64, Msg)> {
    let (most, base, source) = complaint_limit(env, p, state)?;
    let used: i64 = state.extensions.iter().map(|e| e.days).sum();
    let left = (i64::from(most) - i64::from(base) - used).max(0);
    let limit = Msg::new(
        format!(
            "khiếu nại giải quyết không quá {most} ngày từ ngày thụ lý ({source}); còn gia hạn được {left} ngày"
        ),
        format!(
            "a complaint is resolved within {most} days of acceptance ({source}); {left} days are left to extend by"
        ),
    );
    Some((left, limit))
}

/// The rule of an extension and how many there may be: «extension_decision x2» (LTC Đ30.2–3).
fn denunciation_limit<'a>(
    env: &'a rules::Env,
    p: &Petition,
    state: &State,
) -> Option<(&'a Rule, usize)> {
    let facts = facts(p);
    let code = if facts.very_complex {
        "TC_EXT_VERYCOMPLEX"
    } else {
        "TC_EXT_COMPLEX"
    };
    let rule = choose(&env.rules, code, state.accepted_on?, &facts)?;
    let times = rule
        .start_event
        .rsplit_once('x')
        .and_then(|(_, n)| n.trim().parse().ok());
    Some((rule, times.unwrap_or(1)))
}

/// Days from acceptance at most, days given by the rule in force, and the source of the limit.
fn complaint_limit<'a>(
    env: &'a rules::Env,
    p: &Petition,
    state: &State,
) -> Option<(u32, u32, &'a str)> {
    let Basis::Rules([Some(code), _], start) = basis(p, state)? else {
        return None;
    };
    let rule = choose(&env.rules, code, start, &facts(p))?;
    Some((most(env, p, code, start)?, rule.amount, &rule.source))
}

/// Whether a petition may be linked to another as the first paper of its matter: matters have one lead each.
///
/// # Errors
/// Why not.
pub(super) fn may_link(db: Db, id: i64, lead: i64) -> std::result::Result<(), Msg> {
    if lead == id {
        return Err(t(
            "không thể nối với chính nó",
            "a petition cannot be linked to itself",
        )
        .into());
    }
    let broken = |_| Msg::new("không đọc được dữ liệu", "the data cannot be read");
    let other = db.get(Kind::Petition, lead).map_err(broken)?;
    let Some(other) = other.filter(|r| !r.head().deleted) else {
        return Err(Msg::new(
            format!("không có đơn số {lead}"),
            format!("no petition with id {lead}"),
        ));
    };
    if let Value::Ref(first) = other.get("duplicate_of") {
        return Err(Msg::new(
            format!("đơn đó đã nối vào đơn {first}; hãy nối với đơn đầu của vụ việc"),
            format!("that one is linked to {first}; link to the first paper of the matter"),
        ));
    }
    let followers = db
        .pointing(Kind::Petition, "duplicate_of", id)
        .map_err(broken)?;
    if !followers.is_empty() {
        return Err(t(
            "đơn này là đơn đầu của một vụ việc có đơn khác nối vào",
            "this petition leads a matter that others are linked to",
        )
        .into());
    }
    Ok(())
}

/// Fills in what follows: recommendations and feedback know one outcome only.
pub(super) fn complete(p: &Petition, step: &mut Step, kind: StepKind) {
    if kind == StepKind::Resolve && step.outcome.is_none() {
        step.outcome = match outcomes(p.petition_type, p.instance.unwrap_or(1)) {
            [only] => Some(*only),
            _ => None,
        };
    }
}

/// What a step says of the petition's own fields, each once.
fn says(step: &Step, kind: StepKind) -> Vec<(&'static str, Value)> {
    let mut out: Vec<(&'static str, Value)> = Vec::new();
    match kind {
        StepKind::Classify => {
            for key in ["jurisdiction", "eligible"] {
                out.push((key, step.get(key)));
            }
        }
        StepKind::Accept => {
            out.push(("jurisdiction", Value::Text(Jurisdiction::Own.code().into())));
            for key in ["very_complex", "remote"] {
                out.push((key, step.get(key)));
            }
            let very = step.very_complex == Some(true);
            let complex = if very {
                Value::Bool(true)
            } else {
                step.get("complex")
            };
            out.push(("complex", complex));
        }
        StepKind::Forward => {
            out.push((
                "jurisdiction",
                Value::Text(Jurisdiction::Other.code().into()),
            ));
        }
        // Who answers has taken the matter for its own: R4 counts it (contract 5).
        StepKind::Resolve => {
            out.push(("jurisdiction", Value::Text(Jurisdiction::Own.code().into())));
        }
        StepKind::Link => out.push(("duplicate_of", step.get("lead"))),
        StepKind::Unlink => return vec![("duplicate_of", Value::Null)],
        _ => {}
    }
    out.retain(|(_, value)| !value.is_null());
    out
}

/// What a step changes in the petition's own fields.
pub(super) fn effects(p: &Petition, step: &Step, kind: StepKind) -> Vec<(&'static str, Value)> {
    let mut out = says(step, kind);
    let known = p.jurisdiction.is_some_and(|j| j != Jurisdiction::Unknown);
    if matches!(kind, StepKind::Forward | StepKind::Resolve) && known {
        out.clear();
    }
    out.retain(|(key, value)| p.get(key) != *value);
    out
}

/// What taking a step back gives back: each field it changed, where nobody has changed it since.
pub(super) fn given_back(
    p: &Petition,
    row: &StepRow,
    today: NaiveDate,
) -> Vec<(&'static str, Value)> {
    let kept: serde_json::Map<String, serde_json::Value> = row
        .before
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let said = row.step.kind.map_or_else(Vec::new, |k| says(&row.step, k));
    said.into_iter()
        .filter(|(key, set)| p.get(key) == *set)
        .filter_map(|(key, _)| {
            let field = catalog::field(Kind::Petition, key)?;
            let value = catalog::json::from_json(field, kept.get(key)?, today).ok()?;
            Some((field.key, value))
        })
        .collect()
}

/// The values that a step replaces, as JSON, to give back when it is taken back.
pub(super) fn kept(p: &Petition, changes: &[(&'static str, Value)]) -> Option<String> {
    let before: serde_json::Map<String, serde_json::Value> = changes
        .iter()
        .map(|(key, _)| ((*key).to_owned(), catalog::json::to_json(&p.get(key))))
        .collect();
    (!before.is_empty()).then(|| serde_json::Value::Object(before).to_string())
}
