//! From what a terminal sends to what the command table names: chords, and the base of a Vietnamese letter.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One key with its modifiers, as the command table writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chord {
    /// F1 to F12.
    F(u8),
    /// A printing key.
    Char(char),
    /// Ctrl and a letter.
    Ctrl(char),
    /// Alt and a printing key.
    Alt(char),
    /// Enter.
    Enter,
    /// Alt and Enter.
    AltEnter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// Delete.
    Delete,
    /// Backspace.
    Backspace,
}

impl Chord {
    /// The chord of a key event; `None` for key releases and keys that nothing uses.
    pub fn of(key: KeyEvent) -> Option<Chord> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        Some(match key.code {
            KeyCode::F(n) => Chord::F(n),
            KeyCode::Char(c) if ctrl => Chord::Ctrl(c.to_ascii_lowercase()),
            KeyCode::Char(c) if alt => Chord::Alt(c),
            KeyCode::Char(c) => Chord::Char(c),
            KeyCode::Enter if alt => Chord::AltEnter,
            KeyCode::Enter => Chord::Enter,
            KeyCode::Esc => Chord::Esc,
            KeyCode::BackTab => Chord::BackTab,
            KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => Chord::BackTab,
            KeyCode::Tab => Chord::Tab,
            KeyCode::Up => Chord::Up,
            KeyCode::Down => Chord::Down,
            KeyCode::Left => Chord::Left,
            KeyCode::Right => Chord::Right,
            KeyCode::PageUp => Chord::PageUp,
            KeyCode::PageDown => Chord::PageDown,
            KeyCode::Home => Chord::Home,
            KeyCode::End => Chord::End,
            KeyCode::Delete => Chord::Delete,
            KeyCode::Backspace => Chord::Backspace,
            _ => return None,
        })
    }

    /// Whether a text field takes this key as text.
    pub fn is_text(self) -> bool {
        matches!(self, Chord::Char(_))
    }

    /// The chord as people write it: `F1`, `Ctrl-S`, `PgUp`.
    pub fn label(self) -> String {
        let named = match self {
            Chord::F(n) => return format!("F{n}"),
            Chord::Char(' ') => "Space",
            Chord::Char(c) => return c.to_string(),
            Chord::Ctrl(c) => return format!("Ctrl-{}", c.to_ascii_uppercase()),
            Chord::Alt(c) => return format!("Alt-{c}"),
            Chord::Enter => "Enter",
            Chord::AltEnter => "Alt-Enter",
            Chord::Esc => "Esc",
            Chord::Tab => "Tab",
            Chord::BackTab => "Shift-Tab",
            Chord::Up => "Up",
            Chord::Down => "Down",
            Chord::Left => "Left",
            Chord::Right => "Right",
            Chord::PageUp => "PgUp",
            Chord::PageDown => "PgDn",
            Chord::Home => "Home",
            Chord::End => "End",
            Chord::Delete => "Del",
            Chord::Backspace => "Backspace",
        };
        named.to_owned()
    }

    /// The chord that a command is looked up by: a Vietnamese letter counts as its base, `ư` and `ơ` as nothing.
    pub fn for_command(self) -> Option<Chord> {
        match self {
            Chord::Char(c) => base_letter(c).map(Chord::Char),
            Chord::Alt(c) => base_letter(c).map(Chord::Alt),
            other => Some(other),
        }
    }
}

/// The mark that makes `ư` and `ơ` of `u` and `o`.
pub const HORN: char = '\u{31b}';

/// The letter under the marks that a Vietnamese keyboard put on it; `None` for `ư` and `ơ`, which stand for the keys
/// `w`, `[` and `]` as often as for `u` and `o`, and for a mark that comes after its letter.
pub fn base_letter(c: char) -> Option<char> {
    match c {
        _ if is_combining_mark(c) => return None,
        'đ' => return Some('d'),
        'Đ' => return Some('D'),
        _ if c.is_ascii() => return Some(c),
        _ => {}
    }
    let mut parts = std::iter::once(c).nfd();
    let base = parts.next()?;
    let horned = parts.any(|mark| mark == HORN);
    (!horned).then_some(base)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn vietnamese_letters_count_as_their_base() {
        for (typed, base) in [
            ('đ', 'd'),
            ('Đ', 'D'),
            ('â', 'a'),
            ('ê', 'e'),
            ('ô', 'o'),
            ('ă', 'a'),
        ] {
            assert_eq!(base_letter(typed), Some(base));
        }
        for (typed, base) in [
            ('ế', 'e'),
            ('ạ', 'a'),
            ('ú', 'u'),
            ('Ỹ', 'Y'),
            ('n', 'n'),
            ('?', '?'),
        ] {
            assert_eq!(base_letter(typed), Some(base));
        }
        for none in ['ư', 'ơ', 'Ư', 'Ơ', 'ứ', 'ợ', HORN, '\u{301}'] {
            assert_eq!(base_letter(none), None, "{none}");
        }
    }

    #[test]
    fn shift_does_not_change_a_letter() {
        let key = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Chord::of(key), Some(Chord::Char('G')));
    }
}
