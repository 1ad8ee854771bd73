//! `danvan schema --json`: the registers as data for scripts (contract 2).
use super::{ENTITIES, Field, head_fields};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use serde_json::{Value as Json, json};

fn field_json(field: &Field) -> Json {
    let values: Vec<Json> = field
        .ty
        .choices()
        .iter()
        .map(|c| json!({"value": c.code, "label_vi": c.label.vi, "label_en": c.label.en}))
        .collect();
    json!({
        "key": field.key,
        "label_vi": field.label.vi,
        "label_en": field.label.en,
        "type": field.ty.name(),
        "required": field.required(),
        "personal": field.personal(),
        "computed": field.computed(),
        "values": values,
    })
}

/// What a unit became: a list of `{"code","valid_from","kind"}` beside its own fields.
fn successors() -> Json {
    json!({
        "key": "successors",
        "label_vi": "Đơn vị kế thừa",
        "label_en": "Successors",
        "type": "list",
        "required": false,
        "personal": false,
        "computed": false,
        "values": [],
    })
}

/// Every register with every field that a filter, an order or a column may name.
#[must_use]
pub fn schema_json() -> Json {
    let kinds: Vec<Json> = ENTITIES
        .iter()
        .map(|e| {
            let fields: Vec<Json> = head_fields(e.kind)
                .iter()
                .chain(e.fields)
                .map(field_json)
                .chain((e.kind == Kind::Unit).then(successors))
                .collect();
            json!({
                "kind": e.kind.code(),
                "label_vi": e.title.vi,
                "label_en": e.title.en,
                "date_field": e.date_field,
                "fields": fields,
            })
        })
        .collect();
    json!({ "kinds": kinds })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn it_has_the_shape_that_scripts_read() {
        let schema = schema_json();
        let kinds = schema["kinds"].as_array().unwrap();
        let names: Vec<&str> = kinds.iter().map(|k| k["kind"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "unit",
                "model",
                "dialogue",
                "opinion",
                "petition",
                "reception",
                "figure"
            ]
        );
        let dates: Vec<&str> = kinds
            .iter()
            .map(|k| k["date_field"].as_str().unwrap())
            .collect();
        assert_eq!(
            dates,
            [
                "valid_from",
                "registered_on",
                "held_on",
                "due_on",
                "received_on",
                "received_on",
                "period_to"
            ]
        );
        let types = "text long_text integer decimal boolean date enum unit ref list";
        for field in kinds.iter().flat_map(|k| k["fields"].as_array().unwrap()) {
            assert!(types.split(' ').any(|t| field["type"] == t), "{field}");
            assert!(field["required"].is_boolean() && field["personal"].is_boolean());
            assert_eq!(
                field["type"] == "enum",
                !field["values"].as_array().unwrap().is_empty()
            );
        }
    }
}
