//! A petition that turns out to be a denunciation: what will be removed is told first, and only a yes removes it.

use super::{FormScreen, Task};
use crate::app::Result;
use crate::app::secrecy::{self, Removal, WARNING};
use crate::domain::petition::PetitionType;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::tui::effect::then;
use crate::tui::lang::{Lang, t};
use crate::tui::modal::confirm::Confirm;
use crate::tui::screen::{Flow, Ui};

impl FormScreen {
    /// The petition that saving would make a denunciation of, while nobody has agreed to it.
    pub(super) fn turns_secret(&self) -> Option<i64> {
        let Task::Edit(record) = &self.task else {
            return None;
        };
        let secret = PetitionType::Denunciation.code();
        let now = self.at("type").and_then(|at| self.inputs.get(at))?.text();
        let was = record.get("type");
        let turns = self.kind == Kind::Petition && now == secret && was.text() != Some(secret);
        (turns && !self.agreed).then(|| record.head().id)
    }

    /// Holds that no text names the person who was typed before the matter turned out to be a denunciation: that field
    /// is not saved, and nothing could tell afterwards.
    pub(super) fn still_names_the_writer(&mut self, ui: &mut Ui) -> bool {
        let visible = self.visible();
        let key = |at: &usize| self.inputs.get(*at).map(|input| input.field.key);
        if visible.iter().filter_map(key).any(secrecy::is_name_field) {
            // It is none: a name has its place.
            return false;
        }
        let names = secrecy::Names::written(self.untold.iter().cloned());
        for at in visible {
            if let Some(input) = self.inputs.get_mut(at)
                && !secrecy::is_person_field(input.field.key)
                && names.in_text(&input.text())
            {
                input.error = Some(ui.say(secrecy::NAMED).to_owned());
            }
        }
        self.focus_error(ui)
    }

    /// Says what will be removed, and asks.
    pub(super) fn ask_secret(&mut self, id: i64, ui: &mut Ui) {
        ui.run(
            move |cx| secrecy::removal(cx, id),
            |_: &mut FormScreen, removal: Result<Removal>, ui| match removal {
                Ok(removal) => question(&removal, ui),
                Err(error) => {
                    ui.warn(error.text(ui.view.lang));
                    Flow::Stay
                }
            },
        );
    }
}

fn question(removal: &Removal, ui: &Ui) -> Flow {
    let lang = ui.view.lang;
    let names = |labels: &[crate::tui::lang::Text]| {
        let labels: Vec<&str> = labels.iter().map(|label| label.get(lang)).collect();
        labels.join(", ")
    };
    let mut detail = Vec::new();
    if !removal.is_empty() {
        let fields = names(&removal.fields);
        let (history, drafts) = (removal.history, removal.drafts);
        detail.push(match lang {
            Lang::Vi => format!(
                "Sẽ xóa: {fields}; {history} dòng lịch sử, {drafts} bản nháp có các thông tin này."
            ),
            Lang::En => format!(
                "Will be removed: {fields}; {history} rows of history and {drafts} drafts that hold it."
            ),
        });
    }
    if removal.steps > 0 {
        let steps = removal.steps;
        detail.push(match lang {
            Lang::Vi => format!("Lời ghi của {steps} bước có nêu tên người gửi cũng bị xóa."),
            Lang::En => format!("Notes of {steps} steps that name the writer are emptied too."),
        });
    }
    detail.push(WARNING.get(lang).to_owned());
    let yes = then(|form: &mut FormScreen, ui: &mut Ui| {
        form.agreed = true;
        form.save(ui);
        Flow::Stay
    });
    let question = t("Chuyển thành đơn tố cáo?", "Make it a denunciation?").get(lang);
    Flow::Push(Box::new(Confirm::new(
        question.to_owned(),
        detail,
        Flow::PopThen(yes),
    )))
}
