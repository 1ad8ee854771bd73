//! A long field in the user's own editor.

use super::FormScreen;
use crate::tui::lang::Msg;
use crate::tui::screen::{Flow, Ui};

impl FormScreen {
    /// Hands the active long field to the editor. What stands in the form is kept as a draft before.
    pub(super) fn edit_outside(&mut self, ui: &mut Ui) {
        let at = self.active;
        let Some(input) = self.input().filter(|input| input.is_long()) else {
            return;
        };
        let (key, text) = (input.field.key, input.text());
        self.keep(ui);
        let before = text.clone();
        ui.edit(
            (self.draft.clone(), key),
            text,
            move |form: &mut FormScreen, back: Result<String, Msg>, ui| {
                match back {
                    Ok(text) => form.edited(at, before, &text, ui),
                    Err(why) => ui.warn(why.get(ui.view.lang)),
                }
                Flow::Stay
            },
        );
    }

    /// Puts what came back; Ctrl-Z takes it back as an answer of its own.
    fn edited(&mut self, at: usize, before: String, text: &str, ui: &mut Ui) {
        let Some(input) = self.inputs.get_mut(at) else {
            return;
        };
        if let Some(full) = input.refuses(text.chars().count()) {
            ui.warn(full.get(ui.view.lang));
            return;
        }
        input.put(text);
        if input.text() == before {
            return;
        }
        input.error = None;
        self.answers.push((at, before));
        self.entered = self
            .inputs
            .get(at)
            .map(super::Input::text)
            .unwrap_or_default();
        self.keep(ui);
    }
}
