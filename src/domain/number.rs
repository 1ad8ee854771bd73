//! Numbers as Vietnamese write them (`1.350` is 1350, `163,4` has a decimal), exact decimals, exact percentages.
use std::cmp::Ordering;
use std::fmt;

use super::text::Problem;

/// Why a number was refused.
pub type NumberProblem = Problem;

/// Most digits after the decimal sign; more are refused rather than rounded.
pub const MAX_SCALE: u8 = 9;

/// An exact decimal number: `units` divided by 10 to the power `scale`. Equal by value: 1,50 = 1,5.
#[derive(Debug, Clone, Copy)]
pub struct Dec {
    units: i64,
    scale: u8,
}

fn pow10(n: u8) -> i128 {
    10_i128.pow(u32::from(n))
}

impl Dec {
    /// A decimal of so many units of the last place. `None` if the scale is above [`MAX_SCALE`].
    pub fn new(units: i64, scale: u8) -> Option<Dec> {
        (scale <= MAX_SCALE).then_some(Dec { units, scale })
    }

    /// A whole number.
    pub fn from_int(value: i64) -> Dec {
        Dec {
            units: value,
            scale: 0,
        }
    }

    /// Units of the last place.
    pub fn units(self) -> i64 {
        self.units
    }

    /// Digits after the decimal sign, as written.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The whole number, if it is one.
    pub fn to_int(self) -> Option<i64> {
        let wide = i128::from(self.units);
        let unit = pow10(self.scale);
        if wide % unit == 0 {
            i64::try_from(wide / unit).ok()
        } else {
            None
        }
    }

    /// The nearest floating number, for drawing only.
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10_f64.powi(i32::from(self.scale))
    }

    /// Reads `163.4`, `-5`, `1350`: digits with at most one decimal point, as in JSON and files.
    ///
    /// # Errors
    /// The rule, if it is anything else or too large.
    pub fn parse_ascii(s: &str) -> Result<Dec, NumberProblem> {
        let (negative, digits) = split_sign(s.trim());
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if digits.ends_with('.') {
            return Err(not_a_number(s));
        }
        assemble(s, negative, whole, fraction)
    }

    fn compare_key(self, other: Dec) -> (i128, i128) {
        (
            i128::from(self.units) * pow10(other.scale),
            i128::from(other.units) * pow10(self.scale),
        )
    }
}

impl PartialEq for Dec {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Dec {}

impl PartialOrd for Dec {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dec {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = self.compare_key(*other);
        a.cmp(&b)
    }
}

/// ASCII with a decimal point, every place as written: `163.4`.
impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, fraction) = self.pieces();
        f.write_str(sign)?;
        write!(f, "{whole}")?;
        if fraction.is_empty() {
            Ok(())
        } else {
            write!(f, ".{fraction}")
        }
    }
}

impl Dec {
    fn pieces(self) -> (&'static str, u128, String) {
        let sign = if self.units < 0 { "-" } else { "" };
        let size = u128::from(self.units.unsigned_abs());
        let unit = pow10(self.scale).unsigned_abs();
        let fraction = if self.scale == 0 {
            String::new()
        } else {
            format!("{:0width$}", size % unit, width = usize::from(self.scale))
        };
        (sign, size / unit, fraction)
    }
}

fn split_sign(s: &str) -> (bool, &str) {
    match s.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, s.strip_prefix('+').unwrap_or(s)),
    }
}

fn not_a_number(s: &str) -> NumberProblem {
    Problem::new(
        format!("«{s}» không phải là số: viết 1350 hay 1.350, số lẻ viết 163,4"),
        format!("“{s}” is no number: write 1350 or 1.350, decimals as 163,4"),
    )
}

fn too_large(s: &str) -> NumberProblem {
    Problem::new(
        format!("«{s}» quá lớn hoặc có quá {MAX_SCALE} chữ số lẻ"),
        format!("“{s}” is too large or has more than {MAX_SCALE} decimals"),
    )
}

fn all_digits(s: &str) -> bool {
    !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())
}

fn assemble(s: &str, negative: bool, whole: &str, fraction: &str) -> Result<Dec, NumberProblem> {
    if !all_digits(whole) || !(fraction.is_empty() || all_digits(fraction)) {
        return Err(not_a_number(s));
    }
    let scale = u8::try_from(fraction.len())
        .ok()
        .filter(|n| *n <= MAX_SCALE)
        .ok_or_else(|| too_large(s))?;
    let sign = if negative { "-" } else { "" };
    // Parsed with its sign, so that the smallest number reads back too.
    let units = format!("{sign}{whole}{fraction}")
        .parse()
        .map_err(|_| too_large(s))?;
    Ok(Dec { units, scale })
}

