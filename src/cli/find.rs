//! `find`: all registers at once; typed marks must match, others match anything.
use super::Call;
use super::list::limit;
use super::out::{Done, Fail, refused};
use super::tree::{command, place, switch, value, w};
use crate::app::Cx;
use crate::app::find::{CAP, Found, counts, find};
use crate::catalog;
use crate::domain::number::vi_int;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

/// Rows a register for people; a script gets all.
const SHOWN: usize = 20;
/// Units shown for people beside the rows of registers, which they look for.
const UNITS: usize = 3;

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "find",
        ("tìm trong mọi sổ; không cần gõ dấu", "find in all registers; marks are not needed"),
        "danvan find 'dat dai'\ndanvan find 'đường liên ấp' --kind petition --json\ndanvan find boi thuong --count",
    )
    .arg(place(lang, "TEXT", "các từ cần tìm", "words to find").num_args(1..).value_name("TEXT"))
    .arg(value(lang, "kind", "K", "chỉ một sổ: unit model dialogue opinion petition reception figure", "one register: unit model dialogue opinion petition reception figure"))
    .arg(value(lang, "limit", "N", "nhiều nhất N dòng mỗi sổ", "at most N rows a register"))
    .arg(switch(lang, "json", "in JSON", "print JSON").conflicts_with("count"))
    .arg(switch(lang, "count", "chỉ in số dòng tìm thấy", "print the number found"))
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let words: Vec<&str> = m
        .get_many::<String>("TEXT")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let text = words.join(" ");
    let limit = limit(m)?;
    let kind = match m.get_one::<String>("kind") {
        None => None,
        Some(code) => Some(Kind::from_code(code).ok_or_else(|| {
            let all: Vec<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
            let all = all.join(", ");
            refused(
                format!("--kind: không có sổ «{code}»; chọn một trong: {all}"),
                format!("--kind: no register \"{code}\"; one of: {all}"),
            )
        })?),
    };
    let cx = call.open()?;
    if m.get_flag("count") {
        let counted = counts(&cx, &text, kind)?;
        let sum: usize = counted.iter().map(|c| c.count).sum();
        let over = sum > CAP || counted.iter().any(|c| c.capped);
        let line = if over {
            w(call.lang, "hơn 1.000", "more than 1,000").to_owned()
        } else {
            sum.to_string()
        };
        call.out.line(&line)?;
        return Ok(0);
    }
    let json = m.get_flag("json");
    let most = limit.unwrap_or(if json { usize::MAX } else { SHOWN });
    let found = find(&cx, &text, kind, most)?;
    if json {
        let rows: Vec<Json> = found
            .iter()
            .map(|f| {
                json!({
                    "kind": f.kind.code(), "id": f.id, "number": f.number,
                    "title": f.title, "snippet": f.snippet,
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    if found.is_empty() {
        call.say("không thấy gì", "nothing found");
    }
    print(call, &cx, &text, (&found, limit.is_none()))?;
    Ok(0)
}

/// The rows for people, by register; where other registers have some, a few of the units.
fn print(call: &mut Call, cx: &Cx, text: &str, (found, few): (&[Found], bool)) -> Result<(), Fail> {
    let units = found.iter().filter(|f| f.kind == Kind::Unit).count();
    let beside = few && units < found.len();
    let hidden = if beside {
        units.saturating_sub(UNITS)
    } else {
        0
    };
    let mut last = None;
    let mut more_told = hidden == 0;
    let mut units_left = units - hidden;
    for f in found {
        if f.kind == Kind::Unit {
            if units_left == 0 {
                continue;
            }
            units_left -= 1;
        }
        if last == Some(Kind::Unit) && f.kind != Kind::Unit && !more_told {
            call.out.line(&more_units(cx, text, call.lang)?)?;
            more_told = true;
        }
        if last != Some(f.kind) {
            last = Some(f.kind);
            let title = catalog::entity(f.kind).title.get(call.lang);
            call.out.line(title)?;
        }
        let name = f.number.clone().unwrap_or_else(|| f.id.to_string());
        let mut line = format!("  {name:<9} {}", f.title);
        if !f.snippet.is_empty() && f.snippet != f.title {
            line.push_str(&format!(" · {}", f.snippet));
        }
        call.out.line(&line.replace('\n', " "))?;
    }
    // The units stand last when what bears the number stands first.
    if !more_told {
        call.out.line(&more_units(cx, text, call.lang)?)?;
    }
    Ok(())
}

/// What is said of units that are not shown.
fn more_units(cx: &Cx, text: &str, lang: Lang) -> Result<String, Fail> {
    let counted = counts(cx, text, Some(Kind::Unit))?;
    let all: usize = counted.iter().map(|c| c.count).sum();
    let more = vi_int(i64::try_from(all.saturating_sub(UNITS)).unwrap_or(i64::MAX));
    Ok(match lang {
        Lang::Vi => format!("  … còn {more} đơn vị: thêm --kind unit"),
        Lang::En => format!("  … {more} more units: add --kind unit"),
    })
}
