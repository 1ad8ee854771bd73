//! What the keys for tones, hats, horns and strokes do to a word.

use super::letter::{Letter, Tone, base, hat, horn, is_vowel};
use super::syllable::{Parts, Rule, carrier, fits};
use super::{Method, Typing, Word};

impl Word {
    pub(super) fn rule(typing: Typing) -> Rule {
        match typing.method {
            Method::Telex => Rule::Loose,
            Method::Vni => Rule::Plain,
        }
    }

    pub(super) fn set_tone(&mut self, key: char, tone: Tone, typing: Typing) -> bool {
        let Some(parts) = Parts::of(&self.letters) else {
            return false;
        };
        if parts.last == parts.vowels {
            return false;
        }
        if self.tone == Some(tone) {
            return self.twice(key, |word| word.tone = None);
        }
        // A tone at the end of dr-o-h is a letter: only a rhyme takes one from afar.
        let rule = match Word::rule(typing) {
            Rule::Loose if parts.last < self.letters.len() => Rule::Strict,
            rule => rule,
        };
        if !fits(&self.letters, Some(tone), rule) {
            return false;
        }
        self.tone = Some(tone);
        let at = carrier(&self.letters, typing.style).unwrap_or(parts.vowels);
        self.note(key, at);
        true
    }

    pub(super) fn drop_tone(&mut self, key: char) -> bool {
        let had = self.tone.take().is_some();
        if had {
            self.note(key, self.letters.len().saturating_sub(1));
        }
        had
    }

    /// Puts these shapes, if the word with them can stand; says so.
    fn reshape(&mut self, key: char, shapes: &[(usize, char)], typing: Typing) -> bool {
        let mut letters = self.letters.clone();
        for (at, shape) in shapes {
            if let Some(letter) = letters.get_mut(*at) {
                letter.shape = *shape;
            }
        }
        let at_hand = shapes.iter().any(|(at, _)| at + 1 == letters.len());
        let rule = if at_hand {
            Word::rule(typing)
        } else {
            Rule::Strict
        };
        // Đăk has its mark before the k or not at all.
        let name = !at_hand && self.letters.last().is_some_and(|l| l.shape == 'k');
        if letters == self.letters || name || !fits(&letters, self.tone, rule) {
            return false;
        }
        self.letters = letters;
        self.note(key, shapes.first().map_or(0, |(at, _)| *at));
        true
    }

    fn shape(&self, at: usize) -> char {
        self.letters.get(at).map_or(' ', |letter| letter.shape)
    }

    pub(super) fn set_hat(&mut self, key: char, on: &str, typing: Typing) -> bool {
        let Some(parts) = Parts::of(&self.letters) else {
            return false;
        };
        let found = (parts.vowels..parts.last).rev();
        let Some(at) = found
            .into_iter()
            .find(|at| on.contains(base(self.shape(*at))))
        else {
            return false;
        };
        if self.shape(at) == hat(self.shape(at)) {
            return self.take_back(key, &[at]);
        }
        let mut shapes = vec![(at, hat(self.shape(at)))];
        // ươ and ưa with a hat are uô and uâ.
        if at > parts.vowels && self.shape(at - 1) == 'ư' {
            shapes.push((at - 1, 'u'));
        }
        self.reshape(key, &shapes, typing)
    }

    /// The same key right after itself takes back what it did and stands for itself; later in the word it means that
    /// the word is foreign (`tests`).
    fn twice(&mut self, key: char, undo: impl FnOnce(&mut Word)) -> bool {
        if self
            .keys
            .last()
            .is_some_and(|last| last.sign.eq_ignore_ascii_case(&key))
        {
            undo(self);
            self.put_plain(key);
        } else {
            self.put(key);
            self.raw = true;
        }
        true
    }

    fn take_back(&mut self, key: char, places: &[usize]) -> bool {
        self.twice(key, |word| {
            for at in places {
                if let Some(letter) = word.letters.get_mut(*at) {
                    letter.shape = base(letter.shape);
                }
            }
        })
    }

