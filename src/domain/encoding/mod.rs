//! Text from before Unicode: TCVN3 (ABC), VNI-Windows, VISCII, windows-1258, and UTF-8 read as if it were Latin.
//!
//! Such text lies in files as bytes, and in spreadsheets as the Latin letters that the bytes stand for. Both are
//! converted by the same tables; [`recognise`] tells which one a text is in.
mod recognise;
mod table;

pub use recognise::{Look, Tally, Verdict, decode_words, look};

use table::{CP1252, CP1258, TCVN3, VISCII, VISCII_LOW, VNI_HORNED, VNI_LETTERS, VNI_MARKS};
use unicode_normalization::UnicodeNormalization;

crate::codes!(
    /// An encoding before Unicode, by the name that `--encoding` takes.
    Legacy {
        Tcvn3 = "tcvn3",
        Vni = "vni",
        Viscii = "viscii",
        Cp1258 = "windows-1258",
        Utf8 = "utf-8-as-latin",
    }
);

impl Legacy {
    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC)",
            Self::Vni => "VNI-Windows",
            Self::Viscii => "VISCII",
            Self::Cp1258 => "Windows-1258",
            Self::Utf8 => "UTF-8 đọc nhầm",
        }
    }
}

/// Text after conversion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    /// In Unicode, NFC.
    pub text: String,
    /// Characters that the encoding has no letter for; they stay as they are.
    pub unmapped: Vec<char>,
    /// A letter may have been a capital: TCVN3 has none with tones, they come as small letters.
    pub case_lost: bool,
}

/// The character that a byte shows as where nobody knew the encoding.
#[must_use]
pub fn latin(byte: u8) -> char {
    if !(0x80..0xA0).contains(&byte) {
        return char::from(byte);
    }
    match CP1252.chars().nth(usize::from(byte - 0x80)) {
        Some(' ') | None => char::from(byte),
        Some(c) => c,
    }
}

/// The byte behind a character of [`latin`]; none for true Unicode.
fn byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let at = CP1252.chars().position(|known| known == c)?;
    u8::try_from(at + 0x80).ok()
}

fn pick(table: &[(u8, char)], byte: u8) -> Option<char> {
    table.iter().find(|(b, _)| *b == byte).map(|(_, c)| *c)
}

fn nth(table: &str, from: u8, byte: u8) -> Option<char> {
    let at = usize::from(byte.checked_sub(from)?);
    table.chars().nth(at).filter(|c| *c != ' ')
}

/// One letter of an encoding where each byte is a letter or a mark; none where it has no letter there.
fn single(legacy: Legacy, byte: u8) -> Option<char> {
    match legacy {
        Legacy::Tcvn3 => nth(TCVN3, 0xA1, byte),
        Legacy::Viscii => nth(VISCII, 0x80, byte).or_else(|| pick(&VISCII_LOW, byte)),
        Legacy::Cp1258 => pick(&CP1258, byte).or_else(|| (byte >= 0x80).then(|| latin(byte))),
        Legacy::Vni => pick(&VNI_LETTERS, byte).or_else(|| pick(&VNI_HORNED, byte)),
        Legacy::Utf8 => None,
    }
}

/// The marks that a byte of VNI-Windows puts on the letter before it.
fn vni_mark(before: Option<char>, byte: u8) -> Option<&'static str> {
    let letter = before?;
    let small = if letter.is_uppercase() && (0xC0..0xE0).contains(&byte) {
        byte + 0x20
    } else {
        byte
    };
    let marks = VNI_MARKS.iter().find(|(b, _)| *b == small)?.1;
    let fits = match letter.to_lowercase().next()? {
        'a' => true,
        'e' | 'o' => !marks.contains('\u{306}'),
        'u' | 'y' | 'ơ' | 'ư' => !marks.contains(['\u{306}', '\u{302}']),
        _ => false,
    };
    fits.then_some(marks)
}

/// Letters of TCVN3 that have a capital.
const WITH_CAPITAL: &str = "ăâêôơưđ";

/// Whether a letter that was decoded may have been a capital: it stands among capitals, or begins a text or a name.
fn case_lost(text: &str, decoded: &[bool]) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphabetic());
    let capital = |at: usize| chars.get(at).is_some_and(|c| c.is_uppercase());
    let starts: Vec<usize> = (0..chars.len())
        .filter(|at| letter(*at) && (*at == 0 || !letter(at - 1)))
        .collect();
    starts.iter().enumerate().any(|(n, start)| {
        let end = (*start..chars.len())
            .find(|at| !letter(*at))
            .unwrap_or(chars.len());
        let lost: Vec<usize> = (*start..end)
            .filter(|at| {
                decoded.get(*at) == Some(&true)
                    && chars
                        .get(*at)
                        .is_some_and(|c| c.is_lowercase() && !WITH_CAPITAL.contains(*c))
            })
            .collect();
        let shouted =
            (*start..end).filter(|at| capital(*at)).count() > usize::from(capital(*start));
        let near = [n.checked_sub(1), Some(n + 1)];
        let among_names = near
            .iter()
            .flatten()
            .filter_map(|n| starts.get(*n))
            .any(|at| capital(*at));
        lost.iter()
            .any(|at| shouted || (at == start && (n == 0 || among_names)))
    })
}

