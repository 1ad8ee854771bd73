//! `due`: what is due and late, and `due explain`: why a deadline is the day it is.
use super::Call;
use super::list::day;
use super::out::{Column, Done, Fail, Table, columns, refused, usage};
use super::tree::{command, switch, value, w};
use crate::app::due::{DueQuery, count, ics, list, save};
use crate::app::{petitions, units};
use crate::catalog::{self, show::standing_words};
use crate::domain::date::{long_vi, vi, weekday_en};
use crate::domain::deadline::{Explanation, Facts, Reason};
use crate::domain::petition::Standing;
use crate::domain::value::Code;
use crate::domain::words::Lang;
use chrono::NaiveDate;
use clap::{ArgGroup, ArgMatches, Command, value_parser};
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

pub(super) fn args(lang: Lang) -> Command {
    let explain = command(
        lang,
        "explain",
        ("tính một hạn từng ngày", "a deadline day by day"),
        "danvan due explain --rule KN_ACCEPT --start 2026-07-01\ndanvan due explain --rule KN_RESOLVE_1 --start hn --complex --json",
    )
    .arg(value(lang, "rule", "CODE", "mã quy tắc, vd. KN_ACCEPT", "code of the rule, e.g. KN_ACCEPT").required(true))
    .arg(value(lang, "start", "DATE", "ngày bắt đầu (không tính)", "day of the event (not counted)").required(true))
    .arg(switch(lang, "complex", "vụ việc phức tạp", "a complex matter"))
    .arg(switch(lang, "very-complex", "đặc biệt phức tạp", "a very complex matter"))
    .arg(switch(lang, "remote", "vùng sâu, đi lại khó khăn", "a remote area"))
    .arg(switch(lang, "json", "in JSON", "print JSON"));
    command(
        lang,
        "due",
        ("việc đến hạn và quá hạn", "what is due and overdue"),
        "danvan due --state overdue\ndanvan due --unit 29602 --days 7\ndanvan due --officer 'Trần Thị Mẫu' --days 14\ndanvan due --days 30 --ics viec.ics\ndanvan due --state overdue --fail --count",
    )
    .arg(value(lang, "state", "STATE", "overdue (quá hạn), due_soon (sắp đến hạn), on_time (còn hạn)", "overdue, due_soon or on_time"))
    .arg(value(lang, "unit", "CODE", "đơn vị này và cấp dưới", "this unit and all below it"))
    .arg(value(lang, "days", "N", "đến hạn trong N ngày tới", "due within N days"))
    .arg(value(lang, "officer", "NAME", "việc của cán bộ này", "work of this officer"))
    .arg(switch(lang, "count", "chỉ in số việc", "print the number only"))
    .arg(
        value(lang, "ics", "FILE|-", "ghi tệp lịch iCalendar (- là đầu ra)", "write an iCalendar file (- is stdout)")
            .value_parser(value_parser!(PathBuf)),
    )
    .group(ArgGroup::new("form").args(["count", "json", "ics"]))
    .arg(switch(lang, "json", "in JSON", "print JSON"))
    .arg(switch(lang, "fail", "mã thoát 1 nếu có việc nào", "exit 1 if there is any"))
    .subcommand(explain)
    .args_conflicts_with_subcommands(true)
}

