//! The stack of screens: sends each message where it belongs and draws what stands in front.

use std::collections::HashMap;
use std::time::Duration;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::crossterm::event::KeyEvent;

use super::command::{self, Command};
use super::editor::Errand;
use super::effect::{Answer, Effect, Lane, LayerId};
use super::lang::{Text, t};
use super::loop_::Batch;
use super::modal::confirm::Confirm;
use super::modal::palette::Palette;
use super::msg::Msg;
use super::screen::{DraftSlot, Flow, Message, Screen, Tone, Ui, View};
use super::widget::typing::AS_TYPED;
use rest::Rest;

mod ahead;
mod input;
mod layout;
mod rest;

/// Makes a screen.
pub type Build = fn(&View) -> Box<dyn Screen>;

/// The screens a root can open by itself.
#[derive(Clone, Copy)]
pub struct Screens {
    /// The base screens; digit 1 is the first.
    pub sections: &'static [Build],
    /// Find in all registers, opened in a section, counted from 0.
    pub find: fn(usize) -> Box<dyn Screen>,
    /// The screens that a command opens from anywhere.
    pub other: fn(Command, &View) -> Option<Box<dyn Screen>>,
}

struct Layer {
    id: LayerId,
    screen: Box<dyn Screen>,
}

/// The whole state of the terminal program.
pub struct Root {
    view: View,
    screens: Screens,
    clock: Box<dyn Fn() -> NaiveDate>,
    /// One stack for each section, so that coming back finds what one left.
    stacks: Vec<Vec<Layer>>,
    current: usize,
    draft: DraftSlot,
    message: Option<Message>,
    effects: Vec<Effect>,
    errand: Option<Errand>,
    tickets: u64,
    layers: LayerId,
    newest: HashMap<LayerId, u64>,
    /// Keys that come now belong to a pasted text.
    in_burst: bool,
    /// It was said that two typing aids work at once.
    two_aids: bool,
    /// How long no key has come.
    quiet: Duration,
    /// Others have written since what stands in front was read.
    stale: bool,
    rest: Rest,
    changed: bool,
    repaint: bool,
    done: bool,
}

impl Root {
    /// A root that will open the first section; `clock` says what day it is.
    pub fn new(
        view: View,
        screens: Screens,
        draft: DraftSlot,
        clock: impl Fn() -> NaiveDate + 'static,
    ) -> Root {
        Root {
            view,
            screens,
            clock: Box::new(clock),
            stacks: screens.sections.iter().map(|_| Vec::new()).collect(),
            current: 0,
            draft,
            message: None,
            effects: Vec::new(),
            errand: None,
            tickets: 0,
            layers: 0,
            newest: HashMap::new(),
            in_burst: false,
            two_aids: false,
            quiet: Duration::ZERO,
            stale: false,
            rest: Rest::default(),
            changed: true,
            repaint: false,
            done: false,
        }
    }

    /// Opens the first section.
    pub fn start(&mut self) {
        self.go(1);
    }

    /// Puts a screen over what stands in front, as the start does with a question about a draft.
    pub fn push(&mut self, screen: Box<dyn Screen>) {
        let stack = self.current;
        self.open(stack, screen);
    }

