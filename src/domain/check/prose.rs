//! Finds figures in Vietnamese prose that can be checked: `a/b … đạt c%` and `a … (trong đó b … và c …)`.
use super::lex::{Kind, Token, tokens};
use super::{
    Finding, Judged, PrintedRate, Qualifier, Verdict, judge_qualified_sum, judge_rate,
    parse_rate_number,
};
use crate::domain::text::clean;

/// How far after a fraction its rate may stand, in tokens.
const RATE_REACH: usize = 30;
/// How far before a list its total may stand, in tokens.
const TOTAL_REACH: usize = 24;

/// What offices count; after a pair like `3/5` it tells a fraction from a day and month.
const NOUNS: &[&str] = &[
    "don", "vu", "viec", "kien", "y", "luot", "nguoi", "mo", "ho", "cuoc", "truong", "tap", "ca",
    "cong", "chi", "noi", "thon", "ap", "khu", "xa", "phuong", "huyen", "tinh", "thanh", "dia",
    "to", "phieu", "phan", "khieu", "phien", "buoi", "dai", "thu", "chuong", "van", "nhiem", "can",
    "co", "doan", "lop", "hoi", "de", "cau", "ban", "dang",
];
/// Words before a day and month, or a document number.
const DATE_WORDS: &[&str] = &[
    "ngay", "thang", "tu", "den", "sang", "chieu", "toi", "trua", "dem", "truoc", "sau", "hom",
    "quy", "nam", "dip", "le", "hai", "ba", "bay", "nhat", "vao",
];
/// The last words of what has a number of its own: nghị quyết, thông tư, chỉ thị …
const DOCUMENT_WORDS: &[&str] = &[
    "so", "luat", "dinh", "tu", "lenh", "thi", "quyet", "don", "dieu", "khoan",
];
/// Words of time and place in a text that make a number no count of things.
const TIME_BEFORE: &[&str] = &[
    "nam", "thang", "quy", "ngay", "thu", "dieu", "khoan", "chuong", "muc", "khoa", "lan", "ky",
];
const TIME_AFTER: &[&str] = &[
    "thang", "nam", "ngay", "quy", "tuan", "gio", "phut", "nghin", "ngan", "trieu", "ty", "ti",
];
/// Ways to divide a total that need not repeat its noun.
const CATEGORIES: &[&str] = &[
    "khieu", "to", "kien", "phan", "tap", "ca", "don", "vu", "luot", "nam", "nu", "thuong", "dinh",
    "dot", "du", "khong", "thuoc", "dung", "sai", "qua", "da", "dang", "chua", "con", "kn", "tc",
    "knpa", "cu", "moi", "ton",
];
const FILLERS: &[&str] = &[
    "trong", "do", "gom", "bao", "co", "la", "va", "con", "voi", "cung",
];

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

/// A fraction: its tokens and its two numbers.
struct Fraction {
    first: usize,
    last: usize,
    num: i64,
    den: i64,
}

/// A number in percent at a token.
struct Rate {
    at: usize,
    printed: PrintedRate,
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

impl Reader<'_> {
    fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    fn before(&self, at: usize, back: usize) -> Option<&Token> {
        at.checked_sub(back).and_then(|i| self.get(i))
    }

    fn raw(&self, at: usize) -> &str {
        self.get(at)
            .and_then(|t| self.text.get(t.start..t.end))
            .unwrap_or("")
    }

    fn word_at(&self, at: usize, words: &[&str]) -> bool {
        self.get(at).is_some_and(|t| t.is_word(words))
    }

    fn sign_at(&self, at: usize, signs: &[char]) -> bool {
        self.get(at).is_some_and(|t| t.is_sign(signs))
    }

    fn sign_before(&self, at: usize, signs: &[char]) -> bool {
        self.before(at, 1).is_some_and(|t| t.is_sign(signs))
    }

    /// True where a sentence ends; the point of an abbreviation (TP., TX.) does not end one.
    fn ends_sentence(&self, at: usize) -> bool {
        match self.get(at).map(|t| &t.kind) {
            Some(Kind::Newline) | None => true,
            Some(Kind::Sign('.')) => !self
                .before(at, 1)
                .is_some_and(|t| t.is_word(&["tp", "tx", "tt", "q", "p", "h"])),
            Some(Kind::Sign('?' | '!')) => true,
            _ => false,
        }
    }

    fn percent(&self, at: usize) -> bool {
        self.sign_at(at + 1, &['%'])
            || (self.word_at(at + 1, &["phan"]) && self.word_at(at + 2, &["tram"]))
    }

    // ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The fraction that begins at a token: `a/b`, `a/ b`, `a đơn/b đơn`, `a đơn trên tổng số b`.
    fn fraction(&self, first: usize) -> Option<Fraction> {
        let num = self.get(first)?.count()?;
        let mut at = first + 1;
        while at < first + 6
            && self.get(at)?.word().is_some()
            && !self.word_at(at, &["tren", "trong"])
        {
            at += 1;
        }
        let apart = at > first + 1;
        let slash = self.sign_at(at, &['/']);
        let of_all = self.word_at(at, &["tren", "trong"]) && self.word_at(at + 1, &["tong"]);
        if slash || of_all {
            at += 1;
        } else {
            return None;
        }
        while self.word_at(at, &["tong", "so"]) {
            at += 1;
        }
        let den = self.get(at)?.count().filter(|d| *d > 0)?;
        let fraction = Fraction {
            first,
            last: at,
            num,
            den,
        };
        // A unit of speed or a document between the numbers (5 km/2 giờ) is no fraction of one thing.
        let same_noun = !apart || of_all || self.word_of(first + 1) == self.word_of(at + 1);
        (same_noun && (of_all || !self.is_date_or_document(&fraction))).then_some(fraction)
    }

    fn word_of(&self, at: usize) -> Option<&str> {
        self.get(at).and_then(Token::word)
    }

    fn is_date_or_document(&self, f: &Fraction) -> bool {
        // 11/3/2019, 155/2026/NĐ-CP
        if self.sign_at(f.last + 1, &['/']) || self.sign_before(f.first, &['/']) {
            return true;
        }
        let raw_den = self.raw(f.last);
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let day_like = (1..=31).contains(&f.num) && (1..=12).contains(&f.den) && plain(raw_den);
        let year_like = (1900..=2200).contains(&f.den) && raw_den.len() == 4 && plain(raw_den);
        let before = |words: &[&str]| self.before(f.first, 1).is_some_and(|t| t.is_word(words));
        let of_total = self
            .before(f.first, 2)
            .is_some_and(|t| t.is_word(&["tong"]));
        if before(&["so"]) && !of_total {
            return true;
        }
        if self.word_at(f.last + 1, &["gio"]) {
            return true;
        }
        let noun_follows = self.word_at(f.last + 1, NOUNS);
        if year_like {
            let month = (1..=12).contains(&f.num);
            // «giải quyết 1336/1990 vụ» is no «nghị quyết 15/2026».
            let solved = self
                .before(f.first, 2)
                .is_some_and(|t| t.is_word(&["giai"]));
            return month || (before(DOCUMENT_WORDS) && !solved) || !noun_follows;
        }
        if day_like {
            let rate_follows =
                self.sign_at(f.last + 1, &['(']) && self.rate_at(f.last + 2).is_some();
            let hyphen = ['-', '–', '—'];
            return before(DATE_WORDS)
                || self.sign_before(f.first, &hyphen)
                || self.sign_at(f.last + 1, &hyphen)
                || !(noun_follows || rate_follows);
        }
        false
    }

    fn rate_at(&self, at: usize) -> Option<Rate> {
        self.get(at)?.number().filter(|_| self.percent(at))?;
        let value = parse_rate_number(self.raw(at))?;
        let qualifier = self
            .qualifier_before(at)
            .map_or(Qualifier::Exact, |(q, _)| q);
        Some(Rate {
            at,
            printed: PrintedRate { value, qualifier },
        })
    }

