//! What a screen is, and what it may ask for.

pub mod actions;
pub mod agenda;
mod agenda_lines;
pub mod calendar;
pub mod card;
pub mod card_data;
pub mod check;
pub mod drafts;
mod export;
pub mod find;
pub mod form;
pub mod home;
pub mod import;
pub mod list;
mod list_add;
mod list_ask;
mod list_export;
mod list_marks;
mod list_place;
mod list_read;
pub mod operations;
pub mod rates;
pub mod rows;
pub mod rules;
pub mod settings;
mod unit_choice;
pub mod unit_data;
pub mod units;
pub mod why;

use std::any::Any;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::command::{Command, Scope, State};
use super::editor::Errand;
use super::effect::{Cx, Effect, Job, Lane, LayerId, Then, then};
pub use super::keeper::DraftSlot;
use super::lang::{Lang, Msg, Text};
use super::modal::undoing::Undoing;
use super::root::Screens;
use super::theme::Theme;
use super::widget::typing::Aid;
use crate::app::undo::Way;
use crate::domain::record::Kind;

/// Every screen that the root opens by itself: one row a section.
pub const SCREENS: Screens = Screens {
    sections: &[
        |v| Box::new(home::HomeScreen::new(v)),
        |v| Box::new(units::TreeScreen::new(v)),
        |v| Box::new(list::ListScreen::register(Kind::Model, v)),
        |v| Box::new(list::ListScreen::register(Kind::Dialogue, v)),
        |v| Box::new(list::ListScreen::register(Kind::Petition, v)),
        |v| Box::new(list::ListScreen::register(Kind::Reception, v)),
        |v| Box::new(rates::RatesScreen::new(v)),
    ],
    find: |section| {
        let kinds = [
            Kind::Unit,
            Kind::Model,
            Kind::Dialogue,
            Kind::Petition,
            Kind::Reception,
        ];
        let kind = section.checked_sub(1).and_then(|at| kinds.get(at));
        Box::new(find::FindScreen::from(kind.copied()))
    },
    other: |c, v| {
        Some(match c {
            Command::Agenda => Box::new(agenda::AgendaScreen::new(v)),
            Command::Calendar => Box::new(calendar::CalendarScreen::new(v)),
            Command::Rules => Box::new(rules::RulesScreen::new(v)),
            Command::Settings => Box::new(settings::SettingsScreen::new(v)),
            Command::Drafts => Box::new(drafts::DraftsScreen::open()),
            Command::Undo => Box::new(Undoing::next(Way::Back)),
            Command::Redo => Box::new(Undoing::next(Way::Again)),
            Command::Operations => Box::new(operations::OperationsScreen::new(v)),
            _ => return None,
        })
    },
};

/// What everything on the screen depends on beside its own data.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Colours and signs.
    pub theme: Theme,
    /// The language of labels.
    pub lang: Lang,
    /// The day of every date rule.
    pub today: NaiveDate,
    /// Sample data: every screen says MẪU.
    pub sample: bool,
    /// Nothing may be written.
    pub read_only: bool,
    /// The typing aid.
    pub aid: Aid,
}

impl View {
    /// The form of `text` in the language of the screen.
    pub fn say(&self, text: Text) -> &'static str {
        text.get(self.lang)
    }
}

/// What a screen wants to happen next.
pub enum Flow {
    /// Nothing more.
    Stay,
    /// Not mine; the root decides.
    Pass,
    /// A screen over this one.
    Push(Box<dyn Screen>),
    /// Another screen in place of this one.
    Replace(Box<dyn Screen>),
    /// This screen is done.
    Pop,
    /// This screen is done: it saved this record.
    PopSaved(Kind, i64),
    /// This screen is done, and the one under it is to do this.
    PopThen(Then),
    /// This screen is done, and the one under it is to run this command.
    PopRun(Command),
    /// Another section.
    Go(u8),
    /// The program is done.
    Quit,
}

