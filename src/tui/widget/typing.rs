//! Letters on their way into a field: what the typing aid makes of keys, and what a Vietnamese keyboard of the
//! user's own sends (letters, Backspaces, new letters; composed, in parts, or both).

use std::ops::Range;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::typing::{Method, Style, Typing, Word, in_word};
use crate::tui::lang::{Text, t};

/// The typing aid as the user has set it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aid {
    /// How keys are read; none: they are taken as they come.
    pub method: Option<Method>,
    /// Where tones stand.
    pub style: Style,
    /// Counts the runs of keys that came together: a keyboard's program sends a correction as one run.
    pub run: u64,
}

impl Aid {
    /// The same for a field that takes no words: a code, a number, a date.
    pub fn off(self) -> Aid {
        Aid {
            method: None,
            ..self
        }
    }

    /// Off, Telex, VNI, off.
    pub fn next(&mut self) {
        self.method = match self.method {
            None => Some(Method::Telex),
            Some(Method::Telex) => Some(Method::Vni),
            Some(Method::Vni) => None,
        };
    }

    /// What the title line calls it; empty when it is off.
    pub fn name(self) -> &'static str {
        match self.method {
            None => "",
            Some(Method::Telex) => "Telex",
            Some(Method::Vni) => "VNI",
        }
    }

    /// One line that says what the keys do now.
    pub fn help(self) -> Text {
        match self.method {
            None => t("bộ gõ tắt: chữ vào ô như bàn phím gửi", "typing aid off"),
            Some(Method::Telex) => t(
                "Telex: aa ee oo dd â ê ô đ · aw ow uw ă ơ ư · s f r x j dấu · z bỏ dấu",
                "Telex: aa ee oo dd â ê ô đ · aw ow uw ă ơ ư · s f r x j tones · z none",
            ),
            Some(Method::Vni) => t(
                "VNI: 6 â ê ô · 7 ơ ư · 8 ă · 9 đ · 1 2 3 4 5 dấu · 0 bỏ dấu",
                "VNI: 6 â ê ô · 7 ơ ư · 8 ă · 9 đ · 1 2 3 4 5 tones · 0 none",
            ),
        }
    }

    /// How it reads keys; none while it is off.
    pub fn typing(self) -> Option<Typing> {
        self.method.map(|method| Typing {
            method,
            style: self.style,
        })
    }
}

/// The key that shows the last word as it was typed, and again what became of it.
pub const AS_TYPED: KeyEvent = KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL);

/// Some letters before the cursor give way to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// How many bytes before the cursor go.
    pub back: usize,
    /// What comes in their place.
    pub put: String,
}

impl Edit {
    fn put(text: impl Into<String>) -> Edit {
        Edit {
            back: 0,
            put: text.into(),
        }
    }

    /// From one end of a text to another, with as little as possible.
    fn between(old: &str, new: &str) -> Edit {
        let same: usize = old
            .chars()
            .zip(new.chars())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        Edit {
            back: old.len() - same,
            put: new.get(same..).unwrap_or("").to_owned(),
        }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.back == 0 && self.put.is_empty()
    }

    /// The bytes that go from a text with the cursor at `at`.
    pub fn range(&self, at: usize) -> Range<usize> {
        at.saturating_sub(self.back)..at
    }
}

/// Letters taken back one after the other in one run, and in how many parts each had come.
#[derive(Clone, Debug, Default)]
struct TakenBack {
    run: u64,
    letters: Vec<(String, usize)>,
}

/// The word being typed before the cursor of one field.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    word: Word,
    /// How the word was read last; none where it is not the aid's.
    typing: Option<Typing>,
    /// The word that was finished last, and what was typed after it.
    last: Option<(Word, Typing, String)>,
    /// A keyboard of the user's own types this word: the aid keeps its hands off.
    own: bool,
    /// In how many parts each of the last letters came.
    parts: Vec<usize>,
    taken: TakenBack,
}

/// More marks than this on one letter are not text.
const MARKS: usize = 8;

impl Composer {
    /// What a key does to the text `before` the cursor; `None` for a key that neither types, takes back a letter nor
    /// shows the last word as typed.
    pub fn press(&mut self, before: &str, key: KeyEvent, aid: Aid) -> Option<Edit> {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        match key.code {
            KeyCode::Char(c) if plain && !c.is_control() => Some(self.key(before, c, aid)),
            KeyCode::Backspace if plain => Some(self.backspace(before, aid)),
            _ if key == AS_TYPED => Some(self.as_typed(before).unwrap_or_default()),
            _ => None,
        }
    }

