//! Fractions in prose and the rates printed for them.
use super::lex::Token;
use super::prose::Reader;
use super::{Finding, PrintedRate, Qualifier, judge_rate, parse_rate_number};

/// How far after a fraction its rate may stand, in tokens.
const RATE_REACH: usize = 30;
/// How many words may stand between the two numbers of a fraction.
const NOUN_REACH: usize = 10;

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

/// A fraction: its tokens and its two numbers.
pub(super) struct Fraction {
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

impl Reader<'_> {
    /// The fraction that begins at a token: `a/b`, `a/ b`, `a đơn/b đơn`, `a đơn trên tổng số b`, `a trên b`.
    pub(super) fn fraction(&self, first: usize) -> Option<Fraction> {
        let num = self.get(first)?.count()?;
        let mut at = first + 1;
        let of_all = |at: usize| {
            let joins = self.word_at(at, &["tren", "trong"]) && self.word_at(at + 1, &["tong"]);
            joins || (at == first + 1 && self.word_at(at, &["tren"]))
        };
        while at < first + NOUN_REACH && self.get(at)?.word().is_some() && !of_all(at) {
            at += 1;
        }
        let apart = at > first + 1;
        let in_words = of_all(at);
        if !in_words && !self.sign_at(at, &['/']) {
            return None;
        }
        at += 1;
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
        // Two numbers side by side are one number written with spaces: nobody can tell where it begins.
        let is_number = |t: Option<&Token>| t.is_some_and(|t| t.number().is_some());
        if is_number(self.before(first, 1)) || is_number(self.get(at + 1)) {
            return None;
        }
        // Two different nouns (5 km/2 giờ) make no fraction of one thing.
        let nouns = self.word_of(first + 1).zip(self.word_of(at + 1));
        let same_noun = !apart || in_words || nouns.is_none_or(|(a, b)| a == b);
        (same_noun && (in_words || !self.is_date_or_document(&fraction))).then_some(fraction)
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

    /// The rate printed for a fraction, judged.
    pub(super) fn rate_of(&self, f: &Fraction) -> Option<Finding> {
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
        let changed = self.is_change(at) || own;
        if changed { None } else { self.rate_at(at) }
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
            // What follows is the rate of a part.
            if self.word_at(at, &["rieng"])
                || (self.word_at(at, &["trong"]) && self.word_at(at + 1, &["do"]))
            {
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

    /// True for a rate of growth: «tăng 5%», «bằng 105% so với cùng kỳ».
    fn is_change(&self, rate: usize) -> bool {
        let skip = self.qualifier_before(rate).map_or(0, |(_, n)| n);
        let before = self.before(rate, skip + 1);
        let past = if self.sign_at(rate + 1, &['%']) {
            rate + 2
        } else {
            rate + 3
        };
        let compared = (self.word_at(past, &["so"]) && self.word_at(past + 1, &["voi"]))
            || (self.word_at(past, &["cung"]) && self.word_at(past + 1, &["ky"]));
        compared
            || before
                .is_some_and(|t| t.is_word(&["tang", "giam", "voi", "vuot", "them", "cao", "thap"]))
    }

    /// True if the words before a rate tie it to the fraction that ends at `from`. With other counts in between only
    /// «đạt» does.
    fn is_joined(&self, from: usize, rate: usize, others: usize) -> bool {
        if self.is_change(rate) {
            return false;
        }
        let skip = self.qualifier_before(rate).map_or(0, |(_, n)| n);
        let mut at = rate.saturating_sub(skip + 1);
        let mut named = false;
        while at > from && self.word_at(at, &["le", "ty", "ti", "muc", "duoc", "toi"]) {
            named |= self.word_at(at, &["le"]);
            at -= 1;
        }
        if self.word_at(at, &["dat"]) {
            return true;
        }
        // «tỷ lệ giải quyết là 97%»
        let is_rate = self.word_at(at, &["la"])
            && (at.saturating_sub(6)..at).any(|i| i > from && self.word_at(i, &["le"]));
        let stated = named || is_rate || self.word_at(at, &["chiem", "bang", "duong", "ung"]);
        let only_nouns = (from + 1..at).all(|i| self.word_of(i).is_some());
        let beside =
            at == from || (only_nouns && self.sign_at(at, &['(', '=', ',', ':', '–', '-', '→']));
        others == 0 && (stated || beside)
    }
}
