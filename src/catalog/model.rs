//! «Dân vận khéo» registrations as people see them (domain reference 4.3).
use super::Entity;
use super::field::{Choice, Field, Type, c, f};
use crate::domain::record::Kind;
use crate::domain::words::t;

/// A model or an exemplar.
pub const MODEL_KINDS: &[Choice] = &[
    c("model", "mô hình", "model"),
    c("exemplar", "điển hình", "exemplar"),
];
/// Who registers.
pub const REGISTRANTS: &[Choice] = &[
    c("collective", "tập thể", "collective").short("TT", "coll."),
    c("individual", "cá nhân", "individual").short("CN", "indiv."),
];
/// The four fields of the movement (HD of provinces; domain reference 4.2).
pub const MODEL_FIELDS: &[Choice] = &[
    c("economy", "phát triển kinh tế", "economy").short("kinh tế", "economy"),
    c("culture_society", "văn hóa - xã hội", "culture and society").short("VH-XH", "culture"),
    c(
        "defence_security",
        "quốc phòng - an ninh",
        "defence and security",
    )
    .short("QP-AN", "security"),
    c(
        "political_system",
        "xây dựng hệ thống chính trị",
        "political system",
    )
    .short("HTCT", "politics"),
];
/// Levels of registration.
pub const MODEL_LEVELS: &[Choice] = &[
    c("grassroots", "cơ sở", "grassroots"),
    c(
        "district",
        "huyện (trước 1/7/2025)",
        "district (before 1/7/2025)",
    )
    .short("huyện", "district"),
    c("province", "tỉnh", "province"),
    c("central", "trung ương, ngành", "central").short("TW", "central"),
];
/// Life cycle.
pub const MODEL_STATUSES: &[Choice] = &[
    c("registered", "đã đăng ký", "registered"),
    c("under_review", "đang thẩm định", "under review").short("thẩm định", "in review"),
    c("recognised", "đã công nhận", "recognised").short("công nhận", "recognised"),
    c("replicated", "đã nhân rộng", "replicated").short("nhân rộng", "replicated"),
    c("not_recognised", "không công nhận", "not recognised").short("không CN", "not recog."),
    c("ended", "đã kết thúc", "ended").short("kết thúc", "ended"),
    c("withdrawn", "đã rút đăng ký", "withdrawn").short("đã rút", "withdrawn"),
];
/// New or continued.
pub const RENEWALS: &[Choice] = &[
    c("new", "đăng ký mới", "new").short("mới", "new"),
    c("continued", "duy trì (chuyển tiếp)", "continued").short("duy trì", "continued"),
];
/// What the review found.
pub const ASSESSMENTS: &[Choice] = &[
    c("effective", "hiệu quả", "effective"),
    c("limited", "còn hạn chế", "limited"),
    c("ineffective", "không hiệu quả", "ineffective"),
];