    /// The jobs asked for since the last call.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        let effects = std::mem::take(&mut self.effects);
        for effect in effects.iter().filter(|e| e.lane == Lane::Search) {
            self.newest.insert(effect.layer, effect.ticket);
        }
        effects
    }

    /// The text to be edited outside, if one was asked for.
    pub fn take_errand(&mut self) -> Option<Errand> {
        self.errand.take()
    }

    /// The editor has ended: its text goes to the screen that asked, and everything is painted again.
    pub fn edited(&mut self, errand: Errand, text: Result<String, super::lang::Msg>) {
        self.repaint = true;
        self.answer(Answer {
            layer: errand.layer,
            ticket: 0,
            lane: Lane::Main,
            then: (errand.then)(text),
        });
    }

    /// Whether a frame is due.
    pub fn is_changed(&self) -> bool {
        self.changed || self.repaint
    }

    /// The same; it is due no longer.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Whether the whole screen is to be sent again.
    pub fn take_repaint(&mut self) -> bool {
        std::mem::take(&mut self.repaint)
    }

    /// Whether a frame is due once no key has come for a moment.
    pub fn waits_for_rest(&self) -> bool {
        self.rest.waits()
    }

    /// Whether the program is over.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What the message line says.
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    /// Says something on the message line.
    pub fn tell(&mut self, text: &str) {
        self.say(Tone::Note, text);
    }

    /// Handles the messages of one turn.
    pub fn handle(&mut self, batch: Batch) {
        self.quiet = self.quiet.saturating_add(batch.pause);
        if batch.messages.iter().any(Msg::is_typed) {
            self.in_burst &= self.quiet < input::BURST_PAUSE;
            self.view.aid.run += u64::from(self.quiet >= input::KEYBOARD_PAUSE);
            self.quiet = Duration::ZERO;
            self.rest.stir();
        }
        let mut rest = batch.messages.into_iter().peekable();
        let mut keys: Vec<KeyEvent> = Vec::new();
        while let Some(message) = rest.next() {
            match message {
                Msg::Key(key) => {
                    keys.push(key);
                    if !matches!(rest.peek(), Some(Msg::Key(_))) {
                        self.keys(&std::mem::take(&mut keys));
                    }
                }
                Msg::Paste(text) => self.paste(&text),
                Msg::Resize => self.changed = true,
                Msg::Answer(answer) => self.answer(answer),
                Msg::Minute => self.minute(),
                Msg::Elsewhere => self.stale = true,
                Msg::Line => {}
                Msg::Rest => self.changed |= self.rest.come(),
                Msg::Trouble(error) => self.say(Tone::Warn, &error.text(self.view.lang)),
            }
            if self.done {
                return;
            }
        }
        if self.stale {
            self.stale = !self.front(|screen, ui| screen.follow(ui)).unwrap_or(true);
        }
    }

    /// Runs a command on the screen in front; what the screen passes on is the root's.
    fn command(&mut self, c: Command) {
        command::note_last(c);
        self.changed = true;
        let flow = match c {
            Command::Repaint => {
                self.repaint = true;
                return;
            }
            _ => self.front(|screen, ui| screen.command(c, ui)),
        };
        match flow {
            Some(Flow::Pass) => self.own_command(c),
            flow => self.apply_front(flow),
        }
    }

    fn own_command(&mut self, c: Command) {
        let stack = self.current;
        let depth = self.stacks.get(stack).map_or(0, Vec::len);
        match c {
            Command::Help | Command::Palette => {
                if let Some(state) = self.front(|screen, ui| screen.state(&ui.view)) {
                    self.open(stack, Box::new(Palette::new(state, self.view.lang)));
                }
            }
            Command::Find => {
                let screen = (self.screens.find)(stack);
                self.open(stack, screen);
            }
            Command::Section(n) => self.go(n),
            Command::TypingAid => self.switch_aid(),
            Command::AsTyped => self.text(AS_TYPED),
            Command::Quit => self.quit(false),
            Command::Back | Command::Close | Command::Cancel if depth > 1 => {
                self.pop(stack, depth - 1)
            }
            Command::Close if stack == 0 => self.quit(true),
            Command::Close => self.go(1),
            _ => {
                if let Some(screen) = (self.screens.other)(c, &self.view) {
                    self.open(stack, screen);
                }
            }
        }
    }

    /// Ends the program; asks when something typed would be lost, or when `ask` says so.
    fn quit(&mut self, ask: bool) {
        let layers = || self.stacks.iter().flatten();
        let dirty = layers().any(|layer| layer.screen.dirty());
        let works = layers().any(|layer| layer.screen.works());
        if !dirty && !works && !ask {
            self.done = true;
            return;
        }
        let say = |text: Text| text.get(self.view.lang).to_owned();
        let question = say(t("Thoát chương trình?", "Leave the program?"));
        let lost = t(
            "Có biểu chưa lưu: những gì vừa nhập sẽ bỏ.",
            "A form is not saved: what was typed will be lost.",
        );
        let stopped = t(
            "Tệp đang nhập hoặc xuất sẽ dừng, không để lại gì.",
            "The file that is being read or written stops and leaves nothing.",
        );
        let detail = [(dirty, lost), (works, stopped)].into_iter();
        let detail = detail
            .filter(|(holds, _)| *holds)
            .map(|(_, text)| say(text))
            .collect();
        let stack = self.current;
        self.open(stack, Box::new(Confirm::new(question, detail, Flow::Quit)));
    }

    /// Ends the program with the user's yes: what was typed is given up, and so are its drafts.
    fn leave(&mut self) {
        for stack in 0..self.stacks.len() {
            for at in 0..self.stacks.get(stack).map_or(0, Vec::len) {
                self.with(stack, at, |screen, ui| {
                    if screen.dirty() {
                        screen.give_up(ui);
                    }
                });
            }
        }
        self.done = true;
    }

    fn answer(&mut self, answer: Answer) {
        if answer.lane == Lane::Search && self.newest.get(&answer.layer) != Some(&answer.ticket) {
            return;
        }
        let place = self.stacks.iter().enumerate().find_map(|(stack, layers)| {
            layers
                .iter()
                .position(|layer| layer.id == answer.layer)
                .map(|at| (stack, at))
        });
        let Some((stack, at)) = place else { return };
        self.changed = true;
        let then = answer.then;
        if let Some(flow) = self.with(stack, at, |screen, ui| then(screen, ui)) {
            self.apply(stack, at, flow);
        }
    }

    fn minute(&mut self) {
        let today = (self.clock)();
        if today == self.view.today {
            return;
        }
        self.view.today = today;
        self.changed = true;
        for stack in 0..self.stacks.len() {
            for at in 0..self.stacks.get(stack).map_or(0, Vec::len) {
                self.with(stack, at, |screen, ui| screen.new_day(ui));
            }
        }
    }

    fn say(&mut self, tone: Tone, text: &str) {
        self.message = Some(Message {
            text: text.to_owned(),
            tone,
        });
        self.changed = true;
    }

    /// Does something with the screen in front.
    fn front<R>(&mut self, act: impl FnOnce(&mut dyn Screen, &mut Ui) -> R) -> Option<R> {
        let at = self.stacks.get(self.current)?.len().checked_sub(1)?;
        self.with(self.current, at, act)
    }

    fn with<R>(
        &mut self,
        stack: usize,
        at: usize,
        act: impl FnOnce(&mut dyn Screen, &mut Ui) -> R,
    ) -> Option<R> {
        let layer = self.stacks.get_mut(stack)?.get_mut(at)?;
        let mut ui = Ui {
            view: self.view,
            draft: &self.draft,
            aid: &mut self.view.aid,
            layer: layer.id,
            tickets: &mut self.tickets,
            effects: &mut self.effects,
            errand: &mut self.errand,
            message: &mut self.message,
        };
        Some(act(&mut *layer.screen, &mut ui))
    }

    fn apply_front(&mut self, flow: Option<Flow>) {
        let at = self
            .stacks
            .get(self.current)
            .and_then(|layers| layers.len().checked_sub(1));
        if let (Some(at), Some(flow)) = (at, flow) {
            self.apply(self.current, at, flow);
        }
    }

    /// Carries out what the screen at `at` of `stack` wants.
    fn apply(&mut self, stack: usize, at: usize, flow: Flow) {
        let in_front = self
            .stacks
            .get(stack)
            .is_some_and(|layers| layers.len() == at + 1);
        match flow {
            Flow::Stay | Flow::Pass => {}
            // An answer that comes after another screen was opened over the one that asked opens nothing itself.
            Flow::Push(screen) if in_front => self.open(stack, screen),
            Flow::Push(_) => {}
            Flow::Replace(screen) => {
                self.cut(stack, at);
                self.open(stack, screen);
            }
            Flow::Pop => self.pop(stack, at),
            Flow::PopSaved(kind, id) => {
                self.cut(stack, at);
                if let Some(under) = at.checked_sub(1) {
                    self.with(stack, under, |screen, ui| screen.saved(kind, id, ui));
                }
            }
            Flow::PopThen(then) => {
                self.cut(stack, at);
                if let Some(under) = at.checked_sub(1)
                    && let Some(flow) = self.with(stack, under, |screen, ui| then(screen, ui))
                {
                    self.apply(stack, under, flow);
                }
            }
            Flow::PopRun(c) => {
                self.cut(stack, at);
                self.command(c);
            }
            Flow::Go(n) => self.go(n),
            Flow::Quit => self.leave(),
        }
    }

    fn open(&mut self, stack: usize, screen: Box<dyn Screen>) {
        self.layers += 1;
        let Some(layers) = self.stacks.get_mut(stack) else {
            return;
        };
        layers.push(Layer {
            id: self.layers,
            screen,
        });
        let at = layers.len() - 1;
        self.changed = true;
        self.with(stack, at, |screen, ui| screen.start(ui));
    }

    /// Takes the layers from `at` on off the stack.
    fn cut(&mut self, stack: usize, at: usize) {
        let Some(layers) = self.stacks.get_mut(stack) else {
            return;
        };
        for gone in layers.drain(at.min(layers.len())..) {
            self.newest.remove(&gone.id);
        }
    }

    fn pop(&mut self, stack: usize, at: usize) {
        if at == 0 {
            return;
        }
        self.cut(stack, at);
        self.resume(stack, at - 1);
    }

    /// Shows section `n`; the one already in front goes back to its first screen.
    fn go(&mut self, n: u8) {
        let Some(index) = usize::from(n).checked_sub(1) else {
            return;
        };
        let Some(build) = self.screens.sections.get(index).copied() else {
            return;
        };
        self.changed = true;
        let again = index == self.current;
        self.current = index;
        let depth = self.stacks.get(index).map_or(0, Vec::len);
        match depth {
            0 => self.open(index, build(&self.view)),
            _ if again && depth > 1 => self.pop(index, 1),
            _ => self.resume(index, depth - 1),
        }
    }

    /// Has the screen that is now in front read again what it shows.
    fn resume(&mut self, stack: usize, at: usize) {
        self.with(stack, at, |screen, ui| screen.resume(ui));
        self.stale = false;
    }

    /// Draws the whole screen.
    pub fn view(&mut self, f: &mut Frame) {
        let view = self.view;
        let message = self.message.clone();
        if let Some(layers) = self.stacks.get_mut(self.current) {
            let follows = layout::draw(f, layers, message.as_ref(), &view);
            if let Some(front) = layers.last() {
                self.rest.hold(f.buffer_mut(), front.id, &follows);
            }
        }
    }
}
