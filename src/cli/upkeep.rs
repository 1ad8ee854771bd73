//! `backup`, `restore`, `doctor`.
use super::Call;
use super::init::at_terminal;
use super::out::{Done, Fail, ask, usage};
#[cfg(feature = "age")]
use super::tree::value;
use super::tree::{command, file, switch, w};
use crate::app::history::moment;
use crate::app::upkeep::{self, Backup, Glance, Restored, daily, glance};
use crate::app::{Config, Cx, Error};
use crate::domain::number::vi_int;
use crate::domain::retention::{self, Kept};
#[cfg(feature = "age")]
use crate::domain::words::t;
use crate::domain::words::{Lang, Text};
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value as Json, json};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

pub(super) fn commands(lang: Lang) -> [Command; 3] {
    let [backup, restore] = sealed_flags(lang);
    [
        command(
            lang,
            "backup",
            (
                "sao lưu, kiểm tra bản sao bằng cách mở nó",
                "back up; the copy is verified by opening it",
            ),
            "danvan backup\ndanvan backup /mnt/usb/danvan-2026-03-12.db\ndanvan backup --list",
        )
        .arg(
            file(
                lang,
                "FILE",
                "tệp sao lưu; bỏ trống: bản của hôm nay trong thư mục backups",
                "the backup; without it: today's copy in the folder backups",
            )
            .required(false),
        )
        .arg(
            switch(
                lang,
                "list",
                "các bản sao mỗi ngày đang giữ, và vì sao giữ",
                "the daily copies that are kept, and why",
            )
            .conflicts_with("FILE"),
        )
        .args(backup),
        command(
            lang,
            "restore",
            (
                "khôi phục từ bản sao lưu; trạng thái hiện tại được giữ lại trước",
                "restore a backup; the present state is kept first",
            ),
            "danvan restore /mnt/usb/danvan-2026-03-12.db --yes",
        )
        .arg(file(lang, "FILE", "tệp sao lưu", "the backup"))
        .args(restore),
        command(
            lang,
            "doctor",
            (
                "kiểm tra tệp, dữ liệu, quyền, lịch, bản sao lưu; mã thoát 1 nếu có vấn đề",
                "check file, rows, permissions, calendar, backups; exit 1 on a problem",
            ),
            "danvan doctor\ndanvan doctor --json\ndanvan doctor --reindex --recount",
        )
        .arg(switch(
            lang,
            "reindex",
            "lập lại chỉ mục tìm kiếm trước khi kiểm tra",
            "make the search index anew before checking",
        ))
        .arg(switch(
            lang,
            "quick",
            "chỉ xem tệp, lịch và bản sao lưu; không đọc từng bản ghi",
            "only the file, the calendar and the backups; no record is read",
        ))
        .arg(switch(
            lang,
            "recount",
            "cộng lại số liệu các tỷ lệ từ từng đơn trước khi kiểm tra",
            "count the sums behind the rates again before checking",
        ))
        .arg(switch(
            lang,
            "settle",
            "bỏ một việc lớn làm dở mà không ai đọc được; điều đã ghi giữ nguyên",
            "give up a large work that nobody can read; what is written stays",
        ))
        .arg(switch(lang, "json", "in JSON", "print JSON")),
    ]
}

/// Flags of sealed backups, of `backup` and of `restore`; none in a program without them.
#[cfg(feature = "age")]
fn sealed_flags(lang: Lang) -> [Vec<Arg>; 2] {
    let to = value(
        lang,
        "encrypt-to",
        "KEY",
        "mã hóa cho người giữ khóa age này (age1…); lặp lại được",
        "encrypt for the holder of this age key (age1…); repeatable",
    );
    let with = value(
        lang,
        "identity",
        "KEYFILE",
        "tệp khóa age để mở bản sao lưu đã mã hóa",
        "age key file that opens an encrypted backup",
    );
    let to = to.action(clap::ArgAction::Append).requires("FILE");
    let with = with.value_parser(clap::value_parser!(PathBuf));
    [vec![to], vec![with]]
}

#[cfg(not(feature = "age"))]
fn sealed_flags(_: Lang) -> [Vec<Arg>; 2] {
    [Vec::new(), Vec::new()]
}

