//! The commands that move about, answer a question, and go from place to place.

use super::super::command::Command as C;
use super::super::command::{Foot, Row, Scope};
use super::super::keymap::Chord::{
    Alt, AltEnter, BackTab, Char, Ctrl, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right,
    Tab, Up,
};
use super::{EVERYWHERE, HOME, MOVES, PARTS, SECTIONS, VIEWS};

use Scope::{
    Agenda, Ask, Card, Check, Days, Done, Find, Form, Import, List, Pick, Rates, Read, Setup, Tree,
};

pub(super) const GOING: &[Row] = &[
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
        .at(&[
            HOME, Tree, List, Card, Rates, Check, Find, Read, Agenda, Days, Setup, Done, Import,
        ])
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
        .at(&[
            HOME, Tree, List, Card, Rates, Check, Read, Form, Agenda, Days, Setup, Done,
        ])
        .keys(&[Char(':'), Ctrl('p')]),
    Row::new(C::TypingAid, "typing_aid")
        .label("bộ gõ", "typing aid")
        .help(
            "gõ tiếng Việt: tắt, Telex, VNI",
            "types Vietnamese: off, Telex, VNI",
        )
        .at(EVERYWHERE)
        .keys(&[Ctrl('t')]),
    Row::new(C::AsTyped, "as_typed")
        .label("chữ gốc", "as typed")
        .help(
            "trả từ vừa gõ về các phím đã gõ, và ngược lại",
            "the last word as its keys were typed, and back",
        )
        .at(&[Form, Pick, Ask, Find])
        .keys(&[Ctrl('g')]),
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
