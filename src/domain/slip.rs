//! Slips of the hand: what the rules allow and what is probably not meant. They are asked about, never refused.
//!
//! A text is judged as it was typed. Where there is only one thing that can have been meant, the slip carries it.
use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

mod letters;

pub use letters::{legacy_font, letter_for_digit, look_alikes};

/// What looks wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A day this many years ahead.
    FarAhead(i32),
    /// A day this many years back.
    LongAgo(i32),
    /// A paper written more than a year before it came.
    OldPaper,
    /// All letters are capitals.
    Capitals,
    /// A name without capitals.
    SmallName,
    /// Capitals where a name has none (`NGuyễn`).
    MixedCase,
    /// A telephone or identity number that has lost its leading zero.
    LostZero,
    /// `1.35`, read as one and thirty-five hundredths, may be 1.350.
    Thousands,
    /// Letters of another script that look like Latin ones.
    LookAlike,
    /// A letter `l`, `I` or `O` among the digits of a code.
    LetterForDigit,
    /// Text of an old font (TCVN3, VNI) that was not converted.
    LegacyFont,
}

/// A slip found in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// What looks wrong.
    pub doubt: Doubt,
    /// The part of the text that does.
    pub seen: String,
    /// The whole text as it was probably meant, where that is certain enough to be offered.
    pub fix: Option<String>,
}

impl Slip {
    fn new(doubt: Doubt, seen: &str, fix: Option<String>) -> Slip {
        let seen = seen.to_owned();
        Slip { doubt, seen, fix }
    }
}

/// How far a day may lie from today before it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Years back.
    pub back: i32,
    /// Years ahead.
    pub ahead: i32,
}

/// Of a day that says what has just happened; later than today is refused by its rule.
pub const HAPPENED: Span = Span { back: 2, ahead: 6 };
/// Of any other day: a term, a deadline, an old decision.
pub const ANY_DAY: Span = Span { back: 10, ahead: 6 };

/// A day far off. The year is mended where two of its digits changed places or its century is wrong, and that alone
/// brings the day within a year of today.
#[must_use]
pub fn far_day(day: NaiveDate, today: NaiveDate, span: Span) -> Option<Slip> {
    let years = today.years_since(day).map_or_else(
        || -i32::try_from(day.years_since(today).unwrap_or(0)).unwrap_or(0),
        |n| i32::try_from(n).unwrap_or(0),
    );
    let doubt = if years >= span.back {
        Doubt::LongAgo(years)
    } else if years <= -span.ahead {
        Doubt::FarAhead(-years)
    } else {
        return None;
    };
    let seen = super::date::vi(day);
    Some(Slip::new(
        doubt,
        &seen,
        near_day(day, today).map(super::date::vi),
    ))
}

/// The one day within a year of today whose year is this one's with two digits changed, or with this century.
fn near_day(day: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let digits: Vec<char> = format!("{:04}", day.year()).chars().collect();
    let mut years = vec![today.year().div_euclid(100) * 100 + day.year().rem_euclid(100)];
    for at in 1..digits.len() {
        let mut turned = digits.clone();
        turned.swap(at - 1, at);
        years.extend(turned.iter().collect::<String>().parse::<i32>());
    }
    let mut near: Vec<NaiveDate> = years
        .into_iter()
        .filter_map(|year| day.with_year(year))
        .filter(|d| (*d - today).num_days().abs() <= 366 && *d != day)
        .collect();
    near.sort();
    near.dedup();
    match near.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// A paper written more than a year before it came: in January people write last year's number. The day with the
/// year of receipt is offered, or the year before where that would be after the receipt.
#[must_use]
pub fn old_paper(written: NaiveDate, received: NaiveDate) -> Option<Slip> {
    if received.years_since(written).unwrap_or(0) < 1 {
        return None;
    }
    let meant = [received.year(), received.year() - 1]
        .into_iter()
        .filter_map(|year| written.with_year(year))
        .find(|day| *day <= received);
    let seen = super::date::vi(written);
    let fix = meant.filter(|day| *day != written).map(super::date::vi);
    Some(Slip::new(Doubt::OldPaper, &seen, fix))
}

fn letters_of(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphabetic())
}

fn all_capitals(text: &str) -> bool {
    let mut letters = letters_of(text).peekable();
    letters.peek().is_some() && letters.all(|c| !c.is_lowercase())
}

/// Fewest letters of a sentence that is read as written in capitals by mistake: shorter ones may be abbreviations.
const SENTENCE: usize = 12;

/// A sentence all in capitals. No mending is offered: nobody but its writer knows its names.
#[must_use]
pub fn shouted(text: &str) -> Option<Slip> {
    let long = letters_of(text).count() >= SENTENCE && text.split_whitespace().count() > 2;
    (long && all_capitals(text)).then(|| Slip::new(Doubt::Capitals, text, None))
}

