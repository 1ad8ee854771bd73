//! `danvan KIND …`: one register from the shell (contract 3).
use super::out::Done;
use super::tree::{command, place, switch, value, w};
use super::{Call, list, petition, show, write};
use crate::catalog;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Lang;
use clap::{Arg, ArgMatches, Command};

/// The record that a verb is about.
pub(super) fn id_arg(lang: Lang, kind: Kind) -> Arg {
    match kind {
        Kind::Unit => place(
            lang,
            "ID",
            "mã đơn vị, hoặc MÃ@NGÀY",
            "code of the unit, or CODE@DATE",
        ),
        kind if catalog::has_number(kind) => place(
            lang,
            "ID",
            "mã số, hoặc số trong sổ (15/2026)",
            "id, or number in the book (15/2026)",
        ),
        _ => place(lang, "ID", "mã số", "id"),
    }
}

fn examples(kind: Kind) -> &'static str {
    match kind {
        Kind::Unit => {
            "danvan unit show 86\ndanvan unit list --on 2025-06-30 --filter 'parent = 86'"
        }
        Kind::Model => {
            "danvan model add --name 'Ánh sáng đường quê' --unit 29602 --field economy\ndanvan model list --filter 'status = recognised' --csv"
        }
        Kind::Dialogue => {
            "danvan dialogue add --held-on 14/3 --unit 29602 --topic 'Giải phóng mặt bằng'\ndanvan dialogue show 3"
        }
        Kind::Opinion => "danvan opinion list --filter 'status = open' --sort due_on",
        Kind::Petition => {
            "danvan petition add --received-on hn --type KN --subject 'Bồi thường' --unit 29602\ndanvan petition list --filter 'standing = overdue' --sort due_on\ndanvan petition step 15/2026 accept --on hn"
        }
        Kind::Reception => {
            "danvan reception add --received-on hn --content 'Hỏi thủ tục' --unit 29602\ndanvan reception list --from 1/1 --to hn --count"
        }
        Kind::Figure => {
            "danvan figure add --unit 86 --indicator DVK_MH --period-from 1/1 --period-to hn --value 600 --qualifier over\ndanvan figures check"
        }
    }
}

fn verb(lang: Lang, kind: Kind, name: &'static str, vi: &'static str, en: &'static str) -> Command {
    command(lang, name, (vi, en), "").arg(id_arg(lang, kind))
}

fn commands_of(lang: Lang, kind: Kind) -> Command {
    let title = catalog::entity(kind).title;
    let json = || switch(lang, "json", "in JSON", "print JSON");
    let mut tree = command(lang, kind.code(), (title.vi, title.en), examples(kind))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(list::args(lang, kind))
        .subcommand(verb(lang, kind, "show", "xem một bản ghi", "show one record").arg(json()))
        .subcommand(write::add_args(lang, kind))
        .subcommand(write::edit_args(lang, kind))
        .subcommand(verb(
            lang,
            kind,
            "remove",
            "xóa (không mất: restore lấy lại)",
            "remove (nothing is lost: restore brings it back)",
        ))
        .subcommand(verb(
            lang,
            kind,
            "restore",
            "lấy lại bản ghi đã xóa",
            "bring a removed record back",
        ))
        .subcommand(
            verb(
                lang,
                kind,
                "history",
                "ai sửa gì, khi nào",
                "who changed what and when",
            )
            .arg(json()),
        );
    if kind == Kind::Petition {
        tree = petition_verbs(lang, tree);
    }
    tree
}

fn petition_verbs(lang: Lang, tree: Command) -> Command {
    let kind = Kind::Petition;
    let json = || switch(lang, "json", "in JSON", "print JSON");
    tree.subcommand(
        verb(
            lang,
            kind,
            "steps",
            "các bước làm được lúc này",
            "the steps allowed now",
        )
        .arg(json()),
    )
    .subcommand(petition::step_args(lang))
    .subcommand(
        verb(
            lang,
            kind,
            "undo-step",
            "lấy lại bước cuối",
            "take the last step back",
        )
        .arg(value(lang, "why", "TEXT", "lý do (bắt buộc)", "reason (required)").required(true))
        .arg(json()),
    )
    .subcommand(
        verb(
            lang,
            kind,
            "due",
            "hạn, căn cứ và cách tính từng ngày",
            "the deadline, its rule and the day-by-day sum",
        )
        .arg(json()),
    )
    .subcommand(
        verb(
            lang,
            kind,
            "duplicates",
            "các đơn có thể cùng một vụ việc (không tự nối: step … link)",
            "papers that may be of the same matter (never linked by itself: step … link)",
        )
        .arg(json()),
    )
}

/// One command a register.
pub(super) fn commands(lang: Lang) -> Vec<Command> {
    Kind::ALL
        .iter()
        .map(|kind| commands_of(lang, *kind))
        .collect()
}

/// The word that names the record in a verb.
pub(super) fn id_of(m: &ArgMatches) -> &str {
    m.get_one::<String>("ID").map_or("", String::as_str)
}

/// Runs a verb of a register.
pub(super) fn run(call: &mut Call, kind: Kind, m: &ArgMatches) -> Done {
    match m.subcommand() {
        Some(("list", sub)) => list::run(call, kind, sub),
        Some(("show", sub)) => show::run(call, kind, sub),
        Some(("add", sub)) => write::add(call, kind, sub),
        Some(("edit", sub)) => write::edit(call, kind, sub),
        Some(("remove", sub)) => write::set_removed(call, kind, sub, true),
        Some(("restore", sub)) => write::set_removed(call, kind, sub, false),
        Some(("history", sub)) => show::history(call, kind, sub),
        Some(("steps", sub)) => petition::steps(call, sub),
        Some(("step", sub)) => petition::step(call, sub),
        Some(("undo-step", sub)) => petition::undo_step(call, sub),
        Some(("due", sub)) => petition::due(call, sub),
        Some(("duplicates", sub)) => petition::duplicates(call, sub),
        _ => Err(super::usage(
            w(Lang::Vi, "thiếu lệnh con; xem --help", ""),
            w(Lang::En, "", "a verb is missing; see --help"),
        )),
    }
}