    pub(super) fn set_horn(&mut self, key: char, on: &str, typing: Typing) -> bool {
        let Some(parts) = Parts::of(&self.letters) else {
            return false;
        };
        let shape = |at: usize| self.shape(at);
        let wears = |at: usize| horn(shape(at)) == shape(at) && "ăơư".contains(shape(at));
        let can = |at: &usize| on.contains(base(shape(*at)));
        let vowels = parts.vowels..parts.last;
        let pair = vowels.clone().find(|at| at + 1 < parts.last).map(|at| {
            let bases = (base(shape(at)), base(shape(at + 1)));
            (at, bases)
        });
        let wanted: Vec<usize> = match pair {
            Some((at, ('u', 'o'))) if can(&at) => {
                // Huơ and thuở have one horn, until a letter follows.
                let open = at + 2 == self.letters.len() && shape(at) == 'u';
                if open { vec![at + 1] } else { vec![at, at + 1] }
            }
            Some((at, ('o', 'a'))) if can(&(at + 1)) => vec![at + 1],
            Some((at, ('u', 'a' | 'u'))) if can(&at) => vec![at],
            _ => {
                let mut single = vowels.clone().rev().filter(can);
                let free = single.clone().find(|at| {
                    !wears(*at) && {
                        let mut trial = self.clone();
                        trial.reshape(key, &[(*at, horn(shape(*at)))], typing)
                    }
                });
                match free.or_else(|| single.find(|at| wears(*at))) {
                    Some(at) => vec![at],
                    None => return false,
                }
            }
        };
        if wanted.iter().all(|at| wears(*at)) {
            return self.horn_back(key, &wanted);
        }
        let shapes: Vec<_> = wanted.iter().map(|at| (*at, horn(shape(*at)))).collect();
        self.reshape(key, &shapes, typing)
    }

    /// Takes a horn or breve back; an ư that came from the key alone becomes that key.
    fn horn_back(&mut self, key: char, places: &[usize]) -> bool {
        if let [at] = places
            && let mut own = self.keys.iter().filter(|k| k.letter == *at)
            && let (Some(first), None) = (own.next(), own.next())
            && first.sign.eq_ignore_ascii_case(&key)
            && let Some(letter) = self.letters.get_mut(*at)
        {
            letter.shape = key.to_ascii_lowercase();
            self.note(key, *at);
            self.plain_from = Some(*at);
            return true;
        }
        self.take_back(key, places)
    }

    /// The key alone, where a vowel is missing, is ư.
    pub(super) fn horned_u(&mut self, key: char, typing: Typing) -> bool {
        if self.plain_from.is_some() || self.letters.iter().any(|l| is_vowel(l.shape)) {
            return false;
        }
        let mut letters = self.letters.clone();
        letters.push(Letter {
            shape: 'ư',
            upper: key.is_ascii_uppercase(),
        });
        if !fits(&letters, None, Word::rule(typing)) {
            return false;
        }
        self.letters = letters;
        self.note(key, self.letters.len() - 1);
        true
    }

    pub(super) fn set_stroke(&mut self, key: char, typing: Typing) -> bool {
        let Some(last) = self.letters.len().checked_sub(1) else {
            return false;
        };
        let vowel = self.letters.iter().any(|l| is_vowel(l.shape));
        if self.shape(last) == 'đ' {
            return self.take_back(key, &[last]);
        }
        // An abbreviation (HĐND, UBKTĐU) takes it anywhere, a word at its beginning.
        let capitals = last > 1
            && self.letters.iter().all(|l| l.upper)
            && !fits(
                self.letters.get(..last).unwrap_or_default(),
                None,
                Rule::Loose,
            );
        if self.shape(last) == 'd' && (!vowel || capitals) && self.plain_from.is_none() {
            if let Some(letter) = self.letters.get_mut(last) {
                letter.shape = 'đ';
            }
            self.note(key, last);
            return true;
        }
        match self.shape(0) {
            'đ' if vowel => self.take_back(key, &[0]),
            'd' if vowel && self.plain_from.is_none() => self.reshape(key, &[(0, 'đ')], typing),
            _ => false,
        }
    }

    /// Of uơ and ưo before another letter both are horned.
    pub(super) fn join_horns(&mut self) {
        let Some(parts) = Parts::of(&self.letters) else {
            return;
        };
        let at = parts.vowels;
        let half = matches!(
            (self.shape(at), self.shape(at + 1)),
            ('u', 'ơ') | ('ư', 'o')
        );
        let mut letters = self.letters.clone();
        if !half || at + 2 >= letters.len() {
            return;
        }
        for (at, shape) in [(at, 'ư'), (at + 1, 'ơ')] {
            if let Some(letter) = letters.get_mut(at) {
                letter.shape = shape;
            }
        }
        if fits(&letters, self.tone, Rule::Loose) {
            self.letters = letters;
        }
    }
}
