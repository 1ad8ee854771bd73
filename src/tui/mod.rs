//! The terminal program: a stack of screens over the use cases of `app`.
//!
//! Keys become commands through one table, commands return what is to be asked of the worker, answers come back as
//! messages, and a frame is drawn only after messages, in one write, or not at all when nothing changed.

pub mod backend;
pub mod command;
pub mod effect;
pub mod hangup;
pub mod keymap;
pub mod lang;
pub mod loop_;
pub mod modal;
pub mod msg;
pub mod root;
pub mod screen;
mod table;
pub mod terminal;
pub mod theme;
pub mod widget;
pub mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::channel;

use chrono::NaiveDate;
use ratatui::Terminal;

use backend::LeanBackend;
use effect::Cx;
use hangup::{HUNG_UP, end};
use loop_::Channel;
use root::{Root, Screens};
use screen::{DraftSlot, Screen, View};
use terminal::{SaveDraft, Tty};
use worker::Worker;

/// What the terminal program starts with.
pub struct Start {
    /// Language, day, theme, marks.
    pub view: View,
    /// The screens.
    pub screens: Screens,
    /// Put over the first screen, as the question about a draft.
    pub first: Option<Box<dyn Screen>>,
    /// The connection that saves, and the one that searches.
    pub connections: (Cx, Cx),
    /// Where forms keep what is typed.
    pub draft: DraftSlot,
    /// Stores what stands there.
    pub save: SaveDraft,
    /// Where a crash report goes.
    pub state_folder: PathBuf,
    /// Says what day it is.
    pub clock: Box<dyn Fn() -> NaiveDate>,
}

/// Runs the terminal program until the user leaves it. Fails when there is no terminal; when the terminal goes while
/// it runs, the process ends here with 129.
pub fn run(start: Start) -> io::Result<()> {
    let tty = Tty::enter()?;
    terminal::install_panic_hook(
        start.state_folder,
        start.view.lang,
        SaveDraft::clone(&start.save),
    );
    let (out, messages) = channel();
    hangup::watch(&start.save, &out)?;
    let (main, search) = start.connections;
    let worker = Worker::start(main, search, out)?;
    let mut screen = Terminal::new(LeanBackend::new(tty.writer()?, terminal::size))?;
    let mut root = Root::new(start.view, start.screens, start.draft, start.clock);
    root.start();
    if let Some(first) = start.first {
        root.push(first);
    }
    let done = loop_::run(
        &mut screen,
        &mut root,
        &mut Channel::new(messages),
        &mut |effect| worker.post(effect),
    );
    if done.is_err() {
        end(HUNG_UP, &start.save);
    }
    worker.finish();
    Ok(())
}
