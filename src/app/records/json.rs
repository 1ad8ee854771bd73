//! Records from JSON, as `add --from` reads them.
use super::{NewRecord, problem, value};
use crate::app::{Cx, Problem};
use crate::catalog::{self, Type};
use crate::domain::record::Kind;
use crate::domain::unit::SuccessionKind;
use crate::domain::value::Code;
use crate::domain::words::Msg;

/// A record from its JSON object; head and computed keys are passed over, so that what `show --json` prints can
/// be added again.
///
/// # Errors
/// Every problem of the object, each at its field.
pub fn from_json(
    cx: &Cx,
    kind: Kind,
    json: &serde_json::Value,
) -> std::result::Result<NewRecord, Vec<Problem>> {
    let plain = |msg: Msg| Problem {
        row: None,
        field: None,
        label: Msg::default(),
        msg,
    };
    let Some(object) = json.as_object() else {
        return Err(vec![plain(Msg::new(
            "mỗi bản ghi là một đối tượng JSON {…}",
            "each record is a JSON object {…}",
        ))]);
    };
    let mut new = NewRecord::default();
    let mut problems = Vec::new();
    for (key, given) in object {
        match (kind, key.as_str()) {
            (_, "id" | "number" | "rev" | "deleted")
            | (Kind::Petition, "steps" | "undone_steps") => {}
            (Kind::Dialogue, "opinions") => {
                let Some(rows) = given.as_array() else {
                    problems.push(plain(Msg::new(
                        "opinions: danh sách ý kiến [{…}]",
                        "opinions: a list of opinions [{…}]",
                    )));
                    continue;
                };
                for row in rows {
                    match from_json(cx, Kind::Opinion, row) {
                        Ok(opinion) => new.opinions.push(opinion.fields),
                        Err(more) => problems.extend(more),
                    }
                }
            }
            (Kind::Unit, "successors") => match read_json_heirs(given) {
                Ok(list) => new.successors = Some(list),
                Err(msg) => problems.push(plain(msg)),
            },
            (_, key) => match catalog::field(kind, key) {
                Some(field) if field.computed() => {}
                Some(field) => {
                    let value = match (field.ty, given) {
                        (Type::Ref(_), serde_json::Value::String(text)) => value(cx, field, text),
                        _ => catalog::json::from_json(field, given, cx.today()),
                    };
                    match value {
                        Ok(value) => new.fields.push((field.key, value)),
                        Err(msg) => problems.push(problem(kind, field.key, msg)),
                    }
                }
                None => problems.push(plain(Msg::new(
                    format!("không có trường «{key}»; xem «danvan schema»"),
                    format!("no field \"{key}\"; see \"danvan schema\""),
                ))),
            },
        }
    }
    if problems.is_empty() {
        Ok(new)
    } else {
        Err(problems)
    }
}

/// The successors of a unit from JSON.
///
/// # Errors
/// How they are written.
pub(in crate::app) fn read_json_heirs(
    given: &serde_json::Value,
) -> std::result::Result<Vec<(String, SuccessionKind)>, Msg> {
    let wrong = || {
        Msg::new(
            "successors: danh sách {\"code\", \"valid_from\", \"kind\": \"whole|part\"}",
            "successors: a list of {\"code\", \"valid_from\", \"kind\": \"whole|part\"}",
        )
    };
    given
        .as_array()
        .ok_or_else(wrong)?
        .iter()
        .map(|item| {
            let text = |key: &str| item.get(key).and_then(serde_json::Value::as_str);
            let code = text("code").ok_or_else(wrong)?;
            let kind = text("kind").unwrap_or("whole");
            let kind = SuccessionKind::from_code(kind).ok_or_else(wrong)?;
            let code =
                text("valid_from").map_or_else(|| code.to_owned(), |on| format!("{code}@{on}"));
            Ok((code, kind))
        })
        .collect()
}
