//! The rows of the command table. Nothing here decides anything; [`super::command`] reads it.

mod law;
mod moves;
mod work;

use super::command::{Reason, Row, Scope, State};
use super::lang::t;

use Scope::{Agenda, Card, Check, Days, Find, Form, List, Pick, Rates, Read, Setup, Tree};
const EVERYWHERE: &[Scope] = &Scope::ALL;
const HOME: Scope = Scope::Home;
/// The places where plain keys are commands.
const VIEWS: &[Scope] = &[
    HOME, Tree, List, Card, Rates, Check, Read, Agenda, Days, Setup,
];
const SECTIONS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Agenda, Days, Setup];
const ROWS: &[Scope] = &[Tree, List, Card];
/// The places with parts that Tab goes through.
const PARTS: &[Scope] = &[HOME, Tree, List, Card, Rates, Check, Read, Find, Agenda];
/// The places where a row is marked and moved.
const MOVES: &[Scope] = &[
    HOME, Tree, List, Card, Rates, Check, Read, Pick, Find, Form, Agenda, Days, Setup,
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

/// Every command, in the order in which help lists them.
pub fn all() -> impl Iterator<Item = &'static Row> {
    work::WORK.iter().chain(law::LAW).chain(moves::GOING)
}
