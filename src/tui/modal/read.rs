//! A text to read over the screen: why a date is what it is, the history of a record.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::frame;
use crate::tui::command::{Command, Scope, State};
use crate::tui::screen::{Flow, Screen, Title, Ui, View, plain_state};
use crate::tui::widget::card::{Card, Item};

/// A titled text that scrolls.
pub struct Read {
    title: String,
    card: Card<()>,
    high: u16,
}

impl Read {
    /// A text made of entries of a card.
    pub fn new(title: String, items: Vec<Item<()>>) -> Read {
        let high = u16::try_from(items.len())
            .unwrap_or(u16::MAX)
            .saturating_add(2);
        let mut card = Card::default();
        card.set(items);
        Read { title, card, high }
    }
}

impl Screen for Read {
    fn state(&self, v: &View) -> State {
        plain_state(Scope::Read, v)
    }

    fn title(&self, _v: &View) -> Title {
        Title {
            name: self.title.clone(),
            ..Title::default()
        }
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn command(&mut self, c: Command, _ui: &mut Ui) -> Flow {
        if self.card.command(c) {
            Flow::Stay
        } else {
            Flow::Pass
        }
    }

    fn view(&mut self, f: &mut Frame, area: Rect, v: &View) {
        // A line may wrap, so the box may be higher than the entries are many.
        let high = self.high.saturating_add(self.high / 2).max(8);
        let inner = frame::open(f, area, (78, high), &self.title, v);
        self.card.view(f, inner, v, true);
    }
}
