//! Whether the steps taken still fit a petition whose type, instance or jurisdiction is changed.
use super::{live_steps, typed};
use crate::app::settings::Office;
use crate::app::{Error, Problem, Result, rules, step_rules};
use crate::catalog;
use crate::domain::petition::{Jurisdiction, Petition, Situation, Step, fold, may};
use crate::domain::record::{Kind, Record};
use crate::domain::words::{Msg, t};
use crate::store::{Db, StepRow};

/// Fields that say which steps a petition may take and how it may end.
const JUDGED_BY: &[&str] = &["type", "instance", "jurisdiction"];

/// The first live step that a petition could not take as it stands, in the order taken; whether it was guided is
/// not asked, since the step that did so is among them.
fn misfit(office: Office, p: &Petition, rows: &[StepRow]) -> Option<Step> {
    let mut state = fold(p.received_on, &[]);
    for row in rows {
        let kind = row.step.kind?;
        let s = Situation {
            stage: state.stage,
            petition_type: p.petition_type,
            instance: p.instance.unwrap_or(1),
            jurisdiction: p.jurisdiction.unwrap_or(Jurisdiction::Unknown),
            source: p.source,
            guided: false,
            linked: true,
            profile: office.profile,
        };
        if may(kind, s).is_err() || !step_rules::ends_so(p, &row.step, kind) {
            return Some(row.step.clone());
        }
        state.add(&row.step);
    }
    None
}

/// Holds that the steps taken still fit after a change of what they were judged by.
///
/// # Errors
/// The first step that no longer fits, at the field that was changed.
pub(in crate::app) fn steps_fit(
    db: Db,
    env: &rules::Env,
    before: &dyn Record,
    after: &dyn Record,
) -> Result<()> {
    let changed = JUDGED_BY.iter().find(|k| before.get(k) != after.get(k));
    let (Some(key), true) = (changed, after.kind() == Kind::Petition) else {
        return Ok(());
    };
    let rows = live_steps(db, after.head().id)?;
    let Some(step) = misfit(env.office, typed(after)?, &rows) else {
        return Ok(());
    };
    // What did not fit before either is not this change's fault.
    if misfit(env.office, typed(before)?, &rows).is_some_and(|s| s.id == step.id) {
        return Ok(());
    }
    let label = step.kind.map_or(t("?", "?"), catalog::step::label);
    let on = step.on.unwrap_or_default();
    let (day, iso) = (crate::domain::date::vi(on), on);
    Err(Error::Refused(vec![Problem {
        row: None,
        field: Some(*key),
        label: catalog::field(Kind::Petition, key).map_or_else(Msg::default, |f| f.label.into()),
        msg: Msg::new(
            format!(
                "bước «{}» ngày {day} không còn hợp lệ; lấy lại bước đó trước",
                label.vi
            ),
            format!(
                "step \"{}\" of {iso} would not stand; take it back first",
                label.en
            ),
        ),
    }]))
}
