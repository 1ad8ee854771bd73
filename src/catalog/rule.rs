//! A deadline rule as people see it: the fields of one row (domain reference, annex B).
use super::field::{Choice, Field, Type, c, f};
use crate::domain::deadline::{Cond, DayUnit, Rule, RuleKind};
use crate::domain::value::Value;
use crate::domain::words::{Lang, Text, t};

const COMPLEX: &[Choice] = &[
    c("any", "bất kỳ", "any"),
    c("0", "không phức tạp", "not complex"),
    c("1", "phức tạp", "complex"),
    c("2", "đặc biệt phức tạp", "very complex"),
];
const REMOTE: &[Choice] = &[
    c("any", "bất kỳ", "any"),
    c("0", "không phải vùng sâu", "not remote"),
    c("1", "vùng sâu, đi lại khó khăn", "remote"),
];
const KINDS: &[Choice] = &[
    c("due", "hạn cuối", "due"),
    c("cap", "tổng thời gian nhiều nhất", "cap"),
    c("ext", "gia hạn thêm", "extension"),
    c("before", "ít nhất trước", "before"),
    c("window", "thời hiệu", "window"),
];
const UNITS: &[Choice] = &[
    c("W", "ngày làm việc", "working days"),
    c("C", "ngày lịch", "calendar days"),
];

