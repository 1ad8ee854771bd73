//! The registers as people see them: one table of fields per kind, which form, list, card, import, shell and schema read.
//!
//! A field says name, type, help, width, required, personal, searched. It says no SQL, no deadline, no step.
pub mod carried;
pub mod cell;
pub mod dialogue;
pub mod field;
pub mod figure;
pub mod intake;
pub mod json;
pub mod model;
pub mod parse;
pub mod petition;
mod places;
pub mod rate;
pub mod reception;
pub mod rule;
pub mod schema;
pub mod show;
pub mod step;
pub mod unit;

pub use field::{Choice, Field, Type};
pub use places::{Placed, at, needed_and_personal, placed, references, units};

use crate::domain::model::Registrant;
use crate::domain::petition::{PetitionType, field_applies};
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::{Text, t};
use chrono::NaiveDate;
use field::f;

/// Free texts in which a clerk might name the writer of a denunciation.
const FREE_TEXTS: &[&str] = &["subject", "content", "demand", "note"];

/// A denunciation's writer is named nowhere, also not inside a sentence (LTC Đ8, Đ56).
pub const UNNAMED: Text = t(
    "không ghi tên người tố cáo ở đây",
    "do not name the denouncer here",
);

/// Whether a clerk might name the denouncer in a field: it is a free text of a petition.
#[must_use]
pub fn may_name_denouncer(kind: Kind, key: &str) -> bool {
    kind == Kind::Petition && FREE_TEXTS.contains(&key)
}

/// One register.
#[derive(Debug)]
pub struct Entity {
    /// Its kind.
    pub kind: Kind,
    /// Title of its screens («Đơn thư»).
    pub title: Text,
    /// One record («đơn»).
    pub one: Text,
    /// The date that `--from`, `--to` and periods mean (contract 2).
    pub date_field: &'static str,
    /// The field that names a record.
    pub title_field: &'static str,
    /// The unit that a list's subtree means.
    pub unit_field: Option<&'static str>,
    /// Every field, in the order of the form; computed ones last.
    pub fields: &'static [Field],
    /// Order of its list: field and whether descending.
    pub default_sort: &'static [(&'static str, bool)],
}

/// Every register, in the order of [`Kind::ALL`].
pub static ENTITIES: [&Entity; 7] = [
    &unit::ENTITY,
    &model::ENTITY,
    &dialogue::ENTITY,
    &dialogue::OPINION,
    &petition::ENTITY,
    &reception::ENTITY,
    &figure::ENTITY,
];

/// The register of a kind.
#[must_use]
pub fn entity(kind: Kind) -> &'static Entity {
    match kind {
        Kind::Unit => &unit::ENTITY,
        Kind::Model => &model::ENTITY,
        Kind::Dialogue => &dialogue::ENTITY,
        Kind::Opinion => &dialogue::OPINION,
        Kind::Petition => &petition::ENTITY,
        Kind::Reception => &reception::ENTITY,
        Kind::Figure => &figure::ENTITY,
    }
}

const ID: Field = f(
    "id",
    "Mã số",
    "Id",
    Type::Integer {
        min: 1,
        max: i64::MAX,
    },
)
.help("mã số của bản ghi", "id of the record")
.plain()
.comp();
const REV: Field = f(
    "rev",
    "Lần sửa",
    "Revision",
    Type::Integer {
        min: 0,
        max: i64::MAX,
    },
)
.help("tăng 1 mỗi lần sửa", "grows by one with each change")
.plain()
.comp();
const NUMBER: Field = f("number", "Số", "Number", Type::Text)
    .help(
        "số trong sổ của năm, vd. 15/2026",
        "number in the year's book, e.g. 15/2026",
    )
    .col(1, 9, "Số", "No.")
    .comp();
static NUMBERED: [Field; 3] = [ID, NUMBER, REV];
static UNNUMBERED: [Field; 2] = [ID, REV];

/// Whether the book of a kind numbers its records.
#[must_use]
pub fn has_number(kind: Kind) -> bool {
    matches!(kind, Kind::Model | Kind::Petition | Kind::Reception)
}

