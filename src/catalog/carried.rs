//! What a file may hold of a record beside its fields: the names it bears there, and what comes inside it.
use super::field::{Field, Type, f};
use super::{field, head_fields};
use crate::domain::record::Kind;

const OPINIONS: Field = f("opinions", "Các ý kiến", "Opinions", Type::LongText).help(
    "ý kiến của buổi, trong tệp JSON",
    "the dialogue's opinions, in a JSON file",
);
const SUCCESSORS: Field = f("successors", "Đơn vị kế thừa", "Successors", Type::LongText).help(
    "mã@ngày:whole hoặc :part, cách nhau bằng dấu phẩy",
    "code@date:whole or :part, separated by commas",
);

static OF_DIALOGUE: [Field; 1] = [OPINIONS];
static OF_UNIT: [Field; 1] = [SUCCESSORS];

/// What comes inside a record of a kind: opinions in a dialogue, successors in a unit.
#[must_use]
pub fn inside(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Dialogue => &OF_DIALOGUE,
        Kind::Unit => &OF_UNIT,
        _ => &[],
    }
}

/// Whether a key is a name that a row bears in its file, by which other rows point to it.
#[must_use]
pub fn names_row(key: &str) -> bool {
    matches!(key, "id" | "number")
}

/// What a column of a file may fill: a field that is entered, a name of the row, or what comes inside the record.
#[must_use]
pub fn in_file(kind: Kind, key: &str) -> Option<&'static Field> {
    let entered = field(kind, key).filter(|f| !f.computed());
    let own = || {
        head_fields(kind)
            .iter()
            .find(|f| f.key == key && names_row(key))
    };
    entered
        .or_else(own)
        .or_else(|| inside(kind).iter().find(|f| f.key == key))
}