    /// A key that types `c`.
    fn key(&mut self, before: &str, c: char, aid: Aid) -> Edit {
        let spare = self.spare(aid);
        if is_combining_mark(c) {
            return self.mark(before, c, &spare);
        }
        self.parts.push(1);
        if !c.is_ascii() && c.is_alphabetic() {
            self.own = true;
            self.typing = None;
            return Edit::put(format!("{spare}{c}"));
        }
        let Some(typing) = aid.typing().filter(|_| !self.own || !c.is_alphanumeric()) else {
            self.last = None;
            self.own &= c.is_alphanumeric();
            return Edit::put(format!("{spare}{c}"));
        };
        let head = before.trim_end_matches(char::is_alphabetic);
        let tail = before.get(head.len()..).unwrap_or("");
        let going = self.going(before);
        let empty = if going {
            self.word.is_empty()
        } else {
            tail.is_empty()
        };
        if !in_word(c, typing.method, empty) {
            return self.separate(before, c, typing);
        }
        if !going {
            self.word = Word::of(tail, typing.style);
        }
        self.typing = Some(typing);
        let old = self.word.text(typing.style);
        self.word.press(c, typing);
        Edit::between(&old, &self.word.text(typing.style))
    }

    /// Whether the word still stands before the cursor.
    fn going(&self, before: &str) -> bool {
        self.typing.is_some_and(|typing| {
            let text = self.word.text(typing.style);
            let head = before.strip_suffix(text.as_str());
            !text.is_empty() && head.is_some_and(|head| !head.ends_with(char::is_alphabetic))
        })
    }

    /// What ends a word.
    fn separate(&mut self, before: &str, c: char, typing: Typing) -> Edit {
        let mut edit = self.finish(before);
        if let Some((_, _, tail)) = &mut self.last {
            tail.push(c);
        }
        self.typing = Some(typing);
        self.word = Word::default();
        self.own = false;
        edit.put.push(c);
        edit
    }

    /// The word is over: what turns out to be foreign is shown as it was typed.
    pub fn finish(&mut self, before: &str) -> Edit {
        let Some(typing) = self.typing.filter(|_| self.going(before)) else {
            return Edit::default();
        };
        let old = self.word.text(typing.style);
        self.word.finish(typing);
        let new = self.word.text(typing.style);
        self.last = Some((std::mem::take(&mut self.word), typing, String::new()));
        Edit::between(&old, &new)
    }

    /// Backspace: one visible letter goes.
    fn backspace(&mut self, before: &str, aid: Aid) -> Edit {
        self.last = None;
        if let Some(typing) = self.typing.filter(|_| self.going(before)) {
            let old = self.word.text(typing.style);
            self.word.backspace(typing);
            self.parts.pop();
            return Edit::between(&old, &self.word.text(typing.style));
        }
        let letter = before.graphemes(true).next_back().unwrap_or("");
        if self.taken.run != aid.run {
            self.taken = TakenBack {
                run: aid.run,
                letters: Vec::new(),
            };
        }
        let parts = self.parts.pop().unwrap_or(1);
        self.taken.letters.push((letter.to_owned(), parts));
        Edit {
            back: letter.len(),
            put: String::new(),
        }
    }

    /// The cursor has gone elsewhere: the word is over as it stands.
    pub fn end(&mut self) {
        *self = Composer::default();
    }

    /// The last word as it was typed, or again what became of it; `None` where there is none.
    fn as_typed(&mut self, before: &str) -> Option<Edit> {
        if let Some(typing) = self.typing.filter(|_| self.going(before)) {
            let old = self.word.text(typing.style);
            self.word.toggle_raw();
            return Some(Edit::between(&old, &self.word.text(typing.style)));
        }
        let (word, typing, tail) = self.last.as_mut()?;
        let old = word.text(typing.style) + tail;
        if !before.ends_with(&old) {
            return None;
        }
        word.toggle_raw();
        Some(Edit::between(&old, &(word.text(typing.style) + tail)))
    }

    /// A mark that was typed after its letter joins it.
    fn mark(&mut self, before: &str, c: char, spare: &str) -> Edit {
        self.own = true;
        self.typing = None;
        let from = if spare.is_empty() { before } else { spare };
        let letter = from.graphemes(true).next_back().unwrap_or("");
        if !letter.chars().any(char::is_alphabetic) || letter.chars().count() > MARKS {
            return Edit::put(spare);
        }
        match self.parts.last_mut() {
            Some(parts) => *parts += 1,
            None => self.parts.push(2),
        }
        let whole: String = letter.chars().chain([c]).nfc().collect();
        let head = spare.strip_suffix(letter).unwrap_or("");
        Edit {
            back: if spare.is_empty() { letter.len() } else { 0 },
            put: format!("{head}{whole}"),
        }
    }

