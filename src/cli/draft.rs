//! `draft list`, `draft discard`: what was typed when a line dropped.
use super::Call;
use super::init::at_terminal;
use super::out::{Done, ask, usage};
use super::tree::{command, place, switch, w};
use crate::app::drafts;
use crate::catalog;
use crate::domain::value::Code;
use crate::domain::words::Lang;
use clap::{ArgMatches, Command};
use serde_json::{Value as Json, json};

pub(super) fn args(lang: Lang) -> Command {
    command(
        lang,
        "draft",
        ("bản nháp còn giữ", "drafts that were kept"),
        "danvan draft list\ndanvan draft discard 9f86d081884c7d65-0",
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(
        command(lang, "list", ("các bản nháp", "the drafts"), "").arg(switch(
            lang,
            "json",
            "in JSON",
            "print JSON",
        )),
    )
    .subcommand(
        command(
            lang,
            "discard",
            (
                "bỏ một bản nháp, hoặc tất cả (bỏ tất cả thì hỏi lại; ngoài cửa sổ lệnh cần --yes)",
                "discard a draft, or all (all asks first; without a terminal it needs --yes)",
            ),
            "",
        )
        .arg(
            place(
                lang,
                "ID",
                "mã bản nháp (xem list); bỏ trống: tất cả",
                "id of the draft (see list); none: all",
            )
            .required(false),
        ),
    )
}

fn list(call: &mut Call, m: &ArgMatches) -> Done {
    let drafts = drafts::list(&call.settings.config())?;
    if m.get_flag("json") {
        let rows: Vec<Json> = drafts
            .iter()
            .map(|d| {
                let fields: Vec<&str> = d.fields.iter().map(|(key, _)| key.as_str()).collect();
                json!({
                    "id": d.id, "kind": d.kind.code(), "form": d.form.code(), "record": d.record,
                    "rev": d.rev, "saved_at": d.saved_at, "fields": fields,
                })
            })
            .collect();
        call.out.json(&Json::Array(rows))?;
        return Ok(0);
    }
    for d in &drafts {
        let one = catalog::entity(d.kind).one.get(call.lang);
        let what = match d.record {
            Some(id) => format!("{} {one} {id}", w(call.lang, "sửa", "edit of")),
            None => format!("{one} {}", w(call.lang, "mới", "(new)")),
        };
        let line = format!(
            "{}  {}  {what}  {} {}",
            d.id,
            d.saved_at,
            d.fields.len(),
            w(call.lang, "trường", "fields")
        );
        call.out.line(&line)?;
    }
    Ok(0)
}

fn discard(call: &mut Call, m: &ArgMatches) -> Done {
    let config = call.settings.config();
    if let Some(id) = m.get_one::<String>("ID") {
        drafts::discard(&config, id)?;
        return Ok(0);
    }
    let all = drafts::list(&config)?;
    if !call.settings.yes && !all.is_empty() {
        if !at_terminal() {
            return Err(usage(
                "cần mã bản nháp, hoặc --yes để bỏ tất cả",
                "the id of a draft is needed, or --yes to discard all",
            ));
        }
        let question = w(call.lang, "Bỏ tất cả bản nháp?", "Discard all drafts?");
        if !ask(question, call.lang) {
            return Ok(0);
        }
    }
    for d in all {
        drafts::discard(&config, &d.id)?;
    }
    Ok(0)
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    match m.subcommand() {
        Some(("discard", sub)) => discard(call, sub),
        Some((_, sub)) => list(call, sub),
        None => Ok(2),
    }
}
