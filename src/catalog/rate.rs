//! Rates as people see them: what is divided by what, in words (contract 5; domain reference 3.5).
use crate::domain::rate::{Compare, GroupBy, Measure, Part, UnitMap};
use crate::domain::words::{Text, t};

/// Name of a rate.
#[must_use]
pub fn title(measure: Measure) -> Text {
    match measure {
        Measure::Processing => t("Tỷ lệ xử lý đơn", "Processing rate"),
        Measure::Resolution => t("Tỷ lệ giải quyết", "Resolution rate"),
        Measure::OnTime => t("Tỷ lệ giải quyết đúng hạn", "On-time rate"),
        Measure::Answered => t(
            "Tỷ lệ trả lời kiến nghị, phản ánh",
            "Rate of recommendations and feedback answered",
        ),
        Measure::Replied => t("Tỷ lệ phúc đáp", "Reply rate"),
        Measure::Dialogue => t(
            "Tỷ lệ giải quyết ý kiến đối thoại",
            "Rate of dialogue opinions settled",
        ),
    }
}

/// What the numerator counts.
#[must_use]
pub fn numerator(measure: Measure) -> Text {
    match measure {
        Measure::Processing => t(
            "đơn được xử lý lần đầu trong kỳ (thụ lý, không thụ lý, hướng dẫn, chuyển, trả lại, xếp lưu hoặc giải quyết)",
            "papers first handled in the period (accepted, refused, guided, forwarded, returned, filed away or resolved)",
        ),
        Measure::Resolution => t(
            "vụ việc khiếu nại, tố cáo thuộc thẩm quyền giải quyết xong trong kỳ",
            "complaint and denunciation matters of own jurisdiction resolved in the period",
        ),
        Measure::OnTime => t(
            "vụ việc giải quyết trong kỳ, không quá hạn",
            "matters resolved in the period by their due date",
        ),
        Measure::Answered => t(
            "kiến nghị, phản ánh thuộc thẩm quyền đã trả lời trong kỳ",
            "recommendations and feedback of own jurisdiction answered in the period",
        ),
        Measure::Replied => t(
            "văn bản phúc đáp nhận được trong kỳ",
            "replies received in the period",
        ),
        Measure::Dialogue => t(
            "ý kiến đối thoại có kết quả trong kỳ (không rõ ngày: kỳ của buổi đối thoại)",
            "dialogue opinions with a result in the period (no day told: that of the dialogue)",
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
        Measure::OnTime => t(
            "vụ việc khiếu nại, tố cáo thuộc thẩm quyền giải quyết trong kỳ (không kể rút đơn, đình chỉ)",
            "complaint and denunciation matters of own jurisdiction resolved in the period (not those withdrawn or terminated)",
        ),
        Measure::Answered => t(
            "kiến nghị, phản ánh thuộc thẩm quyền kỳ trước chuyển sang và nhận trong kỳ",
            "recommendations and feedback of own jurisdiction open at the start of the period or received in it",
        ),
        Measure::Replied => t(
            "đơn đã chuyển còn chờ phúc đáp đầu kỳ và chuyển trong kỳ",
            "forwards awaiting a reply at the start of the period or made in it",
        ),
        Measure::Dialogue => t(
            "ý kiến đã giao chưa có kết quả đầu kỳ và giao trong kỳ",
            "opinions assigned and open at the start of the period or assigned in it",
        ),
    }
}

/// What is counted when withdrawn and terminated matters are, beside the numerator.
#[must_use]
pub fn withdrawn_note(counts: bool) -> Text {
    if counts {
        t(
            "tính cả vụ rút đơn, đình chỉ",
            "withdrawn and terminated matters count as resolved",
        )
    } else {
        t(
            "không tính vụ rút đơn, đình chỉ",
            "withdrawn and terminated matters do not count as resolved",
        )
    }
}

/// Heading of a column of the table, short.
#[must_use]
pub fn part_label(measure: Measure, part: Part) -> Text {
    use Measure::{Answered, Dialogue, OnTime, Processing, Replied, Resolution};
    match (measure, part) {
        (_, Part::Opening) => t("Kỳ trước chuyển sang", "Carried over"),
        (_, Part::New) => t("Mới trong kỳ", "New"),
        (_, Part::Closing) => t("Chuyển kỳ sau", "Carried forward"),
        (_, Part::Suspended) => t("Đang tạm đình chỉ", "Suspended"),
        (Processing, Part::Numerator | Part::Ended) => t("Đã xử lý", "Handled"),
        (Processing, Part::Denominator) => t("Phải xử lý", "To handle"),
        (Processing, Part::Remainder) => t("Chưa xử lý", "Not handled"),
        (_, Part::Ended) => t("Đã xong", "Ended"),
        (Resolution, Part::Numerator) => t("Giải quyết", "Resolved"),
        (Resolution, Part::Denominator) => t("Phải GQ", "To resolve"),
        (Resolution, Part::Remainder) => t("Chưa GQ", "Open"),
        (OnTime, Part::Numerator) => t("Đúng hạn", "On time"),
        (OnTime, Part::Denominator) => t("Giải quyết", "Resolved"),
        (OnTime, Part::Remainder) => t("Quá hạn", "Late"),
        (Answered, Part::Numerator) => t("Đã trả lời", "Answered"),
        (Answered, Part::Denominator) => t("Phải trả lời", "To answer"),
        (Answered, Part::Remainder) => t("Chưa trả lời", "Open"),
        (Replied, Part::Numerator) => t("Phúc đáp", "Replied"),
        (Replied, Part::Denominator) => t("Đã chuyển", "Forwarded"),
        (Replied, Part::Remainder) => t("Chưa phúc đáp", "Waiting"),
        (Dialogue, Part::Numerator) => t("Có kết quả", "Settled"),
        (Dialogue, Part::Denominator) => t("Đã giao", "Assigned"),
        (Dialogue, Part::Remainder) => t("Chưa có kết quả", "Open"),
    }
}

/// What the rows of a table are.
#[must_use]
pub fn group_label(by: GroupBy) -> Text {
    match by {
        GroupBy::Unit => t("đơn vị", "unit"),
        GroupBy::UnitLevel => t("cấp đơn vị", "unit level"),
        GroupBy::Type => t("loại đơn", "type"),
        GroupBy::Field => t("lĩnh vực", "field"),
        GroupBy::Handler => t("nơi xử lý", "handler"),
        GroupBy::Month => t("tháng", "month"),
        GroupBy::Quarter => t("quý", "quarter"),
        GroupBy::Year => t("năm", "year"),
    }
}

/// Name of the map that a table stands on.
#[must_use]
pub fn map_label(map: UnitMap) -> Text {
    match map {
        UnitMap::AsRecorded => t("theo đơn vị lúc ghi", "as recorded"),
        UnitMap::Current => t("theo đơn vị hiện nay", "on today's map"),
    }
}

/// Name of the period set against.
#[must_use]
pub fn compare_label(compare: Compare) -> Text {
    match compare {
        Compare::Previous => t("kỳ liền trước", "previous period"),
        Compare::LastYear => t("cùng kỳ năm trước", "same period last year"),
    }
}
