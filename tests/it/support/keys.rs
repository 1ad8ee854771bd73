//! Keys by the names that the help gives them: `F2`, `Ctrl-S`, `Enter`, `đ`.
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The event of a named key.
pub fn key_of(name: &str) -> KeyEvent {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let single = |text: &str| {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some(c),
            _ => None,
        }
    };
    if let Some(c) = single(name) {
        return plain(KeyCode::Char(c));
    }
    if name == "Alt-Enter" {
        return KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT);
    }
    for (prefix, modifier) in [
        ("Ctrl-", KeyModifiers::CONTROL),
        ("Alt-", KeyModifiers::ALT),
    ] {
        if let Some(c) = name.strip_prefix(prefix).and_then(single) {
            return KeyEvent::new(KeyCode::Char(c.to_ascii_lowercase()), modifier);
        }
    }
    plain(match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Del" => KeyCode::Delete,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        _ => KeyCode::F(
            name.strip_prefix('F')
                .and_then(|n| n.parse().ok())
                .expect("a key name"),
        ),
    })
}

/// The names of keys parted by blanks, `Down*3` standing for three of them.
pub fn keys_of(keys: &str) -> impl Iterator<Item = &str> {
    keys.split_whitespace().flat_map(|key| {
        let (name, times) = match key.split_once('*') {
            Some((name, times)) => (name, times.parse().expect("how many times")),
            None => (key, 1),
        };
        std::iter::repeat_n(name, times)
    })
}
