//! The rows of the command table. Nothing here decides anything; [`super::command`] reads it.

use super::command::Command as C;
use super::command::{Foot, Reason, Row, Scope, State};
use super::keymap::Chord::{
    Alt, AltEnter, BackTab, Char, Ctrl, Delete, Down, End, Enter, Esc, F, Home, Left, PageDown,
    PageUp, Right, Tab, Up,
};
use super::lang::t;

use Scope::{Ask, Card, Check, Find, Form, List, Pick, Rates, Read, Tree};
const EVERYWHERE: &[Scope] = &Scope::ALL;
const HOME: Scope = Scope::Home;
/// The places where plain keys are commands.
const VIEWS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Read];
const SECTIONS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check];
const ROWS: &[Scope] = &[Tree, List, Card];
/// The places with parts that Tab goes through.
const PARTS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Read, Find];
/// The places where a row is marked and moved.
const MOVES: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Read, Pick, Find, Form];

fn row(state: &State) -> Result<(), Reason> {
    if state.row {
        Ok(())
    } else {
        Err(t("không có dòng nào đang chọn", "no row is selected"))
    }
}

fn write(state: &State) -> Result<(), Reason> {
    if state.read_only {
        return Err(t("đang mở ở chế độ chỉ đọc", "opened read-only"));
    }
    if state.register {
        Ok(())
    } else {
        Err(t(
            "mục này không thêm, sửa được",
            "nothing to add or edit here",
        ))
    }
}

fn write_row(state: &State) -> Result<(), Reason> {
    write(state)?;
    row(state)?;
    if state.removed {
        return Err(t(
            "bản ghi đã xóa; khôi phục trước",
            "the record is removed; restore it first",
        ));
    }
    Ok(())
}

fn restore(state: &State) -> Result<(), Reason> {
    write(state)?;
    row(state)?;
    if state.removed {
        Ok(())
    } else {
        Err(t("bản ghi không bị xóa", "the record is not removed"))
    }
}

fn step(state: &State) -> Result<(), Reason> {
    write_row(state)?;
    if state.steps {
        Ok(())
    } else {
        Err(t("chỉ đơn thư có bước xử lý", "only petitions have steps"))
    }
}

fn due(state: &State) -> Result<(), Reason> {
    row(state)?;
    if state.due {
        Ok(())
    } else {
        Err(t("bản ghi này không có hạn", "this record has no deadline"))
    }
}

fn pick(state: &State) -> Result<(), Reason> {
    if state.pick {
        Ok(())
    } else {
        Err(t("ô này không có danh mục", "this field has no list"))
    }
}

