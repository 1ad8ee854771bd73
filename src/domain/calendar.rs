//! Working days: Monday to Friday, without the holidays and the days off, with the Saturdays worked instead.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// What a day of the calendar is, where it is not as its weekday says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// A public holiday (Labour Code 2019, article 112).
    Holiday,
    /// A day off in place of another day.
    DayOff,
    /// A weekend day worked in place of a day off.
    Working,
}

impl DayKind {
    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            DayKind::Holiday => "holiday",
            DayKind::DayOff => "day_off",
            DayKind::Working => "working",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<DayKind> {
        [DayKind::Holiday, DayKind::DayOff, DayKind::Working]
            .into_iter()
            .find(|k| k.code() == code)
    }
}

/// One row of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// Its name, as people know it.
    pub name: String,
    /// False while the yearly decision has not been checked by the office.
    pub confirmed: bool,
}

/// Why nobody works on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off<'a> {
    /// Saturday or Sunday.
    Weekend,
    /// A holiday or a day off, by its name.
    Named(&'a str),
}

/// The days that are not as their weekday says, and the years whose calendar the office has confirmed.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, CalendarDay>,
    known_years: BTreeSet<i32>,
}

/// How far a search for a working day goes before it gives up: a calendar that closes a year is a mistake.
const SEARCH_LIMIT: usize = 366;

