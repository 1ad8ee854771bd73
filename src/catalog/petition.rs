//! Petitions as people see them: the book (domain reference 3.4) and what is computed.
use super::Entity;
use super::field::{Choice, Field, Type, c, f};
use crate::domain::record::Kind;
use crate::domain::words::t;

/// Types by content (TT 05/2021 Đ6).
pub const PETITION_TYPES: &[Choice] = &[
    c("complaint", "khiếu nại", "complaint").short("KN", "C"),
    c("denunciation", "tố cáo", "denunciation").short("TC", "D"),
    c("recommendation", "kiến nghị", "recommendation").short("KNgh", "R"),
    c("feedback", "phản ánh", "feedback").short("PA", "F"),
];
/// What a petition or an opinion is about.
pub const MATTER_FIELDS: &[Choice] = &[
    c("land", "đất đai", "land"),
    c("policy", "chính sách", "policy"),
    c("administration", "hành chính", "administration").short("hành chính", "admin."),
    c("environment", "môi trường", "environment").short("môi trường", "environ."),
    c("judicial", "tư pháp", "judicial"),
    c("party", "Đảng, đoàn thể", "Party").short("Đảng", "Party"),
    c("other", "khác", "other"),
];
/// How the paper came in.
pub const SOURCES: &[Choice] = &[
    c("post", "bưu chính", "post"),
    c("in_person", "nộp trực tiếp", "in person").short("trực tiếp", "in person"),
    c("reception", "qua tiếp công dân", "at a reception").short("tiếp dân", "reception"),
    c("forwarded", "cơ quan khác chuyển đến", "forwarded").short("chuyển đến", "forwarded"),
    c("leader", "lãnh đạo chuyển", "from the head").short("lãnh đạo", "head"),
];
/// Whose matter it is.
pub const JURISDICTIONS: &[Choice] = &[
    c("own", "thuộc thẩm quyền", "own").short("thuộc TQ", "own"),
    c("other", "không thuộc thẩm quyền", "other").short("không TQ", "other"),
    c("unknown", "chưa xác định", "unknown").short("chưa rõ", "unknown"),
];
/// Stages.
pub const STAGES: &[Choice] = &[
    c("received", "đã nhận", "received"),
    c("classified", "đã phân loại", "classified").short("phân loại", "classified"),
    c("accepted", "đã thụ lý", "accepted").short("thụ lý", "accepted"),
    c("forwarded", "đã chuyển", "forwarded"),
    c("suspended", "tạm đình chỉ", "suspended").short("tạm ĐC", "suspended"),
    c("resolved", "đã giải quyết", "resolved").short("đã GQ", "resolved"),
    // How it ended stands in `ended`; what is shown is said by `show::stage_words`.
    c("closed_other", "đã kết thúc", "closed").short("kết thúc", "closed"),
];
/// How a petition ended: the step that ended it.
pub const ENDS: &[Choice] = &[
    c("resolved", "đã giải quyết", "resolved").short("đã GQ", "resolved"),
    c("withdrawn", "đã rút đơn", "withdrawn").short("rút đơn", "withdrawn"),
    c("terminated", "đã đình chỉ", "terminated").short("đình chỉ", "terminated"),
    c("refused", "không thụ lý", "not accepted").short("không TL", "refused"),
    c("guided", "đã hướng dẫn", "guided").short("hướng dẫn", "guided"),
    c("returned", "đã trả đơn", "returned").short("trả đơn", "returned"),
    c("filed", "đã lưu đơn", "filed away").short("lưu đơn", "filed"),
    c("replied", "đã có phúc đáp", "replied to").short("phúc đáp", "replied"),
    c("other", "đã kết thúc", "closed").short("kết thúc", "closed"),
];
/// How the deadline stands.
pub const STANDINGS: &[Choice] = &[
    c("none", "không có hạn", "no deadline").short("–", "–"),
    c("on_time", "còn hạn", "in time"),
    c("due_soon", "sắp đến hạn", "due soon").short("sắp hạn", "due soon"),
    c("overdue", "quá hạn", "overdue"),
    c(
        "resolved_on_time",
        "giải quyết đúng hạn",
        "resolved in time",
    )
    .short("đúng hạn", "done in time"),
    c("resolved_late", "giải quyết trễ hạn", "resolved late").short("trễ hạn", "done late"),
];
/// What the decision found (LKN Đ31, Đ40; LTC Đ35), or that an answer was given.
pub const OUTCOMES: &[Choice] = &[
    c("justified", "đúng", "justified"),
    c("partly_justified", "đúng một phần", "partly justified").short("đúng 1 phần", "partly"),
    c("unjustified", "sai", "unjustified"),
    c("upheld", "giữ nguyên quyết định lần đầu", "upheld").short("giữ nguyên", "upheld"),
    c("changed", "sửa hoặc hủy quyết định lần đầu", "changed").short("sửa, hủy", "changed"),
    c("answered", "đã trả lời", "answered"),
];