fn state(text: &str) -> Result<Standing, Fail> {
    let can = [Standing::Overdue, Standing::DueSoon, Standing::OnTime];
    can.into_iter().find(|s| s.code() == text).ok_or_else(|| {
        refused(
            format!("--state: «{text}» phải là overdue, due_soon hoặc on_time"),
            format!("--state: \"{text}\" must be overdue, due_soon or on_time"),
        )
    })
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    if let Some(("explain", sub)) = m.subcommand() {
        return explain(call, sub);
    }
    let within = match m.get_one::<String>("days") {
        None => None,
        Some(text) => Some(text.parse::<i64>().map_err(|_| {
            refused(
                format!("--days: «{text}» phải là số nguyên"),
                format!("--days: \"{text}\" must be a whole number"),
            )
        })?),
    };
    let state = m.get_one::<String>("state").map(|s| state(s)).transpose()?;
    let cx = call.open()?;
    let unit = match m.get_one::<String>("unit") {
        Some(code) => units::scope(&cx, code)?,
        None => Vec::new(),
    };
    let q = DueQuery {
        state,
        unit,
        days: within,
        officer: m.get_one::<String>("officer").cloned(),
    };
    let found = if m.get_flag("count") {
        let n = count(&cx, &q)?;
        call.out.line(&n.to_string())?;
        n
    } else {
        let items = list(&cx, &q)?;
        if let Some(path) = m.get_one::<PathBuf>("ics") {
            let text = ics(&cx, &items);
            if path.as_os_str() == "-" {
                call.out.raw(&text)?;
            } else {
                save(path, &text, call.settings.yes)?;
                call.out
                    .line(&format!("{} {}", path.display(), items.len()))?;
            }
        } else if m.get_flag("json") {
            let rows: Vec<Json> = items
                .iter()
                .map(|item| {
                    json!({
                        "kind": item.kind.code(), "id": item.id, "number": item.number,
                        "title": item.title,
                        "unit": item.unit.as_ref().map(|u| u.code.as_str()),
                        "due_on": item.due_on.to_string(), "days_left": item.days_left,
                        "standing": item.standing.code(), "rule": item.rule,
                    })
                })
                .collect();
            call.out.json(&Json::Array(rows))?;
        } else {
            table(call, &cx, &items)?;
        }
        items.len()
    };
    Ok(i32::from(m.get_flag("fail") && found > 0))
}

fn table(
    call: &mut Call,
    cx: &crate::app::Cx,
    items: &[crate::app::due::DueItem],
) -> Result<(), Fail> {
    let lang = call.lang;
    let column = |vi, en, width, grows| Column {
        head: w(lang, vi, en).to_owned(),
        width,
        right: false,
        grows,
        whole: vi == "Số",
    };
    let table = Table::new(
        vec![
            column("Số", "No.", 9, false),
            column("Nội dung", "Subject", 24, true),
            column("Đơn vị", "Unit", 18, false),
            column("Hạn", "Due", 10, false),
            column("Tình trạng", "Standing", 14, false),
        ],
        columns(),
        call.settings.ascii.0,
    );
    call.out.line(&table.head())?;
    call.out.line(&table.rule())?;
    for item in items {
        let unit = match &item.unit {
            Some(unit) => units::name(cx, unit.id, cx.today())?,
            None => String::new(),
        };
        let number = item.number.clone().unwrap_or_else(|| {
            let one = w(lang, "ý kiến", "opinion");
            format!("{one} {}", item.id)
        });
        call.out.line(&table.row(&[
            number,
            item.title.clone(),
            unit,
            vi(item.due_on),
            standing_words(item.standing, Some(item.days_left), lang),
        ]))?;
    }
    Ok(())
}

fn explain(call: &mut Call, m: &ArgMatches) -> Done {
    let word = |name: &str| m.get_one::<String>(name).cloned().unwrap_or_default();
    let cx = call.open()?;
    let start = day(m, "start", cx.today())?
        .ok_or_else(|| usage("còn thiếu: --start", "missing: --start"))?;
    let facts = Facts {
        complex: m.get_flag("complex") || m.get_flag("very-complex"),
        very_complex: m.get_flag("very-complex"),
        remote: m.get_flag("remote"),
    };
    let e = petitions::explain(&cx, &word("rule"), start, &facts)?;
    if m.get_flag("json") {
        call.out.json(&json(&e, call.lang))?;
    } else {
        print(call, &e)?;
    }
    Ok(0)
}

fn reason(reason: &Reason, lang: Lang) -> String {
    match reason {
        Reason::Weekend => w(lang, "cuối tuần", "weekend").to_owned(),
        Reason::DayOff(name) => name.clone(),
        Reason::RolledOver => w(
            lang,
            "dời sang ngày làm việc kế tiếp",
            "moved to the next working day",
        )
        .to_owned(),
        Reason::Suspended => w(lang, "tạm đình chỉ", "suspended").to_owned(),
    }
}

fn weekday(date: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Vi => long_vi(date),
        Lang::En => format!("{date} {}", weekday_en(date)),
    }
}