fn weekend(d: NaiveDate) -> bool {
    matches!(d.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Goes from day to day until `n` of them were working days; `named` are the days that the calendar knows of on the way.
fn walk<'a>(
    mut at: NaiveDate,
    n: i64,
    named: impl Iterator<Item = (&'a NaiveDate, &'a CalendarDay)>,
) -> NaiveDate {
    let mut named = named.peekable();
    let (step, mut left, mut idle) = (n.signum(), n.unsigned_abs(), 0);
    while left > 0 && idle < SEARCH_LIMIT {
        let Some(next) = shift(at, step) else {
            return at;
        };
        at = next;
        let off = match named.next_if(|(day, _)| **day == at) {
            Some((_, day)) => day.kind != DayKind::Working,
            None => weekend(at),
        };
        if off {
            idle += 1;
        } else {
            left -= 1;
            idle = 0;
        }
    }
    at
}

fn shift(d: NaiveDate, days: i64) -> Option<NaiveDate> {
    let size = Days::new(days.unsigned_abs());
    if days < 0 {
        d.checked_sub_days(size)
    } else {
        d.checked_add_days(size)
    }
}

/// Mondays to Fridays from a fixed Monday up to and with `d`.
fn weekdays_until(d: NaiveDate) -> i64 {
    // 0001-01-01 is a Monday and day 1 of the common era.
    let days = i64::from(d.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

impl Calendar {
    /// A calendar of these days; `known_years` are the years that are confirmed.
    pub fn new(
        days: impl IntoIterator<Item = CalendarDay>,
        known_years: impl IntoIterator<Item = i32>,
    ) -> Calendar {
        Calendar {
            days: days.into_iter().map(|d| (d.date, d)).collect(),
            known_years: known_years.into_iter().collect(),
        }
    }

    /// The row of a day, if it has one.
    pub fn day(&self, date: NaiveDate) -> Option<&CalendarDay> {
        self.days.get(&date)
    }

    /// True if offices work on that day.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.why_off(date).is_none()
    }

    /// Why nobody works that day; `None` on a working day. A holiday on a Sunday gives its name.
    pub fn why_off(&self, date: NaiveDate) -> Option<Off<'_>> {
        match self.days.get(&date) {
            Some(day) if day.kind == DayKind::Working => None,
            Some(day) => Some(Off::Named(&day.name)),
            None => weekend(date).then_some(Off::Weekend),
        }
    }

    /// The day itself if it is a working day, else the next one that is (Civil Code 2015, article 148.5).
    pub fn next_working(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days()
            .take(SEARCH_LIMIT)
            .find(|d| self.is_working(*d))
            .unwrap_or(date)
    }

    /// The `n`-th working day after `date` (before it, for a negative `n`); `date` itself is not counted.
    pub fn add_working(&self, date: NaiveDate, n: i64) -> NaiveDate {
        use std::ops::Bound::{Excluded, Unbounded};
        match n.signum() {
            -1 => {
                let named = self.days.range(..date).rev();
                walk(date, n, named)
            }
            _ => walk(date, n, self.days.range((Excluded(date), Unbounded))),
        }
    }

    /// Working days after `a` up to and with `b`; negative if `b` comes first.
    pub fn working_days_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        if b < a {
            return -self.working_days_between(b, a);
        }
        let Some(first) = a.succ_opt().filter(|first| *first <= b) else {
            return 0;
        };
        let changed: i64 = self
            .days
            .range(first..=b)
            .map(
                |(date, day)| match (day.kind == DayKind::Working, weekend(*date)) {
                    (true, true) => 1,
                    (false, false) => -1,
                    _ => 0,
                },
            )
            .sum();
        weekdays_until(b) - weekdays_until(a) + changed
    }

    /// True if the office has confirmed the calendar of that year.
    pub fn year_known(&self, year: i32) -> bool {
        self.known_years.contains(&year)
    }

    /// Every row, by date.
    pub fn days(&self) -> impl Iterator<Item = &CalendarDay> {
        self.days.values()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn row(date: NaiveDate, kind: DayKind, name: &str) -> CalendarDay {
        CalendarDay {
            date,
            kind,
            name: name.to_owned(),
            confirmed: true,
        }
    }

    fn sample() -> Calendar {
        Calendar::new(
            [
                row(day(2026, 8, 31), DayKind::DayOff, "nghỉ thay cho ngày 22/8"),
                row(day(2026, 8, 22), DayKind::Working, "làm thay cho ngày 31/8"),
                row(day(2026, 9, 1), DayKind::Holiday, "Quốc khánh"),
                row(day(2026, 9, 2), DayKind::Holiday, "Quốc khánh"),
                row(day(2026, 4, 26), DayKind::Holiday, "Giỗ Tổ Hùng Vương"),
            ],
            [2026],
        )
    }

    #[test]
    fn swapped_days() {
        let c = sample();
        assert!(c.is_working(day(2026, 8, 22)));
        assert!(!c.is_working(day(2026, 8, 29)));
        assert_eq!(c.why_off(day(2026, 8, 29)), Some(Off::Weekend));
        assert_eq!(c.why_off(day(2026, 9, 2)), Some(Off::Named("Quốc khánh")));
        assert_eq!(
            c.why_off(day(2026, 4, 26)),
            Some(Off::Named("Giỗ Tổ Hùng Vương"))
        );
        assert_eq!(c.next_working(day(2026, 8, 29)), day(2026, 9, 3));
        assert_eq!(c.next_working(day(2026, 8, 22)), day(2026, 8, 22));
        assert_eq!(c.add_working(day(2026, 8, 21), 1), day(2026, 8, 22));
        assert_eq!(c.add_working(day(2026, 8, 28), 1), day(2026, 9, 3));
        assert_eq!(c.add_working(day(2026, 9, 3), -1), day(2026, 8, 28));
        assert_eq!(c.working_days_between(day(2026, 8, 21), day(2026, 9, 3)), 7);
        assert!(c.year_known(2026) && !c.year_known(2027));
        assert_eq!(c.days().count(), 5);
    }

    #[test]
    fn codes() {
        for kind in [DayKind::Holiday, DayKind::DayOff, DayKind::Working] {
            assert_eq!(DayKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(DayKind::from_code("none"), None);
    }

    #[test]
    fn a_calendar_without_working_days_ends() {
        let first = day(2026, 1, 1);
        let rows = first
            .iter_days()
            .take(800)
            .map(|d| row(d, DayKind::Holiday, "nghỉ"));
        let c = Calendar::new(rows, []);
        assert_eq!(c.next_working(first), first);
        assert!(c.add_working(first, 3) > first);
        assert_eq!(c.add_working(NaiveDate::MAX, 1), NaiveDate::MAX);
    }

    fn kind() -> impl Strategy<Value = DayKind> {
        prop_oneof![
            Just(DayKind::Holiday),
            Just(DayKind::DayOff),
            Just(DayKind::Working)
        ]
    }

    proptest! {
        #[test]
        fn counts_as_a_day_loop(
            rows in proptest::collection::btree_map(0_u64..200, kind(), 0..40),
            a in 0_u64..200,
            b in 0_u64..200,
        ) {
            let base = day(2026, 1, 1);
            let c = Calendar::new(rows.into_iter().map(|(o, k)| row(base + Days::new(o), k, "x")), []);
            let (from, to) = (base + Days::new(a), base + Days::new(b));
            let naive = |x: NaiveDate, y: NaiveDate| {
                x.iter_days().skip(1).take_while(|d| *d <= y).filter(|d| c.is_working(*d)).count() as i64
            };
            let expected = if to < from { -naive(to, from) } else { naive(from, to) };
            prop_assert_eq!(c.working_days_between(from, to), expected);
            let n = expected.abs().max(1);
            prop_assert_eq!(c.working_days_between(from, c.add_working(from, n)), n);
            prop_assert!(c.is_working(c.add_working(from, n)));
            prop_assert!(c.is_working(c.add_working(from, -n)));
        }
    }
}
