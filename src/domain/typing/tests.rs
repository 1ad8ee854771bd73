#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::letter::Tone;
use super::syllable::{INITIALS, RHYMES};
use super::*;
use crate::domain::testdata::table;
use proptest::prelude::*;
use std::sync::LazyLock;
use unicode_normalization::is_nfc;

const BOTH: [Style; 2] = [Style::Old, Style::New];

fn typing(method: Method, style: Style) -> Typing {
    Typing { method, style }
}

fn telex(keys: &str) -> String {
    run(keys, typing(Method::Telex, Style::Old))
}

fn vni(keys: &str) -> String {
    run(keys, typing(Method::Vni, Style::Old))
}

#[track_caller]
fn all(make: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (keys, text) in cases {
        assert_eq!(make(keys), *text, "{keys}");
    }
}

/// No Vietnamese syllable: only sắc and nặng stand before c, ch, p, t. Taking it would make `chủch` of church.
const NOT_OURS: [&str; 2] = ["kirch", "ki3ch"];

/// The rows of a shared table that type to something else than they expect in this style.
fn failures(file: &str, typing: Typing) -> Vec<String> {
    let name = match typing.style {
        Style::Old => "old",
        Style::New => "new",
    };
    let mut bad = Vec::new();
    for row in table(file) {
        let [keys, text, _, style, ..] = row.as_slice() else {
            panic!("a row of {file} is cut: {row:?}");
        };
        let got = run(keys, typing);
        if (style == "any" || style == name) && got != *text && !NOT_OURS.contains(&keys.as_str()) {
            bad.push(format!("{keys}: {got}, not {text} ({style})"));
        }
    }
    bad
}

#[test]
fn every_row_of_the_shared_cases_types_to_what_it_expects() {
    for (file, method) in [
        ("telex_cases.tsv", Method::Telex),
        ("vni_cases.tsv", Method::Vni),
    ] {
        for style in BOTH {
            let bad = failures(file, typing(method, style));
            assert!(
                bad.is_empty(),
                "{file} {style:?}: {}\n{}",
                bad.len(),
                bad.join("\n")
            );
        }
    }
}

#[test]
fn tones_of_open_syllables_stand_as_the_style_says() {
    for row in table("tone_placement.tsv") {
        for (style, want) in [(Style::Old, &row[0]), (Style::New, &row[1])] {
            // The word with its tone in the other place is typed on from.
            let other = if style == Style::Old {
                &row[1]
            } else {
                &row[0]
            };
            let mut tone = None;
            let mut keys = String::new();
            for c in other.chars() {
                let (letter, found) = Letter::of(c).unwrap();
                tone = found.or(tone);
                keys.push(if letter.shape == 'đ' {
                    'D'
                } else {
                    letter.shape
                });
            }
            let sign = tone_key(tone.unwrap(), Method::Telex);
            let keys = keys.replace('D', "dd") + &sign;
            assert_eq!(run(&keys, typing(Method::Telex, style)), *want, "{keys}");
        }
    }
}

fn tone_key(tone: Tone, method: Method) -> String {
    let at = [Tone::Acute, Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Dot]
        .iter()
        .position(|t| *t == tone)
        .unwrap();
    let keys = match method {
        Method::Telex => "sfrxj",
        Method::Vni => "12345",
    };
    keys[at..=at].to_owned()
}

fn spelled(shape: char, method: Method) -> String {
    let mark = match (method, shape) {
        (Method::Telex, 'â' | 'ê' | 'ô' | 'đ') => base(shape).to_string(),
        (Method::Telex, 'ă' | 'ơ' | 'ư') => "w".to_owned(),
        (Method::Vni, 'â' | 'ê' | 'ô') => "6".to_owned(),
        (Method::Vni, 'ơ' | 'ư') => "7".to_owned(),
        (Method::Vni, 'ă') => "8".to_owned(),
        (Method::Vni, 'đ') => "9".to_owned(),
        _ => String::new(),
    };
    format!("{}{mark}", base(shape))
}

/// Every syllable: its consonants, vowels, final, and the tones that it can have.
fn syllables() -> Vec<(String, Vec<Option<Tone>>)> {
    let stops = vec![None, Some(Tone::Acute), Some(Tone::Dot)];
    let open = vec![
        None,
        Some(Tone::Acute),
        Some(Tone::Grave),
        Some(Tone::Hook),
        Some(Tone::Tilde),
        Some(Tone::Dot),
    ];
    let mut all = Vec::new();
    for initial in INITIALS.iter().filter(|i| **i != "q") {
        for (vowels, codas) in RHYMES {
            // The u of qu and the i of gi stand for those of the rhyme.
            let clash = (*initial == "qu" && vowels.starts_with(['u', 'o', 'ư']))
                || (matches!(*initial, "gi" | "g") && vowels.starts_with('i'))
                || *vowels == "oo";
            for coda in codas.split(' ').filter(|_| !clash) {
                let coda = coda.trim_matches('-');
                let stop = matches!(coda, "c" | "ch" | "p" | "t");
                let tones = if stop { &stops } else { &open };
                all.push((format!("{initial}{vowels}{coda}"), tones.clone()));
            }
        }
    }
    all
}

/// The syllable with this tone on it.
fn written(syllable: &str, tone: Option<Tone>, style: Style) -> String {
    let mut word = Word::of(syllable, style);
    word.tone = tone;
    word.text(style)
}

