//! What a Vietnamese syllable can be, or can still become; and the place names that are none.

use super::letter::{Letter, Style, Tone, base, is_vowel};

/// Every vowel group with the finals that can follow it; `-` is none. Some are met in dialects and names only, or are
/// what keys in another order pass through.
pub(super) const RHYMES: &[(&str, &str)] = &[
    ("a", "- c ch m n ng nh p t"),
    ("ă", "- c m n ng p t"),
    ("â", "- c m n ng p t"),
    ("e", "- c ch m n ng nh p t"),
    ("ê", "- c ch m n ng nh p t"),
    ("i", "- c ch m n ng nh p t"),
    ("o", "- c m n ng nh p t"),
    ("ô", "- c m n ng nh p t"),
    ("ơ", "- c m n ng p t"),
    ("u", "- c ch m n ng nh p t"),
    ("ư", "- c m n ng p t"),
    ("y", "- c ch m n ng nh p t"),
    ("ai", "-"),
    ("ao", "-"),
    ("au", "-"),
    ("ay", "-"),
    ("âu", "-"),
    ("ây", "-"),
    ("eo", "-"),
    ("êu", "-"),
    ("ia", "- ng"),
    ("iê", "- c m n ng p t"),
    ("iêu", "-"),
    ("iu", "-"),
    ("oa", "- c ch m n ng nh p t"),
    ("oai", "-"),
    ("oao", "-"),
    ("oay", "-"),
    ("oă", "- c m n ng p t"),
    ("oe", "- c m n ng p t"),
    ("oeo", "-"),
    ("oi", "-"),
    ("oo", "c m n ng p t"),
    ("ôi", "-"),
    ("ơi", "-"),
    ("ơu", "-"),
    ("ua", "- c ch m n ng nh p t"),
    ("uâ", "- c m n ng p t"),
    ("uây", "-"),
    ("uay", "-"),
    ("ue", "- c m n ng p t"),
    ("uê", "- c ch m n ng nh p t"),
    ("uêu", "-"),
    ("ui", "-"),
    ("uo", "-"),
    ("uô", "- c m n ng p t"),
    ("uôi", "-"),
    ("uơ", "-"),
    ("uu", "-"),
    ("uy", "- c ch m n ng nh p t"),
    ("uya", "-"),
    ("uyê", "- c m n ng p t"),
    ("uyu", "-"),
    ("ưa", "-"),
    ("ưi", "-"),
    ("ươ", "- c m n ng p t"),
    ("ươi", "-"),
    ("ươu", "-"),
    ("ưu", "-"),
    ("yê", "- c m n ng p t"),
    ("yêu", "-"),
];

/// Rhymes that are none, but stay as they are where their mark was typed right at its letter.
const OUTSIDE: &[(&str, &str)] = &[
    ("ăi", "-"),
    ("ăo", "-"),
    ("ău", "-"),
    ("ăy", "-"),
    ("êy", "-"),
    ("ưa", "m n ng"),
];

pub(super) const INITIALS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x",
];

/// The consonants that names of the highlands begin with.
const CLUSTERS: &[&str] = &[
    "bh", "bl", "br", "by", "chr", "dj", "djr", "dl", "dr", "đl", "đr", "gl", "gr", "hd", "hl",
    "hm", "hn", "hr", "j", "jr", "kb", "kd", "kđ", "kl", "km", "kn", "kp", "kr", "kt", "kđr", "mb",
    "md", "mđ", "mđr", "ml", "mn", "mr", "nd", "pl", "pn", "pr", "rc", "rl", "rm", "rs", "rt",
    "rv", "sr", "srw", "tl", "y",
];

/// The consonants after the vowels, those of names among them.
const CODAS: &[&str] = &[
    "", "c", "ch", "h", "k", "l", "m", "n", "ng", "nh", "p", "r", "t",
];

