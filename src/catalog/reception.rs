//! Receptions as people see them: the book of Mẫu 03/TCD (NĐ 154/2026), one row a visit.
use super::Entity;
use super::dialogue::FORMATS;
use super::field::{Choice, Field, Type, c, f};
use super::petition::PETITION_TYPES;
use crate::domain::record::Kind;
use crate::domain::words::t;

/// Regular, scheduled, ad hoc (LTCD Đ2).
pub const MODES: &[Choice] = &[
    c("regular", "thường xuyên", "regular"),
    c(
        "scheduled",
        "định kỳ của người đứng đầu",
        "scheduled (head)",
    )
    .short("định kỳ", "scheduled"),
    c("ad_hoc", "đột xuất của người đứng đầu", "ad hoc (head)").short("đột xuất", "ad hoc"),
];

const FIELDS: &[Field] = &[
    f("received_on", "Ngày tiếp", "Received on", Type::Date)
        .col(1, 8, "Ngày", "Date")
        .req()
        .once(),
    f("unit", "Đơn vị", "Unit", Type::Unit).col(1, 18, "Đơn vị", "Unit"),
    f("mode", "Hình thức tiếp", "Mode", Type::Enum(MODES)).col(1, 12, "Tiếp", "Mode"),
    f(
        "format",
        "Trực tiếp hay trực tuyến",
        "Format",
        Type::Enum(FORMATS),
    )
    .col(3, 10, "Cách", "Format"),
    f("delegated", "Ủy quyền tiếp", "Delegated", Type::Boolean)
        .help("cấp phó tiếp thay người đứng đầu", "a deputy for the head")
        .col(3, 8, "Ủy quyền", "Deleg."),
    f("receiver", "Người tiếp", "Receiver", Type::Text)
        .help("cán bộ tiếp công dân", "officer who received")
        .col(2, 18, "Người tiếp", "Receiver")
        .find(),
    f(
        "matter_type",
        "Loại nội dung",
        "Type of matter",
        Type::Enum(PETITION_TYPES),
    )
    .help(
        "khiếu nại, tố cáo, kiến nghị hay phản ánh",
        "complaint, denunciation, recommendation or feedback",
    )
    .col(1, 4, "Loại", "Type"),
    f("visitor", "Người được tiếp", "Visitor", Type::Text)
        .help(
            "họ và tên; bỏ trống nếu tố cáo",
            "full name; empty for a denunciation",
        )
        .col(2, 20, "Người", "Visitor")
        .pers()
        .find(),
    f("address", "Địa chỉ", "Address", Type::Text)
        .max(300)
        .pers(),
    f(
        "people",
        "Số người",
        "People",
        Type::Integer {
            min: 1,
            max: 1_000_000,
        },
    )
    .help("số người đến cùng lượt này", "how many came")
    .col(1, 5, "Người", "Ppl"),
    f("group", "Đoàn đông người", "Group", Type::Boolean)
        .help("từ 5 người cùng một nội dung", "five or more on one matter")
        .col(2, 5, "Đoàn", "Group"),
    f("first_time", "Tiếp lần đầu", "First time", Type::Boolean)
        .help(
            "vụ việc này được tiếp lần đầu",
            "first visit about this matter",
        )
        .col(3, 8, "Lần đầu", "First"),
    f("content", "Nội dung", "Content", Type::LongText)
        .help("tóm tắt vụ việc", "the matter in short")
        .col(1, 26, "Nội dung", "Content")
        .req()
        .find()
        .grow(),
    f("demand", "Yêu cầu, đề nghị", "Demand", Type::LongText).find(),
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
        "own_jurisdiction",
        "Thuộc thẩm quyền",
        "Own jurisdiction",
        Type::Boolean,
    ),
    f("guidance", "Hướng dẫn", "Guidance", Type::Text)
        .help(
            "hướng dẫn đến cơ quan nào, số văn bản",
            "where the citizen was sent, document",
        )
        .max(300)
        .find(),
    f(
        "transferred_to",
        "Cơ quan thụ lý",
        "Transferred to",
        Type::Text,
    )
    .help(
        "cơ quan, đơn vị thụ lý; số văn bản chuyển",
        "office that takes it on, document",
    )
    .max(300)
    .find(),
    f("receipt_no", "Số giấy biên nhận", "Receipt no.", Type::Text)
        .max(60)
        .find()
        .once(),
    f("result", "Kết quả giải quyết", "Result", Type::LongText)
        .col(3, 24, "Kết quả", "Result")
        .find(),
    f(
        "petition",
        "Đơn nhận khi tiếp",
        "Petition",
        Type::Ref(Kind::Petition),
    )
    .help("số đơn, vd. 15/2026", "petition, e.g. 15/2026")
    .once(),
    f(
        "national_db_on",
        "Ngày nhập CSDL quốc gia",
        "In the national database",
        Type::Date,
    )
    .once(),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Reception,
    title: t("Tiếp công dân", "Receptions"),
    one: t("lượt tiếp", "reception"),
    date_field: "received_on",
    title_field: "content",
    unit_field: Some("unit"),
    fields: FIELDS,
    default_sort: &[("received_on", true), ("id", true)],
};
