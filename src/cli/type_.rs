//! `type`: what the forms' typing aid makes of keystrokes. No database is needed.
use super::Call;
use super::out::{Done, Fail, refused, usage};
use super::tree::{command, value};
use crate::app::{Cx, typing};
use crate::domain::typing::{Method, Style, Typing, run as make};
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use std::io::{BufRead, Read};

/// Longest line read, in bytes.
const MAX_LINE: u64 = 16 << 20;

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "type",
        (
            "xem bộ gõ của các biểu nhập biến các phím thành gì: mỗi dòng đầu vào một chuỗi phím, < là phím xóa lùi",
            "what the forms' typing aid makes of keys: one run of keystrokes a line on stdin, < is Backspace",
        ),
        "echo 'Nguyeenx Thij Boong' | danvan type\necho 'd9a61t d9ai' | danvan type --method vni\necho hoaf | danvan type --style new",
    )
    .arg(value(
        lang,
        "method",
        "telex|vni",
        "cách gõ; mặc định telex",
        "how keys are read; telex by default",
    ))
    .arg(value(
        lang,
        "style",
        "old|new",
        "dấu thanh: old (hòa), new (hoà); mặc định theo thiết lập tone_style",
        "tones: old (hòa), new (hoà); by default as the setting tone_style",
    ))
}

fn read(call: &Call, m: &ArgMatches) -> Result<Typing, Fail> {
    let given = |name: &str| m.get_one::<String>(name).map(String::as_str);
    let wrong = |name: &str, value: &str, can: &str| {
        usage(
            format!("--{name} «{value}» không đúng; là {can}"),
            format!("--{name} \"{value}\" is wrong; it is {can}"),
        )
    };
    let method = match given("method") {
        None => Method::Telex,
        Some(code) => Method::from_code(code).ok_or_else(|| wrong("method", code, "telex, vni"))?,
    };
    let style = match given("style") {
        Some("old") => Style::Old,
        Some("new") => Style::New,
        Some(other) => return Err(wrong("style", other, "old, new")),
        // As the office writes, where there is one that can be read.
        None => Cx::open(&call.settings.config())
            .and_then(|cx| typing::style(&cx))
            .unwrap_or_default(),
    };
    Ok(Typing { method, style })
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let typing = read(call, m)?;
    let mut input = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let many = (&mut input)
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|e| {
                refused(
                    format!("Không đọc được đầu vào: {e}"),
                    format!("Cannot read stdin: {e}"),
                )
            })?;
        if many == 0 {
            return Ok(0);
        }
        let text = String::from_utf8(line).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            refused(
                format!("Đầu vào không phải UTF-8 (từ byte {at} của dòng)"),
                format!("Standard input is not UTF-8 (from byte {at} of the line)"),
            )
        })?;
        call.out
            .line(&make(text.trim_end_matches(['\r', '\n']), typing))?;
    }
}
