//! A field of several lines, wrapped to its width.

use ratatui::Frame;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::paint::{cursor, put, width};
use super::typing::{Aid, Composer, Edit};
use crate::domain::text::clean_long;

/// The text of a long field, its cursor, and how wide it was drawn last.
#[derive(Clone, Debug)]
pub struct MemoField {
    text: String,
    /// A byte of `text` where a letter begins, or its end.
    at: usize,
    room: u16,
    top: usize,
    composer: Composer,
}

impl MemoField {
    /// A field that holds `value`, the cursor at its end.
    pub fn new(value: &str) -> MemoField {
        let text: String = value.nfc().collect();
        MemoField {
            at: text.len(),
            text,
            room: 60,
            top: 0,
            composer: Composer::default(),
        }
    }

    /// The text as it will be stored.
    pub fn value(&self) -> String {
        clean_long(&self.text)
    }

    /// The text as typed.
    pub fn raw(&self) -> &str {
        &self.text
    }

    /// Puts another text.
    pub fn set(&mut self, value: &str) {
        *self = MemoField {
            room: self.room,
            ..MemoField::new(value)
        };
    }

    /// Takes a key; says whether the text changed, `None` when the key is none of its own.
    pub fn key(&mut self, key: KeyEvent, aid: Aid) -> Option<bool> {
        let before = self.text.get(..self.at).unwrap_or("");
        let Some(edit) = self.composer.press(before, key, aid) else {
            let changed = self.edit_key(key)?;
            self.composer.end();
            return Some(changed);
        };
        self.edit(&edit);
        Some(!edit.is_empty())
    }

    /// The keys that move about and delete.
    fn edit_key(&mut self, key: KeyEvent) -> Option<bool> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Backspace => return Some(self.delete(self.word_start(), self.at)),
            KeyCode::Char('h') if ctrl => {
                return Some(self.delete(self.before(self.at), self.at));
            }
            KeyCode::Delete => return Some(self.delete(self.at, self.after(self.at))),
            KeyCode::Char('w') if ctrl => return Some(self.delete(self.word_start(), self.at)),
            KeyCode::Char('k') if ctrl => return Some(self.delete(self.at, self.line_end())),
            KeyCode::Char('u') if ctrl => return Some(self.delete(self.line_start(), self.at)),
            KeyCode::Left if ctrl || alt => self.at = self.word_start(),
            KeyCode::Right if ctrl || alt => self.at = self.word_end(),
            KeyCode::Char('b') if alt => self.at = self.word_start(),
            KeyCode::Char('f') if alt => self.at = self.word_end(),
            KeyCode::Left => self.at = self.before(self.at),
            KeyCode::Right => self.at = self.after(self.at),
            KeyCode::Home => self.at = self.row().0,
            KeyCode::End => self.at = self.row_end(),
            KeyCode::Char('a') if ctrl => self.at = self.line_start(),
            KeyCode::Char('e') if ctrl => self.at = self.line_end(),
            _ => return None,
        }
        Some(false)
    }

    fn edit(&mut self, edit: &Edit) {
        let range = edit.range(self.at);
        if self.text.get(range.clone()).is_some() {
            self.text.replace_range(range.clone(), &edit.put);
            self.at = range.start + edit.put.len();
        }
    }

    /// The field is left: its last word is over.
    pub fn settle(&mut self) {
        let edit = self.composer.finish(self.text.get(..self.at).unwrap_or(""));
        self.edit(&edit);
        self.composer.end();
    }

    /// Breaks the line at the cursor.
    pub fn new_line(&mut self) {
        self.settle();
        self.edit(&Edit {
            back: 0,
            put: "\n".to_owned(),
        });
    }

    /// Puts pasted text at the cursor, its lines kept; in one go, however long it is.
    pub fn paste(&mut self, text: &str) {
        self.composer.end();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let rest = self.text.split_off(self.at);
        let kept = text.chars().filter(|c| *c == '\n' || !c.is_control());
        self.text = self.text.chars().chain(kept).nfc().collect();
        self.at = self.text.len();
        self.text.push_str(&rest);
    }

    /// One line up; `false` at the first line, where the form moves on.
    pub fn up(&mut self) -> bool {
        self.step(-1)
    }

    /// One line down; `false` at the last line.
    pub fn down(&mut self) -> bool {
        self.step(1)
    }

    fn step(&mut self, by: isize) -> bool {
        let rows = rows(&self.text, self.room);
        let (row, column) = self.place(&rows);
        let Some(next) = row.checked_add_signed(by).and_then(|r| rows.get(r)) else {
            return false;
        };
        let mut at = next.0;
        while at < next.1 && width(self.text.get(next.0..at).unwrap_or("")) < column {
            at = self.after(at);
        }
        self.at = at.min(next.1);
        self.composer.end();
        true
    }

    fn delete(&mut self, from: usize, to: usize) -> bool {
        if from >= to || self.text.get(from..to).is_none() {
            return false;
        }
        self.text.replace_range(from..to, "");
        self.at = from;
        true
    }

    fn before(&self, at: usize) -> usize {
        let head = self.text.get(..at).unwrap_or("");
        head.grapheme_indices(true)
            .next_back()
            .map_or(0, |(byte, _)| byte)
    }

    fn after(&self, at: usize) -> usize {
        let tail = self.text.get(at..).unwrap_or("");
        at + tail.graphemes(true).next().map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let head = self.text.get(..self.at).unwrap_or("").trim_end();
        head.rfind(char::is_whitespace)
            .map_or(0, |space| self.after(space))
    }

    /// Where the word at or behind the cursor ends.
    fn word_end(&self) -> usize {
        let tail = self.text.get(self.at..).unwrap_or("");
        let blanks = tail.len() - tail.trim_start().len();
        let word = tail.trim_start();
        self.at + blanks + word.find(char::is_whitespace).unwrap_or(word.len())
    }

    /// The display row of the cursor, as bytes.
    fn row(&self) -> (usize, usize) {
        let rows = rows(&self.text, self.room);
        let (row, _) = self.place(&rows);
        rows.get(row).copied().unwrap_or_default()
    }

    /// The end of the display row; before the blank at which the row is broken, behind it the next row begins.
    fn row_end(&self) -> usize {
        let (start, end) = self.row();
        let broken = end < self.text.len() && self.text.get(end..=end) != Some("\n");
        match broken && end > start {
            true => self.before(end),
            false => end,
        }
    }

    fn line_start(&self) -> usize {
        self.text
            .get(..self.at)
            .and_then(|head| head.rfind('\n'))
            .map_or(0, |byte| byte + 1)
    }

    fn line_end(&self) -> usize {
        let tail = self.text.get(self.at..).unwrap_or("");
        tail.find('\n')
            .map_or(self.text.len(), |byte| self.at + byte)
    }

    /// The row and the column of the cursor.
    fn place(&self, rows: &[(usize, usize)]) -> (usize, u16) {
        let row = rows
            .iter()
            .rposition(|(start, _)| *start <= self.at)
            .unwrap_or(0);
        let start = rows.get(row).map_or(0, |r| r.0);
        (row, width(self.text.get(start..self.at).unwrap_or("")))
    }

    /// How many rows the text takes in `room` cells.
    pub fn height(&self, room: u16) -> u16 {
        u16::try_from(rows(&self.text, room).len()).unwrap_or(u16::MAX)
    }

    /// Draws the part of the text around the cursor.
    pub fn view(&mut self, f: &mut Frame, area: Rect, style: Style, active: bool) {
        if area.width == 0 || area.height == 0 {
            return;
        }
        self.room = area.width;
        let rows = rows(&self.text, area.width);
        let (row, column) = self.place(&rows);
        let high = usize::from(area.height);
        self.top = self
            .top
            .min(row)
            .max((row + 1).saturating_sub(high))
            .min(rows.len().saturating_sub(1));
        if !active {
            self.top = 0;
        }
        for (y, (start, end)) in rows.iter().skip(self.top).take(high).enumerate() {
            let text = self.text.get(*start..*end).unwrap_or("");
            put(
                f,
                area,
                0,
                u16::try_from(y).unwrap_or(u16::MAX),
                text,
                style,
            );
        }
        if active {
            let y = u16::try_from(row.saturating_sub(self.top)).unwrap_or(u16::MAX);
            cursor(f, area, column.min(area.width - 1), y);
        }
    }
}