    /// A keyboard that writes letters in parts takes them back in parts too, in one run with what follows. As many
    /// letters were taken back as there were Backspaces; this gives back those that were not meant.
    fn spare(&mut self, aid: Aid) -> String {
        let taken = std::mem::take(&mut self.taken);
        if taken.run != aid.run || taken.letters.iter().all(|(_, parts)| *parts < 2) {
            return String::new();
        }
        let mut left = taken.letters.len();
        let mut back = Vec::new();
        for (letter, parts) in taken.letters {
            if left >= parts {
                left -= parts;
                continue;
            }
            let keep = parts - std::mem::take(&mut left);
            back.push((first_parts(&letter, parts, keep), keep));
        }
        back.reverse();
        self.parts.extend(back.iter().map(|(_, parts)| parts));
        back.into_iter().map(|(letter, _)| letter).collect()
    }
}

/// What is left of a letter that came in `parts` when only the first `keep` of them stay.
fn first_parts(letter: &str, parts: usize, keep: usize) -> String {
    let signs: Vec<char> = letter.nfd().collect();
    // The first part is the letter with the marks that came with it.
    let many = (signs.len() + keep).saturating_sub(parts);
    signs.into_iter().take(many.max(1)).nfc().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn apply(text: &mut String, edit: &Edit) {
        let at = text.len();
        text.replace_range(edit.range(at), &edit.put);
    }

    /// Types runs of keys, parted by `|`; `<` is Backspace.
    fn typed_in(runs: &str, method: Option<Method>) -> String {
        let (mut text, mut composer) = (String::new(), Composer::default());
        for (run, keys) in runs.split('|').enumerate() {
            let aid = Aid {
                method,
                style: Style::Old,
                run: run as u64 + 1,
            };
            for key in keys.chars() {
                let edit = match key {
                    '<' => composer.backspace(&text, aid),
                    c => composer.key(&text, c, aid),
                };
                apply(&mut text, &edit);
            }
        }
        text
    }

    #[test]
    fn the_aid_composes_at_every_key() {
        for (keys, text) in [
            ("nguyeenx vawn a", "nguyễn văn a"),
            ("tieesng<<<", "ti"),
            ("hoaf binhf", "hòa bình"),
            ("life office ", "life office "),
        ] {
            assert_eq!(typed_in(keys, Some(Method::Telex)), text);
        }
        assert_eq!(typed_in("Nguye64n 12 A1", Some(Method::Vni)), "Nguyễn 12 Á");
    }

    #[test]
    fn a_keyboard_of_the_users_own_comes_out_right() {
        for method in [None, Some(Method::Telex), Some(Method::Vni)] {
            for (keys, text) in [
                ("v|i|e|<ê|t|<<ệt", "việt"),
                ("d|<đ|a|<â|t|<<ất", "đất"),
                ("Nguye\u{302}\u{303}n", "Nguyễn"),
                ("Nguye\u{302}\u{303}|<|n", "Nguyn"),
                ("a|<á|<as", "as"),
            ] {
                assert_eq!(typed_in(keys, method), text, "{method:?} {keys}");
            }
        }
    }

    #[test]
    fn letters_in_parts_are_taken_back_in_parts_by_a_keyboard_and_whole_by_a_hand() {
        // hòa becomes hoàn: three Backspaces for a and o with its mark.
        assert_eq!(typed_in("hoa|<<o\u{300}a|<<<oa\u{300}n", None), "hoàn");
        assert_eq!(typed_in("hoa|<<o\u{300}a|<|<", None), "h");
        assert_eq!(typed_in("tiê\u{301}ng|<<<<êng", None), "tiêng");
        assert_eq!(typed_in("tiê\u{301}|<\u{300}", None), "tiề");
        assert_eq!(typed_in("hoa\u{300}|<|a", None), "hoa");
    }

    #[test]
    fn the_last_word_is_shown_as_it_was_typed_and_back() {
        let (mut text, mut composer) = (String::new(), Composer::default());
        let aid = Aid {
            method: Some(Method::Telex),
            ..Aid::default()
        };
        for c in "xem books ".chars() {
            let edit = composer.key(&text, c, aid);
            apply(&mut text, &edit);
        }
        assert_eq!(text, "xem bốk ");
        for want in ["xem books ", "xem bốk "] {
            let edit = composer.as_typed(&text).unwrap();
            apply(&mut text, &edit);
            assert_eq!(text, want);
        }
        composer.end();
        assert_eq!(composer.as_typed(&text), None);
    }

    #[test]
    fn marks_without_a_letter_are_no_text() {
        assert_eq!(typed_in("\u{301} \u{301}a", None), " a");
        let many = format!("e{}", "\u{301}".repeat(100_000));
        assert!(typed_in(&many, None).chars().count() < 12);
    }
}
