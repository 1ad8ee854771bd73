//! Vietnamese typing: from the keys of a keyboard without Vietnamese letters to Vietnamese words, by Telex or VNI.
//!
//! A [`Word`] takes one key at a time and always knows what to show. Marks and tones may be typed right at their letter
//! or at the end of the word; the same key again takes the mark back and stands for itself. A word that cannot be
//! Vietnamese any more, nor one of the names of the highlands, is shown as it was typed.

mod letter;
mod marks;
mod syllable;

#[cfg(test)]
mod tests;

pub use letter::{Method, Style};

use unicode_normalization::UnicodeNormalization;

use letter::{Ask, Letter, Tone, ask, base};
use syllable::{carrier, ends_well, fits};

/// How keys are read: the method, and where tones stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typing {
    /// Telex or VNI.
    pub method: Method,
    /// hòa or hoà.
    pub style: Style,
}

/// Longer words are taken as they are: no Vietnamese word or name comes near.
const LONGEST: usize = 32;

/// A key and the letter that it went into.
#[derive(Debug, Clone, Copy)]
struct Key {
    sign: char,
    letter: usize,
}

/// A word while it is typed.
#[derive(Debug, Clone, Default)]
pub struct Word {
    letters: Vec<Letter>,
    tone: Option<Tone>,
    keys: Vec<Key>,
    /// Shown as typed: it cannot be Vietnamese, or the user wants it so.
    raw: bool,
    /// The letter that stands for itself since its mark was taken back; from then on nothing is restored.
    plain_from: Option<usize>,
}

/// Whether the key belongs to a word; any other ends it. A digit is part of a word in VNI only, and not its first.
pub fn in_word(key: char, method: Method, empty: bool) -> bool {
    key.is_alphabetic() || (method == Method::Vni && !empty && key.is_ascii_digit())
}

