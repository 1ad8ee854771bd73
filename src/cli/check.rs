//! `check`: rates and totals in Vietnamese prose, computed again. No database is needed.
use super::Call;
use super::out::{Done, refused};
use super::tree::{command, place, switch, w};
use crate::domain::check::{Verdict, check_text};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};
use std::io::Read;

/// Longest text read; a report of a thousand pages fits many times.
const MAX_TEXT: u64 = 64 << 20;

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "check",
        (
            "kiểm tra tỷ lệ và tổng trong một đoạn văn; mã thoát 1 nếu có chỗ lệch",
            "check rates and totals in a text; exit 1 if any differs",
        ),
        "danvan check 'đã giải quyết 8.328/ 8.574 đơn, đạt 97,23%'\ndanvan check - < baocao.txt",
    )
    .arg(
        place(
            lang,
            "TEXT",
            "đoạn văn, hoặc - để đọc từ đầu vào",
            "the text, or - to read stdin",
        )
        .allow_hyphen_values(true),
    )
    .arg(switch(lang, "json", "in JSON", "print JSON"))
}

/// What a verdict is called.
pub(super) fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Agrees => w(lang, "đúng", "agrees"),
        Verdict::Truncated => w(lang, "cắt bớt, không làm tròn", "truncated, not rounded"),
        Verdict::Differs => w(lang, "LỆCH", "DIFFERS"),
    }
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let given = m.get_one::<String>("TEXT").map_or("", String::as_str);
    let mut text = given.to_owned();
    if given == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MAX_TEXT)
            .read_to_end(&mut bytes)
            .map_err(|e| {
                refused(
                    format!("Không đọc được đầu vào: {e}"),
                    format!("Cannot read stdin: {e}"),
                )
            })?;
        text = String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            refused(
                format!("Đầu vào không phải UTF-8 (từ byte {at})"),
                format!("Standard input is not UTF-8 (from byte {at})"),
            )
        })?;
    }
    let found = check_text(&text);
    let lang = call.lang;
    if m.get_flag("json") {
        let rows: Vec<Json> = found
            .iter()
            .map(|f| {
                json!({
                    "what": f.what, "printed": f.printed, "computed": f.computed,
                    "verdict": f.verdict.code(),
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
    } else {
        for f in &found {
            let line = format!(
                "{}: {} {} · {} {} · {}",
                verdict(f.verdict, lang),
                w(lang, "in", "printed"),
                f.printed,
                w(lang, "tính", "computed"),
                f.computed_vi(),
                f.what
            );
            call.out.line(&line)?;
        }
        if found.is_empty() {
            call.say(
                "Không có tỷ lệ hay tổng nào để kiểm tra.",
                "No rate or total to check.",
            );
        }
    }
    Ok(i32::from(
        found.iter().any(|f| f.verdict == Verdict::Differs),
    ))
}
