//! Who else has the record of a form open: told when the form opens, and in its title as long as it stands.

use super::{FormScreen, Task};
use crate::app::presence::{self, Doing, Here, Other};
use crate::domain::record::Kind;
use crate::tui::lang::{Lang, t};
use crate::tui::screen::{Flow, Ui};

/// Says to others that the record is open here, and holds who else has it open.
#[derive(Default)]
pub(super) struct Open {
    _here: Here,
    others: Vec<Other>,
}

impl Open {
    /// «lan đang sửa từ 08:15», for the title.
    pub(super) fn said(&self, lang: Lang) -> Option<String> {
        said(&self.others, lang)
    }
}

/// «lan đang sửa từ 08:15, hung đang xem từ 08:02»; none when nobody else has it open.
pub fn said(others: &[Other], lang: Lang) -> Option<String> {
    let one = |other: &Other| {
        let who = match (other.own, lang) {
            (true, Lang::Vi) => format!("{} (chính bạn, ở cửa sổ khác)", other.who),
            (true, Lang::En) => format!("{} (you, in another window)", other.who),
            (false, _) => other.who.clone(),
        };
        let does = match other.doing {
            Doing::Edits => t("đang sửa từ", "is editing since"),
            Doing::Reads => t("đang xem từ", "is reading since"),
        };
        format!("{who} {} {}", does.get(lang), other.since)
    };
    let all: Vec<String> = others.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

impl FormScreen {
    /// Says that the record is open here, and tells who else has it open.
    pub(super) fn enter_record(&mut self, ui: &mut Ui) {
        let (kind, id) = match &self.task {
            Task::Edit(record) => (record.kind(), record.head().id),
            Task::Step(id, ..) => (Kind::Petition, *id),
            Task::Add | Task::Rule(_) | Task::Many(_) => return,
        };
        ui.run(
            move |cx| presence::enter(cx, kind, id, Doing::Edits),
            |form: &mut FormScreen, (here, others): (Here, Vec<Other>), ui| {
                if let Some(said) = said(&others, ui.view.lang) {
                    ui.warn(said);
                }
                form.open = Open {
                    _here: here,
                    others,
                };
                Flow::Stay
            },
        );
    }
}