/// Words before a name, and words that begin the description of a group rather than a name.
const TITLES: [&str; 6] = ["ông", "bà", "anh", "chị", "cô", "chú"];
/// Most words of a person's name.
const NAME_WORDS: usize = 6;

/// A person's name in capitals, in small letters, or with capitals inside a word.
#[must_use]
pub fn name(text: &str) -> Option<Slip> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | ' ');
    if !(2..=NAME_WORDS).contains(&words.len()) || !text.nfc().all(plain) {
        return None;
    }
    let begins_small = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let own = words.iter().skip_while(|word| TITLES.contains(*word));
    let own: Vec<&str> = own.copied().collect();
    let doubt = if own.len() >= 2 && all_capitals(text) && letters_of(text).count() > 3 {
        Doubt::Capitals
    } else if own.len() >= 2 && own.iter().all(begins_small) && !is_group(&own) {
        Doubt::SmallName
    } else if own.iter().any(|word| has_second_capital(word)) {
        Doubt::MixedCase
    } else {
        return None;
    };
    let fixed: Vec<String> = words
        .iter()
        .map(|word| match TITLES.contains(word) {
            true => (*word).to_owned(),
            false => capitalised(word),
        })
        .collect();
    let fixed = fixed.join(" ");
    (fixed != text).then(|| Slip::new(doubt, text, Some(fixed)))
}

/// «các hộ dân», «tập thể công nhân», «người dân ấp»: a description, not a name.
fn is_group(words: &[&str]) -> bool {
    const FIRST: [&str; 12] = [
        "các", "những", "một", "hộ", "tập", "nhóm", "người", "nhân", "cử", "đại", "dân", "gia",
    ];
    words.first().is_some_and(|word| FIRST.contains(word))
}

/// Two capitals and then a small letter: Shift was let go too late.
fn has_second_capital(word: &str) -> bool {
    word.split(['\'', '’', '-', '.']).any(|part| {
        let mut chars = part.chars();
        let two = chars.by_ref().take(2).filter(|c| c.is_uppercase()).count() == 2;
        two && chars.any(char::is_lowercase)
    })
}

/// A word of a name as it is written: the first letter of each part a capital (`K’Ré`, `Y-Blư`).
fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut first = true;
    for c in word.nfc() {
        if !c.is_alphabetic() {
            first = true;
            out.push(c);
        } else if std::mem::take(&mut first) {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// Words after which a run of digits is a telephone or identity number.
const CALLS: [&str; 9] = [
    "dt", "sdt", "dtdd", "tel", "phone", "thoai", "cccd", "cmnd", "cmt",
];

/// A telephone or identity number that has lost its zero, as a table does to it: nine digits that begin like a
/// mobile number (03, 05, 07, 08, 09), eleven of a twelve-digit identity number. `personal` fields are looked at
/// as a whole, others only after a word that announces such a number.
///
/// Nine digits that begin with 3 may be an old identity card, so they count only after a word for a telephone.
#[must_use]
pub fn lost_zero(text: &str, personal: bool) -> Option<Slip> {
    let mut announced = String::new();
    for token in text.split(|c: char| c.is_whitespace() || ",;:()".contains(c)) {
        if token.is_empty() {
            continue;
        }
        let digits: String = token.chars().filter(|c| !".-".contains(*c)).collect();
        if digits.chars().all(|c| c.is_ascii_digit()) && has_lost(&digits, &announced, personal) {
            let fix = text.replacen(token, &format!("0{token}"), 1);
            return Some(Slip::new(Doubt::LostZero, token, Some(fix)));
        }
        announced = super::fold::fold(token)
            .chars()
            .filter(|c| *c != '.')
            .collect();
    }
    None
}

fn has_lost(digits: &str, announced: &str, personal: bool) -> bool {
    let called = CALLS.contains(&announced);
    let phone = called && !announced.starts_with('c');
    match (digits.len(), digits.chars().next()) {
        (9, Some('5' | '7' | '8' | '9')) => phone || personal,
        (9, Some('3')) => phone,
        (11, Some('1'..='9')) => called || personal,
        _ => false,
    }
}

/// A number with one point and one or two digits behind it: read as a decimal, though the point parts thousands here.
#[must_use]
pub fn thousands(text: &str) -> Option<Slip> {
    let text = text.trim();
    let (whole, rest) = text.split_once('.')?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let close = (1..=2).contains(&rest.len()) && whole.len() <= 3 && !whole.starts_with('0');
    (digits(whole) && digits(rest) && close).then(|| Slip::new(Doubt::Thousands, text, None))
}

#[cfg(test)]
mod tests;
