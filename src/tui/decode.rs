//! From the bytes that a terminal sends to keys, pasted text and its answers, however they are split between reads.
//!
//! Written here because an answer to a question of ours must never be taken for typing: it may come late, in pieces, or
//! not at all.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One thing that came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// Text that the terminal marks as pasted.
    Paste(String),
    /// The answer to where the cursor stands; it tells that all that was sent before the question has arrived.
    Report,
}

/// The most bytes of one paste that are kept; what comes after them is left out.
const LONGEST_PASTE: usize = 16 << 20;
/// The most bytes of one key or answer.
const LONGEST_CODE: usize = 64;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// The most keys at once that come from a hand while the rest of a paste may still come.
const FEW: usize = 4;
/// After so many times of them nothing of the paste is under way any more.
const BY_HAND: u8 = 20;
const ESC: u8 = 0x1b;

/// What has come and is not understood yet.
#[derive(Debug, Default)]
pub struct Decoder {
    bytes: Vec<u8>,
    paste: Option<Vec<u8>>,
    /// A paste was broken off before its end came.
    late: Option<Late>,
    /// What came after that stands in `paste` until it is clear whether it is the rest or typed.
    unclear: bool,
    /// What was taken for keys because its rest did not come in time; the rest of an answer may still come.
    cut_off: Vec<u8>,
}

/// What is known of a paste whose end has not come.
#[derive(Debug, Default)]
struct Late {
    /// The half of a letter or of the end mark that came last.
    half: Vec<u8>,
    /// How often keys have come since that a hand may have typed.
    by_hand: u8,
}

/// What the bytes at the front are.
enum Found {
    /// So many bytes that are this, or nothing that anybody uses.
    Done(usize, Option<Input>),
    /// The beginning of a paste, in so many bytes.
    Paste(usize),
    /// More is to come.
    More,
}

