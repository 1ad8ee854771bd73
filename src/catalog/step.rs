//! The steps of a petition as people see them.
use super::field::{Field, Type, f};
use super::petition::{JURISDICTIONS, OUTCOMES, STAGES};
use crate::domain::petition::{Barred, Stage, StepKind};
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};

/// What a step is called.
#[must_use]
pub fn label(step: StepKind) -> Text {
    match step {
        StepKind::Classify => t("phân loại", "classify"),
        StepKind::Accept => t("thụ lý", "accept"),
        StepKind::Forward => t("chuyển đơn", "forward"),
        StepKind::Reply => t("nhận phúc đáp", "reply received"),
        StepKind::Resolve => t("giải quyết", "resolve"),
        StepKind::FileAway => t("xếp lưu", "file away"),
    }
}

/// What a step does, in one line.
#[must_use]
pub fn help(step: StepKind) -> Text {
    match step {
        StepKind::Classify => t(
            "ghi đơn có thuộc thẩm quyền và đủ điều kiện xử lý hay không",
            "says whether the matter is this office's and fit for handling",
        ),
        StepKind::Accept => t(
            "nhận giải quyết; từ ngày này tính hạn giải quyết",
            "takes the matter on; the deadline to resolve runs from this day",
        ),
        StepKind::Forward => t(
            "chuyển đến cơ quan có thẩm quyền và chờ phúc đáp",
            "sends it to the office whose matter it is and waits for the answer",
        ),
        StepKind::Reply => t(
            "cơ quan nhận đơn chuyển đã trả lời; kết thúc theo dõi",
            "the addressee has answered; nothing more to follow",
        ),
        StepKind::Resolve => t(
            "ra quyết định, kết luận hoặc trả lời; kết thúc vụ việc",
            "decides, concludes or answers; ends the matter",
        ),
        StepKind::FileAway => t(
            "lưu đơn không đủ điều kiện xử lý; không giải quyết",
            "keeps a paper that cannot be handled; nothing is decided",
        ),
    }
}

const ON: Field = f("on", "Ngày", "On", Type::Date)
    .help(
        "ngày thực hiện, không trước bước liền trước, không sau hôm nay",
        "day of the step: not before the one before it, not after today",
    )
    .req();
const DOCUMENT: Field = f("document", "Văn bản", "Document", Type::Text)
    .help(
        "số, ngày văn bản, vd. 12/TB-UBND 14/3/2026",
        "number and date of the document",
    )
    .max(100);
const NOTE: Field = f("note", "Ghi chú", "Note", Type::LongText).max(1000);
const JURISDICTION: Field = f(
    "jurisdiction",
    "Thẩm quyền",
    "Jurisdiction",
    Type::Enum(JURISDICTIONS),
);
const ELIGIBLE: Field = f("eligible", "Đủ điều kiện xử lý", "Eligible", Type::Boolean).help(
    "có ngày, tên, địa chỉ, chữ ký, nội dung rõ",
    "dated, named, signed, clear",
);
const COMPLEX: Field = f("complex", "Vụ việc phức tạp", "Complex", Type::Boolean).help(
    "có thì hạn giải quyết dài hơn",
    "if so, the longer deadline",
);
const VERY_COMPLEX: Field = f(
    "very_complex",
    "Đặc biệt phức tạp",
    "Very complex",
    Type::Boolean,
)
.help(
    "tố cáo: từ hai căn cứ trở lên (NĐ 31/2019 Đ3)",
    "denunciation: two or more grounds (NĐ 31/2019 Đ3)",
);
const REMOTE: Field = f(
    "remote",
    "Vùng sâu, đi lại khó khăn",
    "Remote area",
    Type::Boolean,
)
.help(
    "có thì hạn giải quyết dài hơn (LKN Đ28)",
    "if so, the longer deadline (LKN Đ28)",
);
const TO: Field = f("to", "Chuyển đến", "To", Type::Unit)
    .help(
        "đơn vị có thẩm quyền: mã, hoặc F4 chọn",
        "unit whose matter it is: code, or pick with F4",
    )
    .req();
const REPLY_DUE: Field = f("reply_due", "Hạn phúc đáp", "Reply due", Type::Date).help(
    "ngày cần có trả lời của nơi nhận",
    "day by which an answer is expected",
);
const OUTCOME: Field = f("outcome", "Kết luận", "Outcome", Type::Enum(OUTCOMES));

const CLASSIFY: &[Field] = &[ON, JURISDICTION, ELIGIBLE, DOCUMENT, NOTE];
const ACCEPT: &[Field] = &[ON, COMPLEX, VERY_COMPLEX, REMOTE, DOCUMENT, NOTE];
const FORWARD: &[Field] = &[ON, TO, REPLY_DUE, DOCUMENT, NOTE];
const RESOLVE: &[Field] = &[ON, OUTCOME, DOCUMENT, NOTE];
const PLAIN: &[Field] = &[ON, DOCUMENT, NOTE];

/// The fields of a step in the order of its form.
#[must_use]
pub fn fields_of(step: StepKind) -> &'static [Field] {
    match step {
        StepKind::Classify => CLASSIFY,
        StepKind::Accept => ACCEPT,
        StepKind::Forward => FORWARD,
        StepKind::Resolve => RESOLVE,
        StepKind::Reply | StepKind::FileAway => PLAIN,
    }
}

/// What a stage is called.
#[must_use]
pub fn stage_label(stage: Stage) -> Text {
    STAGES
        .iter()
        .find(|choice| choice.code == stage.code())
        .map_or(t("?", "?"), |choice| choice.label)
}

/// Why a step cannot be taken now.
#[must_use]
pub fn barred_msg(barred: Barred) -> Msg {
    match barred {
        Barred::Stage(stage) => {
            let label = stage_label(stage);
            Msg::new(
                format!("không làm được ở giai đoạn «{}»", label.vi),
                format!("cannot be done at the stage “{}”", label.en),
            )
        }
        Barred::NotOwn => t(
            "không thuộc thẩm quyền: chuyển đơn, không thụ lý",
            "not this office's matter: forward it",
        )
        .into(),
        Barred::Own => t(
            "thuộc thẩm quyền: thụ lý, không chuyển",
            "this office's own matter: accept it",
        )
        .into(),
        Barred::NotAccepted => t(
            "khiếu nại, tố cáo phải thụ lý trước khi giải quyết (LKN Đ27, LTC Đ29)",
            "a complaint or denunciation is accepted before it is resolved (LKN Đ27, LTC Đ29)",
        )
        .into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::petition::{Step, TRANSITIONS};
    use crate::domain::value::Value;

    #[test]
    fn the_fields_of_a_step_are_those_of_its_row() {
        assert_eq!(TRANSITIONS.len(), StepKind::ALL.len());
        for row in TRANSITIONS {
            let mut keys = vec!["on"];
            keys.extend(row.fields);
            keys.extend(["document", "note"]);
            let shown: Vec<&str> = fields_of(row.step).iter().map(|f| f.key).collect();
            assert_eq!(shown, keys, "{:?}", row.step);
            assert!(!label(row.step).vi.is_empty() && !help(row.step).vi.is_empty());
            for field in fields_of(row.step) {
                assert!(Step::default().set(field.key, Value::Null), "{}", field.key);
            }
        }
    }

    #[test]
    fn a_bar_says_why() {
        assert_eq!(
            barred_msg(Barred::Stage(Stage::Forwarded)).vi,
            "không làm được ở giai đoạn «đã chuyển»"
        );
        assert!(barred_msg(Barred::NotAccepted).vi.contains("LKN Đ27"));
    }
}
