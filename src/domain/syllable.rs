//! Whether a word can be a Vietnamese syllable: what tells text in the right encoding from text in a wrong one.
use unicode_normalization::UnicodeNormalization;

const ONSETS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
];

/// Rhymes without their tone, in the order of the alphabet.
const RHYMES: &[&str] = &[
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec",
    "em", "en", "eng", "eo", "ep", "et", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu",
    "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "o", "oa", "oac", "oach", "oai", "oam",
    "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe", "oen", "oeo", "oet", "oi", "om",
    "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt", "u", "ua", "uc",
    "ui", "um", "un", "ung", "uơ", "up", "ut", "uy", "uya", "uych", "uyn", "uynh", "uyt", "uyu",
    "uyên", "uyêt", "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm", "uôn",
    "uông", "uôt", "y", "yêm", "yên", "yêng", "yêt", "yêu", "âc", "âm", "ân", "âng", "âp", "ât",
    "âu", "ây", "ê", "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "ô", "ôc", "ôi", "ôm", "ôn",
    "ông", "ôp", "ôt", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "ư",
    "ưa", "ưc", "ưi", "ưn", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt",
    "ươu",
];

const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Syllables that end in these bear one of two tones only.
const STOPS: [&str; 4] = ["c", "ch", "p", "t"];

/// The word without its tone, and the tone; none when it bears two.
fn toneless(word: &str) -> Option<(String, Option<char>)> {
    let mut tone = None;
    let mut bare = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase).nfd() {
        if !TONES.contains(&c) {
            bare.push(c);
        } else if tone.replace(c).is_some() {
            return None;
        }
    }
    Some((bare.nfc().collect(), tone))
}

/// True when `word`, in any case, has the build of a Vietnamese syllable: onset, rhyme, and a tone that they allow.
#[must_use]
pub fn is_syllable(word: &str) -> bool {
    let Some((bare, tone)) = toneless(word) else {
        return false;
    };
    let built = ONSETS.iter().any(|onset| {
        bare.strip_prefix(onset).is_some_and(|rest| {
            RHYMES.contains(&rest)
                || (*onset == "gi" && matches!(rest, "" | "n" | "m" | "êng" | "ch"))
        })
    });
    let stopped = STOPS.iter().any(|end| bare.ends_with(end));
    built && (!stopped || matches!(tone, Some('\u{301}' | '\u{323}')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_and_what_is_none() {
        for word in [
            "nghiêng", "Nguyễn", "khuỷu", "quyết", "giếng", "gì", "ĐƯỢC", "xoong", "Thuỷ", "hòa",
            "hoà", "ý", "ươn", "quốc", "ổn",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in [
            "Hoµng",
            "ph",
            "bắc\u{301}",
            "tap",
            "các ",
            "Ðược",
            "ngie",
            "xyz",
            "",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