impl Decoder {
    /// What `bytes` say, with what came before them.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Input> {
        if self.paste.is_none()
            && let Some(late) = &self.late
        {
            (self.paste, self.unclear) = (Some(Vec::new()), true);
            self.bytes.clone_from(&late.half);
        }
        self.bytes.extend_from_slice(bytes);
        self.drop_late_answer();
        let mut found = Vec::new();
        self.run(false, &mut found);
        found
    }

    /// Whether something has begun whose rest should come at once.
    pub fn waits(&self) -> bool {
        self.paste.is_none() && !self.bytes.is_empty()
    }

    /// Whether a paste has begun whose end has not come.
    pub fn is_pasting(&self) -> bool {
        self.paste.is_some()
    }

    /// Whether what has come may be the rest of a paste, which comes at once, or typed.
    pub fn is_unclear(&self) -> bool {
        self.unclear
    }

    /// Whether all that has come is an Escape, which is a key of its own more often than not.
    pub fn is_escape(&self) -> bool {
        self.bytes == [ESC]
    }

    /// Nothing has come for long enough: what has begun is taken for the keys that it can be, and a paste for the text
    /// that came of it. Its rest may come later all the same, and is text too.
    pub fn give_up(&mut self) -> Vec<Input> {
        if let Some(mut text) = self.paste.take() {
            text.append(&mut self.bytes);
            if std::mem::take(&mut self.unclear) {
                return self.typed(&text).unwrap_or_else(|| {
                    // The end mark may have begun to come.
                    self.bytes = text.split_off(text.len().saturating_sub(PASTE_ENDS.len() - 1));
                    self.paste = Some(text);
                    Vec::new()
                });
            }
            let half = text.split_off(text.len() - half(&text));
            self.late = Some(Late { half, by_hand: 0 });
            return vec![pasted(&text)];
        }
        if !self.waits() {
            return Vec::new();
        }
        self.cut_off.clone_from(&self.bytes);
        let mut found = Vec::new();
        self.run(true, &mut found);
        found
    }

    /// The keys that came after a paste was broken off, as far as a hand may have typed them.
    fn typed(&mut self, bytes: &[u8]) -> Option<Vec<Input>> {
        let late = self.late.as_mut()?;
        let bytes = bytes.get(late.half.len()..).unwrap_or_default();
        let mut hand = Decoder {
            bytes: bytes.to_vec(),
            ..Decoder::default()
        };
        let mut found = Vec::new();
        hand.run(true, &mut found);
        let keys = found.iter().filter(|input| matches!(input, Input::Key(_)));
        let many = keys.count();
        if hand.paste.is_some() || many > FEW {
            return None;
        }
        late.half.clear();
        late.by_hand += u8::from(many > 0);
        if late.by_hand >= BY_HAND {
            self.late = None;
        }
        self.cut_off = bytes.to_vec();
        Some(found)
    }

    fn run(&mut self, last: bool, found: &mut Vec<Input>) {
        loop {
            if self.paste.is_some() {
                let unclear = self.unclear;
                match self.take_paste() {
                    // The end mark alone is nothing.
                    Some(text) if unclear && text.is_empty() => {}
                    Some(text) => found.push(pasted(&text)),
                    None => return,
                }
            }
            if self.bytes.is_empty() {
                return;
            }
            match parse(&self.bytes, last) {
                Found::Done(many, input) => {
                    self.bytes.drain(..many.clamp(1, self.bytes.len()));
                    found.extend(input);
                }
                Found::Paste(many) => {
                    self.bytes.drain(..many);
                    self.paste = Some(Vec::new());
                }
                Found::More if self.bytes.len() > LONGEST_CODE => {
                    self.bytes.drain(..1);
                }
                Found::More => return,
            }
        }
    }

    /// The pasted text once its end has come.
    fn take_paste(&mut self) -> Option<Vec<u8>> {
        let paste = self.paste.as_mut()?;
        let end = self
            .bytes
            .windows(PASTE_ENDS.len())
            .position(|window| window == PASTE_ENDS);
        // The end mark may come in pieces.
        let many = end.unwrap_or_else(|| (self.bytes.len() + 1).saturating_sub(PASTE_ENDS.len()));
        let room = LONGEST_PASTE.saturating_sub(paste.len());
        paste.extend(self.bytes.iter().take(many.min(room)));
        self.bytes.drain(..many);
        end?;
        self.bytes.drain(..PASTE_ENDS.len().min(self.bytes.len()));
        (self.late, self.unclear) = (None, false);
        self.paste.take()
    }

    /// The rest of an answer whose beginning was taken for keys is nobody's typing.
    fn drop_late_answer(&mut self) {
        if self.cut_off.is_empty() || self.bytes.is_empty() {
            return;
        }
        let whole = [self.cut_off.as_slice(), self.bytes.as_slice()].concat();
        let begun = self.cut_off.len();
        match report(&whole) {
            Some(Ok(end)) if end > begun => {
                self.bytes.drain(..end - begun);
                self.cut_off.clear();
            }
            // It may still become one; a lone bracket is more likely typed.
            Some(Err(())) if whole.len() > 2 && self.bytes.len() > 1 => {
                self.bytes.clear();
                self.cut_off = whole;
            }
            _ => self.cut_off.clear(),
        }
    }
}

/// Whether an answer stands at the front: its end, or that it may become one.
fn report(bytes: &[u8]) -> Option<Result<usize, ()>> {
    let rest = bytes.strip_prefix(b"\x1b[".get(..bytes.len().min(2))?)?;
    let mut parts = 0;
    let mut digits = 0;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b';' if parts == 0 && digits > 0 => (parts, digits) = (1, 0),
            b'R' if parts == 1 && digits > 0 => return Some(Ok(at + 3)),
            _ => return None,
        }
    }
    Some(Err(()))
}

/// How many bytes at the end are the beginning of a letter or of the end mark.
fn half(text: &[u8]) -> usize {
    let is_half = |many: &usize| {
        let end = text.get(text.len() - many..).unwrap_or_default();
        let letter = std::str::from_utf8(end);
        let cut = letter.is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none());
        PASTE_ENDS.starts_with(end) || cut
    };
    let most = text.len().min(PASTE_ENDS.len() - 1);
    (1..=most).rev().find(is_half).unwrap_or_default()
}

