//! What a screen asks to be done: a job for the worker's own connection, and what to do with its answer.

use super::screen::{Flow, Screen, Ui};

/// The context that jobs run in, with its own connection.
pub use crate::app::Cx;

/// The layer that asked; an answer for a layer that has gone is dropped.
pub type LayerId = u64;

/// What to do with an answer, on the screen that asked.
pub type Then = Box<dyn FnOnce(&mut dyn Screen, &mut Ui) -> Flow + Send>;

/// Hands an answer to the screen while the work still goes on.
pub type Tell<'a> = &'a dyn Fn(Then);

/// The work itself; it runs on the worker thread (inline in tests) and never on the thread that reads keys.
pub type Job = Box<dyn FnOnce(&mut Cx, Tell) -> Then + Send>;

/// Which queue a job waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// One after the other, none is lost: saving, opening.
    Main,
    /// One running and one waiting, the newest wins: search as one types.
    Search,
    /// By itself, on a connection of its own: what takes long and must not keep others waiting.
    Aside,
    /// In a short pause, for the memory of the system alone: what may be asked for next. The newest wins, and whatever is
    /// asked for ends it.
    Later,
}

/// A job on its way.
pub struct Effect {
    /// Who asked.
    pub layer: LayerId,
    /// Which of its questions this is; of a search only the newest is answered.
    pub ticket: u64,
    /// The queue.
    pub lane: Lane,
    /// The work.
    pub job: Job,
}

impl Effect {
    /// Does the work, by calendar, rules and settings as they are now, and gives the message that answers; what is to be
    /// known before goes to `out`.
    pub fn run(self, cx: &mut Cx, out: &dyn Fn(Answer)) -> Answer {
        // Where they cannot be read, the work itself meets the reason and says it; or nobody waits for it any more.
        let _ = cx.refresh();
        let Effect {
            layer,
            ticket,
            lane,
            job,
        } = self;
        let answer = |then| Answer {
            layer,
            ticket,
            lane,
            then,
        };
        answer(job(cx, &|then| out(answer(then))))
    }
}

/// The answer to an [`Effect`].
pub struct Answer {
    /// Who asked.
    pub layer: LayerId,
    /// Which of its questions is answered.
    pub ticket: u64,
    /// The queue it came from.
    pub lane: Lane,
    /// What to do with it.
    pub then: Then,
}

/// Wraps what is to be done on a screen of type `S`; any other screen only reads its data again.
pub fn then<S: Screen>(act: impl FnOnce(&mut S, &mut Ui) -> Flow + Send + 'static) -> Then {
    Box::new(move |screen, ui| {
        let any: &mut dyn std::any::Any = screen;
        if let Some(screen) = any.downcast_mut::<S>() {
            return act(screen, ui);
        }
        screen.resume(ui);
        Flow::Stay
    })
}
