//! What the loop is told.

use ratatui::crossterm::event::KeyEvent;

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
    /// Another program has written to the database.
    Elsewhere,
    /// No key has come for a moment: what follows the cursor may be drawn.
    Rest,
    /// The line to the terminal has taken a frame that others wait behind.
    Line,
    /// Something went wrong behind the screens, as keeping a draft or making the copy of the day.
    Trouble(Error),
}

impl Msg {
    /// Whether it is something typed.
    pub fn is_typed(&self) -> bool {
        matches!(self, Msg::Key(_) | Msg::Paste(_))
    }
}
