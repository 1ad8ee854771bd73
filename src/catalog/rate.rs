//! Rates as people see them: what is divided by what, in words (contract 5).
use crate::domain::rate::{GroupBy, Measure, Part};
use crate::domain::words::{Text, t};

/// Name of a rate.
#[must_use]
pub fn title(measure: Measure) -> Text {
    match measure {
        Measure::Processing => t("Tỷ lệ xử lý đơn", "Processing rate"),
        Measure::Resolution => t("Tỷ lệ giải quyết", "Resolution rate"),
    }
}

/// What the numerator counts.
#[must_use]
pub fn numerator(measure: Measure) -> Text {
    match measure {
        Measure::Processing => t(
            "đơn được xử lý lần đầu trong kỳ (thụ lý, chuyển, xếp lưu hoặc giải quyết)",
            "papers first handled in the period (accepted, forwarded, filed away or resolved)",
        ),
        Measure::Resolution => t(
            "vụ việc khiếu nại, tố cáo thuộc thẩm quyền giải quyết xong trong kỳ",
            "complaint and denunciation matters of own jurisdiction resolved in the period",
        ),
    }
}

/// What the denominator counts.
#[must_use]
pub fn denominator(measure: Measure) -> Text {
    match measure {
        Measure::Processing => t(
            "đơn chưa xử lý kỳ trước chuyển sang và đơn nhận trong kỳ",
            "papers unhandled at the start of the period and received in it",
        ),
        Measure::Resolution => t(
            "vụ việc khiếu nại, tố cáo thuộc thẩm quyền kỳ trước chuyển sang và thụ lý trong kỳ (cả vụ đang tạm đình chỉ)",
            "complaint and denunciation matters of own jurisdiction open at the start of the period or accepted in it (suspended ones too)",
        ),
    }
}

/// Heading of a column of the table, short.
#[must_use]
pub fn part_label(measure: Measure, part: Part) -> Text {
    match (measure, part) {
        (Measure::Processing, Part::Numerator) => t("Đã xử lý", "Handled"),
        (Measure::Processing, Part::Denominator) => t("Phải xử lý", "To handle"),
        (Measure::Processing, Part::Remainder) => t("Chưa xử lý", "Not handled"),
        (Measure::Resolution, Part::Numerator) => t("Giải quyết", "Resolved"),
        (Measure::Resolution, Part::Denominator) => t("Phải GQ", "To resolve"),
        (Measure::Resolution, Part::Remainder) => t("Chưa GQ", "Open"),
    }
}

/// What the rows of a table are.
#[must_use]
pub fn group_label(by: GroupBy) -> Text {
    match by {
        GroupBy::Unit => t("đơn vị", "unit"),
        GroupBy::Type => t("loại đơn", "type"),
        GroupBy::Field => t("lĩnh vực", "field"),
        GroupBy::Month => t("tháng", "month"),
        GroupBy::Quarter => t("quý", "quarter"),
        GroupBy::Year => t("năm", "year"),
    }
}
