//! The steps of a petition as people see them.
use super::field::{Field, Type, f};
use super::petition::{JURISDICTIONS, OUTCOMES, STAGES};
use crate::domain::petition::{Barred, Stage, StepKind};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Msg, Text, t};

/// An urging with its number: «đôn đốc lần 2».
#[must_use]
pub fn urge_label(number: usize) -> Msg {
    Msg::new(
        format!("{} lần {number}", label(StepKind::Urge).vi),
        format!("{} no. {number}", label(StepKind::Urge).en),
    )
}

/// What a step is called.
#[must_use]
pub fn label(step: StepKind) -> Text {
    words(step).0
}

/// What a step does, in one line.
#[must_use]
pub fn help(step: StepKind) -> Text {
    words(step).1
}

fn words(step: StepKind) -> (Text, Text) {
    match step {
        StepKind::Classify => (
            t("phân loại", "classify"),
            t(
                "ghi đơn có thuộc thẩm quyền và đủ điều kiện xử lý hay không",
                "says whether the matter is this office's and fit for handling",
            ),
        ),
        StepKind::Accept => (
            t("thụ lý", "accept"),
            t(
                "nhận giải quyết; từ ngày này tính hạn giải quyết",
                "takes the matter on; the deadline to resolve runs from this day",
            ),
        ),
        StepKind::Refuse => (
            t("không thụ lý", "refuse"),
            t(
                "thông báo không thụ lý, nêu rõ lý do",
                "says that the matter is not taken on, and why",
            ),
        ),
        StepKind::Guide => (
            t("hướng dẫn", "guide"),
            t(
                "hướng dẫn người gửi đến đúng cơ quan; mỗi vụ việc một lần",
                "tells the writer the right office; once a matter",
            ),
        ),
        StepKind::Forward => (
            t("chuyển đơn", "forward"),
            t(
                "chuyển đến cơ quan có thẩm quyền và chờ phúc đáp",
                "sends it to the office whose matter it is and waits for the answer",
            ),
        ),
        StepKind::Return => (
            t("trả đơn", "return"),
            t(
                "trả lại đơn cùng giấy tờ gốc, hoặc đơn chuyển đến không đúng",
                "gives back the paper with its originals, or one forwarded wrongly",
            ),
        ),
        StepKind::FileAway => (
            t("xếp lưu", "file away"),
            t(
                "lưu đơn không đủ điều kiện xử lý; không giải quyết",
                "keeps a paper that cannot be handled; nothing is decided",
            ),
        ),
        StepKind::Reply => (
            t("nhận phúc đáp", "reply received"),
            t(
                "cơ quan nhận đơn chuyển đã trả lời; kết thúc theo dõi",
                "the addressee has answered; nothing more to follow",
            ),
        ),
        StepKind::Urge => (
            t("đôn đốc", "urge"),
            t(
                "nhắc bằng văn bản nơi đang giải quyết; đánh số từng lần",
                "reminds in writing whoever deals with it; each time numbered",
            ),
        ),
        StepKind::Extend => (
            t("gia hạn", "extend"),
            t(
                "thêm ngày giải quyết bằng quyết định gia hạn (LTC Đ30, LKN Đ28, Đ37)",
                "more days to resolve, by a written decision (LTC Đ30, LKN Đ28, Đ37)",
            ),
        ),
        _ => later_words(step),
    }
}

