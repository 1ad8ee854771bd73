//! Dialogues and the opinions raised there, as people see them (domain reference 5.2).
use super::Entity;
use super::field::{Choice, Field, Type, c, f};
use super::petition::MATTER_FIELDS;
use crate::domain::record::Kind;
use crate::domain::words::t;

/// Why it is held.
pub const PURPOSES: &[Choice] = &[
    c(
        "leader_meeting",
        "người đứng đầu đối thoại với nhân dân",
        "head meets the people",
    )
    .short("định kỳ", "meeting"),
    c(
        "pending_decision",
        "lấy ý kiến trước khi quyết định",
        "before a decision",
    )
    .short("trước QĐ", "decision"),
];
/// Level of the organiser.
pub const DIALOGUE_LEVELS: &[Choice] = &[
    c("commune", "xã", "commune"),
    c(
        "district",
        "huyện (trước 1/7/2025)",
        "district (before 1/7/2025)",
    )
    .short("huyện", "district"),
    c("province", "tỉnh", "province"),
    c("sector", "ngành", "sector"),
    c("central", "trung ương", "central").short("TW", "central"),
];
/// In the hall or by video.
pub const FORMATS: &[Choice] = &[
    c("in_person", "trực tiếp", "in person"),
    c("online", "trực tuyến", "online"),
];
/// How an opinion came.
pub const OPINION_SOURCES: &[Choice] = &[
    c("direct", "nêu trực tiếp", "raised there").short("trực tiếp", "direct"),
    c("written", "gửi trước bằng văn bản", "sent in writing").short("văn bản", "written"),
];
/// Where an opinion stands.
pub const OPINION_STATUSES: &[Choice] = &[
    c("open", "chưa có kết quả", "open").short("chưa", "open"),
    c("answered", "đã có kết quả", "answered").short("đã có KQ", "answered"),
    c(
        "forwarded",
        "không thuộc thẩm quyền, đã chuyển",
        "forwarded",
    )
    .short("đã chuyển", "forwarded"),
];

const FIELDS: &[Field] = &[
    f("held_on", "Ngày đối thoại", "Held on", Type::Date)
        .col(1, 8, "Ngày", "Date")
        .req()
        .once(),
    f("purpose", "Loại đối thoại", "Purpose", Type::Enum(PURPOSES))
        .help(
            "định kỳ của người đứng đầu hoặc trước khi ban hành quyết định",
            "regular meeting of the head, or before a decision",
        )
        .col(3, 10, "Loại", "Purpose"),
    f("unit", "Đơn vị tổ chức", "Unit", Type::Unit).col(1, 22, "Đơn vị", "Unit"),
    f("level", "Cấp", "Level", Type::Enum(DIALOGUE_LEVELS)).col(2, 8, "Cấp", "Level"),
    f("chair", "Chủ trì", "Chair", Type::Text)
        .help("họ và tên người chủ trì", "who chaired")
        .col(2, 20, "Chủ trì", "Chair")
        .find(),
    f(
        "chair_position",
        "Chức vụ người chủ trì",
        "Chair's position",
        Type::Text,
    ),
    f("place", "Địa điểm", "Place", Type::Text)
        .help(
            "nơi họp; các điểm cầu nếu trực tuyến",
            "hall, or the sites if online",
        )
        .col(3, 20, "Địa điểm", "Place")
        .find(),
    f("hours", "Giờ", "Hours", Type::Text)
        .help(
            "từ giờ nào đến giờ nào, vd. 8:00–11:00",
            "from when to when",
        )
        .max(40),
    f("format", "Hình thức", "Format", Type::Enum(FORMATS)).col(2, 10, "Hình thức", "Format"),
    f("topic", "Chủ đề", "Topic", Type::Text)
        .help("nội dung chính của buổi đối thoại", "main subject")
        .col(1, 30, "Chủ đề", "Topic")
        .max(300)
        .req()
        .find()
        .grow(),
    f("audience", "Đối tượng", "Audience", Type::Text)
        .help(
            "nhóm người dự theo chủ đề, vd. hộ bị thu hồi đất",
            "who was invited, by topic",
        )
        .find(),
    f("participants", "Thành phần", "Participants", Type::LongText)
        .help("các cơ quan, đơn vị dự", "offices represented")
        .find(),
    f(
        "attendance",
        "Số người dự",
        "Attendance",
        Type::Integer {
            min: 0,
            max: 1_000_000,
        },
    )
    .col(1, 8, "Người dự", "Present"),
    f("secretary", "Thư ký", "Secretary", Type::Text),
    f("plan_document", "Kế hoạch số", "Plan no.", Type::Text)
        .help("số, ngày kế hoạch tổ chức", "number and date of the plan")
        .max(100)
        .find()
        .once(),
    f("minutes_no", "Biên bản số", "Minutes no.", Type::Text)
        .max(100)
        .find()
        .once(),
    f(
        "conclusion_no",
        "Thông báo kết luận số",
        "Conclusion no.",
        Type::Text,
    )
    .max(100)
    .find()
    .once(),
    f(
        "conclusion_on",
        "Ngày thông báo kết luận",
        "Conclusion date",
        Type::Date,
    )
    .once(),
    f(
        "publicised_on",
        "Ngày công khai",
        "Publicised on",
        Type::Date,
    )
    .once(),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Dialogue,
    title: t("Đối thoại", "Dialogues"),
    one: t("buổi đối thoại", "dialogue"),
    date_field: "held_on",
    title_field: "topic",
    unit_field: Some("unit"),
    fields: FIELDS,
    default_sort: &[("held_on", true), ("id", true)],
};

