//! From field to field.

use super::FormScreen;
use crate::tui::screen::Ui;

impl FormScreen {
    /// Leaves the field and goes `by` fields on; Tab and Enter go round at the end.
    pub(super) fn step_fields(&mut self, by: isize, ui: &mut Ui) {
        if by == 1 && self.ends_row() {
            self.turn_row(true, ui);
            return;
        }
        if !self.leave(ui) {
            return;
        }
        let visible = self.visible();
        let here = visible
            .iter()
            .position(|at| *at == self.active)
            .unwrap_or(0);
        let last = visible.len().saturating_sub(1);
        let next = if by.unsigned_abs() == 1 && here == last && by > 0 {
            0
        } else if by == -1 && here == 0 {
            last
        } else {
            here.saturating_add_signed(by).min(last)
        };
        self.enter(visible.get(next).copied().unwrap_or(0));
    }

    /// An arrow: within a long text first, then to the next field.
    pub(super) fn up_down(&mut self, down: bool, ui: &mut Ui) {
        let moved = self.input_mut().is_some_and(|input| input.up_down(down));
        // Only Tab and Enter go round: an arrow held down stops at the end.
        let visible = self.visible();
        let end = if down {
            visible.last()
        } else {
            visible.first()
        };
        if !moved && end != Some(&self.active) {
            self.step_fields(if down { 1 } else { -1 }, ui);
        }
    }
}
