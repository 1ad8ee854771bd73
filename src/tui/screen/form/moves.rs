//! From field to field, by keys and arrows; and back from an answer.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::FormScreen;
use super::input::{Input, Move};
use crate::tui::lang::t;
use crate::tui::screen::Ui;

impl FormScreen {
    /// Leaves the field and goes `by` fields on; Tab and Enter go round at the end.
    pub(super) fn step_fields(&mut self, by: isize, ui: &mut Ui) {
        if by == 1 && self.ends_row() {
            self.turn_row(true, ui);
            return;
        }
        // Back is always a way out: the field keeps what was typed and its mark, and saving comes back to it.
        if !self.leave(ui) && by > 0 {
            return;
        }
        self.commit();
        let stops = self.stops();
        let here = stops.iter().position(|at| *at == self.active).unwrap_or(0);
        let last = stops.len().saturating_sub(1);
        let next = if by.unsigned_abs() == 1 && here == last && by > 0 {
            0
        } else if by == -1 && here == 0 {
            last
        } else {
            here.saturating_add_signed(by).min(last)
        };
        self.enter(stops.get(next).copied().unwrap_or(0));
    }

    /// An arrow: within a long text first, then to the next field; through the answers of a choice; in a field of
    /// one line through what was entered there before.
    pub(super) fn up_down(&mut self, down: bool, ui: &mut Ui) {
        match self.input_mut().map(|input| input.up_down(down)) {
            Some(Move::Changed) => self.typed(ui),
            Some(Move::Past) => self.walk_past(!down, ui),
            Some(Move::Out) => self.step_out(down, ui),
            Some(Move::Inside) | None => {}
        }
    }

    /// Out of a long text to its neighbour. Only Tab and Enter go round: an arrow held down stops at the end.
    fn step_out(&mut self, down: bool, ui: &mut Ui) {
        let stops = self.stops();
        let end = if down { stops.last() } else { stops.first() };
        if end != Some(&self.active) {
            self.step_fields(if down { 1 } else { -1 }, ui);
        }
    }

    /// A key that is text, or edits it.
    pub(super) fn take_key(&mut self, key: KeyEvent, ui: &mut Ui) {
        let full = match key.code {
            KeyCode::Char(_) => self.input().and_then(Input::is_full),
            _ => None,
        };
        if let Some(full) = full {
            ui.warn(full.get(ui.view.lang));
            return;
        }
        let aid = ui.view.aid;
        if self.input_mut().and_then(|input| input.key(key, aid)) == Some(true) {
            self.typed(ui);
            self.suggest(ui);
        }
    }

    /// Takes back what was typed in the field, or else the last answer.
    pub(super) fn take_back(&mut self, ui: &mut Ui) {
        let current = self.input().map(Input::text).unwrap_or_default();
        if current != self.entered {
            let before = self.entered.clone();
            if let Some(input) = self.input_mut() {
                input.put(&before);
                input.error = None;
            }
        } else if let Some((at, before)) = self.answers.pop() {
            if let Some(input) = self.inputs.get_mut(at) {
                input.put(&before);
                input.error = None;
            }
            self.enter(at);
            self.look_up(at, ui);
            self.look_ahead(Some(at), ui);
        } else {
            ui.note(ui.say(t(
                "không còn câu trả lời nào để lấy lại",
                "no answer left to take back",
            )));
        }
        self.changed_type();
        self.keep_slot(ui);
    }
}
