//! Cuts prose into numbers, words and signs, with their places in the text.
use unicode_normalization::char::is_combining_mark;

use crate::domain::fold::fold;
use crate::domain::number::{Dec, parse_dec};

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number that stands alone.
    Number(Dec),
    /// A word, folded.
    Word(String),
    /// A line end.
    Newline,
    /// Any other character.
    Sign(char),
    /// Digits that are no quantity: a dotted date, a year range, a code such as `09-CTr`.
    Code,
}

/// One token with its place in bytes.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(w) => Some(w),
            _ => None,
        }
    }

    pub fn is_word(&self, words: &[&str]) -> bool {
        self.word().is_some_and(|w| words.contains(&w))
    }

    pub fn is_sign(&self, signs: &[char]) -> bool {
        matches!(&self.kind, Kind::Sign(c) if signs.contains(c))
    }

    pub fn number(&self) -> Option<Dec> {
        match self.kind {
            Kind::Number(d) => Some(d),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self) -> Option<i64> {
        self.number().filter(|d| d.scale() == 0).map(Dec::units)
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐' | '‑')
}

/// Length in bytes of the number at the start of `rest`: digits, with points and commas between digits.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    while digit(at) || (matches!(bytes.get(at), Some(b'.' | b',')) && digit(at + 1)) {
        at += 1;
    }
    at
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .unwrap_or(rest.len())
}

/// True if a hyphen ties what ends before `rest` to the digits or letters after it.
fn tied_after(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next().is_some_and(is_hyphen) && chars.next().is_some_and(char::is_alphanumeric)
}

fn tied_before(before: &str) -> bool {
    let mut chars = before.chars().rev();
    chars.next().is_some_and(is_hyphen) && chars.next().is_some_and(char::is_alphanumeric)
}

/// The token of the digits at `start`, and where it ends.
fn number_token(text: &str, start: usize) -> Token {
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let length = number_length(rest);
    let (raw, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let letters = word_length(after);
    // One letter or a code glued to the digits (5G, 10h30) makes them no quantity; a forgotten space does not (8574đơn).
    let glued = after.get(..letters).is_some_and(|w| {
        let plain = fold(w);
        plain.chars().count() == 1 || plain.contains(|c: char| c.is_ascii_digit())
    });
    let quantity = parse_dec(raw)
        .ok()
        .filter(|_| !tied_before(before) && !tied_after(after));
    match quantity {
        Some(value) if !glued => Token {
            kind: Kind::Number(value),
            start,
            end: start + length,
        },
        _ => Token {
            kind: Kind::Code,
            start,
            end: start + length + if glued { letters } else { 0 },
        },
    }
}

/// The tokens of a text. White space and hidden characters only part them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(c) = rest.chars().next() else {
            break;
        };
        let token = if c.is_ascii_digit() {
            number_token(text, at)
        } else if c.is_alphanumeric() {
            let length = word_length(rest);
            Token {
                kind: Kind::Word(fold(rest.get(..length).unwrap_or(rest))),
                start: at,
                end: at + length,
            }
        } else {
            let kind = if c == '\n' {
                Kind::Newline
            } else {
                Kind::Sign(c)
            };
            Token {
                kind,
                start: at,
                end: at + c.len_utf8(),
            }
        };
        at = token.end;
        let parting = c != '\n'
            && (c.is_whitespace()
                || c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
        if !parting {
            out.push(token);
        }
    }
    out
}
