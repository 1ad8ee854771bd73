//! The program from the shell: one command, one file with its arguments, its run and its output.
//!
//! Data go to stdout, notes to stderr; exit codes are the contract's, section 1.
mod calendar;
mod check;
mod demo;
mod draft;
mod due;
mod export;
mod figures;
mod find;
mod flags;
mod freeze;
mod import;
mod info;
mod init;
mod likely;
mod list;
mod out;
mod petition;
mod rates;
mod register;
mod rule;
mod secret;
mod set;
mod settings;
mod show;
mod slip;
mod tree;
mod type_;
mod upkeep;
mod write;

pub use settings::Color;

use crate::app::{Config, Cx};
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::{Lang, Msg};
use crate::exchange::read::child;
use chrono::NaiveDate;
use clap::ArgMatches;
use clap::error::ErrorKind;
use out::{Done, Fail, Out, note, usage};
use settings::Settings;
use std::ffi::OsString;
use std::path::Path;

/// What the terminal program is started with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Where things are.
    pub config: Config,
    /// Language.
    pub lang: Lang,
    /// Nothing outside ASCII but letters.
    pub ascii: bool,
    /// Colours.
    pub color: Color,
    /// No other program is started from the screens.
    pub no_editor: bool,
}

/// What `main` knows of the terminal program, which this layer never sees.
#[derive(Debug, Clone, Copy)]
pub struct Hooks {
    /// The table of commands as JSON.
    pub keys_json: fn() -> serde_json::Value,
    /// The same for people.
    pub keys_table: fn(Lang) -> String,
    /// Starts the terminal program; its exit code.
    pub start: fn(Start) -> i32,
    /// Has a crash reported into this folder, under the verbs of the command that runs.
    pub guard: fn(&Path, Lang, String),
}

/// One call of the program.
struct Call<'a> {
    lang: Lang,
    out: Out,
    settings: Settings,
    hooks: &'a Hooks,
}

impl Call<'_> {
    /// The office's database, opened as the flags say.
    fn open(&self) -> Result<Cx, Fail> {
        let mut tell = |begun: &Msg| self.say(&begun.vi, &begun.en);
        let mut cx = Cx::open_telling(&self.settings.config(), &mut tell)?;
        if let Some(done) = cx.take_resumed() {
            self.say(&done.vi, &done.en);
        }
        if cx.read_only() && !self.settings.read_only.0 {
            self.say(
                "Tệp chỉ cho đọc: mở để xem, không ghi được.",
                "The file is read-only: opened for reading.",
            );
        }
        Ok(cx)
    }

    fn today(&self) -> NaiveDate {
        self.settings.config().today()
    }

    /// A note on stderr.
    fn say(&self, vi: &str, en: &str) {
        note(match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        });
    }

    fn text(&self, msg: &Msg) -> String {
        msg.get(self.lang).to_owned()
    }
}

/// Runs the program; the exit code.
#[must_use]
pub fn run(args: Vec<OsString>, hooks: &Hooks) -> i32 {
    // The other end of an import of a spreadsheet: no settings, no log, no database.
    if args.get(1).is_some_and(|word| word == child::COMMAND) {
        return child::serve();
    }
    let lang = settings::early_lang(&args);
    let matches = match tree::root(lang).try_get_matches_from(flags::join_booleans(args)) {
        Ok(matches) => matches,
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let mut out = Out::new();
            let text = tree::localise(&e.render().to_string(), lang);
            let done = out.raw(&text).and_then(|()| out.flush());
            return finish(done.map(|()| 0), lang);
        }
        Err(e) => {
            tree::complain(&e, lang);
            return 2;
        }
    };
    let settings = match Settings::load(&matches) {
        Ok(settings) => settings,
        Err(fail) => return finish(Err(fail), lang),
    };
    let lang = settings.lang.0;
    (hooks.guard)(&settings.state_dir, lang, verbs(&matches));
    let mut call = Call {
        lang,
        out: Out::new(),
        settings,
        hooks,
    };
    let done = dispatch(&mut call, &matches);
    let flushed = call.out.flush();
    let done = match (done, flushed) {
        (Ok(_), Err(fail)) => Err(fail),
        (done, _) => done,
    };
    finish(done, lang)
}

/// The verbs of a command without its arguments, which may name a citizen.
fn verbs(matches: &ArgMatches) -> String {
    let mut verbs = Vec::new();
    let mut at = matches.subcommand();
    while let Some((verb, below)) = at {
        verbs.push(verb);
        at = below.subcommand();
    }
    verbs.join(" ")
}

fn finish(done: Done, lang: Lang) -> i32 {
    match done {
        Ok(code) => code,
        Err(Fail::Gone) => 0,
        Err(Fail::App(error)) => {
            note(&error.text(lang));
            error.exit_code()
        }
    }
}

fn dispatch(call: &mut Call, m: &ArgMatches) -> Done {
    let Some((name, sub)) = m.subcommand() else {
        return init::start(call);
    };
    if let Some(kind) = Kind::from_code(name) {
        return register::run(call, kind, sub);
    }
    match name {
        "find" => find::run(call, sub),
        "due" => due::run(call, sub),
        "rates" => rates::run(call, sub),
        "figures" => figures::run(call, sub),
        "check" => check::run(call, sub),
        "calendar" => calendar::run(call, sub),
        "rule" => rule::run(call, sub),
        "set" => set::run(call, sub),
        "freeze" => freeze::run(call, sub),
        "import" => import::run(call, sub),
        "export" => export::run(call, sub),
        "demo" => demo::run(call, sub),
        "init" => init::run(call, sub),
        "backup" => upkeep::backup(call, sub),
        "restore" => upkeep::restore(call, sub),
        "doctor" => upkeep::doctor(call, sub),
        "draft" => draft::run(call, sub),
        "type" => type_::run(call, sub),
        "schema" => info::schema(call, sub),
        "keys" => info::keys(call, sub),
        "info" => info::info(call, sub),
        "completions" => info::completions(call, sub),
        "man" => info::man(call),
        other => Err(usage(
            format!("không có lệnh «{other}»"),
            format!("no command \"{other}\""),
        )),
    }
}
