//! Values and records as JSON: stable keys and codes, ISO dates, bare unit codes.
use super::field::{Field, Type};
use super::parse::{items, parse, within};
use super::step::fields_of;
use super::{applies, entity, has_number, is_personal};
use crate::domain::number::Dec;
use crate::domain::petition::{Step, StepKind};
use crate::domain::record::Record;
use crate::domain::value::{Code, UnitRef, Value};
use crate::domain::words::Msg;
use chrono::NaiveDate;
use serde_json::{Map, Number, Value as Json};

/// The value of a field from JSON; a string is read as if it were typed.
///
/// # Errors
/// The rule that it breaks; the caller names the field.
pub fn from_json(field: &Field, json: &Json, today: NaiveDate) -> Result<Value, Msg> {
    match (json, field.ty) {
        (Json::Null, _) => Ok(Value::Null),
        (Json::String(text), _) => parse(field, text, today),
        (Json::Bool(b), Type::Boolean) => Ok(Value::Bool(*b)),
        (Json::Number(n), Type::Integer { min, max }) => {
            let n = n.as_i64().ok_or_else(|| {
                Msg::new(
                    format!("{n} không phải số nguyên"),
                    format!("{n} is no whole number"),
                )
            })?;
            within(n, min, max)
        }
        (Json::Number(n), Type::Decimal) => Dec::parse_ascii(&n.to_string())
            .map(Value::Dec)
            .map_err(|p| Msg::new(p.vi, p.en)),
        (Json::Number(n), Type::Text | Type::Unit | Type::Ref(_)) => {
            parse(field, &n.to_string(), today)
        }
        (Json::Array(list), Type::List) => {
            let texts: Option<Vec<&str>> = list.iter().map(Json::as_str).collect();
            let texts = texts.ok_or_else(|| wrong(field))?;
            let parts = texts.iter().flat_map(|text| text.split([',', ';']));
            Ok(items(parts))
        }
        _ => Err(wrong(field)),
    }
}

fn wrong(field: &Field) -> Msg {
    let (vi, en) = match field.ty {
        Type::Text | Type::LongText | Type::Unit | Type::Enum(_) | Type::Date => {
            ("chuỗi chữ", "a string")
        }
        Type::Integer { .. } | Type::Decimal | Type::Ref(_) => ("số", "a number"),
        Type::Boolean => ("true hoặc false", "true or false"),
        Type::List => ("mảng các chuỗi chữ", "an array of strings"),
    };
    Msg::new(
        format!("kiểu JSON không đúng, phải là {vi}"),
        format!("wrong JSON type, must be {en}"),
    )
}

/// A value as JSON.
#[must_use]
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Int(n) | Value::Ref(n) => Json::from(*n),
        Value::Dec(n) => decimal(*n),
        Value::Bool(b) => Json::from(*b),
        Value::Date(day) => Json::from(day.to_string()),
        Value::Unit(unit) => Json::from(bare(unit)),
        Value::List(list) => Json::from(list.clone()),
    }
}

/// A whole decimal stays whole, so that no large number loses a digit.
fn decimal(n: Dec) -> Json {
    match n.to_int() {
        Some(whole) => Json::from(whole),
        None => Number::from_f64(n.to_f64()).map_or(Json::Null, Json::Number),
    }
}

fn bare(unit: &UnitRef) -> &str {
    unit.code.split('@').next().unwrap_or_default()
}

/// A record as JSON: `id`, `number` where the book has one, `rev`, its fields in order, `deleted`.
///
/// Personal fields are left out unless asked for; the writer of a denunciation has no field at all.
#[must_use]
pub fn record_json(record: &dyn Record, with_personal: bool) -> Map<String, Json> {
    let head = record.head();
    let mut map = Map::new();
    map.insert("id".to_owned(), Json::from(head.id));
    if has_number(record.kind()) {
        map.insert(
            "number".to_owned(),
            head.number_text().map_or(Json::Null, Json::from),
        );
    }
    map.insert("rev".to_owned(), Json::from(head.rev));
    for field in entity(record.kind()).fields {
        if applies(field, record) && (with_personal || !is_personal(field, record)) {
            map.insert(field.key.to_owned(), to_json(&record.get(field.key)));
        }
    }
    map.insert("deleted".to_owned(), Json::from(head.deleted));
    map
}