fn pasted(text: &[u8]) -> Input {
    // Another paste may begin where the rest of one was awaited.
    let text = text.strip_prefix(PASTE_BEGINS).unwrap_or(text);
    Input::Paste(String::from_utf8_lossy(text).into_owned())
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
    Some(Input::Key(KeyEvent::new(code, modifiers)))
}

fn plain(code: KeyCode) -> Option<Input> {
    key(code, KeyModifiers::NONE)
}

/// What stands at the front of `bytes`, which are not empty; with `last` nothing more will come.
fn parse(bytes: &[u8], last: bool) -> Found {
    let Some((first, rest)) = bytes.split_first() else {
        return Found::More;
    };
    if *first != ESC {
        return letter(bytes, last);
    }
    match rest.first() {
        None if last => Found::Done(1, plain(KeyCode::Esc)),
        None => Found::More,
        Some(b'[') => match control(rest.get(1..).unwrap_or_default()) {
            // Escape and a bracket that nothing followed.
            Found::More if last && rest.len() == 1 => {
                Found::Done(2, key(KeyCode::Char('['), KeyModifiers::ALT))
            }
            Found::More if last => Found::Done(bytes.len(), None),
            Found::Done(many, input) => Found::Done(many + 2, input),
            Found::Paste(many) => Found::Paste(many + 2),
            Found::More => Found::More,
        },
        Some(b'O') => match rest.get(1) {
            Some(end) => match application(*end) {
                Some(code) => Found::Done(3, plain(code)),
                None => Found::Done(2, key(KeyCode::Char('O'), KeyModifiers::ALT)),
            },
            None if last => Found::Done(2, key(KeyCode::Char('O'), KeyModifiers::ALT)),
            None => Found::More,
        },
        // Escape twice: two keys, or Alt and a key that is a code itself.
        Some(&ESC) => match parse(rest, last) {
            Found::Done(many @ 2.., Some(Input::Key(event))) => Found::Done(
                many + 1,
                key(event.code, event.modifiers | KeyModifiers::ALT),
            ),
            Found::More => Found::More,
            _ => Found::Done(1, plain(KeyCode::Esc)),
        },
        Some(_) => match letter(rest, last) {
            Found::Done(many, Some(Input::Key(event))) => Found::Done(
                many + 1,
                key(event.code, event.modifiers | KeyModifiers::ALT),
            ),
            Found::Done(many, _) => Found::Done(many + 1, None),
            other => other,
        },
    }
}

/// One letter, or one of the keys that send a single byte.
fn letter(bytes: &[u8], last: bool) -> Found {
    let first = bytes.first().copied().unwrap_or_default();
    let control = |c: u8| key(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    let one = |input| Found::Done(1, input);
    match first {
        b'\r' => one(plain(KeyCode::Enter)),
        b'\t' => one(plain(KeyCode::Tab)),
        0x7f => one(plain(KeyCode::Backspace)),
        0 => one(control(b' ')),
        0x01..=0x1a => one(control(first - 1 + b'a')),
        0x1b => one(plain(KeyCode::Esc)),
        0x1c..=0x1f => one(control(first - 0x1c + b'4')),
        _ => {
            let length = match first {
                ..0x80 => 1,
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                // No letter begins so.
                _ => return one(None),
            };
            let there = bytes.get(..length).unwrap_or(bytes);
            match std::str::from_utf8(there) {
                Ok(text) => {
                    let c = text.chars().next().unwrap_or_default();
                    let shift = if c.is_uppercase() {
                        KeyModifiers::SHIFT
                    } else {
                        KeyModifiers::NONE
                    };
                    Found::Done(length, key(KeyCode::Char(c), shift))
                }
                Err(error) if error.error_len().is_none() && !last => Found::More,
                Err(_) => one(None),
            }
        }
    }
}

/// The keys that follow `ESC O`.
fn application(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(end - b'P' + 1),
        // The keypad where it is a keypad of its own.
        b'j' => KeyCode::Char('*'),
        b'k' => KeyCode::Char('+'),
        b'l' => KeyCode::Char(','),
        b'm' => KeyCode::Char('-'),
        b'n' => KeyCode::Char('.'),
        b'o' => KeyCode::Char('/'),
        b'p'..=b'y' => KeyCode::Char(char::from(end - b'p' + b'0')),
        _ => return None,
    })
}

