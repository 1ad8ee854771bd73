//! From field to field.

use super::FormScreen;
use super::input::Move;
use crate::tui::screen::Ui;

impl FormScreen {
    /// Leaves the field and goes `by` fields on; Tab and Enter go round at the end.
    pub(super) fn step_fields(&mut self, by: isize, ui: &mut Ui) {
        if !self.leave(ui) {
            return;
        }
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
}
