//! What a file may hold of a record beside its fields: the names it bears there, what comes inside it, and how it went.
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

/// What a book tells of the course of a petition, and the course itself as an export carries it. None of it is a field:
/// it becomes steps (domain reference 2.2, 3.4).
const COURSE: [Field; 8] = [
    f("result", "Kết quả", "Result", Type::LongText).help(
        "đã giải quyết, đúng một phần, chuyển, hướng dẫn, lưu…: thành bước của đơn",
        "resolved, partly justified, forwarded, guided, filed…: becomes steps",
    ),
    f(
        "finished",
        "Kết quả (việc đã xong)",
        "Result (finished)",
        Type::LongText,
    )
    .help(
        "cột chỉ ghi ở việc đã giải quyết xong",
        "a column that is filled only for what is finished",
    ),
    f("ended_on", "Ngày kết thúc", "Ended on", Type::Date).help(
        "ngày giải quyết, trả lời, hướng dẫn, trả, lưu",
        "day on which it was resolved, answered, guided, returned, filed",
    ),
    f("result_document", "Văn bản", "Document", Type::Text).help(
        "số, ngày của quyết định hay văn bản trả lời",
        "number and day of the decision or answer",
    ),
    f("accepted_on", "Ngày thụ lý", "Accepted on", Type::Date),
    f("forwarded_to", "Chuyển đến", "Forwarded to", Type::Unit),
    f("forwarded_on", "Ngày chuyển", "Forwarded on", Type::Date),
    f("steps", "Các bước", "Steps", Type::LongText).help(
        "mọi bước của đơn, như tệp xuất ghi",
        "every step, as an export writes them",
    ),
];

static OF_PETITION: [Field; 8] = COURSE;
static OF_DIALOGUE: [Field; 1] = [OPINIONS];
static OF_UNIT: [Field; 1] = [SUCCESSORS];

/// The key of the course of a petition as an export carries it.
pub const STEPS: &str = "steps";

/// Keys of a column that may stand several times: each cell is read by itself.
#[must_use]
pub fn repeats(key: &str) -> bool {
    matches!(key, "result" | "finished" | "result_document")
}

/// Whether a key says how a petition went.
#[must_use]
pub fn is_course(kind: Kind, key: &str) -> bool {
    kind == Kind::Petition && OF_PETITION.iter().any(|f| f.key == key)
}

/// What comes inside a record of a kind: opinions in a dialogue, successors in a unit, the course of a petition.
#[must_use]
pub fn inside(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Dialogue => &OF_DIALOGUE,
        Kind::Unit => &OF_UNIT,
        Kind::Petition => &OF_PETITION,
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