/// What follows `ESC [`; the counts are without those two.
fn control(bytes: &[u8]) -> Found {
    match bytes.first() {
        None => return Found::More,
        // The Linux console's F1 to F5.
        Some(b'[') => {
            return match bytes.get(1) {
                None => Found::More,
                Some(end @ b'A'..=b'E') => Found::Done(2, plain(KeyCode::F(end - b'A' + 1))),
                Some(_) => Found::Done(2, None),
            };
        }
        // A mouse that nobody asked for: three bytes follow.
        Some(b'M') => {
            return if bytes.len() < 4 {
                Found::More
            } else {
                Found::Done(4, None)
            };
        }
        Some(_) => {}
    }
    let private = bytes.first().is_some_and(|b| (b'<'..=b'?').contains(b));
    let ends = |b: &u8| (0x40..=0x7e).contains(b) || (*b == b'$' && !private);
    let Some(at) = bytes
        .iter()
        .position(|b| ends(b) || !(0x20..=0x7e).contains(b))
    else {
        return Found::More;
    };
    let end = bytes.get(at).copied().unwrap_or_default();
    if !ends(&end) {
        // A control in the middle: what began here was cut off.
        return Found::Done(at, None);
    }
    let text = bytes.get(..at).and_then(|b| std::str::from_utf8(b).ok());
    let text = text.unwrap_or_default();
    if text == "200" && end == b'~' {
        return Found::Paste(at + 1);
    }
    let input = if private { None } else { coded(text, end) };
    Found::Done(at + 1, input)
}

/// The key of a control sequence with these parameters.
fn coded(text: &str, end: u8) -> Option<Input> {
    let mut numbers = text.split(';').map(|part| {
        part.split(':')
            .next()
            .unwrap_or_default()
            .parse::<u32>()
            .ok()
    });
    let (first, second) = (numbers.next().flatten(), numbers.next().flatten());
    let third = numbers.next().flatten();
    let modifiers = second.map_or(KeyModifiers::NONE, modifiers);
    let arrow = |end: u8| application(end.to_ascii_uppercase());
    match end {
        b'R' if first.is_some() && second.is_some() => Some(Input::Report),
        b'Z' => key(KeyCode::BackTab, KeyModifiers::SHIFT),
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' => key(arrow(end)?, modifiers),
        // rxvt: arrows with Shift.
        b'a'..=b'd' if text.is_empty() => key(arrow(end)?, KeyModifiers::SHIFT),
        b'~' if first == Some(27) => chosen(third?, modifiers),
        b'~' => key(numbered(first?)?, modifiers),
        b'^' => key(numbered(first?)?, KeyModifiers::CONTROL),
        b'$' => key(numbered(first?)?, KeyModifiers::SHIFT),
        b'@' => key(
            numbered(first?)?,
            KeyModifiers::CONTROL | KeyModifiers::SHIFT,
        ),
        b'u' => chosen(first?, modifiers),
        _ => None,
    }
}

/// A key given by the number of its letter.
fn chosen(number: u32, modifiers: KeyModifiers) -> Option<Input> {
    let code = match number {
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        _ => KeyCode::Char(char::from_u32(number)?),
    };
    key(code, modifiers)
}

/// The keys that send a number.
fn numbered(number: u32) -> Option<KeyCode> {
    let f = |from: u32, n: u8| {
        u8::try_from(number - from)
            .ok()
            .map(|at| KeyCode::F(at + n))
    };
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => f(11, 1),
        17..=21 => f(17, 6),
        23..=26 => f(23, 11),
        28..=29 => f(28, 15),
        31..=34 => f(31, 17),
        _ => None,
    }
}

fn modifiers(number: u32) -> KeyModifiers {
    let mask = number.saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
    ]
    .into_iter()
    .filter(|(bit, _)| mask & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

#[cfg(test)]
mod tests;
