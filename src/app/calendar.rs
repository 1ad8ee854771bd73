//! The calendar of working days: public holidays, days off and days worked instead, as the office enters and confirms
//! them. The deadlines of open petitions follow every change.
use super::{Cx, Error, Problem, Result, cx::load_calendar, petitions, rules};
use crate::domain::calendar::{Calendar, CalendarDay, DayKind};
use crate::domain::date::{FIRST_YEAR, LAST_YEAR, vi};
use crate::domain::lunar;
use crate::domain::words::{Msg, Text, t};
pub use crate::store::CalendarChange;
use chrono::{Datelike, Days, NaiveDate};

/// The days of a year that are not as their weekday says, by date.
#[must_use]
pub fn list(cx: &Cx, year: i32) -> Vec<CalendarDay> {
    of_year(cx.calendar(), year)
}

fn of_year(calendar: &Calendar, year: i32) -> Vec<CalendarDay> {
    calendar
        .days()
        .filter(|day| day.date.year() == year)
        .cloned()
        .collect()
}

/// Whether the office has confirmed the calendar of a year.
#[must_use]
pub fn confirmed(cx: &Cx, year: i32) -> bool {
    cx.calendar().year_known(year)
}

/// What was changed in the calendar of a year, oldest first.
///
/// # Errors
/// A failure of the database.
pub fn history(cx: &Cx, year: i32) -> Result<Vec<CalendarChange>> {
    Ok(cx.store.read().calendar_history(year)?)
}

/// What a kind of day is called.
#[must_use]
pub fn kind_label(kind: DayKind) -> Text {
    match kind {
        DayKind::Holiday => t("ngày nghỉ lễ", "public holiday"),
        DayKind::DayOff => t("ngày nghỉ", "day off"),
        DayKind::Working => t("ngày làm bù", "working day"),
    }
}

fn in_range(year: i32) -> Result<()> {
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Ok(());
    }
    Err(Error::refused(Msg::new(
        format!("Năm (year): {year} phải trong khoảng {FIRST_YEAR}–{LAST_YEAR}"),
        format!("Year: {year} must lie within {FIRST_YEAR}–{LAST_YEAR}"),
    )))
}

fn text(day: &CalendarDay) -> String {
    format!("{} {}", day.kind.code(), day.name)
}

/// Writes days, in one transaction with the history and the deadlines that follow; `None` as a day's kind makes it an
/// ordinary one. How many deadlines moved.
fn write(cx: &mut Cx, days: &[(NaiveDate, Option<CalendarDay>)]) -> Result<usize> {
    cx.refresh()?;
    let mut env = rules::Env::of(cx);
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    let mut first: Option<NaiveDate> = None;
    let moved = cx.store.write(|tx| {
        for (date, day) in days {
            let before = env.calendar.day(*date).cloned();
            if before == *day {
                continue;
            }
            match day {
                Some(day) => tx.set_calendar_day(day)?,
                None => tx.clear_calendar_day(*date)?,
            }
            let (before, after) = (before.as_ref().map(text), day.as_ref().map(text));
            tx.audit_day((&actor, &at), *date, before.as_deref(), after.as_deref())?;
            first = Some(first.map_or(*date, |f| f.min(*date)));
        }
        let Some(first) = first else { return Ok(0) };
        env.reload(tx.read())?;
        // A deadline that ends before the first changed day does not lean on it.
        petitions::resettle(tx, &env, Some(first))
    })?;
    cx.reload()?;
    Ok(moved)
}

/// Makes a day a holiday, a day off or a working day, or (none) an ordinary one; without a name it keeps the one it
/// had, or is called after its kind. What the office enters is confirmed by it. How many open deadlines moved.
///
/// # Errors
/// A day outside the calendar's years, or a failure of the database.
pub fn set(
    cx: &mut Cx,
    date: NaiveDate,
    kind: Option<DayKind>,
    name: Option<&str>,
) -> Result<usize> {
    in_range(date.year())?;
    let name = name
        .map(crate::domain::text::clean)
        .filter(|s| !s.is_empty());
    if kind.is_none() && name.is_some() {
        return Err(Error::Refused(vec![Problem {
            row: None,
            field: Some("name"),
            label: Msg::new("Tên", "Name"),
            msg: Msg::new(
                format!("{} trở lại là ngày thường nên không có tên", vi(date)),
                format!("{date} becomes an ordinary day and has no name"),
            ),
        }]));
    }
    let day = kind.map(|kind| {
        let before = cx.calendar.day(date).filter(|day| day.kind == kind);
        let name = name
            .or_else(|| before.map(|day| day.name.clone()))
            .unwrap_or_else(|| kind_label(kind).vi.to_owned());
        CalendarDay {
            date,
            kind,
            name,
            confirmed: true,
        }
    });
    write(cx, &[(date, day)])
}

