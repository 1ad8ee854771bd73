//! Which encoding a text is in, by how many of its words become Vietnamese syllables.
use super::{Decoded, Legacy, byte, decode};
use crate::domain::hash::QuickMap;
use crate::domain::syllable::is_syllable;
use crate::domain::value::Code;
use unicode_normalization::UnicodeNormalization;

/// What a file or a column as a whole is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Unicode, or nothing that tells.
    Unicode,
    /// An encoding before Unicode, beyond doubt.
    Sure(Legacy),
    /// Perhaps: a person must say.
    Unsure(Legacy),
}

/// What one text looks like beside a given encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Unicode, or plain letters: to be left alone.
    Unicode,
    /// In the encoding.
    Legacy,
    /// Some words in Unicode, some in the encoding.
    Half,
}

/// Words of a text that tell something: those with a letter outside ASCII, each with its Unicode letters or without.
fn telling(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() && !c.is_ascii_control())
        .flat_map(|part| part.split(['\n', '\r', '\t', '\u{a0}', '“', '”', '–']))
        // A number between quotation marks leaves signs that are no word of any encoding.
        .filter(|word| !word.is_ascii() && word.contains(char::is_alphabetic))
}

fn core(word: &str) -> String {
    let word: String = word.nfc().collect();
    word.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

/// A letter that only Unicode has: no byte of an old encoding shows as it.
fn is_unicode(word: &str) -> bool {
    word.chars()
        .any(|c| byte(c).is_none() && c.is_alphabetic() || is_mark(c))
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{323}')
}

fn good_as_is(word: &str) -> bool {
    is_syllable(&core(word))
}

fn good_in(legacy: Legacy, word: &str) -> bool {
    let made = decode(legacy, word);
    made.unmapped.is_empty() && is_syllable(&core(&made.text))
}

/// What one word tells.
#[derive(Debug, Clone, Copy)]
struct Told {
    unicode: bool,
    as_is: bool,
    good: [bool; Legacy::ALL.len()],
}

impl Told {
    fn of(word: &str) -> Self {
        let mut told = Self {
            unicode: is_unicode(word),
            as_is: false,
            good: [false; Legacy::ALL.len()],
        };
        if !told.unicode {
            told.as_is = good_as_is(word);
            for (good, legacy) in told.good.iter_mut().zip(Legacy::ALL) {
                *good = good_in(*legacy, word);
            }
        }
        told
    }
}

/// Counts over the texts of a file or a column.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    words: usize,
    unicode: usize,
    as_is: usize,
    good: [usize; Legacy::ALL.len()],
    /// Words met before: a column repeats a few of them.
    known: QuickMap<String, Told>,
}

/// Words remembered.
const KNOWN: usize = 2_000;

/// Words beyond which more say nothing new.
const ENOUGH: usize = 20_000;

impl Tally {
    /// Takes a text into account.
    pub fn add(&mut self, text: &str) {
        if text.is_ascii() || self.words > ENOUGH {
            return;
        }
        for word in telling(text) {
            self.words += 1;
            let told = self.told(word);
            self.unicode += usize::from(told.unicode);
            self.as_is += usize::from(told.as_is);
            for (count, good) in self.good.iter_mut().zip(told.good) {
                *count += usize::from(good);
            }
        }
    }

    fn told(&mut self, word: &str) -> Told {
        if let Some(told) = self.known.get(word) {
            return *told;
        }
        let told = Told::of(word);
        if self.known.len() < KNOWN {
            self.known.insert(word.to_owned(), told);
        }
        told
    }

    /// What the texts are in; a font made for an encoding (`font`) turns a doubt into certainty.
    #[must_use]
    pub fn verdict(&self, font: Option<Legacy>) -> Verdict {
        let doubtful = self.words - self.unicode;
        let best = Legacy::ALL
            .iter()
            .zip(self.good)
            .max_by_key(|(legacy, good)| (*good, Some(**legacy) == font));
        let Some((legacy, good)) = best.filter(|(_, good)| *good > 0) else {
            return Verdict::Unicode;
        };
        // «à» and «é» are letters of Latin and of Vietnamese alike: on equal terms the text stands as it is.
        if good <= self.as_is {
            return Verdict::Unicode;
        }
        let others = Legacy::ALL
            .iter()
            .zip(self.good)
            .filter(|(other, _)| *other != legacy)
            .map(|(_, good)| good)
            .max()
            .unwrap_or(0)
            .max(self.as_is);
        let most = good * 5 >= doubtful * 4;
        let font_says = font == Some(*legacy) && good * 2 >= doubtful;
        if font_says || (good >= 3 && most && good * 4 >= others * 5) {
            Verdict::Sure(*legacy)
        } else if self.unicode > doubtful * 4 && !most {
            Verdict::Unicode
        } else {
            Verdict::Unsure(*legacy)
        }
    }
}

