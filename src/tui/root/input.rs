//! From keys and pastes to commands and text.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent};
use unicode_normalization::char::is_combining_mark;

use super::Root;
use crate::app::typing;
use crate::tui::command::{self, Command, Scope};
use crate::tui::effect::{Effect, Lane};
use crate::tui::keymap::{Chord, HORN};
use crate::tui::lang::{Lang, Text, t};
use crate::tui::screen::{Flow, Screen, Tone, Ui};

/// From how many letters at once, outside a field, they count as pasted text that the terminal did not mark.
const BURST: usize = 6;
/// The same inside a field, when line breaks or commands come with them: fewer may be typed ahead on a slow line.
const BROKEN_BURST: usize = 32;
/// The same without any: so many at once nobody has typed.
const LONG_BURST: usize = 256;
/// The most letters that are pasted into a line of a question or a search at once.
const LONGEST_LINE: usize = 4_000;
/// How soon after such a burst further keys belong to it.
pub(super) const BURST_PAUSE: Duration = Duration::from_millis(200);
/// Keys that follow each other faster were sent by a keyboard's program, not by a hand.
pub(super) const KEYBOARD_PAUSE: Duration = Duration::from_millis(30);

impl Root {
    /// Keys that came together: a burst of letters outside a field runs nothing, and in a field it is text.
    pub(super) fn keys(&mut self, keys: &[KeyEvent]) {
        let mut at = 0;
        while let (Some(key), Some(rest)) = (keys.get(at), keys.get(at..)) {
            let text = self.scope_is_text();
            self.in_burst |= if text {
                is_pasted(rest)
            } else {
                let many = letters(rest.get(..burst_len(rest)));
                many >= BURST && !(self.opens_line(*key) && breaks(rest) == 0)
            };
            if self.in_burst {
                if text {
                    self.pasted_keys(rest);
                } else {
                    self.dropped(t(
                        "nhiều chữ đến cùng lúc như văn bản dán: không chạy lệnh nào",
                        "many letters came at once, like pasted text: no command was run",
                    ));
                }
                return;
            }
            // A letter in two parts that is ư or ơ runs nothing either.
            let horned = keys
                .get(at + 1)
                .is_some_and(|next| next.code == KeyCode::Char(HORN));
            if horned && !self.scope_is_text() {
                at += 2;
                continue;
            }
            let asked = self.asks();
            if let Some(chord) = Chord::of(*key) {
                self.key(*key, chord);
            }
            at += 1;
            if self.done {
                return;
            }
            if at < keys.len() && !asked && self.asks() {
                // What came with the key that asks was sent before anyone could read the question.
                self.dropped(t(
                    "phím đến cùng lúc với câu hỏi không tính là trả lời",
                    "keys that came together with the question are no answer",
                ));
                return;
            }
        }
    }

    /// Keys that are the text of a paste: letters and line breaks go into the field, nothing else has an effect.
    fn pasted_keys(&mut self, keys: &[KeyEvent]) {
        let mut text = String::new();
        let mut dropped = 0;
        for key in keys {
            match Chord::of(*key) {
                Some(Chord::Char(c)) => text.push(c),
                Some(Chord::Enter | Chord::AltEnter | Chord::Ctrl('j')) => text.push('\n'),
                Some(Chord::Tab) => text.push(' '),
                Some(_) => dropped += 1,
                None => {}
            }
        }
        self.take_text(&text, dropped);
    }

    fn dropped(&mut self, why: Text) {
        self.say(Tone::Warn, why.get(self.view.lang));
    }

