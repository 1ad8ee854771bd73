//! `export KIND FILE`: rows of a register into a file for other programs (contract 8).
use super::Call;
use super::list::{limit, of_units, query, which};
use super::out::{Done, Fail, usage};
use super::tree::{command, file, place, switch};
use crate::domain::number::vi_int;
use crate::domain::record::Kind;
use crate::domain::value::Code;
use crate::domain::words::Lang;
use crate::transfer::export::{Wanted, export};
use clap::{ArgMatches, Command};
use std::path::PathBuf;

pub(super) fn args(lang: Lang) -> Command {
    let names: Vec<&str> = Kind::ALL.iter().map(|k| k.code()).collect();
    command(
        lang,
        "export",
        (
            "xuất một sổ ra .xlsx .csv .json .md; lọc và sắp như list",
            "write a register to .xlsx .csv .json .md; filters and order as list",
        ),
        "danvan export petition don-2026.xlsx --from 1/1/2026 --unit 86\ndanvan export petition qua-han.csv --filter 'standing = overdue'\ndanvan export model mo-hinh.md --sort -registered_on",
    )
    .arg(place(lang, "KIND", "sổ nào", "which register").value_parser(names))
    .arg(file(lang, "FILE", "tệp; đuôi tên cho biết định dạng", "the file; the end of its name is the format"))
    .args(which(lang))
    .args(of_units(lang))
    .arg(switch(lang, "with-steps", "đơn thư: thêm cột «Các bước» (.csv .xlsx; .json luôn có)", "petitions: the steps too, as a column (.csv .xlsx; .json always has them)"))
}

/// The flags that choose rows, as they were typed.
fn filter_words(m: &ArgMatches) -> String {
    let mut said: Vec<String> = m
        .get_many::<String>("filter")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    for name in ["unit", "from", "to", "cell", "limit", "on"] {
        if let Ok(Some(value)) = m.try_get_one::<String>(name) {
            said.push(format!("{name} {value}"));
        }
    }
    for name in ["deleted", "all"] {
        if m.get_flag(name) {
            said.push(name.to_owned());
        }
    }
    said.join("; ")
}

pub(super) fn run(call: &mut Call, m: &ArgMatches) -> Done {
    let kind = m
        .get_one::<String>("KIND")
        .and_then(|name| Kind::from_code(name))
        .ok_or_else(|| usage("thiếu tên sổ", "the register is missing"))?;
    if kind != Kind::Unit && (m.get_flag("all") || m.contains_id("on")) {
        return Err(usage(
            "--on và --all chỉ dùng cho sổ đơn vị (unit)",
            "--on and --all are for units only",
        ));
    }
    if kind != Kind::Petition && m.get_flag("with-steps") {
        return Err(usage(
            "--with-steps chỉ dùng cho sổ đơn thư (petition)",
            "--with-steps is for petitions only",
        ));
    }
    let cx = call.open()?;
    let wanted = Wanted {
        query: query(&cx, kind, m)?,
        limit: limit(m)?,
        names: m.get_flag("with-names"),
        steps: m.get_flag("with-steps"),
        lang: call.lang,
        filter: filter_words(m),
        replace: call.settings.yes,
    };
    let path = m.get_one::<PathBuf>("FILE").cloned().unwrap_or_default();
    let done = export(&cx, &path, &wanted, &mut |_| true).map_err(Fail::App)?;
    call.out
        .line(&format!("{}  {}", done.path.display(), done.rows))?;
    let rows = vi_int(i64::try_from(done.rows).unwrap_or(i64::MAX));
    call.say(
        &format!("Đã xuất {rows} dòng."),
        &format!("Exported {rows} rows."),
    );
    if wanted.names {
        call.say(
            "Tệp có tên, địa chỉ người dân: giữ kín, xóa khi xong việc.",
            "The file holds names and addresses of citizens: keep it closed, delete it when done.",
        );
    }
    Ok(0)
}
