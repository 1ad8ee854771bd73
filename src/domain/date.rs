//! Dates as people type them and as they are shown. The clock is not read here: `today` is given.
use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::fold::fold;
use super::text::Problem;

/// Why a date was refused.
pub type DateProblem = Problem;

/// The first year a date may have.
pub const FIRST_YEAR: i32 = 1900;
/// The last year a date may have.
pub const LAST_YEAR: i32 = 2200;

fn unreadable(s: &str) -> DateProblem {
    Problem::new(
        format!("«{s}» không phải là ngày: viết 14/03/2025, 14/3, 14, +10, t6 hoặc hn"),
        format!("“{s}” is no date: write 14/03/2025, 14/3, 14, +10, t6 or hn"),
    )
}

fn impossible(day: u32, month: u32, year: i32) -> DateProblem {
    match NaiveDate::from_ymd_opt(year, month, 1).map(|first| u32::from(first.num_days_in_month()))
    {
        Some(last) => Problem::new(
            format!(
                "không có ngày {day:02}/{month:02}/{year}: tháng {month}/{year} có {last} ngày"
            ),
            format!("there is no {day:02}/{month:02}/{year}: that month has {last} days"),
        ),
        None => Problem::new(
            format!("không có tháng {month}: tháng từ 1 đến 12"),
            format!("there is no month {month}: months go from 1 to 12"),
        ),
    }
}

fn out_of_range() -> DateProblem {
    Problem::new(
        format!("năm phải từ {FIRST_YEAR} đến {LAST_YEAR}"),
        format!("the year must be from {FIRST_YEAR} to {LAST_YEAR}"),
    )
}

fn build(day: u32, month: u32, year: i32) -> Result<NaiveDate, DateProblem> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(out_of_range());
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| impossible(day, month, year))
}

/// A year of two digits: 00–69 is 20xx, 70–99 is 19xx.
fn year_of(digits: &str) -> Option<i32> {
    let n: i32 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(n),
        2 if n < 70 => Some(2000 + n),
        2 => Some(1900 + n),
        _ => None,
    }
}

fn digits(s: &str, longest: usize) -> Option<u32> {
    let fits = !s.is_empty() && s.len() <= longest && s.bytes().all(|b| b.is_ascii_digit());
    if fits { s.parse().ok() } else { None }
}

/// `+10`, `-1`: calendar days from today.
fn relative(s: &str, today: NaiveDate) -> Option<Result<NaiveDate, DateProblem>> {
    let (back, number) = match (s.strip_prefix('+'), s.strip_prefix('-')) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return None,
    };
    let days = Days::new(u64::from(digits(number, 5)?));
    let moved = if back {
        today.checked_sub_days(days)
    } else {
        today.checked_add_days(days)
    };
    Some(
        moved
            .filter(|d| (FIRST_YEAR..=LAST_YEAR).contains(&d.year()))
            .ok_or_else(out_of_range),
    )
}

fn weekday_of(folded: &str) -> Option<Weekday> {
    Some(match folded {
        "t2" => Weekday::Mon,
        "t3" => Weekday::Tue,
        "t4" => Weekday::Wed,
        "t5" => Weekday::Thu,
        "t6" => Weekday::Fri,
        "t7" => Weekday::Sat,
        "cn" => Weekday::Sun,
        _ => return None,
    })
}

/// The next such weekday strictly after today.
fn next_weekday(day: Weekday, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    today
        .iter_days()
        .skip(1)
        .take(7)
        .find(|d| d.weekday() == day)
        .ok_or_else(out_of_range)
}

/// `1403`, `140325`, `14032025`, `14`: digits alone.
fn run_of_digits(s: &str, today: NaiveDate) -> Option<Result<NaiveDate, DateProblem>> {
    if !s.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| s.get(from..to).and_then(|p| digits(p, 2));
    let year = |from: usize| s.get(from..).and_then(year_of);
    digits(s, 8)?;
    Some(match s.len() {
        1 | 2 => build(digits(s, 2)?, today.month(), today.year()),
        4 => build(part(0, 2)?, part(2, 4)?, today.year()),
        6 => build(part(0, 2)?, part(2, 4)?, year(4)?),
        8 => build(part(0, 2)?, part(2, 4)?, year(4)?),
        _ => return None,
    })
}