/// Digits in groups of three (`1.234.567`), the groups taken out. A number does not begin with 0 when it has groups.
fn ungroup(s: &str) -> Option<String> {
    let mut groups = s.split('.');
    let first = groups.next()?;
    let mut out = String::with_capacity(s.len());
    let first_fits = all_digits(first) && first.len() <= 3 && !first.starts_with('0');
    out.push_str(first);
    let mut count = 0;
    for group in groups {
        if !all_digits(group) || group.len() != 3 {
            return None;
        }
        out.push_str(group);
        count += 1;
    }
    (count > 0 && first_fits).then_some(out)
}

/// Reads a number with or without decimals: `1.350` is 1350, `163,4` and `163.4` are 163.4, `1.234.567,89`, `-5`, `02`.
/// One point followed by exactly three digits is a thousands sign, as people write it here.
///
/// # Errors
/// The rule, if the signs do not fit or the number is too large.
pub fn parse_dec(s: &str) -> Result<Dec, NumberProblem> {
    let text = s.trim();
    let (negative, digits) = split_sign(text);
    if let Some((whole, fraction)) = digits.split_once(',') {
        if fraction.is_empty() {
            return Err(not_a_number(text));
        }
        let whole = ungroup(whole).unwrap_or_else(|| whole.to_owned());
        return assemble(text, negative, &whole, fraction);
    }
    if let Some(whole) = ungroup(digits) {
        return assemble(text, negative, &whole, "");
    }
    match digits.split_once('.') {
        Some((_, "")) => Err(not_a_number(text)),
        Some((whole, fraction)) => assemble(text, negative, whole, fraction),
        None => assemble(text, negative, digits, ""),
    }
}

/// Reads a whole number: `1.350` and `1350` are 1350, `02` is 2.
///
/// # Errors
/// The rule, if it is no whole number or too large.
pub fn parse_int(s: &str) -> Result<i64, NumberProblem> {
    let number = parse_dec(s)?;
    if number.scale == 0 {
        return Ok(number.units);
    }
    let text = s.trim();
    Err(Problem::new(
        format!("«{text}» phải là số nguyên, như 1350 hay 1.350"),
        format!("“{text}” must be a whole number such as 1350 or 1.350"),
    ))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// A whole number as written here: `8.328`.
pub fn vi_int(value: i64) -> String {
    vi_dec(Dec::from_int(value))
}

/// A decimal as written here, every place as given: `1.234.567,89`.
pub fn vi_dec(value: Dec) -> String {
    let (sign, whole, fraction) = value.pieces();
    let whole = grouped(&whole.to_string());
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole},{fraction}")
    }
}

/// What happens to the places that are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Half and more goes up (away from zero).
    HalfUp,
    /// Cut off.
    Truncate,
}

/// `num / den` in percent to so many places, on exact integers. `None` if `den` is 0 or the result does not fit.
pub fn percent_dec(num: i64, den: i64, places: u8, round: Rounding) -> Option<Dec> {
    if den == 0 || places > MAX_SCALE {
        return None;
    }
    let top = i128::from(num).unsigned_abs() * 100 * pow10(places).unsigned_abs();
    let bottom = i128::from(den).unsigned_abs();
    let half = match round {
        Rounding::HalfUp => u128::from(top % bottom * 2 >= bottom),
        Rounding::Truncate => 0,
    };
    let size = i64::try_from(top / bottom + half).ok()?;
    let units = if (num < 0) == (den < 0) { size } else { -size };
    Some(Dec {
        units,
        scale: places,
    })
}

/// As [`percent_dec`], in ASCII with a decimal point.
pub fn percent_places(num: i64, den: i64, places: u8, round: Rounding) -> Option<String> {
    percent_dec(num, den, places, round).map(|d| d.to_string())
}

/// `num / den` in percent, two decimals, half up: `97.13`. `None` if `den` is 0.
pub fn percent(num: i64, den: i64) -> Option<String> {
    percent_places(num, den, 2, Rounding::HalfUp)
}