/// What each deadline is for (domain reference, annex B).
const LABELS: &[(&str, Text)] = &[
    (
        "KN_ACCEPT",
        t(
            "thụ lý hay từ chối khiếu nại",
            "accept or refuse the complaint",
        ),
    ),
    (
        "KN_RESOLVE_1",
        t(
            "giải quyết khiếu nại lần đầu",
            "resolve the complaint, first instance",
        ),
    ),
    (
        "KN_SEND_1",
        t(
            "gửi quyết định giải quyết lần đầu",
            "send the first decision",
        ),
    ),
    (
        "KN_APPEAL",
        t("khiếu nại lần hai", "complain a second time"),
    ),
    (
        "KN_RESOLVE_2",
        t(
            "giải quyết khiếu nại lần hai",
            "resolve the complaint, second instance",
        ),
    ),
    (
        "KN_SEND_2",
        t(
            "gửi quyết định giải quyết lần hai",
            "send the second decision",
        ),
    ),
    (
        "KN_EFFECT",
        t("quyết định có hiệu lực", "the decision takes effect"),
    ),
    (
        "KN_LIMIT",
        t("thời hiệu khiếu nại", "time limit to complain"),
    ),
    (
        "KN_DISC_LIMIT_1",
        t(
            "thời hiệu khiếu nại kỷ luật lần đầu",
            "time limit, disciplinary complaint, first",
        ),
    ),
    (
        "KN_DISC_LIMIT_2",
        t(
            "thời hiệu khiếu nại kỷ luật lần hai",
            "time limit, disciplinary complaint, second",
        ),
    ),
    (
        "KN_DISC_LIMIT_2_BTV",
        t(
            "thời hiệu khiếu nại lần hai về buộc thôi việc",
            "time limit, complaint against dismissal, second",
        ),
    ),
    (
        "KN_DISC_RESOLVE",
        t(
            "giải quyết khiếu nại kỷ luật",
            "resolve the disciplinary complaint",
        ),
    ),
    (
        "KN_DIALOGUE_NOTICE",
        t(
            "thông báo trước khi đối thoại",
            "notice before the dialogue",
        ),
    ),
    (
        "KN_SUSPEND_SEND",
        t(
            "gửi quyết định tạm đình chỉ, đình chỉ khiếu nại",
            "send the decision that suspends or ends the complaint",
        ),
    ),
    (
        "TC_INITIAL",
        t("xử lý ban đầu tố cáo", "first handling of the denunciation"),
    ),
    (
        "TC_TRANSFER",
        t("chuyển đơn tố cáo", "forward the denunciation"),
    ),
    (
        "TC_REPLY_PRESS",
        t("trả lời cơ quan báo chí", "answer the press"),
    ),
    (
        "TC_NOTIFY_ACCEPT",
        t(
            "thông báo thụ lý tố cáo",
            "give notice that the denunciation is accepted",
        ),
    ),
    (
        "TC_RESOLVE",
        t("giải quyết tố cáo", "resolve the denunciation"),
    ),
    (
        "TC_EXT_COMPLEX",
        t("gia hạn tố cáo phức tạp", "extension, complex denunciation"),
    ),
    (
        "TC_EXT_VERYCOMPLEX",
        t(
            "gia hạn tố cáo đặc biệt phức tạp",
            "extension, very complex denunciation",
        ),
    ),
    (
        "TC_SUSPEND_SEND",
        t(
            "gửi quyết định tạm đình chỉ, đình chỉ tố cáo",
            "send the decision that suspends or ends the denunciation",
        ),
    ),
    (
        "TC_CONCLUSION_SEND",
        t("gửi kết luận nội dung tố cáo", "send the conclusion"),
    ),
    (
        "TC_ACT",
        t(
            "xử lý theo kết luận nội dung tố cáo",
            "act on the conclusion",
        ),
    ),
    (
        "TC_PUBLISH",
        t(
            "công khai kết luận nội dung tố cáo",
            "publish the conclusion",
        ),
    ),
    (
        "TC_AGAIN",
        t("xem xét tố cáo tiếp", "look at the repeated denunciation"),
    ),
    (
        "TC_OVERDUE_DEMAND",
        t(
            "yêu cầu giải quyết tố cáo quá hạn",
            "demand that the overdue denunciation be resolved",
        ),
    ),
    (
        "TC_OVERDUE_REPORT",
        t(
            "báo cáo về tố cáo quá hạn",
            "report on the overdue denunciation",
        ),
    ),
    (
        "TCD_REPLY",
        t(
            "trả lời người đến tiếp dân",
            "answer the visitor of a reception",
        ),
    ),
    (
        "TCD_INFORM_BACK",
        t(
            "báo kết quả cho nơi tiếp dân",
            "tell the reception office the result",
        ),
    ),
    (
        "TCD_INFORM_CITIZEN",
        t("báo kết quả cho công dân", "tell the citizen the result"),
    ),
    (
        "TCD_SCHEDULE_POST",
        t("niêm yết lịch tiếp dân", "post the reception schedule"),
    ),
    (
        "TCD_ONLINE_NOTICE",
        t(
            "thông báo tiếp dân trực tuyến",
            "notice of the online reception",
        ),
    ),
    (
        "TCD_REFUSE_NOTICE",
        t(
            "thông báo từ chối tiếp dân",
            "notice that a reception is refused",
        ),
    ),
    (
        "PETITION_IDLE_ALARM",
        t("nhắc đơn lâu chưa xử lý", "alarm for a petition left idle"),
    ),
    (
        "KNPA_OFFICE",
        t(
            "trả lời kiến nghị, phản ánh",
            "answer the recommendation or feedback",
        ),
    ),
    (
        "OPINION_OFFICE",
        t(
            "trả lời ý kiến đối thoại",
            "answer the opinion of a dialogue",
        ),
    ),
];

/// What the deadline of a rule is for; none for a code that the office has made itself.
#[must_use]
pub fn label(code: &str) -> Option<Text> {
    LABELS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, label)| *label)
}

