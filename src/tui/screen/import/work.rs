//! The long part of an import, on a thread and a connection of its own: keys, searches and saves go on meanwhile.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::app::import::{Plan, Prepared, Progress};
use crate::app::{Cx, Error, Result};
use crate::exchange::read::Stop;
use crate::transfer::{Import, Pace, Request};

/// What is to be done.
pub(super) enum Task {
    /// Open a file and find its headings.
    Open(Request),
    /// Judge its rows.
    Plan(Box<Import>),
    /// Write what was planned.
    Write(Box<Import>, Box<Prepared>),
}

/// What came of it.
pub(super) enum Got {
    /// The file, with how its table is understood.
    Opened(Box<Import>),
    /// The plan.
    Planned(Box<Import>, Box<Prepared>),
    /// What was written.
    Written(Plan),
    /// Why not; the file, when it is still open.
    Failed(Option<Box<Import>>, Error),
}

/// How far it is: the step, seconds left.
pub(super) type Far = (Progress, Option<i64>);

#[derive(Default)]
struct State {
    far: Option<Far>,
    turn: u64,
    got: Option<Got>,
}

/// A running work.
#[derive(Default)]
pub(super) struct Work {
    state: Mutex<State>,
    changed: Condvar,
    stop: Stop,
}

/// Milliseconds between two tellings: a line of 9,600 baud has time for them.
const BEAT: i64 = 700;

impl Work {
    /// Begins.
    pub(super) fn start(cx: &Cx, task: Task) -> Arc<Work> {
        let work = Arc::new(Work::default());
        let own = Arc::clone(&work);
        let started = cx.reopen().and_then(|mut cx| {
            std::thread::Builder::new()
                .name("import".to_owned())
                .spawn(move || {
                    let got = own.run(&mut cx, task);
                    own.tell(|state| state.got = Some(got));
                })
                .map_err(|e| Error::from(crate::exchange::read::Error::open_thread(&e)))
        });
        if let Err(error) = started {
            work.tell(|state| state.got = Some(Got::Failed(None, error)));
        }
        work
    }

    fn tell(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.turn += 1;
        self.changed.notify_all();
    }

    fn run(&self, cx: &mut Cx, task: Task) -> Got {
        let pace = Pace::default();
        let mut last = 0;
        let mut watch = |progress: Progress| {
            let now = crate::app::cx::millis();
            if now - last >= BEAT {
                last = now;
                self.tell(|state| state.far = Some((progress, pace.left(progress.part))));
            }
            !self.stop.asked()
        };
        match task {
            Task::Open(request) => {
                let folder = cx.config().state_dir.clone();
                match Import::open(&folder, &request, &self.stop) {
                    Ok(import) => Got::Opened(Box::new(import)),
                    Err(error) => Got::Failed(None, error),
                }
            }
            Task::Plan(mut import) => match import.prepare(cx, &mut watch) {
                Ok(prepared) => Got::Planned(import, Box::new(prepared)),
                Err(error) => Got::Failed(Some(import), error),
            },
            Task::Write(import, prepared) => {
                let done: Result<Plan> = import.carry_out(cx, *prepared, &mut watch);
                match done {
                    Ok(plan) => Got::Written(plan),
                    Err(error) => Got::Failed(Some(import), error),
                }
            }
        }
    }

    /// Waits for something new after `turn`: what came of it, or how far it is.
    pub(super) fn wait(&self, turn: u64) -> (u64, Option<Far>, Option<Got>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.turn <= turn && state.got.is_none() {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        (state.turn, state.far, state.got.take())
    }

    /// Asks for the end; nothing that was begun stays.
    pub(super) fn stop(&self) {
        self.stop.ask();
    }
}