/// The same for the screen: `97,13%`, or `–` where there is nothing to divide by.
pub fn vi_percent(num: i64, den: i64) -> String {
    percent_dec(num, den, 2, Rounding::HalfUp)
        .map_or_else(|| "–".to_owned(), |d| format!("{}%", vi_dec(d)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn dec(s: &str) -> String {
        parse_dec(s).unwrap().to_string()
    }

    #[test]
    fn as_written_here() {
        assert_eq!(parse_int("1.350"), Ok(1350));
        assert_eq!(parse_int("8.328"), Ok(8328));
        assert_eq!(parse_int(" 02 "), Ok(2));
        assert_eq!(parse_int("-5"), Ok(-5));
        assert_eq!(parse_int("1350"), Ok(1350));
        assert_eq!(parse_int("1.234.567"), Ok(1_234_567));
        assert_eq!(dec("163,4"), "163.4");
        assert_eq!(dec("163.4"), "163.4");
        assert_eq!(dec("1.234.567,89"), "1234567.89");
        assert_eq!(dec("1,350"), "1.350");
        assert_eq!(parse_dec("1,350"), Ok(Dec::new(135, 2).unwrap()));
        assert_eq!(dec("1.350"), "1350");
        assert_eq!(dec("0.350"), "0.350");
        assert_eq!(dec("-0,5"), "-0.5");
        assert_eq!(dec("97,23"), "97.23");
    }

    #[test]
    fn refused_with_the_rule() {
        for bad in [
            "",
            "-",
            "a",
            "1,2,3",
            "1.23.456",
            "1.2345.678",
            "1,",
            "1.",
            ",5",
            ".5",
            "1 350",
            "12a",
            "1,234.5",
            "99999999999999999999",
            "1,0123456789",
            "--5",
            "+-5",
            "１２",
        ] {
            assert!(parse_dec(bad).is_err(), "{bad}");
        }
        for bad in ["163,4", "1.35", "5,0", "1e3"] {
            assert!(parse_int(bad).is_err(), "{bad}");
        }
        assert!(parse_int("163,4").unwrap_err().vi.contains("số nguyên"));
        assert!(Dec::parse_ascii("1.350,2").is_err());
        assert!(Dec::parse_ascii("5.").is_err());
        assert_eq!(Dec::parse_ascii("1.350").unwrap().to_string(), "1.350");
    }

    #[test]
    fn by_value() {
        assert_eq!(
            Dec::parse_ascii("1.50").unwrap(),
            Dec::parse_ascii("1.5").unwrap()
        );
        assert!(Dec::parse_ascii("-2").unwrap() < Dec::parse_ascii("-1.99").unwrap());
        assert_eq!(Dec::parse_ascii("12.0").unwrap().to_int(), Some(12));
        assert_eq!(Dec::parse_ascii("12.1").unwrap().to_int(), None);
        assert!((Dec::parse_ascii("163.4").unwrap().to_f64() - 163.4).abs() < 1e-9);
    }

    #[test]
    fn percentages() {
        assert_eq!(percent(8328, 8574).as_deref(), Some("97.13"));
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 5).as_deref(), Some("0.00"));
        assert_eq!(percent(3393, 3393).as_deref(), Some("100.00"));
        assert_eq!(percent(1, 3).as_deref(), Some("33.33"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.67"));
        assert_eq!(percent(1, 200).as_deref(), Some("0.50"));
        assert_eq!(percent(1, 20000).as_deref(), Some("0.01"));
        assert_eq!(
            percent_places(242, 258, 1, Rounding::HalfUp).as_deref(),
            Some("93.8")
        );
        assert_eq!(
            percent_places(242, 258, 1, Rounding::Truncate).as_deref(),
            Some("93.7")
        );
        assert_eq!(
            percent_places(2521, 2554, 0, Rounding::HalfUp).as_deref(),
            Some("99")
        );
        assert_eq!(vi_percent(8328, 8574), "97,13%");
        assert_eq!(vi_percent(12345, 10), "123.450,00%");
        assert_eq!(vi_percent(1, 0), "–");
        assert_eq!(percent(i64::MAX, 1), None);
        assert_eq!(vi_int(-1_234_567), "-1.234.567");
        assert_eq!(vi_int(8328), "8.328");
        assert_eq!(vi_int(377), "377");
        assert_eq!(vi_int(i64::MIN), "-9.223.372.036.854.775.808");
    }

    proptest! {
        #[test]
        fn integers_read_back(n in any::<i64>()) {
            prop_assert_eq!(parse_int(&vi_int(n)), Ok(n));
            prop_assert_eq!(parse_int(&n.to_string()), Ok(n));
        }

        #[test]
        fn decimals_read_back(units in any::<i64>(), scale in 0..=MAX_SCALE) {
            let d = Dec::new(units, scale).unwrap();
            prop_assert_eq!(Dec::parse_ascii(&d.to_string()), Ok(d));
            prop_assert_eq!(parse_dec(&vi_dec(d)), Ok(d));
        }

        #[test]
        fn percent_is_nearest(num in 0_i64..1_000_000, den in 1_i64..1_000_000) {
            let shown = percent_dec(num, den, 2, Rounding::HalfUp).unwrap();
            // |units/10000 - num/den| <= 1/20000
            let off = i128::from(shown.units()) * i128::from(den) - i128::from(num) * 10_000;
            prop_assert!(off.abs() * 2 <= i128::from(den));
            let cut = percent_dec(num, den, 2, Rounding::Truncate).unwrap();
            prop_assert!(cut <= shown);
        }

        #[test]
        fn anything_is_answered(s in "[-+0-9.,a ]{0,14}") {
            let _ = parse_int(&s);
            let _ = parse_dec(&s);
        }
    }
}
