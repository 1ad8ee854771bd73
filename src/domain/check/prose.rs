//! Finds figures in Vietnamese prose that can be checked: `a/b … đạt c%` and `a … (trong đó b … và c …)`.
use super::lex::{Kind, Token, tokens};
use super::{Finding, Judged, Qualifier};
use crate::domain::text::clean;
use unicode_normalization::UnicodeNormalization;

/// The text and its tokens.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) tokens: Vec<Token>,
}

/// Every figure of the text that can be checked, in order. Dates (`11/3/2019`, `1/7`) and numbers of documents
/// (`15/2026`, `09/CTr`) are never divided; a list of one part, or one that names only some of the parts, is no sum.
pub fn check_text(text: &str) -> Vec<Finding> {
    let reader = Reader {
        text,
        tokens: tokens(text),
    };
    let mut found: Vec<Finding> = Vec::new();
    for at in 0..reader.tokens.len() {
        if let Some(finding) = reader.fraction(at).and_then(|f| reader.rate_of(&f)) {
            found.push(finding);
        }
        if let Some(finding) = reader.sum_at(at) {
            found.push(finding);
        }
    }
    found.sort_by_key(|f| (f.start, f.end));
    found.dedup();
    found
}

/// Words that make the number after them no count of things. Their marks count: «năm 60» is a year, «nam 60» are men.
const TIME_BEFORE: &[&str] = &[
    "năm", "tháng", "quý", "ngày", "thứ", "điều", "khoản", "chương", "mục", "khóa", "khoá", "lần",
    "số",
];
/// The same of the word after a number: time, and the thousands and millions of rounded numbers.
const TIME_AFTER: &[&str] = &[
    "tháng", "năm", "ngày", "quý", "tuần", "giờ", "phút", "nghìn", "ngàn", "triệu", "tỷ", "tỉ",
];

impl Reader<'_> {
    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(super) fn before(&self, at: usize, back: usize) -> Option<&Token> {
        at.checked_sub(back).and_then(|i| self.get(i))
    }

    pub(super) fn raw(&self, at: usize) -> &str {
        self.get(at)
            .and_then(|t| self.text.get(t.start..t.end))
            .unwrap_or("")
    }

    pub(super) fn word_at(&self, at: usize, words: &[&str]) -> bool {
        self.get(at).is_some_and(|t| t.is_word(words))
    }

    pub(super) fn sign_at(&self, at: usize, signs: &[char]) -> bool {
        self.get(at).is_some_and(|t| t.is_sign(signs))
    }

    pub(super) fn sign_before(&self, at: usize, signs: &[char]) -> bool {
        self.before(at, 1).is_some_and(|t| t.is_sign(signs))
    }

    /// True where a sentence ends; the point of an abbreviation (TP., TX.) does not end one.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        match self.get(at).map(|t| &t.kind) {
            Some(Kind::Newline) | None => true,
            Some(Kind::Sign('.')) => !self
                .before(at, 1)
                .is_some_and(|t| t.is_word(&["tp", "tx", "tt", "q", "p", "h"])),
            Some(Kind::Sign('?' | '!')) => true,
            _ => false,
        }
    }

    pub(super) fn percent(&self, at: usize) -> bool {
        self.sign_at(at + 1, &['%'])
            || (self.word_at(at + 1, &["phan"]) && self.word_at(at + 2, &["tram"]))
    }

    pub(super) fn word_of(&self, at: usize) -> Option<&str> {
        self.get(at).and_then(Token::word)
    }

    /// The qualifier right before a token, and how many tokens it takes.
    pub(super) fn qualifier_before(&self, at: usize) -> Option<(Qualifier, usize)> {
        let word = |back| self.before(at, back).and_then(Token::word);
        let last = word(1)?;
        let two = word(2).map(|first| [first, last]);
        let one = Qualifier::from_words(&[last]);
        match two.and_then(|pair| Qualifier::from_words(&pair)) {
            Some(q) if one != Some(q) => Some((q, 2)),
            Some(q) => Some((q, 1)),
            None => one.map(|q| (q, 1)),
        }
    }

    /// The word at a token in lower case with its marks.
    fn marked(&self, at: usize) -> String {
        self.raw(at).nfc().flat_map(char::to_lowercase).collect()
    }

    /// A number that counts things: no rate, no part of a fraction, no time, no large money.
    pub(super) fn is_count(&self, at: usize) -> bool {
        let Some(count) = self.get(at).and_then(Token::count) else {
            return false;
        };
        if self.percent(at) || self.sign_at(at + 1, &['/']) || self.sign_before(at, &['/']) {
            return false;
        }
        let before = at
            .checked_sub(1)
            .map(|b| self.marked(b))
            .unwrap_or_default();
        let of_total = self.before(at, 2).is_some_and(|t| t.is_word(&["tong"]));
        let unmarked_year = before == "nam" && (1900..=2200).contains(&count);
        let timed = TIME_BEFORE.contains(&before.as_str()) && !(before == "số" && of_total);
        !timed && !unmarked_year && !TIME_AFTER.contains(&self.marked(at + 1).as_str())
    }

    pub(super) fn quote(&self, first: usize, last: usize) -> (usize, usize, String) {
        let start = self.get(first).map_or(0, |t| t.start);
        let end = self.get(last).map_or(self.text.len(), |t| t.end);
        (start, end, clean(self.text.get(start..end).unwrap_or("")))
    }

    pub(super) fn finding(
        &self,
        first: usize,
        last: usize,
        printed: String,
        judged: Judged,
    ) -> Finding {
        let (start, end, what) = self.quote(first, last);
        Finding {
            what,
            printed,
            computed: judged.computed,
            verdict: judged.verdict,
            start,
            end,
        }
    }
}
