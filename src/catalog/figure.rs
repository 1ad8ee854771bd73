//! Reported figures as people see them: as printed, with qualifier, period and source.
use super::Entity;
use super::field::{Choice, Field, Type, c, f};
use crate::domain::record::Kind;
use crate::domain::words::t;

/// The word before a number.
pub const QUALIFIERS: &[Choice] = &[
    c("exact", "đúng", "exactly"),
    c("over", "hơn, trên", "more than").short("hơn", "over"),
    c("nearly", "gần", "nearly"),
    c("about", "khoảng", "about"),
    c("at_least", "ít nhất", "at least"),
    c("at_most", "nhiều nhất", "at most"),
    c("under", "dưới", "under"),
];
/// How a part belongs to its total.
pub const PART_KINDS: &[Choice] = &[
    c(
        "partition",
        "một trong các phần cộng lại bằng tổng",
        "one of the parts that make up the total",
    )
    .short("phần", "part"),
    c(
        "included",
        "nằm trong tổng (trong đó)",
        "included in the total",
    )
    .short("trong đó", "included"),
];

const FIELDS: &[Field] = &[
    f("unit", "Phạm vi", "Unit", Type::Unit)
        .help(
            "đơn vị mà số liệu nói tới",
            "unit that the figure speaks of",
        )
        .col(2, 18, "Phạm vi", "Unit"),
    f("reporter", "Nơi báo cáo", "Reporter", Type::Text)
        .help("cơ quan, ngành báo cáo số liệu", "who reported it")
        .col(1, 20, "Báo cáo", "Reporter")
        .find(),
    f("indicator", "Chỉ tiêu", "Indicator", Type::Text)
        .help(
            "mã chỉ tiêu, vd. TCD_LUOT, hoặc mã riêng của cơ quan",
            "indicator code, e.g. TCD_LUOT, or the office's own",
        )
        .col(1, 14, "Chỉ tiêu", "Indicator")
        .max(60)
        .req()
        .find()
        .grow(),
    f("count_unit", "Đơn vị tính", "Unit of count", Type::Text)
        .help("lượt, đơn, mô hình, km…", "visits, papers, km…")
        .col(2, 10, "ĐVT", "Unit")
        .max(40)
        .find(),
    f("period_from", "Từ ngày", "Period from", Type::Date)
        .col(1, 8, "Từ", "From")
        .req(),
    f("period_to", "Đến ngày", "Period to", Type::Date)
        .col(1, 8, "Đến", "To")
        .req(),
    f("value", "Số liệu", "Value", Type::Decimal)
        .help(
            "số như in trong báo cáo, vd. 8.328 hoặc 163,4",
            "as printed, e.g. 8.328 or 163,4",
        )
        .col(1, 12, "Số liệu", "Value")
        .req(),
    f(
        "qualifier",
        "Từ đi trước số",
        "Qualifier",
        Type::Enum(QUALIFIERS),
    )
    .help(
        "hơn, gần, trên… như trong báo cáo",
        "more than, nearly… as printed",
    )
    .col(1, 6, "Mức", "Qual."),
    f(
        "denominator",
        "Trên tổng số",
        "Denominator",
        Type::Integer {
            min: 0,
            max: 1_000_000_000_000,
        },
    )
    .help(
        "mẫu số của tỷ lệ in, vd. 8.574",
        "denominator of the printed rate",
    )
    .col(2, 10, "Trên", "Of"),
    f("printed_rate", "Tỷ lệ in", "Printed rate", Type::Text)
        .help(
            "như in trong báo cáo, vd. 97,23 hoặc gần 99",
            "as printed, e.g. 97,23",
        )
        .col(2, 8, "Tỷ lệ in", "Printed")
        .max(40)
        .find(),
    f("part_of", "Là phần của", "Part of", Type::Ref(Kind::Figure))
        .help("mã số của số liệu tổng", "id of the total")
        .col(3, 6, "Phần", "Part"),
    f(
        "part_kind",
        "Quan hệ với tổng",
        "Kind of part",
        Type::Enum(PART_KINDS),
    ),
    f("source", "Nguồn", "Source", Type::Text)
        .help("báo cáo, bài báo đăng số liệu", "report or article")
        .col(2, 26, "Nguồn", "Source")
        .max(300)
        .find(),
    f("source_date", "Ngày của nguồn", "Source date", Type::Date).col(3, 8, "Ngày nguồn", "Dated"),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Figure,
    title: t("Số liệu báo cáo", "Reported figures"),
    one: t("số liệu", "figure"),
    date_field: "period_to",
    title_field: "indicator",
    unit_field: Some("unit"),
    fields: FIELDS,
    default_sort: &[("period_to", true), ("id", true)],
};
