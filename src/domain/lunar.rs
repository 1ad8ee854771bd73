//! Lunar dates of Vietnam by Hồ Ngọc Đức's algorithm (after Meeus, Astronomical Algorithms), for UTC+7. They propose
//! the days of Tết and Giỗ Tổ; what counts is the calendar that the office has confirmed.
use chrono::{Datelike, Days, NaiveDate};
use std::f64::consts::PI;

/// A day of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LunarDay {
    /// Lunar year, named by the civil year it mostly lies in.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// True in a leap month.
    pub leap: bool,
    /// Day, 1 to 30.
    pub day: u32,
}

/// Vietnam's hours before Greenwich; a calendar for UTC+8 is wrong in 2007, 2030 and 2053.
const ZONE: f64 = 7.0;
/// Mean length of a lunar month, in days.
const MONTH: f64 = 29.530_588_853;
/// Julian day of the first new moon that months are counted from (1/1/1900), with its fraction.
const FIRST: f64 = 2_415_021.076_998_695;
/// Julian day number of 31/12 of the year 1 BC, the day before chrono's day 1.
const JULIAN_CE: i64 = 1_721_425;

fn julian(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) + JULIAN_CE
}

fn civil(julian: i64) -> Option<NaiveDate> {
    let days = i32::try_from(julian - JULIAN_CE).ok()?;
    NaiveDate::from_num_days_from_ce_opt(days)
}

/// A whole number of days; the values here lie far inside the range.
#[allow(clippy::cast_possible_truncation)]
fn floor(x: f64) -> i64 {
    x.floor() as i64
}

/// Lunar months are counted in thousands, so nothing is lost.
#[allow(clippy::cast_precision_loss)]
fn float(n: i64) -> f64 {
    n as f64
}

/// Julian day in Vietnam on which the `k`-th new moon after 1/1/1900 falls.
fn new_moon(k: i64) -> i64 {
    let k = float(k);
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let rad = PI / 180.0;
    let mut at = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3;
    at += 0.000_33 * ((166.56 + 132.87 * t - 0.009_173 * t2) * rad).sin();
    let sun = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3;
    let moon = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3;
    let node = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3;
    let s = |x: f64| (x * rad).sin();
    let mut more = (0.1734 - 0.000_393 * t) * s(sun) + 0.0021 * s(2.0 * sun);
    more += -0.4068 * s(moon) + 0.0161 * s(2.0 * moon) - 0.0004 * s(3.0 * moon);
    more += 0.0104 * s(2.0 * node) - 0.0051 * s(sun + moon) - 0.0074 * s(sun - moon);
    more += 0.0004 * s(2.0 * node + sun) - 0.0004 * s(2.0 * node - sun);
    more += -0.0006 * s(2.0 * node + moon) + 0.0010 * s(2.0 * node - moon);
    more += 0.0005 * s(2.0 * moon + sun);
    let delta = if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t3 - 0.000_000_081 * t * t3
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    };
    floor(at + more - delta + 0.5 + ZONE / 24.0)
}

/// Which of the twelve arcs of 30° the sun stands in at midnight in Vietnam that begins the Julian day.
fn sun_arc(day: i64) -> i64 {
    let t = (float(day) - 2_451_545.5 - ZONE / 24.0) / 36525.0;
    let t2 = t * t;
    let rad = PI / 180.0;
    let mean = 357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2;
    let base = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let mut more = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * (rad * mean).sin();
    more += (0.019_993 - 0.000_101 * t) * (rad * 2.0 * mean).sin();
    more += 0.000_290 * (rad * 3.0 * mean).sin();
    floor((base + more).rem_euclid(360.0) / 30.0)
}

/// The last new moon on or before a Julian day, by its count.
fn month_of(day: i64) -> i64 {
    let mut k = floor((float(day) - FIRST) / MONTH) + 1;
    // One step back is not always enough: without the loop 7/5/2054 would be day 0.
    while new_moon(k) > day {
        k -= 1;
    }
    k
}

/// Count of the eleventh month of the lunar year that ends in a civil year: the month with the winter solstice.
fn eleventh(year: i32) -> Option<i64> {
    let last = julian(NaiveDate::from_ymd_opt(year, 12, 31)?);
    let k = month_of(last);
    // At the solstice the sun enters arc 9.
    Some(if sun_arc(new_moon(k)) >= 9 { k - 1 } else { k })
}