#[test]
fn every_syllable_is_typed_with_its_marks_at_their_letters() {
    for (syllable, tones) in syllables() {
        for tone in tones {
            for method in Method::ALL {
                // The styles differ in open syllables only.
                let open = syllable.ends_with(letter::is_vowel);
                for style in BOTH.into_iter().filter(|s| open || *s == Style::Old) {
                    let how = typing(method, style);
                    let sign = tone.map(|t| tone_key(t, method)).unwrap_or_default();
                    let keys: String = syllable.chars().map(|c| spelled(c, method)).collect();
                    let want = written(&syllable, tone, style);
                    assert_eq!(run(&format!("{keys}{sign}"), how), want, "{keys}{sign}");
                }
            }
        }
    }
}

#[test]
fn foreign_words_stay_as_they_are() {
    for word in [
        "windows",
        "word",
        "excel",
        "office",
        "email",
        "facebook",
        "internet",
        "covid",
        "text",
        "class",
        "business",
        "password",
        "website",
        "missing",
        "wifi",
        "online",
        "camera",
        "life",
        "www.vinhlong.gov.vn",
        "download",
        "zalo",
        "video",
        "tests",
        "reference",
        "mission",
    ] {
        assert_eq!(telex(word), word);
    }
}

#[test]
fn names_of_places_are_taken() {
    all(
        telex,
        &[
            ("Ddawsk Lawsk", "Đắk Lắk"),
            ("Ddawks Lawk", "Đắk Lăk"),
            ("Kroong Buks", "Krông Búk"),
            ("Pair Kbang Ia Grai Pleiku", "Pải Kbang Ia Grai Pleiku"),
            ("Row Mawm Ddakroong", "Rơ Măm Đakrông"),
            ("Avuwowng Pownan Eebur", "Avương Pơnan Êbur"),
            ("Glar Brei Yang Reh", "Glar Brei Yang Reh"),
            ("Ngojk Pooks Knoops Pawh", "Ngọk Pốk Knốp Păh"),
        ],
    );
    all(
        vni,
        &[
            ("D9a81k La81k Kro6ng", "Đắk Lắk Krông"),
            ("Ti1h Mla1h Xie6r", "Tíh Mláh Xiêr"),
        ],
    );
}

#[test]
fn abbreviations_keep_their_strokes() {
    all(
        telex,
        &[
            ("HDDND QDD-UBND BDDS TDDC", "HĐND QĐ-UBND BĐS TĐC"),
            ("UBKTDDU DDBQH", "UBKTĐU ĐBQH"),
            ("ADDRESS", "ADDRESS"),
        ],
    );
}

#[test]
fn the_same_key_again_takes_back_what_it_did() {
    all(
        telex,
        &[
            ("aaa", "aa"),
            ("aww", "aw"),
            ("ddd", "dd"),
            ("ass", "as"),
            ("asss", "ass"),
            ("ww", "w"),
            ("WW", "W"),
            ("www", "www"),
            ("xooong mooocs", "xoong moóc"),
            ("vissa krajjan offfice", "visa krajan office"),
            ("tieengsz", "tiêng"),
        ],
    );
    all(vni, &[("a66", "a6"), ("d99", "d9"), ("a110", "a10")]);
}

#[test]
fn backspace_takes_one_visible_letter() {
    all(
        telex,
        &[
            ("vieetj<", "việ"),
            ("vieetj<<n", "vin"),
            ("toans<", "tóa"),
            ("dduwowngq", "dduwowngq"),
            ("dduwowngq<", "đương"),
            ("ddaats ddai<<<<j", "đật"),
            ("ass<s", "á"),
            ("a b<<<<c", "c"),
        ],
    );
}

#[test]
fn a_word_that_stands_there_is_typed_on() {
    let how = typing(Method::Telex, Style::Old);
    let mut word = Word::of("viê", how.style);
    for key in "tj".chars() {
        word.press(key, how);
    }
    assert_eq!(word.text(how.style), "việt");
    word.toggle_raw();
    assert_eq!(word.text(how.style), "viêtj");
}

#[test]
fn the_keys_can_be_shown_and_hidden_again() {
    let how = typing(Method::Telex, Style::Old);
    let mut word = Word::default();
    for key in "books".chars() {
        word.press(key, how);
    }
    assert_eq!(word.text(how.style), "bốk");
    word.toggle_raw();
    assert_eq!(word.text(how.style), "books");
    word.toggle_raw();
    assert_eq!(word.text(how.style), "bốk");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_typed_is_composed_and_never_fails(keys in "[a-zA-Z0-9<ăđếơ ]{0,40}|\\PC{0,40}") {
        for method in Method::ALL {
            for style in BOTH {
                let text = run(&keys, typing(method, style));
                prop_assert!(!is_nfc(&keys) || is_nfc(&text), "{keys} {text}");
            }
        }
    }

    #[test]
    fn a_backspace_leaves_the_letters_before_it(
        at in any::<prop::sample::Index>(),
        gone in 1usize..4,
    ) {
        static ALL: LazyLock<Vec<(String, Vec<Option<Tone>>)>> = LazyLock::new(syllables);
        let all = &*ALL;
        let (syllable, tones) = &all[at.index(all.len())];
        let tone = tones[at.index(tones.len())];
        let how = typing(Method::Telex, Style::Old);
        let sign = tone.map(|t| tone_key(t, Method::Telex)).unwrap_or_default();
        let keys: String = syllable.chars().map(|c| spelled(c, Method::Telex)).collect();
        let text = run(&format!("{keys}{sign}{}", "<".repeat(gone)), how);
        let left = syllable.chars().count().saturating_sub(gone);
        prop_assert_eq!(text.chars().count(), left, "{} {}", keys, text);
        let shapes: String = text.chars().map(|c| Letter::of(c).unwrap().0.shape).collect();
        let want: String = syllable.chars().take(left).collect();
        prop_assert_eq!(shapes, want);
    }
}
