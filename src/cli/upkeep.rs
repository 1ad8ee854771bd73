//! `backup`, `restore`, `doctor`.
use super::Call;
use super::init::at_terminal;
use super::out::{Done, ask, usage};
use super::tree::{command, file, switch, w};
use crate::app::upkeep;
use crate::domain::number::vi_int;
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

pub(super) fn commands(lang: Lang) -> [Command; 3] {
    [
        command(
            lang,
            "backup",
            (
                "sao lưu, kiểm tra bản sao bằng cách mở nó",
                "back up; the copy is verified by opening it",
            ),
            "danvan backup /mnt/usb/danvan-2026-03-12.db",
        )
        .arg(file(lang, "FILE", "tệp sao lưu", "the backup")),
        command(
            lang,
            "restore",
            (
                "khôi phục từ bản sao lưu; trạng thái hiện tại được giữ lại trước",
                "restore a backup; the present state is kept first",
            ),
            "danvan restore /mnt/usb/danvan-2026-03-12.db --yes",
        )
        .arg(file(lang, "FILE", "tệp sao lưu", "the backup")),
        command(
            lang,
            "doctor",
            (
                "kiểm tra tệp, dữ liệu, quyền, lịch, bản sao lưu; mã thoát 1 nếu có vấn đề",
                "check file, rows, permissions, calendar, backups; exit 1 on a problem",
            ),
            "danvan doctor\ndanvan doctor --json\ndanvan doctor --recount",
        )
        .arg(switch(
            lang,
            "recount",
            "cộng lại số liệu các tỷ lệ từ từng đơn trước khi kiểm tra",
            "count the sums behind the rates again before looking",
        ))
        .arg(switch(lang, "json", "in JSON", "print JSON")),
    ]
}

fn path(m: &ArgMatches) -> PathBuf {
    m.get_one::<PathBuf>("FILE").cloned().unwrap_or_default()
}

pub(super) fn backup(call: &mut Call, m: &ArgMatches) -> Done {
    let cx = call.open()?;
    let done = upkeep::backup(&cx, &path(m), call.settings.yes)?;
    call.out.line(&done.path.display().to_string())?;
    let (bytes, rows) = (
        vi_int(i64::try_from(done.bytes).unwrap_or(i64::MAX)),
        vi_int(done.petitions),
    );
    call.say(
        &format!("Đã sao lưu và mở thử: {rows} đơn, {bytes} byte."),
        &format!("Backed up and opened again: {rows} petitions, {bytes} bytes."),
    );
    Ok(0)
}

pub(super) fn restore(call: &mut Call, m: &ArgMatches) -> Done {
    let path = path(m);
    let config = call.settings.config();
    if !call.settings.yes {
        if !at_terminal() {
            return Err(usage(
                "cần --yes để khôi phục",
                "--yes is needed to restore",
            ));
        }
        let question = match call.lang {
            Lang::Vi => format!(
                "Thay dữ liệu ở {} bằng {}?",
                config.db.display(),
                path.display()
            ),
            Lang::En => format!(
                "Replace the data in {} by {}?",
                config.db.display(),
                path.display()
            ),
        };
        if !ask(&question, call.lang) {
            return Ok(0);
        }
    }
    let done = upkeep::restore(&config, &path)?;
    let rows = vi_int(done.petitions);
    call.say(
        &format!("Đã khôi phục: {rows} đơn."),
        &format!("Restored: {rows} petitions."),
    );
    if let Some(kept) = done.kept {
        call.out.line(&kept.display().to_string())?;
        call.say(
            "Trạng thái trước đó giữ ở tệp trên.",
            "The state before is kept in the file above.",
        );
    }
    Ok(0)
}

pub(super) fn doctor(call: &mut Call, m: &ArgMatches) -> Done {
    if m.get_flag("recount") {
        upkeep::recount(&mut call.open()?)?;
    }
    let findings = upkeep::doctor(&call.settings.config())?;
    let lang = call.lang;
    if m.get_flag("json") {
        let rows: Vec<Json> = findings
            .iter()
            .map(|f| {
                json!({
                    "code": f.code, "ok": f.ok, "what": f.what.get(lang),
                    "advice": f.advice.as_ref().map(|a| a.get(lang)),
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
    } else {
        for f in &findings {
            let mark = if f.ok {
                w(lang, "được", "ok")
            } else {
                w(lang, "! lỗi", "! bad")
            };
            let mut line = format!("{mark:<6} {}", call.text(&f.what));
            if let Some(advice) = &f.advice {
                line.push_str(&format!(" → {}", call.text(advice)));
            }
            call.out.line(&line)?;
        }
    }
    Ok(i32::from(findings.iter().any(|f| !f.ok)))
}