const IDLE: &[Choice] = &[
    c("none", "chưa tới hạn nhắc", "no warning"),
    c("35", "35 ngày", "35 days"),
    c("45", "45 ngày", "45 days"),
];

const FIELDS: &[Field] = &[
    f("received_on", "Ngày nhận", "Received on", Type::Date)
        .help(
            "ngày cơ quan nhận đơn; từ ngày này tính hạn",
            "day of receipt; deadlines run from it",
        )
        .col(1, 8, "Nhận", "Received")
        .req()
        .once(),
    f("written_on", "Ngày ghi trên đơn", "Written on", Type::Date).once(),
    f("type", "Loại đơn", "Type", Type::Enum(PETITION_TYPES))
        .help(
            "theo nội dung, không theo tiêu đề trên đơn",
            "by content, not by its title",
        )
        .col(1, 4, "Loại", "Type")
        .req(),
    f(
        "instance",
        "Lần giải quyết",
        "Instance",
        Type::Integer { min: 1, max: 2 },
    )
    .help("1: lần đầu; 2: lần hai", "1: first; 2: second")
    .col(3, 4, "Lần", "Inst."),
    f(
        "previous",
        "Đơn lần trước",
        "Earlier petition",
        Type::Ref(Kind::Petition),
    )
    .help(
        "số đơn lần đầu, vd. 15/2026",
        "petition of the first instance, e.g. 15/2026",
    )
    .once(),
    f("source", "Nguồn đơn", "Source", Type::Enum(SOURCES)).col(3, 10, "Nguồn", "Source"),
    f(
        "forwarded_by",
        "Cơ quan chuyển đến",
        "Forwarded by",
        Type::Text,
    )
    .find(),
    f(
        "forward_document",
        "Văn bản chuyển đến",
        "Forwarding document",
        Type::Text,
    )
    .help(
        "số, ngày công văn chuyển đơn",
        "number and date of the letter",
    )
    .max(100)
    .find()
    .once(),
    f("petitioner", "Người gửi", "Petitioner", Type::Text)
        .help("họ và tên như ghi trên đơn", "full name as on the paper")
        .col(2, 22, "Người gửi", "Petitioner")
        .pers()
        .find(),
    f("address", "Địa chỉ", "Address", Type::Text)
        .help("địa chỉ như ghi trên đơn", "address as on the paper")
        .max(300)
        .pers(),
    f(
        "signers",
        "Số người ký",
        "Signers",
        Type::Integer {
            min: 1,
            max: 1_000_000,
        },
    ),
    f("subject", "Nội dung", "Subject", Type::Text)
        .help("tóm tắt vụ việc trong một dòng", "the matter in one line")
        .col(1, 24, "Nội dung", "Subject")
        .max(300)
        .req()
        .find()
        .grow(),
    f("content", "Nội dung chi tiết", "Content", Type::LongText).find(),
    f("demand", "Yêu cầu, đề nghị", "Demand", Type::LongText).find(),
    f("field", "Lĩnh vực", "Field", Type::Enum(MATTER_FIELDS)).col(2, 10, "Lĩnh vực", "Field"),
    f("unit", "Đơn vị", "Unit", Type::Unit)
        .help(
            "đơn vị, địa bàn bị phản ánh: mã, hoặc F4 chọn",
            "unit or place it is about: code, or pick with F4",
        )
        .col(2, 20, "Đơn vị", "Unit"),
    f("handler_unit", "Đơn vị xử lý", "Handling unit", Type::Unit).col(3, 20, "Xử lý", "Handler"),
    f("officer", "Người phụ trách", "Officer", Type::Text)
        .help("cán bộ theo dõi đơn", "officer in charge")
        .col(3, 18, "Phụ trách", "Officer")
        .find(),
    f(
        "jurisdiction",
        "Thẩm quyền",
        "Jurisdiction",
        Type::Enum(JURISDICTIONS),
    )
    .col(3, 9, "TQ", "Juris."),
    f("eligible", "Đủ điều kiện xử lý", "Eligible", Type::Boolean).help(
        "có ngày, tên, địa chỉ, chữ ký, nội dung rõ",
        "dated, named, signed, clear",
    ),
    f("complex", "Vụ việc phức tạp", "Complex", Type::Boolean).help(
        "có thì hạn giải quyết dài hơn",
        "if so, the longer deadline",
    ),
    f(
        "very_complex",
        "Đặc biệt phức tạp",
        "Very complex",
        Type::Boolean,
    )
    .help(
        "tố cáo: từ hai căn cứ trở lên (NĐ 31/2019 Đ3)",
        "denunciation: two or more grounds (NĐ 31/2019 Đ3)",
    ),
    f(
        "remote",
        "Vùng sâu, đi lại khó khăn",
        "Remote area",
        Type::Boolean,
    )
    .help(
        "có thì hạn giải quyết dài hơn (LKN Đ28)",
        "if so, the longer deadline (LKN Đ28)",
    ),
    f(
        "earlier_handling",
        "Cơ quan đã giải quyết",
        "Earlier handling",
        Type::Text,
    )
    .help(
        "cơ quan nào đã giải quyết, kết quả",
        "who dealt with it before, result",
    )
    .max(300)
    .find(),
    f(
        "originals",
        "Có giấy tờ gốc",
        "Originals attached",
        Type::Boolean,
    )
    .help("có thì phải trả lại", "if so, they must be given back"),
    f("sealed_file", "Số hồ sơ mật", "Sealed file", Type::Text)
        .help(
            "tố cáo: số hồ sơ giấy giữ danh tính, không ghi tên",
            "denunciation: number of the sealed paper file",
        )
        .max(60)
        .find()
        .once(),
    f(
        "duplicate_of",
        "Cùng vụ với đơn",
        "Same matter as",
        Type::Ref(Kind::Petition),
    )
    .help(
        "số đơn đầu của vụ việc, vd. 15/2026",
        "first petition of the matter, e.g. 15/2026",
    )
    .once(),
    f(
        "national_db_on",
        "Ngày nhập CSDL quốc gia",
        "In the national database",
        Type::Date,
    )
    .once(),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
    f("stage", "Giai đoạn", "Stage", Type::Enum(STAGES))
        .col(2, 10, "Giai đoạn", "Stage")
        .comp(),
    f("standing", "Tình trạng", "Standing", Type::Enum(STANDINGS))
        .col(1, 16, "Tình trạng", "Standing")
        .comp(),
    f("due_on", "Hạn", "Due on", Type::Date)
        .col(1, 8, "Hạn", "Due")
        .comp(),
    f(
        "days_left",
        "Số ngày còn",
        "Days left",
        Type::Integer {
            min: -1_000_000,
            max: 1_000_000,
        },
    )
    .help("âm: đã quá hạn", "negative: late")
    .col(0, 5, "Còn", "Left")
    .comp(),
    f("resolved_on", "Ngày giải quyết", "Resolved on", Type::Date)
        .col(3, 8, "GQ", "Resolved")
        .comp(),
    f("outcome", "Kết luận", "Outcome", Type::Enum(OUTCOMES))
        .col(3, 12, "Kết luận", "Outcome")
        .comp(),
    f("ended", "Kết thúc", "Ended", Type::Enum(ENDS))
        .help("bước nào đã kết thúc đơn", "which step ended the petition")
        .comp(),
    f(
        "idle_alarm",
        "Chưa xử lý đã",
        "Unhandled for",
        Type::Enum(IDLE),
    )
    .help(
        "đơn nhận đã 35, 45 ngày mà chưa xử lý, từ khi có NĐ 154/2026 (Đ41.3b)",
        "received 35 or 45 days ago and not handled, since Decree 154/2026 (Art. 41.3b)",
    )
    .comp(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Petition,
    title: t("Đơn thư", "Petitions"),
    one: t("đơn", "petition"),
    date_field: "received_on",
    title_field: "subject",
    unit_field: Some("unit"),
    fields: FIELDS,
    default_sort: &[("received_on", true), ("id", true)],
};
