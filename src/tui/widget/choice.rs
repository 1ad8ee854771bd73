//! A field with a few fixed answers: what is typed narrows them down, arrows go through them, F4 lists them.
//!
//! An answer is taken from letters only when they name it and no other; otherwise the letters stay as they are. With a
//! typing aid on, the keys may name it as they are or as the aid reads them.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::catalog::parse::PREFIX;
use crate::domain::fold::fold;
use crate::domain::typing::so_far;
use crate::tui::widget::typing::Aid;

/// One answer: what is stored and what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The stable value.
    pub value: String,
    /// The words.
    pub label: String,
    /// The short form, as lists show it.
    pub short: String,
}

/// The answers and which one stands; none at first when the field may stay empty.
#[derive(Clone, Debug)]
pub struct ChoiceField {
    answers: Vec<Answer>,
    chosen: Option<usize>,
    /// What was typed and is not settled yet; empty when an answer or nothing stands.
    typed: String,
    /// The keys that it was typed with.
    keys: String,
}

impl ChoiceField {
    /// A field with these answers that holds `value`.
    pub fn new(answers: Vec<Answer>, value: &str) -> ChoiceField {
        let mut field = ChoiceField {
            answers,
            chosen: None,
            typed: String::new(),
            keys: String::new(),
        };
        field.set(value);
        field
    }