/// Levels, instances and start events of the seeded rules; what an office writes itself stands as it is.
const WORDS: &[(&str, Text)] = &[
    ("any", t("mọi", "any")),
    ("1", t("lần 1", "first")),
    ("2", t("lần 2", "second")),
    ("1+2", t("lần 1, 2", "both")),
    ("1+2+KL", t("mọi lần", "all")),
    ("KL", t("kỷ luật", "disciplinary")),
    ("KL1", t("kỷ luật, lần 1", "disciplinary, first")),
    ("KL2", t("kỷ luật, lần 2", "disciplinary, second")),
    (
        "KL2 buoc thoi viec",
        t("buộc thôi việc, lần 2", "dismissal, second"),
    ),
    ("again", t("tố cáo tiếp", "repeated")),
    ("reception", t("tiếp dân", "reception")),
    ("dialogue", t("đối thoại", "dialogue")),
    ("receipt", t("ngày nhận", "receipt")),
    ("thu_ly", t("ngày thụ lý", "acceptance")),
    ("decision", t("ngày ra quyết định", "the decision")),
    (
        "receipt_decision",
        t("ngày nhận quyết định", "receipt of the decision"),
    ),
    (
        "receipt_decision_or_expiry",
        t(
            "ngày nhận quyết định hay hết hạn giải quyết",
            "receipt of the decision, or its time running out",
        ),
    ),
    (
        "knowledge_of_decision",
        t("ngày biết quyết định", "knowing of the decision"),
    ),
    (
        "suspend_or_stop_decision",
        t(
            "ngày quyết định tạm đình chỉ, đình chỉ",
            "the decision to suspend or end",
        ),
    ),
    (
        "extension_decision x1",
        t("hết hạn trước, gia hạn một lần", "the earlier limit, once"),
    ),
    (
        "extension_decision x2",
        t("hết hạn trước, gia hạn hai lần", "the earlier limit, twice"),
    ),
    ("conclusion", t("ngày kết luận", "the conclusion")),
    (
        "receipt_of_demand",
        t("ngày nhận yêu cầu", "receipt of the demand"),
    ),
    (
        "receipt_at_reception",
        t("ngày nhận khi tiếp dân", "receipt at the reception"),
    ),
    ("resolution", t("ngày giải quyết", "resolution")),
    (
        "receipt_of_notice",
        t("ngày nhận thông báo", "receipt of the notice"),
    ),
    ("reception_day", t("ngày tiếp dân", "the reception")),
    (
        "grounds_established",
        t("ngày có căn cứ", "the grounds being there"),
    ),
    (
        "notice_of_conclusion",
        t("ngày thông báo kết luận", "notice of the conclusion"),
    ),
];

/// A level, instance or start event in words; the text itself where the office has made its own.
#[must_use]
pub fn words(code: &str, lang: Lang) -> &str {
    let known = WORDS.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, words)| words.get(lang))
}

/// The fields of a rule.
pub const RULE_FIELDS: &[Field] = &[
    f("code", "Mã quy định", "Code", Type::Text)
        .help(
            "vd. KN_ACCEPT; chữ hoa, số và _",
            "e.g. KN_ACCEPT; capitals, digits and _",
        )
        .max(40)
        .req()
        .word(),
    f("type", "Loại đơn", "Type", Type::Text)
        .help("KN, TC, KNPA hoặc nối bằng +", "KN, TC, KNPA, joined by +")
        .max(30)
        .req(),
    f("level", "Lần, cấp", "Level", Type::Text)
        .help("1, 2, 1+2, any, reception", "1, 2, 1+2, any, reception")
        .max(30)
        .req(),
    f("complex", "Phức tạp", "Complex", Type::Enum(COMPLEX)).req(),
    f("remote", "Vùng sâu", "Remote", Type::Enum(REMOTE)).req(),
    f("valid_from", "Hiệu lực từ", "Valid from", Type::Date).help(
        "ngày đầu của sự kiện bắt đầu; bỏ trống: từ trước",
        "first day of the start event; empty: since ever",
    ),
    f("valid_to", "Hiệu lực đến", "Valid to", Type::Date).help(
        "ngày cuối của sự kiện bắt đầu; bỏ trống: còn hiệu lực",
        "last day of the start event; empty: still in force",
    ),
    f("kind", "Tác dụng", "Kind", Type::Enum(KINDS)).req(),
    f(
        "amount",
        "Số ngày",
        "Amount",
        Type::Integer { min: 0, max: 3660 },
    )
    .req(),
    f("unit", "Đơn vị ngày", "Unit", Type::Enum(UNITS)).req(),
    f("start_event", "Tính từ", "Start event", Type::Text)
        .help("receipt, thu_ly, decision …", "receipt, thu_ly, decision …")
        .max(60)
        .req(),
    f("source", "Căn cứ", "Source", Type::Text)
        .help("luật, điều", "law and article")
        .max(200)
        .req(),
];