/// Notes that the office has checked the calendar of a year against the yearly decision.
///
/// # Errors
/// A year without any holiday, or a failure of the database.
pub fn confirm(cx: &mut Cx, year: i32) -> Result<()> {
    in_range(year)?;
    if list(cx, year).is_empty() {
        return Err(Error::refused(Msg::new(
            format!(
                "Năm {year} chưa có ngày nghỉ nào trong lịch: nhập lịch nghỉ trước khi xác nhận"
            ),
            format!("The calendar of {year} has no holiday yet: enter them before confirming it"),
        )));
    }
    let (actor, at) = (cx.actor().to_owned(), cx.stamp());
    cx.store
        .write::<_, Error>(|tx| Ok(tx.confirm_year(year, (&actor, &at))?))?;
    cx.calendar = load_calendar(cx.store.read())?;
    Ok(())
}

/// Year from which 24/11 is a day off (NQ 80-NQ/TW of 7/1/2026), and from which 2/9 is two days and Tết is five
/// (Labour Code 2019, article 112).
const CULTURE_DAY: i32 = 2026;

/// The holidays of a year by law and the moon, with the days off in place of those on a weekend: a proposal for a year
/// without a calendar, every day unconfirmed. The Prime Minister decides the span of Tết and the day beside 2/9.
#[must_use]
pub fn propose(year: i32) -> Vec<CalendarDay> {
    let civil = |m, d| NaiveDate::from_ymd_opt(year, m, d);
    let mut days: Vec<(NaiveDate, &str)> = Vec::new();
    let mut add = |date: Option<NaiveDate>, name| days.extend(date.map(|d| (d, name)));
    add(civil(1, 1), "Tết Dương lịch");
    add(lunar::tet_eve(year), "Giao thừa Tết Nguyên Đán");
    let tet = lunar::tet(year);
    let names = [
        "Tết Nguyên Đán",
        "Mùng hai Tết",
        "Mùng ba Tết",
        "Mùng bốn Tết",
    ];
    for (after, name) in (0..).zip(names) {
        add(tet.and_then(|d| d.checked_add_days(Days::new(after))), name);
    }
    add(lunar::hung_kings(year), "Giỗ Tổ Hùng Vương");
    add(civil(4, 30), "Ngày Chiến thắng");
    add(civil(5, 1), "Ngày Quốc tế Lao động");
    add(civil(9, 2), "Quốc khánh");
    let sunday_or_monday = civil(9, 2).is_some_and(|d| d.weekday().num_days_from_sunday() < 5);
    add(civil(9, if sunday_or_monday { 3 } else { 1 }), "Quốc khánh");
    if year >= CULTURE_DAY {
        add(civil(11, 24), "Ngày Văn hóa Việt Nam");
    }
    days.sort_unstable();
    let day = |date, kind, name: String| CalendarDay {
        date,
        kind,
        name,
        confirmed: false,
    };
    let mut out: Vec<CalendarDay> = days
        .iter()
        .map(|(date, name)| day(*date, DayKind::Holiday, (*name).to_owned()))
        .collect();
    out.dedup_by_key(|d| d.date);
    // A holiday on a weekly day of rest is taken on the next working day (Labour Code, article 111.3).
    for (date, name) in &days {
        if date.weekday().num_days_from_monday() < 5 {
            continue;
        }
        let calendar = Calendar::new(out.clone(), []);
        let next = calendar.next_working(*date);
        out.push(day(next, DayKind::DayOff, format!("{name} (nghỉ bù)")));
    }
    out.sort_by_key(|d| d.date);
    out
}

