//! The commands for what the law and the office set: work that is due, calendar, rules, settings, kept figures.

use super::super::command::Command as C;
use super::super::command::{Foot, Row, Scope};
use super::super::keymap::Chord::Char;
use super::{HOME, SECTIONS, unlocked, write, write_row};

use Scope::{Agenda, Check, Days, Done, Rates};

pub(super) const LAW: &[Row] = &[
    Row::new(C::Agenda, "agenda")
        .label("việc đến hạn", "work due")
        .help(
            "việc đến hạn theo ngày và tuần: hạn, phúc đáp, ý kiến đối thoại",
            "work by day and week: deadlines, replies, dialogue opinions",
        )
        .at(SECTIONS)
        .keys(&[Char('a')])
        .hint_at(&[HOME]),
    Row::new(C::Whose, "whose")
        .label("của ai", "whose")
        .help(
            "việc của tôi, của một đơn vị, hay tất cả",
            "my work, a unit's, or all",
        )
        .at(&[Agenda, Done])
        .keys(&[Char('o')])
        .foot(Foot::Hint),
    Row::new(C::Calendar, "calendar")
        .label("lịch nghỉ", "calendar")
        .help(
            "ngày nghỉ, ngày làm bù của từng năm",
            "holidays and working Saturdays, year by year",
        )
        .at(SECTIONS)
        .keys(&[Char('L')]),
    Row::new(C::ClearDay, "clear_day")
        .label("ngày thường", "ordinary day")
        .help(
            "trả ngày đang chọn về ngày thường",
            "make the selected day an ordinary one",
        )
        .at(&[Days])
        .keys(&[Char('x')])
        .foot(Foot::Hint)
        .when(write_row),
    Row::new(C::ConfirmYear, "confirm_year")
        .label("xác nhận năm", "confirm the year")
        .help(
            "cơ quan đã đối chiếu lịch nghỉ của năm này",
            "the office has checked the calendar of this year",
        )
        .at(&[Days])
        .keys(&[Char('c')])
        .foot(Foot::Hint)
        .when(write),
    Row::new(C::ProposeYear, "propose_year")
        .label("đề xuất", "propose")
        .help(
            "tính ngày lễ theo luật và âm lịch cho năm chưa có lịch",
            "holidays by law and moon for a year that has none",
        )
        .at(&[Days])
        .keys(&[Char('t')])
        .foot(Foot::Hint)
        .when(write),
    Row::new(C::Rules, "rules")
        .label("quy định hạn", "deadline rules")
        .help(
            "các quy định về thời hạn, sửa hoặc thêm",
            "the rules of deadlines, to edit or add",
        )
        .at(SECTIONS)
        .keys(&[Char('R')]),
    Row::new(C::Settings, "settings")
        .label("thiết lập", "settings")
        .help("thiết lập của cơ quan", "the settings of the office")
        .at(SECTIONS)
        .keys(&[Char('T')]),
    Row::new(C::Drafts, "drafts")
        .label("bản nháp", "drafts")
        .help(
            "những gì nhập dở lần trước: khôi phục, xóa, để sau",
            "what was typed and not saved: recover, throw away, later",
        )
        .at(SECTIONS),
    Row::new(C::Map, "map")
        .label("bản đồ", "map")
        .help(
            "đơn vị như lúc ghi, hay theo đơn vị hiện nay",
            "units as recorded, or on today's map",
        )
        .at(&[Rates])
        .keys(&[Char('n')]),
    Row::new(C::Withdrawn, "withdrawn")
        .label("rút đơn", "withdrawn")
        .help(
            "rút đơn, đình chỉ tính là đã giải quyết, hay không",
            "withdrawn matters count as resolved, or not",
        )
        .at(&[Rates])
        .keys(&[Char('o')]),
    Row::new(C::Freeze, "freeze")
        .label("chốt số liệu", "keep figures")
        .help(
            "chốt số liệu đã báo cáo của kỳ đang xem",
            "keep the figures of this period as reported",
        )
        .at(&[Rates])
        .keys(&[Char('z')])
        .when(unlocked),
    Row::new(C::Frozen, "frozen")
        .label("kỳ đã chốt", "kept periods")
        .help(
            "các kỳ đã chốt; từng dòng khác với số đã chốt",
            "the periods kept as reported; row by row what differs now",
        )
        .at(&[Rates, Check])
        .keys(&[Char('y')]),
];