/// First syllables of names that are written as one word (Pơnan, Sơmei, Êbur).
const FIRST: &[&str] = &["ê", "kơ", "pơ", "rơ", "sơ"];

/// How far the rules give way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Vietnamese rhymes only: for a mark that is typed away from its letter.
    Strict,
    /// A mark typed right at its letter, or a plain letter: names of the highlands too.
    Loose,
    /// As [`Rule::Loose`], and any consonants before the vowel: for keys that cannot be letters (VNI).
    Plain,
}

/// Where the parts of the syllable being typed begin: consonants, vowels, final consonants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub start: usize,
    pub vowels: usize,
    pub last: usize,
}

impl Parts {
    /// The parts of the word, or of its last syllable where the word is a name of several.
    pub fn of(word: &[Letter]) -> Option<Parts> {
        let whole = split(word, 0);
        let coda = |parts: &Parts| CODAS.contains(&parts.coda(word).as_str());
        whole.filter(coda).or_else(|| {
            (1..word.len())
                .filter(|at| !is_vowel(shape(word, *at)) && first(word, *at))
                .find_map(|at| split(word, at))
                .or(whole)
        })
    }

    fn text(word: &[Letter], from: usize, to: usize) -> String {
        let part = word.get(from..to).unwrap_or_default();
        part.iter().map(|letter| letter.shape).collect()
    }

    /// The consonants before the vowels.
    pub fn initial(self, word: &[Letter]) -> String {
        Parts::text(word, self.start, self.vowels)
    }

    /// The vowels.
    pub fn nucleus(self, word: &[Letter]) -> String {
        Parts::text(word, self.vowels, self.last)
    }

    /// The consonants after them.
    pub fn coda(self, word: &[Letter]) -> String {
        Parts::text(word, self.last, word.len())
    }
}

fn shape(word: &[Letter], at: usize) -> char {
    word.get(at).map_or(' ', |letter| letter.shape)
}

/// Whether the letters before `at` are the first syllable of a name written as one word: one of the list, an open
/// one that begins with đ (Đakrông), or `a` before ư (Avương).
fn first(word: &[Letter], at: usize) -> bool {
    let head = Parts::text(word, 0, at);
    let vowels = head.chars().skip(1).all(is_vowel);
    FIRST.contains(&head.as_str())
        || (head.starts_with('đ') && head.chars().count() > 1 && vowels)
        || (head == "a" && (at..word.len()).any(|at| matches!(shape(word, at), 'ư' | 'u')))
}

fn split(word: &[Letter], start: usize) -> Option<Parts> {
    let n = word.len();
    let vowel = |at: usize| at < n && is_vowel(shape(word, at));
    let run = |from: usize, wanted: bool| (from..n).find(|at| vowel(*at) != wanted).unwrap_or(n);
    let mut vowels = run(start, false);
    let pair = (vowels == start + 1).then(|| (shape(word, start), shape(word, vowels)));
    let glide = match pair {
        Some(('q', 'u')) | Some(('g', 'i')) => vowel(vowels + 1),
        // Y is a consonant where a vowel other than ê follows at the start (Yang, Ya).
        _ => {
            vowels == start
                && shape(word, start) == 'y'
                && vowel(start + 1)
                && base(shape(word, start + 1)) != 'e'
        }
    };
    vowels += usize::from(glide);
    let last = run(vowels, true);
    (run(last, false) == n).then_some(Parts {
        start,
        vowels,
        last,
    })
}

/// Whether the vowels and finals are a rhyme, or can become one when marks and letters are added.
fn rhyme(list: &[(&str, &str)], nucleus: &str, coda: &str) -> bool {
    let fits = |have: char, want: char| have == want || have == base(want);
    list.iter().any(|(vowels, codas)| {
        let mut want = vowels.chars();
        let all = nucleus
            .chars()
            .all(|have| want.next().is_some_and(|want| fits(have, want)));
        let longer = want.next().is_some();
        let coda_fits =
            |c: &str| (c == "-" && coda.is_empty()) || (c != "-" && c.starts_with(coda));
        all && if longer {
            coda.is_empty()
        } else {
            codas.split(' ').any(coda_fits)
        }
    })
}