/// What one text looks like beside an encoding.
#[must_use]
pub fn look(legacy: Legacy, text: &str) -> Look {
    let (mut unicode, mut old) = (false, false);
    for word in telling(text) {
        if is_unicode(word) {
            unicode = true;
        } else if good_in(legacy, word) && !good_as_is(word) {
            old = true;
        }
    }
    match (unicode, old) {
        (true, true) => Look::Half,
        (true, false) => Look::Unicode,
        (false, _) if telling(text).next().is_none() => Look::Unicode,
        (false, _) => Look::Legacy,
    }
}

/// Converts only the words of a text that are in the encoding: the others are Unicode already.
#[must_use]
pub fn decode_words(legacy: Legacy, text: &str) -> Decoded {
    let mut out = Decoded::default();
    for piece in text.split_inclusive([' ', '\n', '\t']) {
        if is_unicode(piece) || good_as_is(piece) {
            out.text.push_str(piece);
        } else {
            let made = decode(legacy, piece);
            out.text.push_str(&made.text);
            out.unmapped.extend(made.unmapped);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn verdict(texts: &[&str]) -> Verdict {
        let mut tally = Tally::default();
        texts.iter().for_each(|t| tally.add(t));
        tally.verdict(None)
    }

    #[test]
    fn each_encoding_is_known_by_its_letters() {
        let sentence = "Các cơ quan, đơn vị và địa phương các cấp đã chú trọng hơn công tác";
        assert_eq!(verdict(&[sentence]), Verdict::Unicode);
        assert_eq!(
            verdict(&["C¸c c¬ quan, ®¬n vÞ vµ ®Þa ph\u{ad}¬ng c¸c cÊp ®· chó träng h¬n c«ng t¸c"]),
            Verdict::Sure(Legacy::Tcvn3)
        );
        assert_eq!(
            verdict(&["phoái hôïp veà thöïc hieän coâng taùc daân vaän"]),
            Verdict::Sure(Legacy::Vni)
        );
        let mojibake: String = sentence.bytes().map(super::super::latin).collect();
        assert_eq!(verdict(&[&mojibake]), Verdict::Sure(Legacy::Utf8));
    }

    #[test]
    fn little_text_is_no_proof_and_a_font_is() {
        assert_eq!(verdict(&["Hoµng"]), Verdict::Unsure(Legacy::Tcvn3));
        assert_eq!(verdict(&["Lan", "Bông"]), Verdict::Unicode);
        assert_eq!(verdict(&["Café"]), Verdict::Unicode);
        let mut tally = Tally::default();
        tally.add("Hoµng");
        assert_eq!(
            tally.verdict(Some(Legacy::Tcvn3)),
            Verdict::Sure(Legacy::Tcvn3)
        );
    }

    #[test]
    fn half_converted_text_is_seen() {
        assert_eq!(look(Legacy::Tcvn3, "Nguyễn V¨n Hïng"), Look::Half);
        assert_eq!(look(Legacy::Tcvn3, "NguyÔn V¨n Hïng"), Look::Legacy);
        assert_eq!(look(Legacy::Tcvn3, "Nguyễn Văn Hùng"), Look::Unicode);
        assert_eq!(look(Legacy::Tcvn3, "29602"), Look::Unicode);
        assert_eq!(look(Legacy::Viscii, "nguồn ghi «hơn 1.472»"), Look::Unicode);
    }

    #[test]
    fn the_published_sentences_are_recognised() {
        let table = crate::domain::testdata::table("legacy_encodings.tsv");
        if table.is_empty() {
            return;
        }
        for (name, legacy) in [
            ("TCVN3", Legacy::Tcvn3),
            ("VNI-Windows", Legacy::Vni),
            ("VISCII", Legacy::Viscii),
            ("CP1258", Legacy::Cp1258),
        ] {
            let mut tally = Tally::default();
            let mut plain = Tally::default();
            for cells in table.iter().filter(|cells| cells[0] == name) {
                let shown: String = (0..cells[3].len() / 2)
                    .map(|n| u8::from_str_radix(&cells[3][2 * n..2 * n + 2], 16).unwrap())
                    .map(super::super::latin)
                    .collect();
                tally.add(&shown);
                plain.add(&cells[1]);
            }
            assert_eq!(tally.verdict(None), Verdict::Sure(legacy), "{tally:?}");
            assert_eq!(plain.verdict(None), Verdict::Unicode);
        }
    }
}
