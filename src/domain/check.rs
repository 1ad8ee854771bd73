//! Does a printed figure agree with what it was made of? Rates at their printed number of decimals, totals with parts.
mod lex;
mod prose;
mod rates;
mod totals;

pub use prose::check_text;

pub use super::figure::Qualifier;
use super::fold;
use super::number::{Dec, MAX_SCALE, Rounding, parse_dec, percent_dec, vi_dec};
use super::text::Problem;

/// What the check of a printed figure found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The printed figure is what the numbers give.
    Agrees,
    /// The digits were cut off where they should have been rounded.
    Truncated,
    /// The numbers give something else.
    Differs,
}

impl Verdict {
    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Truncated => "truncated",
            Verdict::Differs => "differs",
        }
    }
}

impl Qualifier {
    /// The qualifier that the folded words right before a number are; the longest that fits.
    fn from_words(words: &[&str]) -> Option<Qualifier> {
        if let [.., first, second] = words {
            let pair = match (*first, *second) {
                ("it", "nhat") | ("toi", "thieu") | ("khong", "duoi") => Some(Qualifier::AtLeast),
                ("toi", "da") | ("khong", "qua") => Some(Qualifier::AtMost),
                ("chua", "den" | "toi") => Some(Qualifier::Under),
                ("xap", "xi" | "xy") => Some(Qualifier::About),
                _ => None,
            };
            if pair.is_some() {
                return pair;
            }
        }
        match *words.last()? {
            "hon" | "tren" => Some(Qualifier::Over),
            "gan" => Some(Qualifier::Nearly),
            "khoang" => Some(Qualifier::About),
            "duoi" => Some(Qualifier::Under),
            _ => None,
        }
    }

    /// True if a count may be written so: «gần» and «khoảng» within `slack`, the others by their meaning.
    fn holds(self, actual: i128, printed: i128, slack: i128) -> bool {
        match self {
            Qualifier::Exact => actual == printed,
            Qualifier::Over | Qualifier::AtLeast => actual >= printed,
            Qualifier::Nearly => actual < printed && printed - actual <= slack,
            Qualifier::About => (actual - printed).abs() <= slack,
            Qualifier::AtMost => actual <= printed,
            Qualifier::Under => actual < printed,
        }
    }
}

/// A rate as it was printed: `97,23 %`, `gần 99`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedRate {
    /// Its number in percent, with the decimals as printed.
    pub value: Dec,
    /// The word before it.
    pub qualifier: Qualifier,
}

impl PrintedRate {
    /// Reads a rate: an optional word, a number with its decimals after a comma (or a point), an optional `%`.
    ///
    /// # Errors
    /// The rule, if there is no number or a word that is no qualifier.
    pub fn parse(s: &str) -> Result<PrintedRate, Problem> {
        let refused = || {
            Problem::new(
                format!(
                    "«{}» không phải là tỷ lệ: viết 97,23% hoặc gần 99%",
                    s.trim()
                ),
                format!("“{}” is no rate: write 97,23% or gần 99%", s.trim()),
            )
        };
        let folded = fold::fold(s.trim());
        let body = folded
            .trim_end_matches("phan tram")
            .trim_end_matches('%')
            .trim_end();
        let start = body
            .find(|c: char| c.is_ascii_digit())
            .ok_or_else(refused)?;
        let (before, digits) = body.split_at_checked(start).ok_or_else(refused)?;
        let words: Vec<&str> = before.split_whitespace().collect();
        let qualifier = if words.is_empty() {
            Qualifier::Exact
        } else {
            Qualifier::from_words(&words).ok_or_else(refused)?
        };
        let value = parse_rate_number(digits).ok_or_else(refused)?;
        Ok(PrintedRate { value, qualifier })
    }
}

