//! The terminal program: a stack of screens over the use cases of `app`.
//!
//! Keys become commands through one table, commands return what is to be asked of the worker, answers come back as
//! messages, and a frame is drawn only after messages, in one write, or not at all when nothing changed.

pub mod backend;
pub mod caps;
pub mod command;
pub mod crash;
pub mod decode;
pub mod editor;
pub mod effect;
pub mod hangup;
pub mod held;
pub mod keeper;
pub mod keymap;
pub mod lang;
pub mod line;
pub mod loop_;
pub mod modal;
pub mod msg;
mod reach;
pub mod root;
pub mod screen;
mod table;
pub mod terminal;
pub mod theme;
mod watch;
pub mod widget;
pub mod worker;

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use ratatui::Terminal;

use crate::app::upkeep::daily;
use crate::app::{Config, Cx, Error, drafts, typing};
use backend::LeanBackend;
use caps::Caps;
use hangup::{HUNG_UP, end};
use lang::{Lang, Msg, t};
use line::Line;
use loop_::Channel;
use root::Root;
use screen::drafts::DraftsScreen;
use screen::{DraftSlot, SCREENS, View};
use terminal::{SaveDraft, Tty};
use theme::{ColorLevel, Theme};
use widget::typing::Aid;
use worker::Worker;

/// How the terminal program looks and speaks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The language of labels and messages.
    pub lang: Lang,
    /// No sign outside ASCII in what the program draws itself.
    pub ascii: bool,
    /// Colour or none.
    pub color: ColorLevel,
}

/// The view of a database opened with these options.
pub fn view_of(cx: &Cx, options: Options) -> View {
    View {
        theme: Theme {
            color: options.color,
            ascii: options.ascii,
        },
        lang: options.lang,
        today: cx.today(),
        sample: cx.is_sample(),
        read_only: cx.read_only(),
        aid: Aid {
            method: typing::method(cx.config()),
            style: typing::style(cx).unwrap_or_default(),
            run: 0,
        },
    }
}

/// Runs the terminal program until the user leaves it and gives the exit code of the contract; a refusal is told on
/// stderr. When the terminal goes while it runs, the process ends inside with 129. With `no_editor` no other program
/// is started from the screens.
pub fn run(config: &Config, options: Options, no_editor: bool) -> i32 {
    let mut tell = |begun: &Msg| {
        // Without stderr there is nobody to tell.
        let _ = writeln!(io::stderr(), "{}", begun.get(options.lang));
    };
    match Cx::open_telling(config, &mut tell).and_then(|cx| serve(cx, options, no_editor)) {
        Ok(()) => 0,
        Err(error) => {
            // Without stderr there is nobody to tell.
            let _ = writeln!(io::stderr(), "danvan: {}", error.text(options.lang));
            error.exit_code()
        }
    }
}

fn serve(mut cx: Cx, options: Options, no_editor: bool) -> crate::app::Result<()> {
    let view = view_of(&cx, options);
    let config = cx.config().clone();
    editor::take_in(cx.config());
    let waiting = drafts::waiting(&cx);
    let resumed = cx.take_resumed();
    let draft = DraftSlot::over(config.clone());
    let save = keep_draft(draft.clone());
    let caps = Caps::of(&std::env::var("TERM").unwrap_or_default()).ok_or_else(no_screens)?;
    let tty = Tty::enter(caps).map_err(|error| no_terminal(&error))?;
    let running = crash::Running::Screens(SaveDraft::clone(&save));
    crash::install(config.state_dir.clone(), options.lang, running);
    let (out, messages) = channel();
    let line = tty
        .writer()
        .and_then(|tty| Line::open(tty, caps.report, out.clone()))
        .map_err(|error| no_terminal(&error))?;
    hangup::watch(&save, &out, &line).map_err(|error| no_terminal(&error))?;
    back_up(config.clone(), out.clone());
    draft
        .serve(out.clone())
        .map_err(|error| no_terminal(&error))?;
    let trouble = out.clone();
    let worker = Worker::start(cx, config.clone(), out).map_err(|error| no_terminal(&error))?;
    watch::start(&config.db, worker.looks()).map_err(|error| no_terminal(&error))?;
    let mut screen = Terminal::new(LeanBackend::new(line.clone(), caps, terminal::size))
        .map_err(|error| no_terminal(&error))?;
    let clock = config.clone();
    let mut root = Root::new(view, SCREENS, draft, move || clock.today());
    root.start();
    if let Some(done) = resumed {
        root.tell(done.get(view.lang));
    }
    match waiting {
        Ok(waiting) if waiting.is_empty() => {}
        Ok(waiting) => root.push(Box::new(DraftsScreen::new(waiting, &view))),
        // The loop is there to be told: it owns the receiver.
        Err(error) => drop(trouble.send(msg::Msg::Trouble(error))),
    }
    worker.ahead(root.ahead());
    let done = loop_::run(
        &mut screen,
        &mut root,
        &mut Channel::new(messages, line.clone()),
        &mut |effect| worker.post(effect),
        &mut |errand| {
            line.settle();
            editor::edit(errand, &config, no_editor)
        },
    );
    if done.is_err() {
        end(HUNG_UP, &save);
    }
    // A screen that goes gives up what it has going on aside.
    drop(root);
    worker.finish();
    line.settle();
    line.end();
    save();
    Ok(())
}

/// How long the copy of the day leaves disk and processor to the first screen.
const FIRST_SCREEN: Duration = Duration::from_secs(1);

/// Makes the copy of the day beside the screens, on a connection of its own: nobody waits for it, and what it could not
/// do is said.
fn back_up(config: Config, out: Sender<msg::Msg>) {
    let copy = move || {
        std::thread::sleep(FIRST_SCREEN);
        if let Err(error) = daily::daily(&config) {
            // With the loop gone nobody is left to tell.
            drop(out.send(msg::Msg::Trouble(error)));
        }
    };
    // Without a thread there is no copy today; `doctor` says so.
    drop(
        std::thread::Builder::new()
            .name("backup".to_owned())
            .spawn(copy),
    );
}

/// What a hang-up does with what stands in the forms.
fn keep_draft(slot: DraftSlot) -> SaveDraft {
    // Nobody is left to tell of a failure.
    Arc::new(move || {
        editor::into_draft(&slot);
        drop(slot.write());
    })
}

fn no_terminal(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::Unsupported => Error::Usage(
            t(
                "màn hình chỉ mở được trên một cửa sổ lệnh; «danvan --help» liệt kê các lệnh khác",
                "the screens need a terminal; \"danvan --help\" lists the other commands",
            )
            .into(),
        ),
        _ => Error::Write(Msg::new(
            format!("không mở được cửa sổ lệnh: {error}"),
            format!("could not open the terminal: {error}"),
        )),
    }
}

fn no_screens() -> Error {
    Error::Usage(
        t(
            "cửa sổ lệnh này (TERM) không hiện được màn hình; đặt TERM=xterm nếu thật ra hiện được, hoặc dùng các lệnh trong «danvan --help»",
            "this terminal (TERM) cannot show the screens; set TERM=xterm if it really can, or use the commands of \"danvan --help\"",
        )
        .into(),
    )
}