/// What every record has beside its fields, as fields: `id`, `number` where the kind has one, `rev`.
#[must_use]
pub fn head_fields(kind: Kind) -> &'static [Field] {
    if has_number(kind) {
        &NUMBERED
    } else {
        &UNNUMBERED
    }
}

/// A field of a kind by its key.
#[must_use]
pub fn field(kind: Kind, key: &str) -> Option<&'static Field> {
    entity(kind).fields.iter().find(|field| field.key == key)
}

/// A field or head field of a kind by its key: what filters, order and columns may name.
#[must_use]
pub fn any_field(kind: Kind, key: &str) -> Option<&'static Field> {
    field(kind, key).or_else(|| head_fields(kind).iter().find(|field| field.key == key))
}

/// The value of a field or head field.
#[must_use]
pub fn value_of(record: &dyn Record, key: &str) -> Value {
    match key {
        "id" => Value::Int(record.head().id),
        "rev" => Value::Int(record.head().rev),
        "number" => record.head().number_text().map_or(Value::Null, Value::Text),
        key => record.get(key),
    }
}

/// Whether a field of this record tells who a citizen is; the name of a collective does not.
#[must_use]
pub fn is_personal(field: &Field, record: &dyn Record) -> bool {
    let collective = field.personal()
        && record.kind() == Kind::Model
        && record.get("registrant").text() == Some(Registrant::Collective.code());
    field.personal() && !collective
}

/// Whether a field has a place on this record: what concerns a denunciation keeps no trace of who
/// brought it (LTC Đ8.3, Đ56).
#[must_use]
pub fn applies(field: &Field, record: &dyn Record) -> bool {
    // Only what tells who somebody is depends on the type.
    if !field.personal() {
        return true;
    }
    match record.kind() {
        Kind::Petition => field_applies(field.key, type_in(record, "type")),
        Kind::Reception => type_in(record, "matter_type") != Some(PetitionType::Denunciation),
        _ => true,
    }
}

/// Whether a form asks for a field on this record: what the answers given so far make pointless is skipped. An answer
/// not given yet rules nothing out; a field that holds something is shown all the same.
///
/// A second instance, an earlier decision and remoteness are things of complaints (LKN Đ28, Đ37), the second
/// extension and the sealed file of denunciations (LTC Đ30, Đ56), complexity of both.
#[must_use]
pub fn asked(field: &Field, record: &dyn Record) -> bool {
    let said = |key: &str| record.get(key).text().map(str::to_owned);
    let one_of = |key: &str, codes: &[&str]| said(key).is_none_or(|code| codes.contains(&&*code));
    match (record.kind(), field.key) {
        (Kind::Petition, "instance" | "remote") => one_of("type", &["complaint"]),
        (Kind::Petition, "previous") => {
            one_of("type", &["complaint"]) && record.get("instance") != Value::Int(1)
        }
        (Kind::Petition, "complex") => one_of("type", &["complaint", "denunciation"]),
        (Kind::Petition, "very_complex" | "sealed_file") => one_of("type", &["denunciation"]),
        (Kind::Petition, "forwarded_by" | "forward_document") => {
            one_of("source", &["forwarded", "leader"])
        }
        (Kind::Opinion, "assigned_unit" | "due_on") => {
            record.get("answered_on_spot") != Value::Bool(true)
        }
        (Kind::Figure, "part_kind") => !record.get("part_of").is_null(),
        _ => true,
    }
}

fn type_in(record: &dyn Record, key: &str) -> Option<PetitionType> {
    PetitionType::from_code(record.held(key).text()?)
}