/// Where a screen stands, for the title line.
#[derive(Clone, Debug, Default)]
pub struct Title {
    /// The screen's own name; on the line it follows those of the screens under it.
    pub name: String,
    /// Unit, period, filter.
    pub about: Vec<String>,
    /// How many of how many, at the right.
    pub count: String,
}

/// One screen or modal: a layer of the stack.
pub trait Screen: Any {
    /// Its kind and what stands on it now; decides which commands apply.
    fn state(&self, v: &View) -> State;

    /// The title line.
    fn title(&self, v: &View) -> Title;

    /// Asks for its data, once, when it is put on the stack.
    fn start(&mut self, ui: &mut Ui) {
        self.read(ui);
    }

    /// Asks in a pause, before it is opened, for what it will ask for then; answers reach nobody.
    fn ahead(&mut self, ui: &mut Ui) {
        self.start(ui);
    }

    /// Reads what it shows, the selected row staying selected; says whether there is anything that others can change.
    fn read(&mut self, _ui: &mut Ui) -> bool {
        false
    }

    /// It stands in front again: the screen over it has gone, or its section was chosen.
    fn resume(&mut self, ui: &mut Ui) {
        self.read(ui);
    }

    /// A form over it saved this record.
    fn saved(&mut self, _kind: Kind, _id: i64, ui: &mut Ui) {
        self.resume(ui);
    }

    /// The day changed.
    fn new_day(&mut self, ui: &mut Ui) {
        self.resume(ui);
    }

    /// Another program has written: reads again what it shows, the selected row staying selected. False while that has
    /// to wait, as when something is typed or asked; it is then read when the screen is back in front.
    fn follow(&mut self, ui: &mut Ui) -> bool {
        self.read(ui)
    }

    /// A command of its scope.
    fn command(&mut self, c: Command, ui: &mut Ui) -> Flow;

    /// A key that is no command, while text is typed.
    fn text(&mut self, _key: KeyEvent, _ui: &mut Ui) -> Flow {
        Flow::Pass
    }

    /// Pasted text, while text is typed.
    fn paste(&mut self, _text: &str, _ui: &mut Ui) -> Flow {
        Flow::Pass
    }

    /// Something was typed that leaving would lose.
    fn dirty(&self) -> bool {
        false
    }

    /// A file is being read or written from here: leaving the program stops it.
    fn works(&self) -> bool {
        false
    }

    /// What was typed is given up with the program: nothing of it may stay behind.
    fn give_up(&mut self, _ui: &mut Ui) {}

    /// It asks before something that cannot simply be repeated: what was sent before it stood there is no answer.
    fn asks(&self) -> bool {
        false
    }

    /// Drawn over the screen under it rather than in its place.
    fn is_modal(&self) -> bool {
        false
    }

    /// The words of the message line when nothing else is to be said there.
    fn status(&self, _v: &View) -> Option<String> {
        None
    }

    /// What the rule under the title says at its right end: what lies outside the window. Asked after [`Screen::view`].
    fn beyond(&self, _v: &View) -> String {
        String::new()
    }

    /// The place within `body` of lines that tell about what its cursor stands on; they come when the cursor rests.
    /// Asked after [`Screen::view`] has drawn into `body`.
    fn follows(&self, _body: Rect) -> Option<Rect> {
        None
    }

    /// Draws into `area`; nothing can be asked for from here.
    fn view(&mut self, f: &mut Frame, area: Rect, v: &View);
}

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Note,
    /// It did not, or something needs care.
    Warn,
}

/// A message on the message line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The words.
    pub text: String,
    /// How serious.
    pub tone: Tone,
}

/// What a screen may ask for while it decides.
pub struct Ui<'a> {
    /// Language, day, theme.
    pub view: View,
    /// What was typed and is not saved yet.
    pub draft: &'a DraftSlot,
    /// The typing aid, for who changes it.
    pub aid: &'a mut Aid,
    pub(super) layer: LayerId,
    pub(super) tickets: &'a mut u64,
    pub(super) effects: &'a mut Vec<Effect>,
    pub(super) errand: &'a mut Option<Errand>,
    pub(super) message: &'a mut Option<Message>,
}

