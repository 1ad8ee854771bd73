//! The commands that take back and do again, and those that mark rows to change them together.

use super::super::command::Command as C;
use super::super::command::{Foot, Row, Scope};
use super::super::keymap::Chord::{Char, Ctrl};
use super::{SECTIONS, change, marked, row};

use Scope::List;

pub(super) const MANY: &[Row] = &[
    Row::new(C::Undo, "undo")
        .label("hoàn tác", "undo")
        .help(
            "lấy lại việc mình vừa làm (hỏi trước); trong danh sách việc đã làm: việc đang chọn",
            "take back what you did last (asks first); in the list of work done: the selected one",
        )
        .at(SECTIONS)
        .keys(&[Char('u')])
        .when(change),
    Row::new(C::Redo, "redo")
        .label("làm lại", "redo")
        .help(
            "làm lại việc vừa lấy lại (hỏi trước)",
            "do again what was just taken back (asks first)",
        )
        .at(SECTIONS)
        .keys(&[Ctrl('r')])
        .when(change),
    Row::new(C::Operations, "operations")
        .label("việc đã làm", "work done")
        .help(
            "các việc đã làm, của mình hay của mọi người; lấy lại từng việc",
            "what was done, by you or by all; take one back",
        )
        .at(SECTIONS)
        .keys(&[Char('U')]),
    Row::new(C::Mark, "mark")
        .label("đánh dấu", "mark")
        .help(
            "đánh dấu dòng này hay bỏ dấu, rồi xuống một dòng; F3, x, F8, r, F9 làm với mọi dòng đã đánh dấu",
            "mark this row or take the mark off, and go down; F3, x, F8, r, F9 act on all marked rows",
        )
        .at(&[List])
        .keys(&[Char(' ')])
        .foot(Foot::Hint)
        .when(row),
    Row::new(C::MarkTo, "mark_to")
        .label("đánh dấu đến đây", "mark to here")
        .help(
            "đánh dấu cả dải từ dòng đánh dấu gần nhất đến dòng này",
            "mark all rows from the last marked one to this one",
        )
        .at(&[List])
        .keys(&[Char('b')])
        .when(row),
    Row::new(C::MarkAll, "mark_all")
        .label("đánh dấu hết", "mark all")
        .help(
            "đánh dấu mọi dòng của danh sách như đang lọc",
            "mark every row of the list as it is filtered",
        )
        .at(&[List])
        .keys(&[Char('A')])
        .when(row),
    Row::new(C::Unmark, "unmark")
        .label("bỏ hết dấu", "unmark all")
        .help("bỏ mọi dấu trong danh sách này", "take all marks off")
        .at(&[List])
        .keys(&[Char('B')])
        .when(marked),
];