/// Every command, in the order in which help lists them.
pub const TABLE: &[Row] = &[
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
        .at(ROWS)
        .keys(&[F(2), Char('n')])
        .foot(Foot::Key)
        .when(write),
    Row::new(C::Edit, "edit")
        .label("Sửa", "Edit")
        .help("sửa bản ghi đang chọn", "edit the selected record")
        .at(ROWS)
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
            "xóa bản ghi đang chọn (khôi phục được)",
            "remove the selected record (it can be restored)",
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
        .at(&[HOME, Tree, List, Card, Rates])
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
        .at(&[HOME, Tree, List, Card, Rates, Check, Find, Read])
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
        .when(row),
    Row::new(C::Why, "why")
        .label("vì sao?", "why?")
        .help(
            "hạn này tính thế nào, từng ngày một",
            "how this deadline was counted, day by day",
        )
        .at(&[HOME, List, Card])
        .keys(&[Char('v')])
        .foot(Foot::Hint)
        .when(due),
    Row::new(C::Step, "step")
        .label("xử lý", "step")
        .help(
            "ghi bước xử lý đơn tiếp theo",
            "record the next step of the petition",
        )
        .at(&[List, Card])
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
        .at(ROWS)
        .keys(&[Char('h')])
        .when(row),
    Row::new(C::Restore, "restore")
        .label("khôi phục", "restore")
        .help("khôi phục bản ghi đã xóa", "restore the removed record")
        .at(ROWS)
        .keys(&[Char('r')])
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
        .at(&[List, Rates])
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
        .help("đổi tỷ lệ đang xem", "change the rate shown")
        .at(&[Rates])
        .keys(&[Char('r'), Char('t')])
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
    Row::new(C::Compare, "compare")
        .label("cùng kỳ", "last year")
        .help(
            "so với cùng kỳ năm trước, hay thôi",
            "compare with the same span last year, or not",
        )
        .at(&[Rates])
        .keys(&[Char('c')]),
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
    Row::new(C::OnlyWrong, "only_wrong")
        .label("chỉ chỗ lệch", "only what differs")
        .help(
            "chỉ xem những số không khớp, hay xem tất cả",
            "show only what does not agree, or all",
        )
        .at(&[Check])
        .keys(&[Char('f')])
        .foot(Foot::Hint),
    Row::new(C::Up, "up")
        .label("lên", "up")
        .help("lên một dòng", "one row up")
        .at(MOVES)
        .keys(&[Up, Char('k')]),
    Row::new(C::Down, "down")
        .label("xuống", "down")
        .help("xuống một dòng", "one row down")
        .at(MOVES)
        .keys(&[Down, Char('j')]),
    Row::new(C::PageUp, "page_up")
        .label("trang trước", "page up")
        .help("lên một trang", "one page up")
        .at(MOVES)
        .keys(&[PageUp, Ctrl('u')]),
    Row::new(C::PageDown, "page_down")
        .label("trang sau", "page down")
        .help("xuống một trang", "one page down")
        .at(MOVES)
        .keys(&[PageDown, Ctrl('d')]),
    Row::new(C::First, "first")
        .label("đầu", "first")
        .help("về dòng đầu", "to the first row")
        .at(VIEWS)
        .keys(&[Home, Char('g')]),
    Row::new(C::Last, "last")
        .label("cuối", "last")
        .help("đến dòng cuối", "to the last row")
        .at(VIEWS)
        .keys(&[End, Char('G')]),
    Row::new(C::Left, "left")
        .label("trái", "left")
        .help("sang trái; gập nhánh", "left; fold the branch")
        .at(VIEWS)
        .keys(&[Left]),
    Row::new(C::Right, "right")
        .label("phải", "right")
        .help("sang phải; mở nhánh", "right; open the branch")
        .at(VIEWS)
        .keys(&[Right]),
    Row::new(C::NextPart, "next_part")
        .label("phần sau", "next part")
        .help(
            "sang phần sau của màn hình",
            "to the next part of the screen",
        )
        .at(PARTS)
        .keys(&[Tab]),
    Row::new(C::PrevPart, "prev_part")
        .label("phần trước", "previous part")
        .help(
            "về phần trước của màn hình",
            "to the previous part of the screen",
        )
        .at(PARTS)
        .keys(&[BackTab]),
    Row::new(C::NextField, "next_field")
        .label("ô sau", "next field")
        .help("sang ô sau", "to the next field")
        .at(&[Form])
        .keys(&[Enter, Tab]),
    Row::new(C::PrevField, "prev_field")
        .label("ô trước", "previous field")
        .help("về ô trước", "to the previous field")
        .at(&[Form])
        .keys(&[BackTab]),
    Row::new(C::TakeBack, "take_back")
        .label("lấy lại", "take back")
        .help("lấy lại câu trả lời vừa nhập", "take back the last answer")
        .at(&[Form])
        .keys(&[Ctrl('z')]),
    Row::new(C::NewLine, "new_line")
        .label("xuống dòng", "new line")
        .help(
            "xuống dòng trong ô nhiều dòng",
            "a new line in a long field",
        )
        .at(&[Form])
        .keys(&[AltEnter, Ctrl('j')]),
    Row::new(C::Accept, "accept")
        .label("nhận", "accept")
        .help("nhận dòng hay câu trả lời này", "take this row or answer")
        .at(&[Pick, Ask])
        .keys(&[Enter])
        .foot(Foot::Hint),
    Row::new(C::Cancel, "cancel")
        .label("thôi", "cancel")
        .help("thôi, không đổi gì", "leave without a change")
        .at(&[Form, Pick, Ask])
        .keys(&[Esc])
        .foot(Foot::Hint),
    Row::new(C::Back, "back")
        .label("lùi", "back")
        .help("lùi một bước", "one step back")
        .at(&[HOME, Tree, List, Card, Rates, Check, Find, Read])
        .keys(&[Esc]),
    Row::new(C::Close, "close")
        .label("đóng", "close")
        .help("đóng màn hình này", "close this view")
        .at(VIEWS)
        .keys(&[Char('q')]),
    Row::new(C::Section(1), "overview")
        .label("Tổng quan", "Overview")
        .help(
            "việc mới, sắp đến hạn, quá hạn",
            "what is new, due soon, overdue",
        )
        .at(SECTIONS)
        .keys(&[Char('1'), Alt('1')]),
    Row::new(C::Section(2), "units")
        .label("Đơn vị", "Units")
        .help("cây đơn vị", "the tree of units")
        .at(SECTIONS)
        .keys(&[Char('2'), Alt('2')]),
    Row::new(C::Section(3), "models")
        .label("Mô hình", "Models")
        .help(
            "sổ đăng ký mô hình, điển hình Dân vận khéo",
            "the register of models",
        )
        .at(SECTIONS)
        .keys(&[Char('3'), Alt('3')]),
    Row::new(C::Section(4), "dialogues")
        .label("Đối thoại", "Dialogues")
        .help("sổ đối thoại và ý kiến", "dialogues and their opinions")
        .at(SECTIONS)
        .keys(&[Char('4'), Alt('4')]),
    Row::new(C::Section(5), "petitions")
        .label("Đơn thư", "Petitions")
        .help("sổ đơn thư", "the register of petitions")
        .at(SECTIONS)
        .keys(&[Char('5'), Alt('5')]),
    Row::new(C::Section(6), "receptions")
        .label("Tiếp dân", "Receptions")
        .help("sổ tiếp công dân", "the register of receptions")
        .at(SECTIONS)
        .keys(&[Char('6'), Alt('6')]),
    Row::new(C::Section(7), "rates")
        .label("Tỷ lệ", "Rates")
        .help(
            "tỷ lệ xử lý, giải quyết; mở các vụ của ô",
            "rates, and the rows behind each figure",
        )
        .at(SECTIONS)
        .keys(&[Char('7'), Alt('7')]),
    Row::new(C::Palette, "palette")
        .label("mọi lệnh", "all commands")
        .help("mọi lệnh, gõ để lọc", "every command, type to filter")
        .at(&[HOME, Tree, List, Card, Rates, Check, Read, Form])
        .keys(&[Char(':'), Ctrl('p')]),
    Row::new(C::Repaint, "repaint")
        .label("vẽ lại", "repaint")
        .help("vẽ lại cả màn hình", "paint the whole screen again")
        .at(EVERYWHERE)
        .keys(&[Ctrl('l')]),
    Row::new(C::Quit, "quit")
        .label("thoát", "quit")
        .help("thoát chương trình", "leave the program")
        .at(EVERYWHERE)
        .keys(&[Ctrl('q')]),
];
