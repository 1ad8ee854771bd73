//! Suspensions and extensions against a naive count of days.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::deadline::{Cond, explain};
use proptest::prelude::*;

fn day(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
}

fn rule(amount: u32, unit: DayUnit) -> Rule {
    Rule {
        id: 0,
        code: "X".to_owned(),
        petition_type: "KN".to_owned(),
        level: "1".to_owned(),
        complex: Cond::Any,
        remote: Cond::Any,
        valid_from: None,
        valid_to: None,
        kind: RuleKind::Due,
        amount,
        unit,
        start_event: "thu_ly".to_owned(),
        source: "thử".to_owned(),
    }
}

fn extension(on: NaiveDate, days: u32) -> Turn {
    Turn::Extension {
        on,
        days,
        document: None,
    }
}

#[test]
fn suspended_on_the_last_day_that_rolled_over() {
    let cal = Calendar::default();
    let rule = rule(30, DayUnit::Calendar);
    // the 30th day from 10/7/2026 is Sunday 9/8, so Monday 10/8
    let start = day("2026-07-10");
    let course = |from: &str, to: &str| Course {
        turns: vec![Turn::Pause(day(from), day(to))],
        cap: None,
    };
    let due = |c: &Course| due_in_course(&rule, start, &cal, true, c);
    assert_eq!(due(&Course::default()), day("2026-08-10"));
    // no day remains: it ends when the matter goes on
    assert_eq!(due(&course("2026-08-09", "2026-08-20")), day("2026-08-20"));
    // passed
    assert_eq!(due(&course("2026-08-10", "2026-08-20")), day("2026-08-10"));
    // one day remains, and 22/8 is a Saturday
    assert_eq!(due(&course("2026-08-08", "2026-08-21")), day("2026-08-24"));
}

#[test]
fn the_cap_moves_with_the_suspension() {
    let cal = Calendar::default();
    let rule = rule(30, DayUnit::Calendar);
    let start = day("2026-07-06");
    let course = Course {
        turns: vec![
            Turn::Pause(day("2026-07-16"), day("2026-07-26")),
            extension(day("2026-08-01"), 15),
        ],
        cap: Some(45),
    };
    let told = explain_course(&rule, start, &cal, true, &course);
    // 45 days and ten that stood still
    assert_eq!(told.raw_due, day("2026-08-30"));
    assert_eq!(told.due, day("2026-08-31"));
}

#[test]
fn an_unconfirmed_day_or_year_is_told() {
    let row = |date: &str, confirmed| CalendarDay {
        date: day(date),
        kind: DayKind::Holiday,
        name: "nghỉ".to_owned(),
        confirmed,
    };
    let cal = Calendar::new([row("2026-09-02", true), row("2026-11-24", false)], []);
    let told = |start: &str, rule: &Rule| explain(rule, day(start), &cal, true);
    let working = rule(7, DayUnit::Working);
    assert!(!told("2026-08-03", &working).provisional());
    assert_eq!(
        told("2026-11-20", &working).unconfirmed,
        [day("2026-11-24")]
    );
    assert_eq!(told("2027-03-01", &working).unconfirmed_years, [2027]);
    // a count of calendar days leans on its end only
    let calendar = rule(30, DayUnit::Calendar);
    assert!(!told("2026-11-20", &calendar).provisional());
    assert_eq!(
        told("2026-10-25", &calendar).unconfirmed,
        [day("2026-11-24")]
    );
}

proptest! {
    #[test]
    fn every_counted_day_is_one_of_the_days_given(
        offs in proptest::collection::btree_set(0_u64..400, 0..40),
        amount in 5_u32..40,
        working in any::<bool>(),
        roll in any::<bool>(),
        pause in (1_u64..60, 1_u64..40),
        days in 1_u32..30,
        first in any::<bool>(),
    ) {
        let start = day("2026-01-05");
        let at = |n: u64| start + Days::new(n);
        let cal = Calendar::new(offs.into_iter().map(|o| CalendarDay {
            date: at(o),
            kind: DayKind::Holiday,
            name: "nghỉ".to_owned(),
            confirmed: true,
        }), [2026, 2027]);
        let unit = if working { DayUnit::Working } else { DayUnit::Calendar };
        let rule = rule(amount, unit);
        let pause = Turn::Pause(at(pause.0), at(pause.0 + pause.1));
        let longer = extension(start, days);
        let turns = if first { vec![longer, pause] } else { vec![pause, longer] };
        let course = Course { turns, cap: None };
        let told = explain_course(&rule, start, &cal, roll, &course);
        prop_assert_eq!(told.due, due_in_course(&rule, start, &cal, roll, &course));
        let counted = told.days.iter().filter(|d| d.counted).count();
        prop_assert_eq!(counted, usize::try_from(amount + days).unwrap());
        prop_assert_eq!(told.days.last().unwrap().date, told.due);
        prop_assert!(told.due >= told.raw_due);
        if working || roll {
            prop_assert!(cal.is_working(told.due));
        }
        for d in &told.days {
            prop_assert_eq!(d.counted, d.reason.is_none());
            if d.counted && working {
                prop_assert!(cal.is_working(d.date));
            }
        }
    }
}
