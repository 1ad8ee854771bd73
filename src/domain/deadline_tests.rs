//! The vectors of the deadline rules, and every rule against a naive day loop.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::testdata::{table, text};
use proptest::prelude::*;

fn day(s: &str) -> NaiveDate {
    NaiveDate::parse_from_str(s, "%d/%m/%Y").unwrap()
}

fn off(date: &str, kind: DayKind, name: &str) -> CalendarDay {
    CalendarDay {
        date: day(date),
        kind,
        name: name.to_owned(),
        confirmed: true,
    }
}

/// 2026 without swaps, as the vectors state it.
fn plain_2026() -> Calendar {
    let dates = [
        "01/01", "16/02", "17/02", "18/02", "19/02", "20/02", "26/04", "27/04", "30/04", "01/05",
        "01/09", "02/09",
    ];
    let rows = dates.map(|d| off(&format!("{d}/2026"), DayKind::Holiday, "ngày lễ"));
    Calendar::new(rows, [2026])
}

fn rule(kind: RuleKind, amount: u32, unit: DayUnit) -> Rule {
    Rule {
        id: 0,
        code: "X".to_owned(),
        petition_type: "KN".to_owned(),
        level: "1".to_owned(),
        complex: Cond::Any,
        remote: Cond::Any,
        valid_from: None,
        valid_to: None,
        kind,
        amount,
        unit,
        start_event: "receipt".to_owned(),
        source: "thử".to_owned(),
    }
}

fn due(start: &str, amount: u32, unit: DayUnit, cal: &Calendar) -> (NaiveDate, NaiveDate) {
    let told = explain(&rule(RuleKind::Due, amount, unit), day(start), cal, true);
    (told.raw_due, told.due)
}

#[test]
fn working_day_vectors() {
    let cal = plain_2026();
    for (start, n, want) in [
        ("10/02/2026", 7, "26/02/2026"),
        ("13/02/2026", 7, "03/03/2026"),
        ("24/04/2026", 5, "06/05/2026"),
        ("26/06/2026", 7, "07/07/2026"),
        ("01/07/2026", 7, "10/07/2026"),
        ("03/07/2026", 10, "17/07/2026"),
    ] {
        let found = due(start, n, DayUnit::Working, &cal);
        assert_eq!(found, (day(want), day(want)), "{start} + {n}");
    }
}

#[test]
fn calendar_day_vectors() {
    let cal = plain_2026();
    for (start, n, raw, want) in [
        ("17/01/2026", 30, "16/02/2026", "23/02/2026"),
        ("20/01/2026", 30, "19/02/2026", "23/02/2026"),
        ("27/03/2026", 30, "26/04/2026", "28/04/2026"),
        ("31/03/2026", 30, "30/04/2026", "04/05/2026"),
        ("10/07/2026", 30, "09/08/2026", "10/08/2026"),
        ("10/07/2026", 45, "24/08/2026", "24/08/2026"),
        ("03/08/2026", 30, "02/09/2026", "03/09/2026"),
        ("01/06/2026", 90, "30/08/2026", "31/08/2026"),
    ] {
        let found = due(start, n, DayUnit::Calendar, &cal);
        assert_eq!(found, (day(raw), day(want)), "{start} + {n}");
        let still = explain(
            &rule(RuleKind::Due, n, DayUnit::Calendar),
            day(start),
            &cal,
            false,
        );
        assert_eq!(still.due, day(raw));
    }
}

#[test]
fn the_swap_of_august_2026() {
    let mut rows: Vec<CalendarDay> = plain_2026().days().cloned().collect();
    rows.push(off(
        "31/08/2026",
        DayKind::DayOff,
        "nghỉ thay cho ngày 22/8",
    ));
    rows.push(off(
        "22/08/2026",
        DayKind::Working,
        "làm thay cho ngày 31/8",
    ));
    let cal = Calendar::new(rows, [2026]);
    assert_eq!(
        due("01/06/2026", 90, DayUnit::Calendar, &cal).1,
        day("03/09/2026")
    );
    assert_eq!(
        due("21/08/2026", 1, DayUnit::Working, &cal).1,
        day("22/08/2026")
    );
    // The last day of this one is the Saturday that is worked: it does not roll.
    assert_eq!(
        due("23/07/2026", 30, DayUnit::Calendar, &cal).1,
        day("22/08/2026")
    );
}

