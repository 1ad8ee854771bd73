//! What the loop is told.

use ratatui::crossterm::event::{Event, KeyEvent};

use super::effect::Answer;
use crate::app::Error;

/// One message to the main loop.
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted, marked as such by the terminal.
    Paste(String),
    /// The terminal has another size, or must be painted again.
    Resize,
    /// A job is done.
    Answer(Answer),
    /// A minute has passed; the day may have changed.
    Minute,
    /// No key has come for a moment: what follows the cursor may be drawn.
    Rest,
    /// Something went wrong behind the screens, as keeping a draft or making the copy of the day.
    Trouble(Error),
}

impl Msg {
    /// Whether it is something typed.
    pub fn is_typed(&self) -> bool {
        matches!(self, Msg::Key(_) | Msg::Paste(_))
    }

    /// The message of a terminal event; `None` for what nothing uses.
    pub fn of(event: Event) -> Option<Msg> {
        match event {
            Event::Key(key) => Some(Msg::Key(key)),
            Event::Paste(text) => Some(Msg::Paste(text)),
            Event::Resize(..) => Some(Msg::Resize),
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
        }
    }
}
