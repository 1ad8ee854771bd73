//! `calendar list`: days off and make-up working days of a year.
use super::Call;
use super::out::{Done, refused};
use super::tree::{command, switch, value, w};
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
        "danvan calendar\ndanvan calendar list --year 2026 --json",
    )
    .subcommand(list)
}

fn label(kind: DayKind, lang: Lang) -> &'static str {
    match kind {
        DayKind::Holiday => w(lang, "nghỉ lễ", "holiday"),
        DayKind::DayOff => w(lang, "nghỉ bù", "day off"),
        DayKind::Working => w(lang, "làm bù", "working"),
    }
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    // Alone it is this year's list.
    let sub = m.subcommand().map(|(_, sub)| sub);
    let year = match sub.and_then(|m| m.get_one::<String>("year")) {
        None => call.today().year(),
        Some(text) => text
            .parse::<i32>()
            .ok()
            .filter(|y| (1900..=2200).contains(y))
            .ok_or_else(|| {
                refused(
                    format!("--year: «{text}» phải là năm từ 1900 đến 2200"),
                    format!("--year: \"{text}\" must be a year from 1900 to 2200"),
                )
            })?,
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
