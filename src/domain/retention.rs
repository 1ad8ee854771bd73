//! Which of many dated copies are kept: few words, so that anybody can say beforehand what will still be there.
use chrono::{Datelike, NaiveDate};

/// Days whose copies are all kept, counted back from the newest.
pub const DAYS: usize = 7;
/// Weeks (Monday to Sunday) of which the newest copy is kept.
pub const WEEKS: usize = 5;
/// Months of which the newest copy is kept; of every year one is kept for ever.
pub const MONTHS: usize = 12;

/// Why a copy is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// One of the newest days.
    Day,
    /// The newest of its week.
    Week,
    /// The newest of its month.
    Month,
    /// The newest of its year.
    Year,
}

/// For each day of a copy why it is kept, none when it may go. The order of `days` does not matter; of copies of one
/// day all share its answer. The newest copy is always kept.
#[must_use]
pub fn kept(days: &[NaiveDate]) -> Vec<Option<Kept>> {
    let mut sorted: Vec<NaiveDate> = days.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    let mut why: Vec<(NaiveDate, Kept)> = Vec::new();
    let mut keep = |limit: usize, kind: Kept, span: fn(NaiveDate) -> (i32, u32)| {
        let mut last = None;
        let mut taken = 0;
        for day in &sorted {
            if last == Some(span(*day)) {
                continue;
            }
            last = Some(span(*day));
            taken += 1;
            if taken > limit {
                break;
            }
            if !why.iter().any(|(known, _)| known == day) {
                why.push((*day, kind));
            }
        }
    };
    keep(DAYS, Kept::Day, |d| (d.year(), d.ordinal()));
    keep(WEEKS, Kept::Week, |d| {
        let week = d.iso_week();
        (week.year(), week.week())
    });
    keep(MONTHS, Kept::Month, |d| (d.year(), d.month()));
    keep(usize::MAX, Kept::Year, |d| (d.year(), 0));
    days.iter()
        .map(|day| {
            why.iter()
                .find(|(known, _)| known == day)
                .map(|(_, kind)| *kind)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Copies made every day, thrown away by the rule every day.
    fn after(days: i64) -> Vec<NaiveDate> {
        let mut there: Vec<NaiveDate> = Vec::new();
        for n in 0..days {
            there.push(d("2024-01-01") + chrono::Days::new(n.unsigned_abs()));
            let keep = kept(&there);
            let mut keep = keep.iter();
            there.retain(|_| keep.next().unwrap().is_some());
        }
        there
    }

    #[test]
    fn a_week_of_days_five_weeks_a_year_of_months_and_every_year() {
        let there = after(1100);
        let newest = *there.last().unwrap();
        assert_eq!(newest, d("2027-01-04"));
        for back in 0..7 {
            assert!(
                there.contains(&(newest - chrono::Days::new(back))),
                "{back}"
            );
        }
        for sunday in ["2026-12-27", "2026-12-20", "2026-12-13"] {
            assert!(there.contains(&d(sunday)), "{sunday}: {there:?}");
        }
        for month_end in ["2026-11-30", "2026-10-31", "2026-03-31", "2026-02-28"] {
            assert!(there.contains(&d(month_end)), "{month_end}: {there:?}");
        }
        for year_end in ["2024-12-31", "2025-12-31"] {
            assert!(there.contains(&d(year_end)), "{year_end}");
        }
        assert!(there.len() <= 7 + 5 + 12 + 3, "{}", there.len());
    }

    #[test]
    fn nothing_goes_while_there_are_few_and_the_newest_never() {
        let days = [d("2026-03-02"), d("2019-01-01"), d("2026-03-02")];
        assert!(kept(&days).iter().all(Option::is_some));
        assert_eq!(kept(&days)[1], Some(Kept::Day));
        assert!(kept(&[]).is_empty());
        // a month without the program: the copies before it still stand
        let gap: Vec<NaiveDate> = (1..=20)
            .map(|n| d("2026-01-01") + chrono::Days::new(n))
            .chain([d("2026-06-01")])
            .collect();
        assert_eq!(*kept(&gap).last().unwrap(), Some(Kept::Day));
        assert_eq!(
            kept(&gap).iter().filter(|k| **k == Some(Kept::Day)).count(),
            7
        );
    }
}
