//! The commands that do something with what stands in front.

use super::super::command::Command as C;
use super::super::command::{Foot, Row, Scope};
use super::super::keymap::Chord::{Char, Ctrl, Delete, Enter, F};
use super::{
    EVERYWHERE, HOME, ROWS, SECTIONS, below, due, long, pick, restore, row, step, write, write_row,
};

use Scope::{Agenda, Card, Check, Days, Done, Find, Form, Import, List, Rates, Read, Setup, Tree};

pub(super) const WORK: &[Row] = &[
    Row::new(C::Help, "help")
        .label("Giúp", "Help")
        .help(
            "các lệnh dùng được ở đây; Enter chạy lệnh",
            "the commands that apply here; Enter runs one",
        )
        .at(EVERYWHERE)
        .keys(&[F(1), Char('?')])
        .foot(Foot::Key),
    Row::new(C::Add, "add")
        .label("Thêm", "Add")
        .help("thêm bản ghi mới", "add a record")
        .at(&[Tree, List, Card, Days, Setup])
        .keys(&[F(2), Char('n')])
        .foot(Foot::Key)
        .when(write),
    Row::new(C::Edit, "edit")
        .label("Sửa", "Edit")
        .help("sửa bản ghi đang chọn", "edit the selected record")
        .at(&[Tree, List, Card, Agenda, Days, Setup])
        .keys(&[F(3), Char('e')])
        .foot(Foot::Key)
        .when(write_row),
    Row::new(C::Pick, "pick")
        .label("Chọn", "Pick")
        .help(
            "mở danh mục của ô đang nhập",
            "open the list of the active field",
        )
        .at(&[Form])
        .keys(&[F(4)])
        .foot(Foot::Key)
        .when(pick),
    Row::new(C::Editor, "editor")
        .label("trình soạn thảo", "editor")
        .help(
            "sửa ô nhiều dòng bằng trình soạn thảo ($VISUAL, $EDITOR)",
            "edit a long field in your own editor ($VISUAL, $EDITOR)",
        )
        .at(&[Form])
        .keys(&[Ctrl('x')])
        .foot(Foot::Hint)
        .when(long),
    Row::new(C::Copy, "copy")
        .label("Chép", "Copy")
        .help(
            "chép bản ghi đang chọn thành bản mới",
            "copy the selected record as a new one",
        )
        .at(ROWS)
        .keys(&[F(5)])
        .foot(Foot::Key)
        .when(write_row),
    Row::new(C::Remove, "remove")
        .label("Xóa", "Remove")
        .help(
            "xóa dòng này; khôi phục được, trừ nháp",
            "remove the record (it can be restored) or the draft",
        )
        .at(&[Tree, List, Card, Read])
        .keys(&[F(8), Delete])
        .foot(Foot::Key)
        .when(write_row),
    Row::new(C::Actions, "actions")
        .label("Việc", "Actions")
        .help(
            "các việc làm được với bản ghi này",
            "what can be done with this record",
        )
        .at(&[HOME, Tree, List, Card, Rates, Agenda])
        .keys(&[F(9), Char('m')])
        .foot(Foot::Key),
    Row::new(C::Save, "save")
        .label("Lưu", "Save")
        .help("lưu biểu đang nhập", "save the form")
        .at(&[Form])
        .keys(&[F(10), Ctrl('s')])
        .foot(Foot::Key),
    Row::new(C::Open, "open")
        .label("mở", "open")
        .help("mở dòng đang chọn", "open the selected row")
        .at(&[
            HOME, Tree, List, Card, Rates, Check, Find, Read, Agenda, Days, Setup, Done, Import,
        ])
        .keys(&[Enter])
        .foot(Foot::Hint)
        .when(row),
    Row::new(C::Below, "below")
        .label("cấp dưới", "below")
        .help(
            "xem các đơn vị dưới dòng này; sang trái để trở lên",
            "the units below this row; Left goes back up",
        )
        .at(&[Rates])
        .keys(&[Char('i')])
        .foot(Foot::Hint)
        .when(below),
    Row::new(C::Why, "why")
        .label("vì sao?", "why?")
        .help(
            "hạn này tính thế nào, từng ngày một",
            "how this deadline was counted, day by day",
        )
        .at(&[HOME, List, Card, Agenda])
        .keys(&[Char('v')])
        .foot(Foot::Hint)
        .when(due),
    Row::new(C::Step, "step")
        .label("xử lý", "step")
        .help(
            "ghi bước xử lý đơn tiếp theo",
            "record the next step of the petition",
        )
        .at(&[List, Card, Agenda])
        .keys(&[Char('x')])
        .foot(Foot::Hint)
        .when(step),
    Row::new(C::UndoStep, "undo_step")
        .label("lấy lại bước cuối", "undo the last step")
        .help(
            "lấy lại bước xử lý cuối cùng, phải nêu lý do",
            "take back the last step, with a reason",
        )
        .at(&[List, Card])
        .when(step),
    Row::new(C::History, "history")
        .label("lịch sử", "history")
        .help("ai đã sửa gì, lúc nào", "who changed what, and when")
        .at(&[Tree, List, Card, Agenda, Days, Setup])
        .keys(&[Char('h')])
        .when(row),
    Row::new(C::Restore, "restore")
        .label("khôi phục", "restore")
        .help("khôi phục bản ghi đã xóa", "restore the removed record")
        .at(ROWS)
        .keys(&[Char('r')])
        .foot(Foot::Hint)
        .when(restore),
    Row::new(C::ShowRemoved, "show_removed")
        .label("đã xóa", "removed")
        .help(
            "xem các bản ghi đã xóa, hoặc trở lại",
            "show the removed records, or go back",
        )
        .at(&[List])
        .keys(&[Char('o')]),
    Row::new(C::Find, "find")
        .label("tìm", "find")
        .help("tìm trong mọi sổ", "find in all registers")
        .at(SECTIONS)
        .keys(&[Char('/')])
        .foot(Foot::Hint),
    Row::new(C::Filter, "filter")
        .label("lọc", "filter")
        .help(
            "lọc danh sách này khi đang gõ",
            "filter this list as you type",
        )
        .at(&[Tree, List])
        .keys(&[Char('f')])
        .foot(Foot::Hint),
    Row::new(C::Sort, "sort")
        .label("sắp", "sort")
        .help("sắp danh sách theo một cột", "sort the list by a column")
        .at(&[List, Rates])
        .keys(&[Char('s')])
        .foot(Foot::Hint),
    Row::new(C::Unit, "unit")
        .label("đơn vị", "unit")
        .help("chọn đơn vị và cấp dưới", "choose a unit with its subtree")
        .at(&[List, Rates])
        .keys(&[Char('d')])
        .foot(Foot::Hint),
    Row::new(C::Period, "period")
        .label("kỳ", "period")
        .help(
            "chọn kỳ: năm, quý, tháng hay từ ngày đến ngày",
            "choose a period: year, quarter, month or dates",
        )
        .at(&[List, Rates, Agenda])
        .keys(&[Char('p')])
        .foot(Foot::Hint),
    Row::new(C::MapDate, "map_date")
        .label("ngày", "date")
        .help(
            "xem các đơn vị của một ngày khác",
            "show the units of another day",
        )
        .at(&[Tree])
        .keys(&[Char('t')])
        .foot(Foot::Hint),
    Row::new(C::Group, "group")
        .label("theo", "by")
        .help(
            "chia theo đơn vị, loại, lĩnh vực, tháng, năm",
            "split by unit, type, field, month, year",
        )
        .at(&[Rates])
        .keys(&[Char('b')])
        .foot(Foot::Hint),
    Row::new(C::Measure, "measure")
        .label("tỷ lệ", "measure")
        .help(
            "chọn tỷ lệ, kèm định nghĩa tử số và mẫu số",
            "choose the rate, with what it divides by what",
        )
        .at(&[Rates])
        .keys(&[Char('r')])
        .foot(Foot::Hint),
    Row::new(C::NextMeasure, "next_measure")
        .label("tỷ lệ kế", "next rate")
        .help("sang tỷ lệ kế tiếp", "the next of the rates")
        .at(&[Rates])
        .keys(&[Char('t')]),
    Row::new(C::Compare, "compare")
        .label("so sánh", "compare")
        .help(
            "so với cùng kỳ năm trước, với kỳ liền trước, hay thôi",
            "compare with the same span last year, the period before, or not",
        )
        .at(&[Rates])
        .keys(&[Char('c')])
        .foot(Foot::Hint),
    Row::new(C::Figures, "figures")
        .label("số đã báo cáo", "reported figures")
        .help(
            "sổ các số đã báo cáo, kèm nguồn",
            "the register of reported figures with their sources",
        )
        .at(&[HOME, Rates, Check])
        .keys(&[Char('l')])
        .foot(Foot::Hint),
    Row::new(C::CheckFigures, "check_figures")
        .label("soát số", "check figures")
        .help(
            "tính lại các tỷ lệ và tổng đã in trong báo cáo",
            "compute the printed rates and totals again",
        )
        .at(&[HOME, Rates])
        .keys(&[Char('x')])
        .foot(Foot::Hint),
    Row::new(C::Fold, "fold")
        .label("mở/gập", "fold")
        .help(
            "mở hay gập nhánh đang chọn; các dòng không có vụ việc",
            "open or fold the selected branch; the rows without cases",
        )
        .at(&[Tree, Rates])
        .keys(&[Char(' ')])
        .foot(Foot::Hint),
    Row::new(C::OnlyWrong, "only_wrong")
        .label("chỉ chỗ lệch", "only what differs")
        .help(
            "chỉ xem những số không khớp, hay xem tất cả",
            "show only what does not agree, or all",
        )
        .at(&[Check])
        .keys(&[Char('f')])
        .foot(Foot::Hint),
];
