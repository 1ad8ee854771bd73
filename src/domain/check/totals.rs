//! Totals in prose and the lists of their parts.
use super::lex::{Kind, Token};
use super::prose::Reader;
use super::{Finding, Qualifier, Verdict, judge_qualified_sum};

/// How far before a list its total may stand, in tokens.
const TOTAL_REACH: usize = 24;
/// How long a list in brackets may be, in tokens.
const LIST_REACH: usize = 200;

/// Ways to divide a total that need not repeat its noun.
const CATEGORIES: &[&str] = &[
    "khieu", "to", "kien", "phan", "tap", "ca", "don", "vu", "luot", "nam", "nu", "thuong", "dinh",
    "dot", "du", "khong", "thuoc", "dung", "sai", "qua", "da", "dang", "chua", "con", "kn", "tc",
    "knpa", "cu", "moi", "ton",
];
const FILLERS: &[&str] = &[
    "trong", "do", "gom", "bao", "co", "la", "va", "con", "voi", "cung",
];

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

impl Reader<'_> {
    /// The sum whose list of parts is opened by the token: a bracket, «trong đó», «gồm» or a colon.
    pub(super) fn sum_at(&self, open: usize) -> Option<Finding> {
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
                .is_none_or(|w| w == "va" || named.contains(&w) || CATEGORIES.contains(&w))
        };
        let alike = list.parts.iter().all(|p| fits(*p));
        let introduced = (open..open + 4).any(|i| self.word_at(i, &["trong", "gom"]));
        // «khu phố (1, 2 và 3)» are names, no counts.
        let noun = |w: Option<&str>| w.is_some_and(|w| w != "va");
        let bare = |part: usize| {
            !noun(self.word_of(part + 1)) && !noun(self.before(part, 1).and_then(Token::word))
        };
        if !introduced && list.parts.iter().all(|p| bare(*p)) {
            return false;
        }
        let among = (open..open + 3).any(|i| self.word_at(i, &["trong"]));
        let some_of =
            (open..open + 5).any(|i| self.word_at(i, &["do"]) && self.word_at(i + 1, &["co"]));
        if among && list.closed && !some_of && (bracket || alike) {
            return true;
        }
        // «trong đó có …» and a list left open name only some of the parts.
        if among && (!bracket || !list.closed) {
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
        for at in open..self.tokens.len().min(open + LIST_REACH) {
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
}
