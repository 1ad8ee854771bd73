//! The threads that do the jobs, each on a connection of its own, so that no SQL runs where keys are read.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::effect::{Cx, Effect, Lane};
use super::msg::Msg;
use crate::app::Config;

/// One waiting search; a newer one takes its place.
#[derive(Default)]
struct Slot {
    waiting: Mutex<Option<Effect>>,
    filled: Condvar,
}

/// The way to the two worker threads.
pub struct Worker {
    main: Sender<Effect>,
    thread: JoinHandle<()>,
    search: Arc<Slot>,
}

impl Worker {
    /// Starts the threads; `main` serves what must not be lost, a second connection as `config` says what the next key
    /// makes void. That one is opened with the first search: most who come to look at a list never need it.
    pub fn start(main: Cx, config: Config, out: Sender<Msg>) -> io::Result<Worker> {
        let (sender, jobs) = channel();
        let slot = Arc::new(Slot::default());
        let (waiting, answers) = (Arc::clone(&slot), out.clone());
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || serve(&jobs, main, &out))?;
        thread::Builder::new()
            .name("search".to_owned())
            .spawn(move || serve_newest(&waiting, &config, &answers))?;
        Ok(Worker {
            main: sender,
            thread,
            search: slot,
        })
    }

    /// Hands a job over.
    pub fn post(&self, effect: Effect) {
        match effect.lane {
            // The thread ends only with the program; then nobody waits for the answer either.
            Lane::Main => drop(self.main.send(effect)),
            Lane::Search => {
                *self
                    .search
                    .waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(effect);
                self.search.filled.notify_one();
            }
        }
    }

    /// Waits for the jobs that were handed over to be done; nothing that was to be saved is cut short.
    pub fn finish(self) {
        drop(self.main);
        // A worker that panicked has ended the program already.
        let _ = self.thread.join();
    }
}

fn serve(jobs: &Receiver<Effect>, mut cx: Cx, out: &Sender<Msg>) {
    for effect in jobs {
        // With the loop gone nobody waits for the answer, but the job is to be done all the same.
        drop(out.send(Msg::Answer(effect.run(&mut cx))));
    }
}

fn serve_newest(slot: &Slot, config: &Config, out: &Sender<Msg>) {
    let mut own = None;
    loop {
        let mut waiting = slot.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let effect = loop {
            match waiting.take() {
                Some(effect) => break effect,
                None => {
                    waiting = slot
                        .filled
                        .wait(waiting)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        };
        drop(waiting);
        let opened = own.take().map_or_else(|| Cx::open(config), Ok);
        let told = match opened {
            Ok(mut cx) => {
                let answer = effect.run(&mut cx);
                own = Some(cx);
                out.send(Msg::Answer(answer))
            }
            // The next key tries again.
            Err(error) => out.send(Msg::Trouble(error)),
        };
        if told.is_err() {
            return;
        }
    }
}