/// Reads the number of a rate. Here `97.230` is 97.23 and not 97230: a point is a thousands sign only where the rate
/// would be over 100 % otherwise.
fn parse_rate_number(digits: &str) -> Option<Dec> {
    Dec::parse_ascii(digits)
        .ok()
        .filter(|d| *d <= Dec::from_int(100))
        .or_else(|| parse_dec(digits).ok())
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What was found.
    pub verdict: Verdict,
    /// What the numbers give, ASCII with a decimal point, at the printed number of decimals; `–` where nothing can be
    /// computed.
    pub computed: String,
}

impl Judged {
    /// The computed number as it is written here: `97,13`, `13.163`.
    pub fn computed_vi(&self) -> String {
        written_here(&self.computed)
    }
}

fn written_here(computed: &str) -> String {
    Dec::parse_ascii(computed).map_or_else(|_| computed.to_owned(), vi_dec)
}

/// How far «gần» and «khoảng» may be from a rate, in percentage points.
const NEAR_POINTS: i128 = 2;

/// Judges `num / den` against the printed rate, at its number of decimals, half up, on exact integers.
///
/// «gần X» is true below X and within two points of it, or if it rounds to X; «trên X» and «hơn X» if the rate is at
/// least X; «dưới X» if it is less. With `den` 0 nothing can be computed and the printed rate differs.
pub fn judge_rate(num: i64, den: i64, printed: &PrintedRate) -> Judged {
    let places = printed.value.scale();
    let Some(rounded) = percent_dec(num, den, places, Rounding::HalfUp) else {
        return Judged {
            verdict: Verdict::Differs,
            computed: "–".to_owned(),
        };
    };
    let rounds_to_it = rounded == printed.value;
    let verdict = match printed.qualifier {
        Qualifier::Exact if rounds_to_it => Verdict::Agrees,
        Qualifier::Exact => {
            let cut = percent_dec(num, den, places, Rounding::Truncate);
            if cut == Some(printed.value) {
                Verdict::Truncated
            } else {
                Verdict::Differs
            }
        }
        Qualifier::Nearly | Qualifier::About if rounds_to_it => Verdict::Agrees,
        qualifier => {
            // Compared without rounding: num·100·10^places against value·den, in one unit.
            let unit = 10_i128.pow(u32::from(places.min(MAX_SCALE)));
            let actual = i128::from(num) * 100 * unit * i128::from(den.signum());
            let wanted = i128::from(printed.value.units()) * i128::from(den).abs();
            let slack = NEAR_POINTS * unit * i128::from(den).abs();
            if qualifier.holds(actual, wanted, slack) {
                Verdict::Agrees
            } else {
                Verdict::Differs
            }
        }
    };
    Judged {
        verdict,
        computed: rounded.to_string(),
    }
}

/// Judges a total against the sum of its parts.
pub fn judge_sum(total: i64, parts: &[i64]) -> Judged {
    judge_qualified_sum(total, Qualifier::Exact, parts)
}

/// The same for a total with a word before it («hơn 1.000»): «gần» and «khoảng» within a twentieth.
pub fn judge_qualified_sum(total: i64, qualifier: Qualifier, parts: &[i64]) -> Judged {
    let sum: i128 = parts.iter().copied().map(i128::from).sum();
    let total = i128::from(total);
    let agrees = sum == total || qualifier.holds(sum, total, total.abs() / 20);
    Judged {
        verdict: if agrees {
            Verdict::Agrees
        } else {
            Verdict::Differs
        },
        computed: sum.to_string(),
    }
}

/// One figure of a text that could be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The words quoted, in one line.
    pub what: String,
    /// The figure as printed: `97,23%`, `13.163`.
    pub printed: String,
    /// What the numbers give, as [`Judged::computed`].
    pub computed: String,
    /// Whether they agree.
    pub verdict: Verdict,
    /// Where the quoted words begin in the text, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

impl Finding {
    /// The computed number as it is written here.
    pub fn computed_vi(&self) -> String {
        written_here(&self.computed)
    }
}

#[cfg(test)]
mod tests;