/// What else the date stands on: rolling over, suspensions, extensions, days not confirmed.
fn notes(e: &Explanation, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    let plain = e.extensions.is_empty() && e.pauses.is_empty();
    if e.raw_due != e.rolled_due && plain {
        let raw = weekday(e.raw_due, lang);
        let rolled = weekday(e.rolled_due, lang);
        notes.push(match (lang, e.due == e.rolled_due) {
            (Lang::Vi, true) => format!("đếm đủ ngày là {raw}, ngày nghỉ: dời sang {rolled}"),
            (Lang::En, true) => format!("counted out on {raw}, a day off: moved to {rolled}"),
            (Lang::Vi, false) => {
                format!("không dời ngày nghỉ (thiết lập roll_over); nếu dời là {rolled}")
            }
            (Lang::En, false) => {
                format!("not rolled over (setting roll_over); rolled over it would be {rolled}")
            }
        });
    }
    for p in &e.pauses {
        let to = p.to.map(vi).unwrap_or_default();
        notes.push(format!(
            "{}: {} – {to}",
            w(lang, "tạm đình chỉ", "suspended"),
            vi(p.from)
        ));
    }
    for x in &e.extensions {
        let document = x.document.as_deref().unwrap_or("–");
        notes.push(format!(
            "{} {} {} ({document}): {} → {}",
            w(lang, "gia hạn", "extended by"),
            x.days,
            w(lang, "ngày", "days"),
            vi(x.from),
            vi(x.due)
        ));
    }
    if e.provisional() {
        let mut what: Vec<String> = e.unconfirmed.iter().map(|d| vi(*d)).collect();
        what.extend(
            e.unconfirmed_years
                .iter()
                .map(|y| format!("{} {y}", w(lang, "năm", "year"))),
        );
        notes.push(format!(
            "{}: {}",
            w(
                lang,
                "hạn có thể đổi: lịch chưa xác nhận",
                "may move: the calendar is not confirmed"
            ),
            what.join(", ")
        ));
    }
    notes
}

/// The sum of a deadline as JSON.
pub(super) fn json(e: &Explanation, lang: Lang) -> Json {
    let days: Vec<Json> = e
        .days
        .iter()
        .map(|d| {
            let mut map = Map::new();
            map.insert("date".into(), d.date.to_string().into());
            map.insert("counted".into(), d.counted.into());
            if let Some(r) = &d.reason {
                map.insert("reason".into(), reason(r, lang).into());
            }
            Json::Object(map)
        })
        .collect();
    json!({
        "rule": e.rule.code, "source": e.rule.source,
        "start": e.start.to_string(), "raw_due": e.raw_due.to_string(),
        "due": e.due.to_string(), "days": days,
        "rolled_due": e.rolled_due.to_string(),
        "extensions": e.extensions.iter().map(|x| json!({
            "on": x.on.to_string(), "days": x.days, "document": x.document,
            "from": x.from.to_string(), "due": x.due.to_string(),
        })).collect::<Vec<_>>(),
        "suspensions": e.pauses.iter().map(|p| json!({
            "from": p.from.to_string(), "to": p.to.map(|d| d.to_string()),
        })).collect::<Vec<_>>(),
        "unconfirmed": e.unconfirmed.iter().map(NaiveDate::to_string).collect::<Vec<_>>(),
        "unconfirmed_years": e.unconfirmed_years,
    })
}

/// The sum of a deadline in lines.
pub(super) fn print(call: &mut Call, e: &Explanation) -> Result<(), Fail> {
    let lang = call.lang;
    let line = format!(
        "{} {} · {}",
        w(lang, "Hạn", "Due"),
        weekday(e.due, lang),
        e.rule.source
    );
    call.out.line(&line)?;
    let rule = match catalog::rule::label(&e.rule.code) {
        Some(label) => format!("{} ({})", label.get(lang), e.rule.code),
        None => e.rule.code.clone(),
    };
    let line = format!(
        "{rule} · {} {}",
        w(lang, "tính từ", "counted from"),
        weekday(e.start, lang)
    );
    call.out.line(&line)?;
    for line in notes(e, lang) {
        call.out.line(&line)?;
    }
    let mut n = 0;
    for d in &e.days {
        n += i32::from(d.counted);
        let mark = if d.counted {
            n.to_string()
        } else {
            String::new()
        };
        let why = d
            .reason
            .as_ref()
            .map(|r| reason(r, lang))
            .unwrap_or_default();
        let line = format!("{mark:>4}  {}  {why}", weekday(d.date, lang));
        call.out.line(line.trim_end())?;
    }
    Ok(())
}
