//! The main loop: wait for messages, let the root handle all that are there, then draw once.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::editor::Errand;
use super::effect::Effect;
use super::lang;
use super::msg::Msg;
use super::root::Root;

/// Where messages come from.
pub trait Source {
    /// Waits for at least one message and gives all that are there; `None` when no more can come. With `rest` the
    /// message that no key has come for a moment is one of them.
    fn next(&mut self, rest: bool) -> Option<Batch>;
}

/// The messages of one turn.
pub struct Batch {
    /// In the order in which they came.
    pub messages: Vec<Msg>,
    /// How long nothing had come before them.
    pub pause: Duration,
}

/// The messages of the real program: keys and answers from their threads, and one tick a minute.
pub struct Channel {
    messages: Receiver<Msg>,
    last: Instant,
    /// When the last key came.
    touched: Instant,
}

/// How often the day is looked at.
const MINUTE: Duration = Duration::from_secs(60);
/// How long no key has come when the cursor rests.
const REST: Duration = Duration::from_millis(400);

impl Channel {
    /// A source over what the threads send.
    pub fn new(messages: Receiver<Msg>) -> Channel {
        Channel {
            messages,
            last: Instant::now(),
            touched: Instant::now(),
        }
    }
}

impl Source for Channel {
    fn next(&mut self, rest: bool) -> Option<Batch> {
        let patience = if rest {
            REST.saturating_sub(self.touched.elapsed())
        } else {
            MINUTE
        };
        let first = match self.messages.recv_timeout(patience) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) if rest => Msg::Rest,
            Err(RecvTimeoutError::Timeout) => Msg::Minute,
            Err(RecvTimeoutError::Disconnected) => return None,
        };
        let pause = self.last.elapsed();
        let mut messages = vec![first];
        messages.extend(self.messages.try_iter());
        self.last = Instant::now();
        if messages.iter().any(Msg::is_typed) {
            self.touched = self.last;
        }
        Some(Batch { messages, pause })
    }
}

/// Runs until the root is done. `post` hands jobs to the worker, `edit` a text to the user's own editor.
pub fn run<B: Backend>(
    terminal: &mut Terminal<B>,
    root: &mut Root,
    source: &mut impl Source,
    post: &mut dyn FnMut(Effect),
    edit: &mut dyn FnMut(&Errand) -> Result<String, lang::Msg>,
) -> Result<(), B::Error> {
    loop {
        root.take_effects().into_iter().for_each(&mut *post);
        if let Some(errand) = root.take_errand() {
            let text = edit(&errand);
            root.edited(errand, text);
            continue;
        }
        if root.take_repaint() {
            terminal.clear()?;
        }
        if root.take_changed() {
            terminal.draw(|frame| root.view(frame))?;
        }
        if root.is_done() {
            return Ok(());
        }
        match source.next(root.waits_for_rest()) {
            Some(batch) => root.handle(batch),
            None => return Ok(()),
        }
    }
}
