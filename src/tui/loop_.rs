//! The main loop: wait for messages, let the root handle all that are there, then draw once, as soon as the terminal has
//! taken what was drawn before. Nothing but the newest state is ever drawn.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::editor::Errand;
use super::effect::Effect;
use super::held::Held;
use super::lang;
use super::line::Line;
use super::msg::Msg;
use super::root::Root;

/// Where messages come from.
pub trait Source {
    /// Waits for at least one message and gives all that are there; `None` when no more can come.
    fn next(&mut self, wait: Wait) -> Option<Batch>;

    /// Whether the line to the terminal takes another frame now. Where it does not, [`Source::next`] comes back when it
    /// does.
    fn ready(&mut self) -> bool {
        true
    }

    /// A frame has been handed to the line.
    fn drawn(&mut self) {}
}

/// What else than a message is waited for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wait {
    /// That no key has come for a moment; [`Msg::Rest`] says so.
    pub rest: bool,
    /// That the line takes the frame that is due; a batch without messages may say so.
    pub line: bool,
    /// Letters that come are text.
    pub text: bool,
}

/// The messages of one turn.
pub struct Batch {
    /// In the order in which they came.
    pub messages: Vec<Msg>,
    /// How long nothing had come before them.
    pub pause: Duration,
}

/// The messages of the real program: keys and answers from their threads, and one tick a minute; its frames go to the
/// line one after the other.
pub struct Channel {
    messages: Receiver<Msg>,
    line: Line,
    begun: Instant,
    last: Instant,
    /// When the last key came.
    touched: Instant,
    /// The question that the terminal has not answered yet, and when it was asked.
    question: Option<(u64, Instant)>,
    /// A frame waits behind that question.
    waited: bool,
    held: Held,
}

/// How often the day is looked at.
const MINUTE: Duration = Duration::from_secs(60);
/// How long no key has come when the cursor rests.
const REST: Duration = Duration::from_millis(300);
/// How long an answer of the terminal is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much longer for each byte under way, at a terminal that has answered before: 9600 baud.
const PER_BYTE: Duration = Duration::from_micros(1_042);

impl Channel {
    /// A source over what the threads send, for frames that go to `line`.
    pub fn new(messages: Receiver<Msg>, line: Line) -> Channel {
        Channel {
            messages,
            line,
            begun: Instant::now(),
            last: Instant::now(),
            touched: Instant::now(),
            question: None,
            waited: false,
            held: Held::default(),
        }
    }

    /// How much longer the answer to the open question may take.
    fn patience(&mut self) -> Option<Duration> {
        let asked = self.line.asked();
        self.learn(asked.map(|asked| asked.number));
        let asked = asked?;
        let (_, since) = self.question.get_or_insert((asked.number, Instant::now()));
        let longer = if asked.answers {
            PER_BYTE.saturating_mul(asked.bytes)
        } else {
            Duration::ZERO
        };
        Some((PATIENCE + longer).saturating_sub(since.elapsed()))
    }

    /// Learns how long a frame took when its question is open no longer, if another frame had to wait for that.
    fn learn(&mut self, open: Option<u64>) {
        let answered = self.question.take_if(|(number, _)| Some(*number) != open);
        if let Some((_, since)) = answered
            && std::mem::take(&mut self.waited)
        {
            self.held.took(since.elapsed());
        }
    }

    /// Leaves out what a held key sends too much.
    fn pace(&mut self, messages: &mut Vec<Msg>, text: bool) {
        self.learn(self.line.asked().map(|asked| asked.number));
        let (now, busy) = (self.begun.elapsed(), self.line.is_busy());
        messages.retain(|message| match message {
            Msg::Key(key) => self.held.counts(*key, now, busy, text),
            Msg::Paste(_) => {
                self.held.end();
                true
            }
            _ => true,
        });
    }
}

impl Source for Channel {
    fn next(&mut self, wait: Wait) -> Option<Batch> {
        let rest = wait
            .rest
            .then(|| REST.saturating_sub(self.touched.elapsed()));
        let line = if wait.line { self.patience() } else { None };
        let patience = [rest, line].into_iter().flatten().min().unwrap_or(MINUTE);
        let first = match self.messages.recv_timeout(patience) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) if rest.is_some_and(|rest| rest <= patience) => {
                Some(Msg::Rest)
            }
            Err(RecvTimeoutError::Timeout) if line.is_some() => None,
            Err(RecvTimeoutError::Timeout) => Some(Msg::Minute),
            Err(RecvTimeoutError::Disconnected) => return None,
        };
        let pause = self.last.elapsed();
        let mut messages: Vec<Msg> = first.into_iter().collect();
        messages.extend(self.messages.try_iter());
        self.last = Instant::now();
        if messages.iter().any(Msg::is_typed) {
            self.touched = self.last;
        }
        self.pace(&mut messages, wait.text);
        Some(Batch { messages, pause })
    }

    fn ready(&mut self) -> bool {
        if self.line.takes() {
            return true;
        }
        let left = self.patience();
        self.waited = self.question.is_some();
        if left.is_some_and(|left| left.is_zero()) {
            self.line.give_up();
            (self.question, self.waited) = (None, false);
        }
        self.line.takes()
    }

    fn drawn(&mut self) {
        self.held.drawn();
        // From now on the answer is waited for.
        self.patience();
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
        let held = root.is_changed() && !source.ready();
        if !held {
            if root.take_repaint() {
                terminal.clear()?;
            }
            if root.take_changed() {
                terminal.draw(|frame| root.view(frame))?;
                source.drawn();
            }
        }
        if root.is_done() {
            return Ok(());
        }
        let wait = Wait {
            rest: root.waits_for_rest(),
            line: held,
            text: root.scope_is_text(),
        };
        match source.next(wait) {
            Some(batch) => root.handle(batch),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::fd::OwnedFd;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_frame_that_others_waited_behind_is_learned_from_however_busy_the_loop_was() {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let (out, messages) = channel();
        let mut line = Line::open(File::from(OwnedFd::from(writer)), true, out).unwrap();
        let mut source = Channel::new(messages, line.clone());
        let before = source.held.room();
        let mut frame = |source: &mut Channel, waits: bool| {
            line.write_all(&[b'x'; 300]).unwrap();
            reader.read_exact(&mut [0; 304]).unwrap();
            source.drawn();
            if waits {
                assert!(!source.ready());
            }
            // The answer comes while keys are handled; the next frame goes at once.
            line.answered();
            while !source.ready() {}
        };
        frame(&mut source, true);
        frame(&mut source, false);
        source.drawn();
        assert_eq!(
            source.held.room(),
            before + 1,
            "nothing waited behind the second"
        );
    }
}
