//! Steps of one row as the plan keeps them until it is carried out.
use super::value::Fields;
use crate::catalog::carried::STEPS;
use crate::catalog::json::{step_from_json, step_json};
use crate::domain::petition::Step;
use crate::domain::value::{RecordId, Value};
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

/// Steps and what each replaced, as the plan keeps them.
pub(super) fn pack(steps: &[Step], kept: &[Option<String>]) -> Option<String> {
    let one = |(step, kept): (&Step, &Option<String>)| {
        let mut map = step_json(step);
        map.retain(|_, value| !value.is_null());
        if let Some(to) = &step.to {
            map.insert("to_id".into(), to.id.into());
        }
        if let Some(lead) = step.lead {
            map.insert("lead".into(), lead.0.into());
        }
        if let Some(kept) = kept {
            map.insert("was".into(), kept.as_str().into());
        }
        Json::Object(map)
    };
    let all: Vec<Json> = steps.iter().zip(kept).map(one).collect();
    (!all.is_empty()).then(|| Json::Array(all).to_string())
}

/// Reads [`pack`]: the steps, and what each replaced.
pub(super) fn unpack(text: &str, today: NaiveDate) -> (Vec<Step>, Vec<Option<String>>) {
    let all: Vec<Map<String, Json>> = serde_json::from_str(text).unwrap_or_default();
    let read = |map: &Map<String, Json>| {
        let mut step = step_from_json(map, today).ok()?;
        if let (Some(to), Some(id)) = (&mut step.to, map.get("to_id").and_then(Json::as_i64)) {
            to.id = id;
        }
        step.lead = map.get("lead").and_then(Json::as_i64).map(RecordId);
        let was = map.get("was").and_then(Json::as_str).map(str::to_owned);
        Some((step, was))
    };
    all.iter().filter_map(read).unzip()
}

/// The petitions that were there and to which packed steps link.
pub(super) fn leads(text: &str) -> Vec<i64> {
    if !text.contains("\"lead\":") {
        return Vec::new();
    }
    let all: Vec<Map<String, Json>> = serde_json::from_str(text).unwrap_or_default();
    let lead = |map: &Map<String, Json>| map.get("lead").and_then(Json::as_i64);
    all.iter().filter_map(lead).filter(|id| *id > 0).collect()
}

/// The steps among the fields of a row, taken out of them.
pub(super) fn take_steps(
    fields: &mut Fields,
    today: NaiveDate,
) -> (Vec<Step>, Vec<Option<String>>) {
    let at = fields.iter().position(|(key, _)| *key == STEPS);
    let text = at.map(|at| fields.remove(at).1);
    let text = text.as_ref().and_then(Value::text);
    text.map(|text| unpack(text, today)).unwrap_or_default()
}
