//! What looks like a slip is asked about once before saving; it is never refused.

use super::{FormScreen, Task};
use crate::app::intake;
use crate::app::slips::{self, Doubtful};
use crate::catalog::{self, Field};
use crate::tui::effect::then;
use crate::tui::modal::slips::SlipsAsk;
use crate::tui::screen::{Flow, Ui};

/// The slips that the user has been asked about: field and text. They stand until the text is another.
pub(super) type Asked = Vec<(&'static str, String)>;

impl FormScreen {
    /// Of a whole day, brings the first row to the front in which something looks wrong and was not asked about.
    fn show_doubtful_row(&mut self, ui: &mut Ui) {
        let Some(row_kind) = intake::rows_of(self.kind).filter(|_| self.sheet.is_some()) else {
            return;
        };
        let doubtful = |row: &super::sheet::RowTexts| {
            let texts: Vec<(&'static Field, String)> = row
                .iter()
                .filter_map(|(key, text)| Some((catalog::field(row_kind, key)?, text.clone())))
                .collect();
            let found = slips::find(row_kind, &texts, ui.view.today);
            found.iter().any(|slip| !self.was_told(slip))
        };
        let rows = self.all_rows();
        let here = self.sheet.as_ref().map(|sheet| sheet.at);
        if let Some(at) = rows.iter().position(doubtful)
            && here != Some(at)
        {
            self.put_row_away();
            self.show_row(at, ui);
        }
    }

    fn was_told(&self, slip: &Doubtful) -> bool {
        let known = |(key, text): &(&str, String)| *key == slip.field && *text == slip.text;
        self.told.iter().any(known)
    }

    /// Asks about what looks like a slip and was not asked about before; whether there is anything to ask.
    pub(super) fn ask_slips(&mut self, ui: &mut Ui) -> bool {
        if matches!(self.task, Task::Rule(_)) {
            return false;
        }
        self.show_doubtful_row(ui);
        let edits = matches!(self.task, Task::Edit(_));
        let visible = self.visible();
        let texts: Vec<(&'static Field, String)> = visible
            .iter()
            .filter_map(|at| self.inputs.get(*at))
            .map(|input| (input.field, input.text()))
            .collect();
        let changed = |key: &str| {
            let at = self.at(key).and_then(|at| self.inputs.get(at));
            !edits || at.is_some_and(|input| input.changed())
        };
        let mut found = slips::find(self.kind, &texts, ui.view.today);
        found.retain(|slip| changed(slip.field) && !self.was_told(slip));
        if found.is_empty() {
            return false;
        }
        let told = found.iter().map(|slip| (slip.field, slip.text.clone()));
        self.told.extend(told);
        // Nothing is to be worked out: the question only comes over the form as every screen does.
        ui.run(
            |_| (),
            move |_: &mut FormScreen, (), ui| {
                Flow::Push(Box::new(SlipsAsk::new(found, ui.view.lang, answered)))
            },
        );
        true
    }
}

/// What the user wants done about the slips.
pub enum Answer {
    /// Back to the first field that looks wrong.
    Back,
    /// Put what was probably meant, and save.
    Mend,
    /// Save what stands there.
    Save,
}

/// Does on the form what was answered.
fn answered(answer: Answer, found: Vec<Doubtful>) -> crate::tui::effect::Then {
    then(move |form: &mut FormScreen, ui: &mut Ui| {
        match answer {
            Answer::Back => {
                if let Some(slip) = found.first()
                    && let Some(at) = form.at(slip.field)
                {
                    form.enter(at);
                    let label = slip.label.get(ui.view.lang);
                    ui.note(format!("{label}: {}", slip.what.get(ui.view.lang)));
                }
            }
            Answer::Mend => {
                for slip in &found {
                    let at = form.at(slip.field);
                    let input = at.and_then(|at| form.inputs.get_mut(at).map(|i| (at, i)));
                    if let (Some((at, input)), Some(fix)) = (input, &slip.fix) {
                        form.answers.push((at, input.text()));
                        input.put(fix);
                        form.look_up(at, ui);
                    }
                }
                form.keep_slot(ui);
                form.save(ui);
            }
            Answer::Save => form.save(ui),
        }
        Flow::Stay
    })
}