impl Word {
    /// A word that stands in a text already, so that typing goes on in it.
    pub fn of(text: &str, style: Style) -> Word {
        let mut word = Word::default();
        for c in text.chars() {
            word.put(c);
        }
        // What would not be written the same is left as it is.
        if word.text(style) != text {
            word.raw = true;
        }
        word
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The word as it is shown.
    pub fn text(&self, style: Style) -> String {
        if self.raw {
            return self.keys();
        }
        let place = self.tone.and_then(|_| carrier(&self.letters, style));
        let mut text = String::new();
        for (at, letter) in self.letters.iter().enumerate() {
            letter.write(self.tone.filter(|_| place == Some(at)), &mut text);
        }
        text
    }

    /// The keys as they were typed.
    pub fn keys(&self) -> String {
        self.keys.iter().map(|key| key.sign).collect()
    }

    /// Shows the keys as they were typed, or again what they make.
    pub fn toggle_raw(&mut self) {
        self.raw = !self.raw;
        self.plain_from = Some(0);
    }

    /// Takes a key that [`in_word`] lets in.
    pub fn press(&mut self, key: char, typing: Typing) {
        // The third of `www` says what the first two are.
        let address = self.keys.len() == 2 && self.keys().eq_ignore_ascii_case("ww");
        self.raw |= address && key.eq_ignore_ascii_case(&'w');
        if self.raw || self.keys.len() >= LONGEST {
            self.put(key);
            return;
        }
        let done = ask(typing.method, key).is_some_and(|ask| match ask {
            Ask::Tone(tone) => self.set_tone(key, tone, typing),
            Ask::NoTone => self.drop_tone(key),
            Ask::Hat(on) => self.set_hat(key, on, typing),
            Ask::Horn(on, alone) => {
                self.set_horn(key, on, typing) || (alone && self.horned_u(key, typing))
            }
            Ask::Stroke => self.set_stroke(key, typing),
        });
        if !done {
            self.put(key);
            self.join_horns();
            self.restore_foreign(typing);
        }
    }

    /// The word is over: what turns out to be foreign is shown as it was typed.
    ///
    /// Vowels that only stand before more letters were no Vietnamese (`life`, not `liè`). Nor was a doubled tone key
    /// needed in a word that would have come out the same with one: it stands for two letters (`office`).
    pub fn finish(&mut self, typing: Typing) {
        let touched = self.tone.is_some() || self.letters.iter().any(|l| l.shape != base(l.shape));
        self.raw |= match self.plain_from {
            None => touched && !ends_well(&self.letters),
            Some(from) => !self.raw && self.doubled_for_nothing(from, typing),
        };
    }

    fn doubled_for_nothing(&self, from: usize, typing: Typing) -> bool {
        let doubled = |two: &[Key]| match two {
            [one, two] => one.sign == two.sign && two.letter == from,
            _ => false,
        };
        let at = self.keys.windows(2).position(doubled);
        let tone = at.and_then(|at| ask(typing.method, self.keys.get(at)?.sign));
        let (Some(at), Some(Ask::Tone(_))) = (at, tone) else {
            return false;
        };
        if self
            .keys
            .get(at + 2)
            .is_none_or(|next| !next.sign.is_alphabetic())
            || self.keys.get(at).is_some_and(|key| {
                self.keys
                    .get(at + 2)
                    .is_some_and(|third| third.sign == key.sign)
            })
        {
            return false;
        }
        let mut single = Word::default();
        let keys = self.keys.iter().enumerate();
        for (_, key) in keys.filter(|(place, _)| *place != at) {
            single.press(key.sign, typing);
        }
        single.finish(typing);
        single.text(typing.style) == self.text(typing.style)
    }

    /// Takes back one visible letter; says whether there was one.
    pub fn backspace(&mut self, typing: Typing) -> bool {
        if self.raw {
            let gone = self.keys.pop().is_some();
            if self.plain_from.is_none() {
                self.again(typing);
            }
            return gone;
        }
        let Some(last) = self.letters.len().checked_sub(1) else {
            return false;
        };
        if carrier(&self.letters, typing.style) == Some(last) {
            self.tone = None;
        }
        self.letters.pop();
        self.keys.retain(|key| key.letter != last);
        self.plain_from = self.plain_from.filter(|from| *from < last);
        true
    }

    /// Reads the keys that are left once more.
    fn again(&mut self, typing: Typing) {
        let keys = self.keys();
        *self = Word::default();
        for key in keys.chars() {
            self.press(key, typing);
        }
    }

    /// A letter that stands for itself.
    fn put(&mut self, key: char) {
        let (letter, tone) = Letter::of(key).unwrap_or((
            Letter {
                shape: key,
                upper: false,
            },
            None,
        ));
        self.tone = tone.or(self.tone);
        self.letters.push(letter);
        self.note(key, self.letters.len() - 1);
    }

    fn note(&mut self, sign: char, letter: usize) {
        self.keys.push(Key { sign, letter });
    }

    /// A letter that stands for itself since its key took something back.
    fn put_plain(&mut self, key: char) {
        self.put(key);
        let at = self.letters.len() - 1;
        self.plain_from = Some(self.plain_from.map_or(at, |from| from.min(at)));
    }

    /// A word that cannot be Vietnamese any more is shown as it was typed.
    fn restore_foreign(&mut self, typing: Typing) {
        if self.plain_from.is_some() || fits(&self.letters, self.tone, Word::rule(typing)) {
            return;
        }
        // A đ typed as such, with nothing else marked, stays: QĐND, Đliê.
        let marked = |at: usize, letter: &Letter| {
            let shape = letter.shape;
            let typed = self.keys.iter().filter(|k| k.letter == at).count() == 2;
            let own = shape == 'đ' && typed && self.double(at);
            shape != base(shape) && !own
        };
        let any = self.letters.iter().enumerate();
        if self.tone.is_some() || any.clone().any(|(at, letter)| marked(at, letter)) {
            self.raw = true;
        }
    }

    /// Whether the two keys of a letter followed each other.
    fn double(&self, at: usize) -> bool {
        self.keys
            .windows(2)
            .any(|two| two.iter().all(|key| key.letter == at))
    }
}

/// What a run of keys makes: letters and marks as [`Word`] reads them, `<` for Backspace, all else as it is.
pub fn run(keys: &str, typing: Typing) -> String {
    let (mut done, mut word) = read(keys, typing);
    word.finish(typing);
    done.push_str(&word.text(typing.style));
    done.nfc().collect()
}

/// The same while more keys are to come: the last word may still become one.
pub fn so_far(keys: &str, typing: Typing) -> String {
    let (mut done, word) = read(keys, typing);
    done.push_str(&word.text(typing.style));
    done.nfc().collect()
}

/// The words that a run of keys has ended, and the one that it stands in.
fn read(keys: &str, typing: Typing) -> (String, Word) {
    let (mut done, mut word) = (String::new(), Word::default());
    for key in keys.chars() {
        if key == '<' {
            if !word.backspace(typing) {
                done.pop();
                word = last_word(&mut done, typing.style);
            }
        } else if in_word(key, typing.method, word.is_empty()) {
            word.press(key, typing);
        } else {
            word.finish(typing);
            done.push_str(&word.text(typing.style));
            done.push(key);
            word = Word::default();
        }
    }
    (done, word)
}

/// Takes the word at the end of a text off it, to go on in it.
fn last_word(text: &mut String, style: Style) -> Word {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphabetic())
        .last()
        .map_or(text.len(), |(at, _)| at);
    Word::of(&text.split_off(start), style)
}
