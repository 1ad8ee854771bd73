//! What the sections that nobody has opened yet will ask for.

use super::Root;
use crate::tui::command::Command;
use crate::tui::effect::{Effect, Lane};
use crate::tui::screen::Ui;

/// No layer: there is nobody to answer.
const NOBODY: u64 = 0;

impl Root {
    /// The first questions of the sections that were not opened yet, of the agenda and of find, the last section first: in
    /// the rates and in the largest registers most is to be read. What can wait comes last.
    pub fn ahead(&mut self) -> Vec<Effect> {
        let asked = std::mem::take(&mut self.effects);
        let sections = self.screens.sections.iter().zip(&self.stacks);
        let closed = sections.filter(|(_, layers)| layers.is_empty());
        let closed: Vec<_> = closed.map(|(build, _)| build(&self.view)).collect();
        let agenda = (self.screens.other)(Command::Agenda, &self.view);
        let find = (self.screens.find)(0);
        for mut screen in closed.into_iter().rev().chain(agenda).chain([find]) {
            let mut ui = Ui {
                view: self.view,
                draft: &self.draft,
                aid: &mut self.view.aid,
                layer: NOBODY,
                tickets: &mut self.tickets,
                effects: &mut self.effects,
                errand: &mut self.errand,
                message: &mut self.message,
            };
            screen.ahead(&mut ui);
        }
        let mut ahead = std::mem::replace(&mut self.effects, asked);
        ahead.sort_by_key(|effect| effect.lane == Lane::Later);
        ahead
    }
}