/// The value of a field of a rule.
#[must_use]
pub fn rule_value(rule: &Rule, key: &str) -> Value {
    let text = |s: &str| Value::Text(s.to_owned());
    match key {
        "code" => text(&rule.code),
        "type" => text(&rule.petition_type),
        "level" => text(&rule.level),
        "complex" => text(rule.complex.code()),
        "remote" => text(rule.remote.code()),
        "valid_from" => rule.valid_from.map_or(Value::Null, Value::Date),
        "valid_to" => rule.valid_to.map_or(Value::Null, Value::Date),
        "kind" => text(rule.kind.code()),
        "amount" => Value::Int(rule.amount.into()),
        "unit" => text(rule.unit.code()),
        "start_event" => text(&rule.start_event),
        "source" => text(&rule.source),
        _ => Value::Null,
    }
}

/// Sets a field of a rule; false when the value does not fit it.
#[must_use]
pub fn set_rule_value(rule: &mut Rule, key: &str, value: &Value) -> bool {
    fn put<T>(field: &mut T, value: Option<T>) -> bool {
        match value {
            Some(value) => {
                *field = value;
                true
            }
            None => false,
        }
    }
    let text = value.text();
    match (key, value) {
        ("valid_from", Value::Null) => put(&mut rule.valid_from, Some(None)),
        ("valid_to", Value::Null) => put(&mut rule.valid_to, Some(None)),
        ("valid_from", Value::Date(day)) => put(&mut rule.valid_from, Some(Some(*day))),
        ("valid_to", Value::Date(day)) => put(&mut rule.valid_to, Some(Some(*day))),
        ("amount", Value::Int(n)) => put(&mut rule.amount, u32::try_from(*n).ok()),
        ("code", _) => put(&mut rule.code, text.map(str::to_owned)),
        ("type", _) => put(&mut rule.petition_type, text.map(str::to_owned)),
        ("level", _) => put(&mut rule.level, text.map(str::to_owned)),
        ("start_event", _) => put(&mut rule.start_event, text.map(str::to_owned)),
        ("source", _) => put(&mut rule.source, text.map(str::to_owned)),
        ("complex", _) => put(&mut rule.complex, text.and_then(Cond::parse)),
        ("remote", _) => put(&mut rule.remote, text.and_then(Cond::parse)),
        ("kind", _) => put(&mut rule.kind, text.and_then(RuleKind::from_code)),
        ("unit", _) => put(&mut rule.unit, text.and_then(DayUnit::from_code)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_rule_of_the_annex_has_its_words() {
        let csv = include_str!("../../db/seed/rules.csv");
        for row in csv.lines().skip(1) {
            let rule = Rule::parse_row(row).unwrap();
            assert!(label(&rule.code).is_some(), "{}", rule.code);
            assert!(!rule.source.contains("office"), "{}", rule.source);
            for code in [&rule.level, &rule.start_event] {
                assert!(WORDS.iter().any(|(known, _)| known == code), "{code}");
            }
        }
        assert!(label("RIENG").is_none());
        assert_eq!(words("RIENG", Lang::Vi), "RIENG");
    }

    #[test]
    fn every_field_is_read_and_written() {
        let row = "X,KN,1,1,0,2026-07-01,2026-12-31,cap,7,W,receipt,Luật A, Đ1";
        let rule = Rule::parse_row(row).unwrap();
        let mut copy = Rule::parse_row("Y,TC,2,any,any,,,due,1,C,thu_ly,B").unwrap();
        for field in RULE_FIELDS {
            let value = rule_value(&rule, field.key);
            assert!(!value.is_null(), "{}", field.key);
            assert!(
                set_rule_value(&mut copy, field.key, &value),
                "{}",
                field.key
            );
            if let (Type::Enum(_), Some(code)) = (field.ty, value.text()) {
                assert!(field.choice(code).is_some(), "{} {code}", field.key);
            }
        }
        assert_eq!(copy, rule);
        assert!(!set_rule_value(&mut copy, "unit", &Value::Text("M".into())));
        assert!(!set_rule_value(&mut copy, "amount", &Value::Int(-1)));
        assert!(!set_rule_value(&mut copy, "x", &Value::Null));
    }
}
