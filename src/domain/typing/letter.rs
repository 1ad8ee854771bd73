//! Letters, tones, and the two typing methods as tables.

use unicode_normalization::UnicodeNormalization;

/// How keys become letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Letters mark: `aa` â, `aw` ă, `dd` đ, `s f r x j` tones, `z` none.
    Telex,
    /// Digits mark: `6` â ê ô, `7` ơ ư, `8` ă, `9` đ, `1`–`5` tones, `0` none.
    Vni,
}

/// Where the tone of `oa oe uy` without a final consonant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// On the first vowel: hòa, khỏe, thủy.
    #[default]
    Old,
    /// On the second vowel: hoà, khoẻ, thuỷ.
    New,
}

/// The six tones of a syllable but the level one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Acute,
    Grave,
    Hook,
    Tilde,
    Dot,
}

impl Method {
    /// Both methods.
    pub const ALL: [Method; 2] = [Method::Telex, Method::Vni];

    /// The stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Method::Telex => "telex",
            Method::Vni => "vni",
        }
    }

    /// The method of a stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.code() == code)
    }
}

impl Style {
    /// The style of a stable name; any other is the old one.
    #[must_use]
    pub fn from_code(code: &str) -> Style {
        match code {
            "new" => Style::New,
            _ => Style::Old,
        }
    }
}

impl Tone {
    fn mark(self) -> char {
        match self {
            Tone::Acute => '\u{301}',
            Tone::Grave => '\u{300}',
            Tone::Hook => '\u{309}',
            Tone::Tilde => '\u{303}',
            Tone::Dot => '\u{323}',
        }
    }

    fn of_mark(mark: char) -> Option<Tone> {
        [Tone::Acute, Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Dot]
            .into_iter()
            .find(|tone| tone.mark() == mark)
    }
}

/// What a key of a method asks for, beside being a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Tone(Tone),
    NoTone,
    /// The hat of â ê ô, on the vowels named.
    Hat(&'static str),
    /// The horn of ơ ư and the breve of ă, on the vowels named; `true` where the key may stand for ư itself.
    Horn(&'static str, bool),
    /// The stroke of đ.
    Stroke,
}

/// What the key asks for in this method.
pub(super) fn ask(method: Method, key: char) -> Option<Ask> {
    Some(match (method, key.to_ascii_lowercase()) {
        (Method::Telex, 's') | (Method::Vni, '1') => Ask::Tone(Tone::Acute),
        (Method::Telex, 'f') | (Method::Vni, '2') => Ask::Tone(Tone::Grave),
        (Method::Telex, 'r') | (Method::Vni, '3') => Ask::Tone(Tone::Hook),
        (Method::Telex, 'x') | (Method::Vni, '4') => Ask::Tone(Tone::Tilde),
        (Method::Telex, 'j') | (Method::Vni, '5') => Ask::Tone(Tone::Dot),
        (Method::Telex, 'z') | (Method::Vni, '0') => Ask::NoTone,
        (Method::Telex, 'a') => Ask::Hat("a"),
        (Method::Telex, 'e') => Ask::Hat("e"),
        (Method::Telex, 'o') => Ask::Hat("o"),
        (Method::Vni, '6') => Ask::Hat("aeo"),
        (Method::Telex, 'w') => Ask::Horn("aou", true),
        (Method::Vni, '7') => Ask::Horn("ou", false),
        (Method::Vni, '8') => Ask::Horn("a", false),
        (Method::Telex, 'd') | (Method::Vni, '9') => Ask::Stroke,
        _ => return None,
    })
}

/// One letter of a word: its shape in lower case with hat, horn, breve or stroke but without tone, and its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub shape: char,
    pub upper: bool,
}

impl Letter {
    /// A letter and its tone; `None` for what is no single letter of the alphabet.
    pub fn of(c: char) -> Option<(Letter, Option<Tone>)> {
        if c.is_ascii() {
            let upper = c.is_ascii_uppercase();
            let shape = c.to_ascii_lowercase();
            return Some((Letter { shape, upper }, None));
        }
        let upper = c.is_uppercase();
        let mut tone = None;
        let mut shape = String::new();
        for part in c.to_lowercase().nfd() {
            match Tone::of_mark(part) {
                Some(found) => tone = Some(found),
                None => shape.push(part),
            }
        }
        let mut shape = shape.nfc();
        let (Some(shape), None) = (shape.next(), shape.next()) else {
            return None;
        };
        let (letter, mut same) = (Letter { shape, upper }, String::new());
        letter.write(tone, &mut same);
        same.chars().eq([c]).then_some((letter, tone))
    }

    /// The letter as it is written, with this tone on it.
    pub fn write(self, tone: Option<Tone>, out: &mut String) {
        let lower = std::iter::once(self.shape).chain(tone.map(Tone::mark));
        let lower: String = lower.nfc().collect();
        if self.upper {
            out.extend(lower.chars().flat_map(char::to_uppercase));
        } else {
            out.push_str(&lower);
        }
    }
}

/// The letter under hat, horn, breve or stroke.
pub(super) fn base(shape: char) -> char {
    match shape {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        other => other,
    }
}

/// The letter with its hat on, where it can wear one.
pub(super) fn hat(shape: char) -> char {
    match base(shape) {
        'a' => 'â',
        'e' => 'ê',
        'o' => 'ô',
        other => other,
    }
}

/// The letter with horn or breve, where it can wear one.
pub(super) fn horn(shape: char) -> char {
    match base(shape) {
        'a' => 'ă',
        'o' => 'ơ',
        'u' => 'ư',
        other => other,
    }
}

/// Whether the shape is a vowel.
pub(super) fn is_vowel(shape: char) -> bool {
    matches!(base(shape), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