fn later_words(step: StepKind) -> (Text, Text) {
    match step {
        StepKind::Suspend => (
            t("tạm đình chỉ", "suspend"),
            t(
                "ngừng tính hạn cho đến khi tiếp tục",
                "stops the clock until it goes on",
            ),
        ),
        StepKind::Resume => (
            t("tiếp tục", "resume"),
            t(
                "giải quyết tiếp; tính tiếp số ngày còn lại",
                "the clock goes on with the days that remain",
            ),
        ),
        StepKind::Withdraw => (
            t("rút đơn", "withdraw"),
            t(
                "người gửi rút toàn bộ hoặc một phần; tố cáo có thể vẫn tiếp tục",
                "the writer takes back all or a part; a denunciation may go on",
            ),
        ),
        StepKind::Terminate => (
            t("đình chỉ", "terminate"),
            t(
                "đình chỉ giải quyết (LKN Đ11a, LTC Đ34)",
                "ends it without a decision (LKN Đ11a, LTC Đ34)",
            ),
        ),
        StepKind::Resolve => (
            t("giải quyết", "resolve"),
            t(
                "ra quyết định, kết luận hoặc trả lời; kết thúc vụ việc",
                "decides, concludes or answers; ends the matter",
            ),
        ),
        StepKind::Execute => (
            t("thi hành xong", "execute"),
            t(
                "quyết định, kết luận đã được thi hành",
                "the decision or conclusion has been carried out",
            ),
        ),
        StepKind::Reopen => (
            t("mở lại", "reopen"),
            t(
                "trở về giai đoạn trước khi kết thúc",
                "back to the stage before it ended",
            ),
        ),
        StepKind::Link => (
            t("nối vụ việc", "link"),
            t(
                "cùng vụ việc với đơn khác; số liệu tính theo đơn đầu",
                "the same matter as another paper; figures follow the first one",
            ),
        ),
        _ => (
            t("gỡ nối", "unlink"),
            t(
                "tách khỏi vụ việc đã nối; số liệu tính riêng",
                "apart from the matter it was linked to; figures count it again",
            ),
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

const URGED: Field = f("to", "Nơi được đôn đốc", "To", Type::Unit).help(
    "bỏ trống: nơi đã chuyển đơn đến",
    "empty: whom it was forwarded to",
);
const DECISION: Field = DOCUMENT.req();
const DAYS: Field = f(
    "days",
    "Số ngày gia hạn",
    "Days",
    Type::Integer { min: 1, max: 365 },
)
.help(
    "tố cáo: mỗi lần không quá 30 ngày (LTC Đ30); khiếu nại: đến mức vụ việc phức tạp",
    "denunciation: 30 at most each time (LTC Đ30); complaint: up to the complex limit",
)
.req();
const GROUND: Field = f("reason", "Lý do", "Reason", Type::Text)
    .help("căn cứ tạm đình chỉ", "ground of the suspension")
    .max(300)
    .req();
const RESUMED: Field = f("reason", "Lý do", "Reason", Type::Text).max(300);
const WHOLE: Field =
    f("whole", "Rút toàn bộ", "Whole", Type::Boolean).help("kết thúc vụ việc", "ends the matter");
const PART: Field = f("part", "Rút một phần", "Part", Type::Boolean)
    .help("phần còn lại giải quyết tiếp", "the rest goes on");
const CONTINUE: Field = f(
    "continue",
    "Rút nhưng vẫn giải quyết",
    "Continue",
    Type::Boolean,
)
.help(
    "chỉ với tố cáo: có dấu hiệu vi phạm, ép buộc hoặc vu khống (LTC Đ33)",
    "denunciation only: signs of a breach, pressure or slander (LTC Đ33)",
);
const LEAD: Field = f(
    "lead",
    "Đơn đầu của vụ việc",
    "Lead",
    Type::Ref(Kind::Petition),
)
.help(
    "số đơn đầu của vụ việc, vd. 15/2026",
    "first petition of the matter, e.g. 15/2026",
)
.req();
const WHY: Field = f("why", "Lý do", "Why", Type::Text)
    .help("vì sao mở lại", "why it is opened again")
    .max(300)
    .req();

const CLASSIFY: &[Field] = &[ON, JURISDICTION, ELIGIBLE, DOCUMENT, NOTE];
const ACCEPT: &[Field] = &[ON, COMPLEX, VERY_COMPLEX, REMOTE, DOCUMENT, NOTE];
const FORWARD: &[Field] = &[ON, TO, REPLY_DUE, DOCUMENT, NOTE];
const URGE: &[Field] = &[ON, URGED, DOCUMENT, NOTE];
const EXTEND: &[Field] = &[ON, DAYS, DECISION, NOTE];
const SUSPEND: &[Field] = &[ON, GROUND, DOCUMENT, NOTE];
const RESUME: &[Field] = &[ON, RESUMED, DOCUMENT, NOTE];
const WITHDRAW: &[Field] = &[ON, WHOLE, PART, CONTINUE, DOCUMENT, NOTE];
const RESOLVE: &[Field] = &[ON, OUTCOME, DOCUMENT, NOTE];
const REOPEN: &[Field] = &[ON, WHY, DOCUMENT, NOTE];
const LINK: &[Field] = &[ON, LEAD, DOCUMENT, NOTE];
const PLAIN: &[Field] = &[ON, DOCUMENT, NOTE];

/// The fields of a step in the order of its form.
#[must_use]
pub fn fields_of(step: StepKind) -> &'static [Field] {
    match step {
        StepKind::Classify => CLASSIFY,
        StepKind::Accept => ACCEPT,
        StepKind::Forward => FORWARD,
        StepKind::Urge => URGE,
        StepKind::Extend => EXTEND,
        StepKind::Suspend => SUSPEND,
        StepKind::Resume => RESUME,
        StepKind::Withdraw => WITHDRAW,
        StepKind::Resolve => RESOLVE,
        StepKind::Reopen => REOPEN,
        StepKind::Link => LINK,
        StepKind::Refuse
        | StepKind::Guide
        | StepKind::Return
        | StepKind::FileAway
        | StepKind::Reply
        | StepKind::Terminate
        | StepKind::Execute
        | StepKind::Unlink => PLAIN,
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
        Barred::Unsettled => t(
            "chưa xác định thẩm quyền: phân loại là thuộc thẩm quyền rồi thụ lý",
            "jurisdiction not found yet: mark it as this office's own, then accept it",
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
        Barred::DenunciationByPost => t(
            "không làm được: đơn tố cáo gửi qua bưu chính không hướng dẫn mà chuyển (LTC Đ24)",
            "a denunciation by post is forwarded, not answered by guidance (LTC Đ24)",
        )
        .into(),
        Barred::Guided => t(
            "không làm được: vụ việc đã được hướng dẫn một lần (TT 05/2021)",
            "the matter has been answered by guidance once (TT 05/2021)",
        )
        .into(),
        Barred::NotLinked => t(
            "không làm được: đơn chưa nối với đơn nào",
            "the petition is linked to none",
        )
        .into(),
        Barred::PartyBody => t(
            "không làm được: cơ quan Đảng không thụ lý, giải quyết; chỉ chuyển, theo dõi, đôn đốc, hướng dẫn, trả lại, xếp lưu (thiết lập profile)",
            "a Party body does not take on or decide a matter; it forwards, follows, urges, guides, returns and files away (setting profile)",
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
