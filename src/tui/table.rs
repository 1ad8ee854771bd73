//! The rows of the command table. Nothing here decides anything; [`super::command`] reads it.

mod bring;
mod entry;
mod law;
mod many;
mod moves;
mod work;

use super::command::{Reason, Row, Scope, State};
use super::lang::t;

use Scope::{
    Agenda, Card, Check, Days, Done, Find, Form, Import, List, Pick, Rates, Read, Setup, Tree,
};
const EVERYWHERE: &[Scope] = &Scope::ALL;
const HOME: Scope = Scope::Home;
/// The places where plain keys are commands.
const VIEWS: &[Scope] = &[
    HOME, Tree, List, Card, Rates, Check, Read, Agenda, Days, Setup, Done, Import,
];
const SECTIONS: &[Scope] = &[
    HOME, Tree, List, Card, Rates, Check, Agenda, Days, Setup, Done,
];
const ROWS: &[Scope] = &[Tree, List, Card];
/// The places with parts that Tab goes through.
const PARTS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Read, Find, Agenda];
/// The places where a row is marked and moved.
const MOVES: &[Scope] = &[
    HOME, Tree, List, Card, Rates, Check, Read, Pick, Find, Form, Agenda, Days, Setup, Done, Import,
];

fn row(state: &State) -> Result<(), Reason> {
    if state.row {
        Ok(())
    } else {
        Err(t("không có dòng nào đang chọn", "no row is selected"))
    }
}

fn unlocked(state: &State) -> Result<(), Reason> {
    if state.read_only {
        return Err(t("đang mở ở chế độ chỉ đọc", "opened read-only"));
    }
    Ok(())
}

fn write(state: &State) -> Result<(), Reason> {
    unlocked(state)?;
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
    if state.marked {
        // Of the marked ones a preview says which are removed.
        return Ok(());
    }
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
    if state.removed || state.marked {
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

fn change(state: &State) -> Result<(), Reason> {
    if state.read_only {
        return Err(t("đang mở ở chế độ chỉ đọc", "opened read-only"));
    }
    Ok(())
}

fn marked(state: &State) -> Result<(), Reason> {
    if state.marked {
        Ok(())
    } else {
        Err(t("chưa đánh dấu dòng nào", "no row is marked"))
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

fn long(state: &State) -> Result<(), Reason> {
    if state.long {
        Ok(())
    } else {
        Err(t(
            "chỉ dùng trong ô nhiều dòng",
            "only in a field of several lines",
        ))
    }
}

fn below(state: &State) -> Result<(), Reason> {
    row(state)?;
    if state.below {
        Ok(())
    } else {
        Err(t(
            "dòng này không có cấp dưới",
            "this row has nothing below it",
        ))
    }
}

fn entry(state: &State) -> Result<(), Reason> {
    if state.entry {
        Ok(())
    } else {
        Err(t(
            "chỉ khi thêm bản ghi mới",
            "only while a new record is entered",
        ))
    }
}

fn likely(state: &State) -> Result<(), Reason> {
    if state.likely {
        Ok(())
    } else {
        Err(t(
            "không có đơn nào có thể cùng vụ",
            "no petition of the same matter is shown",
        ))
    }
}

fn rows(state: &State) -> Result<(), Reason> {
    if state.sheet {
        Ok(())
    } else {
        Err(t("biểu này không có dòng", "this form has no rows"))
    }
}

fn day(state: &State) -> Result<(), Reason> {
    write(state)?;
    if state.sheet {
        Ok(())
    } else {
        Err(t(
            "chỉ sổ tiếp dân và đối thoại nhập cả buổi",
            "only receptions and dialogues are entered by the day",
        ))
    }
}

fn becomes(state: &State) -> Result<(), Reason> {
    write_row(state)?;
    if state.becomes {
        Ok(())
    } else {
        Err(t(
            "chỉ lượt tiếp và ý kiến đối thoại lập thành đơn",
            "only a visit or an opinion becomes a petition",
        ))
    }
}

/// Every command, in the order in which help lists them.
pub fn all() -> impl Iterator<Item = &'static Row> {
    work::WORK
        .iter()
        .chain(many::MANY)
        .chain(entry::ENTRY)
        .chain(law::LAW)
        .chain(bring::BRING)
        .chain(moves::GOING)
}