const OPINION_FIELDS: &[Field] = &[
    f(
        "dialogue",
        "Buổi đối thoại",
        "Dialogue",
        Type::Ref(Kind::Dialogue),
    )
    .col(2, 6, "Buổi", "Dlg")
    .req(),
    f(
        "order",
        "Thứ tự",
        "Order",
        Type::Integer {
            min: 1,
            max: 100_000,
        },
    )
    .help("thứ tự nêu trong buổi", "order in the dialogue")
    .col(1, 4, "TT", "No.")
    .once(),
    f("content", "Nội dung ý kiến", "Content", Type::LongText)
        .help(
            "tóm tắt ý kiến, không ghi tên người",
            "the opinion in short, without names",
        )
        .col(1, 30, "Nội dung", "Content")
        .req()
        .find()
        .grow(),
    f("field", "Lĩnh vực", "Field", Type::Enum(MATTER_FIELDS)).col(2, 12, "Lĩnh vực", "Field"),
    f(
        "source",
        "Cách nêu",
        "How it came",
        Type::Enum(OPINION_SOURCES),
    )
    .col(3, 10, "Cách nêu", "How"),
    f("asker", "Người nêu", "Asker", Type::Text)
        .help(
            "có thể bỏ trống, hoặc ghi «đại diện ấp 3»",
            "optional; or «for hamlet 3»",
        )
        .pers(),
    f(
        "answered_on_spot",
        "Trả lời tại chỗ",
        "Answered on the spot",
        Type::Boolean,
    )
    .col(2, 8, "Tại chỗ", "On spot")
    .once(),
    f("answered_by", "Người trả lời", "Answered by", Type::Text).once(),
    f("assigned_unit", "Giao đơn vị", "Assigned unit", Type::Unit).col(1, 20, "Giao", "Assigned"),
    f("due_on", "Hạn trả lời", "Due on", Type::Date)
        .help("theo thông báo kết luận", "as the conclusion says")
        .col(1, 8, "Hạn", "Due"),
    f(
        "status",
        "Tình trạng",
        "Status",
        Type::Enum(OPINION_STATUSES),
    )
    .col(1, 10, "Tình trạng", "Status")
    .once(),
    f("answered_on", "Ngày có kết quả", "Answered on", Type::Date)
        .col(3, 8, "Có KQ", "Answered")
        .once(),
    f("result", "Kết quả", "Result", Type::LongText).find(),
    f("document", "Văn bản trả lời", "Document", Type::Text)
        .help("số, ngày văn bản", "number and date")
        .max(100)
        .find()
        .once(),
    f(
        "informed_on",
        "Ngày báo người dân",
        "Citizen informed on",
        Type::Date,
    )
    .once(),
    f(
        "petition",
        "Đơn liên quan",
        "Petition",
        Type::Ref(Kind::Petition),
    )
    .help("số đơn, vd. 15/2026", "petition, e.g. 15/2026")
    .once(),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The opinions.
pub static OPINION: Entity = Entity {
    kind: Kind::Opinion,
    title: t("Ý kiến đối thoại", "Opinions"),
    one: t("ý kiến", "opinion"),
    date_field: "due_on",
    title_field: "content",
    unit_field: Some("assigned_unit"),
    fields: OPINION_FIELDS,
    default_sort: &[("dialogue", true), ("order", false)],
};
