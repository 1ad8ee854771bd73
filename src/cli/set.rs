//! `set`: the office's settings: what it is and how it counts.
use super::Call;
use super::out::{Done, Fail};
use super::tree::{command, place, switch, w};
use crate::app::Cx;
use crate::app::settings::{self, Setting, SettingType};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "set",
        (
            "thiết lập của cơ quan: xem tất cả, xem hoặc đặt một thiết lập",
            "the office's settings: show all, show or set one",
        ),
        "danvan set\ndanvan set profile party\ndanvan set roll_over off\ndanvan set due_soon_days 3",
    )
    .arg(
        place(
            lang,
            "KEY",
            "thiết lập; bỏ trống: tất cả",
            "the setting; none: all of them",
        )
        .required(false),
    )
    .arg(
        place(
            lang,
            "VALUE",
            "giá trị mới; bỏ trống: chỉ xem",
            "its new value; none: only show",
        )
        .required(false)
        .allow_negative_numbers(true),
    )
    .arg(switch(lang, "json", "in JSON", "print JSON"))
}

/// What values a setting takes.
fn takes(setting: &Setting, lang: Lang) -> String {
    match setting.ty {
        SettingType::Unit => w(lang, "mã đơn vị", "code of a unit").to_owned(),
        SettingType::Switch => "true|false".to_owned(),
        SettingType::Number(min, max) => format!("{min}–{max}"),
        SettingType::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|(code, _)| *code).collect();
            codes.join("|")
        }
    }
}

fn value_json(setting: &Setting, value: Option<&str>) -> Json {
    match (setting.ty, value) {
        (_, None) => Json::Null,
        (SettingType::Switch, Some(text)) => Json::Bool(text == "true"),
        (SettingType::Number(..), Some(text)) => text.parse::<i64>().map_or(Json::Null, Json::from),
        (_, Some(text)) => text.into(),
    }
}

fn row_json(setting: &Setting, value: Option<&str>, lang: Lang) -> Json {
    let default = Some(setting.default).filter(|d| !d.is_empty());
    json!({
        "key": setting.key,
        "value": value_json(setting, value),
        "default": value_json(setting, default),
        "label": setting.label.get(lang),
        "meaning": setting.help.get(lang),
        "values": takes(setting, lang),
    })
}

fn show_all(call: &mut Call, cx: &Cx, as_json: bool) -> Result<(), Fail> {
    let lang = call.lang;
    let all = settings::all(cx)?;
    if as_json {
        let rows: Vec<Json> = all
            .iter()
            .map(|(setting, value)| row_json(setting, value.as_deref(), lang))
            .collect();
        return call.out.json(&Json::Array(rows));
    }
    for (setting, value) in all {
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("; {} {}", w(lang, "mặc định", "default"), setting.default)
        };
        let line = format!(
            "{:<17} {:<15} {}: {} ({}{default})",
            setting.key,
            value.as_deref().unwrap_or("–"),
            setting.label.get(lang),
            setting.help.get(lang),
            takes(setting, lang),
        );
        call.out.line(&line)?;
    }
    Ok(())
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let word = |name: &str| m.get_one::<String>(name).map(String::as_str);
    let as_json = m.get_flag("json");
    let Some(key) = word("KEY") else {
        let cx = call.open()?;
        show_all(call, &cx, as_json)?;
        return Ok(0);
    };
    let setting = settings::known(key)?;
    let mut cx = call.open()?;
    if let Some(value) = word("VALUE") {
        settings::set(&mut cx, key, value)?;
    }
    let value = settings::get(&cx, key)?;
    if as_json {
        let json = row_json(setting, value.as_deref(), call.lang);
        call.out.json(&json)?;
    } else {
        call.out.line(value.as_deref().unwrap_or_default())?;
    }
    Ok(0)
}
