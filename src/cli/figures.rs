//! `figures check`: every printed rate and every total with parts, computed again (contract 6).
use super::Call;
use super::check::verdict;
use super::out::Done;
use super::tree::{command, switch, w};
use crate::app::figures::check;
use crate::domain::check::Verdict;
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "figures",
        ("số liệu báo cáo", "reported figures"),
        "danvan figures check\ndanvan figures check --json",
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(
        command(
            lang,
            "check",
            (
                "tính lại mọi tỷ lệ in và tổng; mã thoát 1 nếu có chỗ lệch",
                "compute every printed rate and total again; exit 1 if any differs",
            ),
            "",
        )
        .arg(switch(lang, "json", "in JSON", "print JSON")),
    )
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let json = m.subcommand().is_some_and(|(_, sub)| sub.get_flag("json"));
    let cx = call.open()?;
    let checks = check(&cx)?;
    let lang = call.lang;
    if json {
        let rows: Vec<Json> = checks
            .iter()
            .map(|c| {
                json!({
                    "id": c.id, "what": c.what, "printed": c.printed,
                    "computed": c.computed, "verdict": c.verdict.code(),
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
    } else {
        for c in &checks {
            let line = format!(
                "{:>5}  {}: {} {} · {} {} · {}",
                c.id,
                verdict(c.verdict, lang),
                w(lang, "in", "printed"),
                c.printed,
                w(lang, "tính", "computed"),
                c.computed_vi(),
                c.what
            );
            call.out.line(&line)?;
        }
        let wrong = checks
            .iter()
            .filter(|c| c.verdict == Verdict::Differs)
            .count();
        call.say(
            &format!("Đã kiểm tra {}, lệch {wrong}.", checks.len()),
            &format!("{} checked, {wrong} differ.", checks.len()),
        );
    }
    Ok(i32::from(
        checks.iter().any(|c| c.verdict == Verdict::Differs),
    ))
}