/// Whether the vowels could be those of a rhyme, whatever comes after them.
fn vowels_known(nucleus: &str) -> bool {
    RHYMES.iter().any(|(vowels, _)| *vowels == nucleus)
}

/// Whether the word, with this tone, is a syllable or can become one.
pub(super) fn fits(word: &[Letter], tone: Option<Tone>, rule: Rule) -> bool {
    let Some(parts) = Parts::of(word) else {
        return false;
    };
    let initial = parts.initial(word);
    let (nucleus, coda) = (parts.nucleus(word), parts.coda(word));
    if rule == Rule::Strict && parts.start > 0 {
        return false;
    }
    let native = INITIALS.contains(&initial.as_str());
    let cluster = CLUSTERS.contains(&initial.as_str());
    if !(native || cluster || rule == Rule::Plain) {
        return false;
    }
    if nucleus.is_empty() {
        return tone.is_none();
    }
    let stopped = matches!(coda.as_str(), "c" | "ch" | "p" | "t" | "k");
    if stopped && !matches!(tone, None | Some(Tone::Acute | Tone::Dot)) {
        return false;
    }
    // No such name has these tones; the letters that type them in Telex are letters of many (Glar, Brei).
    if (cluster || parts.start > 0)
        && rule != Rule::Plain
        && matches!(tone, Some(Tone::Hook | Tone::Tilde))
    {
        return false;
    }
    if coda == "k" {
        // Đắk, Búk, Ngọk; but desk and task.
        let marked = nucleus.ends_with(['ă', 'â', 'ê', 'ô', 'ơ', 'ư', 'o', 'u']);
        return vowels_known(&nucleus)
            && (tone.is_none() || marked || cluster || rule == Rule::Plain);
    }
    if matches!(coda.as_str(), "h" | "l" | "r") && rule != Rule::Strict {
        let toned = cluster && coda == "h" && tone == Some(Tone::Acute);
        return vowels_known(&nucleus) && (tone.is_none() || toned || rule == Rule::Plain);
    }
    rhyme(RHYMES, &nucleus, &coda) || (rule != Rule::Strict && rhyme(OUTSIDE, &nucleus, &coda))
}

/// Whether the vowels at the end of the word can stand there, or only before more letters (`ie`, `uye`).
pub(super) fn ends_well(word: &[Letter]) -> bool {
    Parts::of(word).is_none_or(|parts| {
        let nucleus = parts.nucleus(word);
        let known = |list: &[(&str, &str)]| list.iter().any(|(vowels, _)| *vowels == nucleus);
        parts.last < word.len() || nucleus.is_empty() || known(RHYMES) || known(OUTSIDE)
    })
}

/// Which letter carries the tone.
pub(super) fn carrier(word: &[Letter], style: Style) -> Option<usize> {
    let parts = Parts::of(word)?;
    let nucleus: Vec<char> = parts.nucleus(word).chars().collect();
    let marked = nucleus
        .iter()
        .rposition(|c| matches!(c, 'ă' | 'â' | 'ê' | 'ô' | 'ơ' | 'ư'));
    let at = match (marked, nucleus.as_slice()) {
        (_, []) => return None,
        (_, ['ư', 'o', ..]) => 1,
        (Some(at), _) => at,
        (None, [_]) => 0,
        (None, ['u', 'y', 'e']) => 2,
        (None, ['i' | 'y', 'e']) => 1,
        (None, ['o', 'a' | 'e'] | ['u', 'e' | 'y' | 'o']) if parts.last == word.len() => {
            usize::from(style == Style::New)
        }
        (None, [_, _]) => usize::from(parts.last < word.len()),
        (None, _) => 1,
    };
    Some(parts.vowels + at)
}
