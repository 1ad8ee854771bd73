//! Text as it is stored and as it is shown: NFC, one kind of space, no control, bidi or zero-width characters.
use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Why a value was refused: the rule it broke, in both languages of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{vi}")]
pub struct Problem {
    /// The rule in Vietnamese, a full sentence.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

impl Problem {
    /// Builds a problem from the rule in both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }
}

/// What becomes of one character of a text.
enum Fate {
    Keep,
    Space,
    Newline,
    Drop,
}

fn fate(c: char) -> Fate {
    match c {
        ' ' => Fate::Keep,
        '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => Fate::Newline,
        '\t' | '\u{b}' | '\u{c}' => Fate::Space,
        c if is_hidden(c) => Fate::Drop,
        c if c.is_whitespace() => Fate::Space,
        _ => Fate::Keep,
    }
}

/// Characters that no register text may hold: they hide, reorder or steer what stands around them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Lines of `s` after the filter, each trimmed at both ends or only at its end, in NFC.
fn filter(s: &str, single_spaces: bool, out: &mut Vec<String>) {
    let unix = s.replace("\r\n", "\n").replace('\r', "\n");
    let mut line = String::with_capacity(unix.len());
    // Composition can bring nothing hidden back, but a dropped character can bring two parts of a letter together:
    // hence filter first, compose after.
    let mut flush = |line: &mut String| {
        let composed: String = line.nfc().collect();
        let kept = if single_spaces {
            composed.trim()
        } else {
            composed.trim_end()
        };
        out.push(kept.to_owned());
        line.clear();
    };
    for c in unix.chars() {
        match fate(c) {
            Fate::Keep if c == ' ' && single_spaces && line.ends_with(' ') => {}
            Fate::Keep => line.push(c),
            Fate::Space if single_spaces && line.ends_with(' ') => {}
            Fate::Space => line.push(' '),
            Fate::Newline => flush(&mut line),
            Fate::Drop => {}
        }
    }
    flush(&mut line);
}

/// One-line text as it is stored: NFC, every kind of white space a plain space, no hidden characters,
/// trimmed, runs of spaces made single.
pub fn clean(s: &str) -> String {
    if is_plain(s) {
        return s.to_owned();
    }
    let mut lines = Vec::new();
    filter(s, true, &mut lines);
    lines.retain(|l| !l.is_empty());
    lines.join(" ")
}

/// Text of several lines as it is stored: as [`clean`], but line ends stay (always `\n`), so do the spaces inside
/// a line; line ends are trimmed and empty lines at both ends dropped.
pub fn clean_long(s: &str) -> String {
    if is_plain(s) {
        return s.to_owned();
    }
    let mut lines = Vec::new();
    filter(s, false, &mut lines);
    let joined = lines.join("\n");
    joined.trim_matches('\n').trim_end().to_owned()
}

/// Whether a text is one clean line of letters that Vietnamese uses, as nearly every text is: then there is nothing to
/// look up. No letter of these two ranges changes by composing.
#[must_use]
pub fn is_plain(s: &str) -> bool {
    let step = |state: u64, byte: u8| STEPS[usize::from(byte)] >> (state & 63);
    s.is_empty() || s.bytes().fold(BLANK, step) & 63 == LETTER
}

/// What was read last of a plain line, as the place of six bits: every text of every record is looked at, byte by byte
/// and without a question in between. At nought, and for ever, is what no plain line has.
const LETTER: u64 = 6;
/// A space, or nothing yet.
const BLANK: u64 = 12;
/// The first byte of U+0080 to U+00BF, and of U+00C0 to U+02FF.
const SIGN: u64 = 18;
const LATIN: u64 = 24;
/// The first byte of Vietnamese letters with two marks, and the second of U+1E80 to U+1EBF and of U+1EC0 to U+1EFF.
const MARKED: u64 = 30;
const MARKED_LOW: u64 = 36;
const MARKED_HIGH: u64 = 42;

/// By byte, what follows after each of these.
static STEPS: [u64; 256] = steps();

const fn steps() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let begins = match byte {
            0x21..=0x7E => LETTER,
            0xC2 => SIGN,
            0xC3..=0xCB => LATIN,
            0xE1 => MARKED,
            _ => 0,
        };
        let mut all = begins << BLANK | begins << LETTER;
        if byte == 0x20 {
            all |= BLANK << LETTER;
        }
        if byte >= 0x80 && byte <= 0xBF {
            all |= LETTER << LATIN;
            // U+00A1 to U+00BF without U+00AD
            if byte > 0xA0 && byte != 0xAD {
                all |= LETTER << SIGN;
            }
            // U+1EA0 to U+1EF9
            if byte >= 0xA0 {
                all |= LETTER << MARKED_LOW;
            }
            if byte <= 0xB9 {
                all |= LETTER << MARKED_HIGH;
            }
        }
        all |= match byte {
            0xBA => MARKED_LOW << MARKED,
            0xBB => MARKED_HIGH << MARKED,
            _ => 0,
        };
        table[byte] = all;
        byte += 1;
    }
    table
}