/// Writes the proposal for a year that has no calendar yet; it stays unconfirmed.
///
/// # Errors
/// A year that has days already, one outside the calendar's years, or a failure of the database.
pub fn adopt(cx: &mut Cx, year: i32) -> Result<Vec<CalendarDay>> {
    in_range(year)?;
    if !list(cx, year).is_empty() {
        return Err(Error::refused(Msg::new(
            format!("Năm {year} đã có lịch nghỉ; sửa từng ngày"),
            format!("{year} has a calendar already; change its days one by one"),
        )));
    }
    let days = propose(year);
    let rows: Vec<_> = days.iter().map(|d| (d.date, Some(d.clone()))).collect();
    write(cx, &rows)?;
    Ok(days)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::app::records::{self, NewRecord};
    use crate::domain::record::Kind;
    use crate::domain::value::Value;

    fn d(s: &str) -> NaiveDate {
        NaiveDate::parse_from_str(s, "%Y-%m-%d").unwrap()
    }

    fn world() -> Cx {
        Cx::in_memory(d("2026-07-03"), std::path::Path::new("/nonexistent")).unwrap()
    }

    fn due(cx: &Cx, id: i64) -> NaiveDate {
        match records::get(cx, Kind::Petition, id).unwrap().get("due_on") {
            Value::Date(day) => day,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_changed_day_moves_the_deadlines_it_reaches() {
        let mut cx = world();
        let new = NewRecord {
            fields: vec![
                ("received_on", Value::Date(d("2026-07-01"))),
                ("type", Value::Text("complaint".into())),
                ("subject", Value::Text("đất".into())),
            ],
            ..NewRecord::default()
        };
        let id = records::add(&mut cx, Kind::Petition, &[new]).unwrap()[0]
            .head()
            .id;
        assert_eq!(due(&cx, id), d("2026-07-10"));
        set(
            &mut cx,
            d("2026-07-06"),
            Some(DayKind::DayOff),
            Some("Nghỉ bão"),
        )
        .unwrap();
        assert_eq!(due(&cx, id), d("2026-07-13"));
        set(&mut cx, d("2026-07-11"), Some(DayKind::Working), None).unwrap();
        assert_eq!(due(&cx, id), d("2026-07-11"));
        assert_eq!(
            cx.calendar().day(d("2026-07-11")).unwrap().name,
            "ngày làm bù"
        );
        set(&mut cx, d("2026-07-06"), None, None).unwrap();
        assert_eq!(due(&cx, id), d("2026-07-10"));
        let log = history(&cx, 2026).unwrap();
        assert_eq!(log.len(), 3);
        assert_eq!(log[0].after.as_deref(), Some("day_off Nghỉ bão"));
        assert_eq!(
            (log[2].date, log[2].after.as_deref()),
            (Some(d("2026-07-06")), None)
        );
        // the same again is no change
        set(&mut cx, d("2026-07-06"), None, None).unwrap();
        assert_eq!(history(&cx, 2026).unwrap().len(), 3);
    }

    #[test]
    fn years_are_confirmed_by_the_office() {
        let mut cx = world();
        assert!(confirmed(&cx, 2025) && !confirmed(&cx, 2026));
        assert!(list(&cx, 2026).iter().any(|day| !day.confirmed));
        confirm(&mut cx, 2026).unwrap();
        assert!(confirmed(&cx, 2026));
        assert!(list(&cx, 2026).iter().all(|day| day.confirmed));
        assert!(history(&cx, 2026).unwrap()[0].date.is_none());
        assert!(confirm(&mut cx, 2031).is_err());
        let days = adopt(&mut cx, 2031).unwrap();
        assert_eq!(list(&cx, 2031), days);
        assert!(!confirmed(&cx, 2031));
        assert!(adopt(&mut cx, 2031).is_err());
        confirm(&mut cx, 2031).unwrap();
        assert!(confirmed(&cx, 2031));
        assert!(set(&mut cx, d("1850-01-01"), Some(DayKind::Holiday), None).is_err());
        assert!(set(&mut cx, d("2026-01-01"), None, Some("x")).is_err());
    }

    #[test]
    fn proposals_hold_the_holidays_of_the_shipped_calendar() {
        let cx = world();
        for year in 2024..=2030 {
            let proposed = propose(year);
            let off = |date| proposed.iter().any(|day| day.date == date);
            let missing: Vec<_> = list(&cx, year)
                .into_iter()
                .filter(|day| day.kind == DayKind::Holiday && !off(day.date))
                .map(|day| day.date)
                .collect();
            // The day beside 2/9 and the span of Tết are decided year by year.
            assert!(missing.len() <= 2, "{year}: {missing:?}");
            let calendar = Calendar::new(proposed.clone(), []);
            for day in &proposed {
                assert!(!calendar.is_working(day.date) && !day.confirmed);
            }
        }
        let off: Vec<String> = propose(2031).iter().map(|d| d.date.to_string()).collect();
        assert!(off.contains(&"2031-01-23".to_owned()), "{off:?}");
    }
}