    /// The answers.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Leaves only the answers whose value is wanted.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        let value = self.value().to_owned();
        self.answers.retain(|answer| wanted(&answer.value));
        self.set(&value);
    }

    /// The stored value; what was typed where that names no answer; empty when nothing stands.
    pub fn value(&self) -> &str {
        self.answer().map_or(&self.typed, |a| &a.value)
    }

    /// What stands in the field: what is being typed, or the words of the answer.
    pub fn text(&self) -> &str {
        match self.answer() {
            Some(answer) if self.typed.is_empty() => &answer.label,
            _ => &self.typed,
        }
    }

    /// Whether letters are being typed that are not settled yet.
    pub fn typing(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Whether what was typed names no answer, or several.
    pub fn unclear(&self) -> bool {
        self.typing() && self.chosen.is_none()
    }

    /// The words of the answers that what is typed may mean; of all where it means none.
    pub fn offered(&self) -> Vec<&str> {
        let fits = self.fitting();
        self.answers
            .iter()
            .enumerate()
            .filter(|(at, _)| fits.is_empty() || fits.contains(at))
            .map(|(_, answer)| answer.label.as_str())
            .collect()
    }

    /// The words of the answer that stands; empty when none does.
    pub fn label(&self) -> &str {
        self.answer().map_or("", |a| &a.label)
    }

    fn answer(&self) -> Option<&Answer> {
        self.chosen.and_then(|at| self.answers.get(at))
    }

    /// Takes the answer with this value; another text stands as if it had been typed.
    pub fn set(&mut self, value: &str) {
        self.chosen = self.answers.iter().position(|a| a.value == value);
        self.type_("");
        if self.chosen.is_none() {
            self.type_(value);
            self.chosen = self.meant();
        }
    }

    /// Adds a pasted text to what is typed.
    pub fn paste(&mut self, text: &str) {
        let text: Vec<&str> = text.split_whitespace().collect();
        self.type_(&format!("{}{}", self.typed, text.join(" ")));
        self.chosen = self.meant();
    }

    /// What was typed gives way to the answer that it names.
    pub fn settle(&mut self) {
        if self.chosen.is_some() || self.typed.trim().is_empty() {
            self.type_("");
        }
    }

    /// Has this text stand as typed.
    fn type_(&mut self, text: &str) {
        text.clone_into(&mut self.typed);
        text.clone_into(&mut self.keys);
    }

    /// What the keys say: what the aid makes of them, unless only the keys themselves fit an answer.
    fn read_keys(&mut self, aid: Aid) {
        self.typed.clone_from(&self.keys);
        if let Some(typing) = aid.typing() {
            let read = so_far(&self.keys, typing);
            if self.fitting().is_empty() || !self.fitting_to(&read).is_empty() {
                self.typed = read;
            }
        }
        self.chosen = self.meant();
    }

    /// Takes a key; says whether the text changed, `None` when the key is none of its own.
    pub fn key(&mut self, key: KeyEvent, aid: Aid) -> Option<bool> {
        let before = (self.chosen, self.typed.clone());
        match key.code {
            KeyCode::Right => self.turn(true),
            KeyCode::Left => self.turn(false),
            KeyCode::Backspace if self.typing() => {
                let mut rest = std::mem::take(&mut self.typed);
                rest.pop();
                self.type_(&rest);
                self.chosen = self.meant();
            }
            KeyCode::Backspace | KeyCode::Delete => self.clear(),
            KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => self.clear(),
            KeyCode::Char(c) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => {
                if c != ' ' || self.typing() {
                    self.keys.push(c);
                    self.read_keys(aid);
                }
            }
            _ => return None,
        }
        Some(before != (self.chosen, self.typed.clone()))
    }

    fn clear(&mut self) {
        self.type_("");
        self.chosen = None;
    }

    /// To the next answer, of those that what was typed may mean.
    fn turn(&mut self, on: bool) {
        let mut among = self.fitting();
        if among.len() < 2 {
            among = (0..self.answers.len()).collect();
        }
        self.type_("");
        let here = among.iter().position(|at| Some(*at) == self.chosen);
        let many = among.len();
        let next = match (here, on) {
            _ if many == 0 => return,
            (None, true) => 0,
            (None, false) => many - 1,
            (Some(at), true) => (at + 1) % many,
            (Some(at), false) => (at + many - 1) % many,
        };
        self.chosen = among.get(next).copied();
    }

    /// The answers that what is typed begins, at any word; none when nothing is typed.
    fn fitting(&self) -> Vec<usize> {
        self.fitting_to(&self.typed)
    }

    fn fitting_to(&self, typed: &str) -> Vec<usize> {
        let typed = plain(typed);
        let begins = |name: &str| {
            let name = plain(name);
            name.starts_with(&typed) || name.contains(&format!(" {typed}"))
        };
        self.answers
            .iter()
            .enumerate()
            .filter(|_| !typed.is_empty())
            .filter(|(_, a)| {
                [&a.label, &a.short, &a.value]
                    .into_iter()
                    .any(|n| begins(n))
            })
            .map(|(at, _)| at)
            .collect()
    }

    /// The one answer that what is typed names in full, or else alone begins, or else is alone to hold a word that it
    /// begins.
    fn meant(&self) -> Option<usize> {
        let fits = self.fitting();
        let typed = plain(&self.typed);
        let only = |wanted: &dyn Fn(&str) -> bool| {
            let mut found = fits.iter().copied().filter(|at| {
                self.answers.get(*at).is_some_and(|a| {
                    [&a.label, &a.short, &a.value]
                        .into_iter()
                        .any(|name| wanted(&plain(name)))
                })
            });
            (found.next(), found.next())
        };
        let long = typed.chars().count() >= PREFIX;
        match (only(&|name| name == typed), fits.as_slice()) {
            ((Some(at), None), _) => Some(at),
            ((None, None), [at]) => Some(*at),
            ((None, None), _) if long => match only(&|name| name.starts_with(&typed)) {
                (Some(at), None) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A text without marks, case, and the signs that join the words of a code.
fn plain(text: &str) -> String {
    let text = fold(text).replace(['_', '-'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::typing::Method;

    fn field(answers: &[(&str, &str, &str)]) -> ChoiceField {
        let answers = answers.iter().map(|(value, label, short)| Answer {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            short: (*short).to_owned(),
        });
        ChoiceField::new(answers.collect(), "")
    }

    fn types() -> ChoiceField {
        field(&[
            ("complaint", "khiếu nại", "KN"),
            ("denunciation", "tố cáo", "TC"),
            ("recommendation", "kiến nghị", "KNgh"),
            ("feedback", "phản ánh", "PA"),
        ])
    }

    fn sources() -> ChoiceField {
        field(&[
            ("post", "bưu chính", "bưu chính"),
            ("in_person", "nộp trực tiếp", "trực tiếp"),
            ("reception", "qua tiếp công dân", "tiếp dân"),
        ])
    }

    fn press(field: &mut ChoiceField, code: KeyCode) {
        field.key(KeyEvent::new(code, KeyModifiers::NONE), Aid::default());
    }

    fn type_(field: &mut ChoiceField, text: &str) {
        for c in text.chars() {
            press(field, KeyCode::Char(c));
        }
    }

    #[test]
    fn the_one_that_begins_so_stands_before_those_that_hold_it_within() {
        let mut field = field(&[
            ("own", "thuộc thẩm quyền", "thuộc TQ"),
            ("other", "không thuộc thẩm quyền", "không TQ"),
        ]);
        type_(&mut field, "th");
        assert!(field.unclear());
        type_(&mut field, "uoc");
        assert_eq!(field.value(), "own");
        field.set("");
        type_(&mut field, "khong");
        assert_eq!(field.value(), "other");
    }

    #[test]
    fn letters_choose_without_marks_once_they_name_one_answer() {
        let mut field = types();
        type_(&mut field, "k");
        assert!(field.unclear());
        assert_eq!(field.offered(), ["khiếu nại", "kiến nghị"]);
        type_(&mut field, "ie");
        assert_eq!((field.value(), field.text()), ("recommendation", "kie"));
        field.settle();
        assert_eq!(field.text(), "kiến nghị");
        type_(&mut field, "kn");
        assert_eq!(field.value(), "complaint", "a short form in full is exact");
    }

    #[test]
    fn a_typing_aid_is_read_too_and_keys_without_marks_still_fit() {
        let aid = Aid {
            method: Some(Method::Telex),
            ..Aid::default()
        };
        for (keys, value, shown) in [
            ("toos", "denunciation", "tố"),
            ("tos cao", "denunciation", "tó cao"),
            ("to cao", "denunciation", "to cao"),
            ("khieeus", "complaint", "khiếu"),
            ("kieen", "recommendation", "kiên"),
            ("feedback", "feedback", "feedback"),
            ("xyz", "xyz", "xyz"),
        ] {
            let mut field = types();
            for c in keys.chars() {
                field.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), aid);
            }
            assert_eq!((field.value(), field.text()), (value, shown), "{keys}");
        }
        // Backspace takes a letter back as it is seen.
        let mut field = types();
        for code in [
            KeyCode::Char('t'),
            KeyCode::Char('o'),
            KeyCode::Char('o'),
            KeyCode::Backspace,
        ] {
            field.key(KeyEvent::new(code, KeyModifiers::NONE), aid);
        }
        assert_eq!(field.text(), "t");
    }

    #[test]
    fn what_names_no_answer_stays_as_it_was_typed() {
        for text in ["buu dien", "qua buu dien", "qua b", "xyz"] {
            let mut field = sources();
            type_(&mut field, text);
            field.settle();
            assert!(field.unclear(), "{text}");
            assert_eq!((field.value(), field.label()), (text, ""));
            assert_eq!(field.offered().len(), 3);
        }
        let mut field = sources();
        type_(&mut field, "buuu");
        press(&mut field, KeyCode::Backspace);
        assert_eq!(field.value(), "post");
    }

    #[test]
    fn a_stored_text_that_is_no_answer_comes_back_as_typed() {
        let mut field = sources();
        field.set("buu dien");
        assert!(field.unclear());
        field.set("post");
        assert_eq!(field.text(), "bưu chính");
        field.keep(|value| value != "post");
        assert!(field.unclear());
    }

    #[test]
    fn arrows_go_round() {
        let mut field = types();
        press(&mut field, KeyCode::Left);
        assert_eq!(field.value(), "feedback");
        press(&mut field, KeyCode::Right);
        assert_eq!(field.value(), "complaint");
        press(&mut field, KeyCode::Backspace);
        assert_eq!(field.value(), "");
        type_(&mut field, "k");
        press(&mut field, KeyCode::Left);
        assert_eq!((field.value(), field.typing()), ("recommendation", false));
        press(&mut field, KeyCode::Right);
        assert_eq!(field.value(), "feedback");
    }
}