/// A backup to a file, sealed where a key was given.
#[cfg(feature = "age")]
fn to_file(call: &Call, cx: &Cx, path: &Path, m: &ArgMatches) -> Result<Backup, Error> {
    use crate::app::upkeep::sealed;
    let keys: Vec<String> = m
        .get_many("encrypt-to")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let keys = sealed::recipients(&keys)?;
    if keys.is_empty() {
        return upkeep::backup(cx, path, call.settings.yes);
    }
    sealed::backup(cx, path, call.settings.yes, &keys)
}

#[cfg(not(feature = "age"))]
fn to_file(call: &Call, cx: &Cx, path: &Path, _: &ArgMatches) -> Result<Backup, Error> {
    upkeep::backup(cx, path, call.settings.yes)
}

/// Restores from a file, sealed or not.
#[cfg(feature = "age")]
fn from_file(config: &Config, path: &Path, m: &ArgMatches, lang: Lang) -> Result<Restored, Error> {
    use crate::app::upkeep::sealed;
    match m.get_one::<PathBuf>("identity") {
        Some(key) => sealed::restore_sealed(config, path, key, &mut teller(lang)),
        None if sealed::is_sealed(path) => Err(Error::Usage(
            t(
                "bản sao lưu này đã mã hóa: cần --identity TỆP-KHÓA",
                "this backup is encrypted: --identity KEYFILE is needed",
            )
            .into(),
        )),
        None => upkeep::restore_telling(config, path, &mut teller(lang)),
    }
}

#[cfg(not(feature = "age"))]
fn from_file(config: &Config, path: &Path, _: &ArgMatches, lang: Lang) -> Result<Restored, Error> {
    upkeep::restore_telling(config, path, &mut teller(lang))
}

/// Says on the terminal what is being done; the next word is written over the last one. Nothing where nobody watches.
fn teller(lang: Lang) -> impl FnMut(Text) {
    let watched = std::io::stderr().is_terminal();
    move |doing| tell(watched, &format!("{}…", doing.get(lang)))
}

fn tell(watched: bool, text: &str) {
    if watched {
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K{text}");
    }
}

fn path(m: &ArgMatches) -> PathBuf {
    m.get_one::<PathBuf>("FILE").cloned().unwrap_or_default()
}

fn kept_for(why: Option<Kept>, lang: Lang) -> &'static str {
    match why {
        Some(Kept::Day) => w(lang, "ngày", "day"),
        Some(Kept::Week) => w(lang, "tuần", "week"),
        Some(Kept::Month) => w(lang, "tháng", "month"),
        Some(Kept::Year) => w(lang, "năm", "year"),
        None => w(lang, "sẽ bỏ ở lần tới", "goes next time"),
    }
}

/// The daily copies: day, why it is kept, size, file.
fn list(call: &mut Call) -> Done {
    let config = call.settings.config();
    for copy in daily::copies(&config) {
        let bytes = vi_int(i64::try_from(copy.bytes).unwrap_or(i64::MAX));
        call.out.line(&format!(
            "{}  {:<6} {bytes:>15}  {}",
            copy.day,
            kept_for(copy.kept, call.lang),
            copy.path.display()
        ))?;
    }
    call.say(
        &format!(
            "Giữ {} ngày gần nhất, bản cuối của {} tuần, {} tháng và của mỗi năm, trong {}",
            retention::DAYS,
            retention::WEEKS,
            retention::MONTHS,
            daily::folder(&config).display()
        ),
        &format!(
            "Kept: the latest {} days, the last copy of {} weeks, {} months and of every year, in {}",
            retention::DAYS,
            retention::WEEKS,
            retention::MONTHS,
            daily::folder(&config).display()
        ),
    );
    Ok(0)
}

pub(super) fn backup(call: &mut Call, m: &ArgMatches) -> Done {
    if m.get_flag("list") {
        return list(call);
    }
    let cx = call.open()?;
    let done = match m.get_one::<PathBuf>("FILE") {
        Some(path) => to_file(call, &cx, path, m)?,
        None => daily::copy(&cx)?.ok_or(Fail::App(Error::Busy))?,
    };
    call.out.line(&done.path.display().to_string())?;
    let (bytes, rows) = (
        vi_int(i64::try_from(done.bytes).unwrap_or(i64::MAX)),
        vi_int(done.petitions),
    );
    let [vi, en] = done.replaced.map_or_else(Default::default, |at| {
        [
            format!(" Thay bản lúc {at}."),
            format!(" It took the place of the one of {at}."),
        ]
    });
    call.say(
        &format!("Đã sao lưu và mở thử: {rows} đơn, {bytes} byte.{vi}"),
        &format!("Backed up and opened again: {rows} petitions, {bytes} bytes.{en}"),
    );
    Ok(0)
}

