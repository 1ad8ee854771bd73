//! The commands of entry: what is taken over from the record before, what goes on, rows under a head.

use super::super::command::Command as C;
use super::super::command::{Foot, Row, Scope};
use super::super::keymap::Chord::{Alt, Char, F};
use super::{becomes, day, entry, likely, rows};

use Scope::{Card, Form, List};

pub(super) const ENTRY: &[Row] = &[
    Row::new(C::Similar, "similar")
        .label("Chép", "Copy")
        .help(
            "chép từ một bản ghi tương tự, không chép người, số, ngày",
            "copy from a similar record, without persons, numbers, days",
        )
        .at(&[Form])
        .keys(&[F(5)])
        .foot(Foot::Key)
        .when(entry),
    Row::new(C::Before, "before")
        .label("Giữ", "Keep")
        .help(
            "lấy vào ô này giá trị của bản ghi trước",
            "take the value of the record before into this field",
        )
        .at(&[Form])
        .keys(&[F(6)])
        .foot(Foot::Key)
        .when(entry),
    Row::new(C::BeforeAll, "before_all")
        .label("lấy hết", "take all")
        .help(
            "lấy mọi ô giữ được từ bản ghi trước",
            "take all that may be kept from the record before",
        )
        .at(&[Form])
        .keys(&[Alt('a')])
        .when(entry),
    Row::new(C::Keep, "keep")
        .label("giữ ô này", "keep this field")
        .help(
            "ô này giữ giá trị sang bản ghi sau, hay thôi",
            "this field keeps its value for the next record, or not",
        )
        .at(&[Form])
        .keys(&[Alt('g')])
        .when(entry),
    Row::new(C::Again, "again")
        .label("nhập liên tục", "go on entering")
        .help(
            "lưu xong mở ngay biểu mới, hay thôi",
            "saving opens the next form, or not",
        )
        .at(&[Form])
        .keys(&[Alt('l')])
        .when(entry),
    link(1, &[Alt('1')]),
    link(2, &[Alt('2')]),
    link(3, &[Alt('3')]),
    Row::new(C::NextRow, "next_row")
        .label("dòng sau", "next row")
        .help(
            "sang lượt, ý kiến sau; PgUp về dòng trước",
            "to the next visit or opinion; PgUp goes back",
        )
        .at(&[Form])
        .keys(&[Alt('n')])
        .when(rows),
    Row::new(C::RemoveRow, "remove_row")
        .label("Xóa dòng", "Remove row")
        .help(
            "bỏ lượt, ý kiến đang nhập khỏi biểu",
            "take the visit or opinion in front out of the form",
        )
        .at(&[Form])
        .keys(&[F(8)])
        .foot(Foot::Key)
        .when(rows),
    Row::new(C::Day, "whole_day")
        .label("cả buổi", "whole day")
        .help(
            "nhập cả buổi tiếp dân, đối thoại: phần đầu một lần, từng dòng bên dưới",
            "enter a whole reception day or dialogue: the head once, the rows under it",
        )
        .at(&[List])
        .keys(&[Char('N')])
        .foot(Foot::Hint)
        .when(day),
    Row::new(C::AsPetition, "as_petition")
        .label("thành đơn", "as a petition")
        .help(
            "lập đơn từ lượt tiếp hay ý kiến này, nối hai bên",
            "make a petition of this visit or opinion, linked to it",
        )
        .at(&[List, Card])
        .keys(&[Char('t')])
        .when(becomes),
];

const fn link(n: u8, keys: &'static [super::super::keymap::Chord]) -> Row {
    let (name, vi, en) = match n {
        1 => ("link_1", "nối đơn 1", "link to 1"),
        2 => ("link_2", "nối đơn 2", "link to 2"),
        _ => ("link_3", "nối đơn 3", "link to 3"),
    };
    Row::new(C::Link(n), name)
        .label(vi, en)
        .help(
            "khi lưu nối vào vụ việc của đơn này trong ô «có thể cùng vụ», hay thôi",
            "saving links to the matter of this petition of the box, or not",
        )
        .at(&[Form])
        .keys(keys)
        .when(likely)
}
