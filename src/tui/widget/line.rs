//! A field of one line.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::Style;
use tui_input::{Input, InputRequest};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::paint::{cursor, put, width};
use super::typing::{Aid, Composer, Edit};
use crate::domain::text::clean;

/// The text of one field and where its cursor stands.
#[derive(Clone, Debug, Default)]
pub struct LineField {
    input: Input,
    composer: Composer,
}

impl LineField {
    /// A field that holds `value`, the cursor at its end.
    pub fn new(value: &str) -> LineField {
        LineField {
            input: Input::new(value.nfc().collect()),
            composer: Composer::default(),
        }
    }

    /// The text as it will be stored: NFC, without control characters, trimmed.
    pub fn value(&self) -> String {
        clean(self.input.value())
    }

    /// The text as typed, blanks at the end too.
    pub fn raw(&self) -> &str {
        self.input.value()
    }

    /// Puts another text.
    pub fn set(&mut self, value: &str) {
        *self = LineField::new(value);
    }

    /// Takes a key; says whether the text changed, `None` when the key is none of its own.
    pub fn key(&mut self, key: KeyEvent, aid: Aid) -> Option<bool> {
        let before = split_at_char(self.input.value(), self.input.cursor()).0;
        let Some(edit) = self.composer.press(before, key, aid) else {
            let request = request(key)?;
            self.composer.end();
            let change = self.input.handle(request);
            return Some(change.is_some_and(|change| change.value));
        };
        self.edit(&edit);
        Some(!edit.is_empty())
    }

    /// The field is left: its last word is over.
    pub fn settle(&mut self) {
        let before = split_at_char(self.input.value(), self.input.cursor()).0;
        let edit = self.composer.finish(before);
        self.edit(&edit);
        self.composer.end();
    }

    fn edit(&mut self, edit: &Edit) {
        let (before, after) = split_at_char(self.input.value(), self.input.cursor());
        let head = before.get(..edit.range(before.len()).start).unwrap_or("");
        let place = head.chars().count() + edit.put.chars().count();
        self.input = Input::new(format!("{head}{}{after}", edit.put)).with_cursor(place);
    }

    /// Puts pasted text at the cursor, in one line; in one go, however long it is.
    pub fn paste(&mut self, text: &str) {
        self.composer.end();
        let (before, after) = split_at_char(self.input.value(), self.input.cursor());
        let one_line = text
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !c.is_control());
        let before: String = before.chars().chain(one_line).nfc().collect();
        let place = before.chars().count();
        self.input = Input::new(format!("{before}{after}")).with_cursor(place);
    }

    /// Draws the field into the first line of `area`; the real cursor stands in it when it is active.
    pub fn view(&self, f: &mut Frame, area: Rect, style: Style, active: bool) {
        let room = area.width;
        if room == 0 || area.height == 0 {
            return;
        }
        let scroll = if active {
            self.input
                .visual_scroll(usize::from(room.saturating_sub(1)))
        } else {
            0
        };
        let mut text = String::new();
        let (mut skipped, mut used) = (0usize, 0u16);
        for grapheme in self.input.value().graphemes(true) {
            let wide = width(grapheme);
            if skipped < scroll {
                skipped += usize::from(wide);
                continue;
            }
            used += wide;
            if used > room {
                break;
            }
            text.push_str(grapheme);
        }
        put(f, area, 0, 0, &text, style);
        if active {
            let at = self.input.visual_cursor().saturating_sub(scroll);
            cursor(
                f,
                area,
                u16::try_from(at).unwrap_or(u16::MAX).min(room - 1),
                0,
            );
        }
    }
}

fn split_at_char(text: &str, at: usize) -> (&str, &str) {
    let byte = text
        .char_indices()
        .nth(at)
        .map_or(text.len(), |(byte, _)| byte);
    text.split_at(byte)
}

fn request(key: KeyEvent) -> Option<InputRequest> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Char('a') if ctrl => InputRequest::GoToStart,
        KeyCode::Char('e') if ctrl => InputRequest::GoToEnd,
        KeyCode::Char('k') if ctrl => InputRequest::DeleteTillEnd,
        KeyCode::Char('u') if ctrl => InputRequest::DeleteFromStart,
        KeyCode::Char('w') if ctrl => InputRequest::DeletePrevWord,
        KeyCode::Char('h') if ctrl => InputRequest::DeletePrevChar,
        KeyCode::Char('d') if ctrl => InputRequest::DeleteNextChar,
        KeyCode::Char('b') if alt => InputRequest::GoToPrevWord,
        KeyCode::Char('f') if alt => InputRequest::GoToNextWord,
        KeyCode::Backspace if alt || ctrl => InputRequest::DeletePrevWord,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left if ctrl => InputRequest::GoToPrevWord,
        KeyCode::Right if ctrl => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn typed(keys: &str) -> LineField {
        let mut field = LineField::default();
        // Key by key, as a hand types: each is a run of its own.
        for (run, c) in (1..).zip(keys.chars()) {
            let code = if c == '<' {
                KeyCode::Backspace
            } else {
                KeyCode::Char(c)
            };
            let aid = Aid {
                run,
                ..Aid::default()
            };
            field.key(KeyEvent::new(code, KeyModifiers::NONE), aid);
        }
        field
    }

    #[test]
    fn letters_typed_in_parts_are_stored_composed() {
        assert_eq!(typed("Nguye\u{302}\u{303}n").value(), "Nguyễn");
        assert_eq!(typed("Nguye\u{302}\u{303}<n").value(), "Nguyn");
    }

    #[test]
    fn a_keyboard_that_takes_back_and_types_again_comes_out_right() {
        assert_eq!(typed("d<đa<ấ<ất").value(), "đất");
    }

    #[test]
    fn pasted_lines_become_one_line() {
        let mut field = typed("ab");
        field.paste("c\nd\u{7}e");
        assert_eq!(field.value(), "abc de");
    }

    #[test]
    fn the_editing_keys_of_a_shell_work() {
        let mut field = typed("một hai ba");
        for c in ['w', 'a', 'k'] {
            field.key(
                KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL),
                Aid::default(),
            );
        }
        assert_eq!(field.value(), "");
    }
}