fn is_clean(s: &str, newline_stays: bool) -> bool {
    let plain = |c: char| match fate(c) {
        Fate::Keep => true,
        Fate::Newline => newline_stays && c == '\n',
        _ => false,
    };
    s.chars().all(plain) && matches!(is_nfc_quick(s.chars()), IsNormalized::Yes)
}

fn filtered(s: &str, newline: char) -> String {
    let unix = s.replace("\r\n", "\n").replace('\r', "\n");
    unix.chars()
        .filter_map(|c| match fate(c) {
            Fate::Keep => Some(c),
            Fate::Space => Some(' '),
            Fate::Newline => Some(newline),
            Fate::Drop => None,
        })
        .nfc()
        .collect()
}

/// Text for one line of a screen or of standard output: the filter of storing once more, whatever the file held.
/// A line end becomes a space. Costs nothing when the text is clean already.
pub fn shown(s: &str) -> Cow<'_, str> {
    if is_clean(s, false) {
        Cow::Borrowed(s)
    } else {
        Cow::Owned(filtered(s, ' '))
    }
}

/// As [`shown`], for places that have several lines: line ends stay.
pub fn shown_long(s: &str) -> Cow<'_, str> {
    if is_clean(s, true) {
        Cow::Borrowed(s)
    } else {
        Cow::Owned(filtered(s, '\n'))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_line() {
        assert_eq!(
            clean("  Xa\u{303}\u{a0}Long   Hồ\t\r\nấp 3 \u{feff}"),
            "Xã Long Hồ ấp 3"
        );
        assert_eq!(clean("a\u{202e}b\u{200b}c\u{0}d\u{1b}[31m"), "abcd[31m");
        assert_eq!(clean("\u{3000}"), "");
        assert_eq!(clean("Điểu K’Ré"), "Điểu K’Ré");
    }

    #[test]
    fn a_plain_line_is_what_the_filter_leaves() {
        let all = (0..0x2_0000).filter_map(char::from_u32);
        for text in all
            .map(|c| format!("a{c}b c{c}"))
            .filter(|text| is_plain(text))
        {
            let mut lines = Vec::new();
            filter(&text, true, &mut lines);
            assert_eq!(lines, [text]);
        }
        for rough in [
            " a", "a ", "a  b", "a\u{a0}b", "a\u{301}", "a\u{ad}b", "a\nb",
        ] {
            assert!(!is_plain(rough), "{rough:?}");
        }
        assert!(is_plain("Xã Long Hồ, ấp 3"));
        let letters = ('\u{a1}'..='\u{2ff}').chain('\u{1ea0}'..='\u{1ef9}');
        for letter in letters.filter(|c| *c != '\u{ad}') {
            assert!(is_plain(&format!("{letter} a{letter}")), "{letter}");
        }
    }

    #[test]
    fn several_lines() {
        assert_eq!(
            clean_long("một  hai \r\n\r\n  ba\u{2066}\t\rbốn\n\n"),
            "một  hai\n\n  ba\nbốn"
        );
        assert_eq!(clean_long(" \n "), "");
    }

    #[test]
    fn shown_is_free_when_clean() {
        assert!(matches!(shown("Xã Long Hồ"), Cow::Borrowed(_)));
        assert!(matches!(shown_long("a\nb"), Cow::Borrowed(_)));
        assert_eq!(shown("a\nb\u{1b}c"), "a bc");
        assert_eq!(shown_long("a\r\nb\u{7}"), "a\nb");
    }

    proptest! {
        #[test]
        fn clean_is_idempotent(s in "\\PC{0,30}|[ \\r\\n\\ta\u{303}\u{a0}\u{200b}\u{202e}e\u{301}]{0,30}") {
            let once = clean(&s);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert!(is_clean(&once, false) || once.nfc().eq(once.chars()));
            let long = clean_long(&s);
            prop_assert_eq!(clean_long(&long), long.clone());
            prop_assert_eq!(shown_long(&long).into_owned(), long);
        }
    }
}
