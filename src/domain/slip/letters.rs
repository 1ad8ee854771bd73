//! Letters that are not what they look like: of another script, of an old font, or in the place of a digit.
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Doubt, Slip};
use crate::domain::encoding::{Legacy, Look, decode, look};
use crate::domain::syllable::is_syllable;
use crate::domain::value::Code;

/// Letters of other scripts and the Latin ones they look like (Unicode confusables, the letters that occur in
/// Vietnamese). Eth and its kind are typed for Đ on foreign keyboards, a caron for the breve.
const LOOK_ALIKES: &[(char, char)] = &[
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ѕ', 's'),
    ('к', 'k'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ѕ', 'S'),
    ('α', 'a'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('υ', 'u'),
    ('ι', 'i'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('Ð', 'Đ'),
    ('ð', 'đ'),
    ('Ɖ', 'Đ'),
    ('ɖ', 'đ'),
    ('ı', 'i'),
    ('ǎ', 'ă'),
    ('Ǎ', 'Ă'),
];

/// The Latin letter that a letter of another script stands for; the wide forms of East Asian text too.
fn latin(c: char) -> Option<char> {
    let wide = u32::from(c).checked_sub(0xfee0).and_then(char::from_u32);
    let wide = wide.filter(|plain| matches!(c, '\u{ff01}'..='\u{ff5e}') && plain.is_alphanumeric());
    let known = LOOK_ALIKES.iter().find(|(odd, _)| *odd == c);
    known.map(|(_, plain)| *plain).or(wide)
}

/// Whether a letter is one that Latin text is made of.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// A word with letters of another script that only look Latin. A word wholly of another script that has letters of
/// its own is left alone: it is meant.
#[must_use]
pub fn look_alikes(text: &str) -> Option<Slip> {
    let mut first = None;
    let mut fixed = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| c.is_whitespace()) {
        let odd = word.chars().any(|c| latin(c).is_some());
        let own = |c: char| {
            c.is_alphabetic() && !is_latin(c) && latin(c).is_none() && !is_combining_mark(c)
        };
        if odd && !word.nfc().any(own) {
            first.get_or_insert_with(|| word.trim().to_owned());
            let plain = word.chars().map(|c| latin(c).unwrap_or(c));
            fixed.extend(plain.collect::<String>().nfc());
        } else {
            fixed.push_str(word);
        }
    }
    first.map(|seen| Slip::new(Doubt::LookAlike, &seen, Some(fixed)))
}

/// In a code: a part of digits with `l`, `I` or `O` among them (`l5/BC-UBND`, `2O26`).
#[must_use]
pub fn letter_for_digit(text: &str) -> Option<Slip> {
    let mut seen = None;
    let mut fixed = String::with_capacity(text.len());
    let is_sign = |c: char| !c.is_alphanumeric();
    for part in text.split_inclusive(is_sign) {
        let word = part.trim_end_matches(is_sign);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let odd = word.chars().filter(|c| "lIOo".contains(*c)).count();
        if digits > 0 && odd > 0 && digits + odd == word.chars().count() {
            seen.get_or_insert_with(|| word.to_owned());
            fixed.extend(part.chars().map(|c| match c {
                'l' | 'I' => '1',
                'O' | 'o' => '0',
                c => c,
            }));
        } else {
            fixed.push_str(part);
        }
    }
    seen.map(|seen| Slip::new(Doubt::LetterForDigit, &seen, Some(fixed)))
}

/// Signs that TCVN3 puts in the place of letters and that no word has inside.
const TCVN3_SIGNS: &str = "¨©ª«¬®¸µ¶·¹¾»¼½";
/// Letters that VNI-Windows uses for marks and that Vietnamese has not.
const VNI_LETTERS: &str = "öøåïûæñäëÖØÅÏÛÆÑÄË";

/// Text that was written in an old font and taken over letter by letter: `NguyÔn V¨n` (TCVN3), `Nguyeãn` (VNI); or
/// whose bytes were read as other letters (`Nguyá»…n`). Where the whole text is in one encoding it is converted.
#[must_use]
pub fn legacy_font(text: &str) -> Option<Slip> {
    let composed: String = text.nfc().collect();
    let utf8 = decode(Legacy::Utf8, &composed).text != composed;
    let word = composed
        .split_whitespace()
        .find(|word| is_legacy(word) || (utf8 && !word.is_ascii()))?;
    let mut meant: Vec<String> = Legacy::ALL
        .iter()
        .filter_map(|legacy| read_in(*legacy, &composed))
        .collect();
    meant.dedup();
    let only = meant.pop().filter(|_| meant.is_empty());
    Some(Slip::new(Doubt::LegacyFont, word, only))
}

/// The text read in an encoding, where all its words become Vietnamese syllables. In a text that was converted in part
/// words that are syllables as they stand stay so.
fn read_in(legacy: Legacy, text: &str) -> Option<String> {
    let core = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    let right = |word: &str| word.is_ascii() || is_syllable(&core(word));
    let half = look(legacy, text) == Look::Half;
    let mut read = String::with_capacity(text.len());
    for part in text.split_inclusive(char::is_whitespace) {
        if half && right(part.trim_end()) {
            read.push_str(part);
            continue;
        }
        let made = decode(legacy, part);
        if !made.unmapped.is_empty() || !right(made.text.trim_end()) {
            return None;
        }
        read.push_str(&made.text);
    }
    (read != text).then_some(read)
}

fn is_legacy(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(2).enumerate().any(|(at, pair)| {
        let &[before, after] = pair else { return false };
        let inside = chars.get(at + 2).is_some_and(|c| c.is_alphabetic());
        tcvn3(before, after, inside) || vni(before, after)
    })
}

/// A sign or an accented capital right behind a letter, or § before one.
fn tcvn3(before: char, after: char, inside: bool) -> bool {
    let capital = matches!(after, '\u{c0}'..='\u{de}') && after != '×';
    let letter = before.is_alphabetic();
    let sign = TCVN3_SIGNS.contains(after) && (inside || !"«»©®·".contains(after));
    (letter && sign)
        || (before.is_lowercase() && capital)
        || (before == '§' && after.is_alphabetic())
}

/// A plain vowel before an accented one where Vietnamese never has it, or a letter that it has not.
fn vni(before: char, after: char) -> bool {
    let low = |c: char| c.to_lowercase().next().unwrap_or(c);
    let marked = "ùøûõïâáàåãäêéèúüë".contains(low(after));
    let pair = match low(before) {
        'a' | 'e' => marked,
        'o' => "ùøûõïâåä".contains(low(after)),
        'u' | 'y' | 'ö' | 'ô' => "ùøûõï".contains(low(after)),
        _ => false,
    };
    let foreign = before.is_alphabetic()
        && after.is_alphabetic()
        && (VNI_LETTERS.contains(before) || VNI_LETTERS.contains(after));
    pair || foreign
}