/// Converts text whose letters stand for the bytes of an encoding; true Unicode letters in it stay.
#[must_use]
pub fn decode(legacy: Legacy, text: &str) -> Decoded {
    if legacy == Legacy::Utf8 {
        return decode_utf8(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut decoded = Vec::new();
    let mut unmapped = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let Some(b) = byte(c).filter(|b| !b.is_ascii() || legacy == Legacy::Viscii) else {
            before = Some(c);
            out.push(c);
            decoded.push(false);
            continue;
        };
        if legacy == Legacy::Vni
            && let Some(marks) = vni_mark(before, b)
        {
            out.push_str(marks);
            before = None;
            continue;
        }
        let letter = single(legacy, b);
        if letter.is_none()
            && !b.is_ascii()
            && !matches!(
                c,
                '\u{a0}' | '“' | '”' | '‘' | '’' | '–' | '…' | '°' | '²' | '³'
            )
        {
            unmapped.push(c);
        }
        let c = letter.unwrap_or(c);
        before = Some(c);
        out.push(c);
        decoded.push(letter.is_some());
    }
    let text: String = out.nfc().collect();
    let case_lost = legacy == Legacy::Tcvn3 && case_lost(&text, &decoded);
    Decoded {
        text,
        unmapped,
        case_lost,
    }
}

/// UTF-8 whose bytes were taken for Latin letters; text that is none stays.
fn decode_utf8(text: &str) -> Decoded {
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    let read = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    Decoded {
        text: read.unwrap_or_else(|| text.to_owned()).nfc().collect(),
        ..Decoded::default()
    }
}

/// The encoding that a font was made for, by its name; and whether it draws capitals only.
#[must_use]
pub fn of_font(name: &str) -> Option<(Legacy, bool)> {
    let low = name.to_lowercase();
    if low.starts_with(".vn") || low.starts_with("abc ") {
        return Some((Legacy::Tcvn3, low.ends_with('h') || low.ends_with("h bold")));
    }
    if low.starts_with("vni-") || low.starts_with("vni ") {
        return Some((Legacy::Vni, false));
    }
    low.contains("viscii").then_some((Legacy::Viscii, false))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::domain::value::Code;

    #[test]
    fn the_tables_have_the_length_of_their_bytes() {
        assert_eq!(TCVN3.chars().count(), 0xFF - 0xA1);
        assert_eq!(VISCII.chars().count(), 0x80);
        assert_eq!(CP1252.chars().count(), 0x20);
    }

    #[test]
    fn every_vietnamese_letter_is_in_every_table_that_has_it() {
        let small = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
        for c in small.chars() {
            assert!(TCVN3.contains(c), "{c}");
            assert!(VISCII.contains(c), "{c}");
        }
        for c in small.to_uppercase().chars() {
            assert!(
                VISCII.contains(c) || VISCII_LOW.iter().any(|(_, l)| *l == c),
                "{c}"
            );
        }
    }

    #[test]
    fn the_published_table_converts_as_it_says() {
        let table = crate::domain::testdata::table("legacy_encodings.tsv");
        let mut rows = 0;
        for line in &table {
            let [encoding, unicode, as_latin, hex, _, kind] = line.as_slice() else {
                panic!("{line:?}");
            };
            let legacy = match encoding.as_str() {
                "TCVN3" => Legacy::Tcvn3,
                "VNI-Windows" => Legacy::Vni,
                "VISCII" => Legacy::Viscii,
                _ => Legacy::Cp1258,
            };
            let bytes: Vec<u8> = (0..hex.len() / 2)
                .map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap())
                .collect();
            let shown: String = bytes.iter().map(|b| latin(*b)).collect();
            let from_bytes = decode(legacy, &shown);
            if kind == "case" {
                assert_eq!(
                    from_bytes.text.to_lowercase(),
                    unicode.to_lowercase(),
                    "{line:?}"
                );
                assert!(from_bytes.case_lost, "{line:?}");
            } else {
                assert_eq!(&from_bytes.text, unicode, "{line:?}");
            }
            assert!(from_bytes.unmapped.is_empty(), "{line:?}");
            if !as_latin.is_empty() {
                assert_eq!(decode(legacy, as_latin), from_bytes, "{line:?}");
            }
            rows += 1;
        }
        assert!(table.is_empty() || rows > 3000, "{rows}");
    }

    #[test]
    fn a_font_names_its_encoding() {
        assert_eq!(of_font(".VnTime"), Some((Legacy::Tcvn3, false)));
        assert_eq!(of_font(".VnTimeH"), Some((Legacy::Tcvn3, true)));
        assert_eq!(of_font("VNI-Times"), Some((Legacy::Vni, false)));
        assert_eq!(of_font("Times New Roman"), None);
        assert!(Legacy::ALL.iter().all(|l| !l.name().is_empty()));
    }

    #[test]
    fn utf8_read_as_latin_is_read_again() {
        let shown: String = "Nguyễn Văn".bytes().map(latin).collect();
        assert_eq!(decode(Legacy::Utf8, &shown).text, "Nguyễn Văn");
    }
}