const FIELDS: &[Field] = &[
    f("name", "Tên mô hình, điển hình", "Name", Type::Text)
        .help("tên gọi như trong bản đăng ký", "name as registered")
        .col(1, 26, "Tên", "Name")
        .max(300)
        .req()
        .find()
        .grow(),
    f(
        "year",
        "Năm đăng ký",
        "Year",
        Type::Integer {
            min: 1990,
            max: 2200,
        },
    )
    .col(2, 5, "Năm", "Year")
    .plain()
    .once(),
    f("model_kind", "Loại", "Kind", Type::Enum(MODEL_KINDS)).col(3, 10, "Loại", "Kind"),
    f(
        "registrant",
        "Đối tượng đăng ký",
        "Registrant",
        Type::Enum(REGISTRANTS),
    )
    .col(2, 5, "ĐT", "Who"),
    f(
        "registrant_name",
        "Tên tập thể, cá nhân",
        "Registrant's name",
        Type::Text,
    )
    .help(
        "tập thể: tên đơn vị; cá nhân: họ và tên",
        "collective: its name; individual: full name",
    )
    .col(2, 24, "Đăng ký", "Registrant")
    .pers()
    .find(),
    f(
        "registrant_position",
        "Chức vụ, nơi công tác",
        "Position",
        Type::Text,
    )
    .help("của cá nhân đăng ký", "of the individual who registers"),
    f("unit", "Đơn vị", "Unit", Type::Unit).col(1, 18, "Đơn vị", "Unit"),
    f("field", "Lĩnh vực", "Field", Type::Enum(MODEL_FIELDS)).col(1, 8, "Lĩnh vực", "Field"),
    f("level", "Cấp đăng ký", "Level", Type::Enum(MODEL_LEVELS)).col(2, 8, "Cấp", "Level"),
    f("registered_on", "Ngày đăng ký", "Registered on", Type::Date)
        .col(1, 8, "Ngày", "Date")
        .once(),
    f("status", "Tình trạng", "Status", Type::Enum(MODEL_STATUSES))
        .col(1, 10, "Tình trạng", "Status")
        .once(),
    f("tags", "Nhãn", "Tags", Type::List)
        .help(
            "nhãn cách nhau bằng dấu phẩy, vd. giảm nghèo, nông thôn mới",
            "tags separated by commas",
        )
        .find(),
    f(
        "renewal",
        "Mới hay duy trì",
        "New or continued",
        Type::Enum(RENEWALS),
    )
    .col(3, 8, "Mới/DT", "New"),
    f(
        "previous",
        "Nối từ đăng ký năm trước",
        "Earlier registration",
        Type::Ref(Kind::Model),
    )
    .once(),
    f("starts_on", "Thực hiện từ", "Starts on", Type::Date).col(3, 8, "Từ", "From"),
    f("ends_on", "Thực hiện đến", "Ends on", Type::Date).col(3, 8, "Đến", "To"),
    f("area", "Địa bàn", "Area", Type::Text)
        .help("nơi thực hiện, vd. ấp 3", "where it is carried out")
        .find(),
    f(
        "beneficiaries",
        "Số hộ, người hưởng lợi",
        "Beneficiaries",
        Type::Integer {
            min: 0,
            max: 100_000_000,
        },
    )
    .help(
        "số hộ hoặc số người được hưởng lợi",
        "households or people who benefit",
    ),
    f("situation", "Thực trạng", "Situation", Type::LongText)
        .help("vì sao làm mô hình", "why the model is needed")
        .find(),
    f("goal", "Mục tiêu", "Goal", Type::LongText).find(),
    f("method", "Nội dung, cách làm", "Method", Type::LongText).find(),
    f("forces", "Lực lượng tham gia", "Forces", Type::LongText),
    f("partners", "Cơ quan phối hợp", "Partners", Type::Text),
    f("led_by", "Cấp ủy lãnh đạo", "Led by", Type::Text),
    f(
        "resources",
        "Kinh phí, nguồn lực",
        "Resources",
        Type::LongText,
    ),
    f("output", "Kết quả bằng số", "Output", Type::LongText).help(
        "số lượng đạt được, minh chứng",
        "quantities reached, evidence",
    ),
    f(
        "sustainability",
        "Tính bền vững",
        "Sustainability",
        Type::LongText,
    ),
    f("result", "Kết quả", "Result", Type::LongText)
        .help("mô tả kết quả thực hiện", "what came of it")
        .find(),
    f(
        "assessment",
        "Đánh giá",
        "Assessment",
        Type::Enum(ASSESSMENTS),
    )
    .col(3, 14, "Đánh giá", "Assessed")
    .once(),
    f("assessed_by", "Người thẩm định", "Assessed by", Type::Text).once(),
    f("assessed_on", "Ngày thẩm định", "Assessed on", Type::Date).once(),
    f(
        "recognised_by",
        "Nơi công nhận",
        "Recognised by",
        Type::Text,
    )
    .once(),
    f("decision_no", "Số quyết định", "Decision no.", Type::Text)
        .max(60)
        .find()
        .once(),
    f(
        "decision_on",
        "Ngày quyết định",
        "Decision date",
        Type::Date,
    )
    .once(),
    f(
        "replicated_at",
        "Nơi nhân rộng",
        "Replicated at",
        Type::Text,
    )
    .find(),
    f("award", "Khen thưởng", "Award", Type::Text)
        .help(
            "hình thức, cấp khen, số và ngày quyết định",
            "form, issuer, number and date",
        )
        .find()
        .once(),
    f("note", "Ghi chú", "Note", Type::LongText).find(),
];

/// The register.
pub static ENTITY: Entity = Entity {
    kind: Kind::Model,
    title: t("Mô hình Dân vận khéo", "Models"),
    one: t("mô hình", "model"),
    date_field: "registered_on",
    title_field: "name",
    unit_field: Some("unit"),
    fields: FIELDS,
    default_sort: &[("registered_on", true), ("id", true)],
};
