//! The commands of bringing a file into a register.

use super::super::command::Command as C;
use super::super::command::{Foot, Reason, Row, Scope, State};
use super::super::keymap::Chord::Char;
use super::super::lang::t;
use super::unlocked;

use Scope::{Import, List, Rates};

const ELSEWHERE: Reason = t("không dùng ở bước này", "not at this step");

fn at_file(state: &State) -> Result<(), Reason> {
    if state.import_step == 1 {
        Ok(())
    } else {
        Err(ELSEWHERE)
    }
}

fn at_columns(state: &State) -> Result<(), Reason> {
    if state.import_step == 2 {
        Ok(())
    } else {
        Err(ELSEWHERE)
    }
}

fn at_rows(state: &State) -> Result<(), Reason> {
    if matches!(state.import_step, 2 | 3) {
        Ok(())
    } else {
        Err(ELSEWHERE)
    }
}

fn at_problems(state: &State) -> Result<(), Reason> {
    if state.import_step == 3 {
        Ok(())
    } else {
        Err(ELSEWHERE)
    }
}

pub(super) const BRING: &[Row] = &[
    Row::new(C::Import, "import")
        .label("nhập tệp", "import")
        .help(
            "nhập bảng Excel, CSV, JSON vào sổ này: tệp, cột, lỗi, ghi",
            "bring a table of Excel, CSV or JSON into this register",
        )
        .at(&[List])
        .keys(&[Char('I')])
        .when(unlocked),
    Row::new(C::Export, "export")
        .label("xuất tệp", "export")
        .help(
            "ghi bảng đang xem ra .xlsx .csv .json .md",
            "write what is shown to .xlsx .csv .json .md",
        )
        .at(&[List, Rates])
        .keys(&[Char('X')])
        .hint_at(&[Rates]),
    Row::new(C::Onward, "onward")
        .label("tiếp", "onward")
        .help(
            "sang bước sau: soát các dòng, rồi ghi vào sổ",
            "the next step: check the rows, then write them",
        )
        .at(&[Import])
        .keys(&[Char('t')])
        .foot(Foot::Hint),
    Row::new(C::TypePath, "type_path")
        .label("gõ đường dẫn", "type a path")
        .help(
            "gõ tên hay đường dẫn của tệp, của thư mục",
            "type the name or path of a file or folder",
        )
        .at(&[Import])
        .keys(&[Char('p')])
        .foot(Foot::Hint)
        .when(at_file),
    Row::new(C::SheetOf, "sheet")
        .label("trang", "sheet")
        .help(
            "chọn trang khác của bảng tính",
            "choose another sheet of the spreadsheet",
        )
        .at(&[Import])
        .keys(&[Char('s')])
        .foot(Foot::Hint)
        .when(at_columns),
    Row::new(C::Encoding, "encoding")
        .label("bảng mã", "encoding")
        .help(
            "bảng mã của chữ trong tệp: TCVN3, VNI, Unicode…",
            "the encoding of the file's text: TCVN3, VNI, Unicode…",
        )
        .at(&[Import])
        .keys(&[Char('b')])
        .foot(Foot::Hint)
        .when(at_columns),
    Row::new(C::DateOrder, "date_order")
        .label("thứ tự ngày", "order of dates")
        .help(
            "ngày trước hay tháng trước trong cột đang chọn",
            "day first or month first in the selected column",
        )
        .at(&[Import])
        .keys(&[Char('d')])
        .foot(Foot::Hint)
        .when(at_columns),
    Row::new(C::Finished, "finished")
        .label("việc cũ", "old matters")
        .help(
            "việc sổ ghi đã xong mà thiếu ngày, kết luận: xếp lưu, để mở hay báo lỗi",
            "finished matters without day or outcome: file away, leave open or refuse",
        )
        .at(&[Import])
        .keys(&[Char('c')])
        .foot(Foot::Hint)
        .when(at_rows),
    Row::new(C::Mend, "mend")
        .label("ghi dòng lỗi ra tệp", "write bad rows")
        .help(
            "ghi các dòng chưa nhập được ra tệp .xlsx, .csv để sửa rồi nhập lại",
            "write the rows that cannot be taken to an .xlsx or .csv file, to mend and bring again",
        )
        .at(&[Import])
        .keys(&[Char('x')])
        .foot(Foot::Hint)
        .when(at_problems),
];
