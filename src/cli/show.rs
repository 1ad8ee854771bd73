//! `show` and `history`: one record in full, with what belongs to it.
use super::Call;
use super::out::{Done, Fail};
use super::register::id_of;
use super::tree::w;
use crate::app::history::{moment, told};
use crate::app::petitions::{self, StepRow};
use crate::app::{Cx, records, units};
use crate::catalog::{self, json, show, step};
use crate::domain::date::vi;
use crate::domain::petition::StepKind;
use crate::domain::record::{Kind, Record};
use crate::domain::value::{Code, Value};
use crate::domain::words::Lang;
use chrono::NaiveDate;
use clap::ArgMatches;
use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr;

fn step_json(row: &StepRow) -> Json {
    let s = &row.step;
    let mut map = json::step_json(s);
    map.insert("entered_at".into(), s.entered_at.as_str().into());
    map.insert("who".into(), s.who.as_str().into());
    if let Some(why) = &row.undone {
        map.insert("undone".into(), why.as_str().into());
    }
    Json::Object(map)
}

/// A record with its children: opinions of a dialogue, steps of a petition, successors of a unit.
pub(super) fn full_json(cx: &Cx, record: &dyn Record) -> Result<Json, Fail> {
    let mut map = json::record_json(record, true);
    let id = record.head().id;
    match record.kind() {
        Kind::Petition => {
            let (undone, live): (Vec<_>, Vec<_>) = petitions::steps(cx, id)?
                .into_iter()
                .partition(|row| row.undone.is_some());
            map.insert("steps".into(), live.iter().map(step_json).collect());
            map.insert(
                "undone_steps".into(),
                undone.iter().map(step_json).collect(),
            );
        }
        Kind::Dialogue => {
            let opinions = records::pointing(cx, Kind::Opinion, "dialogue", id)?;
            let rows = opinions
                .iter()
                .map(|o| Json::Object(json::record_json(o.as_ref(), true)));
            map.insert("opinions".into(), rows.collect());
        }
        Kind::Unit => {
            let fate = units::fate(cx, id)?;
            let own = fate.successors.iter().filter(|_| !fate.through_children);
            let rows = own.map(|s| {
                json!({
                    "code": s.code,
                    "valid_from": s.valid_from.map(|d| d.to_string()),
                    "kind": s.kind.code(),
                })
            });
            map.insert("successors".into(), rows.collect());
        }
        _ => {}
    }
    Ok(Json::Object(map))
}

struct Card {
    rows: Vec<(String, String)>,
}

impl Card {
    fn put(&mut self, label: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.rows.push((label.to_owned(), value));
        }
    }

    fn lines(&self) -> Vec<String> {
        let wide = self
            .rows
            .iter()
            .map(|(label, _)| label.width())
            .max()
            .unwrap_or(0);
        let blank = " ".repeat(wide + 2);
        let mut lines = Vec::new();
        for (label, value) in &self.rows {
            let fill = " ".repeat(wide - label.width() + 2);
            for (at, line) in value.lines().enumerate() {
                lines.push(if at == 0 {
                    format!("{label}{fill}{line}")
                } else {
                    format!("{blank}{line}")
                });
            }
        }
        lines
    }
}

/// A value as a card says it: units and records by name.
fn said(cx: &Cx, record: &dyn Record, field: &catalog::Field, lang: Lang) -> Result<String, Fail> {
    let value = record.get(field.key);
    Ok(match (&value, field.ty) {
        (Value::Unit(unit), _) => units::label(cx, unit, units::day_of(record, cx.today()))?,
        (Value::Ref(id), catalog::Type::Ref(kind)) => {
            let other = records::get(cx, kind, *id)?;
            let name = other.head().number_text().unwrap_or_else(|| id.to_string());
            format!("{name} · {}", records::title(other.as_ref(), lang))
        }
        (Value::Text(_), _) if field.key == "standing" => show::standing_of(record, lang),
        (Value::Text(_), _) if field.key == "stage" => show::stage_words(record, lang),
        _ => show::show(field, &value, lang),
    })
}

/// Computed fields that another line of the card says.
const NOT_SHOWN: &[&str] = &["days_left", "idle_alarm", "ended"];

fn card(cx: &Cx, record: &dyn Record, lang: Lang) -> Result<Vec<String>, Fail> {
    let entity = catalog::entity(record.kind());
    let head = record.head();
    let name = match (record.kind(), head.number_text()) {
        (_, Some(number)) => format!("{number} (id {})", head.id),
        (Kind::Unit, None) => String::new(),
        (_, None) => head.id.to_string(),
    };
    let gone = if head.deleted {
        w(lang, " · đã xóa", " · removed")
    } else {
        ""
    };
    let mut lines = vec![
        format!("{} {name}{gone}", entity.title.get(lang))
            .trim_end()
            .to_owned(),
    ];
    let mut card = Card { rows: Vec::new() };
    for field in entity
        .fields
        .iter()
        .filter(|f| catalog::applies(f, record) && !NOT_SHOWN.contains(&f.key))
    {
        card.put(field.label.get(lang), said(cx, record, field, lang)?);
    }
    if let Some(days) = record
        .get("idle_alarm")
        .text()
        .filter(|code| *code != "none")
    {
        let said = match lang {
            Lang::Vi => format!("đã {days} ngày chưa xử lý (NĐ 154/2026 Đ41)"),
            Lang::En => format!("{days} days without handling (NĐ 154/2026 Đ41)"),
        };
        card.put(w(lang, "Cảnh báo", "Warning"), said);
    }
    card.put(w(lang, "Lần sửa", "Revision"), head.rev.to_string());
    lines.extend(card.lines());
    Ok(lines)
}

