//! What is asked for when a reception day or a dialogue is entered at one sitting: the fields of the head, those of
//! its rows, and whether a row becomes a petition.
use super::field::{Field, Type, f};
use super::petition::PETITION_TYPES;
use crate::domain::record::Kind;

/// Key of the answer whether a row becomes a petition: of a visit yes or no, since its type is asked for anyway, of
/// an opinion the type.
pub const AS_PETITION: &str = "as_petition";

static VISIT_AS_PETITION: Field = f(AS_PETITION, "Thành đơn", "As a petition", Type::Boolean).help(
    "có: khi lưu, lượt này được vào sổ đơn thư (cần loại nội dung)",
    "yes: saving puts it into the book of petitions (needs the type of matter)",
);
static OPINION_AS_PETITION: Field = f(
    AS_PETITION,
    "Thành đơn",
    "As a petition",
    Type::Enum(PETITION_TYPES),
)
.help(
    "loại đơn: khi lưu, ý kiến này được vào sổ đơn thư",
    "type: saving puts the opinion into the book of petitions",
);

const DAY_HEAD: &[&str] = &[
    "received_on",
    "unit",
    "mode",
    "delegated",
    "receiver",
    "format",
];
const VISIT: &[&str] = &[
    "matter_type",
    "visitor",
    "address",
    "people",
    "group",
    "first_time",
    "content",
    "demand",
    "earlier_handling",
    "own_jurisdiction",
    "guidance",
    "transferred_to",
    "receipt_no",
    "result",
    "note",
];
const DIALOGUE_HEAD: &[&str] = &[
    "held_on",
    "unit",
    "topic",
    "chair",
    "place",
    "purpose",
    "level",
    "chair_position",
    "hours",
    "format",
    "audience",
    "participants",
    "attendance",
    "secretary",
    "plan_document",
    "minutes_no",
];
const OPINION: &[&str] = &[
    "content",
    "asker",
    "field",
    "source",
    "answered_on_spot",
    "answered_by",
    "assigned_unit",
    "due_on",
    "status",
    "answered_on",
    "result",
    "document",
    "note",
];

fn named(kind: Kind, keys: &[&str]) -> Vec<&'static Field> {
    keys.iter()
        .filter_map(|key| super::field(kind, key))
        .collect()
}

/// The fields of the head of a day (a reception day or a dialogue); none for other registers.
#[must_use]
pub fn head_fields(kind: Kind) -> Vec<&'static Field> {
    match kind {
        Kind::Reception => named(kind, DAY_HEAD),
        Kind::Dialogue => named(kind, DIALOGUE_HEAD),
        _ => Vec::new(),
    }
}

/// The fields of each row under the head: what is said first, whether it becomes a petition next.
#[must_use]
pub fn row_fields(kind: Kind) -> Vec<&'static Field> {
    let (mut fields, at) = match kind {
        Kind::Reception => (named(Kind::Reception, VISIT), 7),
        Kind::Dialogue => (named(Kind::Opinion, OPINION), 2),
        _ => return Vec::new(),
    };
    fields.insert(at.min(fields.len()), as_petition(kind));
    fields
}

/// The answer whether a row under a head of this kind becomes a petition.
#[must_use]
pub fn as_petition(kind: Kind) -> &'static Field {
    if kind == Kind::Reception {
        &VISIT_AS_PETITION
    } else {
        &OPINION_AS_PETITION
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn head_and_rows_share_no_key_and_hold_what_is_required() {
        for (kind, row, fixed) in [
            (Kind::Reception, Kind::Reception, ""),
            (Kind::Dialogue, Kind::Opinion, "dialogue"),
        ] {
            let head = head_fields(kind);
            let rows = row_fields(kind);
            assert!(head.iter().all(|f| rows.iter().all(|r| r.key != f.key)));
            let asked = |key: &str| head.iter().chain(&rows).any(|f| f.key == key);
            for (kind, keys) in [(kind, DAY_HEAD.len()), (row, OPINION.len())] {
                assert!(keys > 0);
                for field in super::super::entity(kind).fields {
                    assert!(
                        !field.required() || field.key == fixed || asked(field.key),
                        "{}",
                        field.key
                    );
                }
            }
        }
        assert_eq!(head_fields(Kind::Dialogue).len(), DIALOGUE_HEAD.len());
        assert_eq!(row_fields(Kind::Dialogue).len(), OPINION.len() + 1);
        assert_eq!(row_fields(Kind::Reception).len(), VISIT.len() + 1);
    }
}
