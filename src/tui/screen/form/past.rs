//! Up and Down in a field of one line: what was entered there before.

use super::{FormScreen, Task};
use crate::app::entered::{self, Form, Past};
use crate::tui::lang::t;
use crate::tui::screen::{Flow, Ui};

/// What was entered before in the fields of the form, and where the arrows are in it.
#[derive(Default)]
pub(super) struct Before {
    past: Past,
    /// Which entry stands in the active field, and what stood there when the walk began.
    walk: Option<(usize, String)>,
}

impl Before {
    /// The walk is over: something was typed, or the field was left.
    pub(super) fn stop(&mut self) {
        self.walk = None;
    }
}

impl FormScreen {
    /// The name under which entries of this form are kept; a rule has none.
    pub(super) fn history_form(&self) -> Option<Form> {
        match &self.task {
            Task::Add | Task::Edit(_) => Some((self.kind, None)),
            Task::Step(_, _, step, _) => Some((self.kind, Some(*step))),
            Task::Rule(_) | Task::Many(_) => None,
        }
    }

    /// Asks for what was entered before.
    pub(super) fn load_past(&self, ui: &mut Ui) {
        if let Some(of) = self.history_form() {
            ui.run(
                move |cx| entered::list(cx.config(), of),
                |form: &mut FormScreen, past, _| {
                    form.before.past = past;
                    Flow::Stay
                },
            );
        }
    }

    /// To the entry before (`older`) or after the one that stands in the field; past the newest stands again what
    /// was there first.
    pub(super) fn walk_past(&mut self, older: bool, ui: &mut Ui) {
        let Some(input) = self.input() else { return };
        let (key, text) = (input.field.key, input.text());
        let (at, first) = match self.before.walk.take() {
            Some((at, first)) => (Some(at), first),
            None => (None, text),
        };
        let entries = self.before.past.iter().find(|(of, _)| of == key);
        let entries: Vec<&String> = entries
            .iter()
            .flat_map(|(_, texts)| texts)
            .filter(|text| **text != first)
            .collect();
        let next = match (at, older) {
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1).min(entries.len().saturating_sub(1))),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => None,
        };
        let Some(entry) = next
            .and_then(|at| entries.get(at))
            .map(|text| (*text).clone())
        else {
            if at.is_some() {
                self.put_active(&first, ui);
            } else {
                ui.note(ui.say(t(
                    "ô này chưa có giá trị nhập trước; Tab sang ô sau, Shift-Tab về ô trước",
                    "nothing was entered here before; Tab goes on, Shift-Tab goes back",
                )));
            }
            return;
        };
        self.put_active(&entry, ui);
        self.before.walk = next.map(|at| (at, first));
    }

    /// Puts a text into the active field as if it had been typed there.
    fn put_active(&mut self, text: &str, ui: &mut Ui) {
        if let Some(input) = self.input_mut() {
            input.put(text);
        }
        self.typed(ui);
        self.look_up(self.active, ui);
    }
}