/// The calendar that ships, from the shared tables: the vectors hold on it where no swap is in the way.
#[test]
fn vectors_on_the_shared_calendar() {
    let kind_of = |k: &str| {
        if k == "public" {
            DayKind::Holiday
        } else {
            DayKind::DayOff
        }
    };
    let parse = |s: &str| NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap();
    let row = |date: &str, kind, name: &str| CalendarDay {
        date: parse(date),
        kind,
        name: name.to_owned(),
        confirmed: true,
    };
    let mut rows: Vec<CalendarDay> = table("holidays_vn.tsv")
        .iter()
        .map(|r| row(&r[0], kind_of(&r[3]), &r[2]))
        .collect();
    if rows.is_empty() {
        return;
    }
    for swap in table("working_swaps_vn.tsv") {
        rows.push(row(&swap[0], DayKind::DayOff, "nghỉ thay"));
        rows.push(row(&swap[1], DayKind::Working, "làm thay"));
    }
    let cal = Calendar::new(rows, [2026]);
    assert_eq!(
        due("10/02/2026", 7, DayUnit::Working, &cal).1,
        day("26/02/2026")
    );
    assert_eq!(
        due("17/01/2026", 30, DayUnit::Calendar, &cal).1,
        day("23/02/2026")
    );
    assert_eq!(
        due("27/03/2026", 30, DayUnit::Calendar, &cal).1,
        day("28/04/2026")
    );
    assert_eq!(
        due("01/06/2026", 90, DayUnit::Calendar, &cal).1,
        day("03/09/2026")
    );
    assert_eq!(
        due("31/12/2025", 1, DayUnit::Working, &cal).1,
        day("05/01/2026")
    );
    assert_eq!(
        due("09/01/2026", 1, DayUnit::Working, &cal).1,
        day("10/01/2026")
    );
}

#[test]
fn rolled_days_are_told() {
    let told = explain(
        &rule(RuleKind::Due, 30, DayUnit::Calendar),
        day("27/03/2026"),
        &plain_2026(),
        true,
    );
    assert_eq!(told.days.len(), 32);
    assert_eq!(told.days.iter().filter(|d| d.counted).count(), 30);
    let tail: Vec<_> = told
        .days
        .iter()
        .skip(29)
        .map(|d| (d.counted, d.reason.clone()))
        .collect();
    assert_eq!(
        tail,
        [
            (true, None),
            (false, Some(Reason::DayOff("ngày lễ".to_owned()))),
            (false, Some(Reason::RolledOver)),
        ]
    );
    let told = explain(
        &rule(RuleKind::Due, 1, DayUnit::Working),
        day("10/07/2026"),
        &plain_2026(),
        true,
    );
    let reasons: Vec<_> = told.days.iter().map(|d| d.reason.clone()).collect();
    assert_eq!(
        reasons,
        [Some(Reason::Weekend), Some(Reason::Weekend), None]
    );
}

#[test]
fn before_counts_back_and_stays() {
    let cal = plain_2026();
    let told = explain(
        &rule(RuleKind::Before, 5, DayUnit::Working),
        day("23/02/2026"),
        &cal,
        true,
    );
    assert_eq!(told.due, day("09/02/2026"));
    assert_eq!(told.days.first().unwrap().date, day("22/02/2026"));
    assert_eq!(told.days.last().unwrap().date, day("09/02/2026"));
    let told = explain(
        &rule(RuleKind::Before, 5, DayUnit::Calendar),
        day("20/03/2026"),
        &cal,
        true,
    );
    // 15/03/2026 is a Sunday.
    assert_eq!(
        (told.raw_due, told.due),
        (day("15/03/2026"), day("15/03/2026"))
    );
    assert!(told.days.iter().all(|d| d.counted) && told.days.len() == 5);
}

fn annex() -> Vec<Rule> {
    let Some(page) = text("domain.md") else {
        return Vec::new();
    };
    let rows = page
        .lines()
        .skip_while(|l| !l.starts_with("code,type,level"))
        .skip(1)
        .take_while(|l| !l.starts_with("```"));
    rows.map(|l| Rule::parse_row(l).unwrap()).collect()
}