impl Ui<'_> {
    /// Has `job` done by the worker and hands its answer to `act` on this screen.
    pub fn run<S: Screen, T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Cx) -> T + Send + 'static,
        act: impl FnOnce(&mut S, T, &mut Ui) -> Flow + Send + 'static,
    ) {
        self.ask(Lane::Main, job, act);
    }

    /// The same for search as one types: a newer question of this screen makes older ones void.
    pub fn search<S: Screen, T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Cx) -> T + Send + 'static,
        act: impl FnOnce(&mut S, T, &mut Ui) -> Flow + Send + 'static,
    ) {
        self.ask(Lane::Search, job, act);
    }

    /// Has a long `job` done aside, on a connection of its own; what it tells on its way goes to `heard`.
    pub fn aside<S: Screen, P: Send + 'static, T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Cx, &dyn Fn(P)) -> T + Send + 'static,
        heard: fn(&mut S, P, &mut Ui),
        act: impl FnOnce(&mut S, T, &mut Ui) -> Flow + Send + 'static,
    ) {
        let work: Job = Box::new(move |cx, tell| {
            let told = |part: P| {
                tell(then::<S>(move |screen, ui| {
                    heard(screen, part, ui);
                    Flow::Stay
                }));
            };
            let answer = job(cx, &told);
            then::<S>(move |screen, ui| act(screen, answer, ui))
        });
        self.post(Lane::Aside, work);
    }

    /// Has done in a short pause what may be asked for next, so that nobody waits for a disk then; its answer goes nowhere.
    pub fn later<T>(&mut self, job: impl FnOnce(&mut Cx) -> T + Send + 'static) {
        let work: Job = Box::new(move |cx, _| {
            drop(job(cx));
            Box::new(|_, _| Flow::Stay)
        });
        self.post(Lane::Later, work);
    }

    fn ask<S: Screen, T: Send + 'static>(
        &mut self,
        lane: Lane,
        job: impl FnOnce(&mut Cx) -> T + Send + 'static,
        act: impl FnOnce(&mut S, T, &mut Ui) -> Flow + Send + 'static,
    ) {
        let work: Job = Box::new(move |cx, _| {
            let answer = job(cx);
            then::<S>(move |screen, ui| act(screen, answer, ui))
        });
        self.post(lane, work);
    }

    fn post(&mut self, lane: Lane, job: Job) {
        *self.tickets += 1;
        self.effects.push(Effect {
            layer: self.layer,
            ticket: *self.tickets,
            lane,
            job,
        });
    }

    /// Has a text edited in the user's own editor, once the turn is over; `of` is its draft and field.
    pub fn edit<S: Screen>(
        &mut self,
        of: (String, &'static str),
        text: String,
        act: impl FnOnce(&mut S, Result<String, Msg>, &mut Ui) -> Flow + Send + 'static,
    ) {
        *self.errand = Some(Errand {
            layer: self.layer,
            of,
            text,
            then: Box::new(move |back| then::<S>(move |screen, ui| act(screen, back, ui))),
        });
    }

    /// Says that something worked.
    pub fn note(&mut self, text: impl Into<String>) {
        *self.message = Some(Message {
            text: text.into(),
            tone: Tone::Note,
        });
    }

    /// Says that something did not.
    pub fn warn(&mut self, text: impl Into<String>) {
        *self.message = Some(Message {
            text: text.into(),
            tone: Tone::Warn,
        });
    }

    /// The form of `text` in the language of the screen.
    pub fn say(&self, text: Text) -> &'static str {
        text.get(self.view.lang)
    }
}

/// A state with nothing but its scope and whether writing is allowed.
pub fn plain_state(scope: Scope, v: &View) -> State {
    State {
        read_only: v.read_only,
        ..State::new(scope)
    }
}