/// A step with every field it may hold, empty ones too.
#[must_use]
pub fn step_json(step: &Step) -> Map<String, Json> {
    let mut map = Map::new();
    let kind = step.kind.map_or(Json::Null, |k| k.code().into());
    map.insert("step".into(), kind);
    for field in step.kind.map_or(&[][..], fields_of) {
        map.insert(field.key.into(), to_json(&step.get(field.key)));
    }
    map
}

/// Reads [`step_json`]; the petition that a step links to is the caller's to find.
///
/// # Errors
/// What is no step, or no value of its field.
pub fn step_from_json(map: &Map<String, Json>, today: NaiveDate) -> Result<Step, Msg> {
    let code = map.get("step").and_then(Json::as_str).unwrap_or_default();
    let kind = StepKind::from_code(code).ok_or_else(|| {
        Msg::new(
            format!("không có bước «{code}»"),
            format!("no step \"{code}\""),
        )
    })?;
    let mut step = Step {
        kind: Some(kind),
        ..Step::default()
    };
    for field in fields_of(kind) {
        if let (Some(json), false) = (map.get(field.key), matches!(field.ty, Type::Ref(_))) {
            let value = from_json(field, json, today).map_err(|rule| {
                Msg::new(
                    format!("{}: {}", field.label.vi, rule.vi),
                    format!("{}: {}", field.label.en, rule.en),
                )
            })?;
            // The key and type are the step's own.
            let _ = step.set(field.key, value);
        }
    }
    Ok(step)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::field;
    use super::*;
    use crate::domain::record::{Kind, blank};
    use serde_json::json;

    fn read(kind: Kind, key: &str, json: &Json) -> Result<Value, Msg> {
        let today = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        from_json(field(kind, key).unwrap(), json, today)
    }

    #[test]
    fn json_values_become_values_and_back() {
        for (kind, key, json) in [
            (Kind::Petition, "received_on", json!("2026-03-02")),
            (Kind::Petition, "type", json!("complaint")),
            (Kind::Petition, "unit", json!("29602")),
            (Kind::Petition, "complex", json!(true)),
            (Kind::Petition, "signers", json!(12)),
            (Kind::Petition, "previous", json!(7)),
            (Kind::Figure, "value", json!(163.4)),
            (Kind::Figure, "value", json!(8328)),
            (
                Kind::Model,
                "tags",
                json!(["crime_prevention", "giảm nghèo"]),
            ),
            (Kind::Petition, "note", Json::Null),
        ] {
            assert_eq!(to_json(&read(kind, key, &json).unwrap()), json, "{key}");
        }
        assert!(read(Kind::Petition, "received_on", &json!("14/3")).is_ok_and(|v| !v.is_null()));
    }

    #[test]
    fn wrong_json_is_refused() {
        for (key, json) in [
            ("received_on", json!(20260302)),
            ("type", json!(1)),
            ("complex", json!(1)),
            ("signers", json!(1.5)),
            ("signers", json!(true)),
            ("subject", json!(["a"])),
            ("subject", json!({"a": 1})),
        ] {
            assert!(read(Kind::Petition, key, &json).is_err(), "{key} {json}");
        }
        assert!(read(Kind::Model, "tags", &json!([1])).is_err());
    }

    #[test]
    fn a_record_without_names_and_a_denunciation_without_its_writer() {
        let mut paper = blank(Kind::Petition);
        paper.head_mut().number = Some((15, 2026));
        paper
            .set("type", Value::Text("complaint".to_owned()))
            .unwrap();
        paper
            .set("petitioner", Value::Text("Lê Thị Bông".to_owned()))
            .unwrap();
        let all = record_json(paper.as_ref(), true);
        assert_eq!(all["number"], "15/2026");
        assert_eq!(all["petitioner"], "Lê Thị Bông");
        assert_eq!(all.keys().next().unwrap(), "id");
        assert_eq!(all.keys().next_back().unwrap(), "deleted");
        assert!(!record_json(paper.as_ref(), false).contains_key("petitioner"));
        paper
            .set("type", Value::Text("denunciation".to_owned()))
            .unwrap();
        assert!(!record_json(paper.as_ref(), true).contains_key("petitioner"));
        assert!(!record_json(blank(Kind::Unit).as_ref(), true).contains_key("number"));
    }
}
