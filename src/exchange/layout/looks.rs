//! What the bytes of a text look like, in one walk: every cell of a file is looked at.

/// What was found among the bytes of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks(u8);

/// A byte that stands behind one of [`AFTER_SIGN`] makes a letter with it that Vietnamese text does not have.
const ODD_SIGN: u8 = 1;
/// The same behind one of [`AFTER_LATIN`].
const ODD_LATIN: u8 = 2;
/// The first byte of U+FFFD, which is none of Vietnamese letters.
const REPLACED: u8 = 4;
/// No ASCII.
const BEYOND: u8 = 8;
/// The first byte of U+0080 to U+00BF.
const AFTER_SIGN: u8 = ODD_SIGN << SHIFT;
/// The first byte of U+00C0 to U+00FF.
const AFTER_LATIN: u8 = ODD_LATIN << SHIFT;
const SHIFT: u8 = 4;
/// What is found behind whatever byte.
const ALWAYS: u8 = REPLACED | BEYOND;

static BYTES: [u8; 256] = bytes();

const fn bytes() -> [u8; 256] {
    let mut table = [ALWAYS << SHIFT; 256];
    let mut byte = 0x80;
    while byte < 256 {
        let mut all = BEYOND | ALWAYS << SHIFT;
        all |= match byte {
            0xC2 => AFTER_SIGN,
            0xC3 => AFTER_LATIN,
            0xEF => REPLACED,
            _ => 0,
        };
        // All but the space that does not break.
        if byte < 0xC0 && byte != 0xA0 {
            all |= ODD_SIGN;
        }
        if byte < 0xC0 && odd_latin(byte as u8) {
            all |= ODD_LATIN;
        }
        table[byte] = all;
        byte += 1;
    }
    table
}

/// Whether the letter of U+00C0 to U+00FF with this last byte is none of Vietnamese inside a word: × ÷ ß æ ø þ ï ë ö ü û
/// î ñ ç å ä Ã Ä Å Æ.
const fn odd_latin(byte: u8) -> bool {
    matches!(
        byte | 0xC0,
        0xD7 | 0xF7
            | 0xDF
            | 0xE4..=0xE7
            | 0xF8
            | 0xFE
            | 0xEB
            | 0xEE
            | 0xEF
            | 0xF1
            | 0xF6
            | 0xFB
            | 0xFC
            | 0xC3..=0xC6
    )
}

impl Looks {
    /// Looks at a text.
    pub(super) fn of(text: &str) -> Self {
        let (mut found, mut after) = (0, ALWAYS);
        for byte in text.bytes() {
            let own = BYTES[usize::from(byte)];
            found |= own & after;
            after = own >> SHIFT;
        }
        Self(found)
    }

    /// Only ASCII.
    pub(super) fn ascii(self) -> bool {
        self.0 & BEYOND == 0
    }

    /// Perhaps a letter that stands for one that could not be read.
    pub(super) fn perhaps_replaced(self) -> bool {
        self.0 & REPLACED != 0
    }

    /// A letter that Vietnamese text in Unicode does not have inside a word.
    pub(super) fn odd(self) -> bool {
        self.0 & (ODD_SIGN | ODD_LATIN) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_odd_or_not_wherever_it_stands() {
        let odd = |c: char| {
            matches!(
                c,
                '\u{80}'
                    ..='\u{bf}'
                        | '×'
                        | '÷'
                        | 'ß'
                        | 'æ'
                        | 'ø'
                        | 'þ'
                        | 'ï'
                        | 'ë'
                        | 'ö'
                        | 'ü'
                        | 'û'
                        | 'î'
                        | 'ñ'
                        | 'ç'
                        | 'å'
                        | 'ä'
                        | 'Ã'
                        | 'Ä'
                        | 'Å'
                        | 'Æ'
            ) && c != '\u{a0}'
        };
        for c in (0..0x2_0000).filter_map(char::from_u32) {
            for text in [format!("{c}"), format!("á{c}ế"), format!("ab{c}{c}")] {
                let looks = Looks::of(&text);
                assert_eq!(looks.odd(), odd(c), "{text:?}");
                assert_eq!(looks.ascii(), text.is_ascii(), "{text:?}");
                let replaced = text.bytes().any(|b| b == 0xEF);
                assert_eq!(looks.perhaps_replaced(), replaced, "{text:?}");
            }
        }
    }
}