/// `14/3`, `14/3/25`, `14-3-2025`, `14.3.2025`, `2025-03-14`: numbers with one kind of sign between them.
fn with_signs(s: &str, today: NaiveDate) -> Option<Result<NaiveDate, DateProblem>> {
    let sign = s.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let parts: Vec<&str> = s.split(sign).collect();
    match parts.as_slice() {
        [day, month] => Some(build(digits(day, 2)?, digits(month, 2)?, today.year())),
        [year, month, day] if year.len() == 4 => {
            digits(year, 4)?;
            Some(build(digits(day, 2)?, digits(month, 2)?, year_of(year)?))
        }
        [day, month, year] => {
            digits(year, 4)?;
            Some(build(digits(day, 2)?, digits(month, 2)?, year_of(year)?))
        }
        _ => None,
    }
}

/// Reads a date in every form that a form field takes: `2025-03-14` `14/03/2025` `14` (this month) `14/3` (this year)
/// `1403` `14032025` `14/3/25` `14.3.2025` `14-3-2025` `+10` `-1` (calendar days from today) `hn` (today)
/// `t2`…`t7` `cn` (the next such weekday after today).
///
/// # Errors
/// The rule, for a date that does not exist, a year outside 1900–2200 or a text that is no date.
pub fn parse(s: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    let typed: String = fold(s).chars().filter(|c| !c.is_whitespace()).collect();
    if typed == "hn" || typed == "homnay" {
        return Ok(today);
    }
    if let Some(day) = weekday_of(&typed) {
        return next_weekday(day, today);
    }
    relative(&typed, today)
        .or_else(|| run_of_digits(&typed, today))
        .or_else(|| with_signs(&typed, today))
        .unwrap_or_else(|| Err(unreadable(s.trim())))
}

/// `14/03/2025`
pub fn vi(d: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", d.day(), d.month(), d.year())
}

/// `2025-03-14`, as files and columns hold a day.
pub fn iso(d: NaiveDate) -> String {
    let (Ok(year @ 0..=9999), month, day) = (u32::try_from(d.year()), d.month(), d.day()) else {
        return d.to_string();
    };
    let digit = |n: u32| {
        b"0123456789"
            .get((n % 10) as usize)
            .copied()
            .unwrap_or(b'0')
    };
    let [a, b, c, e] = [year / 1000, year / 100, year / 10, year].map(digit);
    let [f, g, h, i] = [month / 10, month, day / 10, day].map(digit);
    String::from_utf8(vec![a, b, c, e, b'-', f, g, b'-', h, i]).unwrap_or_default()
}

/// `14/03`, with the year only where it is not the one of today.
pub fn vi_short(d: NaiveDate, today: NaiveDate) -> String {
    if d.year() == today.year() {
        format!("{:02}/{:02}", d.day(), d.month())
    } else {
        vi(d)
    }
}

/// `thứ Hai` … `Chủ nhật`
pub fn weekday_vi(d: NaiveDate) -> &'static str {
    match d.weekday() {
        Weekday::Mon => "thứ Hai",
        Weekday::Tue => "thứ Ba",
        Weekday::Wed => "thứ Tư",
        Weekday::Thu => "thứ Năm",
        Weekday::Fri => "thứ Sáu",
        Weekday::Sat => "thứ Bảy",
        Weekday::Sun => "Chủ nhật",
    }
}

