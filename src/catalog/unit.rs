//! Units as people see them.
use super::Entity;
use super::field::{Choice, Field, Type, c, f};
use crate::domain::record::Kind;
use crate::domain::words::t;

/// Levels.
pub const LEVELS: &[Choice] = &[
    c("central", "trung ương", "central"),
    c("province", "tỉnh, thành phố", "province").short("tỉnh", "province"),
    c("district", "huyện, quận", "district").short("huyện", "district"),
    c("commune", "xã, phường, đặc khu", "commune").short("xã", "commune"),
    c("department", "phòng, ban, đội", "department").short("phòng ban", "department"),
    c("organisation", "cơ quan, tổ chức", "organisation").short("cơ quan", "organisation"),
];

/// Hierarchies.
pub const BRANCHES: &[Choice] = &[
    c("administrative", "đơn vị hành chính", "administrative")
        .short("hành chính", "administrative"),
    c("government", "cơ quan nhà nước", "government").short("nhà nước", "government"),
    c("party", "Đảng", "Party"),
    c("police", "Công an", "police"),
    c("army", "Quân đội", "army"),
    c("front", "Mặt trận Tổ quốc", "Fatherland Front").short("Mặt trận", "Front"),
    c(
        "mass_org",
        "đoàn thể chính trị - xã hội",
        "mass organisation",
    )
    .short("đoàn thể", "mass org."),
];

const FIELDS: &[Field] = &[
    f("code", "Mã", "Code", Type::Text)
        .help(
            "mã đơn vị, không có dấu cách; đơn vị hành chính: mã thống kê",
            "code without blanks; administrative units: the statistics code",
        )
        .col(1, 8, "Mã", "Code")
        .max(40)
        .req()
        .find()
        .word(),
    f("name", "Tên", "Name", Type::Text)
        .help("tên đầy đủ, vd. Xã Long Hồ", "full name, e.g. Xã Long Hồ")
        .col(1, 30, "Tên", "Name")
        .max(200)
        .req()
        .find()
        .grow(),
    f("short_name", "Tên ngắn", "Short name", Type::Text)
        .help("tên gọi trong danh sách", "name in lists")
        .col(3, 20, "Tên ngắn", "Short name")
        .max(100)
        .find(),
    f("level", "Cấp", "Level", Type::Enum(LEVELS))
        .col(1, 12, "Cấp", "Level")
        .req(),
    f("branch", "Hệ thống", "Branch", Type::Enum(BRANCHES))
        .help(
            "đơn vị thuộc hệ thống nào; mỗi hệ thống có một cấp trên",
            "the hierarchy it belongs to; one parent in it",
        )
        .col(2, 12, "Hệ thống", "Branch"),
    f("parent", "Cấp trên", "Parent", Type::Unit).col(2, 24, "Cấp trên", "Parent"),
    f("valid_from", "Có từ ngày", "Valid from", Type::Date)
        .help(
            "ngày đầu tiên đơn vị tồn tại; bỏ trống: từ trước khi có sổ",
            "first day of the unit; empty: from before the records begin",
        )
        .col(1, 10, "Từ", "From"),
    f("valid_to", "Đến hết ngày", "Valid to", Type::Date)
        .help(
            "ngày cuối cùng đơn vị tồn tại; bỏ trống: đang có",
            "last day of the unit; empty: it exists",
        )
        .col(1, 10, "Đến", "To"),
    f("legal_basis", "Căn cứ", "Legal basis", Type::Text)
        .help(
            "nghị quyết, quyết định lập hoặc bỏ đơn vị",
            "resolution that made or ended the unit",
        )
        .col(3, 24, "Căn cứ", "Basis")
        .max(300),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Unit,
    title: t("Đơn vị", "Units"),
    one: t("đơn vị", "unit"),
    date_field: "valid_from",
    title_field: "name",
    unit_field: Some("parent"),
    fields: FIELDS,
    default_sort: &[("code", false)],
};