fn code(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// What a new record holds where nothing was said, for form and shell alike.
#[must_use]
pub fn defaults(kind: Kind, today: NaiveDate) -> Vec<(&'static str, Value)> {
    use chrono::Datelike;
    match kind {
        Kind::Unit => vec![("branch", code("administrative"))],
        Kind::Model => vec![
            ("year", Value::Int(i64::from(today.year()))),
            ("model_kind", code("model")),
            ("registrant", code("collective")),
            ("level", code("grassroots")),
            ("registered_on", Value::Date(today)),
            ("status", code("registered")),
            ("renewal", code("new")),
        ],
        Kind::Dialogue => vec![
            ("purpose", code("leader_meeting")),
            ("format", code("in_person")),
        ],
        Kind::Opinion => vec![("source", code("direct")), ("status", code("open"))],
        Kind::Petition => vec![
            ("instance", Value::Int(1)),
            ("jurisdiction", code("unknown")),
            ("complex", Value::Bool(false)),
            ("very_complex", Value::Bool(false)),
            ("remote", Value::Bool(false)),
        ],
        Kind::Reception => vec![
            ("mode", code("regular")),
            ("format", code("in_person")),
            ("delegated", Value::Bool(false)),
            ("people", Value::Int(1)),
        ],
        Kind::Figure => vec![("qualifier", code("exact"))],
    }
}

/// What a form fills in beside [`defaults`]: the day is today's unless changed.
#[must_use]
pub fn form_defaults(kind: Kind, today: NaiveDate) -> Vec<(&'static str, Value)> {
    match kind {
        Kind::Petition | Kind::Reception => vec![("received_on", Value::Date(today))],
        Kind::Dialogue => vec![("held_on", Value::Date(today))],
        Kind::Unit | Kind::Model | Kind::Opinion | Kind::Figure => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::record::blank;
    use crate::domain::{
        dialogue as d, figure as g, model as m, petition as p, reception as r, unit as u,
    };

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()
    }

    #[test]
    fn every_key_of_a_record_has_its_field_in_order() {
        for kind in Kind::ALL {
            let keys: Vec<&str> = entity(*kind).fields.iter().map(|f| f.key).collect();
            assert_eq!(keys, blank(*kind).keys(), "{kind:?}");
            assert_eq!(entity(*kind).kind, *kind);
        }
        assert!(
            ENTITIES
                .iter()
                .map(|e| e.kind)
                .eq(Kind::ALL.iter().copied())
        );
    }

    #[test]
    fn a_form_skips_what_the_answers_make_pointless() {
        let keys = |kind: Kind, set: &[(&str, Value)]| -> Vec<&'static str> {
            let mut record = blank(kind);
            for (key, value) in set {
                record.set(key, value.clone()).unwrap();
            }
            let skipped = entity(kind).fields.iter();
            skipped
                .filter(|f| !asked(f, record.as_ref()))
                .map(|f| f.key)
                .collect()
        };
        let complaint = [("type", code("complaint")), ("instance", Value::Int(1))];
        assert_eq!(
            keys(Kind::Petition, &complaint),
            ["previous", "very_complex", "sealed_file"]
        );
        let denunciation = [("type", code("denunciation")), ("source", code("post"))];
        assert_eq!(
            keys(Kind::Petition, &denunciation),
            [
                "instance",
                "previous",
                "forwarded_by",
                "forward_document",
                "remote"
            ]
        );
        assert_eq!(
            keys(Kind::Petition, &[("type", code("feedback"))]),
            [
                "instance",
                "previous",
                "complex",
                "very_complex",
                "remote",
                "sealed_file"
            ]
        );
        assert!(keys(Kind::Petition, &[]).is_empty());
        assert_eq!(keys(Kind::Figure, &[]), ["part_kind"]);
        let on_spot = [("answered_on_spot", Value::Bool(true))];
        assert_eq!(keys(Kind::Opinion, &on_spot), ["assigned_unit", "due_on"]);
        for kind in [Kind::Unit, Kind::Model, Kind::Dialogue, Kind::Reception] {
            assert!(keys(kind, &[]).is_empty());
        }
    }

    #[test]
    fn what_an_entity_names_is_there() {
        for e in ENTITIES {
            assert!(field(e.kind, e.date_field).is_some_and(|f| f.ty == Type::Date));
            assert!(field(e.kind, e.title_field).is_some_and(|f| f.required() && f.searched()));
            assert!(
                e.unit_field
                    .is_none_or(|k| field(e.kind, k).is_some_and(|f| f.ty == Type::Unit))
            );
            assert!(
                e.default_sort
                    .iter()
                    .all(|(k, _)| any_field(e.kind, k).is_some())
            );
            assert_eq!(
                e.fields.iter().filter(|f| f.grows()).count(),
                1,
                "{:?}",
                e.kind
            );
        }
    }

    #[test]
    fn no_label_is_empty() {
        for e in ENTITIES {
            for f in e.fields.iter().chain(head_fields(e.kind)) {
                for text in [f.label, f.short, f.help] {
                    assert!(!text.vi.is_empty() && !text.en.is_empty(), "{}", f.key);
                }
                for choice in f.ty.choices() {
                    assert!(!choice.label.vi.is_empty() && !choice.short.vi.is_empty());
                }
            }
        }
    }

    #[test]
    fn columns_for_eighty_leave_room_for_the_text() {
        for e in ENTITIES {
            let shown = e
                .fields
                .iter()
                .chain(head_fields(e.kind))
                .filter(|f| f.list == 1);
            let fixed: u16 = shown.filter(|f| !f.grows()).map(|f| f.width + 1).sum();
            assert!(fixed + 2 + 12 <= 80, "{:?} {fixed}", e.kind);
        }
    }

    fn same<T: Code>(kind: Kind, key: &str) {
        let choices = field(kind, key).unwrap().ty.choices();
        assert!(
            choices
                .iter()
                .map(|c| c.code)
                .eq(T::ALL.iter().map(|v| v.code())),
            "{kind:?}.{key}"
        );
    }

    #[test]
    fn every_code_has_its_choice() {
        same::<u::UnitLevel>(Kind::Unit, "level");
        same::<u::Branch>(Kind::Unit, "branch");
        same::<m::ModelKind>(Kind::Model, "model_kind");
        same::<m::Registrant>(Kind::Model, "registrant");
        same::<m::ModelField>(Kind::Model, "field");
        same::<m::ModelLevel>(Kind::Model, "level");
        same::<m::ModelStatus>(Kind::Model, "status");
        same::<m::Renewal>(Kind::Model, "renewal");
        same::<m::Assessment>(Kind::Model, "assessment");
        same::<d::DialoguePurpose>(Kind::Dialogue, "purpose");
        same::<d::DialogueLevel>(Kind::Dialogue, "level");
        same::<d::Format>(Kind::Dialogue, "format");
        same::<p::MatterField>(Kind::Opinion, "field");
        same::<d::OpinionSource>(Kind::Opinion, "source");
        same::<d::OpinionStatus>(Kind::Opinion, "status");
        same::<p::PetitionType>(Kind::Petition, "type");
        same::<p::MatterField>(Kind::Petition, "field");
        same::<p::Source>(Kind::Petition, "source");
        same::<p::Jurisdiction>(Kind::Petition, "jurisdiction");
        same::<p::Stage>(Kind::Petition, "stage");
        same::<p::Standing>(Kind::Petition, "standing");
        same::<p::Outcome>(Kind::Petition, "outcome");
        same::<p::Ended>(Kind::Petition, "ended");
        same::<r::ReceptionMode>(Kind::Reception, "mode");
        same::<d::Format>(Kind::Reception, "format");
        same::<p::PetitionType>(Kind::Reception, "matter_type");
        same::<g::Qualifier>(Kind::Figure, "qualifier");
        same::<g::PartKind>(Kind::Figure, "part_kind");
    }

    #[test]
    fn a_record_takes_its_defaults() {
        for kind in Kind::ALL {
            let mut record = blank(*kind);
            for (key, value) in defaults(*kind, day())
                .into_iter()
                .chain(form_defaults(*kind, day()))
            {
                record.set(key, value.clone()).unwrap();
                assert_eq!(record.get(key), value);
            }
        }
    }

    #[test]
    fn personal_is_judged_by_the_record() {
        let mut model = blank(Kind::Model);
        let name = field(Kind::Model, "registrant_name").unwrap();
        model.set("registrant", code("individual")).unwrap();
        assert!(is_personal(name, model.as_ref()));
        model.set("registrant", code("collective")).unwrap();
        assert!(!is_personal(name, model.as_ref()));
        let mut visit = blank(Kind::Reception);
        let visitor = field(Kind::Reception, "visitor").unwrap();
        assert!(applies(visitor, visit.as_ref()));
        visit.set("matter_type", code("denunciation")).unwrap();
        assert!(!applies(visitor, visit.as_ref()));
    }
}