/// A file with what it holds: «danvan.db: 1.204 đơn, ghi lần cuối 21/11/2026 16:20».
fn told(name: &str, holds: Option<Glance>, lang: Lang) -> String {
    let Some(Glance { petitions, last }) = holds else {
        return name.to_owned();
    };
    let rows = vi_int(i64::try_from(petitions).unwrap_or(i64::MAX));
    let last = last.as_deref().map(moment);
    match (last, lang) {
        (None, Lang::Vi) => format!("{name}: {rows} đơn"),
        (None, Lang::En) => format!("{name}: {rows} petitions"),
        (Some(at), Lang::Vi) => format!("{name}: {rows} đơn, ghi lần cuối {at}"),
        (Some(at), Lang::En) => format!("{name}: {rows} petitions, last written {at}"),
    }
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
        let of = |path: &Path| {
            told(
                &path.display().to_string(),
                glance(&config, path),
                call.lang,
            )
        };
        let (now, copy) = (of(&config.db), of(&path));
        call.say(&format!("Đang dùng: {now}"), &format!("In use: {now}"));
        call.say(&format!("Bản sao:   {copy}"), &format!("The copy: {copy}"));
        let question = w(
            call.lang,
            "Thay dữ liệu đang dùng bằng bản sao?",
            "Replace the data in use by the copy?",
        );
        if !ask(question, call.lang) {
            return Ok(0);
        }
    }
    let done = from_file(&config, &path, m, call.lang);
    tell(std::io::stderr().is_terminal(), "");
    let done = done?;
    let rows = vi_int(done.petitions);
    call.say(
        &format!("Đã khôi phục: {rows} đơn."),
        &format!("Restored: {rows} petitions."),
    );
    if let Some(kept) = done.kept {
        call.say(
            "Trạng thái trước đó giữ ở tệp dưới đây:",
            "The state before is kept in the file below:",
        );
        call.out.line(&kept.display().to_string())?;
    }
    Ok(0)
}

/// Gives up a large work that cannot be read, once a person has said so.
fn settle(call: &mut Call) -> Result<(), Fail> {
    if !call.settings.yes {
        if !at_terminal() {
            return Err(usage(
                "cần --yes để bỏ việc lớn làm dở",
                "--yes is needed to give up a large work",
            ));
        }
        let question = w(
            call.lang,
            "Bỏ việc lớn làm dở không đọc được, cùng các dòng còn chờ?",
            "Give up the large work that cannot be read, and the rows that wait?",
        );
        if !ask(question, call.lang) {
            return Ok(());
        }
    }
    match upkeep::settle(&mut call.open()?)? {
        None => call.say(
            "Không có việc lớn nào không đọc được.",
            "There is no large work that cannot be read.",
        ),
        Some(rows) => {
            let rows = vi_int(i64::try_from(rows).unwrap_or(i64::MAX));
            call.say(
                &format!("Đã bỏ việc lớn làm dở: {rows} dòng còn chờ không ghi. Nhập lại tệp ấy: dòng đã có được nhận ra."),
                &format!("The large work was given up: {rows} rows that waited are not written. Import the file again: rows that are there are known."),
            );
        }
    }
    Ok(())
}

pub(super) fn doctor(call: &mut Call, m: &ArgMatches) -> Done {
    if m.get_flag("settle") {
        settle(call)?;
    }
    if m.get_flag("recount") {
        upkeep::recount(&mut call.open()?)?;
    }
    if m.get_flag("reindex") {
        upkeep::reindex(&mut call.open()?)?;
    }
    let lang = call.lang;
    let findings = upkeep::doctor_telling(
        &call.settings.config(),
        !m.get_flag("quick"),
        &mut teller(lang),
    );
    tell(std::io::stderr().is_terminal(), "");
    let findings = findings?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn who_restores_is_told_what_both_files_hold() {
        let holds = |last: Option<&str>| Glance {
            petitions: 1204,
            last: last.map(str::to_owned),
        };
        let at = Some("2026-11-21T16:20:05+07:00");
        let said = |holds, lang| told("a.db", holds, lang);
        assert_eq!(
            said(Some(holds(at)), Lang::Vi),
            "a.db: 1.204 đơn, ghi lần cuối 21/11/2026 16:20"
        );
        assert_eq!(said(Some(holds(None)), Lang::En), "a.db: 1.204 petitions");
        assert_eq!(said(None, Lang::Vi), "a.db");
    }
}