    /// The qualifier right before a token, and how many tokens it takes.
    fn qualifier_before(&self, at: usize) -> Option<(Qualifier, usize)> {
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

    /// The rate printed for a fraction, judged.
    fn rate_of(&self, f: &Fraction) -> Option<Finding> {
        let rate = self.rate_before(f).or_else(|| self.rate_after(f))?;
        let judged = judge_rate(f.num, f.den, &rate.printed);
        let past = if self.sign_at(rate.at + 1, &['%']) {
            rate.at + 1
        } else {
            rate.at + 2
        };
        let printed = self.quote(rate.at, past).2;
        Some(self.finding(f.first.min(rate.at), f.last.max(past), printed, judged))
    }

    /// `đạt 97,13% (8.328/8.574 đơn)`
    fn rate_before(&self, f: &Fraction) -> Option<Rate> {
        if !self.sign_before(f.first, &['(']) || !self.before(f.first, 2)?.is_sign(&['%']) {
            return None;
        }
        let at = f.first.checked_sub(3)?;
        // The rate belongs to the bracket unless the bracket brings its own.
        let own = (f.last..f.last + RATE_REACH)
            .take_while(|i| !self.ends_sentence(*i) && !self.sign_at(*i, &[')']))
            .any(|i| self.rate_at(i).is_some());
        if own { None } else { self.rate_at(at) }
    }

    fn rate_after(&self, f: &Fraction) -> Option<Rate> {
        let mut others = 0;
        for at in f.last + 1..f.last + RATE_REACH {
            if self.ends_sentence(at) || (at > f.last + 1 && self.fraction(at).is_some()) {
                return None;
            }
            if self.sign_at(at, &[';']) && !self.word_at(at + 1, &["ty", "ti", "dat"]) {
                return None;
            }
            if let Some(rate) = self.rate_at(at) {
                if self.is_joined(f.last, at, others) {
                    return Some(rate);
                }
            } else if self.is_count(at) {
                others += 1;
            }
        }
        None
    }

    /// True if the words before a rate tie it to the fraction that ends at `from`. With other counts in between only
    /// «đạt» does.
    fn is_joined(&self, from: usize, rate: usize, others: usize) -> bool {
        let skip = self.qualifier_before(rate).map_or(0, |(_, n)| n);
        let mut at = rate.saturating_sub(skip + 1);
        let mut named = false;
        while at > from && self.word_at(at, &["le", "ty", "ti", "la", "muc", "duoc"]) {
            named |= self.word_at(at, &["le"]);
            at -= 1;
        }
        let stated = named
            || (at + 1 < rate
                && (at.saturating_sub(5)..=at).any(|i| i > from && self.word_at(i, &["le"]))
                && self.word_at(at + 1, &["la"]));
        if self.word_at(at, &["tang", "giam", "voi"]) {
            return false;
        }
        if self.word_at(at, &["dat"]) {
            return true;
        }
        let tied = self.word_at(at, &["chiem", "bang", "duong", "ung"])
            || self.sign_at(at, &['(', '=', ',', ':', '–', '-', '→'])
            || at == from;
        others == 0 && (stated || tied)
    }

    // ── totals with parts ────────────────────────────────────────────────────────────────────────────────────────

    /// A number that counts things: no rate, no part of a fraction, no time, no large money.
    fn is_count(&self, at: usize) -> bool {
        self.get(at).and_then(Token::count).is_some()
            && !self.percent(at)
            && !self.sign_at(at + 1, &['/'])
            && !self.sign_before(at, &['/'])
            && !self.word_at(at + 1, TIME_AFTER)
            && !self.before(at, 1).is_some_and(|t| t.is_word(TIME_BEFORE))
    }

    /// The sum whose list of parts is opened by the token: a bracket, «trong đó», «gồm» or a colon.
    fn sum_at(&self, open: usize) -> Option<Finding> {
        let bracket = self.sign_at(open, &['(']);
        let among = self.word_at(open, &["trong"]) && self.word_at(open + 1, &["do"]);
        let made_of = self.word_at(open, &["gom"]);
        let colon = self.sign_at(open, &[':']);
        // Inside a bracket the bracket has opened the list already.
        let inside =
            self.sign_before(open, &['(']) || (made_of && self.before(open, 2)?.is_sign(&['(']));
        if !(bracket || among || made_of || colon) || (!bracket && inside) {
            return None;
        }
        let total_at = self.total_before(open)?;
        let total = self.get(total_at)?.count()?;
        let list = if bracket {
            self.bracket_parts(open)?
        } else {
            self.open_parts(open, colon)?
        };
        if list.parts.len() < 2 || list.vague {
            return None;
        }
        let qualifier = self
            .qualifier_before(total_at)
            .map_or(Qualifier::Exact, |(q, _)| q);
        let values: Vec<i64> = list
            .parts
            .iter()
            .filter_map(|i| self.get(*i)?.count())
            .collect();
        let judged = judge_qualified_sum(total, qualifier, &values);
        if judged.verdict != Verdict::Agrees
            && !self.claims_all(total_at, open, &list, &values, bracket)
        {
            return None;
        }
        let printed = self.raw(total_at).to_owned();
        Some(self.finding(total_at, list.end, printed, judged))
    }

    /// The count nearest before a list, in the same sentence.
    fn total_before(&self, open: usize) -> Option<usize> {
        for at in (open.saturating_sub(TOTAL_REACH)..open).rev() {
            if self.ends_sentence(at) || self.sign_at(at, &[';', '(', ')']) {
                return None;
            }
            if self.is_count(at) {
                return Some(at);
            }
            // The total may be a fraction's number: then nobody can say which of the two has the parts.
            if self.sign_at(at, &['/']) {
                return None;
            }
        }
        None
    }

    /// True if the list says that it is the whole: then a sum that differs is worth telling.
    fn claims_all(
        &self,
        total_at: usize,
        open: usize,
        list: &Parts,
        values: &[i64],
        bracket: bool,
    ) -> bool {
        let named: Vec<&str> = (total_at + 1..open)
            .filter_map(|i| self.word_of(i))
            .collect();
        let fits = |part: usize| {
            self.word_of(part + 1)
                .is_none_or(|w| named.contains(&w) || CATEGORIES.contains(&w))
        };
        let alike = list.parts.iter().all(|p| fits(*p));
        let among = (open..open + 3).any(|i| self.word_at(i, &["trong"]));
        let some_of =
            (open..open + 5).any(|i| self.word_at(i, &["do"]) && self.word_at(i + 1, &["co"]));
        if among && !bracket {
            // «trong đó có …» and an open list name only some of the parts.
            return alike && list.closed && !some_of;
        }
        if some_of && !list.closed {
            return false;
        }
        let total = self
            .get(total_at)
            .and_then(Token::count)
            .map_or(0, i128::from);
        let sum: i128 = values.iter().copied().map(i128::from).sum();
        alike || (sum - total).abs() * 5 <= total
    }

    /// The parts inside a bracket; brackets within it are passed over.
    fn bracket_parts(&self, open: usize) -> Option<Parts> {
        let mut list = Parts::default();
        let mut depth = 0;
        let mut taken = false;
        for at in open..self.tokens.len() {
            if self.sign_at(at, &['(']) {
                depth += 1;
            } else if self.sign_at(at, &[')']) {
                depth -= 1;
                if depth == 0 {
                    list.end = at;
                    return Some(list);
                }
            } else if depth > 1 {
                continue;
            } else if matches!(self.get(at)?.kind, Kind::Newline) || self.sign_at(at, &['/']) {
                return None;
            } else if self.sign_at(at, &[',', ';', '+']) || self.word_at(at, &["va"]) {
                list.closed |= self.word_at(at, &["va"]);
                taken = false;
            } else if self.is_count(at) && !taken {
                list.parts.push(at);
                list.vague |= self.qualifier_before(at).is_some();
                taken = true;
            } else if self.word_at(at, &["moi"])
                && self.get(at + 1).and_then(Token::word).is_some()
                && !taken
            {
                // «mỗi đợt 15 ngày» is no part.
                list.vague = true;
            }
        }
        None
    }

    /// The parts of a list in running text: every item begins with its number; «và» brings the last.
    fn open_parts(&self, open: usize, colon: bool) -> Option<Parts> {
        let mut list = Parts::default();
        let mut at = open + 1;
        let mut last_item = false;
        loop {
            while self.word_at(at, FILLERS) || (list.parts.is_empty() && self.sign_at(at, &[':'])) {
                at += 1;
            }
            if !self.is_count(at) {
                break;
            }
            list.parts.push(at);
            list.end = at;
            at += 1;
            while !self.ends_sentence(at)
                && !self.sign_at(at, &[',', ';', '+', ')'])
                && !self.word_at(at, &["va"])
            {
                // The noun after the number belongs to the part; a second number or bracket does not.
                if self.get(at)?.word().is_some() && list.end + 1 == at {
                    list.end = at;
                }
                at += 1;
            }
            let and = self.word_at(at, &["va"]);
            let more = and || self.sign_at(at, &[',', '+']) || (colon && self.sign_at(at, &[';']));
            if last_item || !more {
                break;
            }
            // «và» without a number after it only joins two nouns.
            let counted =
                self.is_count(at + 1) || (self.word_at(at + 1, FILLERS) && self.is_count(at + 2));
            last_item = and && counted;
            list.closed |= last_item;
            at += 1;
        }
        let any_vague = list
            .parts
            .iter()
            .any(|p| self.qualifier_before(*p).is_some());
        list.vague = any_vague;
        Some(list)
    }

    // ── quoting ──────────────────────────────────────────────────────────────────────────────────────────────────

    fn quote(&self, first: usize, last: usize) -> (usize, usize, String) {
        let start = self.get(first).map_or(0, |t| t.start);
        let end = self.get(last).map_or(self.text.len(), |t| t.end);
        (start, end, clean(self.text.get(start..end).unwrap_or("")))
    }

    fn finding(&self, first: usize, last: usize, printed: String, judged: Judged) -> Finding {
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

/// The parts of a total.
#[derive(Default)]
struct Parts {
    /// Tokens of their numbers.
    parts: Vec<usize>,
    /// Last token of the list.
    end: usize,
    /// «và» came before the last part.
    closed: bool,
    /// Some part is not exact, or is no part.
    vague: bool,
}
