//! A field with a few fixed answers: letters and arrows choose, F4 lists them.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::fold::fold;

/// One answer: what is stored and what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The stable value.
    pub value: String,
    /// The words.
    pub label: String,
}

/// The answers and which one stands; none at first when the field may stay empty.
#[derive(Clone, Debug)]
pub struct ChoiceField {
    answers: Vec<Answer>,
    chosen: Option<usize>,
    typed: String,
}

impl ChoiceField {
    /// A field with these answers that holds `value`.
    pub fn new(answers: Vec<Answer>, value: &str) -> ChoiceField {
        let chosen = answers.iter().position(|a| a.value == value);
        ChoiceField {
            answers,
            chosen,
            typed: String::new(),
        }
    }

    /// The answers.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The stored value; empty when nothing is chosen.
    pub fn value(&self) -> &str {
        self.answer().map_or("", |a| &a.value)
    }

    /// The words of the chosen answer.
    pub fn label(&self) -> &str {
        self.answer().map_or("", |a| &a.label)
    }

    fn answer(&self) -> Option<&Answer> {
        self.chosen.and_then(|at| self.answers.get(at))
    }

    /// Chooses the answer with this value, or none.
    pub fn set(&mut self, value: &str) {
        self.chosen = self.answers.iter().position(|a| a.value == value);
        self.typed.clear();
    }

    /// Takes a key; says whether the answer changed, `None` when the key is none of its own.
    pub fn key(&mut self, key: KeyEvent) -> Option<bool> {
        let before = self.chosen;
        match key.code {
            KeyCode::Right => self.turn(true),
            KeyCode::Left => self.turn(false),
            KeyCode::Backspace | KeyCode::Delete => {
                self.typed.clear();
                self.chosen = None;
            }
            KeyCode::Char(c) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => {
                self.type_letter(c)
            }
            _ => return None,
        }
        Some(before != self.chosen)
    }

    fn turn(&mut self, on: bool) {
        self.typed.clear();
        let many = self.answers.len();
        if many == 0 {
            return;
        }
        self.chosen = Some(match (self.chosen, on) {
            (None, true) => 0,
            (None, false) => many - 1,
            (Some(at), true) => (at + 1) % many,
            (Some(at), false) => (at + many - 1) % many,
        });
    }

    /// Looks for the answer that the letters typed so far begin, then for one that has a word they begin.
    fn type_letter(&mut self, c: char) {
        let mut typed = self.typed.clone();
        typed.push(c);
        if let Some(at) = self.search(&typed) {
            self.chosen = Some(at);
            self.typed = typed;
        } else if let Some(at) = self.search(&c.to_string()) {
            self.chosen = Some(at);
            self.typed = c.to_string();
        }
    }

    fn search(&self, typed: &str) -> Option<usize> {
        let typed = fold(typed);
        let begins = |a: &Answer| fold(&a.label).starts_with(&typed) || a.value.starts_with(&typed);
        let has = |a: &Answer| {
            fold(&a.label)
                .split_whitespace()
                .any(|word| word.starts_with(&typed))
        };
        self.answers
            .iter()
            .position(begins)
            .or_else(|| self.answers.iter().position(has))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field() -> ChoiceField {
        let answer = |value: &str, label: &str| Answer {
            value: value.to_owned(),
            label: label.to_owned(),
        };
        let answers = vec![
            answer("complaint", "Khiếu nại"),
            answer("denunciation", "Tố cáo"),
            answer("recommendation", "Kiến nghị"),
            answer("feedback", "Phản ánh"),
        ];
        ChoiceField::new(answers, "")
    }

    fn press(field: &mut ChoiceField, c: char) {
        field.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    }

    #[test]
    fn letters_choose_without_marks() {
        let mut field = field();
        for c in "kie".chars() {
            press(&mut field, c);
        }
        assert_eq!(field.value(), "recommendation");
        press(&mut field, 't');
        assert_eq!(field.label(), "Tố cáo");
    }

    #[test]
    fn arrows_go_round() {
        let mut field = field();
        field.key(KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        assert_eq!(field.value(), "feedback");
        field.key(KeyEvent::new(KeyCode::Right, KeyModifiers::NONE));
        assert_eq!(field.value(), "complaint");
        field.key(KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE));
        assert_eq!(field.value(), "");
    }
}