/// A value of a step: units by name, petitions by number.
fn step_said(
    cx: &Cx,
    field: &catalog::Field,
    value: &Value,
    on: NaiveDate,
    lang: Lang,
) -> Result<String, Fail> {
    Ok(match (value, field.ty) {
        (Value::Unit(unit), _) => units::label(cx, unit, on)?,
        (Value::Ref(id), catalog::Type::Ref(kind)) => {
            let number = records::get(cx, kind, *id)?.head().number_text();
            number.unwrap_or_else(|| id.to_string())
        }
        _ => show::show(field, value, lang),
    })
}

fn step_lines(cx: &Cx, id: i64, lang: Lang) -> Result<Vec<String>, Fail> {
    let mut lines = Vec::new();
    let mut urged = 0;
    for row in petitions::steps(cx, id)? {
        let Some(kind) = row.step.kind else { continue };
        let live = row.undone.is_none();
        let label = if live && kind == StepKind::Urge {
            urged += 1;
            step::urge_label(urged)
        } else {
            step::label(kind).into()
        };
        let mut parts = vec![format!(
            "{} {}",
            row.step.on.map(vi).unwrap_or_default(),
            label.get(lang)
        )];
        for field in step::fields_of(kind).iter().skip(1) {
            let value = row.step.get(field.key);
            if !value.is_null() {
                let on = row.step.on.unwrap_or_else(|| cx.today());
                let said = step_said(cx, field, &value, on, lang)?;
                parts.push(format!("{}: {said}", field.label.get(lang)));
            }
        }
        if let Some(why) = &row.undone {
            parts.push(format!("{}: {why}", w(lang, "đã lấy lại", "taken back")));
        }
        lines.push(format!("  {}", parts.join(" · ")));
    }
    Ok(lines)
}

fn unit_lines(cx: &Cx, id: i64, lang: Lang) -> Result<Vec<String>, Fail> {
    let fate = units::fate(cx, id)?;
    let mut lines = Vec::new();
    for past in &fate.past {
        lines.push(format!(
            "  {} {}: {}",
            w(lang, "đến", "until"),
            vi(past.until),
            past.name
        ));
    }
    let heading = if fate.through_children {
        w(
            lang,
            "  bãi bỏ; địa bàn nay thuộc:",
            "  abolished; its area now belongs to:",
        )
    } else {
        w(lang, "  nay thuộc:", "  became:")
    };
    for (title, list) in [
        (heading, &fate.successors),
        (w(lang, "  lập từ:", "  made of:"), &fate.origins),
    ] {
        if list.is_empty() {
            continue;
        }
        lines.push(title.to_owned());
        for s in list {
            let part = match s.kind.code() {
                "part" => w(lang, " (một phần)", " (part)"),
                _ => "",
            };
            lines.push(format!("    {} {}{part}", s.code, s.name));
        }
    }
    Ok(lines)
}

pub(super) fn run(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let name = id_of(m);
    let id = records::locate(&cx, kind, name)?;
    let mut record = records::get(&cx, kind, id)?;
    if kind == Kind::Unit {
        let life = units::locate(&cx, name)?;
        units::as_it_was(record.as_mut(), life);
    }
    if m.get_flag("json") {
        let json = full_json(&cx, record.as_ref())?;
        call.out.json(&json)?;
        return Ok(0);
    }
    let lang = call.lang;
    let mut lines = card(&cx, record.as_ref(), lang)?;
    match kind {
        Kind::Petition => {
            let steps = step_lines(&cx, id, lang)?;
            if !steps.is_empty() {
                lines.push(w(lang, "Các bước", "Steps").to_owned());
                lines.extend(steps);
            }
        }
        Kind::Dialogue => {
            let opinions = records::pointing(&cx, Kind::Opinion, "dialogue", id)?;
            for (at, opinion) in opinions.iter().enumerate() {
                let title = records::title(opinion.as_ref(), lang);
                let status = catalog::field(Kind::Opinion, "status")
                    .map(|f| show::show(f, &opinion.get("status"), lang))
                    .unwrap_or_default();
                if at == 0 {
                    lines.push(catalog::entity(Kind::Opinion).title.get(lang).to_owned());
                }
                lines.push(format!("  {} {title} · {status}", opinion.head().id));
            }
        }
        Kind::Unit => lines.extend(unit_lines(&cx, id, lang)?),
        _ => {}
    }
    for line in lines {
        call.out.line(&line)?;
    }
    Ok(0)
}

pub(super) fn history(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let id = records::locate(&cx, kind, id_of(m))?;
    let rows = records::history(&cx, kind, id)?;
    if m.get_flag("json") {
        let rows: Vec<Json> = rows
            .iter()
            .map(|row| {
                json!({
                    "at": row.at, "who": row.who, "action": row.action,
                    "field": row.change.field, "before": row.change.before,
                    "after": row.change.after, "why": row.why,
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for row in rows {
        let told = told(kind, &row, call.lang);
        let mut line = format!("{}  {}  {}", moment(&row.at), row.who, told.what);
        if let Some(change) = told.change {
            line.push_str(&format!(": {change}"));
        }
        if let Some(why) = told.why {
            line.push_str(&format!("  ({why})"));
        }
        call.out.line(&line.replace('\n', " "))?;
    }
    Ok(0)
}
