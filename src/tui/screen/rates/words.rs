//! Rates as words: the percentage, and the difference of two in points.

use crate::domain::number::{Dec, Rounding, percent_dec, vi_dec, vi_percent};

/// `97,13%`; `–` where there is nothing to divide by.
pub fn percent(num: i64, den: i64) -> String {
    vi_percent(num, den)
}

/// A rate as printed, without the sign: 97,13; none where there is nothing to divide by.
pub fn rate((num, den): (i64, i64)) -> Option<Dec> {
    percent_dec(num, den, 2, Rounding::HalfUp)
}

/// How many points the first rate lies above the second; none where one of them cannot be.
pub fn apart(now: (i64, i64), before: (i64, i64)) -> Option<Dec> {
    // Of the rates as printed, so that the three numbers on the line agree.
    Dec::new(rate(now)?.units().checked_sub(rate(before)?.units())?, 2)
}

/// The same as printed: `+1,23`, `−4,05`, `0,00`.
pub fn points(now: (i64, i64), before: (i64, i64)) -> Option<String> {
    let units = apart(now, before)?.units();
    let sign = match units {
        1.. => "+",
        0 => "",
        _ => "−",
    };
    Some(format!(
        "{sign}{}",
        vi_dec(Dec::new(units.checked_abs()?, 2)?)
    ))
}

/// A label inside a sentence: its first letter small, abbreviations as they are.
pub fn inside(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// A label at the head of a column or a line: its first letter large.
pub fn heading(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_keeps_its_abbreviations() {
        assert_eq!(inside("Phải GQ"), "phải GQ");
        assert_eq!(heading("đơn vị"), "Đơn vị");
        assert_eq!(inside(""), "");
    }

    #[test]
    fn points_are_those_of_the_printed_rates() {
        assert_eq!(points((8_328, 8_574), (95, 100)).as_deref(), Some("+2,13"));
        assert_eq!(points((1, 2), (2, 3)).as_deref(), Some("−16,67"));
        assert_eq!(points((1, 2), (2, 4)).as_deref(), Some("0,00"));
        assert_eq!(points((0, 0), (1, 2)), None);
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(17, 21), "80,95%");
    }
}
