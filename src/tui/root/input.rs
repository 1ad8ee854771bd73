//! From keys and pastes to commands and text.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::Root;
use crate::app::typing;
use crate::tui::command::{self, Command};
use crate::tui::effect::{Effect, Lane};
use crate::tui::keymap::{Chord, HORN};
use crate::tui::lang::t;
use crate::tui::screen::{Flow, Screen, Tone, Ui};

/// From how many letters at once, outside a field, they count as pasted text that the terminal did not mark.
const BURST: usize = 6;
/// How soon after such a burst further letters belong to it.
pub(super) const BURST_PAUSE: Duration = Duration::from_millis(200);
/// Keys that follow each other faster were sent by a keyboard's program, not by a hand.
pub(super) const KEYBOARD_PAUSE: Duration = Duration::from_millis(30);

impl Root {
    /// Keys that came together: a burst of letters outside a field runs nothing.
    pub(super) fn keys(&mut self, keys: &[KeyEvent]) {
        let mut at = 0;
        while let Some(key) = keys.get(at) {
            let burst = keys.get(at..).map_or(0, burst_len);
            let many = self.in_burst || letters(keys.get(at..at + burst)) >= BURST;
            if burst > 0 && many && !self.scope_is_text() && !self.opens_line(*key) {
                self.in_burst = true;
                self.say(
                    Tone::Warn,
                    t(
                        "nhiều chữ đến cùng lúc như văn bản dán: không chạy lệnh nào",
                        "many letters came at once, like pasted text: no command was run",
                    )
                    .get(self.view.lang),
                );
                at += burst;
                continue;
            }
            // A letter in two parts that is ư or ơ runs nothing either.
            let horned = keys
                .get(at + 1)
                .is_some_and(|next| next.code == KeyCode::Char(HORN));
            if horned && !self.scope_is_text() {
                at += 2;
                continue;
            }
            if let Some(chord) = Chord::of(*key) {
                self.key(*key, chord);
            }
            at += 1;
            if self.done {
                return;
            }
        }
    }

    fn key(&mut self, key: KeyEvent, chord: Chord) {
        if self.message.take().is_some() {
            self.changed = true;
        }
        let Some(state) = self.front(|screen, ui| screen.state(&ui.view)) else {
            return;
        };
        if let Some(row) = command::lookup(chord, state.scope) {
            match (row.enabled)(&state) {
                Ok(()) => self.command(row.id),
                Err(reason) => {
                    let text = format!(
                        "{}: {}",
                        row.label.get(self.view.lang),
                        reason.get(self.view.lang)
                    );
                    self.say(Tone::Warn, &text);
                }
            }
            return;
        }
        if state.scope.is_text() {
            self.text(key);
            return;
        }
        // The keys of the Vietnamese typing methods do nothing at all here; any other unknown key says where help is.
        let silent = match chord {
            Chord::Char(c) => "wW[]".contains(c) || chord.for_command().is_none(),
            Chord::Backspace => true,
            _ => false,
        };
        if !silent {
            let text = t(
                "phím này không có việc ở đây; F1 xem các lệnh",
                "this key does nothing here; F1 lists the commands",
            );
            self.say(Tone::Warn, text.get(self.view.lang));
        }
    }

    /// A key for the field in front.
    pub(super) fn text(&mut self, key: KeyEvent) {
        self.changed = true;
        let flow = self.front(|screen, ui| screen.text(key, ui));
        self.apply_front(flow);
        let produced = matches!(key.code, KeyCode::Char(c) if !c.is_ascii());
        if produced && self.view.aid.method.is_some() && !self.two_aids {
            self.two_aids = true;
            let text = t(
                "bàn phím của máy đã gõ tiếng Việt; Ctrl-T tắt bộ gõ ở đây",
                "your keyboard types Vietnamese already; Ctrl-T switches the typing aid off",
            );
            self.say(Tone::Warn, text.get(self.view.lang));
        }
    }

    /// The next typing aid, remembered for the next start.
    pub(super) fn switch_aid(&mut self) {
        self.view.aid.next();
        self.two_aids = false;
        let (aid, lang) = (self.view.aid, self.view.lang);
        self.say(Tone::Note, aid.help().get(lang));
        self.tickets += 1;
        self.effects.push(Effect {
            layer: 0,
            ticket: self.tickets,
            lane: Lane::Main,
            job: Box::new(move |cx| {
                // Where it cannot be written, the aid is off at the next start: nothing is lost.
                let _ = typing::remember(cx.config(), aid.method);
                Box::new(|_: &mut dyn Screen, _: &mut Ui| Flow::Stay)
            }),
        });
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.changed = true;
        self.message = None;
        let flow = if self.scope_is_text() {
            self.front(|screen, ui| screen.paste(text, ui))
        } else {
            Some(Flow::Pass)
        };
        if matches!(flow, Some(Flow::Pass)) {
            let text = t(
                "văn bản dán không chạy lệnh nào; mở ô nhập rồi dán",
                "pasted text runs no command; open a field first",
            );
            self.say(Tone::Warn, text.get(self.view.lang));
        } else {
            self.apply_front(flow);
        }
    }

    /// Whether a key opens a line to type in, so that the letters after it are text that was typed ahead.
    fn opens_line(&mut self, key: KeyEvent) -> bool {
        let Some(scope) = self.front(|screen, ui| screen.state(&ui.view).scope) else {
            return false;
        };
        let row = Chord::of(key).and_then(|chord| command::lookup(chord, scope));
        row.is_some_and(|row| matches!(row.id, Command::Find | Command::Filter | Command::Palette))
    }

    fn scope_is_text(&mut self) -> bool {
        self.front(|screen, ui| screen.state(&ui.view).scope.is_text())
            .unwrap_or(false)
    }
}

/// How many keys from the first on are text without a break.
fn burst_len(keys: &[KeyEvent]) -> usize {
    keys.iter()
        .take_while(|key| {
            matches!(
                Chord::of(**key),
                Some(Chord::Char(_) | Chord::Enter | Chord::Tab)
            )
        })
        .count()
}

/// How many of them are letters; held `j` and `k` only move.
fn letters(keys: Option<&[KeyEvent]>) -> usize {
    let moves = ['j', 'k', 'J', 'K'];
    keys.unwrap_or_default()
        .iter()
        .filter(|key| matches!(Chord::of(**key), Some(Chord::Char(c)) if c.is_alphabetic() && !moves.contains(&c)))
        .count()
}