    /// Whether the screen in front is a question that only its answer may close.
    fn asks(&mut self) -> bool {
        self.front(|screen, _| screen.asks()).unwrap_or(false)
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
            job: Box::new(move |cx, _| {
                // Where it cannot be written, the aid is off at the next start: nothing is lost.
                let _ = typing::remember(cx.config(), aid.method);
                Box::new(|_: &mut dyn Screen, _: &mut Ui| Flow::Stay)
            }),
        });
    }

    /// A text that the terminal marks as pasted. What comes right after it belongs to it: an end mark inside the text
    /// makes the terminal's own come too early.
    pub(super) fn paste(&mut self, text: &str) {
        self.in_burst = true;
        let (text, dropped) = only_text(text);
        self.take_text(&text, dropped);
    }

    /// Gives text to the field in front; `dropped` signs of it were no text.
    fn take_text(&mut self, text: &str, dropped: usize) {
        self.changed = true;
        self.message = None;
        let flow = if self.scope_is_text() {
            if self.is_line() && text.chars().count() > LONGEST_LINE {
                self.dropped(t(
                    "văn bản dán quá dài cho một dòng: chưa dán gì",
                    "the pasted text is too long for one line: nothing was pasted",
                ));
                return;
            }
            self.front(|screen, ui| screen.paste(text, ui))
        } else {
            Some(Flow::Pass)
        };
        if matches!(flow, Some(Flow::Pass)) {
            self.dropped(t(
                "văn bản dán không chạy lệnh nào; mở ô nhập rồi dán",
                "pasted text runs no command; open a field first",
            ));
            return;
        }
        self.apply_front(flow);
        if dropped > 0 && self.message.is_none() {
            let said = match self.view.lang {
                Lang::Vi => format!("văn bản dán: đã bỏ {dropped} phím hay dấu điều khiển"),
                Lang::En => format!("pasted text: {dropped} control keys or signs were left out"),
            };
            self.say(Tone::Warn, &said);
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

    /// Whether one line is typed, outside a form, which judges its fields by itself.
    fn is_line(&mut self) -> bool {
        let scope = self.front(|screen, ui| screen.state(&ui.view).scope);
        scope.is_some_and(|scope| scope.is_text() && scope != Scope::Form)
    }

    /// Whether letters that come are text.
    pub(in crate::tui) fn scope_is_text(&mut self) -> bool {
        self.front(|screen, ui| screen.state(&ui.view).scope.is_text())
            .unwrap_or(false)
    }
}

/// Whether keys that came at once into a field are a paste that the terminal did not mark.
fn is_pasted(keys: &[KeyEvent]) -> bool {
    let chars = keys
        .iter()
        .filter(|key| matches!(Chord::of(**key), Some(Chord::Char(_))))
        .count();
    chars >= LONG_BURST || chars >= BROKEN_BURST && breaks(keys) > 0
}

/// How many of the keys would do something else than put a letter in or take one away.
fn breaks(keys: &[KeyEvent]) -> usize {
    keys.iter()
        .filter(|key| {
            !matches!(
                Chord::of(**key),
                None | Some(Chord::Char(_) | Chord::Backspace)
            )
        })
        .count()
}

/// The most marks that stand on one letter; Vietnamese has two.
const MARKS: usize = 8;

/// A pasted text without what steers a terminal: escape sequences, control characters, heaps of marks; and how much
/// of it was left out. Lines end in one way.
fn only_text(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut dropped, mut marks) = (0, 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{1b}' => {
                dropped += 1;
                if chars.next_if_eq(&'[').is_some() {
                    while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
                    chars.next_if(|c| matches!(c, '@'..='~'));
                }
            }
            c if c.is_control() || marks > MARKS => dropped += 1,
            c => out.push(c),
        }
    }
    (out, dropped)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use ratatui::crossterm::event::{KeyCode, KeyModifiers};

    #[test]
    fn nothing_of_a_paste_steers_the_terminal() {
        let (text, dropped) = only_text("a\u{1b}[201~b\u{7}c\r\nd\re\tf\u{1b}[1;5Cg\u{1b}");
        assert_eq!((text.as_str(), dropped), ("abc\nd\ne fg", 4));
        let heap = format!("e{}n", "\u{301}".repeat(100_000));
        let (text, dropped) = only_text(&heap);
        assert_eq!(
            (text.chars().count(), dropped),
            (2 + MARKS, 100_000 - MARKS)
        );
    }

    #[test]
    fn typing_ahead_on_a_slow_line_is_no_paste() {
        let keys = |text: &str| -> Vec<KeyEvent> {
            let code = |c| {
                if c == '\n' {
                    KeyCode::Enter
                } else {
                    KeyCode::Char(c)
                }
            };
            let key = |c| KeyEvent::new(code(c), KeyModifiers::NONE);
            text.chars().map(key).collect()
        };
        assert!(!is_pasted(&keys("Lê Thị Bông\nấp 3")));
        assert!(!is_pasted(&keys(&"chữ ".repeat(20))));
        assert!(is_pasted(&keys("Kính gửi: Ủy ban nhân dân xã\nTôi tên là")));
        assert!(is_pasted(&keys(&"chữ ".repeat(100))));
    }
}