/// How many months after the eleventh the leap month is: the first without a change of the sun's arc.
fn leap_after(eleventh: i64) -> i64 {
    let arc = |i: i64| sun_arc(new_moon(eleventh + i));
    (1..14).find(|i| arc(*i) == arc(*i + 1)).unwrap_or(0)
}

/// The lunar date of a day.
#[must_use]
pub fn lunar(date: NaiveDate) -> Option<LunarDay> {
    let day = julian(date);
    let month = month_of(day);
    let mut year = date.year();
    let mut start = eleventh(year)?;
    if month < start {
        start = eleventh(year - 1)?;
    } else {
        year += 1;
    }
    let next = eleventh(year)?;
    let mut since = month - start;
    let mut leap = false;
    if next - start > 12 {
        let at = leap_after(start);
        if since >= at {
            leap = since == at;
            since -= 1;
        }
    }
    // The eleventh and twelfth months still belong to the year before.
    let number = (since + 10).rem_euclid(12) + 1;
    Some(LunarDay {
        year: if since < 2 { year - 1 } else { year },
        month: u32::try_from(number).ok()?,
        leap,
        day: u32::try_from(day - new_moon(month) + 1).ok()?,
    })
}

/// The civil day of a day of a lunar month (not the leap one) of a lunar year.
#[must_use]
pub fn solar(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    let of_year = if month >= 11 { year } else { year - 1 };
    let start = eleventh(of_year)?;
    let mut since = (i64::from(month) - 11).rem_euclid(12);
    if eleventh(of_year + 1)? - start > 12 && since >= leap_after(start) {
        since += 1;
    }
    let first = new_moon(start + since);
    let last = new_moon(start + since + 1) - first;
    (i64::from(day) <= last).then(|| civil(first + i64::from(day) - 1))?
}

/// The first day of Tết.
#[must_use]
pub fn tet(year: i32) -> Option<NaiveDate> {
    solar(year, 1, 1)
}

/// Giỗ Tổ Hùng Vương, the tenth of the third lunar month.
#[must_use]
pub fn hung_kings(year: i32) -> Option<NaiveDate> {
    solar(year, 3, 10)
}

/// The last day of the lunar year before.
#[must_use]
pub fn tet_eve(year: i32) -> Option<NaiveDate> {
    tet(year)?.checked_sub_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::testdata;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn feasts_of_known_years() {
        // 1985, 2007 and 2030 differ from China's calendar.
        for (year, first) in [
            (1985, day(1985, 1, 21)),
            (2007, day(2007, 2, 17)),
            (2024, day(2024, 2, 10)),
            (2026, day(2026, 2, 17)),
            (2030, day(2030, 2, 2)),
        ] {
            assert_eq!(tet(year), Some(first));
        }
        assert_eq!(hung_kings(2026), Some(day(2026, 4, 26)));
        assert_eq!(hung_kings(2030), Some(day(2030, 4, 12)));
        assert_eq!(tet_eve(2027), Some(day(2027, 2, 5)));
    }

    #[test]
    fn feasts_of_the_shared_table() {
        for row in testdata::table("tet_dates.tsv") {
            let [year, feast, date, .., agree, _] = &row[..] else {
                continue;
            };
            if agree != "yes" {
                continue;
            }
            let year: i32 = year.parse().unwrap();
            let found = if feast.starts_with("Tết") {
                tet(year)
            } else {
                hung_kings(year)
            };
            assert_eq!(
                found.map(|d| d.to_string()).as_ref(),
                Some(date),
                "{feast} {year}"
            );
        }
    }

    #[test]
    fn every_day_of_two_centuries_goes_there_and_back() {
        let mut before: Option<LunarDay> = None;
        for date in day(1900, 2, 1).iter_days().take_while(|d| d.year() < 2100) {
            let now = lunar(date).unwrap();
            assert!((1..=30).contains(&now.day), "{date}: {now:?}");
            if let Some(last) = before {
                assert!(
                    now.day == last.day + 1 || (now.day == 1 && last.day >= 29),
                    "{date}"
                );
            }
            if !now.leap {
                assert_eq!(solar(now.year, now.month, now.day), Some(date), "{now:?}");
            }
            before = Some(now);
        }
    }

    #[test]
    fn leap_months_and_days_that_are_not_there() {
        let leap = lunar(day(2025, 8, 1)).unwrap();
        assert_eq!((leap.month, leap.leap), (6, true));
        assert_eq!(lunar(day(2054, 5, 7)).unwrap().day, 30);
        assert_eq!(solar(2026, 13, 1), None);
        assert_eq!(solar(2026, 1, 31), None);
    }
}
