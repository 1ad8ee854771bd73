//! `calendar list|set|confirm`: days off and make-up working days, as the office enters and confirms them.
use super::out::{Done, Fail, refused};
use super::tree::{command, place, switch, value, w};
use super::{Call, rule};
use crate::app::calendar;
use crate::domain::calendar::{CalendarDay, DayKind};
use crate::domain::date::long_vi;
use crate::domain::words::Lang;
use chrono::Datelike;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    let list = command(
        lang,
        "list",
        (
            "ngày nghỉ và ngày làm bù",
            "days off and make-up working days",
        ),
        "danvan calendar list --year 2026",
    )
    .arg(value(
        lang,
        "year",
        "Y",
        "năm (mặc định năm nay)",
        "year (default this year)",
    ))
    .arg(switch(lang, "json", "in JSON", "print JSON"));
    command(
        lang,
        "calendar",
        ("lịch làm việc", "the working calendar"),
        "danvan calendar\ndanvan calendar list --year 2026\ndanvan calendar set 2026-11-24 holiday --name 'Ngày Văn hóa Việt Nam'\ndanvan calendar confirm 2027",
    )
    .subcommand(list)
    .subcommand(set_args(lang))
    .subcommand(
        command(
            lang,
            "confirm",
            (
                "xác nhận lịch của một năm đúng với quyết định hằng năm",
                "confirm that the calendar of a year follows the yearly decision",
            ),
            "danvan calendar confirm 2027",
        )
        .arg(place(lang, "YEAR", "năm", "the year")),
    )
}

fn set_args(lang: Lang) -> Command {
    command(
        lang,
        "set",
        (
            "đặt một ngày là ngày nghỉ, ngày làm bù hoặc ngày thường; hạn đang mở tính lại",
            "make a day a holiday, a day off, a working or an ordinary day; open deadlines follow",
        ),
        "danvan calendar set 2026-11-24 holiday --name 'Ngày Văn hóa Việt Nam'\ndanvan calendar set 2026-08-22 working --name 'Làm bù 31/8'\ndanvan calendar set 2026-11-24 none",
    )
    .arg(place(lang, "DATE", "ngày", "the day"))
    .arg(place(
        lang,
        "KIND",
        "holiday (nghỉ lễ), day_off (nghỉ bù), working (làm bù), none (ngày thường)",
        "holiday, day_off, working or none (an ordinary day)",
    ))
    .arg(value(lang, "name", "TEXT", "tên ngày", "name of the day"))
}

fn label(kind: DayKind, lang: Lang) -> &'static str {
    match kind {
        DayKind::Holiday => w(lang, "nghỉ lễ", "holiday"),
        DayKind::DayOff => w(lang, "nghỉ bù", "day off"),
        DayKind::Working => w(lang, "làm bù", "working"),
    }
}

fn year_of(name: &str, text: &str) -> Result<i32, Fail> {
    text.parse::<i32>()
        .ok()
        .filter(|y| (1900..=2200).contains(y))
        .ok_or_else(|| {
            refused(
                format!("{name}: «{text}» phải là năm từ 1900 đến 2200"),
                format!("{name}: \"{text}\" must be a year from 1900 to 2200"),
            )
        })
}

fn set(call: &mut Call, m: &ArgMatches) -> Done {
    let word = |name: &str| m.get_one::<String>(name).map_or("", String::as_str);
    let date = crate::domain::date::parse(word("DATE"), call.today())
        .map_err(|p| refused(format!("DATE: {}", p.vi), format!("DATE: {}", p.en)))?;
    let name = word("KIND").replace('-', "_");
    let kind = match name.as_str() {
        "none" => None,
        other => Some(DayKind::from_code(other).ok_or_else(|| {
            refused(
                format!("KIND: «{name}» phải là holiday, day_off, working hoặc none"),
                format!("KIND: \"{name}\" must be holiday, day_off, working or none"),
            )
        })?),
    };
    let mut cx = call.open()?;
    let title = m.get_one::<String>("name").map(String::as_str);
    let moved = calendar::set(&mut cx, date, kind, title)?;
    rule::moved(call, moved);
    Ok(0)
}

fn confirm(call: &mut Call, m: &ArgMatches) -> Done {
    let text = m.get_one::<String>("YEAR").map_or("", String::as_str);
    let year = year_of("YEAR", text)?;
    let mut cx = call.open()?;
    calendar::confirm(&mut cx, year)?;
    call.say(
        &format!("Đã xác nhận lịch năm {year}; không hạn nào thay đổi."),
        &format!("The calendar of {year} is confirmed; no deadline moved."),
    );
    Ok(0)
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    // Alone it is this year's list.
    let sub = match m.subcommand() {
        Some(("set", sub)) => return set(call, sub),
        Some(("confirm", sub)) => return confirm(call, sub),
        other => other.map(|(_, sub)| sub),
    };
    let year = match sub.and_then(|m| m.get_one::<String>("year")) {
        None => call.today().year(),
        Some(text) => year_of("--year", text)?,
    };
    let cx = call.open()?;
    let days: Vec<&CalendarDay> = cx
        .calendar()
        .days()
        .filter(|d| d.date.year() == year)
        .collect();
    if sub.is_some_and(|m| m.get_flag("json")) {
        let rows: Vec<Json> = days
            .iter()
            .map(|d| {
                json!({
                    "date": d.date.to_string(), "kind": d.kind.code(),
                    "name": d.name, "confirmed": d.confirmed,
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for d in days {
        let sure = if d.confirmed {
            ""
        } else {
            w(call.lang, " (chưa xác nhận)", " (not confirmed)")
        };
        let line = format!(
            "{:<20} {:<9} {}{sure}",
            long_vi(d.date),
            label(d.kind, call.lang),
            d.name
        );
        call.out.line(&line)?;
    }
    Ok(0)
}