/// The rows of `text` in `room` cells as byte ranges; a blank at a break belongs to the row before it.
fn rows(text: &str, room: u16) -> Vec<(usize, usize)> {
    // One cell is left for the cursor behind the last letter.
    let room = room.saturating_sub(1).max(1);
    let mut rows = Vec::new();
    let (mut start, mut used, mut space) = (0, 0u16, None);
    for (byte, grapheme) in text.grapheme_indices(true) {
        let next = byte + grapheme.len();
        if grapheme == "\n" || grapheme == "\r\n" {
            rows.push((start, byte));
            (start, used, space) = (next, 0, None);
            continue;
        }
        let wide = width(grapheme);
        if used.saturating_add(wide) > room && grapheme != " " {
            let cut = space.filter(|s| *s > start).unwrap_or(byte);
            rows.push((start, cut));
            start = cut;
            used = width(text.get(cut..byte).unwrap_or(""));
            space = None;
        }
        used = used.saturating_add(wide);
        if grapheme == " " {
            space = Some(next);
        }
    }
    rows.push((start, text.len()));
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn key(field: &mut MemoField, code: KeyCode) {
        field.key(KeyEvent::new(code, KeyModifiers::NONE), Aid::default());
    }

    #[test]
    fn long_lines_wrap_between_words_and_the_cursor_moves_by_rows() {
        let mut field = MemoField::new("đường liên ấp hư hỏng kéo dài");
        field.room = 15;
        assert_eq!(field.height(15), 3);
        assert!(field.up() && field.up());
        assert!(!field.up());
        assert!(field.down());
        key(&mut field, KeyCode::Backspace);
        assert!(field.value().starts_with("đường liên"));
    }

    #[test]
    fn home_and_end_go_by_the_rows_on_the_screen_and_words_are_jumped_over() {
        let mut field = MemoField::new("đường liên ấp hư hỏng kéo dài");
        field.room = 15;
        key(&mut field, KeyCode::Home);
        assert_eq!(field.text.get(field.at..), Some("dài"));
        assert!(field.up());
        key(&mut field, KeyCode::End);
        assert_eq!(field.text.get(field.at..), Some(" dài"));
        let with = |code, modifiers| KeyEvent::new(code, modifiers);
        field.key(with(KeyCode::Left, KeyModifiers::CONTROL), Aid::default());
        assert_eq!(field.text.get(field.at..), Some("kéo dài"));
        field.key(with(KeyCode::Char('f'), KeyModifiers::ALT), Aid::default());
        assert_eq!(field.text.get(field.at..), Some(" dài"));
    }

    #[test]
    fn a_new_line_and_a_paste_keep_their_lines() {
        let mut field = MemoField::new("a");
        field.new_line();
        field.paste("b\r\nc");
        assert_eq!(field.value(), "a\nb\nc");
        key(&mut field, KeyCode::Home);
        key(&mut field, KeyCode::Delete);
        assert_eq!(field.value(), "a\nb");
    }
}