/// `Monday` … `Sunday`
pub fn weekday_en(d: NaiveDate) -> &'static str {
    match d.weekday() {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// `14/03/2025 thứ Sáu`: how a form echoes what was typed.
pub fn long_vi(d: NaiveDate) -> String {
    format!("{} {}", vi(d), weekday_vi(d))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_form() {
        let today = day(2025, 3, 12);
        let want = Ok(day(2025, 3, 14));
        for form in [
            "2025-03-14",
            "2025-3-14",
            "2025/3/14",
            "14/03/2025",
            "14/3/2025",
            "14",
            "14/3",
            "1403",
            "14/3/25",
            "14.3.2025",
            "14.3.25",
            "14-3-2025",
            "14032025",
            "140325",
            "+2",
            " 14 / 3 ",
            "t6",
            "T6",
            "14-3",
        ] {
            assert_eq!(parse(form, today), want, "{form}");
        }
        assert_eq!(parse("-1", today), Ok(day(2025, 3, 11)));
        assert_eq!(parse("+0", today), Ok(today));
        assert_eq!(parse("hn", today), Ok(today));
        assert_eq!(parse("Hôm nay", today), Ok(today));
        assert_eq!(
            parse(&"hôm nay".nfd().collect::<String>(), today),
            Ok(today)
        );
        // 12/03/2025 is a Wednesday: the same weekday means a week later.
        assert_eq!(parse("t4", today), Ok(day(2025, 3, 19)));
        assert_eq!(parse("t2", today), Ok(day(2025, 3, 17)));
        assert_eq!(parse("cn", today), Ok(day(2025, 3, 16)));
        assert_eq!(parse("5", today), Ok(day(2025, 3, 5)));
        assert_eq!(parse("1/1/69", today), Ok(day(2069, 1, 1)));
        assert_eq!(parse("1/1/70", today), Ok(day(1970, 1, 1)));
    }

    #[test]
    fn refused_with_the_rule() {
        let today = day(2025, 2, 12);
        for bad in [
            "31/02",
            "31/02/2025",
            "29/2/2025",
            "30",
            "32",
            "0",
            "0/1",
            "1/13",
            "1/1/1899",
            "1/1/2201",
            "143",
            "14/3/",
            "14/3/205",
            "abc",
            "",
            "+",
            "--1",
            "+99999",
            "20250314",
            "14/3-2025",
            "t8",
            "1/2/3/4",
            "2025-02-30",
            "+1,5",
            "１４/３",
            "14/3/20255",
        ] {
            assert!(parse(bad, today).is_err(), "{bad}");
        }
        let problem = parse("31/02/2025", today).unwrap_err();
        assert_eq!(
            problem.vi,
            "không có ngày 31/02/2025: tháng 2/2025 có 28 ngày"
        );
        assert!(parse("1/13", today).unwrap_err().vi.contains("từ 1 đến 12"));
        assert_eq!(parse("29/2/2024", today), Ok(day(2024, 2, 29)));
    }

    #[test]
    fn shown() {
        let d = day(2025, 3, 14);
        assert_eq!(long_vi(d), "14/03/2025 thứ Sáu");
        assert_eq!(vi_short(d, day(2025, 12, 31)), "14/03");
        assert_eq!(vi_short(d, day(2026, 1, 1)), "14/03/2025");
        assert_eq!(weekday_vi(day(2025, 3, 16)), "Chủ nhật");
        assert_eq!(weekday_en(d), "Friday");
    }

    proptest! {
        #[test]
        fn dates_read_back(offset in 0_u64..109_000, now in 0_u64..109_000) {
            let first = day(FIRST_YEAR, 1, 1);
            let d = first + Days::new(offset);
            let today = first + Days::new(now);
            prop_assert_eq!(parse(&vi(d), today), Ok(d));
            prop_assert_eq!(parse(&vi_short(d, today), today), Ok(d));
            prop_assert_eq!(parse(&d.format("%Y-%m-%d").to_string(), today), Ok(d));
            prop_assert_eq!(parse(&d.format("%d%m%Y").to_string(), today), Ok(d));
        }

        #[test]
        fn anything_is_answered(s in "[-+0-9/.tcn ]{0,12}|\\PC{0,8}") {
            let _ = parse(&s, day(2026, 11, 21));
        }
    }
}