#[test]
fn the_shipped_rules() {
    let rules = annex();
    if rules.is_empty() {
        return;
    }
    assert!(rules.len() > 40);
    let amount = |code: &str, start: &str, facts: Facts| {
        choose(&rules, code, day(start), &facts).map(|r| (r.amount, r.unit, r.kind))
    };
    let plain = Facts::default();
    let complex = Facts {
        complex: true,
        ..plain
    };
    let very = Facts {
        very_complex: true,
        ..plain
    };
    let remote = Facts {
        remote: true,
        ..plain
    };
    let both = Facts {
        complex: true,
        remote: true,
        ..plain
    };
    let (w, c) = (DayUnit::Working, DayUnit::Calendar);
    assert_eq!(
        amount("KN_ACCEPT", "30/06/2026", plain),
        Some((10, c, RuleKind::Due))
    );
    assert_eq!(
        amount("KN_ACCEPT", "01/07/2026", both),
        Some((7, w, RuleKind::Due))
    );
    assert_eq!(amount("KN_ACCEPT", "30/06/2012", plain), None);
    assert_eq!(
        amount("KN_RESOLVE_1", "01/07/2026", plain),
        Some((30, c, RuleKind::Due))
    );
    assert_eq!(
        amount("KN_RESOLVE_1", "01/07/2026", complex),
        Some((45, c, RuleKind::Cap))
    );
    assert_eq!(
        amount("KN_RESOLVE_1", "01/07/2026", very),
        Some((45, c, RuleKind::Cap))
    );
    assert_eq!(
        amount("KN_RESOLVE_1", "01/07/2026", remote),
        Some((45, c, RuleKind::Due))
    );
    assert_eq!(
        amount("KN_RESOLVE_1", "01/07/2026", both),
        Some((60, c, RuleKind::Cap))
    );
    assert_eq!(
        amount("KN_RESOLVE_2", "01/07/2026", both),
        Some((70, c, RuleKind::Cap))
    );
    assert_eq!(
        amount("TC_INITIAL", "01/07/2026", complex),
        Some((10, w, RuleKind::Cap))
    );
    assert_eq!(
        amount("TC_RESOLVE", "01/07/2026", very),
        Some((30, c, RuleKind::Due))
    );
    assert_eq!(amount("TC_EXT_COMPLEX", "01/07/2026", plain), None);
    assert_eq!(amount("TC_EXT_VERYCOMPLEX", "01/07/2026", complex), None);
    assert_eq!(
        amount("TC_EXT_VERYCOMPLEX", "01/07/2026", very),
        Some((30, c, RuleKind::Ext))
    );
    assert_eq!(
        amount("KNPA_OFFICE", "01/07/1999", plain),
        Some((15, w, RuleKind::Due))
    );
    assert_eq!(amount("NO_SUCH", "01/07/2026", plain), None);
}

#[test]
fn rows() {
    let row = "KN_X,KN,1+2,any,0,2012-07-01,,due,10,C,receipt,LKN Đ27, Đ36";
    let rule = Rule::parse_row(row).unwrap();
    assert_eq!(rule.source, "LKN Đ27, Đ36");
    assert_eq!(rule.remote.code(), "0");
    for (from, to) in [
        ("any", "x"),
        (",0,2012", ",2,2012"),
        ("2012-07-01", "2012-13-01"),
        ("due", "do"),
        ("10,C", "-1,C"),
    ] {
        assert!(Rule::parse_row(&row.replacen(from, to, 1)).is_err(), "{to}");
    }
    assert!(Rule::parse_row("a,b").is_err());
}

#[test]
fn the_later_rule_wins() {
    let mut old = rule(RuleKind::Due, 10, DayUnit::Calendar);
    old.id = 1;
    let mut new = rule(RuleKind::Due, 7, DayUnit::Working);
    new.id = 2;
    new.valid_from = Some(day("01/07/2026"));
    let rules = [new, old];
    let chosen = |start| {
        choose(&rules, "X", day(start), &Facts::default())
            .unwrap()
            .amount
    };
    assert_eq!((chosen("30/06/2026"), chosen("01/07/2026")), (10, 7));
}

/// Day by day, with nothing but the rule as the law says it.
fn naive(rule: &Rule, start: NaiveDate, cal: &Calendar, roll: bool) -> NaiveDate {
    let back = rule.kind == RuleKind::Before;
    let mut at = start;
    let mut left = rule.amount;
    while left > 0 {
        at = if back {
            at.pred_opt().unwrap()
        } else {
            at.succ_opt().unwrap()
        };
        if rule.unit == DayUnit::Calendar || cal.is_working(at) {
            left -= 1;
        }
    }
    while roll && !back && rule.unit == DayUnit::Calendar && !cal.is_working(at) {
        at = at.succ_opt().unwrap();
    }
    at
}

proptest! {
    #[test]
    fn as_a_naive_day_loop(
        off_days in proptest::collection::btree_map(0_u64..300, 0_u8..3, 0..50),
        start in 20_u64..200,
        amount in 0_u32..60,
        working in any::<bool>(),
        kind in 0_usize..5,
        roll in any::<bool>(),
    ) {
        let base = day("01/01/2026");
        let rows = off_days.into_iter().map(|(o, k)| CalendarDay {
            date: base + Days::new(o),
            kind: [DayKind::Holiday, DayKind::DayOff, DayKind::Working][usize::from(k)],
            name: "x".to_owned(),
            confirmed: true,
        });
        let cal = Calendar::new(rows, []);
        let unit = if working { DayUnit::Working } else { DayUnit::Calendar };
        let rule = rule(RuleKind::ALL[kind], amount, unit);
        let start = base + Days::new(start);
        let told = explain(&rule, start, &cal, roll);
        let want = naive(&rule, start, &cal, roll);
        prop_assert_eq!(told.due, want);
        prop_assert_eq!(due_date(&rule, start, &cal, roll), want);
        prop_assert_eq!(told.raw_due, naive(&rule, start, &cal, false));
        prop_assert_eq!(told.days.iter().filter(|d| d.counted).count(), amount as usize);
        prop_assert_eq!(told.days.len() as i64, (told.due - start).num_days().abs());
        prop_assert!(told.days.iter().all(|d| d.counted == d.reason.is_none()));
    }
}
